/* The iterator over all pages. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "portal/call.h"
#include "portal/id_set.h"
#include "portal/paging.h"
#include "portal/request_facts.h"
#include "portal/request_page.h"

enum { MAX_ROWS = 1000000 };

struct tl_requests {
    tl_client *client;
    tl_request_query query; /* its texts are ours */
    tl_paging paging;
    tl_http_batch *batch; /* NULL until a page is fetched, and after a jump */
    int64_t fetched_to;   /* the farthest page that was put on its way since the last jump */
    cJSON *rows;          /* what is left of the current page */
    tl_id_set seen;
    tl_page totals;
    bool at_end;      /* no page follows the current one */
    bool ended;       /* and its last row was given */
    tl_error failure; /* given again once set */
};

static bool own_text(const char **slot)
{
    if (*slot == NULL)
        return true;
    *slot = strdup(*slot);
    return *slot != NULL;
}

/* Requests are made pending at their time; in other orders and states new rows may come anywhere. */
static bool grows_at_end(const tl_request_query *query)
{
    bool by_time = query->order_by == NULL || tl_equal_ignore_case(query->order_by, "datetime");
    return by_time && !query->descending && (query->status_id == 0 || query->status_id == TL_STATUS_PENDING);
}

tl_code tl_requests_open(tl_requests **out, tl_client *client, const tl_request_query *query, tl_error *err)
{
    *out = NULL;
    tl_code code = tl_request_query_check(query, err);
    if (code != TL_OK)
        return code;
    tl_requests *requests = calloc(1, sizeof *requests);
    if (requests == NULL)
        return tl_fail_memory(err);
    requests->client = client;
    requests->query = *query;
    requests->totals = TL_PAGE_UNTOLD;
    bool owned = own_text(&requests->query.organization_id);
    owned = own_text(&requests->query.search) && owned;
    owned = own_text(&requests->query.order_by) && owned;
    owned = tl_copy_texts(&requests->query.action_types) && owned;
    if (!owned) {
        tl_requests_close(requests);
        return tl_fail_memory(err);
    }
    if (requests->query.page_size == 0)
        requests->query.page_size = TL_DEFAULT_PAGE_SIZE;
    if (requests->query.concurrency == 0)
        requests->query.concurrency = TL_DEFAULT_CONCURRENCY;
    tl_paging_start(&requests->paging, requests->query.page_size, grows_at_end(&requests->query));
    *out = requests;
    return TL_OK;
}

/* Another order gives another digest. */
static uint64_t add_to_digest(uint64_t digest, const char *id)
{
    for (; *id != '\0'; id++)
        digest = (digest ^ (unsigned char)*id) * UINT64_C(0x100000001b3);
    return digest;
}

/* Drops the rows that were given before, and counts. A page that is only looked at gives none. */
static tl_code keep_new_rows(tl_requests *requests, tl_page_seen *seen, tl_error *err)
{
    cJSON *next;
    for (cJSON *row = tl_json_first(requests->rows); row != NULL; row = next) {
        const char *id = tl_json_text(row, "approvalRequestId");
        next = row->next;
        seen->rows++;
        seen->digest = add_to_digest(seen->digest, id);
        int is_new = requests->paging.looking ? 0 : tl_id_set_add(&requests->seen, id);
        if (is_new < 0)
            return tl_fail_memory(err);
        if (is_new == 0)
            cJSON_Delete(cJSON_DetachItemViaPointer(requests->rows, row));
        else
            seen->new_rows++;
    }
    if (requests->seen.count > MAX_ROWS)
        return tl_fail(err, TL_PROTOCOL, "more than %d requests: narrow the query", MAX_ROWS);
    seen->known_rows = (int64_t)requests->seen.count;
    return TL_OK;
}

/* Puts the page whose turn it is on its way, and those after it that are worth it. */
static tl_code fetch_ahead(tl_requests *requests, tl_error *err)
{
    tl_code code =
        requests->batch != NULL ? TL_OK : tl_http_batch_new(&requests->batch, requests->client->http, err);
    if (code != TL_OK)
        return code;
    /* Pages that have come do not keep others from being on their way, but as many at most: a server that is
     * faster than its reader would fill the memory. */
    int come = tl_http_batch_finished(requests->batch), limit = requests->query.concurrency;
    int ahead = limit + (come < limit ? come : limit);
    int64_t horizon =
        tl_paging_horizon(&requests->paging, ahead < TL_HTTP_MAX_BATCH ? ahead : TL_HTTP_MAX_BATCH);
    while (code == TL_OK && requests->fetched_to < horizon) {
        requests->query.page_number = ++requests->fetched_to;
        code = tl_request_page_add(requests->batch, requests->client, &requests->query, err);
    }
    return code;
}

/* What is still on its way is not wanted any more: the next page is not the one after the last. */
static void drop_fetched(tl_requests *requests)
{
    tl_http_batch_free(requests->batch);
    requests->batch = NULL;
    requests->fetched_to = requests->paging.page - 1;
}

static tl_code fetch_page(tl_requests *requests, tl_error *err)
{
    tl_page page = TL_PAGE_UNTOLD;
    cJSON_Delete(requests->rows);
    requests->rows = NULL;
    tl_code code = fetch_ahead(requests, err);
    if (code == TL_OK)
        code = tl_request_page_take(&requests->rows, &page, requests->batch, requests->client,
                                    requests->paging.page, err);
    if (code != TL_OK)
        return code;
    if (page.total_items >= 0)
        requests->totals = page;
    tl_page_seen seen = {.total_pages = page.total_pages, .total_items = page.total_items};
    code = keep_new_rows(requests, &seen, err);
    if (code != TL_OK)
        return code;
    int jumps = requests->paging.jumps;
    requests->at_end = !tl_paging_next(&requests->paging, &seen);
    if (requests->at_end || requests->paging.jumps != jumps)
        drop_fetched(requests);
    return TL_OK;
}

tl_code tl_requests_next(cJSON **out_row, tl_requests *requests, tl_error *err)
{
    *out_row = NULL;
    while (requests->failure.code == TL_OK && (requests->rows == NULL || requests->rows->child == NULL)) {
        requests->ended = requests->at_end;
        if (requests->ended)
            return TL_OK;
        (void)fetch_page(requests, &requests->failure);
    }
    if (requests->failure.code == TL_OK && !tl_request_annotate(requests->rows->child))
        (void)tl_fail_memory(&requests->failure);
    if (requests->failure.code != TL_OK) {
        if (err != NULL && err->code == TL_OK)
            *err = requests->failure;
        return requests->failure.code;
    }
    *out_row = cJSON_DetachItemViaPointer(requests->rows, requests->rows->child);
    return TL_OK;
}

bool tl_requests_complete(const tl_requests *requests)
{
    return requests->ended && requests->paging.complete;
}

tl_page tl_requests_totals(const tl_requests *requests)
{
    return requests->totals;
}

void tl_requests_close(tl_requests *requests)
{
    if (requests == NULL)
        return;
    drop_fetched(requests);
    cJSON_Delete(requests->rows);
    tl_id_set_free(&requests->seen);
    free((char *)requests->query.organization_id);
    free((char *)requests->query.search);
    free((char *)requests->query.order_by);
    tl_free_texts(requests->query.action_types);
    free(requests);
}
