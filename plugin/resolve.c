/* Resolving one prompt: which it is, and what its answer came to. */
#include "outcome.h"

#include <string.h>

#include "prompt.h"

/* ---- which prompt ---- */

/* Whether this prompt's text is sealed for us, which SOAR's record does not tell. */
static tl_code is_ours(bool *out, tlp_call *call, tl_soar *soar, int64_t approval_id, tl_error *err)
{
    cJSON *summary = NULL, *seal = NULL;
    tl_error why = TL_ERROR_INIT;
    *out = false;
    tl_code code = tlp_prompt_summary(&summary, soar, approval_id, err);
    if (code != TL_OK)
        return code;
    const char *message = tlp_prompt_message(summary);
    if (message != NULL && (code = tl_prompt_seal(&seal, call->session->client, message, &why)) == TL_MEMORY)
        (void)tlp_fail_memory(err);
    const char *executor = tlp_text(seal, "executor");
    *out = executor != NULL && strcmp(executor, "playbook") == 0;
    cJSON_Delete(seal);
    cJSON_Delete(summary);
    return code == TL_MEMORY ? code : TL_OK;
}

/* The records of a container that may be the prompt: of that name, sealed for us, and, where there are
 * several, not expired: from those no answer comes any more. */
typedef struct candidates {
    int64_t only; /* the last one's id */
    int open;     /* how many are not expired */
    int expired;
} candidates;

static tl_code consider(candidates *found, tlp_call *call, tl_soar *soar, const cJSON *record, tl_error *err)
{
    const char *name = tlp_text(record, "name"), *status = tlp_text(record, "status");
    int64_t id = tlp_integer(record, "id", 0);
    bool ours = false, expired = status != NULL && strcmp(status, "expired") == 0;
    if (name == NULL || strcmp(name, tlp_text(call->parameters, "prompt_name")) != 0)
        return TL_OK;
    tl_code code = is_ours(&ours, call, soar, id, err);
    if (code != TL_OK || !ours)
        return code;
    if (!expired || found->open == 0)
        found->only = id;
    found->open += !expired;
    found->expired += expired;
    return TL_OK;
}

static tl_code find_by_name(int64_t *out, tlp_call *call, tl_soar *soar, int64_t container_id, tl_error *err)
{
    const char *name = tlp_text(call->parameters, "prompt_name");
    cJSON *records = NULL;
    candidates found = {0};
    tl_code code = tl_soar_container_approvals(&records, soar, container_id, err);
    const cJSON *record;
    cJSON_ArrayForEach (record, records)
        if (code == TL_OK)
            code = consider(&found, call, soar, record, err);
    cJSON_Delete(records);
    if (code != TL_OK)
        return code;
    if (found.open == 0 && found.expired == 0)
        return tlp_fail(err, TL_NOT_FOUND, "Container %lld has no prompt %s that is sealed for a playbook",
                        (long long)container_id, name);
    if (found.open > 1 || (found.open == 0 && found.expired > 1))
        return tlp_fail(err, TL_INVALID,
                        "Container %lld has %d prompts %s that are sealed for a playbook: give approval_id",
                        (long long)container_id, found.open > 1 ? found.open : found.expired, name);
    *out = found.only;
    return TL_OK;
}

static tl_code find_prompt(int64_t *out, tlp_call *call, tl_soar *soar, tl_error *err)
{
    int64_t container_id = tlp_integer(call->parameters, "container_id", 0);
    if (container_id == 0)
        container_id = tlp_integer(call->request, "container_id", 0);
    *out = tlp_integer(call->parameters, "approval_id", 0);
    if (*out != 0)
        return TL_OK;
    if (tlp_text(call->parameters, "prompt_name") == NULL)
        return tlp_fail(err, TL_INVALID, "Give approval_id or prompt_name");
    if (container_id == 0)
        return tlp_fail(err, TL_INVALID, "Give container_id: this does not run in a container");
    return find_by_name(out, call, soar, container_id, err);
}

/* ---- what its answer came to ---- */

/* Only a no can have been done by anybody: who permitted it permitted perhaps something else. */
static tlp_end already_done(const cJSON *outcome)
{
    const char *answer = tlp_text(outcome, "answer");
    bool is_no = answer != NULL && (strcmp(answer, "reject") == 0 || strcmp(answer, "ignore") == 0);
    return is_no ? tlp_end_rejected : tlp_end_none;
}

tl_code tlp_resolve_prompt(tlp_call *call, tl_error *err)
{
    tl_plugin *session = call->session;
    tl_soar *soar = tlp_soar(session, err);
    int64_t approval_id = 0;
    cJSON *outcome = NULL;
    tl_resolve_options options = TL_RESOLVE_OPTIONS_INIT;
    options.limits = session->limits;
    options.words = tlp_policy_words(session);
    options.max_answer_age_s = session->max_answer_age_s;
    options.answerer_not_requester = tlp_flag(session->config, "answerer_not_requester");
    options.request_id = tlp_request_id(call);
    tl_code code = soar == NULL ? TL_CONFIG : find_prompt(&approval_id, call, soar, err);
    if (code == TL_OK)
        code = tl_resolve_prompt(&outcome, session->client, soar, approval_id, &options, err);
    return code == TL_OK ? tlp_give_outcome(call, outcome, already_done(outcome)) : code;
}
