/* What must keep the chain from acting. */
#include "chain_harness.h"

#define SEAL "threatlocker-seal:"

static void open_with_key(bench *at, const char *seal_key)
{
    tl_client_options options = client_options();
    options.seal_key = seal_key;
    options.seal_key_length = seal_key == NULL ? 0 : strlen(seal_key);
    at->client = make_client(&options);
    bench_open(at, NULL);
}

/* Asks, answers Permit and steps a few times. Nothing may come of it. */
static void assert_message_never_acts(bench *at, const char *message, const char *state)
{
    int64_t approval = ask(REQUEST(1003), message, NULL);
    (void)step(at);
    answer(approval, "Permit");
    (void)step(at);
    (void)step(at);
    assert_int_equal(times_applied_to_anything(), 0);
    assert_int_equal(count_calls("ApprovalRequestPermitApplication"), 0);
    assert_last_state(at, approval, state);
}

/* A copy of the message with one change. The caller's. */
static char *changed(const char *message, const char *from, const char *to)
{
    const char *at = strstr(message, from);
    assert_non_null(at);
    size_t length = strlen(message) + strlen(to) + 1;
    char *copy = malloc(length);
    assert_non_null(copy);
    snprintf(copy, length, "%.*s%s%s", (int)(at - message), message, to, at + strlen(from));
    return copy;
}

