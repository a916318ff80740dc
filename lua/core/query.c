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

#define QUERY_OPTIONS                                                                                        \
    {"organization_id", TLUA_TEXT}, {"status", TLUA_ANY}, {"children", TLUA_FLAG}, {"search", TLUA_TEXT},    \
        {"order_by", TLUA_TEXT}, {"ascending", TLUA_FLAG}, {"action_types", TLUA_TABLE},                     \
        {"request_type", TLUA_INTEGER}, {"current_tier_only", TLUA_FLAG}, {"tier_level", TLUA_INTEGER},      \
        {"page_size", TLUA_INTEGER},                                                                         \
    {                                                                                                        \
        "concurrency", TLUA_INTEGER                                                                          \
    }

enum { NUMBER_MAX = 1000000 }; /* of ThreatLocker's own numbers: more than there will ever be */

/* A word or a number: organizations name numbers of their own for escalated requests. */
static int check_status(lua_State *L, int arg)
{
    return tlua_word_or_integer(L, arg, "status", status_words, 1, NUMBER_MAX, TL_STATUS_PENDING);
}

static int small_integer(lua_State *L, int arg, const char *name, int max, int absent)
{
    return (int)tlua_integer(L, arg, name, 1, max, absent);
}

tl_request_query tlua_push_query(lua_State *L, int arg, const tlua_service *client, bool paged)
{
    static const tlua_option list_options[] = {QUERY_OPTIONS, {NULL, TLUA_ANY}};
    static const tlua_option page_options[] = {
        QUERY_OPTIONS, {"page_number", TLUA_INTEGER}, {NULL, TLUA_ANY}};
    tl_request_query query = TL_REQUEST_QUERY_INIT;
    tlua_check_options(L, arg, paged ? page_options : list_options);
    query.organization_id = tlua_text(L, arg, "organization_id");
    query.status_id = check_status(L, arg);
    query.children = tlua_flag(L, arg, "children", false);
    query.descending = !tlua_flag(L, arg, "ascending", true);
    query.search = tlua_text(L, arg, "search");
    query.order_by = tlua_text(L, arg, "order_by");
    query.request_type_id = small_integer(L, arg, "request_type", NUMBER_MAX, 0);
    query.current_tier_only = tlua_flag(L, arg, "current_tier_only", false);
    query.tier_level = small_integer(L, arg, "tier_level", NUMBER_MAX, 0);
    query.page_size = tlua_integer(L, arg, "page_size", 1, TLUA_PAGE_SIZE_MAX, client->page_size);
    query.page_number = tlua_integer(L, arg, "page_number", 1, INT32_MAX, 0);
    query.concurrency = small_integer(L, arg, "concurrency", TLUA_CONCURRENCY_MAX, client->concurrency);
    query.action_types = tlua_push_texts(L, arg, "action_types");
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
    tl_request_query query = tlua_push_query(L, 2, self, true);
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
