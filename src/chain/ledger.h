/* The ledger: what the chain has seen and done, on disk before and after every effect. SQLite; one process.
 */
#ifndef TL_CHAIN_LEDGER_H
#define TL_CHAIN_LEDGER_H

#include "base/error.h"
#include "base/json.h"
#include "base/sha256.h"
#include "base/text.h"

typedef struct tl_ledger tl_ledger;

typedef enum tl_entry_state {
    TL_ENTRY_FOREIGN,  /* no prompt for this chain: never looked at again */
    TL_ENTRY_SEEN,     /* sealed for us, still open */
    TL_ENTRY_ANSWERED, /* a recognised answer, not yet acted on */
    TL_ENTRY_SENDING,  /* a write is, or may be, under way */
    TL_ENTRY_PERMITTED,
    TL_ENTRY_REJECTED,
    TL_ENTRY_IGNORED,
    TL_ENTRY_LEFT,    /* left to a person */
    TL_ENTRY_REFUSED, /* refused by ThreatLocker, or by us at the last check */
    TL_ENTRY_UNKNOWN, /* the outcome could not be settled: a person must look */
    TL_ENTRY_STATE_COUNT
} tl_entry_state;

/* One prompt. Texts are the entry's own (malloc'd); NULL = none. */
typedef struct tl_entry {
    int64_t approval_id;
    tl_entry_state state;
    char *request_id;
    char *organization_id;
    char *seal_line; /* the seal as it stood in the prompt */
    char *questions; /* the prompt's response_types as JSON */
    char *answer;    /* "permit", "reject", "ignore" once answered */
    char *answered_by;
    char *answered_at;
    char *operation_id; /* of the newest write */
    char *body_sha256;  /* of its body */
    int64_t sent_at_us; /* of its sending */
    int64_t attempts;   /* writes begun */
    char *outcome;      /* as the write reported */
    char *message;      /* why */
} tl_entry;

void tl_entry_clear(tl_entry *entry);
/* Replaces a text of an entry; NULL clears it. False when out of memory. */
bool tl_entry_set(char **slot, const char *text);
const char *tl_entry_state_name(tl_entry_state state);

/* Opens or makes the file. Refused with TL_CONFIG: a link, no regular file, another owner's, writable by
 * others, held by another process, made by a newer version, or no ledger. */
tl_code tl_ledger_open(tl_ledger **out, const char *path, tl_error *err);
void tl_ledger_close(tl_ledger *ledger);

/* When the ledger was made. */
int64_t tl_ledger_birth_us(const tl_ledger *ledger);

/* Writes an entry and its line of history in one transaction that is on disk when this returns. *out_line
 * (may be NULL) is that line as an object, the caller's. */
tl_code tl_ledger_put(tl_ledger *ledger, const tl_entry *entry, cJSON **out_line, tl_error *err);

/* The entry of a prompt; *out_found tells whether there is one. */
tl_code tl_ledger_get(tl_entry *out, bool *out_found, tl_ledger *ledger, int64_t approval_id, tl_error *err);

/* All entries in a state, or (request_id given) of a request; oldest first. *out is malloc'd with *out_count
 * entries, to be freed with tl_entries_free. */
tl_code tl_ledger_list(tl_entry **out, size_t *out_count, tl_ledger *ledger, tl_entry_state state,
                       const char *request_id, tl_error *err);
void tl_entries_free(tl_entry *entries, size_t count);

/* The lowest id that polling must still ask for: that of the oldest open prompt, or a few below the newest
 * seen (ids may become visible out of order); 0 for an empty ledger. */
tl_code tl_ledger_floor(int64_t *out, tl_ledger *ledger, tl_error *err);

/* History as tl_chain_history. */
tl_code tl_ledger_history(cJSON **out, tl_ledger *ledger, const char *request_id, tl_error *err);

#endif
