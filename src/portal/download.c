/* Fetching the file of a request. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/sha256.h"
#include "base/text.h"
#include "http/http.h"
#include "http/retry.h"
#include "portal/client.h"
#include "threatlocker/files.h"
#include "threatlocker/requests.h"

enum { DEFAULT_TIMEOUT_MS = 10 * 60 * 1000, MAX_TIMEOUT_MS = 24 * 60 * 60 * 1000 };

static const char LABEL[] = "file download";
static const int64_t DEFAULT_MAX_BYTES = INT64_C(512) << 20;

/* A file that is being written beside the place where it will stand. */
typedef struct new_file {
    char *path; /* of the unfinished file */
    int fd;
    int64_t bytes;
    tl_sha256 sha256;
} new_file;

static bool write_file(void *data, const void *bytes, size_t length)
{
    new_file *file = data;
    const char *at = bytes;
    tl_sha256_update(&file->sha256, bytes, length);
    file->bytes += (int64_t)length;
    while (length > 0) {
        ssize_t written = write(file->fd, at, length);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            at += written;
            length -= (size_t)written;
        }
    }
    return true;
}

static bool restart_file(void *data)
{
    new_file *file = data;
    tl_sha256_init(&file->sha256);
    file->bytes = 0;
    return ftruncate(file->fd, 0) == 0 && lseek(file->fd, 0, SEEK_SET) == 0;
}

/* Beside the final path, so that the last step is a rename; mkstemp makes it new and 0600. */
static tl_code open_file(new_file *file, const char *path, tl_error *err)
{
    tl_buffer name = {.limit = 8192};
    tl_buffer_format(&name, "%s.part-XXXXXX", path);
    *file = (new_file){.fd = -1, .path = name.data};
    if (name.failed)
        return name.too_large ? tl_fail(err, TL_INVALID, "path is too long") : tl_fail_memory(err);
    tl_sha256_init(&file->sha256);
    file->fd = mkstemp(file->path);
    if (file->fd < 0)
        return tl_fail(err, TL_CONFIG, "cannot write beside %s: %s", path, strerror(errno));
    (void)fcntl(file->fd, F_SETFD, FD_CLOEXEC);
    return TL_OK;
}

static void discard_file(new_file *file)
{
    if (file->fd >= 0) {
        close(file->fd);
        unlink(file->path);
    }
    free(file->path);
}

/* A link fails where the name is taken; a rename alone would replace what is there. Where the file system has
 * no links, the name is taken first. 0, or errno. */
static int give_name(const char *unfinished, const char *path)
{
    if (link(unfinished, path) == 0)
        return 0;
    if (errno != EPERM && errno != EOPNOTSUPP && errno != EMLINK)
        return errno;
    int taken = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (taken < 0)
        return errno;
    close(taken);
    if (rename(unfinished, path) == 0)
        return 0;
    int failed = errno;
    unlink(path); /* the empty file that took the name */
    return failed;
}

static tl_code put_in_place(new_file *file, const char *path, tl_error *err)
{
    int failed = fsync(file->fd) != 0 ? errno : give_name(file->path, path);
    if (failed == EEXIST)
        return tl_fail(err, TL_INVALID, "path: %s exists, and nothing is overwritten", path);
    if (failed != 0)
        return tl_fail(err, TL_CONFIG, "cannot write %s: %s", path, strerror(failed));
    return TL_OK;
}

