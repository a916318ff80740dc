#include "http/http.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/redact.h"
#include "base/text.h"
#include "base/time.h"
#include "http/http_internal.h"
#include "http/route.h"

enum {
    DEFAULT_TIMEOUT_MS = 60 * 1000,
    DEFAULT_CONNECT_TIMEOUT_MS = 10 * 1000,
    MAX_TIMEOUT_MS = 24 * 60 * 60 * 1000,
    DEFAULT_RETRIES = 3,
    MAX_RETRIES = 20,
    MAX_QUOTED = 64 * 1024,
};

static bool copy_connection(tl_connection *to, const tl_connection *from)
{
    static const tl_connection nothing = {0};
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

/* malloc'd; NULL when out of memory. */
static char *joined(const char *first, const char *second, const char *third)
{
    tl_buffer text = {.limit = SIZE_MAX - 1};
    tl_buffer_format(&text, "%s%s%s", first, second, third);
    if (text.failed)
        tl_buffer_free(&text);
    return text.data;
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
    http->auth_line = joined(options->auth_name, ": ", options->auth_value);
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
    atomic_init(&http->cancel_at_ms, 0);
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
            tl_pool_free(http->idle[i]);
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

void tl_http_cancel_in(tl_http *http, int64_t ms)
{
    atomic_store(&http->cancel_at_ms, tl_monotonic_ms() + ms);
}

bool tl_http_is_cancelled(const tl_http *http)
{
    int64_t at_ms = atomic_load(&http->cancel_at_ms);
    return atomic_load(&http->cancelled) || (at_ms != 0 && tl_monotonic_ms() >= at_ms);
}

int64_t tl_http_timeout_ms(const tl_http *http)
{
    return http->connection.timeout_ms;
}

tl_pool *tl_http_take_pool(tl_http *http)
{
    pthread_mutex_lock(&http->mutex);
    tl_pool *pool = http->idle_count > 0 ? http->idle[--http->idle_count] : NULL;
    pthread_mutex_unlock(&http->mutex);
    return pool != NULL ? pool : tl_pool_new();
}

void tl_http_give_back(tl_http *http, tl_pool *pool)
{
    pthread_mutex_lock(&http->mutex);
    if (http->idle_count < TL_HTTP_IDLE_POOLS) {
        http->idle[http->idle_count++] = pool;
        pool = NULL;
    }
    pthread_mutex_unlock(&http->mutex);
    tl_pool_free(pool);
}

tl_code tl_http_check_usable(const tl_http *http, const char *label, tl_error *err)
{
    if (http->owner != getpid())
        return tl_fail(err, TL_USAGE, "a client cannot be used after fork(): make a new one in the child");
    if (tl_http_is_cancelled(http))
        return tl_fail(err, TL_CANCELLED, "%s: the client was cancelled", label);
    return TL_OK;
}

tl_code tl_http_check_call(const tl_http *http, const tl_http_request *request, tl_error *err)
{
    for (size_t i = 0; i < TL_HTTP_MAX_EXTRA_HEADERS; i++)
        if (request->headers[i].name != NULL && !tl_is_header_value(request->headers[i].value))
            return tl_fail(err, TL_USAGE, "%s: a header value holds characters that no header can carry",
                           request->label);
    return tl_http_check_usable(http, request->label, err);
}

bool tl_http_header_lines(char *out[TL_HTTP_MAX_EXTRA_HEADERS], const tl_http_request *request)
{
    bool ok = true;
    for (size_t i = 0; i < TL_HTTP_MAX_EXTRA_HEADERS; i++) {
        const tl_http_header *header = &request->headers[i];
        out[i] = header->name == NULL ? NULL : joined(header->name, ": ", header->value);
        ok = ok && (header->name == NULL || out[i] != NULL);
    }
    return ok;
}

char *tl_http_url(const tl_http *http, const char *target)
{
    return joined(http->base.text, "", target);
}

void tl_http_reply_free(tl_http_reply *reply)
{
    free(reply->body);
    free(reply->pagination);
    *reply = (tl_http_reply){
        .nothing_sent = reply->nothing_sent, .came_before = reply->came_before, .retry_after_ms = -1};
}

/* Only a proxy with credentials in it is a secret. */
static const char *secret_proxy(const char *proxy)
{
    return proxy != NULL && strchr(proxy, '@') != NULL ? proxy : NULL;
}

void tl_http_redact(const tl_http *http, char *text, size_t size)
{
    tl_proxy_settings settings = tl_proxy_settings_read(http->connection.proxy);
    const char *proxies[] = {secret_proxy(settings.configured), secret_proxy(settings.environment)};
    tl_redact(text, size, proxies, sizeof proxies / sizeof proxies[0]);
    tl_redact(text, size, (const char *const *)http->secrets, TL_HTTP_MAX_SECRETS);
}

void tl_http_reply_redact(tl_http_reply *reply, const tl_http *http)
{
    if (reply->length > MAX_QUOTED)
        reply->body[tl_utf8_prefix(reply->body, reply->length, MAX_QUOTED)] = '\0';
    tl_http_redact(http, reply->body, strlen(reply->body) + 1);
    reply->length = strlen(reply->body);
}

tl_code tl_http_reply_check(const tl_http_reply *reply, const tl_http *http, const char *label, tl_error *err)
{
    if (!tl_holds_secret(reply->body, reply->length, (const char *const *)http->secrets, TL_HTTP_MAX_SECRETS))
        return TL_OK;
    return tl_fail(err, TL_PROTOCOL,
                   "%s: the reply holds the credentials that were sent; nothing of it is used", label);
}
