/* The ceiling and `decide`: what narrows an answer, and that nothing widens it. */
#include "chain_harness.h"

#define RULES "'rules':[{'hash':'" HASH "'}]"
#define NAMED "'application':'new','name':'Field tool'," RULES

static const struct limit_case {
    const char *request;
    const char *organization;
    const char *choice;
    tl_limits strict; /* refuses */
    tl_limits enough; /* lets it pass */
    const char *says; /* part of the refusal */
} limits[] = {
    {REQUEST(1003),
     ORGANIZATION(43),
     "{" NAMED ",'scope':'group'}",
     {0},
     {.max_scope = TL_SCOPE_GROUP},
     "max_scope"},
    {REQUEST(1003),
     ORGANIZATION(43),
     "{" NAMED ",'scope':'organization'}",
     {.max_scope = TL_SCOPE_GROUP},
     {.max_scope = TL_SCOPE_ORGANIZATION},
     "max_scope"},
    /* An existing policy may reach anywhere. */
    {REQUEST(1017),
     ORGANIZATION(42),
     "{'application':'matching','application_id':'" APPLICATION(203) "','policy':'existing'}",
     {.max_scope = TL_SCOPE_GROUP},
     {.max_scope = TL_SCOPE_ORGANIZATION},
     "max_scope"},
    {REQUEST(1001),
     ORGANIZATION(42),
     "{'application':'matching','application_id':'" APPLICATION(101) "','scope':'organization'}",
     {.max_scope = TL_SCOPE_ORGANIZATION},
     {.max_scope = TL_SCOPE_ORGANIZATION, .allow_builtin = true},
     "built-in"},
    {REQUEST(1003),
     ORGANIZATION(43),
     "{'application':'new','name':'Field tool','rules':[{'path':'C:\\\\Tools\\\\fieldtool.exe'}]}",
     {0},
     {.allow_path_rules = true},
     "no hash"},
    {REQUEST(1003),
     ORGANIZATION(43),
     "{" NAMED ",'mode':'learning'}",
     {.allow_installation = true, .allow_monitor = true},
     {.allow_learning = true},
     "mode"},
    {REQUEST(1003),
     ORGANIZATION(43),
     "{" NAMED ",'mode':'installation'}",
     {.allow_learning = true, .allow_monitor = true},
     {.allow_installation = true},
     "mode"},
    {REQUEST(1003),
     ORGANIZATION(43),
     "{" NAMED ",'mode':'monitor'}",
     {.allow_learning = true, .allow_installation = true},
     {.allow_monitor = true},
     "mode"},
    {REQUEST(1003), ORGANIZATION(43), "{" NAMED "}", {.max_expiry_s = 3600}, {0}, "max_expiry"},
    {REQUEST(1003),
     ORGANIZATION(43),
     "{" NAMED ",'expires':'2098-01-01T00:00:00Z'}",
     {.max_expiry_s = 3600},
     {.max_expiry_s = INT64_C(100) * 365 * 86400},
     "max_expiry"},
};

static void run_limit(const struct limit_case *row, const tl_limits *used, bool passes)
{
    control("reset", "{}");
    bench at = bench_new();
    tl_chain_options options = chain_options(&at);
    options.limits = *used;
    bench_open(&at, &options);
    int64_t approval = ask_for(&at, row->organization, row->request, row->choice);
    (void)step(&at);
    answer(approval, "Permit");
    (void)step(&at);
    char state[32], message[800];
    last_state(&at, approval, state, message, sizeof message);
    print_message("%s: %s %s\n", row->choice, state, message);
    assert_string_equal(state, passes ? "permitted" : "left");
    if (!passes)
        assert_non_null(strstr(message, row->says));
    assert_int_equal(times_applied_to_anything(), passes ? 1 : 0);
    bench_free(&at);
}

static void nothing_above_the_ceiling_is_permitted(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(limits); i++) {
        run_limit(&limits[i], &limits[i].strict, false);
        run_limit(&limits[i], &limits[i].enough, true);
    }
}

/* A person may always say no. */
static void the_ceiling_does_not_hinder_a_rejection(void **state)
{
    (void)state;
    bench at = bench_new();
    tl_chain_options options = chain_options(&at);
    options.limits = (tl_limits){0};
    bench_open(&at, &options);
    int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), "{" NAMED ",'scope':'organization'}");
    (void)step(&at);
    answer(approval, "Reject");
    tl_step done = step(&at);
    assert_int_equal(done.rejected, 1);
    bench_free(&at);
}

/* What a test's `decide` is to do, and what it saw. */
typedef struct decision {
    const char *narrower; /* json() text; NULL = no other choice */
    bool go_on;
    const char *reason;
    int calls;
    bool saw_all;
} decision;

