/* A chain as a Lua object: made, stepped, stopped, closed. */
#include "core.h"

#include <stddef.h>

static void end_chain(tlua_chain *self, const char *why)
{
    tlua_unlink(&self->client_link);
    tlua_unlink(&self->soar_link);
    if (self->chain) {
        tlua_forget_chain(self);
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

tlua_chain *tlua_check_chain(lua_State *L)
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
    atomic_init(&self->stopping, false);
    luaL_setmetatable(L, TLUA_CHAIN);
    self->client = check_member(L, "client", TLUA_CLIENT);
    lua_setiuservalue(L, -2, TLUA_SLOT_CLIENT);
    self->soar = check_member(L, "soar", TLUA_SOAR);
    lua_setiuservalue(L, -2, TLUA_SLOT_SOAR);
    return self;
}

/* Moves an option from the table at 1 to the chain on top of the stack. */
static bool take(lua_State *L, const char *name, int slot)
{
    bool given = tlua_push_option(L, 1, name) != LUA_TNIL;
    lua_setiuservalue(L, -2, slot);
    return given;
}

/* Gives the events of the chain at `index`, which were given to us, to whoever asked for them. Those that
 * cannot be written were not taken: they come again. */
static tl_code deliver_events(lua_State *L, int index, tlua_chain *self, tl_error *err)
{
    tl_code code = TL_OK;
    bool delivered = true;
    lua_getiuservalue(L, index, TLUA_SLOT_EVENTS);
    const char *path = lua_tostring(L, -1);
    if (self->events.dropped > 0) {
        code = tlua_set_error(err, TL_MEMORY, "out of memory for events");
    } else if (path && self->events.length > 0) {
        code = tlua_write_events(path, &self->events, err);
    }
    lua_pop(L, 1);
    if (code == TL_OK) {
        lua_getiuservalue(L, index, TLUA_SLOT_EVENT);
        delivered = lua_isnil(L, -1) || tlua_deliver_lines(L, &self->events, index, TLUA_SLOT_EVENT);
        lua_pop(L, 1);
    }
    if (self->chain && (code != TL_OK || !delivered)) {
        tl_chain_repeat_events(self->chain);
    }
    tlua_free_lines(&self->events);
    return code;
}

/* The chain is on top of the stack, its options are at 1. */
static tl_code open_chain(lua_State *L, tlua_chain *self, tl_chain_options *options, tl_error *err)
{
    options->client = self->client->client;
    options->soar = self->soar->soar;
    if (take(L, "decide", TLUA_SLOT_DECIDE)) {
        options->decide = tlua_decide;
        options->decide_data = self;
    }
    bool listens = take(L, "event", TLUA_SLOT_EVENT);
    bool writes = take(L, "events", TLUA_SLOT_EVENTS);
    if (listens || writes) {
        options->event = tlua_keep_line;
        options->event_data = &self->events;
    }
    tl_code code = writes ? tlua_check_event_file(tlua_text(L, 1, "events"), err) : TL_OK;
    return code == TL_OK ? tl_chain_new(&self->chain, options, err) : code;
}

int tlua_chain_new(lua_State *L)
{
    tl_error err = TL_ERROR_INIT;
    lua_settop(L, 1);
    tl_chain_options options = tlua_push_chain_options(L);
    tlua_chain *self = push_chain(L);
    if (open_chain(L, self, &options, &err) != TL_OK) {
        return tlua_fail(L, &err);
    }
    tlua_link_service(self->client, &self->client_link, client_ends);
    tlua_link_service(self->soar, &self->soar_link, soar_ends);
    /* What a former process may not have told. */
    if (deliver_events(L, lua_gettop(L), self, &err) != TL_OK) {
        end_chain(self, "attempt to use a chain that never opened");
        return tlua_fail(L, &err);
    }
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
static tl_code deliver_all(lua_State *L, tlua_chain *self, tl_error *err)
{
    tl_code code = deliver_events(L, 1, self, err);
    lua_getiuservalue(L, 1, TLUA_SLOT_CLIENT);
    tlua_deliver_log(L, lua_gettop(L));
    lua_getiuservalue(L, 1, TLUA_SLOT_SOAR);
    tlua_deliver_log(L, lua_gettop(L));
    return code;
}

static int chain_step(lua_State *L)
{
    tl_error err = TL_ERROR_INIT, writing = TL_ERROR_INIT;
    tl_step step = {.watched = 0};
    tlua_chain *self = tlua_check_chain(L);
    if (self->events.delivering) {
        return luaL_error(L, "attempt to step a chain within its own event function");
    }
    lua_settop(L, 1);
    luaL_checkstack(L, LUA_MINSTACK, NULL);

    mark_busy(self, L);
    tl_code code = tl_chain_step(&step, self->chain, &err);
    mark_busy(self, NULL);

    if (deliver_all(L, self, &writing) != TL_OK) {
        code = writing.code;
        err = writing;
    }
    if (code == TL_OK) {
        push_counts(L, &step);
        return 1;
    }
    int results = tlua_fail(L, &err);
    push_counts(L, &step);
    lua_setfield(L, -2, "counts");
    return results;
}

void tlua_stop_chain(tlua_chain *chain)
{
    atomic_store(&chain->stopping, true);
    tl_chain_stop(chain->chain);
}

/* At any time, within its step too; one that is closed has stopped. */
static int chain_stop(lua_State *L)
{
    tlua_chain *self = luaL_checkudata(L, 1, TLUA_CHAIN);
    if (self->chain) {
        tlua_stop_chain(self);
    }
    return 0;
}

int tlua_chain_is_stopping(lua_State *L)
{
    tlua_chain *self = luaL_checkudata(L, 1, TLUA_CHAIN);
    lua_pushboolean(L, atomic_load(&self->stopping));
    return 1;
}

void tlua_open_chain(lua_State *L)
{
    static const luaL_Reg metamethods[] = {
        {"__gc", chain_gc}, {"__close", chain_close}, {"__tostring", chain_tostring}, {NULL, NULL}};
    static const luaL_Reg methods[] = {{"step", chain_step},
                                       {"stop", chain_stop},
                                       {"history", tlua_chain_history},
                                       {"close", chain_close},
                                       {NULL, NULL}};
    tlua_open_type(L, TLUA_CHAIN, metamethods, methods);
}
