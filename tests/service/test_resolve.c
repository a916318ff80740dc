/* Resolving one prompt without a ledger: the seal decides, and once. */
#include "chain_harness.h"

#define PERMIT "ApprovalRequestPermitApplication"

typedef struct site {
    tl_client *client;
    tl_soar *soar;
} site;

static site site_new(void)
{
    return (site){make_client(NULL), make_soar()};
}

/* Told of a service's failure at once. */
static site site_without_retries(void)
{
    tl_client_options client = client_options();
    tl_soar_options soar = soar_options();
    site at;
    tl_error err = TL_ERROR_INIT;
    client.connection.retries = soar.connection.retries = -1;
    at.client = make_client(&client);
    assert_ok(tl_soar_new(&at.soar, &soar, &err), &err);
    return at;
}

static void site_free(site *at)
{
    tl_soar_free(at->soar);
    tl_client_free(at->client);
}

static tl_resolve_options widest(void)
{
    tl_resolve_options options = TL_RESOLVE_OPTIONS_INIT;
    options.limits = widest_limits();
    return options;
}

#define EXISTING "{'application':'existing','application_id':'" APPLICATION(301) "','scope':'group'}"

static int64_t ask_with(site *at, const char *executor, const char *choice)
{
    cJSON *prepared = prepare(at->client, executor, ORGANIZATION(43), REQUEST(1003), choice);
    int64_t approval = ask(REQUEST(1003), text_of(prepared, "message"), NULL);
    cJSON_Delete(prepared);
    return approval;
}

static int64_t ask_executor(site *at, const char *executor)
{
    return ask_with(at, executor, NEW_FOR_COMPUTER);
}

static int64_t ask_playbook(site *at)
{
    return ask_executor(at, "playbook");
}

/* The outcome; fails the test on an error. NULL options = widest(). */
static cJSON *resolve(site *at, int64_t approval, const tl_resolve_options *options)
{
    tl_resolve_options used = options == NULL ? widest() : *options;
    cJSON *outcome = NULL;
    tl_error err = TL_ERROR_INIT;
    assert_ok(tl_resolve_prompt(&outcome, at->client, at->soar, approval, &used, &err), &err);
    assert_int_equal(integer_of(outcome, "approval_id"), approval);
    return outcome;
}

/* Resolves, compares the outcome's word and part of its message, and that nothing was applied. */
static void assert_unsent(site *at, int64_t approval, const tl_resolve_options *options, const char *word,
                          const char *part)
{
    cJSON *outcome = resolve(at, approval, options);
    if (strcmp(text_of(outcome, "outcome"), word) != 0 || strstr(text_of(outcome, "message"), part) == NULL)
        fail_msg("%s: %s", text_of(outcome, "outcome"), text_of(outcome, "message"));
    assert_text(outcome, "applied", "no");
    assert_int_equal(count_calls(PERMIT) + count_calls("UpdateFor"), 0);
    assert_int_equal(times_applied_to_anything(), 0);
    cJSON_Delete(outcome);
}

static const struct {
    const char *word, *answer, *outcome, *write;
} words[] = {{"Permit", "permit", "permitted", "permit"},
             {"reject", "reject", "rejected", "reject"},
             {"IGNORE", "ignore", "ignored", "ignore"}};

static void each_answer_becomes_its_act(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(words); i++) {
        control("reset", "{}");
        site at = site_new();
        int64_t approval = ask_playbook(&at);
        answer(approval, words[i].word);
        cJSON *outcome = resolve(&at, approval, NULL);
        assert_text(outcome, "outcome", words[i].outcome);
        assert_text(outcome, "answer", words[i].answer);
        assert_text(outcome, "answered_by", "analyst");
        assert_text(outcome, "request_id", REQUEST(1003));
        assert_true_member(outcome, "verified", true);
        assert_true(text_of(outcome, "answered_at")[0] != '\0');
        assert_int_equal(times_applied(REQUEST(1003), words[i].write), 1);
        assert_int_equal(times_applied_to_anything(), 1);
        cJSON_Delete(outcome);
        site_free(&at);
    }
}

