/* The file of a request: the copy that the user's computer uploaded, if it did. */
#ifndef THREATLOCKER_FILES_H
#define THREATLOCKER_FILES_H

#include "threatlocker/client.h"
#include "threatlocker/json.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ApprovalRequestGetFileDownloadDetailsById: {filename, fileUrl, ...} [official*]. TL_NOT_FOUND where there
 * is no file. fileUrl is a secret: whoever has it has the file. *out is the caller's (cJSON_Delete). */
TL_API TL_NODISCARD tl_code tl_file_details(cJSON **out, tl_client *client, const char *organization_id,
                                            const char *request_id, tl_error *err);

typedef struct tl_download_options {
    size_t size;        /* sizeof(tl_download_options): TL_DOWNLOAD_OPTIONS_INIT sets it */
    int64_t max_bytes;  /* 0 = 512 MiB */
    int64_t timeout_ms; /* deadline of the whole download, retries included; 0 = 600,000 */
} tl_download_options;

#define TL_DOWNLOAD_OPTIONS_INIT TL_SIZED(tl_download_options)

/* Fetches that file into `path`, which must not exist: nothing is ever overwritten, and a file appears there
 * whole or not at all, mode 0600. It may be malware: it is not run, opened or unpacked here.
 *
 * https only; the token and the client certificate do not go to the other host, redirects are not followed,
 * and addresses that are private, loopback or otherwise not of the public internet are refused after name
 * resolution (TL_INVALID), but for loopback where the client's own base URL is loopback. Through a proxy the
 * proxy resolves.
 *
 * *out is the caller's (cJSON_Delete): path, filename (as the server names it: never used as a path), bytes,
 * sha256, and sha256_checked: true when the request told a SHA-256 and it is this one. Another SHA-256 is
 * TL_PROTOCOL and leaves no file; TL_INVALID: `path` exists; TL_CONFIG: it cannot be written. */
TL_API TL_NODISCARD tl_code tl_download_file(cJSON **out, tl_client *client, const char *organization_id,
                                             const char *request_id, const char *path,
                                             const tl_download_options *options, tl_error *err);

#ifdef __cplusplus
}
#endif
#endif
