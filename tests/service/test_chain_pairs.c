/* Two chains, each with a ledger of its own, over the same requests: each request is written at most once,
 * also when one of them stands still for longer than its claim holds and then goes on as if nothing had been.
 */
#include <signal.h>

#include "crash_driver.h"

enum {
    HOLDS_FOR_OTHERS_MS = LEASE_S * 1000 + CALL_MS + SETTLE_MS,
    LATE_MS = HOLDS_FOR_OTHERS_MS + 400,
};

/* Two machines over the same sandbox. */
typedef struct pair {
    bench at;
    machine one, other;
} pair;

static pair pair_new(const char *name, const char *other_name)
{
    pair both = {.at = bench_new()};
    both.one = machine_new(name, both.at.directory, "one");
    both.other = machine_new(other_name, both.at.directory, "other");
    both.one.claims = both.other.claims = true;
    return both;
}

static void pair_free(pair *both)
{
    machine_free(&both->one);
    machine_free(&both->other);
    bench_free(&both->at);
}

static bool same_name(const pair *both)
{
    return strcmp(both->one.chain, both->other.chain) == 0;
}

/* The prompts' texts: one for both, or one for each where their names differ. Made before any fault is armed,
 * which must not hit their making. */
typedef struct seals {
    char *text[2];
} seals;

static seals seal_both(const pair *both, const asked *prompt)
{
    seals made = {{seal_for(both->one.chain, prompt->organization, prompt->request), NULL}};
    if (!same_name(both))
        made.text[1] = seal_for(both->other.chain, prompt->organization, prompt->request);
    return made;
}

static void ask_both(asked *prompt, seals *sealed, const char *word)
{
    prompt->word = word;
    for (size_t i = 0; i < 2 && sealed->text[i] != NULL; i++) {
        prompt->approval[i] = ask(prompt->request, sealed->text[i], NULL);
        answer(prompt->approval[i], word);
    }
    if (sealed->text[1] == NULL)
        prompt->approval[1] = prompt->approval[0];
    free(sealed->text[0]);
    free(sealed->text[1]);
}

/* Two machines of one name, and one prompt, answered Permit. */
static pair pair_with_one_permit(asked *prompt)
{
    pair both = pair_new(CHAIN, CHAIN);
    *prompt = (asked){.request = REQUEST(1003), .organization = ORGANIZATION(43)};
    allow_second_writes();
    seals sealed = seal_both(&both, prompt);
    ask_both(prompt, &sealed, "Permit");
    return both;
}

/* Exactly one of the two says that it did what was answered. The other may say the same only of a reject or
 * an ignore, which leaves nothing in the request that tells whose it was. */
static void check_endings(const asked *prompt, const ending *one, const ending *other)
{
    const char *wanted = state_of_word(prompt->word);
    int did = (strcmp(one->state, wanted) == 0) + (strcmp(other->state, wanted) == 0);
    int left = (strcmp(one->state, "left") == 0) + (strcmp(other->state, "left") == 0);
    bool untold = strcmp(prompt->word, "Permit") != 0;
    if (!(did == 1 && left == 1) && !(untold && did == 2))
        fail_msg("request %s, answered %s: %s (%s) and %s (%s)", prompt->request, prompt->word, one->state,
                 one->message, other->state, other->message);
}

static void check_pair(pair *both, const asked prompts[], size_t count, tally *sum)
{
    int64_t *approvals = calloc(count, sizeof *approvals);
    ending *endings[2] = {calloc(count, sizeof(ending)), calloc(count, sizeof(ending))};
    const machine *machines[] = {&both->one, &both->other};
    assert_true(approvals != NULL && endings[0] != NULL && endings[1] != NULL);
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; i < count; i++)
            approvals[i] = prompts[i].approval[k];
        check_ledger(machines[k], approvals, count, endings[k], sum);
    }
    for (size_t i = 0; i < count; i++)
        check_endings(&prompts[i], &endings[0][i], &endings[1][i]);
    sum->settled += (int)count;
    free(approvals);
    free(endings[0]);
    free(endings[1]);
}

