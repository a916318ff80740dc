/* Events as lines of a file, or on standard output. It is opened for each step that has any, so that it may
 * be moved away at any time. */
#include "core.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static bool is_stdout(const char *path)
{
    return strcmp(path, "-") == 0;
}

/* Non-blocking: a FIFO that nobody reads must not hold up the chain. */
static int open_file(const char *path)
{
    if (is_stdout(path)) {
        return STDOUT_FILENO;
    }
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
    if (fd >= 0) {
        (void)fcntl(fd, F_SETFL, O_APPEND);
    }
    return fd;
}

/* Leaves errno alone. */
static void close_file(const char *path, int fd)
{
    int kept = errno;
    if (!is_stdout(path) && fd >= 0) {
        close(fd);
    }
    errno = kept;
}

/* Whether the last line of the file has no end: the disk was full, or the power failed. */
static bool is_torn(const char *path)
{
    char last = '\n';
    int fd = is_stdout(path) ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    bool torn = fd >= 0 && lseek(fd, -1, SEEK_END) >= 0 && read(fd, &last, 1) == 1 && last != '\n';
    close_file(path, fd);
    return torn;
}

/* The line's NUL is its line end for as long as it is written. */
static bool write_line(int fd, char *line)
{
    size_t length = strlen(line);
    line[length] = '\n';
    bool written = tlua_write_all(fd, line, length + 1);
    line[length] = '\0';
    return written;
}

/* Pipes and terminals cannot be flushed, and need not. */
static bool flush(int fd)
{
    return fsync(fd) == 0 || errno == EINVAL || errno == EROFS || errno == ENOTSUP;
}

static tl_code fail(tl_error *err, const char *path)
{
    return tlua_set_error(err, TL_CONFIG, "events %s: %s", is_stdout(path) ? "to standard output" : path,
                          strerror(errno));
}

tl_code tlua_check_event_file(const char *path, tl_error *err)
{
    int fd = open_file(path);
    if (fd < 0) {
        return fail(err, path);
    }
    close_file(path, fd);
    return TL_OK;
}

tl_code tlua_write_events(const char *path, tlua_lines *lines, tl_error *err)
{
    bool torn = is_torn(path);
    int fd = open_file(path);
    bool written = fd >= 0 && (!torn || tlua_write_all(fd, "\n", 1));
    for (size_t at = 0; written && at < lines->length; at += strlen(lines->data + at) + 1) {
        written = write_line(fd, lines->data + at);
    }
    written = written && flush(fd);
    close_file(path, fd);
    return written ? TL_OK : fail(err, path);
}
