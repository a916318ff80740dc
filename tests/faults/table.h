/* The expected table, and its summary in the README. */
#ifndef TL_TESTS_FAULTS_TABLE_H
#define TL_TESTS_FAULTS_TABLE_H

#include "cell.h"

/* Prints every line that differs; how many those are. With `update` the file is written first. */
int table_compare(const char *path, const cell *cells, size_t count, bool update);

/* False, and says so, when the README tells something else. The same with `update`. */
bool summary_compare(const char *path, const cell *cells, size_t count, bool update);

#endif
