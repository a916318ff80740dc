/* Member types of the request bodies, as System.Text.Json would check them (threatlocker-api A5.3, K):
 * a null or a wrong type where an int or a bool belongs is refused [observed Space-C0wboy]; null GUIDs are
 * let through, they were sent back successfully [observed Space-C0wboy]. Unknown members are ignored. */
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "portal.h"

struct shape;

struct nested {
    const char *names;
    const struct shape *shape;
    bool list;
};

/* Names are separated and surrounded by blanks. */
struct shape {
    const char *ints, *bools, *texts, *guids, *dates, *lists;
    struct nested nested[9];
};

static const struct shape cert = {.texts = " sha subject ", .bools = " validCert "};

static const struct shape action = {
    .ints = " actionId size processId encryptionStatus osType ",
    .bools = " logAction ringFence monitorOnly remotePresence ",
    .texts = " fullPath username hash processName serialNumber deviceType actionType policyName notes sha256 "
             "applicationName manufacturer domainName hostname destinationIP organizationName policyId "
             "applicationId ringfencePolicyId organizationId computerId ",
    .dates = " datetime ",
    .lists = " installedBy ",
    .nested = {{" certs ", &cert, true}}};

static const struct shape timer = {.ints = " totalTimeInSeconds ",
                                   .guids = " approvalRequestId ",
                                   .dates = " requestDate assignedDate escalatedDate returnedDate "
                                            "reassignedDate actionedDate "};

static const struct shape approval_request = {
    .ints = " statusIdEscalatedToMSP statusIdEscalatedByCustomer statusId approvalNumber approvedByTierLevel "
            "initialApprovalTierLevel approvalCount pendingTierLevel count multiLevelApprovalStatusId ",
    .bools = " hasPendingApprovalRequest cyberHeroManagementConfigured showMfaChallenge showMfaRegistration "
             "canRequestNewBuiltIn isAssigneeLoggedIntoMaster isEscalatedByCyberHero isEscalatedByCustomer "
             "retrievedAssigneeUsername ",
    .texts = " approvedBy ticketId requestor requestorEmailAddress comments assigneeUsername path username "
             "hostname organizationName hash json requestorReason ipAddress instanceName tlInstructions "
             "linkedMfaUser serialNumber assigneeFirstName assigneeLastname notes ticketApprovalManager "
             "signature portalApiUrl ",
    .guids = " masterOrganizationId approvalRequestId computerId organizationId multiLevelApprovalRequestId "
             "tempPolicyId policyId tempApplicationId applicationId assigneeUserId threatLockerDataCenterId ",
    .dates = " dateTime actionDate maxTriggeredStartDate ",
    .nested = {{" threatLockerActionDto ", &action, false}, {" approvalRequestTimerDto ", &timer, false}}};

static const struct shape list_parameters = {
    .ints = " statusId pageNumber pageSize userApprovalTierLevel requestTypeId ",
    .bools = " isAscending showChildOrganizations showCurrentTierOnly ",
    .texts = " orderBy searchText ",
    .lists = " actionType "};

static const struct shape match_parameters = {.ints = " osType ",
                                              .texts = " hash sha256 path processPath filename folder ",
                                              .guids = " approvalRequestId ",
                                              .lists =
                                                  " organizationIds createdBys builtInPartialMatchingFiles ",
                                              .nested = {{" certs ", &cert, true}}};

static const struct shape update = {
    .bools = " isVDI notifyOnIgnore notifyOnResponse usingCustomApprovals ",
    .texts = " type ignoreSubject ignoreReason rejectReason responseSubject responseReason ",
    .nested = {{" approvalRequestDtos allowedApprovalRequestDtos deniedApprovalRequestDtos ",
                &approval_request, true}}};

static const struct shape action_log = {
    .ints = " actionLogId size totalCount lastSortValue memoryBytes actionTypeId actionId encryption "
            "networkDirection groupByCount parentProcessId processId osType ",
    .bools =
        " isMonitorMode remotePresence certExists policyExists policyEnabled isExtension optionToRequest ",
    .guids = " organizationId computerId applicationId policyId policyOrganizationId ",
    .dates = " dateTime dateTimeImported learningModeEndDate "};

static const struct shape file_details = {
    .ints = " size ",
    .texts = " fullPath processPath hash filename sha256 originalHostname hostname username organizationName "
             "requestorReason policyName applicationName approvalStatus approvalBy ",
    .dates = " date ",
    .lists = " createdByProcesses ",
    .nested = {{" certificates ", &cert, true}}};

