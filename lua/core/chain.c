#include "core.h"

#include <stddef.h>

static const tlua_option chain_options[] = {{"name", TLUA_TEXT},      {"client", TLUA_ANY},
                                            {"soar", TLUA_ANY},       {"ledger", TLUA_TEXT},
                                            {"limits", TLUA_TABLE},   {"max_answer_age", TLUA_NUMBER},
                                            {"since", TLUA_TEXT},     {"decide", TLUA_FUNCTION},
                                            {"event", TLUA_FUNCTION}, {NULL, TLUA_ANY}};

static void end_chain(tlua_chain *self, const char *why)
{
    tlua_unlink(&self->client_link);
    tlua_unlink(&self->soar_link);
    if (self->chain) {
        tl_chain_free(self->chain);
        self->chain = NULL;
        self->ended = why;
    }
    tlua_free_lines(&self->events);
}

static void client_ends(tlua_link *link)
{
    end_chain((tlua_chain *)((char *)link - offsetof(tlua_chain, client_link)),
              "attempt to use a chain whose client was closed");
}

static void soar_ends(tlua_link *link)
{
    end_chain((tlua_chain *)((char *)link - offsetof(tlua_chain, soar_link)),
              "attempt to use a chain whose soar was closed");
}

static int chain_close(lua_State *L)
{
    tlua_chain *self = luaL_checkudata(L, 1, TLUA_CHAIN);
    if (self->L) {
        return luaL_error(L, "attempt to close a chain within its own step");
    }
    end_chain(self, "attempt to use a closed chain");
    return 0;
}

/* As with the services: a chain in a step is only met by a lua_close from within it, and stays. */
static int chain_gc(lua_State *L)
{
    tlua_chain *self = luaL_checkudata(L, 1, TLUA_CHAIN);
    if (!self->L) {
        end_chain(self, "attempt to use a closed chain");
    }
    return 0;
}

static int chain_tostring(lua_State *L)
{
    const tlua_chain *self = luaL_checkudata(L, 1, TLUA_CHAIN);
    return tlua_describe(L, TLUA_CHAIN, self->chain ? self : NULL);
}

static tlua_chain *check_open(lua_State *L)
{
    tlua_chain *self = luaL_checkudata(L, 1, TLUA_CHAIN);
    if (!self->chain) {
        luaL_error(L, "%s", self->ended ? self->ended : "attempt to use a chain that never opened");
    }
    if (self->L) {
        luaL_error(L, "attempt to use a chain within its own step");
    }
    return self;
}

/* ---- making one ---- */

/* Allows one maintenance mode; the list is on top of the stack, its item above it. */
static void allow_mode(lua_State *L, const char *mode, tl_limits *out)
{
    static const tlua_word modes[] = {{"installation", 0}, {"learning", 1}, {"monitor", 2}, {NULL, 0}};
    switch (tlua_choose(L, "limits.allow_modes", mode, modes)) {
    case 0:
        out->allow_installation = true;
        break;
    case 1:
        out->allow_learning = true;
        break;
    default:
        out->allow_monitor = true;
        break;
    }
}

static void check_modes(lua_State *L, int limits, tl_limits *out)
{
    tlua_push_option(L, limits, "allow_modes");
    lua_pushnil(L);
    while (!lua_isnil(L, -2) && lua_next(L, -2)) {
        if (!lua_isinteger(L, -2) || lua_type(L, -1) != LUA_TSTRING) {
            luaL_error(L, "option 'limits.allow_modes' must be a list of mode names");
        }
        allow_mode(L, lua_tostring(L, -1), out);
        lua_pop(L, 1);
    }
}

static tl_limits check_limits(lua_State *L)
{
    static const tlua_option known[] = {{"max_scope", TLUA_TEXT},     {"allow_builtin", TLUA_FLAG},
                                        {"allow_modes", TLUA_TABLE},  {"allow_path_rules", TLUA_FLAG},
                                        {"max_expiry", TLUA_INTEGER}, {NULL, TLUA_ANY}};
    static const tlua_word scopes[] = {{"computer", TL_SCOPE_COMPUTER},
                                       {"group", TL_SCOPE_GROUP},
                                       {"organization", TL_SCOPE_ORGANIZATION},
                                       {NULL, 0}};
    tl_limits limits = {.max_scope = TL_SCOPE_COMPUTER};
    tlua_push_option(L, 1, "limits");
    int at = lua_gettop(L);
    tlua_check_options(L, at, known);
    const char *scope = tlua_text(L, at, "max_scope");
    if (scope) {
        limits.max_scope = (tl_scope)tlua_choose(L, "limits.max_scope", scope, scopes);
    }
    limits.allow_builtin = tlua_flag(L, at, "allow_builtin", false);
    limits.allow_path_rules = tlua_flag(L, at, "allow_path_rules", false);
    limits.max_expiry_s = tlua_integer(L, at, "max_expiry", 1, INT64_MAX / 1000000, 0);
    check_modes(L, at, &limits);
    lua_settop(L, at - 1);
    return limits;
}

/* Pushes the open service that the option holds. */
static tlua_service *check_member(lua_State *L, const char *name, const char *type)
{
    tlua_push_option(L, 1, name);
    tlua_service *service = luaL_testudata(L, -1, type);
    if (!service) {
        luaL_error(L, "option '%s' must be a %s", name, type);
    }
    return tlua_check_service(L, lua_gettop(L), type);
}

