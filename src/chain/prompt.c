/* The text of a sealed prompt. */
#include "threatlocker/prompt.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "chain/prompt.h"
#include "chain/seal.h"
#include "portal/applications.h"
#include "portal/client.h"
#include "portal/members.h"
#include "portal/permit_plan.h"
#include "portal/write.h"
#include "threatlocker/requests.h"

enum { MAX_FACT = 300, MAX_REASON = 600, MAX_PROMPT = 512 * 1024, MAX_NAME = 64 };

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

/* Server text must not look like a seal: only one may stand in a prompt. */
static void defuse(char *text)
{
    for (char *mark = text; (mark = strstr(mark, TL_SEAL_MARK)) != NULL;)
        mark[strlen("threatlocker")] = '_';
}

/* One line of label and cleaned text; nothing for an absent text. */
static bool line(tl_buffer *out, const char *label, const char *raw, size_t max)
{
    if (raw == NULL || raw[0] == '\0')
        return true;
    char *clean = tl_clean_text(raw, max);
    if (clean != NULL)
        defuse(clean);
    bool ok = clean != NULL && tl_buffer_format(out, "%s: %s\n", label, clean);
    free(clean);
    return ok;
}

/* The first signer that has a subject. */
static const char *signer_of(const cJSON *details, bool *valid)
{
    const cJSON *lists[] = {tl_json_path(details, "approvalRequest.threatLockerActionDto.certs"),
                            tl_json_path(details, "fileDetails.certificates")};
    for (size_t i = 0; i < 2; i++) {
        const cJSON *certificate;
        cJSON_ArrayForEach (certificate, lists[i]) {
            const char *subject = tl_json_text_or_empty(certificate, "subject");
            *valid = tl_json_true(certificate, "validCert");
            if (subject[0] != '\0')
                return subject;
        }
    }
    *valid = false;
    return NULL;
}

static bool write_facts(tl_buffer *out, const cJSON *details)
{
    bool valid;
    const char *signer = signer_of(details, &valid);
    char *reason = tl_requestor_reason(tl_json_text(details, "fileDetails.requestorReason"));
    bool ok =
        reason != NULL && line(out, "File", tl_json_text(details, "fileDetails.fullPath"), MAX_FACT) &&
        line(out, "ThreatLocker hash", tl_json_text(details, "fileDetails.hash"), MAX_FACT) &&
        line(out, "SHA-256", tl_json_text(details, "fileDetails.sha256"), MAX_FACT) &&
        line(out, valid || signer == NULL ? "Signer" : "Signer (certificate NOT valid)",
             signer == NULL ? "none: the file is not signed" : signer, MAX_FACT) &&
        line(out, "Started by", tl_json_text(details, "fileDetails.processPath"), MAX_FACT) &&
        line(out, "Action", tl_json_text(details, "actionType"), MAX_FACT) &&
        line(out, "Computer", tl_json_text(details, "approvalRequest.hostname"), MAX_FACT) &&
        line(out, "Organization", tl_json_text(details, "approvalRequest.organizationName"), MAX_FACT) &&
        line(out, "User", tl_json_text(details, "approvalRequest.username"), MAX_FACT) &&
        line(out, "Reason given", reason[0] == '\0' ? "none" : reason, MAX_REASON);
    free(reason);
    return ok;
}

/* What will be permitted must never be missing: equal names are told apart by id and owner. */
static bool write_named(tl_buffer *out, const char *label, const cJSON *named, const char *id_member)
{
    static const char *const members[] = {"name", "applicationName"};
    const char *name = tl_json_text_or_empty(named, members[1]);
    if (name[0] == '\0')
        name = tl_json_text_or_empty(named, members[0]);
    return line(out, label, name[0] == '\0' ? "(without a name)" : name, MAX_FACT) &&
           line(out, "  id", tl_json_text(named, id_member), MAX_FACT) &&
           line(out, "  of", tl_json_text(named, "organizationName"), MAX_FACT);
}

