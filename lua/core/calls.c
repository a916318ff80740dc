/* The client's calls about one request. */
#include "core.h"

static const tlua_option call_options[] = {{"organization_id", TLUA_TEXT}, {NULL, TLUA_ANY}};

/* Reads a member of somebody's table that must be text where it is there; borrowed from that table. */
static const char *member_text(lua_State *L, int arg, const char *name)
{
    int type = tlua_push_option(L, arg, name);
    const char *text = NULL;
    if (type == LUA_TSTRING) {
        text = tlua_check_text(L, lua_gettop(L));
    } else if (type != LUA_TNIL && !(type == LUA_TLIGHTUSERDATA && !lua_touserdata(L, -1))) {
        luaL_argerror(L, arg, lua_pushfstring(L, "member '%s' must be a string", name));
    }
    lua_pop(L, 1);
    return text;
}

tlua_target tlua_check_target(lua_State *L, int arg, int options)
{
    tlua_target target = {NULL, NULL};
    if (lua_istable(L, arg)) {
        target.request_id = member_text(L, arg, "approvalRequestId");
        target.organization_id = member_text(L, arg, "organizationId");
        luaL_argcheck(L, target.request_id, arg, "the row has no approvalRequestId");
    } else {
        luaL_argexpected(L, lua_type(L, arg) == LUA_TSTRING, arg, "request id or row");
        target.request_id = tlua_check_text(L, arg);
    }
    const char *chosen = options ? tlua_text(L, options, "organization_id") : NULL;
    if (chosen) {
        target.organization_id = chosen;
    }
    return target;
}

/* ---- reads: (id or row [, options]) ---- */

static tlua_service *check_read(lua_State *L, tlua_target *out_target)
{
    tlua_service *self = tlua_check_service(L, 1, TLUA_CLIENT);
    lua_settop(L, 3);
    tlua_check_options(L, 3, call_options);
    *out_target = tlua_check_target(L, 2, 3);
    return self;
}

static int call_request(lua_State *L)
{
    tl_error err = TL_ERROR_INIT;
    tlua_target target;
    tlua_service *self = check_read(L, &target);
    tlua_box *box = tlua_push_box(L);
    tl_code code = tl_request_get(&box->tree, self->client, target.organization_id, target.request_id, &err);
    tlua_deliver_log(L, 1);
    if (code != TL_OK) {
        return tlua_fail(L, &err);
    }
    tlua_push_row(L, box->tree, tlua_push_view(L, 1));
    return 1;
}

static int call_permit_details(lua_State *L)
{
    tl_error err = TL_ERROR_INIT;
    tlua_target target;
    tlua_service *self = check_read(L, &target);
    tlua_box *box = tlua_push_box(L);
    tl_code code =
        tl_permit_details(&box->tree, self->client, target.organization_id, target.request_id, &err);
    return tlua_finish_call(L, code, box, &err);
}

static int match_details(lua_State *L, tlua_service *self)
{
    tl_error err = TL_ERROR_INIT;
    tlua_box *details = NULL;
    const char *organization_id = tlua_text(L, 3, "organization_id");
    if (!organization_id) {
        organization_id = member_text(L, 2, "organizationId");
    }
    tlua_build_tree(L, 2, 2, "details", &details);
    tlua_box *box = tlua_push_box(L);
    tl_code code = tl_matching_applications(&box->tree, self->client, organization_id, details->tree, &err);
    return tlua_finish_call(L, code, box, &err);
}

static int match_request(lua_State *L, tlua_service *self)
{
    tl_error err = TL_ERROR_INIT;
    tlua_target target = tlua_check_target(L, 2, 3);
    tlua_box *details = tlua_push_box(L);
    tlua_box *box = tlua_push_box(L);
    tl_code code =
        tl_permit_details(&details->tree, self->client, target.organization_id, target.request_id, &err);
    if (code == TL_OK) {
        code =
            tl_matching_applications(&box->tree, self->client, target.organization_id, details->tree, &err);
    }
    return tlua_finish_call(L, code, box, &err);
}

/* A row has an approvalRequestId, details have one only further down. */
static bool is_details(lua_State *L, int arg)
{
    if (!lua_istable(L, arg)) {
        return false;
    }
    bool row = tlua_push_option(L, arg, "approvalRequestId") != LUA_TNIL;
    lua_pop(L, 1);
    return !row;
}

static int call_matching_applications(lua_State *L)
{
    tlua_service *self = tlua_check_service(L, 1, TLUA_CLIENT);
    lua_settop(L, 3);
    tlua_check_options(L, 3, call_options);
    return is_details(L, 2) ? match_details(L, self) : match_request(L, self);
}

/* ---- writes and prompts: (id or row, table [, options]) ---- */

typedef tl_code write_fn(cJSON **out, tl_client *client, const char *organization_id, const char *request_id,
                         const cJSON *what, tl_error *err);

/* organization_id may stand among the members of the table at 3, where the core does not expect it. */
static void take_organization(lua_State *L, cJSON *tree, tlua_target *target)
{
    const char *inside = member_text(L, 3, "organization_id");
    const char *outside = tlua_text(L, 4, "organization_id");
    luaL_argcheck(L, !(inside && outside), 4, "organization_id is given twice");
    if (inside) {
        target->organization_id = inside;
    }
    cJSON_DeleteItemFromObjectCaseSensitive(tree, "organization_id");
}

static int call_write(lua_State *L, write_fn *write, const char *name)
{
    tl_error err = TL_ERROR_INIT;
    tlua_box *what = NULL;
    tlua_service *self = tlua_check_service(L, 1, TLUA_CLIENT);
    lua_settop(L, 4);
    luaL_checktype(L, 3, LUA_TTABLE);
    tlua_check_options(L, 4, call_options);
    tlua_target target = tlua_check_target(L, 2, 4);
    cJSON *tree = tlua_build_tree(L, 3, 3, name, &what);
    luaL_argcheck(L, cJSON_IsObject(tree), 3, "must have named members, not a list");
    take_organization(L, tree, &target);
    tlua_box *box = tlua_push_box(L);
    return tlua_finish_call(
        L, write(&box->tree, self->client, target.organization_id, target.request_id, tree, &err), box, &err);
}

/* reject and ignore need no table. */
static int call_answer(lua_State *L, write_fn *write)
{
    lua_settop(L, 4);
    if (lua_isnil(L, 3)) {
        lua_newtable(L);
        lua_replace(L, 3);
    }
    return call_write(L, write, "answer");
}

static int call_permit(lua_State *L)
{
    return call_write(L, tl_permit, "choice");
}

static int call_reject(lua_State *L)
{
    return call_answer(L, tl_reject);
}

static int call_ignore(lua_State *L)
{
    return call_answer(L, tl_ignore);
}

static int call_prepare_prompt(lua_State *L)
{
    return call_write(L, tl_prepare_prompt, "options");
}

const luaL_Reg tlua_call_methods[] = {{"request", call_request},
                                      {"permit_details", call_permit_details},
                                      {"matching_applications", call_matching_applications},
                                      {"permit", call_permit},
                                      {"reject", call_reject},
                                      {"ignore", call_ignore},
                                      {"prepare_prompt", call_prepare_prompt},
                                      {NULL, NULL}};
