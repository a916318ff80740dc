/* URLs that we agree to talk to: the base URL of a service, and the URL of a file. Pure. */
#ifndef TL_HTTP_URL_H
#define TL_HTTP_URL_H

#include <stdbool.h>

#include "base/error.h"

typedef struct tl_base_url {
    char *text; /* scheme://host[:port][/path] without a trailing slash; malloc'd */
    bool https;
    bool loopback; /* the host is this machine: http is allowed and no proxy is used */
} tl_base_url;

/* https to anywhere, http to 127.0.0.0/8, [::1] and localhost only. No user part, query, fragment, or
 * characters that a host or path cannot have. `option` names the option in messages. TL_CONFIG otherwise. */
tl_code tl_base_url_read(tl_base_url *out, const char *text, const char *option, tl_error *err);

enum { TL_HOST_SIZE = 256 };

/* Host (a literal IPv6 address in brackets, cut where it is longer than any) and port of such a URL. */
void tl_base_url_place(const tl_base_url *url, char host[TL_HOST_SIZE], int *out_port);

typedef struct tl_file_url {
    char host[TL_HOST_SIZE]; /* a literal IPv6 address in brackets */
    bool https;
    bool loopback;
} tl_file_url;

/* The URL of a file, as a server named it: http or https, a host, any path and query of printable ASCII; no
 * user part. TL_INVALID otherwise; the message does not show the URL, which is a secret. */
tl_code tl_file_url_read(tl_file_url *out, const char *text, tl_error *err);

#endif
