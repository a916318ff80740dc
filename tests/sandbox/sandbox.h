/* Everything the sandbox knows, behind one lock. */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <pthread.h>
#include <stdbool.h>

#include "calls.h"
#include "fault.h"
#include "http.h"
#include "soar.h"
#include "switches.h"
#include "world.h"

/* Fictitious credentials, fixed so that tests may spell them out. */
#define PORTAL_TOKEN "5a4db0c0ffee5a4db0c0ffee5a4db0c0ffee5a4db0c0ffee5a4db0c0ffee5a4d"
#define SOAR_TOKEN "EXAMPLE-SOAR-TOKEN-0001"
#define SOAR_USER "soar_automation"
#define SOAR_PASSWORD "EXAMPLE-PASSWORD"

struct sandbox {
    pthread_mutex_t lock; /* guards everything below but never a sleep */
    pthread_cond_t stop_signal;
    bool stopping;
    struct world world;
    struct soar soar;
    struct switches switches;
    struct faults faults;
    struct calls calls;
    unsigned latency_ms;
    cJSON *first_fixtures; /* those of --seed, NULL for the default ones */
    unsigned long first_generated, first_organizations;
    bool tls; /* in the URLs that it hands out */
};

/* Sleeps without the lock; returns early (false) when the sandbox ends. */
bool sandbox_pause(struct sandbox *sandbox, double ms);

/* The data as at the start. */
bool sandbox_first_data(struct sandbox *sandbox, struct text *error);

/* The four areas. Each is called with the lock held and fills an empty reply. */
void portal_serve(struct sandbox *sandbox, const struct call *call, struct reply *reply);
void soar_serve(struct sandbox *sandbox, const struct call *call, struct reply *reply);
void files_serve(struct sandbox *sandbox, const struct call *call, struct reply *reply);
void control_serve(struct sandbox *sandbox, const struct call *call, struct reply *reply);

/* {"approvalRequestId","set":{…}}: changes a request under the readers' feet. Lock held. */
bool control_change_request(struct sandbox *sandbox, const cJSON *spec, struct text *error);

#endif
