#include "exchange.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "json.h"
#include "portal.h"

bool sandbox_pause(struct sandbox *sandbox, double ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t nanos = until.tv_nsec + (int64_t)(ms * 1e6);
    until.tv_sec += (time_t)(nanos / 1000000000);
    until.tv_nsec = (long)(nanos % 1000000000);
    pthread_mutex_lock(&sandbox->lock);
    int rc = 0;
    while (ms > 0 && !sandbox->stopping && rc != ETIMEDOUT)
        rc = pthread_cond_timedwait(&sandbox->stop_signal, &sandbox->lock, &until);
    bool on = !sandbox->stopping;
    pthread_mutex_unlock(&sandbox->lock);
    return on;
}

struct exchange *exchange_new(struct sandbox *sandbox, const char *target)
{
    struct exchange *exchange = need(sizeof *exchange);
    exchange->sandbox = sandbox;
    call_parse_target(&exchange->call, target);
    exchange->control = strncasecmp(exchange->call.path, "/_sandbox", 9) == 0;
    return exchange;
}

static void record(struct exchange *exchange)
{
    if (exchange->control || exchange->recorded)
        return;
    exchange->record =
        calls_add(&exchange->sandbox->calls, &exchange->call, fault_name(exchange->strike.kind));
    exchange->recorded = true;
}

static void record_locked(struct exchange *exchange)
{
    pthread_mutex_lock(&exchange->sandbox->lock);
    record(exchange);
    pthread_mutex_unlock(&exchange->sandbox->lock);
}

void exchange_free(struct exchange *exchange)
{
    if (exchange->call.method) /* its client went away before the body was in */
        record_locked(exchange);
    call_free(&exchange->call);
    reply_clear(&exchange->reply);
    strike_free(&exchange->strike);
    free(exchange);
}

enum exchange_next exchange_headers_in(struct exchange *exchange)
{
    struct sandbox *sandbox = exchange->sandbox;
    if (exchange->control)
        return EXCHANGE_READ_ON;
    pthread_mutex_lock(&sandbox->lock);
    exchange->strike = faults_strike(&sandbox->faults, &exchange->call);
    enum exchange_next next = EXCHANGE_READ_ON;
    switch (exchange->strike.kind) {
    case FAULT_CLOSE_IDLE:
    case FAULT_CLOSE_WITHOUT_REPLY:
        next = EXCHANGE_CLOSE;
        break;
    case FAULT_EXPECT_417: /* libcurl sends such a POST again by itself [libcurl] (A7) */
        portal_error(sandbox, &exchange->reply, 417, "Expectation Failed");
        next = pairs_get(&exchange->call.headers, "Expect") ? EXCHANGE_REPLY_EARLY : EXCHANGE_REPLY;
        break;
    default:
        break;
    }
    if (next != EXCHANGE_READ_ON)
        record(exchange);
    if (exchange->reply.status)
        calls_set_status(&sandbox->calls, exchange->record, exchange->reply.status);
    pthread_mutex_unlock(&sandbox->lock);
    return next;
}

static void serve(struct exchange *exchange)
{
    struct sandbox *sandbox = exchange->sandbox;
    const char *path = exchange->call.path;
    if (exchange->control)
        control_serve(sandbox, &exchange->call, &exchange->reply);
    else if (strncasecmp(path, "/portalapi/", 11) == 0)
        portal_serve(sandbox, &exchange->call, &exchange->reply);
    else if (strncmp(path, "/_files/", 8) == 0)
        files_serve(sandbox, &exchange->call, &exchange->reply);
    else if (strncmp(path, "/rest/", 6) == 0)
        soar_serve(sandbox, &exchange->call, &exchange->reply);
    else
        reply_empty(&exchange->reply, 404);
}

static void serve_locked(struct exchange *exchange)
{
    struct sandbox *sandbox = exchange->sandbox;
    pthread_mutex_lock(&sandbox->lock);
    serve(exchange);
    pthread_mutex_unlock(&sandbox->lock);
}

static bool applies(const struct exchange *exchange, bool by_default)
{
    const cJSON *apply = json_member(exchange->strike.spec, "apply");
    return apply ? !cJSON_IsFalse(apply) : by_default;
}

/* The reply a fault asks for: {"status","body","content_type","headers"}. */
static void replace_reply(struct exchange *exchange, unsigned status, const char *body, const char *type)
{
    const cJSON *spec = exchange->strike.spec, *header;
    const char *given = json_text(spec, "body"), *given_type = json_text(spec, "content_type");
    reply_clear(&exchange->reply);
    exchange->reply.status = (unsigned)json_int(spec, "status", (long)status);
    exchange->reply.content_type = given_type ? given_type : type;
    text_puts(&exchange->reply.body, given ? given : body);
    cJSON_ArrayForEach (header, json_member(spec, "headers")) {
        if (cJSON_IsString(header))
            pairs_add(&exchange->reply.headers, header->string, header->valuestring);
    }
}

