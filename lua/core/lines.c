/* Lines of log and events: kept during a transfer, handed to their Lua function after it. */
#include "core.h"

#include <stdlib.h>
#include <string.h>

/* A step of a busy chain logs some thousand lines; beyond this something is wrong and memory matters more. */
enum { LINES_LIMIT = 1024 * 1024 };

static bool make_room(tlua_lines *lines, size_t extra)
{
    if (extra > LINES_LIMIT - lines->length) {
        return false;
    }
    if (lines->length + extra <= lines->capacity) {
        return true;
    }
    size_t capacity = lines->capacity ? lines->capacity * 2 : 1024;
    while (capacity < lines->length + extra) {
        capacity *= 2;
    }
    char *data = realloc(lines->data, capacity);
    if (!data) {
        return false;
    }
    lines->data = data;
    lines->capacity = capacity;
    return true;
}

void tlua_keep_line(void *data, const char *line)
{
    tlua_lines *lines = data;
    size_t size = strlen(line) + 1;
    if (lines->delivering) {
        return; /* a log function that calls the client again would feed itself for ever */
    }
    if (!make_room(lines, size)) {
        lines->dropped++;
        return;
    }
    memcpy(lines->data + lines->length, line, size);
    lines->length += size;
}

void tlua_free_lines(tlua_lines *lines)
{
    free(lines->data);
    *lines = (tlua_lines){.data = NULL};
}

/* The function and its line are on the stack. */
static void deliver(lua_State *L, tlua_lines *lines)
{
    lines->delivering = true;
    int status = lua_pcall(L, 1, 0, 0);
    lines->delivering = false;
    if (status == LUA_OK) {
        return;
    }
    const char *message =
        lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "error object is not a string";
    lua_warning(L, "error in a log or event function of threatlocker (", 1);
    lua_warning(L, message, 1);
    lua_warning(L, ")", 0);
    lua_pop(L, 1);
}

/* (lines, function), protected: running out of memory here must not hide anything either. */
static int deliver_all(lua_State *L)
{
    tlua_lines *lines = lua_touserdata(L, 1);
    /* Taken out first: the function may close the object, which frees its lines. */
    tlua_box *box = tlua_push_box(L);
    size_t length = lines->length;
    unsigned dropped = lines->dropped;
    box->text = lines->data;
    *lines = (tlua_lines){.data = NULL};

    for (size_t at = 0; at < length; at += strlen(box->text + at) + 1) {
        lua_pushvalue(L, 2);
        lua_pushstring(L, box->text + at);
        deliver(L, lines);
    }
    if (dropped > 0) {
        lua_pushvalue(L, 2);
        lua_pushfstring(L, "%I lines were dropped", (lua_Integer)dropped);
        deliver(L, lines);
    }
    return 0;
}

bool tlua_deliver_lines(lua_State *L, tlua_lines *lines, int index, int slot)
{
    if ((lines->length == 0 && lines->dropped == 0) || lines->delivering) {
        return true;
    }
    if (!lua_checkstack(L, 4)) {
        return false;
    }
    lua_pushcfunction(L, deliver_all);
    lua_pushlightuserdata(L, lines);
    lua_getiuservalue(L, index, slot);
    if (lua_pcall(L, 2, 0, 0) != LUA_OK) {
        lua_pop(L, 1);
        return false;
    }
    return true;
}