static void finish_both(pair *both)
{
    if (both->one.pid != 0)
        machine_kill(&both->one);
    if (both->other.pid != 0)
        machine_kill(&both->other);
    machine_finish(&both->one, 0);
    machine_finish(&both->other, 0);
}

static void await_write(const char *request)
{
    int64_t until_ms = now_ms() + 20000;
    while (status_of(request) == 1 && now_ms() < until_ms)
        sleep_ms(20);
    assert_int_not_equal(status_of(request), 1);
}

/* ---- the worst moments ---- */

static const char *const moments[] = {"claim.ask",         "claim.noted", "claim.made",  "sending.commit",
                                      "sending.committed", "write.send",  "write.leave", "write.sent"};

enum { MOMENTS = COUNT(moments) };

/* One machine of each pair stands still at its point until the other has acted, after the claim of the first
 * lapsed; then it goes on. Names differ from pair to pair, so that none sees another's prompts. */
static void stand_still_in(pair pairs[MOMENTS], asked prompts[MOMENTS])
{
    for (size_t i = 0; i < MOMENTS; i++) {
        seals sealed = seal_both(&pairs[i], &prompts[i]);
        ask_both(&prompts[i], &sealed, i % 3 == 2 ? "Reject" : "Permit");
        pairs[i].one.stop_at = moments[i];
        machine_start(&pairs[i].one);
    }
    for (size_t i = 0; i < MOMENTS; i++)
        machine_await_stop(&pairs[i].one);
    for (size_t i = 0; i < MOMENTS; i++)
        machine_start(&pairs[i].other);
    for (size_t i = 0; i < MOMENTS; i++)
        await_write(prompts[i].request);
    for (size_t i = 0; i < MOMENTS; i++)
        kill(pairs[i].one.pid, SIGCONT);
    sleep_ms(2 * (CALL_MS + SETTLE_MS));
}

static void one_that_stood_still_writes_nothing_late(void **state)
{
    (void)state;
#ifndef TL_FAULT_POINTS
    skip();
#endif
    static char names[MOMENTS][2][16];
    pair pairs[MOMENTS];
    asked prompts[MOMENTS];
    tally sum = {.stops = MOMENTS};
    make_requests(prompts, MOMENTS);
    allow_second_writes();
    for (size_t i = 0; i < MOMENTS; i++) {
        snprintf(names[i][0], sizeof names[i][0], "night-%zu", i);
        snprintf(names[i][1], sizeof names[i][1], "%s-%zu", i % 2 == 0 ? "night" : "day", i);
        pairs[i] = pair_new(names[i][0], names[i][1]);
    }
    stand_still_in(pairs, prompts);
    for (size_t i = 0; i < MOMENTS; i++) {
        finish_both(&pairs[i]);
        check_pair(&pairs[i], &prompts[i], 1, &sum);
        pair_free(&pairs[i]);
    }
    check_writes(prompts, NULL, MOMENTS, &sum);
    print_tally("stood still", &sum);
}

/* The owner of a claim sends just before it lapses; the other has read the request before that, and takes
 * over after. What it read is stale by then. */
static void who_takes_over_reads_afresh(void **state)
{
    (void)state;
#ifndef TL_FAULT_POINTS
    skip();
#endif
    tally sum = {0};
    asked prompt;
    pair both = pair_with_one_permit(&prompt);
    both.one.stop_at = "claim.made";
    both.other.stop_at = "claim.ask:2"; /* knows of the claim since the first time */
    machine_start(&both.one);
    machine_await_stop(&both.one);
    machine_start(&both.other);
    machine_await_stop(&both.other);
    kill(both.one.pid, SIGCONT);
    await_write(prompt.request);
    sleep_ms(LATE_MS);
    kill(both.other.pid, SIGCONT);
    sleep_ms(2 * (CALL_MS + SETTLE_MS));
    finish_both(&both);
    check_pair(&both, &prompt, 1, &sum);
    check_writes(&prompt, NULL, 1, &sum);
    pair_free(&both);
}

/* Claiming took long, and right after the sending the process was killed: the next one must wait for as long
 * as the server may still be at work on it, counted from the sending and not from the claim. */
