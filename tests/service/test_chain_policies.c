/* What becomes of a request whose prompt expired unanswered: what the policy says, and never a permit. */
#include "chain_harness.h"

enum { EXPIRED_MS = 400 }; /* after which a prompt of 0.004 minutes is over */

static bench bench_with(tl_expired_policy policy, int64_t grace_s)
{
    bench at = bench_new();
    at.client = make_client(NULL);
    at.soar = make_soar();
    tl_chain_options options = chain_options(&at);
    options.on_expired = policy;
    options.expired_grace_s = grace_s;
    bench_open(&at, &options);
    return at;
}

/* The same prompt, one after the other with these members. */
static void ask_these(bench *at, int64_t approvals[], const char *const members[], size_t count)
{
    cJSON *prepared = prepare(at->client, "chain:" CHAIN, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    for (size_t i = 0; i < count; i++)
        approvals[i] = ask(REQUEST(1003), text_of(prepared, "message"), members[i]);
    cJSON_Delete(prepared);
    (void)step(at);
}

#define SHORT "{'minutes':0.004}"

static const struct {
    tl_expired_policy policy;
    const char *state, *write;
} policies[] = {{TL_EXPIRED_LEAVE, "left", NULL},
                {TL_EXPIRED_REJECT, "rejected", "reject"},
                {TL_EXPIRED_IGNORE, "ignored", "ignore"}};

static void the_policy_acts_once_and_says_that_nobody_answered(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(policies); i++) {
        int64_t approval;
        control("reset", "{}");
        bench at = bench_with(policies[i].policy, 0);
        ask_these(&at, &approval, (const char *const[]){SHORT}, 1);
        assert_int_equal(times_applied_to_anything(), 0);
        sleep_ms(EXPIRED_MS);
        steps(&at, 4);
        assert_last_state(&at, approval, policies[i].state);
        assert_int_equal(times_applied_to_anything(), policies[i].write == NULL ? 0 : 1);
        if (policies[i].write != NULL) {
            assert_int_equal(times_applied(REQUEST(1003), policies[i].write), 1);
            cJSON *calls = calls_to("ApprovalRequestUpdateFor");
            char *body = cJSON_PrintUnformatted(calls);
            assert_non_null(strstr(body, "Nobody answered SOAR prompt"));
            free(body);
            cJSON_Delete(calls);
        }
        bench_free(&at);
    }
}

static void within_the_grace_time_nothing_happens(void **state)
{
    (void)state;
    int64_t approval;
    bench at = bench_with(TL_EXPIRED_REJECT, 2);
    ask_these(&at, &approval, (const char *const[]){SHORT}, 1);
    sleep_ms(EXPIRED_MS);
    steps(&at, 3);
    assert_last_state(&at, approval, "answered");
    assert_int_equal(times_applied_to_anything(), 0);
    assert_int_equal(step(&at).watched, 1);
    /* Also for the next process. */
    bench_close(&at);
    tl_chain_options options = chain_options(&at);
    options.on_expired = TL_EXPIRED_REJECT;
    options.expired_grace_s = 2;
    bench_open(&at, &options);
    steps(&at, 2);
    assert_int_equal(times_applied_to_anything(), 0);
    sleep_ms(2100);
    steps(&at, 2);
    assert_last_state(&at, approval, "rejected");
    assert_int_equal(times_applied(REQUEST(1003), "reject"), 1);
    bench_free(&at);
}

/* One prompt expires; the other one, on the same request, is answered so. */
static const struct other_case {
    const char *word; /* NULL = stays open */
    const char *expired, *other, *write;
} others[] = {
    {NULL, "answered", "seen", NULL},         {"Permit", "left", "permitted", "permit"},
    {"Reject", "left", "rejected", "reject"}, {"Ignore", "left", "ignored", "ignore"},
    {"Perhaps", "left", "left", NULL},
};

static void whoever_answers_another_prompt_comes_first(void **state)
{
    (void)state;
    static const char *const members[][2] = {{SHORT, NULL}, {NULL, SHORT}};
    for (size_t i = 0; i < COUNT(others); i++)
        for (size_t newer = 0; newer < 2; newer++)
            for (int late = 0; late < 2; late++) {
                int64_t approvals[2];
                control("reset", "{}");
                print_message("%s, %s, %s\n", others[i].word == NULL ? "open" : others[i].word,
                              newer ? "the newer one expires" : "the older one expires",
                              late ? "answered after that" : "answered before that");
                bench at = bench_with(TL_EXPIRED_REJECT, 0);
                ask_these(&at, approvals, members[newer], 2);
                if (late) {
                    sleep_ms(EXPIRED_MS);
                    steps(&at, 2);
                    assert_int_equal(times_applied_to_anything(), 0);
                }
                if (others[i].word != NULL)
                    answer(approvals[1 - newer], others[i].word);
                sleep_ms(late ? 0 : EXPIRED_MS);
                steps(&at, 4);
                assert_last_state(&at, approvals[newer], others[i].expired);
                assert_last_state(&at, approvals[1 - newer], others[i].other);
                assert_int_equal(times_applied_to_anything(), others[i].write == NULL ? 0 : 1);
                if (others[i].write != NULL)
                    assert_int_equal(times_applied(REQUEST(1003), others[i].write), 1);
                bench_free(&at);
            }
}

/* A person said yes, ThreatLocker refused it: that is no reason to reject. */
static void a_refused_yes_is_not_followed_by_a_policy(void **state)
{
    (void)state;
    int64_t approvals[2];
    bench at = bench_with(TL_EXPIRED_REJECT, 0);
    ask_these(&at, approvals, (const char *const[]){NULL, SHORT}, 2);
    control("fault", "{'kind':'status','status':400,'match':'ApprovalRequestPermitApplication'}");
    answer(approvals[0], "Permit");
    sleep_ms(EXPIRED_MS);
    steps(&at, 4);
    assert_last_state(&at, approvals[0], "refused");
    assert_last_state(&at, approvals[1], "left");
    assert_int_equal(times_applied_to_anything(), 0);
    bench_free(&at);
}

