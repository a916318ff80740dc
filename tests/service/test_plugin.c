/* The plugin's sessions: opening, misuse, progress, cancelling, threads, secrets. */
#include "plugin_case.h"

#include <pthread.h>

static void it_tells_its_interface_and_version(void **state)
{
    (void)state;
    assert_int_equal(tl_plugin_abi(), TL_PLUGIN_ABI);
    assert_string_equal(tl_plugin_version(), tl_version());
}

static const struct {
    const char *config; /* members */
    const char *refusal;
} configs[] = {
    {"'api_token':''", "api_token is missing"},
    {"'api_token':null", "api_token is missing"},
    {"'api_token':5", "api_token must be a text"},
    {"'api_token':'Bearer abc'", "token must be the bare token"},
    {"'api_token':'two words'", "token holds characters"},
    {"'base_url':''", "instance or base_url is missing"},
    {"'base_url':'http://portal.example.com/portalapi'", "base_url"},
    {"'instance':'not a label','base_url':''", "instance must be"},
    {"'organization_id':'mine'", "organization_id must be a GUID"},
    {"'ca_file':'/nowhere/ca.pem'", "/nowhere/ca.pem"},
    {"'timeout':'soon'", "timeout must be a whole number"},
    {"'timeout':-1", "timeout must be a whole number"},
    {"'timeout':1.5", "timeout must be a whole number"},
    {"'timeout':9007199254740993", "timeout may be 3600"},
    {"'max_scope':'world'", "max_scope must be one of: computer, group, organization"},
    {"'max_scope':['group']", "max_scope must be a text"},
    {"'allow_builtin':'perhaps'", "allow_builtin must be true or false"},
    {"'allow_modes':'learning, all'", "allow_modes may name"},
    {"'max_expiry_hours':999999", "max_expiry_hours may be"},
    {"'max_answer_age_hours':'8785'", "max_answer_age_hours may be"},
    {"'seal_key':'too short'", "seal_key must have at least 16 bytes"},
    {"'permit_words':'Reject'", "means reject"},
    {"'permit_words':'a,b,c,d,e,f,g,h,i'", "permit_words has more than 8"},
    {"'permit_words':','", "permit has no word"},
    {"'poll_kinds':'elevation, all'", "poll_kinds may name"},
    {"'poll_kinds':'Storage'", "poll_kinds may name"},
    {"'soar_url':'ftp://soar.example.com'", "Splunk SOAR: url"},
    {"'soar_url':'','soar_token':'abc'", "Splunk SOAR: url is missing"},
    {"'soar_ca_file':'/nowhere/soar.pem'", "/nowhere/soar.pem"},
};

static void a_wrong_configuration_is_named_without_its_secrets(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(configs); i++) {
        cJSON *asset = asset_of(configs[i].config);
        char *message = refusal_of(asset);
        if (strstr(message, configs[i].refusal) == NULL)
            fail_msg("%s: %s", configs[i].config, message);
        assert_null(strpbrk(message, "{}\n"));
        assert_null(strstr(message, served.token));
        assert_null(strstr(message, served.soar_token));
        assert_null(strstr(message, SEAL_KEY));
        assert_null(strstr(message, "abc"));
        assert_null(strstr(message, "two words"));
        tl_plugin_free(message);
        cJSON_Delete(asset);
    }
    assert_int_equal(count_calls(""), 0);
}

static void what_is_no_asset_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "null", "[]", "{}", "{\"config\":[]}", "{\"config\":", "\xff", "7"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        tl_plugin *plugin = NULL;
        char *message = NULL;
        assert_int_equal(tl_plugin_open(&plugin, texts[i], strlen(texts[i]), &message), TL_PLUGIN_FAILED);
        assert_null(plugin);
        assert_true(message[0] != '\0');
        tl_plugin_free(message);
    }
}

/* What SOAR's forms hand over: passwords and numbers as text, empty fields, members of its own. */
static void soars_own_forms_of_values_are_taken(void **state)
{
    (void)state;
    tl_plugin *plugin =
        open_asset("'timeout':'30.0','max_scope':' group ','allow_builtin':'True','seal_key':'',"
                   "'permit_words':'Ja, Permit','allow_modes':'Learning,monitor','poll_limit':'',"
                   "'max_expiry_hours':24.0,'directory':'threatlocker_1','ingest':{}");
    cJSON *reply = run_action(plugin, "count_requests", NULL);
    assert_success(reply, "14");
    cJSON_Delete(reply);
    tl_plugin_close(plugin);
}

