/* Working on many prompts side by side, and what an error on one of them means for the others. */
#include <limits.h>
#include <stdlib.h>

#include "chain/engine.h"
#include "http/together.h"

enum { AWAY_AFTER = 3 }; /* so many in a row fail when a service is away */

bool tl_chain_is_stopping(const tl_chain *chain)
{
    return atomic_load(&chain->stopping);
}

void tl_chain_keep_error(tl_code *code, tl_error *err, tl_code one, const tl_error *about_one)
{
    bool graver = err != NULL && err->retriable && !about_one->retriable;
    if (one == TL_OK || (*code != TL_OK && !graver))
        return;
    *code = one;
    if (err != NULL && (err->code == TL_OK || graver))
        *err = *about_one;
}

/* Whether the others are worth a try. */
static bool is_about_one(tl_code code, const tl_error *err)
{
    switch (code) {
    case TL_NOT_FOUND:
    case TL_INVALID:
    case TL_CONFLICT:
    case TL_PROTOCOL:
    case TL_PERMISSION:
    case TL_FORBIDDEN:
        return true;
    case TL_SERVER:
        return !err->retriable;
    default:
        return false;
    }
}

/* What a service says that is away; but a gateway may say so of one thing again and again. */
static bool may_be_about_one(tl_code code)
{
    return code == TL_SERVER || code == TL_TIMEOUT || code == TL_NETWORK;
}

/* One of the two lists. */
typedef struct batch {
    tl_chain *chain;
    tl_entry *entries;
    tl_entry_fn *entry_work;
    const cJSON **records;
    tl_record_fn *record_work;
    tl_code code;
    tl_error *err;
    int in_a_row; /* that failed */
    int patience; /* at so many it is the service */
    bool stopped;
} batch;

static void work_on(void *data, size_t index)
{
    batch *all = data;
    tl_error here = TL_ERROR_INIT;
    if (all->stopped || tl_chain_is_stopping(all->chain))
        return;
    tl_code code = all->records != NULL ? all->record_work(all->chain, all->records[index], &here)
                                        : all->entry_work(all->chain, &all->entries[index], &here);
    bool for_all = code != TL_OK && !is_about_one(code, &here);
    /* The next step tries that one again, whatever it is, and goes on with the others. */
    here.retriable = here.retriable || !for_all;
    tl_chain_keep_error(&all->code, all->err, code, &here);
    if (!for_all) {
        all->in_a_row = 0;
        return;
    }
    bool may_be = may_be_about_one(code);
    if (!may_be || ++all->in_a_row >= all->patience)
        all->stopped = true;
    if (all->records != NULL)
        *(may_be ? &all->chain->has_unread : &all->chain->is_blind) = true;
}

tl_code tl_chain_each_entry(tl_chain *chain, tl_entry entries[], size_t count, tl_entry_fn *work,
                            tl_error *err)
{
    batch all = {.chain = chain, .entries = entries, .entry_work = work, .err = err, .patience = AWAY_AFTER};
    tl_together(count, chain->options.concurrency, work_on, &all);
    return all.code;
}

tl_code tl_chain_each_in_state(tl_chain *chain, tl_entry_state state, tl_entry_fn *work, tl_error *err)
{
    tl_entry *entries = NULL;
    size_t count = 0;
    tl_code code = tl_ledger_list(&entries, &count, chain->ledger, state, NULL, err);
    if (code == TL_OK)
        code = tl_chain_each_entry(chain, entries, count, work, err);
    tl_entries_free(entries, count);
    return code;
}

tl_code tl_chain_each_record(tl_chain *chain, const cJSON *records, tl_record_fn *work, tl_error *err)
{
    size_t count = (size_t)cJSON_GetArraySize(records), i = 0;
    const cJSON *record;
    batch all = {.chain = chain,
                 .record_work = work,
                 .err = err,
                 .patience = tl_chain_is_stuck(chain) ? INT_MAX : AWAY_AFTER};
    if (count == 0)
        return TL_OK;
    all.records = calloc(count, sizeof(const cJSON *));
    if (all.records == NULL)
        return tl_fail_memory(err);
    cJSON_ArrayForEach (record, records)
        all.records[i++] = record;
    tl_together(count, chain->options.concurrency, work_on, &all);
    free(all.records);
    return all.code;
}
