/* SIGTERM and SIGINT for a chain that runs: the first one stops it, a second one ends the process. Signals
 * belong to the whole process, so there is one watch only, whatever the number of Lua states. */
#define _GNU_SOURCE /* ppoll */
#include "core.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define TLUA_WATCH "threatlocker.signals"

enum { COUNT = 2 };
static const int numbers[COUNT] = {SIGTERM, SIGINT};

static struct {
    atomic_bool taken;
    _Atomic(tlua_chain *) chain; /* the one to stop; NULL = none */
    atomic_int came;             /* the first signal */
    atomic_int inside;           /* handlers that may be using the chain, in whatever thread */
    int wake;                    /* an eventfd, so that no signal slips in between a look and a sleep */
    struct sigaction before[COUNT];
} watch;

static void on_signal(int number)
{
    static const uint64_t one = 1;
    int kept = errno;
    if (atomic_exchange(&watch.came, number) != 0) {
        _exit(128 + number);
    }
    atomic_fetch_add(&watch.inside, 1);
    tlua_chain *chain = atomic_load(&watch.chain);
    if (chain) {
        tlua_stop_chain(chain);
    }
    ssize_t written = write(watch.wake, &one, sizeof one);
    (void)written;
    atomic_fetch_sub(&watch.inside, 1);
    errno = kept;
}

/* They may run in other threads, and end soon: all they do is store and write. */
static void wait_for_handlers(void)
{
    while (atomic_load(&watch.inside) > 0) {
        sched_yield();
    }
}

void tlua_forget_chain(tlua_chain *chain)
{
    tlua_chain *watched = chain;
    if (atomic_compare_exchange_strong(&watch.chain, &watched, NULL)) {
        wait_for_handlers();
    }
}

static void begin(tlua_chain *chain)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    atomic_store(&watch.came, 0);
    atomic_store(&watch.chain, chain);
    for (int i = 0; i < COUNT; i++) {
        sigaction(numbers[i], &action, &watch.before[i]);
    }
}

/* __close and __gc: safe to run twice. */
static int end(lua_State *L)
{
    bool *holds = luaL_checkudata(L, 1, TLUA_WATCH);
    if (!*holds) {
        return 0;
    }
    *holds = false;
    for (int i = 0; i < COUNT; i++) {
        sigaction(numbers[i], &watch.before[i], NULL);
    }
    atomic_store(&watch.chain, NULL);
    wait_for_handlers();
    close(watch.wake);
    atomic_store(&watch.taken, false);
    return 0;
}

/* sleep(watch, seconds): as the module's, and a signal ends it at once, also one that came just before. */
static int watched_sleep(lua_State *L)
{
    const bool *holds = luaL_checkudata(L, 1, TLUA_WATCH);
    struct timespec time = tlua_check_pause(L, 2);
    struct pollfd wake = {.fd = watch.wake, .events = POLLIN};
    uint64_t count;
    luaL_argcheck(L, *holds, 1, "was given back");
    int ready = ppoll(&wake, 1, &time, NULL);
    if (ready > 0) {
        ssize_t got = read(watch.wake, &count, sizeof count);
        (void)got;
    }
    lua_pushboolean(L, ready == 0);
    return 1;
}

int tlua_watch_signals(lua_State *L)
{
    tlua_chain *chain = tlua_check_chain(L);
    bool *holds = lua_newuserdatauv(L, sizeof *holds, 0);
    *holds = false;
    luaL_setmetatable(L, TLUA_WATCH);
    if (atomic_exchange(&watch.taken, true)) {
        return luaL_error(L, "another chain of this process already runs with signals");
    }
    watch.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (watch.wake < 0) {
        atomic_store(&watch.taken, false);
        return luaL_error(L, "no file descriptor for signals: %s", strerror(errno));
    }
    begin(chain);
    *holds = true;
    return 1;
}

void tlua_open_watch(lua_State *L)
{
    static const luaL_Reg metamethods[] = {{"__gc", end}, {"__close", end}, {NULL, NULL}};
    static const luaL_Reg methods[] = {{"sleep", watched_sleep}, {NULL, NULL}};
    tlua_open_type(L, TLUA_WATCH, metamethods, methods);
    lua_pop(L, 1);
}
