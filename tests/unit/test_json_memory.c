/* Every allocation fails in turn: no crash, no leak, a clean error. */
#include "base/json.h"
#include "base/redact.h"
#include "base/text.h"
#include "unit.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void __wrap_free(void *block);

static bool watching;
static long live;       /* allocations not yet freed while watching */
static long until_fail; /* allocations that still succeed; negative: all do */
static bool has_failed;

static bool fails_now(void)
{
    if (!watching || until_fail < 0) {
        return false;
    }
    if (until_fail-- > 0) {
        return false;
    }
    until_fail = -1;
    has_failed = true;
    return true;
}

static void *count_allocation(void *block)
{
    live += watching && block != NULL ? 1 : 0;
    return block;
}

void *__wrap_malloc(size_t size)
{
    return fails_now() ? NULL : count_allocation(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails_now() ? NULL : count_allocation(__real_calloc(count, size));
}

void __wrap_free(void *block)
{
    live -= watching && block != NULL ? 1 : 0;
    __real_free(block);
}

/* Runs `step` with the first, second, third... allocation failing until none is left to fail. It returns
 * whether it worked. */
static void assert_survives(bool (*step)(void))
{
    for (long n = 0;; n++) {
        live = 0;
        until_fail = n;
        has_failed = false;
        watching = true;
        bool worked = step();
        watching = false;
        assert_int_equal(live, 0);
        if (!has_failed) {
            assert_true(worked);
            assert_true(n > 0);
            return;
        }
        assert_false(worked);
    }
}

static const char document[] = "{\"a\":[1,2.50,\"\\u002B\",{\"\\u0061\":null}],\"long\":0."
                               "1000000000000000000000000000000000000000000000000000"
                               "00000000000000001,\"k1\":1,\"k2\":1,\"k3\":1,\"k4\":1,\"k5\":1,\"k6\":1,"
                               "\"k7\":1,\"k8\":1,\"k9\":1,\"k10\":1,"
                               "\"k11\":true,\"k12\":false}";

static bool parse_document(void)
{
    cJSON *tree = NULL;
    tl_error err = TL_ERROR_INIT;
    tl_code code = tl_json_parse(&tree, document, strlen(document), &err);
    assert_int_equal(code, err.code);
    assert_true(code == TL_OK ? tree != NULL : code == TL_MEMORY && tree == NULL);
    cJSON_Delete(tree);
    return code == TL_OK;
}

static void reading_survives_exhausted_memory(void **state)
{
    (void)state;
    assert_survives(parse_document);
}

static char *large;
static size_t large_length;

static bool parse_large(void)
{
    cJSON *tree = NULL;
    tl_code code = tl_json_parse(&tree, large, large_length, NULL);
    cJSON_Delete(tree);
    return code == TL_OK;
}

/* More keys than the reader holds without the heap. */
static void reading_many_members_survives_exhausted_memory(void **state)
{
    (void)state;
    tl_buffer text = {.limit = 100000};
    tl_buffer_text(&text, "{\"k\":0");
    for (int i = 0; i < 300; i++) {
        tl_buffer_format(&text, ",\"k%d\":[]", i);
    }
    assert_true(tl_buffer_text(&text, "}"));
    large = text.data;
    large_length = text.length;
    assert_survives(parse_large);
    tl_buffer_free(&text);
}

static cJSON *tree_to_print;

static bool print_document(void)
{
    char *text = NULL;
    tl_error err = TL_ERROR_INIT;
    tl_code code = tl_json_print(&text, NULL, tree_to_print, &err);
    assert_int_equal(code, err.code);
    assert_true(code == TL_OK ? text != NULL : code == TL_MEMORY && text == NULL);
    free(text);
    return code == TL_OK;
}

static void writing_survives_exhausted_memory(void **state)
{
    (void)state;
    assert_int_equal(tl_json_parse(&tree_to_print, document, strlen(document), NULL), TL_OK);
    char big[2000];
    memset(big, 'x', sizeof big - 1);
    big[sizeof big - 1] = '\0';
    assert_true(tl_json_set_text(tree_to_print, "big", big));
    assert_true(tl_json_set(tree_to_print, "raw", cJSON_CreateRaw("{\"x\":[1]}")));
    assert_survives(print_document);
    cJSON_Delete(tree_to_print);
}

static bool change_tree(void)
{
    cJSON *tree = cJSON_CreateObject();
    bool worked = tree != NULL && tl_json_set_text(tree, "a", "text") && tl_json_set_bool(tree, "a", true) &&
                  tl_json_set_integer(tree, "b", INT64_MAX) && tl_json_set_text(tree, "c", NULL) &&
                  tl_json_set(tree, "d", cJSON_CreateArray()) &&
                  tl_json_append(tl_json_member(tree, "d"), tl_json_new_integer(INT64_MIN));
    cJSON_Delete(tree);
    return worked;
}

static void changing_survives_exhausted_memory(void **state)
{
    (void)state;
    assert_survives(change_tree);
}

static bool free_and_tell(void *result)
{
    free(result);
    return result != NULL;
}

static bool clean(void)
{
    return free_and_tell(tl_clean_text("text", 2));
}

static bool trim(void)
{
    return free_and_tell(tl_trim(" text "));
}

static bool decode(void)
{
    size_t length = 0;
    return free_and_tell(tl_base64_decode("dGV4dA==", 8, &length));
}

static bool encode_url(void)
{
    return free_and_tell(tl_base64url_encode("text", 4));
}

static bool decode_url(void)
{
    size_t length = 0;
    return free_and_tell(tl_base64url_decode("dGV4dA", 6, &length));
}

static bool percent(void)
{
    return free_and_tell(tl_percent_encode("a b"));
}

static bool fill_buffer(void)
{
    tl_buffer buffer = {.limit = 10000};
    for (int i = 0; i < 200; i++) {
        tl_buffer_format(&buffer, "%d %s\n", i, "line");
    }
    bool worked = !buffer.failed && buffer.data != NULL;
    assert_false(buffer.too_large);
    tl_buffer_free(&buffer);
    return worked;
}

static void text_functions_survive_exhausted_memory(void **state)
{
    (void)state;
    bool (*const steps[])(void) = {clean, trim, decode, encode_url, decode_url, percent, fill_buffer};
    for (size_t i = 0; i < COUNT(steps); i++) {
        assert_survives(steps[i]);
    }
}

/* A reason that could not be decoded for want of memory may come as it is or not at all, but not half. */
static void requestor_reason_survives_exhausted_memory(void **state)
{
    (void)state;
    for (long n = 0; n < 3; n++) {
        live = 0;
        until_fail = n;
        watching = true;
        char *reason = tl_requestor_reason("dGV4dA==");
        bool good = reason == NULL || strcmp(reason, "text") == 0 || strcmp(reason, "dGV4dA==") == 0;
        free(reason);
        watching = false;
        assert_true(good);
        assert_int_equal(live, 0);
    }
}

static bool redact(void)
{
    char text[64] = "before hunter2 after";
    static const char *const secrets[] = {"hunter2"};
    tl_redact(text, sizeof text, secrets, 1);
    assert_null(strstr(text, "hunter2"));
    return strcmp(text, "before [redacted] after") == 0;
}

static void redaction_without_memory_hides_everything(void **state)
{
    (void)state;
    assert_survives(redact);
}

int main(void)
{
    cJSON_Hooks hooks = {__wrap_malloc, __wrap_free};
    cJSON_InitHooks(&hooks);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_survives_exhausted_memory),
        cmocka_unit_test(reading_many_members_survives_exhausted_memory),
        cmocka_unit_test(writing_survives_exhausted_memory),
        cmocka_unit_test(changing_survives_exhausted_memory),
        cmocka_unit_test(text_functions_survive_exhausted_memory),
        cmocka_unit_test(requestor_reason_survives_exhausted_memory),
        cmocka_unit_test(redaction_without_memory_hides_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
