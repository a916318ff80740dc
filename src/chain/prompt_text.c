/* The text of a sealed prompt, up to its seal. */
#include "chain/prompt_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "chain/seal.h"
#include "portal/applications.h"
#include "portal/members.h"

enum { MAX_FACT = 300, MAX_REASON = 600 };

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
    if (choice->mode != TL_MODE_MANUAL)
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
    tl_time_format(choice->terms.expires_us, until);
    return ok && tl_buffer_format(out, "Ends: %s\n", choice->terms.expires_us == 0 ? "never" : until);
}

static bool write_choice(tl_buffer *out, const tl_planned_choice *planned)
{
    const tl_choice *choice = &planned->choice;
    return (planned->label == NULL || tl_buffer_format(out, "Choice \"%s\"\n", planned->label)) &&
           write_application(out, planned->body, choice) && write_rules(out, choice) &&
           write_terms(out, planned->body, choice) && line(out, "Ticket", choice->terms.ticket, MAX_FACT) &&
           line(out, "Note", choice->terms.comments, TL_MAX_TEXT) &&
           line(out, "Answer to the requestor", choice->terms.response_reason, TL_MAX_TEXT);
}

/* "Answer Permit, Reject or Ignore." */
static bool write_answers(tl_buffer *out, const char *const answers[])
{
    bool ok = tl_buffer_text(out, "Answer ");
    for (size_t i = 0; answers[i] != NULL; i++) {
        const char *before = i == 0 ? "" : answers[i + 1] == NULL ? " or " : ", ";
        ok = ok && tl_buffer_format(out, "%s%s", before, answers[i]);
    }
    return ok && tl_buffer_text(out, ". The last line seals what you see.\n");
}

bool tl_prompt_text(tl_buffer *out, const char *request_id, const cJSON *details,
                    const tl_planned_choice planned[], size_t count, const char *const answers[])
{
    bool ok = tl_buffer_text(out, "ThreatLocker asks for a decision\n") &&
              line(out, "Request", request_id, 64) && write_facts(out, details);
    for (size_t i = 0; i < count; i++)
        ok = ok && write_choice(out, &planned[i]);
    return ok && write_answers(out, answers);
}
