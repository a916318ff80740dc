/* client:requests(): an iterator over all pages. */
#include "core.h"

#include <stddef.h>

typedef struct iterator {
    tl_requests *requests; /* NULL = closed */
    cJSON *row;            /* the one that is being converted */
    tlua_link link;
    const char *ended; /* why it is closed */
} iterator;

enum { SLOT_CLIENT = 1, SLOT_KEYS, ITERATOR_SLOTS = SLOT_KEYS };

static void drop_row(iterator *self)
{
    cJSON_Delete(self->row);
    self->row = NULL;
}

static void end_iterator(iterator *self, const char *why)
{
    tlua_unlink(&self->link);
    drop_row(self);
    if (self->requests) {
        tl_requests_close(self->requests);
        self->requests = NULL;
        self->ended = why;
    }
}

static void client_ends(tlua_link *link)
{
    end_iterator((iterator *)((char *)link - offsetof(iterator, link)),
                 "attempt to use a request iterator whose client was closed");
}

static int iterator_close(lua_State *L)
{
    end_iterator(luaL_checkudata(L, 1, TLUA_REQUESTS), "attempt to use a closed request iterator");
    return 0;
}

static iterator *check_open(lua_State *L)
{
    iterator *self = luaL_checkudata(L, 1, TLUA_REQUESTS);
    if (!self->requests) {
        luaL_error(L, "%s",
                   self->ended ? self->ended : "attempt to use a request iterator that never opened");
    }
    return self;
}

/* __call: the generic for passes a state and a control value, which nobody needs. A row whose conversion ran
 * out of memory comes again, or it would be missing. The log comes last: its function may use or close this
 * very iterator, and must not lose the row either. */
static int iterator_next(lua_State *L)
{
    tl_error err = TL_ERROR_INIT;
    iterator *self = check_open(L);
    lua_settop(L, 1);
    lua_getiuservalue(L, 1, SLOT_CLIENT);
    tl_code code = self->row ? TL_OK : tl_requests_next(&self->row, self->requests, &err);
    if (self->row) {
        tlua_view view = tlua_push_view(L, 2);
        lua_getiuservalue(L, 1, SLOT_KEYS);
        view.keys = lua_gettop(L);
        tlua_push_row(L, self->row, view);
        drop_row(self);
    } else {
        lua_pushnil(L);
    }
    tlua_deliver_log(L, 2);
    return code == TL_OK ? 1 : tlua_raise(L, &err);
}

static int iterator_totals(lua_State *L)
{
    tl_page page = tl_requests_totals(check_open(L)->requests);
    tlua_push_page(L, &page);
    return 1;
}

/* Whether the end was reached and the list was read whole. */
static int iterator_complete(lua_State *L)
{
    lua_pushboolean(L, tl_requests_complete(check_open(L)->requests));
    return 1;
}

static int iterator_tostring(lua_State *L)
{
    const iterator *self = luaL_checkudata(L, 1, TLUA_REQUESTS);
    return tlua_describe(L, TLUA_REQUESTS, self->requests ? self : NULL);
}

int tlua_requests(lua_State *L)
{
    tl_error err = TL_ERROR_INIT;
    tlua_service *client = tlua_check_service(L, 1, TLUA_CLIENT);
    lua_settop(L, 2);
    tl_request_query query = tlua_push_query(L, 2, client, false);

    iterator *self = lua_newuserdatauv(L, sizeof *self, ITERATOR_SLOTS);
    *self = (iterator){.requests = NULL};
    luaL_setmetatable(L, TLUA_REQUESTS);
    lua_pushvalue(L, 1);
    lua_setiuservalue(L, -2, SLOT_CLIENT);
    tlua_push_keys(L);
    lua_setiuservalue(L, -2, SLOT_KEYS);
    if (tl_requests_open(&self->requests, client->client, &query, &err) != TL_OK) {
        tlua_deliver_log(L, 1);
        return tlua_raise(L, &err);
    }
    tlua_link_service(client, &self->link, client_ends);
    tlua_deliver_log(L, 1);

    lua_pushnil(L);
    lua_pushnil(L);
    lua_pushvalue(L, -3);
    return 4; /* iterator, no state, no control value, to-be-closed value */
}

void tlua_open_requests(lua_State *L)
{
    static const luaL_Reg metamethods[] = {{"__gc", iterator_close},
                                           {"__close", iterator_close},
                                           {"__call", iterator_next},
                                           {"__tostring", iterator_tostring},
                                           {NULL, NULL}};
    static const luaL_Reg methods[] = {{"close", iterator_close},
                                       {"totals", iterator_totals},
                                       {"complete", iterator_complete},
                                       {NULL, NULL}};
    tlua_open_type(L, TLUA_REQUESTS, metamethods, methods);
    lua_pop(L, 1);
}
