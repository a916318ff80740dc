/* What is inside a tl_http, for the files of this folder. */
#ifndef TL_HTTP_HTTP_INTERNAL_H
#define TL_HTTP_HTTP_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

#include "http/http.h"
#include "http/transfer.h"
#include "http/url.h"

enum { TL_HTTP_IDLE_POOLS = 8 };

struct tl_http {
    tl_base_url base;
    char *auth_line;
    char *secrets[TL_HTTP_MAX_SECRETS];
    tl_connection connection; /* its texts are ours */
    pthread_mutex_t mutex;    /* guards idle and idle_count */
    tl_pool *idle[TL_HTTP_IDLE_POOLS];
    size_t idle_count;
    atomic_bool cancelled;
    atomic_llong cancel_at_ms; /* monotonic; 0 = never */
    pid_t owner;               /* the process that made it: no child of it may use it */
};

/* A pool for one call or batch at a time, idle or new; NULL when out of memory. */
tl_pool *tl_http_take_pool(tl_http *http);
void tl_http_give_back(tl_http *http, tl_pool *pool);

bool tl_http_is_cancelled(const tl_http *http);

/* TL_USAGE after fork(), TL_CANCELLED after a cancellation. */
tl_code tl_http_check_usable(const tl_http *http, const char *label, tl_error *err);
/* The same, and the header values. */
tl_code tl_http_check_call(const tl_http *http, const tl_http_request *request, tl_error *err);

/* The base URL and what is asked for below it; malloc'd, NULL when out of memory. */
char *tl_http_url(const tl_http *http, const char *target);

/* Hides the credentials, those of a proxy too, which libcurl quotes where it does not understand it. */
void tl_http_redact(const tl_http *http, char *text, size_t size);

/* "Name: value" lines of the extra headers, malloc'd, NULL where there is none. False when out of memory:
 * some may be set then, too. */
bool tl_http_header_lines(char *out[TL_HTTP_MAX_EXTRA_HEADERS], const tl_http_request *request);

#endif
