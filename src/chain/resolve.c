/* Resolving one prompt without a ledger. */
#include "threatlocker/resolve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/time.h"
#include "chain/decision.h"
#include "chain/prompt.h"
#include "chain/prompt_answer.h"
#include "chain/prompt_reading.h"
#include "chain/words.h"
#include "portal/ceiling.h"
#include "portal/notes.h"
#include "portal/outcome.h"
#include "portal/request_facts.h"
#include "threatlocker/requests.h"

typedef struct resolving {
    tl_client *client;
    tl_soar *soar;
    int64_t approval_id;
    tl_resolve_options options;
    cJSON *record;
    cJSON *summary;
    cJSON *app_run;
    const char *message;         /* borrowed from the summary */
    const cJSON *response_types; /* the same */
    tl_decision decision;
    tl_reading reading;
    char operation_id[TL_GUID_SIZE];
    bool sending; /* the write is sent, or about to be */
} resolving;

static tl_code check_options(tl_resolve_options *out, const tl_resolve_options *options, tl_error *err)
{
    *out = (tl_resolve_options)TL_RESOLVE_OPTIONS_INIT;
    if (options != NULL && options->size != sizeof *options)
        return tl_fail(err, TL_USAGE, "tl_resolve_options has another size: built against another version?");
    if (options != NULL)
        *out = *options;
    if (out->executor == NULL)
        out->executor = "playbook";
    if (out->max_answer_age_s == 0)
        out->max_answer_age_s = TL_DEFAULT_ANSWER_AGE_S;
    if (!tl_is_executor(out->executor))
        return tl_fail(err, TL_INVALID, "executor must be \"playbook\" or \"chain:<name>\"");
    if (out->max_answer_age_s < 0 || out->max_answer_age_s > TL_MAX_ANSWER_AGE_S)
        return tl_fail(err, TL_INVALID, "max_answer_age must be between 1 s and 366 days");
    tl_code code = tl_check_limits(&out->limits, err);
    return code == TL_OK ? tl_words_check(&out->words, err) : code;
}

/* The same for every try on this prompt, and nobody else's: only who has the seal's key can make it. */
static void name_operation(resolving *all)
{
    unsigned char mac[TL_SHA256_SIZE];
    char hex[TL_SHA256_HEX_SIZE], text[160];
    tl_sha256_hex(all->message, strlen(all->message), hex);
    int length =
        snprintf(text, sizeof text, "operation of prompt %lld, %s", (long long)all->approval_id, hex);
    tl_hmac_sha256(all->client->seal_key, sizeof all->client->seal_key, text, (size_t)length, mac);
    tl_guid_of(mac, all->operation_id);
}

/* ---- the answer ---- */

/* Adds what is known about the prompt to an outcome. */
static bool describe(cJSON *outcome, const resolving *all)
{
    const tl_decision *decision = &all->decision;
    bool ok = tl_json_set_integer(outcome, "approval_id", all->approval_id);
    if (all->reading.kind != TL_READING_WAIT)
        ok = ok && tl_json_set_text(outcome, "answer", tl_reading_name(all->reading.kind));
    if (decision->label != NULL)
        ok = ok && tl_json_set_text(outcome, "label", decision->label);
    if (all->reading.answered_by != NULL)
        ok = ok && tl_json_set_text(outcome, "answered_by", all->reading.answered_by);
    if (all->reading.answered_at != NULL)
        ok = ok && tl_json_set_text(outcome, "answered_at", all->reading.answered_at);
    if (decision->seal.request_id != NULL && tl_json_member(outcome, "request_id") == NULL)
        ok = ok && tl_json_set_text(outcome, "request_id", decision->seal.request_id);
    return ok;
}

/* Takes the outcome in every case, NULL (a failed creation) included. */
static tl_code give(cJSON **out, cJSON *outcome, const resolving *all, tl_error *err)
{
    if (outcome != NULL && describe(outcome, all)) {
        *out = outcome;
        return TL_OK;
    }
    cJSON_Delete(outcome);
    tl_code code = tl_fail_memory(err);
    if (all->sending && err != NULL)
        err->applied = TL_APPLIED_UNKNOWN;
    return code;
}

