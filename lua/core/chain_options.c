/* The options of a chain. */
#include "core.h"

#include <limits.h>

static const tlua_option known[] = {{"name", TLUA_TEXT},
                                    {"client", TLUA_ANY},
                                    {"soar", TLUA_ANY},
                                    {"ledger", TLUA_TEXT},
                                    {"limits", TLUA_TABLE},
                                    {"words", TLUA_TABLE},
                                    {"max_answer_age", TLUA_NUMBER},
                                    {"since", TLUA_TEXT},
                                    {"decide", TLUA_FUNCTION},
                                    {"event", TLUA_FUNCTION},
                                    {"events", TLUA_TEXT},
                                    {"concurrency", TLUA_INTEGER},
                                    {"answerers", TLUA_INTEGER},
                                    {"answerer_not_requester", TLUA_FLAG},
                                    {"on_expired", TLUA_TEXT},
                                    {"expired_grace", TLUA_INTEGER},
                                    {"claims", TLUA_FLAG},
                                    {"claim_label", TLUA_TEXT},
                                    {"claim_lease", TLUA_INTEGER},
                                    {NULL, TLUA_ANY}};

/* A number whose range the core checks. To the core 0 means absent, so a 0 that was given becomes -1, which
 * it refuses as well. */
static int64_t given_number(lua_State *L, const char *name)
{
    bool given = tlua_push_option(L, 1, name) != LUA_TNIL;
    int64_t value = lua_tointeger(L, -1);
    lua_pop(L, 1);
    return given && value == 0 ? -1 : value;
}

static int given_count(lua_State *L, const char *name)
{
    int64_t value = given_number(L, name);
    return value < INT_MIN || value > INT_MAX ? INT_MAX : (int)value;
}

static tl_expired_policy on_expired(lua_State *L)
{
    static const tlua_word policies[] = {
        {"leave", TL_EXPIRED_LEAVE}, {"reject", TL_EXPIRED_REJECT}, {"ignore", TL_EXPIRED_IGNORE}, {NULL, 0}};
    const char *word = tlua_text(L, 1, "on_expired");
    return word ? (tl_expired_policy)tlua_choose(L, "on_expired", word, policies) : TL_EXPIRED_LEAVE;
}

tl_chain_options tlua_push_chain_options(lua_State *L)
{
    tl_chain_options options = TL_CHAIN_OPTIONS_INIT;
    luaL_checktype(L, 1, LUA_TTABLE);
    tlua_check_options(L, 1, known);
    options.name = tlua_text(L, 1, "name");
    options.ledger = tlua_text(L, 1, "ledger");
    options.since = tlua_text(L, 1, "since");
    options.limits = tlua_check_limits(L, 1);
    options.max_answer_age_s = tlua_seconds(L, 1, "max_answer_age");
    options.concurrency = given_count(L, "concurrency");
    options.answerers = given_count(L, "answerers");
    options.answerer_not_requester = tlua_flag(L, 1, "answerer_not_requester", false);
    options.on_expired = on_expired(L);
    options.expired_grace_s = tlua_integer(L, 1, "expired_grace", INT64_MIN, INT64_MAX, 0);
    options.claims = tlua_flag(L, 1, "claims", false);
    options.claim_label = tlua_text(L, 1, "claim_label");
    options.claim_lease_s = given_number(L, "claim_lease");
    options.words = tlua_push_words(L, 1);
    return options;
}