static void a_slow_claim_does_not_shorten_the_wait_for_a_write(void **state)
{
    (void)state;
    tally sum = {0};
    asked prompt;
    pair both = pair_with_one_permit(&prompt);
    /* Half of a call's time is that of its first attempt. */
    control("fault", "{'kind':'delay','ms':%d,'match':'/rest/container'}", CALL_MS / 2 - 20);
    control("fault", "{'kind':'delay','ms':%d,'apply':'late','match':'ApprovalRequestPermitApplication'}",
            CALL_MS + 260);
    both.one.settle_ms = both.other.settle_ms = 400;
    machine_start(&both.one);
    wait_for_call("ApprovalRequestPermitApplication");
    machine_kill(&both.one);
    finish_both(&both);
    check_pair(&both, &prompt, 1, &sum);
    sleep_ms(CALL_MS); /* the late one may still come */
    check_writes(&prompt, NULL, 1, &sum);
    pair_free(&both);
}

/* ---- random moments ---- */

enum { MANY_ROUNDS = 60, FEW_ROUNDS = 6, PER_ROUND = 4 };

static void disturb(machine *self, tally *sum)
{
    if (random_below(3) == 0) {
        machine_kill(self);
        machine_start(self);
        sum->kills++;
        return;
    }
    kill(self->pid, SIGSTOP);
    sleep_ms(random_below(3) == 0 ? random_below(300) : LATE_MS - 600 + random_below(900));
    kill(self->pid, SIGCONT);
    sum->stops++;
}

static void disturb_in_rounds(pair *both, asked prompts[], seals sealed[], size_t count, tally *sum)
{
    machine_start(&both->one);
    machine_start(&both->other);
    for (size_t i = 0; i < count; i++) {
        ask_both(&prompts[i], &sealed[i], random_below(4) == 0 ? "Reject" : "Permit");
        if (i % PER_ROUND != PER_ROUND - 1)
            continue;
        for (int faults = random_below(3); faults > 0; faults--)
            arm_some_fault();
        sleep_ms(random_below(40));
        disturb(random_below(2) == 0 ? &both->one : &both->other, sum);
    }
    control_delete("fault");
    finish_both(both);
}

static void disturbed_at_random_moments(const char *about, const char *name, const char *other_name)
{
    const size_t rounds = is_long_run() ? MANY_ROUNDS : FEW_ROUNDS, count = rounds * PER_ROUND;
    asked *prompts = calloc(count, sizeof *prompts);
    seals *sealed = calloc(count, sizeof *sealed);
    tally sum = {0};
    assert_true(prompts != NULL && sealed != NULL);
    seed_random(about);
    make_requests(prompts, count);
    allow_second_writes();
    pair both = pair_new(name, other_name);
    for (size_t i = 0; i < count; i++)
        sealed[i] = seal_both(&both, &prompts[i]);
    disturb_in_rounds(&both, prompts, sealed, count, &sum);
    check_pair(&both, prompts, count, &sum);
    check_writes(prompts, NULL, count, &sum);
    print_tally(about, &sum);
    pair_free(&both);
    free(prompts);
    free(sealed);
}

static void two_of_one_name_disturbed_at_random_moments(void **state)
{
    (void)state;
    disturbed_at_random_moments("two of one name", CHAIN, CHAIN);
}

static void two_of_different_names_disturbed_at_random_moments(void **state)
{
    (void)state;
    disturbed_at_random_moments("two of different names", CHAIN, "day-shift");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(one_that_stood_still_writes_nothing_late, reset_sandbox),
        cmocka_unit_test_setup(who_takes_over_reads_afresh, reset_sandbox),
        cmocka_unit_test_setup(a_slow_claim_does_not_shorten_the_wait_for_a_write, reset_sandbox),
        cmocka_unit_test_setup(two_of_one_name_disturbed_at_random_moments, reset_sandbox),
        cmocka_unit_test_setup(two_of_different_names_disturbed_at_random_moments, reset_sandbox),
    };
    return cmocka_run_group_tests_name("chain_pairs", tests, start_sandbox, stop_sandbox);
}
