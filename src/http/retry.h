/* Whether and when an HTTP attempt is made again. Pure: no clock, no I/O. */
#ifndef TL_HTTP_RETRY_H
#define TL_HTTP_RETRY_H

#include <stdbool.h>
#include <stdint.h>

typedef enum tl_attempt_end {
    TL_ATTEMPT_REPLIED,        /* a whole reply, whatever its status */
    TL_ATTEMPT_CONNECT_FAILED, /* no connection: nothing was sent */
    TL_ATTEMPT_TIMED_OUT,
    TL_ATTEMPT_BROKEN, /* the connection broke, or the reply was cut short */
    TL_ATTEMPT_FINAL,  /* TLS refused, too large, cancelled, out of memory: repeating changes nothing */
} tl_attempt_end;

typedef struct tl_attempt {
    bool write; /* writes are sent once, whatever happened */
    int made;   /* attempts made so far, this one included */
    int max_retries;
    tl_attempt_end end;
    int status;             /* HTTP status where replied */
    int64_t retry_after_ms; /* what the server asked for; -1 = nothing */
    int64_t remaining_ms;   /* until the deadline of the call */
    uint32_t random;        /* uniform: the jitter */
} tl_attempt;

/* True when a reply of that status may become better by asking again. */
bool tl_status_retriable(int status);

/* Milliseconds to wait before the next attempt, or -1 for no further attempt. Full jitter over 0.5 s,
 * doubling up to 20 s; Retry-After is honoured up to 60 s. A wait beyond the deadline is no attempt. */
int64_t tl_retry_delay_ms(const tl_attempt *attempt);

/* An HTTP date, "Sun, 06 Nov 1994 08:49:37 GMT", in seconds since 1970; false for anything else. */
bool tl_http_date(const char *value, int64_t *out_seconds);

/* A Retry-After value: seconds, or an HTTP date against `now_us`. Milliseconds, -1 when it is neither. */
int64_t tl_retry_after_ms(const char *value, int64_t now_us);

#endif
