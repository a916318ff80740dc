/* Permit details in the shape of ApprovalRequestGetPermitApplicationById, with fictitious data. */
#ifndef TL_TESTS_DETAILS_H
#define TL_TESTS_DETAILS_H

#include "threatlocker/error.h"

#define REQUEST "0e000000-0000-4000-8000-00000000100e"
#define ORGANIZATION "0a000000-0000-4000-8000-00000000042a"
#define COMPUTER "0c000000-0000-4000-8000-00000000042c"
#define GROUP "0d000000-0000-4000-8000-00000000007d"
#define OTHER_GROUP "0d000000-0000-4000-8000-00000000008d"
#define BUILTIN "0f000000-0000-4000-8000-00000000101f"
#define OWN "0f000000-0000-4000-8000-00000000202f"
#define OPERATION "0b5e0000-0000-4000-8000-0000000000aa"
#define ZERO_GUID "00000000-0000-0000-0000-000000000000"
#define HASH "93b5b4f0c5aa075e0e64e125a991805e663a572bce3c654c9702717d7f801337"

#define STUB                                                                                                 \
    "{'name':null,'applicationName':null,'applicationId':null,'organizationId':null,'osType':0,'status':0,"  \
    "'isMaintained':false,'later':7}"
#define STUB_GROUP "{'computerGroupId':null,'name':null,'organizationId':null,'osType':0,'isGlobal':false}"

/* The details as a text whose parts a permit may change are arguments; all else must come back byte for byte:
 * numbers beyond a double, escapes that no printer would choose, members that nobody documented. */
#define DETAILS_WITH(matching, conditions, terms, level, notes, origin, response)                            \
    "{'computerId':'" COMPUTER "','computerGroupId':'" GROUP "','organizationId':'" ORGANIZATION             \
    "','organizationIds':['0a000000-0000-4000-8000-00000000010a'],'appliesToId':null,'osType':1,"            \
    "'userInstance':'x1','approvalRequest':{'approvalRequestId':'" REQUEST                                   \
    "','statusId':1,'statusIdEscalatedToMSP':0,'statusIdEscalatedByCustomer':0,'approvedBy':'',"             \
    "'path':'C:\\\\Tools\\\\field.exe','hash':'" HASH                                                        \
    "','json':'{\\\"size\\\":1,\\u0022x\\u0022:\\u003c\\/\\u003e}','comments':'','actionDate':null,"         \
    "'organizationId':'" ORGANIZATION "','count':9007199254740993,'threatLockerActionDto':{'hash':'" HASH    \
    "','actionType':'execute','size':12345678901234567890,'ratio':1.10E+2,'certs':[]}},"                     \
    "'isFromApproval':true,'actionType':'execute','isElevationRequest':false,'isExtensionRequest':false,"    \
    "'neverHeardOf':{'a':[1,-0,0.30000000000000004,1e2],'b':'\\u00e9\\ud83d\\ude00'},"                       \
    "'fileDetails':{'fullPath':'C:\\\\Tools\\\\field.exe','size':4823552},"                                  \
    "'matchingApplications':" matching ",'policyConditions':" conditions ",'ringfenceActionId':1,"           \
    "'organizationHasElevation':true," terms ",'policyLevel':" level ",'adminNotes':" notes                  \
    ",'allowTMM':true,'hasOriginApprovalCenter':" origin "," response ",'isExecutionRequest':true}"

#define MATCHING                                                                                             \
    "{'hasMatchingApplication':false,'useMatchingApplication':false,'matchingApplication':" STUB             \
    ",'useExistingApplication':false,'existingApplication':" STUB                                            \
    ",'useNewApplication':true,'newApplicationName':null}"
#define CONDITIONS                                                                                           \
    "{'useExistingPolicy':false,'createManualPolicy':false,'manualOptions':[],'ruleId':0,"                   \
    "'createdByProcesses':['C:\\\\a.exe']}"
#define TERMS                                                                                                \
    "'elevationStatus':0,'elevationExpiration':0,'elevationExpirationDate':null,'policyExpirationDate':null"
#define LEVEL                                                                                                \
    "{'canUseEntireOrganization':true,'toEntireOrganization':false,'toComputerGroup':false,"                 \
    "'selectedComputerGroup':" STUB_GROUP ",'toComputer':false}"
#define NOTES "{'ticket':'','requestorEmail':'','comments':''}"
#define RESPONSE "'responseSubject':null,'responseReason':null,'notifyOnResponse':false"
#define DETAILS DETAILS_WITH(MATCHING, CONDITIONS, TERMS, LEVEL, NOTES, "null", RESPONSE)

#define APPLICATIONS                                                                                         \
    "[{'name':'Field (Built-In)','applicationName':'Field (Built-In)','applicationId':'" BUILTIN             \
    "','organizationId':'0a000000-0000-4000-8000-00000000001a','organizationName':'master','osType':1,"      \
    "'suggestedPolicyId':null,'status':0,'isMaintained':false,'researchApplicationId':null},"                \
    "{'name':'Example\\\\Field app','applicationName':'Field app','applicationId':'" OWN                     \
    "','organizationId':'" ORGANIZATION "','organizationName':'Example Dental','osType':1,"                  \
    "'suggestedPolicyId':null,'status':3,'isMaintained':true,'researchApplicationId':null}]"

#define GROUP_ROW(id, name)                                                                                  \
    "{'computerGroupId':'" id "','name':'" name "','organizationId':'" ORGANIZATION                          \
    "','osType':1,'isGlobal':false}"
#define GROUPS "[" GROUP_ROW(OTHER_GROUP, "Front desks") "," GROUP_ROW(GROUP, "Workstations") "]"

#define CHOICE_NEW "'application':'new','name':'Field tool','rules':[{'hash':'" HASH "'}]"
#define CHOICE_OWN "'application':'matching','application_id':'" OWN "'"
#define CHOICE_BUILTIN "'application':'matching','application_id':'" BUILTIN "'"
#define CHOICE_EXISTING "'application':'existing','application_id':'" OWN "'"

/* Tables of plans: what changes the details first, a choice, and the members of the body, or the refusal. */
typedef struct planned_row {
    const char *patches;
    const char *choice;
    const char *expected;
} planned_row;

typedef struct refused_row {
    const char *patches;
    const char *choice;
    tl_code code;
    const char *part; /* of the message */
} refused_row;

#endif
