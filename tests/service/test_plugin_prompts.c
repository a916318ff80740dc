/* Prompts through the plugin: preparing, finding, resolving. */
#include "chain_harness.h"
#include "plugin_case.h"

#define PERMIT "RequestPermitApplication"

/* A prompt as a playbook asks it, in a container (0 = a new one). */
typedef struct asked {
    int64_t approval, container;
} asked;

static asked ask_in(int64_t container, const char *name, const char *message)
{
    cJSON *spec = json("{'approvalRequestId':'" REQUEST(1003) "','name':'%s'}", name);
    cJSON_AddStringToObject(spec, "message", message);
    if (container != 0)
        cJSON_AddNumberToObject(spec, "container", (double)container);
    cJSON *reply = control_send("prompt", spec);
    asked out = {integer_of(reply, "approval"), integer_of(reply, "container")};
    cJSON_Delete(reply);
    cJSON_Delete(spec);
    return out;
}

static asked prepare_and_ask(tl_plugin *plugin, const char *executor, const char *name, int64_t container)
{
    char parameters[400];
    snprintf(parameters, sizeof parameters, R1003 NEW ",'executor':'%s'", executor);
    cJSON *reply = run_action(plugin, "prepare_prompt", parameters);
    assert_success(reply, NULL);
    asked out = ask_in(container, name, text_of(first_row(reply), "message"));
    cJSON_Delete(reply);
    return out;
}

static cJSON *resolve(tl_plugin *plugin, int64_t approval)
{
    char parameters[64];
    snprintf(parameters, sizeof parameters, "'approval_id':%lld", (long long)approval);
    return run_action(plugin, "resolve_prompt", parameters);
}

static void assert_resolved(cJSON *reply, const char *status, const char *outcome)
{
    if (strcmp(text_of(reply, "status"), status) != 0)
        fail_msg("%s: %s", text_of(reply, "status"), text_of(reply, "message"));
    assert_text(first_row(reply), "outcome", outcome);
    assert_text(cJSON_GetObjectItemCaseSensitive(reply, "summary"), "outcome", outcome);
    cJSON_Delete(reply);
}

static const struct {
    const char *answer; /* members; NULL = none */
    const char *status, *outcome;
    const char *again; /* the outcome of asking a second time; NULL = not asked */
} answers[] = {
    {"'responses':['Permit','x'],'by':'analyst'", "success", "permitted", "permitted"},
    {"'responses':['Reject','x'],'by':'analyst'", "success", "rejected", "already_actioned"},
    {"'responses':['Ignore','x'],'by':'analyst'", "success", "ignored", "already_actioned"},
    {NULL, "failed", "waiting", NULL},
    {"'status':'expired','responses':[]", "failed", "left", NULL},
    {"'responses':['Perhaps','x']", "failed", "left", NULL},
};

static void each_answer_becomes_its_outcome(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        control("reset", "{}");
        tl_plugin *plugin = open_asset(NULL);
        asked prompt = prepare_and_ask(plugin, "playbook", "ask_approver", 0);
        if (answers[i].answer != NULL)
            answer_with(prompt.approval, answers[i].answer);
        assert_resolved(resolve(plugin, prompt.approval), answers[i].status, answers[i].outcome);
        bool acts = answers[i].again != NULL;
        assert_int_equal(times_applied_to_anything(), acts);
        if (acts)
            assert_resolved(resolve(plugin, prompt.approval), "success", answers[i].again);
        assert_int_equal(times_applied_to_anything(), acts);
        tl_plugin_close(plugin);
    }
}

/* Somebody else's permit is not what this prompt's approver saw. */
static void anothers_permit_is_not_this_prompts(void **state)
{
    (void)state;
    tl_plugin *plugin = open_asset(NULL);
    asked prompt = prepare_and_ask(plugin, "playbook", "ask_approver", 0);
    answer(prompt.approval, "Permit");
    cJSON_Delete(run_action(plugin, "permit_request", R1003 NEW));
    assert_resolved(resolve(plugin, prompt.approval), "failed", "already_actioned");
    assert_int_equal(count_calls(PERMIT), 1);
    tl_plugin_close(plugin);
}

/* ---- by its name ---- */

static cJSON *resolve_by_name(tl_plugin *plugin, const char *name, int64_t container, bool as_parameter)
{
    return run_request(
        plugin,
        json("{'identifier':'resolve_prompt','container_id':%lld,'parameters':{'prompt_name':'%s','"
             "container_id':%lld}}",
             as_parameter ? 1LL : (long long)container, name, as_parameter ? (long long)container : 0LL));
}

