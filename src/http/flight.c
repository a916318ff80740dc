#include "http/flight.h"

#include <signal.h>
#include <string.h>

#include "base/random.h"
#include "base/text.h"
#include "base/time.h"
#include "http/retry.h"

enum { INTERRUPTION_MS = 1000 };

void tl_flight_begin(tl_flight *flight, tl_http *http, const tl_http_request *request, const char *url,
                     const char *const extra_lines[])
{
    const tl_connection *connection = &http->connection;
    *flight =
        (tl_flight){.http = http,
                    .spec = {.request = request,
                             .url = url,
                             .auth_line = http->auth_line,
                             .connection = connection,
                             .loopback = http->base.loopback},
                    .deadline_ms = tl_monotonic_ms() + connection->timeout_ms - tl_transfer_age_ms(request),
                    .retries = connection->retries < 0 ? 0 : connection->retries};
    for (size_t i = 0; i < TL_HTTP_MAX_EXTRA_HEADERS; i++)
        flight->spec.extra_lines[i] = extra_lines[i];
}

tl_code tl_flight_outcome(tl_http_reply *out, tl_flight *flight, tl_error *err)
{
    *out = flight->reply;
    flight->reply = (tl_http_reply){.retry_after_ms = -1};
    return flight->err.code == TL_OK ? TL_OK : tl_fail_with(err, &flight->err);
}

static void log_attempt(const tl_flight *flight, const tl_error *attempt_err)
{
    const tl_connection *connection = &flight->http->connection;
    const tl_http_request *request = flight->spec.request;
    if (connection->log == NULL)
        return;
    tl_buffer text = {.limit = 256};
    tl_buffer_format(&text, "%s %s ", request->method, request->label);
    if (attempt_err->code == TL_OK)
        tl_buffer_format(&text, "%d", flight->reply.status);
    else
        tl_buffer_text(&text, tl_code_name(attempt_err->code));
    tl_buffer_format(&text, " %lld ms", (long long)(tl_monotonic_ms() - flight->started_ms));
    if (text.data != NULL)
        connection->log(connection->log_data, text.data);
    tl_buffer_free(&text);
}

static void fail(tl_flight *flight, const tl_error *why, bool retriable)
{
    flight->done = true;
    flight->err = *why;
    flight->err.retriable = retriable;
    flight->reply.nothing_sent = flight->reply.nothing_sent && !flight->came_before;
    tl_http_redact(flight->http, flight->err.message, sizeof flight->err.message);
}

/* While retries are left an attempt may use half of what remains, so that a stalled one can be repeated.
 * Never 0, which libcurl takes for no limit: a wait may last a little longer than asked for. */
static int64_t attempt_timeout_ms(const tl_flight *flight, int64_t now_ms)
{
    int64_t remaining_ms = flight->deadline_ms - now_ms;
    if (remaining_ms < 1)
        return 1;
    bool last = flight->spec.request->write || flight->made >= flight->retries;
    return last ? remaining_ms : remaining_ms / 2 + 1;
}

static void start_attempt(tl_flight *flight, tl_pool *pool, int64_t now_ms)
{
    const tl_http_sink *sink = flight->spec.sink;
    tl_error why = TL_ERROR_INIT;
    flight->started_ms = now_ms;
    flight->interrupted = false;
    flight->reply = (tl_http_reply){.nothing_sent = true, .retry_after_ms = -1};
    if (sink != NULL && flight->made > 0 && !sink->restart(sink->data)) {
        (void)tl_fail(&why, TL_CONFIG, "%s: the file could not be written", flight->spec.request->label);
        fail(flight, &why, false);
        return;
    }
    if (tl_transfer_is_late(&flight->spec)) {
        (void)tl_fail(&why, TL_TIMEOUT, TL_LATE_MESSAGE, flight->spec.request->label);
        fail(flight, &why, true);
        return;
    }
    flight->spec.timeout_ms = attempt_timeout_ms(flight, now_ms);
    flight->transfer = tl_transfer_start(pool, &flight->spec, &why);
    if (flight->transfer == NULL)
        fail(flight, &why, false);
}

/* A read that failed while nobody drove it did not fail by itself: it is made again, uncounted. */
static bool is_uncounted(const tl_flight *flight, tl_attempt_end end)
{
    return flight->interrupted && !flight->spec.request->write &&
           (end == TL_ATTEMPT_TIMED_OUT || end == TL_ATTEMPT_BROKEN);
}

/* Whether the server may have done what the attempt asked for: 4xx says no, but for 408, which comes from
 * gateways, too. */
static bool may_have_come(const tl_flight *flight, tl_attempt_end end)
{
    int status = flight->reply.status;
    bool refused = end == TL_ATTEMPT_REPLIED && status >= 400 && status < 500 && status != 408;
    return !flight->reply.nothing_sent && !refused;
}

