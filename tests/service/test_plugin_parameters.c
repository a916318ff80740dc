/* Parameters are checked against the manifest, for every action. */
#include "plugin_case.h"

#define PERMIT R1003 ",'application':'new','name':'Field tool','dry_run':true"
#define RULES PERMIT ",'hash_rule':true"

static const struct {
    const char *identifier, *parameters;
    const char *failure; /* NULL = success */
} rows[] = {
    {"count_requests", "", NULL},
    {"count_requests", "'context':{'artifact_id':1,'guid':'x','parent_action_run':[]}", NULL},
    {"count_requests", "'organization_id':'','children':''", NULL},
    {"count_requests", "'organization_id':null,'children':null", NULL},
    {"count_requests", "'children':'TRUE'", NULL},
    {"count_requests", "'children':1", "children must be true or false"},
    {"count_requests", "'children':'yes'", "children must be true or false"},
    {"count_requests", "'children':[true]", "children must be true or false"},
    {"count_requests", "'organization_id':7", "organization_id must be a text"},
    {"count_requests", "'organization_id':'mine'", "GUID"},
    {"count_requests", "'organization_id':'" ORGANIZATION(42) "\\r\\nX-Injected: 1'", "GUID"},
    {"count_requests", "'organisation_id':'" ORGANIZATION(42) "'", "unknown parameter organisation_id"},
    {"count_requests", "'Children':true", "unknown parameter Children"},
    {"list_requests", "'limit':'3'", NULL},
    {"list_requests", "'limit':3.0", NULL},
    {"list_requests", "'limit':'3.0'", NULL},
    {"list_requests", "'limit':''", NULL},
    {"list_requests", "'limit':4294967295", NULL},
    {"list_requests", "'limit':-1", "limit must be a whole number"},
    {"list_requests", "'limit':1.5", "limit must be a whole number"},
    {"list_requests", "'limit':'1e99'", "limit must be a whole number"},
    {"list_requests", "'limit':'3; DROP'", "limit must be a whole number"},
    {"list_requests", "'limit':'0x10'", "limit must be a whole number"},
    {"list_requests", "'limit':true", "limit must be a whole number"},
    {"list_requests", "'limit':99999999999999999999", "limit must be a whole number"},
    {"list_requests", "'status':'Pending'", "status must be one of: pending, approved"},
    {"list_requests", "'status':'everything'", "status must be one of"},
    {"list_requests", "'status':' rejected '", NULL},
    {"list_requests", "'search':'%s%n{0}'", NULL},
    {"get_request", "", "request_id is missing"},
    {"get_request", "'request_id':'   '", "request_id is missing"},
    {"get_request", "'request_id':'../../ApprovalRequestGetCount'", "GUID"},
    {"get_request", "'request_id':'" REQUEST(1003) "&x=y'", "GUID"},
    {"get_request", "'request_id':['" REQUEST(1003) "']", "request_id must be a text"},
    {"get_request", R1003, NULL},
    {"get_request", "'request_id':' " REQUEST(1003) "\\n','organization_id':'" ORGANIZATION(43) "'", NULL},
    {"get_request", "'request_id':'" REQUEST(1099) "','organization_id':'" ORGANIZATION(43) "'",
     "no request"},
    {"list_computer_groups", "'os':'amiga'", "os must be one of: windows, mac"},
    {"list_applications", "'os':'all'", "os must be one of: windows, mac"},
    {"get_research", "'application_id':'x'", "GUID"},
    {"permit_request", RULES, NULL},
    {"permit_request", R1003, "application is missing"},
    {"permit_request", PERMIT, "rules are missing"},
    {"permit_request", PERMIT ",'rules':'[{\\'hash\\':\\'" HASH "\\'}]'", NULL},
    {"permit_request", PERMIT ",'rules':'{}'", "rules must be a JSON list"},
    {"permit_request", PERMIT ",'rules':'[{]'", "rules is not JSON"},
    {"permit_request", PERMIT ",'rules':'[7]'", "rules: each rule must be an object"},
    {"permit_request", PERMIT ",'rules':[]", "rules must be a text"},
    {"permit_request", RULES ",'mode':'learning'", "allow_modes"},
    {"permit_request", RULES ",'scope':'group'", "max_scope = computer"},
    {"permit_request", RULES ",'group_id':'" GROUP(17) "'", "group_id needs scope = group"},
    {"permit_request", RULES ",'expires_hours':'8.0'", NULL},
    {"permit_request", RULES ",'expires_hours':999999999", "expires_hours is too large"},
    {"permit_request", RULES ",'elevate':'silent'", "elevate needs elevate_hours"},
    {"permit_request", RULES ",'rules_only':true", "policy = existing needs application"},
    {"permit_request", RULES ",'allow_actioned':true", "unknown parameter allow_actioned"},
    {"permit_request", RULES ",'allow_builtin':true", "unknown parameter allow_builtin"},
    {"prepare_prompt", R1003, "either choices, or application"},
    {"prepare_prompt", R1003 ",'executor':'anybody','application':'new','name':'x','hash_rule':true",
     "executor must be"},
    {"prepare_prompt", R1003 ",'application':'new','name':'x','hash_rule':true", NULL},
    {"prepare_prompt", R1003 ",'application':'new','choices':'[]'", "either choices, or application"},
    {"prepare_prompt", R1003 ",'choices':'[]'", "choices must be a list of 1 to"},
    {"permit_storage_request", R1003 ",'policy':'existing'", "policy_id is missing"},
    {"list_prompts", "'status':'any','limit':2000", NULL},
    {"list_prompts", "'container_id':'31.0'", NULL},
    {"get_prompt", "'approval_id':0", "approval"},
    {"get_prompt", "'approval_id':'one'", "approval_id must be a whole number"},
    {"get_prompt", "'approval_id':4711", "no such"},
    {"resolve_prompt", "", "Give approval_id or prompt_name"},
    {"resolve_prompt", "'prompt_name':'ask_approver'", "Give container_id"},
    {"on_poll", "'container_id':'nonsense'", "container_id must hold ids"},
};

