/* Writes through the plugin: once, below the asset's ceiling, and already done is done. */
#include "plugin_case.h"

#define STORAGE ",'policy':'new','name':'Field sticks'"

static const struct {
    const char *identifier, *parameters, *request, *outcome, *write;
    int status_id;
} writes[] = {
    {"permit_request", R1003 NEW, REQUEST(1003), "permitted", "permit", 4},
    {"reject_request", R1003 ",'reason':'Not a business tool'", REQUEST(1003), "rejected", "reject", 10},
    {"ignore_request", R1003, REQUEST(1003), "ignored", "ignore", 10},
    {"take_ownership", R1003, REQUEST(1003), "owned", "ownership", 1},
    {"authorize_request", R1012, REQUEST(1012), "authorized", "authorize", 13},
    {"permit_storage_request", R1006 STORAGE, REQUEST(1006), "permitted", "storage", 4},
};

static void each_write_is_applied_once_and_verified(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(writes); i++) {
        control("reset", "{}");
        tl_plugin *plugin = open_asset(NULL);
        cJSON *reply = run_action(plugin, writes[i].identifier, writes[i].parameters);
        const cJSON *summary = cJSON_GetObjectItemCaseSensitive(reply, "summary");
        assert_success(reply, "verified by reading it back");
        assert_text(first_row(reply), "outcome", writes[i].outcome);
        assert_text(first_row(reply), "request_id", writes[i].request);
        assert_text(first_row(reply), "applied", "yes");
        assert_text(summary, "outcome", writes[i].outcome);
        assert_true_member(summary, "verified", true);
        assert_int_equal(times_applied(writes[i].request, writes[i].write), 1);
        assert_int_equal(times_applied_to_anything(), 1);
        assert_int_equal(status_of(writes[i].request), writes[i].status_id);
        cJSON_Delete(reply);
        tl_plugin_close(plugin);
    }
}

static void a_dry_run_shows_the_body_and_sends_nothing(void **state)
{
    (void)state;
    tl_plugin *plugin = open_asset(NULL);
    for (size_t i = 0; i < COUNT(writes); i++) {
        char dry[500];
        snprintf(dry, sizeof dry, "%s,'dry_run':'true'", writes[i].parameters);
        cJSON *reply = run_action(plugin, writes[i].identifier, dry);
        assert_success(reply, "Nothing was sent");
        assert_text(first_row(reply), "outcome", "preview");
        cJSON *body = cJSON_Parse(text_of(first_row(reply), "body_json"));
        assert_true(cJSON_IsObject(body) || cJSON_IsArray(body));
        cJSON_Delete(body);
        cJSON_Delete(reply);
    }
    assert_int_equal(times_applied_to_anything(), 0);
    assert_int_equal(count_calls("UpdateFor") + count_calls("RequestPermit") + count_calls("Authorize"), 0);
    tl_plugin_close(plugin);
}

/* What somebody did before: the same end is success, another one is not. */
static const struct {
    const char *identifier, *parameters;
    bool success;
} repeats[] = {
    {"permit_request", R1009 NEW, true},     {"permit_request", ROW(1010, 43) NEW, false},
    {"reject_request", ROW(1010, 43), true}, {"reject_request", R1009, false},
    {"ignore_request", ROW(1010, 43), true}, {"ignore_request", R1009, false},
    {"take_ownership", R1009, false},        {"authorize_request", R1009, false},
};

static void what_was_done_already_is_success(void **state)
{
    (void)state;
    tl_plugin *plugin = open_asset(NULL);
    for (size_t i = 0; i < COUNT(repeats); i++) {
        cJSON *reply = run_action(plugin, repeats[i].identifier, repeats[i].parameters);
        if (repeats[i].success)
            assert_success(reply, "Nothing was left to do: ");
        else
            assert_failure(reply, NULL);
        assert_text(first_row(reply), "applied", "no");
        cJSON_Delete(reply);
    }
    assert_int_equal(times_applied_to_anything(), 0);
    tl_plugin_close(plugin);
}

static void doing_it_twice_sends_it_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(writes); i++) {
        if (strcmp(writes[i].outcome, "owned") == 0)
            continue; /* a request that is owned can be taken again */
        control("reset", "{}");
        tl_plugin *plugin = open_asset(NULL);
        cJSON_Delete(run_action(plugin, writes[i].identifier, writes[i].parameters));
        cJSON *reply = run_action(plugin, writes[i].identifier, writes[i].parameters);
        assert_success(reply, "Nothing was left to do: ");
        assert_int_equal(times_applied(writes[i].request, writes[i].write), 1);
        cJSON_Delete(reply);
        tl_plugin_close(plugin);
    }
}

/* ---- the ceiling ---- */

