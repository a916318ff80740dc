/* Strict JSON over cJSON.
 *
 * Trees are plain cJSON, to be read with cJSON's own functions (use the ...CaseSensitive ones) and freed with
 * cJSON_Delete. A number or text whose bytes cJSON could not give back keeps them in a hidden child of type
 * cJSON_Raw; tl_json_print writes those bytes while the value is unchanged, so what the caller did not touch
 * leaves byte for byte. cJSON_Print would lose them: print with tl_json_print. */
#ifndef THREATLOCKER_JSON_H
#define THREATLOCKER_JSON_H

#include <cjson/cJSON.h>
#include <stdint.h>

#include "threatlocker/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    TL_JSON_MAX_DEPTH = 64,               /* nested arrays and objects */
    TL_JSON_MAX_MEMBERS = 100000,         /* of one object */
    TL_JSON_MAX_NODES = 2000000,          /* values in one text: a tree takes some 80 bytes for each */
    TL_JSON_MAX_BYTES = 64 * 1024 * 1024, /* of one text */
};

/* Reads one JSON text of `length` bytes (no NUL needed). Refused with TL_PROTOCOL and the byte offset:
 * invalid UTF-8, a byte order mark, anything but white space after the value, \u0000, lone surrogates, raw
 * control characters, anything beyond the limits above, duplicate keys in one object, numbers that
 * overflow a double. *out is new and the caller's (cJSON_Delete), NULL on failure. Any thread. */
TL_API TL_NODISCARD tl_code tl_json_parse(cJSON **out, const char *text, size_t length, tl_error *err);

/* Writes a tree as compact JSON. Text must be valid UTF-8 and numbers finite, else TL_USAGE. *out is new,
 * NUL-terminated and the caller's (free()), *out_length (may be NULL) its length. Any thread. */
TL_API TL_NODISCARD tl_code tl_json_print(char **out, size_t *out_length, const cJSON *tree, tl_error *err);

/* The exact 64-bit value of a number node; false when it is not a number, has a fraction or exponent form, or
 * does not fit (cJSON alone is inexact from 2^53-1 up). Any thread. */
TL_API bool tl_json_integer(const cJSON *node, int64_t *out);

/* A number node that holds the 64-bit integer exactly, the caller's (cJSON_Delete); NULL when out of memory.
 * Any thread. */
TL_API cJSON *tl_json_new_integer(int64_t value);

#ifdef __cplusplus
}
#endif
#endif
