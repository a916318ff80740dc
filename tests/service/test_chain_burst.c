/* Many answers at once: side by side, each exactly once; and what becomes of them when the chain is stopped.
 */
#include <pthread.h>

#include "burst.h"

#define PERMIT "ApprovalRequestPermitApplication"
#define DETAILS "ApprovalRequestGetPermitApplicationById"

enum { BURST = 60, LATENCY_MS = 50 };

static void assert_each_once(bench *at, const subject subjects[], size_t count)
{
    cJSON *world = control_get("state");
    const cJSON *row;
    int effects = 0;
    cJSON_ArrayForEach (row, cJSON_GetObjectItemCaseSensitive(world, "requests"))
        effects += cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(row, "effects"));
    cJSON_Delete(world);
    assert_int_equal(effects, (int)count);
    for (size_t i = 0; i < count; i++) {
        assert_last_state(at, subjects[i].approval, "permitted");
        assert_int_equal(times_applied(subjects[i].request, "permit"), 1);
    }
}

static bench bench_of(int64_t timeout_ms, int concurrency)
{
    bench at = bench_new();
    tl_client_options client = client_options();
    tl_soar_options soar = soar_options();
    tl_error err = TL_ERROR_INIT;
    client.connection.timeout_ms = timeout_ms;
    client.connection.retries = soar.connection.retries = -1;
    at.client = make_client(&client);
    assert_ok(tl_soar_new(&at.soar, &soar, &err), &err);
    tl_chain_options options = chain_options(&at);
    options.concurrency = concurrency;
    bench_open(&at, &options);
    return at;
}

static int count_connections(const char *path_part)
{
    cJSON *calls = calls_to(path_part);
    const cJSON *call, *other;
    int count = 0;
    cJSON_ArrayForEach (call, calls) {
        bool is_first = true;
        for (other = calls->child; other != call; other = other->next)
            is_first = is_first && integer_of(other, "connection") != integer_of(call, "connection");
        count += is_first;
    }
    cJSON_Delete(calls);
    return count;
}

static void a_burst_is_settled_side_by_side(void **state)
{
    (void)state;
    static subject subjects[BURST];
    find_subjects(subjects, BURST);
    bench at = bench_of(5000, 8);
    ask_all(&at, subjects, BURST);
    (void)step(&at);
    answer_all(subjects, BURST);
    control("fault", "{'kind':'delay','ms':%d,'times':-1}", (int)LATENCY_MS);
    int64_t begun_ms = now_ms();
    tl_step done = step(&at);
    int64_t took_ms = now_ms() - begun_ms;
    control_delete("fault");
    assert_int_equal(done.answered, BURST);
    assert_int_equal(done.permitted, BURST);
    assert_int_equal(done.watched + done.sending + done.left + done.unknown, 0);
    assert_each_once(&at, subjects, BURST);
    print_message("%d answers took %lld ms; details on %d connections, permits on %d\n", (int)BURST,
                  (long long)took_ms, count_connections(DETAILS), count_connections(PERMIT));
    assert_true(count_connections(DETAILS) > 1);
    /* One after the other, three calls for each would take at least this long. */
    assert_true(took_ms < (int64_t)BURST * 3 * LATENCY_MS);
    bench_free(&at);
}

enum { GOOD = 20, SIDE_BY_SIDE = 4, AWAY_AFTER = 3 };

/* What begins after GOOD calls. */
static const struct {
    const char *fault;
    int times; /* -1 = on and on */
    tl_code code;
    int permitted;
    const char *stops; /* what is not tried for the rest; NULL = all is tried */
    int before;        /* such calls before the step */
    int least, most;   /* such calls that fail in it */
} failures[] = {
    /* Good ones that end meanwhile begin the count anew. */
    {"'kind':'status','status':503,'match':'" DETAILS "'", -1, TL_SERVER, GOOD, DETAILS, BURST, AWAY_AFTER,
     AWAY_AFTER *SIDE_BY_SIDE},
    {"'kind':'status','status':440,'match':'" PERMIT "'", -1, TL_TOKEN, GOOD, PERMIT, 0, 1, SIDE_BY_SIDE},
    {"'kind':'drop_after_apply','match':'" PERMIT "'", 5, TL_OK, BURST, NULL, 0, 0, 0}, /* read back */
};

static void a_service_that_fails_during_a_burst_loses_nothing(void **state)
{
    (void)state;
    static subject subjects[BURST];
    for (size_t i = 0; i < COUNT(failures); i++) {
        print_message("%s\n", failures[i].fault);
        control("reset", "{}");
        find_subjects(subjects, BURST);
        bench at = bench_of(1500, SIDE_BY_SIDE);
        ask_all(&at, subjects, BURST);
        (void)step(&at);
        answer_all(subjects, BURST);
        control("fault", "{%s,'after':%d,'times':%d}", failures[i].fault, (int)GOOD, failures[i].times);
        tl_step done;
        tl_error err;
        assert_code(try_step(&at, &done, &err), &err, failures[i].code);
        assert_int_equal(done.permitted, failures[i].permitted);
        if (failures[i].stops != NULL)
            assert_in_range(count_calls(failures[i].stops) - failures[i].before - GOOD, failures[i].least,
                            failures[i].most);
        assert_int_equal(done.left + done.unknown + done.refused, 0);
        control_delete("fault");
        (void)step(&at);
        (void)step_until_settled(&at);
        assert_each_once(&at, subjects, BURST);
        bench_free(&at);
    }
}

