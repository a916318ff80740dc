#include "chain/entry.h"

#include <stdlib.h>
#include <string.h>

static const size_t numbers[TL_ENTRY_NUMBERS] = {
    offsetof(tl_entry, sent_at_us),  offsetof(tl_entry, attempts),      offsetof(tl_entry, escalated_to),
    offsetof(tl_entry, claim_epoch), offsetof(tl_entry, claimed_at_us),
};

static const size_t texts[TL_ENTRY_TEXTS] = {
    offsetof(tl_entry, request_id),   offsetof(tl_entry, organization_id), offsetof(tl_entry, seal_sha256),
    offsetof(tl_entry, answer),       offsetof(tl_entry, label),           offsetof(tl_entry, answered_by),
    offsetof(tl_entry, answered_at),  offsetof(tl_entry, closed_at),       offsetof(tl_entry, due_at),
    offsetof(tl_entry, operation_id), offsetof(tl_entry, body_sha256),     offsetof(tl_entry, outcome),
    offsetof(tl_entry, verified),     offsetof(tl_entry, message),         offsetof(tl_entry, seal_line),
    offsetof(tl_entry, questions),
};

int64_t *tl_entry_number(tl_entry *entry, int index)
{
    return (int64_t *)(void *)((char *)entry + numbers[index]);
}

char **tl_entry_text(tl_entry *entry, int index)
{
    return (char **)(void *)((char *)entry + texts[index]);
}

void tl_entry_clear(tl_entry *entry)
{
    for (int i = 0; i < TL_ENTRY_TEXTS; i++)
        free(*tl_entry_text(entry, i));
    *entry = (tl_entry){0};
}

void tl_entries_free(tl_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++)
        tl_entry_clear(&entries[i]);
    free(entries);
}

bool tl_entry_set(char **slot, const char *text)
{
    char *copy = text == NULL ? NULL : strdup(text);
    if (text != NULL && copy == NULL)
        return false;
    free(*slot);
    *slot = copy;
    return true;
}

const char *tl_entry_state_name(tl_entry_state state)
{
    static const char *const names[] = {"foreign",  "seen",    "answered", "sending", "permitted",
                                        "rejected", "ignored", "left",     "refused", "unknown"};
    return names[state];
}

bool tl_entry_state_of(const char *name, tl_entry_state *out)
{
    for (int i = 0; name != NULL && i < TL_ENTRY_STATE_COUNT; i++)
        if (strcmp(name, tl_entry_state_name((tl_entry_state)i)) == 0) {
            *out = (tl_entry_state)i;
            return true;
        }
    return false;
}

bool tl_entry_is_open(tl_entry_state state)
{
    return state == TL_ENTRY_SEEN || state == TL_ENTRY_ANSWERED || state == TL_ENTRY_SENDING;
}
