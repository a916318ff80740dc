/* Memory of C that goes when the running function ends, also by an error. */
#include "core.h"

#include <stdlib.h>

#define TLUA_BOX "threatlocker.box"

/* __gc and __close: safe to run twice. */
static int free_box(lua_State *L)
{
    tlua_box *box = luaL_checkudata(L, 1, TLUA_BOX);
    cJSON_Delete(box->tree);
    free(box->text);
    *box = (tlua_box){NULL, NULL};
    return 0;
}

tlua_box *tlua_push_box(lua_State *L)
{
    tlua_box *box = lua_newuserdatauv(L, sizeof *box, 0);
    *box = (tlua_box){NULL, NULL};
    luaL_setmetatable(L, TLUA_BOX);
    lua_toclose(L, -1);
    return box;
}

void tlua_open_box(lua_State *L)
{
    static const luaL_Reg metamethods[] = {{"__gc", free_box}, {"__close", free_box}, {NULL, NULL}};
    luaL_newmetatable(L, TLUA_BOX);
    luaL_setfuncs(L, metamethods, 0);
    lua_pop(L, 1);
}