static const struct shape application = {.ints = " osType status ",
                                         .bools = " isMaintained ",
                                         .texts = " name applicationName organizationName ",
                                         .guids = " applicationId organizationId suggestedPolicyId "
                                                  "researchApplicationId "};

static const struct shape matching = {
    .bools = " hasMatchingApplication useMatchingApplication useExistingApplication useNewApplication ",
    .texts = " newApplicationName ",
    .nested = {{" matchingApplication existingApplication ", &application, false}}};

static const struct shape manual_option = {.bools = " isDefaultOption disabled ",
                                           .texts = " fullPath processPath cert hash createdBy "};

static const struct shape conditions = {.ints = " ruleId ",
                                        .bools = " useExistingPolicy createManualPolicy disableProtection ",
                                        .lists = " certSubjects createdByProcesses includedAdditionalFiles ",
                                        .nested = {{" manualOptions ", &manual_option, true}}};

static const struct shape group = {.ints = " osType ",
                                   .bools = " isGlobal ",
                                   .texts = " name organizationName ",
                                   .guids = " computerGroupId organizationId "};

static const struct shape level = {
    .bools = " canUseEntireOrganization toEntireOrganization toComputerGroup toComputer ",
    .nested = {{" selectedComputerGroup ", &group, false}}};

static const struct shape ringfencing = {
    .bools = " hideCustomRules restrictApplicationSpawning restrictRegistryAccess restrictFileAccess "
             "restrictNetworkAccess restrictApplication ",
    .lists = " rfFilePolicy rfNetworkPolicy rfRegistryPolicy rfAssociatedApplicationPolicy "};

static const struct shape admin_notes = {.texts = " ticket requestorEmail comments "};

static const struct shape permit = {
    .ints = " osType ringfenceActionId elevationStatus elevationExpiration ",
    .bools = " isFromApproval isFromActionLog isElevationRequest isExtensionRequest canViewOnSystemLookup "
             "canViewVirusTotal fileHistoryChecked isRingfenced hasRingfencingAsProduct hasElevation "
             "organizationHasElevation allowTMM notifyOnResponse isExecutionRequest ",
    .texts = " userInstance actionType edgeStoreUrl chromeStoreUrl systemLookupUrl virusTotalUrl "
             "responseSubject responseReason ",
    .guids = " computerId computerGroupId organizationId appliesToId appliesToOrganizationId ",
    .dates = " policyExpirationDate elevationExpirationDate ",
    .lists = " organizationIds networkExclusions applicationList systemAudits fileExclusions ",
    .nested = {{" approvalRequest ", &approval_request, false},
               {" actionLog ", &action_log, false},
               {" fileDetails ", &file_details, false},
               {" matchingApplications ", &matching, false},
               {" policyConditions ", &conditions, false},
               {" ringfencingOptions ", &ringfencing, false},
               {" policyLevel ", &level, false},
               {" adminNotes ", &admin_notes, false}}};

static const struct shape authorize = {.texts = " message ", .guids = " approvalRequestId "};

static const struct shape storage_policy = {
    .texts = " name ", .guids = " storagePolicyId ", .lists = " processesList "};

static const struct shape storage_device = {.texts = " name serialNumber owner manufacturer ",
                                            .guids = " storageDeviceId organizationId storagePolicyId ",
                                            .lists = " storagePolicyIds "};

static const struct shape user_group = {.texts = " text value "};

static const struct shape storage = {
    .ints = " entityType encryptionStatus ",
    .bools = " addDeviceToExisting allStorageDevices deviceExists allFilePaths allUserGroups "
             "notifyOnResponse ",
    .texts = " addDeviceName policyName policyType selectedPath deviceType json users responseSubject "
             "responseReason ",
    .guids = " appliesToId ",
    .dates = " expirationDate ",
    .lists = " usersList processesList ",
    .nested = {{" approvalRequest ", &approval_request, false},
               {" existingStoragePolicy ", &storage_policy, false},
               {" newStorageDevice ", &storage_device, false},
               {" userGroups ", &user_group, true}}};

static const struct shape options = {.ints = " osType ",
                                     .bools = " includeBuiltIn onlyPermitted ",
                                     .texts = " searchText hostName ",
                                     .guids = " organizationId appliesToId "};

static const struct shape organizations = {.ints = " pageNumber pageSize ",
                                           .bools = " includeAllChildren isAscending childOrganizations ",
                                           .texts = " orderBy searchText "};

