#include "portal/endpoints.h"

/* The seven "Approve for ..." permissions, any one of which opens most approval endpoints [official]. */
#define APPROVE7                                                                                             \
    "Approve for Entire Organization", "Approve for Entire Organization (Hash Only)", "Approve for Group",   \
        "Approve for Group (Hash Only)", "Approve for Single Computer",                                      \
        "Approve for Single Computer (Application Only)", "Approve for Single Computer (Hash Only)"

#define NAMES(...) ((const char *const[]){__VA_ARGS__, 0})
#define END_OF_GROUPS                                                                                        \
    {                                                                                                        \
        0, 0                                                                                                 \
    }

static const tl_permission_group to_list[] = {
    {0, NAMES(APPROVE7, "Elevation Administrator", "View Approvals")},
    END_OF_GROUPS,
};
static const tl_permission_group to_read_details[] = {
    {0, NAMES(APPROVE7, "View Approvals")},
    END_OF_GROUPS,
};
static const tl_permission_group to_permit[] = {
    {"an escalated request", NAMES("Approve Escalation")},
    {"a request that was already actioned", NAMES("Edit Actioned Requests")},
    {"an existing custom application", NAMES("Approve for Update Existing")},
    {"a new application", NAMES("Approve for New Install")},
    {0, NAMES(APPROVE7)},
    END_OF_GROUPS,
};
static const tl_permission_group to_match[] = {
    {0, NAMES(APPROVE7, "View Application Control Applications", "View Approvals")},
    END_OF_GROUPS,
};
static const tl_permission_group to_list_applications[] = {
    {0, NAMES("Edit Application Control Applications", "View Application Control Applications")},
    END_OF_GROUPS,
};

static const tl_permission_group to_get_file[] = {
    {0, NAMES("Approve for Entire Organization", "Approve for Group", "Approve for Single Computer",
              "Approve for Single Computer (Application Only)", "View Approvals")}, /* [official*] */
    END_OF_GROUPS,
};
static const tl_permission_group to_list_maintenance[] = {
    {0, NAMES("Edit Application Control Applications")},
    {0, NAMES("Edit Computers", "View Computers")},
    {0, NAMES("Manage All Maintenance Modes", "Manage Application Control Installation Mode",
              "Manage Application Control Installation Mode (Time Restricted)",
              "Manage Application Control Learning Mode",
              "Manage Application Control Learning Mode (Time Restricted)",
              "Manage Application Control Legacy Installation Mode",
              "Manage Application Control Legacy Installation Mode (Time Restricted)")},
    END_OF_GROUPS,
};
static const tl_permission_group to_research[] = {
    {0, NAMES(APPROVE7, "Edit Application Control Applications", "View Application Control Applications",
              "View Approvals")},
    END_OF_GROUPS,
};
static const tl_permission_group to_list_organizations[] = {
    {0, NAMES("View Organizations", "Edit Organizations")}, /* [official*] */
    END_OF_GROUPS,
};

/* In the order of tl_endpoint_id. Methods, paths and permissions: [official] where the article has them, else
 * [spec], but for the permissions of files and organizations, marked above.
 * OrganizationGetChildrenIdsAndName's method is a guess by its name [inferred]. The research data belong to
 * no organization [official]. */
#define READ false
#define WRITE true
#define ENDPOINT(method, controller, action, write, organization, permissions)                               \
    {                                                                                                        \
#action, method, #controller "/" #action, write, organization, permissions                           \
    }
