/* Each task is a fiber: it has a stack of its own, and changes hands only where it waits. */
#include "http/together.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "base/time.h"

#if defined(__SANITIZE_ADDRESS__)
#define WATCHED_BY_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED_BY_ASAN 1
#endif
#endif
#ifdef WATCHED_BY_ASAN
#include <sanitizer/common_interface_defs.h>
#endif

enum { STACK_BYTES = 256 * 1024 };

typedef enum fiber_state {
    IDLE, /* no task yet */
    READY,
    FLYING,   /* waits for its flight */
    SLEEPING, /* in tl_wait_ms */
    CALLING,  /* in tl_with_caller */
    RESTING,  /* in tl_at_rest */
    OVER,     /* its task has returned: the next one may have its stack */
} fiber_state;

typedef struct fiber {
    fiber_state state;
    ucontext_t context;
    void *stack;
    void *fake_stack; /* ASan's */
    size_t index;     /* of its task */
    /* What it waits for, by its state: */
    tl_flight *flight;
    int64_t wake_at_ms;
    void (*call)(void *);
    void *call_data;
} fiber;

typedef struct group {
    ucontext_t caller;
    void *fake_stack; /* the caller's; this and the next two are ASan's */
    const void *caller_stack;
    size_t caller_stack_size;
    tl_pool *pool;
    fiber fibers[TL_MAX_TOGETHER];
    size_t width;
    fiber *running;
    tl_task_fn *task;
    void *data;
} group;

/* The group whose task is running in this thread; NULL on the caller's own stack. */
static _Thread_local group *inside;

/* ---- switching ---- */

static void to_fiber(group *all, fiber *one)
{
    all->running = one;
    inside = all;
#ifdef WATCHED_BY_ASAN
    __sanitizer_start_switch_fiber(&all->fake_stack, one->stack, STACK_BYTES);
#endif
    swapcontext(&all->caller, &one->context);
#ifdef WATCHED_BY_ASAN
    __sanitizer_finish_switch_fiber(all->fake_stack, NULL, NULL);
#endif
    inside = NULL;
    all->running = NULL;
}

static void arrived(group *all, const fiber *one)
{
#ifdef WATCHED_BY_ASAN
    __sanitizer_finish_switch_fiber(one->fake_stack, &all->caller_stack, &all->caller_stack_size);
#else
    (void)all;
    (void)one;
#endif
}

/* Back to the caller; returns when the task is resumed. */
static void to_caller(group *all)
{
    fiber *one = all->running;
#ifdef WATCHED_BY_ASAN
    __sanitizer_start_switch_fiber(one->state == OVER ? NULL : &one->fake_stack, all->caller_stack,
                                   all->caller_stack_size);
#endif
    swapcontext(&one->context, &all->caller);
    arrived(all, one);
}

static void task_main(void)
{
    group *all = inside;
    fiber *one = all->running;
    arrived(all, one);
    all->task(all->data, one->index);
    one->state = OVER;
    to_caller(all);
}

/* ---- tasks ---- */

