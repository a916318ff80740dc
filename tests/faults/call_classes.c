/* The classes of call. */
#include <string.h>
#include <unistd.h>

#include "cell.h"

#define ROW "ApprovalRequestGetById"
#define DETAILS "ApprovalRequestGetPermitApplicationById"
#define PERMIT "ApprovalRequestPermitApplication"
#define REJECT "ApprovalRequestUpdateForReject"
#define OWN "ApprovalRequestUpdateForTakeOwnership"
#define CONTAINER "POST /rest/container HTTP"
#define NOTE "POST /rest/note"

/* Two arguments of a call. */
#define OWN_REQUEST(at) (at)->requests[0].organization_id, (at)->requests[0].request_id

static void set_word(char to[WORD], const char *word)
{
    snprintf(to, WORD, "%s", word);
}

static void note_code(cell *at, tl_code code, const tl_error *err)
{
    set_word(at->got.code, code == TL_OK ? "ok" : tl_code_name(code));
    if (code != TL_OK && (err->code != code || err->message[0] == '\0'))
        cell_blame(at, "the error says %s \"%s\"", tl_code_name(err->code), err->message);
    if (strstr(err->message, served.token) != NULL || strstr(err->message, served.soar_token) != NULL)
        cell_blame(at, "a token is in the message");
}

/* The same read may succeed later. */
static bool is_passing(tl_code code)
{
    return code == TL_NETWORK || code == TL_TIMEOUT || code == TL_RATE_LIMITED;
}

static void note_read(cell *at, tl_code code, const tl_error *err, bool right)
{
    note_code(at, code, err);
    if (is_passing(code) && !err->retriable)
        cell_blame(at, "%s, and not called retriable", tl_code_name(code));
    if (err->retriable && !is_passing(code) && code != TL_SERVER && code != TL_TLS)
        cell_blame(at, "%s, and called retriable", tl_code_name(code));
    if (code == TL_OK && !right)
        cell_blame(at, "ok, and not what the service has");
}

static const char *applied_word(tl_applied applied)
{
    return applied == TL_APPLIED_YES ? "yes" : applied == TL_APPLIED_NO ? "no" : "unknown";
}

/* Of a portal write: what its outcome says, or the error before there was one. */
static void note_write(cell *at, tl_code code, const tl_error *err, const cJSON *outcome)
{
    note_code(at, code, err);
    if (code == TL_OK && strcmp(text_of(outcome, "applied"), "yes") != 0)
        set_word(at->got.code, text_of(outcome, "code")[0] == '\0' ? "-" : text_of(outcome, "code"));
    set_word(at->got.applied, code == TL_OK ? text_of(outcome, "applied") : applied_word(err->applied));
    set_word(at->got.outcome, code == TL_OK ? text_of(outcome, "outcome") : "error");
}

/* ---- reads ---- */

static void run_list(cell *at)
{
    tl_request_query query = TL_REQUEST_QUERY_INIT;
    tl_requests *rows = NULL;
    tl_error err = TL_ERROR_INIT;
    query.status_id = LISTED_STATUS;
    query.children = true;
    query.page_size = 2;
    query.concurrency = 1;
    int count = 0;
    tl_code code = tl_requests_open(&rows, at->client, &query, &err);
    for (bool more = code == TL_OK; more;) {
        cJSON *row = NULL;
        code = tl_requests_next(&row, rows, &err);
        more = row != NULL;
        count += more;
        cJSON_Delete(row);
    }
    bool complete = rows != NULL && tl_requests_complete(rows);
    note_read(at, code, &err, count == LISTED || !complete);
    if (code == TL_OK)
        set_word(at->got.outcome, complete ? "complete" : "incomplete");
    else if (complete)
        cell_blame(at, "an error, and called complete");
    tl_requests_close(rows);
}

static void run_details(cell *at)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *details = NULL;
    tl_code code = tl_permit_details(&details, at->client, OWN_REQUEST(at), &err);
    note_read(
        at, code, &err,
        strcmp(text_of(cJSON_GetObjectItemCaseSensitive(details, "approvalRequest"), "approvalRequestId"),
               at->requests[0].request_id) == 0);
    cJSON_Delete(details);
}

static void prepare_matching(cell *at)
{
    tl_error err = TL_ERROR_INIT;
    assert_ok(tl_permit_details(&at->details, around.direct, ORGANIZATION(42), REQUEST(1002), &err), &err);
}

