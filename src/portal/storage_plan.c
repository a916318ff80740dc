#include "portal/storage_plan.h"

#include <stdlib.h>

#include "base/text.h"
#include "portal/body.h"
#include "portal/notes.h"
#include "portal/policy_group.h"
#include "portal/request_facts.h"

int64_t tl_storage_os_type(const cJSON *details)
{
    return tl_json_integer_or(details, "approvalRequest.threatLockerActionDto.osType", 0);
}

static bool has_json(const cJSON *details)
{
    return tl_json_text_or_empty(details, "json")[0] != '\0' ||
           tl_json_text_or_empty(details, "approvalRequest.json")[0] != '\0';
}

tl_code tl_storage_check(const cJSON *details, const char *request_id, bool allow_actioned, tl_error *err)
{
    const cJSON *request = tl_json_member(details, "approvalRequest");
    const char *id = tl_json_text(request, "approvalRequestId");
    if (id == NULL || !tl_equal_ignore_case(id, request_id))
        return tl_fail(err, TL_PROTOCOL, "the details are another request's");
    tl_code code = allow_actioned ? TL_OK : tl_request_check_open(request, err);
    if (code != TL_OK)
        return code;
    const char *word = tl_json_text(request, "threatLockerActionDto.actionType");
    if (tl_kind_of(word) != TL_KIND_STORAGE)
        return tl_fail(err, TL_INVALID, "this is no storage request but \"%s\"", word == NULL ? "" : word);
    if (!has_json(details))
        return tl_fail(
            err, TL_INVALID,
            "the details have no `json`: an application's permit without it silently does nothing, "
            "so it is not sent");
    return TL_OK;
}

/* What the new policy applies to; NULL after a refusal. */
static const char *choose_target(const tl_storage_input *input, tl_error *err)
{
    const cJSON *request = tl_json_member(input->details, "approvalRequest");
    const char *organization_id = tl_json_text(request, "organizationId");
    tl_scope scope = input->choice->scope;
    if (scope == TL_SCOPE_GROUP) {
        const cJSON *group;
        tl_code code = tl_choose_group(&group, input->groups, input->choice->group_id, organization_id,
                                       tl_storage_os_type(input->details), err);
        return code == TL_OK ? tl_json_text(group, "computerGroupId") : NULL;
    }
    const char *id = scope == TL_SCOPE_COMPUTER ? tl_json_text(request, "computerId") : organization_id;
    if (tl_is_real_guid(id))
        return id;
    (void)tl_fail(err, TL_INVALID, "scope = %s: the details name no such thing; use another scope",
                  scope == TL_SCOPE_COMPUTER ? "computer" : "organization");
    return NULL;
}

/* The fetched object may be another policy's: what it says beside the id would then be wrong. */
static bool set_existing(cJSON *body, const char *policy_id)
{
    cJSON *policy = tl_body_object(body, "existingStoragePolicy");
    const char *fetched = tl_json_text(policy, "storagePolicyId");
    bool same = fetched != NULL && tl_equal_ignore_case(fetched, policy_id);
    bool ok = tl_json_set_bool(body, "addDeviceToExisting", true) &&
              tl_json_set_text(policy, "storagePolicyId", policy_id);
    return ok && (same || (tl_json_set_text(policy, "name", NULL) &&
                           tl_json_set_text(policy, "processesList", NULL)));
}

/* Scopes are numbered 0, 1, 2 [inferred: one source's guess], as tl_scope is. */
static bool set_new(cJSON *body, const tl_storage_choice *choice, const char *target)
{
    char *name = tl_trim(choice->name);
    bool ok = name != NULL && tl_json_set_bool(body, "addDeviceToExisting", false) &&
              tl_json_set_text(body, "policyName", name) &&
              tl_json_set_integer(body, "entityType", choice->scope) &&
              tl_json_set_text(body, "appliesToId", target);
    free(name);
    return ok;
}

static bool set_terms(cJSON *body, const tl_storage_choice *choice)
{
    return tl_json_set_bool(body, "allStorageDevices", choice->all_devices) &&
           tl_json_set_bool(body, "allFilePaths", choice->all_paths) &&
           tl_body_set_time(body, "expirationDate", choice->terms.expires_us) &&
           tl_json_set_given(body, "responseSubject", choice->terms.response_subject) &&
           tl_json_set_given(body, "responseReason", choice->terms.response_reason) &&
           tl_json_set_bool(body, "notifyOnResponse", choice->terms.notify);
}

/* There is no adminNotes here: the request's own members are the only place [spec]. */
static bool set_notes(cJSON *body, const tl_storage_input *input)
{
    const tl_storage_choice *choice = input->choice;
    cJSON *request = tl_json_member(body, "approvalRequest");
    char *comments = tl_operation_notes(choice->terms.comments, input->operation_id);
    bool ok = comments != NULL && tl_json_set_text(request, "comments", comments) &&
              tl_json_set_given(request, "ticketId", choice->terms.ticket) &&
              tl_json_set_given(request, "requestorEmailAddress", choice->terms.requestor_email);
    free(comments);
    return ok;
}

static void drop_nulls(cJSON *body)
{
    static const char *const scalars[] = {"addDeviceToExisting", "entityType",       "allStorageDevices",
                                          "deviceExists",        "allFilePaths",     "encryptionStatus",
                                          "allUserGroups",       "notifyOnResponse", NULL};
    tl_body_drop_nulls(body, scalars);
    tl_body_drop_request_nulls(tl_json_member(body, "approvalRequest"));
}

/* `target` is NULL for an existing policy. */
static cJSON *build_body(const tl_storage_input *input, const char *target)
{
    const tl_storage_choice *choice = input->choice;
    cJSON *body = cJSON_Duplicate(input->details, true);
    bool ok = body != NULL &&
              (target == NULL ? set_existing(body, choice->policy_id) : set_new(body, choice, target)) &&
              set_terms(body, choice) && set_notes(body, input);
    if (ok) {
        drop_nulls(body);
        return body;
    }
    cJSON_Delete(body);
    return NULL;
}

tl_code tl_storage_plan(cJSON **out_body, const tl_storage_input *input, tl_error *err)
{
    const tl_storage_choice *choice = input->choice;
    static const char *const objects[] = {"existingStoragePolicy", NULL};
    const char *target = NULL;
    *out_body = NULL;
    tl_code code = tl_storage_check(input->details, input->request_id, choice->terms.allow_actioned, err);
    if (code == TL_OK)
        code = tl_body_check_objects(input->details, objects, err);
    if (code == TL_OK && choice->terms.expires_us != 0 && choice->terms.expires_us <= input->now_us)
        code = tl_fail(err, TL_INVALID, "expires lies in the past");
    if (code != TL_OK)
        return code;
    if (!choice->existing_policy && (target = choose_target(input, err)) == NULL)
        return TL_INVALID;
    *out_body = build_body(input, target);
    return *out_body == NULL ? tl_fail_memory(err) : TL_OK;
}
