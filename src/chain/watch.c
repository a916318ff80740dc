/* Polling SOAR: which prompts are new, and which were closed. */
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "chain/engine.h"

enum {
    NEWEST_ROWS = 100, /* of a look at the pending ones */
    CLOCKS_DIFFER_S = 24 * 60 * 60,
    STUCK_AFTER = 6, /* polls */
};

/* ---- one request each ---- */

/* Without one of its lists nobody knows what SOAR has. */
static tl_code listed(tl_chain *chain, tl_code code)
{
    chain->is_blind = chain->is_blind || code != TL_OK;
    return code;
}

/* What closed before never acts, and is asked for no more. By SOAR's clock, which may differ from ours by as
 * much as a day. */
static int64_t earliest_closing_us(const tl_chain *chain)
{
    int64_t oldest_us = tl_now_us() - chain->options.max_answer_age_s * TL_SECOND_US;
    return (oldest_us > chain->since_us ? oldest_us : chain->since_us) - CLOCKS_DIFFER_S * TL_SECOND_US;
}

static tl_code list_closed(cJSON **out, tl_chain *chain, tl_error *err)
{
    char after[TL_TIME_SIZE];
    tl_approval_query query = TL_APPROVAL_QUERY_INIT;
    int64_t from_us = tl_poll_closed_from(&chain->poll, tl_monotonic_ms());
    int64_t earliest_us = earliest_closing_us(chain);
    tl_time_format_us(from_us > earliest_us ? from_us : earliest_us, after);
    query.type = "manual";
    query.not_pending = true;
    query.closed_after = after;
    return listed(chain, tl_soar_approvals(out, chain->options.soar, &query, err));
}

static tl_code list_pending(cJSON **out, int64_t *out_count, tl_chain *chain, tl_error *err)
{
    tl_approval_query query = TL_APPROVAL_QUERY_INIT;
    query.type = "manual";
    query.status = "pending";
    query.descending = true;
    query.limit = NEWEST_ROWS;
    return listed(chain, tl_soar_approval_page(out, out_count, chain->options.soar, &query, err));
}

static tl_code list_open(cJSON **out, tl_chain *chain, tl_error *err)
{
    tl_approval_query query = TL_APPROVAL_QUERY_INIT;
    query.type = "manual";
    query.status = "pending";
    return listed(chain, tl_soar_approvals(out, chain->options.soar, &query, err));
}

/* From the oldest open prompt of the ledger on, and all that came since the last walk: what opened and closed
 * between two polls may have been in no list of theirs, as when SOAR's clock was set back. *out_next_id: from
 * where on the next walk must list. */
static tl_code list_all(cJSON **out, int64_t *out_next_id, tl_chain *chain, tl_error *err)
{
    char since[TL_TIME_SIZE];
    tl_ledger_overview ledger;
    tl_approval_query query = TL_APPROVAL_QUERY_INIT;
    tl_code code = tl_ledger_summary(&ledger, chain->ledger, err);
    if (code != TL_OK)
        return code;
    tl_time_format_us(chain->since_us, since);
    query.type = "manual";
    *out_next_id = ledger.floor_id;
    query.min_id = ledger.floor_id < chain->walk_from_id ? ledger.floor_id : chain->walk_from_id;
    if (query.min_id == 0)
        query.started_after = since;
    return listed(chain, tl_soar_approvals(out, chain->options.soar, &query, err));
}

/* ---- what a list says ---- */

/* 0 for what cannot be: a time far ahead would hide all later closings from the polls. */
static int64_t closed_at_us(const cJSON *record)
{
    int64_t at_us, latest_us = tl_now_us() + CLOCKS_DIFFER_S * TL_SECOND_US;
    const char *text = tl_json_text(record, "close_time");
    return text != NULL && tl_time_parse(text, true, &at_us) && at_us <= latest_us ? at_us : 0;
}

/* What the list adds to the poll's memory. The number of those that closed since and were counted as pending.
 */
static int64_t take_in(tl_poll *poll, const cJSON *records)
{
    const cJSON *record;
    int64_t closed_us = poll->closed_us, newest_id = poll->newest_id, count = 0;
    cJSON_ArrayForEach (record, records) {
        int64_t id = tl_json_integer_or(record, "id", 0), at_us = closed_at_us(record);
        count += at_us > poll->closed_us && id <= poll->newest_id;
        closed_us = at_us > closed_us ? at_us : closed_us;
        newest_id = id > newest_id ? id : newest_id;
    }
    tl_poll_saw_closed(poll, closed_us, tl_monotonic_ms());
    poll->newest_id = newest_id;
    return count;
}

