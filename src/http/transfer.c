#include "http/transfer.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "http/transfer_internal.h"

enum { MAX_UNUSED_BODY = 64 * 1024 };

struct tl_pool {
    CURLM *multi;
};

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

tl_pool *tl_pool_new(void)
{
    tl_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL)
        return NULL;
    pool->multi = curl_multi_init();
    if (pool->multi == NULL) {
        free(pool);
        return NULL;
    }
    return pool;
}

void tl_pool_free(tl_pool *pool)
{
    if (pool == NULL)
        return;
    curl_multi_cleanup(pool->multi);
    free(pool);
}

static void free_transfer(tl_transfer *transfer)
{
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->headers);
    tl_buffer_free(&transfer->body);
    free(transfer->pagination);
    free(transfer->retry_after);
    free(transfer->date);
    free(transfer);
}

int64_t tl_transfer_age_ms(const tl_http_request *request)
{
    int64_t age_us = request->begun_us == 0 ? 0 : tl_now_us() - request->begun_us;
    return age_us > 0 ? age_us / 1000 : 0;
}

bool tl_transfer_is_late(const tl_transfer_spec *spec)
{
    int64_t begun_us = spec->request->begun_us;
    return begun_us != 0 &&
           (tl_now_us() < begun_us || tl_transfer_age_ms(spec->request) >= spec->connection->timeout_ms);
}

tl_transfer *tl_transfer_start(tl_pool *pool, const tl_transfer_spec *spec, tl_error *err)
{
    tl_transfer *transfer = calloc(1, sizeof *transfer);
    if (transfer == NULL) {
        (void)tl_fail_memory(err);
        return NULL;
    }
    transfer->pool = pool;
    transfer->spec = spec;
    /* What does not go to the sink is an error page, and a look is not about the body. */
    bool used = spec->sink == NULL && spec->look == NULL;
    transfer->body.limit = used ? TL_HTTP_MAX_BODY : MAX_UNUSED_BODY;
    /* A new one each time: curl_easy_reset does not say when memory ran out, and what it leaves then has
     * buffers of size 0 that libcurl writes beyond [ran, 7.88.1]. The connections are the multi's. */
    transfer->easy = curl_easy_init();
    CURLcode code = transfer->easy == NULL ? CURLE_OUT_OF_MEMORY : tl_transfer_set_options(transfer);
    if (code == CURLE_OK && curl_multi_add_handle(pool->multi, transfer->easy) == CURLM_OK)
        return transfer;
    if (code == CURLE_OK || code == CURLE_OUT_OF_MEMORY)
        (void)tl_fail_memory(err);
    else
        (void)tl_fail(err, TL_CONFIG, "%s: libcurl refused an option: %s", spec->request->label,
                      curl_easy_strerror(code));
    free_transfer(transfer);
    return NULL;
}

static bool note_finished(CURLM *multi)
{
    bool any = false;
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &left)) != NULL;) {
        char *transfer = NULL;
        if (message->msg != CURLMSG_DONE ||
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer) != CURLE_OK)
            continue;
        ((tl_transfer *)(void *)transfer)->finished = true;
        ((tl_transfer *)(void *)transfer)->result = message->data.result;
        any = true;
    }
    return any;
}

static tl_code explain_multi(CURLMcode code, tl_error *err)
{
    if (code == CURLM_OUT_OF_MEMORY)
        return tl_fail_memory(err);
    return tl_fail(err, TL_NETWORK, "libcurl failed: %s", curl_multi_strerror(code));
}

tl_code tl_pool_drive(tl_pool *pool, int64_t wait_ms, tl_error *err)
{
    int running, ready;
    CURLMcode code = curl_multi_perform(pool->multi, &running);
    if (code == CURLM_OK && note_finished(pool->multi))
        return TL_OK;
    if (code == CURLM_OK)
        code = curl_multi_wait(pool->multi, NULL, 0, (int)wait_ms, &ready);
    if (code != CURLM_OK)
        return explain_multi(code, err);
    /* It returns at once when there is nothing to wait on, such as during name resolution. */
    if (ready == 0 && wait_ms > 0)
        tl_sleep_ms(1);
    return TL_OK;
}

bool tl_transfer_finished(const tl_transfer *transfer)
{
    return transfer->finished;
}

static bool is_connect_failure(CURLcode code)
{
    return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY ||
           code == CURLE_COULDNT_CONNECT;
}

