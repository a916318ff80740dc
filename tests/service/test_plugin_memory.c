/* Memory runs out anywhere: no crash, no leak (a sanitizer watches), never half a reply, and nothing done
 * twice or forgotten by whoever runs the action once more. */
#include "chain_harness.h"
#include "crash_driver.h"
#include "plugin_case.h"
#include "shortage.h"

#define SCHEDULED "'container_count':4294967295,'artifact_count':4294967295,'start_time':0,'end_time':1"

enum { FEW = 30 }; /* allocations that fail, where there is little time */

typedef void step_function(const char *text);

static void fail_each(const char *about, step_function *run, const char *text, bool lasts)
{
    long failed = 0, rounds = 0;
    shortage_plan(-1, lasts);
    run(text);
    long all = shortage_count();
    assert_true(all > 10);
    for (long n = 0; n < all; n = shortage_next(n, all, is_long_run() ? 10 * FEW : FEW)) {
        shortage_plan(n, lasts);
        run(text);
        failed += shortage_failed();
        rounds++;
    }
    print_message("%s%s: %ld allocations, %ld rounds, %ld failed\n", about,
                  lasts ? ", all fail from then on" : "", all, rounds, failed);
    assert_true(failed >= rounds / 2);
}

/* Runs the step with one allocation after the other failing, alone and with all after it. */
static void try_each(const char *about, step_function *run, const char *text)
{
    fail_each(about, run, text, false);
    fail_each(about, run, text, true);
}

static void open_once(const char *text)
{
    tl_plugin *plugin;
    char *message;
    shortage_begin();
    int32_t result = tl_plugin_open(&plugin, text, strlen(text), &message);
    shortage_end();
    assert_true(result == TL_PLUGIN_OK || result == TL_PLUGIN_FAILED || result == TL_PLUGIN_MEMORY);
    assert_true((result == TL_PLUGIN_OK) == (plugin != NULL));
    assert_true((result == TL_PLUGIN_FAILED) == (message != NULL));
    if (message != NULL && strstr(message, "of memory") == NULL) /* nothing else is wrong */
        fail_msg("a lack of memory is told as: %s", message);
    tl_plugin_free(message);
    tl_plugin_close(plugin);
}

static void a_session_is_opened_or_not(void **state)
{
    (void)state;
    cJSON *asset = asset_of("'permit_words':'Ja','allow_modes':'learning'");
    char *text = cJSON_PrintUnformatted(asset);
    try_each("open", open_once, text);
    free(text);
    cJSON_Delete(asset);
}

static tl_plugin *session;

/* Whole, or not at all (NULL, for want of memory). The caller's. */
static cJSON *run_short(const char *text)
{
    char *reply;
    size_t length;
    shortage_begin();
    int32_t result = tl_plugin_run(session, text, strlen(text), &reply, &length);
    shortage_end();
    assert_true(result == TL_PLUGIN_OK || result == TL_PLUGIN_MEMORY);
    assert_true((result == TL_PLUGIN_OK) == (reply != NULL));
    cJSON *tree = cJSON_Parse(reply);
    assert_true(result == TL_PLUGIN_MEMORY || cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(tree, "data")));
    tl_plugin_free(reply);
    return tree;
}

static void run_once(const char *text)
{
    cJSON_Delete(run_short(text));
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
                {"permit_request", R1003 NEW ",'dry_run':true,'expires_hours':8"},
                {"prepare_prompt", R1003 NEW},
                {"get_prompt", "'approval_id':2"},
                {"resolve_prompt", "'prompt_name':'task_1','container_id':31"},
                {"on_poll", ""}};
    session = open_asset(NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *request = json("{'identifier':'%s','parameters':{%s},'state':{'known':'%s'}}",
                              rows[i].identifier, rows[i].parameters, "0e000000000040008000000000001001");
        char *text = cJSON_PrintUnformatted(request);
        try_each(rows[i].identifier, run_once, text);
        free(text);
        cJSON_Delete(request);
    }
    assert_int_equal(times_applied_to_anything(), 0);
    tl_plugin_close(session);
}

/* ---- writes ---- */

static const char *word; /* of the prompt that is resolved; NULL = there is none */

static char *make_request(const char *identifier, const char *parameters)
{
    cJSON *request = json("{'identifier':'%s','parameters':{%s}}", identifier, parameters);
    char *text = cJSON_PrintUnformatted(request);
    cJSON_Delete(request);
    return text;
}

