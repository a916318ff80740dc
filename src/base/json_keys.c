#include "base/json_keys.h"

#include <stdlib.h>
#include <string.h>

enum {
    FEW = 12,            /* so few keys are compared each with each */
    FEWEST_SLOTS = 32,   /* for one key more than that */
    PROBES_PER_KEY = 16, /* more than this on average: somebody chose keys whose hashes collide */
};

static uint64_t load(const char *text, size_t length)
{
    uint64_t word = 0;
    for (size_t i = 0; i < length; i++) {
        word = word << 8 | (unsigned char)text[i];
    }
    return word;
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 32;
}

/* Eight bytes a step, the last step over the last eight; only speed depends on it (see PROBES_PER_KEY). */
static uint64_t hash_of(const char *text, size_t length)
{
    uint64_t word;
    uint64_t hash = length;
    if (length < sizeof word) {
        return mix(hash, load(text, length));
    }
    const char *last = text + length - sizeof word;
    for (; text < last; text += sizeof word) {
        memcpy(&word, text, sizeof word);
        hash = mix(hash, word);
    }
    memcpy(&word, last, sizeof word);
    return mix(hash, word);
}

void tl_json_keys_init(tl_json_keys *keys)
{
    keys->open = keys->open_inside;
    keys->count = 0;
    keys->capacity = TL_JSON_KEYS_INSIDE;
    keys->slots = keys->slots_inside;
    keys->slot_capacity = sizeof keys->slots_inside / sizeof keys->slots_inside[0];
}

static bool grow(tl_json_keys *keys)
{
    tl_json_key *grown = malloc(2 * keys->capacity * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    memcpy(grown, keys->open, keys->count * sizeof *grown);
    if (keys->open != keys->open_inside) {
        free(keys->open);
    }
    keys->open = grown;
    keys->capacity *= 2;
    return true;
}

bool tl_json_keys_push(tl_json_keys *keys, const char *text, size_t length)
{
    if (keys->count == keys->capacity && !grow(keys)) {
        return false;
    }
    keys->open[keys->count++] = (tl_json_key){text, hash_of(text, length)};
    return true;
}

static bool same_key(const tl_json_key *a, const tl_json_key *b)
{
    return a->hash == b->hash && strcmp(a->text, b->text) == 0;
}

static const char *twice_among_few(const tl_json_key *keys, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (same_key(&keys[i], &keys[j])) {
                return keys[i].text;
            }
        }
    }
    return NULL;
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(((const tl_json_key *)a)->text, ((const tl_json_key *)b)->text);
}

/* Slower than the table, but nobody can make it slower still. */
static const char *twice_by_sorting(tl_json_key *keys, size_t count)
{
    qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(keys[i - 1].text, keys[i].text) == 0) {
            return keys[i].text;
        }
    }
    return NULL;
}

/* `slots` are `size` zeros, a power of two and at least twice `count`; they hold index + 1. */
static const char *twice_by_table(tl_json_key *keys, size_t count, uint32_t *slots, size_t size)
{
    size_t probes = 0;
    for (size_t i = 0; i < count; i++) {
        size_t slot = (size_t)keys[i].hash & (size - 1);
        for (; slots[slot] != 0; slot = (slot + 1) & (size - 1)) {
            if (same_key(&keys[i], &keys[slots[slot] - 1])) {
                return keys[i].text;
            }
            if (++probes > PROBES_PER_KEY * count) {
                return twice_by_sorting(keys, count);
            }
        }
        slots[slot] = (uint32_t)(i + 1);
    }
    return NULL;
}

/* Makes `size` empty slots. */
static bool clear_slots(tl_json_keys *keys, size_t size)
{
    if (size > keys->slot_capacity) {
        uint32_t *slots = malloc(size * sizeof *slots);
        if (slots == NULL) {
            return false;
        }
        if (keys->slots != keys->slots_inside) {
            free(keys->slots);
        }
        keys->slots = slots;
        keys->slot_capacity = size;
    }
    memset(keys->slots, 0, size * sizeof *keys->slots);
    return true;
}

bool tl_json_keys_close(tl_json_keys *keys, size_t first, const char **out_twice)
{
    tl_json_key *own = keys->open + first;
    size_t count = keys->count - first;
    keys->count = first;
    if (count <= FEW) {
        *out_twice = twice_among_few(own, count);
        return true;
    }
    size_t size = FEWEST_SLOTS;
    while (size < 2 * count) {
        size *= 2;
    }
    if (!clear_slots(keys, size)) {
        return false;
    }
    *out_twice = twice_by_table(own, count, keys->slots, size);
    return true;
}

void tl_json_keys_free(tl_json_keys *keys)
{
    if (keys->open != keys->open_inside) {
        free(keys->open);
    }
    if (keys->slots != keys->slots_inside) {
        free(keys->slots);
    }
}
