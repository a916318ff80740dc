/* Lookups over sockets. The replies are scripted, word for word, so that each shape that is documented, was
 * observed or is feared comes once. */
#include "harness.h"

#define ADD_TO "ApplicationGetListForAddToApplication"
#define OPTIONS "ApplicationGetForApplicationOptions"
#define MOVE "OrganizationGetForMoveComputers"
#define PARAMETERS "OrganizationGetChildOrganizationsByParameters"
#define CHILDREN "OrganizationGetChildrenIdsAndName"
#define FOR_PERMIT "ComputerGroupGetForPermitApplication"
#define DROPDOWN "ComputerGroupGetDropdownByOrganizationId"
#define AUDIT "SystemAuditGetByParameters"

#define APP "[{'applicationId':'" APPLICATION(202) "','applicationName':'Field'}]"
#define ACME "'0a000000-0000-4000-8000-00000000000a'"
#define ZAC "'0a000000-0000-4000-8000-00000000000b'"
#define ACME_ROW "{'organizationId':" ACME ",'name':'Acme'}"
#define ZAC_ROW "{'organizationId':" ZAC ",'name':'Zac'}"

static tl_client *client;
static tl_error err;

static char *with_quotes(const char *text)
{
    char *copy = strdup(text);
    assert_non_null(copy);
    for (char *c = copy; *c != '\0'; c++)
        *c = *c == '\'' ? '"' : *c;
    return copy;
}

/* The endpoint's next reply; `pagination` may be NULL. */
static void script(const char *endpoint, int status, const char *body, const char *pagination)
{
    cJSON *fault = json("{'kind':'status','match':'%s','status':%d,'headers':{},'times':1,"
                        "'content_type':'application/json'}",
                        endpoint, status);
    char *text = with_quotes(body);
    cJSON_AddStringToObject(fault, "body", text);
    free(text);
    if (pagination != NULL) {
        text = with_quotes(pagination);
        cJSON_AddStringToObject(cJSON_GetObjectItemCaseSensitive(fault, "headers"), "Pagination", text);
        free(text);
    }
    cJSON_Delete(control_send("fault", fault));
    cJSON_Delete(fault);
}

static int new_client(void **state)
{
    (void)state;
    tl_client_options options = client_options();
    options.connection.retries = 0;
    control("reset", "{}");
    client = make_client(&options);
    err = (tl_error)TL_ERROR_INIT;
    return 0;
}

static int free_client(void **state)
{
    (void)state;
    tl_client_free(client);
    client = NULL;
    return 0;
}

static void assert_json_and_delete(cJSON *tree, const char *expected)
{
    char *wanted = with_quotes(expected);
    char *got = cJSON_PrintUnformatted(tree);
    assert_non_null(got);
    assert_string_equal(got, wanted);
    free(got);
    free(wanted);
    cJSON_Delete(tree);
}

/* The calls to an endpoint, one a line: query, body and organization. Then they are forgotten. */
static void assert_called(const char *endpoint, const char *expected)
{
    char got[4096] = "";
    cJSON *calls = calls_to(endpoint);
    const cJSON *call;
    cJSON_ArrayForEach (call, calls) {
        const char *organization = header_of(call, "ManagedOrganizationId");
        size_t length = strlen(got);
        snprintf(got + length, sizeof got - length, "%s|%s|%s\n", text_of(call, "query"),
                 text_of(call, "body"), organization == NULL ? "" : organization);
    }
    char *wanted = with_quotes(expected);
    assert_string_equal(got, wanted);
    free(wanted);
    cJSON_Delete(calls);
}

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