static void null_is_misuse_where_nothing_else_is_said(void **state)
{
    (void)state;
    static const char request[] = "{\"identifier\":\"count_requests\"}";
    tl_plugin *plugin = open_asset(NULL), *other;
    char *text;
    size_t length;
    assert_int_equal(tl_plugin_open(NULL, "{}", 2, &text), TL_PLUGIN_USAGE);
    assert_int_equal(tl_plugin_open(&other, NULL, 0, &text), TL_PLUGIN_USAGE);
    assert_int_equal(tl_plugin_open(&other, "{}", 2, NULL), TL_PLUGIN_USAGE);
    assert_int_equal(tl_plugin_run(NULL, request, sizeof request - 1, &text, &length), TL_PLUGIN_USAGE);
    assert_int_equal(tl_plugin_run(plugin, NULL, 0, &text, &length), TL_PLUGIN_USAGE);
    assert_int_equal(tl_plugin_run(plugin, request, sizeof request - 1, NULL, &length), TL_PLUGIN_USAGE);
    assert_int_equal(tl_plugin_run(plugin, request, sizeof request - 1, &text, NULL), TL_PLUGIN_USAGE);
    assert_int_equal(tl_plugin_progress(NULL, &text), TL_PLUGIN_USAGE);
    assert_int_equal(tl_plugin_progress(plugin, NULL), TL_PLUGIN_USAGE);
    tl_plugin_cancel(NULL);
    tl_plugin_close(NULL);
    tl_plugin_free(NULL);
    assert_int_equal(count_calls(""), 0);
    tl_plugin_close(plugin);
}

static void what_is_no_request_fails_and_sends_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "null",
                                        "[]",
                                        "{}",
                                        "{\"identifier\":7}",
                                        "{\"identifier\":\"approve_everything\"}",
                                        "{\"identifier\":\"count_requests\",\"parameters\":[]}",
                                        "{\"identifier\":\"count_requests\",\"parameters\":\"x\"}",
                                        "{\"identifier\":\"count_requests\"",
                                        "{\"identifier\":\"count_requests\",\"identifier\":\"on_poll\"}",
                                        "\xef\xbb\xbf{}"};
    tl_plugin *plugin = open_asset(NULL);
    for (size_t i = 0; i < COUNT(texts); i++) {
        char *reply;
        size_t length;
        assert_int_equal(tl_plugin_run(plugin, texts[i], strlen(texts[i]), &reply, &length), TL_PLUGIN_OK);
        cJSON *tree = cJSON_Parse(reply);
        assert_failure(tree, NULL);
        assert_true(text_of(tree, "message")[0] != '\0');
        cJSON_Delete(tree);
        tl_plugin_free(reply);
    }
    assert_int_equal(count_calls(""), 0);
    tl_plugin_close(plugin);
}

static void connectivity_is_told_with_what_is_missing(void **state)
{
    (void)state;
    static const struct {
        const char *config, *about_switch, *part; /* part NULL = success */
    } rows[] = {
        {NULL, NULL, NULL},
        {"'soar_token':''", NULL, NULL},
        {"'api_token':'unknown'", NULL, "token"},
        {NULL, "'token':'revoked'", "token"},
        {NULL, "'soar_token':'revoked'", "Splunk SOAR: "},
        {"'base_url':'http://127.0.0.1:1/portalapi'", NULL, "127.0.0.1:1: "},
        {"'soar_url':'http://127.0.0.1:1'", NULL, "Splunk SOAR: "},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        control("reset", "{}");
        if (rows[i].about_switch != NULL)
            control("switch", "{%s}", rows[i].about_switch);
        tl_plugin *plugin = open_asset(rows[i].config);
        cJSON *reply = run_action(plugin, "test_connectivity", NULL);
        if (rows[i].part == NULL)
            assert_success(reply, "pending requests: 14");
        else
            assert_failure(reply, rows[i].part);
        assert_text(reply, "progress",
                    rows[i].part == NULL ? "Test Connectivity Passed" : "Test Connectivity Failed");
        cJSON_Delete(reply);
        tl_plugin_close(plugin);
    }
}

/* ---- text from servers ---- */

static void braces_and_line_ends_of_servers_do_not_reach_messages(void **state)
{
    (void)state;
    tl_plugin *plugin = open_asset(NULL);
    reply_next("ApprovalRequestGetById", 400, "{\"Message\":\"{0} \\r\\n {token} \\u001b[31m\\u202e\"}");
    cJSON *reply = run_action(plugin, "get_request", R1001);
    const char *message = text_of(reply, "message");
    assert_failure(reply, NULL);
    assert_null(strpbrk(message, "{}\r\n\x1b"));
    assert_null(strstr(message, "\u202e"));
    cJSON_Delete(reply);
    /* Data are the row's own. */
    reply = run_action(plugin, "get_request", ROW(1016, 42));
    assert_non_null(strstr(text_of(first_row(reply), "path"), "{braces}"));
    cJSON_Delete(reply);
    tl_plugin_close(plugin);
}

