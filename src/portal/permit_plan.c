#include "portal/permit_plan.h"

#include <stdlib.h>

#include "base/text.h"
#include "portal/applications.h"
#include "portal/body.h"
#include "portal/notes.h"
#include "portal/permit_minimal.h"
#include "portal/policy_group.h"
#include "portal/request_facts.h"

static const char *kind_word(const cJSON *details)
{
    const char *word = tl_json_text(details, "actionType");
    return word != NULL ? word : tl_json_text(details, "approvalRequest.threatLockerActionDto.actionType");
}

tl_code tl_permit_check(const cJSON *details, const char *request_id, bool allow_actioned, tl_error *err)
{
    const char *id = tl_json_text(details, "approvalRequest.approvalRequestId");
    if (id == NULL || !tl_equal_ignore_case(id, request_id))
        return tl_fail(err, TL_PROTOCOL, "the details are another request's");
    const cJSON *request = tl_json_member(details, "approvalRequest");
    tl_code code = allow_actioned ? TL_OK : tl_request_check_open(request, err);
    if (code != TL_OK)
        return code;
    if (tl_json_text_or_empty(request, "json")[0] == '\0')
        return tl_fail(
            err, TL_INVALID,
            "the details have no `json`: a permit without it silently does nothing, so it is not sent");
    if (tl_json_true(details, "isExtensionRequest"))
        return tl_fail(
            err, TL_INVALID,
            "this request is about a browser extension: such ones can be listed and rejected only");
    const char *word = kind_word(details);
    switch (tl_kind_of(word)) {
    case TL_KIND_APPLICATION:
    case TL_KIND_ELEVATION:
        return TL_OK;
    case TL_KIND_STORAGE:
        return tl_fail(err, TL_INVALID,
                       "this is a storage request (%s): it cannot be permitted as an application", word);
    case TL_KIND_WEB:
    case TL_KIND_OTHER:
        break;
    }
    return tl_fail(err, TL_INVALID,
                   "requests of kind \"%s\" cannot be permitted through the API: list and reject only",
                   word == NULL ? "" : word);
}

static tl_code check_mode(const tl_plan_input *input, tl_error *err)
{
    const char *id = input->choice->application_id;
    if (input->maintenance == NULL || tl_find_by_guid(input->maintenance, "value", id) != NULL)
        return TL_OK;
    return tl_fail(
        err, TL_INVALID,
        "mode: application_id %s is not among the %d applications that can be used with a maintenance "
        "mode; mode = manual is allowed",
        id, cJSON_GetArraySize(input->maintenance));
}

/* Finds the chosen application and refuses what its kind forbids. */
static tl_code choose_application(const cJSON **out, const tl_plan_input *input, tl_error *err)
{
    const tl_choice *choice = input->choice;
    *out = NULL;
    if (choice->application == TL_APPLICATION_NEW)
        return TL_OK;
    bool matching = choice->application == TL_APPLICATION_MATCHING;
    *out = tl_find_by_guid(input->applications, "applicationId", choice->application_id);
    if (*out == NULL)
        return tl_fail(err, TL_INVALID, "application_id %s is not among the %d applications that %s",
                       choice->application_id, cJSON_GetArraySize(input->applications),
                       matching ? "match this file" : "files can be added to");
    int64_t os = tl_json_integer_or(*out, "osType", 0);
    if (os != tl_json_integer_or(input->details, "osType", 0))
        return tl_fail(err, TL_INVALID, "application_id: that application is for another operating system");
    if (!tl_is_builtin(*out))
        return check_mode(input, err);
    if (!matching)
        return tl_fail(err, TL_INVALID, "application_id names a built-in: use application = matching");
    if (choice->existing_policy || choice->scope != TL_SCOPE_ORGANIZATION) {
        if (!choice->allow_builtin)
            return tl_fail(
                err, TL_INVALID,
                "a built-in application is permitted for scope = organization only (ThreatLocker answers "
                "401 otherwise); allow_builtin to insist");
    }
    if (choice->rules != NULL && choice->rules->child != NULL)
        return tl_fail(err, TL_INVALID, "rules cannot be added to a built-in application");
    return TL_OK;
}

static tl_code choose_group(const cJSON **out, const tl_plan_input *input, tl_error *err)
{
    *out = NULL;
    if (input->choice->existing_policy || input->choice->scope != TL_SCOPE_GROUP)
        return TL_OK;
    const char *id = input->choice->group_id;
    if (id == NULL)
        id = tl_json_text(input->details, "computerGroupId");
    return tl_choose_group(out, input->groups, id, tl_json_text(input->details, "organizationId"),
                           tl_json_integer_or(input->details, "osType", 0), err);
}

static tl_code check_scope(const tl_plan_input *input, tl_error *err)
{
    const tl_choice *choice = input->choice;
    if (choice->existing_policy)
        return TL_OK;
    if (choice->scope == TL_SCOPE_ORGANIZATION &&
        !tl_json_true(input->details, "policyLevel.canUseEntireOrganization"))
        return tl_fail(err, TL_INVALID,
                       "scope = organization is not allowed to this API user: use group or computer");
    if (choice->scope == TL_SCOPE_COMPUTER &&
        (!tl_is_real_guid(tl_json_text(input->details, "computerId")) ||
         !tl_is_real_guid(tl_json_text(input->details, "computerGroupId"))))
        return tl_fail(err, TL_INVALID,
                       "scope = computer: the details name no computer and group; use another scope");
    return TL_OK;
}

