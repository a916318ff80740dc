/* The article's three permit bodies against what we make of its details. */
#include "plan_case.h"
#include "sample_files.h"

#define DIRECTORY "samples/"
#define DETAILS_FILE DIRECTORY "ApprovalRequestGetPermitApplicationById.response.child-organization.json"
#define BODY_FILE(rest) DIRECTORY "ApprovalRequestPermitApplication.request." rest
#define SAMPLE_REQUEST "0e000000-0000-4000-8000-000000001001"

/* What ApplicationGetMatchingList and ApplicationGetListForAddToApplication give for the sample's story. */
#define SAMPLE_APPLICATIONS                                                                                  \
    "[{'applicationName':'Example Field Service (Built-In)','applicationId':"                                \
    "'0f000000-0000-4000-8000-000000000101','organizationId':'0a000000-0000-4000-8000-000000000001',"        \
    "'organizationName':'master','osType':1,'status':0,'name':null},{'applicationName':'Field Service App'," \
    "'applicationId':'0f000000-0000-4000-8000-000000000202','organizationId':"                               \
    "'0a000000-0000-4000-8000-000000000042','organizationName':'Example Dental Group','osType':1}]"

static const struct {
    const char *file;
    const char *choice;
} rows[] = {
    {BODY_FILE("1-existing-application.json"),
     "{'application':'existing','application_id':'0f000000-0000-4000-8000-000000000202','policy':'existing',"
     "'rules':[{'path':'C:\\\\Program Files\\\\Example Field Service\\\\FieldServiceUpdater.exe','cert':"
     "'CN=Example Field Service LLC, O=Example Field Service LLC, L=Springfield, C=US'},{'hash':'" HASH
     "'}],'ticket':'TKT-10042','requestor_email':'m.rivera@example.com','comments':"
     "'Added to our own application; vendor and signer checked.'}"},
    {BODY_FILE("2-matching-application.json"),
     "{'application':'matching','application_id':'0f000000-0000-4000-8000-000000000101','scope':"
     "'organization','ticket':'TKT-10042','requestor_email':'m.rivera@example.com','comments':"
     "'Matches the built-in application; approved for the whole organization.'}"},
    {BODY_FILE("3-new-application.json"),
     "{'application':'new','name':'Example Field Service Updater','mode':'learning','ticket':'TKT-10042',"
     "'requestor_email':'m.rivera@example.com','comments':"
     "'New application; learning mode for one hour on this computer.'}"},
};

/* The body planned from those details; the caller's. */
static cJSON *body_of(const cJSON *details, const char *choice, const char *body_form)
{
    cJSON *choice_json = json_of(choice);
    cJSON *applications = json_of(SAMPLE_APPLICATIONS);
    assert_true(tl_json_set_text(choice_json, "body", body_form));
    tl_error err = TL_ERROR_INIT;
    tl_choice read;
    assert_int_equal(tl_choice_read(&read, choice_json, &err), TL_OK);
    tl_plan_input input = {.request_id = SAMPLE_REQUEST,
                           .details = details,
                           .choice = &read,
                           .applications = applications,
                           .operation_id = OPERATION};
    cJSON *body = NULL;
    if (tl_permit_plan(&body, &input, &err) != TL_OK) {
        fail_msg("%s: %s", choice, err.message);
    }
    cJSON_Delete(applications);
    cJSON_Delete(choice_json);
    return body;
}

/* Takes out the one thing that a body of ours has by intention and the article's has not. */
static void strip_operation_mark(cJSON *body)
{
    static const char mark[] = "[threatlocker operation " OPERATION "] ";
    cJSON *notes = node_at(body, "adminNotes");
    const char *comments = tl_json_text(notes, "comments");
    assert_non_null(comments);
    assert_memory_equal(comments, mark, strlen(mark));
    char *rest = exact_copy(comments + strlen(mark), strlen(comments + strlen(mark)) + 1);
    assert_true(tl_json_set_text(notes, "comments", rest));
    free(rest);
}

static void below(char path[256], const char *above, const char *name)
{
    snprintf(path, 256, "%s%s%s", above, above[0] == '\0' ? "" : ".", name);
}

/* Every member of `part` stands in `whole` with the same value; lists agree element by element. */
static void assert_holds(const cJSON *whole, const cJSON *part, const char *path)
{
    char deeper[256];
    if (whole == NULL) {
        fail_msg("%s is missing", path);
    } else if (cJSON_IsObject(part)) {
        const cJSON *member;
        cJSON_ArrayForEach (member, part) {
            below(deeper, path, member->string);
            assert_holds(cJSON_GetObjectItemCaseSensitive(whole, member->string), member, deeper);
        }
    } else if (cJSON_IsArray(part)) {
        if (cJSON_GetArraySize(whole) != cJSON_GetArraySize(part)) {
            fail_msg("%s is of another length", path);
        }
        for (int i = 0; i < cJSON_GetArraySize(part); i++) {
            snprintf(deeper, sizeof deeper, "%s.%d", path, i);
            assert_holds(cJSON_GetArrayItem(whole, i), cJSON_GetArrayItem(part, i), deeper);
        }
    } else {
        char *expected = text_of(part);
        char *got = text_of(whole);
        if (strcmp(got, expected) != 0) {
            fail_msg("%s is %s, not %s", path, got, expected);
        }
        free(got);
        free(expected);
    }
}

