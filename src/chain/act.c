/* Acting on an answer: every check afresh, then one verified write. */
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "chain/ceiling.h"
#include "chain/engine.h"
#include "portal/answer.h"
#include "portal/applications.h"
#include "portal/permit_plan.h"
#include "portal/write.h"
#include "threatlocker/requests.h"

/* Errors that say nothing about the request: the service is away or refuses us, so the answer waits. */
static bool is_service_error(tl_code code)
{
    return code != TL_NOT_FOUND && code != TL_INVALID && code != TL_CONFLICT;
}

static tl_code leave(tl_chain *chain, tl_entry *entry, const char *why, tl_error *err)
{
    return tl_chain_record(chain, entry, TL_ENTRY_LEFT, why, err);
}

/* What the other sealed prompts on the same request say. */
typedef enum peers { PEERS_AGREE, PEERS_OPEN, PEERS_DISAGREE, PEERS_ACTED } peers;

static peers compare_with(const tl_entry *entry, const tl_entry *other)
{
    switch (other->state) {
    case TL_ENTRY_SEEN:
        return PEERS_OPEN;
    case TL_ENTRY_ANSWERED:
        if (strcmp(other->answer, entry->answer) != 0 || strcmp(other->seal_line, entry->seal_line) != 0)
            return PEERS_DISAGREE;
        /* The older prompt acts; the newer one then finds it done. */
        return other->approval_id < entry->approval_id ? PEERS_OPEN : PEERS_AGREE;
    case TL_ENTRY_SENDING:
        return PEERS_OPEN;
    case TL_ENTRY_PERMITTED:
    case TL_ENTRY_REJECTED:
    case TL_ENTRY_IGNORED:
    case TL_ENTRY_UNKNOWN:
        return PEERS_ACTED;
    case TL_ENTRY_LEFT:
        return other->answer != NULL && strcmp(other->answer, "closed") == 0 ? PEERS_AGREE : PEERS_DISAGREE;
    default:
        return PEERS_AGREE;
    }
}

static tl_code look_at_peers(peers *out, tl_chain *chain, const tl_entry *entry, tl_error *err)
{
    tl_entry *others = NULL;
    size_t count = 0;
    *out = PEERS_AGREE;
    tl_code code = tl_ledger_list(&others, &count, chain->ledger, TL_ENTRY_SEEN, entry->request_id, err);
    for (size_t i = 0; i < count; i++) {
        peers said =
            others[i].approval_id == entry->approval_id ? PEERS_AGREE : compare_with(entry, &others[i]);
        if (said > *out)
            *out = said;
    }
    tl_entries_free(others, count);
    return code;
}

/* Everything that acting on one entry needs. */
typedef struct act {
    tl_chain *chain;
    tl_entry *entry;
    tl_seal seal;
    cJSON *details;
    cJSON *matches;  /* fetched where the choice or `decide` needs them */
    cJSON *narrower; /* what `decide` returned */
    tl_choice choice;
    char *comments; /* the choice's, if any, with who decided */
} act;

static void clear_act(act *acting)
{
    tl_seal_clear(&acting->seal);
    cJSON_Delete(acting->details);
    cJSON_Delete(acting->matches);
    cJSON_Delete(acting->narrower);
    free(acting->comments);
}

/* The last word before the sending: on disk that it may happen. */
static tl_code before_send(void *data, const tl_write *write, tl_error *err)
{
    act *acting = data;
    tl_entry *entry = acting->entry;
    if (!tl_entry_set(&entry->operation_id, write->operation_id) ||
        !tl_entry_set(&entry->body_sha256, write->body_sha256))
        return tl_fail_memory(err);
    entry->sent_at_us = write->sent_at_us;
    entry->attempts++;
    return tl_chain_record(acting->chain, entry, TL_ENTRY_SENDING, NULL, err);
}

static bool check_seal(act *acting, const char **out_why)
{
    tl_seal_state state = tl_seal_read(&acting->seal, out_why, acting->chain->options.client->seal_key,
                                       acting->entry->seal_line);
    if (state != TL_SEAL_GOOD)
        return false;
    *out_why = "the seal names another request than the ledger";
    return tl_equal_ignore_case(acting->seal.request_id, acting->entry->request_id) &&
           strcmp(acting->seal.executor, acting->chain->executor) == 0;
}

/* TL_OK when facts and status are what the approver saw; TL_CONFLICT or TL_INVALID say what changed. */
static tl_code check_facts(act *acting, tl_error *why)
{
    char facts[TL_SHA256_HEX_SIZE];
    tl_code code = tl_permit_check(acting->details, acting->entry->request_id, false, why);
    if (code == TL_OK)
        code = tl_facts_digest(facts, acting->details, why);
    if (code == TL_OK && strcmp(facts, acting->seal.facts) != 0)
        code = tl_fail(why, TL_CONFLICT,
                       "the request changed since the prompt was made: file, hash or computer differ");
    return code;
}

