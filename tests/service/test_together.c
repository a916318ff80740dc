/* Tasks that take turns on one thread: each as if it were alone. */
#include "harness.h"
#include "http/together.h"
#include "portal/client.h"

enum { TASKS = 40 };

typedef struct job {
    tl_client *client;
    tl_code codes[TASKS];
    int begun[TASKS];
    int order;
    int now;
    int most;
} job;

static void read_one(void *data, size_t index)
{
    job *work = data;
    tl_error err = TL_ERROR_INIT;
    cJSON *row = NULL;
    work->begun[index] = ++work->order;
    if (++work->now > work->most)
        work->most = work->now;
    work->codes[index] = tl_request_get(&row, work->client, ORGANIZATION(42), REQUEST(1001), &err);
    cJSON_Delete(row);
    tl_wait_ms(5);
    work->now--;
}

static void tasks_overlap_up_to_the_limit(void **state)
{
    (void)state;
    static const int limits[] = {1, 4, 16, 99};
    for (size_t i = 0; i < COUNT(limits); i++) {
        job work = {.client = make_client(NULL)};
        control("fault", "{'kind':'delay','match':'GetById','times':-1,'ms':20}");
        int64_t started = now_ms();
        tl_together(TASKS, limits[i], read_one, &work);
        print_message("limit %d: %d ms\n", limits[i], (int)(now_ms() - started));
        for (int k = 0; k < TASKS; k++) {
            assert_int_equal(work.codes[k], TL_OK);
            assert_int_equal(work.begun[k], k + 1); /* begun in order */
        }
        assert_int_equal(work.now, 0);
        assert_int_equal(work.most, limits[i] < 16 ? limits[i] : 16);
        control_delete("fault");
        tl_client_free(work.client);
    }
    assert_int_equal(count_calls("GetById"), (int)COUNT(limits) * TASKS);
}

typedef struct asked {
    int count;
    const char *stack_of_caller;
} asked;

/* Whether it runs on the caller's own stack: near a variable of the test's. */
static void called_back(void *data)
{
    char here = 0;
    asked *what = data;
    ptrdiff_t distance = &here - what->stack_of_caller;
    assert_true(distance < 1 << 20 && distance > -(1 << 20));
    what->count++;
}

static void ask(void *data, size_t index)
{
    (void)index;
    tl_wait_ms(1);
    tl_with_caller(called_back, data);
    tl_wait_ms(1);
    tl_with_caller(called_back, data);
    tl_at_rest(called_back, data);
}

static void callbacks_run_on_the_stack_of_the_caller(void **state)
{
    (void)state;
    char here = 0;
    asked what = {.stack_of_caller = &here};
    tl_together(20, 8, ask, &what);
    assert_int_equal(what.count, 60);
    ask(&what, 0); /* without tasks, too */
    assert_int_equal(what.count, 63);
}

typedef struct rest {
    int gone; /* tasks that are done with their work: over, or asleep */
    int served;
} rest;

static void serve(void *data)
{
    rest *all = data;
    assert_int_equal(all->gone, 3);
    all->served++;
}

/* Three who rest, one who sleeps until they were served, and two who only work. */
static void rest_sleep_or_work(void *data, size_t index)
{
    rest *all = data;
    if (index < 3) {
        tl_at_rest(serve, data);
        assert_int_equal(all->served, 3);
    }
    all->gone++;
    while (index == 3 && all->served == 0)
        tl_wait_ms(1);
}

static void who_rests_waits_for_who_works_but_not_for_who_sleeps(void **state)
{
    (void)state;
    rest all = {0};
    tl_together(6, 6, rest_sleep_or_work, &all);
    assert_int_equal(all.served, 3);
    assert_int_equal(all.gone, 6);
}

static void inner(void *data, size_t index)
{
    (void)index;
    tl_wait_ms(1);
    ++*(int *)data;
}

static void outer(void *data, size_t index)
{
    (void)index;
    tl_together(3, 8, inner, data);
}

static void within_a_task_they_run_one_after_the_other(void **state)
{
    (void)state;
    int count = 0;
    tl_together(5, 4, outer, &count);
    assert_int_equal(count, 15);
    tl_together(0, 4, outer, &count);
    assert_int_equal(count, 15);
}

static void cancel_soon(void *data, size_t index)
{
    job *work = data;
    if (index == 3) {
        tl_wait_ms(50);
        tl_client_cancel(work->client);
        return;
    }
    read_one(data, index);
}

static void a_cancellation_ends_all_of_them(void **state)
{
    (void)state;
    job work = {.client = make_client(NULL)};
    control("fault", "{'kind':'delay','match':'GetById','times':-1,'ms':5000}");
    int64_t started = now_ms();
    tl_together(8, 8, cancel_soon, &work);
    assert_true(now_ms() - started < 2000);
    for (int i = 0; i < 8; i++)
        assert_int_equal(work.codes[i], i == 3 ? TL_OK : TL_CANCELLED);
    tl_client_free(work.client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(tasks_overlap_up_to_the_limit, reset_sandbox),
        cmocka_unit_test_setup(callbacks_run_on_the_stack_of_the_caller, reset_sandbox),
        cmocka_unit_test_setup(who_rests_waits_for_who_works_but_not_for_who_sleeps, reset_sandbox),
        cmocka_unit_test_setup(within_a_task_they_run_one_after_the_other, reset_sandbox),
        cmocka_unit_test_setup(a_cancellation_ends_all_of_them, reset_sandbox),
    };
    return cmocka_run_group_tests_name("together", tests, start_sandbox, stop_sandbox);
}