static bool is_elevation(const cJSON *details)
{
    return tl_json_true(details, "isElevationRequest") || tl_kind_of(kind_word(details)) == TL_KIND_ELEVATION;
}

static tl_code check_elevation(const tl_plan_input *input, tl_error *err)
{
    const tl_choice *choice = input->choice;
    bool elevation = is_elevation(input->details);
    if (elevation && !choice->elevate_given)
        return tl_fail(err, TL_INVALID,
                       "this is an elevation request: give elevate = no, notify, silent or "
                       "standard_user");
    if (!elevation && choice->elevate != TL_ELEVATE_NO)
        return tl_fail(err, TL_INVALID, "elevate is for elevation requests, and this is none: leave it out");
    if (choice->elevate != TL_ELEVATE_NO && !tl_json_true(input->details, "organizationHasElevation"))
        return tl_fail(err, TL_INVALID, "elevate: this organization does not have ThreatLocker's elevation");
    if (choice->elevate_until_us != 0 && choice->elevate_until_us <= input->now_us)
        return tl_fail(err, TL_INVALID, "elevate_until lies in the past");
    if (choice->terms.expires_us != 0 && choice->terms.expires_us <= input->now_us)
        return tl_fail(err, TL_INVALID, "expires lies in the past");
    return TL_OK;
}

static cJSON *text_or_null(const char *text)
{
    return text == NULL ? cJSON_CreateNull() : cJSON_CreateString(text);
}

/* PolicyManualOption; nulls do not count [observed Space-C0wboy]. */
static cJSON *manual_option(const cJSON *rule)
{
    cJSON *option = cJSON_CreateObject();
    bool ok = tl_json_set(option, "fullPath", text_or_null(tl_json_text(rule, "path"))) &&
              tl_json_set(option, "processPath", text_or_null(tl_json_text(rule, "process"))) &&
              tl_json_set(option, "cert", text_or_null(tl_json_text(rule, "cert"))) &&
              tl_json_set(option, "hash", text_or_null(tl_json_text(rule, "hash"))) &&
              tl_json_set(option, "createdBy", text_or_null(tl_json_text(rule, "created_by"))) &&
              tl_json_set_bool(option, "isDefaultOption", false) &&
              tl_json_set_bool(option, "disabled", false);
    if (!ok) {
        cJSON_Delete(option);
        return NULL;
    }
    return option;
}

static cJSON *manual_options(const cJSON *rules)
{
    cJSON *options = cJSON_CreateArray();
    bool ok = options != NULL;
    const cJSON *rule;
    cJSON_ArrayForEach (rule, rules)
        ok = ok && tl_json_append(options, manual_option(rule));
    if (!ok) {
        cJSON_Delete(options);
        return NULL;
    }
    return options;
}

/* A null may stand for the stub's text or null, never for its number or boolean: HTTP 400
 * [observed Space-C0wboy]. */
static bool may_lay_over(const cJSON *object, const cJSON *member)
{
    const cJSON *present = cJSON_GetObjectItemCaseSensitive(object, member->string);
    return !cJSON_IsNull(member) || (present != NULL && !cJSON_IsNumber(present) && !cJSON_IsBool(present));
}

/* Lays the listing's members over the fetched stub, which keeps what the listing lacks. */
static bool lay_over(cJSON *body, const char *slot, const cJSON *listed)
{
    cJSON *object = tl_body_object(body, slot);
    bool ok = object != NULL;
    const cJSON *member;
    cJSON_ArrayForEach (member, listed)
        if (ok && may_lay_over(object, member))
            ok = tl_json_set(object, member->string, cJSON_Duplicate(member, true));
    return ok;
}

static bool set_application(cJSON *body, const tl_choice *choice, const cJSON *application)
{
    cJSON *matching = tl_body_object(body, "matchingApplications");
    bool is_matching = choice->application == TL_APPLICATION_MATCHING;
    bool is_new = choice->application == TL_APPLICATION_NEW;
    bool ok = tl_json_set_bool(matching, "hasMatchingApplication", is_matching) &&
              tl_json_set_bool(matching, "useMatchingApplication", is_matching) &&
              tl_json_set_bool(matching, "useExistingApplication",
                               choice->application == TL_APPLICATION_EXISTING) &&
              tl_json_set_bool(matching, "useNewApplication", is_new);
    if (!is_new)
        return ok &&
               lay_over(matching, is_matching ? "matchingApplication" : "existingApplication", application);
    char *name = tl_trim(choice->name);
    ok = ok && name != NULL && tl_json_set_text(matching, "newApplicationName", name);
    free(name);
    return ok;
}