/* What the three endpoints answer, in the default order, and what comes of it. A status of 0: not asked. */
static void organizations_come_from_the_first_endpoint_that_can_be_read(void **state)
{
    (void)state;
#define DROPPED                                                                                              \
    "[{'label':'Acme','value':" ACME "},{'label':'All','value':null},{'label':'Zac','value':" ZAC "}]"
#define DISPLAYED "[{'organizationId':" ACME ",'displayName':'Acme'}]"
    static const struct {
        int move, parameters, children;
        const char *bodies[3];
        const char *rows; /* NULL: `code` */
        tl_code code;
        const char *part;
    } cases[] = {
        {200, 0, 0, {DROPPED}, "[" ACME_ROW "," ZAC_ROW "]", TL_OK, ""},
        {200, 0, 0, {"null"}, "[]", TL_OK, ""},
        {404, 200, 0, {"", DISPLAYED}, "[" ACME_ROW "]", TL_OK, ""},
        {401, 405, 200, {"", "", "[" ZAC_ROW "]"}, "[" ZAC_ROW "]", TL_OK, ""},
        {200, 200, 200, {"{}", "[{'name':'x'}]", "[" ZAC_ROW "]"}, "[" ZAC_ROW "]", TL_OK, ""},
        {200, 200, 0, {"<html>", "[]"}, "[]", TL_OK, ""},
        {401, 404, 405, {"{'Message':'no'}", "", ""}, NULL, TL_PERMISSION, MOVE ": the API user lacks"},
        {200, 404, 401, {"[7]", "", ""}, NULL, TL_PROTOCOL, MOVE ": a row"},
        {440, 0, 0, {""}, NULL, TL_TOKEN, MOVE},
        {404, 500, 0, {"", ""}, NULL, TL_SERVER, PARAMETERS},
        {417, 0, 0, {""}, NULL, TL_INVALID, MOVE},
    };
    static const char *const endpoints[] = {MOVE, PARAMETERS, CHILDREN};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const int statuses[] = {cases[i].move, cases[i].parameters, cases[i].children};
        tl_organization_query query = TL_ORGANIZATION_QUERY_INIT;
        cJSON *rows;
        control("reset", "{}");
        err = (tl_error)TL_ERROR_INIT;
        for (size_t j = 0; j < 3; j++)
            if (statuses[j] != 0)
                script(endpoints[j], statuses[j], cases[i].bodies[j], NULL);
        tl_code code = tl_organizations(&rows, client, &query, &err);
        if (cases[i].rows != NULL) {
            assert_ok(code, &err);
            assert_json_and_delete(rows, cases[i].rows);
        } else {
            assert_code(code, &err, cases[i].code);
            assert_non_null(strstr(err.message, cases[i].part));
            assert_null(rows);
        }
        for (size_t j = 0; j < 3; j++)
            assert_int_equal(count_calls(endpoints[j]), statuses[j] == 0 ? 0 : 1);
    }
}

static void the_caller_says_which_endpoints_are_asked(void **state)
{
    (void)state;
    static const char *const via[] = {"children", "move", NULL};
    tl_organization_query query = TL_ORGANIZATION_QUERY_INIT;
    query.via = via;
    query.search = "aC";
    query.organization_id = ORGANIZATION(42);
    cJSON *rows;
    script(CHILDREN, 404, "", NULL);
    script(MOVE, 200, "[" ACME_ROW "," ZAC_ROW ",{'value':'" ORGANIZATION(42) "','label':'Other'}]", NULL);
    assert_ok(tl_organizations(&rows, client, &query, &err), &err);
    assert_json_and_delete(rows, "[" ACME_ROW "," ZAC_ROW "]");
    assert_called(CHILDREN, "||" ORGANIZATION(42) "\n");
    assert_called(MOVE, "searchText=aC||" ORGANIZATION(42) "\n");
    assert_int_equal(count_calls(PARAMETERS), 0);
}

