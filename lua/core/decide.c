/* The chain's `decide` function in Lua. It runs in the middle of tl_chain_step, so nothing may throw past
 * here: whatever goes wrong leaves the prompt to a person. */
#include "core.h"

#include <stdio.h>

typedef struct question {
    const cJSON *trees[4];
    cJSON **out_choice;
    char *reason;
    size_t reason_size;
    bool go_on;
} question;

/* Fills the reason; one that does not fit is cut at a character. */
static void set_reason(const question *q, const char *before, const char *text)
{
    int length = snprintf(q->reason, q->reason_size, "%s%s", before, text);
    if (length < 0 || (size_t)length < q->reason_size) {
        return;
    }
    size_t end = q->reason_size - 1;
    while (end > 0 && ((unsigned char)q->reason[end - 1] & 0xC0) == 0x80) {
        end--;
    }
    if (end > 0 && (unsigned char)q->reason[end - 1] >= 0xC0) {
        end--; /* the character's first byte */
    }
    q->reason[end] = '\0';
}

/* true, or nil and a reason, or a narrower choice. */
static void read_answer(lua_State *L, question *q)
{
    tlua_box *box = NULL;
    int first = lua_gettop(L) - 1;
    if (lua_istable(L, first)) {
        tlua_build_tree(L, first, 0, "choice", &box);
        *q->out_choice = box->tree;
        box->tree = NULL;
        q->go_on = true;
    } else if (lua_isboolean(L, first) && lua_toboolean(L, first)) {
        q->go_on = true;
    } else if (lua_toboolean(L, first)) {
        luaL_error(L, "decide must return true, a choice, or nil and a reason, not a %s",
                   luaL_typename(L, first));
    } else {
        const char *reason = lua_type(L, first + 1) == LUA_TSTRING ? lua_tostring(L, first + 1) : NULL;
        set_reason(q, "", reason ? reason : "declined by the decide function");
    }
}

/* (question, function) */
static int ask(lua_State *L)
{
    question *q = lua_touserdata(L, 1);
    lua_pushvalue(L, 2);
    for (int i = 0; i < 4; i++) {
        if (q->trees[i]) {
            tlua_push_tree(L, q->trees[i], TLUA_PLAIN);
        } else {
            lua_pushnil(L);
        }
    }
    lua_call(L, 4, 2);
    read_answer(L, q);
    return 0;
}

/* Message handler: error objects of any kind become text. */
static int as_text(lua_State *L)
{
    luaL_tolstring(L, 1, NULL);
    return 1;
}

bool tlua_decide(void *data, const cJSON *prompt, const cJSON *request, const cJSON *details,
                 const cJSON *matches, cJSON **out_choice, char *reason, size_t reason_size)
{
    tlua_chain *self = data;
    lua_State *L = self->L;
    question q = {{prompt, request, details, matches}, out_choice, reason, reason_size, false};
    int top = lua_gettop(L);

    *out_choice = NULL;
    if (!lua_checkstack(L, 8)) {
        set_reason(&q, "", "no stack to run the decide function");
        return false;
    }
    lua_pushcfunction(L, as_text);
    lua_pushcfunction(L, ask);
    lua_pushlightuserdata(L, &q);
    lua_getiuservalue(L, 1, TLUA_SLOT_DECIDE);
    if (lua_pcall(L, 2, 0, top + 1) != LUA_OK) {
        const char *message = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "unknown error";
        q.go_on = false;
        set_reason(&q, "error in the decide function: ", message);
        cJSON_Delete(*out_choice);
        *out_choice = NULL;
    }
    lua_settop(L, top);
    return q.go_on;
}
