/* Many requests, each with a prompt of its own. */
#ifndef TL_TESTS_SERVICE_BURST_H
#define TL_TESTS_SERVICE_BURST_H

#include "chain_harness.h"

typedef struct subject {
    char request[40];
    char organization[40];
    int64_t approval; /* its prompt's */
} subject;

/* Fills `subjects` with requests for execution that the sandbox, seeded anew, makes up. */
void find_subjects(subject subjects[], size_t count);
/* A prompt for each, prepared for CHAIN. */
void ask_all(bench *at, subject subjects[], size_t count);
/* "Permit" to each. */
void answer_all(const subject subjects[], size_t count);

#endif
