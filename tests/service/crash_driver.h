/* A chain that lives in a process of its own, so that it can be killed, stopped and started again with the
 * same ledger: a "machine". And what must be true in the end, whatever was done to it. */
#ifndef TL_TESTS_SERVICE_CRASH_DRIVER_H
#define TL_TESTS_SERVICE_CRASH_DRIVER_H

#include <stdatomic.h>

#include "chain_harness.h"

enum { CALL_MS = 500, SETTLE_MS = 100, LEASE_S = 2 };

/* What a life and its parent tell each other. */
typedef struct signs {
    atomic_int portal_calls; /* of this life, those that came to an end */
    atomic_int leave_open; /* the life ends when all but so many prompts are settled; -1 (at first): never */
} signs;

typedef struct machine {
    const char *chain; /* its name */
    bool claims;
    int settle_ms;                /* SETTLE_MS at first */
    int call_ms;                  /* CALL_MS at first: how long a call may take */
    const char *die_at, *stop_at; /* of the next life: TL_DIE_AT, TL_STOP_AT; NULL = none */
    char ledger[640];
    char events[640]; /* what its listener wrote down, one line each */
    char points[640]; /* the points that were passed, one line each */
    signs *signs;
    pid_t pid; /* of the running life; 0 = none */
} machine;

machine machine_new(const char *chain, const char *directory, const char *file_name);
void machine_free(machine *self);

void machine_start(machine *self);
void machine_kill(machine *self);
/* Waits until the life ended by itself: true when a signal killed it, false when it came to its end. */
bool machine_died(machine *self);
/* Waits until the life stopped itself; fails the test when it does not. */
void machine_await_stop(machine *self);
/* A last life that ends when everything is settled but so many prompts. */
void machine_finish(machine *self, int leave_open);

/* The names of the points that were passed, each once, and how often one was; all lives together. */
typedef char point_name[64];
size_t machine_points(const machine *self, point_name points[], size_t limit);
int machine_times_passed(const machine *self, const char *point);

/* ---- prompts and what must become of them ---- */

typedef struct asked {
    char request[40], organization[40];
    const char *word; /* answered; NULL = not yet or never */
    int64_t approval[2];
    int again; /* how often it was opened and answered once more */
} asked;

/* What one machine's ledger says of a prompt in the end. */
typedef struct ending {
    char state[32];
    char message[400];
} ending;

/* Numbers to be printed: of all that was checked. */
typedef struct tally {
    int kills, stops, settled, writes, rows, repeated, unknown;
} tally;

/* No event is lost: each line of the ledger's history was heard. Fills one ending for each approval. */
void check_ledger(const machine *self, const int64_t approvals[], size_t count, ending endings[], tally *sum);

/* The server applied what each prompt was answered with, once each time, and nothing else to any request.
 * `may_lack`: requests whose answer may be unapplied, when NULL none. */
void check_writes(const asked prompts[], const bool may_lack[], size_t count, tally *sum);

void print_tally(const char *about, const tally *sum);

/* The state in which an answer ends that nobody disputes. */
const char *state_of_word(const char *word);

/* ---- load ---- */

/* The sandbox lets actioned requests be written again, so that a double write shows. */
void allow_second_writes(void);
/* Fills `prompts` with requests for execution that the sandbox, seeded anew, makes up; nothing is asked yet.
 */
void make_requests(asked prompts[], size_t count);
/* A sealed prompt's text for a chain of that name. free(). */
char *seal_for(const char *chain, const char *organization, const char *request);
/* A fault on a portal or SOAR call, of a kind that a chain must live with. */
void arm_some_fault(void);

/* Seeded by the environment's TL_SEED, or by the clock; printed. */
void seed_random(const char *about);
int random_below(int limit);
bool is_long_run(void); /* ./dev test --long */

#endif
