/* What became of a write: from an outcome to the ledger, and settling what a dead process left behind. */
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "chain/engine.h"
#include "portal/write.h"

static const struct {
    const char *outcome;
    tl_entry_state state;
} states[] = {{"permitted", TL_ENTRY_PERMITTED}, {"rejected", TL_ENTRY_REJECTED},
              {"ignored", TL_ENTRY_IGNORED},     {"already_actioned", TL_ENTRY_LEFT},
              {"refused", TL_ENTRY_REFUSED},     {"unknown", TL_ENTRY_SENDING}};

/* Why it was refused, if a later try may overcome that: nothing was applied, and it was not about the
 * request. TL_OK for all else. */
static tl_code why_not_now(tl_entry_state state, const char *name)
{
    static const tl_code passing[] = {TL_NETWORK, TL_TLS,          TL_TIMEOUT,  TL_CANCELLED, TL_TOKEN,
                                      TL_SERVER,  TL_RATE_LIMITED, TL_PROTOCOL, TL_MEMORY};
    for (size_t i = 0; state == TL_ENTRY_REFUSED && name != NULL && i < sizeof passing / sizeof passing[0];
         i++)
        if (strcmp(name, tl_code_name(passing[i])) == 0)
            return passing[i];
    return TL_OK;
}

static tl_code fail_for_now(tl_code why, const char *message, tl_error *err)
{
    (void)tl_fail(err, why, "%s", message == NULL ? "" : message);
    /* A lookup's server error may be about this request alone: it does not count as a service that is away.
     */
    if (err != NULL)
        err->retriable =
            why == TL_NETWORK || why == TL_TIMEOUT || why == TL_RATE_LIMITED || why == TL_PROTOCOL;
    return why;
}

static bool add_cleaned(tl_buffer *text, const char *before, const char *raw)
{
    char *clean = tl_clean_text(raw, 100);
    bool ok = clean != NULL && (clean[0] == '\0' || tl_buffer_format(text, "%s%s", before, clean));
    free(clean);
    return ok;
}

/* How the outcome is known, for the ledger: what was read back. */
static bool note_verified(tl_entry *entry, const cJSON *outcome)
{
    if (!tl_json_true(outcome, "verified"))
        return tl_entry_set(&entry->verified, NULL);
    tl_buffer text = {.limit = 2048};
    bool ok = tl_buffer_format(&text, "read back: status %lld",
                               (long long)tl_json_integer_or(outcome, "status_id", 0)) &&
              add_cleaned(&text, ", by ", tl_json_text(outcome, "approved_by")) &&
              add_cleaned(&text, ", at ", tl_json_text(outcome, "action_date")) &&
              tl_entry_set(&entry->verified, text.data);
    tl_buffer_free(&text);
    return ok;
}

tl_code tl_chain_conclude(tl_chain *chain, tl_entry *entry, const cJSON *outcome, tl_error *err)
{
    const char *word = tl_json_text_or_empty(outcome, "outcome");
    const char *message = tl_json_text(outcome, "message");
    tl_entry_state state = TL_ENTRY_UNKNOWN;
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        if (strcmp(word, states[i].outcome) == 0)
            state = states[i].state;
    if (!tl_entry_set(&entry->outcome, word) || !note_verified(entry, outcome))
        return tl_fail_memory(err);
    tl_code why = why_not_now(state, tl_json_text(outcome, "code"));
    if (why == TL_OK)
        return tl_chain_record(chain, entry, state, message, err);
    /* Only what may have been applied counts as an attempt: this answer waits as long as it lives. A lookup
     * that failed began none. */
    if (entry->state == TL_ENTRY_SENDING)
        entry->attempts--;
    tl_code code = tl_chain_record(chain, entry, TL_ENTRY_ANSWERED, message, err);
    return code == TL_OK ? fail_for_now(why, message, err) : code;
}

static tl_write_kind kind_of(const char *answer)
{
    if (answer != NULL && strcmp(answer, "reject") == 0)
        return TL_WRITE_REJECT;
    return answer != NULL && strcmp(answer, "ignore") == 0 ? TL_WRITE_IGNORE : TL_WRITE_PERMIT;
}

