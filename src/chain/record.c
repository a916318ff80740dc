/* How each change is recorded. Tasks that work side by side share a transaction: a change waits in a list
 * until nobody can go on, and then all of the list are written at once. Between two transactions the ledger
 * holds what is on disk and nothing else, and no task goes on before its change is part of that. */
#include "chain/claims.h"
#include "chain/engine.h"

static void count_change(tl_step *step, tl_entry_state state)
{
    switch (state) {
    case TL_ENTRY_ANSWERED:
        step->answered++;
        break;
    case TL_ENTRY_PERMITTED:
        step->permitted++;
        break;
    case TL_ENTRY_REJECTED:
        step->rejected++;
        break;
    case TL_ENTRY_IGNORED:
        step->ignored++;
        break;
    case TL_ENTRY_LEFT:
        step->left++;
        break;
    case TL_ENTRY_REFUSED:
        step->refused++;
        break;
    case TL_ENTRY_UNKNOWN:
        step->unknown++;
        break;
    default:
        break;
    }
}

/* All of them, or none. The first call does it for everybody who rests. */
static void write_changes(void *data)
{
    tl_chain *chain = data;
    const tl_entry *entries[TL_MAX_TOGETHER];
    size_t count = chain->change_count;
    tl_error err = TL_ERROR_INIT;
    if (count == 0)
        return;
    for (size_t i = 0; i < count; i++)
        entries[i] = chain->changes[i]->entry;
    tl_code code = tl_ledger_put(chain->ledger, entries, count, &err);
    for (size_t i = 0; i < count; i++) {
        chain->changes[i]->code = code;
        chain->changes[i]->err = err;
    }
    chain->change_count = 0;
}

static tl_code write_change(tl_chain *chain, const tl_entry *entry, tl_error *err)
{
    tl_change change = {.entry = entry};
    chain->changes[chain->change_count++] = &change;
    tl_at_rest(write_changes, chain);
    return change.code == TL_OK ? TL_OK : tl_fail_with(err, &change.err);
}

static bool is_changing(const tl_chain *chain, int64_t approval_id, const char *request_id)
{
    for (size_t i = 0; i < chain->change_count; i++) {
        const tl_entry *entry = chain->changes[i]->entry;
        if (entry->approval_id == approval_id ||
            (request_id != NULL && tl_equal_ignore_case(entry->request_id, request_id)))
            return true;
    }
    return false;
}

void tl_chain_await_changes(tl_chain *chain, int64_t approval_id, const char *request_id)
{
    while (is_changing(chain, approval_id, request_id))
        tl_at_rest(write_changes, chain);
}

tl_code tl_chain_record(tl_chain *chain, tl_entry *entry, tl_entry_state state, const char *message,
                        tl_error *err)
{
    /* An answer that goes back to waiting is no new one. */
    bool is_news = state != TL_ENTRY_ANSWERED || entry->state == TL_ENTRY_SEEN;
    entry->state = state;
    if (!tl_entry_set(&entry->message, message))
        return tl_fail_memory(err);
    tl_code code = write_change(chain, entry, err);
    if (code != TL_OK)
        return code;
    if (!tl_entry_is_open(state))
        tl_claim_end(chain, entry->request_id);
    if (is_news)
        count_change(&chain->step, state);
    /* It is on disk. What cannot be given out now waits for the end of the step, which tells why. */
    (void)tl_chain_give_events(chain, NULL);
    return TL_OK;
}
