/* Checks and transformations of text: what is in text.c, text_clean.c, utf8.c, encode.c and buffer.c. Pure,
 * except where noted; no function depends on the locale. */
#ifndef TL_BASE_TEXT_H
#define TL_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "threatlocker/text.h"

enum { TL_GUID_SIZE = 37 };

/* ASCII only: any other byte stays as it is. */
char tl_lower(char c);
/* The value of a hexadecimal digit of either case; -1 for any other character. */
int tl_hex_value(char c);

/* 8-4-4-4-12 hex digits of either case, nothing else. NULL is no GUID. */
bool tl_is_guid(const char *text);
/* A GUID other than all zeros, which the API uses for "none" [inferred]. */
bool tl_is_real_guid(const char *text);
/* GUIDs and option words: compared without ASCII case; NULL equals only NULL. */
bool tl_equal_ignore_case(const char *a, const char *b);
/* Whether the text equals one of a NULL-terminated list, compared like that. */
bool tl_is_one_of(const char *text, const char *const words[]);

/* Strict UTF-8: no overlong forms, surrogates or code points above U+10FFFF. NUL bytes are allowed here. */
bool tl_utf8_valid(const char *text, size_t length);
/* Length in bytes of the longest prefix of at most `limit` bytes that does not cut a character. */
size_t tl_utf8_prefix(const char *text, size_t length, size_t limit);

/* True when the text can stand in a header value: printable ASCII and inner spaces only, non-empty. */
bool tl_is_header_value(const char *text);

/* Whether tl_clean_text would give the whole text back as it is. */
bool tl_is_clean_text(const char *text);

/* A trimmed copy (ASCII white space), malloc'd; NULL when out of memory. */
char *tl_trim(const char *text);

/* Replaces a NULL-terminated list of somebody else's (NULL is no list) by a copy, which tl_free_texts frees.
 * False when out of memory: what was copied by then is to be freed all the same. */
bool tl_copy_texts(const char *const **list);
void tl_free_texts(const char *const list[]);

/* base64 (RFC 4648 section 4) decoding, strict: right padding, no other characters, zero trailing bits.
 * malloc'd and NUL-terminated, *out_length its length; NULL for bad input or exhausted memory. */
char *tl_base64_decode(const char *text, size_t length, size_t *out_length);
/* base64url without padding (section 5). malloc'd; NULL as above. */
char *tl_base64url_encode(const void *data, size_t length);
unsigned char *tl_base64url_decode(const char *text, size_t length, size_t *out_length);

/* A requestorReason as a person wrote it: decoded when it is strict base64 of valid UTF-8 without control
 * characters other than tab and line ends, as it came otherwise [observed Space-C0wboy]. malloc'd; NULL when
 * out of memory; NULL text gives "". */
char *tl_requestor_reason(const char *raw);

/* Percent-encodes everything but unreserved characters (RFC 3986). malloc'd; NULL when out of memory. */
char *tl_percent_encode(const char *text);

/* Growing text with a maximum from birth. Zero-initialise, set `limit`; once anything failed `failed` stays
 * set, and every function returns false and appends nothing. The owner frees `data`, or calls tl_buffer_free.
 */
typedef struct tl_buffer {
    char *data; /* NUL-terminated; NULL until there is room */
    size_t length;
    size_t capacity;
    size_t limit;   /* bytes, without the NUL */
    bool failed;    /* out of memory, or over the limit */
    bool too_large; /* which of the two it was */
} tl_buffer;
/* Makes room for so many more bytes at once, where it is known how many will come. */
bool tl_buffer_reserve(tl_buffer *buffer, size_t length);
bool tl_buffer_append(tl_buffer *buffer, const void *data, size_t length);
bool tl_buffer_text(tl_buffer *buffer, const char *text);
bool tl_buffer_format(tl_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void tl_buffer_free(tl_buffer *buffer); /* wipes, then frees */

#endif
