/* What a SOAR client sends. */
#include "core.h"

/* Reads the table at `arg` as the object to be sent; its box goes onto the stack. */
static const cJSON *check_object(lua_State *L, int arg, const char *name)
{
    tlua_box *box = NULL;
    luaL_checktype(L, arg, LUA_TTABLE);
    const cJSON *object = tlua_build_tree(L, arg, arg, name, &box);
    luaL_argcheck(L, cJSON_IsObject(object), arg, "must have named members, not a list");
    return object;
}

typedef tl_code post_fn(cJSON **out, tl_soar *soar, const cJSON *body, tl_error *err);

typedef struct post_call {
    const char *name; /* NULL ends the list */
    post_fn *post;
    const char *what; /* the table, for messages */
} post_call;

static const post_call calls[] = {
    {"create_approval", tl_soar_create_approval, "approval"},
    {"create_container", tl_soar_create_container, "container"},
    {.name = NULL},
};

static int call_post(lua_State *L)
{
    const post_call *call = tlua_method_data(L);
    tl_error err = TL_ERROR_INIT;
    const tlua_service *self = tlua_check_service(L, 1, TLUA_SOAR);
    lua_settop(L, 2);
    const cJSON *body = check_object(L, 2, call->what);
    tlua_box *box = tlua_push_box(L);
    return tlua_finish_call(L, call->post(&box->tree, self->soar, body, &err), box, &err);
}

static int finish_with_id(lua_State *L, tl_code code, int64_t id, const tl_error *err)
{
    tlua_deliver_log(L, 1);
    if (code != TL_OK) {
        return tlua_fail(L, err);
    }
    lua_pushinteger(L, id);
    return 1;
}

/* (table [, options]) */
static int soar_run_playbook(lua_State *L)
{
    static const tlua_option known[] = {{"inputs_as_text", TLUA_FLAG}, {NULL, TLUA_ANY}};
    tl_error err = TL_ERROR_INIT;
    int64_t id = 0;
    const tlua_service *self = tlua_check_service(L, 1, TLUA_SOAR);
    lua_settop(L, 3);
    tlua_check_options(L, 3, known);
    bool as_text = tlua_flag(L, 3, "inputs_as_text", false);
    const cJSON *body = check_object(L, 2, "run");
    tl_code code = tl_soar_run_playbook(&id, self->soar, body, as_text, &err);
    return finish_with_id(L, code, id, &err);
}

/* (container_id, title, content) */
static int soar_add_note(lua_State *L)
{
    tl_error err = TL_ERROR_INIT;
    int64_t id = 0;
    const tlua_service *self = tlua_check_service(L, 1, TLUA_SOAR);
    int64_t container_id = tlua_check_integer(L, 2);
    const char *title = tlua_check_text(L, 3), *content = tlua_check_text(L, 4);
    lua_settop(L, 4);
    tl_code code = tl_soar_add_note(&id, self->soar, container_id, title, content, &err);
    return finish_with_id(L, code, id, &err);
}

void tlua_add_soar_posts(lua_State *L)
{
    for (const post_call *call = calls; call->name; call++) {
        tlua_set_method(L, call->name, call_post, call);
    }
    tlua_set_method(L, "run_playbook", soar_run_playbook, NULL);
    tlua_set_method(L, "add_note", soar_add_note, NULL);
}
