/* What is inside a tl_transfer, for transfer*.c. */
#ifndef TL_HTTP_TRANSFER_INTERNAL_H
#define TL_HTTP_TRANSFER_INTERNAL_H

#include <curl/curl.h>

#include "base/text.h"
#include "http/transfer.h"

struct tl_transfer {
    tl_pool *pool;
    CURL *easy;
    const tl_transfer_spec *spec;
    struct curl_slist *headers;
    char message[CURL_ERROR_SIZE];
    bool finished;
    CURLcode result;
    /* What the callbacks collect: */
    tl_buffer body;
    size_t header_bytes;
    size_t header_count;
    int64_t sunk;      /* bytes given to the sink */
    bool headers_open; /* a status line came, and no end of its headers */
    bool headers_too_large;
    bool sink_failed;
    bool sink_full;
    bool address_refused;
    bool late;   /* nothing was sent */
    bool failed; /* out of memory */
    char *pagination;
    char *retry_after;
    char *date; /* where somebody looks, and our clock when it came */
    int64_t date_us;
};

#define TL_SET(easy, option, value)                                                                          \
    do {                                                                                                     \
        CURLcode code_ = curl_easy_setopt(easy, option, value);                                              \
        if (code_ != CURLE_OK)                                                                               \
            return code_;                                                                                    \
    } while (0)

/* Sets every option of the transfer on its easy handle, which must be fresh or reset. */
CURLcode tl_transfer_set_options(tl_transfer *transfer);

/* ---- transfer_look.c: for a transfer with a look ---- */

/* After all other options. */
CURLcode tl_transfer_set_look(tl_transfer *transfer);
/* Once it has come to its end. */
void tl_transfer_collect_look(tl_transfer *transfer);

#endif
