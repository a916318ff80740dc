#include "threatlocker/requests.h"

#include "base/text.h"
#include "portal/call.h"
#include "portal/request_facts.h"
#include "threatlocker/storage.h"

/* Reads one object and makes sure that it is the one asked for. */
static tl_code read_request(cJSON **out, tl_client *client, tl_endpoint_id id, const char *organization_id,
                            const char *request_id, const char *id_path, tl_error *err)
{
    tl_code code =
        tl_portal_read_by_guid(out, client, id, organization_id, "approvalRequestId", request_id, err);
    if (code != TL_OK)
        return code;
    const char *name = tl_endpoint_of(id)->name;
    if (*out == NULL)
        return tl_fail(err, TL_NOT_FOUND, "%s: no request %s (is organization_id the one that contains it?)",
                       name, request_id);
    const char *got = tl_json_text(*out, id_path);
    if (got == NULL)
        code = tl_fail(err, TL_PROTOCOL, "%s: the reply has no %s", name, id_path);
    else if (!tl_equal_ignore_case(got, request_id))
        code = tl_fail(err, TL_PROTOCOL, "%s: asked for request %s, got another one", name, request_id);
    if (code != TL_OK) {
        cJSON_Delete(*out);
        *out = NULL;
    }
    return code;
}

tl_code tl_request_get(cJSON **out, tl_client *client, const char *organization_id, const char *request_id,
                       tl_error *err)
{
    tl_code code =
        read_request(out, client, TL_REQUEST_BY_ID, organization_id, request_id, "approvalRequestId", err);
    if (code == TL_OK && !tl_request_annotate(*out)) {
        cJSON_Delete(*out);
        *out = NULL;
        code = tl_fail_memory(err);
    }
    return code;
}

tl_code tl_permit_details(cJSON **out, tl_client *client, const char *organization_id, const char *request_id,
                          tl_error *err)
{
    return read_request(out, client, TL_PERMIT_DETAILS, organization_id, request_id,
                        "approvalRequest.approvalRequestId", err);
}

tl_code tl_storage_details(cJSON **out, tl_client *client, const char *organization_id,
                           const char *request_id, tl_error *err)
{
    return read_request(out, client, TL_STORAGE_DETAILS, organization_id, request_id,
                        "approvalRequest.approvalRequestId", err);
}

tl_code tl_request_count(int64_t *out, tl_client *client, const char *organization_id, bool children,
                         tl_error *err)
{
    *out = 0;
    cJSON *reply = NULL;
    tl_code code = tl_portal_read(
        &reply, NULL, client, TL_REQUEST_COUNT, organization_id,
        children ? "includeChildOrganizations=true" : "includeChildOrganizations=false", NULL, err);
    int64_t count;
    if (code == TL_OK && tl_json_integer(reply, &count) && count >= 0)
        *out = count;
    else if (code == TL_OK)
        code = tl_fail(err, TL_PROTOCOL, "ApprovalRequestGetCount: the reply is no number of requests");
    cJSON_Delete(reply);
    return code;
}
