/* B19, B20, B21: three ways to the organizations that a token reaches. */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "portal.h"

/* B19 stands in the article by its URL only: method and shape are [inferred] (J.6), hence the switches. That
 * the organization itself is not among its children, but all below are, is [inferred]. */
void organization_children(const struct portal_call *at)
{
    static const char *const names[][2] = {
        {"organizationId", "name"}, {"id", "displayName"}, {"value", "label"}};
    const struct world *world = &at->sandbox->world;
    const char *shape = switch_value(&at->sandbox->switches, SW_CHILDREN_SHAPE);
    size_t chosen = strcmp(shape, "id") == 0 ? 1 : strcmp(shape, "value") == 0 ? 2 : 0;
    const cJSON *organization;
    if (portal_gone(at, SW_CHILDREN_LIST))
        return;
    cJSON *list = cJSON_CreateArray();
    cJSON_ArrayForEach (organization, world->organizations) {
        const char *id = json_text(organization, "organizationId");
        if (same_word(id, at->organization) || !organization_within(world, id, at->organization))
            continue;
        cJSON *item = cJSON_CreateObject();
        json_put_text(item, names[chosen][0], id);
        json_put_text(item, names[chosen][1], json_text(organization, "name"));
        cJSON_AddItemToArray(list, item);
    }
    portal_list(at, list);
}

/* Sorted by name, whatever `orderBy` asks for: the other members of a row are not known. */
static int compare_names(const void *left, const void *right)
{
    const cJSON *const *a = left, *const *b = right;
    return strcmp(json_text(*a, "name"), json_text(*b, "name"));
}

/* Nothing unless childOrganizations is sent [observed wyre]; direct children, or with includeAllChildren all
 * below [inferred]. */
static bool listed(const struct portal_call *at, const cJSON *organization)
{
    const char *id = json_text(organization, "organizationId"), *search = json_text(at->body, "searchText");
    if (!json_true(at->body, "childOrganizations") || same_word(id, at->organization) ||
        !contains_word(json_text(organization, "name"), search ? search : ""))
        return false;
    return same_word(json_text(organization, "parentId"), at->organization) ||
           (json_true(at->body, "includeAllChildren") &&
            organization_within(&at->sandbox->world, id, at->organization));
}

/* Rows of organizationId and displayName [observed wyre]. */
void organization_list(const struct portal_call *at)
{
    const struct index *all = &at->sandbox->world.organization_index;
    size_t count = 0;
    if (portal_gone(at, SW_ORGANIZATIONS_PAGED))
        return;
    const cJSON **found = need(all->count * sizeof *found);
    for (size_t i = 0; i < all->count; i++)
        if (listed(at, all->entries[i].item))
            found[count++] = all->entries[i].item;
    qsort(found, count, sizeof *found, compare_names);
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < count; i++) {
        const cJSON *from = found[json_true(at->body, "isAscending") ? i : count - 1 - i];
        cJSON *row = cJSON_CreateObject();
        json_put_text(row, "organizationId", json_text(from, "organizationId"));
        json_put_text(row, "displayName", json_text(from, "name"));
        cJSON_AddItemToArray(list, row);
    }
    free(found);
    portal_one_page(at, list);
}

/* {label, value}: the organizations that the token can target [observed Space-C0wboy], its own included. */
void organization_move(const struct portal_call *at)
{
    const struct world *world = &at->sandbox->world;
    const char *search = pairs_get(&at->call->args, "searchText");
    const cJSON *organization;
    if (portal_gone(at, SW_ORGANIZATIONS_MOVE))
        return;
    cJSON *list = cJSON_CreateArray();
    cJSON_ArrayForEach (organization, world->organizations) {
        const char *id = json_text(organization, "organizationId"), *name = json_text(organization, "name");
        if (organization_within(world, id, at->organization) && contains_word(name, search ? search : ""))
            cJSON_AddItemToArray(list, portal_option(name, id, NULL));
    }
    portal_list(at, list);
}