static void a_prompt_is_found_by_container_and_name(void **state)
{
    (void)state;
    for (int as_parameter = 1; as_parameter >= 0; as_parameter--) {
        control("reset", "{}");
        tl_plugin *plugin = open_asset(NULL);
        asked prompt = prepare_and_ask(plugin, "playbook", "ask_approver", 0);
        asked other = prepare_and_ask(plugin, "playbook", "ask_again", prompt.container);
        asked outside = prepare_and_ask(plugin, "chain:night-shift", "ask_approver", prompt.container);
        asked elsewhere = prepare_and_ask(plugin, "playbook", "ask_approver", 0);
        asked foreign = ask_in(prompt.container, "ask_approver", "Shall we have lunch?");
        answer(prompt.approval, "Permit");
        answer(other.approval, "Reject");
        answer(outside.approval, "Reject");
        answer(elsewhere.approval, "Reject");
        answer(foreign.approval, "Reject");
        cJSON *reply = resolve_by_name(plugin, "ask_approver", prompt.container, as_parameter);
        assert_int_equal(integer_of(first_row(reply), "approval_id"), prompt.approval);
        assert_resolved(reply, "success", "permitted");
        tl_plugin_close(plugin);
    }
}

static void which_prompt_is_meant_is_never_guessed(void **state)
{
    (void)state;
    tl_plugin *plugin = open_asset(NULL);
    asked first = prepare_and_ask(plugin, "playbook", "ask_approver", 0);
    asked second = prepare_and_ask(plugin, "playbook", "ask_approver", first.container);
    answer(first.approval, "Permit");
    const struct {
        const char *name;
        int64_t container;
        const char *part;
    } rows[] = {{"ask_approver", first.container, "has 2 prompts ask_approver"},
                {"ask_approve", first.container, "has no prompt ask_approve"},
                {"ASK_APPROVER", first.container, "has no prompt"},
                {"ask_approver", 31, "has no prompt"},
                {"ask_approver", 4711, NULL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *reply = resolve_by_name(plugin, rows[i].name, rows[i].container, true);
        assert_failure(reply, rows[i].part);
        assert_int_equal(row_count(reply), 0);
        cJSON_Delete(reply);
    }
    assert_int_equal(times_applied_to_anything(), 0);
    /* Nobody answers an expired one any more: then it is clear. */
    answer_with(second.approval, "'status':'expired','responses':[]");
    assert_resolved(resolve_by_name(plugin, "ask_approver", first.container, true), "success", "permitted");
    tl_plugin_close(plugin);
}

#define PERMITTED "'responses':['Permit','x']"

static void the_seal_decides(void **state)
{
    (void)state;
    static const struct {
        const char *executor;
        const char *config; /* of the asset that resolves it */
        const char *answer, *parameters, *part;
    } rows[] = {
        {"chain:night-shift", NULL, PERMITTED, "", "sealed for another executor"},
        {"playbook", "'seal_key':'another key of some length'", PERMITTED, "", "seal"},
        {"playbook", NULL, PERMITTED, ",'request_id':'" REQUEST(1001) "'", "another request"},
        {"playbook", "'max_answer_age_hours':1", PERMITTED ",'close_time':'2026-01-01T00:00:00Z'", "", "old"},
        {"playbook", "'answerer_not_requester':true", PERMITTED ",'by':'m.rivera'", "", "who asked"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        control("reset", "{}");
        tl_plugin *plugin = open_asset(NULL), *reader = open_asset(rows[i].config);
        control("request",
                "{'approvalRequestId':'" REQUEST(1003) "','set':{'username':'EXAMPLE\\\\m.rivera'}}");
        asked prompt = prepare_and_ask(plugin, rows[i].executor, "ask_approver", 0);
        answer_with(prompt.approval, rows[i].answer);
        char parameters[200];
        snprintf(parameters, sizeof parameters, "'approval_id':%lld%s", (long long)prompt.approval,
                 rows[i].parameters);
        cJSON *reply = run_action(reader, "resolve_prompt", parameters);
        assert_failure(reply, rows[i].part);
        assert_text(first_row(reply), "outcome", "left");
        assert_int_equal(times_applied_to_anything(), 0);
        cJSON_Delete(reply);
        tl_plugin_close(plugin);
        tl_plugin_close(reader);
    }
}

#define WORDS "'permit_words':'Ja','reject_words':'Nein'"

/* Those of the asset that resolves it: a ceiling that was lowered after the prompt was prepared counts. */
static void the_assets_words_and_ceiling_hold_when_it_is_resolved(void **state)
{
    (void)state;
    static const struct {
        const char *config, *status, *outcome, *part;
    } rows[] = {{NULL, "failed", "left", "words"},
                {WORDS ",'max_expiry_hours':1", "failed", "left", "max_expiry"},
                {WORDS, "success", "permitted", ""}};
    tl_plugin *plugin = open_asset(WORDS);
    cJSON *reply = run_action(plugin, "prepare_prompt", R1003 NEW);
    char *choices = cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(first_row(reply), "choices"));
    assert_string_equal(choices, "[\"Ja\",\"Nein\",\"Ignore\"]");
    int64_t approval = ask(REQUEST(1003), text_of(first_row(reply), "message"),
                           "{'response_types':[{'prompt':'Decision','options':{'type':'list',"
                           "'choices':['Ja','Nein','Ignore']}}]}");
    answer_with(approval, "'responses':['Ja']");
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_plugin *reader = open_asset(rows[i].config);
        cJSON *resolved = resolve(reader, approval);
        if (strstr(text_of(resolved, "message"), rows[i].part) == NULL)
            fail_msg("\"%s\" is not in: %s", rows[i].part, text_of(resolved, "message"));
        assert_resolved(resolved, rows[i].status, rows[i].outcome);
        tl_plugin_close(reader);
    }
    assert_int_equal(count_calls(PERMIT), 1);
    free(choices);
    cJSON_Delete(reply);
    tl_plugin_close(plugin);
}

