#include "portal/row_write.h"

#include "threatlocker/requests.h"

const char *tl_row_owner(const cJSON *row, const char *otherwise)
{
    const char *owner = tl_json_text(row, "organizationId");
    return owner != NULL ? owner : otherwise;
}

static tl_code check_and_send(cJSON **out_outcome, tl_client *client, tl_write *write,
                              const tl_row_write *what, tl_error *err)
{
    tl_planned planned = {.why = TL_ERROR_INIT, .dry_run = what->dry_run};
    if (what->check(write->before, what->data, &planned.why) == TL_OK) {
        planned.body = what->body(write->before, write->request_id, what->data);
        if (planned.body == NULL)
            tl_fail_memory(&planned.why);
    }
    tl_code code = tl_write_finish(out_outcome, client, write, &planned, what->hook, err);
    cJSON_Delete(planned.body);
    return code;
}

tl_code tl_row_write_run(cJSON **out_outcome, tl_client *client, const char *organization_id,
                         const char *request_id, const tl_row_write *what, tl_error *err)
{
    *out_outcome = NULL;
    cJSON *row = NULL;
    tl_code code = tl_request_get(&row, client, organization_id, request_id, err);
    if (code != TL_OK)
        return code;
    tl_write write;
    code =
        tl_write_start(&write, what->kind, tl_row_owner(row, organization_id), request_id, what->hook, err);
    write.before = row;
    if (code == TL_OK)
        code = check_and_send(out_outcome, client, &write, what, err);
    cJSON_Delete(row);
    return code;
}
