#include "base/text.h"
#include "unit.h"

static void guids_are_told_from_other_texts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool guid;
        bool real;
    } rows[] = {
        {"0e000000-0000-4000-8000-000000001001", true, true},
        {"ABCDEFAB-cdef-4000-8000-FFFFffffFFFF", true, true},
        {"00000000-0000-0000-0000-000000000000", true, false},
        {"00000000-0000-0000-0000-000000000001", true, true},
        {"a0000000-0000-0000-0000-000000000000", true, true},
        {"", false, false},
        {"0e000000-0000-4000-8000-00000000100", false, false},
        {"0e000000-0000-4000-8000-0000000010011", false, false},
        {"0e000000-0000-4000-8000-00000000100g", false, false},
        {"0e00000000000-4000-8000-000000001001", false, false},
        {"{0e000000-0000-4000-8000-00000000100}", false, false},
        {"0e000000-0000-4000-8000-000000001001 ", false, false},
        {"0e000000000040008000000000001001", false, false},
        {"------------------------------------", false, false},
        {"0e000000-0000-4000-8000-00000000100\xC3", false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(tl_is_guid(rows[i].text), rows[i].guid);
        assert_int_equal(tl_is_real_guid(rows[i].text), rows[i].real);
    }
    assert_false(tl_is_guid(NULL));
    assert_false(tl_is_real_guid(NULL));
}

static void ascii_case_is_ignored_and_nothing_else(void **state)
{
    (void)state;
    assert_true(tl_equal_ignore_case("Permit", "pERMIT"));
    assert_true(tl_equal_ignore_case("", ""));
    assert_true(tl_equal_ignore_case(NULL, NULL));
    assert_false(tl_equal_ignore_case("Permit", "Permit "));
    assert_false(tl_equal_ignore_case("Permit", "Permi"));
    assert_false(tl_equal_ignore_case("[", "{"));
    assert_false(tl_equal_ignore_case("@", "`"));
    assert_false(tl_equal_ignore_case("\xC3\x84", "\xC3\xA4"));
    assert_false(tl_equal_ignore_case("", NULL));
    assert_false(tl_equal_ignore_case(NULL, "a"));
}

static void hex_digits_have_their_value(void **state)
{
    (void)state;
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    for (int c = -128; c < 128; c++) {
        const char *digit = memchr(digits, (unsigned char)c, sizeof digits - 1);
        assert_int_equal(tl_hex_value((char)c), digit == NULL ? -1 : (digit - digits) % 16);
    }
}

static void utf8_is_strict(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool valid;
    } rows[] = {
        {"", true},
        {"ascii", true},
        {"\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", true},
        {"\xED\x9F\xBF\xEE\x80\x80", true},
        {"\x80", false},
        {"\xC0\xAF", false},
        {"\xC1\x81", false},
        {"\xE0\x80\xAF", false},
        {"\xF0\x80\x80\xAF", false},
        {"\xED\xA0\x80", false},
        {"\xED\xBF\xBF", false},
        {"\xF4\x90\x80\x80", false},
        {"\xF8\x88\x80\x80\x80", false},
        {"\xFE", false},
        {"\xC3", false},
        {"\xE2\x82", false},
        {"\xF0\x9F\x94", false},
        {"\xC3\xC3\xA4", false},
        {"a\xE2\x28\xA1", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t length = strlen(rows[i].text);
        char *copy = exact_copy(rows[i].text, length);
        assert_int_equal(tl_utf8_valid(copy, length), rows[i].valid);
        free(copy);
    }
    assert_true(tl_utf8_valid("a\0b", 3));
}

static void prefix_does_not_cut_characters(void **state)
{
    (void)state;
    static const char text[] = "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x94\x92z"; /* starts at 0, 1, 3, 6, 10 */
    static const size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
    for (size_t limit = 0; limit < COUNT(expected); limit++) {
        assert_int_equal(tl_utf8_prefix(text, strlen(text), limit), expected[limit]);
    }
    assert_int_equal(tl_utf8_prefix("\xBF\xBF\xBF\xBF\xBF\xBF", 6, 5), 5);
    assert_int_equal(tl_utf8_prefix("", 0, 0), 0);
}

