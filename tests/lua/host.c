/* As much of the `lua` program as busted needs: "host [-e CODE]... [SCRIPT [ARGS]]". Sanitizer builds run
 * their tests in it, because an instrumented module can only be loaded by an instrumented program, and
 * because it ends through lua_close and exit, where leaks are reported. Scripts have two more functions:
 * pcall_with_allocations(n, f): pcall(f), with Lua running out of memory after n allocations.
 * pcall_with_shortage(n, lasts, f): pcall(f), and the number of allocations that anybody asked for, Lua or a
 * library; allocation n of them fails, and with `lasts` all after it. */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shortage.h"

static void *allocate(void *data, void *block, size_t old_size, size_t new_size)
{
    lua_Integer *left = data;
    bool grows = !block || new_size > old_size; /* Lua expects shrinking to succeed */
    if (new_size == 0) {
        free(block);
        return NULL;
    }
    if (grows && *left == 0) {
        return NULL;
    }
    *left -= grows && *left > 0;
    return realloc(block, new_size);
}

/* Done here because a script could not lift the limit again: to call a function may need memory, too. */
static int pcall_with_allocations(lua_State *L)
{
    void *data = NULL;
    lua_getallocf(L, &data);
    lua_Integer *left = data;
    lua_Integer limit = luaL_checkinteger(L, 1);
    lua_settop(L, 2);
    *left = limit;
    int status = lua_pcall(L, 0, 0, 0);
    *left = -1;
    lua_pushboolean(L, status == LUA_OK);
    lua_replace(L, 1);
    return lua_gettop(L);
}

static int pcall_with_shortage(lua_State *L)
{
    shortage_plan((long)luaL_checkinteger(L, 1), lua_toboolean(L, 2));
    lua_settop(L, 3);
    shortage_begin();
    int status = lua_pcall(L, 0, 0, 0);
    shortage_end();
    lua_pushboolean(L, status == LUA_OK);
    lua_pushinteger(L, shortage_count());
    lua_rotate(L, 3, 2); /* before what was raised, if anything */
    return lua_gettop(L) - 2;
}

static lua_State *running; /* for the signal handler */

static void raise_interrupt(lua_State *L, lua_Debug *where)
{
    (void)where;
    lua_sethook(L, NULL, 0, 0);
    luaL_error(L, "interrupted!");
}

static void on_interrupt(int number)
{
    (void)number;
    lua_sethook(running, raise_interrupt, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
}

/* As `lua` does: the first Ctrl-C is an error in the script, a second one ends the program. */
static void watch_interrupts(lua_State *L)
{
    struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND};
    running = L;
    sigaction(SIGINT, &action, NULL);
}

/* As `lua` does: an error object that has words of its own goes without a traceback. */
static int add_traceback(lua_State *L)
{
    if (luaL_callmeta(L, 1, "__tostring")) {
        return 1;
    }
    luaL_traceback(L, L, luaL_tolstring(L, 1, NULL), 1);
    return 1;
}

/* Runs the chunk on top of the stack with the arguments that the script gets. */
static bool run(lua_State *L, int status, int count, char **args)
{
    if (status == LUA_OK) {
        int chunk = lua_gettop(L);
        lua_pushcfunction(L, add_traceback);
        lua_insert(L, chunk);
        luaL_checkstack(L, count, "too many arguments");
        for (int i = 0; i < count; i++) {
            lua_pushstring(L, args[i]);
        }
        status = lua_pcall(L, count, 0, chunk);
    }
    if (status != LUA_OK) {
        fprintf(stderr, "host: %s\n", lua_tostring(L, -1));
    }
    lua_settop(L, 0);
    return status == LUA_OK;
}

/* `arg` as the lua program fills it: the script at 0, its arguments after it, the rest before it. */
static void set_arg(lua_State *L, int argc, char **argv, int script)
{
    lua_createtable(L, argc, 0);
    for (int i = 0; i < argc; i++) {
        lua_pushstring(L, argv[i]);
        lua_rawseti(L, -2, i - script);
    }
    lua_setglobal(L, "arg");
}

int main(int argc, char **argv)
{
    int script = 1;
    bool good = true;
    lua_Integer allocations_left = -1;
    lua_State *L = luaL_newstate(); /* with warnings; its blocks come from realloc, too */
    if (!L) {
        return EXIT_FAILURE;
    }
    lua_setallocf(L, allocate, &allocations_left);
    luaL_openlibs(L);
    watch_interrupts(L);
    lua_register(L, "pcall_with_allocations", pcall_with_allocations);
    lua_register(L, "pcall_with_shortage", pcall_with_shortage);
    while (script + 1 < argc && strcmp(argv[script], "-e") == 0) {
        script += 2;
    }
    set_arg(L, argc, argv, script);
    for (int i = 2; good && i < script; i += 2) {
        good = run(L, luaL_loadstring(L, argv[i]), 0, NULL);
    }
    if (good && script < argc) {
        good = run(L, luaL_loadfile(L, argv[script]), argc - script - 1, argv + script + 1);
    }
    lua_close(L);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
