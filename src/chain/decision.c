#include "chain/decision.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "chain/answerer.h"
#include "http/together.h"
#include "portal/answer.h"
#include "portal/applications.h"
#include "portal/ceiling.h"
#include "portal/permit_plan.h"
#include "threatlocker/applications.h"
#include "threatlocker/requests.h"

bool tl_is_service_error(tl_code code)
{
    return code != TL_NOT_FOUND && code != TL_INVALID && code != TL_CONFLICT;
}

void tl_decision_clear(tl_decision *decision)
{
    tl_seal_clear(&decision->seal);
    cJSON_Delete(decision->details);
    cJSON_Delete(decision->matches);
    cJSON_Delete(decision->narrower);
    free(decision->comments);
    decision->details = decision->matches = decision->narrower = NULL;
    decision->comments = NULL;
}

tl_seal_state tl_decision_open(tl_decision *decision, const char **out_why)
{
    tl_seal_state state =
        tl_seal_read(&decision->seal, out_why, decision->client->seal_key, decision->seal_line);
    if (state != TL_SEAL_GOOD)
        return state == TL_SEAL_MEMORY ? state : TL_SEAL_BROKEN;
    *out_why = "the seal names another request";
    if (decision->request_id != NULL &&
        !tl_equal_ignore_case(decision->seal.request_id, decision->request_id))
        return TL_SEAL_BROKEN;
    *out_why = "sealed for another executor";
    return strcmp(decision->seal.executor, decision->executor) == 0 ? TL_SEAL_GOOD : TL_SEAL_BROKEN;
}

static bool requester_answered(const tl_decision *decision)
{
    bool did = tl_answerer_is_requester(decision->answered_by, decision->details);
    for (const char *const *one = decision->co_answerers; one != NULL && *one != NULL; one++)
        did = did || tl_answerer_is_requester(*one, decision->details);
    return did;
}

/* TL_OK when facts and status are what the approver saw; TL_CONFLICT or TL_INVALID say what changed. */
static tl_code check_facts(const tl_decision *decision, tl_error *why)
{
    char facts[TL_SHA256_HEX_SIZE];
    tl_code code = tl_permit_check(decision->details, decision->seal.request_id, false, why);
    if (code == TL_OK)
        code = tl_facts_digest(facts, decision->details, why);
    if (code == TL_OK && strcmp(facts, decision->seal.facts) != 0)
        code = tl_fail(why, TL_CONFLICT,
                       "the request changed since the prompt was made: file, hash or computer differ");
    if (code == TL_OK && decision->not_requester && !decision->unanswered && requester_answered(decision))
        code = tl_fail(why, TL_INVALID, "who answered may be who asked: somebody else must decide");
    return code;
}

static tl_code fetch_matches(tl_decision *decision, tl_error *why)
{
    if (decision->choice.application != TL_APPLICATION_MATCHING && decision->decide == NULL)
        return TL_OK;
    tl_code code = tl_matching_applications(&decision->matches, decision->client,
                                            decision->seal.organization_id, decision->details, why);
    /* Without a hash there are no matches to show; a choice that needs one is refused by the plan. */
    if (code == TL_INVALID) {
        tl_error_clear(why);
        decision->matches = cJSON_CreateArray();
        code = decision->matches == NULL ? tl_fail_memory(why) : TL_OK;
    }
    return code;
}

/* ---- the host's own rule ---- */

typedef struct asking {
    tl_decision *decision;
    const cJSON *prompt;
    bool go_on;
    char reason[256];
} asking;

static void ask_host(void *data)
{
    asking *ask = data;
    tl_decision *decision = ask->decision;
    ask->go_on = decision->decide(decision->decide_data, ask->prompt,
                                  tl_json_member(decision->details, "approvalRequest"), decision->details,
                                  decision->matches, &decision->narrower, ask->reason, sizeof ask->reason);
}

static cJSON *prompt_for_decide(const tl_decision *decision)
{
    cJSON *prompt = cJSON_CreateObject();
    bool ok = tl_json_set_integer(prompt, "approval_id", decision->approval_id) &&
              tl_json_set_text(prompt, "request_id", decision->seal.request_id) &&
              tl_json_set_text(prompt, "answer", decision->answer_word) &&
              tl_json_set_text(prompt, "answered_by", decision->answered_by) &&
              tl_json_set_text(prompt, "answered_at", decision->answered_at);
    if (ok && decision->label != NULL)
        ok = tl_json_set_text(prompt, "label", decision->label);
    if (!ok) {
        cJSON_Delete(prompt);
        return NULL;
    }
    return prompt;
}

static tl_code ask_decide(tl_decision *decision, tl_error *why)
{
    if (decision->decide == NULL)
        return TL_OK;
    cJSON *prompt = prompt_for_decide(decision);
    if (prompt == NULL)
        return tl_fail_memory(why);
    asking ask = {.decision = decision, .prompt = prompt};
    tl_with_caller(ask_host, &ask);
    cJSON_Delete(prompt);
    if (!ask.go_on)
        return tl_fail(why, TL_INVALID, "decide declined: %s",
                       ask.reason[0] == '\0' ? "no reason given" : ask.reason);
    if (decision->narrower == NULL)
        return TL_OK;
    tl_choice narrower;
    tl_code code = tl_choice_read(&narrower, decision->narrower, why);
    if (code == TL_OK)
        code = tl_check_narrower(&decision->choice, &narrower, why);
    if (code == TL_OK)
        decision->choice = narrower;
    return code;
}

