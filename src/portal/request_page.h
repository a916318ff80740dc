/* Single pages of the list of requests, for the iterator. */
#ifndef TL_PORTAL_REQUEST_PAGE_H
#define TL_PORTAL_REQUEST_PAGE_H

#include "http/http.h"
#include "threatlocker/requests.h"

enum { TL_DEFAULT_PAGE_SIZE = 100, TL_DEFAULT_CONCURRENCY = 4 };

/* TL_INVALID names the member that is wrong. */
tl_code tl_request_query_check(const tl_request_query *query, tl_error *err);

/* tl_request_page in two parts; the page's number is its number in the batch. The query was checked. The rows
 * are as they came: tl_request_annotate is for those that are given out. */
tl_code tl_request_page_add(tl_http_batch *batch, tl_client *client, const tl_request_query *query,
                            tl_error *err);
tl_code tl_request_page_take(cJSON **out_rows, tl_page *out_page, tl_http_batch *batch, tl_client *client,
                             int64_t page_number, tl_error *err);

#endif
