/* B8, B9: reject and ignore. */
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "portal.h"

/* What a second write on a request gives is open (J.5); the wording is B11's [observed Space-C0wboy]. Those
 * who hold "Edit Actioned Requests" may [official] (D1). */
bool portal_may_action(const struct portal_call *at, const struct request *request)
{
    const struct switches *switches = &at->sandbox->switches;
    if (request_open(request) || has_permission(switches, "Edit Actioned Requests"))
        return true;
    if (switch_is(switches, SW_ALREADY_ACTIONED, "500")) {
        portal_server_error(at->sandbox, at->reply);
        return false;
    }
    struct text message = {0};
    const char *by = request_text(&at->sandbox->world, request, "approvedBy");
    text_printf(&message, "Approval Request already actioned by %s", by ? by : "");
    portal_error(at->sandbox, at->reply, switch_is(switches, SW_ALREADY_ACTIONED, "400") ? 400 : 417,
                 text_str(&message));
    text_free(&message);
    return false;
}

static const char *first_given(const char *a, const char *b, const char *c)
{
    if (a && *a)
        return a;
    if (b && *b)
        return b;
    return c ? c : "";
}

/* Status 10 for both [inferred] (B9); that the reason shows in `comments` is [inferred] too. */
static void apply(const struct portal_call *at, struct request *request, enum write_kind kind)
{
    const struct switches *switches = &at->sandbox->switches;
    const char *reason =
        first_given(json_text(at->body, "responseReason"), json_text(at->body, "rejectReason"),
                    json_text(at->body, "ignoreReason"));
    cJSON *effect = cJSON_Duplicate(at->body, 1);
    char when[32];
    time_to_seconds(now_us(), when);
    if (kind == WRITE_REJECT || switch_is(switches, SW_IGNORE_STATUS, "10")) {
        json_put_number(request->fields, "statusId", STATUS_REJECTED);
        json_put_text(request->fields, "approvedBy", switches->user);
        json_put_text(request->fields, "actionDate", when);
    }
    json_put_text(request->fields, "comments", reason);
    cJSON_DeleteItemFromObject(effect, "approvalRequestDtos");
    request_applied(request, kind, effect);
}

/* All or nothing: what a bulk with partial failure does is open (J.7). */
static void update(const struct portal_call *at, enum write_kind kind)
{
    const cJSON *list = json_member(at->body, "approvalRequestDtos"), *item;
    if (cJSON_GetArraySize(list) == 0) {
        portal_server_error(at->sandbox, at->reply);
        return;
    }
    cJSON_ArrayForEach (item, list) {
        const struct request *request = portal_request(at, json_text(item, "approvalRequestId"));
        if (!request) {
            portal_server_error(at->sandbox, at->reply);
            return;
        }
        if (!portal_may_action(at, request))
            return;
    }
    cJSON_ArrayForEach (item, list) {
        apply(at, portal_request(at, json_text(item, "approvalRequestId")), kind);
    }
    portal_write_done(at);
}

void approval_reject(const struct portal_call *at)
{
    update(at, WRITE_REJECT);
}

void approval_ignore(const struct portal_call *at)
{
    update(at, WRITE_IGNORE);
}
