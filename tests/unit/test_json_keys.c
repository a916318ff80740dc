/* Keys chosen so that their hashes collide, enough of them that they are sorted instead: finding duplicates
 * must stay right. */
#include "base/json_keys.h"
#include "unit.h"

enum { KEYS = 200, SLOTS = 512, TEXT = 16 };

static char texts[KEYS + 1][TEXT];

/* Pushes keys that all want the same slot of the table that KEYS keys get. */
static void push_colliding(tl_json_keys *keys)
{
    size_t first = keys->count;
    for (unsigned int n = 0; keys->count < first + KEYS; n++) {
        char *text = texts[keys->count - first];
        snprintf(text, TEXT, "key-%08x", n);
        assert_true(tl_json_keys_push(keys, text, strlen(text)));
        if (keys->open[keys->count - 1].hash % SLOTS != 0) {
            keys->count--;
        }
    }
}

static void colliding_keys_are_told_apart(void **state)
{
    (void)state;
    tl_json_keys keys;
    const char *twice = "unset";
    tl_json_keys_init(&keys);
    push_colliding(&keys);
    assert_true(tl_json_keys_close(&keys, 0, &twice));
    assert_null(twice);
    assert_int_equal(keys.count, 0);
    tl_json_keys_free(&keys);
}

static void duplicate_among_colliding_keys_is_found(void **state)
{
    (void)state;
    for (size_t original = 0; original < KEYS; original += 33) {
        tl_json_keys keys;
        const char *twice = NULL;
        tl_json_keys_init(&keys);
        push_colliding(&keys);
        memcpy(texts[KEYS], texts[original], TEXT);
        assert_true(tl_json_keys_push(&keys, texts[KEYS], strlen(texts[KEYS])));
        assert_true(tl_json_keys_close(&keys, 0, &twice));
        assert_string_equal(twice, texts[original]);
        tl_json_keys_free(&keys);
    }
}

static void outer_objects_keep_their_keys(void **state)
{
    (void)state;
    tl_json_keys keys;
    const char *twice = NULL;
    tl_json_keys_init(&keys);
    assert_true(tl_json_keys_push(&keys, "outer", 5));
    push_colliding(&keys);
    assert_true(tl_json_keys_close(&keys, 1, &twice));
    assert_null(twice);
    assert_true(tl_json_keys_push(&keys, "outer", 5));
    assert_true(tl_json_keys_close(&keys, 0, &twice));
    assert_string_equal(twice, "outer");
    tl_json_keys_free(&keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colliding_keys_are_told_apart),
        cmocka_unit_test(duplicate_among_colliding_keys_is_found),
        cmocka_unit_test(outer_objects_keep_their_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
