/* The ids of rows seen so far, to tell what comes twice. Pure. */
#ifndef TL_PORTAL_ID_SET_H
#define TL_PORTAL_ID_SET_H

#include <stddef.h>

enum { TL_ID_SIZE = 16 };

/* 20 to 40 bytes an id: open addressing over the GUIDs' 16 bytes; all zero marks a free slot.
 * Zero-initialise. */
typedef struct tl_id_set {
    unsigned char (*slots)[TL_ID_SIZE];
    size_t capacity; /* a power of two */
    size_t count;
} tl_id_set;

/* 1 when the GUID is new, 0 when it was there (the zero GUID always is), -1 when out of memory. */
int tl_id_set_add(tl_id_set *set, const char *guid);

void tl_id_set_free(tl_id_set *set);

#endif
