/* What clients, the chain and the resolving of one prompt share: the ceiling, the words that decide, ages. */
#include "core.h"

/* Allows one maintenance mode; the list is on top of the stack, its item above it. */
static void allow_mode(lua_State *L, const char *mode, tl_limits *out)
{
    static const tlua_word modes[] = {{"installation", 0}, {"learning", 1}, {"monitor", 2}, {NULL, 0}};
    switch (tlua_choose(L, "limits.allow_modes", mode, modes)) {
    case 0:
        out->allow_installation = true;
        break;
    case 1:
        out->allow_learning = true;
        break;
    default:
        out->allow_monitor = true;
        break;
    }
}

static void check_modes(lua_State *L, int limits, tl_limits *out)
{
    tlua_push_option(L, limits, "allow_modes");
    lua_pushnil(L);
    while (!lua_isnil(L, -2) && lua_next(L, -2)) {
        if (!lua_isinteger(L, -2) || lua_type(L, -1) != LUA_TSTRING || tlua_has_nul(L, -1)) {
            luaL_error(L, "option 'limits.allow_modes' must be a list of mode names");
        }
        allow_mode(L, lua_tostring(L, -1), out);
        lua_pop(L, 1);
    }
}

tl_limits tlua_check_limits(lua_State *L, int arg)
{
    static const tlua_option known[] = {{"max_scope", TLUA_TEXT},     {"allow_builtin", TLUA_FLAG},
                                        {"allow_modes", TLUA_TABLE},  {"allow_path_rules", TLUA_FLAG},
                                        {"max_expiry", TLUA_INTEGER}, {NULL, TLUA_ANY}};
    static const tlua_word scopes[] = {{"computer", TL_SCOPE_COMPUTER},
                                       {"group", TL_SCOPE_GROUP},
                                       {"organization", TL_SCOPE_ORGANIZATION},
                                       {NULL, 0}};
    tl_limits limits = {.max_scope = TL_SCOPE_COMPUTER};
    tlua_push_option(L, arg, "limits");
    int at = lua_gettop(L);
    tlua_check_options(L, at, known);
    const char *scope = tlua_text(L, at, "max_scope");
    if (scope) {
        limits.max_scope = (tl_scope)tlua_choose(L, "limits.max_scope", scope, scopes);
    }
    limits.allow_builtin = tlua_flag(L, at, "allow_builtin", false);
    limits.allow_path_rules = tlua_flag(L, at, "allow_path_rules", false);
    limits.max_expiry_s = tlua_integer(L, at, "max_expiry", 1, INT64_MAX / 1000000, 0);
    check_modes(L, at, &limits);
    lua_settop(L, at - 1);
    return limits;
}

/* Pushes three values, which own the lists. */
static tl_words push_lists(lua_State *L, int words)
{
    tl_words out;
    out.permit = tlua_push_texts(L, words, "permit");
    out.reject = tlua_push_texts(L, words, "reject");
    out.ignore = tlua_push_texts(L, words, "ignore");
    return out;
}

tl_words tlua_push_words(lua_State *L, int arg)
{
    static const tlua_option known[] = {
        {"permit", TLUA_ANY}, {"reject", TLUA_ANY}, {"ignore", TLUA_ANY}, {NULL, TLUA_ANY}};
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    tlua_push_option(L, arg, "words");
    int at = lua_gettop(L);
    tlua_check_options(L, at, known);
    return push_lists(L, at);
}

int64_t tlua_seconds(lua_State *L, int arg, const char *name)
{
    static const lua_Number limit = 1e15; /* far beyond what the core takes, far below what does not fit */
    lua_Number seconds = 0;
    if (tlua_push_option(L, arg, name) != LUA_TNIL) {
        seconds = lua_tonumber(L, -1);
        if (!(seconds > 0)) {
            luaL_error(L, "option '%s' must be above 0 seconds", name);
        }
    }
    lua_pop(L, 1);
    seconds = seconds < limit ? seconds : limit;
    int64_t whole = (int64_t)seconds;
    return (lua_Number)whole < seconds ? whole + 1 : whole;
}
