#define _GNU_SOURCE /* statx: the stat family needs glibc 2.33 */
#include "core.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *tlua_environment(const char *name)
{
    const char *value = getenv(name);
    return value && value[0] != '\0' ? value : NULL;
}

static bool config_error(tl_error *err, const char *variable, const char *path, const char *why)
{
    tlua_set_error(err, TL_CONFIG, "%s_FILE names %.300s: %s.", variable, path, why);
    return false;
}

/* The rule of ssh for its files, links followed: whoever can write it gives us the token. */
static const char *why_not_safe(const struct statx *status)
{
    if (!S_ISREG(status->stx_mode)) {
        return "it is no regular file";
    }
    if (status->stx_uid != 0 && status->stx_uid != geteuid()) {
        return "it belongs to another user";
    }
    return (status->stx_mode & 022) != 0 ? "others can write it; chmod 600 it" : NULL;
}

/* Without stdio, so that no copy of the secret stays in a buffer. Returns NULL, or what is wrong. */
static const char *read_all(int fd, tlua_secret *out, size_t *out_length)
{
    ssize_t got = 1;
    *out_length = 0;
    while (got > 0 && *out_length <= TLUA_SECRET_MAX) {
        got = read(fd, out->file + *out_length, TLUA_SECRET_MAX + 1 - *out_length);
        *out_length += got > 0 ? (size_t)got : 0;
    }
    if (got < 0) {
        return strerror(errno);
    }
    if (*out_length > TLUA_SECRET_MAX) {
        return "it is larger than any token";
    }
    return memchr(out->file, '\0', *out_length) ? "it holds a NUL byte" : NULL;
}

/* Non-blocking: a FIFO is refused, not waited for. Returns NULL, or what is wrong. */
static const char *read_file(const char *path, tlua_secret *out, size_t *out_length)
{
    struct statx status = {.stx_mode = 0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        return strerror(errno);
    }
    const char *why = statx(fd, "", AT_EMPTY_PATH, STATX_TYPE | STATX_MODE | STATX_UID, &status) == 0
                          ? why_not_safe(&status)
                          : strerror(errno);
    why = why ? why : read_all(fd, out, out_length);
    out->exposed = (status.stx_mode & 044) != 0;
    close(fd);
    return why;
}

static bool read_secret(tlua_secret *out, const char *variable, const char *path, tl_error *err)
{
    size_t length = 0;
    const char *why = read_file(path, out, &length);
    if (why) {
        return config_error(err, variable, path, why);
    }
    if (length > 0 && out->file[length - 1] == '\n') {
        length--;
    }
    if (length > 0 && out->file[length - 1] == '\r') {
        length--;
    }
    out->file[length] = '\0';
    out->text = out->file;
    return true;
}

bool tlua_find_secret(tlua_secret *out, const char *option, const char *variable, tl_error *err)
{
    char file_variable[64];
    snprintf(file_variable, sizeof file_variable, "%s_FILE", variable);
    out->text = option ? option : tlua_environment(variable);
    const char *path = tlua_environment(file_variable);
    if (option || !path) {
        return true;
    }
    if (out->text) {
        tlua_set_error(err, TL_CONFIG, "Both %s and %s are set; unset one of them.", variable, file_variable);
        out->text = NULL;
        return false;
    }
    return read_secret(out, variable, path, err);
}

void tlua_wipe_secret(tlua_secret *secret)
{
    explicit_bzero(secret->file, sizeof secret->file);
    secret->text = NULL;
}

void tlua_warn_if_exposed(lua_State *L, const tlua_secret *secret, const char *variable)
{
    if (secret->exposed) {
        lua_warning(L, variable, 1);
        lua_warning(L, "_FILE names a file that others can read: chmod 600 it", 0);
    }
}

/* secret(variable): what the environment gives, without showing it: { from = the variable, length, hex = only
 * lower-case hex digits }; false where it gives none. */
int tlua_look_at_secret(lua_State *L)
{
    const char *variable = luaL_checkstring(L, 1);
    tlua_secret secret = {.text = NULL};
    tl_error err = TL_ERROR_INIT;
    bool found = tlua_find_secret(&secret, NULL, variable, &err);
    bool given = secret.text != NULL;
    bool from_file = secret.text == secret.file;
    size_t length = given ? strlen(secret.text) : 0;
    bool hex = given && strspn(secret.text, "0123456789abcdef") == length;
    tlua_wipe_secret(&secret);
    if (!found) {
        return tlua_fail(L, &err);
    }
    if (!given) {
        lua_pushboolean(L, false);
        return 1;
    }
    lua_createtable(L, 0, 3);
    lua_pushfstring(L, "%s%s", variable, from_file ? "_FILE" : "");
    lua_setfield(L, -2, "from");
    lua_pushinteger(L, (lua_Integer)length);
    lua_setfield(L, -2, "length");
    lua_pushboolean(L, hex);
    lua_setfield(L, -2, "hex");
    return 1;
}
