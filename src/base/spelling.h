/* How a text may spell a secret: as it is, percent-encoded, escaped in JSON, in base64. Pure. */
#ifndef TL_BASE_SPELLING_H
#define TL_BASE_SPELLING_H

#include <stddef.h>

enum { TL_BASE64_SHIFTS = 3 };

/* Length of the secret at the beginning of the text, as it is, percent-encoded or escaped in JSON (also in
 * JSON inside JSON), of the longest where several match; 0 when it is something else. */
size_t tl_spelling_match(const char *text, const char *secret);

/* The same in base64 of either alphabet. Compares only the digits that the secret alone decides, so that a
 * longer text which holds it ("user:secret") is found too. */
size_t tl_spelling_match_base64(const char *text, const char *secret);

enum { TL_ESCAPE_READINGS = 2 };

/* The bytes that an escape at the beginning of the text ('%' or backslash) may stand for, as
 * tl_spelling_match reads it; returns how many. There are two where a backslash is itself escaped: that
 * backslash, or what it escapes in JSON inside JSON. */
size_t tl_spelling_unescape(char out[TL_ESCAPE_READINGS], const char *text);

/* Writes the digits that the secret alone decides, where `shift` (below TL_BASE64_SHIFTS) other bytes stand
 * before it: the first `size` of them, no NUL. Returns how many. */
size_t tl_spelling_base64(char *out, size_t size, const char *secret, size_t shift);

/* The value of a digit of either alphabet; -1 for another character. */
int tl_base64_digit(char c);

#endif
