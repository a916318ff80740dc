/* One call on its way: attempts, pauses between them, and the deadline over all of it. Several run side by
 * side on the same connections. */
#ifndef TL_HTTP_FLIGHT_H
#define TL_HTTP_FLIGHT_H

#include "http/http_internal.h"

typedef struct tl_flight {
    /* Set by the caller: */
    tl_http *http;
    tl_transfer_spec spec; /* timeout_ms is set for each attempt */
    int64_t deadline_ms;   /* monotonic */
    int retries;
    /* The rest is tl_flights_run's; zero at first: */
    tl_transfer *transfer;
    int made;              /* attempts */
    bool came_before;      /* one of them that was made again may have come through */
    int64_t started_ms;    /* of the running attempt */
    int64_t not_before_ms; /* of the next one */
    bool interrupted;      /* nobody drove the attempt for a while */
    bool done;
    tl_error err;        /* why it failed, if it did */
    tl_http_reply reply; /* when it did not, otherwise only nothing_sent */
} tl_flight;

/* A call to the service itself, with its credentials. Everything is borrowed until the flight is done. */
void tl_flight_begin(tl_flight *flight, tl_http *http, const tl_http_request *request, const char *url,
                     const char *const extra_lines[]);

/* Moves what became of a flight that is done to the caller. */
tl_code tl_flight_outcome(tl_http_reply *out, tl_flight *flight, tl_error *err);

/* Runs all of them until the one is done. NULLs among them are skipped. */
void tl_flights_run(tl_flight *until, tl_flight *const flights[], size_t count, tl_pool *pool);

/* So that a cancellation is seen soon. */
enum { TL_LONGEST_TURN_MS = 200 };

/* Starts what is due, moves all that are on their way for at most wait_ms or TL_LONGEST_TURN_MS, and finishes
 * what came to its end. */
void tl_flights_turn(tl_flight *const flights[], size_t count, tl_pool *pool, int64_t wait_ms);

/* Ends one that is not done yet, and frees its reply. */
void tl_flight_drop(tl_flight *flight);

/* Nobody drove the flights for so long: what waiting cost them is given back. */
void tl_flight_interrupt(tl_flight *flight, int64_t for_ms);

#endif
