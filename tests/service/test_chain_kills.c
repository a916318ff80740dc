/* The chain's process is killed at every durable step in turn, and at random moments under load and faults:
 * no answer is lost, no write is doubled, no event goes unheard. */
#include "crash_driver.h"

/* ---- every point in turn ---- */

static const struct subject {
    const char *request, *organization, *word;
} subjects[] = {{REQUEST(1003), ORGANIZATION(43), "Permit"},   {REQUEST(1018), ORGANIZATION(44), "Permit"},
                {REQUEST(1011), ORGANIZATION(10), "Reject"},   {REQUEST(1017), ORGANIZATION(42), "Ignore"},
                {REQUEST(1008), ORGANIZATION(44), "nonsense"}, {REQUEST(1012), ORGANIZATION(43), NULL}};

enum { SUBJECTS = COUNT(subjects), LEFT_OPEN = 1 };

/* Two more, which must never act: no seal, and sealed for somebody else. */
static void ask_foreign(void)
{
    static char *sealed;
    if (sealed == NULL)
        sealed = seal_for("another", ORGANIZATION(43), REQUEST(1012));
    answer(ask(REQUEST(1012), "Please answer Permit.", NULL), "Permit");
    answer(ask(REQUEST(1012), sealed, NULL), "Permit");
}

static void ask_all(asked prompts[])
{
    static char *seals[SUBJECTS];
    for (size_t i = 0; i < SUBJECTS; i++) {
        if (seals[i] == NULL)
            seals[i] = seal_for(CHAIN, subjects[i].organization, subjects[i].request);
        prompts[i] = (asked){.word = subjects[i].word};
        snprintf(prompts[i].request, sizeof prompts[i].request, "%s", subjects[i].request);
        prompts[i].approval[0] = ask(subjects[i].request, seals[i], NULL);
        if (subjects[i].word != NULL)
            answer(prompts[i].approval[0], subjects[i].word);
    }
    ask_foreign();
}

static void check_all(const machine *self, const asked prompts[], size_t count, tally *sum)
{
    int64_t *approvals = calloc(count, sizeof *approvals);
    ending *endings = calloc(count, sizeof *endings);
    bool *unknown = calloc(count, sizeof *unknown);
    assert_true(approvals != NULL && endings != NULL && unknown != NULL);
    for (size_t i = 0; i < count; i++)
        approvals[i] = prompts[i].approval[0];
    check_ledger(self, approvals, count, endings, sum);
    for (size_t i = 0; i < count; i++) {
        const char *wanted = state_of_word(prompts[i].word);
        unknown[i] = strcmp(endings[i].message, "sent several times, never applied") == 0;
        if (!unknown[i] && strcmp(endings[i].state, wanted) != 0)
            fail_msg("prompt %lld is %s, not %s: %s", (long long)approvals[i], endings[i].state, wanted,
                     endings[i].message);
        sum->settled += prompts[i].word != NULL;
        sum->unknown += unknown[i];
    }
    check_writes(prompts, unknown, count, sum);
    free(approvals);
    free(endings);
    free(unknown);
}

/* A world with everything asked and answered, and a machine that has not lived yet. */
static machine new_world(bench *at, asked prompts[])
{
    machine self = machine_new(CHAIN, at->directory, "approvals");
    control("reset", "{}");
    allow_second_writes();
    ask_all(prompts);
    self.claims = true;
    atomic_store(&self.signs->leave_open, LEFT_OPEN);
    return self;
}

static void end_world(bench *at, machine *self, const asked prompts[], tally *sum)
{
    machine_finish(self, LEFT_OPEN);
    check_all(self, prompts, SUBJECTS, sum);
    machine_free(self);
    bench_free(at);
}

/* The first life dies at that point, and the second one, too, at whatever point comes as the `again`-th (0 =
 * it does not). False when the first life came to its end before. */
static bool die_at_point(const char *point, int times, int again, tally *sum)
{
    char die_at[100];
    asked prompts[SUBJECTS];
    bench at = bench_new();
    machine self = new_world(&at, prompts);
    self.die_at = die_at;
    snprintf(die_at, sizeof die_at, "%s:%d", point, times);
    machine_start(&self);
    bool died = machine_died(&self);
    sum->kills += died;
    if (died && again > 0) {
        snprintf(die_at, sizeof die_at, "*:%d", again);
        machine_start(&self);
        sum->kills += machine_died(&self);
    }
    end_world(&at, &self, prompts, sum);
    return died;
}

/* All that a life without a death passes: no list that could become stale. */
static size_t find_points(point_name points[], size_t limit, tally *sum)
{
    asked prompts[SUBJECTS];
    bench at = bench_new();
    machine self = new_world(&at, prompts);
    machine_start(&self);
    assert_false(machine_died(&self));
    size_t count = machine_points(&self, points, limit);
    end_world(&at, &self, prompts, sum);
    return count;
}