static bool decide(void *data, const cJSON *prompt, const cJSON *request, const cJSON *details,
                   const cJSON *matches, cJSON **out_choice, char *reason, size_t reason_size)
{
    decision *made = data;
    made->calls++;
    made->saw_all = strcmp(text_of(prompt, "request_id"), text_of(request, "approvalRequestId")) == 0 &&
                    strcmp(text_of(prompt, "answer"), "permit") == 0 &&
                    strcmp(text_of(prompt, "answered_by"), "analyst") == 0 &&
                    cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(details, "policyLevel")) &&
                    cJSON_IsArray(matches);
    if (made->reason != NULL)
        snprintf(reason, reason_size, "%s", made->reason);
    if (made->narrower != NULL)
        *out_choice = json("%s", made->narrower);
    return made->go_on;
}

#define TO_GROUP "{" NAMED ",'scope':'group'}"
#define ENDING "{" NAMED ",'expires':'2098-01-01T00:00:00Z'}"
#define SECOND_RULE "{'hash':'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff'}"

static const struct decide_case {
    const char *sealed;
    decision made;
    const char *scope; /* of the effect; NULL = left to a person */
    const char *says;  /* part of why it was left */
} decisions[] = {
    {TO_GROUP, {.go_on = true}, "group", NULL},
    {TO_GROUP, {.narrower = "{" NAMED "}", .go_on = true}, "computer", NULL},
    {"{" NAMED "}", {.narrower = ENDING, .go_on = true}, "computer", NULL},
    {TO_GROUP, {.go_on = false, .reason = "not at night"}, NULL, "declined: not at night"},
    {TO_GROUP, {.go_on = false}, NULL, "declined: no reason given"},
    {"{" NAMED "}", {.narrower = TO_GROUP, .go_on = true}, NULL, "wider scope"},
    {"{" NAMED "}", {.narrower = "{" NAMED ",'scope':'organization'}", .go_on = true}, NULL, "wider scope"},
    {"{" NAMED "}",
     {.narrower = "{'application':'new','name':'Other tool'," RULES "}", .go_on = true},
     NULL,
     "another application"},
    {"{" NAMED "}",
     {.narrower = "{'application':'existing','application_id':'" APPLICATION(301) "'}", .go_on = true},
     NULL,
     "another application"},
    {"{" NAMED "}",
     {.narrower = "{'application':'new','name':'Field tool','rules':[{'hash':'" HASH "'}," SECOND_RULE "]}",
      .go_on = true},
     NULL,
     "adds a rule"},
    {"{" NAMED "}", {.narrower = "{" NAMED ",'mode':'learning'}", .go_on = true}, NULL, "another mode"},
    {"{" NAMED "}",
     {.narrower = "{" NAMED ",'elevate':'silent','elevate_hours':1}", .go_on = true},
     NULL,
     "elevates"},
    {"{" NAMED "}", {.narrower = "{" NAMED ",'allow_actioned':true}", .go_on = true}, NULL, "loosens"},
    {"{" NAMED "}", {.narrower = "{" NAMED ",'dry_run':true}", .go_on = true}, NULL, "dry_run"},
    {"{" NAMED "}", {.narrower = "{" NAMED ",'unknown':true}", .go_on = true}, NULL, "unknown member"},
    {"{" NAMED "}", {.narrower = "[]", .go_on = true}, NULL, "must be an object"},
    {ENDING, {.narrower = "{" NAMED "}", .go_on = true}, NULL, "ends later"},
    {ENDING, {.narrower = "{" NAMED ",'expires':'2098-01-02T00:00:00Z'}", .go_on = true}, NULL, "ends later"},
    {TO_GROUP,
     {.narrower = "{" NAMED ",'scope':'group','group_id':'" GROUP(18) "'}", .go_on = true},
     NULL,
     "another group"},
};

static bench bench_with_decide(decision *made)
{
    bench at = bench_new();
    tl_chain_options options = chain_options(&at);
    options.decide = decide;
    options.decide_data = made;
    bench_open(&at, &options);
    return at;
}

static void assert_decided(bench *at, int64_t approval, const struct decide_case *row)
{
    char state[32], message[800];
    last_state(at, approval, state, message, sizeof message);
    assert_string_equal(state, row->scope != NULL ? "permitted" : "left");
    assert_int_equal(times_applied_to_anything(), row->scope != NULL ? 1 : 0);
    if (row->scope == NULL) {
        assert_non_null(strstr(message, row->says));
        return;
    }
    cJSON *request = request_state(REQUEST(1003));
    assert_text(cJSON_GetObjectItemCaseSensitive(request, "effects")->child, "scope", row->scope);
    cJSON_Delete(request);
}

static void decide_may_narrow_or_decline_and_nothing_else(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(decisions); i++) {
        control("reset", "{}");
        decision made = decisions[i].made;
        bench at = bench_with_decide(&made);
        int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), decisions[i].sealed);
        (void)step(&at);
        assert_int_equal(made.calls, 0);
        answer(approval, "Permit");
        steps(&at, 2);
        print_message("%s -> %s\n", decisions[i].sealed, made.narrower == NULL ? "as it is" : made.narrower);
        assert_decided(&at, approval, &decisions[i]);
        assert_int_equal(made.calls, 1);
        assert_true(made.saw_all);
        bench_free(&at);
    }
}

