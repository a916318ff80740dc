/* Containers and their notes. */
#include <string.h>

#include "json.h"
#include "soar_list.h"
#include "soar_serve.h"

struct container *soar_container(const struct soar *soar, long id)
{
    for (size_t i = 0; i < soar->container_count; i++)
        if (soar->containers[i].id == id)
            return &soar->containers[i];
    return NULL;
}

/* Fields as splunk-soar 3.7 has them; their defaults are [inferred]. */
static cJSON *new_record(long id, const char *name, const char *label, const char *identifier)
{
    int64_t now = now_us();
    cJSON *record = cJSON_CreateObject();
    json_put_number(record, "id", (double)id);
    json_put_text(record, "name", name);
    json_put_text(record, "label", label);
    json_put_text(record, "source_data_identifier", identifier);
    json_put_text(record, "status", "new");
    json_put_text(record, "severity", "medium");
    json_put_text(record, "sensitivity", "amber");
    json_put_text(record, "description", "");
    json_put(record, "tags", cJSON_CreateArray());
    json_put(record, "data", cJSON_CreateObject());
    json_put(record, "custom_fields", cJSON_CreateObject());
    json_put_text(record, "container_type", "default");
    json_put_text(record, "asset", NULL);
    json_put_text(record, "owner", NULL);
    json_put_number(record, "tenant", 0);
    json_put_number(record, "artifact_count", 0);
    json_put_number(record, "version", 1);
    json_put_time(record, "create_time", now);
    json_put_time(record, "start_time", now);
    json_put_text(record, "close_time", NULL);
    return record;
}

struct container *soar_add_container(struct soar *soar, long id, const char *name, const char *label,
                                     const char *identifier)
{
    soar->containers = need_more(soar->containers, (soar->container_count + 1) * sizeof *soar->containers);
    struct container *container = &soar->containers[soar->container_count++];
    if (id == 0)
        id = soar->next_container++;
    if (id > 31 && id >= soar->next_container)
        soar->next_container = id + 1;
    *container = (struct container){.id = id,
                                    .identifier = identifier ? copy_text(identifier) : NULL,
                                    .label = copy_text(label),
                                    .record = new_record(id, name, label, identifier)};
    return container;
}

cJSON *soar_container_tree(const struct soar *soar)
{
    cJSON *tree = cJSON_CreateArray();
    for (size_t i = 0; i < soar->container_count; i++)
        cJSON_AddItemToArray(tree, cJSON_Duplicate(soar->containers[i].record, 1));
    return tree;
}

void get_container(struct sandbox *sandbox, const struct call *call, long id, const char *rest,
                   struct reply *reply)
{
    const struct soar *soar = &sandbox->soar;
    const struct container *container = soar_container(soar, id);
    if (id == 0 && !*rest) {
        cJSON *rows = cJSON_CreateArray();
        for (size_t i = 0; i < soar->container_count; i++)
            cJSON_AddItemReferenceToArray(rows, soar->containers[i].record);
        soar_list(rows, NULL, call, reply);
        cJSON_Delete(rows);
    } else if (!container) {
        soar_not_found(reply, "container");
    } else if (!*rest) {
        reply_tree(reply, 200, cJSON_Duplicate(container->record, 1));
    } else if (strcmp(rest, "approvals") == 0) { /* exists [observed CTL]; a list [inferred] (6.1) */
        soar_list_approvals(sandbox, id, call, reply);
    } else {
        soar_not_found(reply, rest);
    }
}

/* ---- POST /rest/container ---- */

/* What makes a duplicate beside the identifier is [unknown]: the switch lets the label count. */
static const struct container *duplicate_of(const struct sandbox *sandbox, const char *identifier,
                                            const char *label, long tenant)
{
    bool by_label = switch_is(&sandbox->switches, SW_CONTAINER_DUPLICATES, "label");
    for (size_t i = 0; identifier && i < sandbox->soar.container_count; i++) {
        const struct container *other = &sandbox->soar.containers[i];
        if (other->identifier && strcmp(other->identifier, identifier) == 0 &&
            (!by_label || strcmp(other->label, label) == 0) && json_int(other->record, "tenant", 0) == tenant)
            return other;
    }
    return NULL;
}

/* 400 with existing_container_id [observed CTL] (splunk-soar 8.1). */
static void reply_duplicate(struct reply *reply, long id)
{
    struct text message = {0};
    cJSON *tree = cJSON_CreateObject();
    text_printf(&message, "duplicate with container %ld", id);
    json_put(tree, "failed", cJSON_CreateTrue());
    json_put_text(tree, "message", text_str(&message));
    json_put_number(tree, "existing_container_id", (double)id);
    reply_tree(reply, 400, tree);
    text_free(&message);
}

