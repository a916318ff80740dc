/* What the writer gives back, and numbers. */
#include <math.h>

#include "base/json.h"
#include "unit.h"

static cJSON *parse(const char *text)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *tree = NULL;
    if (tl_json_parse(&tree, text, strlen(text), &err) != TL_OK) {
        fail_msg("refused: %s: %s", text, err.message);
    }
    return tree;
}

static void assert_printed(const cJSON *tree, const char *expected)
{
    tl_error err = TL_ERROR_INIT;
    char *text = NULL;
    size_t length = 0;
    assert_int_equal(tl_json_print(&text, &length, tree, &err), TL_OK);
    assert_int_equal(length, strlen(text));
    assert_text_and_free(text, expected);
}

static void assert_not_printable(cJSON *tree)
{
    tl_error err = TL_ERROR_INIT;
    char *text = (char *)&err;
    assert_int_equal(tl_json_print(&text, NULL, tree, &err), TL_USAGE);
    assert_null(text);
    assert_true(strlen(err.message) > 0);
    cJSON_Delete(tree);
}

static const char *const kept_rows[] = {
    /* numbers that cJSON would change */
    "9007199254740991",
    "9007199254740992",
    "9007199254740993",
    "-9007199254740993",
    "9007199254740994",
    "18446744073709551615",
    "9223372036854775807",
    "-9223372036854775808",
    "123456789012345678901234567890",
    "3000000000",
    "-0",
    "0",
    "-0.0",
    "0.0",
    "1.0",
    "1.50",
    "0.1",
    "0.30000000000000004",
    "1e5",
    "1E5",
    "1e+05",
    "1E-7",
    "100000e-5",
    "1e-400",
    "5e-324",
    "1.7976931348623157e308",
    "0.000001",
    "123456.789000",
    "3.14159265358979323846264338327950288419716939937510582097494459230781640628620899",
    /* texts */
    "\"\"",
    "\"plain\"",
    "\"\\u002B\\u0027\\u003C\\u003c\"",
    "\"a\\/b\"",
    "\"\\u00e4\\u00E4\xC3\xA4\"",
    "\"\\ud83d\\udd12\\uD83D\\uDD12\xF0\x9F\x94\x92\"",
    "\"\\b\\f\\n\\r\\t\\\"\\\\\"",
    "\"\\u0008\\u000a\\u000A\\u001F\\u001f\"",
    "\"\x7F\\u007f\"",
    "\"C:\\\\Program Files\\\\x.exe\"",
    "\"\\u2028\xE2\x80\xA8\"",
    /* structure */
    "[]",
    "{}",
    "[[],{},null,true,false]",
    "{\"b\":[1,2.50,{\"a\":\"\\u002B\"}],\"a\":{\"\":[]}}",
};

static void unchanged_values_leave_as_they_came(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(kept_rows); i++) {
        cJSON *tree = parse(kept_rows[i]);
        assert_printed(tree, kept_rows[i]);
        cJSON *copy = cJSON_Duplicate(tree, 1);
        assert_printed(copy, kept_rows[i]);
        cJSON_Delete(copy);
        cJSON_Delete(tree);
    }
}

static void outer_white_space_goes(void **state)
{
    (void)state;
    cJSON *tree = parse(" { \"a\" : [ 1 ,\n 2.0 ] ,\t\"b\" : \"\\/ \" } ");
    assert_printed(tree, "{\"a\":[1,2.0],\"b\":\"\\/ \"}");
    cJSON_Delete(tree);
}

static void escaped_keys_are_written_canonically(void **state)
{
    (void)state;
    cJSON *tree = parse("{\"\\u0061\\/\\u00e4\":1,\"q\\\"\\\\\\u0001\":2}");
    assert_printed(tree, "{\"a/\xC3\xA4\":1,\"q\\\"\\\\\\u0001\":2}");
    cJSON_Delete(tree);
}

