/* B8, B9: reject and ignore. B10: take ownership. B11: let the Cyber Heroes permit. */

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

void portal_actioned(const struct portal_call *at, struct request *request, long status)
{
    char when[32];
    time_to_seconds(now_us(), when);
    json_put_number(request->fields, "statusId", (double)status);
    json_put_text(request->fields, "approvedBy", at->sandbox->switches.user);
    json_put_text(request->fields, "actionDate", when);
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
    const char *reason =
        first_given(json_text(at->body, "responseReason"), json_text(at->body, "rejectReason"),
                    json_text(at->body, "ignoreReason"));
    cJSON *effect = cJSON_Duplicate(at->body, 1);
    if (kind == WRITE_REJECT || switch_is(&at->sandbox->switches, SW_IGNORE_STATUS, "10"))
        portal_actioned(at, request, STATUS_REJECTED);
    json_put_text(request->fields, "comments", reason);
    cJSON_DeleteItemFromObject(effect, "approvalRequestDtos");
    portal_applied(at, request, kind, effect);
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

/* The body is the whole request [observed Space-C0wboy] or only its id [inferred]; the effect is [inferred].
 * An unknown one, here and below: 500 [inferred]. */
void approval_own(const struct portal_call *at)
{
    struct request *request = portal_request(at, json_text(at->body, "approvalRequestId"));
    char when[32];
    if (!request) {
        portal_server_error(at->sandbox, at->reply);
        return;
    }
    if (!portal_may_action(at, request))
        return;
    time_to_seconds(now_us(), when);
    json_put(request->fields, "isAssigned", cJSON_CreateTrue());
    json_put_text(request->fields, "assigneeUserId", API_USER_ID);
    json_put_text(request->fields, "assigneeUsername", at->sandbox->switches.user);
    json_put_text(request->fields, "assignedDate", when);
    cJSON *effect = cJSON_CreateObject();
    json_put_text(effect, "assigneeUsername", at->sandbox->switches.user);
    portal_applied(at, request, WRITE_OWNERSHIP, effect);
    portal_write_done(at);
}

/* Neither approve nor deny: for `execute` requests that the Cyber Heroes escalated [official*]. Any other:
 * 400 without an actor [observed Space-C0wboy]; a second time likewise [inferred]. */
void approval_authorize(const struct portal_call *at)
{
    const struct world *world = &at->sandbox->world;
    struct request *request = portal_request(at, json_text(at->body, "approvalRequestId"));
    if (!request) {
        portal_server_error(at->sandbox, at->reply);
        return;
    }
    if (request->status != STATUS_ESCALATED || !same_word(request_kind(world, request), "execute") ||
        cJSON_IsTrue(request_field(world, request, "authorizeForPermit"))) {
        portal_error(at->sandbox, at->reply, 400, "Approval Request already actioned by ");
        return;
    }
    json_put(request->fields, "authorizeForPermit", cJSON_CreateTrue());
    cJSON *effect = cJSON_CreateObject();
    json_put_text(effect, "message", json_text(at->body, "message"));
    portal_applied(at, request, WRITE_AUTHORIZE, effect);
    portal_write_done(at);
}
