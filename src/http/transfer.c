#include "http/transfer.h"

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "base/time.h"

enum { WAIT_SLICE_MS = 200, LOW_SPEED_BYTES = 1, LOW_SPEED_SECONDS = 30 };

struct tl_worker {
    CURLM *multi;
    CURL *easy;
    char message[CURL_ERROR_SIZE];
};

/* What the callbacks collect. */
typedef struct collector {
    tl_buffer body;
    size_t header_bytes;
    size_t header_count;
    bool headers_too_large;
    char *pagination;
    char *retry_after;
    bool failed; /* out of memory */
} collector;

tl_code tl_transfer_global_init(tl_error *err)
{
    /* curl_global_init is thread-safe only from 7.84 on. */
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    static bool done;
    pthread_mutex_lock(&mutex);
    if (!done)
        done = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    bool ok = done;
    pthread_mutex_unlock(&mutex);
    return ok ? TL_OK : tl_fail(err, TL_CONFIG, "libcurl could not be initialised");
}

tl_worker *tl_worker_new(void)
{
    tl_worker *worker = calloc(1, sizeof *worker);
    if (worker == NULL)
        return NULL;
    worker->multi = curl_multi_init();
    worker->easy = curl_easy_init();
    if (worker->multi == NULL || worker->easy == NULL) {
        tl_worker_free(worker);
        return NULL;
    }
    return worker;
}

void tl_worker_free(tl_worker *worker)
{
    if (worker == NULL)
        return;
    curl_easy_cleanup(worker->easy);
    curl_multi_cleanup(worker->multi);
    free(worker);
}

static size_t on_body(char *data, size_t size, size_t count, void *to)
{
    collector *collected = to;
    size_t length = size * count;
    return tl_buffer_append(&collected->body, data, length) ? length : 0;
}

/* The trimmed value when the line is "<name>: value" and none was seen before; NULL otherwise. */
static char *header_value(const char *line, size_t length, const char *name, bool *failed)
{
    size_t name_length = strlen(name);
    if (length <= name_length || line[name_length] != ':' || strncasecmp(line, name, name_length) != 0)
        return NULL;
    char *raw = strndup(line + name_length + 1, length - name_length - 1);
    char *value = raw == NULL ? NULL : tl_trim(raw);
    free(raw);
    if (value == NULL)
        *failed = true;
    return value;
}

static size_t on_header(char *data, size_t size, size_t count, void *to)
{
    collector *collected = to;
    size_t length = size * count;
    collected->header_bytes += length;
    if (++collected->header_count > TL_HTTP_MAX_HEADERS ||
        collected->header_bytes > TL_HTTP_MAX_HEADER_BYTES) {
        collected->headers_too_large = true;
        return 0;
    }
    if (collected->pagination == NULL)
        collected->pagination = header_value(data, length, "pagination", &collected->failed);
    if (collected->retry_after == NULL)
        collected->retry_after = header_value(data, length, "retry-after", &collected->failed);
    return collected->failed ? 0 : length;
}

static struct curl_slist *append(struct curl_slist *list, const char *line, bool *ok)
{
    if (line == NULL || !*ok)
        return list;
    struct curl_slist *longer = curl_slist_append(list, line);
    if (longer == NULL)
        *ok = false;
    return longer == NULL ? list : longer;
}

static struct curl_slist *header_list(const tl_transfer *transfer, bool *ok)
{
    struct curl_slist *list = NULL;
    list = append(list, transfer->auth_line, ok);
    list = append(list, transfer->extra_line, ok);
    list = append(list, "Accept: application/json", ok);
    /* libcurl re-sends a body by itself on 417 while Expect is pending [libcurl]: never use Expect. */
    list = append(list, "Expect:", ok);
    if (transfer->request->body != NULL)
        list = append(list, "Content-Type: application/json", ok);
    return list;
}

static CURLcode restrict_protocols(CURL *easy, bool loopback)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    CURLcode code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, loopback ? "http,https" : "https");
    if (code != CURLE_UNKNOWN_OPTION)
        return code;
#endif
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS,
                            loopback ? (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS) : (long)CURLPROTO_HTTPS);
#pragma GCC diagnostic pop
}

#define SET(option, value)                                                                                   \
    do {                                                                                                     \
        CURLcode code_ = curl_easy_setopt(easy, option, value);                                              \
        if (code_ != CURLE_OK)                                                                               \
            return code_;                                                                                    \
    } while (0)

static CURLcode set_security(CURL *easy, const tl_transfer *transfer)
{
    const tl_connection *connection = transfer->connection;
    CURLcode code = restrict_protocols(easy, transfer->loopback);
    if (code != CURLE_OK)
        return code;
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_UNRESTRICTED_AUTH, 0L);
    if (connection->ca_file != NULL)
        SET(CURLOPT_CAINFO, connection->ca_file);
    if (connection->client_cert != NULL) {
        SET(CURLOPT_SSLCERT, connection->client_cert);
        SET(CURLOPT_SSLKEY,
            connection->client_key != NULL ? connection->client_key : connection->client_cert);
    }
    return CURLE_OK;
}

