#include "http/http.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/redact.h"
#include "base/text.h"
#include "base/time.h"
#include "http/retry.h"
#include "http/transfer.h"
#include "http/url.h"

enum {
    DEFAULT_TIMEOUT_MS = 60 * 1000,
    DEFAULT_CONNECT_TIMEOUT_MS = 10 * 1000,
    MAX_TIMEOUT_MS = 24 * 60 * 60 * 1000,
    DEFAULT_RETRIES = 3,
    MAX_RETRIES = 20,
    MAX_IDLE_WORKERS = 8,
    MAX_QUOTED = 64 * 1024,
};

struct tl_http {
    tl_base_url base;
    char *auth_line;
    char *secrets[TL_HTTP_MAX_SECRETS];
    tl_connection connection; /* its texts are ours */
    pthread_mutex_t mutex;    /* guards idle */
    tl_worker *idle[MAX_IDLE_WORKERS];
    size_t idle_count;
    atomic_bool cancelled;
    pid_t owner;
};

static bool copy_connection(tl_connection *to, const tl_connection *from)
{
    static const tl_connection nothing;
    *to = from == NULL ? nothing : *from;
    const char **texts[] = {&to->ca_file, &to->client_cert, &to->client_key, &to->proxy};
    bool complete = true;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (*texts[i] != NULL && (*texts[i] = strdup(*texts[i])) == NULL)
            complete = false;
    }
    return complete;
}

static tl_code check_file(const char *path, const char *option, tl_error *err)
{
    if (path != NULL && access(path, R_OK) != 0)
        return tl_fail(err, TL_CONFIG, "%s: cannot read %s", option, path);
    return TL_OK;
}

static tl_code check_connection(tl_connection *connection, tl_error *err)
{
    if (connection->timeout_ms == 0)
        connection->timeout_ms = DEFAULT_TIMEOUT_MS;
    if (connection->connect_timeout_ms == 0)
        connection->connect_timeout_ms = DEFAULT_CONNECT_TIMEOUT_MS;
    if (connection->timeout_ms < 1 || connection->timeout_ms > MAX_TIMEOUT_MS ||
        connection->connect_timeout_ms < 1 || connection->connect_timeout_ms > MAX_TIMEOUT_MS)
        return tl_fail(err, TL_CONFIG, "timeout and connect_timeout must be between 1 ms and 24 h");
    if (connection->retries == 0)
        connection->retries = DEFAULT_RETRIES;
    if (connection->retries < -1 || connection->retries > MAX_RETRIES)
        return tl_fail(err, TL_CONFIG, "retries must be between 0 and %d", MAX_RETRIES);
    const char *keylog = getenv("SSLKEYLOGFILE");
    if (keylog != NULL && keylog[0] != '\0' && !connection->allow_sslkeylog)
        return tl_fail(err, TL_CONFIG, "SSLKEYLOGFILE is set, which writes TLS keys to a file: unset it");
    tl_code code = check_file(connection->ca_file, "ca_file", err);
    if (code == TL_OK)
        code = check_file(connection->client_cert, "client_cert", err);
    return code == TL_OK ? check_file(connection->client_key, "client_key", err) : code;
}

static char *header_line(const char *name, const char *value)
{
    tl_buffer line = {.limit = 64 * 1024};
    tl_buffer_format(&line, "%s: %s", name, value);
    if (line.failed)
        tl_buffer_free(&line);
    return line.data;
}

static tl_code fill(tl_http *http, const tl_http_options *options, tl_error *err)
{
    if (!copy_connection(&http->connection, options->connection))
        return tl_fail_memory(err);
    for (size_t i = 0; i < options->secret_count && i < TL_HTTP_MAX_SECRETS; i++)
        if (options->secrets[i] != NULL && (http->secrets[i] = strdup(options->secrets[i])) == NULL)
            return tl_fail_memory(err);
    tl_code code = tl_base_url_read(&http->base, options->base_url, options->base_url_option, err);
    if (code == TL_OK)
        code = check_connection(&http->connection, err);
    if (code != TL_OK)
        return code;
    if (!tl_is_header_value(options->auth_value))
        return tl_fail(err, TL_CONFIG, "the credentials hold characters that no header can carry");
    http->auth_line = header_line(options->auth_name, options->auth_value);
    return http->auth_line == NULL ? tl_fail_memory(err) : tl_transfer_global_init(err);
}

