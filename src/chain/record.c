/* How each change is recorded, and what an error on one prompt means for the others. */
#include <stdlib.h>

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

static tl_code give_event(tl_chain *chain, const cJSON *line, tl_error *err)
{
    char *text = NULL;
    tl_code code = tl_json_print(&text, NULL, line, err);
    if (code == TL_OK)
        chain->options.event(chain->options.event_data, text);
    free(text);
    return code;
}

tl_code tl_chain_record(tl_chain *chain, tl_entry *entry, tl_entry_state state, const char *message,
                        tl_error *err)
{
    cJSON *line = NULL;
    /* An answer that goes back to waiting is no new one. */
    bool is_news = state != TL_ENTRY_ANSWERED || entry->state == TL_ENTRY_SEEN;
    entry->state = state;
    if (!tl_entry_set(&entry->message, message))
        return tl_fail_memory(err);
    bool wanted = chain->options.event != NULL && state != TL_ENTRY_FOREIGN;
    tl_code code = tl_ledger_put(chain->ledger, entry, wanted ? &line : NULL, err);
    if (code == TL_OK && is_news)
        count_change(&chain->step, state);
    if (code == TL_OK && wanted)
        code = give_event(chain, line, err);
    cJSON_Delete(line);
    return code;
}

bool tl_chain_goes_on(tl_code *code, tl_error *err, tl_code one, const tl_error *about_one)
{
    if (one == TL_OK)
        return true;
    if (*code == TL_OK) {
        *code = one;
        if (err != NULL && err->code == TL_OK)
            *err = *about_one;
    }
    switch (one) {
    case TL_NOT_FOUND:
    case TL_INVALID:
    case TL_CONFLICT:
    case TL_PROTOCOL:
    case TL_PERMISSION:
    case TL_FORBIDDEN:
        return true;
    case TL_SERVER:
        return !about_one->retriable;
    default:
        return false;
    }
}