static CURLcode set_route(CURL *easy, const tl_transfer *transfer)
{
    const tl_connection *connection = transfer->connection;
    if (transfer->loopback)
        SET(CURLOPT_PROXY, ""); /* a proxy would send the token off this machine */
    else if (connection->proxy != NULL)
        SET(CURLOPT_PROXY, connection->proxy);
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CURLOPT_TCP_KEEPALIVE, 1L);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_TIMEOUT_MS, (long)transfer->timeout_ms);
    int64_t connect_ms = connection->connect_timeout_ms;
    SET(CURLOPT_CONNECTTIMEOUT_MS,
        (long)(connect_ms < transfer->timeout_ms ? connect_ms : transfer->timeout_ms));
    if (!transfer->request->write) {
        SET(CURLOPT_LOW_SPEED_LIMIT, (long)LOW_SPEED_BYTES);
        SET(CURLOPT_LOW_SPEED_TIME, (long)LOW_SPEED_SECONDS);
    }
    return CURLE_OK;
}

/* A write must not be sent twice: libcurl repeats by itself, POST too, when a reused connection dies early or
 * an HTTP/2 stream is refused [libcurl]. */
static CURLcode set_sending(CURL *easy, const tl_http_request *request)
{
    if (request->write) {
        SET(CURLOPT_FRESH_CONNECT, 1L);
        SET(CURLOPT_FORBID_REUSE, 1L);
        SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    } else {
        SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    }
    if (strcmp(request->method, "POST") == 0) {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
        SET(CURLOPT_POSTFIELDS, request->body == NULL ? "" : request->body);
    } else {
        SET(CURLOPT_HTTPGET, 1L);
    }
    return CURLE_OK;
}

static CURLcode set_receiving(tl_worker *worker, collector *collected)
{
    CURL *easy = worker->easy;
    SET(CURLOPT_ERRORBUFFER, worker->message);
    SET(CURLOPT_ACCEPT_ENCODING, "");
    SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)TL_HTTP_MAX_BODY);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, collected);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, collected);
#if LIBCURL_VERSION_NUM >= 0x074000
    CURLcode code = curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
    if (code != CURLE_OK && code != CURLE_UNKNOWN_OPTION)
        return code;
#endif
    return CURLE_OK;
}

/* Every option of every transfer is set here and in the functions above. */
static CURLcode set_all(tl_worker *worker, const tl_transfer *transfer, struct curl_slist *headers,
                        collector *collected)
{
    CURL *easy = worker->easy;
    curl_easy_reset(easy);
    SET(CURLOPT_URL, transfer->url);
    SET(CURLOPT_HTTPHEADER, headers);
    SET(CURLOPT_USERAGENT, "threatlocker-approvals");
    CURLcode code = set_security(easy, transfer);
    if (code == CURLE_OK)
        code = set_route(easy, transfer);
    if (code == CURLE_OK)
        code = set_sending(easy, transfer->request);
    if (code == CURLE_OK)
        code = set_receiving(worker, collected);
    return code;
}

static CURLcode finished_with(CURLM *multi)
{
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &left)) != NULL;)
        if (message->msg == CURLMSG_DONE)
            return message->data.result;
    return CURLE_FAILED_INIT;
}

/* Drives the transfer in slices, so that a cancellation is seen soon. */
static CURLcode drive(tl_worker *worker, const atomic_bool *cancelled, bool *was_cancelled)
{
    if (curl_multi_add_handle(worker->multi, worker->easy) != CURLM_OK)
        return CURLE_FAILED_INIT;
    CURLcode result = CURLE_FAILED_INIT;
    for (;;) {
        int running = 0;
        if (curl_multi_perform(worker->multi, &running) != CURLM_OK)
            break;
        if (running == 0) {
            result = finished_with(worker->multi);
            break;
        }
        if (atomic_load(cancelled)) {
            *was_cancelled = true;
            break;
        }
        int ready;
        if (curl_multi_wait(worker->multi, NULL, 0, WAIT_SLICE_MS, &ready) != CURLM_OK)
            break;
        if (ready == 0) /* 7.61's wait returns at once when there is nothing to wait on */
            tl_sleep_ms(1);
    }
    return result;
}

