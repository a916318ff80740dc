/* Approval requests: listing and reading. Rows are ThreatLocker's own objects, members as the API names them,
 * and two more that we derive:
 *
 *   requestKind          "application" "elevation" "storage" "web" "other": by the word in
 *                        threatLockerActionDto.actionType [inferred from ThreatLocker's own grouping]
 *   requestorReasonText  requestorReason as the person wrote it: decoded where it is base64 of text
 *                        [observed Space-C0wboy], as it came otherwise; absent where there is none
 *
 * `organization_id` in every call: the organization that contains the request (the row's organizationId),
 * sent as ManagedOrganizationId [official]; NULL = the client's default, and without one the token's own. */
#ifndef THREATLOCKER_REQUESTS_H
#define THREATLOCKER_REQUESTS_H

#include "threatlocker/client.h"
#include "threatlocker/json.h"

#ifdef __cplusplus
extern "C" {
#endif

/* statusId [official]: 1; [official*]: the others. 13 and 17 are open too: a row names its own numbers. */
enum {
    TL_STATUS_PENDING = 1,
    TL_STATUS_APPROVED = 4,
    TL_STATUS_NOT_LEARNED = 6,
    TL_STATUS_REJECTED = 10, /* "Ignored" in older pages */
    TL_STATUS_ADDED_TO_APPLICATION = 12,
    TL_STATUS_ESCALATED = 13,
    TL_STATUS_SELF_APPROVED = 16,
    TL_STATUS_ESCALATED_BY_CUSTOMER = 17,
};

/* Approved in one of the three ways (4, 12, 16). Any thread. */
TL_API bool tl_status_is_approved(int64_t status_id);

typedef struct tl_request_query {
    size_t size; /* sizeof(tl_request_query): TL_REQUEST_QUERY_INIT sets it */
    const char *organization_id;
    int status_id;        /* 0 = pending; there is no "all" [observed Space-C0wboy] */
    bool children;        /* children and grandchildren too [official] */
    bool descending;      /* false: oldest first, so that new requests come after what was read already */
    const char *search;   /* NULL = none */
    const char *order_by; /* NULL = "datetime"; username devicetype actiontype path actiondate [official*] */
    const char *const *action_types; /* NULL-terminated: "execute" "elevate" "read" ... [spec]; NULL = all */
    int request_type_id;             /* 0 = not sent; values are not documented [spec] */
    bool current_tier_only;          /* of an approval in several tiers [spec] */
    int tier_level;                  /* userApprovalTierLevel, 0 = not sent [spec] */
    int64_t page_number;             /* 1-based; 0 = 1. Ignored by tl_requests_open */
    int64_t page_size;               /* rows, 1 to 1,000; 0 = 100 */
    int concurrency;                 /* pages in flight, 1 to 16; 0 = 4. Ignored by tl_request_page */
} tl_request_query;

#define TL_REQUEST_QUERY_INIT TL_SIZED(tl_request_query)

/* What the `pagination` header said [observed wyre]; -1 where it said nothing. */
typedef struct tl_page {
    int64_t current_page;
    int64_t items_per_page;
    int64_t total_items;
    int64_t total_pages;
} tl_page;

/* One page of ApprovalRequestGetByParameters. *out_rows is an array, empty for an empty page in each of its
 * three forms (no body, null, []); the caller's (cJSON_Delete). out_page may be NULL. */
TL_API TL_NODISCARD tl_code tl_request_page(cJSON **out_rows, tl_page *out_page, tl_client *client,
                                            const tl_request_query *query, tl_error *err);

/* Walks all pages of a list that moves while it is read: rows are given once each, pages are fetched ahead.
 * Where there are several pages, a row that leaves an earlier one pulls unseen rows onto pages that were read
 * already. Pending requests by time, oldest first (the defaults), grow at their end [inferred]: there the
 * last page is read before and after all others, two calls more, and where it or a total changed meanwhile,
 * the walk is repeated. In other orders and states, and where no totals are told, it is repeated until one
 * brings no new row; at most three walks. Memory: the pages in flight and 40 bytes for each id. The query's
 * texts are copied. One iterator belongs to one thread at a time, and must be closed before its client is
 * freed. */
typedef struct tl_requests tl_requests;
TL_API TL_NODISCARD tl_code tl_requests_open(tl_requests **out, tl_client *client,
                                             const tl_request_query *query, tl_error *err);
/* The next row, the caller's (cJSON_Delete); TL_OK with *out_row == NULL at the true end of the list. After
 * an error the iterator only gives that error again: a list that ended early never looks complete. */
TL_API TL_NODISCARD tl_code tl_requests_next(cJSON **out_row, tl_requests *requests, tl_error *err);
/* True once the end was reached and the list was read whole, as far as can be told: nothing moved meanwhile,
 * or another walk brought no new row. False before the end, after an error, and where the third walk still
 * brought new rows. */
TL_API bool tl_requests_complete(const tl_requests *requests);
/* The newest totals that the server told. */
TL_API tl_page tl_requests_totals(const tl_requests *requests);
TL_API void tl_requests_close(tl_requests *requests); /* NULL is allowed */

/* ApprovalRequestGetById: one row. TL_NOT_FOUND for an empty or null reply [inferred]; TL_PROTOCOL when the
 * reply is another request's. *out is the caller's (cJSON_Delete). */
TL_API TL_NODISCARD tl_code tl_request_get(cJSON **out, tl_client *client, const char *organization_id,
                                           const char *request_id, tl_error *err);

/* ApprovalRequestGetPermitApplicationById: everything a permit needs [official]. As tl_request_get. */
TL_API TL_NODISCARD tl_code tl_permit_details(cJSON **out, tl_client *client, const char *organization_id,
                                              const char *request_id, tl_error *err);

/* ApprovalRequestGetCount: the number of pending requests [spec]; a cheap check of token and instance. */
TL_API TL_NODISCARD tl_code tl_request_count(int64_t *out, tl_client *client, const char *organization_id,
                                             bool children, tl_error *err);

/* A request's kind: "application" "elevation" "storage" "web" "other". `row` is an ApprovalRequestDto (a list
 * row, tl_request_get's, or approvalRequest of the permit details), borrowed. Static storage, any thread. */
TL_API const char *tl_request_kind(const cJSON *row);

#ifdef __cplusplus
}
#endif
#endif
