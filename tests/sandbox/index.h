/* Finding a list's entry by its id: with 500 organizations and 10,000 requests walks are too slow. */
#ifndef SANDBOX_INDEX_H
#define SANDBOX_INDEX_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

struct index_entry {
    unsigned char key[16]; /* the id in binary */
    const cJSON *item;
};

struct index {
    struct index_entry *entries; /* sorted by key */
    size_t count;
};

/* Of all entries of `list` whose member `id` is a GUID; replaces what was in the index. */
void index_build(struct index *index, const cJSON *list, const char *id);
void index_free(struct index *index);
const cJSON *index_find(const struct index *index, const char *id); /* NULL when there is none */
bool index_has(const struct index *index, const unsigned char key[16]);

#endif
