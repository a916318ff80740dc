/* Prompts, their seals and their answers: no seal holds but over the text that was sealed, and nothing is
 * sent but what was sealed, shown and answered.
 *
 * "== prompt N" takes a good prompt (see `asked`), each line "OFFSET DELETED TEXT" below it edits its text;
 * "== message" is a text of its own; "== payload" is sealed as it stands. `record`, `run`, `summary`,
 * `details`, `words` and `options` change what SOAR and ThreatLocker tell, and how it is read, line by line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRUTH_TABLE ""
#include "portal/client.h"
#include "prompt_oracle.h"
#include "stub.h"
#include "threatlocker/threatlocker.h"
#include "truth_case.h"

#define ANSWERED "2026-11-02T09:09:00Z"
#define RECORD                                                                                               \
    "{'id':41,'type':'manual','status':'approved','name':'ask_approver','due_time':'" TRUTH_DUE              \
    "','responses':['Permit'],'close_time':'" ANSWERED "','action_run':7}"
#define RUN                                                                                                  \
    "{'id':77,'status':'success','result_data':[{'status':'success','summary':{'user':'analyst',"            \
    "'answered_at':'" ANSWERED "','responses':['Permit']}}]}"
#define RUNS "{\"count\":1,\"num_pages\":1,\"data\":[{\"id\":77}]}"

/* Sealed for the same request: two that a playbook may act on, and two that it may not. */
enum { PROMPTS = 4, FOR_PLAYBOOK = 2, LABELLED = 1 };
static const char *const asked[PROMPTS] = {
    "{'executor':'playbook'}",
    "{'executor':'playbook','choices':{'Just here':{},'Its group':{'scope':'group'}}}",
    "{'executor':'chain:night-shift'}",
    "{'executor':'playbook','choice':{'ticket':'sealed with another key'}}",
};

static struct world {
    tl_client *client;
    tl_soar *soar;
    char *prompts[PROMPTS];
    cJSON *record, *run, *summary, *details, *applications, *groups;
} world;

static void make_clients(void)
{
    tl_client_options options = TL_CLIENT_OPTIONS_INIT;
    tl_soar_options soar_options = TL_SOAR_OPTIONS_INIT;
    options.base_url = "http://127.0.0.1:9/portalapi";
    soar_options.url = "http://127.0.0.1:9";
    options.token = soar_options.token = "fuzz-token";
    must(tl_client_new(&world.client, &options, NULL) == TL_OK);
    must(tl_soar_new(&world.soar, &soar_options, NULL) == TL_OK);
}

static void make_world(void)
{
    cJSON *row = json_of("{}");
    make_clients();
    world.details = truth_details(row);
    world.record = json_of(RECORD);
    world.run = json_of(RUN);
    world.summary = truth_summary(row, "");
    world.applications = json_of("{'hasMatching':true,'matchingApplications':" APPLICATIONS "}");
    world.groups = json_of(GROUPS);
    for (size_t i = 0; i < PROMPTS; i++) {
        cJSON *wanted = json_of(asked[i]), *options = truth_options(wanted);
        world.prompts[i] =
            truth_sealed(options, world.details, i == PROMPTS - 1 ? truth_other_key : world.client->seal_key);
        cJSON_Delete(options);
        cJSON_Delete(wanted);
    }
    cJSON_Delete(row);
}

/* ---- one input ---- */

typedef struct trial {
    const fuzz_sections *input;
    char *message;
    cJSON *record, *run, *summary, *details, *words_json, *options;
    tl_word_lists words;
    char *written; /* the body of the write */
    size_t length;
    char kind[64]; /* and its endpoint */
    cJSON *printed;
} trial;

static cJSON *changed(const trial *all, const cJSON *base, const char *name)
{
    cJSON *tree = cJSON_Duplicate(base, true);
    const fuzz_section *section = NULL;
    while ((section = fuzz_next_section(all->input, section, name)) != NULL)
        fuzz_patch(&tree, section->body);
    return tree;
}

/* "OFFSET DELETED TEXT", \n standing for a line end. */
static void edit(tl_buffer *text, const char *line, size_t length)
{
    char *after = NULL;
    unsigned long long offset = strtoull(line, &after, 10), deleted = strtoull(after, &after, 10);
    tl_buffer out = {.limit = 1 << 20};
    size_t at = (size_t)(offset % (text->length + 1)), left = text->length - at;
    size_t gone = deleted < left ? (size_t)deleted : left;
    must(tl_buffer_append(&out, text->data, at));
    for (const char *c = after + (*after == ' '); c < line + length; c++) {
        bool line_end = c[0] == '\\' && c + 1 < line + length && c[1] == 'n';
        must(tl_buffer_append(&out, line_end ? "\n" : c, 1));
        c += line_end;
    }
    must(tl_buffer_append(&out, text->data + at + gone, left - gone));
    tl_buffer_free(text);
    *text = out;
}

