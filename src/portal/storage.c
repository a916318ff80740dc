/* Permitting a storage request. */
#include "threatlocker/storage.h"

#include "base/error.h"
#include "base/time.h"
#include "portal/ceiling.h"
#include "portal/groups.h"
#include "portal/row_write.h"
#include "portal/storage_plan.h"

/* ComputerGroupGetForPermitApplication is asked here too: no list of groups for storage is known. */
static tl_code look_up_groups(cJSON **out, tl_client *client, const char *organization_id,
                              const cJSON *details, const tl_storage_choice *choice, tl_error *err)
{
    *out = NULL;
    if (choice->existing_policy || choice->scope != TL_SCOPE_GROUP)
        return TL_OK;
    int64_t os_type = tl_storage_os_type(details);
    if (os_type == 0)
        return tl_fail(err, TL_INVALID,
                       "scope = group: the details name no operating system to take a group of");
    return tl_groups_for_permit(out, client, organization_id, os_type, err);
}

static tl_code plan(cJSON **out_body, tl_client *client, const tl_write *write, const cJSON *details,
                    const tl_storage_choice *choice, tl_error *why)
{
    tl_storage_input input = {.request_id = write->request_id,
                              .details = details,
                              .choice = choice,
                              .operation_id = write->operation_id,
                              .now_us = tl_now_us()};
    cJSON *groups = NULL;
    *out_body = NULL;
    /* What needs no list is refused before any list is fetched. */
    tl_code code = tl_storage_check(details, write->request_id, choice->terms.allow_actioned, why);
    if (code == TL_OK && client->limited)
        code = tl_check_storage_ceiling(&client->limits, choice, input.now_us, why);
    if (code == TL_OK)
        code = look_up_groups(&groups, client, write->organization_id, details, choice, why);
    input.groups = groups;
    if (code == TL_OK)
        code = tl_storage_plan(out_body, &input, why);
    cJSON_Delete(groups);
    return code;
}

static tl_code permit_with(cJSON **out_outcome, tl_client *client, const char *organization_id,
                           const char *request_id, const cJSON *details, const tl_storage_choice *choice,
                           tl_error *err)
{
    const cJSON *row = tl_json_member(details, "approvalRequest");
    tl_write write;
    tl_code code =
        tl_write_start(&write, TL_WRITE_STORAGE, tl_row_owner(row, organization_id), request_id, NULL, err);
    if (code != TL_OK)
        return code;
    write.before = row;
    tl_planned planned = {.why = TL_ERROR_INIT, .dry_run = choice->terms.dry_run};
    (void)plan(&planned.body, client, &write, details, choice, &planned.why);
    code = tl_write_finish(out_outcome, client, &write, &planned, NULL, err);
    cJSON_Delete(planned.body);
    return code;
}

tl_code tl_permit_storage(cJSON **out_outcome, tl_client *client, const char *organization_id,
                          const char *request_id, const cJSON *choice, tl_error *err)
{
    *out_outcome = NULL;
    tl_storage_choice chosen;
    cJSON *details = NULL;
    tl_code code = tl_storage_choice_read(&chosen, choice, err);
    if (code == TL_OK)
        code = tl_storage_details(&details, client, organization_id, request_id, err);
    if (code == TL_OK)
        code = permit_with(out_outcome, client, organization_id, request_id, details, &chosen, err);
    cJSON_Delete(details);
    return code;
}
