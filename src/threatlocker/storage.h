/* Storage requests. Experimental: neither endpoint is described or proven live anywhere [spec]. */
#ifndef THREATLOCKER_STORAGE_H
#define THREATLOCKER_STORAGE_H

#include "threatlocker/client.h"
#include "threatlocker/json.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ApprovalRequestGetStorageApprovalById: StorageApprovalDto. TL_NOT_FOUND for an empty or null reply
 * [inferred]; TL_PROTOCOL when the reply is another request's. *out is the caller's (cJSON_Delete). */
TL_API TL_NODISCARD tl_code tl_storage_details(cJSON **out, tl_client *client, const char *organization_id,
                                               const char *request_id, tl_error *err);

/* Permits one storage request: starts from the storage details and changes only what was chosen. As tl_permit
 * (permit.h), with a smaller choice: policy ("existing" with policy_id: adds the device to that storage
 * policy; "new" with name; required), scope ("computer" | "group" | "organization", new policy only, default
 * computer; group and organization need group_id or take the request's organization), all_devices, all_paths
 * (true or false, default false), expires, ticket, comments, requestor_email, response_subject,
 * response_reason, notify, allow_actioned, dry_run. The client's limits hold here too (limits.h). How a scope
 * is numbered (0, 1, 2) is one source's guess [inferred]. */
TL_API TL_NODISCARD tl_code tl_permit_storage(cJSON **out_outcome, tl_client *client,
                                              const char *organization_id, const char *request_id,
                                              const cJSON *choice, tl_error *err);

#ifdef __cplusplus
}
#endif
#endif