static bool write_application(tl_buffer *out, const cJSON *body, const tl_choice *choice)
{
    const cJSON *applications = tl_json_member(body, "matchingApplications");
    if (choice->application == TL_APPLICATION_NEW)
        return line(out, "If permitted, a new application", tl_json_text(applications, "newApplicationName"),
                    MAX_FACT);
    if (choice->application == TL_APPLICATION_EXISTING)
        return write_named(out, "If permitted, added to the existing application",
                           tl_json_member(applications, "existingApplication"), "applicationId");
    const cJSON *chosen = tl_json_member(applications, "matchingApplication");
    return write_named(out, "If permitted, the matching application", chosen, "applicationId") &&
           (!tl_is_builtin(chosen) ||
            tl_buffer_text(out, "This is a built-in: everything that belongs to it is permitted\n"));
}

static bool write_rules(tl_buffer *out, const tl_choice *choice)
{
    static const char *const parts[][2] = {{"hash", "Rule, hash"},
                                           {"path", "Rule, path"},
                                           {"process", "  process"},
                                           {"cert", "  certificate"},
                                           {"created_by", "  created by"}};
    bool ok = true;
    const cJSON *rule;
    cJSON_ArrayForEach (rule, choice->rules)
        for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
            ok = ok && line(out, parts[i][1], tl_json_text(rule, parts[i][0]), TL_MAX_TEXT);
    return ok;
}

static bool write_terms(tl_buffer *out, const cJSON *body, const tl_choice *choice)
{
    static const char *const modes[] = {NULL, "one hour of installation mode", "one hour of learning mode",
                                        "one hour of monitor mode"};
    static const char *const elevations[] = {"no elevation", "elevated, with a notice to the user",
                                             "elevated silently", "forced to a standard user"};
    char until[TL_TIME_SIZE];
    bool ok;
    if (choice->existing_policy)
        ok = tl_buffer_text(out, "Where: wherever that application's existing policies apply\n");
    else if (choice->scope == TL_SCOPE_GROUP)
        ok = write_named(out, "Where: the computer group",
                         tl_json_path(body, "policyLevel.selectedComputerGroup"), "computerGroupId");
    else
        ok = tl_buffer_format(out, "Where: %s\n",
                              choice->scope == TL_SCOPE_COMPUTER ? "this computer only"
                                                                 : "the ENTIRE organization");
    if (choice->mode != 0)
        ok = ok && tl_buffer_format(out, "Mode: %s\n", modes[choice->mode]);
    if (choice->elevate_given)
        ok = ok && tl_buffer_format(out, "Rights: %s", elevations[choice->elevate]);
    if (choice->elevate_hours != 0)
        ok = ok && tl_buffer_format(out, ", for %lld hours", (long long)choice->elevate_hours);
    tl_time_format(choice->elevate_until_us, until);
    if (choice->elevate_until_us != 0)
        ok = ok && tl_buffer_format(out, ", until %s", until);
    if (choice->elevate_given)
        ok = ok && tl_buffer_text(out, "\n");
    tl_time_format(choice->expires_us, until);
    return ok && tl_buffer_format(out, "Ends: %s\n", choice->expires_us == 0 ? "never" : until);
}

/* What the approver reads, up to the seal. */
static bool write_prompt(tl_buffer *out, const cJSON *details, const cJSON *body, const tl_choice *choice,
                         const char *request_id)
{
    return tl_buffer_text(out, "ThreatLocker asks for a decision\n") &&
           line(out, "Request", request_id, 64) && write_facts(out, details) &&
           write_application(out, body, choice) && write_rules(out, choice) &&
           write_terms(out, body, choice) && line(out, "Ticket", choice->ticket, MAX_FACT) &&
           line(out, "Note", choice->comments, TL_MAX_TEXT) &&
           line(out, "Answer to the requestor", choice->response_reason, TL_MAX_TEXT) &&
           tl_buffer_text(out, "Answer Permit, Reject or Ignore. The last line seals what you see.\n");
}