/* Of a reply only what the manifest declares comes out, and only as the type declared there. */
static void what_is_not_declared_is_not_handed_out(void **state)
{
    (void)state;
    tl_plugin *plugin = open_asset(NULL);
    reply_next("ApprovalRequestGetById", 200,
               "{\"approvalRequestId\":\"" REQUEST(
                   1001) "\",\"hostname\":{\"a\":1},\"path\":7,"
                         "\"statusId\":\"1\",\"username\":null,\"unheardOf\":\"x\","
                         "\"threatLockerActionDto\":{\"size\":9007199254740993,\"certs\":[7,{\"sha\":[]},"
                         "{\"sha\":\"s\",\"more\":1}],\"installedBy\":\"x\"}}");
    char request[] = "{\"identifier\":\"get_request\",\"parameters\":{\"request_id\":\"" REQUEST(1001) "\"}}";
    char *reply;
    size_t length;
    assert_int_equal(tl_plugin_run(plugin, request, strlen(request), &reply, &length), TL_PLUGIN_OK);
    assert_non_null(strstr(reply, "\"data\":[{\"approvalRequestId\":\"" REQUEST(
                                      1001) "\",\"requestKind\":\"other\","
                                            "\"threatLockerActionDto\":{\"size\":9007199254740993,"
                                            "\"certs\":[{},{\"sha\":\"s\"}]}}]"));
    tl_plugin_free(reply);
    tl_plugin_close(plugin);
}

/* Servers that give their secrets back. */
static void secrets_stand_in_no_reply(void **state)
{
    (void)state;
    static const char *const matches[] = {"GetCount", "GetByParameters", "GetById", "rest/"};
    static const char *const actions[] = {"count_requests", "list_requests", "get_request", "list_prompts",
                                          "test_connectivity"};
    tl_plugin *plugin = open_asset(NULL);
    for (size_t i = 0; i < COUNT(matches); i++) {
        cJSON *fault = json("{'kind':'status','status':400,'times':-1,'match':'%s'}", matches[i]);
        char body[512];
        bool soar = strcmp(matches[i], "rest/") == 0;
        snprintf(body, sizeof body, "{\"message\":\"you sent %s\",\"failed\":true}",
                 soar ? served.soar_token : served.token);
        cJSON_AddStringToObject(fault, "body", body);
        cJSON_Delete(control_send("fault", fault));
        cJSON_Delete(fault);
    }
    for (size_t i = 0; i < COUNT(actions); i++) {
        cJSON *reply = run_action(plugin, actions[i], strstr(actions[i], "get_") ? R1001 : NULL);
        char *text = cJSON_PrintUnformatted(reply);
        char *progress = NULL;
        assert_failure(reply, NULL);
        assert_null(strstr(text, served.token));
        assert_null(strstr(text, served.soar_token));
        assert_null(strstr(text, SEAL_KEY));
        assert_int_equal(tl_plugin_progress(plugin, &progress), TL_PLUGIN_OK);
        assert_true(progress == NULL || strstr(progress, served.token) == NULL);
        tl_plugin_free(progress);
        free(text);
        cJSON_Delete(reply);
    }
    tl_plugin_close(plugin);
}

/* ---- threads ---- */

typedef struct running {
    tl_plugin *plugin;
    const char *identifier;
    cJSON *reply;
    int64_t ended_ms;
} running;

static void *run_in_thread(void *data)
{
    running *run = data;
    run->reply = run_action(run->plugin, run->identifier, NULL);
    run->ended_ms = now_ms();
    return NULL;
}

static void a_long_list_ends_soon_when_cancelled(void **state)
{
    (void)state;
    static const struct {
        const char *identifier, *match;
    } rows[] = {{"list_requests", "GetByParameters"},
                {"on_poll", "GetByParameters"},
                {"list_prompts", "rest/approval"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        control("reset", "{}");
        control("fault", "{'kind':'delay','ms':4000,'times':-1,'match':'%s'}", rows[i].match);
        running run = {.plugin = open_asset(NULL), .identifier = rows[i].identifier};
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, run_in_thread, &run), 0);
        wait_for_call(rows[i].match);
        int64_t started = now_ms();
        tl_plugin_cancel(run.plugin);
        pthread_join(thread, NULL);
        assert_failure(run.reply, "cancelled");
        assert_true(run.ended_ms - started < 1000);
        assert_null(cJSON_GetObjectItemCaseSensitive(run.reply, "state"));
        cJSON_Delete(run.reply);
        /* And so does all that comes later. */
        run.reply = run_action(run.plugin, rows[i].identifier, NULL);
        assert_failure(run.reply, "cancelled");
        cJSON_Delete(run.reply);
        tl_plugin_close(run.plugin);
    }
}

