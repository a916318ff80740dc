/* One call under one fault. */
#ifndef TL_TESTS_FAULTS_CELL_H
#define TL_TESTS_FAULTS_CELL_H

#include "../service/harness.h"
#include "relay.h"

typedef struct cell cell;

typedef struct call_class {
    const char *name;
    aim aim;
    const char *counted;       /* the write, as the sandbox counts it; NULL = it only reads */
    bool repeatable;           /* that write may be sent again: the service takes it once */
    int requests;              /* that it needs for itself */
    void (*prepare)(cell *at); /* may fail the test; alone */
    void (*run)(cell *at);
} call_class;

extern const call_class classes[];
extern const size_t class_count;

enum { WORD = 24 };

/* A line of the table. */
typedef struct result {
    char code[WORD];
    char applied[WORD];
    char outcome[WORD];
    int seen; /* by the service: the write, or the read that was aimed at */
    int done; /* how often the write was applied; -1 = none was to be */
} result;

struct cell {
    const fault *fault;
    const call_class *class;
    const tl_request_ref *requests;
    char name[96]; /* no other cell's */
    relay relay;
    atomic_llong clock_s;
    int64_t prompt;
    cJSON *details;
    tl_client *client; /* through the relay, while it runs */
    tl_soar *soar;     /* likewise */
    result got;
    int64_t elapsed_ms;
    char wrong[300]; /* that, whatever expected.txt says; "" = nothing */
};

enum { DEADLINE_MS = 30000, SHORT_DEADLINE_MS = 2500, SETTLE_MS = 300, MARGIN_MS = 5000 };

int64_t cell_deadline_ms(const cell *at);

/* What the classes share: a world made before. */
enum { LISTED_STATUS = TL_STATUS_NOT_LEARNED, LISTED = 5, LISTED_PROMPTS = 120 };
typedef struct world {
    int sandbox_port;
    int stranger_port;
    const char *ca_file;
    const char *folder;
    int64_t container; /* with LISTED_PROMPTS of them */
    tl_client *direct; /* without a relay */
} world;
extern world around;

/* Runs it; touches nothing but the cell. */
void cell_run(cell *at);

/* Notes something that is wrong whatever expected.txt says; the first one stays. */
void cell_blame(cell *at, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