static void finish_attempt(tl_flight *flight)
{
    tl_error attempt_err = TL_ERROR_INIT;
    tl_attempt_end end = tl_transfer_end(&flight->reply, flight->transfer, &attempt_err);
    int64_t now_ms = tl_monotonic_ms();
    flight->transfer = NULL;
    log_attempt(flight, &attempt_err);
    if (is_uncounted(flight, end)) {
        flight->came_before = flight->came_before || may_have_come(flight, end);
        flight->not_before_ms = now_ms;
        return;
    }
    flight->made++;
    tl_attempt attempt = {.write = flight->spec.request->write,
                          .made = flight->made,
                          .max_retries = flight->retries,
                          .end = end,
                          .status = flight->reply.status,
                          .retry_after_ms = flight->reply.retry_after_ms,
                          .remaining_ms = flight->deadline_ms - now_ms};
    (void)tl_random_bytes(&attempt.random, sizeof attempt.random); /* else 0: no jitter */
    int64_t delay_ms = tl_retry_delay_ms(&attempt);
    if (delay_ms >= 0) {
        flight->came_before = flight->came_before || may_have_come(flight, end);
        tl_http_reply_free(&flight->reply);
        flight->not_before_ms = now_ms + delay_ms;
    } else if (end == TL_ATTEMPT_REPLIED) {
        flight->reply.came_before = flight->came_before;
        flight->done = true;
    } else {
        fail(flight, &attempt_err, end != TL_ATTEMPT_FINAL);
    }
}

static void stop(tl_flight *flight, const tl_error *why)
{
    tl_error stopped = TL_ERROR_INIT;
    if (flight->transfer != NULL) {
        (void)tl_transfer_end(&flight->reply, flight->transfer, &stopped);
        flight->transfer = NULL;
        log_attempt(flight, why);
    }
    /* One that had come to its end in this very moment counts as stopped, too: its reply is lost. */
    tl_http_reply_free(&flight->reply);
    fail(flight, why, false);
}

static void cancel(tl_flight *flight)
{
    tl_error why = TL_ERROR_INIT;
    (void)tl_fail(&why, TL_CANCELLED, "%s: cancelled", flight->spec.request->label);
    stop(flight, &why);
}

/* Starts what is due. Returns how long to wait at most. */
static int64_t start_due(tl_flight *const flights[], size_t count, tl_pool *pool, bool *out_moving,
                         int64_t wait_ms)
{
    int64_t now_ms = tl_monotonic_ms();
    *out_moving = false;
    for (size_t i = 0; i < count; i++) {
        tl_flight *flight = flights[i];
        if (flight == NULL || flight->done)
            continue;
        if (flight->transfer == NULL && flight->not_before_ms <= now_ms)
            start_attempt(flight, pool, now_ms);
        if (flight->done)
            wait_ms = 0;
        else if (flight->transfer != NULL)
            *out_moving = true;
        else if (flight->not_before_ms - now_ms < wait_ms)
            wait_ms = flight->not_before_ms - now_ms;
    }
    return wait_ms < 0 ? 0 : wait_ms;
}

static void turn(tl_flight *const flights[], size_t count, tl_pool *pool, int64_t longest_ms)
{
    bool moving;
    int64_t wait_ms = start_due(flights, count, pool, &moving, longest_ms);
    if (!moving && wait_ms > 0)
        tl_sleep_ms(wait_ms);
    tl_error failure = TL_ERROR_INIT;
    if (moving)
        (void)tl_pool_drive(pool, wait_ms, &failure);
    for (size_t i = 0; i < count; i++) {
        tl_flight *flight = flights[i];
        if (flight == NULL || flight->done)
            continue;
        if (flight->transfer != NULL && tl_transfer_finished(flight->transfer))
            finish_attempt(flight);
        else if (tl_http_is_cancelled(flight->http))
            cancel(flight);
        else if (failure.code != TL_OK)
            stop(flight, &failure);
    }
}

/* NOSIGNAL stops libcurl from ignoring SIGPIPE, and stand-alone Lua would die of it. Not pthread_sigmask,
 * which glibc 2.28 has only in libpthread: on Linux they are the same. */
void tl_flights_turn(tl_flight *const flights[], size_t count, tl_pool *pool, int64_t wait_ms)
{
    sigset_t pipe_only, before, pending;
    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    sigpending(&pending);
    bool was_pending = sigismember(&pending, SIGPIPE) == 1;
    sigprocmask(SIG_BLOCK, &pipe_only, &before);
    turn(flights, count, pool, wait_ms < TL_LONGEST_TURN_MS ? wait_ms : TL_LONGEST_TURN_MS);
    if (!was_pending) {
        const struct timespec none = {0, 0};
        while (sigtimedwait(&pipe_only, NULL, &none) == SIGPIPE) {
        }
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
}

void tl_flights_run(tl_flight *until, tl_flight *const flights[], size_t count, tl_pool *pool)
{
    while (!until->done)
        tl_flights_turn(flights, count, pool, TL_LONGEST_TURN_MS);
}

void tl_flight_drop(tl_flight *flight)
{
    tl_error ignored = TL_ERROR_INIT;
    if (flight->transfer != NULL)
        (void)tl_transfer_end(&flight->reply, flight->transfer, &ignored);
    flight->transfer = NULL;
    flight->done = true;
    tl_http_reply_free(&flight->reply);
}

void tl_flight_interrupt(tl_flight *flight, int64_t for_ms)
{
    if (flight->done || for_ms < INTERRUPTION_MS)
        return;
    flight->deadline_ms += for_ms;
    flight->interrupted = flight->transfer != NULL;
}