static void the_label_says_which_choice_is_permitted(void **state)
{
    (void)state;
    site at = site_new();
    cJSON *options = json("{'executor':'playbook','choices':[{'label':'Just here','choice':%s},"
                          "{'label':'Everywhere','choice':{'application':'new','name':'Field tool',"
                          "'scope':'organization','rules':[{'hash':'" HASH "'}]}}]}",
                          NEW_FOR_COMPUTER);
    cJSON *prepared = NULL, *more = json("{'response_types':[{'prompt':'Decision','options':{'type':'list',"
                                         "'choices':['Just here','Everywhere','Reject','Ignore']}}]}");
    tl_error err = TL_ERROR_INIT;
    assert_ok(tl_prepare_prompt(&prepared, at.client, ORGANIZATION(43), REQUEST(1003), options, &err), &err);
    char *members = cJSON_PrintUnformatted(more);
    int64_t approval = ask(REQUEST(1003), text_of(prepared, "message"), members);
    answer_with(approval, "'responses':['everywhere']");
    tl_resolve_options narrow = TL_RESOLVE_OPTIONS_INIT;
    assert_unsent(&at, approval, &narrow, "left", "max_scope");
    cJSON *outcome = resolve(&at, approval, NULL);
    assert_text(outcome, "outcome", "permitted");
    assert_text(outcome, "label", "Everywhere");
    cJSON *request = request_state(REQUEST(1003));
    assert_text(cJSON_GetObjectItemCaseSensitive(request, "effects")->child, "scope", "organization");
    cJSON_Delete(request);
    cJSON_Delete(outcome);
    free(members);
    cJSON_Delete(more);
    cJSON_Delete(prepared);
    cJSON_Delete(options);
    site_free(&at);
}

static const struct reading_case {
    const char *members; /* of the answer; NULL = none */
    const char *outcome, *part, *answer;
} readings[] = {
    {NULL, "waiting", "open", ""},
    {"'responses':['Permit','x'],'app_run':'running'", "waiting", "still open", ""},
    {"'status':'expired','responses':[]", "left", "expired", "closed"},
    {"'responses':['Perhaps','x']", "left", "known words", "undecided"},
    {"'responses':[]", "left", "no answers", "undecided"},
    {"'status':'denied','responses':[]", "left", "cannot be read", "undecided"},
    {"'responses':['Permit','x'],'app_run':{'responses':['Reject','x']}", "left", "disagree", "undecided"},
    {"'responses':['Permit','x'],'close_time':'2020-01-01T00:00:00.000000Z'", "left", "older", "undecided"},
    {"'detail':{'action_name':'another_block'}", "left", "names", ""},
    {"'detail':{'notification_type':'approvals'}", "left", "no prompt", ""},
};

static void whatever_is_no_answer_sends_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(readings); i++) {
        control("reset", "{}");
        print_message("%s\n", readings[i].members == NULL ? "open" : readings[i].members);
        site at = site_new();
        int64_t approval = ask_playbook(&at);
        if (readings[i].members != NULL)
            answer_with(approval, readings[i].members);
        assert_unsent(&at, approval, NULL, readings[i].outcome, readings[i].part);
        cJSON *outcome = resolve(&at, approval, NULL);
        assert_text(outcome, "answer", readings[i].answer);
        cJSON_Delete(outcome);
        site_free(&at);
    }
}

/* Sealed for somebody else, for another request, or not at all. */
static void only_the_one_named_in_the_seal_acts(void **state)
{
    (void)state;
    static const char *const executors[] = {"chain:" CHAIN, "chain:playbook"};
    site at = site_new();
    for (size_t i = 0; i < COUNT(executors); i++) {
        int64_t approval = ask_executor(&at, executors[i]);
        answer(approval, "Permit");
        assert_unsent(&at, approval, NULL, "left", "another executor");
    }
    int64_t approval = ask_playbook(&at);
    answer(approval, "Permit");
    tl_resolve_options options = widest();
    options.executor = "chain:" CHAIN;
    assert_unsent(&at, approval, &options, "left", "another executor");
    options = widest();
    options.request_id = REQUEST(1018);
    assert_unsent(&at, approval, &options, "left", "another request");
    approval = ask(REQUEST(1003), "Permit it?", NULL);
    answer(approval, "Permit");
    assert_unsent(&at, approval, NULL, "left", "no seal");
    assert_unsent(&at, 999999, NULL, "left", "no such prompt");
    assert_unsent(&at, 1, NULL, "left", "no prompt"); /* an asset's approval */
    options = widest();
    options.request_id = "0E000000-0000-4000-8000-000000001003";
    approval = ask_playbook(&at);
    answer(approval, "Permit");
    cJSON *outcome = resolve(&at, approval, &options);
    assert_text(outcome, "outcome", "permitted");
    cJSON_Delete(outcome);
    site_free(&at);
}

