/* The module's table, and its functions that belong nowhere else. */
#include "core.h"

#include <string.h>

struct timespec tlua_check_pause(lua_State *L, int arg)
{
    luaL_checktype(L, arg, LUA_TNUMBER);
    lua_Number seconds = lua_tonumber(L, arg);
    luaL_argcheck(L, seconds >= 0 && seconds <= 1e9, arg, "must be from 0 to 1e9 seconds");
    struct timespec time = {.tv_sec = (time_t)seconds};
    time.tv_nsec = (long)((seconds - (lua_Number)time.tv_sec) * 1e9);
    return time;
}

/* sleep(seconds): true, or false when a signal cut it short, so that a script's Ctrl-C gets through. */
static int module_sleep(lua_State *L)
{
    struct timespec time = tlua_check_pause(L, 1);
    lua_pushboolean(L, nanosleep(&time, NULL) == 0);
    return 1;
}

/* clean_text(text, [max]): a copy that can steer no terminal; nil gives "". */
static int module_clean_text(lua_State *L)
{
    size_t length = 0;
    lua_settop(L, 2);
    luaL_argexpected(L, lua_isnil(L, 1) || lua_type(L, 1) == LUA_TSTRING, 1, "string");
    luaL_argexpected(L, lua_isnil(L, 2) || lua_isinteger(L, 2), 2, "integer");
    const char *text = luaL_optlstring(L, 1, "", &length);
    lua_Integer max = luaL_optinteger(L, 2, LUA_MAXINTEGER);
    luaL_argcheck(L, strlen(text) == length, 1, "must not contain NUL bytes");
    luaL_argcheck(L, max >= 0, 2, "must not be negative");
    tlua_box *box = tlua_push_box(L);
    box->text = tl_clean_text(text, (size_t)max);
    if (!box->text) {
        return luaL_error(L, "not enough memory");
    }
    lua_pushstring(L, box->text);
    return 1;
}

static void push_names(lua_State *L, const char *const *names)
{
    lua_newtable(L);
    for (lua_Integer i = 0; names[i]; i++) {
        lua_pushstring(L, names[i]);
        lua_rawseti(L, -2, i + 1);
    }
    luaL_setmetatable(L, TLUA_ARRAY);
}

static void push_permissions(lua_State *L, const tl_permission_group *group)
{
    lua_newtable(L);
    for (lua_Integer i = 1; group && group->any_of; group++, i++) {
        lua_createtable(L, 0, 2);
        if (group->condition) {
            lua_pushstring(L, group->condition);
            lua_setfield(L, -2, "condition");
        }
        push_names(L, group->any_of);
        lua_setfield(L, -2, "any_of");
        lua_rawseti(L, -2, i);
    }
    luaL_setmetatable(L, TLUA_ARRAY);
}

/* endpoints(): the table that every call goes through. */
static int module_endpoints(lua_State *L)
{
    size_t count = 0;
    const tl_endpoint *endpoints = tl_endpoints(&count);
    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        const tl_endpoint *endpoint = &endpoints[i];
        lua_createtable(L, 0, 6);
        lua_pushstring(L, endpoint->name);
        lua_setfield(L, -2, "name");
        lua_pushstring(L, endpoint->method);
        lua_setfield(L, -2, "method");
        lua_pushstring(L, endpoint->path);
        lua_setfield(L, -2, "path");
        lua_pushboolean(L, endpoint->write);
        lua_setfield(L, -2, "write");
        lua_pushboolean(L, endpoint->organization);
        lua_setfield(L, -2, "organization");
        push_permissions(L, endpoint->permissions);
        lua_setfield(L, -2, "permissions");
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    luaL_setmetatable(L, TLUA_ARRAY);
    return 1;
}

/* Where the Lua half adds methods that are better written in Lua. */
static void set_methods(lua_State *L)
{
    lua_newtable(L);
    tlua_open_client(L);
    lua_setfield(L, -2, "client");
    tlua_open_soar(L);
    lua_setfield(L, -2, "soar");
    tlua_open_chain(L);
    lua_setfield(L, -2, "chain");
    lua_setfield(L, -2, "methods");
}

LUAMOD_API int luaopen_threatlocker_core(lua_State *L);

__attribute__((visibility("default"))) int luaopen_threatlocker_core(lua_State *L)
{
    static const luaL_Reg functions[] = {{"client", tlua_client},
                                         {"soar", tlua_soar},
                                         {"chain", tlua_chain_new},
                                         {"history", tlua_history},
                                         {"is_stopping", tlua_chain_is_stopping},
                                         {"watch_signals", tlua_watch_signals},
                                         {"json_encode", tlua_json_encode},
                                         {"json_decode", tlua_json_decode},
                                         {"array", tlua_array},
                                         {"clean_text", module_clean_text},
                                         {"sleep", module_sleep},
                                         {"terminal_width", tlua_terminal_width},
                                         {"is_terminal", tlua_is_terminal},
                                         {"create_file", tlua_create_file},
                                         {"secret", tlua_look_at_secret},
                                         {"clock", tlua_clock},
                                         {"endpoints", module_endpoints},
                                         {NULL, NULL}};
    luaL_checkversion(L);
    tlua_open_box(L);
    tlua_open_error(L);
    tlua_open_array(L);
    tlua_open_requests(L);
    tlua_open_watch(L);
    luaL_newlib(L, functions);
    lua_pushlightuserdata(L, NULL);
    lua_setfield(L, -2, "null");
    lua_pushstring(L, tl_version());
    lua_setfield(L, -2, "_VERSION");
    set_methods(L);
    return 1;
}
