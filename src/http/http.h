/* HTTP calls: the only user of libcurl. Knows nothing of either service. */
#ifndef TL_HTTP_HTTP_H
#define TL_HTTP_HTTP_H

#include "base/error.h"
#include "threatlocker/client.h"
#include "threatlocker/json.h"
#include "threatlocker/probe.h"

/* One base URL with one set of credentials, and connections to it. Thread rules as tl_client. */
typedef struct tl_http tl_http;

enum {
    TL_HTTP_MAX_BODY = TL_JSON_MAX_BYTES, /* after decompression */
    TL_HTTP_MAX_HEADER_BYTES = 128 * 1024,
    TL_HTTP_MAX_HEADERS = 256,
};

typedef struct tl_http_options {
    const char *base_url;
    const char *base_url_option; /* how messages name it */
    const char *auth_name;       /* header that carries the credentials; values are checked here */
    const char *auth_value;
    const char *const *secrets; /* what must never be shown; copied */
    size_t secret_count;        /* at most TL_HTTP_MAX_SECRETS */
    const tl_connection *connection;
} tl_http_options;

enum { TL_HTTP_MAX_SECRETS = 4 };

tl_code tl_http_new(tl_http **out, const tl_http_options *options, tl_error *err);
void tl_http_free(tl_http *http);
void tl_http_cancel(tl_http *http);
/* The same after so many milliseconds, whatever is in flight then. Both from any thread or signal handler. */
void tl_http_cancel_in(tl_http *http, int64_t ms);

/* The deadline of one call: after it nothing of that call is on its way from here any more. */
int64_t tl_http_timeout_ms(const tl_http *http);

enum { TL_HTTP_MAX_EXTRA_HEADERS = 2 };

typedef struct tl_http_header {
    const char *name;  /* NULL = none */
    const char *value; /* checked here */
} tl_http_header;

typedef struct tl_http_request {
    const char *label;  /* for log and messages: "ApprovalRequestGetById"; static storage */
    const char *method; /* "GET" or "POST"; static storage */
    const char *target; /* below the base URL, with its leading slash; already percent-encoded */
    const char *body;   /* JSON, or NULL */
    size_t body_length;
    bool write; /* sent once, on a connection of its own */
    /* Wall clock: when the caller began, if that was before the call; 0 = with the call. The deadline counts
     * from then on, and not a byte leaves after it, though the process or the machine stood still. */
    int64_t begun_us;
    tl_http_header headers[TL_HTTP_MAX_EXTRA_HEADERS];
} tl_http_request;

typedef struct tl_http_reply {
    int status;
    char *body; /* NUL-terminated, never NULL after success */
    size_t length;
    char *pagination;       /* value of the `pagination` header, or NULL */
    int64_t retry_after_ms; /* -1 = none */
    bool nothing_sent;      /* on failure: not one byte of the request can have left, by any attempt */
    bool came_before;       /* on success: an earlier attempt may have come through, too */
} tl_http_reply;

/* Runs one call within its deadline. TL_OK: a whole reply came, whatever its status, and the reply is the
 * caller's (tl_http_reply_free). Otherwise TL_NETWORK, TL_TLS, TL_TIMEOUT, TL_CANCELLED, TL_PROTOCOL (too
 * large), TL_MEMORY or TL_USAGE, and of the reply only nothing_sent counts. */
tl_code tl_http_call(tl_http_reply *out, tl_http *http, const tl_http_request *request, tl_error *err);
void tl_http_reply_free(tl_http_reply *reply);

/* Prepares the body of an error reply for being quoted: a hostile or helpful server may echo what we sent, so
 * the credentials are removed before anything is cut out of it. Bodies beyond 64 KiB are cut first. */
void tl_http_reply_redact(tl_http_reply *reply, const tl_http *http);

/* TL_PROTOCOL for a good reply that holds the credentials: a server, or something on the way, that sends them
 * back would have them shown as data. */
tl_code tl_http_reply_check(const tl_http_reply *reply, const tl_http *http, const char *label,
                            tl_error *err);

/* Reads that run side by side, each within a deadline of its own. Used by one thread at a time; everything
 * moves only inside tl_http_batch_wait, and the time between two waits does not count against a deadline. */
typedef struct tl_http_batch tl_http_batch;
enum { TL_HTTP_MAX_BATCH = 16 }; /* calls that a batch holds */
tl_code tl_http_batch_new(tl_http_batch **out, tl_http *http, tl_error *err);
/* Ends what is in flight. NULL is allowed. */
void tl_http_batch_free(tl_http_batch *batch);
/* Adds a read, whose texts are copied, under a number that no other one in the batch has. */
tl_code tl_http_batch_add(tl_http_batch *batch, int64_t number, const tl_http_request *request,
                          tl_error *err);
/* How many are finished, and wait to be taken out. */
int tl_http_batch_finished(const tl_http_batch *batch);
/* Moves all of them until the one with that number is finished, and takes it out of the batch. As
 * tl_http_call. */
tl_code tl_http_batch_wait(tl_http_reply *out, tl_http_batch *batch, int64_t number, tl_error *err);

/* As tl_client_probe (probe.h): one GET of `target` without credentials, and what was learned on the way. */
tl_code tl_http_probe(tl_probe *out, tl_http *http, const char *target, tl_error *err);

/* Where the body of a fetched file goes. Each returns false when it could not. */
typedef struct tl_http_sink {
    bool (*write)(void *data, const void *bytes, size_t length);
    bool (*restart)(void *data); /* forgets what was written: another attempt begins */
    void *data;
} tl_http_sink;

typedef struct tl_http_fetch {
    const char *label;
    const char *url; /* absolute, from a server: a secret, never shown */
    int64_t max_bytes;
    int64_t timeout_ms; /* deadline of the whole fetch */
    tl_http_sink sink;
} tl_http_fetch;

/* Fetches a file from any host: no credentials, no client certificate, no redirect; https only. Addresses
 * that are not public are refused after resolving, but for loopback (http too) where the base URL is
 * loopback; a proxy resolves for itself. The sink gets the body of a 200; other replies are kept in `out`.
 * TL_INVALID for a URL or address that is refused; otherwise as tl_http_call. */
tl_code tl_http_get_file(tl_http_reply *out, tl_http *http, const tl_http_fetch *fetch, tl_error *err);

#endif
