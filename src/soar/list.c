/* Lists: {"count","num_pages","data"}, pages counted from 0 [official]. */
#include <stdlib.h>

#include "base/text.h"
#include "soar/client.h"

enum { PAGE_SIZE = 100 };

typedef struct walk {
    const tl_soar_listing *listing;
    cJSON *rows;
    int64_t taken;
    int64_t last_id; /* of the rows so far; -1 = none */
    int64_t pages;
    int64_t count; /* what the server counts */
} walk;

static bool goes_on(const tl_soar_listing *listing, int64_t last_id, int64_t id)
{
    return last_id < 0 || (listing->descending ? id < last_id : id > last_id);
}

/* A row of an earlier page may come again, because rows came or went meanwhile; within one page the order is
 * the server's promise, and without it nobody could say which row is the newest. */
static tl_code take_row(walk *at, cJSON *row, int64_t *page_last, tl_error *err)
{
    const tl_soar_listing *listing = at->listing;
    int64_t id = tl_json_integer_or(row, "id", -1);
    const char *wrong = id < 0                              ? "a row has no id"
                        : !goes_on(listing, *page_last, id) ? "the rows are not in the order asked for"
                        : ++at->taken > TL_SOAR_MAX_ROWS    ? "more rows than allowed"
                        : listing->limit > 0 && at->taken > listing->limit ? "more rows than asked for"
                                                                           : NULL;
    if (wrong != NULL || !goes_on(listing, at->last_id, id)) {
        cJSON_Delete(row);
        *page_last = id;
        return wrong == NULL ? TL_OK : tl_fail(err, TL_PROTOCOL, "%s: %s", listing->label, wrong);
    }
    *page_last = at->last_id = id;
    return tl_json_append(at->rows, row) ? TL_OK : tl_fail_memory(err);
}

static tl_code take_page(walk *at, cJSON *page, tl_error *err)
{
    const char *label = at->listing->label;
    cJSON *data = tl_json_member(page, "data");
    int64_t page_last = -1;
    at->pages = tl_json_integer_or(page, "num_pages", -1);
    if (at->pages < 0 || at->pages > TL_SOAR_MAX_ROWS)
        return tl_fail(err, TL_PROTOCOL, "%s: the reply has no usable num_pages", label);
    if (!cJSON_IsArray(data))
        return tl_fail(err, TL_PROTOCOL, "%s: the reply has no list `data`", label);
    at->count = tl_json_integer_or(page, "count", -1);
    tl_code code = TL_OK;
    for (cJSON *row; code == TL_OK && (row = cJSON_DetachItemViaPointer(data, data->child)) != NULL;)
        code = take_row(at, row, &page_last, err);
    return code;
}

static tl_code fetch_page(walk *at, tl_soar *soar, int64_t number, tl_error *err)
{
    const tl_soar_listing *listing = at->listing;
    cJSON *page = NULL;
    tl_buffer target = {.limit = 8192};
    tl_buffer_format(&target, "%s?page=%lld&page_size=%lld&sort=id&order=%s%s", listing->path,
                     (long long)number, (long long)(listing->limit > 0 ? listing->limit : PAGE_SIZE),
                     listing->descending ? "desc" : "asc", listing->filters);
    tl_code code = TL_OK;
    if (target.too_large)
        code = tl_fail(err, TL_INVALID, "%s: the query is too long", listing->label);
    else if (target.failed)
        code = tl_fail_memory(err);
    else
        code = tl_soar_get(&page, soar, listing->label, target.data, err);
    tl_buffer_free(&target);
    if (code == TL_OK)
        code = take_page(at, page, err);
    cJSON_Delete(page);
    return code;
}

tl_code tl_soar_list(cJSON **out, int64_t *out_count, tl_soar *soar, const tl_soar_listing *listing,
                     tl_error *err)
{
    *out = NULL;
    if (listing->limit < 0 || listing->limit > TL_SOAR_PAGE_MAX)
        return tl_fail(err, TL_INVALID, "%s: limit must be between 1 and %d, or 0 for all", listing->label,
                       TL_SOAR_PAGE_MAX);
    walk at = {.listing = listing, .rows = cJSON_CreateArray(), .last_id = -1, .pages = 1};
    tl_code code = at.rows == NULL ? tl_fail_memory(err) : TL_OK;
    for (int64_t page = 0; code == TL_OK && page < at.pages && (page == 0 || listing->limit == 0); page++)
        code = fetch_page(&at, soar, page, err);
    if (code == TL_OK && out_count != NULL && at.count < cJSON_GetArraySize(at.rows))
        code = tl_fail(err, TL_PROTOCOL, "%s: the reply has no usable count", listing->label);
    if (code != TL_OK) {
        cJSON_Delete(at.rows);
        return code;
    }
    if (out_count != NULL)
        *out_count = at.count;
    *out = at.rows;
    return TL_OK;
}
