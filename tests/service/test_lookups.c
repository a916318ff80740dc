/* Applications, files, counts, the audit trail and what the server suggests, over sockets. */
#include "scripted.h"

#define ADD_TO "ApplicationGetListForAddToApplication"
#define OPTIONS "ApplicationGetForApplicationOptions"
#define AUDIT "SystemAuditGetByParameters"

#define APP "[{'applicationId':'" APPLICATION(202) "','applicationName':'Field'}]"
static void applications_come_from_the_endpoint_that_is_there(void **state)
{
    (void)state;
    static const int missing[] = {404, 405};
    cJSON *out;
    for (size_t i = 0; i < COUNT(missing); i++) {
        control_delete("calls");
        script(ADD_TO, missing[i], "", NULL);
        script(OPTIONS, 200, APP, NULL);
        assert_ok(tl_applications(&out, client, ORGANIZATION(42), 0, "Fi & é", &err), &err);
        assert_json_and_delete(out, APP);
        assert_called(ADD_TO, "osType=1&searchText=Fi%20%26%20%C3%A9||" ORGANIZATION(42) "\n");
        assert_called(
            OPTIONS,
            "|{'organizationId':'" ORGANIZATION(
                42) "','osType':1,'includeBuiltIn':false,"
                    "'searchText':'Fi & é','hostName':'','onlyPermitted':false}|" ORGANIZATION(42) "\n");
    }
    control_delete("calls");
    script(ADD_TO, 200, "null", NULL);
    assert_ok(tl_applications(&out, client, NULL, 3, NULL, &err), &err);
    assert_json_and_delete(out, "[]");
    assert_called(ADD_TO, "osType=3||\n");
}

static void other_errors_of_applications_stay(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *body;
        tl_code code;
    } cases[] = {{401, "", TL_PERMISSION},
                 {403, "", TL_FORBIDDEN},
                 {417, "", TL_INVALID},
                 {500, "", TL_SERVER},
                 {440, "", TL_TOKEN},
                 {200, "{}", TL_PROTOCOL},
                 {200, "[{'applicationId':null}]", TL_PROTOCOL}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        cJSON *out;
        err = (tl_error)TL_ERROR_INIT;
        script(ADD_TO, cases[i].status, cases[i].body, NULL);
        assert_code(tl_applications(&out, client, NULL, 1, NULL, &err), &err, cases[i].code);
        assert_null(out);
    }
    assert_int_equal(count_calls(OPTIONS), 0);
}

static void one_application_is_the_one_asked_for(void **state)
{
    (void)state;
    cJSON *out;
    tl_client_options options = client_options();
    options.organization_id = ORGANIZATION(42);
    tl_client *bound = make_client(&options);
    script("ApplicationGetById", 200, "{'applicationId':'" APPLICATION(202) "','name':'x'}", NULL);
    assert_ok(tl_application_get(&out, bound, NULL, APPLICATION(202), &err), &err);
    cJSON_Delete(out);
    assert_called("ApplicationGetById", "applicationId=" APPLICATION(202) "||" ORGANIZATION(42) "\n");
    script("ApplicationGetById", 200, "{'applicationId':'" APPLICATION(101) "'}", NULL);
    assert_code(tl_application_get(&out, bound, NULL, APPLICATION(202), &err), &err, TL_PROTOCOL);
    assert_null(out);
    err = (tl_error)TL_ERROR_INIT;
    script("ApplicationGetById", 200, "null", NULL);
    assert_code(tl_application_get(&out, bound, NULL, APPLICATION(202), &err), &err, TL_NOT_FOUND);
    /* Research belongs to no organization. */
    script("ApplicationGetResearchDetailsById", 200, "{'productName':'Field','reviewRating':4}", NULL);
    err = (tl_error)TL_ERROR_INIT;
    assert_ok(tl_application_research(&out, bound, APPLICATION(202), &err), &err);
    assert_json_and_delete(out, "{'productName':'Field','reviewRating':4}");
    assert_called("ApplicationGetResearchDetailsById", "applicationId=" APPLICATION(202) "||\n");
    script("ApplicationGetResearchDetailsById", 200, "null", NULL);
    assert_code(tl_application_research(&out, bound, APPLICATION(202), &err), &err, TL_NOT_FOUND);
    err = (tl_error)TL_ERROR_INIT;
    script("ApplicationGetForMaintenanceMode", 200, "[{'label':'Parent\\\\Field','value':null}]", NULL);
    assert_ok(tl_maintenance_applications(&out, bound, NULL, 0, &err), &err);
    assert_json_and_delete(out, "[{'label':'Parent\\\\Field','value':null}]");
    assert_called("ApplicationGetForMaintenanceMode", "osType=1||" ORGANIZATION(42) "\n");
    tl_client_free(bound);
}

