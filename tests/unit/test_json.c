/* What the reader takes and what it refuses. */
#include "base/json.h"
#include "unit.h"

static cJSON *read_exact(const char *text, size_t length, tl_error *err, tl_code *out_code)
{
    char *copy = exact_copy(text, length);
    cJSON *tree = (cJSON *)(void *)&copy; /* must be overwritten */
    *out_code = tl_json_parse(&tree, copy, length, err);
    free(copy);
    return tree;
}

static cJSON *parse(const char *text)
{
    tl_error err = TL_ERROR_INIT;
    tl_code code = TL_OK;
    cJSON *tree = read_exact(text, strlen(text), &err, &code);
    if (code != TL_OK) {
        fail_msg("refused: %s: %s", text, err.message);
    }
    assert_int_equal(err.code, TL_OK);
    assert_non_null(tree);
    return tree;
}

static void assert_refused(const char *text, size_t length)
{
    tl_error err = TL_ERROR_INIT;
    tl_code code = TL_OK;
    cJSON *tree = read_exact(text, length, &err, &code);
    if (code != TL_PROTOCOL) {
        fail_msg("not refused as protocol error (%s): %s", tl_code_name(code), text);
    }
    assert_null(tree);
    assert_int_equal(err.code, TL_PROTOCOL);
    assert_non_null(strstr(err.message, "byte "));
}

typedef struct bytes {
    const char *text;
    size_t length;
} bytes;
#define BYTES(literal)                                                                                       \
    {                                                                                                        \
        literal, sizeof(literal) - 1                                                                         \
    }

static void assert_all_refused(const bytes *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_refused(rows[i].text, rows[i].length);
    }
}

static void every_kind_of_value_is_read(void **state)
{
    (void)state;
    cJSON *tree = parse(" {\"s\" : \"text\", \"n\":-12.5e1,\t\"t\":true,\"f\":false,\r\n\"z\":null,"
                        "\"a\":[1, 2 ,[ ],{ }],\"o\":{\"\":\"\"}} \n");
    assert_string_equal(tl_json_text(tree, "s"), "text");
    assert_true(cJSON_GetObjectItemCaseSensitive(tree, "n")->valuedouble == -125.0);
    assert_true(tl_json_true(tree, "t"));
    assert_true(cJSON_IsFalse(tl_json_member(tree, "f")));
    assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(tree, "z")));
    assert_int_equal(cJSON_GetArraySize(tl_json_member(tree, "a")), 4);
    assert_string_equal(tl_json_text(tl_json_member(tree, "o"), ""), "");
    cJSON_Delete(tree);
}

static void any_value_may_stand_alone(void **state)
{
    (void)state;
    static const char *const rows[] = {"0",     "-0",   "1e5", "\"\"", "true",
                                       "false", "null", "[]",  "{}",   " \t\r\n7 \t\r\n"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON_Delete(parse(rows[i]));
    }
}

static void order_of_members_is_kept(void **state)
{
    (void)state;
    cJSON *tree = parse("{\"z\":1,\"a\":2,\"m\":3}");
    assert_string_equal(tree->child->string, "z");
    assert_string_equal(tree->child->next->string, "a");
    assert_string_equal(tree->child->next->next->string, "m");
    assert_ptr_equal(tree->child->prev, tree->child->next->next);
    cJSON_Delete(tree);
}