static bool is_tls_failure(CURLcode code)
{
    switch (code) {
    case CURLE_OBSOLETE51: /* before 7.62: the certificate is another host's [libcurl] */
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

/* What we ourselves stopped; TL_ATTEMPT_REPLIED stands for "nothing of that kind". */
static tl_attempt_end explain_own_stop(const tl_transfer *transfer, tl_error *err)
{
    const char *label = transfer->spec->request->label;
    if (!transfer->finished)
        (void)tl_fail(err, TL_CANCELLED, "%s: cancelled", label);
    else if (transfer->headers_too_large || transfer->body.too_large || transfer->sink_full ||
             transfer->result == CURLE_FILESIZE_EXCEEDED)
        (void)tl_fail(err, TL_PROTOCOL, "%s: the reply is larger than allowed", label);
    else if (transfer->late)
        (void)tl_fail(err, TL_TIMEOUT, TL_LATE_MESSAGE, label);
    else if (transfer->sink_failed)
        (void)tl_fail(err, TL_CONFIG, "%s: the file could not be written", label);
    else if (transfer->address_refused && is_connect_failure(transfer->result))
        (void)tl_fail(err, TL_INVALID, "%s: the file's host is no address of the public internet: refused",
                      label);
    else if (transfer->result == CURLE_OUT_OF_MEMORY || transfer->failed || transfer->body.failed)
        (void)tl_fail_memory(err);
    else
        return TL_ATTEMPT_REPLIED;
    return TL_ATTEMPT_FINAL;
}

static tl_attempt_end explain_failure(const tl_transfer *transfer, tl_error *err)
{
    CURLcode code = transfer->result;
    const char *label = transfer->spec->request->label;
    const char *why = transfer->message[0] != '\0' ? transfer->message : curl_easy_strerror(code);
    tl_attempt_end end = explain_own_stop(transfer, err);
    if (end != TL_ATTEMPT_REPLIED)
        return end;
    if (is_tls_failure(code)) {
        (void)tl_fail(err, TL_TLS, "%s: %s; check the host name and ca_file", label, why);
        /* A handshake that merely broke may succeed later; a certificate that does not verify will not. */
        return code == CURLE_SSL_CONNECT_ERROR ? TL_ATTEMPT_CONNECT_FAILED : TL_ATTEMPT_FINAL;
    }
    if (code == CURLE_OPERATION_TIMEDOUT) {
        (void)tl_fail(err, TL_TIMEOUT, "%s: %s", label, why);
        return TL_ATTEMPT_TIMED_OUT;
    }
    if (transfer->headers_open && code == CURLE_OK)
        why = "the connection was closed within the headers";
    (void)tl_fail(err, TL_NETWORK, "%s: %s", label, why);
    return is_connect_failure(code) ? TL_ATTEMPT_CONNECT_FAILED : TL_ATTEMPT_BROKEN;
}

/* No time until "about to transfer" means that not one byte of the request left. */
static bool nothing_was_sent(CURL *easy)
{
    curl_off_t until_sending = 1;
    return curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &until_sending) == CURLE_OK &&
           until_sending == 0;
}

static void give_reply(tl_http_reply *reply, tl_transfer *transfer)
{
    long status = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    reply->status = (int)status;
    reply->body = transfer->body.data;
    reply->length = transfer->body.length;
    reply->pagination = transfer->pagination;
    reply->retry_after_ms = tl_retry_after_ms(transfer->retry_after, tl_now_us());
    transfer->body.data = NULL;
    transfer->pagination = NULL;
}

tl_attempt_end tl_transfer_end(tl_http_reply *reply, tl_transfer *transfer, tl_error *err)
{
    *reply = (tl_http_reply){.retry_after_ms = -1,
                             .nothing_sent = transfer->late || nothing_was_sent(transfer->easy)};
    tl_attempt_end end;
    bool whole = transfer->finished && transfer->result == CURLE_OK && !transfer->headers_open;
    if (whole && tl_buffer_text(&transfer->body, "")) {
        give_reply(reply, transfer);
        end = TL_ATTEMPT_REPLIED;
    } else {
        end = explain_failure(transfer, err);
    }
    if (transfer->spec->look != NULL)
        tl_transfer_collect_look(transfer);
    curl_multi_remove_handle(transfer->pool->multi, transfer->easy);
    free_transfer(transfer);
    return end;
}