static int times_written(void)
{
    return times_applied(REQUEST(1003), word != NULL && strcmp(word, "Reject") == 0 ? "reject" : "permit");
}

/* A fresh request, and for resolving a fresh prompt. */
static char *begin_write(const char *text)
{
    char parameters[64];
    control("reset", "{}");
    allow_second_writes();
    session = open_asset("'timeout':'1'");
    if (word == NULL)
        return strdup(text);
    cJSON *prepared = run_action(session, "prepare_prompt", R1003 NEW);
    int64_t approval = ask(REQUEST(1003), text_of(first_row(prepared), "message"), NULL);
    cJSON_Delete(prepared);
    answer(approval, word);
    snprintf(parameters, sizeof parameters, "'approval_id':%lld", (long long)approval);
    return make_request("resolve_prompt", parameters);
}

/* What it says is true; run once more, it has been done exactly once. */
static void write_once(const char *given)
{
    char *text = begin_write(given);
    cJSON *reply = run_short(text);
    int times = times_written();
    const char *applied = text_of(first_row(reply), "applied");
    assert_true(times <= 1);
    assert_true(strcmp(applied, "yes") == 0 ? times == 1 : strcmp(applied, "no") != 0 || times == 0);
    cJSON_Delete(reply);
    run_once(text);
    assert_int_equal(times_written(), 1);
    assert_int_equal(times_applied_to_anything(), 1);
    tl_plugin_close(session);
    free(text);
}

/* One at a time: where all fail, it reads back for ten seconds, and the core's own test does that faster. */
static void a_write_is_done_once_by_whoever_runs_it_again(void **state)
{
    (void)state;
    char *text = make_request("permit_request", R1003 NEW);
    word = NULL;
    fail_each("permit_request", write_once, text, false);
    word = "Permit";
    fail_each("resolve_prompt, permit", write_once, text, false);
    word = "Reject";
    fail_each("resolve_prompt, reject", write_once, text, false);
    free(text);
}

/* ---- on poll ---- */

static cJSON *kept;  /* the state, as the shim keeps it */
static cJSON *saved; /* how often each container was handed over */

static void take_portion(const cJSON *reply)
{
    const cJSON *state = cJSON_GetObjectItemCaseSensitive(reply, "state"), *container;
    cJSON_ArrayForEach (container, cJSON_GetObjectItemCaseSensitive(reply, "containers")) {
        const char *identifier = text_of(container, "source_data_identifier");
        assert_false(cJSON_HasObjectItem(saved, identifier));
        cJSON_AddTrueToObject(saved, identifier);
    }
    if (state == NULL)
        return;
    cJSON_Delete(kept);
    kept = cJSON_Duplicate(state, true);
}

static bool poll_portion(void)
{
    cJSON *request = json("{'identifier':'on_poll','parameters':{" SCHEDULED "}}");
    if (kept != NULL)
        cJSON_AddItemToObject(request, "state", cJSON_Duplicate(kept, true));
    char *text = cJSON_PrintUnformatted(request);
    cJSON *reply = run_short(text);
    bool more = reply == NULL || cJSON_GetObjectItemCaseSensitive(reply, "containers") == NULL ||
                cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(reply, "more"));
    take_portion(reply);
    cJSON_Delete(reply);
    cJSON_Delete(request);
    free(text);
    return more;
}

static void poll_all(const char *text)
{
    static int open; /* requests, as the first poll of all found them */
    (void)text;
    kept = NULL;
    saved = cJSON_CreateObject();
    session = open_asset(NULL);
    while (poll_portion()) {
    }
    if (open == 0)
        open = cJSON_GetArraySize(saved);
    assert_true(open > 10);
    assert_int_equal(cJSON_GetArraySize(saved), open);
    tl_plugin_close(session);
    cJSON_Delete(saved);
    cJSON_Delete(kept);
}

static void a_poll_hands_over_each_request_once(void **state)
{
    (void)state;
    try_each("on_poll", poll_all, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_session_is_opened_or_not, reset_sandbox),
        cmocka_unit_test_setup(an_action_replies_whole_or_not_at_all, reset_sandbox),
        cmocka_unit_test_setup(a_write_is_done_once_by_whoever_runs_it_again, reset_sandbox),
        cmocka_unit_test_setup(a_poll_hands_over_each_request_once, reset_sandbox),
    };
    return cmocka_run_group_tests_name("plugin_memory", tests, start_sandbox, stop_sandbox);
}
