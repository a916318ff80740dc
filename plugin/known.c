#include "known.h"

#include <stdlib.h>
#include <string.h>

enum { DIGITS = TLP_ID_SIZE - 1, MAX_IDS = 1000 * 1000 };

static const char member[] = "known";

bool tlp_id_digits(char out[TLP_ID_SIZE], const char *guid)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    size_t used = 0;
    if (guid == NULL || strlen(guid) != sizeof form - 1)
        return false;
    for (size_t i = 0; form[i] != '\0'; i++) {
        char c = guid[i] >= 'A' && guid[i] <= 'F' ? (char)(guid[i] - 'A' + 'a') : guid[i];
        if (form[i] == '-' ? c != '-' : strchr("0123456789abcdef", c) == NULL)
            return false;
        if (form[i] != '-')
            out[used++] = c;
    }
    out[used] = '\0';
    return true;
}

/* Where the id is, or belongs. */
static size_t place_of(const tlp_known *known, const char *id, bool *out_found)
{
    size_t low = 0, high = known->count;
    *out_found = false;
    while (low < high && !*out_found) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(known->ids[middle].id, id);
        *out_found = order == 0;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return high;
}

bool tlp_known_mark(tlp_known *known, const char *id)
{
    bool found;
    size_t place = place_of(known, id, &found);
    if (found)
        known->ids[place].listed = true;
    return found;
}

bool tlp_known_add(tlp_known *known, const char *id)
{
    bool found;
    size_t place = place_of(known, id, &found);
    if (known->count == known->capacity) {
        size_t capacity = known->capacity == 0 ? 64 : known->capacity * 2;
        tlp_known_id *more = realloc(known->ids, capacity * sizeof *more);
        if (more == NULL)
            return false;
        known->ids = more;
        known->capacity = capacity;
    }
    memmove(known->ids + place + 1, known->ids + place, (known->count - place) * sizeof *known->ids);
    memcpy(known->ids[place].id, id, TLP_ID_SIZE);
    known->ids[place].listed = true;
    known->count++;
    return true;
}

/* Sorted, all digits: what tlp_known_state writes. */
static bool fill(tlp_known *out, const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        memcpy(out->ids[i].id, text + i * DIGITS, DIGITS);
        out->ids[i].id[DIGITS] = '\0';
        out->ids[i].listed = false;
        if (i > 0 && strcmp(out->ids[i - 1].id, out->ids[i].id) >= 0)
            return false;
    }
    return true;
}

bool tlp_known_read(tlp_known *out, const cJSON *state)
{
    const char *text = tlp_text(state, member);
    size_t length = text == NULL ? 0 : strlen(text), count = length / DIGITS;
    *out = (tlp_known){0};
    if (count == 0 || count > MAX_IDS || length % DIGITS != 0 ||
        text[strspn(text, "0123456789abcdef")] != '\0')
        return true;
    out->ids = calloc(count, sizeof *out->ids);
    out->capacity = out->ids == NULL ? 0 : count;
    out->count = out->ids != NULL && fill(out, text, count) ? count : 0;
    return out->ids != NULL;
}

void tlp_known_free(tlp_known *known)
{
    free(known->ids);
}

cJSON *tlp_known_state(const tlp_known *known, bool only_listed)
{
    cJSON *state = cJSON_CreateObject();
    char *text = malloc(known->count * DIGITS + 1), *end = text;
    for (size_t i = 0; text != NULL && i < known->count; i++)
        if (known->ids[i].listed || !only_listed) {
            memcpy(end, known->ids[i].id, DIGITS);
            end += DIGITS;
        }
    if (text != NULL)
        *end = '\0';
    bool ok = text != NULL && state != NULL && tlp_set_text(state, member, text);
    free(text);
    if (ok)
        return state;
    cJSON_Delete(state);
    return NULL;
}
