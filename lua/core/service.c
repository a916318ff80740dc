/* What clients of both services share: closing, cancelling, connection options, log. */
#include "core.h"

#include <stdlib.h>

int tlua_describe(lua_State *L, const char *type, const void *handle)
{
    if (handle) {
        lua_pushfstring(L, "%s (%p)", type, handle);
    } else {
        lua_pushfstring(L, "%s (closed)", type);
    }
    return 1;
}

void tlua_open_type(lua_State *L, const char *type, const luaL_Reg *metamethods, const luaL_Reg *methods)
{
    luaL_newmetatable(L, type);
    luaL_setfuncs(L, metamethods, 0);
    lua_pushstring(L, type);
    lua_setfield(L, -2, "__metatable");
    lua_newtable(L);
    luaL_setfuncs(L, methods, 0);
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, "__index");
    lua_remove(L, -2);
}

/* Either type, closed or not. */
static tlua_service *to_service(lua_State *L, int arg)
{
    tlua_service *service = luaL_testudata(L, arg, TLUA_CLIENT);
    return service ? service : luaL_checkudata(L, arg, TLUA_SOAR);
}

static bool is_closed(const tlua_service *service)
{
    return !service->client && !service->soar;
}

void tlua_link_service(tlua_service *service, tlua_link *link, void (*end)(tlua_link *link))
{
    link->end = end;
    link->next = service->users;
    link->place = &service->users;
    if (link->next) {
        link->next->place = &link->next;
    }
    service->users = link;
}

void tlua_unlink(tlua_link *link)
{
    if (!link->place) {
        return;
    }
    *link->place = link->next;
    if (link->next) {
        link->next->place = link->place;
    }
    link->place = NULL;
    link->next = NULL;
}

static void end_service(tlua_service *service)
{
    while (service->users) {
        service->users->end(service->users); /* unlinks itself */
    }
    tl_client_free(service->client);
    tl_soar_free(service->soar);
    service->client = NULL;
    service->soar = NULL;
    tlua_free_lines(&service->log);
}

/* close() and __close; in a step of a chain it would free what the step uses. */
static int service_close(lua_State *L)
{
    tlua_service *service = to_service(L, 1);
    if (service->busy > 0) {
        return luaL_error(L, "attempt to close a service within a step of a chain that uses it");
    }
    end_service(service);
    return 0;
}

/* Only a lua_close from within a step finds it busy: then the process ends, and a leak beats a crash. */
static int service_gc(lua_State *L)
{
    tlua_service *service = to_service(L, 1);
    if (service->busy == 0) {
        end_service(service);
    }
    return 0;
}

static int service_cancel(lua_State *L)
{
    tlua_service *service = to_service(L, 1);
    if (service->client) {
        tl_client_cancel(service->client);
    }
    if (service->soar) {
        tl_soar_cancel(service->soar);
    }
    return 0;
}

static int service_tostring(lua_State *L)
{
    const tlua_service *service = to_service(L, 1);
    const char *type = luaL_testudata(L, 1, TLUA_CLIENT) ? TLUA_CLIENT : TLUA_SOAR;
    return tlua_describe(L, type, is_closed(service) ? NULL : service);
}

void tlua_open_service(lua_State *L, const char *type, const luaL_Reg *methods)
{
    static const luaL_Reg metamethods[] = {
        {"__gc", service_gc}, {"__close", service_close}, {"__tostring", service_tostring}, {NULL, NULL}};
    static const luaL_Reg shared[] = {{"close", service_close}, {"cancel", service_cancel}, {NULL, NULL}};
    tlua_open_type(L, type, metamethods, methods);
    luaL_setfuncs(L, shared, 0);
}

void tlua_set_method(lua_State *L, const char *name, lua_CFunction function, const void *data)
{
    lua_pushlightuserdata(L, (void *)data);
    lua_pushcclosure(L, function, 1);
    lua_setfield(L, -2, name);
}

const void *tlua_method_data(lua_State *L)
{
    return lua_touserdata(L, lua_upvalueindex(1));
}

tlua_service *tlua_push_service(lua_State *L, const char *type, int options)
{
    tlua_service *service = lua_newuserdatauv(L, sizeof *service, TLUA_SERVICE_SLOTS);
    *service = (tlua_service){.client = NULL};
    luaL_setmetatable(L, type);
    tlua_push_option(L, options, "log");
    lua_setiuservalue(L, -2, TLUA_SLOT_LOG);
    tlua_push_option(L, options, "null");
    lua_setiuservalue(L, -2, TLUA_SLOT_NULL);
    return service;
}

tlua_service *tlua_check_service(lua_State *L, int arg, const char *type)
{
    tlua_service *service = luaL_checkudata(L, arg, type);
    if (is_closed(service)) {
        luaL_error(L, "attempt to use a closed %s", type);
    }
    return service;
}

void tlua_read_connection(lua_State *L, int options, tlua_service *self, tl_connection *out)
{
    out->ca_file = tlua_text(L, options, "ca_file");
    out->client_cert = tlua_text(L, options, "client_cert");
    out->client_key = tlua_text(L, options, "client_key");
    out->proxy = tlua_text(L, options, "proxy");
    out->timeout_ms = tlua_milliseconds(L, options, "timeout");
    out->connect_timeout_ms = tlua_milliseconds(L, options, "connect_timeout");
    if (tlua_has_member(L, options, "retries")) {
        int retries = (int)tlua_integer(L, options, "retries", 0, 1000, 0);
        out->retries = retries == 0 ? -1 : retries; /* 0 is the core's default */
    }
    lua_getiuservalue(L, -1, TLUA_SLOT_LOG);
    if (!lua_isnil(L, -1)) {
        out->log = tlua_keep_line;
        out->log_data = &self->log;
    }
    lua_pop(L, 1);
}

void tlua_deliver_log(lua_State *L, int index)
{
    tlua_deliver_lines(L, &to_service(L, index)->log, index, TLUA_SLOT_LOG);
}

tlua_view tlua_push_view(lua_State *L, int index)
{
    tlua_view view = TLUA_PLAIN;
    luaL_checkstack(L, 2, NULL);
    if (lua_getiuservalue(L, index, TLUA_SLOT_NULL) != LUA_TNIL) {
        view.null = lua_gettop(L);
    }
    if (lua_getiuservalue(L, index, TLUA_SLOT_FIELDS) != LUA_TNIL) {
        view.fields = lua_gettop(L);
    }
    return view;
}

int tlua_finish_call(lua_State *L, tl_code code, const tlua_box *box, const tl_error *err)
{
    tlua_deliver_log(L, 1);
    if (code != TL_OK) {
        return tlua_fail(L, err);
    }
    tlua_push_tree(L, box->tree, tlua_push_view(L, 1));
    return 1;
}
