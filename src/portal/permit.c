/* Permitting an application or elevation request. */
#include "threatlocker/permit.h"

#include "base/time.h"
#include "portal/applications.h"
#include "portal/ceiling.h"
#include "portal/groups.h"
#include "portal/permit_plan.h"
#include "portal/row_write.h"
#include "portal/write.h"
#include "threatlocker/requests.h"

/* The lists that the choice picks from. */
typedef struct lists {
    cJSON *applications;
    cJSON *maintenance;
    cJSON *groups;
} lists;

static void clear_lists(lists *looked_up)
{
    cJSON_Delete(looked_up->applications);
    cJSON_Delete(looked_up->maintenance);
    cJSON_Delete(looked_up->groups);
}

static tl_code look_up(lists *out, tl_client *client, const char *organization_id, const cJSON *details,
                       const tl_choice *choice, tl_error *err)
{
    *out = (lists){0};
    int64_t os_type = tl_json_integer_or(details, "osType", 1);
    tl_code code = TL_OK;
    if (choice->application == TL_APPLICATION_MATCHING)
        code = tl_matching_applications(&out->applications, client, organization_id, details, err);
    else if (choice->application == TL_APPLICATION_EXISTING)
        code = tl_applications(&out->applications, client, organization_id, os_type, NULL, err);
    /* Which of those can be used with a maintenance mode is another list, without their details [official].
     */
    if (code == TL_OK && choice->application == TL_APPLICATION_EXISTING && choice->mode != TL_MODE_MANUAL)
        code = tl_maintenance_applications(&out->maintenance, client, organization_id, os_type, err);
    if (code == TL_OK && choice->scope == TL_SCOPE_GROUP && !choice->existing_policy)
        code = tl_groups_for_permit(&out->groups, client, organization_id, os_type, err);
    if (code != TL_OK)
        clear_lists(out);
    return code;
}

/* An application that is not in the list passes here: the plan refuses it, and says so. */
static tl_code check_limits(const tl_client *client, const tl_choice *choice, const cJSON *applications,
                            int64_t now_us, tl_error *err)
{
    const cJSON *chosen = tl_find_by_guid(applications, "applicationId", choice->application_id);
    if (!client->limited)
        return TL_OK;
    return tl_check_ceiling(&client->limits, choice, chosen != NULL && tl_is_builtin(chosen), now_us, err);
}

tl_code tl_permit_preview(cJSON **out_body, tl_client *client, const char *organization_id,
                          const char *request_id, const cJSON *details, const tl_choice *choice,
                          const char *operation_id, tl_error *err)
{
    *out_body = NULL;
    /* What needs no list is refused before any list is fetched. */
    tl_code code = tl_permit_check(details, request_id, choice->terms.allow_actioned, err);
    lists looked_up;
    if (code == TL_OK)
        code = look_up(&looked_up, client, organization_id, details, choice, err);
    if (code != TL_OK)
        return code;
    tl_plan_input input = {.request_id = request_id,
                           .details = details,
                           .choice = choice,
                           .applications = looked_up.applications,
                           .maintenance = looked_up.maintenance,
                           .groups = looked_up.groups,
                           .operation_id = operation_id,
                           .instance = client->instance,
                           .now_us = tl_now_us()};
    code = check_limits(client, choice, looked_up.applications, input.now_us, err);
    if (code == TL_OK)
        code = tl_permit_plan(out_body, &input, err);
    clear_lists(&looked_up);
    return code;
}

tl_code tl_permit_with(cJSON **out_outcome, tl_client *client, const char *organization_id,
                       const char *request_id, const cJSON *details, const tl_choice *choice,
                       const tl_write_hook *hook, tl_error *err)
{
    *out_outcome = NULL;
    tl_write write;
    tl_code code = tl_write_start(&write, TL_WRITE_PERMIT, organization_id, request_id, hook, err);
    if (code != TL_OK)
        return code;
    write.before = tl_json_member(details, "approvalRequest");
    tl_planned planned = {.why = TL_ERROR_INIT, .dry_run = choice->terms.dry_run};
    (void)tl_permit_preview(&planned.body, client, organization_id, request_id, details, choice,
                            write.operation_id, &planned.why);
    code = tl_write_finish(out_outcome, client, &write, &planned, hook, err);
    cJSON_Delete(planned.body);
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
    code = tl_permit_with(out_outcome, client, tl_row_owner(details, organization_id), request_id, details,
                          &chosen, NULL, err);
    cJSON_Delete(details);
    return code;
}
