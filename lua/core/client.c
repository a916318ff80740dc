/* A client of the Portal API: its options and how it is made. */
#include "core.h"

static const tlua_option client_options[] = {
    TLUA_CONNECTION_OPTIONS,       {"instance", TLUA_TEXT},        {"base_url", TLUA_TEXT},
    {"token", TLUA_TEXT},          {"organization_id", TLUA_TEXT}, {"seal_key", TLUA_BYTES},
    {"settle_time", TLUA_NUMBER},  {"limits", TLUA_TABLE},         {"page_size", TLUA_INTEGER},
    {"concurrency", TLUA_INTEGER}, {"fields", TLUA_TABLE},         {NULL, TLUA_ANY}};

/* Pushes the list `fields`. What makes a row usable as the argument of a call always comes along. */
static void push_fields(lua_State *L, int options)
{
    if (tlua_push_option(L, options, "fields") == LUA_TNIL) {
        return;
    }
    lua_Integer count = tlua_list_length(L, lua_gettop(L));
    if (count < 0) {
        luaL_error(L, "option 'fields' must be a list of member names");
    }
    lua_newtable(L);
    for (lua_Integer i = 1; i <= count; i++) {
        if (lua_rawgeti(L, -2, i) != LUA_TSTRING || tlua_has_nul(L, -1)) {
            luaL_error(L, "option 'fields' must be a list of member names");
        }
        lua_rawseti(L, -2, i);
    }
    lua_pushliteral(L, "approvalRequestId");
    lua_rawseti(L, -2, count + 1);
    lua_pushliteral(L, "organizationId");
    lua_rawseti(L, -2, count + 2);
    lua_remove(L, -2);
}

/* Options beat the environment; of its two variables the base URL wins. */
static void read_place(lua_State *L, tl_client_options *out)
{
    out->instance = tlua_text(L, 1, "instance");
    out->base_url = tlua_text(L, 1, "base_url");
    if (!out->instance && !out->base_url) {
        out->base_url = tlua_environment("THREATLOCKER_BASE_URL");
    }
    if (!out->instance && !out->base_url) {
        out->instance = tlua_environment("THREATLOCKER_INSTANCE");
    }
    out->organization_id = tlua_text(L, 1, "organization_id");
    if (!out->organization_id) {
        out->organization_id = tlua_environment("THREATLOCKER_ORG_ID");
    }
}

static const char *what_is_missing(const tl_client_options *options)
{
    if (!options->instance && !options->base_url) {
        return "No instance: give the option instance or base_url, or set THREATLOCKER_INSTANCE or "
               "THREATLOCKER_BASE_URL.";
    }
    if (!options->token) {
        return "No token: give the option token, or set THREATLOCKER_API_KEY or THREATLOCKER_API_KEY_FILE.";
    }
    return NULL;
}

static const char token_variable[] = "THREATLOCKER_API_KEY";

/* No Lua call in here: the secret on the stack is wiped in every case. */
static tl_code make_client(tl_client **out, tl_client_options *options, tlua_secret *secret,
                           const char **out_missing, tl_error *err)
{
    tl_code code = TL_CONFIG;
    *out_missing = NULL;
    if (tlua_find_secret(secret, options->token, token_variable, err)) {
        options->token = secret->text;
        *out_missing = what_is_missing(options);
        if (!*out_missing) {
            code = tl_client_new(out, options, err);
        }
    }
    tlua_wipe_secret(secret);
    return code;
}

int tlua_client(lua_State *L)
{
    tl_client_options options = TL_CLIENT_OPTIONS_INIT;
    tl_error err = TL_ERROR_INIT;
    tlua_secret secret = {.text = NULL};
    const char *missing = NULL;

    lua_settop(L, 1);
    tlua_check_options(L, 1, client_options);
    read_place(L, &options);
    options.token = tlua_text(L, 1, "token");
    options.seal_key = tlua_bytes(L, 1, "seal_key", &options.seal_key_length);
    options.settle_time_ms = tlua_milliseconds(L, 1, "settle_time");
    int64_t page_size = tlua_integer(L, 1, "page_size", 1, TLUA_PAGE_SIZE_MAX, 0);
    int64_t concurrency = tlua_integer(L, 1, "concurrency", 1, TLUA_CONCURRENCY_MAX, 0);

    tl_limits limits = tlua_check_limits(L, 1);
    options.limits = tlua_push_option(L, 1, "limits") == LUA_TNIL ? NULL : &limits;
    lua_pop(L, 1);

    tlua_service *self = tlua_push_service(L, TLUA_CLIENT, 1);
    tlua_read_connection(L, 1, self, &options.connection);
    self->page_size = page_size;
    self->concurrency = (int)concurrency;
    push_fields(L, 1);
    lua_setiuservalue(L, -2, TLUA_SLOT_FIELDS);

    tl_code code = make_client(&self->client, &options, &secret, &missing, &err);
    tlua_warn_if_exposed(L, &secret, token_variable);
    if (missing) {
        return tlua_fail_with(L, TL_CONFIG, "%s", missing);
    }
    return code == TL_OK ? 1 : tlua_fail(L, &err);
}

void tlua_open_client(lua_State *L)
{
    static const luaL_Reg listing[] = {
        {"requests", tlua_requests}, {"request_page", tlua_request_page}, {NULL, NULL}};
    tlua_open_service(L, TLUA_CLIENT, listing);
    tlua_add_reads(L);
    tlua_add_details_calls(L);
    tlua_add_lookups(L);
    tlua_add_writes(L);
    tlua_add_resolve(L);
    tlua_add_probe(L, TLUA_CLIENT);
}
