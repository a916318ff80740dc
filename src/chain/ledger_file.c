#define _GNU_SOURCE /* statx: the stat family needs glibc 2.33 */
#include "chain/ledger_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SMALLEST_DATABASE = 512 };

/* By its path: to open and close it would drop the locks that a ledger of this process holds on it. */
static tl_code look_at(struct statx *out, const char *path, tl_error *err)
{
    *out = (struct statx){0};
    if (path == NULL || path[0] == '\0')
        return tl_fail(err, TL_CONFIG, "ledger is missing: give the path of its file");
    if (statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_TYPE | STATX_MODE | STATX_UID | STATX_SIZE, out) !=
        0)
        return tl_fail(err, TL_CONFIG, "ledger %s: %s", path, strerror(errno));
    if (S_ISLNK(out->stx_mode))
        return tl_fail(err, TL_CONFIG, "ledger %s is a link: name the file itself", path);
    if (!S_ISREG(out->stx_mode))
        return tl_fail(err, TL_CONFIG, "ledger %s is no regular file", path);
    return TL_OK;
}

tl_code tl_ledger_file_check_to_read(const char *path, tl_error *err)
{
    struct statx status = {.stx_size = 0};
    tl_code code = look_at(&status, path, err);
    if (code == TL_OK && status.stx_size < SMALLEST_DATABASE)
        return tl_fail(err, TL_CONFIG, "ledger %s is no ledger: name another file", path);
    return code;
}

static tl_code check_file(const char *path, tl_error *err)
{
    struct statx status = {.stx_size = 0};
    tl_code code = look_at(&status, path, err);
    if (code != TL_OK)
        return code;
    if (status.stx_uid != geteuid())
        return tl_fail(err, TL_CONFIG, "ledger %s belongs to another user", path);
    if ((status.stx_mode & 022) != 0)
        return tl_fail(err, TL_CONFIG, "ledger %s can be written by others: chmod 600 it", path);
    /* SQLite takes a file that is too short for a database for an empty one, and writes over it. */
    if (status.stx_size > 0 && status.stx_size < SMALLEST_DATABASE)
        return tl_fail(err, TL_CONFIG, "ledger %s is no ledger: name another file", path);
    return TL_OK;
}

tl_code tl_ledger_file_check(const char *path, tl_error *err)
{
    if (path == NULL || path[0] == '\0')
        return tl_fail(err, TL_CONFIG, "ledger is missing: give the path of its file");
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
    else if (errno != EEXIST)
        return tl_fail(err, TL_CONFIG, "ledger %s: %s", path, strerror(errno));
    return check_file(path, err);
}
