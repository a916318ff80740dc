/* What the chain's tests share: a chain with its ledger, prompts as a playbook asks them, answers. */
#ifndef TL_TESTS_SERVICE_CHAIN_HARNESS_H
#define TL_TESTS_SERVICE_CHAIN_HARNESS_H

#include "harness.h"

#define CHAIN "night-shift"
#define NEW_FOR_COMPUTER "{'application':'new','name':'Field tool','rules':[{'hash':'" HASH "'}]}"

/* One chain and what it needs. */
typedef struct bench {
    tl_client *client;
    tl_soar *soar;
    tl_chain *chain;
    char *directory;
    char ledger[600];
} bench;

/* A ledger path in a new directory. Nothing is opened yet. */
bench bench_new(void);
tl_limits widest_limits(void);
tl_chain_options chain_options(const bench *at); /* the widest limits */
/* Makes client and soar where there are none, and the chain. */
void bench_open(bench *at, const tl_chain_options *options); /* NULL = chain_options() */
void bench_close(bench *at);                                 /* keeps the ledger */
void bench_free(bench *at);

/* tl_prepare_prompt for an executor. The caller's; message borrowed from it by text_of(..., "message"). */
cJSON *prepare(tl_client *client, const char *executor, const char *organization, const char *request,
               const char *choice);

/* Asks a prompt with that message, returns the approval's id. `more` is JSON of further members or NULL. */
int64_t ask(const char *request, const char *message, const char *more);
/* Prepares for CHAIN and asks. */
int64_t ask_for(bench *at, const char *organization, const char *request, const char *choice);
void answer(int64_t approval, const char *word);
void answer_with(int64_t approval, const char *members); /* members of the `answer` call */

/* One step; fails the test on an error. */
tl_step step(bench *at);
void steps(bench *at, int count);
tl_code try_step(bench *at, tl_step *out, tl_error *err);
/* Steps until nothing is in doubt, at most about two seconds. */
tl_step step_until_settled(bench *at);

/* Whether a request of the sandbox's state is for execution, and one that the sandbox made up ("generate").
 */
bool is_made_up_execution(const cJSON *request);

/* As SOAR writes times. */
void utc_text(char out[40], int64_t seconds_from_now);

/* The newest state of an approval in the history, and its message: "" when there is none. */
const char *last_state(bench *at, int64_t approval, char state[32], char *message, size_t size);
void assert_last_state(bench *at, int64_t approval, const char *expected);
cJSON *history(bench *at, const char *request);

#endif
