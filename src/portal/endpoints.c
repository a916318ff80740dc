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

/* In the order of tl_endpoint_id. Methods, paths and permissions: [official] where the article has them, else
 * [spec]. */
static const tl_endpoint table[TL_ENDPOINT_COUNT] = {
    [TL_REQUEST_LIST] = {"ApprovalRequestGetByParameters", "POST",
                         "ApprovalRequest/ApprovalRequestGetByParameters", false, true, to_list},
    [TL_REQUEST_BY_ID] = {"ApprovalRequestGetById", "GET", "ApprovalRequest/ApprovalRequestGetById", false,
                          true, 0},
    [TL_PERMIT_DETAILS] = {"ApprovalRequestGetPermitApplicationById", "GET",
                           "ApprovalRequest/ApprovalRequestGetPermitApplicationById", false, true,
                           to_read_details},
    [TL_PERMIT_APPLICATION] = {"ApprovalRequestPermitApplication", "POST",
                               "ApprovalRequest/ApprovalRequestPermitApplication", true, true, to_permit},
    [TL_UPDATE_FOR_REJECT] = {"ApprovalRequestUpdateForReject", "POST",
                              "ApprovalRequest/ApprovalRequestUpdateForReject", true, true, 0},
    [TL_UPDATE_FOR_IGNORE] = {"ApprovalRequestUpdateForIgnore", "POST",
                              "ApprovalRequest/ApprovalRequestUpdateForIgnore", true, true, 0},
    [TL_MATCHING_LIST] = {"ApplicationGetMatchingList", "POST", "Application/ApplicationGetMatchingList",
                          false, true, to_match},
    [TL_APPLICATIONS_TO_ADD_TO] = {"ApplicationGetListForAddToApplication", "GET",
                                   "Application/ApplicationGetListForAddToApplication", false, true,
                                   to_list_applications},
    [TL_GROUPS_FOR_PERMIT] = {"ComputerGroupGetForPermitApplication", "GET",
                              "ComputerGroup/ComputerGroupGetForPermitApplication", false, true, 0},
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