/* NOSIGNAL stops libcurl from ignoring SIGPIPE, and stand-alone Lua would die of it. */
static CURLcode drive_without_sigpipe(tl_worker *worker, const atomic_bool *cancelled, bool *was_cancelled)
{
    sigset_t pipe_only, before, pending;
    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    sigpending(&pending);
    bool was_pending = sigismember(&pending, SIGPIPE) == 1;
    sigprocmask(SIG_BLOCK, &pipe_only, &before);
    CURLcode result = drive(worker, cancelled, was_cancelled);
    if (!was_pending) {
        const struct timespec none = {0, 0};
        while (sigtimedwait(&pipe_only, NULL, &none) == SIGPIPE) {
        }
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    return result;
}

static bool is_connect_failure(CURLcode code)
{
    return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY ||
           code == CURLE_COULDNT_CONNECT;
}

static bool is_tls_failure(CURLcode code)
{
    switch (code) {
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_USE_SSL_FAILED:
        return true;
    default:
        return false;
    }
}

static tl_attempt_end explain_failure(CURLcode code, const tl_worker *worker, const tl_transfer *transfer,
                                      const collector *collected, bool was_cancelled, tl_error *err)
{
    const char *label = transfer->request->label;
    const char *why = worker->message[0] != '\0' ? worker->message : curl_easy_strerror(code);
    if (was_cancelled) {
        tl_fail(err, TL_CANCELLED, "%s: cancelled", label);
        return TL_ATTEMPT_FINAL;
    }
    if (collected->headers_too_large || collected->body.too_large || code == CURLE_FILESIZE_EXCEEDED) {
        tl_fail(err, TL_PROTOCOL, "%s: the reply is larger than allowed", label);
        return TL_ATTEMPT_FINAL;
    }
    if (code == CURLE_OUT_OF_MEMORY || collected->failed || collected->body.failed) {
        tl_fail_memory(err);
        return TL_ATTEMPT_FINAL;
    }
    if (is_tls_failure(code)) {
        tl_fail(err, TL_TLS, "%s: %s; check the host name and ca_file", label, why);
        /* A handshake that merely broke may succeed later; a certificate that does not verify will not. */
        return code == CURLE_SSL_CONNECT_ERROR ? TL_ATTEMPT_CONNECT_FAILED : TL_ATTEMPT_FINAL;
    }
    if (code == CURLE_OPERATION_TIMEDOUT) {
        tl_fail(err, TL_TIMEOUT, "%s: %s", label, why);
        return TL_ATTEMPT_TIMED_OUT;
    }
    tl_fail(err, TL_NETWORK, "%s: %s", label, why);
    return is_connect_failure(code) ? TL_ATTEMPT_CONNECT_FAILED : TL_ATTEMPT_BROKEN;
}

/* No time until "about to transfer" means that not one byte of the request left. */
static bool nothing_was_sent(CURL *easy)
{
    curl_off_t until_sending = 1;
    return curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &until_sending) == CURLE_OK &&
           until_sending == 0;
}

static void give_reply(tl_http_reply *reply, CURL *easy, collector *collected)
{
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    reply->status = (int)status;
    reply->body = collected->body.data;
    reply->length = collected->body.length;
    reply->pagination = collected->pagination;
    reply->retry_after_ms = tl_retry_after_ms(collected->retry_after, tl_now_us());
    collected->body.data = NULL;
    collected->pagination = NULL;
}

tl_attempt_end tl_transfer_run(tl_http_reply *reply, tl_worker *worker, const tl_transfer *transfer,
                               tl_error *err)
{
    *reply = (tl_http_reply){.retry_after_ms = -1, .nothing_sent = true};
    collector collected = {.body = {.limit = TL_HTTP_MAX_BODY}};
    worker->message[0] = '\0';
    bool listed = true, was_cancelled = false;
    struct curl_slist *headers = header_list(transfer, &listed);
    tl_attempt_end end = TL_ATTEMPT_FINAL;
    CURLcode code = listed ? set_all(worker, transfer, headers, &collected) : CURLE_OUT_OF_MEMORY;
    if (code != CURLE_OK) {
        tl_fail(err, code == CURLE_OUT_OF_MEMORY ? TL_MEMORY : TL_CONFIG, "%s: libcurl refused an option: %s",
                transfer->request->label, curl_easy_strerror(code));
    } else {
        code = drive_without_sigpipe(worker, transfer->cancelled, &was_cancelled);
        reply->nothing_sent = nothing_was_sent(worker->easy);
        if (code == CURLE_OK && !was_cancelled && tl_buffer_text(&collected.body, "")) {
            give_reply(reply, worker->easy, &collected);
            end = TL_ATTEMPT_REPLIED;
        } else {
            end = explain_failure(code, worker, transfer, &collected, was_cancelled, err);
        }
        curl_multi_remove_handle(worker->multi, worker->easy);
    }
    curl_slist_free_all(headers);
    tl_buffer_free(&collected.body);
    free(collected.pagination);
    free(collected.retry_after);
    return end;
}
