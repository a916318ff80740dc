/* A small gzip file that becomes a large one. */
#ifndef TL_TESTS_FAULTS_GZIP_BOMB_H
#define TL_TESTS_FAULTS_GZIP_BOMB_H

#include <stddef.h>

/* At least `inflated` spaces. The caller's. */
char *gzip_bomb(size_t inflated, size_t *length);

#endif
