/* Taking ownership of a request. */
#include "portal/body.h"
#include "portal/members.h"
#include "portal/request_facts.h"
#include "portal/row_write.h"
#include "threatlocker/permit.h"

static tl_code check(const cJSON *row, const void *data, tl_error *why)
{
    (void)data;
    return tl_request_check_open(row, why);
}

/* The row as it came [observed Space-C0wboy]. */
static cJSON *make_body(const cJSON *row, const char *request_id, const void *data)
{
    cJSON *body = cJSON_Duplicate(row, true);
    (void)request_id;
    (void)data;
    tl_request_remove_annotations(body);
    tl_body_drop_request_nulls(body);
    return body;
}

tl_code tl_take_ownership(cJSON **out_outcome, tl_client *client, const char *organization_id,
                          const char *request_id, const cJSON *options, tl_error *err)
{
    static const char *const members[] = {"dry_run", NULL};
    tl_row_write what = {.kind = TL_WRITE_OWNERSHIP, .check = check, .body = make_body};
    *out_outcome = NULL;
    if (tl_check_options(options, members, err) != TL_OK ||
        !tl_member_flag(&what.dry_run, options, "dry_run", err))
        return TL_INVALID;
    return tl_row_write_run(out_outcome, client, organization_id, request_id, &what, err);
}
