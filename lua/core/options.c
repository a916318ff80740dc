/* Tables of named options: checked, then read. */
#include "core.h"

#include <string.h>

enum { NAME_LIMIT = 40, SECONDS_LIMIT = 1000000 };

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* Levenshtein's distance; texts beyond NAME_LIMIT count as far away. */
static size_t distance(const char *a, const char *b)
{
    size_t row[NAME_LIMIT + 1];
    size_t a_length = strlen(a);
    size_t b_length = strlen(b);
    if (a_length > NAME_LIMIT || b_length > NAME_LIMIT) {
        return NAME_LIMIT;
    }
    for (size_t j = 0; j <= b_length; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t above = row[j];
            row[j] = smallest(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[b_length];
}

/* The known name that was meant; NULL where that would be a guess, not a slip. */
static const char *nearest_name(const char *name, const tlua_option *known)
{
    const char *nearest = NULL;
    size_t best = strlen(name) / 3 + 2;
    for (; known->name; known++) {
        size_t d = distance(name, known->name);
        if (d < best) {
            best = d;
            nearest = known->name;
        }
    }
    return nearest;
}

static void push_names(lua_State *L, const tlua_option *known)
{
    luaL_Buffer list;
    luaL_buffinit(L, &list);
    luaL_addstring(&list, known->name ? "known: " : "there are none");
    for (const tlua_option *option = known; option->name; option++) {
        luaL_addstring(&list, option == known ? "" : ", ");
        luaL_addstring(&list, option->name);
    }
    luaL_pushresult(&list);
}

static void refuse_unknown(lua_State *L, const char *name, const tlua_option *known)
{
    const char *nearest = nearest_name(name, known);
    push_names(L, known);
    const char *names = lua_tostring(L, -1);
    if (nearest) {
        luaL_error(L, "unknown option '%s' (did you mean '%s'?); %s", name, nearest, names);
    } else if (strlen(name) <= NAME_LIMIT) {
        luaL_error(L, "unknown option '%s'; %s", name, names);
    }
    luaL_error(L, "unknown option with a long name; %s", names); /* it may be a secret at the wrong place */
}

/* What the kind wants, or NULL when the value on top of the stack is that. */
static const char *wrong_kind(lua_State *L, tlua_kind kind)
{
    int type = lua_type(L, -1);
    switch (kind) {
    case TLUA_TEXT:
    case TLUA_BYTES:
        return type == LUA_TSTRING ? NULL : "a string";
    case TLUA_NUMBER:
        return type == LUA_TNUMBER ? NULL : "a number";
    case TLUA_INTEGER:
        return type == LUA_TNUMBER && lua_isinteger(L, -1) ? NULL : "an integer";
    case TLUA_FLAG:
        return type == LUA_TBOOLEAN ? NULL : "true or false";
    case TLUA_FUNCTION:
        return type == LUA_TFUNCTION ? NULL : "a function";
    case TLUA_TABLE:
        return type == LUA_TTABLE ? NULL : "a table";
    default:
        return NULL;
    }
}

bool tlua_has_nul(lua_State *L, int index)
{
    size_t length = 0;
    const char *text = lua_tolstring(L, index, &length);
    return strlen(text) != length;
}

/* Never shows the value: it may be a secret. */
static void check_value(lua_State *L, const tlua_option *option)
{
    const char *wanted = wrong_kind(L, option->kind);
    if (wanted) {
        luaL_error(L, "option '%s' must be %s, not a %s", option->name, wanted, luaL_typename(L, -1));
    }
    if (option->kind == TLUA_TEXT && tlua_has_nul(L, -1)) {
        luaL_error(L, "option '%s' holds a NUL byte", option->name);
    }
}

void tlua_check_options(lua_State *L, int arg, const tlua_option *known)
{
    if (lua_isnil(L, arg)) {
        lua_newtable(L);
        lua_replace(L, arg);
        return;
    }
    luaL_checktype(L, arg, LUA_TTABLE);
    luaL_checkstack(L, 10, NULL);
    lua_pushnil(L);
    while (lua_next(L, arg)) {
        if (lua_type(L, -2) != LUA_TSTRING) {
            luaL_error(L, "options have names; a %s is none", luaL_typename(L, -2));
        }
        const char *name = lua_tostring(L, -2);
        const tlua_option *option = known;
        while (option->name && strcmp(option->name, name) != 0) {
            option++;
        }
        if (!option->name) {
            refuse_unknown(L, name, known);
        }
        check_value(L, option);
        lua_pop(L, 1);
    }
}

int tlua_push_option(lua_State *L, int arg, const char *name)
{
    lua_pushstring(L, name);
    return lua_rawget(L, arg); /* raw, as the check was: a metatable must not bring in what was not checked */
}

/* Pushes the member; false and nothing pushed when it is absent. */
static bool push_member(lua_State *L, int arg, const char *name)
{
    if (tlua_push_option(L, arg, name) != LUA_TNIL) {
        return true;
    }
    lua_pop(L, 1);
    return false;
}

const char *tlua_bytes(lua_State *L, int arg, const char *name, size_t *out_length)
{
    if (!push_member(L, arg, name)) {
        return NULL;
    }
    const char *text = lua_tolstring(L, -1, out_length); /* stays alive in the table */
    lua_pop(L, 1);
    return text;
}

const char *tlua_text(lua_State *L, int arg, const char *name)
{
    return tlua_bytes(L, arg, name, NULL);
}

bool tlua_flag(lua_State *L, int arg, const char *name, bool absent)
{
    if (!push_member(L, arg, name)) {
        return absent;
    }
    bool flag = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return flag;
}

int64_t tlua_integer(lua_State *L, int arg, const char *name, int64_t min, int64_t max, int64_t absent)
{
    if (!push_member(L, arg, name)) {
        return absent;
    }
    lua_Integer value = lua_tointeger(L, -1);
    lua_pop(L, 1);
    if (value < min || value > max) {
        luaL_error(L, "option '%s' must be from %I to %I", name, (lua_Integer)min, (lua_Integer)max);
    }
    return value;
}

int64_t tlua_milliseconds(lua_State *L, int arg, const char *name)
{
    if (!push_member(L, arg, name)) {
        return 0;
    }
    lua_Number seconds = lua_tonumber(L, -1);
    lua_pop(L, 1);
    if (!(seconds > 0 && seconds <= SECONDS_LIMIT)) {
        luaL_error(L, "option '%s' must be above 0 and at most %d seconds", name, (int)SECONDS_LIMIT);
    }
    int64_t whole = (int64_t)(seconds * 1000);
    return (lua_Number)whole < seconds * 1000 ? whole + 1 : whole;
}

int tlua_choose(lua_State *L, const char *name, const char *text, const tlua_word *words)
{
    luaL_Buffer list;
    for (const tlua_word *word = words; word->name; word++) {
        if (strcmp(word->name, text) == 0) {
            return word->value;
        }
    }
    luaL_buffinit(L, &list);
    for (const tlua_word *word = words; word->name; word++) {
        luaL_addstring(&list, word == words ? "" : ", ");
        luaL_addstring(&list, word->name);
    }
    luaL_pushresult(&list);
    return luaL_error(L, "option '%s' must be one of: %s", name, lua_tostring(L, -1));
}

int tlua_word_or_integer(lua_State *L, int arg, const char *name, const tlua_word *words, int min, int max,
                         int absent)
{
    int value = absent;
    int type = tlua_push_option(L, arg, name);
    if (type == LUA_TSTRING && !tlua_has_nul(L, -1)) {
        value = tlua_choose(L, name, lua_tostring(L, -1), words);
    } else if (type == LUA_TNUMBER && lua_isinteger(L, -1)) {
        value = (int)tlua_integer(L, arg, name, min, max, absent);
    } else if (type != LUA_TNIL) {
        luaL_error(L, "option '%s' must be an integer or a word", name);
    }
    lua_pop(L, 1);
    return value;
}

lua_Integer tlua_list_length(lua_State *L, int index)
{
    lua_Integer count = 0;
    lua_Integer greatest = 0;
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        lua_Integer key = lua_isinteger(L, -1) ? lua_tointeger(L, -1) : 0;
        if (key < 1) {
            lua_pop(L, 1);
            return -1;
        }
        greatest = key > greatest ? key : greatest;
        count++;
    }
    return count == greatest ? count : -1;
}

/* The text on top of the stack, which stays alive in the option's table. */
static const char *check_listed(lua_State *L, const char *name)
{
    if (lua_type(L, -1) != LUA_TSTRING || tlua_has_nul(L, -1)) {
        luaL_error(L, "option '%s' must be a list of words", name);
    }
    return lua_tostring(L, -1);
}

const char *const *tlua_push_texts(lua_State *L, int arg, const char *name)
{
    int type = tlua_push_option(L, arg, name);
    int list = lua_gettop(L);
    if (type == LUA_TNIL) {
        return NULL;
    }
    lua_Integer count = type == LUA_TTABLE ? tlua_list_length(L, list) : 1;
    if (count < 1) {
        luaL_error(L, "option '%s' must be a list of at least one word", name);
    }
    const char **texts = lua_newuserdatauv(L, ((size_t)count + 1) * sizeof *texts, 0);
    if (type != LUA_TTABLE) {
        lua_pushvalue(L, list);
        texts[0] = check_listed(L, name);
        lua_pop(L, 1);
    }
    for (lua_Integer i = 0; type == LUA_TTABLE && i < count; i++) {
        lua_rawgeti(L, list, i + 1);
        texts[i] = check_listed(L, name);
        lua_pop(L, 1);
    }
    texts[count] = NULL;
    lua_remove(L, list);
    return texts;
}

const char *tlua_check_text(lua_State *L, int arg)
{
    luaL_checktype(L, arg, LUA_TSTRING);
    luaL_argcheck(L, !tlua_has_nul(L, arg), arg, "holds a NUL byte");
    return lua_tostring(L, arg);
}

int64_t tlua_check_integer(lua_State *L, int arg)
{
    luaL_checktype(L, arg, LUA_TNUMBER);
    return luaL_checkinteger(L, arg);
}
