#include "core.h"

#include <stdlib.h>
#include <string.h>

/* Longest integer that tl_json_parse lets through: a double ends at 309 digits. */
enum { DIGITS_LIMIT = 320 };

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

static void push_value(lua_State *L, const cJSON *node, tlua_view view);

static int count_children(const cJSON *node)
{
    const cJSON *child = NULL;
    int count = 0;
    cJSON_ArrayForEach (child, node) {
        count++;
    }
    return count;
}

/* A null keeps its place in a list whatever the view says: leaving it out would shift the others. */
static void push_array(lua_State *L, const cJSON *node, tlua_view view)
{
    const cJSON *child = NULL;
    lua_Integer at = 0;
    lua_createtable(L, count_children(node), 0);
    cJSON_ArrayForEach (child, node) {
        push_value(L, child, view);
        lua_rawseti(L, -2, ++at);
    }
    luaL_setmetatable(L, TLUA_ARRAY);
}

/* `fields` (an index, 0 = all) says which members to take. */
static void push_object(lua_State *L, const cJSON *node, tlua_view view, int fields)
{
    const cJSON *child = NULL;
    lua_createtable(L, 0, fields ? 0 : count_children(node));
    cJSON_ArrayForEach (child, node) {
        if (cJSON_IsNull(child) && !view.null) {
            continue;
        }
        lua_pushstring(L, child->string);
        if (fields) {
            lua_pushvalue(L, -1);
            bool wanted = lua_rawget(L, fields) != LUA_TNIL;
            lua_pop(L, wanted ? 1 : 2);
            if (!wanted) {
                continue;
            }
        }
        push_value(L, child, view);
        lua_rawset(L, -3);
    }
}

static void push_value(lua_State *L, const cJSON *node, tlua_view view)
{
    luaL_checkstack(L, 6, "JSON is nested too deeply");
    if (cJSON_IsObject(node)) {
        push_object(L, node, view, 0);
    } else if (cJSON_IsArray(node)) {
        push_array(L, node, view);
    } else if (cJSON_IsString(node)) {
        lua_pushstring(L, node->valuestring);
    } else if (cJSON_IsNumber(node)) {
        push_number(L, node);
    } else if (cJSON_IsBool(node)) {
        lua_pushboolean(L, cJSON_IsTrue(node));
    } else if (view.null) {
        lua_pushvalue(L, view.null);
    } else {
        lua_pushlightuserdata(L, NULL);
    }
}

void tlua_push_tree(lua_State *L, const cJSON *tree, tlua_view view)
{
    push_value(L, tree, view);
}

void tlua_push_row(lua_State *L, const cJSON *row, tlua_view view)
{
    luaL_checkstack(L, 6, NULL);
    if (view.fields && cJSON_IsObject(row)) {
        push_object(L, row, view, view.fields);
    } else {
        push_value(L, row, view);
    }
}

void tlua_push_rows(lua_State *L, const cJSON *rows, tlua_view view)
{
    const cJSON *row = NULL;
    lua_Integer at = 0;
    lua_createtable(L, count_children(rows), 0);
    cJSON_ArrayForEach (row, rows) {
        tlua_push_row(L, row, view);
        lua_rawseti(L, -2, ++at);
    }
    luaL_setmetatable(L, TLUA_ARRAY);
}