static void the_count_is_a_number_of_requests(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        int64_t count; /* -1: refused */
    } cases[] = {{"3", 3},
                 {"0", 0},
                 {" 2147483647 ", 2147483647},
                 {"-1", -1},
                 {"", -1},
                 {"null", -1},
                 {"3.5", -1},
                 {"'3'", -1},
                 {"[]", -1},
                 {"{'count':3}", -1},
                 {"true", -1}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t count = 7;
        err = (tl_error)TL_ERROR_INIT;
        script("ApprovalRequestGetCount", 200, cases[i].body, NULL);
        tl_code code = tl_request_count(&count, client, ORGANIZATION(42), i == 0, &err);
        if (cases[i].count < 0)
            assert_code(code, &err, TL_PROTOCOL);
        else
            assert_ok(code, &err);
        assert_int_equal(count, cases[i].count < 0 ? 0 : cases[i].count);
    }
    cJSON *calls = calls_to("ApprovalRequestGetCount");
    assert_text(calls->child, "query", "includeChildOrganizations=true");
    assert_text(calls->child->next, "query", "includeChildOrganizations=false");
    cJSON_Delete(calls);
}

static void a_file_is_there_or_not(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        tl_code code;
    } cases[] = {
        {"{'approvalRequestId':'" REQUEST(1001) "','filename':'a.exe','fileUrl':'https://f.example/?s=1'}",
         TL_OK},
        {"{'approvalRequestId':null,'fileUrl':'https://f.example/?s=1'}", TL_OK},
        {"{'approvalRequestId':'00000000-0000-0000-0000-000000000000','fileUrl':'https://f.example/'}",
         TL_OK},
        {"{'approvalRequestId':'" REQUEST(1002) "','fileUrl':'https://f.example/?s=1'}", TL_PROTOCOL},
        {"{'approvalRequestId':'" REQUEST(1001) "','filename':'a.exe','fileUrl':''}", TL_NOT_FOUND},
        {"null", TL_NOT_FOUND},
        {"", TL_NOT_FOUND},
        {"'https://f.example/?s=1'", TL_PROTOCOL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        cJSON *out;
        err = (tl_error)TL_ERROR_INIT;
        script("ApprovalRequestGetFileDownloadDetailsById", 200, cases[i].body, NULL);
        assert_code(tl_file_details(&out, client, NULL, REQUEST(1001), &err), &err, cases[i].code);
        assert_true((out != NULL) == (cases[i].code == TL_OK));
        assert_null(strstr(err.message, "f.example"));
        cJSON_Delete(out);
    }
}

static void the_audit_trail_is_read_page_by_page(void **state)
{
    (void)state;
    cJSON *query = json("{'object_id':'" REQUEST(1001) "','page_size':2,'page':2}");
    cJSON *rows;
    tl_page page;
    script(AUDIT, 200, "[{'action':'Modify'}]",
           "{'currentPage':2,'itemsPerPage':2,'totalItems':3,'totalPages':2}");
    assert_ok(tl_audit(&rows, &page, client, ORGANIZATION(42), query, &err), &err);
    assert_json_and_delete(rows, "[{'action':'Modify'}]");
    assert_int_equal(page.current_page, 2);
    assert_int_equal(page.items_per_page, 2);
    assert_int_equal(page.total_items, 3);
    assert_int_equal(page.total_pages, 2);
    assert_called(AUDIT,
                  "|{'objectId':'" REQUEST(1001) "','pageNumber':2,'pageSize':2,"
                                                 "'viewChildOrganizations':false}|" ORGANIZATION(42) "\n");
    script(AUDIT, 200, "[]", "{'currentPage':-2,'itemsPerPage':0,'totalItems':-9223372036854775808}");
    assert_ok(tl_audit(&rows, &page, client, NULL, NULL, &err), &err);
    assert_json_and_delete(rows, "[]");
    assert_int_equal(page.current_page, -1);
    assert_int_equal(page.items_per_page, 0);
    assert_int_equal(page.total_items, -1);
    script(AUDIT, 200, "", NULL);
    assert_ok(tl_audit(&rows, NULL, client, NULL, NULL, &err), &err);
    assert_json_and_delete(rows, "[]");
    script(AUDIT, 200, "[[]]", NULL);
    assert_code(tl_audit(&rows, &page, client, NULL, NULL, &err), &err, TL_PROTOCOL);
    assert_null(rows);
    cJSON_Delete(query);
}

