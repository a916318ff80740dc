/* A process whose memory and descriptors are to stay as they are. */
#ifndef TL_TESTS_SCENARIOS_WATCHED_H
#define TL_TESTS_SCENARIOS_WATCHED_H

#include <stddef.h>
#include <sys/types.h>

enum { MAX_SAMPLES = 40 * 1000 };

typedef struct watched {
    const char *name;
    pid_t pid;
    size_t count;
    long kib[MAX_SAMPLES], descriptors[MAX_SAMPLES];
} watched;

/* Takes a sample; to be called at even intervals. */
void watch(watched *one);

/* Fails the test when it has more in the last quarter than in the first one after the warm-up. Prints. */
void check_flat(const watched *one);

#endif
