/* B22: the groups that a permit can be scoped to. B23: groups as a dropdown. */
#include "json.h"
#include "portal.h"

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

/* Own groups and the global ones of the organizations above; osType 0 = all [spec]. */
static bool group_shown(const struct portal_call *at, const cJSON *group, long os, bool globals)
{
    const char *owner = json_text(group, "organizationId");
    if (os != 0 && json_int(group, "osType", 1) != os)
        return false;
    return same_word(owner, at->organization) ||
           (globals && json_true(group, "isGlobal") &&
            organization_within(&at->sandbox->world, at->organization, owner));
}

/* An array of ComputerGroupItemDto, members in the order of the B4 sample [inferred]. */
void computer_groups(const struct portal_call *at)
{
    long os = portal_int_arg(at, "osType", 1);
    const cJSON *group;
    if (portal_gone(at, SW_GROUPS_FOR_PERMIT))
        return;
    cJSON *list = cJSON_CreateArray();
    cJSON_ArrayForEach (group, at->sandbox->world.groups) {
        if (group_shown(at, group, os, true))
            cJSON_AddItemToArray(list, group_item(&at->sandbox->world, group));
    }
    reply_tree(at->reply, 200, list);
}

/* computerOSType: windows, mac, linux, windows xp [official*]; any other word gives all [inferred]. Which of
 * the two parameters decides where computerGroupOSTypeId is 0, its default, nobody tells: a switch. */
static long dropdown_os(const struct portal_call *at)
{
    static const struct {
        const char *word;
        long os;
    } known[] = {{"windows", 1}, {"mac", 2}, {"linux", 3}, {"windows xp", 5}};
    const char *word = pairs_get(&at->call->args, "computerOSType");
    long os = portal_int_arg(at, "computerGroupOSTypeId", 0);
    if (switch_is(&at->sandbox->switches, SW_DROPDOWN_OS, "id"))
        return os;
    for (size_t i = 0; i < sizeof known / sizeof *known && os == 0; i++)
        if (same_word(word ? word : "windows", known[i].word))
            os = known[i].os;
    return os;
}

/* {label, value, numericValue, ...} [observed Space-C0wboy, BigfootBytes]; that numericValue is the OS is
 * [inferred]. */
void group_dropdown(const struct portal_call *at)
{
    long os = dropdown_os(at);
    bool globals = !portal_bool_arg(at, "hideGlobals", false);
    const cJSON *group;
    if (portal_gone(at, SW_GROUP_DROPDOWN))
        return;
    cJSON *list = cJSON_CreateArray();
    cJSON_ArrayForEach (group, at->sandbox->world.groups) {
        long own = json_int(group, "osType", 1);
        if (group_shown(at, group, os, globals))
            cJSON_AddItemToArray(
                list, portal_option(json_text(group, "name"), json_text(group, "computerGroupId"), &own));
    }
    reply_tree(at->reply, 200, list);
}
