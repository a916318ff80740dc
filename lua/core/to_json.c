/* A JSON tree of a Lua value. */
#include "core.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where in the value the work stands, innermost first: only read when something is refused. */
typedef struct frame {
    const struct frame *outer;
    const char *key; /* borrowed from the Lua stack; NULL = `index` counts */
    lua_Integer index;
    int depth; /* of arrays and objects, this one included */
} frame;

typedef struct builder {
    lua_State *L;
    tlua_box *box;
    int arg;
    const char *name;
} builder;

static void add_path(luaL_Buffer *buffer, const frame *at)
{
    if (!at) {
        return;
    }
    add_path(buffer, at->outer);
    if (at->key) {
        luaL_addchar(buffer, '.');
        luaL_addlstring(buffer, at->key, strnlen(at->key, 64));
    } else {
        char number[32];
        snprintf(number, sizeof number, "[%lld]", (long long)at->index);
        luaL_addstring(buffer, number);
    }
}

/* Does not return. */
static void refuse(const builder *b, const frame *at, const char *why)
{
    luaL_Buffer buffer;
    luaL_buffinit(b->L, &buffer);
    luaL_addstring(&buffer, b->name);
    add_path(&buffer, at);
    luaL_addstring(&buffer, ": ");
    luaL_addstring(&buffer, why);
    luaL_pushresult(&buffer);
    const char *message = lua_tostring(b->L, -1);
    if (b->arg) {
        luaL_argerror(b->L, b->arg, message);
    }
    luaL_error(b->L, "%s", message);
}

/* Hands the new node to the tree at once, so that the box owns it before Lua is called again. */
static cJSON *attach(const builder *b, cJSON *parent, const frame *at, cJSON *node)
{
    if (node && !parent) {
        b->box->tree = node;
        return node;
    }
    if (node &&
        (at->key ? cJSON_AddItemToObject(parent, at->key, node) : cJSON_AddItemToArray(parent, node))) {
        return node;
    }
    cJSON_Delete(node);
    luaL_error(b->L, "not enough memory");
    return NULL;
}

static bool is_ascii(const char *text)
{
    while (*text != '\0' && (unsigned char)*text < 0x80) {
        text++;
    }
    return *text == '\0';
}

/* cJSON stores text as C strings, and only tl_json_print tells whether it is UTF-8. */
static const char *why_not_text(const char *text, size_t length)
{
    if (strlen(text) != length) {
        return "text with a NUL byte has no JSON form";
    }
    if (is_ascii(text)) {
        return NULL;
    }
    cJSON *node = cJSON_CreateStringReference(text);
    char *printed = NULL;
    tl_code code = node ? tl_json_print(&printed, NULL, node, NULL) : TL_MEMORY;
    free(printed);
    cJSON_Delete(node);
    if (code == TL_MEMORY) {
        return "not enough memory";
    }
    return code == TL_OK ? NULL : "text is not valid UTF-8";
}

static void build_text(const builder *b, cJSON *parent, const frame *at, int index)
{
    size_t length = 0;
    const char *text = lua_tolstring(b->L, index, &length);
    const char *why = why_not_text(text, length);
    if (why) {
        refuse(b, at, why);
    }
    attach(b, parent, at, cJSON_CreateString(text));
}

/* The shortest form that reads back as the same double, and as a float: 1.0 stays 1.0. */
static void format_float(double value, char out[40])
{
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(out, 40, "%.*g", precision, value);
        if (strtod(out, NULL) == value) {
            break;
        }
    }
    char *point = strpbrk(out, localeconv()->decimal_point);
    if (point) {
        *point = '.';
    } else if (!strchr(out, 'e')) {
        memcpy(out + strlen(out), ".0", sizeof ".0");
    }
}

static void build_number(const builder *b, cJSON *parent, const frame *at, int index)
{
    char text[40];
    cJSON *node = NULL;
    if (lua_isinteger(b->L, index)) {
        attach(b, parent, at, tl_json_new_integer(lua_tointeger(b->L, index)));
        return;
    }
    double value = lua_tonumber(b->L, index);
    if (!isfinite(value)) {
        refuse(b, at, "infinity and not-a-number have no JSON form");
    }
    format_float(value, text);
    if (tl_json_parse(&node, text, strlen(text), NULL) != TL_OK) {
        node = NULL;
    }
    attach(b, parent, at, node);
}

typedef struct keys {
    lua_Integer count;
    lua_Integer greatest;
    bool texts;
    bool marked; /* as an array */
} keys;

static bool is_marked(lua_State *L, int index)
{
    if (!lua_getmetatable(L, index)) {
        return false;
    }
    luaL_getmetatable(L, TLUA_ARRAY);
    bool marked = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return marked;
}

