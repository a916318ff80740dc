#include "chain/claims.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault_point.h"
#include "base/time.h"
#include "chain/decision.h"

enum { MAX_EPOCHS = 100 };

bool tl_lease_holds(const tl_lease *lease, int64_t at_us, int64_t now_us, bool for_owner)
{
    int64_t end_us = for_owner ? at_us + lease->lease_us - lease->call_us
                               : at_us + lease->lease_us + lease->call_us + lease->settle_us;
    return now_us < end_us;
}

/* ---- what this process knows ---- */

static tl_claim *find_claim(tl_chain *chain, const char *request_id)
{
    for (size_t i = 0; i < chain->claim_count; i++)
        if (tl_equal_ignore_case(chain->claims[i].request_id, request_id))
            return &chain->claims[i];
    return NULL;
}

/* Remembers an epoch as of now. False when out of memory. */
static bool remember(tl_chain *chain, const char *request_id, int64_t epoch)
{
    tl_claim *known = find_claim(chain, request_id);
    if (known == NULL) {
        tl_claim *more = realloc(chain->claims, (chain->claim_count + 1) * sizeof *more);
        if (more == NULL)
            return false;
        chain->claims = more;
        known = &chain->claims[chain->claim_count++];
    }
    *known = (tl_claim){.epoch = epoch, .since_ms = tl_monotonic_ms(), .since_us = tl_now_us()};
    snprintf(known->request_id, sizeof known->request_id, "%s", request_id);
    return true;
}

void tl_claim_end(tl_chain *chain, const char *request_id)
{
    tl_claim *known = find_claim(chain, request_id);
    if (known != NULL)
        known->is_over = true;
}

void tl_claims_forget_ended(tl_chain *chain)
{
    for (size_t i = 0; i < chain->claim_count;)
        if (chain->claims[i].is_over)
            chain->claims[i] = chain->claims[--chain->claim_count];
        else
            i++;
}

/* Others wait by a clock that nobody sets. The owner's time is over as soon as either clock says so: the one
 * may have stood still with the machine, the other may have been set. */
static bool holds(const tl_chain *chain, const tl_claim *claim)
{
    const tl_client *client = chain->options.client;
    tl_lease lease = {.lease_us = chain->options.claim_lease_s * TL_SECOND_US,
                      .call_us = tl_http_timeout_ms(client->http) * 1000,
                      .settle_us = client->settle_time_ms * 1000};
    bool ours = claim->epoch > 0;
    int64_t now_us = tl_now_us();
    if (!tl_lease_holds(&lease, claim->since_ms * 1000, tl_monotonic_ms() * 1000, ours))
        return false;
    return !ours || (now_us >= claim->since_us && tl_lease_holds(&lease, claim->since_us, now_us, true));
}

/* Notes which epoch we know of and whose it is (negative: another's). In the ledger first: what only this
 * process knew would count as noted. */
static tl_code note(tl_chain *chain, tl_entry *entry, int64_t epoch, const char *message, tl_error *err)
{
    entry->claim_epoch = epoch;
    entry->claimed_at_us = tl_now_us();
    tl_code code = tl_chain_record(chain, entry, TL_ENTRY_ANSWERED, message, err);
    if (code == TL_OK && !remember(chain, entry->request_id, epoch))
        code = tl_fail_memory(err);
    return code;
}

/* ---- what SOAR knows ---- */

static bool identify(tl_buffer *out, const char *request_id, int64_t epoch)
{
    return epoch == 1 ? tl_buffer_format(out, "threatlocker-claim:%s", request_id)
                      : tl_buffer_format(out, "threatlocker-claim:%s:%lld", request_id, (long long)epoch);
}

static cJSON *claim_body(const tl_chain *chain, const tl_entry *entry, int64_t epoch)
{
    tl_buffer identifier = {.limit = 128}, name = {.limit = 128};
    cJSON *body = cJSON_CreateObject(), *data = cJSON_CreateObject();
    bool ok = tl_json_set_text(data, "owner", chain->ledger_id) &&
              tl_json_set_text(data, "executor", chain->executor) &&
              tl_json_set_integer(data, "approval", entry->approval_id) &&
              tl_json_set_integer(data, "epoch", epoch);
    ok = tl_json_set(body, "data", data) && ok;
    ok = ok && identify(&identifier, entry->request_id, epoch) &&
         tl_buffer_format(&name, "ThreatLocker claim on %s", entry->request_id) &&
         tl_json_set_text(body, "name", name.data) &&
         tl_json_set_text(body, "label", chain->options.claim_label) &&
         tl_json_set_text(body, "source_data_identifier", identifier.data) &&
         tl_json_set_text(body, "description",
                          "Made by the approvals chain that acts on this request; safe to close.") &&
         tl_json_set_bool(body, "run_automation", false);
    tl_buffer_free(&identifier);
    tl_buffer_free(&name);
    if (!ok) {
        cJSON_Delete(body);
        return NULL;
    }
    return body;
}

typedef enum found {
    MADE,
    FOUND_OURS,         /* for this prompt: made now, as the ledger knew of none before */
    FOUND_OTHER_PROMPT, /* ours, but made for another prompt: since when it counts is not known here */
    FOUND_ANOTHERS,
} found;

static tl_code read_owner(found *out, tl_chain *chain, const tl_entry *entry, int64_t container_id,
                          tl_error *err)
{
    cJSON *container = NULL;
    tl_code code = tl_soar_container(&container, chain->options.soar, container_id, err);
    const char *owner = tl_json_text(container, "data.owner");
    if (code == TL_OK && owner == NULL)
        code = tl_fail(err, TL_PROTOCOL, "container %lld has a claim's identifier, but names no owner",
                       (long long)container_id);
    *out = FOUND_OURS;
    if (code == TL_OK && !tl_equal_ignore_case(owner, chain->ledger_id))
        *out = FOUND_ANOTHERS;
    else if (code == TL_OK && tl_json_integer_or(container, "data.approval", 0) != entry->approval_id)
        *out = FOUND_OTHER_PROMPT;
    cJSON_Delete(container);
    return code;
}