static const struct {
    const char *config, *identifier, *parameters;
    const char *refusal; /* NULL = permitted */
} ceilings[] = {
    {NULL, "permit_request", R1003 NEW, NULL},
    {NULL, "permit_request", R1003 NEW ",'scope':'group'", "max_scope = computer"},
    {"'max_scope':'group'", "permit_request", R1003 NEW ",'scope':'group'", NULL},
    {"'max_scope':'group'", "permit_request", R1003 NEW ",'scope':'organization'", "max_scope = group"},
    {"'max_scope':'organization'", "permit_request", R1003 NEW ",'scope':'organization'", NULL},
    {NULL, "permit_request", R1003 NEW ",'mode':'monitor'", "allow_modes"},
    {"'allow_modes':'monitor'", "permit_request", R1003 NEW ",'mode':'monitor'", NULL},
    {"'allow_modes':'learning'", "permit_request", R1003 NEW ",'mode':'monitor'", "allow_modes"},
    {NULL, "permit_request",
     R1003 ",'application':'new','name':'x','rules':'[{\\'cert\\':\\'CN=Example\\'}]'",
     "a rule that is no hash"},
    {"'max_expiry_hours':24", "permit_request", R1003 NEW, "max_expiry = 86400"},
    {"'max_expiry_hours':24", "permit_request", R1003 NEW ",'expires_hours':25", "max_expiry = 86400"},
    {"'max_expiry_hours':'24'", "permit_request", R1003 NEW ",'expires_hours':'24'", NULL},
    {"'max_scope':'organization'", "permit_request",
     R1001 ",'application':'matching','application_id':'" APPLICATION(101) "','scope':'organization'",
     "built-in"},
    {"'max_scope':'organization','allow_builtin':true", "permit_request",
     R1001 ",'application':'matching','application_id':'" APPLICATION(101) "','scope':'organization'", NULL},
    {NULL, "permit_storage_request", R1006 STORAGE, NULL},
    {NULL, "permit_storage_request", R1006 STORAGE ",'scope':'organization'", "max_scope = computer"},
    {NULL, "permit_storage_request", R1006 STORAGE ",'all_paths':true", "allow_path_rules"},
    {"'allow_path_rules':true", "permit_storage_request", R1006 STORAGE ",'all_paths':true", NULL},
    {NULL, "permit_storage_request",
     R1006 ",'policy':'existing','policy_id':'0b000000-0000-4000-8000-000000000601'",
     "an existing policy may"},
    {"'max_scope':'organization'", "permit_storage_request",
     R1006 ",'policy':'existing','policy_id':'0b000000-0000-4000-8000-000000000601'", NULL},
};

static void no_permit_exceeds_the_assets_ceiling(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ceilings); i++) {
        control("reset", "{}");
        tl_plugin *plugin = open_asset(ceilings[i].config);
        cJSON *reply = run_action(plugin, ceilings[i].identifier, ceilings[i].parameters);
        bool good = ceilings[i].refusal == NULL;
        if (good)
            assert_success(reply, NULL);
        else
            assert_failure(reply, ceilings[i].refusal);
        assert_int_equal(count_calls("RequestPermit"), good);
        cJSON_Delete(reply);
        if (!good && strcmp(ceilings[i].identifier, "permit_request") == 0) {
            reply = run_action(plugin, "prepare_prompt", ceilings[i].parameters);
            assert_failure(reply, ceilings[i].refusal);
            cJSON_Delete(reply);
        }
        tl_plugin_close(plugin);
    }
}

static void a_lost_reply_is_settled_and_a_doubtful_one_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *fault, *outcome;
        bool success;
    } rows[] = {{"'kind':'drop_after_apply'", "permitted", true},
                {"'kind':'status','status':417", "refused", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        control("reset", "{}");
        control("fault", "{%s,'match':'RequestPermitApplication'}", rows[i].fault);
        tl_plugin *plugin = open_asset(NULL);
        cJSON *reply = run_action(plugin, "permit_request", R1003 NEW);
        assert_text(reply, "status", rows[i].success ? "success" : "failed");
        assert_text(first_row(reply), "outcome", rows[i].outcome);
        assert_text(cJSON_GetObjectItemCaseSensitive(reply, "summary"), "outcome", rows[i].outcome);
        cJSON_Delete(reply);
        tl_plugin_close(plugin);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_write_is_applied_once_and_verified, reset_sandbox),
        cmocka_unit_test_setup(a_dry_run_shows_the_body_and_sends_nothing, reset_sandbox),
        cmocka_unit_test_setup(what_was_done_already_is_success, reset_sandbox),
        cmocka_unit_test_setup(doing_it_twice_sends_it_once, reset_sandbox),
        cmocka_unit_test_setup(no_permit_exceeds_the_assets_ceiling, reset_sandbox),
        cmocka_unit_test_setup(a_lost_reply_is_settled_and_a_doubtful_one_is_told, reset_sandbox),
    };
    return cmocka_run_group_tests_name("plugin_writes", tests, start_sandbox, stop_sandbox);
}