/* Nothing was sent, and nothing will be. */
static tl_code give_unsent(cJSON **out, const resolving *all, const char *word, const char *message,
                           tl_error *err)
{
    cJSON *outcome = cJSON_CreateObject();
    bool ok = tl_json_set_text(outcome, "outcome", word) && tl_json_set_bool(outcome, "verified", false) &&
              tl_json_set_text(outcome, "applied", "no") && tl_json_set_text(outcome, "message", message);
    if (!ok) {
        cJSON_Delete(outcome);
        outcome = NULL;
    }
    return give(out, outcome, all, err);
}

/* A former try on this very prompt may have done it: then the request's notes name the operation. */
static tl_code give_conflict(cJSON **out, const resolving *all, const tl_error *why, tl_error *err)
{
    const cJSON *row = tl_json_member(all->decision.details, "approvalRequest");
    const char *notes = tl_json_text(row, "comments");
    tl_write write = {.kind = TL_WRITE_PERMIT,
                      .organization_id = all->decision.seal.organization_id,
                      .request_id = all->decision.seal.request_id,
                      .before = row};
    memcpy(write.operation_id, all->operation_id, sizeof write.operation_id);
    bool ours = tl_read_notes(notes, all->operation_id) == TL_NOTES_OURS &&
                tl_status_is_approved(tl_json_integer_or(row, "statusId", 0));
    if (ours)
        return give(out, tl_outcome_settled(&write, TL_VERDICT_DONE, row), all, err);
    if (row == NULL || tl_request_is_open(row)) /* it changed, but nobody actioned it */
        return give_unsent(out, all, "left", why->message, err);
    return give(out, tl_outcome_unsent(&write, why, NULL), all, err);
}

/* ---- the steps ---- */

/* SOAR's two views of the prompt. What it does not have is left; what cannot be asked is an error. */
static tl_code fetch(resolving *all, const char **out_why, tl_error *err)
{
    tl_error here = TL_ERROR_INIT;
    *out_why = "SOAR has no such prompt";
    tl_code code = tl_soar_approval(&all->record, all->soar, all->approval_id, &here);
    if (code == TL_OK) {
        *out_why = "SOAR shows no summary of it, so nobody knows what it asked";
        code = tl_soar_approval_summary(&all->summary, all->soar, all->approval_id, &here);
    }
    if (code == TL_NOT_FOUND)
        return TL_OK;
    *out_why = NULL;
    return code == TL_OK ? TL_OK : tl_fail_with(err, &here);
}

/* Whether the prompt is ours and says what was sealed: no *out_why then. */
static tl_code bind(resolving *all, const char **out_why, tl_error *err)
{
    const tl_resolve_options *options = &all->options;
    tl_decision *decision = &all->decision;
    if (!tl_bind_prompt(&all->message, &all->response_types, out_why, all->summary, all->record))
        return TL_OK;
    decision->client = all->client;
    decision->limits = options->limits;
    decision->executor = options->executor;
    decision->seal_line = all->message;
    decision->request_id = options->request_id;
    decision->approval_id = all->approval_id;
    decision->not_requester = options->answerer_not_requester;
    tl_seal_state seal = tl_decision_open(decision, out_why);
    if (seal == TL_SEAL_GOOD) {
        seal = tl_seal_covers(&decision->seal, all->message);
        *out_why = seal == TL_SEAL_GOOD ? NULL : "the prompt's text is not the one that was sealed";
    }
    return seal == TL_SEAL_MEMORY ? tl_fail_memory(err) : TL_OK;
}

static tl_code read(resolving *all, tl_error *err)
{
    const char *note;
    const char *const *labels = tl_seal_labels(&all->decision.seal);
    tl_code code = tl_prompt_app_run(&all->app_run, &note, all->soar, all->record, err);
    if (code != TL_OK)
        return code;
    tl_prompt_evidence evidence = {.record = all->record,
                                   .app_run = all->app_run,
                                   .response_types = all->response_types,
                                   .labels = labels,
                                   .words = &all->options.words,
                                   .now_us = tl_now_us(),
                                   .max_answer_age_us = all->options.max_answer_age_s * TL_SECOND_US};
    all->reading = tl_read_prompt(&evidence);
    tl_decision *decision = &all->decision;
    decision->label = all->reading.label < 0 ? NULL : labels[all->reading.label];
    decision->answered_by = all->reading.answered_by;
    decision->answered_at = all->reading.answered_at;
    decision->answer_word = tl_reading_name(all->reading.kind);
    decision->decided = all->reading.kind == TL_READING_PERMIT   ? TL_DECIDED_PERMIT
                        : all->reading.kind == TL_READING_REJECT ? TL_DECIDED_REJECT
                                                                 : TL_DECIDED_IGNORE;
    return TL_OK;
}

