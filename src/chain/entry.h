/* One prompt, as the ledger keeps it. */
#ifndef TL_CHAIN_ENTRY_H
#define TL_CHAIN_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* Texts are the entry's own (malloc'd); NULL = none. */
typedef struct tl_entry {
    int64_t approval_id;
    tl_entry_state state;
    char *request_id;
    char *organization_id;
    char *seal_line;   /* the seal as it stood in the prompt; kept while the state is open */
    char *questions;   /* the prompt's response_types as JSON; kept while the state is open */
    char *seal_sha256; /* of the seal line; kept for ever. Set by the ledger */
    char *answer;      /* "permit", "reject", "ignore" once answered */
    char *label;       /* which of several labelled choices was answered */
    char *answered_by;
    char *answered_at;
    char *closed_at;      /* when it closed without an answer */
    char *due_at;         /* until when it may be answered */
    int64_t escalated_to; /* the prompt that took its place; 0 = none */
    int64_t claim_epoch;  /* of our claim on the request; 0 = none */
    int64_t claimed_at_us;
    char *operation_id; /* of the newest write */
    char *body_sha256;  /* of its body */
    int64_t sent_at_us; /* of its sending */
    int64_t attempts;   /* writes begun */
    char *outcome;      /* as the write reported */
    char *verified;     /* how the outcome was verified, NULL where it was not */
    char *message;      /* why */
} tl_entry;

void tl_entry_clear(tl_entry *entry);
void tl_entries_free(tl_entry *entries, size_t count);

/* Replaces a text of an entry; NULL clears it. False when out of memory. */
bool tl_entry_set(char **slot, const char *text);

const char *tl_entry_state_name(tl_entry_state state);
/* False for no state of ours. */
bool tl_entry_state_of(const char *name, tl_entry_state *out);
/* Whether something is still to be done about it: seen, answered or sending. */
bool tl_entry_is_open(tl_entry_state state);

/* Every number and text but id and state, in the order of the ledger's columns; the last two texts are those
 * that are kept while the state is open. */
enum { TL_ENTRY_NUMBERS = 5, TL_ENTRY_TEXTS = 16, TL_ENTRY_OPEN_TEXTS = 2 };
int64_t *tl_entry_number(tl_entry *entry, int index);
char **tl_entry_text(tl_entry *entry, int index);

#endif