static tl_code fetch_matches(act *acting, tl_error *why)
{
    bool needed =
        acting->choice.application == TL_APPLICATION_MATCHING || acting->chain->options.decide != NULL;
    if (!needed)
        return TL_OK;
    tl_code code = tl_matching_applications(&acting->matches, acting->chain->options.client,
                                            acting->seal.organization_id, acting->details, why);
    /* Without a hash there are no matches to show; a choice that needs one is refused by the plan. */
    if (code == TL_INVALID) {
        tl_error_clear(why);
        acting->matches = cJSON_CreateArray();
        code = acting->matches == NULL ? tl_fail_memory(why) : TL_OK;
    }
    return code;
}

static cJSON *prompt_for_decide(const tl_entry *entry)
{
    cJSON *prompt = cJSON_CreateObject();
    bool ok = tl_json_set_integer(prompt, "approval_id", entry->approval_id) &&
              tl_json_set_text(prompt, "request_id", entry->request_id) &&
              tl_json_set_text(prompt, "answer", entry->answer) &&
              tl_json_set_text(prompt, "answered_by", entry->answered_by) &&
              tl_json_set_text(prompt, "answered_at", entry->answered_at);
    if (!ok) {
        cJSON_Delete(prompt);
        return NULL;
    }
    return prompt;
}

static tl_code ask_decide(act *acting, tl_error *why)
{
    const tl_chain_options *options = &acting->chain->options;
    if (options->decide == NULL)
        return TL_OK;
    cJSON *prompt = prompt_for_decide(acting->entry);
    if (prompt == NULL)
        return tl_fail_memory(why);
    char reason[256] = "";
    bool go_on =
        options->decide(options->decide_data, prompt, tl_json_member(acting->details, "approvalRequest"),
                        acting->details, acting->matches, &acting->narrower, reason, sizeof reason);
    cJSON_Delete(prompt);
    if (!go_on)
        return tl_fail(why, TL_INVALID, "decide declined: %s",
                       reason[0] == '\0' ? "no reason given" : reason);
    if (acting->narrower == NULL)
        return TL_OK;
    tl_choice narrower;
    tl_code code = tl_choice_read(&narrower, acting->narrower, why);
    if (code == TL_OK)
        code = tl_check_narrower(&acting->choice, &narrower, why);
    if (code == TL_OK)
        acting->choice = narrower;
    return code;
}

/* Goes on record with the write: who decided, and where. */
static tl_code note_who_decided(act *acting, const char *comments, tl_error *why)
{
    const tl_entry *entry = acting->entry;
    tl_buffer text = {.limit = 8192};
    if (comments != NULL)
        tl_buffer_format(&text, "%s ", comments);
    char *who = tl_clean_text(entry->answered_by, 100);
    tl_buffer_format(&text, "Decided by %s in SOAR prompt %lld.",
                     who == NULL || who[0] == '\0' ? "a SOAR user" : who, (long long)entry->approval_id);
    free(who);
    if (text.failed)
        return tl_fail_memory(why);
    acting->comments = text.data;
    return TL_OK;
}

static bool choice_is_builtin(const act *acting)
{
    if (acting->choice.application != TL_APPLICATION_MATCHING)
        return false;
    const cJSON *application =
        tl_find_by_guid(acting->matches, "applicationId", acting->choice.application_id);
    return tl_is_builtin(application); /* one that is not listed counts as built-in */
}

/* Which of the sealed choices was answered. The ledger does not keep the label of an answer, and after a
 * crash nobody could tell: a labelled one is left to a person. */
static tl_code chosen_index(int *out, const act *acting, tl_error *why)
{
    *out = -1;
    return tl_seal_labels(&acting->seal) == NULL
               ? TL_OK
               : tl_fail(why, TL_INVALID, "labelled choices need a person: the chain does not act on them");
}

