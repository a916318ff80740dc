/* Filling a tl_error. */
#ifndef TL_BASE_ERROR_H
#define TL_BASE_ERROR_H

#include "threatlocker/error.h"

/* Records code and message unless err is NULL or already holds an error, and returns `code`, so that a
 * failing function can end with `return tl_fail(err, TL_USAGE, ...)`. Control characters in the message
 * become spaces (it stays one line); a message that does not fit is cut at a character. */
tl_code tl_fail(tl_error *err, tl_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The same for exhausted memory. */
tl_code tl_fail_memory(tl_error *err);

/* The same for an error that was kept aside while something else was tried; returns its code. */
tl_code tl_fail_with(tl_error *err, const tl_error *cause);

/* err becomes empty again; NULL is allowed. */
void tl_error_clear(tl_error *err);

#endif
