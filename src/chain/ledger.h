/* The ledger: what the chain has seen and done, on disk before and after every effect. SQLite; one process.
 */
#ifndef TL_CHAIN_LEDGER_H
#define TL_CHAIN_LEDGER_H

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "chain/entry.h"

typedef struct tl_ledger tl_ledger;

/* Opens or makes the file; one of an older version is brought up to this one, or left as it was. Refused with
 * TL_CONFIG: a link, no regular file, another owner's, writable by others, held by another process or chain,
 * made by a newer version, or no ledger. */
tl_code tl_ledger_open(tl_ledger **out, const char *path, tl_error *err);
void tl_ledger_close(tl_ledger *ledger);

/* Opens one that is there for nothing but its history, and writes nothing to it. TL_CONFIG: it cannot be
 * read, is no ledger, of another version, or a running chain holds it. */
tl_code tl_ledger_open_to_read(tl_ledger **out, const char *path, tl_error *err);

/* Writes entries and their lines of history, in this order, in one transaction that is on disk when this
 * returns; on failure nothing is. What only an open entry needs (seal line, questions) is not kept for the
 * others. */
tl_code tl_ledger_put(tl_ledger *ledger, const tl_entry *const entries[], size_t count, tl_error *err);

/* The entry of a prompt; *out_found tells whether there is one. */
tl_code tl_ledger_get(tl_entry *out, bool *out_found, tl_ledger *ledger, int64_t approval_id, tl_error *err);

/* All entries in a state, or (request_id given) of a request; oldest first. *out is malloc'd with *out_count
 * entries, to be freed with tl_entries_free. */
tl_code tl_ledger_list(tl_entry **out, size_t *out_count, tl_ledger *ledger, tl_entry_state state,
                       const char *request_id, tl_error *err);

/* A summary is cheap, whatever the ledger holds: one walk over an index. */
typedef struct tl_ledger_overview {
    char id[TL_GUID_SIZE]; /* made with the ledger: names it in events and claims */
    int64_t birth_us;      /* when it was made */
    int64_t newest_id;     /* the highest approval id that it knows; 0 when empty */
    int64_t floor_id; /* the lowest that polling must still ask for: that of the oldest open prompt, or a few
                       * below the newest (ids may become visible out of order); 0 when empty */
    int64_t counts[TL_ENTRY_STATE_COUNT];
} tl_ledger_overview;
tl_code tl_ledger_summary(tl_ledger_overview *out, tl_ledger *ledger, tl_error *err);

/* Lines of history as tl_chain_history gives them: oldest first, all or those of a request, those after the
 * line `after_id` (0 = from the start on), at most `limit` (0 = all). *out is the caller's. */
tl_code tl_ledger_history(cJSON **out, tl_ledger *ledger, const char *request_id, int64_t after_id,
                          size_t limit, tl_error *err);

/* Notes that events were given out up to this line of history; returns the newest that is noted, so that 0
 * only asks. The note is written with the next put, or at the closing: after a crash it may be older than the
 * truth, never newer. */
int64_t tl_ledger_events_given(tl_ledger *ledger, int64_t history_id);

#endif