static void organizations_are_read_page_by_page(void **state)
{
    (void)state;
    static const char *const via[] = {"parameters", NULL};
    tl_organization_query query = TL_ORGANIZATION_QUERY_INIT;
    query.via = via;
    cJSON *rows;
    script(PARAMETERS, 200, "[" ACME_ROW "]", "{'currentPage':1,'totalPages':3}");
    script(PARAMETERS, 200, "[" ACME_ROW "," ZAC_ROW "]", "{'currentPage':2,'totalPages':3}");
    script(PARAMETERS, 200, "[" ZAC_ROW "]", "{'currentPage':3,'totalPages':3}");
    assert_ok(tl_organizations(&rows, client, &query, &err), &err);
    assert_json_and_delete(rows, "[" ACME_ROW "," ZAC_ROW "]");
#define PAGE(number)                                                                                         \
    "|{'pageNumber':" number ",'pageSize':500,'includeAllChildren':true,'isAscending':true,"                 \
    "'orderBy':'name','searchText':'','childOrganizations':true}|\n"
    assert_called(PARAMETERS, PAGE("1") PAGE("2") PAGE("3"));
    /* A page that cannot be read ends it: half a list is no list. */
    script(PARAMETERS, 200, "[" ACME_ROW "]", "{'totalPages':2}");
    script(PARAMETERS, 200, "[{}]", "{'totalPages':2}");
    assert_code(tl_organizations(&rows, client, &query, &err), &err, TL_PROTOCOL);
    assert_null(rows);
}

static void groups_come_from_the_dropdown_where_they_must(void **state)
{
    (void)state;
    cJSON *rows;
#define GROUP_ROW "{'computerGroupId':'" GROUP(07) "','name':'Workstations'}"
    script(FOR_PERMIT, 200, "[" GROUP_ROW "]", NULL);
    assert_ok(tl_computer_groups(&rows, client, ORGANIZATION(42), 0, &err), &err);
    assert_json_and_delete(rows, "[" GROUP_ROW "]");
    assert_called(FOR_PERMIT, "osType=0||" ORGANIZATION(42) "\n");
    script(FOR_PERMIT, 404, "", NULL);
    script(DROPDOWN, 200, "[{'label':'Workstations','value':'" GROUP(07) "'},{'label':'-','value':null}]",
           NULL);
    assert_ok(tl_computer_groups(&rows, client, NULL, 5, &err), &err);
    assert_json_and_delete(rows, "[{'label':'Workstations','value':'" GROUP(07) "','computerGroupId':'" GROUP(
                                     07) "','name':'Workstations'}]");
    assert_called(DROPDOWN, "computerGroupOSTypeId=5&computerOSType=windows%20xp&hideGlobals=false||\n");
    /* No word for this system: the dropdown would answer for another one. */
    script(FOR_PERMIT, 405, "", NULL);
    assert_code(tl_computer_groups(&rows, client, NULL, 7, &err), &err, TL_NOT_FOUND);
    assert_int_equal(count_calls(DROPDOWN), 1);
}

static void a_permit_takes_its_group_from_one_endpoint_only(void **state)
{
    (void)state;
    cJSON *choice = json("{'application':'new','name':'Field tool','rules':[{'hash':'" HASH "'}],"
                         "'scope':'group','dry_run':true}");
    cJSON *outcome;
    script(FOR_PERMIT, 404, "", NULL);
    script(DROPDOWN, 200, "[{'label':'Workstations','value':'" GROUP(07) "'}]", NULL);
    tl_code code = tl_permit(&outcome, client, ORGANIZATION(42), REQUEST(1001), choice, &err);
    if (code == TL_OK)
        assert_text(outcome, "outcome", "refused");
    assert_int_equal(count_calls(DROPDOWN), 0);
    assert_int_equal(times_applied_to_anything(), 0);
    cJSON_Delete(outcome);
    cJSON_Delete(choice);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, new_client, free_client)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(applications_come_from_the_endpoint_that_is_there),
        TEST(other_errors_of_applications_stay),
        TEST(one_application_is_the_one_asked_for),
        TEST(organizations_come_from_the_first_endpoint_that_can_be_read),
        TEST(the_caller_says_which_endpoints_are_asked),
        TEST(organizations_are_read_page_by_page),
        TEST(groups_come_from_the_dropdown_where_they_must),
        TEST(a_permit_takes_its_group_from_one_endpoint_only),
        TEST(the_count_is_a_number_of_requests),
        TEST(a_file_is_there_or_not),
        TEST(the_audit_trail_is_read_page_by_page),
        TEST(the_caller_matches_by_criteria),
        TEST(suggestions_come_as_they_are),
    };
    return cmocka_run_group_tests_name("lookups", tests, start_sandbox, stop_sandbox);
}
