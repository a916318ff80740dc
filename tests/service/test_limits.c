/* A client's own limits: no permit and no prepared prompt of it exceeds them. */
#include "harness.h"

#define NEW "'application':'new','name':'Field tool','rules':[{'hash':'" HASH "'}]"
#define PERMIT "ApprovalRequestPermit"

static const struct {
    const char *request, *organization, *choice;
    bool storage;
    const char *refusal; /* under the strictest limits; NULL = none */
} rows[] = {
    {REQUEST(1003), ORGANIZATION(43), "{" NEW "}", false, NULL},
    {REQUEST(1003), ORGANIZATION(43), "{" NEW ",'scope':'group'}", false, "max_scope = computer"},
    {REQUEST(1003), ORGANIZATION(43), "{" NEW ",'scope':'organization'}", false, "max_scope = computer"},
    {REQUEST(1003), ORGANIZATION(43), "{" NEW ",'mode':'learning'}", false, "allow_modes"},
    {REQUEST(1003), ORGANIZATION(43), "{'application':'new','name':'x','rules':[{'path':'C:\\\\a.exe'}]}",
     false, "a rule that is no hash"},
    {REQUEST(1001), ORGANIZATION(42),
     "{'application':'matching','application_id':'" APPLICATION(101) "','allow_builtin':true}", false,
     "built-in application"},
    {REQUEST(1001), ORGANIZATION(42), "{'application':'matching','application_id':'" APPLICATION(202) "'}",
     false, NULL},
    /* What is in no list is told as such. */
    {REQUEST(1001), ORGANIZATION(42), "{'application':'matching','application_id':'" APPLICATION(301) "'}",
     false, "application_id"},
    {REQUEST(1006), ORGANIZATION(42), "{'policy':'new','name':'x','scope':'organization'}", true,
     "max_scope = computer"},
    {REQUEST(1006), ORGANIZATION(42), "{'policy':'new','name':'x'}", true, NULL},
};

static cJSON *permit(tl_client *client, size_t i)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *choice = json("%s", rows[i].choice), *outcome = NULL;
    assert_ok((rows[i].storage ? tl_permit_storage : tl_permit)(&outcome, client, rows[i].organization,
                                                                rows[i].request, choice, &err),
              &err);
    cJSON_Delete(choice);
    return outcome;
}

static tl_client *limited(const tl_limits *limits)
{
    tl_client_options options = client_options();
    options.limits = limits;
    return make_client(&options);
}

static void what_exceeds_the_limits_is_never_sent(void **state)
{
    (void)state;
    static const tl_limits strictest = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        control("reset", "{}");
        print_message("%s\n", rows[i].choice);
        tl_client *client = limited(&strictest);
        cJSON *outcome = permit(client, i);
        assert_text(outcome, "outcome", rows[i].refusal == NULL ? "permitted" : "refused");
        if (rows[i].refusal != NULL) {
            assert_text(outcome, "code", "invalid");
            if (strstr(text_of(outcome, "message"), rows[i].refusal) == NULL)
                fail_msg("%s", text_of(outcome, "message"));
        }
        assert_int_equal(count_calls(PERMIT), rows[i].refusal == NULL);
        cJSON_Delete(outcome);
        tl_client_free(client);
    }
}

static void without_limits_all_of_it_is_sent(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        control("reset", "{}");
        print_message("%s\n", rows[i].choice);
        tl_client *client = limited(NULL);
        cJSON *outcome = permit(client, i);
        bool listed = rows[i].refusal == NULL || strcmp(rows[i].refusal, "application_id") != 0;
        assert_int_equal(count_calls(PERMIT), listed);
        cJSON_Delete(outcome);
        tl_client_free(client);
    }
}

/* The options' own copy counts: what becomes of the caller's limits does not matter. */
static void a_prompt_above_the_limits_is_not_prepared(void **state)
{
    (void)state;
    tl_limits limits = {.max_scope = TL_SCOPE_GROUP};
    tl_client *client = limited(&limits);
    limits.max_scope = TL_SCOPE_ORGANIZATION;
    static const char *const scopes[] = {"group", "organization"};
    for (size_t i = 0; i < COUNT(scopes); i++) {
        tl_error err = TL_ERROR_INIT;
        cJSON *options = json("{'executor':'playbook','choice':{" NEW ",'scope':'%s'}}", scopes[i]),
              *prepared;
        tl_code code = tl_prepare_prompt(&prepared, client, ORGANIZATION(43), REQUEST(1003), options, &err);
        assert_int_equal(code, i == 0 ? TL_OK : TL_INVALID);
        if (i == 1)
            assert_non_null(strstr(err.message, "max_scope = group"));
        cJSON_Delete(prepared);
        cJSON_Delete(options);
    }
    tl_client_free(client);
}

/* Beyond every scope there is, beyond every time: such limits would hold nothing back. */
static void limits_that_mean_nothing_are_refused(void **state)
{
    (void)state;
    static const tl_limits odd[] = {{.max_scope = (tl_scope)-1},
                                    {.max_scope = (tl_scope)(TL_SCOPE_ORGANIZATION + 1)},
                                    {.max_expiry_s = -1},
                                    {.max_expiry_s = INT64_MAX / 1000000}};
    tl_client *client = make_client(NULL), *none;
    tl_soar *soar = make_soar();
    for (size_t i = 0; i < COUNT(odd); i++) {
        tl_error err = TL_ERROR_INIT;
        tl_client_options options = client_options();
        options.limits = &odd[i];
        assert_code(tl_client_new(&none, &options, &err), &err, TL_CONFIG);
        tl_resolve_options resolving = TL_RESOLVE_OPTIONS_INIT;
        resolving.limits = odd[i];
        cJSON *outcome;
        err = (tl_error)TL_ERROR_INIT;
        assert_code(tl_resolve_prompt(&outcome, client, soar, 1, &resolving, &err), &err, TL_CONFIG);
        tl_chain_options chained = TL_CHAIN_OPTIONS_INIT;
        chained.name = "night-shift";
        chained.client = client;
        chained.soar = soar;
        chained.ledger = "/nowhere/ledger.db";
        chained.limits = odd[i];
        tl_chain *chain;
        err = (tl_error)TL_ERROR_INIT;
        assert_code(tl_chain_new(&chain, &chained, &err), &err, TL_CONFIG);
        assert_non_null(strstr(err.message, i < 2 ? "max_scope" : "max_expiry"));
    }
    assert_int_equal(count_calls(""), 0);
    tl_soar_free(soar);
    tl_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_exceeds_the_limits_is_never_sent, reset_sandbox),
        cmocka_unit_test_setup(without_limits_all_of_it_is_sent, reset_sandbox),
        cmocka_unit_test_setup(a_prompt_above_the_limits_is_not_prepared, reset_sandbox),
        cmocka_unit_test_setup(limits_that_mean_nothing_are_refused, reset_sandbox),
    };
    return cmocka_run_group_tests_name("limits", tests, start_sandbox, stop_sandbox);
}
