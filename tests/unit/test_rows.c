/* The shapes that replies must have, and the texts of queries. */
#include "details.h"
#include "json_case.h"
#include "portal/rows.h"

static void rows_are_objects_with_their_ids(void **state)
{
    (void)state;
    static const struct {
        const char *reply; /* NULL: nothing came */
        const char *member;
        const char *part; /* of the refusal; NULL: good */
    } cases[] = {
        {NULL, "applicationId", NULL},
        {"[]", "applicationId", NULL},
        {"[{}]", NULL, NULL},
        {"[{'applicationId':'" OWN "'},{'applicationId':'" BUILTIN "','x':null}]", "applicationId", NULL},
        {"{}", NULL, "the reply is no array"},
        {"7", NULL, "the reply is no array"},
        {"'[]'", NULL, "the reply is no array"},
        {"[{},null]", NULL, "a row is no object"},
        {"[[]]", NULL, "a row is no object"},
        {"['x']", NULL, "a row is no object"},
        {"[{}]", "applicationId", "a row has no applicationId"},
        {"[{'applicationId':null}]", "applicationId", "a row has no applicationId"},
        {"[{'applicationId':7}]", "applicationId", "a row has no applicationId"},
        {"[{'applicationId':'x'}]", "applicationId", "a row has no applicationId"},
        {"[{'ApplicationId':'" OWN "'}]", "applicationId", "a row has no applicationId"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        cJSON *rows = cases[i].reply == NULL ? NULL : json_of(cases[i].reply);
        tl_error err = TL_ERROR_INIT;
        tl_code code = tl_expect_rows(&rows, TL_APPLICATIONS_TO_ADD_TO, cases[i].member, &err);
        if (cases[i].part == NULL) {
            assert_int_equal(code, TL_OK);
            assert_true(cJSON_IsArray(rows));
        } else {
            assert_refused(code, &err, TL_PROTOCOL, cases[i].part, cases[i].reply);
            assert_non_null(strstr(err.message, "ApplicationGetListForAddToApplication: "));
            assert_null(rows);
        }
        cJSON_Delete(rows);
    }
}

static void an_object_is_there_or_not(void **state)
{
    (void)state;
    static const struct {
        const char *reply;
        tl_code code;
    } cases[] = {{NULL, TL_NOT_FOUND}, {"[]", TL_PROTOCOL},    {"7", TL_PROTOCOL},
                 {"{}", TL_OK},        {"false", TL_PROTOCOL}, {"{'a':null}", TL_OK}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        cJSON *object = cases[i].reply == NULL ? NULL : json_of(cases[i].reply);
        assert_int_equal(tl_expect_object(&object, TL_APPLICATION_BY_ID, NULL), cases[i].code);
        assert_true((object != NULL) == (cases[i].code == TL_OK));
        cJSON_Delete(object);
    }
    /* The hint is for calls that name an organization. */
    cJSON *none = NULL;
    tl_error err = TL_ERROR_INIT;
    (void)tl_expect_object(&none, TL_APPLICATION_BY_ID, &err);
    assert_non_null(strstr(err.message, "organization_id"));
    err = (tl_error)TL_ERROR_INIT;
    (void)tl_expect_object(&none, TL_APPLICATION_RESEARCH, &err);
    assert_null(strstr(err.message, "organization_id"));
}

static void queries_are_encoded(void **state)
{
    (void)state;
    tl_buffer query = {.limit = TL_MAX_QUERY};
    tl_query_text(&query, "a", NULL);
    tl_query_text(&query, "b", "");
    assert_null(query.data);
    tl_query_integer(&query, "osType", -7);
    tl_query_text(&query, "searchText", "a&b=c d/\xC3\xA9#%");
    assert_string_equal(query.data, "osType=-7&searchText=a%26b%3Dc%20d%2F%C3%A9%23%25");
    tl_buffer_free(&query);
    /* The longest search text fits. */
    char search[1001];
    memset(search, '%', sizeof search - 1);
    search[sizeof search - 1] = '\0';
    query = (tl_buffer){.limit = TL_MAX_QUERY};
    tl_query_integer(&query, "osType", INT64_MIN);
    tl_query_text(&query, "searchText", search);
    assert_false(query.failed);
    tl_buffer_free(&query);
}

static void only_404_and_405_mean_that_there_is_no_endpoint(void **state)
{
    (void)state;
    static const int others[] = {0, 200, 400, 401, 403, 410, 417, 440, 500, 501};
    tl_error err = TL_ERROR_INIT;
    for (size_t i = 0; i < COUNT(others); i++) {
        err.http_status = others[i];
        assert_false(tl_no_such_endpoint(&err));
    }
    err.http_status = 404;
    assert_true(tl_no_such_endpoint(&err));
    err.http_status = 405;
    assert_true(tl_no_such_endpoint(&err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_objects_with_their_ids),
        cmocka_unit_test(an_object_is_there_or_not),
        cmocka_unit_test(queries_are_encoded),
        cmocka_unit_test(only_404_and_405_mean_that_there_is_no_endpoint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
