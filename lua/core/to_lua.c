/* A Lua value of a JSON tree. */
#include "core.h"

#include <stdlib.h>
#include <string.h>

/* Longest integer that tl_json_parse lets through: a double ends at 309 digits. */
enum { DIGITS_LIMIT = 320 };

/* Places in a cache of member names. */
enum { KEY_LEVELS = 4, KEYS_PER_LEVEL = 128 };

/* A table, a key, its value, and what is pushed on the way to them. */
enum { CONTAINER_SLOTS = 6 };
static const char too_deep[] = "JSON is nested too deeply";

/* 64-bit integers and beyond are exact or they are text: an id must never come back as a neighbour. */
static const double two_to_63 = 9223372036854775808.0;

static bool all_digits(const char *text)
{
    text += text[0] == '-';
    return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* Copies the digits of an integer that no lua_Integer holds; false when the number is none. */
static bool huge_integer(const cJSON *node, char out[DIGITS_LIMIT])
{
    char *text = NULL;
    if ((node->valuedouble < two_to_63 && node->valuedouble > -two_to_63) ||
        tl_json_print(&text, NULL, node, NULL) != TL_OK) {
        return false;
    }
    bool huge = all_digits(text) && strlen(text) < DIGITS_LIMIT;
    if (huge) {
        memcpy(out, text, strlen(text) + 1);
    }
    free(text);
    return huge;
}

static void push_number(lua_State *L, const cJSON *node)
{
    char digits[DIGITS_LIMIT];
    int64_t integer = 0;
    if (tl_json_integer(node, &integer)) {
        lua_pushinteger(L, integer);
    } else if (huge_integer(node, digits)) {
        lua_pushstring(L, digits);
    } else {
        lua_pushnumber(L, node->valuedouble);
    }
}

/* `level` counts the objects around a value: the cache of member names has places for each level. */
static void push_value(lua_State *L, const cJSON *node, tlua_view view, int level);

static bool is_left_out(const cJSON *node, tlua_view view)
{
    return (node->type & 0xFF) == cJSON_NULL && !view.null;
}

static int count_children(const cJSON *node)
{
    const cJSON *child = NULL;
    int count = 0;
    cJSON_ArrayForEach (child, node) {
        count++;
    }
    return count;
}

static int count_members(const cJSON *object, tlua_view view)
{
    const cJSON *child = NULL;
    int count = 0;
    cJSON_ArrayForEach (child, object) {
        count += is_left_out(child, view) ? 0 : 1;
    }
    return count;
}

static void push_text(lua_State *L, const char *text)
{
    lua_pushlstring(L, text, strlen(text));
}

static void push_key(lua_State *L, const char *key, tlua_view view, int level, int at)
{
    if (!view.keys || level >= KEY_LEVELS || at >= KEYS_PER_LEVEL) {
        push_text(L, key);
        return;
    }
    lua_Integer place = 1 + level * KEYS_PER_LEVEL + at;
    if (lua_rawgeti(L, view.keys, place) == LUA_TSTRING && strcmp(lua_tostring(L, -1), key) == 0) {
        return;
    }
    lua_pop(L, 1);
    push_text(L, key);
    lua_pushvalue(L, -1);
    lua_rawseti(L, view.keys, place);
}

/* A null keeps its place in a list whatever the view says: leaving it out would shift the others. */
static void push_array(lua_State *L, const cJSON *node, tlua_view view, int level)
{
    const cJSON *child = NULL;
    lua_Integer at = 0;
    lua_createtable(L, count_children(node), 0);
    cJSON_ArrayForEach (child, node) {
        push_value(L, child, view, level);
        lua_rawseti(L, -2, ++at);
    }
    luaL_setmetatable(L, TLUA_ARRAY);
}

static void push_object(lua_State *L, const cJSON *node, tlua_view view, int level)
{
    const cJSON *child = NULL;
    int at = 0;
    lua_createtable(L, 0, count_members(node, view));
    cJSON_ArrayForEach (child, node) {
        if (!is_left_out(child, view)) {
            push_key(L, child->string, view, level, at);
            push_value(L, child, view, level + 1);
            lua_rawset(L, -3);
        }
        at++;
    }
}

static const cJSON *find_member(const cJSON *object, const char *name)
{
    const cJSON *child = NULL;
    cJSON_ArrayForEach (child, object) {
        if (child->string[0] == name[0] && strcmp(child->string, name) == 0) {
            return child;
        }
    }
    return NULL;
}

static void push_wanted_members(lua_State *L, const cJSON *object, tlua_view view)
{
    int count = (int)lua_rawlen(L, view.fields);
    lua_createtable(L, 0, count);
    for (int i = 1; i <= count; i++) {
        lua_rawgeti(L, view.fields, i);
        const cJSON *member = find_member(object, lua_tostring(L, -1));
        if (!member || is_left_out(member, view)) {
            lua_pop(L, 1);
        } else {
            push_value(L, member, view, 1);
            lua_rawset(L, -3);
        }
    }
}

static void push_null(lua_State *L, tlua_view view)
{
    if (view.null) {
        lua_pushvalue(L, view.null);
    } else {
        lua_pushlightuserdata(L, NULL);
    }
}

static void push_value(lua_State *L, const cJSON *node, tlua_view view, int level)
{
    switch (node->type & 0xFF) {
    case cJSON_String:
        push_text(L, node->valuestring);
        return;
    case cJSON_Number:
        push_number(L, node);
        return;
    case cJSON_True:
    case cJSON_False:
        lua_pushboolean(L, cJSON_IsTrue(node));
        return;
    case cJSON_Object:
        luaL_checkstack(L, CONTAINER_SLOTS, too_deep);
        push_object(L, node, view, level);
        return;
    case cJSON_Array:
        luaL_checkstack(L, CONTAINER_SLOTS, too_deep);
        push_array(L, node, view, level);
        return;
    default:
        push_null(L, view);
    }
}

void tlua_push_keys(lua_State *L)
{
    lua_createtable(L, KEY_LEVELS * KEYS_PER_LEVEL, 0);
}

/* Gives the view a cache of member names where the node is a list of objects. Pushes one value. */
static tlua_view push_keys_for(lua_State *L, const cJSON *node, tlua_view view)
{
    luaL_checkstack(L, CONTAINER_SLOTS, too_deep);
    const cJSON *first = cJSON_IsArray(node) ? node->child : NULL;
    if (first && first->next && cJSON_IsObject(first)) {
        tlua_push_keys(L);
        view.keys = lua_gettop(L);
    } else {
        lua_pushnil(L);
    }
    return view;
}

void tlua_push_tree(lua_State *L, const cJSON *tree, tlua_view view)
{
    push_value(L, tree, push_keys_for(L, tree, view), 0);
    lua_remove(L, -2);
}

void tlua_push_row(lua_State *L, const cJSON *row, tlua_view view)
{
    luaL_checkstack(L, CONTAINER_SLOTS, too_deep);
    if (view.fields && cJSON_IsObject(row)) {
        push_wanted_members(L, row, view);
    } else {
        push_value(L, row, view, 0);
    }
}

void tlua_push_rows(lua_State *L, const cJSON *rows, tlua_view view)
{
    const cJSON *row = NULL;
    lua_Integer at = 0;
    view = push_keys_for(L, rows, view);
    lua_createtable(L, count_children(rows), 0);
    cJSON_ArrayForEach (row, rows) {
        tlua_push_row(L, row, view);
        lua_rawseti(L, -2, ++at);
    }
    luaL_setmetatable(L, TLUA_ARRAY);
    lua_remove(L, -2);
}