/* Since when this process has found the entry in doubt, by a clock that nobody sets; -1 when out of memory.
 */
static int64_t in_doubt_since(tl_chain *chain, int64_t approval_id)
{
    for (size_t i = 0; i < chain->doubt_count; i++)
        if (chain->doubts[i].approval_id == approval_id)
            return chain->doubts[i].since_ms;
    tl_doubt *more = realloc(chain->doubts, (chain->doubt_count + 1) * sizeof *more);
    if (more == NULL)
        return -1;
    chain->doubts = more;
    chain->doubts[chain->doubt_count++] = (tl_doubt){approval_id, tl_monotonic_ms()};
    return chain->doubts[chain->doubt_count - 1].since_ms;
}

static void forget_doubt(tl_chain *chain, int64_t approval_id)
{
    for (size_t i = 0; i < chain->doubt_count; i++)
        if (chain->doubts[i].approval_id == approval_id)
            chain->doubts[i--] = chain->doubts[--chain->doubt_count];
}

/* Whether a write that was sent can still be about to take effect: a server that works on it late may do so
 * as long as its sender, had it lived, would have waited. Counted from the first doubt, so that a clock that
 * jumps does not shorten it. */
static bool may_still_come(tl_chain *chain, const tl_entry *entry)
{
    const tl_client *client = chain->options.client;
    int64_t since_ms = in_doubt_since(chain, entry->approval_id);
    int64_t wait_ms = tl_http_timeout_ms(client->http) + client->settle_time_ms;
    return since_ms < 0 || tl_monotonic_ms() - since_ms < wait_ms;
}

/* Read back without a clear result. Until all is settled that may change; after it, a request that still is
 * open was not touched, and is sent again, after all checks, a few times at most. */
static tl_code conclude_unknown(tl_chain *chain, tl_entry *entry, const cJSON *outcome, tl_error *err)
{
    bool still_open = strcmp(tl_json_text_or_empty(outcome, "applied"), "no") == 0;
    if (may_still_come(chain, entry))
        return TL_OK;
    forget_doubt(chain, entry->approval_id);
    if (!still_open)
        return tl_chain_record(chain, entry, TL_ENTRY_UNKNOWN, tl_json_text(outcome, "message"), err);
    if (entry->attempts < TL_MAX_ATTEMPTS)
        return tl_chain_record(chain, entry, TL_ENTRY_ANSWERED, "read back as not applied: to be sent again",
                               err);
    return tl_chain_record(chain, entry, TL_ENTRY_UNKNOWN, "sent several times, never applied", err);
}

static tl_code settle_one(tl_chain *chain, tl_entry *entry, tl_error *err)
{
    tl_write write = {.kind = kind_of(entry->answer),
                      .organization_id = entry->organization_id,
                      .request_id = entry->request_id,
                      .sent_at_us = entry->sent_at_us};
    if (entry->operation_id != NULL && strlen(entry->operation_id) < sizeof write.operation_id)
        memcpy(write.operation_id, entry->operation_id, strlen(entry->operation_id) + 1);
    cJSON *outcome = NULL;
    tl_error here = TL_ERROR_INIT;
    tl_code code = tl_write_settle(&outcome, chain->options.client, &write, &here);
    if (code == TL_NOT_FOUND) {
        forget_doubt(chain, entry->approval_id);
        code = tl_chain_record(chain, entry, TL_ENTRY_UNKNOWN,
                               "the request is gone: its outcome cannot be read", err);
    } else if (code != TL_OK && err != NULL && err->code == TL_OK)
        *err = here;
    else if (code == TL_OK && strcmp(tl_json_text_or_empty(outcome, "outcome"), "unknown") == 0)
        code = conclude_unknown(chain, entry, outcome, err);
    else if (code == TL_OK) {
        forget_doubt(chain, entry->approval_id);
        code = tl_chain_conclude(chain, entry, outcome, err);
    }
    cJSON_Delete(outcome);
    return code;
}

tl_code tl_chain_settle(tl_chain *chain, tl_error *err)
{
    return tl_chain_each_in_state(chain, TL_ENTRY_SENDING, settle_one, err);
}
