/* The helpers that read and change trees. */
#include "base/json.h"
#include "unit.h"

static cJSON *parse(const char *text)
{
    cJSON *tree = NULL;
    assert_int_equal(tl_json_parse(&tree, text, strlen(text), NULL), TL_OK);
    return tree;
}

static void assert_tree_and_delete(cJSON *tree, const char *expected)
{
    char *text = NULL;
    assert_int_equal(tl_json_print(&text, NULL, tree, NULL), TL_OK);
    assert_text_and_free(text, expected);
    cJSON_Delete(tree);
}

static void members_are_found_by_exact_name(void **state)
{
    (void)state;
    cJSON *tree = parse("{\"hash\":1,\"Hash\":2,\"hashes\":3,\"none\":null}");
    assert_true(tl_json_member(tree, "hash")->valuedouble == 1);
    assert_true(tl_json_member(tree, "Hash")->valuedouble == 2);
    assert_null(tl_json_member(tree, "HASH"));
    assert_null(tl_json_member(tree, "has"));
    assert_null(tl_json_member(tree, ""));
    assert_null(tl_json_member(tree, "none"));
    assert_null(tl_json_member(tree, NULL));
    assert_null(tl_json_member(NULL, "hash"));
    assert_null(tl_json_member(tl_json_member(tree, "hash"), "hash"));
    cJSON_Delete(tree);
}

static void only_objects_have_members(void **state)
{
    (void)state;
    cJSON *tree = parse("{\"a\":[{\"b\":1}],\"s\":\"\\u002B\"}");
    assert_null(tl_json_path(tree, "a.b"));
    assert_null(tl_json_path(tree, "s.b"));
    assert_null(tl_json_member(tl_json_member(tree, "a"), "b"));
    cJSON_Delete(tree);
}

static void paths_go_down(void **state)
{
    (void)state;
    cJSON *tree = parse("{\"a\":{\"b\":{\"c\":\"deep\"},\"n\":null},\"\":{\"\":\"empty\"},\"ab\":1}");
    assert_string_equal(tl_json_text(tree, "a.b.c"), "deep");
    assert_string_equal(tl_json_text(tree, "."), "empty");
    assert_null(tl_json_path(tree, "a.b.c.d"));
    assert_null(tl_json_path(tree, "a.n"));
    assert_null(tl_json_path(tree, "a.n.x"));
    assert_null(tl_json_path(tree, "a.x.c"));
    assert_null(tl_json_path(tree, "a."));
    assert_null(tl_json_path(tree, "a..b"));
    assert_null(tl_json_path(tree, NULL));
    assert_null(tl_json_path(NULL, "a"));
    cJSON_Delete(tree);
}

static void values_of_the_wrong_type_are_absent(void **state)
{
    (void)state;
    cJSON *tree =
        parse("{\"s\":\"x\",\"t\":true,\"f\":false,\"n\":5,\"q\":\"true\",\"one\":1,\"big\":9007199254740993,"
              "\"half\":0.5,\"z\":null}");
    assert_string_equal(tl_json_text(tree, "s"), "x");
    assert_null(tl_json_text(tree, "n"));
    assert_null(tl_json_text(tree, "z"));
    assert_string_equal(tl_json_text_or_empty(tree, "s"), "x");
    assert_string_equal(tl_json_text_or_empty(tree, "t"), "");
    assert_string_equal(tl_json_text_or_empty(tree, "missing"), "");
    assert_string_equal(tl_json_text_or_empty(NULL, "s"), "");
    assert_true(tl_json_true(tree, "t"));
    assert_false(tl_json_true(tree, "f"));
    assert_false(tl_json_true(tree, "q"));
    assert_false(tl_json_true(tree, "one"));
    assert_false(tl_json_true(NULL, "t"));
    assert_int_equal(tl_json_integer_or(tree, "n", -1), 5);
    assert_int_equal(tl_json_integer_or(tree, "big", -1), INT64_C(9007199254740993));
    assert_int_equal(tl_json_integer_or(tree, "half", -1), -1);
    assert_int_equal(tl_json_integer_or(tree, "s", -1), -1);
    assert_int_equal(tl_json_integer_or(tree, "missing", -1), -1);
    cJSON_Delete(tree);
}

