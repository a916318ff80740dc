/* Several tasks side by side on one thread: while one waits for the network, another goes on. Code that makes
 * one call after the other stays as it is. */
#ifndef TL_HTTP_TOGETHER_H
#define TL_HTTP_TOGETHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/flight.h"

enum { TL_MAX_TOGETHER = 16 };

typedef void tl_task_fn(void *data, size_t index);

/* Runs task(data, 0) to task(data, count - 1), at most `limit` (1 to TL_MAX_TOGETHER) of them at a time;
 * returns when all are over. They are begun in order. A task changes hands only inside tl_http_call,
 * tl_wait_ms, tl_with_caller and tl_at_rest; its stack has 256 KiB. Out of memory, or within another task,
 * they run one after the other. */
void tl_together(size_t count, int limit, tl_task_fn *task, void *data);

/* Sleeps; within a task the others go on. */
void tl_wait_ms(int64_t ms);

/* Calls fn(data) on the stack of whoever called tl_together, while all tasks rest: for callbacks of the host,
 * which may be an interpreter with a stack of its own. Calls that it makes block. */
void tl_with_caller(void (*fn)(void *data), void *data);

/* The same, but not before all other tasks have gone as far as they can without waiting, and what they asked
 * of the network is under way. Several that rest are served in turn: so the first one's fn can do for all of
 * them at once what would be expensive to do for each. */
void tl_at_rest(void (*fn)(void *data), void *data);

/* For tl_http_call: runs the flight until it is done, while other tasks go on. False where there is no task:
 * the caller must run it itself. */
bool tl_together_fly(tl_flight *flight);

#endif
