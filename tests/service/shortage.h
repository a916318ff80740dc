/* Memory that runs out: allocations of this program fail, whoever makes them (our code, cJSON, SQLite,
 * libcurl, Lua, the C library). Only those of the thread that asked for it, and only between _begin and _end.
 */
#ifndef TL_TESTS_SERVICE_SHORTAGE_H
#define TL_TESTS_SERVICE_SHORTAGE_H

#include <stdbool.h>

/* As many rounds as a long run has time for; TL_STRIDE=1 gives every allocation one. */
#ifdef __SANITIZE_ADDRESS__
#define SHORTAGE_ALL 600L
#else
#define SHORTAGE_ALL 2500L
#endif

/* The allocation to fail in the round after that of `number`, so that about so many rounds reach from the
 * first to the last one. Each of the last few, which make the result, has a round of its own; with
 * TL_STRIDE=1 each of all has. */
long shortage_next(long number, long allocations, long rounds);

/* The number of the allocation that is to fail, the next one being 0; negative: none. `lasts`: all after it
 * fail, too, until shortage_end. */
void shortage_plan(long first, bool lasts);

/* Allocations between these two are counted, and fail as planned. A plan by which one failed is over then;
 * any other goes on with the next shortage_begin. */
void shortage_begin(void);
void shortage_end(void);

long shortage_count(void);  /* allocations asked for since the plan */
long shortage_failed(void); /* those of them that failed */

#endif
