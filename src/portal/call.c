#include "portal/call.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "portal/reply.h"

static const char ORGANIZATION_HEADER[] = "ManagedOrganizationId";

tl_code tl_check_guid(const char *guid, const char *name, tl_error *err)
{
    if (tl_is_real_guid(guid))
        return TL_OK;
    return tl_fail(err, TL_INVALID, "%s must be a GUID such as 0e000000-0000-4000-8000-000000001001", name);
}

/* A count that the header tells; -1 for none, and for a negative one. */
static int64_t told_count(const cJSON *json, const char *name)
{
    int64_t count = tl_json_integer_or(json, name, -1);
    return count < 0 ? -1 : count;
}

/* The `pagination` header: a JSON object [observed wyre]; absent or odd, it just tells nothing. */
static tl_page read_pagination(const char *header)
{
    tl_page page = TL_PAGE_UNTOLD;
    cJSON *json = NULL;
    if (header != NULL && tl_json_parse(&json, header, strlen(header), NULL) == TL_OK) {
        page.current_page = told_count(json, "currentPage");
        page.items_per_page = told_count(json, "itemsPerPage");
        page.total_items = told_count(json, "totalItems");
        page.total_pages = told_count(json, "totalPages");
    }
    cJSON_Delete(json);
    return page;
}

/* A call that is ready to be sent; its texts are borrowed but for the target. */
typedef struct prepared {
    tl_http_request http;
    tl_buffer target;
} prepared;

static tl_code prepare(prepared *out, const tl_client *client, tl_endpoint_id id, const char *organization_id,
                       const char *query, const char *body, size_t body_length, tl_error *err)
{
    const tl_endpoint *endpoint = tl_endpoint_of(id);
    *out = (prepared){.target = {.limit = 8192}};
    if (organization_id == NULL)
        organization_id = client->organization_id;
    if (organization_id != NULL && tl_check_guid(organization_id, "organization_id", err) != TL_OK)
        return TL_INVALID;
    tl_buffer_format(&out->target, "/%s%s%s", endpoint->path, query == NULL ? "" : "?",
                     query == NULL ? "" : query);
    if (out->target.failed) {
        bool too_large = out->target.too_large;
        tl_buffer_free(&out->target);
        return too_large ? tl_fail(err, TL_INVALID, "%s: the query is too long", endpoint->name)
                         : tl_fail_memory(err);
    }
    out->http = (tl_http_request){.label = endpoint->name,
                                  .method = endpoint->method,
                                  .target = out->target.data,
                                  .body = body,
                                  .body_length = body_length,
                                  .write = endpoint->write};
    if (endpoint->organization && organization_id != NULL)
        out->http.headers[0] = (tl_http_header){ORGANIZATION_HEADER, organization_id};
    if (id == TL_POLICY_CONDITIONS) /* its one parameter beside the body [spec] */
        out->http.headers[1] = (tl_http_header){"usenewsearch", "true"};
    return TL_OK;
}

/* Turns the status of a reply into an error, which ends the reply. */
static tl_code check_reply(tl_http_reply *reply, const tl_client *client, tl_endpoint_id id, tl_error *err)
{
    const tl_endpoint *endpoint = tl_endpoint_of(id);
    if (reply->status < 200 || reply->status >= 300)
        tl_http_reply_redact(reply, client->http);
    tl_code code = tl_reply_status(endpoint, reply->status, reply->body, reply->length, err);
    if (code == TL_OK)
        code = tl_http_reply_check(reply, client->http, endpoint->name, err);
    if (code != TL_OK)
        tl_http_reply_free(reply);
    return code;
}

/* On TL_OK the reply is the caller's. Ends the call. */
static tl_code run(tl_http_reply *reply, tl_client *client, tl_endpoint_id id, prepared *call, tl_error *err)
{
    tl_code code = tl_http_call(reply, client->http, &call->http, err);
    tl_buffer_free(&call->target);
    return code == TL_OK ? check_reply(reply, client, id, err) : code;
}

/* The JSON and the totals of a good reply, which it ends. */
static tl_code read_reply(cJSON **out, tl_page *page, tl_http_reply *reply, tl_endpoint_id id, tl_error *err)
{
    if (page != NULL)
        *page = read_pagination(reply->pagination);
    tl_code code = tl_reply_json(out, tl_endpoint_of(id), reply->body, reply->length, err);
    tl_http_reply_free(reply);
    return code;
}

tl_code tl_portal_read(cJSON **out, tl_page *page, tl_client *client, tl_endpoint_id id,
                       const char *organization_id, const char *query, const cJSON *body, tl_error *err)
{
    *out = NULL;
    char *text = NULL;
    size_t length = 0;
    tl_code code = body == NULL ? TL_OK : tl_json_print(&text, &length, body, err);
    tl_http_reply reply;
    prepared call;
    if (code == TL_OK)
        code = prepare(&call, client, id, organization_id, query, text, length, err);
    if (code == TL_OK)
        code = run(&reply, client, id, &call, err);
    free(text);
    return code == TL_OK ? read_reply(out, page, &reply, id, err) : code;
}

tl_code tl_portal_add(tl_http_batch *batch, int64_t number, tl_client *client, tl_endpoint_id id,
                      const char *organization_id, const char *query, const cJSON *body, tl_error *err)
{
    char *text = NULL;
    size_t length = 0;
    prepared call;
    tl_code code = body == NULL ? TL_OK : tl_json_print(&text, &length, body, err);
    if (code == TL_OK)
        code = prepare(&call, client, id, organization_id, query, text, length, err);
    if (code == TL_OK) {
        code = tl_http_batch_add(batch, number, &call.http, err);
        tl_buffer_free(&call.target);
    }
    free(text);
    return code;
}

tl_code tl_portal_take(cJSON **out, tl_page *page, tl_http_batch *batch, int64_t number, tl_client *client,
                       tl_endpoint_id id, tl_error *err)
{
    *out = NULL;
    tl_http_reply reply;
    tl_code code = tl_http_batch_wait(&reply, batch, number, err);
    if (code == TL_OK)
        code = check_reply(&reply, client, id, err);
    return code == TL_OK ? read_reply(out, page, &reply, id, err) : code;
}

tl_code tl_portal_read_by_guid(cJSON **out, tl_client *client, tl_endpoint_id id, const char *organization_id,
                               const char *name, const char *guid, tl_error *err)
{
    *out = NULL;
    tl_code code = tl_check_guid(guid, name, err);
    if (code != TL_OK)
        return code;
    tl_buffer query = {.limit = 256};
    tl_buffer_format(&query, "%s=%s", name, guid);
    code = query.failed ? tl_fail_memory(err)
                        : tl_portal_read(out, NULL, client, id, organization_id, query.data, NULL, err);
    tl_buffer_free(&query);
    return code;
}

tl_code tl_portal_send(bool *nothing_sent, int *http_status, tl_client *client, tl_endpoint_id id,
                       const tl_portal_write *write, tl_error *err)
{
    tl_http_reply reply = {.nothing_sent = true};
    prepared call;
    tl_code code =
        prepare(&call, client, id, write->organization_id, NULL, write->body, write->body_length, err);
    if (code == TL_OK) {
        call.http.begun_us = write->begun_us;
        code = run(&reply, client, id, &call, err);
    }
    *nothing_sent = code != TL_OK && reply.nothing_sent;
    *http_status = code == TL_OK ? reply.status : 0;
    if (code == TL_OK)
        tl_http_reply_free(&reply);
    return code;
}
