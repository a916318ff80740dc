/* The inside of a client, for the portal's files and the chain. */
#ifndef TL_PORTAL_CLIENT_H
#define TL_PORTAL_CLIENT_H

#include "base/sha256.h"
#include "http/http.h"
#include "threatlocker/client.h"

struct tl_client {
    tl_http *http;
    char *organization_id; /* NULL = the token's own */
    char *instance;        /* NULL when only base_url is known */
    bool limited;          /* whether `limits` counts */
    tl_limits limits;
    int64_t settle_time_ms;
    unsigned char seal_key[TL_SHA256_SIZE];
};

#endif