static void the_caller_matches_by_criteria(void **state)
{
    (void)state;
    cJSON *criteria = json("{'hash':'" HASH "','path':''}");
    cJSON *out;
    script("ApplicationGetMatchingList", 200, "{'hasMatching':true,'matchingApplications':" APP "}", NULL);
    assert_ok(tl_match_applications(&out, client, ORGANIZATION(42), criteria, &err), &err);
    assert_json_and_delete(out, APP);
    assert_called("ApplicationGetMatchingList", "|{'hash':'" HASH "','osType':1}|" ORGANIZATION(42) "\n");
    script("ApplicationGetMatchingList", 200, "{'hasMatching':false,'matchingApplications':null}", NULL);
    assert_ok(tl_match_applications(&out, client, NULL, criteria, &err), &err);
    assert_json_and_delete(out, "[]");
    static const char *const bad[] = {"{'hasMatching':true}",
                                      "{'hasMatching':true,'matchingApplications':[7]}",
                                      "{'matchingApplications':{}}", "[]"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        err = (tl_error)TL_ERROR_INIT;
        script("ApplicationGetMatchingList", 200, bad[i], NULL);
        assert_code(tl_match_applications(&out, client, NULL, criteria, &err), &err, TL_PROTOCOL);
        assert_null(out);
    }
    cJSON_Delete(criteria);
}

static void suggestions_come_as_they_are(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        const char *expected; /* NULL: TL_PROTOCOL */
    } cases[] = {{"{'manualOptions':[]}", "{'manualOptions':[]}"},
                 {"[{'hash':'x'}]", "[{'hash':'x'}]"},
                 {"null", "[]"},
                 {"", "[]"},
                 {"7", NULL},
                 {"[7]", NULL}};
    cJSON *details = json("{'organizationId':'" ORGANIZATION(42) "','x':1}");
    for (size_t i = 0; i < COUNT(cases); i++) {
        cJSON *out;
        err = (tl_error)TL_ERROR_INIT;
        script("ActionLogGetPolicyConditionsForPermitApplication", 200, cases[i].body, NULL);
        tl_code code = tl_suggest_conditions(&out, client, NULL, details, &err);
        assert_code(code, &err, cases[i].expected == NULL ? TL_PROTOCOL : TL_OK);
        if (code == TL_OK)
            assert_json_and_delete(out, cases[i].expected);
    }
    cJSON *calls = calls_to("ActionLogGetPolicyConditionsForPermitApplication");
    char *sent = cJSON_PrintUnformatted(details);
    assert_text(calls->child, "body", sent);
    assert_string_equal(header_of(calls->child, "ManagedOrganizationId"), ORGANIZATION(42));
    free(sent);
    cJSON_Delete(calls);
    cJSON_Delete(details);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(applications_come_from_the_endpoint_that_is_there),
        TEST(other_errors_of_applications_stay),
        TEST(one_application_is_the_one_asked_for),
        TEST(the_count_is_a_number_of_requests),
        TEST(a_file_is_there_or_not),
        TEST(the_audit_trail_is_read_page_by_page),
        TEST(the_caller_matches_by_criteria),
        TEST(suggestions_come_as_they_are),
    };
    return cmocka_run_group_tests_name("lookups", tests, start_sandbox, stop_sandbox);
}
