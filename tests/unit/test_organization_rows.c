/* Organizations in the shapes that the endpoints may have. */
#include "details.h"
#include "json_case.h"
#include "portal/organization_rows.h"
#include "threatlocker/organizations.h"

#define A "0a000000-0000-4000-8000-00000000000a"
#define A_LOUD "0A000000-0000-4000-8000-00000000000A"
#define B "0b000000-0000-4000-8000-00000000000b"
#define ROW(id, name) "{'organizationId':'" id "','name':'" name "'}"

static void rows_are_read_leniently(void **state)
{
    (void)state;
    static const struct {
        const char *reply; /* NULL: nothing came */
        const char *search;
        const char *expected; /* NULL: TL_PROTOCOL */
    } cases[] = {
        {NULL, NULL, "[]"},
        {"[]", NULL, "[]"},
        /* The three shapes that are known or likely. */
        {"[{'label':'Acme','value':'" A "'}]", NULL, "[" ROW(A, "Acme") "]"},
        {"[{'organizationId':'" A "','displayName':'Acme','x':[1]}]", NULL, "[" ROW(A, "Acme") "]"},
        {"[{'id':'" A "','name':'Acme'}]", NULL, "[" ROW(A, "Acme") "]"},
        /* The first GUID decides, the first text names. */
        {"[{'value':'" B "','id':7,'organizationId':'" A "','label':'l','displayName':'d','name':''}]", NULL,
         "[" ROW(A, "d") "]"},
        {"[{'organizationId':null,'id':'','value':'" B "'}]", NULL, "[" ROW(B, "") "]"},
        {"[{'id':7,'value':'" B "','name':7,'label':'b'}]", NULL, "[" ROW(B, "b") "]"},
        /* Each once, in order. */
        {"[" ROW(B, "b") "," ROW(A, "a") "," ROW(A_LOUD, "again") "," ROW(B, "b") "]", NULL,
         "[" ROW(B, "b") "," ROW(A, "a") "]"},
        /* No organizations. */
        {"[{'label':'All','value':'" ZERO_GUID "'},{'id':null,'name':'x'},{'value':''}," ROW(A, "a") "]",
         NULL, "[" ROW(A, "a") "]"},
        {"[{'organizationId':'" ZERO_GUID "','id':'" A "'}]", NULL, "[]"},
        /* Searched by name. */
        {"[" ROW(A, "Acme Dental") "," ROW(B, "Other") "]", "aCME d", "[" ROW(A, "Acme Dental") "]"},
        {"[" ROW(A, "Acme") "," ROW(B, "Zac") "]", "AC", "[" ROW(A, "Acme") "," ROW(B, "Zac") "]"},
        {"[" ROW(A, "Acme") "]", "acmes", "[]"},
        {"[" ROW(A, "") "]", "a", "[]"},
        {"[" ROW(A, "") "]", "", "[" ROW(A, "") "]"},
        {"[" ROW(A, "\xC3\x84rzte") "]", "\xC3\xA4rzte", "[]"}, /* only ASCII */
        {"[" ROW(A, "[x]") "]", "{X}", "[]"},
        /* Not to be read. */
        {"{}", NULL, NULL},
        {"{'" A "':'Acme'}", NULL, NULL},
        {"'text'", NULL, NULL},
        {"[null]", NULL, NULL},
        {"['" A "']", NULL, NULL},
        {"[{}]", NULL, NULL},
        {"[{'name':'Acme'}]", NULL, NULL},
        {"[{'OrganizationId':'" A "'}]", NULL, NULL},
        {"[{'id':7,'name':'Acme'}]", NULL, NULL},
        {"[{'id':'7','value':null}]", NULL, NULL},
        {"[" ROW(A, "a") ",{'organizationId':{}}]", NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        cJSON *reply = cases[i].reply == NULL ? NULL : json_of(cases[i].reply);
        tl_organization_list list = {.search = cases[i].search, .rows = cJSON_CreateArray()};
        tl_organization_page page;
        tl_error err = TL_ERROR_INIT;
        tl_code code = tl_add_organizations(&list, &page, reply, "Endpoint", &err);
        if (cases[i].expected == NULL) {
            assert_refused(code, &err, TL_PROTOCOL, "Endpoint: ", cases[i].reply);
        } else {
            char *expected = quoted(cases[i].expected);
            assert_int_equal(code, TL_OK);
            assert_int_equal(page.rows, cJSON_GetArraySize(reply));
            assert_text_and_free(text_of(list.rows), expected);
            free(expected);
        }
        tl_id_set_free(&list.seen);
        cJSON_Delete(list.rows);
        cJSON_Delete(reply);
    }
}

/* What came on an earlier page is not new, and what is not searched for counts all the same. */
static void pages_are_gathered(void **state)
{
    (void)state;
    tl_organization_list list = {.search = "acme", .rows = cJSON_CreateArray()};
    static const struct {
        const char *reply;
        int64_t rows, new_ids;
    } pages[] = {
        {"[" ROW(A, "Acme") "," ROW(B, "Other") "]", 2, 2},
        {"[" ROW(B, "Other") ",{'id':null}," ROW(ORGANIZATION, "ACME 2") "]", 3, 1},
        {"[" ROW(A, "Acme") "]", 1, 0},
    };
    for (size_t i = 0; i < COUNT(pages); i++) {
        cJSON *reply = json_of(pages[i].reply);
        tl_organization_page page;
        assert_int_equal(tl_add_organizations(&list, &page, reply, "Endpoint", NULL), TL_OK);
        assert_int_equal(page.rows, pages[i].rows);
        assert_int_equal(page.new_ids, pages[i].new_ids);
        cJSON_Delete(reply);
    }
    char *expected = quoted("[" ROW(A, "Acme") "," ROW(ORGANIZATION, "ACME 2") "]");
    assert_text_and_free(text_of(list.rows), expected);
    free(expected);
    tl_id_set_free(&list.seen);
    cJSON_Delete(list.rows);
}

static void a_list_without_measure_is_refused(void **state)
{
    (void)state;
    tl_organization_list list = {.search = "none has this name", .rows = cJSON_CreateArray()};
    cJSON *reply = cJSON_CreateArray();
    for (int i = 0; i <= TL_MAX_ORGANIZATIONS; i++) {
        char id[40];
        snprintf(id, sizeof id, "0a000000-0000-4000-8000-%012x", (unsigned)i);
        cJSON *row = cJSON_CreateObject();
        assert_true(tl_json_set_text(row, "id", id));
        assert_true(tl_json_append(reply, row));
    }
    tl_organization_page page;
    tl_error err = TL_ERROR_INIT;
    tl_code code = tl_add_organizations(&list, &page, reply, "Endpoint", &err);
    assert_refused(code, &err, TL_PROTOCOL, "more than 100000 organizations", "many");
    tl_id_set_free(&list.seen);
    cJSON_Delete(list.rows);
    cJSON_Delete(reply);
}

static void the_last_page_is_known(void **state)
{
    (void)state;
    static const struct {
        int64_t rows, new_ids, total_pages, number;
        bool more;
    } cases[] = {
        {0, 0, -1, 1, false},
        {500, 500, -1, 1, true},
        {499, 499, -1, 1, false},
        {500, 0, -1, 2, false},
        {500, 1, -1, 2, true},
        {500, 500, 1, 1, false},
        {500, 500, 2, 1, true},
        {500, 500, 2, 2, false},
        /* A server that gives smaller pages than asked for, but says how many. */
        {25, 25, 3, 1, true},
        {25, 25, 3, 3, false},
        {25, 0, 3, 1, false},
        /* Nonsense tells nothing. */
        {500, 500, 0, 1, true},
        {10, 10, 0, 1, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        tl_organization_page seen = {cases[i].rows, cases[i].new_ids};
        tl_page told = {-1, -1, -1, cases[i].total_pages};
        assert_int_equal(tl_more_organizations(&seen, &told, cases[i].number), cases[i].more);
    }
}

/* Nothing is sent: there is not even a client. */
static void wrong_queries_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *via[4];
        const char *part;
    } cases[] = {
        {{NULL}, "via must name one of: move, parameters, children"},
        {{"Move", NULL}, "not Move"},
        {{"move", "", NULL}, "move, parameters and children, each at most once"},
        {{"children", "move", "children", NULL}, "not children"},
    };
    cJSON *rows = NULL;
    for (size_t i = 0; i < COUNT(cases); i++) {
        tl_organization_query query = TL_ORGANIZATION_QUERY_INIT;
        tl_error err = TL_ERROR_INIT;
        query.via = cases[i].via;
        assert_refused(tl_organizations(&rows, NULL, &query, &err), &err, TL_INVALID, cases[i].part, "via");
    }
    tl_organization_query query = TL_ORGANIZATION_QUERY_INIT;
    tl_error err = TL_ERROR_INIT;
    query.search = "\xFF";
    assert_refused(tl_organizations(&rows, NULL, &query, &err), &err, TL_INVALID, "search", "search");
    query.size--;
    err = (tl_error)TL_ERROR_INIT;
    assert_refused(tl_organizations(&rows, NULL, &query, &err), &err, TL_USAGE, "size", "size");
    err = (tl_error)TL_ERROR_INIT;
    assert_refused(tl_organizations(&rows, NULL, NULL, &err), &err, TL_USAGE, "size", "NULL");
    assert_null(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_read_leniently),           cmocka_unit_test(pages_are_gathered),
        cmocka_unit_test(a_list_without_measure_is_refused), cmocka_unit_test(the_last_page_is_known),
        cmocka_unit_test(wrong_queries_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
