/* B28: the audit trail, and its rows: every write that is applied makes one, and every read of details. */
#include <string.h>

#include "json.h"
#include "portal.h"

#define AUDIT_KEPT 20000

/* What the texts look like is [inferred]; the words of `action` [observed w159]. */
static const struct {
    const char *function, *text;
} writes[WRITE_KINDS] = {
    [WRITE_PERMIT] = {"ApprovalRequestPermitApplication", "Permitted approval request for"},
    [WRITE_REJECT] = {"ApprovalRequestUpdateForReject", "Rejected approval request for"},
    [WRITE_IGNORE] = {"ApprovalRequestUpdateForIgnore", "Ignored approval request for"},
    [WRITE_OWNERSHIP] = {"ApprovalRequestUpdateForTakeOwnership", "Took ownership of approval request for"},
    [WRITE_AUTHORIZE] = {"ApprovalRequestAuthorizeForPermitById", "Authorized approval request for"},
    [WRITE_STORAGE] = {"ApprovalRequestPermitStorageApproval", "Permitted storage request for"},
};

static cJSON *details_of(const struct portal_call *at, const struct request *request, const char *function,
                         const char *what)
{
    const char *path = request_text(&at->sandbox->world, request, "path");
    struct text text = {0};
    cJSON *details = cJSON_CreateObject();
    text_printf(&text, "%s %s", what, path ? path : "");
    json_put_text(details, "page", "Response Center");
    json_put_text(details, "function", function);
    json_put_text(details, "objectId", request_id(request));
    json_put_text(details, "details", text_str(&text));
    text_free(&text);
    return details;
}

/* Members and order: SystemAuditItem [spec]. */
static void add_row(const struct portal_call *at, const struct request *request, const char *action,
                    cJSON *details, bool with_notes)
{
    struct world *world = &at->sandbox->world;
    const char *organization = request_organization(request);
    char id[GUID_TEXT], when[32];
    cJSON *row = cJSON_CreateObject();
    world_fresh_id(world, "07", id);
    time_to_seconds(now_us(), when);
    json_put_text(row, "organizationId", organization);
    json_put_text(row, "userId", API_USER_ID);
    json_put_text(row, "username", at->sandbox->switches.user);
    json_put_text(row, "action", action);
    json_put_text(row, "ipAddress", "192.0.2.10");
    json_put_text(row, "effectiveAction", "Permitted");
    json_put(row, "details", details);
    json_put(row, "masterViewOnly", cJSON_CreateFalse());
    json_put_text(row, "dateTime", when);
    json_put_text(row, "systemAuditId", id);
    json_put_text(row, "systemAuditObjectTypeId", NULL);
    json_put_text(row, "organizationName", organization_name(world, organization));
    json_put_text(row, "ticketNumber", with_notes ? request_text(world, request, "ticketId") : "");
    json_put_text(row, "notes", with_notes ? request_text(world, request, "comments") : "");
    cJSON_AddItemToArray(world->audit, row);
    if (world->audit_rows++ >= AUDIT_KEPT)
        cJSON_Delete(cJSON_DetachItemViaPointer(world->audit, world->audit->child));
}

void portal_applied(const struct portal_call *at, struct request *request, enum write_kind kind,
                    cJSON *effect)
{
    request_applied(request, kind, effect);
    add_row(at, request, "Modify", details_of(at, request, writes[kind].function, writes[kind].text), true);
}

void portal_viewed(const struct portal_call *at, const struct request *request)
{
    const char *function = strrchr(at->call->path, '/') + 1;
    add_row(at, request, "Read", details_of(at, request, function, "Viewed approval request for"), false);
}

struct query {
    const cJSON *body;
    struct index organizations;
    int64_t since, until;
};

/* `*` stands for any text [spec]. Case is ignored [inferred]. */
static bool fits_pattern(const char *text, const char *pattern)
{
    while (*pattern && *pattern != '*') {
        char one[2] = {*text, 0}, other[2] = {*pattern, 0};
        if (!*text || !same_word(one, other))
            return false;
        text++;
        pattern++;
    }
    if (!*pattern)
        return !*text;
    for (;; text++) {
        if (fits_pattern(text, pattern + 1))
            return true;
        if (!*text)
            return false;
    }
}

/* With a `*` the whole text is compared, without one "contains" [spec]. */
static bool text_fits(const cJSON *body, const char *member, const char *text)
{
    const char *asked = json_text(body, member);
    if (!asked || !*asked)
        return true;
    text = text ? text : "";
    return strchr(asked, '*') ? fits_pattern(text, asked) : contains_word(text, asked);
}

static bool search_hits(const cJSON *body, const cJSON *row, const char *details)
{
    const char *asked = json_text(body, "searchText");
    return !asked || contains_word(details, asked) || contains_word(json_text(row, "username"), asked) ||
           contains_word(json_text(row, "notes"), asked) ||
           contains_word(json_text(row, "ticketNumber"), asked);
}

static bool names_fit(const cJSON *body, const cJSON *row)
{
    const cJSON *actions = json_member(body, "actions");
    const char *action = json_text(body, "action"), *own = json_text(row, "action");
    if (action && *action && !same_word(action, own))
        return false;
    if (cJSON_GetArraySize(actions) > 0 && !json_list_has(actions, own))
        return false;
    /* The text of the spec says `username`, its schema `emailAddress`. */
    return text_fits(body, "emailAddress", json_text(row, "username")) &&
           text_fits(body, "username", json_text(row, "username"));
}

static bool object_fits(const cJSON *body, const char *object)
{
    const char *asked = json_text(body, "objectId");
    return !asked || same_word(asked, ZERO_GUID) || same_word(asked, object);
}

static bool wanted(const struct query *query, const cJSON *row)
{
    const cJSON *details = json_member(row, "details");
    const char *text = json_text(details, "details");
    unsigned char organization[16];
    int64_t when = 0;
    time_read(json_text(row, "dateTime"), &when);
    return guid_read(json_text(row, "organizationId"), organization) &&
           index_has(&query->organizations, organization) && when >= query->since && when <= query->until &&
           names_fit(query->body, row) && text_fits(query->body, "details", text) &&
           text_fits(query->body, "ipAddress", json_text(row, "ipAddress")) &&
           text_fits(query->body, "effectiveAction", json_text(row, "effectiveAction")) &&
           object_fits(query->body, json_text(details, "objectId")) && search_hits(query->body, row, text);
}

/* Newest first [inferred]. Dates the wrong way round: 417 [observed Space-C0wboy, wyre, BigfootBytes] (A5.4).
 */
void audit_list(const struct portal_call *at)
{
    const struct world *world = &at->sandbox->world;
    struct query query = {.body = at->body, .since = 0, .until = INT64_MAX};
    time_read(json_text(at->body, "startDate"), &query.since);
    time_read(json_text(at->body, "endDate"), &query.until);
    if (query.since > query.until) {
        portal_error(at->sandbox, at->reply, 417, "Invalid Date Range");
        return;
    }
    query.organizations =
        organizations_below(world, at->organization, json_true(at->body, "viewChildOrganizations"));
    cJSON *list = cJSON_CreateArray();
    const cJSON *first = world->audit->child;
    for (const cJSON *row = first ? first->prev : NULL; row; row = row == first ? NULL : row->prev)
        if (wanted(&query, row))
            cJSON_AddItemToArray(list, cJSON_Duplicate(row, 1));
    index_free(&query.organizations);
    portal_one_page(at, list);
}
