#include "threatlocker/requests.h"

#include <string.h>

#include "base/text.h"
#include "portal/call.h"
#include "threatlocker/storage.h"

enum { DEFAULT_PAGE_SIZE = 100, MAX_PAGE_SIZE = 1000, MAX_SEARCH = 1000 };

static tl_code check_query(const tl_request_query *query, tl_error *err)
{
    if (query == NULL || query->size != sizeof *query)
        return tl_fail(err, TL_USAGE, "tl_request_query has another size: built against another version?");
    if (query->page_size < 0 || query->page_size > MAX_PAGE_SIZE)
        return tl_fail(err, TL_INVALID, "page_size must be between 1 and %d", MAX_PAGE_SIZE);
    if (query->page_number < 0 || query->page_number > INT32_MAX)
        return tl_fail(err, TL_INVALID, "page_number must be 1 or more");
    if (query->status_id < 0)
        return tl_fail(err, TL_INVALID,
                       "status must be one of ThreatLocker's status numbers, such as 1 (pending)");
    if (query->search != NULL &&
        (strlen(query->search) > MAX_SEARCH || !tl_utf8_valid(query->search, strlen(query->search))))
        return tl_fail(err, TL_INVALID, "search must be UTF-8 of at most %d bytes", MAX_SEARCH);
    return TL_OK;
}

/* ApprovalRequestParametersDto [spec]; statusId is always sent, as its absence gives HTTP 500 [observed]. */
static cJSON *list_body(const tl_request_query *query)
{
    cJSON *body = cJSON_CreateObject();
    bool ok =
        tl_json_set_integer(body, "statusId", query->status_id == 0 ? TL_STATUS_PENDING : query->status_id) &&
        tl_json_set_integer(body, "pageNumber", query->page_number == 0 ? 1 : query->page_number) &&
        tl_json_set_integer(body, "pageSize", query->page_size == 0 ? DEFAULT_PAGE_SIZE : query->page_size) &&
        tl_json_set_text(body, "orderBy", query->order_by == NULL ? "datetime" : query->order_by) &&
        tl_json_set_bool(body, "isAscending", !query->descending) &&
        tl_json_set_bool(body, "showChildOrganizations", query->children) &&
        tl_json_set_bool(body, "showCurrentTierOnly", false) &&
        tl_json_set_text(body, "searchText", query->search == NULL ? "" : query->search);
    if (!ok) {
        cJSON_Delete(body);
        body = NULL;
    }
    return body;
}

/* Every row must be an object with a GUID: a list that we cannot tell apart must not be walked. */
static tl_code check_rows(const cJSON *rows, tl_error *err)
{
    if (!cJSON_IsArray(rows))
        return tl_fail(err, TL_PROTOCOL, "ApprovalRequestGetByParameters: the reply is no array of requests");
    const cJSON *row;
    cJSON_ArrayForEach (row, rows)
        if (!tl_is_guid(tl_json_text(row, "approvalRequestId")))
            return tl_fail(err, TL_PROTOCOL,
                           "ApprovalRequestGetByParameters: a row has no approvalRequestId");
    return TL_OK;
}

tl_code tl_request_page(cJSON **out_rows, tl_page *out_page, tl_client *client, const tl_request_query *query,
                        tl_error *err)
{
    *out_rows = NULL;
    if (out_page != NULL)
        *out_page = (tl_page){-1, -1, -1, -1};
    tl_code code = check_query(query, err);
    if (code != TL_OK)
        return code;
    cJSON *body = list_body(query);
    if (body == NULL)
        return tl_fail_memory(err);
    code =
        tl_portal_read(out_rows, out_page, client, TL_REQUEST_LIST, query->organization_id, NULL, body, err);
    cJSON_Delete(body);
    if (code == TL_OK && *out_rows == NULL)
        *out_rows = cJSON_CreateArray();
    if (code == TL_OK && *out_rows == NULL)
        code = tl_fail_memory(err);
    if (code == TL_OK)
        code = check_rows(*out_rows, err);
    if (code != TL_OK) {
        cJSON_Delete(*out_rows);
        *out_rows = NULL;
    }
    return code;
}

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
    return read_request(out, client, TL_REQUEST_BY_ID, organization_id, request_id, "approvalRequestId", err);
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
