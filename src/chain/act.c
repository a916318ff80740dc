/* Acting on answers: which of them may act now, and what the ledger keeps of it. */
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "chain/answerer.h"
#include "chain/claims.h"
#include "chain/decision.h"
#include "chain/engine.h"

static tl_code leave(tl_chain *chain, tl_entry *entry, const char *why, tl_error *err)
{
    return tl_chain_record(chain, entry, TL_ENTRY_LEFT, why, err);
}

/* Nobody answered it; the policy for expired prompts did. */
static bool is_unanswered(const tl_entry *entry)
{
    return entry->closed_at != NULL;
}

/* ---- the other sealed prompts on the same request ---- */

typedef enum peers { PEERS_AGREE, PEERS_OPEN, PEERS_DISAGREE, PEERS_ACTED } peers;

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool same_answer(const tl_entry *a, const tl_entry *b)
{
    return same_text(a->answer, b->answer) && same_text(a->label, b->label) &&
           same_text(a->seal_sha256, b->seal_sha256);
}

static peers compare_answers(const tl_entry *entry, const tl_entry *other)
{
    /* A policy gives way to whoever answers; an answer need not wait for a policy. */
    if (is_unanswered(entry) != is_unanswered(other))
        return is_unanswered(entry) ? PEERS_OPEN : PEERS_AGREE;
    if (!same_answer(entry, other))
        return PEERS_DISAGREE;
    /* The older prompt acts; the newer one then finds it done. */
    return other->approval_id < entry->approval_id ? PEERS_OPEN : PEERS_AGREE;
}

/* A refused one may be asked again, with another choice; but not to the contrary. */
static peers compare_refused(const tl_entry *entry, const tl_entry *other)
{
    if (is_unanswered(other))
        return PEERS_AGREE;
    if (is_unanswered(entry))
        return PEERS_ACTED;
    return same_text(entry->answer, other->answer) ? PEERS_AGREE : PEERS_DISAGREE;
}

static peers compare_with(const tl_entry *entry, const tl_entry *other)
{
    switch (other->state) {
    case TL_ENTRY_ANSWERED:
        return compare_answers(entry, other);
    case TL_ENTRY_SEEN:
    case TL_ENTRY_SENDING:
        return PEERS_OPEN;
    case TL_ENTRY_PERMITTED:
    case TL_ENTRY_REJECTED:
    case TL_ENTRY_IGNORED:
    case TL_ENTRY_UNKNOWN:
        return PEERS_ACTED;
    case TL_ENTRY_REFUSED:
        return compare_refused(entry, other);
    case TL_ENTRY_LEFT:
        return other->answer != NULL && strcmp(other->answer, "closed") == 0 ? PEERS_AGREE : PEERS_DISAGREE;
    default:
        return PEERS_AGREE;
    }
}

/* Whose yes counts together with the entry's. */
static bool counts_with(const tl_entry *entry, const tl_entry *other)
{
    return other->state == TL_ENTRY_ANSWERED && !is_unanswered(other) && same_answer(entry, other) &&
           other->answered_by != NULL && other->answered_by[0] != '\0';
}

/* What the prompts on the same request say about one of them. */
typedef struct opinion {
    peers said;
    int people;        /* how many different people gave its answer; who is not known counts as nobody */
    const char **by;   /* who, NULL-terminated; borrowed from the entries */
    tl_entry *entries; /* all of them */
    size_t count;
} opinion;

static void clear_opinion(opinion *said)
{
    free(said->by);
    tl_entries_free(said->entries, said->count);
}

static bool count_answerers(opinion *said, const tl_entry *entry)
{
    said->by = calloc(said->count + 1, sizeof *said->by);
    if (said->by == NULL)
        return false;
    for (size_t i = 0; i < said->count; i++) {
        const char *name = said->entries[i].answered_by;
        bool counts = counts_with(entry, &said->entries[i]);
        for (int k = 0; counts && k < said->people; k++)
            counts = !tl_same_person(said->by[k], name);
        if (counts)
            said->by[said->people++] = name;
    }
    return true;
}

/* *out is cleared by the caller in every case. */
static tl_code look_at_peers(opinion *out, tl_chain *chain, const tl_entry *entry, tl_error *err)
{
    *out = (opinion){.said = PEERS_AGREE};
    tl_chain_await_changes(chain, entry->approval_id, entry->request_id);
    tl_code code =
        tl_ledger_list(&out->entries, &out->count, chain->ledger, TL_ENTRY_SEEN, entry->request_id, err);
    if (code != TL_OK)
        return code;
    for (size_t i = 0; i < out->count; i++) {
        const tl_entry *other = &out->entries[i];
        peers said = other->approval_id == entry->approval_id ? PEERS_AGREE : compare_with(entry, other);
        if (said > out->said)
            out->said = said;
    }
    return count_answerers(out, entry) ? TL_OK : tl_fail_memory(err);
}

/* ---- one act ---- */

typedef struct act {
    tl_chain *chain;
    tl_entry *entry;
    bool stood_back; /* another chain has claimed the request, or this one is stopping */
} act;

static tl_code stand_back(act *acting, const char *why, tl_error *err)
{
    acting->stood_back = true;
    return tl_fail(err, TL_CONFLICT, "%s", why);
}