static void parameters_are_what_the_manifest_says(void **state)
{
    (void)state;
    tl_plugin *plugin = open_asset(NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *reply = run_action(plugin, rows[i].identifier, rows[i].parameters);
        bool good = rows[i].failure == NULL;
        if (strcmp(text_of(reply, "status"), good ? "success" : "failed") != 0 ||
            (!good && strstr(text_of(reply, "message"), rows[i].failure) == NULL))
            fail_msg("%s %s: %s", rows[i].identifier, rows[i].parameters, text_of(reply, "message"));
        cJSON_Delete(reply);
    }
    assert_int_equal(times_applied_to_anything(), 0);
    tl_plugin_close(plugin);
}

static cJSON *try_parameter(tl_plugin *plugin, const char *identifier, const char *name, cJSON *value)
{
    cJSON *request = json("{'identifier':'%s','parameters':{}}", identifier);
    cJSON_AddItemToObject(cJSON_GetObjectItemCaseSensitive(request, "parameters"), name, value);
    return run_request(plugin, request);
}

static void expect_refusal(tl_plugin *plugin, const char *identifier, const char *name, cJSON *value)
{
    char expected[100];
    snprintf(expected, sizeof expected, "%s must be ", name);
    cJSON *reply = try_parameter(plugin, identifier, name, value);
    /* A required one before it may be what is told as missing. */
    bool missing = strstr(text_of(reply, "message"), " is missing") != NULL;
    assert_failure(reply, missing ? NULL : expected);
    cJSON_Delete(reply);
}

/* Of every action: each parameter with a wrong type, each list with another word, an unknown name. */
static void every_actions_parameters_are_checked_before_anything_is_sent(void **state)
{
    (void)state;
    cJSON *app = app_manifest();
    tl_plugin *plugin = open_asset(NULL);
    const cJSON *action, *field;
    int tried = 0;
    cJSON_ArrayForEach (action, cJSON_GetObjectItemCaseSensitive(app, "actions")) {
        const char *identifier = text_of(action, "identifier");
        cJSON_ArrayForEach (field, cJSON_GetObjectItemCaseSensitive(action, "parameters")) {
            bool takes_text = strcmp(text_of(field, "data_type"), "string") == 0;
            if (takes_text)
                expect_refusal(plugin, identifier, field->string, cJSON_CreateNumber(7));
            if (!takes_text || cJSON_HasObjectItem(field, "value_list"))
                expect_refusal(plugin, identifier, field->string, cJSON_CreateString("{seven}"));
            tried++;
        }
        cJSON *reply = try_parameter(plugin, identifier, "unheard_of", cJSON_CreateTrue());
        assert_failure(reply, "unknown parameter unheard_of");
        cJSON_Delete(reply);
    }
    assert_true(tried > 90);
    assert_int_equal(count_calls(""), 0);
    tl_plugin_close(plugin);
    cJSON_Delete(app);
}