/* Makes the claim of one epoch, or sees whose it is. What SOAR refuses says nothing about the answer: it
 * waits.
 */
static tl_code try_epoch(found *out, tl_chain *chain, const tl_entry *entry, int64_t epoch, tl_error *err)
{
    cJSON *body = claim_body(chain, entry, epoch), *made = NULL;
    tl_error here = TL_ERROR_INIT;
    tl_code code = body == NULL ? tl_fail_memory(&here)
                                : tl_soar_create_container(&made, chain->options.soar, body, &here);
    cJSON_Delete(body);
    *out = MADE;
    if (code == TL_OK && !tl_json_true(made, "created"))
        code = read_owner(out, chain, entry, tl_json_integer_or(made, "id", 0), &here);
    cJSON_Delete(made);
    if (code == TL_OK)
        return TL_OK;
    return tl_is_service_error(code)
               ? tl_fail_with(err, &here)
               : tl_fail(err, TL_PROTOCOL, "SOAR did not take the claim: %s", here.message);
}

/* ---- one epoch after the other ---- */

typedef enum standing { STANDS_BACK, MAY_SEND, NEXT_EPOCH } standing;

/* What is known of an epoch before SOAR is asked. */
typedef enum memory {
    NOTHING,
    NOTED_BEFORE, /* by a former process, which may have ended before it made the claim */
    TRIED,        /* by this process, and whether SOAR took it is not known */
    CLAIMED,      /* by this process: what was read in this step was read under the claim */
    ANOTHERS,
} memory;

static memory recall(tl_chain *chain, const tl_entry *entry, int64_t epoch)
{
    const tl_claim *known = find_claim(chain, entry->request_id);
    if (known != NULL && known->epoch == epoch)
        return known->confirmed ? CLAIMED : TRIED;
    if (known != NULL && known->epoch == -epoch)
        return ANOTHERS;
    return entry->claim_epoch == epoch ? NOTED_BEFORE : NOTHING;
}

/* Only a claim whose time began in this process may be used: of one that a former process made nobody knows
 * how much is left, and the next epoch is as good, as nothing was sent under it, or the ledger would say so.
 * One that is made where another's was known is a sign that SOAR forgets. */
static bool is_claimed_now(found whose, memory before)
{
    return before != ANOTHERS && (whose == MADE || (whose == FOUND_OURS && before != NOTED_BEFORE));
}

/* Taken over from one that lapsed: the request was read before, and its owner may have acted since. The next
 * step reads it afresh, under this claim. Before the first epoch nobody could act. */
static standing after_claiming(tl_chain *chain, const tl_entry *entry, int64_t epoch)
{
    tl_claim *claim = find_claim(chain, entry->request_id);
    claim->confirmed = true;
    return epoch == 1 && holds(chain, claim) ? MAY_SEND : STANDS_BACK;
}

static tl_code ask_soar(found *out, tl_chain *chain, tl_entry *entry, int64_t epoch, memory before,
                        tl_error *err)
{
    tl_code code = TL_OK;
    /* Before it is made it is noted: a claim that a crash left behind is known. */
    if (before == NOTHING || before == NOTED_BEFORE)
        code = note(chain, entry, epoch, "claiming the request", err);
    TL_FAULT_POINT("claim.noted");
    if (code == TL_OK)
        code = try_epoch(out, chain, entry, epoch, err);
    TL_FAULT_POINT("claim.made");
    return code;
}

static tl_code look_at_epoch(standing *out, tl_chain *chain, tl_entry *entry, int64_t epoch, tl_error *err)
{
    memory before = recall(chain, entry, epoch);
    if (before == CLAIMED) {
        *out = holds(chain, find_claim(chain, entry->request_id)) ? MAY_SEND : NEXT_EPOCH;
        return TL_OK;
    }
    found whose = MADE;
    tl_code code = ask_soar(&whose, chain, entry, epoch, before, err);
    if (code != TL_OK)
        return code;
    *out = NEXT_EPOCH;
    if (is_claimed_now(whose, before))
        *out = after_claiming(chain, entry, epoch);
    else if (whose == FOUND_ANOTHERS && before != ANOTHERS) {
        *out = STANDS_BACK;
        return note(chain, entry, -epoch, "another chain has claimed the request", err);
    } else if (whose == FOUND_ANOTHERS && holds(chain, find_claim(chain, entry->request_id)))
        *out = STANDS_BACK;
    return TL_OK;
}

tl_code tl_claim_request(bool *out_may_send, int64_t *out_at_us, tl_chain *chain, tl_entry *entry,
                         tl_error *err)
{
    const tl_claim *known = find_claim(chain, entry->request_id);
    int64_t epoch = known != NULL ? known->epoch : entry->claim_epoch;
    *out_may_send = false;
    TL_FAULT_POINT("claim.ask");
    for (epoch = epoch < 0 ? -epoch : epoch == 0 ? 1 : epoch; epoch <= MAX_EPOCHS; epoch++) {
        standing stands;
        tl_code code = look_at_epoch(&stands, chain, entry, epoch, err);
        *out_at_us = tl_now_us();
        *out_may_send =
            code == TL_OK && stands == MAY_SEND && holds(chain, find_claim(chain, entry->request_id));
        if (code != TL_OK || stands != NEXT_EPOCH)
            return code;
    }
    return tl_fail(err, TL_INVALID, "the request was claimed %d times, and nobody acted", MAX_EPOCHS);
}