static bool make_stack(fiber *one)
{
    if (one->stack != NULL)
        return true;
    size_t guard = (size_t)sysconf(_SC_PAGESIZE);
    char *memory =
        mmap(NULL, STACK_BYTES + guard, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return false;
    if (mprotect(memory, guard, PROT_NONE) != 0) {
        munmap(memory, STACK_BYTES + guard);
        return false;
    }
    one->stack = memory + guard;
    return true;
}

static void free_stack(fiber *one)
{
    size_t guard = (size_t)sysconf(_SC_PAGESIZE);
    if (one->stack != NULL)
        munmap((char *)one->stack - guard, STACK_BYTES + guard);
}

static bool begin_task(fiber *one, size_t index)
{
    if (!make_stack(one) || getcontext(&one->context) != 0)
        return false;
    one->context.uc_stack.ss_sp = one->stack;
    one->context.uc_stack.ss_size = STACK_BYTES;
    one->context.uc_link = NULL;
    makecontext(&one->context, task_main, 0);
    one->index = index;
    one->fake_stack = NULL;
    one->state = READY;
    return true;
}

static bool is_ready(const fiber *one, int64_t now_ms)
{
    switch (one->state) {
    case READY:
        return true;
    case FLYING:
        return one->flight->done;
    case SLEEPING:
        return one->wake_at_ms <= now_ms;
    default:
        return false;
    }
}

/* Runs what the task asked for here, on the caller's stack. */
static void serve_call(fiber *one)
{
    one->call(one->call_data);
    one->state = READY;
}

static bool resume_ready(group *all)
{
    bool any = false;
    for (size_t i = 0; i < all->width; i++) {
        fiber *one = &all->fibers[i];
        if (!is_ready(one, tl_monotonic_ms()))
            continue;
        any = true;
        to_fiber(all, one);
        if (one->state == CALLING)
            serve_call(one);
    }
    return any;
}

static void serve_resting(group *all)
{
    for (size_t i = 0; i < all->width; i++)
        if (all->fibers[i].state == RESTING)
            serve_call(&all->fibers[i]);
}

/* No task can go on: moves the flights, or sleeps until the first sleeper wakes. Does not wait while some
 * rest: they are served next. */
static void wait_for_any(group *all)
{
    tl_flight *flights[TL_MAX_TOGETHER] = {NULL};
    int64_t wait_ms = TL_LONGEST_TURN_MS, now_ms = tl_monotonic_ms();
    bool flying = false;
    for (size_t i = 0; i < all->width; i++) {
        const fiber *one = &all->fibers[i];
        if (one->state == FLYING) {
            flights[i] = one->flight;
            flying = true;
        } else if (one->state == SLEEPING && one->wake_at_ms - now_ms < wait_ms) {
            wait_ms = one->wake_at_ms - now_ms;
        } else if (one->state == RESTING) {
            wait_ms = 0;
        }
    }
    if (flying)
        tl_flights_turn(flights, TL_MAX_TOGETHER, all->pool, wait_ms);
    else if (wait_ms > 0)
        tl_sleep_ms(wait_ms);
}

/* Begins as many of the next tasks as there is room for. False when none is left, or none can be begun. */
static bool keep_busy(group *all, size_t *next, size_t count)
{
    bool busy = false;
    for (size_t i = 0; i < all->width; i++) {
        fiber *one = &all->fibers[i];
        if ((one->state == IDLE || one->state == OVER) && *next < count && begin_task(one, *next))
            (*next)++;
        busy = busy || (one->state != IDLE && one->state != OVER);
    }
    return busy;
}

static group *make_group(int limit, tl_task_fn *task, void *data)
{
    group *all = calloc(1, sizeof *all);
    if (all == NULL)
        return NULL;
    all->pool = tl_pool_new();
    if (all->pool == NULL) {
        free(all);
        return NULL;
    }
    all->width = limit < TL_MAX_TOGETHER ? (size_t)limit : TL_MAX_TOGETHER;
    all->task = task;
    all->data = data;
    return all;
}

void tl_together(size_t count, int limit, tl_task_fn *task, void *data)
{
    size_t next = 0;
    group *all = inside != NULL || limit <= 1 || count <= 1 ? NULL : make_group(limit, task, data);
    while (all != NULL && keep_busy(all, &next, count)) {
        if (resume_ready(all))
            continue;
        wait_for_any(all);
        serve_resting(all);
    }
    for (; next < count; next++) /* without fibers */
        task(data, next);
    if (all == NULL)
        return;
    for (size_t i = 0; i < all->width; i++)
        free_stack(&all->fibers[i]);
    tl_pool_free(all->pool);
    free(all);
}

/* ---- what tasks call ---- */

void tl_wait_ms(int64_t ms)
{
    if (inside == NULL) {
        tl_sleep_ms(ms);
        return;
    }
    fiber *one = inside->running;
    one->wake_at_ms = tl_monotonic_ms() + ms;
    one->state = SLEEPING;
    to_caller(inside);
}

static void call_outside(fiber_state state, void (*fn)(void *data), void *data)
{
    if (inside == NULL) {
        fn(data);
        return;
    }
    fiber *one = inside->running;
    one->call = fn;
    one->call_data = data;
    one->state = state;
    to_caller(inside);
}

void tl_with_caller(void (*fn)(void *data), void *data)
{
    call_outside(CALLING, fn, data);
}

void tl_at_rest(void (*fn)(void *data), void *data)
{
    call_outside(RESTING, fn, data);
}

bool tl_together_fly(tl_flight *flight)
{
    if (inside == NULL)
        return false;
    fiber *one = inside->running;
    one->flight = flight;
    one->state = FLYING;
    to_caller(inside);
    one->flight = NULL;
    return true;
}
