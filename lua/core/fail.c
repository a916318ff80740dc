/* How calls fail: nil, a message, a code and a table; or an error object. */
#include "core.h"

#include <stdarg.h>
#include <stdio.h>

static const char *applied_name(tl_applied applied)
{
    switch (applied) {
    case TL_APPLIED_NO:
        return "no";
    case TL_APPLIED_YES:
        return "yes";
    default:
        return "unknown";
    }
}

void tlua_push_error(lua_State *L, const tl_error *err)
{
    lua_createtable(L, 0, 6);
    lua_pushstring(L, tl_code_name(err->code));
    lua_setfield(L, -2, "code");
    lua_pushstring(L, err->message);
    lua_setfield(L, -2, "message");
    lua_pushboolean(L, err->retriable);
    lua_setfield(L, -2, "retriable");
    lua_pushstring(L, applied_name(err->applied));
    lua_setfield(L, -2, "applied");
    if (err->http_status != 0) {
        lua_pushinteger(L, err->http_status);
        lua_setfield(L, -2, "http_status");
    }
    if (err->logger_id[0] != '\0') {
        lua_pushstring(L, err->logger_id);
        lua_setfield(L, -2, "logger_id");
    }
    luaL_setmetatable(L, TLUA_ERROR);
}

int tlua_fail(lua_State *L, const tl_error *err)
{
    lua_pushnil(L);
    lua_pushstring(L, err->message);
    lua_pushstring(L, tl_code_name(err->code));
    tlua_push_error(L, err);
    return 4;
}

__attribute__((format(printf, 3, 0))) static void fill(tl_error *err, tl_code code, const char *format,
                                                       va_list args)
{
    *err = (tl_error)TL_ERROR_INIT;
    err->code = code;
    vsnprintf(err->message, sizeof err->message, format, args);
}

tl_code tlua_set_error(tl_error *err, tl_code code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill(err, code, format, args);
    va_end(args);
    return code;
}

int tlua_fail_with(lua_State *L, tl_code code, const char *format, ...)
{
    tl_error err;
    va_list args;
    va_start(args, format);
    fill(&err, code, format, args);
    va_end(args);
    return tlua_fail(L, &err);
}

int tlua_raise(lua_State *L, const tl_error *err)
{
    tlua_push_error(L, err);
    return lua_error(L);
}

/* "message (code)"; other people's tables with this metatable must not crash it. */
static int error_tostring(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_getfield(L, 1, "message");
    lua_getfield(L, 1, "code");
    const char *message = lua_tostring(L, -2);
    const char *code = lua_tostring(L, -1);
    lua_pushfstring(L, "%s (%s)", message ? message : "failed", code ? code : "unknown");
    return 1;
}

void tlua_open_error(lua_State *L)
{
    luaL_newmetatable(L, TLUA_ERROR);
    lua_pushcfunction(L, error_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pushliteral(L, TLUA_ERROR);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 1);
}
