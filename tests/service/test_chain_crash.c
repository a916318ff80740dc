/* The chain's process dies at an event, during a call or at any moment; the next one goes on and permits
 * exactly once. */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "chain_harness.h"

#define PERMIT "ApprovalRequestPermitApplication"

/* The event that kills. */
typedef struct doom {
    const char *state;
    int count; /* at which event of that state; 0 = never */
} doom;

static void die_on_event(void *data, const char *line)
{
    doom *ahead = data;
    cJSON *event = cJSON_Parse(line);
    bool wanted = event != NULL && strcmp(text_of(event, "state"), ahead->state) == 0;
    cJSON_Delete(event);
    if (wanted && --ahead->count == 0)
        (void)raise(SIGKILL);
}

/* In the child: steps for ever. Clients and ledger are its own, as neither survives a fork. No assertion,
 * which would go on with the parent's tests. */
static void live(const bench *shared, doom *ahead)
{
    bench own = *shared;
    tl_client_options client = client_options();
    tl_soar_options soar = soar_options();
    tl_error err = TL_ERROR_INIT;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (tl_client_new(&own.client, &client, &err) != TL_OK || tl_soar_new(&own.soar, &soar, &err) != TL_OK)
        return;
    tl_chain_options options = chain_options(&own);
    if (ahead != NULL) {
        options.event = die_on_event;
        options.event_data = ahead;
    }
    if (tl_chain_new(&own.chain, &options, &err) != TL_OK)
        return;
    for (;;) {
        tl_step done;
        (void)try_step(&own, &done, &err);
        sleep_ms(5);
    }
}

static pid_t start_life(const bench *shared, doom *ahead)
{
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        live(shared, ahead);
        _exit(1);
    }
    return child;
}

static void end_life(pid_t child)
{
    int status = 0;
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* Waits for a child that ends by itself. */
static void await_end(pid_t child)
{
    int status = 0;
    for (int tries = 0; tries < 1000; tries++) {
        if (waitpid(child, &status, WNOHANG) == child) {
            assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
            return;
        }
        sleep_ms(10);
    }
    end_life(child);
    fail_msg("the process did not come to the point of its death");
}

/* An answered prompt, which no chain has seen yet. */
static int64_t asked_and_answered(bench *at, const char *word)
{
    /* Prompts from before the ledger's birth do not count. */
    bench_open(at, NULL);
    int64_t approval = ask_for(at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    bench_close(at);
    answer(approval, word);
    return approval;
}

static const struct death {
    const char *at; /* the event that kills */
    const char *word;
    const char *state;
    const char *write;
} deaths[] = {
    {"seen", "Permit", "permitted", "permit"},    {"answered", "Permit", "permitted", "permit"},
    {"sending", "Permit", "permitted", "permit"}, {"permitted", "Permit", "permitted", "permit"},
    {"sending", "Reject", "rejected", "reject"},  {"rejected", "Reject", "rejected", "reject"},
    {"sending", "Ignore", "ignored", "ignore"},   {"left", "nonsense", "left", NULL},
};

/* "sending" is on disk before a byte leaves: killed there, it is read back as not applied and sent. */
static void killed_at_any_state_the_next_process_finishes_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(deaths); i++) {
        control("reset", "{}");
        bench at = bench_new();
        int64_t approval = asked_and_answered(&at, deaths[i].word);
        print_message("killed at %s\n", deaths[i].at);
        await_end(start_life(&at, &(doom){deaths[i].at, 1}));
        bench_open(&at, NULL);
        (void)step_until_settled(&at);
        assert_last_state(&at, approval, deaths[i].state);
        (void)step(&at);
        assert_int_equal(times_applied_to_anything(), deaths[i].write == NULL ? 0 : 1);
        if (deaths[i].write != NULL)
            assert_int_equal(times_applied(REQUEST(1003), deaths[i].write), 1);
        bench_free(&at);
    }
}

/* Killed at "sending" again and again: each life reads back, none sends blindly. */
static void killed_in_every_life_it_gives_up_at_last(void **state)
{
    (void)state;
    bench at = bench_new();
    int64_t approval = asked_and_answered(&at, "Permit");
    /* From the second life on the first event is the one of the life before, given once more. */
    for (int life = 0; life < 3; life++)
        await_end(start_life(&at, &(doom){"sending", life == 0 ? 1 : 2}));
    bench_open(&at, NULL);
    (void)step_until_settled(&at);
    assert_last_state(&at, approval, "unknown");
    assert_int_equal(count_calls(PERMIT), 0);
    bench_free(&at);
}

static const struct in_flight {
    const char *fault;
    int sent; /* how often in the end */
} flights[] = {
    {"'kind':'delay','ms':3000,'apply':true", 1},
    /* Applied after the death, before the settle time is over. */
    {"'kind':'delay','ms':100,'apply':'late'", 1},
    /* After the settle time, but while its sender would still have waited. */
    {"'kind':'delay','ms':1200,'apply':'late'", 1},
    /* Never applied: sent again. */
    {"'kind':'delay','ms':3000,'apply':false", 2},
};

static void killed_while_the_permit_is_in_flight_it_is_settled_by_reading(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(flights); i++) {
        control("reset", "{}");
        bench at = bench_new();
        int64_t approval = asked_and_answered(&at, "Permit");
        control("fault", "{%s,'match':'" PERMIT "'}", flights[i].fault);
        print_message("%s\n", flights[i].fault);
        pid_t child = start_life(&at, NULL);
        wait_for_call(PERMIT);
        end_life(child);
        tl_client_options patient = client_options();
        patient.settle_time_ms = 600;
        patient.connection.timeout_ms = 1500;
        at.client = make_client(&patient);
        bench_open(&at, NULL);
        (void)step_until_settled(&at);
        assert_last_state(&at, approval, "permitted");
        assert_int_equal(count_calls(PERMIT), flights[i].sent);
        assert_int_equal(times_applied_to_anything(), 1);
        bench_free(&at);
    }
}

