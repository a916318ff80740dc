/* A SOAR client's lists with options. */
#include "core.h"

static const tlua_option approval_options[] = {{"status", TLUA_TEXT},       {"type", TLUA_TEXT},
                                               {"not_pending", TLUA_FLAG},  {"container_id", TLUA_INTEGER},
                                               {"min_id", TLUA_INTEGER},    {"started_after", TLUA_TEXT},
                                               {"closed_after", TLUA_TEXT}, {"descending", TLUA_FLAG},
                                               {"limit", TLUA_INTEGER},     {NULL, TLUA_ANY}};

/* Records; with `limit` also how many there are. */
static int soar_approvals(lua_State *L)
{
    tl_approval_query query = TL_APPROVAL_QUERY_INIT;
    tl_error err = TL_ERROR_INIT;
    const tlua_service *self = tlua_check_service(L, 1, TLUA_SOAR);
    lua_settop(L, 2);
    tlua_check_options(L, 2, approval_options);
    query.status = tlua_text(L, 2, "status");
    query.type = tlua_text(L, 2, "type");
    query.not_pending = tlua_flag(L, 2, "not_pending", false);
    query.container_id = tlua_integer(L, 2, "container_id", 1, INT64_MAX, 0);
    query.min_id = tlua_integer(L, 2, "min_id", 0, INT64_MAX, 0);
    query.started_after = tlua_text(L, 2, "started_after");
    query.closed_after = tlua_text(L, 2, "closed_after");
    query.descending = tlua_flag(L, 2, "descending", false);
    query.limit = tlua_integer(L, 2, "limit", 1, TL_SOAR_PAGE_MAX, 0);

    int64_t count = 0;
    tlua_box *box = tlua_push_box(L);
    if (query.limit == 0) {
        return tlua_finish_call(L, tl_soar_approvals(&box->tree, self->soar, &query, &err), box, &err);
    }
    tl_code code = tl_soar_approval_page(&box->tree, &count, self->soar, &query, &err);
    int results = tlua_finish_call(L, code, box, &err);
    if (code == TL_OK) {
        lua_pushinteger(L, count);
        results++;
    }
    return results;
}

static int soar_containers(lua_State *L)
{
    static const tlua_option known[] = {{"source_data_identifier", TLUA_TEXT},
                                        {"label", TLUA_TEXT},
                                        {"name", TLUA_TEXT},
                                        {"descending", TLUA_FLAG},
                                        {"limit", TLUA_INTEGER},
                                        {NULL, TLUA_ANY}};
    tl_container_query query = TL_CONTAINER_QUERY_INIT;
    tl_error err = TL_ERROR_INIT;
    const tlua_service *self = tlua_check_service(L, 1, TLUA_SOAR);
    lua_settop(L, 2);
    tlua_check_options(L, 2, known);
    query.source_data_identifier = tlua_text(L, 2, "source_data_identifier");
    query.label = tlua_text(L, 2, "label");
    query.name = tlua_text(L, 2, "name");
    query.descending = tlua_flag(L, 2, "descending", false);
    query.limit = tlua_integer(L, 2, "limit", 1, TL_SOAR_PAGE_MAX, 0);

    tlua_box *box = tlua_push_box(L);
    return tlua_finish_call(L, tl_soar_containers(&box->tree, self->soar, &query, &err), box, &err);
}

void tlua_add_soar_lists(lua_State *L)
{
    tlua_set_method(L, "approvals", soar_approvals, NULL);
    tlua_set_method(L, "containers", soar_containers, NULL);
}