/* What the action's first call says when the parameter has that word; the caller's (free()). */
static char *sent_for(tl_plugin *plugin, const char *identifier, const char *parameter, const char *word)
{
    char given[100];
    int before = count_calls("");
    snprintf(given, sizeof given, "'%s':'%s'", parameter, word);
    cJSON *reply = run_action(plugin, identifier, given), *calls = calls_to("");
    assert_success(reply, NULL);
    const cJSON *call = cJSON_GetArrayItem(calls, before);
    char *query = cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(call, "query"));
    char *body = cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(call, "body"));
    char *sent = malloc(strlen(query) + strlen(body) + 1);
    sprintf(sent, "%s%s", query, body);
    free(query);
    free(body);
    cJSON_Delete(calls);
    cJSON_Delete(reply);
    return sent;
}

/* A word that the plugin does not know would ask for what the default asks for. */
static void each_word_of_a_list_asks_for_something_else(void **state)
{
    (void)state;
    static const char *const lists[][2] = {{"list_requests", "status"},
                                           {"list_applications", "os"},
                                           {"list_maintenance_applications", "os"},
                                           {"list_computer_groups", "os"}};
    cJSON *app = app_manifest();
    tl_plugin *plugin = open_asset(NULL);
    const cJSON *action, *word;
    for (size_t i = 0; i < COUNT(lists); i++) {
        cJSON *seen = cJSON_CreateObject();
        cJSON_ArrayForEach (action, cJSON_GetObjectItemCaseSensitive(app, "actions"))
            if (strcmp(text_of(action, "identifier"), lists[i][0]) == 0)
                break;
        const cJSON *fields = cJSON_GetObjectItemCaseSensitive(action, "parameters");
        const cJSON *field = cJSON_GetObjectItemCaseSensitive(fields, lists[i][1]);
        cJSON_ArrayForEach (word, cJSON_GetObjectItemCaseSensitive(field, "value_list")) {
            char *sent = sent_for(plugin, lists[i][0], lists[i][1], word->valuestring);
            const cJSON *same = cJSON_GetObjectItemCaseSensitive(seen, sent);
            if (same != NULL)
                fail_msg("%s: %s is the same as %s", lists[i][0], word->valuestring, same->valuestring);
            cJSON_AddStringToObject(seen, sent, word->valuestring);
            free(sent);
        }
        assert_true(cJSON_GetArraySize(seen) > 3);
        cJSON_Delete(seen);
    }
    tl_plugin_close(plugin);
    cJSON_Delete(app);
}

/* ---- the manifest itself ---- */

static void assert_value_fits(const cJSON *field, const cJSON *value)
{
    const char *type = text_of(field, "data_type");
    bool fits = strcmp(type, "numeric") == 0   ? cJSON_IsNumber(value)
                : strcmp(type, "boolean") == 0 ? cJSON_IsBool(value)
                                               : cJSON_IsString(value);
    if (!fits)
        fail_msg("%s: a default or a word of the list is no %s", field->string, type);
}

static void assert_field_is_sound(const cJSON *field)
{
    const cJSON *otherwise = cJSON_GetObjectItemCaseSensitive(field, "default"), *word;
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(field, "value_list");
    bool listed = list == NULL || otherwise == NULL;
    if (otherwise != NULL)
        assert_value_fits(field, otherwise);
    cJSON_ArrayForEach (word, list) {
        assert_value_fits(field, word);
        listed = listed || cJSON_Compare(word, otherwise, true);
    }
    assert_true(listed);
}

static void defaults_and_lists_are_of_the_declared_type(void **state)
{
    (void)state;
    cJSON *app = app_manifest();
    const cJSON *action, *field;
    cJSON_ArrayForEach (field, cJSON_GetObjectItemCaseSensitive(app, "configuration"))
        assert_field_is_sound(field);
    cJSON_ArrayForEach (action, cJSON_GetObjectItemCaseSensitive(app, "actions"))
        cJSON_ArrayForEach (field, cJSON_GetObjectItemCaseSensitive(action, "parameters"))
            assert_field_is_sound(field);
    cJSON_Delete(app);
}

static void the_manifest_and_the_library_have_one_version(void **state)
{
    (void)state;
    cJSON *app = app_manifest();
    assert_text(app, "app_version", tl_plugin_version());
    cJSON_Delete(app);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(parameters_are_what_the_manifest_says, reset_sandbox),
        cmocka_unit_test_setup(every_actions_parameters_are_checked_before_anything_is_sent, reset_sandbox),
        cmocka_unit_test_setup(each_word_of_a_list_asks_for_something_else, reset_sandbox),
        cmocka_unit_test(defaults_and_lists_are_of_the_declared_type),
        cmocka_unit_test(the_manifest_and_the_library_have_one_version),
    };
    return cmocka_run_group_tests_name("plugin_parameters", tests, start_sandbox, stop_sandbox);
}
