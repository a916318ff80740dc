#include "switches.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "world.h"

#define VALUES_MAX 12

/* The first value is the default. Marks: see threatlocker-api, section H and the section named. */
static const struct {
    const char *name;
    const char *values[VALUES_MAX];
} table[SW_WORDS] = {
    [SW_TOKEN] = {"token", {"valid", "revoked"}},
    [SW_UNKNOWN_TOKEN] = {"unknown_token", {"440", "403"}},                          /* A4 */
    [SW_ORGANIZATION_ID_HEADER] = {"organization_id_header", {"ignored", "403"}},    /* A3 */
    [SW_BY_ID] = {"by_id", {"owner", "any"}},                                        /* A3 */
    [SW_PAGINATION] = {"pagination", {"header", "absent"}},                          /* B1 */
    [SW_LAST_ITEM] = {"last_item", {"total", "page"}},                               /* J.9 */
    [SW_EMPTY_LIST] = {"empty_list", {"null", "empty", "[]"}},                       /* B1 */
    [SW_COUNT] = {"count", {"0", "total"}},                                          /* B1 */
    [SW_UNKNOWN_REQUEST] = {"unknown_request", {"null", "empty", "404", "500"}},     /* J.11 */
    [SW_STORAGE_DETAILS] = {"storage_details", {"details", "417"}},                  /* J.10 */
    [SW_HAS_MATCHING] = {"has_matching_application", {"false", "actual"}},           /* B4 */
    [SW_PERMIT_WITHOUT_JSON] = {"permit_without_json", {"500", "silent"}},           /* H.7 */
    [SW_TO_COMPUTER] = {"to_computer", {"accepted", "417"}},                         /* D5.1 */
    [SW_OMITTED_OBJECTS] = {"omitted_objects", {"accepted", "500"}},                 /* D5.3 */
    [SW_APPROVE_ESCALATION] = {"approve_escalation", {"optional", "required"}},      /* D1 */
    [SW_ALREADY_ACTIONED] = {"already_actioned", {"400", "417", "500"}},             /* J.5 */
    [SW_WRITE_BODY] = {"write_body", {"empty", "{}", "null"}},                       /* J.3 */
    [SW_EXISTING_POLICY_STATUS] = {"existing_policy_status", {"4", "12"}},           /* J.4 */
    [SW_IGNORE_STATUS] = {"ignore_status", {"10", "unchanged"}},                     /* J.4 */
    [SW_NO_MATCH] = {"no_match", {"[]", "null"}},                                    /* B13 */
    [SW_ADD_LIST] = {"add_list", {"present", "404"}},                                /* J.6 */
    [SW_APPLICATION_OPTIONS] = {"application_options", {"items", "options", "404"}}, /* B15 */
    [SW_CHILDREN_LIST] = {"children_list", {"present", "404"}},                      /* J.6 */
    [SW_CHILDREN_SHAPE] = {"children_shape", {"organizationId", "id", "value"}},     /* J.6 */
    [SW_ORGANIZATIONS_PAGED] = {"organizations_paged", {"present", "404"}},          /* B20 */
    [SW_ORGANIZATIONS_MOVE] = {"organizations_move", {"present", "404"}},            /* B21 */
    [SW_GROUPS_FOR_PERMIT] = {"groups_for_permit", {"present", "404"}},              /* B22 */
    [SW_GROUP_DROPDOWN] = {"group_dropdown", {"present", "404"}},                    /* B23 */
    [SW_DROPDOWN_OS] = {"dropdown_os", {"word", "id"}},                              /* B23 */
    [SW_FILE_URL] = {"file_url",
                     {"good", "redirect", "private", "mapped", "metadata", "userinfo", "http_other",
                      "plain_http", "missing", "expired", "local_file"}}, /* B12 */
    [SW_NO_FILE] = {"no_file", {"null_url", "empty_url", "null"}},        /* B12 */
    [SW_ESCAPES] = {"escapes", {"utf8", "ascii"}},
    [SW_SOAR_TOKEN] = {"soar_token", {"valid", "revoked"}},
    [SW_PROMPT_APP_RUN] = {"prompt_app_run", {"present", "absent"}},               /* splunk-soar 12.8 */
    [SW_CONTAINER_DUPLICATES] = {"container_duplicates", {"identifier", "label"}}, /* splunk-soar 8.1 */
    [SW_UNKNOWN_LABEL] = {"unknown_label", {"accepted", "400"}},
    [SW_PLAYBOOK_INPUTS] = {"playbook_inputs", {"any", "object", "text"}}, /* splunk-soar 8.5 */
    [SW_NOTE_PATH] = {"note_path", {"note", "container_note"}},            /* splunk-soar 8.8 */
};

/* Everything the approval endpoints ask for (threatlocker-api B, D1), but not "Edit Actioned Requests":
 * with it a second permit passes, and the default has to show that one is refused. */
static const char *const default_permissions[] = {"Approve for Entire Organization",
                                                  "Approve for Group",
                                                  "Approve for Single Computer",
                                                  "View Approvals",
                                                  "Elevation Administrator",
                                                  "Approve Escalation",
                                                  "Approve for Update Existing",
                                                  "Approve for New Install",
                                                  "View Application Control Applications",
                                                  "Edit Application Control Applications",
                                                  "View Computers",
                                                  "Manage All Maintenance Modes",
                                                  "View Organizations"};

