/* The iterator over all pages. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "portal/call.h"
#include "portal/id_set.h"
#include "portal/paging.h"
#include "threatlocker/requests.h"

enum { MAX_ROWS = 1000000 };

struct tl_requests {
    tl_client *client;
    tl_request_query query; /* its texts are ours */
    tl_paging paging;
    cJSON *rows; /* what is left of the current page */
    tl_id_set seen;
    tl_page totals;
    bool at_end;
    tl_error failure; /* given again once set */
};

static bool own_text(const char **slot)
{
    if (*slot == NULL)
        return true;
    *slot = strdup(*slot);
    return *slot != NULL;
}

tl_code tl_requests_open(tl_requests **out, tl_client *client, const tl_request_query *query, tl_error *err)
{
    *out = NULL;
    if (query == NULL || query->size != sizeof *query)
        return tl_fail(err, TL_USAGE, "tl_request_query has another size: built against another version?");
    tl_requests *requests = calloc(1, sizeof *requests);
    if (requests == NULL)
        return tl_fail_memory(err);
    requests->client = client;
    requests->query = *query;
    requests->totals = (tl_page){-1, -1, -1, -1};
    bool owned = own_text(&requests->query.organization_id);
    owned = own_text(&requests->query.search) && owned;
    owned = own_text(&requests->query.order_by) && owned;
    if (!owned) {
        tl_requests_close(requests);
        return tl_fail_memory(err);
    }
    if (requests->query.page_size == 0)
        requests->query.page_size = 100;
    tl_paging_start(&requests->paging, requests->query.page_size);
    *out = requests;
    return TL_OK;
}

/* Drops the rows that were given before, and counts. */
static tl_code keep_new_rows(tl_requests *requests, tl_page_seen *seen, tl_error *err)
{
    cJSON *next;
    for (cJSON *row = tl_json_first(requests->rows); row != NULL; row = next) {
        next = row->next;
        seen->rows++;
        int is_new = tl_id_set_add(&requests->seen, tl_json_text(row, "approvalRequestId"));
        if (is_new < 0)
            return tl_fail_memory(err);
        if (is_new == 0)
            cJSON_Delete(cJSON_DetachItemViaPointer(requests->rows, row));
        else
            seen->new_rows++;
    }
    if (requests->seen.count > MAX_ROWS)
        return tl_fail(err, TL_PROTOCOL, "more than %d requests: narrow the query", MAX_ROWS);
    return TL_OK;
}

static tl_code fetch_page(tl_requests *requests, tl_error *err)
{
    tl_page page;
    requests->query.page_number = requests->paging.page;
    cJSON_Delete(requests->rows);
    tl_code code = tl_request_page(&requests->rows, &page, requests->client, &requests->query, err);
    if (code != TL_OK)
        return code;
    if (page.total_items >= 0)
        requests->totals = page;
    tl_page_seen seen = {.total_items = page.total_items, .total_pages = page.total_pages};
    code = keep_new_rows(requests, &seen, err);
    if (code == TL_OK)
        requests->at_end = !tl_paging_next(&requests->paging, &seen);
    return code;
}

tl_code tl_requests_next(cJSON **out_row, tl_requests *requests, tl_error *err)
{
    *out_row = NULL;
    while (requests->failure.code == TL_OK && (requests->rows == NULL || requests->rows->child == NULL)) {
        if (requests->at_end)
            return TL_OK;
        (void)fetch_page(requests, &requests->failure);
    }
    if (requests->failure.code != TL_OK) {
        if (err != NULL && err->code == TL_OK)
            *err = requests->failure;
        return requests->failure.code;
    }
    *out_row = cJSON_DetachItemViaPointer(requests->rows, requests->rows->child);
    return TL_OK;
}

tl_page tl_requests_totals(const tl_requests *requests)
{
    return requests->totals;
}

void tl_requests_close(tl_requests *requests)
{
    if (requests == NULL)
        return;
    cJSON_Delete(requests->rows);
    tl_id_set_free(&requests->seen);
    free((char *)requests->query.organization_id);
    free((char *)requests->query.search);
    free((char *)requests->query.order_by);
    free(requests);
}
