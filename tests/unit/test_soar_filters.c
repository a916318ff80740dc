/* What a list is asked for, and ids in replies. */
#include "soar/client.h"
#include "soar/filters.h"
#include "unit.h"

static void texts_stay_within_their_quotes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *expected;
    } rows[] = {
        {"pending", "&_filter_x=%22pending%22"},
        {"", "&_filter_x=%22%22"},
        {"a\" or \"b", "&_filter_x=%22a%5C%22%20or%20%5C%22b%22"},
        {"a\\", "&_filter_x=%22a%5C%5C%22"},
        {"a&_filter_id=1#%22", "&_filter_x=%22a%26_filter_id%3D1%23%2522%22"},
        {"a\r\nX-Other: 1", "&_filter_x=%22a%5Cu000d%5Cu000aX-Other%3A%201%22"},
        {"\x7f", "&_filter_x=%22%5Cu007f%22"},
        {"\xc3\xa4", "&_filter_x=%22%C3%A4%22"},
        {"+/?", "&_filter_x=%22%2B%2F%3F%22"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_soar_filters filters = {0};
        const char *text = NULL;
        tl_soar_filter_text(&filters, "_filter_x", rows[i].text);
        assert_int_equal(tl_soar_filters_end(&text, &filters, "list", NULL), TL_OK);
        assert_string_equal(text, rows[i].expected);
        tl_soar_filters_clear(&filters);
    }
}

static void several_are_joined_in_their_order(void **state)
{
    (void)state;
    tl_soar_filters filters = {0};
    const char *text = NULL;
    assert_int_equal(tl_soar_filters_end(&text, &filters, "list", NULL), TL_OK);
    assert_string_equal(text, "");
    tl_soar_filter_text(&filters, "_filter_a", NULL);
    tl_soar_filter_integer(&filters, "_filter_id__gte", INT64_MIN);
    tl_soar_filter_text(&filters, "_exclude_status", "pending");
    assert_int_equal(tl_soar_filters_end(&text, &filters, "list", NULL), TL_OK);
    assert_string_equal(text, "&_filter_id__gte=-9223372036854775808&_exclude_status=%22pending%22");
    tl_soar_filters_clear(&filters);
}

/* A filter that was left out would find more than was asked for. */
static void what_cannot_be_sent_is_refused(void **state)
{
    (void)state;
    char *long_text = calloc(1, 8001);
    assert_non_null(long_text);
    memset(long_text, 'a', 8000);
    const char *rows[] = {"\xff", "a\xc3", "\xed\xa0\x80", long_text};
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_soar_filters filters = {0};
        tl_error err = TL_ERROR_INIT;
        const char *text = NULL;
        tl_soar_filter_text(&filters, "_filter_a", rows[i]);
        tl_soar_filter_text(&filters, "_filter_b", "fine");
        assert_int_equal(tl_soar_filters_end(&text, &filters, "list", &err), TL_INVALID);
        assert_int_equal(strncmp(err.message, "list: ", 6), 0);
        tl_soar_filters_clear(&filters);
    }
    free(long_text);
}

static void ids_are_positive_numbers_or_their_digits(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        int64_t id; /* 0 = none */
    } rows[] = {
        {"1", 1},
        {"\"1\"", 1},
        {"9007199254740993", 9007199254740993},
        {"\"9223372036854775807\"", INT64_MAX},
        {"\"9223372036854775808\"", 0},
        {"0", 0},
        {"\"0\"", 0},
        {"-1", 0},
        {"\"-1\"", 0},
        {"1.5", 0},
        {"1e3", 0},
        {"\"1e3\"", 0},
        {"\"\"", 0},
        {"\" 1\"", 0},
        {"\"01\"", 0},
        {"true", 0},
        {"null", 0},
        {"[1]", 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *node = NULL;
        int64_t id = 0;
        assert_int_equal(tl_json_parse(&node, rows[i].json, strlen(rows[i].json), NULL), TL_OK);
        bool read = tl_soar_read_id(node, &id);
        if (read != (rows[i].id != 0) || (read && id != rows[i].id))
            fail_msg("%s", rows[i].json);
        cJSON_Delete(node);
    }
    int64_t id;
    assert_false(tl_soar_read_id(NULL, &id));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_stay_within_their_quotes),
        cmocka_unit_test(several_are_joined_in_their_order),
        cmocka_unit_test(what_cannot_be_sent_is_refused),
        cmocka_unit_test(ids_are_positive_numbers_or_their_digits),
    };
    return cmocka_run_group_tests_name("soar filters", tests, NULL, NULL);
}
