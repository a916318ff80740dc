#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "request_file.h"

static const char *const write_names[WRITE_KINDS] = {"permit",    "reject",    "ignore",
                                                     "ownership", "authorize", "storage"};

const cJSON *world_organization(const struct world *world, const char *id)
{
    return index_find(&world->organization_index, id);
}

static const cJSON *find_computer(const struct world *world, const char *id)
{
    return index_find(&world->computer_index, id);
}

const cJSON *world_application(const struct world *world, const char *id)
{
    const cJSON *item;
    cJSON_ArrayForEach (item, world->applications) {
        if (same_word(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "applicationId")), id))
            return item;
    }
    return NULL;
}

struct request *world_request(const struct world *world, const char *id)
{
    unsigned char key[16];
    if (!guid_read(id, key))
        return NULL;
    for (size_t i = 0; i < world->request_count; i++)
        if (memcmp(world->requests[i].key, key, sizeof key) == 0)
            return &world->requests[i];
    return NULL;
}

static const char *parent_of(const struct world *world, const char *id)
{
    return json_text(world_organization(world, id), "parentId");
}

bool organization_within(const struct world *world, const char *id, const char *top)
{
    for (int depth = 0; id && depth < 16; depth++) {
        if (same_word(id, top))
            return true;
        id = parent_of(world, id);
    }
    return false;
}

struct index organizations_below(const struct world *world, const char *top, bool children)
{
    const struct index *all = &world->organization_index;
    struct index below = {need(all->count * sizeof *below.entries), 0};
    for (size_t i = 0; i < all->count; i++) {
        const char *id = json_text(all->entries[i].item, "organizationId");
        if (same_word(id, top) || (children && organization_within(world, id, top)))
            below.entries[below.count++] = all->entries[i]; /* stays sorted */
    }
    return below;
}

cJSON *organizations_above(const struct world *world, const char *id)
{
    cJSON *list = cJSON_CreateArray();
    int depth = 0;
    for (id = parent_of(world, id); id && depth < 16; id = parent_of(world, id), depth++)
        cJSON_AddItemToArray(list, cJSON_CreateString(id));
    return list;
}

const char *organization_name(const struct world *world, const char *id)
{
    return json_text(world_organization(world, id), "name");
}

/* Built-ins carry the organization name "master" [observed Space-C0wboy]. */
bool is_builtin(const cJSON *application)
{
    return same_word(json_text(application, "organizationId"), MASTER_ORGANIZATION);
}

const cJSON *request_field(const struct world *world, const struct request *request, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(request->fields, name);
    if (item)
        return item;
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(request->fields, "computerId");
    item = cJSON_GetObjectItemCaseSensitive(find_computer(world, cJSON_GetStringValue(id)), name);
    return item ? item : cJSON_GetObjectItemCaseSensitive(world->defaults, name);
}

const char *request_text(const struct world *world, const struct request *request, const char *name)
{
    return cJSON_GetStringValue(request_field(world, request, name));
}

const char *request_id(const struct request *request)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(request->fields, "approvalRequestId"));
}

const char *request_organization(const struct request *request)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(request->fields, "organizationId"));
}

/* Read/Write = Storage, Elevate = Elevation, Execute = Application [official*] (threatlocker-api B1). */
const char *request_kind(const struct world *world, const struct request *request)
{
    const char *action = request_text(world, request, "actionType");
    if (same_word(action, "elevate"))
        return "elevate";
    if (same_word(action, "read") || same_word(action, "write"))
        return "storage";
    return same_word(action, "network") ? "network" : "execute";
}

/* The actioned states are "Rejected, Approved, Self-Approved, or Added to Application" [official] (C). */
bool request_open(const struct request *request)
{
    return request->status != STATUS_APPROVED && request->status != STATUS_REJECTED &&
           request->status != STATUS_ADDED && request->status != STATUS_SELF_APPROVED;
}

void request_changed(struct request *request)
{
    guid_read(request_id(request), request->key);
    if (!guid_read(request_organization(request), request->organization))
        memset(request->organization, 0, sizeof request->organization);
    request->status = json_int(request->fields, "statusId", STATUS_PENDING);
    if (!time_read(json_text(request->fields, "dateTime"), &request->time))
        request->time = 0;
    request_file_changed(request);
    free(request->row);
    request->row = NULL;
}

void world_fresh_id(struct world *world, const char *prefix, char out[GUID_TEXT])
{
    struct text t = {0};
    text_printf(&t, "%s000000-0000-4000-8aaa-%012lx", prefix, ++world->fresh);
    memcpy(out, t.data, GUID_TEXT);
    text_free(&t);
}

void request_applied(struct request *request, enum write_kind kind, cJSON *effect)
{
    char when[40];
    time_to_micros(now_us(), when);
    json_put_text(effect, "write", write_names[kind]);
    json_put_text(effect, "at", when);
    cJSON_AddItemToArray(request->effects, effect);
    request->writes[kind]++;
    request_changed(request);
}

static cJSON *state_request(const struct world *world, const struct request *request)
{
    cJSON *tree = cJSON_CreateObject(), *writes = cJSON_CreateObject();
    json_put_text(tree, "approvalRequestId", request_id(request));
    json_put_text(tree, "organizationId", request_organization(request));
    json_put_number(tree, "statusId", (double)request->status);
    json_put_text(tree, "kind", request_kind(world, request));
    for (int kind = 0; kind < WRITE_KINDS; kind++)
        json_put_number(writes, write_names[kind], request->writes[kind]);
    json_put(tree, "writes", writes);
    json_put(tree, "effects", cJSON_Duplicate(request->effects, 1));
    return tree;
}

cJSON *world_state_requests(const struct world *world)
{
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < world->request_count; i++)
        cJSON_AddItemToArray(list, state_request(world, &world->requests[i]));
    return list;
}