tl_code tl_http_new(tl_http **out, const tl_http_options *options, tl_error *err)
{
    *out = NULL;
    tl_http *http = calloc(1, sizeof *http);
    if (http == NULL)
        return tl_fail_memory(err);
    pthread_mutex_init(&http->mutex, NULL);
    atomic_init(&http->cancelled, false);
    http->owner = getpid();
    tl_code code = fill(http, options, err);
    if (code != TL_OK) {
        tl_http_free(http);
        return code;
    }
    *out = http;
    return TL_OK;
}

void tl_http_free(tl_http *http)
{
    if (http == NULL)
        return;
    /* A forked child shares the parent's sockets: closing TLS on them would break the parent's. */
    if (http->owner == getpid())
        for (size_t i = 0; i < http->idle_count; i++)
            tl_worker_free(http->idle[i]);
    tl_wipe_free(http->auth_line);
    for (size_t i = 0; i < TL_HTTP_MAX_SECRETS; i++)
        tl_wipe_free(http->secrets[i]);
    tl_wipe_free((char *)http->connection.proxy);
    free((char *)http->connection.ca_file);
    free((char *)http->connection.client_cert);
    free((char *)http->connection.client_key);
    free(http->base.text);
    pthread_mutex_destroy(&http->mutex);
    free(http);
}

void tl_http_cancel(tl_http *http)
{
    atomic_store(&http->cancelled, true);
}

int64_t tl_http_timeout_ms(const tl_http *http)
{
    return http->connection.timeout_ms;
}

static void redact(const tl_http *http, char *text, size_t size)
{
    tl_redact(text, size, (const char *const *)http->secrets, TL_HTTP_MAX_SECRETS);
}

static tl_worker *take_worker(tl_http *http)
{
    pthread_mutex_lock(&http->mutex);
    tl_worker *worker = http->idle_count > 0 ? http->idle[--http->idle_count] : NULL;
    pthread_mutex_unlock(&http->mutex);
    return worker != NULL ? worker : tl_worker_new();
}

static void give_worker_back(tl_http *http, tl_worker *worker)
{
    pthread_mutex_lock(&http->mutex);
    if (http->idle_count < MAX_IDLE_WORKERS) {
        http->idle[http->idle_count++] = worker;
        worker = NULL;
    }
    pthread_mutex_unlock(&http->mutex);
    tl_worker_free(worker);
}

static void log_attempt(const tl_http *http, const tl_http_request *request, const tl_http_reply *reply,
                        const tl_error *attempt_err, int64_t took_ms)
{
    if (http->connection.log == NULL)
        return;
    tl_buffer text = {.limit = 256};
    tl_buffer_format(&text, "%s %s ", request->method, request->label);
    if (attempt_err->code == TL_OK)
        tl_buffer_format(&text, "%d", reply->status);
    else
        tl_buffer_text(&text, tl_code_name(attempt_err->code));
    tl_buffer_format(&text, " %lld ms", (long long)took_ms);
    if (text.data != NULL)
        http->connection.log(http->connection.log_data, text.data);
    tl_buffer_free(&text);
}

/* Sleeps in slices so that a cancellation is seen. */
static void wait_before_retry(const tl_http *http, int64_t delay_ms)
{
    int64_t until = tl_monotonic_ms() + delay_ms;
    for (int64_t left; (left = until - tl_monotonic_ms()) > 0 && !atomic_load(&http->cancelled);)
        tl_sleep_ms(left < 200 ? left : 200);
}

/* While retries are left an attempt may use half of what remains, so that a stalled one can be repeated.
 * Never 0, which libcurl takes for no limit: a wait may last a little longer than asked for. */
static int64_t attempt_timeout_ms(const tl_http_request *request, int made, int retries, int64_t remaining_ms)
{
    if (remaining_ms < 1)
        return 1;
    return request->write || made >= retries ? remaining_ms : remaining_ms / 2 + 1;
}