static int64_t count_newer(const cJSON *records, int64_t than_id)
{
    const cJSON *record;
    int64_t count = 0;
    cJSON_ArrayForEach (record, records)
        count += tl_json_integer_or(record, "id", 0) > than_id;
    return count;
}

/* ---- prompts that SOAR no longer has ---- */

static int compare_ids(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return left < right ? -1 : left > right;
}

static int64_t *sorted_ids(const cJSON *records, size_t *out_count)
{
    *out_count = (size_t)cJSON_GetArraySize(records);
    int64_t *ids = malloc((*out_count + 1) * sizeof *ids), *next = ids;
    const cJSON *record;
    if (ids == NULL)
        return NULL;
    cJSON_ArrayForEach (record, records)
        *next++ = tl_json_integer_or(record, "id", 0);
    qsort(ids, *out_count, sizeof *ids, compare_ids);
    return ids;
}

/* A walk did not show it: it is asked for by itself before it counts as deleted. */
static tl_code look_for(tl_chain *chain, tl_entry *entry, tl_error *err)
{
    cJSON *record = NULL;
    tl_error here = TL_ERROR_INIT;
    tl_code code = tl_soar_approval(&record, chain->options.soar, entry->approval_id, &here);
    if (code == TL_NOT_FOUND)
        code = tl_chain_record(chain, entry, TL_ENTRY_LEFT, "the prompt was deleted in SOAR", err);
    else if (code == TL_OK)
        code = tl_chain_look_at(chain, record, err);
    else
        (void)tl_fail_with(err, &here);
    cJSON_Delete(record);
    return code;
}

static tl_code look_for_missing(tl_chain *chain, const cJSON *records, tl_error *err)
{
    tl_entry *entries = NULL;
    size_t count = 0, known = 0, missing = 0;
    int64_t *ids = sorted_ids(records, &known);
    tl_code code = ids == NULL ? tl_fail_memory(err)
                               : tl_ledger_list(&entries, &count, chain->ledger, TL_ENTRY_SEEN, NULL, err);
    for (size_t i = 0; code == TL_OK && i < count; i++) {
        if (bsearch(&entries[i].approval_id, ids, known, sizeof *ids, compare_ids) != NULL)
            continue;
        tl_entry moved = entries[missing];
        entries[missing++] = entries[i];
        entries[i] = moved;
    }
    if (code == TL_OK)
        code = tl_chain_each_entry(chain, entries, missing, look_for, err);
    tl_entries_free(entries, count);
    free(ids);
    return code;
}

/* ---- polls ---- */

static tl_code look_at_all(tl_chain *chain, const cJSON *records, tl_error *err)
{
    return tl_chain_each_record(chain, records, tl_chain_look_at, err);
}

static int64_t count_open(const cJSON *records)
{
    const cJSON *record;
    int64_t count = 0;
    cJSON_ArrayForEach (record, records)
        count += strcmp(tl_json_text_or_empty(record, "status"), "pending") == 0;
    return count;
}

/* Open ones older than the ledger's oldest open prompt, which it never met: because more came at once than a
 * page shows, or a process ended before it had met them all. */
static tl_code look_at_unmet(tl_chain *chain, const cJSON *records, int64_t pending, tl_error *err)
{
    cJSON *open = NULL;
    if (count_open(records) >= pending)
        return TL_OK;
    tl_code code = list_open(&open, chain, err);
    if (code == TL_OK)
        code = look_at_all(chain, open, err);
    cJSON_Delete(open);
    return code;
}

/* The count is taken before the list: what changes between the two is seen as a change by the next poll. The
 * closed ones come last and on their own: one that closed before it was met may be older than all of the
 * list, and no poll asks again for what closed before the newest closing that was taken in. */