static tl_code check_options(tl_download_options *out, const tl_download_options *options, const char *path,
                             tl_error *err)
{
    *out = (tl_download_options)TL_DOWNLOAD_OPTIONS_INIT;
    if (options != NULL && options->size != sizeof *options)
        return tl_fail(err, TL_USAGE, "tl_download_options has another size: built against another version?");
    if (options != NULL)
        *out = *options;
    if (out->max_bytes == 0)
        out->max_bytes = DEFAULT_MAX_BYTES;
    if (out->timeout_ms == 0)
        out->timeout_ms = DEFAULT_TIMEOUT_MS;
    if (out->max_bytes < 1 || out->timeout_ms < 1 || out->timeout_ms > MAX_TIMEOUT_MS)
        return tl_fail(err, TL_INVALID, "max_bytes and timeout must be more than 0, timeout at most 24 h");
    if (path == NULL || path[0] == '\0' || path[strlen(path) - 1] == '/')
        return tl_fail(err, TL_INVALID, "path must name the file to write");
    if (faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        return tl_fail(err, TL_INVALID, "path: %s exists, and nothing is overwritten", path);
    return TL_OK;
}

/* Storage services answer 403 and 404 for a link that is over, too. */
static tl_code check_status(const tl_http_reply *reply, tl_error *err)
{
    int status = reply->status;
    tl_error here = TL_ERROR_INIT;
    if (status == 200)
        return TL_OK;
    if (status >= 300 && status < 400)
        (void)tl_fail(&here, TL_PROTOCOL, "%s: the host redirects (HTTP %d), which is not followed", LABEL,
                      status);
    else if (status == 401 || status == 403)
        (void)tl_fail(&here, TL_FORBIDDEN,
                      "%s: the host refuses it (HTTP %d); the link may be over: ask again", LABEL, status);
    else if (status == 404 || status == 410)
        (void)tl_fail(&here, TL_NOT_FOUND, "%s: the host no longer has it (HTTP %d)", LABEL, status);
    else if (status == 408)
        (void)tl_fail(&here, TL_TIMEOUT, "%s: the host timed out (HTTP 408)", LABEL);
    else if (status == 429)
        (void)tl_fail(&here, TL_RATE_LIMITED, "%s: too many requests (HTTP 429)", LABEL);
    else if (status >= 500)
        (void)tl_fail(&here, TL_SERVER, "%s: the host failed (HTTP %d)", LABEL, status);
    else
        (void)tl_fail(&here, TL_PROTOCOL, "%s: unexpected reply (HTTP %d)", LABEL, status);
    here.http_status = status;
    here.retriable = tl_status_retriable(status);
    if (err != NULL && err->code == TL_OK)
        *err = here;
    return here.code;
}

static tl_code fetch(new_file *file, tl_client *client, const char *url, const tl_download_options *options,
                     tl_error *err)
{
    tl_http_fetch wanted = {.label = LABEL,
                            .url = url,
                            .max_bytes = options->max_bytes,
                            .timeout_ms = options->timeout_ms,
                            .sink = {.write = write_file, .restart = restart_file, .data = file}};
    tl_http_reply reply;
    tl_code code = tl_http_get_file(&reply, client->http, &wanted, err);
    if (code == TL_OK) {
        code = check_status(&reply, err);
        tl_http_reply_free(&reply);
    }
    return code;
}

static bool is_sha256(const char *text)
{
    return text != NULL && strlen(text) == TL_SHA256_HEX_SIZE - 1 &&
           text[strspn(text, "0123456789abcdefABCDEF")] == '\0';
}

/* The SHA-256 that the request told for its file, or NULL. Borrowed from the row. */
static const char *known_sha256(const cJSON *row)
{
    const char *told = tl_json_text(row, "threatLockerActionDto.sha256");
    return is_sha256(told) ? told : NULL;
}

static tl_code check_sha256(const new_file *file, const char *known, char hex[TL_SHA256_HEX_SIZE],
                            tl_error *err)
{
    unsigned char digest[TL_SHA256_SIZE];
    tl_sha256 copy = file->sha256;
    tl_sha256_final(&copy, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    if (known == NULL || tl_equal_ignore_case(known, hex))
        return TL_OK;
    return tl_fail(err, TL_PROTOCOL, "%s: its SHA-256 is %s, not the request's %s: nothing was kept", LABEL,
                   hex, known);
}

static cJSON *describe(const char *path, const cJSON *details, const new_file *file, const char *hex,
                       bool checked)
{
    cJSON *out = cJSON_CreateObject();
    bool ok = tl_json_set_text(out, "path", path) &&
              tl_json_set_text(out, "filename", tl_json_text(details, "filename")) &&
              tl_json_set_integer(out, "bytes", file->bytes) && tl_json_set_text(out, "sha256", hex) &&
              tl_json_set_bool(out, "sha256_checked", checked);
    if (!ok) {
        cJSON_Delete(out);
        return NULL;
    }
    return out;
}

static tl_code download(cJSON **out, tl_client *client, const cJSON *details, const char *known,
                        const char *path, const tl_download_options *options, tl_error *err)
{
    new_file file;
    char hex[TL_SHA256_HEX_SIZE];
    tl_code code = open_file(&file, path, err);
    if (code == TL_OK)
        code = fetch(&file, client, tl_json_text_or_empty(details, "fileUrl"), options, err);
    if (code == TL_OK)
        code = check_sha256(&file, known, hex, err);
    if (code == TL_OK && (*out = describe(path, details, &file, hex, known != NULL)) == NULL)
        code = tl_fail_memory(err);
    if (code == TL_OK)
        code = put_in_place(&file, path, err);
    discard_file(&file); /* renamed or linked by now, or unwanted */
    if (code != TL_OK) {
        cJSON_Delete(*out);
        *out = NULL;
    }
    return code;
}

tl_code tl_download_file(cJSON **out, tl_client *client, const char *organization_id, const char *request_id,
                         const char *path, const tl_download_options *options, tl_error *err)
{
    *out = NULL;
    tl_download_options limits;
    cJSON *details = NULL, *row = NULL;
    tl_code code = check_options(&limits, options, path, err);
    if (code == TL_OK)
        code = tl_request_get(&row, client, organization_id, request_id, err);
    if (code == TL_OK)
        code = tl_file_details(&details, client, organization_id, request_id, err);
    if (code == TL_OK)
        code = download(out, client, details, known_sha256(row), path, &limits, err);
    cJSON_Delete(details);
    cJSON_Delete(row);
    return code;
}
