/* The module's own JSON functions. */
#include "core.h"

int tlua_json_encode(lua_State *L)
{
    size_t length = 0;
    tlua_box *box = NULL;
    tl_error err = TL_ERROR_INIT;
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    const cJSON *tree = tlua_build_tree(L, 1, 1, "value", &box);
    if (tl_json_print(&box->text, &length, tree, &err) != TL_OK) {
        return tlua_fail(L, &err);
    }
    lua_pushlstring(L, box->text, length);
    return 1;
}

int tlua_json_decode(lua_State *L)
{
    static const tlua_option known[] = {{"null", TLUA_ANY}, {NULL, TLUA_ANY}};
    size_t length = 0;
    tl_error err = TL_ERROR_INIT;
    luaL_checktype(L, 1, LUA_TSTRING);
    lua_settop(L, 2);
    tlua_check_options(L, 2, known);
    tlua_view view = {.null = 0};
    if (tlua_push_option(L, 2, "null") != LUA_TNIL) {
        view.null = lua_gettop(L);
    }
    tlua_box *box = tlua_push_box(L);
    const char *text = lua_tolstring(L, 1, &length);
    if (tl_json_parse(&box->tree, text, length, &err) != TL_OK) {
        return tlua_fail(L, &err);
    }
    tlua_push_tree(L, box->tree, view);
    return 1;
}

/* array([t]): marks the table, a new one where none is given, as a JSON array, and returns it. */
int tlua_array(lua_State *L)
{
    lua_settop(L, 1);
    if (lua_isnil(L, 1)) {
        lua_newtable(L);
        lua_replace(L, 1);
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_argcheck(L, luaL_getmetafield(L, 1, "__metatable") == LUA_TNIL, 1, "its metatable is protected");
    luaL_setmetatable(L, TLUA_ARRAY);
    return 1;
}

void tlua_open_array(lua_State *L)
{
    luaL_newmetatable(L, TLUA_ARRAY); /* names itself in __name */
    lua_pop(L, 1);
}
