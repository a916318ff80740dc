/* One call and its reply, with the fault that hits it. Free of libmicrohttpd. */
#ifndef SANDBOX_EXCHANGE_H
#define SANDBOX_EXCHANGE_H

#include <stdint.h>

#include "sandbox.h"

enum exchange_next {
    EXCHANGE_READ_ON,
    EXCHANGE_REPLY,
    EXCHANGE_REPLY_EARLY, /* while the client waits for 100 Continue */
    EXCHANGE_CLOSE        /* without a byte */
};

struct exchange {
    struct sandbox *sandbox;
    struct call call;
    struct reply reply;
    struct strike strike;
    bool control;
    bool recorded;
    size_t record;
    /* How the reply is sent; all but the first only when in portions. */
    bool in_portions;
    uint64_t declared_length;
    size_t send_limit; /* bytes after which the connection is closed */
    size_t portion;    /* bytes at a time, 0: as many as fit */
    double portion_ms; /* pause before each portion */
};

struct exchange *exchange_new(struct sandbox *sandbox, const char *target);
enum exchange_next exchange_headers_in(struct exchange *exchange);
enum exchange_next exchange_answer(struct exchange *exchange);
void exchange_free(struct exchange *exchange);

#endif