static void check(bool minimal)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *details = sample_of(DETAILS_FILE);
        cJSON *articles = sample_of(rows[i].file);
        cJSON *body = body_of(details, rows[i].choice, minimal ? "minimal" : "full");
        strip_operation_mark(body);
        assert_holds(body, articles, "");
        if (minimal) {
            assert_holds(articles, body, "");
        }
        cJSON_Delete(body);
        cJSON_Delete(articles);
        cJSON_Delete(details);
    }
}

static void the_full_body_holds_all_that_the_article_sends(void **state)
{
    (void)state;
    check(false);
}

static void the_minimal_body_is_what_the_article_sends(void **state)
{
    (void)state;
    check(true);
}

/* Members, nested ones included. */
static int count_members(const cJSON *node)
{
    int count = 0;
    const cJSON *child;
    if (cJSON_IsObject(node) || cJSON_IsArray(node)) {
        cJSON_ArrayForEach (child, node)
            count += (cJSON_IsObject(node) ? 1 : 0) + count_members(child);
    }
    return count;
}

static int count_missing(const cJSON *body, const cJSON *details)
{
    int missing = 0;
    const cJSON *member;
    if (!cJSON_IsObject(details)) {
        return 0;
    }
    cJSON_ArrayForEach (member, details) {
        const cJSON *kept = cJSON_GetObjectItemCaseSensitive(body, member->string);
        missing += kept == NULL ? 1 + count_members(member) : count_missing(kept, member);
    }
    return missing;
}

static void the_round_trip_keeps_all_324_members(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *details = sample_of(DETAILS_FILE);
        assert_int_equal(count_members(details), 324);
        cJSON *body = body_of(details, rows[i].choice, "full");
        assert_int_equal(count_missing(body, details), 0);
        /* Nothing is added either, but for what each rule holds. */
        int rules = cJSON_GetArraySize(node_at(body, "policyConditions.manualOptions"));
        assert_int_equal(count_members(body), 324 + 7 * rules);
        cJSON_Delete(body);
        cJSON_Delete(details);
    }
}

/* What another version of the service may add at any depth leaves byte for byte. */
static void what_the_sample_does_not_know_leaves_as_it_came(void **state)
{
    (void)state;
    static const char *const values[] = {
        "18014398509481985",
        "-18014398509481985",
        "123456789012345678901234567890",
        "1.10E+2",
        "1e-400",
        "-0",
        "'\\u0041\\/\\u003c\\ud83d\\ude00\\u00e9'",
        "{'list':[1.0,[],{}],'none':null}",
    };
    static const char *const places[] = {"",
                                         "approvalRequest",
                                         "approvalRequest.threatLockerActionDto",
                                         "fileDetails",
                                         "matchingApplications",
                                         "matchingApplications.existingApplication",
                                         "policyConditions",
                                         "policyLevel.selectedComputerGroup",
                                         "adminNotes",
                                         "actionLog"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t place = 0; place < COUNT(places); place++) {
            cJSON *details = sample_of(DETAILS_FILE);
            for (size_t v = 0; v < COUNT(values); v++) {
                char name[32];
                snprintf(name, sizeof name, "memberOfTomorrow%zu", v);
                assert_true(tl_json_set(node_at(details, places[place]), name, json_of(values[v])));
            }
            cJSON *body = body_of(details, rows[i].choice, "full");
            for (size_t v = 0; v < COUNT(values); v++) {
                char path[128];
                snprintf(path, sizeof path, "%s%smemberOfTomorrow%zu", places[place],
                         places[place][0] == '\0' ? "" : ".", v);
                char *expected = quoted(values[v]);
                assert_text_and_free(text_of(node_at(body, path)), expected);
                free(expected);
            }
            cJSON_Delete(body);
            cJSON_Delete(details);
        }
    }
}

/* Every text and number of the sample, `json` first of all, leaves with the bytes it came with. */
static void untouched_members_keep_their_bytes(void **state)
{
    (void)state;
    static const char *const untouched[] = {"approvalRequest.json",
                                            "approvalRequest.threatLockerActionDto",
                                            "actionLog",
                                            "fileDetails",
                                            "ringfencingOptions",
                                            "virusTotalUrl",
                                            "organizationIds",
                                            "policyConditions.createdByProcesses"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *details = sample_of(DETAILS_FILE);
        cJSON *body = body_of(details, rows[i].choice, "full");
        for (size_t u = 0; u < COUNT(untouched); u++) {
            char *before = text_of(node_at(details, untouched[u]));
            assert_text_and_free(text_of(node_at(body, untouched[u])), before);
            free(before);
        }
        cJSON_Delete(body);
        cJSON_Delete(details);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_full_body_holds_all_that_the_article_sends),
        cmocka_unit_test(the_minimal_body_is_what_the_article_sends),
        cmocka_unit_test(the_round_trip_keeps_all_324_members),
        cmocka_unit_test(what_the_sample_does_not_know_leaves_as_it_came),
        cmocka_unit_test(untouched_members_keep_their_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
