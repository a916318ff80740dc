/* The calls of the Portal API that the sandbox answers: all that the approval work needs. */
#include "portal.h"

/* Permissions [official] (threatlocker-api B), where a line says nothing else. */
#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define APPROVE_APPLICATION_ONLY "Approve for Single Computer (Application Only)"
#define APPROVE6                                                                                             \
    "Approve for Single Computer", "Approve for Single Computer (Hash Only)", "Approve for Group",           \
        "Approve for Group (Hash Only)", "Approve for Entire Organization",                                  \
        "Approve for Entire Organization (Hash Only)"
#define APPROVE7 APPROVE6, APPROVE_APPLICATION_ONLY
#define EDIT_APPLICATIONS "Edit Application Control Applications"
#define VIEW_APPLICATIONS "View Application Control Applications"
#define TIME_RESTRICTED(name) name, name " (Time Restricted)"

#define APPROVAL(name) "ApprovalRequest/ApprovalRequest" name

static const struct endpoint endpoints[] = {
    {APPROVAL("GetByParameters"),
     "POST",
     approval_list,
     BODY_LIST,
     {NAMES("View Approvals", "Elevation Administrator", APPROVE7)}},
    {APPROVAL("GetCount"), "GET", approval_count, BODY_NONE, {NULL}}, /* not documented */
    {APPROVAL("GetById"), "GET", approval_get, BODY_NONE, {NULL}},    /* not documented */
    {APPROVAL("GetPermitApplicationById"),
     "GET",
     approval_details,
     BODY_NONE,
     {NAMES("View Approvals", APPROVE7)}},
    {APPROVAL("PermitApplication"), "POST", approval_permit, BODY_PERMIT, {NAMES(APPROVE7)}},
    /* As the details of an application request [inferred]. */
    {APPROVAL("GetStorageApprovalById"),
     "GET",
     approval_storage,
     BODY_NONE,
     {NAMES("View Approvals", APPROVE7)}},
    /* [inferred]; that "(Application Only)" does not cover storage is [official*] (E1). */
    {APPROVAL("PermitStorageApproval"), "POST", approval_permit_storage, BODY_STORAGE, {NAMES(APPROVE6)}},
    /* Not documented; the seven are [inferred], here and in the next three. */
    {APPROVAL("UpdateForReject"), "POST", approval_reject, BODY_UPDATE, {NAMES(APPROVE7)}},
    {APPROVAL("UpdateForIgnore"), "POST", approval_ignore, BODY_UPDATE, {NAMES(APPROVE7)}},
    {APPROVAL("UpdateForTakeOwnership"), "POST", approval_own, BODY_REQUEST, {NAMES(APPROVE7)}},
    {APPROVAL("AuthorizeForPermitById"), "POST", approval_authorize, BODY_AUTHORIZE, {NAMES(APPROVE7)}},
    {APPROVAL("GetFileDownloadDetailsById"), /* [official*] */
     "GET",
     approval_file,
     BODY_NONE,
     {NAMES("View Approvals", "Approve for Single Computer", APPROVE_APPLICATION_ONLY, "Approve for Group",
            "Approve for Entire Organization")}},
    {"Application/ApplicationGetMatchingList",
     "POST",
     application_matching,
     BODY_MATCH,
     {NAMES("View Approvals", VIEW_APPLICATIONS, APPROVE7)}},
    {"Application/ApplicationGetListForAddToApplication",
     "GET",
     application_add_list,
     BODY_NONE,
     {NAMES(VIEW_APPLICATIONS, EDIT_APPLICATIONS)}},
    {"Application/ApplicationGetForApplicationOptions", /* not documented */
     "POST",
     application_options,
     BODY_OPTIONS,
     {NULL}},
    {"Application/ApplicationGetForMaintenanceMode",
     "GET",
     application_maintenance,
     BODY_NONE,
     {NAMES(EDIT_APPLICATIONS), NAMES("View Computers", "Edit Computers"),
      NAMES("Manage All Maintenance Modes", TIME_RESTRICTED("Manage Application Control Installation Mode"),
            TIME_RESTRICTED("Manage Application Control Learning Mode"),
            TIME_RESTRICTED("Manage Application Control Legacy Installation Mode"))}},
    {"Application/ApplicationGetResearchDetailsById",
     "GET",
     application_research,
     BODY_NONE,
     {NAMES("View Approvals", VIEW_APPLICATIONS, EDIT_APPLICATIONS, APPROVE7)}},
    {"Application/ApplicationGetById", "GET", application_get, BODY_NONE, {NULL}}, /* not documented */
    /* A GET by its name [inferred] (J.6). */
    {"Organization/OrganizationGetChildrenIdsAndName", "GET", organization_children, BODY_NONE, {NULL}},
    {"Organization/OrganizationGetChildOrganizationsByParameters", /* [official*] */
     "POST",
     organization_list,
     BODY_ORGANIZATIONS,
     {NAMES("View Organizations", "Edit Organizations")}},
    {"Organization/OrganizationGetForMoveComputers", "GET", organization_move, BODY_NONE, {NULL}},
    {"ComputerGroup/ComputerGroupGetForPermitApplication", "GET", computer_groups, BODY_NONE, {NULL}},
    {"ComputerGroup/ComputerGroupGetDropdownByOrganizationId", "GET", group_dropdown, BODY_NONE, {NULL}},
    {"ActionLog/ActionLogGetPolicyConditionsForPermitApplication",
     "POST",
     policy_conditions,
     BODY_PERMIT,
     {NULL}},
    /* There is a permission [spec], without a name. */
    {"SystemAudit/SystemAuditGetByParameters", "POST", audit_list, BODY_AUDIT, {NULL}},
};

const struct endpoint *portal_endpoint(const char *action)
{
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++)
        if (same_word(action, endpoints[i].action))
            return &endpoints[i];
    return NULL;
}