static void header_values_are_printable_ascii(void **state)
{
    (void)state;
    static const char *const good[] = {"x", "Bearer abc", "~!{}", "a  b"};
    static const char *const bad[] = {"",     " x",   "x ",    " ",        "a\r\nb",
                                      "a\nb", "a\tb", "a\x7f", "\xC3\xA4", "\x01"};
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(tl_is_header_value(good[i]));
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_false(tl_is_header_value(bad[i]));
    }
    assert_false(tl_is_header_value(NULL));
}

static void trim_takes_ascii_white_space_off(void **state)
{
    (void)state;
    assert_text_and_free(tl_trim(" \t\r\n\v\f a b \n"), "a b");
    assert_text_and_free(tl_trim("ab"), "ab");
    assert_text_and_free(tl_trim(" \n "), "");
    assert_text_and_free(tl_trim(""), "");
    assert_text_and_free(tl_trim(NULL), "");
    assert_text_and_free(tl_trim("\xC2\xA0x"), "\xC2\xA0x");
}

static void base64_is_decoded(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *bytes;
        size_t length;
    } rows[] = {{"", "", 0},
                {"Zg==", "f", 1},
                {"Zm8=", "fo", 2},
                {"Zm9v", "foo", 3},
                {"Zm9vYg==", "foob", 4},
                {"Zm9vYmFy", "foobar", 6},
                {"AAECAwQ=", "\0\1\2\3\4", 5},
                {"+/+/", "\xFB\xFF\xBF", 3}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t length = 99;
        char *text = exact_copy(rows[i].text, strlen(rows[i].text));
        char *bytes = tl_base64_decode(text, strlen(rows[i].text), &length);
        assert_non_null(bytes);
        assert_int_equal(length, rows[i].length);
        assert_memory_equal(bytes, rows[i].bytes, length);
        assert_int_equal(bytes[length], '\0');
        free(bytes);
        free(text);
    }
}

static void loose_base64_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "Z",    "Zg",    "Zg=",        "Zm9",       "Zg===",    "=",       "====", "A===",
        "Zh==", "Zm9=",  "Zg==Zg==",   "Zm9v Zm9v", "Zm9v\n",   "Zm9-",    "Zm_v", "Z=g=",
        "=Zg=", "Zm9v=", "Zm\xC3\xA4", "Zm9v====",  "Zm9vYh==", "Zm9vYmF="};
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t length = 0;
        char *bytes = tl_base64_decode(rows[i], strlen(rows[i]), &length);
        if (bytes != NULL) {
            fail_msg("decoded: %s", rows[i]);
        }
    }
    size_t length = 0;
    assert_null(tl_base64_decode("Zm9\0", 4, &length));
    assert_null(tl_base64_decode(NULL, 0, &length));
}

static void only_the_alphabet_is_base64(void **state)
{
    (void)state;
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int c = 1; c < 256; c++) {
        const char text[] = {'A', (char)c, 'A', 'A', '\0'};
        const char *digit = strchr(alphabet, c);
        size_t length = 0;
        char *bytes = tl_base64_decode(text, 4, &length);
        assert_int_equal(bytes != NULL, digit != NULL);
        if (digit != NULL) {
            int value = (int)(digit - alphabet);
            assert_int_equal(length, 3);
            assert_int_equal((unsigned char)bytes[0], value >> 4);
            assert_int_equal((unsigned char)bytes[1], (value & 15) << 4);
        }
        free(bytes);
    }
}

static void base64url_goes_both_ways(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        const char *text;
    } rows[] = {
        {"", 0, ""}, {"f", 1, "Zg"}, {"fo", 2, "Zm8"}, {"foo", 3, "Zm9v"}, {"\xFB\xFF\xBF\0", 4, "-_-_AA"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_text_and_free(tl_base64url_encode(rows[i].bytes, rows[i].length), rows[i].text);
        size_t length = 99;
        unsigned char *bytes = tl_base64url_decode(rows[i].text, strlen(rows[i].text), &length);
        assert_non_null(bytes);
        assert_int_equal(length, rows[i].length);
        assert_memory_equal(bytes, rows[i].bytes, length);
        free(bytes);
    }
    static const char *const bad[] = {"Z", "Zh", "Zm9", "Zg==", "+/+/", "Zm9v ", "Zm9vY"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        size_t length = 0;
        assert_null(tl_base64url_decode(bad[i], strlen(bad[i]), &length));
    }
}

