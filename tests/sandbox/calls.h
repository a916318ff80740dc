/* The record of the calls received (control calls are not among them), the last CALLS_KEPT of them. */
#ifndef SANDBOX_CALLS_H
#define SANDBOX_CALLS_H

#include <stddef.h>

#include "http.h"

#define CALLS_KEPT 20000

struct call_record {
    char *json; /* the record without its closing brace: the status comes later */
    unsigned status;
};

struct calls {
    struct call_record *ring;
    size_t first; /* number of the oldest one kept */
    size_t next;  /* number of the next one */
};

/* `fault` is the kind of the fault that hit the call, or NULL. Returns the number of the record. */
size_t calls_add(struct calls *calls, const struct call *call, const char *fault);
void calls_set_status(struct calls *calls, size_t number, unsigned status);
void calls_print(const struct calls *calls, const char *match, struct text *out); /* a JSON array */
void calls_clear(struct calls *calls);
void calls_free(struct calls *calls);

#endif