static void changed_values_lose_their_source(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        double number;
        const char *expected;
    } numbers[] = {{"1.0", 2, "2"},
                   {"9007199254740993", 5, "5"},
                   {"9007199254740993", 9007199254740994.0, "9007199254740994"},
                   {"1.50", 1.25, "1.25"},
                   {"-0.0", 0.0, "0"},
                   {"0.0", -0.0, "-0"}};
    for (size_t i = 0; i < COUNT(numbers); i++) {
        cJSON *tree = parse(numbers[i].source);
        cJSON_SetNumberValue(tree, numbers[i].number);
        assert_printed(tree, numbers[i].expected);
        cJSON_Delete(tree);
    }
    static const char *const texts[] = {"x", "a-b", "a+b longer than before", ""};
    for (size_t i = 0; i < COUNT(texts); i++) {
        cJSON *tree = parse("\"a\\u002Bb\"");
        assert_non_null(cJSON_SetValuestring(tree, texts[i]));
        char expected[64];
        snprintf(expected, sizeof expected, "\"%s\"", texts[i]);
        assert_printed(tree, expected);
        cJSON_Delete(tree);
    }
}

static void value_set_back_gets_its_source_again(void **state)
{
    (void)state;
    cJSON *tree = parse("[\"a\\u002Bb\",1.0]");
    assert_non_null(cJSON_SetValuestring(tree->child, "zzz"));
    assert_non_null(cJSON_SetValuestring(tree->child, "a+b"));
    assert_printed(tree, "[\"a\\u002Bb\",1.0]");
    cJSON_Delete(tree);
}

static void a_false_source_is_not_believed(void **state)
{
    (void)state;
    static const char *const sources[] = {"",   "2",  "1,2", "1 ",    " 1",  "\"1\"",
                                          "1}", "01", "1x",  "1e999", "null"};
    for (size_t i = 0; i < COUNT(sources); i++) {
        cJSON *number = cJSON_CreateNumber(1);
        number->child = cJSON_CreateRaw(sources[i]);
        assert_printed(number, "1");
        cJSON_Delete(number);
        cJSON *text = cJSON_CreateString("1");
        text->child = cJSON_CreateRaw(strcmp(sources[i], "\"1\"") == 0 ? "\"1\",\"1\"" : sources[i]);
        assert_printed(text, "\"1\"");
        cJSON_Delete(text);
    }
}

static void texts_are_escaped_minimally(void **state)
{
    (void)state;
    cJSON *tree =
        cJSON_CreateString("\x01\x02\b\t\n\x0b\f\r\x1f \"\\/\x7F\xC3\xA4\xE2\x80\xA8\xF0\x9F\x94\x92<>&'");
    assert_printed(tree, "\"\\u0001\\u0002\\b\\t\\n\\u000b\\f\\r\\u001f "
                         "\\\"\\\\/\x7F\xC3\xA4\xE2\x80\xA8\xF0\x9F\x94\x92<>&'\"");
    cJSON_Delete(tree);
}

static void long_texts_are_written_whole(void **state)
{
    (void)state;
    for (size_t length = 0; length < 70; length++) {
        for (size_t special = 0; special <= length; special++) {
            char value[80];
            char expected[96];
            memset(value, 'x', length);
            value[length] = '\0';
            if (special < length) {
                value[special] = '\n';
                snprintf(expected, sizeof expected, "\"%.*s\\n%s\"", (int)special, value,
                         value + special + 1);
            } else {
                snprintf(expected, sizeof expected, "\"%s\"", value);
            }
            cJSON *tree = cJSON_CreateString(value);
            assert_printed(tree, expected);
            cJSON *again = parse(expected);
            assert_string_equal(cJSON_GetStringValue(again), value);
            cJSON_Delete(again);
            cJSON_Delete(tree);
        }
    }
}

static void what_is_no_json_is_not_written(void **state)
{
    (void)state;
    assert_not_printable(cJSON_CreateNumber((double)NAN));
    assert_not_printable(cJSON_CreateNumber((double)INFINITY));
    assert_not_printable(cJSON_CreateNumber(-(double)INFINITY));
    assert_not_printable(cJSON_CreateString("\xC3("));
    assert_not_printable(cJSON_CreateString("\xED\xA0\x80"));
    cJSON *object = cJSON_CreateObject();
    cJSON_AddNullToObject(object, "bad \xFF key");
    assert_not_printable(object);
    object = cJSON_CreateObject();
    cJSON_AddItemToArray(object, cJSON_CreateNull()); /* a member without a name */
    assert_not_printable(object);
    cJSON *untyped = cJSON_CreateNull();
    untyped->type = cJSON_Invalid;
    assert_not_printable(untyped);
    cJSON *empty = cJSON_CreateNull();
    empty->type = cJSON_String;
    assert_not_printable(empty);
    assert_not_printable(NULL);
    assert_int_equal(tl_json_print(NULL, NULL, NULL, NULL), TL_USAGE);
}