/* Applied, the reply lost, and the process dies while it reads back. */
static void killed_while_settling_it_is_settled_by_the_next(void **state)
{
    (void)state;
    static const char *const faults[] = {"drop_after_apply", "drop_before_apply"};
    for (size_t i = 0; i < COUNT(faults); i++) {
        control("reset", "{}");
        bench at = bench_new();
        int64_t approval = asked_and_answered(&at, "Permit");
        control("fault", "{'kind':'%s','match':'" PERMIT "'}", faults[i]);
        control("fault", "{'kind':'delay','ms':3000,'match':'ApprovalRequestGetById'}");
        pid_t child = start_life(&at, NULL);
        wait_for_call("ApprovalRequestGetById");
        end_life(child);
        assert_int_equal(count_calls(PERMIT), 1);
        bench_open(&at, NULL);
        (void)step_until_settled(&at);
        assert_last_state(&at, approval, "permitted");
        assert_int_equal(count_calls(PERMIT), 1 + (int)i);
        assert_int_equal(times_applied_to_anything(), 1);
        bench_free(&at);
    }
}

/* Somebody else acted between death and resurrection. */
static void what_another_did_meanwhile_is_not_done_again(void **state)
{
    (void)state;
    bench at = bench_new();
    int64_t approval = asked_and_answered(&at, "Permit");
    await_end(start_life(&at, &(doom){"sending", 1}));
    control("request", "{'approvalRequestId':'" REQUEST(
                           1003) "','set':{'statusId':4,"
                                 "'approvedBy':'operator@example.com','comments':'by hand'}}");
    bench_open(&at, NULL);
    (void)step_until_settled(&at);
    assert_last_state(&at, approval, "left");
    assert_int_equal(count_calls(PERMIT), 0);
    bench_free(&at);
}

static void killed_at_any_moment_everything_is_done_exactly_once(void **state)
{
    (void)state;
    enum { LIVES = 12 };
    static const struct {
        const char *request, *organization;
    } subjects[] = {{REQUEST(1003), ORGANIZATION(43)}, {REQUEST(1018), ORGANIZATION(44)},
                    {REQUEST(1008), ORGANIZATION(44)}, {REQUEST(1011), ORGANIZATION(10)},
                    {REQUEST(1012), ORGANIZATION(43)}, {REQUEST(1017), ORGANIZATION(42)}};
    bench at = bench_new();
    bench_open(&at, NULL);
    int64_t approvals[COUNT(subjects)];
    for (size_t i = 0; i < COUNT(subjects); i++)
        approvals[i] = ask_for(&at, subjects[i].organization, subjects[i].request, NEW_FOR_COMPUTER);
    bench_close(&at);
    for (int life = 0; life < LIVES; life++) {
        if ((size_t)life < COUNT(subjects))
            answer(approvals[life], "Permit");
        pid_t child = start_life(&at, NULL);
        sleep_ms(3 + 7 * life);
        end_life(child);
    }
    bench_open(&at, NULL);
    (void)step_until_settled(&at);
    (void)step_until_settled(&at);
    for (size_t i = 0; i < COUNT(subjects); i++) {
        assert_last_state(&at, approvals[i], "permitted");
        assert_int_equal(times_applied(subjects[i].request, "permit"), 1);
    }
    assert_int_equal(times_applied_to_anything(), (int)COUNT(subjects));
    bench_free(&at);
}

static void a_ledger_in_use_is_refused(void **state)
{
    (void)state;
    bench at = bench_new();
    at.client = make_client(NULL);
    at.soar = make_soar();
    pid_t child = start_life(&at, NULL);
    wait_for_call("/rest/approval");
    tl_chain *chain = NULL;
    tl_error err = TL_ERROR_INIT;
    tl_chain_options options = chain_options(&at);
    assert_code(tl_chain_new(&chain, &options, &err), &err, TL_CONFIG);
    assert_null(chain);
    assert_non_null(strstr(err.message, "held by another"));
    end_life(child);
    /* The dead release it at once, ... */
    bench_open(&at, NULL);
    /* ... and it is held against a second chain of the same process, too. */
    err = (tl_error)TL_ERROR_INIT;
    assert_code(tl_chain_new(&chain, &options, &err), &err, TL_CONFIG);
    bench_free(&at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(killed_at_any_state_the_next_process_finishes_once, reset_sandbox),
        cmocka_unit_test_setup(killed_in_every_life_it_gives_up_at_last, reset_sandbox),
        cmocka_unit_test_setup(killed_while_the_permit_is_in_flight_it_is_settled_by_reading, reset_sandbox),
        cmocka_unit_test_setup(killed_while_settling_it_is_settled_by_the_next, reset_sandbox),
        cmocka_unit_test_setup(what_another_did_meanwhile_is_not_done_again, reset_sandbox),
        cmocka_unit_test_setup(killed_at_any_moment_everything_is_done_exactly_once, reset_sandbox),
        cmocka_unit_test_setup(a_ledger_in_use_is_refused, reset_sandbox),
    };
    return cmocka_run_group_tests_name("chain_crash", tests, start_sandbox, stop_sandbox);
}
