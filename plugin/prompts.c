/* Preparing prompts, and reading those that SOAR has. */
#include "choice.h"

#include <string.h>

#include "prompt.h"

/* ---- prepare prompt ---- */

static tl_code set_choices(cJSON *options, tlp_call *call, tl_error *err)
{
    cJSON *choices = NULL, *choice = NULL;
    bool single = tlp_text(call->parameters, "application") != NULL;
    tl_code code = tlp_list_parameter(&choices, call, "choices", err);
    if (code != TL_OK)
        return code;
    if (single == (choices != NULL)) {
        cJSON_Delete(choices);
        return tlp_fail(err, TL_INVALID, "Give either choices, or application and what belongs to it");
    }
    if (single && (code = tlp_choice(&choice, call, err)) != TL_OK)
        return code;
    return tlp_set(options, single ? "choice" : "choices", single ? choice : choices) ? TL_OK
                                                                                      : tlp_fail_memory(err);
}

static bool set_words(cJSON *options, const tl_plugin *session)
{
    static const char *const names[] = {"permit", "reject", "ignore"};
    cJSON *words = cJSON_CreateObject();
    bool ok = words != NULL;
    for (int i = 0; i < 3; i++)
        ok = ok && tlp_set_copy(words, names[i], session->words[i]);
    if (ok)
        return tlp_set(options, "words", words);
    cJSON_Delete(words);
    return false;
}

tl_code tlp_prepare_prompt(tlp_call *call, tl_error *err)
{
    cJSON *options = cJSON_CreateObject(), *prepared = NULL;
    tl_code code = TL_OK;
    if (!tlp_set_copy(options, "executor", tlp_member(call->parameters, "executor")) ||
        !set_words(options, call->session))
        code = tlp_fail_memory(err);
    if (code == TL_OK)
        code = set_choices(options, call, err);
    if (code == TL_OK)
        code = tl_prepare_prompt(&prepared, call->session->client, tlp_organization_id(call),
                                 tlp_request_id(call), options, err);
    cJSON_Delete(options);
    return code == TL_OK ? tlp_give_object(call, prepared,
                                           "The prompt is sealed: show its message as it is, "
                                           "with exactly its choices")
                         : code;
}

/* ---- list prompts ---- */

tl_code tlp_list_prompts(tlp_call *call, tl_error *err)
{
    tl_soar *soar = tlp_soar(call->session, err);
    const char *status = tlp_text(call->parameters, "status");
    int64_t limit = tlp_integer(call->parameters, "limit", 0);
    cJSON *records = NULL;
    tl_approval_query query = TL_APPROVAL_QUERY_INIT;
    if (soar == NULL)
        return TL_CONFIG;
    query.status = status != NULL && strcmp(status, "any") == 0 ? NULL : status;
    query.type = "manual";
    query.container_id = tlp_integer(call->parameters, "container_id", 0);
    query.descending = true; /* what a limit cuts off is old */
    query.limit = limit <= TL_SOAR_PAGE_MAX ? limit : 0;
    tl_code code = tl_soar_approvals(&records, soar, &query, err);
    if (code != TL_OK)
        return code;
    while (limit > 0 && cJSON_GetArraySize(records) > limit)
        cJSON_DeleteItemFromArray(records, cJSON_GetArraySize(records) - 1);
    return tlp_give_list(call, records, "Prompts and manual tasks");
}

/* ---- get prompt ---- */

tl_code tlp_prompt_summary(cJSON **out, tl_soar *soar, int64_t approval_id, tl_error *err)
{
    tl_error why = TL_ERROR_INIT;
    tl_code code = tl_soar_approval_summary(out, soar, approval_id, &why);
    if (code == TL_OK || code == TL_NOT_FOUND)
        return TL_OK;
    *err = why;
    return code;
}

const char *tlp_prompt_message(const cJSON *summary)
{
    const cJSON *target = cJSON_GetArrayItem(tlp_member(summary, "notification_targets"), 0);
    return tlp_text(cJSON_GetArrayItem(tlp_member(target, "parameters"), 0), "message");
}

/* What the prompt says, and where. */
static tl_code add_summary(cJSON *row, tl_soar *soar, int64_t approval_id, tl_error *err)
{
    static const char *const names[] = {"container_id",  "container_name",    "playbook_name",
                                        "playbook_repo", "notification_type", "time_left"};
    cJSON *summary = NULL;
    tl_code code = tlp_prompt_summary(&summary, soar, approval_id, err);
    if (code != TL_OK)
        return code;
    bool ok = tlp_set_text(row, "message", tlp_prompt_message(summary));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        ok = ok && tlp_set_copy(row, names[i], tlp_member(summary, names[i]));
    cJSON_Delete(summary);
    return ok ? TL_OK : tlp_fail_memory(err);
}

/* The record, whose own message and responses say less than the reading of them does. */
static cJSON *make_row(const cJSON *answer)
{
    static const char *const names[] = {"reading", "reason", "responses", "answered_by", "answered_at"};
    cJSON *row = cJSON_Duplicate(tlp_member(answer, "approval"), true);
    bool ok = row != NULL;
    cJSON_DeleteItemFromObjectCaseSensitive(row, "message");
    cJSON_DeleteItemFromObjectCaseSensitive(row, "responses");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        ok = ok && tlp_set_copy(row, names[i], tlp_member(answer, names[i]));
    if (ok)
        return row;
    cJSON_Delete(row);
    return NULL;
}

tl_code tlp_get_prompt(tlp_call *call, tl_error *err)
{
    tl_soar *soar = tlp_soar(call->session, err);
    int64_t approval_id = tlp_integer(call->parameters, "approval_id", 0);
    cJSON *answer = NULL;
    tl_code code = soar == NULL ? TL_CONFIG : tl_soar_prompt_answer(&answer, soar, approval_id, err);
    if (code != TL_OK)
        return code;
    cJSON *row = make_row(answer);
    cJSON_Delete(answer);
    code = row == NULL ? tlp_fail_memory(err) : add_summary(row, soar, approval_id, err);
    if (code != TL_OK) {
        cJSON_Delete(row);
        return code;
    }
    call->reply->out_of_memory |= !tlp_set_copy(call->reply->summary, "reading", tlp_member(row, "reading"));
    return tlp_give_object(call, row, "Got the prompt");
}
