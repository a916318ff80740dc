/* Preparing a sealed prompt: every choice planned, the text written and sealed. */
#include "threatlocker/prompt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "chain/prompt.h"
#include "chain/prompt_text.h"
#include "chain/seal.h"
#include "portal/client.h"
#include "portal/members.h"
#include "portal/write.h"
#include "threatlocker/requests.h"

enum { MAX_PROMPT_TEXT = 64 * 1024, MAX_NAME = 64, MAX_ANSWERS = TL_MAX_LABELS + 2 };

bool tl_is_executor(const char *text)
{
    if (text == NULL || strcmp(text, "playbook") == 0)
        return text != NULL;
    return strncmp(text, "chain:", 6) == 0 && tl_is_chain_name(text + 6);
}

bool tl_is_chain_name(const char *name)
{
    size_t length = strlen(name);
    return length >= 1 && length <= MAX_NAME &&
           name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")] == '\0';
}

/* What the options ask for. */
typedef struct prompt_plan {
    const char *executor;
    tl_word_lists words;
    tl_planned_choice planned[TL_MAX_LABELS];
    size_t count;
    const char *answers[MAX_ANSWERS + 1]; /* NULL-terminated */
} prompt_plan;

static void clear_plan(prompt_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        cJSON_Delete(plan->planned[i].body);
}

/* Passes an error on, naming the labelled choice that it is about. */
static tl_code fail_about(tl_error *err, const char *label, const tl_error *why)
{
    tl_error named = *why;
    if (label != NULL)
        snprintf(named.message, sizeof named.message, "choice \"%s\": %.600s", label, why->message);
    return tl_fail_with(err, &named);
}

static tl_code read_choice(tl_planned_choice *out, const cJSON *json, tl_error *err)
{
    out->json = json;
    tl_code code = tl_choice_read(&out->choice, json, err);
    if (code == TL_OK && (out->choice.terms.dry_run || out->choice.terms.allow_actioned))
        code = tl_fail(err, TL_INVALID, "dry_run and allow_actioned cannot be part of a prompt");
    return code;
}

static tl_code check_label(const prompt_plan *plan, const char *label, tl_error *err)
{
    const char *problem = label == NULL ? "must be a text" : tl_label_problem(label);
    if (problem != NULL)
        return tl_fail(err, TL_INVALID, "the label of choice %zu %s", plan->count + 1, problem);
    if (tl_label_index(plan->answers, label) >= 0)
        return tl_fail(err, TL_INVALID, "two choices have the label \"%s\"", label);
    /* The default words too: who reads the answer may have no others. */
    if (tl_word_meaning(&plan->words.words, label) != TL_MEANS_NOTHING ||
        tl_word_meaning(NULL, label) != TL_MEANS_NOTHING)
        return tl_fail(err, TL_INVALID, "the label \"%s\" is one of the words that decide", label);
    return TL_OK;
}

static tl_code read_labelled(prompt_plan *plan, const cJSON *entry, tl_error *err)
{
    static const char *const members[] = {"label", "choice", NULL};
    const char *label = tl_json_text(entry, "label");
    if (!cJSON_IsObject(entry))
        return tl_fail(err, TL_INVALID, "each of the choices must be an object of label and choice");
    tl_code code = tl_check_members(entry, members, "one of the choices has", err);
    if (code == TL_OK)
        code = check_label(plan, label, err);
    if (code != TL_OK)
        return code;
    tl_error why = TL_ERROR_INIT;
    code = read_choice(&plan->planned[plan->count], tl_json_member(entry, "choice"), &why);
    if (code != TL_OK)
        return fail_about(err, label, &why);
    plan->planned[plan->count].label = label;
    plan->answers[plan->count++] = label;
    return TL_OK;
}

static tl_code read_choices(prompt_plan *plan, const cJSON *choices, tl_error *err)
{
    int size = cJSON_IsArray(choices) ? cJSON_GetArraySize(choices) : 0;
    if (size < 1 || size > TL_MAX_LABELS)
        return tl_fail(err, TL_INVALID, "choices must be a list of 1 to %d", TL_MAX_LABELS);
    tl_code code = TL_OK;
    const cJSON *entry;
    cJSON_ArrayForEach (entry, choices)
        if (code == TL_OK)
            code = read_labelled(plan, entry, err);
    return code;
}

