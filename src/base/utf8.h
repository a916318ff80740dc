/* Reading UTF-8 character by character. Pure. */
#ifndef TL_BASE_UTF8_H
#define TL_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Length (1 to 4) of the well-formed character at `text`, and its code point; 0 when there is none within the
 * `left` bytes. */
size_t tl_utf8_decode(const char *text, size_t left, uint32_t *out);

/* Writes a code point that is no surrogate; returns its length (1 to 4). */
size_t tl_utf8_encode(uint32_t character, char *out);

/* Length of the text without a character that its end cuts. */
size_t tl_utf8_whole(const char *text, size_t length);

/* C0, DEL and C1. */
bool tl_is_control(uint32_t character);

#endif
