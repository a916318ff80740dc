/* Which requests a call is about. */
#include "core.h"

const tlua_option tlua_call_options[] = {{"organization_id", TLUA_TEXT}, {NULL, TLUA_ANY}};

/* Reads a member that must be text where it is there (null is as good as absent); borrowed from the table.
 * Returns NULL, or what is wrong. */
static const char *read_text(lua_State *L, int index, const char *name, const char **out)
{
    const char *why = NULL;
    int type = tlua_push_option(L, index, name);
    *out = NULL;
    if (type == LUA_TSTRING && !tlua_has_nul(L, -1)) {
        *out = lua_tostring(L, -1);
    } else if (type == LUA_TSTRING) {
        why = lua_pushfstring(L, "member '%s' holds a NUL byte", name);
    } else if (type != LUA_TNIL && !(type == LUA_TLIGHTUSERDATA && !lua_touserdata(L, -1))) {
        why = lua_pushfstring(L, "member '%s' must be a string", name);
    }
    if (!why) {
        lua_pop(L, 1);
    }
    return why;
}

const char *tlua_member_text(lua_State *L, int arg, const char *name)
{
    const char *text = NULL;
    const char *why = read_text(L, arg, name, &text);
    luaL_argcheck(L, !why, arg, why);
    return text;
}

/* An id, or a row with its organization. Returns NULL, or what is wrong. */
static const char *read_target(lua_State *L, int index, tl_request_ref *out)
{
    *out = (tl_request_ref){NULL, NULL};
    if (lua_istable(L, index)) {
        const char *why = read_text(L, index, "approvalRequestId", &out->request_id);
        why = why ? why : read_text(L, index, "organizationId", &out->organization_id);
        return why || out->request_id ? why : "the row has no approvalRequestId";
    }
    if (lua_type(L, index) != LUA_TSTRING) {
        return lua_pushfstring(L, "request id or row expected, got %s", luaL_typename(L, index));
    }
    out->request_id = lua_tostring(L, index);
    return tlua_has_nul(L, index) ? "holds a NUL byte" : NULL;
}

tl_request_ref tlua_check_target(lua_State *L, int arg, const char *organization_id)
{
    tl_request_ref target;
    const char *why = read_target(L, arg, &target);
    luaL_argcheck(L, !why, arg, why);
    if (organization_id) {
        target.organization_id = organization_id;
    }
    return target;
}

bool tlua_has_member(lua_State *L, int arg, const char *name)
{
    if (!lua_istable(L, arg)) {
        return false;
    }
    bool has = tlua_push_option(L, arg, name) != LUA_TNIL;
    lua_pop(L, 1);
    return has;
}

bool tlua_is_list(lua_State *L, int arg)
{
    return lua_istable(L, arg) && (lua_rawlen(L, arg) > 0 || !tlua_has_member(L, arg, "approvalRequestId"));
}

const tl_request_ref *tlua_check_targets(lua_State *L, int arg, const char *organization_id,
                                         size_t *out_count)
{
    /* A row with a typing error must not pass as an empty list, nor a list with holes as a shorter one. */
    lua_Integer length = tlua_list_length(L, arg);
    luaL_argcheck(L, length >= 0, arg, "must be a request id, a row, or a list of them");
    size_t count = (size_t)length;
    tl_request_ref *targets = lua_newuserdatauv(L, (count + 1) * sizeof *targets, 0);
    luaL_checkstack(L, 5, NULL);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, arg, (lua_Integer)i + 1);
        const char *why = read_target(L, lua_gettop(L), &targets[i]);
        if (why) {
            luaL_argerror(L, arg, lua_pushfstring(L, "item %I: %s", (lua_Integer)i + 1, why));
        }
        lua_pop(L, 1);
        if (organization_id) {
            targets[i].organization_id = organization_id;
        }
    }
    *out_count = count;
    return targets;
}
