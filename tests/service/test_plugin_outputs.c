/* What actions hand out is what the manifest declares: each declared output occurs, and no other does. */
#include "chain_harness.h"
#include "plugin_case.h"

static tl_plugin *plugin;
static cJSON *seen; /* "identifier data_path" -> type */
static char *directory;

static const char *type_of(const cJSON *value)
{
    return cJSON_IsNumber(value) ? "numeric" : cJSON_IsBool(value) ? "boolean" : "string";
}

/* Notes each leaf below a value. */
static void note(const char *path, const cJSON *value)
{
    char longer[300];
    const cJSON *child;
    bool parent = cJSON_IsObject(value) || cJSON_IsArray(value);
    if (!parent && cJSON_GetObjectItemCaseSensitive(seen, path) == NULL)
        cJSON_AddStringToObject(seen, path, type_of(value));
    for (child = parent ? value->child : NULL; child != NULL; child = child->next) {
        snprintf(longer, sizeof longer, "%s.%s", path, child->string == NULL ? "*" : child->string);
        note(longer, child);
    }
}

static cJSON *run(const char *identifier, const char *parameters)
{
    cJSON *request = json("{'identifier':'%s','parameters':{%s},'container_id':42}", identifier,
                          parameters == NULL ? "" : parameters);
    cJSON_AddStringToObject(request, "folder", directory);
    cJSON *reply = run_request(plugin, request);
    char path[100];
    snprintf(path, sizeof path, "%s action_result.data", identifier);
    note(path, cJSON_GetObjectItemCaseSensitive(reply, "data"));
    snprintf(path, sizeof path, "%s action_result.summary", identifier);
    note(path, cJSON_GetObjectItemCaseSensitive(reply, "summary"));
    return reply;
}

static void succeed(const char *identifier, const char *parameters)
{
    cJSON *reply = run(identifier, parameters);
    if (strcmp(text_of(reply, "status"), "success") != 0)
        fail_msg("%s %s: %s", identifier, parameters, text_of(reply, "message"));
    cJSON_Delete(reply);
}

static void fail_at(const char *identifier, const char *parameters, const char *endpoint)
{
    reply_next(endpoint, 417, "{\"Message\":\"No\",\"LoggerId\":\"09000000-0000-4000-8aaa-000000000077\"}");
    cJSON *reply = run(identifier, parameters);
    assert_failure(reply, "Refused: ");
    cJSON_Delete(reply);
}

static void read_everything(void)
{
    succeed("count_requests", NULL);
    succeed("list_requests", NULL);
    succeed("list_requests", "'status':'approved'");
    succeed("get_request", R1001);
    succeed("get_request", R1004);
    succeed("get_request", R1009);
    succeed("get_permit_details", R1001);
    succeed("match_applications", R1001);
    succeed("list_applications", NULL);
    succeed("list_maintenance_applications", NULL);
    succeed("get_research", "'application_id':'" APPLICATION(101) "'");
    succeed("list_organizations", NULL);
    succeed("list_computer_groups", "'os':'all'");
    succeed("get_storage_request", R1006);
    succeed("get_file", R1011);
}

static int64_t prepare_and_ask(const char *parameters, const char *response_types)
{
    cJSON *reply = run("prepare_prompt", parameters);
    assert_success(reply, NULL);
    int64_t approval = ask(REQUEST(1003), text_of(first_row(reply), "message"), response_types);
    cJSON_Delete(reply);
    return approval;
}

#define LABELLED                                                                                             \
    R1003 ",'choices':'[{\\'label\\':\\'Here\\',\\'choice\\':{\\'application\\':\\'new\\',"                  \
          "\\'name\\':\\'Field tool\\',\\'rules\\':[{\\'hash\\':\\'" HASH "\\'}]}}]'"