static void escapes_are_decoded(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        const char *value;
    } rows[] = {
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"},
        {"\"\\u002B\\u0027\\u003c\\u003C\"", "+'<<"},
        {"\"\\u00e4\\u00E4\\u20ac\"", "\xC3\xA4\xC3\xA4\xE2\x82\xAC"},
        {"\"\\uD83D\\uDD12\\ud83d\\udd12\"", "\xF0\x9F\x94\x92\xF0\x9F\x94\x92"},
        {"\"\\uD800\\uDC00\\uDBFF\\uDFFF\"", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"},
        {"\"\\u0001\\u001f\\u007f\\uFFFF\"", "\x01\x1F\x7F\xEF\xBF\xBF"},
        {"\"C:\\\\u0041\"", "C:\\u0041"},
        {"\"raw \xC3\xA4 \xF0\x9F\x94\x92 \x7F /\"", "raw \xC3\xA4 \xF0\x9F\x94\x92 \x7F /"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *tree = parse(rows[i].source);
        assert_string_equal(cJSON_GetStringValue(tree), rows[i].value);
        cJSON_Delete(tree);
    }
}

static void keys_are_decoded_too(void **state)
{
    (void)state;
    cJSON *tree = parse("{\"\\u0061\\n\xC3\xA4\":1}");
    assert_string_equal(tree->child->string, "a\n\xC3\xA4");
    cJSON_Delete(tree);
}

static void what_cjson_cuts_at_a_nul_is_refused(void **state)
{
    (void)state;
    static const bytes rows[] = {
        BYTES("\"a\\u0000b\""), BYTES("{\"admin\\u0000x\":1}"),
        BYTES("\"a\0b\""),      BYTES("{\"a\0\":1}"),
        BYTES("[1]\0"),         BYTES("\0"),
    };
    assert_all_refused(rows, COUNT(rows));
}

static void control_characters_are_refused(void **state)
{
    (void)state;
    static const bytes rows[] = {
        BYTES("\"a\tb\""), BYTES("\"a\nb\""), BYTES("\"\x01\""), BYTES("\"\x1f\""),
        BYTES("\x01{}"),   BYTES("{}\x0b"),   BYTES("[\x0c]"),   BYTES("{\"a\x08\":1}"),
    };
    assert_all_refused(rows, COUNT(rows));
}

static void invalid_utf8_is_refused(void **state)
{
    (void)state;
    static const bytes rows[] = {
        BYTES("\"\xff\""),
        BYTES("\"\x80\""),
        BYTES("\"\xc3\""),
        BYTES("\"\xc3(\""),
        BYTES("\"\xc0\x80\""),
        BYTES("\"\xc1\xbf\""),
        BYTES("\"\xe0\x9f\xbf\""),
        BYTES("\"\xed\xa0\x80\""),
        BYTES("\"\xed\xbf\xbf\""),
        BYTES("\"\xf0\x8f\xbf\xbf\""),
        BYTES("\"\xf4\x90\x80\x80\""),
        BYTES("\"\xf5\x80\x80\x80\""),
        BYTES("\"\xe2\x82\""),
        BYTES("\"\xf0\x9f\x94\""),
        BYTES("{\"\xfe\":1}"),
        BYTES("\"\xe2\x82"),
        BYTES("\xef\xbb\xbf{}"),
        BYTES(" \xef\xbb\xbf{}"),
        BYTES("\xc2\xa0{}"),
    };
    assert_all_refused(rows, COUNT(rows));
}

static void bad_escapes_are_refused(void **state)
{
    (void)state;
    static const bytes rows[] = {
        BYTES("\"\\x41\""),
        BYTES("\"\\'\""),
        BYTES("\"\\0\""),
        BYTES("\"\\u12\""),
        BYTES("\"\\u12G4\""),
        BYTES("\"\\u 123\""),
        BYTES("\"\\uD83D\""),
        BYTES("\"\\uDD12\""),
        BYTES("\"\\uD83D\\u0041\""),
        BYTES("\"\\uD83Dx\""),
        BYTES("\"\\uD83D\\uD83D\""),
        BYTES("\"\\uDD12\\uD83D\""),
        BYTES("\"\\U0041\""),
        BYTES("\"\\\""),
        BYTES("\"\\"),
        BYTES("\"\\u004"),
        BYTES("\"\\uD83D\\uDD1"),
        BYTES("\"\\u+041\""),
        BYTES("\"\\uD83D\\n\""),
    };
    assert_all_refused(rows, COUNT(rows));
}

static void malformed_numbers_are_refused(void **state)
{
    (void)state;
    static const bytes rows[] = {
        BYTES("01"),       BYTES("-01"),       BYTES("00"),    BYTES("1."),   BYTES("1.e5"), BYTES(".5"),
        BYTES("+1"),       BYTES("-"),         BYTES("--1"),   BYTES("1e"),   BYTES("1e+"),  BYTES("1E-"),
        BYTES("1-2"),      BYTES("0x10"),      BYTES("1e5.5"), BYTES("1,5"),  BYTES("NaN"),  BYTES("-NaN"),
        BYTES("Infinity"), BYTES("-Infinity"), BYTES("1_000"), BYTES("[1.]"), BYTES("[-]"),  BYTES("1f"),
    };
    assert_all_refused(rows, COUNT(rows));
}

static void overflowing_numbers_are_refused(void **state)
{
    (void)state;
    static const bytes rows[] = {BYTES("1e400"), BYTES("-1e400"), BYTES("[1e309]"), BYTES("1.8e308")};
    assert_all_refused(rows, COUNT(rows));
    char digits[400];
    memset(digits, '9', sizeof digits);
    assert_refused(digits, sizeof digits);
}

static void leftovers_and_broken_structure_are_refused(void **state)
{
    (void)state;
    static const bytes rows[] = {
        BYTES(""),           BYTES("   "),        BYTES("{\"a\":1}xyz"),
        BYTES("truex"),      BYTES("{}{}"),       BYTES("[] []"),
        BYTES("1 2"),        BYTES("\"a\"\"b\""), BYTES("tru"),
        BYTES("True"),       BYTES("nul"),        BYTES("fals"),
        BYTES("undefined"),  BYTES("["),          BYTES("]"),
        BYTES("[1"),         BYTES("[1,"),        BYTES("[1,]"),
        BYTES("[,1]"),       BYTES("[1 2]"),      BYTES("[1}"),
        BYTES("{"),          BYTES("}"),          BYTES("{\"a\""),
        BYTES("{\"a\":"),    BYTES("{\"a\":1"),   BYTES("{\"a\":1,"),
        BYTES("{\"a\":1,}"), BYTES("{,}"),        BYTES("{\"a\" 1}"),
        BYTES("{\"a\"::1}"), BYTES("{a:1}"),      BYTES("{'a':1}"),
        BYTES("{1:1}"),      BYTES("{\"a\":1]"),  BYTES("{\"a\":1 \"b\":2}"),
        BYTES("{null:1}"),   BYTES("'a'"),        BYTES("// c\n1"),
        BYTES("/* c */1"),   BYTES("[1]#"),       BYTES("{\"a\":}"),
        BYTES("{\"a\"}"),    BYTES("\"open"),     BYTES("\""),
    };
    assert_all_refused(rows, COUNT(rows));
}

static void length_decides_not_a_nul(void **state)
{
    (void)state;
    tl_error err = TL_ERROR_INIT;
    cJSON *tree = NULL;
    assert_int_equal(tl_json_parse(&tree, "[1,2]garbage", 5, &err), TL_OK);
    assert_int_equal(cJSON_GetArraySize(tree), 2);
    cJSON_Delete(tree);
    assert_int_equal(tl_json_parse(&tree, "123456", 3, &err), TL_OK);
    assert_true(tree->valuedouble == 123.0);
    cJSON_Delete(tree);
}

static const char whole_document[] = "{\"id\":\"0e000000-0000-4000-8000-000000001001\",\"path\":\"C:"
                                     "\\\\Tools\\\\a\\u002Bb.exe\",\"n\":-1.25e+3,"
                                     "\"big\":18446744073709551615,\"t\":true,\"f\":false,\"z\":null,"
                                     "\"list\":[1,[],{},\"\xC3\xA4\",\"\\ud83d\\udd12\"],"
                                     "\"nested\":{\"a\":{\"b\":{\"c\":[null]}}}}";

static void every_truncation_is_refused(void **state)
{
    (void)state;
    for (size_t length = 0; length < strlen(whole_document); length++) {
        assert_refused(whole_document, length);
    }
    cJSON_Delete(parse(whole_document));
}

static void one_changed_byte_never_reads_beyond_the_end(void **state)
{
    (void)state;
    static const char bytes_to_try[] = "\"\\{}[],:0-e.u\x01\x80\xC3\xF0 ";
    size_t length = strlen(whole_document);
    for (size_t at = 0; at < length; at++) {
        for (size_t i = 0; i < sizeof bytes_to_try; i++) { /* the NUL too */
            char *copy = exact_copy(whole_document, length);
            copy[at] = bytes_to_try[i];
            cJSON *tree = NULL;
            tl_error err = TL_ERROR_INIT;
            tl_code code = tl_json_parse(&tree, copy, length, &err);
            assert_true(code == TL_OK ? tree != NULL : code == TL_PROTOCOL && tree == NULL);
            cJSON_Delete(tree);
            free(copy);
        }
    }
}

/* `open` and `close` around each other `depth` times; the innermost has nothing but its bracket. */
static void assert_depth(const char *open, const char *close, size_t depth, bool good)
{
    size_t one = strlen(open);
    char *text = malloc(depth * (one + 1) + 1);
    assert_non_null(text);
    size_t length = 0;
    for (size_t i = 1; i < depth; i++) {
        memcpy(text + length, open, one);
        length += one;
    }
    text[length++] = open[0];
    for (size_t i = 0; i < depth && *close != '\0'; i++) {
        text[length++] = *close;
    }
    text[length] = '\0';
    if (good) {
        cJSON_Delete(parse(text));
    } else {
        assert_refused(text, length);
    }
    free(text);
}

static void nesting_ends_at_64(void **state)
{
    (void)state;
    assert_depth("[", "]", TL_JSON_MAX_DEPTH, true);
    assert_depth("[", "]", TL_JSON_MAX_DEPTH + 1, false);
    assert_depth("[", "]", 1001, false);
    assert_depth("{\"\":", "}", TL_JSON_MAX_DEPTH, true);
    assert_depth("{\"\":", "}", TL_JSON_MAX_DEPTH + 1, false);
    assert_depth("[", "", 100000, false);
}

static void siblings_do_not_count_as_depth(void **state)
{
    (void)state;
    char text[8192] = "[[]";
    for (int i = 0; i < 200; i++) {
        strcat(text, ",[],{},[{}]");
    }
    strcat(text, "]");
    cJSON_Delete(parse(text));
}

static void duplicate_keys_are_refused(void **state)
{
    (void)state;
    static const bytes rows[] = {
        BYTES("{\"a\":1,\"a\":1}"),
        BYTES("{\"a\":1,\"\\u0061\":2}"),
        BYTES("{\"\":1,\"\":2}"),
        BYTES("{\"a\":1,\"b\":2,\"c\":{\"d\":1,\"e\":2,\"d\":3}}"),
        BYTES("{\"x\":{\"a\":1},\"a\":1,\"y\":[{\"a\":1}],\"a\":2}"),
        BYTES("[{\"\xC3\xA4\":1,\"\\u00E4\":2}]"),
    };
    assert_all_refused(rows, COUNT(rows));
}

static void duplicate_key_is_named(void **state)
{
    (void)state;
    tl_error err = TL_ERROR_INIT;
    tl_code code = TL_OK;
    static const char text[] = "{\"comments\":1,\"comments\":2}";
    assert_null(read_exact(text, strlen(text), &err, &code));
    assert_non_null(strstr(err.message, "\"comments\""));
}

static void same_key_in_different_objects_or_case_is_good(void **state)
{
    (void)state;
    cJSON_Delete(parse("{\"a\":{\"a\":{\"a\":1}},\"A\":[{\"a\":1},{\"a\":2}],\"a \":3}"));
}

/* An object of `count` members "k0", "k1"..., of which one may be named as another. */
static char *many_members(size_t count, size_t copied, size_t original)
{
    char *text = malloc(count * 24 + 3);
    assert_non_null(text);
    size_t length = 0;
    text[length++] = '{';
    for (size_t i = 0; i < count; i++) {
        int written = snprintf(text + length, 24, "%s\"k%zu\":%zu", i == 0 ? "" : ",",
                               i == copied ? original : i, i % 10);
        length += (size_t)written;
    }
    strcpy(text + length, "}");
    return text;
}

static void duplicates_are_found_in_objects_of_any_size(void **state)
{
    (void)state;
    static const size_t sizes[] = {2, 11, 12, 13, 16, 17, 95, 127, 128, 129, 256, 257, 3000};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        size_t last = sizes[i] - 1;
        const size_t pairs[][2] = {{last, 0}, {0, last}, {last, last / 2}};
        for (size_t p = 0; p < COUNT(pairs); p++) {
            char *text = many_members(sizes[i], pairs[p][0], pairs[p][1]);
            if (pairs[p][0] != pairs[p][1]) {
                assert_refused(text, strlen(text));
            }
            free(text);
        }
        char *text = many_members(sizes[i], 0, 0);
        cJSON_Delete(parse(text));
        free(text);
    }
}