static tl_code note_sending(void *data, tl_write *write, tl_error *err)
{
    (void)write, (void)err;
    ((resolving *)data)->sending = true;
    return TL_OK;
}

/* A refusal because something could not be looked up: that says nothing about the request. TL_OK for any
 * other outcome. */
static tl_code lookup_failure(const resolving *all, const cJSON *outcome)
{
    const char *name = tl_json_text_or_empty(outcome, "code");
    if (all->sending || strcmp(tl_json_text_or_empty(outcome, "outcome"), "refused") != 0)
        return TL_OK;
    for (int code = TL_OK + 1; code <= TL_UNKNOWN_OUTCOME; code++)
        if (strcmp(name, tl_code_name((tl_code)code)) == 0 && tl_is_service_error((tl_code)code))
            return (tl_code)code;
    return TL_OK;
}

static tl_code fail_lookup(tl_code code, cJSON *outcome, tl_error *err)
{
    tl_error why = TL_ERROR_INIT;
    (void)tl_fail(&why, code, "%s", tl_json_text_or_empty(outcome, "message"));
    why.http_status = (int)tl_json_integer_or(outcome, "http_status", 0);
    why.retriable = code == TL_NETWORK || code == TL_TIMEOUT || code == TL_RATE_LIMITED || code == TL_SERVER;
    cJSON_Delete(outcome);
    return tl_fail_with(err, &why);
}

static tl_code act(cJSON **out, resolving *all, tl_error *err)
{
    cJSON *outcome = NULL;
    tl_error why = TL_ERROR_INIT;
    name_operation(all);
    all->decision.hook =
        (tl_write_hook){.before_send = note_sending, .data = all, .operation_id = all->operation_id};
    tl_code code = tl_decision_run(&outcome, &all->decision, &why);
    tl_code looking = code == TL_OK ? lookup_failure(all, outcome) : TL_OK;
    if (looking != TL_OK)
        return fail_lookup(looking, outcome, err);
    if (code == TL_OK)
        return give(out, outcome, all, err);
    if (tl_is_service_error(code))
        return tl_fail_with(err, &why);
    return code == TL_CONFLICT ? give_conflict(out, all, &why, err)
                               : give_unsent(out, all, "left", why.message, err);
}

static tl_code run(cJSON **out, resolving *all, tl_error *err)
{
    const char *why = NULL;
    tl_code code = fetch(all, &why, err);
    if (code == TL_OK && why == NULL)
        code = bind(all, &why, err);
    if (code == TL_OK && why == NULL)
        code = read(all, err);
    if (code != TL_OK)
        return code;
    if (why != NULL)
        return give_unsent(out, all, "left", why, err);
    switch (all->reading.kind) {
    case TL_READING_PERMIT:
    case TL_READING_REJECT:
    case TL_READING_IGNORE:
        return act(out, all, err);
    case TL_READING_WAIT:
        return give_unsent(out, all, "waiting", all->reading.reason, err);
    default:
        return give_unsent(out, all, "left", all->reading.reason, err);
    }
}

tl_code tl_resolve_prompt(cJSON **out_outcome, tl_client *client, tl_soar *soar, int64_t approval_id,
                          const tl_resolve_options *options, tl_error *err)
{
    *out_outcome = NULL;
    resolving all = {.client = client, .soar = soar, .approval_id = approval_id, .reading = {.label = -1}};
    tl_code code = check_options(&all.options, options, err);
    if (code == TL_OK && approval_id < 1)
        code = tl_fail(err, TL_INVALID, "approval_id must be the number of a prompt");
    if (code == TL_OK)
        code = run(out_outcome, &all, err);
    tl_decision_clear(&all.decision);
    cJSON_Delete(all.app_run);
    cJSON_Delete(all.summary);
    cJSON_Delete(all.record);
    return code;
}
