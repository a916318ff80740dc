/* What one attempt tells about the way it went, for tl_http_probe. */
#ifndef TL_HTTP_LOOK_H
#define TL_HTTP_LOOK_H

#include "threatlocker/probe.h"

typedef struct tl_look {
    tl_probe *probe; /* addresses, certificates and status go straight into it */
    /* A TLS handshake for the server's chain alone: nobody is trusted, and nothing is sent. */
    bool chain_only;
    /* What libcurl told: */
    bool resolved;
    bool sending;    /* everything before the request was done */
    char *date;      /* of the reply; malloc'd */
    int64_t date_us; /* our clock when it came */
    int64_t round_trip_us;
} tl_look;

/* What is known without any attempt: the library, and the CAs that it trusts unless told otherwise. */
void tl_look_describe_library(tl_probe *probe);

#endif
