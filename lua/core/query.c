/* What a listing asks for, and single pages. */
#include "core.h"

static const tlua_word status_words[] = {{"pending", TL_STATUS_PENDING},
                                         {"approved", TL_STATUS_APPROVED},
                                         {"not_learned", TL_STATUS_NOT_LEARNED},
                                         {"rejected", TL_STATUS_REJECTED},
                                         {"added_to_application", TL_STATUS_ADDED_TO_APPLICATION},
                                         {"escalated", TL_STATUS_ESCALATED},
                                         {"self_approved", TL_STATUS_SELF_APPROVED},
                                         {"escalated_by_customer", TL_STATUS_ESCALATED_BY_CUSTOMER},
                                         {NULL, 0}};

/* A word or a number: organizations name numbers of their own for escalated requests. */
static int check_status(lua_State *L, int arg)
{
    int status = TL_STATUS_PENDING;
    switch (tlua_push_option(L, arg, "status")) {
    case LUA_TNIL:
        break;
    case LUA_TSTRING:
        status = tlua_choose(L, "status", lua_tostring(L, -1), status_words);
        break;
    case LUA_TNUMBER:
        if (lua_isinteger(L, -1)) {
            status = (int)tlua_integer(L, arg, "status", 1, 1000000, TL_STATUS_PENDING);
            break;
        } /* fall through */
    default:
        luaL_error(L, "option 'status' must be an integer or a word");
    }
    lua_pop(L, 1);
    return status;
}

#define QUERY_OPTIONS                                                                                        \
    {"organization_id", TLUA_TEXT}, {"status", TLUA_ANY}, {"children", TLUA_FLAG}, {"search", TLUA_TEXT},    \
        {"order_by", TLUA_TEXT}, {"ascending", TLUA_FLAG},                                                   \
    {                                                                                                        \
        "page_size", TLUA_INTEGER                                                                            \
    }

tl_request_query tlua_check_query(lua_State *L, int arg, const tlua_service *client, bool paged)
{
    static const tlua_option list_options[] = {QUERY_OPTIONS, {NULL, TLUA_ANY}};
    static const tlua_option page_options[] = {
        QUERY_OPTIONS, {"page_number", TLUA_INTEGER}, {NULL, TLUA_ANY}};
    tl_request_query query = TL_REQUEST_QUERY_INIT;
    tlua_check_options(L, arg, paged ? page_options : list_options);
    query.organization_id = tlua_text(L, arg, "organization_id");
    query.status_id = check_status(L, arg);
    query.children = tlua_flag(L, arg, "children");
    query.descending = tlua_push_option(L, arg, "ascending") == LUA_TBOOLEAN && !lua_toboolean(L, -1);
    lua_pop(L, 1);
    query.search = tlua_text(L, arg, "search");
    query.order_by = tlua_text(L, arg, "order_by");
    query.page_size = tlua_integer(L, arg, "page_size", 1, 1000, client->page_size);
    query.page_number = tlua_integer(L, arg, "page_number", 1, INT64_MAX, 0);
    return query;
}

static void set_total(lua_State *L, const char *name, int64_t value)
{
    if (value >= 0) {
        lua_pushinteger(L, value);
        lua_setfield(L, -2, name);
    }
}

void tlua_push_page(lua_State *L, const tl_page *page)
{
    lua_createtable(L, 0, 4);
    set_total(L, "current_page", page->current_page);
    set_total(L, "items_per_page", page->items_per_page);
    set_total(L, "total_items", page->total_items);
    set_total(L, "total_pages", page->total_pages);
}

int tlua_request_page(lua_State *L)
{
    tl_error err = TL_ERROR_INIT;
    tl_page page = {-1, -1, -1, -1};
    tlua_service *self = tlua_check_service(L, 1, TLUA_CLIENT);
    lua_settop(L, 2);
    tl_request_query query = tlua_check_query(L, 2, self, true);
    tlua_box *box = tlua_push_box(L);
    tl_code code = tl_request_page(&box->tree, &page, self->client, &query, &err);
    tlua_deliver_log(L, 1);
    if (code != TL_OK) {
        return tlua_fail(L, &err);
    }
    tlua_push_rows(L, box->tree, tlua_push_view(L, 1));
    tlua_push_page(L, &page);
    return 2;
}
