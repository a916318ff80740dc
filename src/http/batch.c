/* Several reads side by side. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "http/flight.h"

enum { MAX_FLIGHTS = TL_HTTP_MAX_BATCH };

typedef struct slot {
    tl_flight flight;
    int64_t number;
    tl_http_request request; /* its texts are ours */
    char *url;
    char *body;
    char *extra[TL_HTTP_MAX_EXTRA_HEADERS];
} slot;

struct tl_http_batch {
    tl_http *http;
    tl_pool *pool;
    slot *slots[MAX_FLIGHTS];
    int64_t left_at_ms; /* nobody has driven the flights since */
};

tl_code tl_http_batch_new(tl_http_batch **out, tl_http *http, tl_error *err)
{
    *out = NULL;
    tl_http_batch *batch = calloc(1, sizeof *batch);
    tl_pool *pool = batch == NULL ? NULL : tl_http_take_pool(http);
    if (pool == NULL) {
        free(batch);
        return tl_fail_memory(err);
    }
    batch->http = http;
    batch->pool = pool;
    batch->left_at_ms = tl_monotonic_ms();
    *out = batch;
    return TL_OK;
}

static void free_slot(slot *one)
{
    tl_flight_drop(&one->flight);
    free(one->url);
    free(one->body);
    for (size_t i = 0; i < TL_HTTP_MAX_EXTRA_HEADERS; i++)
        free(one->extra[i]);
    free(one);
}

void tl_http_batch_free(tl_http_batch *batch)
{
    if (batch == NULL)
        return;
    /* A forked child shares the parent's sockets: closing TLS on them would break the parent's. */
    if (batch->http->owner == getpid()) {
        for (size_t i = 0; i < MAX_FLIGHTS; i++)
            if (batch->slots[i] != NULL)
                free_slot(batch->slots[i]);
        tl_http_give_back(batch->http, batch->pool);
    }
    free(batch);
}

static bool copy_request(slot *one, const tl_http *http, const tl_http_request *request)
{
    one->request = *request;
    one->url = tl_http_url(http, request->target);
    one->request.target = NULL; /* what is sent is the URL */
    bool ok = one->url != NULL;
    if (request->body != NULL) {
        one->body = malloc(request->body_length + 1);
        ok = ok && one->body != NULL;
        if (one->body != NULL) {
            memcpy(one->body, request->body, request->body_length);
            one->body[request->body_length] = '\0';
        }
        one->request.body = one->body;
    }
    return ok && tl_http_header_lines(one->extra, request);
}

static slot **find(tl_http_batch *batch, int64_t number)
{
    for (size_t i = 0; i < MAX_FLIGHTS; i++)
        if (batch->slots[i] != NULL && batch->slots[i]->number == number)
            return &batch->slots[i];
    return NULL;
}

static slot **find_free(tl_http_batch *batch)
{
    for (size_t i = 0; i < MAX_FLIGHTS; i++)
        if (batch->slots[i] == NULL)
            return &batch->slots[i];
    return NULL;
}

/* Nobody drove the flights since the last wait, or since this was called last: they do not pay for it. */
static void note_absence(tl_http_batch *batch)
{
    int64_t now_ms = tl_monotonic_ms();
    for (size_t i = 0; i < MAX_FLIGHTS; i++)
        if (batch->slots[i] != NULL)
            tl_flight_interrupt(&batch->slots[i]->flight, now_ms - batch->left_at_ms);
    batch->left_at_ms = now_ms;
}

tl_code tl_http_batch_add(tl_http_batch *batch, int64_t number, const tl_http_request *request, tl_error *err)
{
    tl_code code = tl_http_check_call(batch->http, request, err);
    slot **place = find_free(batch);
    if (code != TL_OK)
        return code;
    if (place == NULL || find(batch, number) != NULL || request->write)
        return tl_fail(err, TL_USAGE, "%s: a batch holds %d reads, each under a number of its own",
                       request->label, MAX_FLIGHTS);
    slot *one = calloc(1, sizeof *one);
    if (one == NULL)
        return tl_fail_memory(err);
    note_absence(batch);
    one->number = number;
    if (!copy_request(one, batch->http, request)) {
        free_slot(one);
        return tl_fail_memory(err);
    }
    tl_flight_begin(&one->flight, batch->http, &one->request, one->url, (const char *const *)one->extra);
    *place = one;
    return TL_OK;
}

int tl_http_batch_finished(const tl_http_batch *batch)
{
    int count = 0;
    for (size_t i = 0; i < MAX_FLIGHTS; i++)
        count += batch->slots[i] != NULL && batch->slots[i]->flight.done;
    return count;
}

tl_code tl_http_batch_wait(tl_http_reply *out, tl_http_batch *batch, int64_t number, tl_error *err)
{
    *out = (tl_http_reply){.nothing_sent = true, .retry_after_ms = -1};
    slot **place = find(batch, number);
    if (place == NULL)
        return tl_fail(err, TL_USAGE, "there is no such call in the batch");
    tl_code code = tl_http_check_usable(batch->http, (*place)->request.label, err);
    if (code != TL_OK)
        return code;
    note_absence(batch);
    tl_flight *flights[MAX_FLIGHTS] = {NULL};
    for (size_t i = 0; i < MAX_FLIGHTS; i++)
        flights[i] = batch->slots[i] == NULL ? NULL : &batch->slots[i]->flight;
    if ((*place)->flight.done) /* others may wait to be put on their way */
        tl_flights_turn(flights, MAX_FLIGHTS, batch->pool, 0);
    tl_flights_run(&(*place)->flight, flights, MAX_FLIGHTS, batch->pool);
    batch->left_at_ms = tl_monotonic_ms();
    code = tl_flight_outcome(out, &(*place)->flight, err);
    free_slot(*place);
    *place = NULL;
    return code;
}
