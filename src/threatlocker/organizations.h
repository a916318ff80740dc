/* Organizations that the token reaches, and their computer groups.
 *
 * `organization_id` as in requests.h. Every *out is the caller's (cJSON_Delete), NULL on failure. */
#ifndef THREATLOCKER_ORGANIZATIONS_H
#define THREATLOCKER_ORGANIZATIONS_H

#include "threatlocker/client.h"
#include "threatlocker/json.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tl_organization_query {
    size_t size; /* sizeof(tl_organization_query): TL_ORGANIZATION_QUERY_INIT sets it */
    const char *organization_id;
    const char *search; /* NULL = all; names that contain it, ASCII case ignored */
    /* Which endpoints to ask, NULL-terminated, in that order: "move" (OrganizationGetForMoveComputers),
     * "parameters" (OrganizationGetChildOrganizationsByParameters), "children"
     * (OrganizationGetChildrenIdsAndName). NULL = all three in this order: best proven first [inferred]. */
    const char *const *via;
} tl_organization_query;

#define TL_ORGANIZATION_QUERY_INIT TL_SIZED(tl_organization_query)

/* Rows {"organizationId", "name"}, each organization once, in the server's order. The next endpoint is asked
 * where one does not exist (404, 405), is not permitted, or answers in a shape that cannot be read; the error
 * is the first one's when all fail. Read leniently: a GUID under organizationId, id or value, a text under
 * name, displayName or label [observed wyre, Space-C0wboy; inferred]; rows whose id is null, empty or zero
 * are no organizations. */
TL_API TL_NODISCARD tl_code tl_organizations(cJSON **out_rows, tl_client *client,
                                             const tl_organization_query *query, tl_error *err);

/* Computer groups of one operating system (osType as in applications.h; 0 = all [spec]):
 * ComputerGroupGetForPermitApplication, ComputerGroupItemDto objects; and where the server does not have it
 * (404, 405) ComputerGroupGetDropdownByOrganizationId, whose {label, value} rows get the members name and
 * computerGroupId, too. *out_rows is an array. */
TL_API TL_NODISCARD tl_code tl_computer_groups(cJSON **out_rows, tl_client *client,
                                               const char *organization_id, int64_t os_type, tl_error *err);

#ifdef __cplusplus
}
#endif
#endif