/* From the sealed choice to the one that is sent: ceiling, decide, ceiling again. */
static tl_code settle_choice(act *acting, tl_error *why)
{
    const tl_limits *limits = &acting->chain->options.limits;
    int index;
    tl_code code = chosen_index(&index, acting, why);
    if (code == TL_OK)
        code = tl_choice_read(&acting->choice, tl_seal_choice(&acting->seal, index), why);
    if (code == TL_OK)
        code = fetch_matches(acting, why);
    if (code == TL_OK)
        code = tl_check_ceiling(limits, &acting->choice, choice_is_builtin(acting), tl_now_us(), why);
    if (code == TL_OK)
        code = ask_decide(acting, why);
    if (code == TL_OK)
        code = tl_check_ceiling(limits, &acting->choice, choice_is_builtin(acting), tl_now_us(), why);
    if (code == TL_OK && acting->choice.dry_run)
        code = tl_fail(why, TL_INVALID, "dry_run cannot be part of a prompt");
    if (code == TL_OK)
        code = note_who_decided(acting, acting->choice.comments, why);
    acting->choice.comments = acting->comments;
    return code;
}

static tl_code send_permit(act *acting, cJSON **out_outcome, tl_error *why)
{
    tl_code code = settle_choice(acting, why);
    if (code != TL_OK)
        return code;
    tl_write_hook hook = {before_send, acting};
    return tl_permit_with(out_outcome, acting->chain->options.client, acting->seal.organization_id,
                          acting->entry->request_id, acting->details, &acting->choice, &hook, why);
}

static tl_code send_answer(act *acting, cJSON **out_outcome, tl_error *why)
{
    tl_write_kind kind = strcmp(acting->entry->answer, "reject") == 0 ? TL_WRITE_REJECT : TL_WRITE_IGNORE;
    tl_code code = note_who_decided(acting, NULL, why);
    if (code != TL_OK)
        return code;
    tl_answer answer = {.reason = acting->comments};
    tl_write_hook hook = {before_send, acting};
    return tl_answer_with(out_outcome, acting->chain->options.client, kind, acting->seal.organization_id,
                          acting->entry->request_id, &answer, &hook, why);
}

static tl_code check_and_send(act *acting, cJSON **out_outcome, tl_error *why)
{
    tl_code code = tl_permit_details(&acting->details, acting->chain->options.client,
                                     acting->seal.organization_id, acting->entry->request_id, why);
    if (code == TL_OK)
        code = check_facts(acting, why);
    if (code != TL_OK)
        return code;
    return strcmp(acting->entry->answer, "permit") == 0 ? send_permit(acting, out_outcome, why)
                                                        : send_answer(acting, out_outcome, why);
}

static bool too_old(const tl_chain *chain, const tl_entry *entry)
{
    int64_t at_us;
    return entry->answered_at == NULL || !tl_time_parse(entry->answered_at, true, &at_us) ||
           at_us < tl_now_us() - chain->options.max_answer_age_s * TL_SECOND_US;
}

static tl_code act_on(tl_chain *chain, tl_entry *entry, tl_error *err)
{
    act acting = {.chain = chain, .entry = entry};
    const char *why_broken = NULL;
    if (too_old(chain, entry))
        return leave(chain, entry, "the answer became older than max_answer_age before it could be acted on",
                     err);
    if (!check_seal(&acting, &why_broken)) {
        clear_act(&acting);
        return leave(chain, entry, why_broken, err);
    }
    cJSON *outcome = NULL;
    tl_error why = TL_ERROR_INIT;
    tl_code code = check_and_send(&acting, &outcome, &why);
    if (code == TL_OK)
        code = tl_chain_conclude(chain, entry, outcome, err);
    else if (entry->state == TL_ENTRY_SENDING || is_service_error(code)) {
        if (err != NULL && err->code == TL_OK)
            *err = why;
    } else
        code = leave(chain, entry, why.message, err);
    cJSON_Delete(outcome);
    clear_act(&acting);
    return code;
}

static tl_code consider(tl_chain *chain, tl_entry *entry, tl_error *err)
{
    peers said;
    tl_code code = look_at_peers(&said, chain, entry, err);
    if (code != TL_OK)
        return code;
    switch (said) {
    case PEERS_OPEN:
        return TL_OK;
    case PEERS_DISAGREE:
        return leave(chain, entry, "several prompts on this request do not agree", err);
    case PEERS_ACTED:
        return leave(chain, entry, "another prompt on this request was acted on", err);
    case PEERS_AGREE:
        break;
    }
    return act_on(chain, entry, err);
}

tl_code tl_chain_act(tl_chain *chain, tl_error *err)
{
    tl_entry *entries = NULL;
    size_t count = 0;
    tl_code code = tl_ledger_list(&entries, &count, chain->ledger, TL_ENTRY_ANSWERED, NULL, err);
    for (size_t i = 0; i < count; i++) {
        tl_error here = TL_ERROR_INIT;
        if (!tl_chain_goes_on(&code, err, consider(chain, &entries[i], &here), &here))
            break;
    }
    tl_entries_free(entries, count);
    return code;
}
