/* Ten thousand watched prompts: what an idle step costs, and how large the ledger is. */
#include <sys/stat.h>
#include <time.h>

#include "chain_harness.h"

enum { IDLE_STEPS = 20, MAX_CPU_US = 20000, MAX_LEDGER = 20 * 1000 * 1000 };

static int64_t cpu_us(void)
{
    struct timespec at;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return at.tv_sec * INT64_C(1000000) + at.tv_nsec / 1000;
}

/* A checker of memory makes all slower, and learns nothing from so many. */
static int how_many(void)
{
    return getenv("TL_SCALE_FEW") == NULL ? 10000 : 300;
}

static int64_t ask_many(bench *at, int count)
{
    cJSON *prepared = prepare(at->client, "chain:" CHAIN, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    cJSON *spec = cJSON_CreateObject();
    cJSON_AddNumberToObject(spec, "count", count);
    cJSON_AddNumberToObject(spec, "container", 31);
    cJSON_AddNumberToObject(spec, "minutes", 600);
    cJSON_AddStringToObject(spec, "approvalRequestId", REQUEST(1003));
    cJSON_AddStringToObject(spec, "message", text_of(prepared, "message"));
    cJSON *reply = control_send("prompts", spec);
    int64_t first = integer_of(reply, "first");
    cJSON_Delete(reply);
    cJSON_Delete(spec);
    cJSON_Delete(prepared);
    return first;
}

/* So many idle steps, each of which is one request; the CPU time of one. */
static int64_t idle_cpu_us(bench *at)
{
    control_delete("calls");
    int64_t used_us = 0;
    for (int i = 0; i < IDLE_STEPS; i++) {
        int64_t before_us = cpu_us();
        (void)step(at);
        used_us += cpu_us() - before_us;
    }
    cJSON *calls = control_get("calls");
    assert_int_equal(cJSON_GetArraySize(calls), IDLE_STEPS);
    cJSON_Delete(calls);
    return used_us / IDLE_STEPS;
}

static int64_t ledger_bytes(const bench *at)
{
    struct stat status;
    assert_int_equal(stat(at->ledger, &status), 0);
    return status.st_size;
}

static void ten_thousand_prompts_cost_an_idle_step_little(void **state)
{
    (void)state;
    int count = how_many();
    bench at = bench_new();
    bench_open(&at, NULL);
    (void)ask_many(&at, 1);
    (void)step(&at);
    (void)step(&at);
    int64_t of_one_us = idle_cpu_us(&at);
    int64_t begun_ms = now_ms();
    int64_t first = ask_many(&at, count - 1), asked_ms = now_ms();
    (void)step(&at);
    tl_step done = step(&at);
    int64_t met_ms = now_ms();
    assert_int_equal(done.watched, count);
    (void)step(&at);
    int64_t of_all_us = idle_cpu_us(&at);
    print_message("%d prompts: asked in %lld ms, met in %lld ms\n", count, (long long)(asked_ms - begun_ms),
                  (long long)(met_ms - asked_ms));
    print_message("CPU time of an idle step: %lld us with one prompt, %lld us with %d\n",
                  (long long)of_one_us, (long long)of_all_us, count);
    assert_true(getenv("TL_SCALE_FEW") != NULL || of_all_us < MAX_CPU_US);
    /* One of them is answered: found by the next step, and waits for the others on its request. */
    answer(first, "Permit");
    done = step(&at);
    done.answered += step(&at).answered;
    assert_int_equal(done.answered, 1);
    assert_last_state(&at, first, "answered");
    assert_int_equal(times_applied_to_anything(), 0);
    /* A new process walks once. */
    begun_ms = now_ms();
    bench_close(&at);
    print_message("the ledger has %lld bytes\n", (long long)ledger_bytes(&at));
    assert_true(ledger_bytes(&at) < MAX_LEDGER);
    bench_open(&at, NULL);
    assert_int_equal(step(&at).watched, count);
    print_message("the next process walked in %lld ms\n", (long long)(now_ms() - begun_ms));
    bench_free(&at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(ten_thousand_prompts_cost_an_idle_step_little, reset_sandbox),
    };
    return cmocka_run_group_tests_name("chain_scale", tests, start_sandbox, stop_sandbox);
}