static bool set_conditions(cJSON *body, const tl_choice *choice)
{
    cJSON *conditions = tl_body_object(body, "policyConditions");
    return tl_json_set_bool(conditions, "useExistingPolicy", choice->existing_policy) &&
           tl_json_set(conditions, "manualOptions", manual_options(choice->rules)) &&
           tl_json_set_integer(conditions, "ruleId", choice->mode);
}

static bool set_scope(cJSON *body, const tl_choice *choice, const cJSON *group)
{
    cJSON *level = tl_body_object(body, "policyLevel");
    bool scoped = !choice->existing_policy;
    bool to_computer = scoped && choice->scope == TL_SCOPE_COMPUTER && !choice->scope_all_false;
    bool ok =
        tl_json_set_bool(level, "toEntireOrganization", scoped && choice->scope == TL_SCOPE_ORGANIZATION) &&
        tl_json_set_bool(level, "toComputerGroup", scoped && choice->scope == TL_SCOPE_GROUP) &&
        tl_json_set_bool(level, "toComputer", to_computer);
    if (ok && group != NULL)
        ok = lay_over(level, "selectedComputerGroup", group);
    return ok;
}

static bool set_terms(cJSON *body, const tl_choice *choice)
{
    return tl_json_set_integer(body, "elevationStatus", choice->elevate) &&
           tl_json_set_integer(body, "elevationExpiration", choice->elevate_hours) &&
           tl_body_set_time(body, "elevationExpirationDate", choice->elevate_until_us) &&
           tl_body_set_time(body, "policyExpirationDate", choice->terms.expires_us);
}

static bool set_notes(cJSON *body, const tl_plan_input *input)
{
    const tl_choice *choice = input->choice;
    cJSON *notes = tl_body_object(body, "adminNotes");
    char *comments = tl_operation_notes(choice->terms.comments, input->operation_id);
    bool ok = comments != NULL && tl_json_set_text(notes, "comments", comments);
    free(comments);
    ok = ok && tl_json_set_given(notes, "ticket", choice->terms.ticket) &&
         tl_json_set_given(notes, "requestorEmail", choice->terms.requestor_email) &&
         tl_json_set_given(body, "responseSubject", choice->terms.response_subject) &&
         tl_json_set_given(body, "responseReason", choice->terms.response_reason);
    if (tl_repeats_email(choice))
        ok = ok && tl_json_set_text(tl_json_member(body, "approvalRequest"), "requestorEmailAddress",
                                    choice->terms.requestor_email);
    return ok && tl_json_set_bool(body, "notifyOnResponse", choice->terms.notify);
}

/* As in permits that were tried live [observed Space-C0wboy]; harmless by the article [official]. */
static bool set_origin(cJSON *body, const tl_plan_input *input)
{
    bool ok = tl_json_set_bool(body, "isFromApproval", true) &&
              tl_json_set_bool(body, "hasOriginApprovalCenter", true);
    if (tl_json_text_or_empty(body, "userInstance")[0] == '\0' && input->instance != NULL)
        ok = ok && tl_json_set_text(body, "userInstance", input->instance);
    if (tl_json_text(body, "actionType") == NULL)
        ok = ok && tl_json_set_text(body, "actionType", kind_word(input->details));
    return ok;
}

static cJSON *build_body(const tl_plan_input *input, const cJSON *application, const cJSON *group)
{
    cJSON *body = cJSON_Duplicate(input->details, true);
    bool ok = body != NULL && set_application(body, input->choice, application) &&
              set_conditions(body, input->choice) && set_scope(body, input->choice, group) &&
              set_terms(body, input->choice) && set_notes(body, input) && set_origin(body, input);
    cJSON *result = ok && input->choice->body_minimal
                        ? tl_minimal_body(body, input->choice, is_elevation(input->details))
                        : body;
    if (!ok || result != body)
        cJSON_Delete(body);
    return ok ? result : NULL;
}

/* What the plan puts its changes into. */
static tl_code check_shape(const cJSON *details, tl_error *err)
{
    static const char *const objects[] = {"matchingApplications",
                                          "matchingApplications.matchingApplication",
                                          "matchingApplications.existingApplication",
                                          "policyConditions",
                                          "policyLevel",
                                          "policyLevel.selectedComputerGroup",
                                          "adminNotes",
                                          NULL};
    return tl_body_check_objects(details, objects, err);
}

tl_code tl_permit_plan(cJSON **out_body, const tl_plan_input *input, tl_error *err)
{
    *out_body = NULL;
    const cJSON *application = NULL, *group = NULL;
    tl_code code =
        tl_permit_check(input->details, input->request_id, input->choice->terms.allow_actioned, err);
    if (code == TL_OK)
        code = check_shape(input->details, err);
    if (code == TL_OK)
        code = check_scope(input, err);
    if (code == TL_OK)
        code = check_elevation(input, err);
    if (code == TL_OK)
        code = choose_application(&application, input, err);
    if (code == TL_OK)
        code = choose_group(&group, input, err);
    if (code != TL_OK)
        return code;
    *out_body = build_body(input, application, group);
    return *out_body == NULL ? tl_fail_memory(err) : TL_OK;
}
