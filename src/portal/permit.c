/* The public writes: permit, reject, ignore. */
#include "threatlocker/permit.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "portal/applications.h"
#include "portal/call.h"
#include "portal/groups.h"
#include "portal/members.h"
#include "portal/permit_plan.h"
#include "portal/request_facts.h"
#include "portal/write.h"

/* The lists that the choice picks from. */
typedef struct lists {
    cJSON *applications;
    cJSON *groups;
} lists;

static void clear_lists(lists *looked_up)
{
    cJSON_Delete(looked_up->applications);
    cJSON_Delete(looked_up->groups);
}

static tl_code look_up(lists *out, tl_client *client, const char *organization_id, const cJSON *details,
                       const tl_choice *choice, tl_error *err)
{
    *out = (lists){NULL, NULL};
    int64_t os_type = tl_json_integer_or(details, "osType", 1);
    tl_code code = TL_OK;
    if (choice->application == TL_APPLICATION_MATCHING)
        code = tl_matching_applications(&out->applications, client, organization_id, details, err);
    else if (choice->application == TL_APPLICATION_EXISTING)
        code = tl_applications(&out->applications, client, organization_id, os_type, NULL, err);
    if (code == TL_OK && choice->scope == TL_SCOPE_GROUP && !choice->existing_policy)
        code = tl_groups_for_permit(&out->groups, client, organization_id, os_type, err);
    if (code != TL_OK)
        clear_lists(out);
    return code;
}

tl_code tl_permit_preview(cJSON **out_body, tl_client *client, const char *organization_id,
                          const char *request_id, const cJSON *details, const tl_choice *choice,
                          const char *operation_id, tl_error *err)
{
    *out_body = NULL;
    /* What needs no list is refused before any list is fetched. */
    tl_code code = tl_permit_check(details, request_id, choice->allow_actioned, err);
    lists looked_up;
    if (code == TL_OK)
        code = look_up(&looked_up, client, organization_id, details, choice, err);
    if (code != TL_OK)
        return code;
    tl_plan_input input = {.request_id = request_id,
                           .details = details,
                           .choice = choice,
                           .applications = looked_up.applications,
                           .groups = looked_up.groups,
                           .operation_id = operation_id,
                           .instance = client->instance,
                           .now_us = tl_now_us()};
    code = tl_permit_plan(out_body, &input, err);
    clear_lists(&looked_up);
    return code;
}

static tl_code start_write(tl_write *write, tl_write_kind kind, const char *organization_id,
                           const char *request_id, tl_error *err)
{
    *write = (tl_write){.kind = kind, .organization_id = organization_id, .request_id = request_id};
    if (!tl_random_guid(write->operation_id))
        return tl_fail(err, TL_CONFIG, "the system gives no random numbers");
    return TL_OK;
}

static tl_code set_body(tl_write *write, const cJSON *body, tl_error *err)
{
    tl_code code = tl_json_print(&write->body, &write->body_length, body, err);
    if (code == TL_OK)
        tl_sha256_hex(write->body, write->body_length, write->body_sha256);
    return code;
}

/* An outcome for what was refused, or went wrong, before sending: nothing was applied. */
static tl_code refuse(cJSON **out_outcome, const tl_write *write, const tl_error *why, const cJSON *row,
                      tl_error *err)
{
    const char *word = why->code == TL_CONFLICT ? "already_actioned" : "refused";
    *out_outcome = tl_outcome_unsent(write, word, why, row, NULL);
    return *out_outcome == NULL ? tl_fail_memory(err) : TL_OK;
}

static tl_code preview(cJSON **out_outcome, const tl_write *write, const cJSON *row, const cJSON *body,
                       tl_error *err)
{
    *out_outcome = tl_outcome_unsent(write, "preview", NULL, row, body);
    return *out_outcome == NULL ? tl_fail_memory(err) : TL_OK;
}

static tl_code finish(cJSON **out_outcome, tl_client *client, tl_write *write, const cJSON *row,
                      const cJSON *body, bool dry_run, const tl_write_hook *hook, tl_error *err)
{
    tl_code code = set_body(write, body, err);
    if (code == TL_OK)
        code = dry_run ? preview(out_outcome, write, row, body, err)
                       : tl_write_run(out_outcome, client, write, hook, err);
    tl_write_clear(write);
    return code;
}

tl_code tl_permit_with(cJSON **out_outcome, tl_client *client, const char *organization_id,
                       const char *request_id, const cJSON *details, const tl_choice *choice,
                       const tl_write_hook *hook, tl_error *err)
{
    *out_outcome = NULL;
    tl_write write;
    tl_code code = start_write(&write, TL_WRITE_PERMIT, organization_id, request_id, err);
    if (code != TL_OK)
        return code;
    tl_error why = TL_ERROR_INIT;
    cJSON *body = NULL;
    const cJSON *row = tl_json_member(details, "approvalRequest");
    write.notes_before = tl_json_text_or_empty(row, "comments");
    code = tl_permit_preview(&body, client, organization_id, request_id, details, choice, write.operation_id,
                             &why);
    if (code == TL_OK)
        code = finish(out_outcome, client, &write, row, body, choice->dry_run, hook, err);
    else if (code == TL_MEMORY)
        code = tl_fail_memory(err);
    else
        code = refuse(out_outcome, &write, &why, row, err);
    cJSON_Delete(body);
    return code;
}