static void trees_deeper_than_64_are_not_written(void **state)
{
    (void)state;
    for (int depth = TL_JSON_MAX_DEPTH; depth <= TL_JSON_MAX_DEPTH + 1; depth++) {
        cJSON *tree = cJSON_CreateArray();
        for (int i = 1; i < depth; i++) {
            cJSON *outer = cJSON_CreateArray();
            cJSON_AddItemToArray(outer, tree);
            tree = outer;
        }
        if (depth > TL_JSON_MAX_DEPTH) {
            assert_not_printable(tree);
            continue;
        }
        char *text = NULL;
        assert_int_equal(tl_json_print(&text, NULL, tree, NULL), TL_OK);
        assert_int_equal(strlen(text), 2 * depth);
        free(text);
        cJSON_Delete(tree);
    }
}

static void raw_nodes_must_be_one_value(void **state)
{
    (void)state;
    static const char *const good[] = {"1.0", "{\"a\": [1, 2]}", "\"\\u002B\"", " null "};
    for (size_t i = 0; i < COUNT(good); i++) {
        cJSON *tree = cJSON_CreateRaw(good[i]);
        assert_printed(tree, good[i]);
        cJSON_Delete(tree);
    }
    static const char *const bad[] = {"", "1,2", "1}", "{\"a\":1,\"a\":2}", "\"open", "\xFF", "1],[2", "01"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_not_printable(cJSON_CreateRaw(bad[i]));
    }
    cJSON *without = cJSON_CreateNull();
    without->type = cJSON_Raw;
    assert_not_printable(without);
}

static void references_are_written_like_originals(void **state)
{
    (void)state;
    cJSON *tree = parse("{\"list\":[1.0,\"\\u002B\"]}");
    cJSON *outer = cJSON_CreateObject();
    assert_true(cJSON_AddItemReferenceToObject(outer, "copy", tl_json_member(tree, "list")));
    assert_true(cJSON_AddItemReferenceToObject(outer, "one", tl_json_member(tree, "list")->child));
    assert_printed(outer, "{\"copy\":[1.0,\"\\u002B\"],\"one\":1.0}");
    cJSON_Delete(outer);
    cJSON_Delete(tree);
}

static void integers_above_2_to_52_print_exactly(void **state)
{
    (void)state;
    for (int64_t i = 0; i < 10000; i++) {
        int64_t value = (INT64_C(1) << 52) + 7 * i;
        char expected[32];
        snprintf(expected, sizeof expected, "%lld", (long long)value);
        cJSON *tree = cJSON_CreateNumber((double)value);
        assert_printed(tree, expected);
        cJSON_Delete(tree);
    }
}

static void random_doubles_read_back(void **state)
{
    (void)state;
    uint64_t random = 88172645463325252U;
    for (int i = 0; i < 20000; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        double value = 0;
        if (i % 2 == 0) {
            value = (double)(random >> 11) * (1000.0 / 9007199254740992.0);
        } else {
            memcpy(&value, &random, sizeof value);
            if (!isfinite(value)) {
                continue;
            }
        }
        cJSON *tree = cJSON_CreateNumber(value);
        char *text = NULL;
        assert_int_equal(tl_json_print(&text, NULL, tree, NULL), TL_OK);
        cJSON *again = parse(text);
        assert_memory_equal(&again->valuedouble, &value, sizeof value);
        assert_printed(again, text);
        free(text);
        cJSON_Delete(again);
        cJSON_Delete(tree);
    }
}

static void doubles_print_as_short_as_they_can(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } rows[] = {{0.1 + 0.2, "0.30000000000000004"},
                {0.1, "0.1"},
                {1e15, "1000000000000000"},
                {1e16, "1e+16"},
                {1e21, "1e+21"},
                {-2.5, "-2.5"},
                {1.0 / 3, "0.3333333333333333"},
                {5e-324, "4.94065645841247e-324"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *tree = cJSON_CreateNumber(rows[i].value);
        assert_printed(tree, rows[i].text);
        cJSON_Delete(tree);
    }
}

