/* The portal's audit trail: a second proof of what was done. */
#ifndef THREATLOCKER_AUDIT_H
#define THREATLOCKER_AUDIT_H

#include "threatlocker/client.h"
#include "threatlocker/json.h"
#include "threatlocker/requests.h"

#ifdef __cplusplus
extern "C" {
#endif

/* SystemAuditGetByParameters [spec]: one page of SystemAuditItem objects, newest first as the server sorts.
 * `query` is NULL or an object: user, action ("Create" "Delete" "Logon" "Modify" "Read" [observed w159]),
 * effective_action, details, ip_address (texts; "*" is a wildcard, without one they mean "contains"), search,
 * object_id (GUID), since, until (UTC times), children (bool), page (1), page_size (25; 1 to 1,000). Unknown
 * members are refused. *out_rows is an array, the caller's (cJSON_Delete); out_page may be NULL. */
TL_API TL_NODISCARD tl_code tl_audit(cJSON **out_rows, tl_page *out_page, tl_client *client,
                                     const char *organization_id, const cJSON *query, tl_error *err);

#ifdef __cplusplus
}
#endif
#endif
