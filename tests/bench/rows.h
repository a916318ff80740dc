/* Approval requests as the list operation gives them, some 3 KB each: the same number makes the same row. */
#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H

#include <stddef.h>

enum { ROWS_KEPT = 10000, ROWS_MOST = 100000 };

/* Makes the first ROWS_KEPT rows. Ends the program when out of memory. */
void rows_make(void);

/* The JSON array of `count` rows from number `first` (0-based) on; *out_length its length. Rows beyond
 * ROWS_KEPT are those before them under ids of their own. The caller's (free()). Any thread, after rows_make.
 */
char *rows_page(size_t first, size_t count, size_t *out_length);

#endif
