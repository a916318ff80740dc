/* What the command asks about terminals. */
#include "core.h"

#include <sys/ioctl.h>
#include <unistd.h>

/* terminal_width(): columns of the terminal on standard output; nil where it is none. */
int tlua_terminal_width(lua_State *L)
{
    struct winsize size = {.ws_col = 0};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        lua_pushinteger(L, size.ws_col);
    } else {
        lua_pushnil(L);
    }
    return 1;
}

/* is_terminal("stdin" | "stdout" | "stderr") */
int tlua_is_terminal(lua_State *L)
{
    static const char *const names[] = {"stdin", "stdout", "stderr", NULL};
    static const int files[] = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};
    lua_pushboolean(L, isatty(files[luaL_checkoption(L, 1, NULL, names)]));
    return 1;
}

/* clock(): seconds since some moment, by a clock that nobody sets. */
int tlua_clock(lua_State *L)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    lua_pushnumber(L, (lua_Number)now.tv_sec + (lua_Number)now.tv_nsec / 1e9);
    return 1;
}