static void a_session_runs_one_action_at_a_time(void **state)
{
    (void)state;
    static const char request[] = "{\"identifier\":\"count_requests\"}";
    running run = {.plugin = open_asset(NULL), .identifier = "count_requests"};
    pthread_t thread;
    char *text = NULL;
    size_t length;
    control("fault", "{'kind':'delay','ms':500,'match':'GetCount'}");
    assert_int_equal(pthread_create(&thread, NULL, run_in_thread, &run), 0);
    wait_for_call("GetCount");
    assert_int_equal(tl_plugin_run(run.plugin, request, sizeof request - 1, &text, &length), TL_PLUGIN_USAGE);
    assert_null(text);
    pthread_join(thread, NULL);
    assert_success(run.reply, NULL);
    cJSON_Delete(run.reply);
    tl_plugin_close(run.plugin);
}

static void two_sessions_do_not_disturb_each_other(void **state)
{
    (void)state;
    running runs[2] = {
        {.plugin = open_asset(NULL), .identifier = "list_requests"},
        {.plugin = open_asset("'organization_id':'" ORGANIZATION(43) "'"), .identifier = "list_requests"}};
    pthread_t threads[2];
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 2; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, run_in_thread, &runs[i]), 0);
        for (int i = 0; i < 2; i++)
            pthread_join(threads[i], NULL);
        assert_success(runs[0].reply, "Requests: 14");
        assert_success(runs[1].reply, "Requests: 5");
        for (int i = 0; i < 2; i++)
            cJSON_Delete(runs[i].reply);
    }
    for (int i = 0; i < 2; i++)
        tl_plugin_close(runs[i].plugin);
}

static void progress_is_given_once_and_only_the_newest(void **state)
{
    (void)state;
    tl_plugin *plugin = open_asset(NULL);
    char *line = NULL;
    assert_int_equal(tl_plugin_progress(plugin, &line), TL_PLUGIN_OK);
    assert_null(line);
    cJSON_Delete(run_action(plugin, "test_connectivity", NULL));
    assert_int_equal(tl_plugin_progress(plugin, &line), TL_PLUGIN_OK);
    assert_string_equal(line, "Connected to Splunk SOAR 8.5.0.248");
    tl_plugin_free(line);
    assert_int_equal(tl_plugin_progress(plugin, &line), TL_PLUGIN_OK);
    assert_null(line);
    cJSON_Delete(run_action(plugin, "test_connectivity", NULL));
    cJSON_Delete(run_action(plugin, "count_requests", NULL));
    assert_int_equal(tl_plugin_progress(plugin, &line), TL_PLUGIN_OK);
    assert_null(line); /* of the action before */
    tl_plugin_close(plugin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(it_tells_its_interface_and_version, reset_sandbox),
        cmocka_unit_test_setup(a_wrong_configuration_is_named_without_its_secrets, reset_sandbox),
        cmocka_unit_test_setup(what_is_no_asset_is_refused, reset_sandbox),
        cmocka_unit_test_setup(soars_own_forms_of_values_are_taken, reset_sandbox),
        cmocka_unit_test_setup(null_is_misuse_where_nothing_else_is_said, reset_sandbox),
        cmocka_unit_test_setup(what_is_no_request_fails_and_sends_nothing, reset_sandbox),
        cmocka_unit_test_setup(connectivity_is_told_with_what_is_missing, reset_sandbox),
        cmocka_unit_test_setup(braces_and_line_ends_of_servers_do_not_reach_messages, reset_sandbox),
        cmocka_unit_test_setup(what_is_not_declared_is_not_handed_out, reset_sandbox),
        cmocka_unit_test_setup(secrets_stand_in_no_reply, reset_sandbox),
        cmocka_unit_test_setup(a_long_list_ends_soon_when_cancelled, reset_sandbox),
        cmocka_unit_test_setup(a_session_runs_one_action_at_a_time, reset_sandbox),
        cmocka_unit_test_setup(two_sessions_do_not_disturb_each_other, reset_sandbox),
        cmocka_unit_test_setup(progress_is_given_once_and_only_the_newest, reset_sandbox),
    };
    return cmocka_run_group_tests_name("plugin", tests, start_sandbox, stop_sandbox);
}