static tlua_chain *push_chain(lua_State *L)
{
    tlua_chain *self = lua_newuserdatauv(L, sizeof *self, TLUA_CHAIN_SLOTS);
    *self = (tlua_chain){.chain = NULL};
    luaL_setmetatable(L, TLUA_CHAIN);
    self->client = check_member(L, "client", TLUA_CLIENT);
    lua_setiuservalue(L, -2, TLUA_SLOT_CLIENT);
    self->soar = check_member(L, "soar", TLUA_SOAR);
    lua_setiuservalue(L, -2, TLUA_SLOT_SOAR);
    return self;
}

/* Moves an optional function from the options at 1 to the chain on top of the stack. */
static bool take_function(lua_State *L, const char *name, int slot)
{
    bool given = tlua_push_option(L, 1, name) != LUA_TNIL;
    lua_setiuservalue(L, -2, slot);
    return given;
}

int tlua_chain_new(lua_State *L)
{
    tl_chain_options options = TL_CHAIN_OPTIONS_INIT;
    tl_error err = TL_ERROR_INIT;
    lua_settop(L, 1);
    luaL_checktype(L, 1, LUA_TTABLE);
    tlua_check_options(L, 1, chain_options);
    options.name = tlua_text(L, 1, "name");
    options.ledger = tlua_text(L, 1, "ledger");
    options.since = tlua_text(L, 1, "since");
    options.limits = check_limits(L);
    options.max_answer_age_s = (tlua_milliseconds(L, 1, "max_answer_age") + 999) / 1000;

    tlua_chain *self = push_chain(L);
    options.client = self->client->client;
    options.soar = self->soar->soar;
    if (take_function(L, "decide", TLUA_SLOT_DECIDE)) {
        options.decide = tlua_decide;
        options.decide_data = self;
    }
    if (take_function(L, "event", TLUA_SLOT_EVENT)) {
        options.event = tlua_keep_line;
        options.event_data = &self->events;
    }
    if (tl_chain_new(&self->chain, &options, &err) != TL_OK) {
        return tlua_fail(L, &err);
    }
    tlua_link_service(self->client, &self->client_link, client_ends);
    tlua_link_service(self->soar, &self->soar_link, soar_ends);
    /* What a former process may not have told. */
    tlua_deliver_lines(L, &self->events, lua_gettop(L), TLUA_SLOT_EVENT);
    return 1;
}

/* ---- using it ---- */

static void push_counts(lua_State *L, const tl_step *step)
{
    const struct {
        const char *name;
        int count;
    } counts[] = {{"watched", step->watched},     {"answered", step->answered}, {"sending", step->sending},
                  {"permitted", step->permitted}, {"rejected", step->rejected}, {"ignored", step->ignored},
                  {"left", step->left},           {"refused", step->refused},   {"unknown", step->unknown}};
    lua_createtable(L, 0, 9);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        lua_pushinteger(L, counts[i].count);
        lua_setfield(L, -2, counts[i].name);
    }
}

/* Nothing that the running step uses may be closed by `decide`. */
static void mark_busy(tlua_chain *self, lua_State *L)
{
    int change = L ? 1 : -1;
    self->L = L;
    self->client->busy += change;
    self->soar->busy += change;
}

/* The chain is at 1. The events first: log lines explain them. */
static void deliver_all(lua_State *L, tlua_chain *self)
{
    tlua_deliver_lines(L, &self->events, 1, TLUA_SLOT_EVENT);
    lua_getiuservalue(L, 1, TLUA_SLOT_CLIENT);
    tlua_deliver_log(L, lua_gettop(L));
    lua_getiuservalue(L, 1, TLUA_SLOT_SOAR);
    tlua_deliver_log(L, lua_gettop(L));
}

static int chain_step(lua_State *L)
{
    tl_error err = TL_ERROR_INIT;
    tl_step step = {.watched = 0};
    tlua_chain *self = check_open(L);
    lua_settop(L, 1);
    luaL_checkstack(L, LUA_MINSTACK, NULL);

    mark_busy(self, L);
    tl_code code = tl_chain_step(&step, self->chain, &err);
    mark_busy(self, NULL);

    deliver_all(L, self);
    if (code == TL_OK) {
        push_counts(L, &step);
        return 1;
    }
    int results = tlua_fail(L, &err);
    push_counts(L, &step);
    lua_setfield(L, -2, "counts");
    return results;
}

static int chain_history(lua_State *L)
{
    tl_error err = TL_ERROR_INIT;
    const char *request_id = NULL;
    tlua_chain *self = check_open(L);
    lua_settop(L, 2);
    if (!lua_isnil(L, 2)) {
        request_id = tlua_check_target(L, 2, NULL).request_id;
    }
    tlua_box *box = tlua_push_box(L);
    if (tl_chain_history(&box->tree, self->chain, request_id, &err) != TL_OK) {
        return tlua_fail(L, &err);
    }
    tlua_push_tree(L, box->tree, TLUA_PLAIN);
    return 1;
}

void tlua_open_chain(lua_State *L)
{
    static const luaL_Reg metamethods[] = {
        {"__gc", chain_gc}, {"__close", chain_close}, {"__tostring", chain_tostring}, {NULL, NULL}};
    static const luaL_Reg methods[] = {
        {"step", chain_step}, {"history", chain_history}, {"close", chain_close}, {NULL, NULL}};
    tlua_open_type(L, TLUA_CHAIN, metamethods, methods);
}
