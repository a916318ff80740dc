/* Lists of applications: what is asked for, and what is found in them. */
#include "details.h"
#include "json_case.h"
#include "portal/applications.h"

static void elements_are_found_by_guid(void **state)
{
    (void)state;
    cJSON *list = json_of("[null,7,{},{'applicationId':null},{'applicationId':7},{'ApplicationId':'" OWN
                          "'},{'applicationId':'0F000000-0000-4000-8000-00000000101F','n':1},"
                          "{'applicationId':'" BUILTIN "','n':2},{'applicationId':'" OWN "','n':3}]");
    static const struct {
        const char *guid;
        const char *n;
    } rows[] = {
        {BUILTIN, "1"},         {"0f000000-0000-4000-8000-00000000202F", "3"},
        {OPERATION, "absent"},  {"", "absent"},
        {"0f000000", "absent"}, {NULL, "absent"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const cJSON *found = tl_find_by_guid(list, "applicationId", rows[i].guid);
        assert_text_and_free(text_of(node_at(found, "n")), rows[i].n);
    }
    assert_null(tl_find_by_guid(NULL, "applicationId", OWN));
    cJSON_Delete(list);
}

static void an_owner_that_is_not_told_counts_as_the_built_ins(void **state)
{
    (void)state;
    static const struct {
        const char *application;
        bool builtin;
    } rows[] = {
        {"{'organizationName':'master'}", true},
        {"{'organizationName':'Master'}", true},
        {"{'organizationName':null}", true},
        {"{'organizationName':''}", true},
        {"{'organizationName':7}", true},
        {"{'OrganizationName':'Example'}", true},
        {"{}", true},
        {"null", true},
        {"{'organizationName':'Example'}", false},
        {"{'organizationName':'masters'}", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *application = json_of(rows[i].application);
        if (tl_is_builtin(application) != rows[i].builtin) {
            fail_msg("%s", rows[i].application);
        }
        cJSON_Delete(application);
    }
    assert_true(tl_is_builtin(NULL));
}

static void options_name_an_organization_only_when_one_is_known(void **state)
{
    (void)state;
#define REST ",'includeBuiltIn':false,'searchText':"
#define TAIL ",'hostName':'','onlyPermitted':false}"
    static const struct {
        const char *organization;
        int64_t os_type;
        const char *search;
        const char *expected;
    } rows[] = {
        {ORGANIZATION, 1, NULL, "{'organizationId':'" ORGANIZATION "','osType':1" REST "''" TAIL},
        {NULL, 3, "a b", "{'osType':3" REST "'a b'" TAIL},
        {ZERO_GUID, 2, "", "{'osType':2" REST "''" TAIL},
        {"", 5, "x", "{'osType':5" REST "'x'" TAIL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *body = tl_application_options(rows[i].organization, rows[i].os_type, rows[i].search);
        char *expected = quoted(rows[i].expected);
        assert_text_and_free(text_of(body), expected);
        free(expected);
        cJSON_Delete(body);
    }
}

/* Nothing is sent: there is not even a client. */
static void wrong_arguments_are_refused_before_anything_is_sent(void **state)
{
    (void)state;
    cJSON *out = NULL;
    tl_error err = TL_ERROR_INIT;
    assert_refused(tl_applications(&out, NULL, NULL, -1, NULL, &err), &err, TL_INVALID, "os_type", "-1");
    err = (tl_error)TL_ERROR_INIT;
    assert_refused(tl_applications(&out, NULL, NULL, 1, "\xFF", &err), &err, TL_INVALID, "search", "bytes");
    char long_search[1002];
    memset(long_search, 'a', sizeof long_search - 1);
    long_search[sizeof long_search - 1] = '\0';
    err = (tl_error)TL_ERROR_INIT;
    assert_refused(tl_applications(&out, NULL, NULL, 1, long_search, &err), &err, TL_INVALID,
                   "at most 1000 bytes", "long");
    err = (tl_error)TL_ERROR_INIT;
    assert_refused(tl_maintenance_applications(&out, NULL, NULL, INT64_C(1) << 31, &err), &err, TL_INVALID,
                   "os_type", "2^31");
    err = (tl_error)TL_ERROR_INIT;
    assert_refused(tl_application_get(&out, NULL, NULL, "x", &err), &err, TL_INVALID, "applicationId", "get");
    err = (tl_error)TL_ERROR_INIT;
    assert_refused(tl_application_research(&out, NULL, ZERO_GUID, &err), &err, TL_INVALID, "applicationId",
                   "research");
    err = (tl_error)TL_ERROR_INIT;
    assert_refused(tl_suggest_conditions(&out, NULL, NULL, NULL, &err), &err, TL_INVALID, "details",
                   "suggest");
    assert_null(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_are_found_by_guid),
        cmocka_unit_test(an_owner_that_is_not_told_counts_as_the_built_ins),
        cmocka_unit_test(options_name_an_organization_only_when_one_is_known),
        cmocka_unit_test(wrong_arguments_are_refused_before_anything_is_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
