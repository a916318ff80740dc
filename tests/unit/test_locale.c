/* Nothing here depends on the locale that the program around us has set. */
#include <locale.h>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "unit.h"

static void check_numbers(void)
{
    static const char text[] = "[1.5,-0.25e-3,0.1,1.50,9007199254740993,1e300]";
    cJSON *tree = NULL;
    assert_int_equal(tl_json_parse(&tree, text, strlen(text), NULL), TL_OK);
    assert_true(tree->child->valuedouble == 1.5);
    assert_true(tree->child->next->valuedouble == -0.00025);
    char *printed = NULL;
    assert_int_equal(tl_json_print(&printed, NULL, tree, NULL), TL_OK);
    assert_text_and_free(printed, text);
    cJSON_Delete(tree);

    static const struct {
        double value;
        const char *text;
    } rows[] = {{0.1 + 0.2, "0.30000000000000004"},
                {-1.25e-9, "-1.25e-09"},
                {1.5e300, "1.5e+300"},
                {1e300, "1e+300"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *number = cJSON_CreateNumber(rows[i].value);
        assert_int_equal(tl_json_print(&printed, NULL, number, NULL), TL_OK);
        assert_text_and_free(printed, rows[i].text);
        cJSON_Delete(number);
    }
}

static void check_texts(void)
{
    assert_true(tl_equal_ignore_case("TITLE", "title"));
    assert_true(tl_is_guid("ABCDEFab-0000-4000-8000-000000001001"));
    assert_false(tl_is_header_value("\xC3\xA4"));
    tl_error err = TL_ERROR_INIT;
    tl_fail(&err, TL_INVALID, "%s is %d", "\xC3\xA4", 1234567);
    assert_string_equal(err.message, "\xC3\xA4 is 1234567");
}

static void check_in(const char *name)
{
    if (setlocale(LC_ALL, name) == NULL) {
        skip();
    }
    assert_string_not_equal(localeconv()->decimal_point, ".");
    check_numbers();
    check_texts();
    setlocale(LC_ALL, "C");
}

static void comma_as_decimal_point_changes_nothing(void **state)
{
    (void)state;
    check_in("de_DE.UTF-8");
}

static void decimal_point_of_two_bytes_changes_nothing(void **state)
{
    (void)state;
    check_in("ps_AF.UTF-8");
}

int main(void)
{
    /* Here, not from outside: libraries that read it while they load have leaks of their own. */
    setenv("LOCPATH", LOCALES, 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comma_as_decimal_point_changes_nothing),
        cmocka_unit_test(decimal_point_of_two_bytes_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