#define GATEWAY_PAGE "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"

/* Some gateway answers in the service's place [inferred] (A5.6); with apply:true it did so too late. */
static enum exchange_next answer_status(struct exchange *exchange)
{
    if (applies(exchange, false))
        serve_locked(exchange);
    replace_reply(exchange, 502, GATEWAY_PAGE, "text/html");
    return EXCHANGE_REPLY;
}

/* apply: true (default) at once, "late" after the pause, false never. */
static enum exchange_next answer_delayed(struct exchange *exchange)
{
    bool late = same_word(json_text(exchange->strike.spec, "apply"), "late");
    bool at_once = !late && applies(exchange, true);
    if (at_once)
        serve_locked(exchange);
    if (!sandbox_pause(exchange->sandbox, (double)json_int(exchange->strike.spec, "ms", 1000)))
        return EXCHANGE_CLOSE;
    if (late)
        serve_locked(exchange);
    else if (!at_once)
        replace_reply(exchange, 504, GATEWAY_PAGE, "text/html");
    return EXCHANGE_REPLY;
}

static size_t size_of(const struct exchange *exchange, const char *name, size_t fallback)
{
    long size = json_int(exchange->strike.spec, name, (long)fallback);
    return size < 0 ? 0 : (size_t)size;
}

static enum exchange_next answer_truncated(struct exchange *exchange)
{
    struct text *body = &exchange->reply.body;
    if (body->len == 0)
        text_puts(body, "{}");
    exchange->in_portions = true;
    exchange->declared_length = body->len;
    exchange->send_limit = size_of(exchange, "bytes", body->len / 2);
    if (exchange->send_limit >= body->len)
        exchange->declared_length = exchange->send_limit + 1;
    return EXCHANGE_REPLY;
}

static enum exchange_next answer_slowly(struct exchange *exchange)
{
    exchange->in_portions = exchange->reply.body.len > 0;
    exchange->declared_length = exchange->reply.body.len;
    exchange->send_limit = SIZE_MAX;
    exchange->portion = size_of(exchange, "chunk", 16);
    exchange->portion_ms = (double)json_int(exchange->strike.spec, "ms", 50);
    return EXCHANGE_REPLY;
}

/* Data that changes between two calls of one walk: {"approvalRequestId","set"}, as POST request takes it. */
static void change_data(struct exchange *exchange)
{
    struct text error = {0};
    pthread_mutex_lock(&exchange->sandbox->lock);
    control_change_request(exchange->sandbox, exchange->strike.spec, &error);
    pthread_mutex_unlock(&exchange->sandbox->lock);
    text_free(&error);
}

static enum exchange_next answer_struck(struct exchange *exchange)
{
    switch (exchange->strike.kind) {
    case FAULT_DROP_BEFORE_APPLY:
        return EXCHANGE_CLOSE;
    case FAULT_STATUS:
        return answer_status(exchange);
    case FAULT_DELAY:
        return answer_delayed(exchange);
    case FAULT_CHANGE:
        change_data(exchange);
        break;
    default:
        break;
    }
    if (applies(exchange, true))
        serve_locked(exchange);
    else
        reply_json(&exchange->reply, 200, "{}");
    switch (exchange->strike.kind) {
    case FAULT_DROP_AFTER_APPLY:
        return EXCHANGE_CLOSE;
    case FAULT_GARBAGE:
        replace_reply(exchange, 200, "<html>surely no JSON</html>", JSON_TYPE);
        return EXCHANGE_REPLY;
    case FAULT_TRUNCATE:
        return answer_truncated(exchange);
    case FAULT_SLOW:
        return answer_slowly(exchange);
    default:
        return EXCHANGE_REPLY;
    }
}

static enum exchange_next answer(struct exchange *exchange)
{
    struct sandbox *sandbox = exchange->sandbox;
    if (!exchange->control && sandbox->latency_ms && !sandbox_pause(sandbox, sandbox->latency_ms))
        return EXCHANGE_CLOSE;
    if (exchange->strike.kind != FAULT_NONE)
        return answer_struck(exchange);
    serve_locked(exchange);
    return EXCHANGE_REPLY;
}

enum exchange_next exchange_answer(struct exchange *exchange)
{
    record_locked(exchange);
    enum exchange_next next = answer(exchange);
    if (next != EXCHANGE_REPLY || !exchange->recorded)
        return next;
    pthread_mutex_lock(&exchange->sandbox->lock);
    calls_set_status(&exchange->sandbox->calls, exchange->record, exchange->reply.status);
    pthread_mutex_unlock(&exchange->sandbox->lock);
    return next;
}
