/* SOAR's single reads: summaries, runs, block results, external prompts, version. */
#include "soar_case.h"

static int64_t answered(void)
{
    int64_t approval = ask_with("");
    control("answer", "{'approval':%lld,'responses':['Permit','x']}", (long long)approval);
    return approval;
}

static void a_prompts_runs_are_read_one_by_one(void **state)
{
    (void)state;
    cJSON *record = NULL, *run = NULL, *runs = NULL, *app_run = NULL, *playbook_run = NULL;
    assert_ok(tl_soar_approval(&record, soar, answered(), &err), &err);
    int64_t action_run = integer_of(record, "action_run");
    assert_ok(tl_soar_action_run(&run, soar, action_run, &err), &err);
    assert_text(run, "status", "success");
    assert_ok(tl_soar_app_runs(&runs, soar, action_run, &err), &err);
    assert_int_equal(cJSON_GetArraySize(runs), 1);
    assert_null(member_of(runs->child, "result_data"));
    assert_ok(tl_soar_app_run(&app_run, soar, integer_of(runs->child, "id"), &err), &err);
    assert_true(cJSON_IsArray(member_of(app_run, "result_data")));
    assert_ok(tl_soar_playbook_run(&playbook_run, soar, integer_of(record, "playbook_run"), &err), &err);
    assert_text(playbook_run, "status", "success");
    cJSON_Delete(record);
    cJSON_Delete(run);
    cJSON_Delete(runs);
    cJSON_Delete(app_run);
    cJSON_Delete(playbook_run);
}

typedef tl_code read_fn(cJSON **out, tl_soar *client, int64_t id, tl_error *failure);

static const struct {
    read_fn *read;
    const char *path;
} reads[] = {
    {tl_soar_approval, "/rest/approval/11"},         {tl_soar_action_run, "/rest/action_run/11"},
    {tl_soar_app_run, "/rest/app_run/11"},           {tl_soar_container, "/rest/container/11"},
    {tl_soar_playbook_run, "/rest/playbook_run/11"},
};

/* Another's record must never pass for the one asked for. */
static void records_of_others_are_refused(void **state)
{
    (void)state;
    static const char *const bodies[] = {"{'id':12}", "{}", "{'id':'11'}", "{'id':11.5}", "[]", "'11'"};
    cJSON *out = NULL;
    for (size_t i = 0; i < COUNT(reads); i++) {
        for (size_t k = 0; k < COUNT(bodies); k++) {
            reply_once(reads[i].path, 200, bodies[k]);
            ASSERT_FAILS(reads[i].read(&out, soar, 11, &err), TL_PROTOCOL);
            assert_null(out);
        }
        reply_once(reads[i].path, 200, "{'id':11,'more':true}");
        assert_ok(reads[i].read(&out, soar, 11, &err), &err);
        cJSON_Delete(out);
        ASSERT_FAILS(reads[i].read(&out, soar, 987654, &err), TL_NOT_FOUND);
        ASSERT_FAILS(reads[i].read(&out, soar, 0, &err), TL_INVALID);
        ASSERT_FAILS(reads[i].read(&out, soar, -1, &err), TL_INVALID);
        reply_once(reads[i].path, 405, "{'failed':true,'message':'Method not allowed'}");
        ASSERT_FAILS(reads[i].read(&out, soar, 11, &err), TL_NOT_FOUND);
        assert_non_null(strstr(err.message, "does not allow this call (HTTP 405: Method not allowed)"));
        assert_int_equal(err.http_status, 405);
        assert_null(out);
    }
}

/* ---- detail_summary_view ---- */

static cJSON *summary_of(int64_t id)
{
    cJSON *summary = NULL;
    assert_ok(tl_soar_approval_summary(&summary, soar, id, &err), &err);
    return summary;
}

static void all_four_kinds_of_summary_are_read(void **state)
{
    (void)state;
    static const char *const kinds[] = {"approvals", "manual tasks", "action reviews", "prompts"};
    int64_t ids[] = {1, 2, 3, ask_with("")};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        cJSON *summary = summary_of(ids[i]);
        assert_text(summary, "notification_type", kinds[i]);
        assert_true(cJSON_IsArray(member_of(summary, "notification_targets")));
        assert_true(cJSON_IsNumber(member_of(summary, "time_left")));
        assert_true(integer_of(summary, "container_id") > 0);
        cJSON_Delete(summary);
    }
}