static char *message_of(const fuzz_sections *input)
{
    const fuzz_section *raw = fuzz_next_section(input, NULL, "message");
    const fuzz_section *section = fuzz_next_section(input, NULL, "prompt");
    tl_buffer text = {.limit = 1 << 20};
    size_t which = section == NULL ? 0 : strtoul(section->rest, NULL, 10) % PROMPTS;
    must(tl_buffer_text(&text, raw != NULL ? raw->body : world.prompts[which]));
    const char *line = section == NULL ? "" : section->body;
    while (*line != '\0') {
        size_t length = strcspn(line, "\n");
        edit(&text, line, length);
        line += length + (line[length] == '\n' ? 1 : 0);
    }
    return text.data;
}

static void begin(trial *all, const fuzz_sections *input)
{
    cJSON *nothing = cJSON_CreateObject();
    *all = (trial){.input = input, .message = message_of(input)};
    all->record = changed(all, world.record, "record");
    all->run = changed(all, world.run, "run");
    cJSON *summary = cJSON_Duplicate(world.summary, true);
    must(tl_json_set_text(node_at(summary, "notification_targets.0.parameters.0"), "message", all->message));
    all->summary = changed(all, summary, "summary");
    all->details = changed(all, world.details, "details");
    all->words_json = changed(all, nothing, "words");
    all->options = changed(all, nothing, "options");
    all->printed = cJSON_CreateArray();
    if (tl_words_read(&all->words, all->words_json, NULL) != TL_OK)
        all->words = (tl_word_lists){0};
    cJSON_Delete(summary);
    cJSON_Delete(nothing);
}

static void end(trial *all)
{
    cJSON *trees[] = {all->record,     all->run,     all->summary, all->details,
                      all->words_json, all->options, all->printed};
    for (size_t i = 0; i < COUNT(trees); i++)
        cJSON_Delete(trees[i]);
    free(all->message);
    free(all->written);
}

/* ---- seals ---- */

static size_t word_length(const char **text)
{
    *text += strspn(*text, " \t\r\n");
    return strcspn(*text, " \t\r\n");
}

/* Equal but for white space. */
static bool same_words(const char *a, const char *b)
{
    for (;;) {
        size_t length = word_length(&a);
        if (word_length(&b) != length || strncmp(a, b, length) != 0)
            return false;
        if (length == 0)
            return true;
        a += length;
        b += length;
    }
}

/* Which of the good prompts says this; -1 for none. */
static int prompt_of(const char *message)
{
    int found = PROMPTS - 2; /* the last one's key is not ours */
    while (found >= 0 && !same_words(message, world.prompts[found]))
        found--;
    return found;
}

static void check_choices(const tl_seal *seal)
{
    const char *const *labels = tl_seal_labels(seal);
    int size = cJSON_GetArraySize(seal->choices);
    must(size >= 1 && size <= TL_MAX_LABELS && tl_is_real_guid(seal->request_id));
    for (int i = -3; i < TL_MAX_LABELS + 3; i++)
        must((tl_seal_choice(seal, i) != NULL) == (labels == NULL ? i == -1 : i >= 0 && i < size));
}

/* Fails when the seal holds over a text that nobody sealed. */
static bool check_seal(tl_seal *out, const char *message)
{
    const char *why = NULL;
    if (tl_seal_read(out, &why, world.client->seal_key, message) != TL_SEAL_GOOD) {
        must(why != NULL && out->payload == NULL);
        return false;
    }
    check_choices(out);
    bool covers = tl_seal_covers(out, message) == TL_SEAL_GOOD;
    must_about(!covers || prompt_of(message) >= 0, message);
    return covers;
}

/* What only the holder of the key could make, as he never would. */
static void check_payload(const fuzz_section *section)
{
    tl_buffer text = {.limit = 1 << 20};
    unsigned char mac[TL_SHA256_SIZE];
    tl_seal seal;
    const char *why = NULL;
    char *encoded = tl_base64url_encode(section->body, section->length);
    must(tl_buffer_format(&text, TL_SEAL_MARK "1:%s", encoded));
    tl_hmac_sha256(world.client->seal_key, TL_SHA256_SIZE, text.data, text.length, mac);
    char *signature = tl_base64url_encode(mac, sizeof mac);
    must(tl_buffer_format(&text, ":%s", signature));
    if (tl_seal_read(&seal, &why, world.client->seal_key, text.data) == TL_SEAL_GOOD)
        check_choices(&seal);
    tl_seal_clear(&seal);
    free(signature);
    free(encoded);
    tl_buffer_free(&text);
}

