/* Keeping secrets out of what people read. Pure. */
#ifndef TL_BASE_REDACT_H
#define TL_BASE_REDACT_H

#include <stddef.h>

/* Overwrites, in place, every occurrence of each of the `count` secrets (NULL and those shorter than 4 bytes
 * are skipped; also their base64, percent-encoded and JSON-escaped forms where they differ), the user part of
 * URLs ("https://user:password@host"), and the value after the names authorization, ph-auth-token, token,
 * password, secret, api_key, apikey and x-api-key (any case; followed by optional quotes, then ':' or '='),
 * up to the next quote, comma, semicolon, brace or white space (a scheme word such as "Basic" or "Bearer" is
 * skipped first). Replacement: "[redacted]"; the text may shrink or grow up to `size` bytes with its NUL, and
 * is cut at a character where it would not fit. */
void tl_redact(char *text, size_t size, const char *const secrets[], size_t count);

/* Wipes memory in a way the compiler keeps. NULL is allowed. */
void tl_wipe(void *data, size_t length);
/* Wipes and frees a text. NULL is allowed. */
void tl_wipe_free(char *text);

#endif