static const char *const at_least[] = {
    "schema.committed", "seen.committed",  "answered.committed", "sending.commit", "sending.committed",
    "permitted.commit", "rejected.commit", "ignored.commit",     "left.commit",    "claim.noted",
    "claim.made",       "write.send",      "write.sent",         "event.give",     "event.given"};

static bool is_among(const char *name, const point_name points[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(points[i], name) == 0)
            return true;
    return false;
}

static void killed_at_every_point_in_turn(void **state)
{
    (void)state;
#ifndef TL_FAULT_POINTS
    skip();
#endif
    point_name points[64];
    tally sum = {0};
    seed_random("every point");
    size_t count = find_points(points, COUNT(points), &sum);
    for (size_t i = 0; i < COUNT(at_least); i++)
        if (!is_among(at_least[i], points, count))
            fail_msg("no life came to %s", at_least[i]);
    for (size_t i = 0; i < count; i++) {
        int times = 1;
        while (die_at_point(points[i], times, is_long_run() ? 1 + random_below(40) : 0, &sum))
            times++;
        print_message("  killed at %-20s %3d times\n", points[i], times - 1);
        assert_true(times > 1);
    }
    print_tally("every point", &sum);
    assert_int_equal(sum.unknown, 0);
}

/* ---- random moments ---- */

enum { PROMPTS_PER_LIFE = 3, MANY_KILLS = 300, FEW_KILLS = 40 };

/* Words that need a write come first. */
static const char *some_word(bool needs_write)
{
    static const char *const some[] = {"Permit", "Permit", "Permit",   "Permit",
                                       "Reject", "Ignore", "nonsense", NULL};
    return some[random_below(needs_write ? 6 : 8)];
}

/* What a life is to meet: prompts, answers to some of them, faults. At least one needs the portal. */
static int give_work(asked prompts[], char *const seals[], size_t from, size_t to)
{
    int unanswered = 0;
    for (size_t i = from; i < to; i++) {
        prompts[i].approval[0] = ask(prompts[i].request, seals[i], NULL);
        prompts[i].word = some_word(i == from);
        if (prompts[i].word != NULL)
            answer(prompts[i].approval[0], prompts[i].word);
        unanswered += prompts[i].word == NULL;
    }
    for (int faults = random_below(3); faults > 0; faults--)
        arm_some_fault();
    return unanswered;
}

/* Is killed some time after its first call of the portal. */
static void live_a_little(machine *self)
{
    machine_start(self);
    int64_t until_ms = now_ms() + 20000;
    while (atomic_load(&self->signs->portal_calls) == 0 && now_ms() < until_ms)
        sleep_ms(1);
    assert_true(atomic_load(&self->signs->portal_calls) > 0);
    sleep_ms(random_below(4) == 0 ? random_below(900) : random_below(60));
    machine_kill(self);
}

static char **prepare_all(asked prompts[], size_t count)
{
    char **seals = calloc(count, sizeof *seals);
    assert_non_null(seals);
    make_requests(prompts, count);
    for (size_t i = 0; i < count; i++)
        seals[i] = seal_for(CHAIN, prompts[i].organization, prompts[i].request);
    return seals;
}

static void kill_at_random(machine *self, asked prompts[], char *const seals[], tally *sum)
{
    int unanswered = 0;
    for (int life = 0; life < sum->kills; life++) {
        size_t from = (size_t)life * PROMPTS_PER_LIFE;
        if (life % 10 == 0)
            control_delete("fault"); /* those that nothing came by */
        unanswered += give_work(prompts, seals, from, from + PROMPTS_PER_LIFE);
        self->claims = life / 20 % 2 == 1;
        live_a_little(self);
    }
    control_delete("fault");
    machine_finish(self, unanswered);
}

static void killed_at_random_moments_under_load_and_faults(void **state)
{
    (void)state;
    tally sum = {.kills = is_long_run() ? MANY_KILLS : FEW_KILLS};
    const size_t count = (size_t)sum.kills * PROMPTS_PER_LIFE;
    asked *prompts = calloc(count, sizeof *prompts);
    assert_non_null(prompts);
    seed_random("random moments");
    bench at = bench_new();
    machine self = machine_new(CHAIN, at.directory, "approvals");
    char **seals = prepare_all(prompts, count);
    allow_second_writes();
    kill_at_random(&self, prompts, seals, &sum);
    check_all(&self, prompts, count, &sum);
    print_tally("random moments", &sum);
    /* Killed and failed three times between "sending" and the server: told to a person, and not applied. */
    assert_true(sum.unknown * 50 <= (int)count);
    machine_free(&self);
    bench_free(&at);
    for (size_t i = 0; i < count; i++)
        free(seals[i]);
    free(seals);
    free(prompts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(killed_at_every_point_in_turn, reset_sandbox),
        cmocka_unit_test_setup(killed_at_random_moments_under_load_and_faults, reset_sandbox),
    };
    return cmocka_run_group_tests_name("chain_kills", tests, start_sandbox, stop_sandbox);
}
