/* Calls by the endpoint table. */
#ifndef TL_PORTAL_CALL_H
#define TL_PORTAL_CALL_H

#include "base/json.h"
#include "http/http.h"
#include "portal/client.h"
#include "portal/endpoints.h"
#include "threatlocker/requests.h"

/* A page whose totals the server did not tell. */
#define TL_PAGE_UNTOLD ((tl_page){-1, -1, -1, -1})

/* A read. `query` is "name=value&..." with encoded values, or NULL; `body` (borrowed) is sent as JSON for
 * POST. *out is the reply's JSON or NULL for "nothing" (empty body, null); the caller's. `page` may be NULL.
 */
tl_code tl_portal_read(cJSON **out, tl_page *page, tl_client *client, tl_endpoint_id id,
                       const char *organization_id, const char *query, const cJSON *body, tl_error *err);

/* The same in two parts, so that several are on their way at once: `number` names the call in the batch. */
tl_code tl_portal_add(tl_http_batch *batch, int64_t number, tl_client *client, tl_endpoint_id id,
                      const char *organization_id, const char *query, const cJSON *body, tl_error *err);
tl_code tl_portal_take(cJSON **out, tl_page *page, tl_http_batch *batch, int64_t number, tl_client *client,
                       tl_endpoint_id id, tl_error *err);

/* A read of `?<name>=<guid>`, after checking that it is one. */
tl_code tl_portal_read_by_guid(cJSON **out, tl_client *client, tl_endpoint_id id, const char *organization_id,
                               const char *name, const char *guid, tl_error *err);

/* A write: sends the text once. TL_OK means a 2xx came, and *http_status which. *nothing_sent: not one byte
 * of the request can have left. */
typedef struct tl_portal_write {
    const char *organization_id;
    const char *body;
    size_t body_length;
    int64_t begun_us; /* wall clock: the timeout counts from then on, whenever the call comes */
} tl_portal_write;
tl_code tl_portal_send(bool *nothing_sent, int *http_status, tl_client *client, tl_endpoint_id id,
                       const tl_portal_write *write, tl_error *err);

/* Checks an id of the caller's. */
tl_code tl_check_guid(const char *guid, const char *name, tl_error *err);

#endif