static const struct shape audit = {.ints = " pageSize pageNumber ",
                                   .bools = " viewChildOrganizations skipPaging ",
                                   .texts = " emailAddress action ipAddress effectiveAction details "
                                            "searchText indexName function page ",
                                   .guids = " objectId ",
                                   .dates = " startDate endDate ",
                                   .lists = " ipAddresses objectTypeIds actions emailAddresses "};

static const struct shape *const shapes[] = {
    [BODY_LIST] = &list_parameters, [BODY_MATCH] = &match_parameters,   [BODY_PERMIT] = &permit,
    [BODY_UPDATE] = &update,        [BODY_REQUEST] = &approval_request, [BODY_AUTHORIZE] = &authorize,
    [BODY_STORAGE] = &storage,      [BODY_OPTIONS] = &options,          [BODY_ORGANIZATIONS] = &organizations,
    [BODY_AUDIT] = &audit};

static bool named_in(const char *names, const char *name)
{
    char word[80];
    int len = snprintf(word, sizeof word, " %s ", name);
    return names && len < (int)sizeof word && !strchr(name, ' ') && contains_word(names, word);
}

static bool whole_number(const cJSON *item)
{
    return cJSON_IsNumber(item) && item->valuedouble >= -9.3e18 && item->valuedouble <= 9.3e18 &&
           item->valuedouble == (double)(long long)item->valuedouble;
}

static bool date_or_null(const cJSON *item)
{
    int64_t us;
    return cJSON_IsNull(item) || time_read(cJSON_GetStringValue(item), &us);
}

/* The .NET type that the value does not fit, or NULL. */
static const char *misfit(const cJSON *item, const struct shape *shape)
{
    const char *name = item->string;
    bool null = cJSON_IsNull(item);
    if (named_in(shape->ints, name))
        return whole_number(item) ? NULL : "System.Int32";
    if (named_in(shape->bools, name))
        return cJSON_IsBool(item) ? NULL : "System.Boolean";
    if (named_in(shape->texts, name))
        return null || cJSON_IsString(item) ? NULL : "System.String";
    if (named_in(shape->guids, name))
        return null || is_guid(cJSON_GetStringValue(item)) ? NULL : "System.Guid";
    if (named_in(shape->dates, name))
        return date_or_null(item) ? NULL : "System.DateTime";
    if (named_in(shape->lists, name))
        return null || cJSON_IsArray(item) ? NULL : "System.Collections.Generic.List";
    return NULL;
}

static bool refuse(const char *path, const char *type, struct reply *reply)
{
    struct text message = {0};
    text_printf(&message, "The JSON value could not be converted to %s. Path: %s | LineNumber: 0.", type,
                path);
    portal_problem(reply, path, text_str(&message));
    text_free(&message);
    return false;
}

static bool object_fits(const cJSON *object, const struct shape *shape, const char *path,
                        struct reply *reply);

static bool list_fits(const cJSON *list, const struct shape *shape, const char *path, struct reply *reply)
{
    if (!cJSON_IsArray(list))
        return cJSON_IsNull(list) || refuse(path, "System.Collections.Generic.List", reply);
    const cJSON *item;
    int i = 0;
    cJSON_ArrayForEach (item, list) {
        struct text deeper = {0};
        text_printf(&deeper, "%s[%d]", path, i++);
        bool fine = object_fits(item, shape, text_str(&deeper), reply);
        text_free(&deeper);
        if (!fine)
            return false;
    }
    return true;
}

static bool member_fits(const cJSON *item, const struct shape *shape, const char *path, struct reply *reply)
{
    const char *type = misfit(item, shape);
    if (type)
        return refuse(path, type, reply);
    for (const struct nested *nested = shape->nested; nested->names; nested++)
        if (named_in(nested->names, item->string))
            return nested->list ? list_fits(item, nested->shape, path, reply)
                                : object_fits(item, nested->shape, path, reply);
    return true;
}

static bool object_fits(const cJSON *object, const struct shape *shape, const char *path, struct reply *reply)
{
    if (cJSON_IsNull(object))
        return true;
    if (!cJSON_IsObject(object))
        return refuse(path, "an object", reply);
    const cJSON *item;
    cJSON_ArrayForEach (item, object) {
        struct text deeper = {0};
        text_printf(&deeper, "%s.%s", path, item->string);
        bool fine = member_fits(item, shape, text_str(&deeper), reply);
        text_free(&deeper);
        if (!fine)
            return false;
    }
    return true;
}

bool body_types_fit(const cJSON *body, enum body_type type, struct reply *reply)
{
    if (!cJSON_IsObject(body))
        return refuse("$", "an object", reply);
    return object_fits(body, shapes[type], "$", reply);
}
