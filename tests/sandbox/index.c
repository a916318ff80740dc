#include "index.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

static int compare(const void *left, const void *right)
{
    const struct index_entry *a = left, *b = right;
    return memcmp(a->key, b->key, sizeof a->key);
}

void index_build(struct index *index, const cJSON *list, const char *id)
{
    const cJSON *item;
    index_free(index);
    index->entries = need((size_t)cJSON_GetArraySize(list) * sizeof *index->entries);
    cJSON_ArrayForEach (item, list) {
        struct index_entry *entry = &index->entries[index->count];
        entry->item = item;
        if (guid_read(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, id)), entry->key))
            index->count++;
    }
    qsort(index->entries, index->count, sizeof *index->entries, compare);
}

void index_free(struct index *index)
{
    free(index->entries);
    *index = (struct index){0};
}

static const struct index_entry *find(const struct index *index, const struct index_entry *wanted)
{
    return index->count ? bsearch(wanted, index->entries, index->count, sizeof *wanted, compare) : NULL;
}

const cJSON *index_find(const struct index *index, const char *id)
{
    struct index_entry wanted;
    const struct index_entry *found = guid_read(id, wanted.key) ? find(index, &wanted) : NULL;
    return found ? found->item : NULL;
}

bool index_has(const struct index *index, const unsigned char key[16])
{
    struct index_entry wanted;
    memcpy(wanted.key, key, sizeof wanted.key);
    return find(index, &wanted) != NULL;
}