static bool known_label(const struct sandbox *sandbox, const char *label)
{
    return switch_is(&sandbox->switches, SW_UNKNOWN_LABEL, "accepted") || strcmp(label, "events") == 0 ||
           strcmp(label, "threatlocker") == 0;
}

static void fill_record(cJSON *record, const cJSON *body)
{
    static const char *const members[][2] = {{"severity", "severity"},
                                             {"sensitivity", "sensitivity"},
                                             {"status", "status"},
                                             {"tags", "tags"},
                                             {"description", "description"},
                                             {"data", "data"},
                                             {"asset_id", "asset"},
                                             {"custom_fields", "custom_fields"},
                                             {"tenant_id", "tenant"},
                                             {"start_time", "start_time"},
                                             {"container_type", "container_type"}};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const cJSON *given = cJSON_GetObjectItemCaseSensitive(body, members[i][0]);
        if (given)
            json_put(record, members[i][1], cJSON_Duplicate(given, 1));
    }
}

static void create(struct sandbox *sandbox, const cJSON *body, struct reply *reply)
{
    const char *name = json_text(body, "name"), *label = json_text(body, "label");
    const char *identifier = json_text(body, "source_data_identifier");
    if (!name || !*name || !label || !*label) {
        soar_error(reply, 400, "name and label are required");
        return;
    }
    if (!known_label(sandbox, label)) {
        soar_error(reply, 400, "label does not exist");
        return;
    }
    const struct container *old = duplicate_of(sandbox, identifier, label, json_int(body, "tenant_id", 0));
    if (old) {
        reply_duplicate(reply, old->id);
        return;
    }
    struct container *container = soar_add_container(&sandbox->soar, 0, name, label, identifier);
    int artifacts = cJSON_GetArraySize(json_member(body, "artifacts"));
    cJSON *tree = cJSON_CreateObject(), *ids = cJSON_CreateArray();
    fill_record(container->record, body);
    json_put_number(container->record, "artifact_count", artifacts);
    for (int i = 0; i < artifacts; i++)
        cJSON_AddItemToArray(ids, cJSON_CreateNumber((double)sandbox->soar.next_artifact++));
    json_put(tree, "new_artifact_ids", ids);
    soar_created(reply, tree, "id", container->id);
}

void post_container(struct sandbox *sandbox, const struct call *call, long id, const char *rest,
                    struct reply *reply)
{
    soar_create(sandbox, call, id, rest, reply, create);
}

/* ---- notes ---- */

void get_note(struct sandbox *sandbox, const struct call *call, long id, const char *rest,
              struct reply *reply)
{
    (void)rest;
    const cJSON *note;
    if (id == 0) {
        soar_list(sandbox->soar.notes, NULL, call, reply);
        return;
    }
    cJSON_ArrayForEach (note, sandbox->soar.notes) {
        if (json_int(note, "id", 0) == id) {
            reply_tree(reply, 200, cJSON_Duplicate(note, 1));
            return;
        }
    }
    soar_not_found(reply, "note");
}

/* {"success":true,"id":10} [observed LIVE] (splunk-soar 8.8) */
static void add_note(struct sandbox *sandbox, const cJSON *body, struct reply *reply)
{
    static const char *const copied[] = {"title", "content", "note_type", "note_format"};
    long container = json_int(body, "container_id", 0);
    if (!soar_container(&sandbox->soar, container)) {
        soar_error(reply, 400, "container_id is not that of a container");
        return;
    }
    cJSON *note = cJSON_CreateObject();
    long id = sandbox->soar.next_note++;
    json_put_number(note, "id", (double)id);
    json_put_number(note, "container", (double)container);
    for (size_t i = 0; i < sizeof copied / sizeof *copied; i++)
        json_put_text(note, copied[i], json_text(body, copied[i]));
    json_put_time(note, "create_time", now_us());
    cJSON_AddItemToArray(sandbox->soar.notes, note);
    soar_created(reply, cJSON_CreateObject(), "id", id);
}

void post_note(struct sandbox *sandbox, const struct call *call, long id, const char *rest,
               struct reply *reply)
{
    const char *path = strcmp(call->path, "/rest/note") == 0 ? "note" : "container_note";
    if (id || *rest || !switch_is(&sandbox->switches, SW_NOTE_PATH, path))
        soar_not_found(reply, path);
    else
        soar_create(sandbox, call, id, rest, reply, add_note);
}
