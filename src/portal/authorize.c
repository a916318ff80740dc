/* Letting the Cyber Heroes permit a request that they escalated. */
#include "base/text.h"
#include "portal/members.h"
#include "portal/request_facts.h"
#include "portal/row_write.h"
#include "threatlocker/permit.h"
#include "threatlocker/requests.h"

/* 17, escalated by the customer, is left to the server. A row may name numbers of its own. */
static bool is_escalated(const cJSON *row)
{
    int64_t status = tl_json_integer_or(row, "statusId", 0);
    return tl_request_is_open(row) && status != TL_STATUS_PENDING;
}

/* On anything else ThreatLocker answers a misleading "already actioned" [observed Space-C0wboy]. */
static tl_code check(const cJSON *row, const void *data, tl_error *why)
{
    (void)data;
    if (tl_json_true(row, "authorizeForPermit"))
        return tl_fail(why, TL_CONFLICT, "the request was already authorized");
    tl_code code = tl_request_check_open(row, why);
    if (code != TL_OK)
        return code;
    if (!is_escalated(row))
        return tl_fail(
            why, TL_INVALID,
            "the request is pending, not escalated: only one that the Cyber Heroes escalated can be "
            "authorized; permit, reject or ignore it");
    const char *word = tl_json_text(row, "threatLockerActionDto.actionType");
    if (word == NULL || !tl_equal_ignore_case(word, "execute"))
        return tl_fail(why, TL_INVALID, "only requests to execute can be authorized, and this is \"%s\"",
                       word == NULL ? "" : word);
    return TL_OK;
}

static cJSON *make_body(const cJSON *row, const char *request_id, const void *data)
{
    const char *message = data;
    cJSON *body = cJSON_CreateObject();
    (void)row;
    if (tl_json_set_text(body, "approvalRequestId", request_id) &&
        tl_json_set_text(body, "message", message == NULL ? "" : message))
        return body;
    cJSON_Delete(body);
    return NULL;
}

tl_code tl_authorize(cJSON **out_outcome, tl_client *client, const char *organization_id,
                     const char *request_id, const cJSON *options, tl_error *err)
{
    static const char *const members[] = {"message", "dry_run", NULL};
    tl_row_write what = {.kind = TL_WRITE_AUTHORIZE, .check = check, .body = make_body};
    const char *message;
    *out_outcome = NULL;
    if (tl_check_options(options, members, err) != TL_OK ||
        !tl_member_text(&message, options, "message", err) ||
        !tl_member_flag(&what.dry_run, options, "dry_run", err))
        return TL_INVALID;
    what.data = message;
    return tl_row_write_run(out_outcome, client, organization_id, request_id, &what, err);
}
