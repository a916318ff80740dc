/* What a poll asks of SOAR, and that no way of opening and closing a prompt escapes it. */
#include "chain/engine.h"
#include "chain_harness.h"

static bench polling_bench(void)
{
    bench at = bench_new();
    bench_open(&at, NULL);
    return at;
}

static void set_of(int64_t approval, const char *set)
{
    control("answer", "{'approval':%lld,'set':%s}", (long long)approval, set);
}

/* A record that SOAR does not show yet: the lists are filtered by type. */
static void hide(int64_t approval)
{
    set_of(approval, "{'type':'hidden'}");
}

static void show(int64_t approval)
{
    set_of(approval, "{'type':'manual'}");
}

static int calls_of_one_step(bench *at)
{
    control_delete("calls");
    (void)step(at);
    cJSON *calls = control_get("calls");
    int count = cJSON_GetArraySize(calls);
    cJSON_Delete(calls);
    return count;
}

static void assert_idle(bench *at)
{
    for (int i = 0; i < 4; i++)
        assert_int_equal(calls_of_one_step(at), 1);
}

/* A prompt is opened and answered between two polls, whichever of them comes next. */
static void what_opened_and_closed_between_two_polls_is_found(void **state)
{
    (void)state;
    for (int turn = 0; turn < 3; turn++)
        for (int others = 0; others < 2; others++) {
            control("reset", "{}");
            bench at = polling_bench();
            if (others)
                (void)ask_for(&at, ORGANIZATION(44), REQUEST(1018), NEW_FOR_COMPUTER);
            steps(&at, 2 + turn);
            int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
            answer(approval, "Permit");
            steps(&at, 2);
            assert_last_state(&at, approval, "permitted");
            assert_int_equal(times_applied_to_anything(), 1);
            assert_idle(&at);
            bench_free(&at);
        }
}

/* No close time, so that no list of closed ones shows it: the number of pending ones does. */
static void what_closed_without_a_time_is_found_by_the_count(void **state)
{
    (void)state;
    for (int turn = 0; turn < 2; turn++) {
        control("reset", "{}");
        bench at = polling_bench();
        int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
        steps(&at, 2 + turn);
        answer_with(approval, "'responses':['Permit','x'],'set':{'close_time':null}");
        steps(&at, 2);
        assert_last_state(&at, approval, "left"); /* nobody knows how old it is */
        assert_int_equal(times_applied_to_anything(), 0);
        assert_idle(&at);
        bench_free(&at);
    }
}

/* Closed long before the newest closing that was seen. */
static void what_closed_out_of_order_is_found_by_the_count(void **state)
{
    (void)state;
    bench at = polling_bench();
    int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    int64_t other = ask_for(&at, ORGANIZATION(44), REQUEST(1018), NEW_FOR_COMPUTER);
    steps(&at, 3);
    answer(other, "Reject");
    steps(&at, 2);
    char when[40], members[120];
    utc_text(when, -600);
    snprintf(members, sizeof members, "'responses':['Permit','x'],'close_time':'%s'", when);
    answer_with(approval, members);
    steps(&at, 2);
    assert_last_state(&at, approval, "permitted");
    assert_idle(&at);
    bench_free(&at);
}

/* One comes and one goes without a trace: the sum is the same. */
static void one_that_came_does_not_hide_one_that_went(void **state)
{
    (void)state;
    bench at = polling_bench();
    int64_t gone = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    steps(&at, 2);
    int64_t came = ask_for(&at, ORGANIZATION(44), REQUEST(1018), NEW_FOR_COMPUTER);
    control("forget", "{'approval':%lld}", (long long)gone);
    steps(&at, 2);
    assert_last_state(&at, gone, "left");
    assert_last_state(&at, came, "seen");
    assert_idle(&at);
    bench_free(&at);
}

/* SOAR's ids may become visible out of order. */
static void what_becomes_visible_late_is_found(void **state)
{
    (void)state;
    for (int answered = 0; answered < 2; answered++)
        for (int turn = 0; turn < 2; turn++) {
            control("reset", "{}");
            bench at = polling_bench();
            int64_t late = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
            hide(late);
            int64_t newer = ask_for(&at, ORGANIZATION(44), REQUEST(1018), NEW_FOR_COMPUTER);
            steps(&at, 4 + turn);
            assert_last_state(&at, newer, "seen");
            assert_last_state(&at, late, "");
            show(late);
            if (answered)
                answer(late, "Permit");
            steps(&at, 2);
            assert_last_state(&at, late, answered ? "permitted" : "seen");
            if (!answered) {
                answer(late, "Permit");
                steps(&at, 2);
            }
            assert_last_state(&at, late, "permitted");
            assert_int_equal(times_applied_to_anything(), 1);
            steps(&at, 2); /* perhaps the count has to be put right */
            assert_idle(&at);
            bench_free(&at);
        }
}

