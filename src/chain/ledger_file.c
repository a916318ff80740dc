#define _GNU_SOURCE /* statx: the stat family needs glibc 2.33 */
#include "chain/ledger_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static tl_code check_open_file(int fd, const char *path, tl_error *err)
{
    struct statx status;
    if (statx(fd, "", AT_EMPTY_PATH, STATX_TYPE | STATX_MODE | STATX_UID, &status) != 0)
        return tl_fail(err, TL_CONFIG, "ledger %s: %s", path, strerror(errno));
    if (!S_ISREG(status.stx_mode))
        return tl_fail(err, TL_CONFIG, "ledger %s is no regular file", path);
    if (status.stx_uid != geteuid())
        return tl_fail(err, TL_CONFIG, "ledger %s belongs to another user", path);
    if ((status.stx_mode & 022) != 0)
        return tl_fail(err, TL_CONFIG, "ledger %s can be written by others: chmod 600 it", path);
    return TL_OK;
}

tl_code tl_ledger_file_check(const char *path, tl_error *err)
{
    if (path == NULL || path[0] == '\0')
        return tl_fail(err, TL_CONFIG, "ledger is missing: give the path of its file");
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
    if (fd < 0)
        return tl_fail(err, TL_CONFIG,
                       errno == ELOOP ? "ledger %s is a link: name the file itself%s" : "ledger %s: %s", path,
                       errno == ELOOP ? "" : strerror(errno));
    tl_code code = check_open_file(fd, path, err);
    close(fd);
    return code;
}
