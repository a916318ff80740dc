/* /rest/approval: lists, and what POST says. */
#include "base/text.h"
#include "base/time.h"
#include "soar/client.h"
#include "soar/filters.h"

static bool is_word(const char *text)
{
    for (const char *c = text; c != NULL && *c != '\0'; c++)
        if (!((*c >= 'a' && *c <= 'z') || *c == '_' || *c == '-' || *c == ' '))
            return false;
    return true;
}

static bool is_time(const char *text)
{
    int64_t ignored;
    return text == NULL || tl_time_parse(text, false, &ignored);
}

static tl_code check_query(const tl_approval_query *query, tl_error *err)
{
    if (query->size != sizeof *query)
        return tl_fail(err, TL_USAGE, "tl_approval_query has another size: built against another version?");
    if (!is_word(query->status) || !is_word(query->type))
        return tl_fail(err, TL_INVALID, "status and type must be lower-case words");
    if (query->min_id < 0 || query->container_id < 0)
        return tl_fail(err, TL_INVALID, "min_id and container_id must not be negative");
    if (!is_time(query->started_after) || !is_time(query->closed_after))
        return tl_fail(err, TL_INVALID,
                       "started_after and closed_after must be UTC times such as 2026-12-31T18:00:00Z");
    return TL_OK;
}

static void add_filters(tl_soar_filters *filters, const tl_approval_query *query)
{
    tl_soar_filter_text(filters, "_filter_status", query->status);
    tl_soar_filter_text(filters, "_filter_type", query->type);
    tl_soar_filter_text(filters, "_filter_start_time__gte", query->started_after);
    tl_soar_filter_text(filters, "_filter_close_time__gte", query->closed_after);
    if (query->not_pending)
        tl_soar_filter_text(filters, "_exclude_status", "pending");
    if (query->min_id > 0)
        tl_soar_filter_integer(filters, "_filter_id__gte", query->min_id);
}

/* A record does not name its container [official]: SOAR lists those of one below the container. */
static bool write_path(tl_buffer *path, const tl_approval_query *query)
{
    if (query->container_id == 0)
        return tl_buffer_text(path, "/rest/approval");
    return tl_buffer_format(path, "/rest/container/%lld/approvals", (long long)query->container_id);
}

static tl_code list_approvals(cJSON **out_records, int64_t *out_count, tl_soar *soar,
                              const tl_approval_query *query, tl_error *err)
{
    tl_code code = check_query(query, err);
    if (code != TL_OK)
        return code;
    tl_soar_filters filters = {0};
    tl_buffer path = {.limit = 128};
    tl_soar_listing listing = {.label = "approvals", .descending = query->descending, .limit = query->limit};
    add_filters(&filters, query);
    code = tl_soar_filters_end(&listing.filters, &filters, listing.label, err);
    if (code == TL_OK && !write_path(&path, query))
        code = tl_fail_memory(err);
    listing.path = path.data;
    if (code == TL_OK)
        code = tl_soar_list(out_records, out_count, soar, &listing, err);
    tl_soar_filters_clear(&filters);
    tl_buffer_free(&path);
    return code;
}

tl_code tl_soar_approvals(cJSON **out_records, tl_soar *soar, const tl_approval_query *query, tl_error *err)
{
    *out_records = NULL;
    return list_approvals(out_records, NULL, soar, query, err);
}

tl_code tl_soar_approval_page(cJSON **out_records, int64_t *out_count, tl_soar *soar,
                              const tl_approval_query *query, tl_error *err)
{
    *out_records = NULL;
    *out_count = 0;
    if (query->limit < 1)
        return tl_fail(err, TL_INVALID, "a page of approvals needs a limit of at least 1");
    return list_approvals(out_records, out_count, soar, query, err);
}

tl_code tl_soar_container_approvals(cJSON **out_records, tl_soar *soar, int64_t container_id, tl_error *err)
{
    *out_records = NULL;
    tl_approval_query query = TL_APPROVAL_QUERY_INIT;
    query.container_id = container_id;
    tl_code code = tl_soar_check_id("container approvals", container_id, err);
    return code == TL_OK ? list_approvals(out_records, NULL, soar, &query, err) : code;
}

tl_code tl_soar_create_approval(cJSON **out, tl_soar *soar, const cJSON *body, tl_error *err)
{
    *out = NULL;
    if (!cJSON_IsObject(body))
        return tl_fail(err, TL_INVALID, "create approval: an object is wanted");
    tl_error here = TL_ERROR_INIT, plain = TL_ERROR_INIT;
    int64_t id;
    tl_soar_ask ask = {.label = "create approval", .target = "/rest/approval", .body = body};
    tl_code code = tl_soar_post(out, &id, soar, &ask, "id", &here);
    if (code == TL_OK)
        return TL_OK;
    if (here.http_status != 405)
        return tl_fail_with(err, &here);
    /* The page knows the call, a live SOAR does not [observed LIVE]. */
    (void)tl_fail(&plain, code, "SOAR does not allow creating approvals by REST (HTTP 405)");
    plain.http_status = 405;
    return tl_fail_with(err, &plain);
}