static void an_object_has_at_most_100000_members(void **state)
{
    (void)state;
    char *text = many_members(TL_JSON_MAX_MEMBERS, 0, 0);
    cJSON_Delete(parse(text));
    free(text);
    text = many_members(TL_JSON_MAX_MEMBERS + 1, 0, 0);
    assert_refused(text, strlen(text));
    free(text);
}

/* A small text must not become a huge tree, nor a huge text be read at all. */
static void values_and_bytes_are_limited(void **state)
{
    (void)state;
    size_t length = 2 * (size_t)TL_JSON_MAX_NODES + 1;
    char *text = malloc(length);
    assert_non_null(text);
    memset(text, '0', length);
    for (size_t i = 0; i < length; i += 2)
        text[i] = ',';
    text[0] = '[';
    text[length - 1] = ']';
    assert_refused(text, length); /* as many zeros as nodes are allowed, and the array itself */
    text[length - 3] = ']';
    text[length - 2] = text[length - 1] = ' ';
    tl_error err = TL_ERROR_INIT;
    cJSON *tree = NULL;
    assert_int_equal(tl_json_parse(&tree, text, length, &err), TL_OK);
    cJSON_Delete(tree);
    free(text);
    char *spaces = malloc((size_t)TL_JSON_MAX_BYTES + 1);
    assert_non_null(spaces);
    memset(spaces, ' ', (size_t)TL_JSON_MAX_BYTES + 1);
    spaces[0] = '1';
    assert_int_equal(tl_json_parse(&tree, spaces, (size_t)TL_JSON_MAX_BYTES + 1, &err), TL_PROTOCOL);
    free(spaces);
}

