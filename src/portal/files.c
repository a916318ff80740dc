#include "portal/files.h"

#include "portal/rows.h"

tl_code tl_check_file_details(const cJSON *details, tl_error *err)
{
    const char *endpoint = tl_endpoint_of(TL_FILE_DETAILS)->name;
    const cJSON *url = tl_json_member(details, "fileUrl");
    const cJSON *filename = tl_json_member(details, "filename");
    if ((url != NULL && !cJSON_IsString(url)) || (filename != NULL && !cJSON_IsString(filename)))
        return tl_fail(err, TL_PROTOCOL, "%s: fileUrl or filename is no text", endpoint);
    if (url == NULL || url->valuestring[0] == '\0')
        return tl_fail(err, TL_NOT_FOUND,
                       "%s: this request has no file: the user's computer did not upload a copy", endpoint);
    return TL_OK;
}

tl_code tl_file_details(cJSON **out, tl_client *client, const char *organization_id, const char *request_id,
                        tl_error *err)
{
    tl_code code =
        tl_read_object(out, client, TL_FILE_DETAILS, organization_id, "approvalRequestId", request_id, err);
    if (code == TL_OK)
        code = tl_check_file_details(*out, err);
    if (code != TL_OK) {
        cJSON_Delete(*out);
        *out = NULL;
    }
    return code;
}
