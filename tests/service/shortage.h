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

/* Which one fails after that one, for about so many rounds; the last ones, which are about the result, fail
 * one after the other. TL_STRIDE=1: all of them. */
long shortage_next(long number, long allocations, long rounds);

/* The allocation that fails from now on, counting from 0; negative: none does. `lasts`: all after it fail,
 * too, until the shortage ends. */
void shortage_plan(long first, bool lasts);

/* What lies between counts. The plan goes on behind the next _begin, but for one that has struck. */
void shortage_begin(void);
void shortage_end(void);

long shortage_count(void);  /* allocations asked for since the plan */
long shortage_failed(void); /* those of them that failed */

#endif