static void message_says_where(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *where;
    } rows[] = {{"[1,2,x]", "byte 5:"}, {"{\"a\" 1}", "byte 5:"}, {"", "byte 0:"},
                {"[1e999]", "byte 1:"}, {"\"ab\\q\"", "byte 3:"}, {"[1] 2", "byte 4:"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_error err = TL_ERROR_INIT;
        tl_code code = TL_OK;
        assert_null(read_exact(rows[i].text, strlen(rows[i].text), &err, &code));
        if (strstr(err.message, rows[i].where) == NULL) {
            fail_msg("%s: %s", rows[i].text, err.message);
        }
    }
}

static void misuse_is_usage(void **state)
{
    (void)state;
    tl_error err = TL_ERROR_INIT;
    assert_int_equal(tl_json_parse(NULL, "1", 1, &err), TL_USAGE);
    cJSON *tree = (cJSON *)(void *)&err;
    assert_int_equal(tl_json_parse(&tree, NULL, 3, NULL), TL_USAGE);
    assert_null(tree);
    assert_int_equal(tl_json_parse(&tree, NULL, 0, NULL), TL_PROTOCOL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_value_is_read),
        cmocka_unit_test(any_value_may_stand_alone),
        cmocka_unit_test(order_of_members_is_kept),
        cmocka_unit_test(escapes_are_decoded),
        cmocka_unit_test(keys_are_decoded_too),
        cmocka_unit_test(what_cjson_cuts_at_a_nul_is_refused),
        cmocka_unit_test(control_characters_are_refused),
        cmocka_unit_test(invalid_utf8_is_refused),
        cmocka_unit_test(bad_escapes_are_refused),
        cmocka_unit_test(malformed_numbers_are_refused),
        cmocka_unit_test(overflowing_numbers_are_refused),
        cmocka_unit_test(leftovers_and_broken_structure_are_refused),
        cmocka_unit_test(length_decides_not_a_nul),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(one_changed_byte_never_reads_beyond_the_end),
        cmocka_unit_test(nesting_ends_at_64),
        cmocka_unit_test(siblings_do_not_count_as_depth),
        cmocka_unit_test(duplicate_keys_are_refused),
        cmocka_unit_test(duplicate_key_is_named),
        cmocka_unit_test(same_key_in_different_objects_or_case_is_good),
        cmocka_unit_test(duplicates_are_found_in_objects_of_any_size),
        cmocka_unit_test(an_object_has_at_most_100000_members),
        cmocka_unit_test(values_and_bytes_are_limited),
        cmocka_unit_test(message_says_where),
        cmocka_unit_test(misuse_is_usage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
