/* Lua values to JSON: what has a JSON form comes back as it was, and what has none is refused by name.
 *
 * An input is a value written down: nil true false null 12 -1.5e3 "text" [list items] {"key" value ...}, an
 * array with the mark of one as <items>, a function as f, and @ for the table around it. \ in a text takes
 * the next character. What is none of these is skipped. */
#include <lauxlib.h>
#include <lua.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fuzz.h"

int luaopen_threatlocker_core(lua_State *L);

enum { MODULE = 1, MOST_DEPTH = 80, MOST_NUMBER = 60 };

/* ---- from text to a Lua value ---- */

typedef struct builder {
    lua_State *L;
    const char *at;
    const char *end;
    int depth;
    int around; /* the stack index of the table around, 0 = none */
} builder;

static bool push_value(builder *b);

static bool ends(builder *b, char end)
{
    while (b->at < b->end && *b->at != '\0' && strchr(" ,:\n\t", *b->at) != NULL)
        b->at++;
    if (b->at < b->end && *b->at != end)
        return false;
    b->at += b->at < b->end;
    return true;
}

/* A number; also inf and nan, which Lua itself does not read. What is none of them is 0. */
static void push_number(builder *b)
{
    char text[MOST_NUMBER + 1];
    size_t length = 0;
    while (b->at < b->end && length < MOST_NUMBER && *b->at != '\0' &&
           strchr("0123456789abcdefxpABCDEFXP+-.in", *b->at) != NULL)
        text[length++] = *b->at++;
    text[length] = '\0';
    if (lua_stringtonumber(b->L, text) == 0)
        lua_pushnumber(b->L, strtod(text, NULL));
}

static void push_text(builder *b)
{
    luaL_Buffer text;
    luaL_buffinit(b->L, &text);
    for (b->at++; b->at < b->end && *b->at != '"'; b->at++) {
        b->at += *b->at == '\\' && b->at + 1 < b->end;
        luaL_addchar(&text, *b->at);
    }
    b->at += b->at < b->end;
    luaL_pushresult(&text);
}

/* Puts key and value, which are popped, into the table; what cannot be a key is left out. */
static void put(builder *b, int table)
{
    bool usable = !lua_isnil(b->L, -2) && !(lua_isnumber(b->L, -2) && isnan(lua_tonumber(b->L, -2)));
    if (usable)
        lua_rawset(b->L, table);
    else
        lua_pop(b->L, 2);
}

static void push_items(builder *b, int table, char end)
{
    for (lua_Integer i = 1; !ends(b, end); i++) {
        if (push_value(b))
            lua_rawseti(b->L, table, i);
        else
            i--;
    }
}

static void push_members(builder *b, int table)
{
    while (!ends(b, '}')) {
        if (!push_value(b))
            continue;
        bool valued = false;
        while (!valued && !ends(b, '}'))
            valued = push_value(b);
        if (!valued) {
            lua_pop(b->L, 1);
            return;
        }
        put(b, table);
    }
}

static void push_table(builder *b, char begin)
{
    int outer = b->around;
    b->at++;
    lua_newtable(b->L);
    int table = b->around = lua_gettop(b->L);
    b->depth++;
    if (begin == '{')
        push_members(b, table);
    else
        push_items(b, table, begin == '[' ? ']' : '>');
    if (begin == '<')
        luaL_setmetatable(b->L, "threatlocker.array");
    b->depth--;
    b->around = outer;
}

static int do_nothing(lua_State *L)
{
    (void)L;
    return 0;
}

static bool push_word(builder *b)
{
    static const char *const words[] = {"nil", "true", "false", "null"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t length = strlen(words[i]);
        if ((size_t)(b->end - b->at) < length || memcmp(b->at, words[i], length) != 0)
            continue;
        b->at += length;
        if (i == 0)
            lua_pushnil(b->L);
        else if (i == 3)
            lua_pushlightuserdata(b->L, NULL);
        else
            lua_pushboolean(b->L, i == 1);
        return true;
    }
    return false;
}

/* False when nothing was pushed: one character was skipped. */
static bool push_value(builder *b)
{
    char c = b->at < b->end ? *b->at : '\0';
    must(lua_checkstack(b->L, 10));
    if (push_word(b))
        return true;
    if (c == '"')
        push_text(b);
    else if (c == 'f')
        lua_pushcfunction(b->L, do_nothing);
    else if (c == '@' && b->around != 0)
        lua_pushvalue(b->L, b->around);
    else if ((c == '[' || c == '{' || c == '<') && b->depth < MOST_DEPTH) {
        push_table(b, c);
        return true;
    } else if (c != '\0' && strchr("0123456789+-.in", c) != NULL) {
        push_number(b);
        return true;
    } else {
        b->at += b->at < b->end;
        return false;
    }
    b->at += c == 'f' || c == '@';
    return true;
}

/* ---- what has a JSON form ---- */

