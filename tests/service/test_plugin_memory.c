/* Memory runs out anywhere: no crash, no leak (a sanitizer watches), and never half a reply. */
#include "plugin_case.h"

#define R1003 "'request_id':'" REQUEST(1003) "','organization_id':'" ORGANIZATION(43) "'"
#define NEW R1003 ",'application':'new','name':'Field tool','hash_rule':true"

enum { FIRST = 40, SPREAD = 60 }; /* allocations that fail: the first ones, and so many of the others */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);

static bool watching;
static long made;    /* allocations while watching */
static long failing; /* the one that fails; negative: none does */

static bool fails_now(void)
{
    return watching && made++ == failing;
}

void *__wrap_malloc(size_t size)
{
    return fails_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails_now() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size)
{
    return fails_now() ? NULL : __real_realloc(block, size);
}

/* Those of cJSON, too. */
static void *hooked_malloc(size_t size)
{
    return malloc(size);
}

static void hooked_free(void *block)
{
    free(block);
}

typedef void (*step_function)(const char *text);

/* Runs the step with one allocation after the other failing. */
static void try_each(step_function step, const char *text)
{
    failing = -1;
    made = 0;
    step(text);
    long all = made;
    assert_true(all > 10);
    long stride = all / SPREAD + 1;
    for (long n = 0; n < all; n += n < FIRST ? 1 : stride) {
        made = 0;
        failing = n;
        step(text);
    }
    failing = -1;
}

static void open_once(const char *text)
{
    tl_plugin *plugin;
    char *message;
    watching = true;
    int32_t result = tl_plugin_open(&plugin, text, strlen(text), &message);
    watching = false;
    assert_true(result == TL_PLUGIN_OK || result == TL_PLUGIN_FAILED || result == TL_PLUGIN_MEMORY);
    assert_true((result == TL_PLUGIN_OK) == (plugin != NULL));
    assert_true((result == TL_PLUGIN_FAILED) == (message != NULL));
    tl_plugin_free(message);
    tl_plugin_close(plugin);
}

static void a_session_is_opened_or_not(void **state)
{
    (void)state;
    cJSON *asset = asset_of("'permit_words':'Ja','allow_modes':'learning'");
    char *text = cJSON_PrintUnformatted(asset);
    try_each(open_once, text);
    free(text);
    cJSON_Delete(asset);
}

static tl_plugin *session;

static void run_once(const char *text)
{
    char *reply;
    size_t length;
    watching = true;
    int32_t result = tl_plugin_run(session, text, strlen(text), &reply, &length);
    watching = false;
    assert_true(result == TL_PLUGIN_OK || result == TL_PLUGIN_MEMORY);
    assert_true((result == TL_PLUGIN_OK) == (reply != NULL));
    cJSON *tree = cJSON_Parse(reply);
    assert_true(result == TL_PLUGIN_MEMORY || cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(tree, "data")));
    cJSON_Delete(tree);
    tl_plugin_free(reply);
}

static void an_action_replies_whole_or_not_at_all(void **state)
{
    (void)state;
    static const struct {
        const char *identifier, *parameters;
    } rows[] = {{"count_requests", "'children':'yes'"},
                {"test_connectivity", ""},
                {"list_requests", "'limit':3"},
                {"get_request", R1003},
                {"match_applications", R1003},
                {"permit_request", NEW ",'dry_run':true,'expires_hours':8"},
                {"prepare_prompt", NEW},
                {"get_prompt", "'approval_id':2"},
                {"resolve_prompt", "'prompt_name':'task_1','container_id':31"},
                {"on_poll", ""}};
    session = open_asset(NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *request = json("{'identifier':'%s','parameters':{%s},'state':{'known':'%s'}}",
                              rows[i].identifier, rows[i].parameters, "0e000000000040008000000000001001");
        char *text = cJSON_PrintUnformatted(request);
        try_each(run_once, text);
        free(text);
        cJSON_Delete(request);
    }
    assert_int_equal(times_applied_to_anything(), 0);
    tl_plugin_close(session);
}

int main(void)
{
    cJSON_Hooks hooks = {hooked_malloc, hooked_free};
    cJSON_InitHooks(&hooks);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_session_is_opened_or_not, reset_sandbox),
        cmocka_unit_test_setup(an_action_replies_whole_or_not_at_all, reset_sandbox),
    };
    return cmocka_run_group_tests_name("plugin_memory", tests, start_sandbox, stop_sandbox);
}
