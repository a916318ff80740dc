/* A server's certificate, as libcurl tells about it. Pure. */
#ifndef TL_HTTP_CERTIFICATE_H
#define TL_HTTP_CERTIFICATE_H

#include "threatlocker/probe.h"

/* Reads the "Name:value" lines of one certificate [libcurl]; the last one with a name counts. What is
 * missing, odd or too long stays empty. Its PEM, rebuilt from nothing but its base64, goes to `pem` where
 * that is not NULL: whole, or "". */
void tl_certificate_read(tl_certificate *out, char pem[TL_PROBE_PEM_SIZE], const char *const lines[],
                         size_t count);

#endif
