/* The program's own malloc stands before everybody else's. */
#include "shortage.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__
#define REAL(name) __interceptor_##name
#else
#define REAL(name) __libc_##name
#endif

/* They are called before a sanitizer is ready to watch. */
#define PLAIN __attribute__((no_sanitize("address"), no_sanitize("undefined")))

void *REAL(malloc)(size_t size);
void *REAL(calloc)(size_t count, size_t size);
void *REAL(realloc)(void *block, size_t size);

static _Thread_local struct {
    bool watching;
    bool lasts;
    long first;
    long count;
    long failed;
} plan = {.first = -1};

enum { LAST_FEW = 12 };

long shortage_next(long number, long allocations, long rounds)
{
    const char *given = getenv("TL_STRIDE");
    long stride = given != NULL ? strtol(given, NULL, 10) : allocations / rounds,
         end = allocations - LAST_FEW;
    if (stride <= 1 || number >= end)
        return number + 1;
    return number + stride < end ? number + stride : end;
}

void shortage_plan(long first, bool lasts)
{
    plan.first = first;
    plan.lasts = lasts;
    plan.count = plan.failed = 0;
}

void shortage_begin(void)
{
    plan.watching = true;
}

void shortage_end(void)
{
    plan.watching = false;
    if (plan.failed > 0)
        plan.first = -1;
}

long shortage_count(void)
{
    return plan.count;
}

long shortage_failed(void)
{
    return plan.failed;
}

PLAIN static bool fails_now(void)
{
    if (!plan.watching)
        return false;
    long number = plan.count++;
    if (plan.first < 0 || number < plan.first || (number > plan.first && !plan.lasts))
        return false;
    plan.failed++;
    errno = ENOMEM;
    return true;
}

#pragma GCC visibility push(default) /* the libraries are to find these */

PLAIN void *malloc(size_t size)
{
    return fails_now() ? NULL : REAL(malloc)(size);
}

PLAIN void *calloc(size_t count, size_t size)
{
    return fails_now() ? NULL : REAL(calloc)(count, size);
}

/* What gets smaller never fails: Lua counts on it. */
PLAIN void *realloc(void *block, size_t size)
{
    return fails_now() ? NULL : REAL(realloc)(block, size);
}

/* A sanitizer's own would not come by here. */
char *strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    return copy == NULL ? NULL : memcpy(copy, text, size);
}

#pragma GCC visibility pop
