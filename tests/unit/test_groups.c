/* Computer groups as the dropdown tells them. */
#include "details.h"
#include "json_case.h"
#include "portal/groups.h"

static void dropdown_rows_get_the_names_of_groups(void **state)
{
    (void)state;
    static const struct {
        const char *rows;
        const char *expected; /* NULL: TL_PROTOCOL */
    } cases[] = {
        {"[]", "[]"},
        {"[{'label':'Workstations','value':'" GROUP "','numericValue':1}]",
         "[{'label':'Workstations','value':'" GROUP "','numericValue':1,'computerGroupId':'" GROUP
         "','name':'Workstations'}]"},
        {"[{'value':'" GROUP "'}]", "[{'value':'" GROUP "','computerGroupId':'" GROUP "','name':''}]"},
        {"[{'value':'" GROUP "','label':null,'name':'n'}]",
         "[{'value':'" GROUP "','label':null,'name':'n','computerGroupId':'" GROUP "'}]"},
        {"[{'value':'" GROUP "','label':7}]",
         "[{'value':'" GROUP "','label':7,'computerGroupId':'" GROUP "','name':''}]"},
        {"[{'value':'" GROUP "','label':'a','computerGroupId':'" OTHER_GROUP "','name':[]}]",
         "[{'value':'" GROUP "','label':'a','computerGroupId':'" GROUP "','name':'a'}]"},
        /* Headings and "none" are no groups. */
        {"[{'label':'All','value':'" ZERO_GUID "'},{'label':'x','value':''},{'label':'y','value':null},"
         "{'label':'z'},{'label':'g','value':'" GROUP "'}]",
         "[{'label':'g','value':'" GROUP "','computerGroupId':'" GROUP "','name':'g'}]"},
        {"[{'label':'x','value':'7'}]", NULL},
        {"[{'label':'x','value':7}]", NULL},
        {"[{'label':'x','value':{}}]", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        cJSON *rows = json_of(cases[i].rows);
        tl_error err = TL_ERROR_INIT;
        tl_code code = tl_name_dropdown_rows(rows, &err);
        if (cases[i].expected == NULL) {
            assert_refused(code, &err, TL_PROTOCOL,
                           "ComputerGroupGetDropdownByOrganizationId: ", cases[i].rows);
        } else {
            char *expected = quoted(cases[i].expected);
            assert_int_equal(code, TL_OK);
            assert_text_and_free(text_of(rows), expected);
            free(expected);
        }
        cJSON_Delete(rows);
    }
}

static void operating_systems_have_the_words_of_the_dropdown(void **state)
{
    (void)state;
    assert_string_equal(tl_computer_os_word(1), "windows");
    assert_string_equal(tl_computer_os_word(2), "mac");
    assert_string_equal(tl_computer_os_word(3), "linux");
    assert_string_equal(tl_computer_os_word(5), "windows xp");
    assert_null(tl_computer_os_word(0));
    assert_null(tl_computer_os_word(4));
    assert_null(tl_computer_os_word(7));
}

static void an_impossible_operating_system_is_refused(void **state)
{
    (void)state;
    cJSON *rows = NULL;
    tl_error err = TL_ERROR_INIT;
    assert_refused(tl_computer_groups(&rows, NULL, NULL, -1, &err), &err, TL_INVALID, "os_type", "-1");
    assert_null(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dropdown_rows_get_the_names_of_groups),
        cmocka_unit_test(operating_systems_have_the_words_of_the_dropdown),
        cmocka_unit_test(an_impossible_operating_system_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
