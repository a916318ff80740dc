/* The clock and the names that the code under test sees. */
#ifndef TL_TESTS_FAULTS_INTERPOSE_H
#define TL_TESTS_FAULTS_INTERPOSE_H

#include <stdatomic.h>

/* The wall clock of this thread is so many seconds ahead. NULL = none. */
void follow_clock(const atomic_llong *ahead_s);

#endif