static const tl_endpoint table[TL_ENDPOINT_COUNT] = {
    [TL_REQUEST_LIST] =
        ENDPOINT("POST", ApprovalRequest, ApprovalRequestGetByParameters, READ, true, to_list),
    [TL_REQUEST_COUNT] = ENDPOINT("GET", ApprovalRequest, ApprovalRequestGetCount, READ, true, 0),
    [TL_REQUEST_BY_ID] = ENDPOINT("GET", ApprovalRequest, ApprovalRequestGetById, READ, true, 0),
    [TL_PERMIT_DETAILS] = ENDPOINT("GET", ApprovalRequest, ApprovalRequestGetPermitApplicationById, READ,
                                   true, to_read_details),
    [TL_PERMIT_APPLICATION] =
        ENDPOINT("POST", ApprovalRequest, ApprovalRequestPermitApplication, WRITE, true, to_permit),
    [TL_STORAGE_DETAILS] =
        ENDPOINT("GET", ApprovalRequest, ApprovalRequestGetStorageApprovalById, READ, true, 0),
    [TL_PERMIT_STORAGE] =
        ENDPOINT("POST", ApprovalRequest, ApprovalRequestPermitStorageApproval, WRITE, true, 0),
    [TL_UPDATE_FOR_REJECT] =
        ENDPOINT("POST", ApprovalRequest, ApprovalRequestUpdateForReject, WRITE, true, 0),
    [TL_UPDATE_FOR_IGNORE] =
        ENDPOINT("POST", ApprovalRequest, ApprovalRequestUpdateForIgnore, WRITE, true, 0),
    [TL_UPDATE_FOR_OWNERSHIP] =
        ENDPOINT("POST", ApprovalRequest, ApprovalRequestUpdateForTakeOwnership, WRITE, true, 0),
    [TL_AUTHORIZE_FOR_PERMIT] =
        ENDPOINT("POST", ApprovalRequest, ApprovalRequestAuthorizeForPermitById, WRITE, true, 0),
    [TL_FILE_DETAILS] =
        ENDPOINT("GET", ApprovalRequest, ApprovalRequestGetFileDownloadDetailsById, READ, true, to_get_file),
    [TL_MATCHING_LIST] = ENDPOINT("POST", Application, ApplicationGetMatchingList, READ, true, to_match),
    [TL_APPLICATIONS_TO_ADD_TO] =
        ENDPOINT("GET", Application, ApplicationGetListForAddToApplication, READ, true, to_list_applications),
    [TL_APPLICATION_OPTIONS] =
        ENDPOINT("POST", Application, ApplicationGetForApplicationOptions, READ, true, 0),
    [TL_MAINTENANCE_APPLICATIONS] =
        ENDPOINT("GET", Application, ApplicationGetForMaintenanceMode, READ, true, to_list_maintenance),
    [TL_APPLICATION_RESEARCH] =
        ENDPOINT("GET", Application, ApplicationGetResearchDetailsById, READ, false, to_research),
    [TL_APPLICATION_BY_ID] = ENDPOINT("GET", Application, ApplicationGetById, READ, true, 0),
    [TL_ORGANIZATION_CHILDREN] =
        ENDPOINT("GET", Organization, OrganizationGetChildrenIdsAndName, READ, true, 0),
    [TL_ORGANIZATION_PARAMETERS] =
        ENDPOINT("POST", Organization, OrganizationGetChildOrganizationsByParameters, READ, true,
                 to_list_organizations),
    [TL_ORGANIZATION_MOVE] = ENDPOINT("GET", Organization, OrganizationGetForMoveComputers, READ, true, 0),
    [TL_GROUPS_FOR_PERMIT] =
        ENDPOINT("GET", ComputerGroup, ComputerGroupGetForPermitApplication, READ, true, 0),
    [TL_GROUP_DROPDOWN] =
        ENDPOINT("GET", ComputerGroup, ComputerGroupGetDropdownByOrganizationId, READ, true, 0),
    [TL_POLICY_CONDITIONS] =
        ENDPOINT("POST", ActionLog, ActionLogGetPolicyConditionsForPermitApplication, READ, true, 0),
    [TL_SYSTEM_AUDIT] = ENDPOINT("POST", SystemAudit, SystemAuditGetByParameters, READ, true, 0),
};

const tl_endpoint *tl_endpoint_of(tl_endpoint_id id)
{
    return &table[id];
}

const tl_endpoint *tl_endpoints(size_t *out_count)
{
    *out_count = TL_ENDPOINT_COUNT;
    return table;
}
