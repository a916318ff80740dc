/* The grammar of JSON's texts (json_string.c) and numbers (json_number.c) over bytes, for those who read and
 * write JSON. Pure; no tree, no allocation except where noted. */
#ifndef TL_BASE_JSON_SCAN_H
#define TL_BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* What tl_json_scan_string learned about a string. */
typedef struct tl_json_string {
    size_t length;  /* in bytes, once unescaped */
    bool escaped;   /* holds escapes at all */
    bool canonical; /* tl_json_print writes the same bytes */
} tl_json_string;

/* Checks the string whose opening quote stands at *at and moves *at behind its closing quote. NULL when it is
 * good, else what is wrong at *at (static storage). */
const char *tl_json_scan_string(const char **at, const char *end, tl_json_string *out);

/* Writes the value of a string that was checked; `source` is behind the opening quote. No NUL is added. */
void tl_json_unescape(char *out, const char *source, const tl_json_string *string);

/* The first byte from `at` that is not printable ASCII, or is a quote or a backslash; `end` when there is
 * none. */
const char *tl_json_skip_plain(const char *at, const char *end);

/* Checks the number at *at and moves *at behind it; *out_integer: it has neither fraction nor exponent.
 * Result as for strings. */
const char *tl_json_scan_number(const char **at, const char *end, bool *out_integer);

/* 2^53: up to here a double holds every integer, and is the only integer near it. */
#define TL_JSON_EXACT_LIMIT 0x1p53

enum { TL_JSON_NUMBER_SIZE = 40 };

/* Writes a finite number as tl_json_print does, so that it reads back to the same value; returns the length.
 */
size_t tl_json_format_number(double value, char out[TL_JSON_NUMBER_SIZE]);

/* The value of a number that was checked: infinite when it overflows a double. False when out of memory,
 * which only long numbers need. */
bool tl_json_number_value(const char *text, size_t length, double *out);
/* The same for a text that ends in a NUL; it never needs memory. */
bool tl_json_number_of_text(const char *text, double *out);

/* Whether two doubles are the same value, the sign of zero included. */
bool tl_json_same_number(double a, double b);

#endif
