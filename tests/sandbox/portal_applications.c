/* B14, B15: applications that a file can be added to. B16: those usable with a maintenance mode. B17:
 * research on one. B18: one. */

#include "embedded.h"
#include "json.h"
#include "portal.h"

/* Built-ins, own ones and those of the organizations above [official] (B14). */
bool application_visible(const struct world *world, const cJSON *application, const char *organization)
{
    return is_builtin(application) ||
           organization_within(world, organization, json_text(application, "organizationId"));
}

/* ApplicationOnlineDto, members in the order of the samples [official]. */
cJSON *application_item(const struct world *world, const cJSON *application, const char *shown_name)
{
    cJSON *item = cJSON_CreateObject();
    const char *owner = json_text(application, "organizationId");
    json_put_text(item, "name", shown_name);
    json_put_text(item, "applicationName", json_text(application, "name"));
    json_put_text(item, "applicationId", json_text(application, "applicationId"));
    json_put_text(item, "organizationId", owner);
    json_put_text(item, "organizationName", organization_name(world, owner));
    json_put_number(item, "osType", (double)json_int(application, "osType", 1));
    json_put_text(item, "suggestedPolicyId", NULL);
    json_put_number(item, "status", 0);
    json_put(item, "isMaintained", cJSON_CreateBool(json_true(application, "isMaintained")));
    json_put_text(item, "researchApplicationId", NULL);
    return item;
}

/* A parent's application shows as parent\application; one backslash is our reading of the article. */
static void shown_name(struct text *out, const struct world *world, const cJSON *application,
                       const char *organization)
{
    const char *owner = json_text(application, "organizationId");
    if (!same_word(owner, organization) && !is_builtin(application))
        text_printf(out, "%s\\", organization_name(world, owner));
    text_puts(out, json_text(application, "name"));
}

struct wanted {
    const char *organization, *search;
    long os;
    bool builtins, only_permitted;
    bool options; /* as {label, value} */
};

static bool listed(const struct world *world, const cJSON *application, const struct wanted *wanted)
{
    if (is_builtin(application) && !wanted->builtins)
        return false;
    if (wanted->only_permitted && !json_text(application, "policyId"))
        return false;
    return json_int(application, "osType", 1) == wanted->os &&
           application_visible(world, application, wanted->organization) &&
           contains_word(json_text(application, "name"), wanted->search ? wanted->search : "");
}

static cJSON *listed_item(const struct world *world, const cJSON *application, const struct wanted *wanted)
{
    struct text name = {0};
    shown_name(&name, world, application, wanted->organization);
    cJSON *item = wanted->options
                      ? portal_option(text_str(&name), json_text(application, "applicationId"), NULL)
                      : application_item(world, application, text_str(&name));
    text_free(&name);
    return item;
}

static void reply_applications(const struct portal_call *at, const struct wanted *wanted)
{
    const struct world *world = &at->sandbox->world;
    cJSON *list = cJSON_CreateArray();
    const cJSON *application;
    cJSON_ArrayForEach (application, world->applications) {
        if (listed(world, application, wanted))
            cJSON_AddItemToArray(list, listed_item(world, application, wanted));
    }
    reply_tree(at->reply, 200, list);
}

void application_add_list(const struct portal_call *at)
{
    const struct wanted wanted = {.organization = at->organization,
                                  .search = pairs_get(&at->call->args, "searchText"),
                                  .os = portal_int_arg(at, "osType", 1)};
    if (!portal_gone(at, SW_ADD_LIST)) /* is it alive? (J.6) */
        reply_applications(at, &wanted);
}

/* The shape is not documented: as B14's, whose successor it may be [inferred], or a dropdown's. An
 * organization that the selected one does not reach: nothing [inferred]. */
void application_options(const struct portal_call *at)
{
    const char *asked = json_text(at->body, "organizationId");
    const struct wanted wanted = {
        .organization = asked && !same_word(asked, ZERO_GUID) ? asked : at->organization,
        .search = json_text(at->body, "searchText"),
        .os = json_int(at->body, "osType", 1),
        .builtins = json_true(at->body, "includeBuiltIn"),
        .only_permitted = json_true(at->body, "onlyPermitted"),
        .options = switch_is(&at->sandbox->switches, SW_APPLICATION_OPTIONS, "options")};
    if (portal_gone(at, SW_APPLICATION_OPTIONS))
        return;
    if (organization_within(&at->sandbox->world, wanted.organization, at->organization))
        reply_applications(at, &wanted);
    else
        portal_nothing(at);
}

/* Own ones and parents', which show as parent\application [official]. */
void application_maintenance(const struct portal_call *at)
{
    const struct wanted wanted = {
        .organization = at->organization, .os = portal_int_arg(at, "osType", 1), .options = true};
    reply_applications(at, &wanted);
}

/* NULL after having replied. */
static const char *asked_application(const struct portal_call *at)
{
    const char *id = pairs_get(&at->call->args, "applicationId");
    if (is_guid(id))
        return id;
    portal_problem(at->reply, "applicationId", "The value is not valid.");
    return NULL;
}

/* Adobe's are real, printed in the article [official]; null where there are none [inferred]. */
void application_research(const struct portal_call *at)
{
    const char *id = asked_application(at);
    if (!id)
        return;
    cJSON *known = cJSON_Parse(embedded_research), *found = known ? known->child : NULL;
    while (found && !same_word(found->string, id))
        found = found->next;
    reply_tree(at->reply, 200, found ? cJSON_Duplicate(found, 1) : cJSON_CreateNull());
    cJSON_Delete(known);
}

/* The members are [inferred]: nobody shows a reply. Not visible: null [inferred]. */
void application_get(const struct portal_call *at)
{
    const struct world *world = &at->sandbox->world;
    const char *id = asked_application(at);
    if (!id)
        return;
    const cJSON *application = world_application(world, id);
    if (!application || !application_visible(world, application, at->organization)) {
        reply_json(at->reply, 200, "null");
        return;
    }
    cJSON *item = application_item(world, application, json_text(application, "name"));
    json_put_text(item, "description", "");
    json_put(item, "isBuiltIn", cJSON_CreateBool(is_builtin(application)));
    json_put_text(item, "policyId", json_text(application, "policyId"));
    reply_tree(at->reply, 200, item);
}
