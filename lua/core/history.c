/* A ledger's history: of a chain, or of its file alone. */
#include "core.h"

/* The request at `arg`, an id or a row; NULL = all. */
static const char *check_request(lua_State *L, int arg)
{
    return lua_isnil(L, arg) ? NULL : tlua_check_target(L, arg, NULL).request_id;
}

static int finish(lua_State *L, tl_code code, const tlua_box *box, const tl_error *err)
{
    if (code != TL_OK) {
        return tlua_fail(L, err);
    }
    tlua_push_tree(L, box->tree, TLUA_PLAIN);
    return 1;
}

int tlua_chain_history(lua_State *L)
{
    tl_error err = TL_ERROR_INIT;
    const tlua_chain *self = tlua_check_chain(L);
    lua_settop(L, 2);
    const char *request_id = check_request(L, 2);
    tlua_box *box = tlua_push_box(L);
    return finish(L, tl_chain_history(&box->tree, self->chain, request_id, &err), box, &err);
}

int tlua_history(lua_State *L)
{
    tl_error err = TL_ERROR_INIT;
    const char *path = tlua_check_text(L, 1);
    lua_settop(L, 2);
    const char *request_id = check_request(L, 2);
    tlua_box *box = tlua_push_box(L);
    return finish(L, tl_chain_history_of(&box->tree, path, request_id, &err), box, &err);
}
