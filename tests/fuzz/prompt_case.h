/* A prompt with its answer, and the two services that tell of them: what an input of fuzz_prompt.c changes.
 */
#ifndef TL_TESTS_FUZZ_PROMPT_CASE_H
#define TL_TESTS_FUZZ_PROMPT_CASE_H

#define TRUTH_TABLE ""
#include "portal/client.h"
#include "stub.h"
#include "threatlocker/threatlocker.h"
#include "truth_case.h"

/* Sealed for the same request: those that a playbook may act on first, then those that it may not. The last
 * one's key is not ours. */
enum { PROMPTS = 4, FOR_PLAYBOOK = 2, LABELLED = 1, OURS = 3 };

typedef struct prompt_world {
    tl_client *client;
    tl_soar *soar;
    char *prompts[PROMPTS];
    cJSON *record, *run, *summary, *details, *applications, *groups;
} prompt_world;

/* The unchanged ones; made once. */
const prompt_world *prompt_world_of(void);

/* One input. */
typedef struct trial {
    const prompt_world *world;
    const fuzz_sections *input;
    char *message;
    cJSON *record, *run, *summary, *details, *words_json, *options;
    tl_word_lists words;
    char *written; /* the body of the write */
    size_t length;
    char kind[64]; /* and its endpoint */
    cJSON *printed;
} trial;

void trial_begin(trial *all, const fuzz_sections *input);
void trial_end(trial *all);

/* A stub_fn whose data is the trial. */
stub_reply trial_serve(void *data, const tl_http_request *request);

#endif
