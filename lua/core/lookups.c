/* The client's lists that belong to no request: applications, organizations, groups, the audit trail. */
#include "core.h"

typedef struct lookup {
    const char *organization_id; /* borrowed, as all texts are */
    const char *search;
    int64_t os_type;
    const char *const *via;
} lookup;

typedef tl_code lookup_fn(cJSON **out, tl_client *client, const lookup *wanted, tl_error *err);

typedef struct lookup_call {
    const char *name; /* NULL ends the list */
    lookup_fn *look;
    const tlua_option *options;
    bool all_systems; /* may be asked for */
} lookup_call;

static tl_code applications(cJSON **out, tl_client *client, const lookup *wanted, tl_error *err)
{
    return tl_applications(out, client, wanted->organization_id, wanted->os_type, wanted->search, err);
}

static tl_code maintenance_applications(cJSON **out, tl_client *client, const lookup *wanted, tl_error *err)
{
    return tl_maintenance_applications(out, client, wanted->organization_id, wanted->os_type, err);
}

static tl_code computer_groups(cJSON **out, tl_client *client, const lookup *wanted, tl_error *err)
{
    return tl_computer_groups(out, client, wanted->organization_id, wanted->os_type, err);
}

static tl_code organizations(cJSON **out, tl_client *client, const lookup *wanted, tl_error *err)
{
    tl_organization_query query = TL_ORGANIZATION_QUERY_INIT;
    query.organization_id = wanted->organization_id;
    query.search = wanted->search;
    query.via = wanted->via;
    return tl_organizations(out, client, &query, err);
}

static const tlua_option application_options[] = {
    {"organization_id", TLUA_TEXT}, {"os", TLUA_ANY}, {"search", TLUA_TEXT}, {NULL, TLUA_ANY}};
static const tlua_option system_options[] = {
    {"organization_id", TLUA_TEXT}, {"os", TLUA_ANY}, {NULL, TLUA_ANY}};
static const tlua_option organization_options[] = {
    {"organization_id", TLUA_TEXT}, {"search", TLUA_TEXT}, {"via", TLUA_ANY}, {NULL, TLUA_ANY}};

static const lookup_call calls[] = {
    {"applications", applications, application_options, false},
    {"maintenance_applications", maintenance_applications, system_options, false},
    {"computer_groups", computer_groups, system_options, true},
    {"organizations", organizations, organization_options, false},
    {.name = NULL},
};

static int64_t check_system(lua_State *L, int arg, bool all_systems)
{
    static const tlua_word words[] = {{"all", 0},   {"windows", 1},    {"mac", 2},
                                      {"linux", 3}, {"windows_xp", 5}, {NULL, 0}};
    enum { WINDOWS = 1 };
    return tlua_word_or_integer(L, arg, "os", all_systems ? words : words + 1, all_systems ? 0 : 1, INT32_MAX,
                                WINDOWS);
}

/* ([options]) */
static int call_lookup(lua_State *L)
{
    const lookup_call *call = tlua_method_data(L);
    lookup wanted = {.organization_id = NULL};
    tl_error err = TL_ERROR_INIT;
    const tlua_service *self = tlua_check_service(L, 1, TLUA_CLIENT);
    lua_settop(L, 2);
    tlua_check_options(L, 2, call->options);
    wanted.organization_id = tlua_text(L, 2, "organization_id");
    wanted.search = tlua_text(L, 2, "search");
    wanted.os_type = check_system(L, 2, call->all_systems);
    wanted.via = tlua_push_texts(L, 2, "via");
    tlua_box *box = tlua_push_box(L);
    return tlua_finish_call(L, call->look(&box->tree, self->client, &wanted, &err), box, &err);
}

/* count([options]): the number of pending requests. */
static int call_count(lua_State *L)
{
    static const tlua_option known[] = {
        {"organization_id", TLUA_TEXT}, {"children", TLUA_FLAG}, {NULL, TLUA_ANY}};
    int64_t count = 0;
    tl_error err = TL_ERROR_INIT;
    const tlua_service *self = tlua_check_service(L, 1, TLUA_CLIENT);
    lua_settop(L, 2);
    tlua_check_options(L, 2, known);
    bool children = tlua_flag(L, 2, "children", true);
    tl_code code = tl_request_count(&count, self->client, tlua_text(L, 2, "organization_id"), children, &err);
    tlua_deliver_log(L, 1);
    if (code != TL_OK) {
        return tlua_fail(L, &err);
    }
    lua_pushinteger(L, count);
    return 1;
}

/* audit([options]): rows and where they stand. The options are the core's own query. */
static int call_audit(lua_State *L)
{
    static const tlua_option known[] = {{"organization_id", TLUA_TEXT}, {"user", TLUA_TEXT},
                                        {"action", TLUA_TEXT},          {"effective_action", TLUA_TEXT},
                                        {"details", TLUA_TEXT},         {"ip_address", TLUA_TEXT},
                                        {"search", TLUA_TEXT},          {"object_id", TLUA_TEXT},
                                        {"since", TLUA_TEXT},           {"until", TLUA_TEXT},
                                        {"children", TLUA_FLAG},        {"page", TLUA_INTEGER},
                                        {"page_size", TLUA_INTEGER},    {NULL, TLUA_ANY}};
    tl_page page = {-1, -1, -1, -1};
    tl_error err = TL_ERROR_INIT;
    tlua_box *query = NULL;
    const tlua_service *self = tlua_check_service(L, 1, TLUA_CLIENT);
    lua_settop(L, 2);
    tlua_check_options(L, 2, known);
    (void)tlua_integer(L, 2, "page", 1, INT32_MAX, 1);
    (void)tlua_integer(L, 2, "page_size", 1, TLUA_PAGE_SIZE_MAX, 1);
    cJSON *tree = tlua_build_tree(L, 2, 2, "options", &query);
    cJSON_DeleteItemFromObjectCaseSensitive(tree, "organization_id");
    tlua_box *box = tlua_push_box(L);
    tl_code code = tl_audit(&box->tree, &page, self->client, tlua_text(L, 2, "organization_id"), tree, &err);
    int results = tlua_finish_call(L, code, box, &err);
    if (code == TL_OK) {
        tlua_push_page(L, &page);
        results++;
    }
    return results;
}

void tlua_add_lookups(lua_State *L)
{
    for (const lookup_call *call = calls; call->name; call++) {
        tlua_set_method(L, call->name, call_lookup, call);
    }
    tlua_set_method(L, "count", call_count, NULL);
    tlua_set_method(L, "audit", call_audit, NULL);
}
