#include "chain/claims.h"

#include <stdlib.h>
#include <string.h>

#include "base/fault_point.h"
#include "base/time.h"

enum { MAX_EPOCHS = 100 };

bool tl_lease_holds(const tl_lease *lease, int64_t at_us, int64_t now_us, bool for_owner)
{
    int64_t end_us = for_owner ? at_us + lease->lease_us - lease->call_us
                               : at_us + lease->lease_us + lease->call_us + lease->settle_us;
    /* A clock that was set back must not give the owner more time than he has. */
    return now_us < end_us && (now_us >= at_us || !for_owner);
}

static tl_lease lease_of(const tl_chain *chain)
{
    const tl_client *client = chain->options.client;
    return (tl_lease){.lease_us = chain->options.claim_lease_s * TL_SECOND_US,
                      .call_us = tl_http_timeout_ms(client->http) * 1000,
                      .settle_us = client->settle_time_ms * 1000};
}

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

/* Notes in the ledger which epoch we know of, whose it is (negative: another's), and since when. */
static tl_code note(tl_chain *chain, tl_entry *entry, int64_t epoch, const char *message, tl_error *err)
{
    entry->claim_epoch = epoch;
    entry->claimed_at_us = tl_now_us();
    return tl_chain_record(chain, entry, TL_ENTRY_ANSWERED, message, err);
}

/* Whose the container is: TL_OK with *out_owner (the caller's, free()). */
static tl_code read_owner(char **out_owner, tl_chain *chain, int64_t container_id, tl_error *err)
{
    cJSON *container = NULL;
    *out_owner = NULL;
    tl_code code = tl_soar_container(&container, chain->options.soar, container_id, err);
    const char *owner = tl_json_text(container, "data.owner");
    if (code == TL_OK && owner == NULL)
        code = tl_fail(err, TL_PROTOCOL, "container %lld has a claim's identifier, but names no owner",
                       (long long)container_id);
    if (code == TL_OK && owner != NULL && (*out_owner = strdup(owner)) == NULL)
        code = tl_fail_memory(err);
    cJSON_Delete(container);
    return code;
}

typedef enum found { FOUND_OURS, FOUND_ANOTHERS } found;

/* Makes the claim of one epoch, or sees whose it is. */
static tl_code try_epoch(found *out, tl_chain *chain, const tl_entry *entry, int64_t epoch, tl_error *err)
{
    cJSON *body = claim_body(chain, entry, epoch), *made = NULL;
    tl_code code =
        body == NULL ? tl_fail_memory(err) : tl_soar_create_container(&made, chain->options.soar, body, err);
    cJSON_Delete(body);
    *out = FOUND_OURS;
    char *owner = NULL;
    if (code == TL_OK && !tl_json_true(made, "created")) {
        code = read_owner(&owner, chain, tl_json_integer_or(made, "id", 0), err);
        if (code == TL_OK && !tl_equal_ignore_case(owner, chain->ledger_id))
            *out = FOUND_ANOTHERS;
    }
    free(owner);
    cJSON_Delete(made);
    return code;
}

/* One look at one epoch: true when it is decided whether the request is ours; false to go on to the next. */
static tl_code look_at_epoch(bool *out_decided, bool *out_ours, int64_t *out_at_us, tl_chain *chain,
                             tl_entry *entry, int64_t epoch, tl_error *err)
{
    tl_lease lease = lease_of(chain);
    bool known_ours = entry->claim_epoch == epoch, known_anothers = entry->claim_epoch == -epoch;
    found whose = FOUND_OURS;
    tl_code code = TL_OK;
    *out_decided = true;
    *out_ours = false;
    /* Before it is made it is noted: a claim that a crash left behind is known by its time. */
    if (!known_ours && !known_anothers)
        code = note(chain, entry, epoch, "claiming the request", err);
    TL_FAULT_POINT("claim.noted");
    if (code == TL_OK)
        code = try_epoch(&whose, chain, entry, epoch, err);
    TL_FAULT_POINT("claim.made");
    if (code != TL_OK)
        return code;
    if (whose == FOUND_OURS) {
        *out_at_us = tl_now_us();
        *out_ours = *out_decided = tl_lease_holds(&lease, entry->claimed_at_us, *out_at_us, true);
        return TL_OK;
    }
    if (!known_anothers)
        return note(chain, entry, -epoch, "another chain has claimed the request", err);
    *out_decided = tl_lease_holds(&lease, entry->claimed_at_us, tl_now_us(), false);
    return TL_OK;
}

tl_code tl_claim_request(bool *out_may_send, int64_t *out_at_us, tl_chain *chain, tl_entry *entry,
                         tl_error *err)
{
    int64_t before = entry->claim_epoch, known = before < 0 ? -before : before;
    *out_may_send = false;
    TL_FAULT_POINT("claim.ask");
    for (int64_t epoch = known < 1 ? 1 : known; epoch <= MAX_EPOCHS; epoch++) {
        bool decided, ours;
        tl_code code = look_at_epoch(&decided, &ours, out_at_us, chain, entry, epoch, err);
        if (code == TL_OK && decided)
            /* Before the first epoch nobody sent. A later one is worth nothing for what was read before it.
             */
            *out_may_send = ours && (epoch == 1 || epoch == before);
        if (code != TL_OK || decided)
            return code;
    }
    return tl_fail(err, TL_INVALID, "the request was claimed %d times, and nobody acted", MAX_EPOCHS);
}
