/* Downloading the file of a request for the vault. */
#include "action.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_PATH = 4096, MAX_FILE_NAME = 120 };

/* A path in the folder at which nothing is, as the download wants it. No text of a server is part of it. */
static tl_code free_path(char out[MAX_PATH], const tlp_call *call, tl_error *err)
{
    const char *folder = tlp_text(call->request, "folder");
    if (folder == NULL || folder[0] != '/')
        return tlp_fail(err, TL_USAGE, "The shim must name a folder for the file");
    int length = snprintf(out, MAX_PATH, "%s/threatlocker-file-XXXXXX", folder);
    int file = length < 0 || length >= MAX_PATH ? -1 : mkstemp(out);
    if (file < 0)
        return tlp_fail(err, TL_CONFIG, "No file can be made in the folder for downloads");
    (void)close(file);
    (void)unlink(out);
    return TL_OK;
}

/* The server's name for the file without what a path could be made of. malloc'd, NULL when out of memory. */
static char *safe_name(const cJSON *downloaded)
{
    const char *given = tlp_text(downloaded, "filename");
    char *name = tl_clean_text(given, MAX_FILE_NAME);
    for (char *c = name; c != NULL && *c != '\0'; c++)
        if (*c == '/' || *c == '\\' || *c == ':')
            *c = '_';
    if (name != NULL && name[0] == '.')
        name[0] = '_';
    if (name == NULL || name[0] != '\0')
        return name;
    free(name);
    return strdup("file");
}

static cJSON *file_object(const char *path, const char *name, int64_t container_id)
{
    cJSON *file = cJSON_CreateObject();
    if (name != NULL && file != NULL && tlp_set_text(file, "path", path) &&
        tlp_set_text(file, "name", name) && tlp_set_integer(file, "container_id", container_id))
        return file;
    cJSON_Delete(file);
    return NULL;
}

static void give_file(tlp_call *call, cJSON *downloaded, const char *path, int64_t container_id)
{
    char *name = safe_name(downloaded);
    cJSON *file = file_object(path, name, container_id);
    call->reply->out_of_memory |= name == NULL || !tlp_set_text(downloaded, "filename", name) ||
                                  !tlp_set_text(downloaded, "request_id", tlp_request_id(call));
    free(name);
    tlp_reply_other(call->reply, "file", file);
    tlp_reply_sum(call->reply, "bytes", tl_json_new_integer(tlp_integer(downloaded, "bytes", 0)));
    tlp_reply_row(call->reply, downloaded);
    tlp_reply_say(call->reply, "Downloaded the file, which may be malware, for the vault");
}

tl_code tlp_get_file(tlp_call *call, tl_error *err)
{
    char path[MAX_PATH];
    int64_t container_id = tlp_integer(call->request, "container_id", 0);
    cJSON *downloaded = NULL;
    tl_download_options options = TL_DOWNLOAD_OPTIONS_INIT;
    options.max_bytes = tlp_integer(call->parameters, "max_bytes", 0);
    if (container_id == 0)
        return tlp_fail(err, TL_INVALID, "This runs in no container, whose vault could take the file");
    tl_code code = free_path(path, call, err);
    if (code != TL_OK)
        return code;
    tlp_progress(call->session, "Downloading the file");
    code = tl_download_file(&downloaded, call->session->client, tlp_organization_id(call),
                            tlp_request_id(call), path, &options, err);
    if (code != TL_OK)
        return code;
    give_file(call, downloaded, path, container_id);
    if (call->reply->out_of_memory)
        (void)unlink(path);
    return TL_OK;
}
