/* Writing to files. */
#include "core.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

bool tlua_write_all(int fd, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, data, length);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        if (written > 0) {
            data += written;
            length -= (size_t)written;
        }
    }
    return true;
}

/* create_file(path, text): true; fails with "config" where something of that name is there already, and
 * leaves nothing behind when it fails. Only its owner may read it. */
int tlua_create_file(lua_State *L)
{
    size_t length = 0;
    const char *path = tlua_check_text(L, 1);
    const char *text = luaL_checklstring(L, 2, &length);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return tlua_fail_with(L, TL_CONFIG, "%s: %s", path, strerror(errno));
    }
    bool good = tlua_write_all(fd, text, length) && fsync(fd) == 0;
    int cause = errno;
    if (close(fd) != 0 && good) {
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
