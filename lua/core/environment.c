#include "core.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *tlua_environment(const char *name)
{
    const char *value = getenv(name);
    return value && value[0] != '\0' ? value : NULL;
}

static bool config_error(tl_error *err, const char *variable, const char *path, const char *why)
{
    err->code = TL_CONFIG;
    snprintf(err->message, sizeof err->message, "%s_FILE names %.300s: %s.", variable, path, why);
    return false;
}

static bool read_secret(tlua_secret *out, const char *variable, const char *path, tl_error *err)
{
    FILE *file = fopen(path, "re");
    if (!file) {
        return config_error(err, variable, path, strerror(errno));
    }
    setvbuf(file, NULL, _IONBF, 0); /* no copy of the secret stays in a buffer of stdio */
    errno = 0;
    size_t length = fread(out->file, 1, TLUA_SECRET_MAX + 1, file);
    int cause = ferror(file) ? errno : 0;
    fclose(file);
    if (cause != 0) {
        return config_error(err, variable, path, strerror(cause));
    }
    if (length > TLUA_SECRET_MAX) {
        return config_error(err, variable, path, "it is larger than any token");
    }
    if (memchr(out->file, '\0', length)) {
        return config_error(err, variable, path, "it holds a NUL byte");
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
        err->code = TL_CONFIG;
        snprintf(err->message, sizeof err->message, "Both %s and %s are set; unset one of them.", variable,
                 file_variable);
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