/* Three prompts on each request, all answered alike, all in one burst. */
static void several_prompts_on_a_request_in_one_burst_act_once(void **state)
{
    (void)state;
    enum { REQUESTS = 8, EACH = 3 };
    subject subjects[REQUESTS];
    int64_t approvals[REQUESTS][EACH];
    find_subjects(subjects, REQUESTS);
    bench at = bench_of(5000, 16);
    for (int i = 0; i < REQUESTS; i++) {
        cJSON *prepared = prepare(at.client, "chain:" CHAIN, subjects[i].organization, subjects[i].request,
                                  NEW_FOR_COMPUTER);
        for (int k = 0; k < EACH; k++)
            approvals[i][k] = ask(subjects[i].request, text_of(prepared, "message"), NULL);
        cJSON_Delete(prepared);
    }
    (void)step(&at);
    for (int k = EACH - 1; k >= 0; k--)
        for (int i = 0; i < REQUESTS; i++)
            answer(approvals[i][k], i == 0 && k == 1 ? "Reject" : "Permit");
    control("fault", "{'kind':'delay','ms':%d,'times':-1}", (int)LATENCY_MS);
    for (int i = 0; i < 3; i++)
        (void)step(&at);
    control_delete("fault");
    for (int k = 0; k < EACH; k++)
        assert_last_state(&at, approvals[0][k], "left");
    for (int i = 1; i < REQUESTS; i++) {
        assert_last_state(&at, approvals[i][0], "permitted");
        for (int k = 1; k < EACH; k++)
            assert_last_state(&at, approvals[i][k], "left");
        assert_int_equal(times_applied(subjects[i].request, "permit"), 1);
    }
    assert_int_equal(count_calls(PERMIT), REQUESTS - 1);
    bench_free(&at);
}

/* ---- stopping ---- */

static void *stop_later(void *data)
{
    sleep_ms(700);
    tl_chain_stop(data);
    return NULL;
}

/* The step's code, and how long it took; stopped by another thread meanwhile. */
static tl_code stopped_step(bench *at, tl_step *done, tl_error *err, int64_t *out_ms)
{
    pthread_t thread;
    int64_t begun_ms = now_ms();
    assert_int_equal(pthread_create(&thread, NULL, stop_later, at->chain), 0);
    tl_code code = try_step(at, done, err);
    *out_ms = now_ms() - begun_ms;
    pthread_join(thread, NULL);
    return code;
}

static const struct {
    const char *fault;
    int64_t within_ms;
} stops[] = {
    {"'kind':'delay','ms':1500,'apply':true", 5000},   /* ends in time */
    {"'kind':'delay','ms':30000,'apply':true", 10000}, /* does not */
    {"'kind':'delay','ms':30000,'apply':false", 10000},
};

static void a_stopped_chain_ends_soon_and_the_next_one_goes_on(void **state)
{
    (void)state;
    enum { MANY = 6, WIDE = 2 };
    subject subjects[MANY];
    for (size_t i = 0; i < COUNT(stops); i++) {
        control("reset", "{}");
        find_subjects(subjects, MANY);
        bench at = bench_of(60000, WIDE);
        ask_all(&at, subjects, MANY);
        (void)step(&at);
        answer_all(subjects, MANY);
        control("fault", "{%s,'match':'" PERMIT "','times':-1}", stops[i].fault);
        tl_step done;
        tl_error err;
        int64_t took_ms;
        assert_code(stopped_step(&at, &done, &err, &took_ms), &err, TL_CANCELLED);
        print_message("%s: stopped after %lld ms, %d permitted, %d sending\n", stops[i].fault,
                      (long long)took_ms, done.permitted, done.sending);
        assert_in_range(took_ms, 700, stops[i].within_ms);
        assert_int_equal(done.permitted + done.sending, WIDE);
        assert_int_equal(done.left + done.refused + done.unknown, 0);
        assert_int_equal(count_calls(PERMIT), WIDE);
        int64_t begun_ms = now_ms();
        assert_code(try_step(&at, &done, &err), &err, TL_CANCELLED);
        assert_true(now_ms() - begun_ms < 500);
        bench_close(&at);
        control_delete("fault");
        tl_client_options hasty = client_options();
        hasty.connection.timeout_ms = 1500;
        at.client = make_client(&hasty);
        bench_open(&at, NULL);
        (void)step_until_settled(&at);
        (void)step_until_settled(&at);
        assert_each_once(&at, subjects, MANY);
        bench_free(&at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_burst_is_settled_side_by_side, reset_sandbox),
        cmocka_unit_test_setup(a_service_that_fails_during_a_burst_loses_nothing, reset_sandbox),
        cmocka_unit_test_setup(several_prompts_on_a_request_in_one_burst_act_once, reset_sandbox),
        cmocka_unit_test_setup(a_stopped_chain_ends_soon_and_the_next_one_goes_on, reset_sandbox),
    };
    return cmocka_run_group_tests_name("chain_burst", tests, start_sandbox, stop_sandbox);
}