static cJSON *prepared_object(const char *message, const tl_seal *seal)
{
    static const char *const answers[] = {"Permit", "Reject", "Ignore"};
    cJSON *prepared = cJSON_CreateObject();
    bool ok = tl_json_set_text(prepared, "message", message) &&
              tl_json_set(prepared, "choices", cJSON_CreateStringArray(answers, 3)) &&
              tl_json_set_text(prepared, "request_id", seal->request_id) &&
              tl_json_set_text(prepared, "organization_id", seal->organization_id) &&
              tl_json_set_text(prepared, "executor", seal->executor) &&
              tl_json_set_text(prepared, "sealed_at", seal->time) &&
              tl_json_set_text(prepared, "facts", seal->facts);
    if (!ok) {
        cJSON_Delete(prepared);
        return NULL;
    }
    return prepared;
}

static tl_code seal_and_write(cJSON **out, tl_client *client, const cJSON *details, const cJSON *body,
                              const tl_choice *choice, const tl_seal *named, tl_error *err)
{
    char facts[TL_SHA256_HEX_SIZE], text[TL_SHA256_HEX_SIZE], now[TL_TIME_SIZE];
    tl_code code = tl_facts_digest(facts, details, err);
    if (code != TL_OK)
        return code;
    tl_time_format(tl_now_us(), now);
    tl_seal seal = *named;
    seal.facts = facts;
    seal.time = now;
    seal.text = text;
    tl_buffer message = {.limit = MAX_PROMPT};
    char *seal_line = NULL;
    if (write_prompt(&message, details, body, choice, seal.request_id) &&
        tl_seal_text_digest(text, message.data))
        seal_line = tl_seal_line(client->seal_key, &seal);
    *out = seal_line != NULL && tl_buffer_text(&message, seal_line) ? prepared_object(message.data, &seal)
                                                                    : NULL;
    free(seal_line);
    tl_buffer_free(&message);
    return *out == NULL ? tl_fail_memory(err) : TL_OK;
}

static tl_code read_options(const cJSON **out_choice, const char **out_executor, tl_choice *choice,
                            const cJSON *options, tl_error *err)
{
    static const char *const members[] = {"executor", "choice", NULL};
    const char *unknown;
    if (!cJSON_IsObject(options))
        return tl_fail(err, TL_INVALID, "the options must be an object with executor and choice");
    if (!tl_json_only_members(options, members, &unknown))
        return tl_fail(err, TL_INVALID, "unknown member %s; known: executor, choice", unknown);
    *out_executor = tl_json_text(options, "executor");
    if (!tl_is_executor(*out_executor))
        return tl_fail(err, TL_INVALID, "executor must be \"playbook\" or \"chain:<name>\"");
    *out_choice = tl_json_member(options, "choice");
    if (*out_choice == NULL)
        return tl_fail(err, TL_INVALID, "choice is missing");
    tl_code code = tl_choice_read(choice, *out_choice, err);
    if (code == TL_OK && (choice->dry_run || choice->allow_actioned))
        code = tl_fail(err, TL_INVALID, "dry_run and allow_actioned cannot be part of a prompt");
    return code;
}

tl_code tl_prepare_prompt(cJSON **out_prepared, tl_client *client, const char *organization_id,
                          const char *request_id, const cJSON *options, tl_error *err)
{
    *out_prepared = NULL;
    tl_choice choice = {0};
    tl_seal seal = {0};
    tl_code code = read_options(&seal.choice, &seal.executor, &choice, options, err);
    cJSON *details = NULL, *body = NULL;
    if (code == TL_OK)
        code = tl_permit_details(&details, client, organization_id, request_id, err);
    if (code == TL_OK) {
        seal.request_id = tl_json_text(details, "approvalRequest.approvalRequestId");
        seal.organization_id = tl_json_text(details, "organizationId");
        if (!tl_is_real_guid(seal.organization_id))
            code = tl_fail(err, TL_PROTOCOL, "the details name no organization");
    }
    if (code == TL_OK)
        code = tl_permit_preview(&body, client, seal.organization_id, request_id, details, &choice,
                                 seal.request_id, err);
    if (code == TL_OK)
        code = seal_and_write(out_prepared, client, details, body, &choice, &seal, err);
    cJSON_Delete(body);
    cJSON_Delete(details);
    return code;
}
