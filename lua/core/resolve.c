/* client:resolve_prompt: one prompt, without a chain. */
#include "core.h"

/* (soar, approval_id [, options]) */
static int client_resolve_prompt(lua_State *L)
{
    static const tlua_option known[] = {{"executor", TLUA_TEXT},   {"limits", TLUA_TABLE},
                                        {"words", TLUA_TABLE},     {"max_answer_age", TLUA_NUMBER},
                                        {"request_id", TLUA_TEXT}, {"answerer_not_requester", TLUA_FLAG},
                                        {NULL, TLUA_ANY}};
    tl_resolve_options options = TL_RESOLVE_OPTIONS_INIT;
    tl_error err = TL_ERROR_INIT;
    lua_settop(L, 4);
    const tlua_service *self = tlua_check_service(L, 1, TLUA_CLIENT);
    const tlua_service *soar = tlua_check_service(L, 2, TLUA_SOAR);
    int64_t approval_id = tlua_check_integer(L, 3);
    tlua_check_options(L, 4, known);
    options.executor = tlua_text(L, 4, "executor");
    options.request_id = tlua_text(L, 4, "request_id");
    options.answerer_not_requester = tlua_flag(L, 4, "answerer_not_requester", false);
    options.max_answer_age_s = tlua_seconds(L, 4, "max_answer_age");
    options.limits = tlua_check_limits(L, 4);
    options.words = tlua_push_words(L, 4);

    tlua_box *box = tlua_push_box(L);
    tl_code code = tl_resolve_prompt(&box->tree, self->client, soar->soar, approval_id, &options, &err);
    tlua_deliver_log(L, 2);
    return tlua_finish_call(L, code, box, &err);
}

void tlua_add_resolve(lua_State *L)
{
    tlua_set_method(L, "resolve_prompt", client_resolve_prompt, NULL);
}