/* More than one page of new ones. */
static void many_new_ones_at_once_are_all_met(void **state)
{
    (void)state;
    enum { MANY = 250 };
    bench at = polling_bench();
    steps(&at, 2);
    cJSON *prepared = prepare(at.client, "chain:" CHAIN, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    cJSON *spec = cJSON_CreateObject();
    cJSON_AddNumberToObject(spec, "count", MANY);
    cJSON_AddStringToObject(spec, "approvalRequestId", REQUEST(1003));
    cJSON_AddStringToObject(spec, "message", text_of(prepared, "message"));
    cJSON_Delete(control_send("prompts", spec));
    steps(&at, 2);
    assert_int_equal(step(&at).watched, MANY);
    assert_idle(&at);
    cJSON_Delete(spec);
    cJSON_Delete(prepared);
    bench_free(&at);
}

/* An answer that is found must not act before the prompts beside it are known, however the polls take turns.
 */
static void an_answer_waits_for_a_prompt_that_was_not_yet_met(void **state)
{
    (void)state;
    for (int turn = 0; turn < 3; turn++) {
        control("reset", "{}");
        bench at = polling_bench();
        steps(&at, 2 + turn);
        cJSON *prepared =
            prepare(at.client, "chain:" CHAIN, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
        int64_t first = ask(REQUEST(1003), text_of(prepared, "message"), NULL);
        int64_t second = ask(REQUEST(1003), text_of(prepared, "message"), NULL);
        cJSON_Delete(prepared);
        answer(first, "Permit");
        steps(&at, 2);
        assert_last_state(&at, first, "answered");
        assert_last_state(&at, second, "seen");
        answer(second, "Reject");
        steps(&at, 3);
        assert_last_state(&at, first, "left");
        assert_last_state(&at, second, "left");
        assert_int_equal(times_applied_to_anything(), 0);
        bench_free(&at);
    }
}

/* One record with a time from another century must not blind the polls for all that comes after it. */
static void a_close_time_far_ahead_hides_nothing(void **state)
{
    (void)state;
    bench at = polling_bench();
    int64_t odd = ask(REQUEST(1018), "nobody's prompt", NULL);
    steps(&at, 2);
    answer_with(odd, "'responses':['Permit'],'close_time':'2099-01-01T00:00:00.000000Z'");
    steps(&at, 4);
    int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    answer(approval, "Permit");
    steps(&at, 2);
    assert_last_state(&at, approval, "permitted");
    assert_idle(&at);
    bench_free(&at);
}

/* SOAR's clock is ahead of ours: the answer waits until ours has come so far. */
static void an_answer_from_the_future_waits(void **state)
{
    (void)state;
    bench at = polling_bench();
    int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    steps(&at, 2);
    char when[40], members[120];
    utc_text(when, 900);
    snprintf(members, sizeof members, "'responses':['Permit','x'],'close_time':'%s'", when);
    answer_with(approval, members);
    steps(&at, 4);
    assert_last_state(&at, approval, "seen");
    assert_int_equal(times_applied_to_anything(), 0);
    bench_close(&at);
    answer(approval, "Permit"); /* the same answer, now of our time */
    bench_open(&at, NULL);
    steps(&at, 2);
    assert_last_state(&at, approval, "permitted");
    bench_free(&at);
}

/* The record is closed, its run is not; meanwhile later ones close. */
static void an_answer_whose_run_ends_late_is_not_lost_sight_of(void **state)
{
    (void)state;
    char early[40], late[40], members[200];
    bench at = polling_bench();
    int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    int64_t other = ask_for(&at, ORGANIZATION(44), REQUEST(1018), NEW_FOR_COMPUTER);
    steps(&at, 2);
    utc_text(early, -60);
    utc_text(late, 60);
    snprintf(members, sizeof members, "'responses':['Permit','x'],'close_time':'%s','app_run':'running'",
             early);
    answer_with(approval, members);
    steps(&at, 2);
    snprintf(members, sizeof members, "'responses':['Reject','x'],'close_time':'%s'", late);
    answer_with(other, members);
    steps(&at, 4);
    assert_last_state(&at, other, "rejected");
    assert_last_state(&at, approval, "seen");
    snprintf(members, sizeof members, "'responses':['Permit','x'],'close_time':'%s'", early);
    answer_with(approval, members);
    steps(&at, 2);
    assert_last_state(&at, approval, "permitted");
    assert_idle(&at);
    bench_free(&at);
}

/* More came than a page shows, and the process ended when it had met the newest: the next one meets them all,
 * those that were answered meanwhile included. */
static void what_was_not_met_before_a_crash_is_met_after_it(void **state)
{
    (void)state;
    enum { OTHERS = 60 };
    bench at = polling_bench();
    steps(&at, 2);
    int64_t open = ask_for(&at, ORGANIZATION(44), REQUEST(1018), NEW_FOR_COMPUTER);
    int64_t closed = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    hide(open);
    hide(closed);
    control("prompts", "{'count':%d}", (int)OTHERS);
    steps(&at, 4);
    bench_close(&at);
    show(open);
    show(closed);
    answer(closed, "Permit");
    bench_open(&at, NULL);
    steps(&at, 2);
    assert_last_state(&at, open, "seen");
    assert_last_state(&at, closed, "permitted");
    bench_free(&at);
}

/* The oldest of many answers cannot be read at first, all after it can: it is not forgotten for that. */
static void what_failed_while_many_newer_ones_were_met_is_met_later(void **state)
{
    (void)state;
    enum { OTHERS = 40 };
    char early[40], late[40], members[200];
    tl_step done;
    tl_error err = TL_ERROR_INIT;
    utc_text(early, -300);
    utc_text(late, -5);
    bench at = polling_bench();
    int64_t first = ask_for(&at, ORGANIZATION(44), REQUEST(1018), NEW_FOR_COMPUTER);
    snprintf(members, sizeof members, "'responses':['Reject','x'],'close_time':'%s'", early);
    answer_with(first, members);
    steps(&at, 2); /* from now on it is known what closed up to then */
    utc_text(early, -250);
    int64_t failing = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    snprintf(members, sizeof members, "'responses':['Permit','x'],'close_time':'%s'", early);
    answer_with(failing, members);
    control("prompts", "{'count':%d}", (int)OTHERS);
    int64_t last = ask_for(&at, ORGANIZATION(42), REQUEST(1017), NEW_FOR_COMPUTER);
    snprintf(members, sizeof members, "'responses':['Reject','x'],'close_time':'%s'", late);
    answer_with(last, members);
    control("fault", "{'kind':'status','status':503,'match':'approval/%lld/detail','times':-1}",
            (long long)failing);
    (void)step(&at); /* the pending ones */
    assert_int_equal(try_step(&at, &done, &err), TL_SERVER);
    assert_last_state(&at, last, "answered");
    control_delete("fault");
    steps(&at, 3);
    assert_last_state(&at, failing, "permitted");
    bench_free(&at);
}

/* SOAR's clock is set back: what opens and closes between two polls then lies before the newest closing, and
 * no count tells of it. The next walk finds it, however many came after it. */
static void what_closed_on_a_clock_set_back_is_found_by_the_next_walk(void **state)
{
    (void)state;
    enum { OTHERS = 40 };
    char when[40], members[120];
    bench at = polling_bench();
    int64_t other = ask_for(&at, ORGANIZATION(44), REQUEST(1018), NEW_FOR_COMPUTER);
    steps(&at, 2);
    answer(other, "Reject");
    steps(&at, 2);
    utc_text(when, -600);
    snprintf(members, sizeof members, "'responses':['Permit','x'],'close_time':'%s'", when);
    int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    answer_with(approval, members);
    steps(&at, 4);
    control("prompts", "{'count':%d}", (int)OTHERS);
    steps(&at, 2);
    at.chain->poll.walk_due_ms = 0;
    steps(&at, 1);
    assert_last_state(&at, approval, "permitted");
    assert_idle(&at);
    bench_free(&at);
}

/* After an outage the first looks may fail, too: an answer from before waits for the prompt that contradicts
 * it.
 */
static void an_answer_waits_for_a_prompt_that_cannot_be_read_at_first(void **state)
{
    (void)state;
    tl_step done;
    tl_error err;
    bench at = polling_bench();
    cJSON *prepared = prepare(at.client, "chain:" CHAIN, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    int64_t first = ask(REQUEST(1003), text_of(prepared, "message"), NULL);
    steps(&at, 2);
    answer(first, "Permit");
    control("fault", "{'kind':'status','status':503,'match':'GetPermitApplicationById','times':-1}");
    for (int i = 0; i < 3; i++)
        (void)try_step(&at, &done, &err);
    assert_last_state(&at, first, "answered");
    control_delete("fault");
    control("fault", "{'kind':'status','status':403,'match':'/rest/approval','times':-1}");
    for (int i = 0; i < 10; i++)
        (void)try_step(&at, &done, &err);
    assert_last_state(&at, first, "answered");
    control_delete("fault");
    int64_t second = ask(REQUEST(1003), text_of(prepared, "message"), NULL);
    answer(second, "Reject");
    control("fault", "{'kind':'status','status':503,'match':'approval/%lld/detail','times':8}",
            (long long)second);
    char last[32] = "";
    int64_t until_ms = now_ms() + 20000;
    while (strcmp(last_state(&at, first, last, NULL, 0), "left") != 0 && now_ms() < until_ms)
        (void)try_step(&at, &done, &err);
    assert_last_state(&at, first, "left");
    assert_last_state(&at, second, "left");
    assert_int_equal(times_applied_to_anything(), 0);
    cJSON_Delete(prepared);
    bench_free(&at);
}

/* One prompt that SOAR cannot show holds up no other, and does not make every poll a walk. */
static void one_that_cannot_be_read_holds_up_no_other(void **state)
{
    (void)state;
    bench at = polling_bench();
    steps(&at, 2);
    int64_t bad = ask_for(&at, ORGANIZATION(44), REQUEST(1018), NEW_FOR_COMPUTER);
    int64_t good = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    control("fault", "{'kind':'garbage','match':'approval/%lld/detail','times':-1}", (long long)bad);
    tl_step done;
    tl_error err;
    for (int i = 0; i < 12; i++)
        (void)try_step(&at, &done, &err);
    assert_last_state(&at, good, "seen");
    answer(good, "Permit");
    control_delete("calls");
    for (int i = 0; i < 4; i++)
        (void)try_step(&at, &done, &err);
    assert_last_state(&at, good, "permitted");
    cJSON *calls = calls_to("/rest/approval");
    const cJSON *call;
    int walks = 0;
    cJSON_ArrayForEach (call, calls)
        walks += strstr(text_of(call, "query"), "_filter_id__gte") != NULL;
    cJSON_Delete(calls);
    assert_in_range(walks, 0, 1);
    control_delete("fault");
    bench_free(&at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_opened_and_closed_between_two_polls_is_found, reset_sandbox),
        cmocka_unit_test_setup(what_closed_without_a_time_is_found_by_the_count, reset_sandbox),
        cmocka_unit_test_setup(what_closed_out_of_order_is_found_by_the_count, reset_sandbox),
        cmocka_unit_test_setup(one_that_came_does_not_hide_one_that_went, reset_sandbox),
        cmocka_unit_test_setup(what_becomes_visible_late_is_found, reset_sandbox),
        cmocka_unit_test_setup(many_new_ones_at_once_are_all_met, reset_sandbox),
        cmocka_unit_test_setup(an_answer_waits_for_a_prompt_that_was_not_yet_met, reset_sandbox),
        cmocka_unit_test_setup(a_close_time_far_ahead_hides_nothing, reset_sandbox),
        cmocka_unit_test_setup(an_answer_from_the_future_waits, reset_sandbox),
        cmocka_unit_test_setup(an_answer_whose_run_ends_late_is_not_lost_sight_of, reset_sandbox),
        cmocka_unit_test_setup(what_was_not_met_before_a_crash_is_met_after_it, reset_sandbox),
        cmocka_unit_test_setup(what_failed_while_many_newer_ones_were_met_is_met_later, reset_sandbox),
        cmocka_unit_test_setup(what_closed_on_a_clock_set_back_is_found_by_the_next_walk, reset_sandbox),
        cmocka_unit_test_setup(an_answer_waits_for_a_prompt_that_cannot_be_read_at_first, reset_sandbox),
        cmocka_unit_test_setup(one_that_cannot_be_read_holds_up_no_other, reset_sandbox),
    };
    return cmocka_run_group_tests_name("chain_polls", tests, start_sandbox, stop_sandbox);
}
