/* Finding a key that stands twice in one object, while the objects around it are still being read. */
#ifndef TL_BASE_JSON_KEYS_H
#define TL_BASE_JSON_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct tl_json_key {
    const char *text; /* borrowed from the tree */
    uint64_t hash;
} tl_json_key;

enum { TL_JSON_KEYS_INSIDE = 128 };

/* Enough memory for usual objects is inside; more is taken from the heap and used again for each object. */
typedef struct tl_json_keys {
    tl_json_key *open; /* the keys of all objects that are open, those of the innermost last */
    size_t count;
    size_t capacity;
    uint32_t *slots;
    size_t slot_capacity;
    tl_json_key open_inside[TL_JSON_KEYS_INSIDE];
    uint32_t slots_inside[2 * TL_JSON_KEYS_INSIDE];
} tl_json_keys;

/* The struct must stay where it is until tl_json_keys_free. */
void tl_json_keys_init(tl_json_keys *keys);

/* False when out of memory. */
bool tl_json_keys_push(tl_json_keys *keys, const char *text, size_t length);

/* Closes the object whose keys start at index `first`. False when out of memory; else *out_twice is a key
 * that stands twice in it, or NULL. */
bool tl_json_keys_close(tl_json_keys *keys, size_t first, const char **out_twice);

void tl_json_keys_free(tl_json_keys *keys);

#endif