/* ---- reading ---- */

static void prompts_need_soars_token(void **state)
{
    (void)state;
    static const char *const actions[] = {"resolve_prompt", "list_prompts", "get_prompt"};
    tl_plugin *plugin = open_asset("'soar_token':''");
    for (size_t i = 0; i < COUNT(actions); i++) {
        cJSON *reply =
            run_action(plugin, actions[i], strcmp(actions[i], "list_prompts") == 0 ? "" : "'approval_id':2");
        assert_failure(reply, "needs soar_token");
        cJSON_Delete(reply);
    }
    tl_plugin_close(plugin);
}

/* The platform itself is asked where the asset names no URL. */
static void soars_own_url_is_the_default(void **state)
{
    (void)state;
    cJSON *asset = asset_of("'soar_url':''");
    cJSON_AddStringToObject(asset, "soar_url", served.soar);
    char *text = cJSON_PrintUnformatted(asset), *message;
    tl_plugin *plugin;
    assert_int_equal(tl_plugin_open(&plugin, text, strlen(text), &message), TL_PLUGIN_OK);
    cJSON *reply = run_action(plugin, "get_prompt", "'approval_id':2");
    assert_success(reply, NULL);
    cJSON_Delete(reply);
    tl_plugin_close(plugin);
    free(text);
    cJSON_Delete(asset);
}

static void listed_prompts_are_the_newest_of_that_status(void **state)
{
    (void)state;
    tl_plugin *plugin = open_asset(NULL);
    asked prompts[4];
    for (size_t i = 0; i < COUNT(prompts); i++)
        prompts[i] = prepare_and_ask(plugin, "playbook", "ask_approver", 0);
    answer(prompts[1].approval, "Permit");
    const struct {
        const char *parameters;
        int rows;
        int64_t first;
    } rows[] = {{"", 4, prompts[3].approval},
                {"'limit':2", 2, prompts[3].approval},
                {"'status':'approved'", 1, prompts[1].approval},
                {"'status':'any'", 5, prompts[3].approval},
                {"'status':'any','limit':1001", 5, prompts[3].approval},
                {"'status':'any','container_id':31", 1, 2}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *reply = run_action(plugin, "list_prompts", rows[i].parameters);
        assert_success(reply, NULL);
        assert_int_equal(row_count(reply), rows[i].rows);
        assert_int_equal(integer_of(first_row(reply), "id"), rows[i].first);
        cJSON_Delete(reply);
    }
    tl_plugin_close(plugin);
}

/* Whoever has an external prompt's link can answer it. */
static void links_and_tokens_of_external_prompts_are_not_handed_out(void **state)
{
    (void)state;
    tl_plugin *plugin = open_asset(NULL);
    cJSON *spec = json("{'approvalRequestId':'" REQUEST(1003) "','message':'May it?','external':true}");
    cJSON *prompt = control_send("prompt", spec);
    const char *token = text_of(prompt, "token");
    assert_true(strlen(token) > 20);
    char parameters[64];
    snprintf(parameters, sizeof parameters, "'approval_id':%lld", (long long)integer_of(prompt, "approval"));
    static const char *const actions[] = {"list_prompts", "get_prompt", "resolve_prompt"};
    for (size_t i = 0; i < COUNT(actions); i++) {
        cJSON *reply = run_action(plugin, actions[i], i == 0 ? "" : parameters);
        char *text = cJSON_PrintUnformatted(reply);
        assert_null(strstr(text, token));
        assert_null(strstr(text, "secure_link"));
        free(text);
        cJSON_Delete(reply);
    }
    cJSON_Delete(prompt);
    cJSON_Delete(spec);
    tl_plugin_close(plugin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_answer_becomes_its_outcome, reset_sandbox),
        cmocka_unit_test_setup(anothers_permit_is_not_this_prompts, reset_sandbox),
        cmocka_unit_test_setup(a_prompt_is_found_by_container_and_name, reset_sandbox),
        cmocka_unit_test_setup(which_prompt_is_meant_is_never_guessed, reset_sandbox),
        cmocka_unit_test_setup(the_seal_decides, reset_sandbox),
        cmocka_unit_test_setup(the_assets_words_and_ceiling_hold_when_it_is_resolved, reset_sandbox),
        cmocka_unit_test_setup(prompts_need_soars_token, reset_sandbox),
        cmocka_unit_test_setup(soars_own_url_is_the_default, reset_sandbox),
        cmocka_unit_test_setup(listed_prompts_are_the_newest_of_that_status, reset_sandbox),
        cmocka_unit_test_setup(links_and_tokens_of_external_prompts_are_not_handed_out, reset_sandbox),
    };
    return cmocka_run_group_tests_name("plugin_prompts", tests, start_sandbox, stop_sandbox);
}