static void a_text_or_seal_that_was_touched_sends_nothing(void **state)
{
    (void)state;
    site at = site_new();
    cJSON *prepared = prepare(at.client, "playbook", ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    const char *message = text_of(prepared, "message");
    size_t seal = (size_t)(strstr(message, "threatlocker-seal:") - message);
    const struct {
        size_t place; /* of the changed letter */
        const char *part;
    } rows[] = {{10, "not the one that was sealed"},
                {seal - 30, "not the one that was sealed"},
                {seal + 18, "not of a form that we know"},
                {seal + 60, "does not verify"},
                {strlen(message) - 10, "does not verify"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *copy = strdup(message), *letter = copy + rows[i].place;
        *letter = *letter == 'A' ? 'B' : 'A';
        int64_t approval = ask(REQUEST(1003), copy, NULL);
        answer(approval, "Permit");
        assert_unsent(&at, approval, NULL, "left", rows[i].part);
        free(copy);
    }
    cJSON_Delete(prepared);
    site_free(&at);
}

static const struct change_case {
    const char *set, *outcome, *part;
} changes[] = {
    {"{'hash':'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff'}", "left", "changed"},
    {"{'path':'C:\\\\Windows\\\\other.exe'}", "left", "changed"},
    {"{'computerId':'0c000000-0000-4000-8000-000000000061'}", "left", "changed"},
    {"{'json':''}", "left", "no `json`"},
    {"{'statusId':4,'approvedBy':'operator@example.com'}", "already_actioned", "Approved by operator"},
    {"{'statusId':10,'approvedBy':'operator@example.com'}", "already_actioned", "Rejected by operator"},
    {"{'statusId':4,'comments':'[threatlocker operation 00000000-0000-4000-8000-000000000001] by another'}",
     "already_actioned", "already actioned: Approved"},
};

static void a_request_that_changed_is_not_touched(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(changes); i++) {
        static const char *const answers[] = {"Permit", "Reject"};
        for (size_t k = 0; k < COUNT(answers); k++) {
            control("reset", "{}");
            print_message("%s, %s\n", changes[i].set, answers[k]);
            site at = site_new();
            int64_t approval = ask_playbook(&at);
            answer(approval, answers[k]);
            control("request", "{'approvalRequestId':'" REQUEST(1003) "','set':%s}", changes[i].set);
            assert_unsent(&at, approval, NULL, changes[i].outcome, changes[i].part);
            site_free(&at);
        }
    }
}

static void who_asked_may_not_answer(void **state)
{
    (void)state;
    static const struct {
        const char *by, *outcome;
    } rows[] = {{"jane", "left"}, {"ann", "permitted"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char members[120];
        control("reset", "{}");
        control("request", "{'approvalRequestId':'" REQUEST(1003) "','set':{'username':'EXAMPLE\\\\jane'}}");
        site at = site_new();
        int64_t approval = ask_playbook(&at);
        snprintf(members, sizeof members, "'responses':['Permit','x'],'by':'%s'", rows[i].by);
        answer_with(approval, members);
        tl_resolve_options options = widest();
        options.answerer_not_requester = true;
        cJSON *outcome = resolve(&at, approval, &options);
        assert_text(outcome, "outcome", rows[i].outcome);
        assert_int_equal(times_applied_to_anything(), strcmp(rows[i].outcome, "permitted") == 0);
        cJSON_Delete(outcome);
        site_free(&at);
    }
}

static const struct repeat_case {
    const char *about;
    const char *fault; /* hits the first permit */
    bool blind;        /* it cannot be read back */
    const char *first; /* outcome */
    int sent;          /* by both together */
} repeats[] = {
    {"called twice", NULL, false, "permitted", 1},
    {"the reply is lost", "'kind':'drop_after_apply'", false, "permitted", 1},
    {"the reply is lost, and nothing can be read back", "'kind':'drop_after_apply'", true, "unknown", 1},
    {"it was not applied", "'kind':'drop_before_apply'", false, "unknown", 2},
};

/* The operation's id is made of the prompt: a second call, perhaps of another process, finds it in the notes.
 */
static void calling_it_again_is_safe(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(repeats); i++) {
        control("reset", "{}");
        print_message("%s\n", repeats[i].about);
        site at = site_new();
        int64_t approval = ask_playbook(&at);
        answer(approval, "Permit");
        if (repeats[i].fault != NULL)
            control("fault", "{%s,'match':'" PERMIT "'}", repeats[i].fault);
        if (repeats[i].blind)
            control("fault", "{'kind':'drop_before_apply','match':'RequestGetById','times':-1}");
        cJSON *first = resolve(&at, approval, NULL);
        assert_text(first, "outcome", repeats[i].first);
        control_delete("fault");
        site_free(&at);
        at = site_new();
        cJSON *second = resolve(&at, approval, NULL);
        assert_text(second, "outcome", "permitted");
        assert_true_member(second, "verified", true);
        assert_text(second, "operation_id", text_of(first, "operation_id"));
        assert_int_equal(times_applied(REQUEST(1003), "permit"), 1);
        assert_int_equal(times_applied_to_anything(), 1);
        assert_int_equal(count_calls(PERMIT), repeats[i].sent);
        cJSON_Delete(first);
        cJSON_Delete(second);
        site_free(&at);
    }
}

/* Another prompt's permit is not this one's, though the same person answered. */
static void a_second_prompt_does_not_claim_the_firsts_permit(void **state)
{
    (void)state;
    site at = site_new();
    cJSON *prepared = prepare(at.client, "playbook", ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    int64_t approvals[2];
    for (int i = 0; i < 2; i++) {
        approvals[i] = ask(REQUEST(1003), text_of(prepared, "message"), NULL);
        answer(approvals[i], "Permit");
    }
    cJSON *first = resolve(&at, approvals[0], NULL), *second = resolve(&at, approvals[1], NULL);
    assert_text(first, "outcome", "permitted");
    assert_text(second, "outcome", "already_actioned");
    assert_int_equal(count_calls(PERMIT), 1);
    cJSON_Delete(first);
    cJSON_Delete(second);
    cJSON_Delete(prepared);
    site_free(&at);
}

static const struct failure_case {
    const char *fault;
    tl_code code;
} failures[] = {
    {"'kind':'status','status':503,'match':'/rest/approval','times':-1", TL_SERVER},
    {"'kind':'garbage','match':'/rest/approval','times':-1", TL_PROTOCOL},
    {"'kind':'status','status':401,'match':'detail_summary_view','times':-1", TL_TOKEN},
    {"'kind':'drop_before_apply','match':'/rest/app_run','times':-1", TL_NETWORK},
    {"'kind':'status','status':503,'match':'app_runs','times':-1", TL_SERVER},
    {"'kind':'status','status':503,'match':'GetPermitApplicationById','times':-1", TL_SERVER},
    {"'kind':'status','status':440,'match':'GetPermitApplicationById','times':-1", TL_TOKEN},
    {"'kind':'garbage','match':'GetPermitApplicationById','times':-1", TL_PROTOCOL},
    /* What the plan needs. */
    {"'kind':'status','status':503,'match':'ComputerGroupGetForPermit','times':-1", TL_SERVER},
    {"'kind':'status','status':440,'match':'GetListForAddToApplication','times':-1", TL_TOKEN},
    {"'kind':'garbage','match':'GetListForAddToApplication','times':-1", TL_PROTOCOL},
};

static void a_service_that_cannot_be_asked_is_an_error(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(failures); i++) {
        control("reset", "{}");
        print_message("%s\n", failures[i].fault);
        site at = site_without_retries();
        int64_t approval = ask_with(&at, "playbook", EXISTING);
        answer(approval, "Permit");
        control("fault", "{%s}", failures[i].fault);
        tl_resolve_options options = widest();
        cJSON *outcome = NULL;
        tl_error err = TL_ERROR_INIT;
        tl_code code = tl_resolve_prompt(&outcome, at.client, at.soar, approval, &options, &err);
        if (outcome != NULL)
            print_message("%s: %s\n", text_of(outcome, "outcome"), text_of(outcome, "message"));
        assert_code(code, &err, failures[i].code);
        assert_null(outcome);
        assert_int_equal(count_calls(PERMIT), 0);
        control_delete("fault");
        outcome = resolve(&at, approval, NULL);
        assert_text(outcome, "outcome", "permitted");
        cJSON_Delete(outcome);
        site_free(&at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_answer_becomes_its_act, reset_sandbox),
        cmocka_unit_test_setup(the_label_says_which_choice_is_permitted, reset_sandbox),
        cmocka_unit_test_setup(whatever_is_no_answer_sends_nothing, reset_sandbox),
        cmocka_unit_test_setup(only_the_one_named_in_the_seal_acts, reset_sandbox),
        cmocka_unit_test_setup(a_text_or_seal_that_was_touched_sends_nothing, reset_sandbox),
        cmocka_unit_test_setup(a_request_that_changed_is_not_touched, reset_sandbox),
        cmocka_unit_test_setup(who_asked_may_not_answer, reset_sandbox),
        cmocka_unit_test_setup(calling_it_again_is_safe, reset_sandbox),
        cmocka_unit_test_setup(a_second_prompt_does_not_claim_the_firsts_permit, reset_sandbox),
        cmocka_unit_test_setup(a_service_that_cannot_be_asked_is_an_error, reset_sandbox),
    };
    return cmocka_run_group_tests_name("resolve", tests, start_sandbox, stop_sandbox);
}
