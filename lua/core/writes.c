/* The client's writes, and the prompts that stand before them. */
#include "core.h"

typedef tl_code one_fn(cJSON **out, tl_client *client, const char *organization_id, const char *request_id,
                       const cJSON *what, tl_error *err);
typedef tl_code many_fn(cJSON **out, tl_client *client, const tl_request_ref *requests, size_t count,
                        const cJSON *what, tl_error *err);

typedef struct write_call {
    const char *name; /* NULL ends the list */
    one_fn *one;
    many_fn *many;    /* NULL = one request at a time */
    const char *what; /* the table that says what to do, for messages */
    bool needed;      /* that table */
} write_call;

static const write_call calls[] = {
    {"permit", tl_permit, NULL, "choice", true},
    {"permit_storage", tl_permit_storage, NULL, "choice", true},
    {"reject", tl_reject, tl_reject_many, "answer", false},
    {"ignore", tl_ignore, tl_ignore_many, "answer", false},
    {"take_ownership", tl_take_ownership, NULL, "options", false},
    {"authorize", tl_authorize, NULL, "options", false},
    {"prepare_prompt", tl_prepare_prompt, NULL, "options", true},
    {.name = NULL},
};

/* organization_id may stand among the members of the table at 3, where the core does not expect it. */
static const char *check_organization(lua_State *L)
{
    const char *inside = tlua_member_text(L, 3, "organization_id");
    const char *outside = tlua_text(L, 4, "organization_id");
    luaL_argcheck(L, !(inside && outside), 4, "organization_id is given twice");
    return inside ? inside : outside;
}

/* (id, row or, where there is `many`, a list of them; table [, options]) */
static int call_write(lua_State *L)
{
    const write_call *call = tlua_method_data(L);
    tl_error err = TL_ERROR_INIT;
    tl_request_ref one = {NULL, NULL};
    const tl_request_ref *list = NULL;
    size_t count = 0;
    tlua_box *what = NULL;
    const tlua_service *self = tlua_check_service(L, 1, TLUA_CLIENT);

    lua_settop(L, 4);
    if (lua_isnil(L, 3) && !call->needed) {
        lua_newtable(L);
        lua_replace(L, 3);
    }
    luaL_checktype(L, 3, LUA_TTABLE);
    tlua_check_options(L, 4, tlua_call_options);
    const char *organization_id = check_organization(L);
    if (call->many && tlua_is_list(L, 2)) {
        list = tlua_check_targets(L, 2, organization_id, &count);
    } else {
        one = tlua_check_target(L, 2, organization_id);
    }
    cJSON *tree = tlua_build_tree(L, 3, 3, call->what, &what);
    luaL_argcheck(L, cJSON_IsObject(tree), 3, "must have named members, not a list");
    cJSON_DeleteItemFromObjectCaseSensitive(tree, "organization_id");

    tlua_box *box = tlua_push_box(L);
    tl_code code = list
                       ? call->many(&box->tree, self->client, list, count, tree, &err)
                       : call->one(&box->tree, self->client, one.organization_id, one.request_id, tree, &err);
    return tlua_finish_call(L, code, box, &err);
}

void tlua_add_writes(lua_State *L)
{
    for (const write_call *call = calls; call->name; call++) {
        tlua_set_method(L, call->name, call_write, call);
    }
}