/* The page's table and its samples disagree on these types. */
static void a_summary_of_the_other_types_reads_the_same(void **state)
{
    (void)state;
    static const struct {
        const char *body, *expected;
    } rows[] = {
        {"{'container_id':'42','time_left':'80128.5','notification_targets':{'app_id':0}}",
         "{'container_id':42,'time_left':80128.5,'notification_targets':[{'app_id':0}]}"},
        {"{'asset':null,'notification_targets':[]}", "{'asset':null,'notification_targets':[]}"},
        {"{'asset':{},'time_left':-0.5}", "{'asset':{},'time_left':-0.5}"},
        {"{'container_id':'soon','time_left':'','notification_targets':'none'}",
         "{'container_id':'soon','time_left':'','notification_targets':'none'}"},
        {"{'asset':{'name':'a','Configuration':{'api_key':'EXAMPLE'},'configuration':1,'TOKEN':'EXAMPLE',"
         "'x':{'token':'EXAMPLE'}}}",
         "{'asset':{'name':'a','x':{}}}"},
        {"{'asset':[{'name':'a','token':'EXAMPLE'},null,7]}", "{'asset':[{'name':'a'},null,7]}"},
        {"{'Asset':{'token':'EXAMPLE'},'token':'kept'}", "{'Asset':{},'token':'kept'}"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        print_message("%s\n", rows[i].body);
        reply_once("detail_summary_view", 200, rows[i].body);
        cJSON *summary = summary_of(1), *expected = json("%s", rows[i].expected);
        assert_true(cJSON_Compare(summary, expected, true));
        cJSON_Delete(summary);
        cJSON_Delete(expected);
    }
    cJSON *summary = NULL;
    reply_once("detail_summary_view", 200, "['prompts']");
    ASSERT_FAILS(tl_soar_approval_summary(&summary, soar, 1, &err), TL_PROTOCOL);
    assert_null(summary);
}

/* ---- block results ---- */

static void block_results_come_as_they_are(void **state)
{
    (void)state;
    int64_t approval = answered();
    cJSON *out = NULL;
    assert_ok(tl_soar_block_results(&out, soar, approval, &err), &err);
    assert_text(out, "ask_approver:action_result.status", "approved");
    cJSON_Delete(out);
    assert_ok(tl_soar_block_results(&out, soar, 0, &err), &err);
    cJSON_Delete(out);
    cJSON *calls = calls_to("/rest/approval");
    assert_text(calls->child, "query", "block_results=True");
    assert_text(calls->child->next, "query", "block_results=True");
    assert_text(calls->child->next, "path", "/rest/approval"); /* the sandbox drops the slash at its end */
    cJSON_Delete(calls);
    static const char *const shapes[] = {"[]", "[{'a':1}]", "{}", "'text'", "7", "null"};
    for (size_t i = 0; i < COUNT(shapes); i++) {
        cJSON *expected = json("%s", shapes[i]);
        reply_once("block_results", 200, shapes[i]);
        assert_ok(tl_soar_block_results(&out, soar, approval, &err), &err);
        assert_true(cJSON_Compare(out, expected, true));
        cJSON_Delete(out);
        cJSON_Delete(expected);
    }
    reply_once("block_results", 200, "{'failed':true,'message':'no blocks'}");
    ASSERT_FAILS(tl_soar_block_results(&out, soar, approval, &err), TL_PROTOCOL);
    assert_non_null(strstr(err.message, "no blocks"));
    ASSERT_FAILS(tl_soar_block_results(&out, soar, -1, &err), TL_INVALID);
    ASSERT_FAILS(tl_soar_block_results(&out, soar, 987654, &err), TL_NOT_FOUND);
    assert_null(out);
}

/* ---- external prompts ---- */

static char logged[4096];

static void keep_line(void *data, const char *line)
{
    (void)data;
    strncat(logged, line, sizeof logged - strlen(logged) - 1);
}

static char *external_token(void)
{
    cJSON *spec = json("{'external':true}");
    cJSON *reply = control_send("prompt", spec);
    char *token = strdup(text_of(reply, "token"));
    cJSON_Delete(spec);
    cJSON_Delete(reply);
    assert_int_equal(strlen(token), 43);
    return token;
}

static void an_external_prompt_is_read_by_its_token(void **state)
{
    (void)state;
    char *token = external_token();
    cJSON *prompt = NULL;
    assert_ok(tl_soar_external_prompt(&prompt, soar, token, &err), &err);
    assert_text(prompt, "status", "pending");
    assert_true(cJSON_IsArray(member_of(prompt, "targets")));
    cJSON_Delete(prompt);
    ASSERT_FAILS(tl_soar_external_prompt(&prompt, soar, "another-token", &err), TL_NOT_FOUND);
    static const char *const none[] = {NULL, "", "abc", ".", "..", "....", "a b\n", "\xc3\xa4\xc3\xa4"};
    control_delete("calls");
    for (size_t i = 0; i < COUNT(none); i++)
        ASSERT_FAILS(tl_soar_external_prompt(&prompt, soar, none[i], &err), TL_INVALID);
    assert_int_equal(count_calls(""), 0);
    /* No text leaves its place in the path. */
    ASSERT_FAILS(tl_soar_external_prompt(&prompt, soar, "../approval?x=1#", &err), TL_NOT_FOUND);
    cJSON *calls = calls_to("");
    assert_text(calls->child, "path", "/rest/external_prompt/../approval?x=1#");
    assert_text(calls->child, "query", "");
    cJSON_Delete(calls);
    free(token);
}

/* Whoever has the token can answer. SOAR, or something before it, may repeat the URL in what it says. */
static void a_token_is_never_shown(void **state)
{
    (void)state;
    static const int statuses[] = {200, 400, 401, 403, 404, 405, 500};
    char *token = external_token();
    tl_soar_options options = soar_options();
    tl_soar *logging = NULL;
    options.connection.retries = -1;
    options.connection.log = keep_line;
    assert_ok(tl_soar_new(&logging, &options, &err), &err);
    for (size_t i = 0; i < 2 * COUNT(statuses); i++) {
        char body[512];
        cJSON *prompt = NULL;
        /* The longer one is cut within the token. */
        char before[186] = "";
        memset(before, 'a', i % 2 == 0 ? 1 : sizeof before - 1);
        snprintf(body, sizeof body, "{'failed':true,'message':'%s %s'}", before, token);
        reply_once("external_prompt", statuses[i / 2], body);
        logged[0] = '\0';
        err = (tl_error)TL_ERROR_INIT;
        assert_int_not_equal(tl_soar_external_prompt(&prompt, logging, token, &err), TL_OK);
        assert_null(prompt);
        token[12] = '\0'; /* a part of it is too much, too */
        assert_null(strstr(err.message, token));
        assert_null(strstr(logged, token));
        assert_true(logged[0] != '\0');
        free(token);
        token = external_token();
    }
    tl_soar_free(logging);
    free(token);
}

static void the_version_is_a_text(void **state)
{
    (void)state;
    cJSON *version = NULL;
    assert_ok(tl_soar_version(&version, soar, &err), &err);
    assert_text(version, "version", "8.5.0.248");
    cJSON_Delete(version);
    reply_once("version", 200, "{'version':8}");
    ASSERT_FAILS(tl_soar_version(&version, soar, &err), TL_PROTOCOL);
    assert_null(version);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_prompts_runs_are_read_one_by_one),
        TEST(records_of_others_are_refused),
        TEST(all_four_kinds_of_summary_are_read),
        TEST(a_summary_of_the_other_types_reads_the_same),
        TEST(block_results_come_as_they_are),
        TEST(an_external_prompt_is_read_by_its_token),
        TEST(a_token_is_never_shown),
        TEST(the_version_is_a_text),
    };
    return cmocka_run_group_tests_name("soar reads", tests, start_sandbox, stop_sandbox);
}
