/* Faults that a test arms through the control path. */
#ifndef SANDBOX_FAULT_H
#define SANDBOX_FAULT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "http.h"
#include "text.h"

enum fault_kind {
    FAULT_NONE,
    FAULT_DROP_BEFORE_APPLY,
    FAULT_DROP_AFTER_APPLY,
    FAULT_CLOSE_IDLE,
    FAULT_CLOSE_WITHOUT_REPLY,
    FAULT_STATUS,
    FAULT_DELAY,
    FAULT_TRUNCATE,
    FAULT_GARBAGE,
    FAULT_SLOW,
    FAULT_EXPECT_417,
    FAULT_CHANGE,
    FAULT_KINDS
};

struct fault {
    enum fault_kind kind;
    long after; /* matching calls still to be skipped */
    long times; /* hits left; below zero: no end */
    long hits;
    cJSON *spec; /* as armed */
};

struct faults {
    struct fault *items;
    size_t count;
};

/* One fault that hits one call. */
struct strike {
    enum fault_kind kind;
    cJSON *spec;
};

bool faults_arm(struct faults *faults, const cJSON *spec, struct text *error);
void faults_clear(struct faults *faults);
cJSON *faults_tree(const struct faults *faults);

/* Decides when the headers of a call are in. */
struct strike faults_strike(struct faults *faults, const struct call *call);
void strike_free(struct strike *strike);
const char *fault_name(enum fault_kind kind); /* NULL for FAULT_NONE */

#endif