static void work_prompts(void)
{
    char parameters[64];
    int64_t approval = prepare_and_ask(R1003 NEW, NULL);
    answer(approval, "Permit");
    snprintf(parameters, sizeof parameters, "'approval_id':%lld", (long long)approval);
    fail_at("resolve_prompt", parameters, "RequestPermitApplication");
    approval = prepare_and_ask(LABELLED, "{'response_types':[{'prompt':'Decision','options':{'type':'list',"
                                         "'choices':['Here','Reject','Ignore']}}]}");
    answer_with(approval, "'responses':['Here'],'by':'analyst'");
    snprintf(parameters, sizeof parameters, "'approval_id':%lld", (long long)approval);
    succeed("resolve_prompt", parameters);
    succeed("get_prompt", parameters);
    succeed("list_prompts", "'status':'any'");
}

static void write_everything(void)
{
    static const struct {
        const char *identifier, *parameters, *endpoint;
    } writes[] = {
        {"permit_request", R1001 NEW, "RequestPermitApplication"},
        {"reject_request", R1004, "UpdateForReject"},
        {"ignore_request", ROW(1008, 44), "UpdateForIgnore"},
        {"take_ownership", ROW(1002, 42), "UpdateForTakeOwnership"},
        {"authorize_request", R1012, "AuthorizeForPermit"},
        {"permit_storage_request", R1006 ",'policy':'new','name':'Sticks'", "PermitStorageApproval"},
    };
    for (size_t i = 0; i < COUNT(writes); i++) {
        char dry[500];
        snprintf(dry, sizeof dry, "%s,'dry_run':true", writes[i].parameters);
        succeed(writes[i].identifier, dry);
        fail_at(writes[i].identifier, writes[i].parameters, writes[i].endpoint);
        succeed(writes[i].identifier, writes[i].parameters);
    }
}

/* ---- against the manifest ---- */

static bool is_handed_out(const char *path)
{
    return strncmp(path, "action_result.data.", 19) == 0 || strncmp(path, "action_result.summary.", 22) == 0;
}

/* What was declared and seen leaves the set. */
static int compare_action(const cJSON *action)
{
    int wrong = 0;
    const cJSON *output;
    cJSON_ArrayForEach (output, cJSON_GetObjectItemCaseSensitive(action, "output")) {
        const char *path = text_of(output, "data_path");
        char key[300];
        snprintf(key, sizeof key, "%s %s", text_of(action, "identifier"), path);
        const char *type = text_of(seen, key);
        /* The shim adds the vault's own id. */
        if (!is_handed_out(path) || strcmp(path, "action_result.data.*.vault_id") == 0)
            continue;
        if (strcmp(type, text_of(output, "data_type")) != 0) {
            print_error("%s: declared as %s, seen as %s\n", key, text_of(output, "data_type"),
                        type[0] == '\0' ? "nothing" : type);
            wrong++;
        }
        cJSON_DeleteItemFromObjectCaseSensitive(seen, key);
    }
    return wrong;
}

static void each_declared_output_occurs_and_no_other(void **state)
{
    (void)state;
    read_everything();
    work_prompts();
    write_everything();
    cJSON *app = app_manifest();
    const cJSON *action, *undeclared;
    int wrong = 0;
    cJSON_ArrayForEach (action, cJSON_GetObjectItemCaseSensitive(app, "actions"))
        wrong += compare_action(action);
    cJSON_ArrayForEach (undeclared, seen) {
        print_error("%s: not declared\n", undeclared->string);
        wrong++;
    }
    assert_int_equal(wrong, 0);
    cJSON_Delete(app);
}

static int open_all(void **state)
{
    int reset = reset_sandbox(state);
    directory = make_directory();
    plugin = open_asset(NULL);
    seen = cJSON_CreateObject();
    return reset;
}

static int close_all(void **state)
{
    (void)state;
    cJSON_Delete(seen);
    tl_plugin_close(plugin);
    remove_directory(directory);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_declared_output_occurs_and_no_other, open_all, close_all),
    };
    return cmocka_run_group_tests_name("plugin_outputs", tests, start_sandbox, stop_sandbox);
}