tl_code tl_permit(cJSON **out_outcome, tl_client *client, const char *organization_id, const char *request_id,
                  const cJSON *choice, tl_error *err)
{
    *out_outcome = NULL;
    tl_choice chosen;
    tl_code code = tl_choice_read(&chosen, choice, err);
    cJSON *details = NULL;
    if (code == TL_OK)
        code = tl_permit_details(&details, client, organization_id, request_id, err);
    if (code != TL_OK)
        return code;
    /* The request's own organization counts in every later call. */
    const char *owner = tl_json_text(details, "organizationId");
    code = tl_permit_with(out_outcome, client, owner != NULL ? owner : organization_id, request_id, details,
                          &chosen, NULL, err);
    cJSON_Delete(details);
    return code;
}

/* ApprovalRequestUpdateParametersDto. The request is named by its id alone: in a whole one a null number
 * would be refused [observed]. Sources differ on which reason the requestor sees, so both are set. */
static cJSON *answer_body(tl_write_kind kind, const char *request_id, const tl_answer *answer)
{
    const char *reason = answer->reason == NULL ? "" : answer->reason;
    const char *subject = answer->subject == NULL ? "" : answer->subject;
    bool reject = kind == TL_WRITE_REJECT;
    cJSON *body = cJSON_CreateObject(), *list = cJSON_CreateArray(), *request = cJSON_CreateObject();
    bool ok = tl_json_set_text(request, "approvalRequestId", request_id);
    ok = tl_json_append(list, request) && ok;
    ok = tl_json_set(body, "approvalRequestDtos", list) && ok;
    ok = ok && tl_json_set_text(body, "type", reject ? "reject" : "ignore") &&
         tl_json_set_text(body, reject ? "rejectReason" : "ignoreReason", reason) &&
         tl_json_set_text(body, "responseSubject", subject) &&
         tl_json_set_text(body, "responseReason", reason) &&
         tl_json_set_bool(body, reject ? "notifyOnResponse" : "notifyOnIgnore", answer->notify);
    if (!reject)
        ok = ok && tl_json_set_text(body, "ignoreSubject", subject);
    if (!ok) {
        cJSON_Delete(body);
        return NULL;
    }
    return body;
}

static tl_code check_open(const cJSON *row, bool allow_actioned, tl_error *why)
{
    char buffer[32];
    if (allow_actioned || tl_request_is_open(row))
        return TL_OK;
    return tl_fail(why, TL_CONFLICT, "the request was already actioned: %s",
                   tl_status_name(tl_json_integer_or(row, "statusId", 0), buffer, sizeof buffer));
}

tl_code tl_answer_with(cJSON **out_outcome, tl_client *client, tl_write_kind kind,
                       const char *organization_id, const char *request_id, const tl_answer *answer,
                       const tl_write_hook *hook, tl_error *err)
{
    *out_outcome = NULL;
    cJSON *row = NULL;
    tl_code code = tl_request_get(&row, client, organization_id, request_id, err);
    if (code != TL_OK)
        return code;
    const char *owner = tl_json_text(row, "organizationId");
    tl_write write;
    tl_error why = TL_ERROR_INIT;
    code = start_write(&write, kind, owner != NULL ? owner : organization_id, request_id, err);
    if (code == TL_OK && check_open(row, answer->allow_actioned, &why) != TL_OK) {
        code = refuse(out_outcome, &write, &why, row, err);
    } else if (code == TL_OK) {
        cJSON *body = answer_body(kind, request_id, answer);
        code = body == NULL ? tl_fail_memory(err)
                            : finish(out_outcome, client, &write, row, body, answer->dry_run, hook, err);
        cJSON_Delete(body);
    }
    cJSON_Delete(row);
    return code;
}

static tl_code answer(cJSON **out_outcome, tl_client *client, tl_write_kind kind, const char *organization_id,
                      const char *request_id, const cJSON *json, tl_error *err)
{
    static const char *const members[] = {"reason", "subject", "notify", "allow_actioned", "dry_run", NULL};
    const char *unknown;
    tl_answer read = {0};
    *out_outcome = NULL;
    if (json != NULL && (!cJSON_IsObject(json) || !tl_json_only_members(json, members, &unknown)))
        return tl_fail(err, TL_INVALID, "%s",
                       cJSON_IsObject(json)
                           ? "unknown member; known: reason, subject, notify, allow_actioned, dry_run"
                           : "the answer must be an object");
    bool ok = tl_member_text(&read.reason, json, "reason", err) &&
              tl_member_text(&read.subject, json, "subject", err) &&
              tl_member_flag(&read.notify, json, "notify", err) &&
              tl_member_flag(&read.allow_actioned, json, "allow_actioned", err) &&
              tl_member_flag(&read.dry_run, json, "dry_run", err);
    return ok ? tl_answer_with(out_outcome, client, kind, organization_id, request_id, &read, NULL, err)
              : TL_INVALID;
}

tl_code tl_reject(cJSON **out_outcome, tl_client *client, const char *organization_id, const char *request_id,
                  const cJSON *json, tl_error *err)
{
    return answer(out_outcome, client, TL_WRITE_REJECT, organization_id, request_id, json, err);
}

tl_code tl_ignore(cJSON **out_outcome, tl_client *client, const char *organization_id, const char *request_id,
                  const cJSON *json, tl_error *err)
{
    return answer(out_outcome, client, TL_WRITE_IGNORE, organization_id, request_id, json, err);
}