static keys survey(const builder *b, const frame *at, int index)
{
    lua_State *L = b->L;
    keys found = {.marked = is_marked(L, index)};
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) == LUA_TSTRING) {
            found.texts = true;
        } else if (lua_isinteger(L, -1) && lua_tointeger(L, -1) >= 1) {
            found.count++;
            found.greatest = lua_tointeger(L, -1) > found.greatest ? lua_tointeger(L, -1) : found.greatest;
        } else {
            refuse(b, at, "a table's keys must be texts, or 1, 2, 3 and so on");
        }
    }
    if (found.texts && (found.count > 0 || found.marked)) {
        refuse(b, at, "a table with list items and named members has no JSON form");
    }
    if (found.greatest != found.count) {
        refuse(b, at, "a list with holes has no JSON form (threatlocker.null fills them)");
    }
    return found;
}

static void build_value(const builder *b, cJSON *parent, const frame *at, int index);

static void build_array(const builder *b, cJSON *array, const frame *at, int index, lua_Integer count)
{
    frame item = {.outer = at, .depth = at ? at->depth + 1 : 1};
    for (item.index = 1; item.index <= count; item.index++) {
        lua_rawgeti(b->L, index, item.index);
        build_value(b, array, &item, lua_gettop(b->L));
        lua_pop(b->L, 1);
    }
}

static int by_name(const void *a, const void *b)
{
    cJSON *const *left = a;
    cJSON *const *right = b;
    return strcmp((*left)->string, (*right)->string);
}

/* Lua's order of members differs from run to run; what is printed, sealed or hashed must not. */
static void sort_members(lua_State *L, cJSON *object, size_t count)
{
    if (count < 2) {
        return;
    }
    cJSON **members = lua_newuserdatauv(L, count * sizeof(cJSON *), 0);
    size_t at = 0;
    for (cJSON *child = object->child; child && at < count; child = child->next) {
        members[at++] = child;
    }
    qsort(members, count, sizeof(cJSON *), by_name);
    for (size_t i = 0; i < count; i++) {
        members[i]->next = i + 1 < count ? members[i + 1] : NULL;
        members[i]->prev = members[i > 0 ? i - 1 : count - 1]; /* cJSON's first item points at the last */
    }
    object->child = members[0];
    lua_pop(L, 1);
}

static void build_object(const builder *b, cJSON *object, const frame *at, int index)
{
    lua_State *L = b->L;
    frame member = {.outer = at, .depth = at ? at->depth + 1 : 1};
    size_t count = 0;
    lua_pushnil(L);
    while (lua_next(L, index)) {
        size_t length = 0;
        member.key = lua_tolstring(L, -2, &length);
        const char *why = why_not_text(member.key, length);
        if (why) {
            refuse(b, &member, why);
        }
        build_value(b, object, &member, lua_gettop(L));
        lua_pop(L, 1);
        count++;
    }
    sort_members(L, object, count);
}

static void build_table(const builder *b, cJSON *parent, const frame *at, int index)
{
    if (at && at->depth >= TL_JSON_MAX_DEPTH) {
        refuse(b, NULL,
               lua_pushfstring(b->L, "nested more than %d levels deep, or a table that contains itself",
                               (int)TL_JSON_MAX_DEPTH));
    }
    keys found = survey(b, at, index);
    if (found.marked || found.count > 0) {
        build_array(b, attach(b, parent, at, cJSON_CreateArray()), at, index, found.count);
    } else {
        build_object(b, attach(b, parent, at, cJSON_CreateObject()), at, index);
    }
}

static void build_value(const builder *b, cJSON *parent, const frame *at, int index)
{
    lua_State *L = b->L;
    luaL_checkstack(L, 8, "tables are nested too deeply");
    switch (lua_type(L, index)) {
    case LUA_TTABLE:
        build_table(b, parent, at, index);
        return;
    case LUA_TSTRING:
        build_text(b, parent, at, index);
        return;
    case LUA_TNUMBER:
        build_number(b, parent, at, index);
        return;
    case LUA_TBOOLEAN:
        attach(b, parent, at, cJSON_CreateBool(lua_toboolean(L, index)));
        return;
    case LUA_TLIGHTUSERDATA:
        if (!lua_touserdata(L, index)) {
            attach(b, parent, at, cJSON_CreateNull());
            return;
        }
        break;
    default:
        break;
    }
    refuse(b, at, lua_pushfstring(L, "a %s has no JSON form", luaL_typename(L, index)));
}

cJSON *tlua_build_tree(lua_State *L, int index, int arg, const char *name, tlua_box **out_box)
{
    tlua_box *box = tlua_push_box(L);
    const builder b = {.L = L, .box = box, .arg = arg, .name = name};
    build_value(&b, NULL, NULL, index);
    *out_box = box;
    return box->tree;
}