static bool has_form(lua_State *L, int index, int depth);

static bool is_text(lua_State *L, int index)
{
    size_t length = 0;
    const char *text = lua_tolstring(L, index, &length);
    return memchr(text, '\0', length) == NULL && tl_utf8_valid(text, length);
}

static bool is_marked(lua_State *L, int index)
{
    bool marked = lua_getmetatable(L, index) != 0;
    lua_pop(L, marked ? 1 : 0);
    return marked;
}

static bool member_has_form(lua_State *L, int key, int value, int depth)
{
    bool good = lua_type(L, key) == LUA_TSTRING ? is_text(L, key)
                                                : lua_isinteger(L, key) && lua_tointeger(L, key) >= 1;
    return good && has_form(L, value, depth + 1);
}

static bool table_has_form(lua_State *L, int table, int depth)
{
    lua_Integer items = 0, named = 0, greatest = 0;
    if (depth >= TL_JSON_MAX_DEPTH)
        return false;
    for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1)) {
        int value = lua_gettop(L);
        if (!member_has_form(L, value - 1, value, depth)) {
            lua_settop(L, value - 2);
            return false;
        }
        bool text = lua_type(L, value - 1) == LUA_TSTRING;
        named += text;
        items += !text;
        if (!text && lua_tointeger(L, value - 1) > greatest)
            greatest = lua_tointeger(L, value - 1);
    }
    return greatest == items && (named == 0 || (items == 0 && !is_marked(L, table)));
}

static bool has_form(lua_State *L, int index, int depth)
{
    must(lua_checkstack(L, 10));
    switch (lua_type(L, index)) {
    case LUA_TTABLE:
        return table_has_form(L, index, depth);
    case LUA_TSTRING:
        return is_text(L, index);
    case LUA_TNUMBER:
        return lua_isinteger(L, index) || isfinite(lua_tonumber(L, index));
    case LUA_TBOOLEAN:
        return true;
    default:
        return lua_type(L, index) == LUA_TLIGHTUSERDATA;
    }
}

/* ---- what comes back ---- */

static lua_Integer count_members(lua_State *L, int table)
{
    lua_Integer count = 0;
    for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1))
        count++;
    return count;
}

static void check_same(lua_State *L, int a, int b)
{
    must(lua_checkstack(L, 10));
    must(lua_type(L, a) == lua_type(L, b));
    if (lua_type(L, a) == LUA_TNUMBER)
        must(lua_isinteger(L, a) == lua_isinteger(L, b));
    if (lua_type(L, a) != LUA_TTABLE) {
        must(lua_rawequal(L, a, b));
        return;
    }
    lua_Integer count = count_members(L, a);
    must(count == count_members(L, b));
    must(count > 0 || is_marked(L, a) == is_marked(L, b));
    for (lua_pushnil(L); lua_next(L, a) != 0; lua_pop(L, 2)) {
        lua_pushvalue(L, -2);
        must(lua_rawget(L, b) != LUA_TNIL);
        check_same(L, lua_gettop(L) - 1, lua_gettop(L));
    }
}

static void check_refusal(const char *message)
{
    static const char *const names[] = {"has no JSON form", "have no JSON form", "is not valid UTF-8",
                                        "keys must be texts", "nested more than 64 levels deep"};
    bool named = false;
    must(strstr(message, "value") != NULL);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        named = named || strstr(message, names[i]) != NULL;
    must_about(named, message);
}

/* json_decode(text, {null = null}) */
static void decode(lua_State *L, int text)
{
    lua_getfield(L, MODULE, "json_decode");
    lua_pushvalue(L, text);
    lua_newtable(L);
    lua_pushlightuserdata(L, NULL);
    lua_setfield(L, -2, "null");
    must(lua_pcall(L, 2, 1, 0) == LUA_OK);
}

static void check_value(lua_State *L, int value)
{
    bool form = has_form(L, value, 0);
    must(lua_gettop(L) == value);
    lua_getfield(L, MODULE, "json_encode");
    lua_pushvalue(L, value);
    int status = lua_pcall(L, 1, 1, 0);
    must_about((status == LUA_OK) == form, lua_tostring(L, -1));
    if (!form) {
        check_refusal(lua_tostring(L, -1));
        return;
    }
    int text = lua_gettop(L);
    must(lua_type(L, text) == LUA_TSTRING);
    decode(L, text);
    check_same(L, value, text + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static lua_State *L;
    if (L == NULL) {
        L = luaL_newstate();
        must(L != NULL);
        luaL_requiref(L, "threatlocker.core", luaopen_threatlocker_core, 0);
    }
    builder b = {.L = L, .at = (const char *)data, .end = (const char *)data + size};
    while (b.at < b.end)
        if (push_value(&b)) {
            check_value(L, MODULE + 1);
            lua_settop(L, MODULE);
        }
    lua_gc(L, LUA_GCSTEP, 200);
    return 0;
}
