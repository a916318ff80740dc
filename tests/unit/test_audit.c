/* What the audit trail is asked for. */
#include "details.h"
#include "json_case.h"
#include "portal/audit.h"

#define PAGING "'pageNumber':1,'pageSize':25,'viewChildOrganizations':false}"

static void a_query_becomes_a_body(void **state)
{
    (void)state;
    static const struct {
        const char *query; /* NULL: none */
        const char *body;
    } cases[] = {
        {NULL, "{" PAGING},
        {"{}", "{" PAGING},
        {"{'user':null,'since':null,'children':null,'page':null}", "{" PAGING},
        {"{'user':'*@example.com','action':'Modify','effective_action':'e','details':'d','ip_address':'192.0."
         "2.*',"
         "'search':'s','object_id':'" REQUEST "'}",
         "{'emailAddress':'*@example.com','action':'Modify','ipAddress':'192.0.2.*','effectiveAction':'e',"
         "'details':'d','searchText':'s','objectId':'" REQUEST "'," PAGING},
        {"{'since':'2026-06-01T00:00:00.25Z','until':'2026-06-01T00:00:01+00:00'}",
         "{'startDate':'2026-06-01T00:00:00Z','endDate':'2026-06-01T00:00:01Z'," PAGING},
        {"{'page':3,'page_size':1000,'children':true}",
         "{'pageNumber':3,'pageSize':1000,'viewChildOrganizations':true}"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        cJSON *query = cases[i].query == NULL ? NULL : json_of(cases[i].query);
        cJSON *expected = json_of(cases[i].body);
        cJSON *body;
        tl_error err = TL_ERROR_INIT;
        if (tl_audit_body(&body, query, &err) != TL_OK) {
            fail_msg("%s: %s", cases[i].query, err.message);
        }
        if (!cJSON_Compare(body, expected, true)) {
            char *got = text_of(body);
            fail_msg("%s: %s, not %s", cases[i].query, got, cases[i].body);
        }
        cJSON_Delete(body);
        cJSON_Delete(expected);
        cJSON_Delete(query);
    }
}

static void a_wrong_query_is_refused_by_its_member(void **state)
{
    (void)state;
    static const struct {
        const char *query;
        const char *part;
    } cases[] = {
        {"[]", "the audit query must be an object"},
        {"{'User':'x'}", "unknown member: User"},
        {"{'emailAddress':'x'}", "known: user, action"},
        {"{'user':7}", "user must be a text"},
        {"{'search':['x']}", "search must be a text"},
        {"{'object_id':'x'}", "object_id must be a GUID"},
        {"{'object_id':'" ZERO_GUID "'}", "object_id must be a GUID"},
        {"{'since':'yesterday'}", "since must be a UTC time"},
        {"{'until':'2026-06-01T00:00:00'}", "until must be a UTC time"},
        {"{'until':1780000000}", "until must be a text"},
        {"{'since':'2026-06-02T00:00:00Z','until':'2026-06-01T00:00:00Z'}", "since must not be after until"},
        {"{'children':1}", "children must be true or false"},
        {"{'page':0}", "page must be a whole number from 1"},
        {"{'page':1.5}", "page must be a whole number"},
        {"{'page_size':1001}", "page_size must be a whole number from 1 to 1000"},
        {"{'page_size':'25'}", "page_size must be a whole number"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        cJSON *query = json_of(cases[i].query);
        cJSON *rows = NULL;
        tl_page page = {0, 0, 0, 0};
        tl_error err = TL_ERROR_INIT;
        /* Nothing is sent: there is not even a client. */
        tl_code code = tl_audit(&rows, &page, NULL, NULL, query, &err);
        assert_refused(code, &err, TL_INVALID, cases[i].part, cases[i].query);
        assert_int_equal(page.total_items, -1);
        assert_null(rows);
        cJSON_Delete(query);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_query_becomes_a_body),
        cmocka_unit_test(a_wrong_query_is_refused_by_its_member),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