static void setting_appends_or_replaces_in_place(void **state)
{
    (void)state;
    cJSON *tree = parse("{\"a\":{\"x\":1},\"b\":\"\\u002B\",\"c\":null}");
    assert_true(tl_json_set_text(tree, "b", "new"));
    assert_true(tl_json_set_bool(tree, "a", true));
    assert_true(tl_json_set_integer(tree, "c", INT64_MAX));
    assert_true(tl_json_set_text(tree, "d", NULL));
    assert_true(tl_json_set(tree, "e", cJSON_CreateArray()));
    assert_true(tl_json_append(tl_json_member(tree, "e"), cJSON_CreateString("1")));
    assert_true(tl_json_append(tl_json_member(tree, "e"), tl_json_new_integer(2)));
    assert_true(tl_json_set_bool(tree, "A", false));
    assert_tree_and_delete(tree,
                           "{\"a\":true,\"b\":\"new\",\"c\":9223372036854775807,\"d\":null,\"e\":[\"1\",2],"
                           "\"A\":false}");
}

static void setting_a_member_to_itself_changes_nothing(void **state)
{
    (void)state;
    cJSON *tree = parse("{\"a\":1,\"b\":2}");
    assert_true(tl_json_set(tree, "a", tl_json_member(tree, "a")));
    assert_tree_and_delete(tree, "{\"a\":1,\"b\":2}");
}

static void moved_values_take_their_new_name(void **state)
{
    (void)state;
    cJSON *tree = parse("{\"from\":[1],\"to\":2}");
    cJSON *moved = cJSON_DetachItemFromObjectCaseSensitive(tree, "from");
    assert_true(tl_json_set(tree, "to", moved));
    assert_tree_and_delete(tree, "{\"to\":[1]}");

    tree = cJSON_CreateObject();
    cJSON_AddItemToObjectCS(tree, "constant", cJSON_CreateNull());
    assert_true(tl_json_set_text(tree, "constant", "value"));
    assert_tree_and_delete(tree, "{\"constant\":\"value\"}");
}

static void what_cannot_be_set_is_freed(void **state)
{
    (void)state;
    cJSON *array = cJSON_CreateArray();
    cJSON *object = cJSON_CreateObject();
    assert_false(tl_json_set(array, "a", cJSON_CreateNull()));
    assert_false(tl_json_set(NULL, "a", cJSON_CreateNull()));
    assert_false(tl_json_set(object, NULL, cJSON_CreateNull()));
    assert_false(tl_json_set(object, "a", NULL));
    assert_false(tl_json_append(object, cJSON_CreateNull()));
    assert_false(tl_json_append(NULL, cJSON_CreateNull()));
    assert_false(tl_json_append(array, NULL));
    assert_tree_and_delete(array, "[]");
    assert_tree_and_delete(object, "{}");
}

static void unknown_members_are_named(void **state)
{
    (void)state;
    static const char *const names[] = {"a", "b", NULL};
    const char *unknown = "unset";
    cJSON *tree = parse("{\"b\":null,\"a\":1}");
    assert_true(tl_json_only_members(tree, names, &unknown));
    assert_null(unknown);
    tl_json_set_bool(tree, "B", true);
    tl_json_set_bool(tree, "zz", true);
    assert_false(tl_json_only_members(tree, names, &unknown));
    assert_string_equal(unknown, "B");
    cJSON_Delete(tree);

    cJSON *array = cJSON_CreateArray();
    assert_false(tl_json_only_members(array, names, &unknown));
    assert_null(unknown);
    assert_false(tl_json_only_members(NULL, names, &unknown));
    cJSON_Delete(array);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_found_by_exact_name),
        cmocka_unit_test(only_objects_have_members),
        cmocka_unit_test(paths_go_down),
        cmocka_unit_test(values_of_the_wrong_type_are_absent),
        cmocka_unit_test(setting_appends_or_replaces_in_place),
        cmocka_unit_test(setting_a_member_to_itself_changes_nothing),
        cmocka_unit_test(moved_values_take_their_new_name),
        cmocka_unit_test(what_cannot_be_set_is_freed),
        cmocka_unit_test(unknown_members_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
