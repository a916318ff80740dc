/* B3, B4: one request. B22: the groups that a permit can be scoped to. */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "portal.h"
#include "render.h"

/* NULL after having replied. What an unknown id gives is open (J.11), hence the switch. */
static struct request *asked_request(const struct portal_call *at)
{
    const char *id = pairs_get(&at->call->args, "approvalRequestId");
    if (!is_guid(id)) { /* ASP.NET's model binding [inferred] */
        portal_problem(at->reply, "approvalRequestId", "The value is not valid.");
        return NULL;
    }
    struct request *request = portal_request(at, id);
    if (request)
        return request;
    if (switch_is(&at->sandbox->switches, SW_UNKNOWN_REQUEST, "404"))
        reply_empty(at->reply, 404);
    else if (switch_is(&at->sandbox->switches, SW_UNKNOWN_REQUEST, "500"))
        portal_server_error(at->sandbox, at->reply);
    else
        reply_json(at->reply, 200,
                   switch_is(&at->sandbox->switches, SW_UNKNOWN_REQUEST, "null") ? "null" : "");
    return NULL;
}

void approval_get(const struct portal_call *at)
{
    struct request *request = asked_request(at);
    if (!request)
        return;
    reply_json(at->reply, 200, "");
    render_request(&at->sandbox->world, &at->sandbox->switches, request, &at->reply->body);
}

void approval_details(const struct portal_call *at)
{
    struct request *request = asked_request(at);
    if (!request)
        return;
    /* Whether storage requests are answered is open (J.10); the wording is seen elsewhere (A5.4). */
    if (same_word(request_kind(&at->sandbox->world, request), "storage") &&
        switch_is(&at->sandbox->switches, SW_STORAGE_DETAILS, "417")) {
        portal_error(at->sandbox, at->reply, 417, "Missing Parameters. Unable to load details.");
        return;
    }
    reply_json(at->reply, 200, "");
    render_details(&at->sandbox->world, &at->sandbox->switches, request, &at->reply->body);
}

static cJSON *group_item(const struct world *world, const cJSON *group)
{
    cJSON *item = cJSON_CreateObject();
    const char *organization = json_text(group, "organizationId");
    json_put_text(item, "computerGroupId", json_text(group, "computerGroupId"));
    json_put_text(item, "name", json_text(group, "name"));
    json_put_text(item, "organizationId", organization);
    json_put_text(item, "organizationName", organization_name(world, organization));
    json_put(item, "default", cJSON_CreateBool(json_true(group, "default")));
    json_put_number(item, "osType", (double)json_int(group, "osType", 1));
    json_put(item, "isGlobal", cJSON_CreateBool(json_true(group, "isGlobal")));
    return item;
}

/* Own groups and the global ones of the organisations above; osType 0 = all [spec]. */
static bool group_shown(const struct portal_call *at, const cJSON *group, long os)
{
    const char *owner = json_text(group, "organizationId");
    if (os != 0 && json_int(group, "osType", 1) != os)
        return false;
    return same_word(owner, at->organization) ||
           (json_true(group, "isGlobal") &&
            organization_within(&at->sandbox->world, at->organization, owner));
}

/* An array of ComputerGroupItemDto, members in the order of the B4 sample [inferred]. */
void computer_groups(const struct portal_call *at)
{
    const char *asked = pairs_get(&at->call->args, "osType");
    long os = asked ? strtol(asked, NULL, 10) : 1;
    cJSON *list = cJSON_CreateArray();
    const cJSON *group;
    cJSON_ArrayForEach (group, at->sandbox->world.groups) {
        if (group_shown(at, group, os))
            cJSON_AddItemToArray(list, group_item(&at->sandbox->world, group));
    }
    reply_tree(at->reply, 200, list);
}
