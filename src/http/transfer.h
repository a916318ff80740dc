/* One HTTP attempt through libcurl; the only file that includes curl.h is transfer.c. */
#ifndef TL_HTTP_TRANSFER_H
#define TL_HTTP_TRANSFER_H

#include <stdatomic.h>

#include "http/http.h"
#include "http/retry.h"

/* A connection cache with one easy handle: used by one call at a time. */
typedef struct tl_worker tl_worker;
tl_worker *tl_worker_new(void); /* NULL when out of memory */
void tl_worker_free(tl_worker *worker);

/* Initialises libcurl once for the process; never cleaned up, as the host may use the same libcurl. */
tl_code tl_transfer_global_init(tl_error *err);

typedef struct tl_transfer {
    const tl_http_request *request;
    const char *url;
    const char *auth_line;  /* "Name: value" */
    const char *extra_line; /* the same, or NULL */
    const tl_connection *connection;
    bool loopback;
    int64_t timeout_ms;
    const atomic_bool *cancelled;
} tl_transfer;

/* Starts from a clean reply. On TL_ATTEMPT_REPLIED the reply is filled; otherwise err says why, without
 * having been redacted. */
tl_attempt_end tl_transfer_run(tl_http_reply *reply, tl_worker *worker, const tl_transfer *transfer,
                               tl_error *err);

#endif