static void a_seal_of_another_key_never_acts(void **state)
{
    (void)state;
    bench at = bench_new();
    open_with_key(&at, "a key of this site, long enough");
    tl_client_options other = client_options();
    other.seal_key = "the key of another site, as long";
    other.seal_key_length = strlen(other.seal_key);
    tl_client *forger = make_client(&other), *by_token = make_client(NULL);
    cJSON *forged = prepare(forger, "chain:" CHAIN, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    assert_message_never_acts(&at, text_of(forged, "message"), "left");
    cJSON_Delete(forged);
    forged = prepare(by_token, "chain:" CHAIN, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    assert_message_never_acts(&at, text_of(forged, "message"), "left");
    cJSON_Delete(forged);
    tl_client_free(forger);
    tl_client_free(by_token);
    bench_free(&at);
}

static void a_prompt_without_a_seal_is_nobodys(void **state)
{
    (void)state;
    static const char *const messages[] = {"Permit request " REQUEST(1003) "?", "",
                                           "threatlocker seal:1:x:y"};
    bench at = bench_new();
    bench_open(&at, NULL);
    for (size_t i = 0; i < COUNT(messages); i++)
        assert_message_never_acts(&at, messages[i], "foreign");
    bench_free(&at);
}

static void a_seal_that_was_touched_never_acts(void **state)
{
    (void)state;
    bench at = bench_new();
    bench_open(&at, NULL);
    cJSON *prepared = prepare(at.client, "chain:" CHAIN, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    const char *message = text_of(prepared, "message"), *seal = strstr(message, SEAL);
    assert_non_null(seal);
    size_t length = strlen(message);
    /* One character of the version, the payload and the signature. */
    const size_t places[] = {(size_t)(seal - message) + strlen(SEAL),
                             (size_t)(seal - message) + strlen(SEAL) + 40, length - 20};
    for (size_t i = 0; i < COUNT(places); i++) {
        char *copy = strdup(message);
        assert_non_null(copy);
        copy[places[i]] = copy[places[i]] == 'A' ? 'B' : 'A';
        assert_message_never_acts(&at, copy, "left");
        free(copy);
    }
    static const char *const tails[] = {"\nand permit it, please", "x", "="};
    for (size_t i = 0; i < COUNT(tails); i++) {
        char *longer = malloc(length + 100);
        assert_non_null(longer);
        snprintf(longer, length + 100, "%s%s", message, tails[i]);
        assert_message_never_acts(&at, longer, "left");
        free(longer);
    }
    char *twice = malloc(2 * length + 2);
    assert_non_null(twice);
    snprintf(twice, 2 * length + 2, "%s\n%s", message, message);
    assert_message_never_acts(&at, twice, "left");
    free(twice);
    char *cut = strdup(message);
    assert_non_null(cut);
    cut[length - 1] = '\0';
    assert_message_never_acts(&at, cut, "left");
    free(cut);
    cJSON_Delete(prepared);
    bench_free(&at);
}

/* The approver reads about one file while the seal, a good one, names another. */
static void a_seal_under_another_requests_text_never_acts(void **state)
{
    (void)state;
    bench at = bench_new();
    bench_open(&at, NULL);
    cJSON *shown = prepare(at.client, "chain:" CHAIN, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    cJSON *meant = prepare(at.client, "chain:" CHAIN, ORGANIZATION(44), REQUEST(1018), NEW_FOR_COMPUTER);
    const char *text = text_of(shown, "message"), *seal = strstr(text_of(meant, "message"), SEAL);
    char *mixed = malloc(strlen(text) + strlen(seal) + 1);
    assert_non_null(mixed);
    memcpy(mixed, text, (size_t)(strstr(text, SEAL) - text));
    strcpy(mixed + (strstr(text, SEAL) - text), seal);
    assert_message_never_acts(&at, mixed, "left");
    free(mixed);
    cJSON_Delete(shown);
    cJSON_Delete(meant);
    bench_free(&at);
}

/* Same request, same seal, but the approver was shown something nicer. */
static void a_seal_under_a_changed_text_never_acts(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"File: ", "File: C:\\Windows\\notepad.exe "},
        {"Where: the ENTIRE organization\n", "Where: this computer only\n"},
        {"Computer: ", "Computer: TEST-BENCH "},
        {"ThreatLocker asks", "Harmless. ThreatLocker asks"}};
    bench at = bench_new();
    bench_open(&at, NULL);
    cJSON *prepared = prepare(
        at.client, "chain:" CHAIN, ORGANIZATION(43), REQUEST(1003),
        "{'application':'new','name':'Field tool','scope':'organization','rules':[{'hash':'" HASH "'}]}");
    for (size_t i = 0; i < COUNT(changes); i++) {
        char *copy = changed(text_of(prepared, "message"), changes[i][0], changes[i][1]);
        print_message("%s\n", changes[i][1]);
        assert_message_never_acts(&at, copy, "left");
        free(copy);
    }
    cJSON_Delete(prepared);
    bench_free(&at);
}

/* SOAR, or the playbook, may change line ends and white space at line ends: that shows nobody anything else.
 */
static void other_line_ends_are_the_same_text(void **state)
{
    (void)state;
    bench at = bench_new();
    bench_open(&at, NULL);
    cJSON *prepared = prepare(at.client, "chain:" CHAIN, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    const char *message = text_of(prepared, "message");
    char *copy = calloc(2, strlen(message) + 8), *to = copy;
    assert_non_null(copy);
    for (const char *from = message; *from != '\0'; from++) {
        if (*from == '\n')
            *to++ = '\r';
        *to++ = *from;
    }
    strcpy(to, "\r\n");
    int64_t approval = ask(REQUEST(1003), copy, NULL);
    (void)step(&at);
    answer(approval, "Permit");
    tl_step done = step(&at);
    assert_int_equal(done.permitted, 1);
    free(copy);
    cJSON_Delete(prepared);
    bench_free(&at);
}

static void another_executors_prompt_is_left_alone(void **state)
{
    (void)state;
    static const char *const executors[] = {"playbook", "chain:day-shift", "chain:night-shif",
                                            "chain:night-shift2", "chain:Night-Shift"};
    bench at = bench_new();
    bench_open(&at, NULL);
    for (size_t i = 0; i < COUNT(executors); i++) {
        cJSON *prepared = prepare(at.client, executors[i], ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
        assert_message_never_acts(&at, text_of(prepared, "message"), "foreign");
        cJSON_Delete(prepared);
    }
    bench_free(&at);
}

static const struct change_case {
    const char *set;
    const char *write; /* what a Permit answer still does; NULL = nothing */
} changes[] = {
    {"{'hash':'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff'}", NULL},
    {"{'sha256':'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff'}", NULL},
    {"{'path':'C:\\\\Windows\\\\other.exe'}", NULL},
    {"{'computerId':'0c000000-0000-4000-8000-000000000061'}", NULL},
    {"{'json':'{\\'changed\\':true}'}", NULL},
    {"{'json':''}", NULL},
    {"{'actionType':'elevate'}", NULL},
    {"{'statusId':4,'approvedBy':'operator@example.com'}", NULL},
    {"{'statusId':10,'approvedBy':'operator@example.com'}", NULL},
    {"{'statusId':13}", "permit"}, /* escalated is open */
    {"{'isAssigned':true}", "permit"},
};

static void a_request_that_changed_is_left_to_a_person(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(changes); i++) {
        control("reset", "{}");
        bench at = bench_new();
        bench_open(&at, NULL);
        print_message("%s\n", changes[i].set);
        int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
        (void)step(&at);
        control("request", "{'approvalRequestId':'" REQUEST(1003) "','set':%s}", changes[i].set);
        answer(approval, "Permit");
        (void)step(&at);
        assert_last_state(&at, approval, changes[i].write == NULL ? "left" : "permitted");
        assert_int_equal(times_applied_to_anything(), changes[i].write == NULL ? 0 : 1);
        bench_free(&at);
    }
}

static void a_request_that_is_gone_is_left_to_a_person(void **state)
{
    (void)state;
    bench at = bench_new();
    bench_open(&at, NULL);
    int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    (void)step(&at);
    control("request",
            "{'approvalRequestId':'" REQUEST(1003) "','set':{'approvalRequestId':'" REQUEST(1998) "'}}");
    answer(approval, "Permit");
    (void)step(&at);
    assert_last_state(&at, approval, "left");
    bench_free(&at);
}

static void an_old_answer_never_acts(void **state)
{
    (void)state;
    static const struct {
        int64_t answered, max_age;
        const char *state;
    } rows[] = {
        {-7200, 3600, "left"}, {-3000, 3600, "permitted"}, {-90000, 0, "left"}, {-80000, 0, "permitted"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        control("reset", "{}");
        bench at = bench_new();
        at.client = make_client(NULL);
        at.soar = make_soar();
        tl_chain_options options = chain_options(&at);
        options.max_answer_age_s = rows[i].max_age;
        bench_open(&at, &options);
        int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
        char when[40], members[200];
        utc_text(when, rows[i].answered);
        snprintf(members, sizeof members, "'responses':['Permit','x'],'close_time':'%s'", when);
        (void)step(&at);
        answer_with(approval, members);
        (void)step(&at);
        (void)step(&at); /* what closed long ago shows in the count of those that are pending */
        assert_last_state(&at, approval, rows[i].state);
        bench_free(&at);
    }
}

/* Read in time, but too old by the time that the service lets us act. */
static void an_answer_that_grew_old_while_waiting_never_acts(void **state)
{
    (void)state;
    bench at = bench_new();
    at.client = make_client(NULL);
    at.soar = make_soar();
    tl_chain_options options = chain_options(&at);
    options.max_answer_age_s = 1;
    bench_open(&at, &options);
    int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    (void)step(&at);
    answer(approval, "Permit");
    control("switch", "{'token':'revoked'}");
    tl_step done;
    tl_error err;
    assert_code(try_step(&at, &done, &err), &err, TL_TOKEN);
    assert_last_state(&at, approval, "answered");
    sleep_ms(1100);
    control("switch", "{'token':'valid'}");
    done = step(&at);
    assert_int_equal(done.left, 1);
    assert_int_equal(times_applied_to_anything(), 0);
    bench_free(&at);
}

static void prompts_from_before_the_ledgers_birth_need_since(void **state)
{
    (void)state;
    for (int with_since = 0; with_since < 2; with_since++) {
        control("reset", "{}");
        bench at = bench_new();
        at.client = make_client(NULL);
        at.soar = make_soar();
        int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
        answer(approval, "Permit");
        sleep_ms(20);
        char since[40];
        utc_text(since, -60);
        since[19] = 'Z';
        since[20] = '\0';
        tl_chain_options options = chain_options(&at);
        options.since = with_since ? since : NULL;
        bench_open(&at, &options);
        (void)step(&at);
        (void)step(&at);
        assert_int_equal(times_applied(REQUEST(1003), "permit"), with_since);
        assert_int_equal(times_applied_to_anything(), with_since);
        bench_free(&at);
    }
}

/* Two prompts about one request. */
static void two_prompts_that_disagree_are_left_to_a_person(void **state)
{
    (void)state;
    static const char *const answers[][2] = {{"Permit", "Reject"},
                                             {"Reject", "Permit"},
                                             {"Permit", "Ignore"},
                                             {"Permit", "what?"},
                                             {"what?", "Permit"}};
    for (size_t i = 0; i < COUNT(answers); i++)
        for (int together = 0; together < 2; together++) {
            control("reset", "{}");
            bench at = bench_new();
            bench_open(&at, NULL);
            print_message("%s, %s%s\n", answers[i][0], answers[i][1], together ? " at once" : "");
            int64_t first = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
            int64_t second = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
            (void)step(&at);
            answer(first, answers[i][0]);
            if (!together)
                (void)step(&at);
            assert_int_equal(times_applied_to_anything(), 0); /* the other one may still say no */
            answer(second, answers[i][1]);
            (void)step(&at);
            (void)step(&at);
            assert_last_state(&at, first, "left");
            assert_last_state(&at, second, "left");
            assert_int_equal(times_applied_to_anything(), 0);
            bench_free(&at);
        }
}

static void two_prompts_with_two_choices_are_a_disagreement_too(void **state)
{
    (void)state;
    bench at = bench_new();
    bench_open(&at, NULL);
    int64_t first = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    int64_t second = ask_for(
        &at, ORGANIZATION(43), REQUEST(1003),
        "{'application':'new','name':'Field tool','scope':'organization','rules':[{'hash':'" HASH "'}]}");
    (void)step(&at);
    answer(first, "Permit");
    answer(second, "Permit");
    (void)step(&at);
    (void)step(&at);
    assert_last_state(&at, first, "left");
    assert_last_state(&at, second, "left");
    assert_int_equal(times_applied_to_anything(), 0);
    bench_free(&at);
}

static void the_same_prompt_asked_twice_acts_once(void **state)
{
    (void)state;
    bench at = bench_new();
    bench_open(&at, NULL);
    cJSON *prepared = prepare(at.client, "chain:" CHAIN, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    int64_t first = ask(REQUEST(1003), text_of(prepared, "message"), NULL);
    int64_t second = ask(REQUEST(1003), text_of(prepared, "message"), NULL);
    (void)step(&at);
    answer(first, "Permit");
    answer(second, "Permit");
    for (int i = 0; i < 3; i++)
        (void)step(&at);
    assert_int_equal(times_applied_to_anything(), 1);
    assert_int_equal(count_calls("ApprovalRequestPermitApplication"), 1);
    assert_last_state(&at, first, "permitted");
    assert_last_state(&at, second, "left");
    cJSON_Delete(prepared);
    bench_free(&at);
}

/* One of the runs may be another person's no. */
static void a_prompt_with_several_runs_is_left_to_a_person(void **state)
{
    (void)state;
    bench at = bench_new();
    bench_open(&at, NULL);
    int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    (void)step(&at);
    answer(approval, "Permit");
    control("fault", "{'kind':'status','status':200,'match':'app_runs','body':"
                     "'{\\'count\\':2,\\'num_pages\\':1,\\'data\\':[{\\'id\\':1},{\\'id\\':2}]}'}");
    (void)step(&at);
    assert_last_state(&at, approval, "left");
    assert_int_equal(times_applied_to_anything(), 0);
    bench_free(&at);
}

/* Somebody waits for such a prompt: it must not vanish among the foreign ones. */
static void a_sealed_prompt_that_does_not_bind_is_left_to_a_person(void **state)
{
    (void)state;
    static const char *const breaks[] = {
        "'detail':{'action_name':'another_block'}", "'detail':{'due_time':'2020-01-01T00:00:00.000000Z'}",
        "'detail':{'notification_type':'approvals'}", "'set':{'start_time':'soon'}"};
    for (size_t i = 0; i < COUNT(breaks); i++) {
        control("reset", "{}");
        bench at = bench_new();
        bench_open(&at, NULL);
        print_message("%s\n", breaks[i]);
        int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
        answer_with(approval, breaks[i]);
        assert_int_equal(step(&at).left, 1);
        assert_last_state(&at, approval, "left");
        answer(approval, "Permit");
        (void)step(&at);
        assert_int_equal(times_applied_to_anything(), 0);
        bench_free(&at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_sealed_prompt_that_does_not_bind_is_left_to_a_person, reset_sandbox),
        cmocka_unit_test_setup(a_seal_of_another_key_never_acts, reset_sandbox),
        cmocka_unit_test_setup(a_prompt_without_a_seal_is_nobodys, reset_sandbox),
        cmocka_unit_test_setup(a_seal_that_was_touched_never_acts, reset_sandbox),
        cmocka_unit_test_setup(a_seal_under_another_requests_text_never_acts, reset_sandbox),
        cmocka_unit_test_setup(a_seal_under_a_changed_text_never_acts, reset_sandbox),
        cmocka_unit_test_setup(other_line_ends_are_the_same_text, reset_sandbox),
        cmocka_unit_test_setup(another_executors_prompt_is_left_alone, reset_sandbox),
        cmocka_unit_test_setup(a_request_that_changed_is_left_to_a_person, reset_sandbox),
        cmocka_unit_test_setup(a_request_that_is_gone_is_left_to_a_person, reset_sandbox),
        cmocka_unit_test_setup(an_old_answer_never_acts, reset_sandbox),
        cmocka_unit_test_setup(an_answer_that_grew_old_while_waiting_never_acts, reset_sandbox),
        cmocka_unit_test_setup(prompts_from_before_the_ledgers_birth_need_since, reset_sandbox),
        cmocka_unit_test_setup(two_prompts_that_disagree_are_left_to_a_person, reset_sandbox),
        cmocka_unit_test_setup(two_prompts_with_two_choices_are_a_disagreement_too, reset_sandbox),
        cmocka_unit_test_setup(the_same_prompt_asked_twice_acts_once, reset_sandbox),
        cmocka_unit_test_setup(a_prompt_with_several_runs_is_left_to_a_person, reset_sandbox),
    };
    return cmocka_run_group_tests_name("chain_safety", tests, start_sandbox, stop_sandbox);
}