/* Nor is it one person's no against another's refused yes. */
static void a_no_after_a_refused_yes_is_a_disagreement(void **state)
{
    (void)state;
    static const struct {
        const char *word, *state;
    } after[] = {{"Reject", "left"}, {"Ignore", "left"}, {"Permit", "permitted"}};
    for (size_t i = 0; i < COUNT(after); i++) {
        control("reset", "{}");
        bench at = bench_with(TL_EXPIRED_LEAVE, 0);
        int64_t first, second;
        ask_these(&at, &first, (const char *const[]){NULL}, 1);
        control("fault", "{'kind':'status','status':400,'match':'ApprovalRequestPermitApplication'}");
        answer(first, "Permit");
        steps(&at, 2);
        assert_last_state(&at, first, "refused");
        ask_these(&at, &second, (const char *const[]){NULL}, 1);
        answer(second, after[i].word);
        steps(&at, 3);
        assert_last_state(&at, second, after[i].state);
        assert_int_equal(times_applied_to_anything(), strcmp(after[i].state, "permitted") == 0);
        bench_free(&at);
    }
}

/* The escalated prompt is not over: whoever took it over decides, or the policy when nobody does. */
static void an_escalated_prompt_is_not_acted_on(void **state)
{
    (void)state;
    static const struct {
        const char *word, *second, *write;
    } rows[] = {{"Permit", "permitted", "permit"}, {NULL, "rejected", "reject"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t first, second;
        char escalates[80];
        control("reset", "{}");
        bench at = bench_with(TL_EXPIRED_REJECT, 0);
        cJSON *prepared =
            prepare(at.client, "chain:" CHAIN, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
        first = ask(REQUEST(1003), text_of(prepared, "message"), SHORT);
        (void)step(&at);
        snprintf(escalates, sizeof escalates, "{'escalates':%lld,'minutes':0.02}", (long long)first);
        second = ask(REQUEST(1003), text_of(prepared, "message"), escalates);
        sleep_ms(EXPIRED_MS);
        steps(&at, 3);
        assert_last_state(&at, first, "left");
        assert_last_state(&at, second, "seen");
        assert_int_equal(times_applied_to_anything(), 0);
        if (rows[i].word != NULL)
            answer(second, rows[i].word);
        else
            sleep_ms(1300);
        steps(&at, 3);
        assert_last_state(&at, second, rows[i].second);
        assert_int_equal(times_applied(REQUEST(1003), rows[i].write), 1);
        assert_int_equal(times_applied_to_anything(), 1);
        cJSON_Delete(prepared);
        bench_free(&at);
    }
}

static void what_somebody_actioned_meanwhile_is_left(void **state)
{
    (void)state;
    int64_t approval;
    bench at = bench_with(TL_EXPIRED_REJECT, 1);
    ask_these(&at, &approval, (const char *const[]){SHORT}, 1);
    sleep_ms(EXPIRED_MS);
    steps(&at, 2);
    control("request", "{'approvalRequestId':'" REQUEST(
                           1003) "','set':{'statusId':4,'approvedBy':'operator@example.com'}}");
    sleep_ms(1100);
    steps(&at, 2);
    assert_last_state(&at, approval, "left");
    assert_int_equal(times_applied_to_anything(), 0);
    bench_free(&at);
}

static void a_deleted_prompt_is_left_and_no_policy_acts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(policies); i++) {
        int64_t approval;
        control("reset", "{}");
        bench at = bench_with(policies[i].policy, 0);
        ask_these(&at, &approval, (const char *const[]){NULL}, 1);
        control("forget", "{'approval':%lld}", (long long)approval);
        steps(&at, 3);
        assert_last_state(&at, approval, "left");
        assert_int_equal(times_applied_to_anything(), 0);
        bench_free(&at);
    }
}

/* The chain was away for longer than any answer lives: nobody knows what a person thought meanwhile. */
static void what_expired_long_ago_is_left(void **state)
{
    (void)state;
    int64_t approval;
    bench at = bench_with(TL_EXPIRED_REJECT, 0);
    ask_these(&at, &approval, (const char *const[]){NULL}, 1);
    answer_with(approval, "'status':'expired','responses':[],'close_time':'2020-01-01T00:00:00.000000Z'");
    steps(&at, 3);
    assert_last_state(&at, approval, "left");
    assert_int_equal(times_applied_to_anything(), 0);
    bench_free(&at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_policy_acts_once_and_says_that_nobody_answered, reset_sandbox),
        cmocka_unit_test_setup(within_the_grace_time_nothing_happens, reset_sandbox),
        cmocka_unit_test_setup(whoever_answers_another_prompt_comes_first, reset_sandbox),
        cmocka_unit_test_setup(a_refused_yes_is_not_followed_by_a_policy, reset_sandbox),
        cmocka_unit_test_setup(a_no_after_a_refused_yes_is_a_disagreement, reset_sandbox),
        cmocka_unit_test_setup(an_escalated_prompt_is_not_acted_on, reset_sandbox),
        cmocka_unit_test_setup(what_somebody_actioned_meanwhile_is_left, reset_sandbox),
        cmocka_unit_test_setup(a_deleted_prompt_is_left_and_no_policy_acts, reset_sandbox),
        cmocka_unit_test_setup(what_expired_long_ago_is_left, reset_sandbox),
    };
    return cmocka_run_group_tests_name("chain_policies", tests, start_sandbox, stop_sandbox);
}