static tl_code read_options(prompt_plan *plan, const cJSON *options, tl_error *err)
{
    static const char *const members[] = {"executor", "choice", "choices", "words", NULL};
    if (!cJSON_IsObject(options))
        return tl_fail(err, TL_INVALID, "the options must be an object with executor and choice");
    if (tl_check_members(options, members, "the options have", err) != TL_OK)
        return TL_INVALID;
    plan->executor = tl_json_text(options, "executor");
    if (!tl_is_executor(plan->executor))
        return tl_fail(err, TL_INVALID, "executor must be \"playbook\" or \"chain:<name>\"");
    const cJSON *choice = tl_json_member(options, "choice"), *choices = tl_json_member(options, "choices");
    if ((choice == NULL) == (choices == NULL))
        return tl_fail(err, TL_INVALID,
                       choice == NULL ? "choice is missing (or choices)" : "give either choice or choices");
    tl_code code = tl_words_read(&plan->words, tl_json_member(options, "words"), err);
    if (code != TL_OK)
        return code;
    if (choices != NULL)
        return read_choices(plan, choices, err);
    plan->answers[0] = tl_first_word(&plan->words.words, TL_MEANS_PERMIT);
    plan->count = 1;
    return read_choice(&plan->planned[0], choice, err);
}

/* Refuses now what could not be permitted then. */
static tl_code plan_choices(prompt_plan *plan, tl_client *client, const char *request_id, const tl_seal *seal,
                            const cJSON *details, tl_error *err)
{
    for (size_t i = 0; i < plan->count; i++) {
        tl_planned_choice *planned = &plan->planned[i];
        tl_error why = TL_ERROR_INIT;
        if (tl_permit_preview(&planned->body, client, seal->organization_id, request_id, details,
                              &planned->choice, seal->request_id, &why) != TL_OK)
            return fail_about(err, planned->label, &why);
    }
    return TL_OK;
}

static cJSON *choices_to_seal(const prompt_plan *plan)
{
    cJSON *choices = cJSON_CreateArray();
    bool ok = choices != NULL;
    for (size_t i = 0; ok && i < plan->count; i++) {
        const tl_planned_choice *planned = &plan->planned[i];
        cJSON *entry = cJSON_CreateObject();
        ok = (planned->label == NULL || tl_json_set_text(entry, "label", planned->label)) &&
             tl_json_set(entry, "choice", cJSON_Duplicate(planned->json, true));
        if (ok)
            ok = tl_json_append(choices, entry);
        else
            cJSON_Delete(entry);
    }
    if (!ok) {
        cJSON_Delete(choices);
        return NULL;
    }
    return choices;
}

/* What a seal says of itself. NULL when out of memory. */
static cJSON *seal_object(const tl_seal *seal)
{
    cJSON *object = cJSON_CreateObject();
    if (tl_json_set_text(object, "request_id", seal->request_id) &&
        tl_json_set_text(object, "organization_id", seal->organization_id) &&
        tl_json_set_text(object, "executor", seal->executor) &&
        tl_json_set_text(object, "sealed_at", seal->time))
        return object;
    cJSON_Delete(object);
    return NULL;
}

static cJSON *prepared_object(const char *message, const tl_seal *seal, const char *const answers[])
{
    int count = 0;
    while (answers[count] != NULL)
        count++;
    cJSON *prepared = seal_object(seal);
    if (tl_json_set_text(prepared, "message", message) &&
        tl_json_set(prepared, "choices", cJSON_CreateStringArray(answers, count)) &&
        tl_json_set_text(prepared, "facts", seal->facts))
        return prepared;
    cJSON_Delete(prepared);
    return NULL;
}

static tl_code write_text(tl_buffer *out, const prompt_plan *plan, const tl_seal *seal, const cJSON *details,
                          tl_error *err)
{
    out->limit = MAX_PROMPT_TEXT;
    if (tl_prompt_text(out, seal->request_id, details, plan->planned, plan->count, plan->answers))
        return TL_OK;
    return out->too_large ? tl_fail(err, TL_INVALID,
                                    "the prompt would be longer than %d bytes, which nobody reads: fewer "
                                    "choices, rules or notes, please",
                                    MAX_PROMPT_TEXT)
                          : tl_fail_memory(err);
}

