/* GET calls and paging of SOAR's REST API. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "http/retry.h"
#include "soar/client.h"

enum { PAGE_SIZE = 100, MAX_SERVER_MESSAGE = 200 };

static tl_code fail_by_status(const char *label, int status, const char *said, tl_error *err)
{
    if (status == 401)
        return tl_fail(err, TL_TOKEN, "%s: SOAR refused the credentials (HTTP 401 %s)", label, said);
    if (status == 403)
        return tl_fail(err, TL_FORBIDDEN,
                       "%s: SOAR forbids it; the user's role, or its allowed addresses? (HTTP 403 %s)", label,
                       said);
    if (status == 404 || status == 405)
        return tl_fail(err, TL_NOT_FOUND, "%s: SOAR has no such thing (HTTP %d %s)", label, status, said);
    if (status == 429)
        return tl_fail(err, TL_RATE_LIMITED, "%s: too many requests (HTTP 429)", label);
    if (status == 408)
        return tl_fail(err, TL_TIMEOUT, "%s: SOAR timed out (HTTP 408)", label);
    if (status >= 500)
        return tl_fail(err, TL_SERVER, "%s: SOAR server error (HTTP %d %s)", label, status, said);
    if (status >= 400)
        return tl_fail(err, TL_INVALID, "%s: SOAR refused it (HTTP %d %s)", label, status, said);
    return tl_fail(err, TL_PROTOCOL, "%s: unexpected reply (HTTP %d); check url", label, status);
}

static tl_code check_status(const char *label, const tl_http_reply *reply, const cJSON *json, tl_error *err)
{
    if (reply->status >= 200 && reply->status < 300)
        return TL_OK;
    char *said = tl_clean_text(tl_json_text_or_empty(json, "message"), MAX_SERVER_MESSAGE);
    tl_error here = TL_ERROR_INIT;
    tl_code code = fail_by_status(label, reply->status, said == NULL ? "" : said, &here);
    here.http_status = reply->status;
    here.retriable = tl_status_retriable(reply->status);
    free(said);
    if (err != NULL && err->code == TL_OK)
        *err = here;
    return code;
}

/* SOAR says "failed" with any status, 200 included [observed CTL]. */
static tl_code check_object(const char *label, const cJSON *json, tl_error *err)
{
    if (!cJSON_IsObject(json))
        return tl_fail(err, TL_PROTOCOL, "%s: the reply is no JSON object; check url", label);
    if (!tl_json_true(json, "failed"))
        return TL_OK;
    char *said = tl_clean_text(tl_json_text_or_empty(json, "message"), MAX_SERVER_MESSAGE);
    tl_code code = tl_fail(err, TL_PROTOCOL, "%s: SOAR says it failed: %s", label, said == NULL ? "" : said);
    free(said);
    return code;
}

tl_code tl_soar_get(cJSON **out, tl_soar *soar, const char *label, const char *target, tl_error *err)
{
    *out = NULL;
    tl_http_request request = {.label = label, .method = "GET", .target = target};
    tl_http_reply reply;
    tl_code code = tl_http_call(&reply, soar->http, &request, err);
    if (code != TL_OK)
        return code;
    bool good = reply.status >= 200 && reply.status < 300;
    if (!good)
        tl_http_reply_redact(&reply, soar->http);
    tl_error parsing = TL_ERROR_INIT;
    tl_code parsed = tl_json_parse(out, reply.body, reply.length, &parsing);
    code = check_status(label, &reply, *out, err);
    if (code == TL_OK && parsed != TL_OK)
        code = tl_fail(
            err, parsed, "%s: %s%s", label,
            reply.body[strspn(reply.body, " \t\r\n")] == '<' ? "an HTML page, not JSON; check url: " : "",
            parsing.message);
    if (code == TL_OK)
        code = check_object(label, *out, err);
    if (code != TL_OK) {
        cJSON_Delete(*out);
        *out = NULL;
    }
    tl_http_reply_free(&reply);
    return code;
}

/* Moves the rows of one page over; ids must ascend, so a row that comes twice is dropped. */
static tl_code take_rows(cJSON *all, cJSON *page, const char *label, int64_t *last_id, int64_t *count,
                         tl_error *err)
{
    cJSON *data = tl_json_member(page, "data");
    if (!cJSON_IsArray(data))
        return tl_fail(err, TL_PROTOCOL, "%s: the reply has no list `data`", label);
    for (cJSON *row; (row = cJSON_DetachItemViaPointer(data, data->child)) != NULL;) {
        int64_t id = tl_json_integer_or(row, "id", -1);
        if (id < 0 || ++*count > TL_SOAR_MAX_ROWS) {
            cJSON_Delete(row);
            return tl_fail(err, TL_PROTOCOL, id < 0 ? "%s: a row has no id" : "%s: more rows than allowed",
                           label);
        }
        if (id <= *last_id) {
            cJSON_Delete(row);
            continue;
        }
        *last_id = id;
        if (!tl_json_append(all, row))
            return tl_fail_memory(err);
    }
    return TL_OK;
}

static tl_code fetch_page(cJSON **out, tl_soar *soar, const char *label, const char *path,
                          const char *filters, int64_t page, tl_error *err)
{
    tl_buffer target = {.limit = 8192};
    tl_buffer_format(&target, "%s?page=%lld&page_size=%d&sort=id&order=asc%s", path, (long long)page,
                     PAGE_SIZE, filters);
    tl_code code = target.failed ? tl_fail(err, TL_INVALID, "%s: the query is too long", label)
                                 : tl_soar_get(out, soar, label, target.data, err);
    tl_buffer_free(&target);
    return code;
}

tl_code tl_soar_list(cJSON **out, tl_soar *soar, const char *label, const char *path, const char *filters,
                     tl_error *err)
{
    *out = cJSON_CreateArray();
    tl_code code = *out == NULL ? tl_fail_memory(err) : TL_OK;
    int64_t last_id = -1, count = 0, pages = 1;
    for (int64_t page = 0; code == TL_OK && page < pages; page++) {
        cJSON *reply = NULL;
        code = fetch_page(&reply, soar, label, path, filters, page, err);
        if (code == TL_OK) {
            pages = tl_json_integer_or(reply, "num_pages", -1);
            if (pages < 0 || pages > TL_SOAR_MAX_ROWS)
                code = tl_fail(err, TL_PROTOCOL, "%s: the reply has no usable num_pages", label);
        }
        if (code == TL_OK)
            code = take_rows(*out, reply, label, &last_id, &count, err);
        cJSON_Delete(reply);
    }
    if (code != TL_OK) {
        cJSON_Delete(*out);
        *out = NULL;
    }
    return code;
}
