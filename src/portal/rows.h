/* Reads whose reply has a promised shape, and the texts of their queries. */
#ifndef TL_PORTAL_ROWS_H
#define TL_PORTAL_ROWS_H

#include "base/text.h"
#include "portal/call.h"

/* Makes sure that a reply is an array of objects, each with a GUID as `guid_member` (NULL: any object);
 * "nothing" becomes an empty array. On failure *rows is freed and NULL. Pure. */
tl_code tl_expect_rows(cJSON **rows, tl_endpoint_id id, const char *guid_member, tl_error *err);

/* The same for an object; "nothing" is TL_NOT_FOUND. Pure. */
tl_code tl_expect_object(cJSON **object, tl_endpoint_id id, tl_error *err);

/* tl_portal_read, then tl_expect_rows. */
tl_code tl_read_rows(cJSON **out, tl_client *client, tl_endpoint_id id, const char *organization_id,
                     const char *query, const cJSON *body, const char *guid_member, tl_error *err);

/* tl_portal_read_by_guid, then tl_expect_object. An object that names itself by `name`, too, must be the one
 * asked for. */
tl_code tl_read_object(cJSON **out, tl_client *client, tl_endpoint_id id, const char *organization_id,
                       const char *name, const char *guid, tl_error *err);

/* Whether the server does not have the endpoint: HTTP 404 or 405. */
bool tl_no_such_endpoint(const tl_error *err);

/* An osType of the caller's. */
tl_code tl_check_os_type(int64_t os_type, tl_error *err);

enum { TL_MAX_QUERY = 4096 }; /* a search text of TL_MAX_SEARCH bytes, percent-encoded, fits */

/* Adds "name=value" with the value percent-encoded; nothing for a NULL or empty one. */
void tl_query_text(tl_buffer *query, const char *name, const char *value);
void tl_query_integer(tl_buffer *query, const char *name, int64_t value);

#endif
