/* One HTTP attempt through libcurl. Only transfer*.c include curl.h. */
#ifndef TL_HTTP_TRANSFER_H
#define TL_HTTP_TRANSFER_H

#include "http/http.h"
#include "http/look.h"
#include "http/retry.h"

/* Connections that are kept open, on which transfers run side by side: used by one thread at a time. */
typedef struct tl_pool tl_pool;
tl_pool *tl_pool_new(void);       /* NULL when out of memory */
void tl_pool_free(tl_pool *pool); /* after every transfer was ended */

/* Initialises libcurl once for the process; never cleaned up, as the host may use the same libcurl. */
tl_code tl_transfer_global_init(tl_error *err);

/* Everything is borrowed until the transfer is ended. */
typedef struct tl_transfer_spec {
    const tl_http_request *request;
    const char *url;
    const char *auth_line;                              /* "Name: value"; NULL = none */
    const char *extra_lines[TL_HTTP_MAX_EXTRA_HEADERS]; /* the same */
    const tl_connection *connection;
    bool loopback; /* the host is this machine */
    int64_t timeout_ms;
    /* For files of other hosts: */
    const tl_http_sink *sink; /* NULL = the body is kept */
    int64_t max_bytes;        /* for the sink */
    bool foreign;             /* no client certificate */
    const char *proxy;        /* foreign: the proxy to use; NULL = none, and only public addresses */
    tl_look *look;            /* a probe: what is to be learned on the way; NULL = nothing */
} tl_transfer_spec;

/* How long ago the caller began; 0 when that is not told. Late: so long that nothing may leave any more, or
 * the clock was set back, so that nobody knows. */
int64_t tl_transfer_age_ms(const tl_http_request *request);
bool tl_transfer_is_late(const tl_transfer_spec *spec);
#define TL_LATE_MESSAGE "%s: not sent, as its time was over before it could leave"

typedef struct tl_transfer tl_transfer;

/* Puts an attempt on its way. NULL: err says why, and nothing was sent. */
tl_transfer *tl_transfer_start(tl_pool *pool, const tl_transfer_spec *spec, tl_error *err);

/* Moves everything that is on its way, waiting at most wait_ms for something to move. TL_MEMORY or TL_NETWORK
 * when libcurl itself failed, and nothing can be moved any more. SIGPIPE must be blocked. */
tl_code tl_pool_drive(tl_pool *pool, int64_t wait_ms, tl_error *err);

/* True when the attempt has come to its end. */
bool tl_transfer_finished(const tl_transfer *transfer);

/* Ends an attempt, finished or not, and frees it. On TL_ATTEMPT_REPLIED the reply is filled; otherwise err
 * says why, without having been redacted (TL_CANCELLED for one that was not finished). */
tl_attempt_end tl_transfer_end(tl_http_reply *reply, tl_transfer *transfer, tl_error *err);

#endif