void switches_reset(struct switches *switches)
{
    switches_free(switches);
    switches->user = copy_text("api.approver@example.com");
    switches->home = copy_text(HOME_ORGANIZATION);
    switches->instance = copy_text("x1");
    switches->permissions = cJSON_CreateStringArray(default_permissions,
                                                    sizeof default_permissions / sizeof *default_permissions);
}

void switches_free(struct switches *switches)
{
    free(switches->user);
    free(switches->home);
    free(switches->instance);
    cJSON_Delete(switches->permissions);
    *switches = (struct switches){0};
}

const char *switch_value(const struct switches *switches, enum switch_id id)
{
    return table[id].values[switches->word[id]];
}

bool switch_is(const struct switches *switches, enum switch_id id, const char *value)
{
    return strcmp(switch_value(switches, id), value) == 0;
}

bool has_permission(const struct switches *switches, const char *name)
{
    return json_list_has(switches->permissions, name);
}

/* Numbers, booleans and null are accepted for the words that look like them. */
static void value_as_word(const cJSON *value, struct text *out)
{
    if (cJSON_IsString(value))
        text_puts(out, value->valuestring);
    else
        json_print(out, value);
}

static int find_word(const char *const *values, const char *word)
{
    for (int i = 0; i < VALUES_MAX && values[i]; i++)
        if (same_word(values[i], word))
            return i;
    return -1;
}

static bool set_word(struct switches *switches, size_t id, const cJSON *value, struct text *error)
{
    struct text word = {0};
    value_as_word(value, &word);
    int at = find_word(table[id].values, text_str(&word));
    if (at >= 0) {
        switches->word[id] = (unsigned char)at;
    } else {
        text_printf(error, "switch %s: %s is none of", table[id].name, text_str(&word));
        for (int i = 0; i < VALUES_MAX && table[id].values[i]; i++)
            text_printf(error, " %s", table[id].values[i]);
    }
    text_free(&word);
    return at >= 0;
}

static bool set_string(char **slot, const cJSON *value, struct text *error)
{
    if (!cJSON_IsString(value)) {
        text_printf(error, "switch %s wants a string", value->string);
        return false;
    }
    free(*slot);
    *slot = copy_text(value->valuestring);
    return true;
}

static bool set_number(long *slot, const cJSON *value, struct text *error)
{
    if (!cJSON_IsNumber(value) || value->valuedouble < 0 || value->valuedouble > 1e9) {
        text_printf(error, "switch %s wants a number from 0", value->string);
        return false;
    }
    *slot = (long)value->valuedouble;
    return true;
}

static bool set_permissions(struct switches *switches, const cJSON *value, struct text *error)
{
    const cJSON *item;
    bool fine = cJSON_IsArray(value);
    cJSON_ArrayForEach (item, value) {
        fine = fine && cJSON_IsString(item);
    }
    if (!fine) {
        text_puts(error, "switch permissions wants a list of names");
        return false;
    }
    cJSON_Delete(switches->permissions);
    switches->permissions = cJSON_Duplicate(value, 1);
    return true;
}

static bool set_one(struct switches *switches, const cJSON *value, struct text *error)
{
    for (size_t id = 0; id < SW_WORDS; id++)
        if (strcmp(table[id].name, value->string) == 0)
            return set_word(switches, id, value, error);
    if (strcmp(value->string, "max_page_size") == 0)
        return set_number(&switches->max_page_size, value, error);
    if (strcmp(value->string, "permissions") == 0)
        return set_permissions(switches, value, error);
    if (strcmp(value->string, "user") == 0)
        return set_string(&switches->user, value, error);
    if (strcmp(value->string, "home") == 0)
        return set_string(&switches->home, value, error);
    if (strcmp(value->string, "instance") == 0)
        return set_string(&switches->instance, value, error);
    if (strcmp(value->string, "reset") == 0) {
        if (cJSON_IsTrue(value))
            switches_reset(switches);
        return true;
    }
    text_printf(error, "there is no switch %s", value->string);
    return false;
}

static struct switches copy_of(const struct switches *switches)
{
    struct switches copy = *switches;
    copy.user = copy_text(switches->user);
    copy.home = copy_text(switches->home);
    copy.instance = copy_text(switches->instance);
    copy.permissions = cJSON_Duplicate(switches->permissions, 1);
    return copy;
}

bool switches_set(struct switches *switches, const cJSON *wanted, struct text *error)
{
    if (!cJSON_IsObject(wanted)) {
        text_puts(error, "an object {switch: value} is wanted");
        return false;
    }
    struct switches next = copy_of(switches);
    const cJSON *value;
    bool fine = true;
    cJSON_ArrayForEach (value, wanted) {
        fine = fine && set_one(&next, value, error);
    }
    if (fine) {
        switches_free(switches);
        *switches = next;
    } else {
        switches_free(&next);
    }
    return fine;
}

cJSON *switches_tree(const struct switches *switches)
{
    cJSON *tree = cJSON_CreateObject();
    for (size_t id = 0; id < SW_WORDS; id++)
        json_put_text(tree, table[id].name, table[id].values[switches->word[id]]);
    json_put_number(tree, "max_page_size", (double)switches->max_page_size);
    json_put_text(tree, "user", switches->user);
    json_put_text(tree, "home", switches->home);
    json_put_text(tree, "instance", switches->instance);
    json_put(tree, "permissions", cJSON_Duplicate(switches->permissions, 1));
    return tree;
}