static tl_code walk(tl_chain *chain, tl_error *err)
{
    cJSON *pending = NULL, *records = NULL, *closed = NULL;
    int64_t count = 0, next_id = 0;
    tl_code code = list_pending(&pending, &count, chain, err);
    if (code == TL_OK)
        code = list_all(&records, &next_id, chain, err);
    if (code == TL_OK)
        code = list_closed(&closed, chain, err);
    if (code == TL_OK) {
        chain->poll.waiting_us = 0; /* noted again */
        code = look_at_all(chain, records, err);
    }
    if (code == TL_OK)
        code = look_at_all(chain, closed, err);
    if (code == TL_OK)
        code = look_at_unmet(chain, records, count, err);
    if (code == TL_OK)
        code = look_for_missing(chain, records, err);
    if (code == TL_OK) {
        (void)take_in(&chain->poll, records);
        (void)take_in(&chain->poll, closed);
        chain->poll.newest_id = 0;
        (void)take_in(&chain->poll, pending); /* newer ones are still to be met */
        chain->poll.pending = count;
        chain->walk_from_id = next_id;
    }
    cJSON_Delete(pending);
    cJSON_Delete(records);
    cJSON_Delete(closed);
    return code;
}

static tl_code look_at_closed(int64_t *out_closed, tl_chain *chain, tl_error *err)
{
    cJSON *records = NULL;
    *out_closed = 0;
    tl_code code = list_closed(&records, chain, err);
    if (code == TL_OK) {
        chain->poll.waiting_us = 0; /* all that wait are in the list, and are noted again */
        code = look_at_all(chain, records, err);
    }
    if (code == TL_OK) {
        tl_poll after = chain->poll;
        *out_closed = take_in(&after, records);
        tl_poll_saw_closed(&chain->poll, after.closed_us, tl_monotonic_ms());
        chain->poll.pending -= *out_closed;
    }
    cJSON_Delete(records);
    return code;
}

/* *out_odd: more new ones than the page shows, or some are gone without having closed. */
static tl_code look_at_pending(bool *out_odd, tl_chain *chain, tl_error *err)
{
    cJSON *records = NULL;
    int64_t count = 0, found = 0;
    tl_code code = list_pending(&records, &count, chain, err);
    int64_t fresh = count_newer(records, chain->poll.newest_id);
    int64_t closed = tl_poll_closed(&chain->poll, count, fresh);
    if (code == TL_OK)
        code = look_at_all(chain, records, err);
    if (code == TL_OK && closed != 0)
        code = look_at_closed(&found, chain, err);
    if (code == TL_OK) {
        *out_odd = fresh == NEWEST_ROWS || closed != found;
        (void)take_in(&chain->poll, records);
        chain->poll.pending = count;
    }
    cJSON_Delete(records);
    return code;
}

bool tl_chain_is_stuck(const tl_chain *chain)
{
    return chain->unread_polls >= STUCK_AFTER;
}

bool tl_chain_sees_enough(const tl_chain *chain)
{
    return !chain->is_blind && (chain->unread_polls == 0 || tl_chain_is_stuck(chain));
}

static void note_poll(tl_chain *chain, tl_poll_kind kind, bool good)
{
    if (chain->has_unread)
        chain->unread_polls++;
    else if (kind == TL_POLL_WALK)
        chain->unread_polls = 0;
    if (chain->is_blind)
        chain->unread_polls = chain->poll.failures = 0;
    else
        tl_poll_done(&chain->poll, kind, good, tl_monotonic_ms());
}

tl_code tl_chain_watch(tl_chain *chain, tl_error *err)
{
    int64_t closed;
    bool odd = false;
    tl_code code = TL_OK;
    tl_poll_kind kind = chain->is_blind ? TL_POLL_WALK : tl_poll_next(&chain->poll, tl_monotonic_ms());
    chain->is_blind = chain->has_unread = false;
    if (kind == TL_POLL_CLOSED)
        code = look_at_closed(&closed, chain, err);
    /* What was answered must not act before the prompts that stand beside it are met. */
    if (kind == TL_POLL_CLOSED && code == TL_OK && chain->step.answered + chain->step.left > 0)
        kind = TL_POLL_PENDING;
    if (kind == TL_POLL_PENDING)
        code = look_at_pending(&odd, chain, err);
    if (odd)
        kind = TL_POLL_WALK;
    if (code == TL_OK && kind == TL_POLL_WALK)
        code = walk(chain, err);
    note_poll(chain, kind, code == TL_OK);
    return code;
}