static tl_code call_until_deadline(tl_http_reply *reply, tl_http *http, tl_worker *worker,
                                   tl_transfer *transfer, tl_error *err)
{
    const tl_http_request *request = transfer->request;
    int retries = http->connection.retries < 0 ? 0 : http->connection.retries;
    int64_t deadline = tl_monotonic_ms() + http->connection.timeout_ms;
    for (int made = 1;; made++) {
        tl_error attempt_err = TL_ERROR_INIT;
        int64_t started = tl_monotonic_ms();
        transfer->timeout_ms = attempt_timeout_ms(request, made - 1, retries, deadline - started);
        tl_attempt_end end = tl_transfer_run(reply, worker, transfer, &attempt_err);
        log_attempt(http, request, reply, &attempt_err, tl_monotonic_ms() - started);

        tl_attempt attempt = {.write = request->write,
                              .made = made,
                              .max_retries = retries,
                              .end = end,
                              .status = reply->status,
                              .retry_after_ms = reply->retry_after_ms,
                              .remaining_ms = deadline - tl_monotonic_ms()};
        tl_random_bytes(&attempt.random, sizeof attempt.random);
        int64_t delay_ms = tl_retry_delay_ms(&attempt);
        if (delay_ms < 0) {
            if (end == TL_ATTEMPT_REPLIED)
                return TL_OK;
            if (err != NULL && err->code == TL_OK) {
                *err = attempt_err;
                err->retriable = end != TL_ATTEMPT_FINAL;
                redact(http, err->message, sizeof err->message);
            }
            return attempt_err.code;
        }
        tl_http_reply_free(reply);
        wait_before_retry(http, delay_ms);
        if (atomic_load(&http->cancelled))
            return tl_fail(err, TL_CANCELLED, "%s: cancelled", request->label);
    }
}

static tl_code check_call(const tl_http *http, const tl_http_request *request, tl_error *err)
{
    if (http->owner != getpid())
        return tl_fail(err, TL_USAGE, "a client cannot be used after fork(): make a new one in the child");
    if (atomic_load(&http->cancelled))
        return tl_fail(err, TL_CANCELLED, "%s: the client was cancelled", request->label);
    if (request->header_value != NULL && !tl_is_header_value(request->header_value))
        return tl_fail(err, TL_USAGE, "%s: a header value holds characters that no header can carry",
                       request->label);
    return TL_OK;
}

tl_code tl_http_call(tl_http_reply *out, tl_http *http, const tl_http_request *request, tl_error *err)
{
    *out = (tl_http_reply){.nothing_sent = true, .retry_after_ms = -1};
    tl_code code = check_call(http, request, err);
    if (code != TL_OK)
        return code;
    tl_buffer url = {.limit = 64 * 1024};
    tl_buffer_format(&url, "%s%s", http->base.text, request->target);
    char *extra =
        request->header_value == NULL ? NULL : header_line(request->header_name, request->header_value);
    tl_worker *worker = take_worker(http);
    if (url.failed || worker == NULL || (request->header_value != NULL && extra == NULL)) {
        code = tl_fail_memory(err);
    } else {
        tl_transfer transfer = {.request = request,
                                .url = url.data,
                                .auth_line = http->auth_line,
                                .extra_line = extra,
                                .connection = &http->connection,
                                .loopback = http->base.loopback,
                                .cancelled = &http->cancelled};
        code = call_until_deadline(out, http, worker, &transfer, err);
    }
    if (worker != NULL)
        give_worker_back(http, worker);
    free(extra);
    tl_buffer_free(&url);
    return code;
}

void tl_http_reply_free(tl_http_reply *reply)
{
    free(reply->body);
    free(reply->pagination);
    *reply = (tl_http_reply){.nothing_sent = reply->nothing_sent, .retry_after_ms = -1};
}

void tl_http_reply_redact(tl_http_reply *reply, const tl_http *http)
{
    if (reply->length > MAX_QUOTED)
        reply->body[tl_utf8_prefix(reply->body, reply->length, MAX_QUOTED)] = '\0';
    redact(http, reply->body, strlen(reply->body) + 1);
    reply->length = strlen(reply->body);
}