static void run_matching(cell *at)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *matches = NULL;
    tl_code code = tl_matching_applications(&matches, at->client, ORGANIZATION(42), at->details, &err);
    int count = cJSON_GetArraySize(matches);
    note_read(at, code, &err, count == 3 || count == 0);
    if (code == TL_OK) /* an empty reply is how the service says that nothing matches [unknown, B13] */
        set_word(at->got.outcome, count == 0 ? "none" : "all");
    cJSON_Delete(matches);
}

#define CONTENT "the file that was blocked"

static void prepare_file(cell *at)
{
    control("request",
            "{'approvalRequestId':'%s','set':{'file':{'content':'" CONTENT "','own_sha256':true}}}",
            at->requests[0].request_id);
}

static void run_download(cell *at)
{
    tl_download_options options = TL_DOWNLOAD_OPTIONS_INIT;
    tl_error err = TL_ERROR_INIT;
    cJSON *file = NULL;
    char path[600];
    options.timeout_ms = cell_deadline_ms(at);
    options.max_bytes = 1024 * 1024;
    snprintf(path, sizeof path, "%s/%s", around.folder, at->name);
    tl_code code = tl_download_file(&file, at->client, OWN_REQUEST(at), path, &options, &err);
    note_read(at, code, &err,
              integer_of(file, "bytes") == (int64_t)strlen(CONTENT) &&
                  cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(file, "sha256_checked")));
    if ((access(path, F_OK) == 0) != (code == TL_OK))
        cell_blame(at, code == TL_OK ? "no file is there" : "a file was left");
    cJSON_Delete(file);
}

static void run_soar_list(cell *at)
{
    tl_approval_query query = TL_APPROVAL_QUERY_INIT;
    tl_error err = TL_ERROR_INIT;
    cJSON *records = NULL;
    query.container_id = around.container;
    tl_code code = tl_soar_approvals(&records, at->soar, &query, &err);
    note_read(at, code, &err, cJSON_GetArraySize(records) == LISTED_PROMPTS);
    cJSON_Delete(records);
}

static void run_soar_record(cell *at)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *record = NULL;
    tl_code code = tl_soar_container(&record, at->soar, around.container, &err);
    note_read(at, code, &err, integer_of(record, "id") == around.container);
    cJSON_Delete(record);
}

/* ---- writes ---- */

static void run_permit(cell *at)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *outcome = NULL,
          *choice = cJSON_Parse("{\"application\":\"new\",\"rules\":[{\"hash\":\"" HASH "\"}]}");
    cJSON_AddStringToObject(choice, "name", at->name);
    tl_code code = tl_permit(&outcome, at->client, OWN_REQUEST(at), choice, &err);
    note_write(at, code, &err, outcome);
    cJSON_Delete(outcome);
    cJSON_Delete(choice);
}

/* Two of one organization: one sending, and both must have gone the same way. */
static void run_reject_many(cell *at)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *outcomes = NULL;
    tl_code code = tl_reject_many(&outcomes, at->client, at->requests, 2, NULL, &err);
    const cJSON *first = cJSON_GetArrayItem(outcomes, 0), *second = cJSON_GetArrayItem(outcomes, 1);
    note_write(at, code, &err, first);
    static const char *const members[] = {"outcome", "code", "applied"};
    for (size_t i = 0; i < COUNT(members); i++)
        if (strcmp(text_of(first, members[i]), text_of(second, members[i])) != 0)
            cell_blame(at, "%s is %s for the second", members[i], text_of(second, members[i]));
    cJSON_Delete(outcomes);
}

static void run_ownership(cell *at)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *outcome = NULL;
    tl_code code = tl_take_ownership(&outcome, at->client, OWN_REQUEST(at), NULL, &err);
    note_write(at, code, &err, outcome);
    cJSON_Delete(outcome);
}

/* What SOAR's POSTs tell: an error, or it was done. */
static void note_post(cell *at, tl_code code, const tl_error *err, const char *done)
{
    note_code(at, code, err);
    set_word(at->got.applied, code == TL_OK ? "yes" : applied_word(err->applied));
    set_word(at->got.outcome, code == TL_OK ? done : "error");
}

static void run_container(cell *at)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *made = NULL, *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "name", at->name);
    cJSON_AddStringToObject(body, "label", "events");
    cJSON_AddStringToObject(body, "source_data_identifier", at->name);
    tl_code code = tl_soar_create_container(&made, at->soar, body, &err);
    note_post(at, code, &err,
              cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(made, "created")) ? "created" : "exists");
    cJSON_Delete(made);
    cJSON_Delete(body);
}

