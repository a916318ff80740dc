/* A client of one ThreatLocker Portal API instance. */
#ifndef THREATLOCKER_CLIENT_H
#define THREATLOCKER_CLIENT_H

#include <stdint.h>

#include "threatlocker/error.h"
#include "threatlocker/limits.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Thread rule of every function that takes a client: several threads may use one client, each running one
 * call at a time of its own; tl_client_free needs all calls to be over. Clients do not survive fork(): a
 * child's calls fail with TL_USAGE. */
typedef struct tl_client tl_client;

/* One line about a call ("POST ApprovalRequestGetByParameters 200 143 ms"), without secrets or bodies. Called
 * in the calling thread; must not call back into the client. */
typedef void (*tl_log_fn)(void *data, const char *line);

/* What both services need to connect. Texts are copied by ..._new; later changes have no effect. */
typedef struct tl_connection {
    const char *ca_file;     /* PEM file of trusted CAs instead of the system's; NULL = the system's */
    const char *client_cert; /* PEM file; NULL = none */
    const char *client_key;  /* PEM file; NULL = in client_cert */
    const char *proxy;       /* URL; NULL = from the environment, as curl does; "" = none */
    /* Deadline of one call, retries included; 0 = 60,000. libcurl before 7.87 waits longer for name servers
     * that are silent, as long as the system's resolver tries. */
    int64_t timeout_ms;
    int64_t connect_timeout_ms; /* 0 = 10,000 */
    int retries;          /* of reads, beyond the first attempt; 0 = 3, -1 = none. Writes are never retried */
    bool allow_sslkeylog; /* false: refused (TL_CONFIG) while the environment has SSLKEYLOGFILE */
    tl_log_fn log;        /* NULL = none */
    void *log_data;
} tl_connection;

typedef struct tl_client_options {
    size_t size;          /* sizeof(tl_client_options): TL_CLIENT_OPTIONS_INIT sets it */
    const char *instance; /* "g": https://portalapi.g.threatlocker.com/portalapi [official] */
    const char *base_url; /* whole URL up to /portalapi, instead of instance; https, http for loopback only */
    const char *token;    /* API user's token, raw: no "Bearer" [official*]; required */
    const char *organization_id; /* default organization of calls that name none; NULL = the token's own */
    const void *seal_key;        /* key of prompt seals; NULL = derived from the token */
    size_t seal_key_length;      /* bytes, at least 16 where seal_key is given */
    const tl_limits *limits;     /* the ceiling of every permit and prepared prompt; copied; NULL = none */
    int64_t settle_time_ms;      /* how long a doubtful write is read back; 0 = 10,000 */
    tl_connection connection;
} tl_client_options;

#define TL_CLIENT_OPTIONS_INIT TL_SIZED(tl_client_options)

/* Makes a client; sends nothing. TL_CONFIG names the option that is wrong: a token with CR, LF, other
 * characters that no header can carry or "Bearer " in front, an instance that is no host label, http to
 * another host, an unreadable file, SSLKEYLOGFILE set, limits out of range. TL_USAGE: no options, or of
 * another size. *out is the caller's (tl_client_free), NULL on failure. Any thread. */
TL_API TL_NODISCARD tl_code tl_client_new(tl_client **out, const tl_client_options *options, tl_error *err);

/* Wipes the token and frees. NULL is allowed. */
TL_API void tl_client_free(tl_client *client);

/* Makes running calls end with TL_CANCELLED within about 0.2 s, and later ones at once. A write in flight is
 * not taken back: it ends with its outcome, TL_UNKNOWN_OUTCOME where that could not be read. Any thread or
 * signal handler. */
TL_API void tl_client_cancel(tl_client *client);

#ifdef __cplusplus
}
#endif
#endif