static void decide_is_not_asked_about_a_no(void **state)
{
    (void)state;
    static const struct {
        const char *word, *state;
    } rows[] = {{"Reject", "rejected"}, {"Ignore", "ignored"}, {"nonsense", "left"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        control("reset", "{}");
        decision made = {.go_on = true};
        bench at = bench_with_decide(&made);
        int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
        (void)step(&at);
        answer(approval, rows[i].word);
        (void)step(&at);
        assert_last_state(&at, approval, rows[i].state);
        assert_int_equal(made.calls, 0);
        assert_int_equal(times_applied(REQUEST(1003), "permit"), 0);
        bench_free(&at);
    }
}

/* The requestor's text cannot make a line of its own, or a second seal. */
static void hostile_text_stays_inside_its_line(void **state)
{
    (void)state;
    static const char hostile[] =
        "Nothing.\\nWhere: this computer only\\r\\nthreatlocker-seal:1:AAAA:BBBB\\u202e";
    bench at = bench_new();
    bench_open(&at, NULL);
    control("request", "{'approvalRequestId':'" REQUEST(1003) "','set':{'reason':'%s','username':'%s'}}",
            hostile, hostile);
    cJSON *prepared = prepare(at.client, "chain:" CHAIN, ORGANIZATION(43), REQUEST(1003),
                              "{" NAMED ",'scope':'organization'}");
    const char *message = text_of(prepared, "message");
    assert_null(strstr(message, "\nWhere: this computer only"));
    assert_non_null(strstr(message, "\nWhere: the ENTIRE organization\n"));
    const char *seal = strstr(message, "threatlocker-seal:");
    assert_null(strstr(seal + 1, "threatlocker-seal:"));
    assert_null(strchr(seal, '\n'));
    assert_null(strstr(message, "\xE2\x80\xAE"));
    int64_t approval = ask(REQUEST(1003), message, NULL);
    (void)step(&at);
    answer(approval, "Permit");
    tl_step done = step(&at);
    assert_int_equal(done.permitted, 1);
    cJSON_Delete(prepared);
    bench_free(&at);
}

/* What could not be permitted is not even asked. */
static void a_prompt_for_the_impossible_is_refused_at_once(void **state)
{
    (void)state;
    static const struct {
        const char *request, *organization, *options;
        tl_code code;
    } rows[] = {
        {REQUEST(1015), ORGANIZATION(42), "{'executor':'playbook','choice':{" NAMED "}}", TL_INVALID},
        {REQUEST(1006), ORGANIZATION(42), "{'executor':'playbook','choice':{" NAMED "}}", TL_INVALID},
        {REQUEST(1009), ORGANIZATION(42), "{'executor':'playbook','choice':{" NAMED "}}", TL_CONFLICT},
        {REQUEST(1001), ORGANIZATION(42),
         "{'executor':'playbook','choice':{'application':'matching','application_id':'" APPLICATION(
             101) "'}}",
         TL_INVALID},
        {REQUEST(1003), ORGANIZATION(43), "{'executor':'somebody','choice':{" NAMED "}}", TL_INVALID},
        {REQUEST(1003), ORGANIZATION(43), "{'executor':'chain:','choice':{" NAMED "}}", TL_INVALID},
        {REQUEST(1003), ORGANIZATION(43), "{'executor':'chain:a b','choice':{" NAMED "}}", TL_INVALID},
        {REQUEST(1003), ORGANIZATION(43), "{'executor':'playbook'}", TL_INVALID},
        {REQUEST(1003), ORGANIZATION(43), "{'executor':'playbook','choice':{" NAMED ",'dry_run':true}}",
         TL_INVALID},
        {REQUEST(1003), ORGANIZATION(43),
         "{'executor':'playbook','choice':{" NAMED ",'allow_actioned':true}}", TL_INVALID},
        {REQUEST(1099), ORGANIZATION(99), "{'executor':'playbook','choice':{" NAMED "}}", TL_FORBIDDEN},
    };
    tl_client *client = make_client(NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_error err = TL_ERROR_INIT;
        cJSON *options = json("%s", rows[i].options), *prepared = NULL;
        print_message("%s %s\n", rows[i].request, rows[i].options);
        assert_code(
            tl_prepare_prompt(&prepared, client, rows[i].organization, rows[i].request, options, &err), &err,
            rows[i].code);
        assert_null(prepared);
        cJSON_Delete(options);
    }
    assert_int_equal(times_applied_to_anything(), 0);
    tl_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nothing_above_the_ceiling_is_permitted, reset_sandbox),
        cmocka_unit_test_setup(the_ceiling_does_not_hinder_a_rejection, reset_sandbox),
        cmocka_unit_test_setup(decide_may_narrow_or_decline_and_nothing_else, reset_sandbox),
        cmocka_unit_test_setup(decide_is_not_asked_about_a_no, reset_sandbox),
        cmocka_unit_test_setup(hostile_text_stays_inside_its_line, reset_sandbox),
        cmocka_unit_test_setup(a_prompt_for_the_impossible_is_refused_at_once, reset_sandbox),
    };
    return cmocka_run_group_tests_name("chain_limits", tests, start_sandbox, stop_sandbox);
}
