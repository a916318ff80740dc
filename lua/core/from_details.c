/* The client's questions about a request's permit details: matching applications, suggested conditions. */
#include "core.h"

typedef tl_code ask_fn(cJSON **out, tl_client *client, const char *organization_id, const cJSON *what,
                       tl_error *err);

typedef struct details_call {
    const char *name; /* NULL ends the list */
    ask_fn *ask;      /* by details */
    ask_fn *search;   /* by criteria of the caller's; NULL = there are none */
} details_call;

static const details_call calls[] = {
    {"matching_applications", tl_matching_applications, tl_match_applications},
    {"suggest_conditions", tl_suggest_conditions, NULL},
    {.name = NULL},
};

/* The table is the caller's own: details that were read before, or criteria. */
static int ask_by_table(lua_State *L, const tlua_service *self, ask_fn *ask, const char *name)
{
    tl_error err = TL_ERROR_INIT;
    tlua_box *what = NULL;
    const cJSON *tree = tlua_build_tree(L, 2, 2, name, &what);
    tlua_box *box = tlua_push_box(L);
    tl_code code = ask(&box->tree, self->client, tlua_text(L, 3, "organization_id"), tree, &err);
    return tlua_finish_call(L, code, box, &err);
}

static int ask_by_request(lua_State *L, const tlua_service *self, ask_fn *ask)
{
    tl_error err = TL_ERROR_INIT;
    tl_request_ref target = tlua_check_target(L, 2, tlua_text(L, 3, "organization_id"));
    tlua_box *details = tlua_push_box(L);
    tlua_box *box = tlua_push_box(L);
    tl_code code =
        tl_permit_details(&details->tree, self->client, target.organization_id, target.request_id, &err);
    if (code == TL_OK) {
        code = ask(&box->tree, self->client, target.organization_id, details->tree, &err);
    }
    return tlua_finish_call(L, code, box, &err);
}

/* (id, row, details or criteria [, options]). A row has an approvalRequestId, details have theirs within
 * approvalRequest; what has neither is criteria. */
static int call_from_details(lua_State *L)
{
    const details_call *call = tlua_method_data(L);
    const tlua_service *self = tlua_check_service(L, 1, TLUA_CLIENT);
    lua_settop(L, 3);
    tlua_check_options(L, 3, tlua_call_options);
    if (!lua_istable(L, 2) || tlua_has_member(L, 2, "approvalRequestId")) {
        return ask_by_request(L, self, call->ask);
    }
    if (tlua_has_member(L, 2, "approvalRequest")) {
        return ask_by_table(L, self, call->ask, "details");
    }
    luaL_argcheck(L, call->search, 2, "request id, row or permit details expected");
    return ask_by_table(L, self, call->search, "criteria");
}

void tlua_add_details_calls(lua_State *L)
{
    for (const details_call *call = calls; call->name; call++) {
        tlua_set_method(L, call->name, call_from_details, call);
    }
}