static void run_note(cell *at)
{
    tl_error err = TL_ERROR_INIT;
    int64_t id = 0;
    tl_code code = tl_soar_add_note(&id, at->soar, around.container, at->name, "Seen.", &err);
    note_post(at, code, &err, "added");
}

/* A prompt that was answered with yes. */
static void prepare_prompt(cell *at)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *prepared = NULL,
          *options = json("{'executor':'playbook','choice':{'application':'new','name':'%s',"
                          "'rules':[{'hash':'" HASH "'}]}}",
                          at->name);
    assert_ok(tl_prepare_prompt(&prepared, around.direct, OWN_REQUEST(at), options, &err), &err);
    cJSON *prompt = cJSON_CreateObject();
    cJSON_AddStringToObject(prompt, "approvalRequestId", at->requests[0].request_id);
    cJSON_AddStringToObject(prompt, "message", text_of(prepared, "message"));
    cJSON *asked = control_send("prompt", prompt);
    at->prompt = integer_of(asked, "approval");
    control("answer", "{'approval':%lld,'responses':['Permit','Seen.'],'by':'analyst'}",
            (long long)at->prompt);
    cJSON_Delete(asked);
    cJSON_Delete(prompt);
    cJSON_Delete(prepared);
    cJSON_Delete(options);
}

static void run_resolve(cell *at)
{
    tl_resolve_options options = TL_RESOLVE_OPTIONS_INIT;
    tl_error err = TL_ERROR_INIT;
    cJSON *outcome = NULL;
    options.limits.max_scope = TL_SCOPE_COMPUTER;
    tl_code code = tl_resolve_prompt(&outcome, at->client, at->soar, at->prompt, &options, &err);
    note_write(at, code, &err, outcome);
    cJSON_Delete(outcome);
}

/* ---- all of them ---- */

#define LIST_AIM "ApprovalRequestGetByParameters", "\"pageNumber\":2", "ApprovalRequestGetByParameters", 1
#define RECORDS "/approvals?page="

const call_class classes[] = {
    {"list", {LIST_AIM, false, NULL}, .run = run_list},
    {"list_once", {LIST_AIM, true, NULL}, .run = run_list},
    {"read", {DETAILS, NULL, NULL, 0, false, NULL}, .requests = 1, .run = run_details},
    {"read_once", {DETAILS, NULL, NULL, 0, true, NULL}, .requests = 1, .run = run_details},
    {"matching",
     {"ApplicationGetMatchingList", NULL, NULL, 0, false, NULL},
     .prepare = prepare_matching,
     .run = run_matching},
    {"download",
     {"/_files/", NULL, "GetFileDownloadDetailsById", 1, false, NULL},
     .requests = 1,
     .prepare = prepare_file,
     .run = run_download},
    {"soar_list", {RECORDS "1&", NULL, RECORDS "0&", 1, false, NULL}, .run = run_soar_list},
    {"soar_read", {"/rest/container/", NULL, NULL, 0, false, NULL}, .run = run_soar_record},
    {"permit",
     {PERMIT, NULL, DETAILS, 1, false, PERMIT},
     .counted = "permit",
     .requests = 1,
     .run = run_permit},
    {"permit_verify",
     {ROW, NULL, PERMIT, 1, false, PERMIT},
     .counted = "permit",
     .requests = 1,
     .run = run_permit},
    {"reject_many",
     {REJECT, NULL, ROW, 2, false, REJECT},
     .counted = "reject",
     .requests = 2,
     .run = run_reject_many},
    {"own", {OWN, NULL, ROW, 1, false, OWN}, .counted = "ownership", .requests = 1, .run = run_ownership},
    {"resolve",
     {PERMIT, NULL, DETAILS, 1, false, PERMIT},
     .counted = "permit",
     .requests = 1,
     .prepare = prepare_prompt,
     .run = run_resolve},
    {"resolve_read",
     {"/rest/approval/", NULL, NULL, 0, false, PERMIT},
     .counted = "permit",
     .requests = 1,
     .prepare = prepare_prompt,
     .run = run_resolve},
    {"soar_container",
     {CONTAINER, NULL, NULL, 0, false, CONTAINER},
     .counted = "container",
     .repeatable = true,
     .run = run_container},
    {"soar_container_once",
     {CONTAINER, NULL, NULL, 0, true, CONTAINER},
     .counted = "container",
     .repeatable = true,
     .run = run_container},
    {"soar_note", {NOTE, NULL, NULL, 0, false, NOTE}, .counted = "note", .run = run_note},
};

const size_t class_count = COUNT(classes);