static void every_byte_survives_base64url(void **state)
{
    (void)state;
    unsigned char bytes[256];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(255 - i);
    }
    for (size_t count = 0; count <= sizeof bytes; count++) {
        char *text = tl_base64url_encode(bytes, count);
        size_t length = 0;
        unsigned char *again = tl_base64url_decode(text, strlen(text), &length);
        assert_non_null(again);
        assert_int_equal(length, count);
        assert_memory_equal(again, bytes, count);
        free(again);
        free(text);
    }
}

static void reasons_are_decoded_when_a_person_typed_them(void **state)
{
    (void)state;
    static const struct {
        const char *raw;
        const char *reason;
    } rows[] = {
        {"TmVlZCB0aGlzIGZvciB3b3Jr", "Need this for work"},
        {"TGluZSAxDQpMaW5lIDIJdGFi", "Line 1\r\nLine 2\ttab"},
        {"WmFobsOkcnp0ZQ==", "Zahn\xC3\xA4rzte"},
        {"Need this for work", "Need this for work"},
        {"", ""},
        {"test", "test"},         /* strict base64 of invalid UTF-8 */
        {"AAAA", "AAAA"},         /* of NULs */
        {"YQdi", "YQdi"},         /* of a bell */
        {"YQBi", "YQBi"},         /* of a NUL inside */
        {"YX9i", "YX9i"},         /* of DEL */
        {"woU=", "woU="},         /* of C1 */
        {"TmVlZA=", "TmVlZA="},   /* wrong padding */
        {"TmVlZB==", "TmVlZB=="}, /* left-over bits */
        {"TmVl ZA==", "TmVl ZA=="},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_text_and_free(tl_requestor_reason(rows[i].raw), rows[i].reason);
    }
    assert_text_and_free(tl_requestor_reason(NULL), "");
}

static void everything_but_unreserved_is_percent_encoded(void **state)
{
    (void)state;
    assert_text_and_free(tl_percent_encode("AZaz09-._~"), "AZaz09-._~");
    assert_text_and_free(tl_percent_encode("a b/c?d&e=f%\xC3\xA4\n"), "a%20b%2Fc%3Fd%26e%3Df%25%C3%A4%0A");
    assert_text_and_free(tl_percent_encode("!*'();:@+$,[]#\"<>\\^`{|}\x7f"),
                         "%21%2A%27%28%29%3B%3A%40%2B%24%2C%5B%5D%23%22%3C%3E%5C%5E%60%7B%7C%7D%7F");
    assert_text_and_free(tl_percent_encode(""), "");
    assert_text_and_free(tl_percent_encode(NULL), "");
}

static void buffer_grows_up_to_its_limit(void **state)
{
    (void)state;
    tl_buffer buffer = {.limit = 1000};
    assert_true(tl_buffer_append(&buffer, NULL, 0));
    assert_string_equal(buffer.data, "");
    for (int i = 0; i < 100; i++) {
        assert_true(tl_buffer_append(&buffer, "0123456789", 10));
        assert_int_equal(buffer.data[buffer.length], '\0');
    }
    assert_int_equal(buffer.length, 1000);
    assert_false(buffer.failed);
    assert_true(tl_buffer_append(&buffer, "", 0));
    assert_false(tl_buffer_append(&buffer, "x", 1));
    assert_true(buffer.failed);
    assert_true(buffer.too_large);
    assert_int_equal(strlen(buffer.data), 1000);
    tl_buffer_free(&buffer);
    assert_null(buffer.data);
    assert_int_equal(buffer.length, 0);
    assert_false(buffer.failed);
}

static void reserved_room_is_filled_where_it_is(void **state)
{
    (void)state;
    tl_buffer buffer = {.limit = 100};
    assert_true(tl_buffer_reserve(&buffer, 60));
    assert_string_equal(buffer.data, "");
    const char *data = buffer.data;
    for (int i = 0; i < 6; i++) {
        assert_true(tl_buffer_append(&buffer, "0123456789", 10));
    }
    assert_ptr_equal(buffer.data, data);
    assert_true(tl_buffer_append(&buffer, "0123456789", 10)); /* more than was said */
    assert_int_equal(strlen(buffer.data), 70);
    assert_false(tl_buffer_reserve(&buffer, 31));
    assert_true(buffer.too_large);
    assert_int_equal(strlen(buffer.data), 70);
    tl_buffer_free(&buffer);
}

