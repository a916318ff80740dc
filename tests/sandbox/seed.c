/* Fixtures in their short form (README.md) become a world. */
#include <stdlib.h>

#include "embedded.h"
#include "json.h"
#include "render.h"
#include "world.h"

static const struct {
    const char *list, *id;
} lists[] = {{"organizations", "organizationId"},
             {"computers", "computerId"},
             {"groups", "computerGroupId"},
             {"applications", "applicationId"},
             {"requests", "approvalRequestId"}};

static bool check_list(const cJSON *fixtures, size_t which, struct text *error)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(fixtures, lists[which].list), *item;
    if (list && !cJSON_IsArray(list)) {
        text_printf(error, "%s must be a list", lists[which].list);
        return false;
    }
    cJSON_ArrayForEach (item, list) {
        const cJSON *id = cJSON_GetObjectItemCaseSensitive(item, lists[which].id);
        if (is_guid(cJSON_GetStringValue(id)))
            continue;
        text_printf(error, "%s: every entry needs %s, a GUID", lists[which].list, lists[which].id);
        return false;
    }
    return true;
}

static void free_requests(struct world *world)
{
    for (size_t i = 0; i < world->request_count; i++) {
        cJSON_Delete(world->requests[i].fields);
        cJSON_Delete(world->requests[i].effects);
        free(world->requests[i].row);
    }
    free(world->requests);
    world->requests = NULL;
    world->request_count = 0;
}

static void free_data(struct world *world)
{
    free_requests(world);
    cJSON_Delete(world->organizations);
    cJSON_Delete(world->computers);
    cJSON_Delete(world->groups);
    cJSON_Delete(world->applications);
    cJSON_Delete(world->audit);
    world->organizations = world->computers = world->groups = world->applications = world->audit = NULL;
    index_free(&world->organization_index);
    index_free(&world->computer_index);
}

void request_set(const struct world *world, struct request *slot, cJSON *fields)
{
    *slot = (struct request){.fields = fields, .effects = cJSON_CreateArray()};
    if (!request_organization(slot))
        json_put_text(fields, "organizationId", request_text(world, slot, "organizationId"));
    if (!request_organization(slot))
        json_put_text(fields, "organizationId", HOME_ORGANIZATION);
    request_changed(slot);
}

void world_indexed(struct world *world)
{
    index_build(&world->organization_index, world->organizations, "organizationId");
    index_build(&world->computer_index, world->computers, "computerId");
}

static cJSON *copy_list(const cJSON *fixtures, const char *name)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(fixtures, name);
    return list ? cJSON_Duplicate(list, 1) : cJSON_CreateArray();
}

bool world_seed(struct world *world, const cJSON *fixtures, struct text *error)
{
    if (!cJSON_IsObject(fixtures)) {
        text_puts(error, "fixtures are one JSON object");
        return false;
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (!check_list(fixtures, i, error))
            return false;
    free_data(world);
    world->organizations = copy_list(fixtures, "organizations");
    world->computers = copy_list(fixtures, "computers");
    world->groups = copy_list(fixtures, "groups");
    world->applications = copy_list(fixtures, "applications");
    world->audit = cJSON_CreateArray();
    world->audit_rows = 0;
    world_indexed(world);
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(fixtures, "requests"), *item;
    world->requests = need((size_t)cJSON_GetArraySize(list) * sizeof *world->requests);
    cJSON_ArrayForEach (item, list)
        request_set(world, &world->requests[world->request_count++], cJSON_Duplicate(item, 1));
    return true;
}

bool world_seed_default(struct world *world)
{
    struct text error = {0};
    cJSON *fixtures = cJSON_Parse(embedded_default_fixtures);
    bool fine = world_seed(world, fixtures, &error);
    cJSON_Delete(fixtures);
    text_free(&error);
    return fine;
}

void world_open(struct world *world)
{
    world->defaults = cJSON_Parse(embedded_request_defaults);
    world->templates = templates_open();
    if (!world->defaults)
        abort();
}

void world_close(struct world *world)
{
    free_data(world);
    cJSON_Delete(world->defaults);
    templates_close(world->templates);
    *world = (struct world){0};
}
