#include "base/error.h"
#include "base/text.h"
#include "unit.h"

static void codes_keep_their_numbers_and_names(void **state)
{
    (void)state;
    static const struct {
        int number;
        const char *name;
    } rows[] = {
        {0, "ok"},         {1, "usage"},      {2, "config"},          {3, "memory"},        {4, "network"},
        {5, "tls"},        {6, "timeout"},    {7, "cancelled"},       {8, "token"},         {9, "permission"},
        {10, "forbidden"}, {11, "not_found"}, {12, "invalid"},        {13, "rate_limited"}, {14, "server"},
        {15, "protocol"},  {16, "conflict"},  {17, "unknown_outcome"}};
    assert_int_equal(COUNT(rows), TL_CODE_MAX);
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_string_equal(tl_code_name((tl_code)rows[i].number), rows[i].name);
    }
}

static void numbers_that_are_no_code_are_unknown(void **state)
{
    (void)state;
    assert_string_equal(tl_code_name(TL_CODE_MAX), "unknown");
    assert_string_equal(tl_code_name((tl_code)12345), "unknown");
    assert_string_equal(tl_code_name((tl_code)-1), "unknown");
}

static void version_is_that_of_the_build(void **state)
{
    (void)state;
    assert_string_equal(tl_version(), TL_VERSION);
}

static void fail_records_and_returns_the_code(void **state)
{
    (void)state;
    tl_error err = TL_ERROR_INIT;
    assert_int_equal(tl_fail(&err, TL_INVALID, "Member \"%s\" is %d.", "mode", 7), TL_INVALID);
    assert_int_equal(err.code, TL_INVALID);
    assert_string_equal(err.message, "Member \"mode\" is 7.");
    assert_int_equal(err.http_status, 0);
    assert_false(err.retriable);
    assert_int_equal(err.applied, TL_APPLIED_NO);
    assert_string_equal(err.logger_id, "");
}

static void first_error_wins(void **state)
{
    (void)state;
    tl_error err = TL_ERROR_INIT;
    tl_fail(&err, TL_NETWORK, "first");
    assert_int_equal(tl_fail(&err, TL_USAGE, "second"), TL_USAGE);
    assert_int_equal(err.code, TL_NETWORK);
    assert_string_equal(err.message, "first");
}

static void nowhere_to_record_is_allowed(void **state)
{
    (void)state;
    assert_int_equal(tl_fail(NULL, TL_TLS, "%s", "x"), TL_TLS);
    assert_int_equal(tl_fail_memory(NULL), TL_MEMORY);
    tl_error_clear(NULL);
}

static void exhausted_memory_has_a_message(void **state)
{
    (void)state;
    tl_error err = TL_ERROR_INIT;
    assert_int_equal(tl_fail_memory(&err), TL_MEMORY);
    assert_int_equal(err.code, TL_MEMORY);
    assert_true(strlen(err.message) > 0);
}

static void clear_empties_all_members(void **state)
{
    (void)state;
    tl_error err = {TL_SERVER, 503, true, TL_APPLIED_UNKNOWN, "id", "text"};
    tl_error_clear(&err);
    assert_int_equal(err.code, TL_OK);
    assert_int_equal(err.http_status, 0);
    assert_false(err.retriable);
    assert_int_equal(err.applied, TL_APPLIED_NO);
    assert_string_equal(err.logger_id, "");
    assert_string_equal(err.message, "");
}

static void message_stays_one_line_of_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *expected;
    } rows[] = {
        {"a\nb\r\nc\td", "a b  c d"},
        {"bell\x07 del\x7f esc\x1b[0m", "bell  del  esc [0m"},
        {"next line \xC2\x85|", "next line   |"},
        {"separators \xE2\x80\xA8|\xE2\x80\xA9|", "separators    |   |"},
        {"Zahn\xC3\xA4rzte \xF0\x9F\x94\x92", "Zahn\xC3\xA4rzte \xF0\x9F\x94\x92"},
        {"broken \xC3( \xFF\xED\xA0\x80", "broken ?( ????"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_error err = TL_ERROR_INIT;
        tl_fail(&err, TL_PROTOCOL, "%s", rows[i].text);
        assert_string_equal(err.message, rows[i].expected);
    }
}

static void long_message_is_cut_at_a_character(void **state)
{
    (void)state;
    static const char *const characters[] = {"x", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x94\x92"};
    for (size_t kind = 0; kind < COUNT(characters); kind++) {
        for (size_t shift = 0; shift < 4; shift++) {
            size_t width = strlen(characters[kind]);
            char text[1024] = "....";
            text[shift] = '\0';
            while (strlen(text) + width < sizeof text) {
                strcat(text, characters[kind]);
            }
            tl_error err = TL_ERROR_INIT;
            tl_fail(&err, TL_PROTOCOL, "%s", text);
            size_t room = sizeof err.message - 1 - shift;
            assert_int_equal(strlen(err.message), shift + room / width * width);
            assert_true(tl_utf8_valid(err.message, strlen(err.message)));
            assert_memory_equal(err.message, text, strlen(err.message));
        }
    }
}

static void message_that_just_fits_is_whole(void **state)
{
    (void)state;
    tl_error err = TL_ERROR_INIT;
    char text[sizeof err.message];
    memset(text, 'y', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    tl_fail(&err, TL_PROTOCOL, "%s", text);
    assert_string_equal(err.message, text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_keep_their_numbers_and_names),
        cmocka_unit_test(numbers_that_are_no_code_are_unknown),
        cmocka_unit_test(version_is_that_of_the_build),
        cmocka_unit_test(fail_records_and_returns_the_code),
        cmocka_unit_test(first_error_wins),
        cmocka_unit_test(nowhere_to_record_is_allowed),
        cmocka_unit_test(exhausted_memory_has_a_message),
        cmocka_unit_test(clear_empties_all_members),
        cmocka_unit_test(message_stays_one_line_of_utf8),
        cmocka_unit_test(long_message_is_cut_at_a_character),
        cmocka_unit_test(message_that_just_fits_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