static void failed_buffer_takes_nothing_more(void **state)
{
    (void)state;
    tl_buffer buffer = {.limit = 4};
    assert_true(tl_buffer_text(&buffer, "ab"));
    assert_false(tl_buffer_text(&buffer, "cde"));
    assert_false(tl_buffer_text(&buffer, "c"));
    assert_false(tl_buffer_format(&buffer, "%d", 1));
    assert_false(tl_buffer_append(&buffer, "", 0));
    assert_string_equal(buffer.data, "ab");
    tl_buffer_free(&buffer);
    tl_buffer empty = {0};
    assert_false(tl_buffer_text(&empty, "x"));
    assert_true(empty.too_large);
    tl_buffer_free(&empty);
}

static void absurd_lengths_do_not_wrap_around(void **state)
{
    (void)state;
    tl_buffer buffer = {.limit = SIZE_MAX};
    assert_true(tl_buffer_text(&buffer, "abc"));
    assert_false(tl_buffer_append(&buffer, "x", SIZE_MAX - 3));
    assert_true(buffer.too_large);
    tl_buffer_free(&buffer);
}

static void buffer_formats(void **state)
{
    (void)state;
    tl_buffer buffer = {.limit = 600};
    assert_true(tl_buffer_format(&buffer, "%s=%d;", "a", 5));
    assert_true(tl_buffer_format(&buffer, "%s", ""));
    assert_true(tl_buffer_format(&buffer, "%500s", "right"));
    assert_int_equal(buffer.length, 504);
    assert_memory_equal(buffer.data, "a=5;   ", 7);
    assert_string_equal(buffer.data + 499, "right");
    assert_false(tl_buffer_format(&buffer, "%200s", "x"));
    assert_true(buffer.too_large);
    tl_buffer_free(&buffer);
}

static void a_word_is_found_in_a_list_whatever_its_case(void **state)
{
    (void)state;
    static const char *const words[] = {"execute", "install", NULL}, *const none[] = {NULL};
    assert_true(tl_is_one_of("execute", words));
    assert_true(tl_is_one_of("INSTALL", words));
    assert_false(tl_is_one_of("exec", words));
    assert_false(tl_is_one_of("", words));
    assert_false(tl_is_one_of(NULL, words));
    assert_false(tl_is_one_of("execute", none));
}

static void a_list_is_copied_with_its_texts(void **state)
{
    (void)state;
    static const char *const theirs[] = {"Yes", "", NULL}, *const empty[] = {NULL};
    const char *const *list = theirs;
    assert_true(tl_copy_texts(&list));
    assert_ptr_not_equal(list[0], theirs[0]);
    assert_string_equal(list[0], "Yes");
    assert_string_equal(list[1], "");
    assert_null(list[2]);
    tl_free_texts(list);
    list = empty;
    assert_true(tl_copy_texts(&list));
    assert_ptr_not_equal(list, empty);
    assert_null(list[0]);
    tl_free_texts(list);
    list = NULL;
    assert_true(tl_copy_texts(&list));
    assert_null(list);
    tl_free_texts(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guids_are_told_from_other_texts),
        cmocka_unit_test(ascii_case_is_ignored_and_nothing_else),
        cmocka_unit_test(hex_digits_have_their_value),
        cmocka_unit_test(utf8_is_strict),
        cmocka_unit_test(prefix_does_not_cut_characters),
        cmocka_unit_test(header_values_are_printable_ascii),
        cmocka_unit_test(trim_takes_ascii_white_space_off),
        cmocka_unit_test(base64_is_decoded),
        cmocka_unit_test(loose_base64_is_refused),
        cmocka_unit_test(only_the_alphabet_is_base64),
        cmocka_unit_test(base64url_goes_both_ways),
        cmocka_unit_test(every_byte_survives_base64url),
        cmocka_unit_test(reasons_are_decoded_when_a_person_typed_them),
        cmocka_unit_test(everything_but_unreserved_is_percent_encoded),
        cmocka_unit_test(buffer_grows_up_to_its_limit),
        cmocka_unit_test(reserved_room_is_filled_where_it_is),
        cmocka_unit_test(failed_buffer_takes_nothing_more),
        cmocka_unit_test(absurd_lengths_do_not_wrap_around),
        cmocka_unit_test(buffer_formats),
        cmocka_unit_test(a_word_is_found_in_a_list_whatever_its_case),
        cmocka_unit_test(a_list_is_copied_with_its_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