static void integers_are_read_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {{"0", 0},
                {"-0", 0},
                {"-1", -1},
                {"3000000000", INT64_C(3000000000)},
                {"999999999999999", INT64_C(999999999999999)},
                {"9007199254740991", INT64_C(9007199254740991)},
                {"9007199254740992", INT64_C(9007199254740992)},
                {"9007199254740993", INT64_C(9007199254740993)},
                {"9007199254740994", INT64_C(9007199254740994)},
                {"-9007199254740993", -INT64_C(9007199254740993)},
                {"12345678901234567", INT64_C(12345678901234567)},
                {"12345678901234568", INT64_C(12345678901234568)},
                {"1000000000000000000", INT64_C(1000000000000000000)},
                {"9223372036854775807", INT64_MAX},
                {"-9223372036854775808", INT64_MIN}};
    for (size_t i = 0; i < COUNT(good); i++) {
        cJSON *tree = parse(good[i].text);
        int64_t value = 77;
        assert_true(tl_json_integer(tree, &value));
        assert_int_equal(value, good[i].value);
        cJSON_Delete(tree);
    }
    static const char *const bad[] = {"1.0",
                                      "1e3",
                                      "0.5",
                                      "-0.0",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "18446744073709551615",
                                      "1e400000000000000000e",
                                      "\"1\"",
                                      "true",
                                      "null",
                                      "[1]",
                                      "100000000000000000000",
                                      "1e300",
                                      "1E2"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        cJSON *tree = NULL;
        int64_t value = 77;
        (void)!tl_json_parse(&tree, bad[i], strlen(bad[i]), NULL);
        assert_false(tl_json_integer(tree, &value));
        assert_int_equal(value, 77);
        cJSON_Delete(tree);
    }
}

static void integers_of_changed_and_made_nodes_are_the_current_ones(void **state)
{
    (void)state;
    int64_t value = 0;
    cJSON *tree = parse("9007199254740993");
    cJSON_SetNumberValue(tree, 12);
    assert_true(tl_json_integer(tree, &value));
    assert_int_equal(value, 12);
    cJSON_SetNumberValue(tree, 1.5);
    assert_false(tl_json_integer(tree, &value));
    cJSON_SetNumberValue(tree, (double)NAN);
    assert_false(tl_json_integer(tree, &value));
    cJSON_SetNumberValue(tree, -(double)INFINITY);
    assert_false(tl_json_integer(tree, &value));
    cJSON_Delete(tree);
    assert_false(tl_json_integer(NULL, &value));
}

static void new_integers_are_exact(void **state)
{
    (void)state;
    static const int64_t rows[] = {0,
                                   1,
                                   -1,
                                   3000000000,
                                   INT64_C(9007199254740991),
                                   INT64_C(9007199254740993),
                                   -INT64_C(9007199254740993),
                                   INT64_MAX,
                                   INT64_MAX - 1,
                                   INT64_MIN,
                                   INT64_MIN + 1,
                                   INT64_C(1000000000000000000),
                                   INT64_C(9007199254740994)};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char expected[32];
        int64_t value = 0;
        snprintf(expected, sizeof expected, "%lld", (long long)rows[i]);
        cJSON *tree = tl_json_new_integer(rows[i]);
        assert_printed(tree, expected);
        assert_true(tl_json_integer(tree, &value));
        assert_int_equal(value, rows[i]);
        cJSON_Delete(tree);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unchanged_values_leave_as_they_came),
        cmocka_unit_test(outer_white_space_goes),
        cmocka_unit_test(escaped_keys_are_written_canonically),
        cmocka_unit_test(changed_values_lose_their_source),
        cmocka_unit_test(value_set_back_gets_its_source_again),
        cmocka_unit_test(a_false_source_is_not_believed),
        cmocka_unit_test(texts_are_escaped_minimally),
        cmocka_unit_test(long_texts_are_written_whole),
        cmocka_unit_test(what_is_no_json_is_not_written),
        cmocka_unit_test(trees_deeper_than_64_are_not_written),
        cmocka_unit_test(raw_nodes_must_be_one_value),
        cmocka_unit_test(references_are_written_like_originals),
        cmocka_unit_test(integers_above_2_to_52_print_exactly),
        cmocka_unit_test(random_doubles_read_back),
        cmocka_unit_test(doubles_print_as_short_as_they_can),
        cmocka_unit_test(integers_are_read_exactly),
        cmocka_unit_test(integers_of_changed_and_made_nodes_are_the_current_ones),
        cmocka_unit_test(new_integers_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
