#include "portal/id_set.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 256 };

static void guid_bytes(const char *guid, unsigned char out[TL_ID_SIZE])
{
    size_t nibbles = 0;
    memset(out, 0, TL_ID_SIZE);
    for (; *guid != '\0' && nibbles < 2 * TL_ID_SIZE; guid++) {
        int digit = *guid >= '0' && *guid <= '9' ? *guid - '0' : (*guid | 0x20) - 'a' + 10;
        if (*guid == '-')
            continue;
        out[nibbles / 2] = (unsigned char)(out[nibbles / 2] | (digit << (nibbles % 2 == 0 ? 4 : 0)));
        nibbles++;
    }
}

/* Every bit of the id reaches the low bits: ids that were given out in sequence differ only in their last
 * bytes. */
static uint64_t hash_of(const unsigned char id[TL_ID_SIZE])
{
    uint64_t hash, tail;
    memcpy(&hash, id, sizeof hash);
    memcpy(&tail, id + 8, sizeof tail);
    hash = (hash ^ (hash >> 30)) * UINT64_C(0xbf58476d1ce4e5b9) + tail;
    hash = (hash ^ (hash >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    hash = (hash ^ (hash >> 27)) * UINT64_C(0x94d049bb133111eb);
    return hash ^ (hash >> 31);
}

static unsigned char *slot_for(const tl_id_set *set, const unsigned char id[TL_ID_SIZE])
{
    static const unsigned char free_slot[TL_ID_SIZE];
    for (size_t i = (size_t)hash_of(id);; i++) {
        unsigned char *slot = set->slots[i & (set->capacity - 1)];
        if (memcmp(slot, id, TL_ID_SIZE) == 0 || memcmp(slot, free_slot, TL_ID_SIZE) == 0)
            return slot;
    }
}

static bool grow(tl_id_set *set)
{
    tl_id_set larger = {.capacity = set->capacity == 0 ? FIRST_SLOTS : set->capacity * 2,
                        .count = set->count};
    larger.slots = calloc(larger.capacity, TL_ID_SIZE);
    if (larger.slots == NULL)
        return false;
    for (size_t i = 0; i < set->capacity; i++)
        memcpy(slot_for(&larger, set->slots[i]), set->slots[i], TL_ID_SIZE);
    free(set->slots);
    *set = larger;
    return true;
}

int tl_id_set_add(tl_id_set *set, const char *guid)
{
    if (set->count * 5 >= set->capacity * 4 && !grow(set))
        return -1;
    unsigned char id[TL_ID_SIZE];
    guid_bytes(guid, id);
    unsigned char *slot = slot_for(set, id);
    if (memcmp(slot, id, TL_ID_SIZE) == 0)
        return 0;
    memcpy(slot, id, TL_ID_SIZE);
    set->count++;
    return 1;
}

void tl_id_set_free(tl_id_set *set)
{
    free(set->slots);
    *set = (tl_id_set){0};
}
