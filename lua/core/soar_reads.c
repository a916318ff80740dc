/* What a SOAR client reads by id or token. */
#include "core.h"

typedef tl_code read_fn(cJSON **out, tl_soar *soar, int64_t id, tl_error *err);

typedef struct read_call {
    const char *name; /* NULL ends the list */
    read_fn *read;
} read_call;

static const read_call calls[] = {
    {"approval_summary", tl_soar_approval_summary},
    {"prompt_answer", tl_soar_prompt_answer},
    {"container", tl_soar_container},
    {"container_approvals", tl_soar_container_approvals},
    {"action_run", tl_soar_action_run},
    {"app_runs", tl_soar_app_runs},
    {"app_run", tl_soar_app_run},
    {"playbook_run", tl_soar_playbook_run},
    {.name = NULL},
};

static int read_by_id(lua_State *L, read_fn *read, int64_t id)
{
    tl_error err = TL_ERROR_INIT;
    const tlua_service *self = tlua_check_service(L, 1, TLUA_SOAR);
    tlua_box *box = tlua_push_box(L);
    return tlua_finish_call(L, read(&box->tree, self->soar, id, &err), box, &err);
}

static int call_read(lua_State *L)
{
    const read_call *call = tlua_method_data(L);
    tlua_check_service(L, 1, TLUA_SOAR);
    int64_t id = tlua_check_integer(L, 2);
    lua_settop(L, 2);
    return read_by_id(L, call->read, id);
}

/* (id [, options]) */
static int soar_approval(lua_State *L)
{
    static const tlua_option known[] = {{"block_results", TLUA_FLAG}, {NULL, TLUA_ANY}};
    tlua_check_service(L, 1, TLUA_SOAR);
    int64_t id = tlua_check_integer(L, 2);
    lua_settop(L, 3);
    tlua_check_options(L, 3, known);
    bool blocks = tlua_flag(L, 3, "block_results", false);
    luaL_argcheck(L, id != 0 || !blocks, 2, "must be an id; block_results() asks without one");
    return read_by_id(L, blocks ? tl_soar_block_results : tl_soar_approval, id);
}

/* ([id]) */
static int soar_block_results(lua_State *L)
{
    tlua_check_service(L, 1, TLUA_SOAR);
    int64_t id = lua_isnoneornil(L, 2) ? 0 : tlua_check_integer(L, 2);
    luaL_argcheck(L, id > 0 || lua_isnoneornil(L, 2), 2, "must be a positive number");
    lua_settop(L, 2);
    return read_by_id(L, tl_soar_block_results, id);
}

static int soar_external_prompt(lua_State *L)
{
    tl_error err = TL_ERROR_INIT;
    const tlua_service *self = tlua_check_service(L, 1, TLUA_SOAR);
    const char *token = tlua_check_text(L, 2);
    lua_settop(L, 2);
    tlua_box *box = tlua_push_box(L);
    return tlua_finish_call(L, tl_soar_external_prompt(&box->tree, self->soar, token, &err), box, &err);
}

/* Gives the text alone. */
static int soar_version(lua_State *L)
{
    tl_error err = TL_ERROR_INIT;
    const tlua_service *self = tlua_check_service(L, 1, TLUA_SOAR);
    lua_settop(L, 1);
    tlua_box *box = tlua_push_box(L);
    tl_code code = tl_soar_version(&box->tree, self->soar, &err);
    int results = tlua_finish_call(L, code, box, &err);
    if (code == TL_OK) {
        lua_getfield(L, -1, "version");
    }
    return results;
}

void tlua_add_soar_reads(lua_State *L)
{
    for (const read_call *call = calls; call->name; call++) {
        tlua_set_method(L, call->name, call_read, call);
    }
    tlua_set_method(L, "approval", soar_approval, NULL);
    tlua_set_method(L, "block_results", soar_block_results, NULL);
    tlua_set_method(L, "external_prompt", soar_external_prompt, NULL);
    tlua_set_method(L, "version", soar_version, NULL);
}
