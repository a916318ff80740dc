/* What stands between one client and the sandbox: passes everything on, but for what its fault hits. */
#ifndef TL_TESTS_FAULTS_RELAY_H
#define TL_TESTS_FAULTS_RELAY_H

#include <pthread.h>
#include <stdatomic.h>

#include "fault.h"

/* Which exchange is hit. */
typedef struct aim {
    const char *at;    /* in its first line */
    const char *body;  /* in its body; NULL = any */
    const char *after; /* only once so many of these were answered; NULL = from the start */
    int answers;
    bool once;         /* and not again */
    const char *write; /* in the first line of the write that counts; NULL = none does */
} aim;

struct relay {
    const fault *fault;
    const aim *aim;
    int sandbox_port;
    int port;
    int stranger_port;     /* where its redirects point to */
    atomic_llong *clock_s; /* how far the client's clock jumped */
    /* Counted: */
    int hits;         /* exchanges aimed at that came whole */
    int writes;       /* the same of the write that counts */
    int passed_on;    /* those of them that the sandbox got */
    bool told_secret; /* credentials came where none belong */
    /* The rest is relay.c's. */
    pthread_t thread;
    pthread_mutex_t mutex; /* guards the listener */
    int reserved;          /* keeps the port while nobody listens */
    int listener;          /* -1 = none */
    int wake[2];
    bool over;
    bool armed;
    int left; /* strikes; -1 = no end */
    int answered;
};

/* Everything above "counted" must be set, but for the port. */
void relay_start(relay *at);
/* Call it when the client is freed. */
void relay_stop(relay *at);
/* From now on nobody listens. */
void relay_refuse(relay *at);
/* An attempt failed: a fault that refuses once lets the next one in. */
void relay_note_failure(relay *at);

#endif