/* ---- the services ---- */

/* Printed, and kept until the input ends. */
static stub_reply json_reply(trial *all, const cJSON *tree)
{
    char *text = text_of(tree);
    cJSON *kept = cJSON_CreateString(text);
    must(tl_json_append(all->printed, kept));
    free(text);
    return (stub_reply){200, kept->valuestring, strlen(kept->valuestring), NULL};
}

static stub_reply take_write(trial *all, const tl_http_request *request)
{
    static const int ends[] = {200, STUB_LOST, 500, 417, STUB_REFUSED};
    int64_t end = tl_json_integer_or(all->options, "end", 0);
    must(all->written == NULL);
    all->written = exact_copy(request->body, request->body_length);
    all->length = request->body_length;
    snprintf(all->kind, sizeof all->kind, "%s", request->label);
    return (stub_reply){ends[end >= 0 && end < (int64_t)COUNT(ends) ? end : 0], NULL, 0, NULL};
}

/* The row; after the write as `options` say, or as it would be then. */
static stub_reply row_reply(trial *all)
{
    cJSON *row = cJSON_Duplicate(tl_json_member(all->details, "approvalRequest"), true);
    bool permit = strcmp(all->kind, "ApprovalRequestPermitApplication") == 0;
    if (all->written != NULL)
        must(
            tl_json_set_integer(row, "statusId", tl_json_integer_or(all->options, "after", permit ? 4 : 10)));
    stub_reply reply = json_reply(all, row);
    cJSON_Delete(row);
    return reply;
}

static stub_reply serve(void *data, const tl_http_request *request)
{
    trial *all = data;
    if (request->write)
        return take_write(all, request);
    if (strcmp(request->target, "/rest/approval/41") == 0)
        return json_reply(all, all->record);
    if (strstr(request->target, "/detail_summary_view") != NULL)
        return json_reply(all, all->summary);
    if (strstr(request->target, "/app_runs") != NULL)
        return (stub_reply){200, RUNS, sizeof RUNS - 1, NULL};
    if (strstr(request->target, "/rest/app_run/") != NULL)
        return json_reply(all, all->run);
    if (strcmp(request->label, "ApprovalRequestGetPermitApplicationById") == 0)
        return json_reply(all, all->details);
    if (strcmp(request->label, "ApprovalRequestGetById") == 0)
        return row_reply(all);
    if (strcmp(request->label, "ApplicationGetMatchingList") == 0)
        return json_reply(all, world.applications);
    return json_reply(all, world.groups);
}

/* ---- what was sent ---- */

static void check_facts(const trial *all)
{
    static const char *const facts[] = {"approvalRequest.approvalRequestId",
                                        "organizationId",
                                        "computerId",
                                        "computerGroupId",
                                        "osType",
                                        "approvalRequest.json",
                                        "approvalRequest.hash",
                                        "approvalRequest.path",
                                        "approvalRequest.threatLockerActionDto.hash",
                                        "approvalRequest.threatLockerActionDto.sha256",
                                        "fileDetails.hash",
                                        "fileDetails.sha256",
                                        "fileDetails.fullPath"};
    int64_t status = tl_json_integer_or(all->details, "approvalRequest.statusId", 0);
    must(status != 0 && status != 4 && status != 10 && status != 12 && status != 16);
    for (size_t i = 0; i < COUNT(facts); i++) {
        char *before = text_of(tl_json_path(world.details, facts[i]));
        assert_text_and_free(text_of(tl_json_path(all->details, facts[i])), before);
        free(before);
    }
}

/* The body permits what was sealed: this file by its hash, here or for the group. */
static void check_permit(const trial *all, bool group)
{
    cJSON *body = NULL;
    must(tl_json_parse(&body, all->written, all->length, NULL) == TL_OK);
    const cJSON *level = tl_json_member(body, "policyLevel");
    const cJSON *rules = tl_json_path(body, "policyConditions.manualOptions");
    must(tl_json_true(level, "toComputer") == !group && tl_json_true(level, "toComputerGroup") == group);
    must(!tl_json_true(level, "toEntireOrganization"));
    must(cJSON_GetArraySize(rules) == 1 && strlen(tl_json_text_or_empty(rules->child, "hash")) == 64);
    must(tl_json_text(rules->child, "fullPath") == NULL);
    must(strcmp(tl_json_text_or_empty(body, "matchingApplications.newApplicationName"), "Field tool") == 0);
    cJSON_Delete(body);
}