/* ---- the choice ---- */

static bool name_person(tl_buffer *text, const char *before, const char *name)
{
    char *who = tl_clean_text(name, 100);
    bool ok = who != NULL && tl_buffer_format(text, "%s%s", before, who[0] == '\0' ? "a SOAR user" : who);
    free(who);
    return ok;
}

/* All of them where several had to say yes. */
static bool name_people(tl_buffer *text, const tl_decision *decision)
{
    const char *const *others = decision->co_answerers;
    if (decision->decided != TL_DECIDED_PERMIT || others == NULL || others[0] == NULL)
        return name_person(text, "Decided by ", decision->answered_by);
    bool ok = name_person(text, "Decided by ", others[0]);
    for (size_t i = 1; others[i] != NULL; i++)
        ok = ok && name_person(text, others[i + 1] == NULL ? " and " : ", ", others[i]);
    return ok;
}

/* Goes on record with the write: who decided, and where. */
static tl_code note_who_decided(tl_decision *decision, const char *comments, tl_error *why)
{
    tl_buffer text = {.limit = 8192};
    if (comments != NULL)
        tl_buffer_format(&text, "%s ", comments);
    if (decision->unanswered)
        tl_buffer_format(&text, "Nobody answered SOAR prompt %lld in time.",
                         (long long)decision->approval_id);
    else if (!name_people(&text, decision) ||
             !tl_buffer_format(&text, " in SOAR prompt %lld.", (long long)decision->approval_id))
        text.failed = true;
    if (text.failed) {
        tl_buffer_free(&text);
        return tl_fail_memory(why);
    }
    decision->comments = text.data;
    return TL_OK;
}

static bool choice_is_builtin(const tl_decision *decision)
{
    if (decision->choice.application != TL_APPLICATION_MATCHING)
        return false;
    /* One that is not listed counts as built-in. */
    return tl_is_builtin(
        tl_find_by_guid(decision->matches, "applicationId", decision->choice.application_id));
}

static tl_code read_sealed_choice(tl_decision *decision, tl_error *why)
{
    const char *const *labels = tl_seal_labels(&decision->seal);
    int index = labels == NULL ? -1 : tl_label_index(labels, decision->label);
    const cJSON *choice =
        (labels == NULL) == (decision->label == NULL) ? tl_seal_choice(&decision->seal, index) : NULL;
    if (choice == NULL)
        return tl_fail(why, TL_INVALID, "the answer names none of the sealed choices");
    return tl_choice_read(&decision->choice, choice, why);
}

static tl_code check_ceiling(const tl_decision *decision, tl_error *why)
{
    return tl_check_ceiling(&decision->limits, &decision->choice, choice_is_builtin(decision), tl_now_us(),
                            why);
}

/* From the sealed choice to the one that is sent: ceiling, decide, ceiling again. */
static tl_code settle_choice(tl_decision *decision, tl_error *why)
{
    tl_code code = read_sealed_choice(decision, why);
    if (code == TL_OK)
        code = fetch_matches(decision, why);
    if (code == TL_OK)
        code = check_ceiling(decision, why);
    if (code == TL_OK)
        code = ask_decide(decision, why);
    if (code == TL_OK)
        code = check_ceiling(decision, why);
    if (code == TL_OK && decision->choice.terms.dry_run)
        code = tl_fail(why, TL_INVALID, "dry_run cannot be part of a prompt");
    if (code == TL_OK)
        code = note_who_decided(decision, decision->choice.terms.comments, why);
    decision->choice.terms.comments = decision->comments;
    return code;
}

static tl_code send_permit(cJSON **out_outcome, tl_decision *decision, tl_error *why)
{
    tl_code code = settle_choice(decision, why);
    if (code != TL_OK)
        return code;
    return tl_permit_with(out_outcome, decision->client, decision->seal.organization_id,
                          decision->seal.request_id, decision->details, &decision->choice, &decision->hook,
                          why);
}

static tl_code send_answer(cJSON **out_outcome, tl_decision *decision, tl_error *why)
{
    tl_write_kind kind = decision->decided == TL_DECIDED_REJECT ? TL_WRITE_REJECT : TL_WRITE_IGNORE;
    tl_code code = note_who_decided(decision, NULL, why);
    if (code != TL_OK)
        return code;
    tl_answer answer = {.reason = decision->comments};
    return tl_answer_with(out_outcome, decision->client, kind, decision->seal.organization_id,
                          decision->seal.request_id, &answer, &decision->hook, why);
}

tl_code tl_decision_run(cJSON **out_outcome, tl_decision *decision, tl_error *why)
{
    *out_outcome = NULL;
    tl_code code = tl_permit_details(&decision->details, decision->client, decision->seal.organization_id,
                                     decision->seal.request_id, why);
    if (code == TL_OK)
        code = check_facts(decision, why);
    if (code != TL_OK)
        return code;
    return decision->decided == TL_DECIDED_PERMIT ? send_permit(out_outcome, decision, why)
                                                  : send_answer(out_outcome, decision, why);
}