/* `begun` has everything but the text and the choices. */
static tl_code seal_text(cJSON **out, tl_client *client, const prompt_plan *plan, tl_buffer *message,
                         const tl_seal *begun, tl_error *err)
{
    tl_seal seal = *begun;
    char text[TL_SHA256_HEX_SIZE];
    char *line = NULL;
    cJSON *choices = choices_to_seal(plan);
    if (choices == NULL || !tl_seal_text_digest(text, message->data)) {
        cJSON_Delete(choices);
        return tl_fail_memory(err);
    }
    seal.text = text;
    seal.choices = choices;
    tl_code code = tl_seal_line(&line, client->seal_key, &seal, err);
    cJSON_Delete(choices);
    if (code != TL_OK)
        return code;
    message->limit += strlen(line);
    if (tl_buffer_text(message, line))
        *out = prepared_object(message->data, &seal, plan->answers);
    free(line);
    return *out == NULL ? tl_fail_memory(err) : TL_OK;
}

static tl_code seal_and_write(cJSON **out, tl_client *client, const cJSON *details, const prompt_plan *plan,
                              const tl_seal *named, tl_error *err)
{
    tl_seal seal = *named;
    char facts[TL_SHA256_HEX_SIZE], now[TL_TIME_SIZE];
    tl_code code = tl_facts_digest(facts, details, err);
    if (code != TL_OK)
        return code;
    tl_time_format(tl_now_us(), now);
    seal.facts = facts;
    seal.time = now;
    tl_buffer message = {0};
    code = write_text(&message, plan, &seal, details, err);
    if (code == TL_OK)
        code = seal_text(out, client, plan, &message, &seal, err);
    tl_buffer_free(&message);
    return code;
}

tl_code tl_prepare_prompt(cJSON **out_prepared, tl_client *client, const char *organization_id,
                          const char *request_id, const cJSON *options, tl_error *err)
{
    *out_prepared = NULL;
    prompt_plan plan = {0};
    cJSON *details = NULL;
    tl_code code = read_options(&plan, options, err);
    if (code == TL_OK)
        code = tl_permit_details(&details, client, organization_id, request_id, err);
    if (code == TL_OK) {
        plan.answers[plan.count] = tl_first_word(&plan.words.words, TL_MEANS_REJECT);
        plan.answers[plan.count + 1] = tl_first_word(&plan.words.words, TL_MEANS_IGNORE);
        tl_seal seal = {.request_id = tl_json_text(details, "approvalRequest.approvalRequestId"),
                        .organization_id = tl_json_text(details, "organizationId"),
                        .executor = plan.executor};
        if (!tl_is_real_guid(seal.organization_id))
            code = tl_fail(err, TL_PROTOCOL, "the details name no organization");
        if (code == TL_OK)
            code = plan_choices(&plan, client, request_id, &seal, details, err);
        if (code == TL_OK)
            code = seal_and_write(out_prepared, client, details, &plan, &seal, err);
    }
    clear_plan(&plan);
    cJSON_Delete(details);
    return code;
}

tl_code tl_prompt_seal(cJSON **out, const tl_client *client, const char *message, tl_error *err)
{
    const char *why;
    tl_seal seal;
    *out = NULL;
    switch (tl_seal_read(&seal, &why, client->seal_key, message)) {
    case TL_SEAL_GOOD:
        break;
    case TL_SEAL_MEMORY:
        return tl_fail_memory(err);
    default:
        return tl_fail(err, TL_INVALID, "%s", why);
    }
    tl_code code = TL_OK;
    tl_seal_state covers = tl_seal_covers(&seal, message);
    if (covers == TL_SEAL_BROKEN)
        code = tl_fail(err, TL_INVALID, "the prompt's text is not the one that was sealed");
    else if (covers == TL_SEAL_MEMORY || (*out = seal_object(&seal)) == NULL)
        code = tl_fail_memory(err);
    tl_seal_clear(&seal);
    return code;
}