/* The last word before the sending: claimed, and on disk that it may happen. */
static tl_code before_send(void *data, tl_write *write, tl_error *err)
{
    act *acting = data;
    tl_entry *entry = acting->entry;
    bool may_send = true;
    if (tl_chain_is_stopping(acting->chain))
        return stand_back(acting, "the chain is stopping", err);
    write->sent_at_us = tl_now_us();
    tl_code code = TL_OK;
    if (acting->chain->options.claims)
        code = tl_claim_request(&may_send, &write->sent_at_us, acting->chain, entry, err);
    if (code != TL_OK)
        return code;
    if (!may_send)
        return stand_back(acting, "another chain has claimed the request", err);
    if (tl_chain_is_stopping(acting->chain))
        return stand_back(acting, "the chain is stopping", err);
    if (!tl_entry_set(&entry->operation_id, write->operation_id) ||
        !tl_entry_set(&entry->body_sha256, write->body_sha256))
        return tl_fail_memory(err);
    entry->sent_at_us = write->sent_at_us;
    entry->attempts++;
    return tl_chain_record(acting->chain, entry, TL_ENTRY_SENDING, NULL, err);
}

static tl_decided decided(const char *answer)
{
    if (strcmp(answer, "permit") == 0)
        return TL_DECIDED_PERMIT;
    return strcmp(answer, "reject") == 0 ? TL_DECIDED_REJECT : TL_DECIDED_IGNORE;
}

static tl_decision decision_of(act *acting, const opinion *said)
{
    const tl_chain_options *options = &acting->chain->options;
    const tl_entry *entry = acting->entry;
    return (tl_decision){.client = options->client,
                         .limits = options->limits,
                         .executor = acting->chain->executor,
                         .seal_line = entry->seal_line,
                         .request_id = entry->request_id,
                         .approval_id = entry->approval_id,
                         .decided = decided(entry->answer),
                         .label = entry->label,
                         .answered_by = entry->answered_by,
                         .co_answerers = options->answerers > 1 ? said->by : NULL,
                         .answered_at = entry->answered_at,
                         .answer_word = entry->answer,
                         .not_requester = options->answerer_not_requester,
                         .unanswered = is_unanswered(entry),
                         .decide = options->decide,
                         .decide_data = options->decide_data,
                         .hook = {.before_send = before_send, .data = acting}};
}

static tl_code act_on(tl_chain *chain, tl_entry *entry, const opinion *said, tl_error *err)
{
    act acting = {.chain = chain, .entry = entry};
    tl_decision decision = decision_of(&acting, said);
    const char *why_broken = NULL;
    tl_seal_state seal = tl_decision_open(&decision, &why_broken);
    if (seal != TL_SEAL_GOOD) {
        tl_decision_clear(&decision);
        return seal == TL_SEAL_MEMORY ? tl_fail_memory(err) : leave(chain, entry, why_broken, err);
    }
    cJSON *outcome = NULL;
    tl_error why = TL_ERROR_INIT;
    tl_code code = tl_decision_run(&outcome, &decision, &why);
    if (code == TL_OK)
        code = tl_chain_conclude(chain, entry, outcome, err);
    else if (acting.stood_back)
        code = TL_OK;
    else if (entry->state == TL_ENTRY_SENDING || tl_is_service_error(code))
        code = tl_fail_with(err, &why);
    else
        code = leave(chain, entry, why.message, err);
    cJSON_Delete(outcome);
    tl_decision_clear(&decision);
    return code;
}

/* ---- which may act ---- */

/* From when on it may act, and until when; false when neither can be read. */
static bool window_of(const tl_chain *chain, const tl_entry *entry, int64_t *out_from_us,
                      int64_t *out_until_us)
{
    const tl_chain_options *options = &chain->options;
    const char *at = is_unanswered(entry) ? entry->closed_at : entry->answered_at;
    if (at == NULL || !tl_time_parse(at, true, out_from_us))
        return false;
    if (is_unanswered(entry))
        *out_from_us += options->expired_grace_s * TL_SECOND_US;
    *out_until_us = *out_from_us + options->max_answer_age_s * TL_SECOND_US;
    return true;
}

static tl_code act_if_agreed(tl_chain *chain, tl_entry *entry, const opinion *said, tl_error *err)
{
    switch (said->said) {
    case PEERS_OPEN:
        return TL_OK;
    case PEERS_DISAGREE:
        return leave(chain, entry, "several prompts on this request do not agree", err);
    case PEERS_ACTED:
        return leave(chain, entry, "another prompt on this request was acted on", err);
    case PEERS_AGREE:
        break;
    }
    if (decided(entry->answer) == TL_DECIDED_PERMIT && chain->options.answerers > 1 &&
        said->people < chain->options.answerers)
        return TL_OK; /* until the others have said yes, too */
    return act_on(chain, entry, said, err);
}

static tl_code consider(tl_chain *chain, tl_entry *entry, tl_error *err)
{
    int64_t from_us, until_us;
    if (!window_of(chain, entry, &from_us, &until_us) || tl_now_us() > until_us)
        return leave(chain, entry, "the answer became older than max_answer_age before it could be acted on",
                     err);
    if (is_unanswered(entry) && tl_now_us() < from_us)
        return TL_OK;
    opinion said;
    tl_code code = look_at_peers(&said, chain, entry, err);
    if (code == TL_OK)
        code = act_if_agreed(chain, entry, &said, err);
    clear_opinion(&said);
    return code;
}

tl_code tl_chain_act(tl_chain *chain, tl_error *err)
{
    return tl_chain_each_in_state(chain, TL_ENTRY_ANSWERED, consider, err);
}
