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

static unsigned char *slot_for(const tl_id_set *set, const unsigned char id[TL_ID_SIZE])
{
    static const unsigned char free_slot[TL_ID_SIZE];
    uint64_t hash;
    memcpy(&hash, id, sizeof hash);
    hash ^= hash >> 29;
    hash *= UINT64_C(0xbf58476d1ce4e5b9);
    uint64_t tail;
    memcpy(&tail, id + 8, sizeof tail);
    hash ^= tail * UINT64_C(0x94d049bb133111eb);
    hash ^= hash >> 32;
    for (size_t i = (size_t)hash;; i++) {
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
    if (set->count * 2 >= set->capacity && !grow(set))
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
