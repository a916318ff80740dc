#include "portal/request_facts.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "threatlocker/requests.h"

/* What requests.h promises beside ThreatLocker's own members. */
static const char KIND[] = "requestKind", REASON_TEXT[] = "requestorReasonText";

bool tl_request_is_open(const cJSON *row)
{
    int64_t status = tl_json_integer_or(row, "statusId", 0);
    if (status == TL_STATUS_PENDING || status == TL_STATUS_ESCALATED ||
        status == TL_STATUS_ESCALATED_BY_CUSTOMER)
        return true;
    return status != 0 && !tl_status_is_approved(status) && status != TL_STATUS_REJECTED &&
           (status == tl_json_integer_or(row, "statusIdEscalatedToMSP", 0) ||
            status == tl_json_integer_or(row, "statusIdEscalatedByCustomer", 0));
}

bool tl_status_is_approved(int64_t status_id)
{
    return status_id == TL_STATUS_APPROVED || status_id == TL_STATUS_ADDED_TO_APPLICATION ||
           status_id == TL_STATUS_SELF_APPROVED;
}

const char *tl_status_name(int64_t status_id, char *buffer, size_t size)
{
    switch (status_id) {
    case TL_STATUS_PENDING:
        return "Pending";
    case TL_STATUS_APPROVED:
        return "Approved";
    case TL_STATUS_NOT_LEARNED:
        return "Not Learned";
    case TL_STATUS_REJECTED:
        return "Rejected";
    case TL_STATUS_ADDED_TO_APPLICATION:
        return "Added to Application";
    case TL_STATUS_ESCALATED:
        return "Escalated";
    case TL_STATUS_SELF_APPROVED:
        return "Self-Approved";
    case TL_STATUS_ESCALATED_BY_CUSTOMER:
        return "Escalated by Customer";
    default:
        snprintf(buffer, size, "status %lld", (long long)status_id);
        return buffer;
    }
}

tl_code tl_request_check_open(const cJSON *row, tl_error *err)
{
    if (tl_request_is_open(row))
        return TL_OK;
    char buffer[32];
    int64_t status = tl_json_integer_or(row, "statusId", 0);
    const char *by = tl_json_text_or_empty(row, "approvedBy");
    return tl_fail(err, TL_CONFLICT, "the request was already actioned: %s%s%s",
                   tl_status_name(status, buffer, sizeof buffer), by[0] != '\0' ? " by " : "", by);
}

tl_kind tl_kind_of(const char *action_type)
{
    static const char *const application[] = {"execute", "install", NULL};
    static const char *const storage[] = {"read", "write", "move", "delete", NULL};
    if (action_type == NULL)
        return TL_KIND_OTHER;
    if (tl_equal_ignore_case(action_type, "elevate"))
        return TL_KIND_ELEVATION;
    if (tl_is_one_of(action_type, application))
        return TL_KIND_APPLICATION;
    if (tl_equal_ignore_case(action_type, "network"))
        return TL_KIND_WEB;
    return tl_is_one_of(action_type, storage) ? TL_KIND_STORAGE : TL_KIND_OTHER;
}

const char *tl_request_kind(const cJSON *row)
{
    static const char *const words[] = {"application", "elevation", "storage", "web", "other"};
    return words[tl_kind_of(tl_json_text(row, "threatLockerActionDto.actionType"))];
}

bool tl_request_annotate(cJSON *row)
{
    const char *raw = tl_json_text_or_empty(row, "requestorReason");
    char *reason = tl_requestor_reason(raw);
    bool ok = reason != NULL && tl_json_set_text(row, KIND, tl_request_kind(row));
    if (ok && reason[0] != '\0')
        ok = tl_json_set_text(row, REASON_TEXT, reason);
    else /* a member of that name that the server sends is not this one */
        cJSON_DeleteItemFromObjectCaseSensitive(row, REASON_TEXT);
    free(reason);
    return ok;
}

void tl_request_remove_annotations(cJSON *row)
{
    cJSON_DeleteItemFromObjectCaseSensitive(row, KIND);
    cJSON_DeleteItemFromObjectCaseSensitive(row, REASON_TEXT);
}
