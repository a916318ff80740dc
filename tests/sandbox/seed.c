/* Fixtures in their short form (README.md) become a world; a generator adds more requests. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    world->organizations = world->computers = world->groups = world->applications = NULL;
}

/* Takes `fields`. The organisation is the computer's when not given. */
static void set_request(const struct world *world, struct request *slot, cJSON *fields)
{
    *slot = (struct request){.fields = fields, .effects = cJSON_CreateArray()};
    if (!request_organization(slot))
        json_put_text(fields, "organizationId", request_text(world, slot, "organizationId"));
    if (!request_organization(slot))
        json_put_text(fields, "organizationId", HOME_ORGANIZATION);
    request_changed(slot);
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
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(fixtures, "requests"), *item;
    world->requests = need((size_t)cJSON_GetArraySize(list) * sizeof *world->requests);
    cJSON_ArrayForEach (item, list)
        set_request(world, &world->requests[world->request_count++], cJSON_Duplicate(item, 1));
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

/* splitmix64: the same number always makes the same request. */
static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

/* `name` must be a literal: it is not copied. */
static void add(cJSON *fields, const char *name, cJSON *value)
{
    if (!value)
        abort();
    cJSON_AddItemToObjectCS(fields, name, value);
}

static void add_text(cJSON *fields, const char *name, const char *value)
{
    add(fields, name, cJSON_CreateString(value));
}

static void add_digest(cJSON *fields, const char *name, uint64_t seed)
{
    char hex[65];
    snprintf(hex, sizeof hex, "%016llx%016llx%016llx%016llx", (unsigned long long)mix(seed),
             (unsigned long long)mix(seed + 1), (unsigned long long)mix(seed + 2),
             (unsigned long long)mix(seed + 3));
    add_text(fields, name, hex);
}

static const char *generated_action(unsigned long i)
{
    if (i % 7 == 3)
        return "elevate";
    if (i % 11 == 5)
        return i % 2 ? "read" : "write";
    return "execute";
}

/* Computers of the token's organisations, so that a parent sees every generated request. */
static size_t eligible_computers(const struct world *world, const cJSON *eligible[], size_t max)
{
    size_t count = 0;
    const cJSON *item;
    cJSON_ArrayForEach (item, world->computers) {
        if (count < max && organization_within(world, json_text(item, "organizationId"), HOME_ORGANIZATION))
            eligible[count++] = item;
    }
    return count;
}

static cJSON *generated_request(const cJSON *computer, unsigned long i)
{
    static const char *const users[] = {"a.okafor", "b.lindqvist", "c.tanaka", "d.moreau", "e.silva"};
    uint64_t random = mix(i);
    char text[160];
    cJSON *fields = cJSON_CreateObject();
    snprintf(text, sizeof text, "0e000000-0000-4000-9000-%012lx", i);
    add_text(fields, "approvalRequestId", text);
    if (computer) {
        add_text(fields, "computerId", json_text(computer, "computerId"));
        add_text(fields, "organizationId", json_text(computer, "organizationId"));
    }
    add_text(fields, "actionType", generated_action(i));
    time_to_seconds((int64_t)(1780272000 + i * 37) * 1000000, text);
    add_text(fields, "dateTime", text);
    snprintf(text, sizeof text, "C:\\Program Files\\Example Suite %02u\\tool-%05lu.exe",
             (unsigned)(random >> 32 & 31), i);
    add_text(fields, "path", text);
    snprintf(text, sizeof text, "EXAMPLE\\%s", users[(random >> 16) % 5]);
    add_text(fields, "username", text);
    add_digest(fields, "hash", random);
    add_digest(fields, "sha256", random ^ 0x5a5a);
    snprintf(text, sizeof text, "Generated request %lu.", i);
    add_text(fields, "reason", text);
    add(fields, "size", cJSON_CreateNumber((double)(random >> 40)));
    return fields;
}

void world_generate(struct world *world, unsigned long count)
{
    const cJSON *computers[64];
    size_t eligible = eligible_computers(world, computers, sizeof computers / sizeof *computers);
    size_t total = world->request_count + count;
    world->requests = need_more(world->requests, total * sizeof *world->requests);
    for (unsigned long i = 1; i <= count; i++) {
        const cJSON *computer = eligible ? computers[mix(i) % eligible] : NULL;
        set_request(world, &world->requests[world->request_count++], generated_request(computer, i));
    }
}
