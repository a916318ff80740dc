/* What all unit tests share. */
#ifndef TL_TESTS_UNIT_H
#define TL_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "threatlocker/error.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* A copy without a NUL at the very end of its block, so that sanitizers see any read beyond it. Free it with
 * free(). */
static inline char *exact_copy(const void *data, size_t length)
{
    char *copy = malloc(length == 0 ? 1 : length);
    assert_non_null(copy);
    if (length > 0) {
        memcpy(copy, data, length);
    }
    return copy;
}

/* The bytes of a file and a NUL behind them. malloc'd. */
static inline char *read_file(const char *path, size_t *out_length)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    *out_length = (size_t)ftell(file);
    rewind(file);
    char *content = malloc(*out_length + 1);
    assert_non_null(content);
    assert_int_equal(fread(content, 1, *out_length, file), *out_length);
    fclose(file);
    content[*out_length] = '\0';
    return content;
}

/* assert_string_equal, then free(). */
static inline void assert_text_and_free(char *got, const char *expected)
{
    assert_non_null(got);
    assert_string_equal(got, expected);
    free(got);
}

#endif
