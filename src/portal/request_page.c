#include "portal/request_page.h"

#include "base/text.h"
#include "portal/call.h"
#include "portal/members.h"
#include "portal/request_facts.h"

enum { MAX_PAGE_SIZE = 1000, MAX_CONCURRENCY = 16 };

static const char *const order_words[] = {"username",   "devicetype", "actiontype", "path",
                                          "actiondate", "datetime",   NULL};
static const char *const action_words[] = {"execute", "install",       "network", "registry", "read",
                                           "write",   "move",          "delete",  "baseline", "powershell",
                                           "elevate", "configuration", "dns",     NULL};

/* A misspelt word would give an empty list, which reads like an empty queue. */
static tl_code check_word(const char *word, const char *name, const char *const words[], tl_error *err)
{
    return tl_is_one_of(word, words) ? TL_OK : tl_fail_words(name, words, err);
}

static tl_code check_numbers(const tl_request_query *query, tl_error *err)
{
    if (query->page_size < 0 || query->page_size > MAX_PAGE_SIZE)
        return tl_fail(err, TL_INVALID, "page_size must be between 1 and %d", MAX_PAGE_SIZE);
    if (query->page_number < 0 || query->page_number > INT32_MAX)
        return tl_fail(err, TL_INVALID, "page_number must be 1 or more");
    if (query->concurrency < 0 || query->concurrency > MAX_CONCURRENCY)
        return tl_fail(err, TL_INVALID, "concurrency must be between 1 and %d", MAX_CONCURRENCY);
    if (query->status_id < 0)
        return tl_fail(err, TL_INVALID,
                       "status must be one of ThreatLocker's status numbers, such as 1 (pending)");
    if (query->request_type_id < 0 || query->tier_level < 0)
        return tl_fail(err, TL_INVALID, "request_type and tier_level must not be negative");
    return TL_OK;
}

tl_code tl_request_query_check(const tl_request_query *query, tl_error *err)
{
    if (query == NULL || query->size != sizeof *query)
        return tl_fail(err, TL_USAGE, "tl_request_query has another size: built against another version?");
    tl_code code = check_numbers(query, err);
    if (code == TL_OK)
        code = tl_check_search(query->search, err);
    if (code == TL_OK && query->order_by != NULL)
        code = check_word(query->order_by, "order_by", order_words, err);
    if (code == TL_OK && query->action_types != NULL && query->action_types[0] == NULL)
        code = tl_fail(err, TL_INVALID, "action_types is empty: leave it out to ask for all");
    for (size_t i = 0; code == TL_OK && query->action_types != NULL && query->action_types[i] != NULL; i++)
        code = check_word(query->action_types[i], "action_types", action_words, err);
    return code;
}

static bool set_action_types(cJSON *body, const char *const types[])
{
    if (types == NULL)
        return true;
    cJSON *list = cJSON_CreateArray();
    bool ok = list != NULL;
    for (size_t i = 0; ok && types[i] != NULL; i++)
        ok = tl_json_append(list, cJSON_CreateString(types[i]));
    return tl_json_set(body, "actionType", list) && ok;
}

/* ApprovalRequestParametersDto [spec]; statusId is always sent, as its absence gives HTTP 500
 * [observed Space-C0wboy, wyre]. */
static cJSON *list_body(const tl_request_query *query)
{
    cJSON *body = cJSON_CreateObject();
    bool ok =
        tl_json_set_integer(body, "statusId", query->status_id == 0 ? TL_STATUS_PENDING : query->status_id) &&
        tl_json_set_integer(body, "pageNumber", query->page_number == 0 ? 1 : query->page_number) &&
        tl_json_set_integer(body, "pageSize",
                            query->page_size == 0 ? TL_DEFAULT_PAGE_SIZE : query->page_size) &&
        tl_json_set_text(body, "orderBy", query->order_by == NULL ? "datetime" : query->order_by) &&
        tl_json_set_bool(body, "isAscending", !query->descending) &&
        tl_json_set_bool(body, "showChildOrganizations", query->children) &&
        tl_json_set_bool(body, "showCurrentTierOnly", query->current_tier_only) &&
        tl_json_set_text(body, "searchText", query->search == NULL ? "" : query->search) &&
        set_action_types(body, query->action_types);
    if (query->request_type_id != 0)
        ok = ok && tl_json_set_integer(body, "requestTypeId", query->request_type_id);
    if (query->tier_level != 0)
        ok = ok && tl_json_set_integer(body, "userApprovalTierLevel", query->tier_level);
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
        if (!tl_is_real_guid(tl_json_text(row, "approvalRequestId")))
            return tl_fail(err, TL_PROTOCOL,
                           "ApprovalRequestGetByParameters: a row has no approvalRequestId");
    return TL_OK;
}

static bool annotate_rows(cJSON *rows)
{
    cJSON *row;
    cJSON_ArrayForEach (row, rows)
        if (!tl_request_annotate(row))
            return false;
    return true;
}

/* Makes a list of what came: nothing is an empty one. */
static tl_code finish_page(cJSON **rows, bool annotated, tl_code code, tl_error *err)
{
    if (code == TL_OK && *rows == NULL && (*rows = cJSON_CreateArray()) == NULL)
        code = tl_fail_memory(err);
    if (code == TL_OK)
        code = check_rows(*rows, err);
    if (code == TL_OK && annotated && !annotate_rows(*rows))
        code = tl_fail_memory(err);
    if (code != TL_OK) {
        cJSON_Delete(*rows);
        *rows = NULL;
    }
    return code;
}

tl_code tl_request_page(cJSON **out_rows, tl_page *out_page, tl_client *client, const tl_request_query *query,
                        tl_error *err)
{
    *out_rows = NULL;
    if (out_page != NULL)
        *out_page = TL_PAGE_UNTOLD;
    tl_code code = tl_request_query_check(query, err);
    if (code != TL_OK)
        return code;
    cJSON *body = list_body(query);
    if (body == NULL)
        return tl_fail_memory(err);
    code =
        tl_portal_read(out_rows, out_page, client, TL_REQUEST_LIST, query->organization_id, NULL, body, err);
    cJSON_Delete(body);
    return finish_page(out_rows, true, code, err);
}

tl_code tl_request_page_add(tl_http_batch *batch, tl_client *client, const tl_request_query *query,
                            tl_error *err)
{
    cJSON *body = list_body(query);
    if (body == NULL)
        return tl_fail_memory(err);
    tl_code code = tl_portal_add(batch, query->page_number, client, TL_REQUEST_LIST, query->organization_id,
                                 NULL, body, err);
    cJSON_Delete(body);
    return code;
}

tl_code tl_request_page_take(cJSON **out_rows, tl_page *out_page, tl_http_batch *batch, tl_client *client,
                             int64_t page_number, tl_error *err)
{
    *out_rows = NULL;
    tl_code code = tl_portal_take(out_rows, out_page, batch, page_number, client, TL_REQUEST_LIST, err);
    return finish_page(out_rows, false, code, err);
}
