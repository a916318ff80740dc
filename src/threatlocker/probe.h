/* Looking at the way to a service before trusting it with anything: what a diagnosis shows. */
#ifndef THREATLOCKER_PROBE_H
#define THREATLOCKER_PROBE_H

#include "threatlocker/client.h"
#include "threatlocker/soar.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    TL_PROBE_ADDRESSES = 8,
    TL_PROBE_CERTIFICATES = 8,
    TL_PROBE_ADDRESS_SIZE = 48,
    TL_PROBE_TEXT_SIZE = 512, /* longer texts are cut at a character */
    TL_PROBE_PEM_SIZE = 16 * 1024,
};

/* How far the way was open. Each stage needs all before it. */
typedef enum tl_probe_stage {
    TL_PROBE_NONE = 0,  /* the name is not even known */
    TL_PROBE_RESOLVED,  /* the name has addresses; with a proxy: the proxy's name */
    TL_PROBE_CONNECTED, /* TCP; with a proxy: to the proxy */
    TL_PROBE_PROXIED,   /* the proxy opened the way; without a proxy at once */
    TL_PROBE_SECURED,   /* TLS, and the certificate is trusted; with plain http at once */
    TL_PROBE_REPLIED,   /* an HTTP reply came, whatever its status */
} tl_probe_stage;

/* What a server says of itself: cleaned for people's eyes, but only as true as the server is trusted. */
typedef struct tl_certificate {
    char subject[TL_PROBE_TEXT_SIZE]; /* "CN = soar.example.com" */
    char issuer[TL_PROBE_TEXT_SIZE];
    char sha256[65];    /* fingerprint: of the DER form, lower-case hex; "" = unknown */
    int64_t not_before; /* seconds since 1970; 0 = unknown */
    int64_t not_after;
    bool self_signed; /* its own issuer, by name */
} tl_certificate;

typedef struct tl_probe {
    size_t size; /* sizeof(tl_probe): TL_PROBE_INIT sets it */
    tl_probe_stage stage;
    tl_error failure; /* what stopped it there: network, tls, timeout, protocol; code TL_OK = nothing did */

    char host[TL_PROBE_TEXT_SIZE];
    int port;
    bool https;
    /* "http://proxy.example.com:3128", without user and password; "" = none */
    char proxy[TL_PROBE_TEXT_SIZE];
    int proxy_status;     /* HTTP status of the proxy's answer; 0 = none, which a SOCKS proxy never gives */
    size_t address_count; /* addresses that were tried, in that order: the host's, or the proxy's */
    char addresses[TL_PROBE_ADDRESSES][TL_PROBE_ADDRESS_SIZE];
    char address[TL_PROBE_ADDRESS_SIZE]; /* the one that was connected to; "" = none */

    char ca[TL_PROBE_TEXT_SIZE]; /* file or folder of the CAs that were trusted; "" = libcurl does not say */
    size_t certificate_count;    /* the server's chain, its own first; 0 where it was not told */
    tl_certificate certificates[TL_PROBE_CERTIFICATES];
    /* The first one as PEM, "" = unknown. UNVERIFIED unless stage is TL_PROBE_SECURED or beyond: whoever sits
     * on the way can have made it. To be trusted only after a person compared its fingerprint. */
    char certificate_pem[TL_PROBE_PEM_SIZE];

    int http_status;     /* 0 = no reply */
    int64_t server_time; /* the reply's Date, seconds since 1970; 0 = none */
    int64_t clock_skew;  /* seconds that the server's clock is ahead of ours; counts where server_time does */

    char libcurl[32]; /* the version at run time: "7.88.1" */
    char tls[64];     /* and what does TLS for it: "OpenSSL/3.0.19" */
} tl_probe;

#define TL_PROBE_INIT TL_SIZED(tl_probe)

/* Goes the way that a call of this client would go (same host, proxy, CAs, client certificate, timeouts) with
 * one GET that carries no credentials, once, on a connection of its own. Its path is ApprovalRequestGetCount,
 * which answers without a token with an error, or /rest/version of SOAR: any reply will do.
 *
 * Where the server's certificate is not trusted, a second look fetches the chain: a TLS handshake that trusts
 * nobody, on a connection that is closed before a byte of HTTP, and without a client certificate.
 *
 * TL_OK: *out is filled, also where the way is blocked, which is out->failure. Otherwise nothing is known:
 * TL_USAGE (another size, or after fork()), TL_CANCELLED, TL_CONFIG, TL_MEMORY. *out holds no memory and no
 * secrets. Thread rules as any call of tl_client. */
TL_API TL_NODISCARD tl_code tl_client_probe(tl_probe *out, tl_client *client, tl_error *err);
TL_API TL_NODISCARD tl_code tl_soar_probe(tl_probe *out, tl_soar *soar, tl_error *err);

#ifdef __cplusplus
}
#endif
#endif
