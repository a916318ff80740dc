/* Which way leads to a host: directly or through a proxy. Pure, where nothing else is said. */
#ifndef TL_HTTP_ROUTE_H
#define TL_HTTP_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct tl_proxy_settings {
    const char *configured;  /* of the connection; NULL = the environment's, "" = none */
    const char *environment; /* https_proxy or all_proxy; NULL = none */
    const char *exceptions;  /* no_proxy; NULL = none */
} tl_proxy_settings;

/* As curl reads them: the lower-case names first. Reads the environment. */
tl_proxy_settings tl_proxy_settings_read(const char *configured);

/* The proxy for that host; NULL = it is connected to directly. Exceptions are names that the host equals or
 * ends in, or "*". Borrowed. */
const char *tl_route_proxy(const char *host, const tl_proxy_settings *settings);

/* A proxy's URL for people's eyes: scheme (where there is one), host and port, and never user or password.
 * Cut to `size`. */
void tl_route_show_proxy(const char *proxy, char *out, size_t size);

/* False for hosts that no proxy must be asked for, as it would resolve them to its own inside: addresses that
 * are not public, and names that are not of the public DNS [RFC 6761, RFC 6762, RFC 8375]. */
bool tl_route_is_public_host(const char *host);

#endif
