/* How each change is recorded. */
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

tl_code tl_chain_record(tl_chain *chain, tl_entry *entry, tl_entry_state state, const char *message,
                        tl_error *err)
{
    /* An answer that goes back to waiting is no new one. */
    bool is_news = state != TL_ENTRY_ANSWERED || entry->state == TL_ENTRY_SEEN;
    entry->state = state;
    if (!tl_entry_set(&entry->message, message))
        return tl_fail_memory(err);
    tl_code code = tl_ledger_put(chain->ledger, entry, err);
    if (code == TL_OK && is_news)
        count_change(&chain->step, state);
    return code == TL_OK ? tl_chain_give_events(chain, err) : code;
}
