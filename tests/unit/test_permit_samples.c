/* The article's three permit bodies against what we make of its details. */
#include "plan_case.h"
#include "sample_files.h"

#define DIRECTORY "samples/"
#define DETAILS_FILE DIRECTORY "ApprovalRequestGetPermitApplicationById.response.child-organization.json"
#define BODY_FILE(rest) DIRECTORY "ApprovalRequestPermitApplication.request." rest

/* What the article sends and our minimal body does not: it repeats the notes' requestorEmail. */
static bool is_left_out(const char *path)
{
    return strcmp(path, "approvalRequest.requestorEmailAddress") == 0;
}

/* Every member of the article's body stands in ours, with the same value; notes get the operation added. */
static void assert_holds(const cJSON *ours, const cJSON *articles, const char *path)
{
    const cJSON *member;
    cJSON_ArrayForEach (member, articles) {
        char below[256];
        snprintf(below, sizeof below, "%s%s%s", path, path[0] == '\0' ? "" : ".", member->string);
        if (is_left_out(below)) {
            continue;
        }
        const cJSON *got = cJSON_GetObjectItemCaseSensitive(ours, member->string);
        if (got == NULL) {
            fail_msg("%s is missing", below);
        }
        if (cJSON_IsObject(member)) {
            assert_holds(got, member, below);
        } else if (strcmp(below, "adminNotes.comments") == 0) {
            assert_non_null(strstr(got->valuestring, member->valuestring));
        } else if (strcmp(below, "policyConditions.manualOptions") != 0) {
            char *expected = text_of(member);
            assert_text_and_free(text_of(got), expected);
            free(expected);
        }
    }
}

/* The article leaves out what a rule does not name; we send it as null. */
static void assert_same_rules(const cJSON *ours, const cJSON *articles)
{
    const cJSON *a = node_at(ours, "policyConditions.manualOptions");
    const cJSON *b = node_at(articles, "policyConditions.manualOptions");
    assert_int_equal(cJSON_GetArraySize(a), cJSON_GetArraySize(b));
    for (int i = 0; i < cJSON_GetArraySize(b); i++) {
        assert_holds(cJSON_GetArrayItem(a, i), cJSON_GetArrayItem(b, i), "rule");
    }
}

static void check(const char *file, const char *choice, const char *body_form)
{
    cJSON *details = sample_of(DETAILS_FILE);
    cJSON *articles = sample_of(file);
    cJSON *choice_json = json_of(choice);
    assert_true(tl_json_set_text(choice_json, "body", body_form));
    cJSON *applications = json_of(
        "[{'applicationName':'Example Field Service (Built-In)','applicationId':"
        "'0f000000-0000-4000-8000-000000000101','organizationId':'0a000000-0000-4000-8000-000000000001',"
        "'organizationName':'master','osType':1},{'applicationName':'Field Service App','applicationId':"
        "'0f000000-0000-4000-8000-000000000202','organizationId':'0a000000-0000-4000-8000-000000000042',"
        "'organizationName':'Example Dental Group','osType':1}]");
    tl_error err = TL_ERROR_INIT;
    tl_choice read;
    assert_int_equal(tl_choice_read(&read, choice_json, &err), TL_OK);
    tl_plan_input input = {.request_id = "0e000000-0000-4000-8000-000000001001",
                           .details = details,
                           .choice = &read,
                           .applications = applications,
                           .operation_id = OPERATION};
    cJSON *body = NULL;
    if (tl_permit_plan(&body, &input, &err) != TL_OK) {
        fail_msg("%s: %s", file, err.message);
    }
    assert_holds(body, articles, "");
    assert_same_rules(body, articles);
    cJSON_Delete(body);
    cJSON_Delete(applications);
    cJSON_Delete(choice_json);
    cJSON_Delete(articles);
    cJSON_Delete(details);
}

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

static void the_full_body_holds_all_that_the_article_sends(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        check(rows[i].file, rows[i].choice, "full");
    }
}

static void the_minimal_body_holds_all_that_the_article_sends(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        check(rows[i].file, rows[i].choice, "minimal");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_full_body_holds_all_that_the_article_sends),
        cmocka_unit_test(the_minimal_body_holds_all_that_the_article_sends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
