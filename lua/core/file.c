/* What the command writes into files. */
#include "core.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static bool write_all(int file, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t written = write(file, text, length);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        if (written > 0) {
            text += written;
            length -= (size_t)written;
        }
    }
    return fsync(file) == 0;
}

/* create_file(path, text): true; fails with "config" where something of that name is there already, and
 * leaves nothing behind when it fails. Only its owner may read it. */
int tlua_create_file(lua_State *L)
{
    size_t length = 0;
    const char *path = tlua_check_text(L, 1);
    const char *text = luaL_checklstring(L, 2, &length);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
        return tlua_fail_with(L, TL_CONFIG, "%s: %s", path, strerror(errno));
    }
    bool good = write_all(file, text, length);
    int cause = errno;
    if (close(file) != 0 && good) {
        good = false;
        cause = errno;
    }
    if (!good) {
        unlink(path);
        return tlua_fail_with(L, TL_CONFIG, "%s: %s", path, strerror(cause));
    }
    lua_pushboolean(L, true);
    return 1;
}
