/* Data by the thousand: the same numbers always make the same organizations and requests. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "world.h"

static const char generated_computer[] = "0c000000-0000-4000-9000-";

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

struct computers {
    const cJSON **items;
    size_t count;
    bool in_turn; /* there are generated ones: each is to get its share */
};

/* Those of the token's organizations, so that a parent sees every generated request. */
static struct computers eligible_computers(const struct world *world)
{
    struct computers eligible = {need((size_t)cJSON_GetArraySize(world->computers) * sizeof(cJSON *)), 0, 0};
    const cJSON *item;
    cJSON_ArrayForEach (item, world->computers) {
        if (!organization_within(world, json_text(item, "organizationId"), HOME_ORGANIZATION))
            continue;
        eligible.items[eligible.count++] = item;
        eligible.in_turn = eligible.in_turn || strncmp(json_text(item, "computerId"), generated_computer,
                                                       sizeof generated_computer - 1) == 0;
    }
    return eligible;
}

static const cJSON *pick_computer(const struct computers *from, unsigned long i)
{
    if (from->count == 0)
        return NULL;
    return from->items[from->in_turn ? (i - 1) % from->count : mix(i) % from->count];
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
    struct computers eligible = eligible_computers(world);
    world->requests = need_more(world->requests, (world->request_count + count) * sizeof *world->requests);
    for (unsigned long i = 1; i <= count; i++)
        request_set(world, &world->requests[world->request_count++],
                    generated_request(pick_computer(&eligible, i), i));
    free(eligible.items);
}

static cJSON *with_id(const char *name, const char *prefix, unsigned long i)
{
    char id[GUID_TEXT];
    cJSON *object = cJSON_CreateObject();
    snprintf(id, sizeof id, "%s000000-0000-4000-9000-%012lx", prefix, i);
    add_text(object, name, id);
    return object;
}

/* One client of the MSP: an organization, its one group, its one computer. */
static void generate_organization(struct world *world, unsigned long i)
{
    char name[40];
    cJSON *organization = with_id("organizationId", "0a", i), *group = with_id("computerGroupId", "0d", i),
          *computer = with_id("computerId", "0c", i);
    const char *id = json_text(organization, "organizationId");
    snprintf(name, sizeof name, "Example Client %04lu", i);
    add_text(organization, "name", name);
    add_text(organization, "parentId", HOME_ORGANIZATION);
    add_text(group, "name", "Workstations");
    add_text(group, "organizationId", id);
    add(group, "default", cJSON_CreateTrue());
    add(group, "osType", cJSON_CreateNumber(1));
    add(group, "isGlobal", cJSON_CreateFalse());
    snprintf(name, sizeof name, "CLIENT-%04lu", i);
    add_text(computer, "hostname", name);
    add_text(computer, "organizationId", id);
    add_text(computer, "computerGroupId", json_text(group, "computerGroupId"));
    add(computer, "osType", cJSON_CreateNumber(1));
    cJSON_AddItemToArray(world->organizations, organization);
    cJSON_AddItemToArray(world->groups, group);
    cJSON_AddItemToArray(world->computers, computer);
}

void world_generate_organizations(struct world *world, unsigned long count)
{
    for (unsigned long i = 1; i <= count; i++)
        generate_organization(world, i);
    if (count)
        world_indexed(world);
}