static void check_sent(const trial *all, const tl_resolve_options *options, const tl_reading *reading,
                       int prompt)
{
    bool permit = strcmp(all->kind, "ApprovalRequestPermitApplication") == 0;
    bool reject = strcmp(all->kind, "ApprovalRequestUpdateForReject") == 0;
    bool group = prompt == LABELLED && reading->label == 1;
    must(prompt >= 0 && prompt < FOR_PLAYBOOK);
    must(reading->kind == (permit ? TL_READING_PERMIT : reject ? TL_READING_REJECT : TL_READING_IGNORE));
    must(options->request_id == NULL || tl_equal_ignore_case(options->request_id, REQUEST));
    must(!permit || !group || options->limits.max_scope >= TL_SCOPE_GROUP);
    if (options->answerer_not_requester)
        must(reading->answered_by != NULL && strcmp(reading->answered_by, "EXAMPLE\\ann") != 0);
    check_facts(all);
    if (permit)
        check_permit(all, group);
}

/* ---- the target ---- */

static tl_resolve_options options_of(const trial *all)
{
    tl_resolve_options options = TL_RESOLVE_OPTIONS_INIT;
    int64_t age = tl_json_integer_or(all->options, "max_age", 3600);
    options.max_answer_age_s = age > 0 && age < 86400 ? age : 3600;
    options.limits.max_scope = tl_json_true(all->options, "group") ? TL_SCOPE_GROUP : TL_SCOPE_COMPUTER;
    options.answerer_not_requester = tl_json_true(all->options, "not_requester");
    options.request_id = tl_json_text(all->options, "request");
    options.words = all->words.words;
    return options;
}

static tl_reading read_answer(const trial *all, const tl_resolve_options *options, const tl_seal *seal,
                              const cJSON *questions)
{
    tl_prompt_evidence evidence = {.record = all->record,
                                   .response_types = questions,
                                   .labels = seal == NULL ? NULL : tl_seal_labels(seal),
                                   .words = &options->words,
                                   .max_answer_age_us = options->max_answer_age_s * TL_SECOND_US};
    if (tl_json_integer_or(all->record, "action_run", 0) > 0)
        evidence.app_run = all->run;
    must(tl_time_parse(STUB_NOW, false, &evidence.now_us));
    tl_reading reading = tl_read_prompt(&evidence);
    prompt_oracle_check(&evidence, &reading);
    return reading;
}

static void resolve(trial *all, const tl_resolve_options *options, const tl_reading *reading, int prompt)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *outcome = NULL;
    stub_start(serve, all);
    tl_code code = tl_resolve_prompt(&outcome, world.client, world.soar, 41, options, &err);
    must(code == err.code && (code == TL_OK) == (outcome != NULL));
    must(stub_writes() <= 1 && (stub_writes() == 0 || code == TL_OK));
    if (stub_writes() == 1)
        check_sent(all, options, reading, prompt);
    else
        must(strcmp(tl_json_text_or_empty(outcome, "applied"), "unknown") != 0);
    cJSON_Delete(outcome);
}

static void run(trial *all)
{
    tl_resolve_options options = options_of(all);
    tl_seal seal = {0};
    const char *message = NULL, *why = NULL;
    const cJSON *questions = NULL;
    bool bound = tl_bind_prompt(&message, &questions, &why, all->summary, all->record);
    must(bound == (why == NULL));
    bool covers = bound && check_seal(&seal, message);
    tl_reading reading = read_answer(all, &options, covers ? &seal : NULL, questions);
    if (tl_utf8_valid(all->message, strlen(all->message)))
        resolve(all, &options, &reading, covers ? prompt_of(message) : -1);
    tl_seal_clear(&seal);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool made;
    fuzz_sections input;
    trial all;
    tl_seal seal;
    if (!made)
        make_world();
    made = true;
    fuzz_sections_read(&input, data, size);
    const fuzz_section *payload = fuzz_next_section(&input, NULL, "payload");
    if (payload != NULL)
        check_payload(payload);
    begin(&all, &input);
    (void)check_seal(&seal, all.message);
    tl_seal_clear(&seal);
    run(&all);
    end(&all);
    fuzz_sections_free(&input);
    return 0;
}
