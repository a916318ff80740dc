/* Organizations and their groups over sockets. */
#include "scripted.h"

#define MOVE "OrganizationGetForMoveComputers"
#define PARAMETERS "OrganizationGetChildOrganizationsByParameters"
#define CHILDREN "OrganizationGetChildrenIdsAndName"
#define FOR_PERMIT "ComputerGroupGetForPermitApplication"
#define DROPDOWN "ComputerGroupGetDropdownByOrganizationId"

#define ACME "'0a000000-0000-4000-8000-00000000000a'"
#define ZAC "'0a000000-0000-4000-8000-00000000000b'"
#define ACME_ROW "{'organizationId':" ACME ",'name':'Acme'}"
#define ZAC_ROW "{'organizationId':" ZAC ",'name':'Zac'}"

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

static void groups_of_all_systems_come_once_each(void **state)
{
    (void)state;
    cJSON *rows;
    script(FOR_PERMIT, 404, "", NULL);
    script(DROPDOWN, 200, "[{'label':'W','value':'" GROUP(07) "'}]", NULL);
    script(DROPDOWN, 200, "[{'label':'M','value':'" GROUP(09) "'},{'label':'W','value':'" GROUP(07) "'}]",
           NULL);
    script(DROPDOWN, 200, "null", NULL);
    script(DROPDOWN, 200, "[{'label':'W','value':'" GROUP(07) "'}]", NULL);
    assert_ok(tl_computer_groups(&rows, client, NULL, 0, &err), &err);
    assert_int_equal(cJSON_GetArraySize(rows), 2);
    assert_text(rows->child, "name", "W");
    assert_text(rows->child->next, "name", "M");
    cJSON_Delete(rows);
#define ALL(word) "computerGroupOSTypeId=0&computerOSType=" word "&hideGlobals=false||\n"
    assert_called(DROPDOWN, ALL("windows") ALL("mac") ALL("linux") ALL("windows%20xp"));
    /* All or nothing. */
    script(FOR_PERMIT, 404, "", NULL);
    script(DROPDOWN, 200, "[]", NULL);
    script(DROPDOWN, 500, "", NULL);
    assert_code(tl_computer_groups(&rows, client, NULL, 0, &err), &err, TL_SERVER);
    assert_null(rows);
}

static void a_permit_takes_its_group_from_one_endpoint_only(void **state)
{
    (void)state;
    cJSON *choice = json("{'application':'new','name':'Field tool','rules':[{'hash':'" HASH "'}],"
                         "'scope':'group','dry_run':true}");
    cJSON *outcome;
    script(FOR_PERMIT, 404, "", NULL);
    assert_ok(tl_permit(&outcome, client, ORGANIZATION(42), REQUEST(1001), choice, &err), &err);
    assert_text(outcome, "outcome", "refused");
    assert_text(outcome, "code", "not_found");
    assert_int_equal(count_calls(DROPDOWN), 0);
    cJSON_Delete(outcome);
    cJSON_Delete(choice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(organizations_come_from_the_first_endpoint_that_can_be_read),
        TEST(the_caller_says_which_endpoints_are_asked),
        TEST(organizations_are_read_page_by_page),
        TEST(groups_come_from_the_dropdown_where_they_must),
        TEST(groups_of_all_systems_come_once_each),
        TEST(a_permit_takes_its_group_from_one_endpoint_only),
    };
    return cmocka_run_group_tests_name("organizations", tests, start_sandbox, stop_sandbox);
}
