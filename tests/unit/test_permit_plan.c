/* From details and choice to the exact body of a permit. */
#include "base/text.h"
#include "plan_case.h"

#define MARK "[threatlocker operation " OPERATION "]"
#define NO_SCOPE "'toEntireOrganization':false,'toComputerGroup':false"
#define OPTION(path, process, cert, hash, creator)                                                           \
    "{'fullPath':" path ",'processPath':" process ",'cert':" cert ",'hash':" hash ",'createdBy':" creator    \
    ",'isDefaultOption':false,'disabled':false}"
#define TERMS_MEMBERS                                                                                        \
    "elevationStatus=0|elevationExpiration=0|elevationExpirationDate=null|policyExpirationDate=null"
#define HASH_OPTION OPTION("null", "null", "null", "'" HASH "'", "null")

#define ELEVATION "isElevationRequest=true|actionType='elevate'"
#define OTHER_OPERATION "0b5e0000-0000-4000-8000-0000000000bb"

static void the_full_body_is_the_details_with_the_choice_laid_over(void **state)
{
    (void)state;
    planned plan = plan_of("", CHOICE_NEW);
    char *expected = quoted(DETAILS_WITH(
        "{'hasMatchingApplication':false,'useMatchingApplication':false,'matchingApplication':" STUB
        ",'useExistingApplication':false,'existingApplication':" STUB
        ",'useNewApplication':true,'newApplicationName':'Field tool'}",
        "{'useExistingPolicy':false,'createManualPolicy':false,'manualOptions':[" HASH_OPTION
        "],'ruleId':0,'createdByProcesses':['C:\\\\a.exe']}",
        TERMS,
        "{'canUseEntireOrganization':true," NO_SCOPE ",'selectedComputerGroup':" STUB_GROUP
        ",'toComputer':true}",
        "{'ticket':'','requestorEmail':'','comments':'" MARK "'}", "true", RESPONSE));
    char *body = text_of(plan.body);
    assert_string_equal(body, expected);
    free(body);
    free(expected);
    plan_free(&plan);
}

static void the_details_themselves_are_left_alone(void **state)
{
    (void)state;
    planned plan = plan_of("", CHOICE_OWN ",'scope':'group'");
    char *expected = quoted(DETAILS);
    char *details = text_of(plan.details);
    assert_string_equal(details, expected);
    free(details);
    free(expected);
    plan_free(&plan);
}

static void every_choice_sets_its_members(void **state)
{
    (void)state;
    static const struct {
        const char *choice;
        const char *expected;
    } rows[] = {
        {CHOICE_OWN,
         "matchingApplications.hasMatchingApplication=true|matchingApplications.matchingApplication="
         "{'name':'Example\\\\Field app','applicationName':'Field app','applicationId':'" OWN
         "','organizationId':'" ORGANIZATION
         "','osType':1,'status':3,'isMaintained':true,'later':7,'organizationName':'Example Dental'}"},
        {CHOICE_OWN,
         "matchingApplications.existingApplication=" STUB "|matchingApplications.newApplicationName=null"},
        {CHOICE_EXISTING, "matchingApplications.hasMatchingApplication=false|"
                          "matchingApplications.existingApplication.applicationId='" OWN
                          "'|matchingApplications.matchingApplication=" STUB},
        {CHOICE_BUILTIN ",'scope':'organization'",
         "matchingApplications.matchingApplication.organizationName='master'|policyConditions.manualOptions="
         "[]|policyLevel.toEntireOrganization=true"},
        {"'application':'new','name':' \\t Field tool\\n','rules':[{'hash':'" HASH "'}]",
         "matchingApplications.newApplicationName='Field tool'"},
        {CHOICE_NEW, "policyLevel.toComputer=true|computerId='" COMPUTER "'|computerGroupId='" GROUP
                     "'|policyLevel.selectedComputerGroup=" STUB_GROUP},
        {CHOICE_NEW ",'scope':'computer','scope_encoding':'all_false'",
         "policyLevel.toComputer=false|policyLevel.toComputerGroup=false|policyLevel.toEntireOrganization="
         "false|computerId='" COMPUTER "'"},
        {CHOICE_NEW ",'scope':'group'",
         "policyLevel.toComputerGroup=true|policyLevel.toComputer=false|policyLevel."
         "selectedComputerGroup=" GROUP_ROW(GROUP, "Workstations")},
        {CHOICE_NEW ",'scope':'group','group_id':'0D000000-0000-4000-8000-00000000008D'",
         "policyLevel.selectedComputerGroup=" GROUP_ROW(OTHER_GROUP, "Front desks") "|computerGroupId='" GROUP
                                                                                    "'"},
        {CHOICE_NEW ",'scope':'organization'", "policyLevel.toEntireOrganization=true|policyLevel.toComputer="
                                               "false|policyLevel.canUseEntireOrganization=true"},
        {CHOICE_EXISTING ",'policy':'existing','rules':[{'hash':'" HASH "'}]",
         "policyConditions.useExistingPolicy=true|policyConditions.manualOptions=[" HASH_OPTION
         "]|policyLevel.toEntireOrganization=false|policyLevel.toComputerGroup=false|policyLevel.toComputer="
         "false"},
        {CHOICE_NEW ",'mode':'manual'", "policyConditions.ruleId=0"},
        {CHOICE_NEW ",'mode':'installation'", "policyConditions.ruleId=1"},
        {"'application':'new','name':'Field tool','mode':'learning'",
         "policyConditions.ruleId=2|policyConditions.manualOptions=[]"},
        {CHOICE_NEW ",'mode':'monitor'", "policyConditions.ruleId=3"},
        {"'application':'new','name':'Field tool','allow_empty':true", "policyConditions.manualOptions=[]"},
        {"'application':'new','name':'Field tool','rules':[{'path':'C:\\\\Tools\\\\field*.exe',"
         "'process':'C:\\\\Tools\\\\run.exe','cert':'CN=Example','created_by':'C:\\\\Tools\\\\set.exe'},"
         "{'path':'C:\\\\Tools\\\\a.dll','hash':null}]",
         "policyConditions.manualOptions=[" OPTION(
             "'C:\\\\Tools\\\\field*.exe'", "'C:\\\\Tools\\\\run.exe'", "'CN=Example'", "null",
             "'C:\\\\Tools\\\\set.exe'") "," OPTION("'C:\\\\Tools\\\\a.dll'", "null", "null", "null",
                                                    "null") "]"},
        {CHOICE_NEW ",'expires':'2026-12-31T18:00:00.9Z'", "policyExpirationDate='2026-12-31T18:00:00Z'"},
        {CHOICE_NEW ",'elevate':'no'", "elevationStatus=0|elevationExpirationDate=null"},
        {CHOICE_NEW ",'ticket':'INC-1042','comments':'Signed.','requestor_email':'a@example.com'",
         "adminNotes={'ticket':'INC-1042','requestorEmail':'a@example.com','comments':'" MARK
         " Signed.'}|approvalRequest.requestorEmailAddress=absent"},
        {CHOICE_OWN ",'requestor_email':'a@example.com'",
         "adminNotes.requestorEmail='a@example.com'|approvalRequest.requestorEmailAddress='a@example.com'"},
        {CHOICE_NEW ",'response_subject':'Done','response_reason':'Try again','notify':true",
         "responseSubject='Done'|responseReason='Try again'|notifyOnResponse=true"},
        {CHOICE_NEW, "isFromApproval=true|hasOriginApprovalCenter=true|userInstance='x1'|ringfenceActionId=1|"
                     "appliesToId=null|isElevationRequest=false|isExecutionRequest=true"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        planned plan = plan_of("", rows[i].choice);
        if (plan.code != TL_OK) {
            fail_msg("%s: %s", rows[i].choice, plan.err.message);
        }
        assert_members(plan.body, rows[i].expected, rows[i].choice);
        plan_free(&plan);
    }
}

static void what_the_details_lack_is_filled_in(void **state)
{
    (void)state;
    static const planned_row rows[] = {
        {"userInstance=null", CHOICE_NEW, "userInstance='x9'"},
        {"userInstance=-", CHOICE_NEW, "userInstance='x9'"},
        {"actionType=null", CHOICE_NEW, "actionType='execute'"},
        {"isFromApproval=false|hasOriginApprovalCenter=false", CHOICE_NEW,
         "isFromApproval=true|hasOriginApprovalCenter=true"},
        {"matchingApplications=null", CHOICE_OWN,
         "matchingApplications.useMatchingApplication=true|matchingApplications.matchingApplication."
         "applicationId='" OWN "'"},
        {"matchingApplications.existingApplication=null", CHOICE_EXISTING,
         "matchingApplications.existingApplication.applicationId='" OWN "'"},
        {"policyConditions=-|adminNotes=-|policyLevel={'canUseEntireOrganization':true}", CHOICE_NEW,
         "policyConditions={'useExistingPolicy':false,'manualOptions':[" HASH_OPTION
         "],'ruleId':0}|adminNotes={'comments':'" MARK "'}|policyLevel.toComputer=true"},
        /* What was preset is overruled by what was not chosen. */
        {"policyExpirationDate='2027-01-01T00:00:00Z'|elevationStatus=2|elevationExpiration=9|"
         "elevationExpirationDate='2027-01-01T00:00:00Z'|notifyOnResponse=true",
         CHOICE_NEW, TERMS_MEMBERS "|notifyOnResponse=false"},
        {"policyLevel.toEntireOrganization=true|policyLevel.toComputerGroup=true", CHOICE_NEW,
         "policyLevel.toEntireOrganization=false|policyLevel.toComputerGroup=false|policyLevel.toComputer="
         "true"},
        {"policyLevel.toComputer=true", CHOICE_NEW ",'scope':'group'",
         "policyLevel.toComputer=false|policyLevel.toComputerGroup=true"},
        {"matchingApplications.useExistingApplication=true|policyConditions.ruleId=3|"
         "policyConditions.useExistingPolicy=true|policyConditions.manualOptions=[{'fullPath':'*'}]",
         CHOICE_OWN,
         "matchingApplications.useExistingApplication=false|policyConditions.ruleId=0|policyConditions."
         "useExistingPolicy=false|policyConditions.manualOptions=[]"},
        /* Not chosen, so what somebody wrote before stays. */
        {"adminNotes.ticket='T-1'|adminNotes.requestorEmail='b@example.com'", CHOICE_NEW,
         "adminNotes.ticket='T-1'|adminNotes.requestorEmail='b@example.com'"},
        {"approvalRequest.statusId=13|approvalRequest.statusIdEscalatedToMSP=13", CHOICE_NEW,
         "approvalRequest.statusId=13"},
        {"approvalRequest.statusId=4", CHOICE_NEW ",'allow_actioned':true", "approvalRequest.statusId=4"},
        {"approvalRequest.statusId=null", CHOICE_NEW ",'allow_actioned':true",
         "approvalRequest.statusId=null"},
        {ELEVATION, CHOICE_NEW ",'elevate':'no'", "elevationStatus=0|isElevationRequest=true"},
        {ELEVATION, CHOICE_NEW ",'elevate':'notify','elevate_hours':8",
         "elevationStatus=1|elevationExpiration=8|elevationExpirationDate=null"},
        {ELEVATION, CHOICE_NEW ",'elevate':'silent','elevate_until':'2026-06-24T00:00:00Z'",
         "elevationStatus=2|elevationExpiration=0|elevationExpirationDate='2026-06-24T00:00:00Z'"},
        {ELEVATION, CHOICE_NEW ",'elevate':'standard_user'", "elevationStatus=3|elevationExpiration=0"},
        {"userInstance=''", CHOICE_NEW, "userInstance='x9'"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        planned plan = plan_of(rows[i].patches, rows[i].choice);
        if (plan.code != TL_OK) {
            fail_msg("%s: %s", rows[i].patches, plan.err.message);
        }
        assert_members(plan.body, rows[i].expected, rows[i].patches);
        plan_free(&plan);
    }
}

static const char *const all_choices[] = {
    CHOICE_NEW,
    CHOICE_OWN,
    CHOICE_EXISTING,
    CHOICE_BUILTIN ",'scope':'organization'",
    CHOICE_BUILTIN ",'allow_builtin':true",
    CHOICE_OWN ",'policy':'existing'",
    CHOICE_EXISTING ",'policy':'existing','rules':[{'hash':'" HASH "'}]",
    CHOICE_EXISTING ",'scope':'group'",
    CHOICE_EXISTING ",'scope':'organization'",
    CHOICE_NEW ",'scope_encoding':'all_false'",
    "'application':'new','name':'Field tool','mode':'learning'",
};

/* How many of the flags are true. The minimal body leaves out what is false, the full one nothing. */
static int count_true(const cJSON *object, const char *const names[], bool minimal)
{
    int count = 0;
    for (size_t i = 0; names[i] != NULL; i++) {
        const cJSON *flag = cJSON_GetObjectItemCaseSensitive(object, names[i]);
        assert_true(cJSON_IsBool(flag) || (flag == NULL && minimal));
        count += cJSON_IsTrue(flag) ? 1 : 0;
    }
    return count;
}

static void exactly_one_application_and_at_most_one_scope_are_used(void **state)
{
    (void)state;
    static const char *const uses[] = {"useMatchingApplication", "useExistingApplication",
                                       "useNewApplication", NULL};
    static const char *const scopes[] = {"toEntireOrganization", "toComputerGroup", "toComputer", NULL};
    for (size_t i = 0; i < COUNT(all_choices); i++) {
        for (int minimal = 0; minimal <= 1; minimal++) {
            char choice[1024];
            snprintf(choice, sizeof choice, "%s,'body':'%s'", all_choices[i], minimal ? "minimal" : "full");
            planned plan = plan_of("", choice);
            assert_int_equal(plan.code, TL_OK);
            bool none = plan.choice.existing_policy || plan.choice.scope_all_false;
            assert_int_equal(count_true(node_at(plan.body, "matchingApplications"), uses, minimal), 1);
            assert_int_equal(count_true(node_at(plan.body, "policyLevel"), scopes, minimal), none ? 0 : 1);
            plan_free(&plan);
        }
    }
}

#define MINIMAL_WITH(mark, request, application, rules, level, more)                                         \
    "{'adminNotes':{'comments':'" MARK mark "},'approvalRequest':{'approvalRequestId':'" REQUEST             \
    "','json':'{\\\"size\\\":1,\\u0022x\\u0022:\\u003c\\/\\u003e}'" request "},'computerId':'" COMPUTER      \
    "','computerGroupId':'" GROUP "','fileDetails':{'fullPath':'C:\\\\Tools\\\\field.exe'},"                 \
    "'matchingApplications':" application ",'organizationHasElevation':true,'organizationId':'" ORGANIZATION \
    "','organizationIds':['0a000000-0000-4000-8000-00000000010a'],'osType':1,'policyConditions':" rules      \
    ",'policyLevel':" level ",'ringfenceActionId':1" more "}"
#define NO_NOTES "','requestorEmail':'','ticket':''"
#define NO_RULES "{'useExistingPolicy':false,'manualOptions':[],'ruleId':0}"
#define HASH_RULE "{'useExistingPolicy':false,'manualOptions':[{'hash':'" HASH "'}],'ruleId':0}"
#define SLOT(use, slot)                                                                                      \
    "{'" use "':true,'" slot "':{'applicationName':'Field app','applicationId':'" OWN                        \
    "','organizationId':'" ORGANIZATION "','osType':1}}"
#define NEW_SLOT "{'useNewApplication':true,'newApplicationName':'Field tool'}"
#define EMAIL ",'requestorEmailAddress':'a@example.com'"
#define ELEVATED(status, hours)                                                                              \
    ",'actionType':'elevate','isElevationRequest':true,'elevationStatus':" status                            \
    ",'elevationExpiration':" hours

/* The whole body for each way to choose: what the article's examples have, and what was asked for beyond. */
static void the_minimal_body_is_the_articles_and_what_was_asked_for(void **state)
{
    (void)state;
    static const planned_row rows[] = {
        {"", CHOICE_OWN ",'scope':'organization','ticket':'T','requestor_email':'a@example.com'",
         MINIMAL_WITH("','requestorEmail':'a@example.com','ticket':'T'", EMAIL,
                      SLOT("useMatchingApplication", "matchingApplication"), NO_RULES,
                      "{'toEntireOrganization':true}", "")},
        {"",
         CHOICE_EXISTING
         ",'policy':'existing','rules':[{'path':'C:\\\\Tools\\\\field.exe','cert':'CN=Field'}]",
         MINIMAL_WITH(NO_NOTES, "", SLOT("useExistingApplication", "existingApplication"),
                      "{'useExistingPolicy':true,'manualOptions':[{'fullPath':'C:\\\\Tools\\\\field.exe',"
                      "'cert':'CN=Field'}],'ruleId':0}",
                      "{}", "")},
        {"", CHOICE_NEW ",'requestor_email':'a@example.com'",
         MINIMAL_WITH("','requestorEmail':'a@example.com','ticket':''", "", NEW_SLOT, HASH_RULE,
                      "{'toComputer':true}", "")},
        {"", CHOICE_NEW ",'scope_encoding':'all_false'",
         MINIMAL_WITH(NO_NOTES, "", NEW_SLOT, HASH_RULE,
                      "{'toEntireOrganization':false,'toComputerGroup':false,'toComputer':false}", "")},
        {"", CHOICE_NEW ",'scope':'group'",
         MINIMAL_WITH(NO_NOTES, "", NEW_SLOT, HASH_RULE,
                      "{'toComputerGroup':true,'selectedComputerGroup':{'computerGroupId':'" GROUP
                      "','organizationId':'" ORGANIZATION "','osType':1}}",
                      "")},
        {"", CHOICE_NEW ",'expires':'2026-12-31T18:00:00Z','elevate':'no'",
         MINIMAL_WITH(NO_NOTES, "", NEW_SLOT, HASH_RULE, "{'toComputer':true}",
                      ",'policyExpirationDate':'2026-12-31T18:00:00Z'")},
        {"", CHOICE_NEW ",'response_subject':'Done','response_reason':'Try again','notify':true",
         MINIMAL_WITH(NO_NOTES, "", NEW_SLOT, HASH_RULE, "{'toComputer':true}",
                      ",'responseSubject':'Done','responseReason':'Try again','notifyOnResponse':true")},
        {ELEVATION, CHOICE_NEW ",'elevate':'notify','elevate_hours':8",
         MINIMAL_WITH(NO_NOTES, "", NEW_SLOT, HASH_RULE, "{'toComputer':true}", ELEVATED("1", "8"))},
        {ELEVATION, CHOICE_NEW ",'elevate':'silent','elevate_until':'2026-06-24T00:00:00Z'",
         MINIMAL_WITH(NO_NOTES, "", NEW_SLOT, HASH_RULE, "{'toComputer':true}",
                      ELEVATED("2", "0") ",'elevationExpirationDate':'2026-06-24T00:00:00Z'")},
        {ELEVATION, CHOICE_NEW ",'elevate':'no'",
         MINIMAL_WITH(NO_NOTES, "", NEW_SLOT, HASH_RULE, "{'toComputer':true}", ELEVATED("0", "0"))},
        /* What the details hold and nobody chose is not sent: it takes effect in the full body only. */
        {"responseSubject='Old'|responseReason='Old'|notifyOnResponse=true|policyExpirationDate="
         "'2027-01-01T00:00:00Z'|elevationStatus=2|approvalRequest.requestorEmailAddress='b@example.com'",
         CHOICE_NEW, MINIMAL_WITH(NO_NOTES, "", NEW_SLOT, HASH_RULE, "{'toComputer':true}", "")},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char choice[1024];
        snprintf(choice, sizeof choice, "%s,'body':'minimal'", rows[i].choice);
        planned plan = plan_of(rows[i].patches, choice);
        if (plan.code != TL_OK) {
            fail_msg("%s: %s", choice, plan.err.message);
        }
        char *expected = quoted(rows[i].expected);
        assert_text_and_free(text_of(plan.body), expected);
        free(expected);
        plan_free(&plan);
    }
}

/* The server answers 400 to a null in the place of a number, and to none that is left out. */
static void no_null_gets_into_the_minimal_body(void **state)
{
    (void)state;
    planned plan = plan_of("computerId=null|computerGroupId=null|organizationIds=null|ringfenceActionId=null|"
                           "organizationHasElevation=null|fileDetails=null|adminNotes.ticket=null",
                           CHOICE_OWN ",'scope':'organization','body':'minimal'");
    assert_int_equal(plan.code, TL_OK);
    char *body = text_of(plan.body);
    assert_null(strstr(body, "null"));
    free(body);
    assert_members(plan.body,
                   "computerId=absent|organizationIds=absent|fileDetails={}|adminNotes.ticket=absent",
                   "nulls in the details");
    plan_free(&plan);
}

static bool is_number_or_bool(const cJSON *node)
{
    return cJSON_IsNumber(node) || cJSON_IsBool(node);
}

/* Fails where `after` has null in the place of a number or a boolean. */
static void assert_no_null_for_a_value(const cJSON *before, const cJSON *after)
{
    const cJSON *member;
    cJSON_ArrayForEach (member, before) {
        const cJSON *now =
            cJSON_IsArray(before) ? NULL : cJSON_GetObjectItemCaseSensitive(after, member->string);
        if (now != NULL && is_number_or_bool(member) && !is_number_or_bool(now)) {
            fail_msg("%s is no number or boolean any more", member->string);
        }
        assert_no_null_for_a_value(member, now);
    }
}

static void numbers_and_booleans_never_become_null(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(all_choices); i++) {
        planned plan = plan_of("", all_choices[i]);
        assert_no_null_for_a_value(plan.details, plan.body);
        plan_free(&plan);
    }
    /* The listing's null would give HTTP 400 in the place of the stub's 0. */
    planned plan =
        plan_with(DETAILS, "", CHOICE_OWN,
                  "[{'applicationId':'" OWN "','applicationName':'Field app','organizationName':'Example',"
                  "'osType':1,'status':null,'isMaintained':null,'name':null}]",
                  "[]");
    assert_int_equal(plan.code, TL_OK);
    assert_members(plan.body,
                   "matchingApplications.matchingApplication.status=0|matchingApplications."
                   "matchingApplication.isMaintained=false|matchingApplications.matchingApplication."
                   "name=null",
                   "null in the listing");
    plan_free(&plan);
    plan = plan_with(DETAILS, "", CHOICE_NEW ",'scope':'group'", "[]",
                     "[{'computerGroupId':'" GROUP "','organizationId':'" ORGANIZATION
                     "','name':'All','osType':1,'isGlobal':null}]");
    assert_int_equal(plan.code, TL_OK);
    assert_members(plan.body, "policyLevel.selectedComputerGroup.isGlobal=false", "null in the groups");
    plan_free(&plan);
}

static void what_cannot_be_permitted_is_refused_with_its_reason(void **state)
{
    (void)state;
    static const refused_row rows[] = {
        {"approvalRequest.approvalRequestId='" OPERATION "'", CHOICE_NEW, TL_PROTOCOL, "another request"},
        {"approvalRequest.approvalRequestId=null", CHOICE_NEW, TL_PROTOCOL, "another request"},
        {"approvalRequest=null", CHOICE_NEW, TL_PROTOCOL, "another request"},
        {"approvalRequest.statusId=4|approvalRequest.approvedBy='b.ng'", CHOICE_NEW, TL_CONFLICT,
         "already actioned: Approved by b.ng"},
        {"approvalRequest.statusId=10", CHOICE_NEW, TL_CONFLICT, "Rejected"},
        {"approvalRequest.statusId=12", CHOICE_NEW, TL_CONFLICT, "Added to Application"},
        {"approvalRequest.statusId=16", CHOICE_NEW, TL_CONFLICT, "Self-Approved"},
        {"approvalRequest.statusId=6", CHOICE_NEW, TL_CONFLICT, "Not Learned"},
        {"approvalRequest.statusId=99", CHOICE_NEW, TL_CONFLICT, "status 99"},
        {"approvalRequest.statusId=null", CHOICE_NEW, TL_CONFLICT, "status 0"},
        {"approvalRequest.statusId='1'", CHOICE_NEW, TL_CONFLICT, "status 0"},
        {"approvalRequest.statusId=1.5", CHOICE_NEW, TL_CONFLICT, "status 0"},
        {"policyLevel=[]", CHOICE_NEW, TL_PROTOCOL, "policyLevel is no object"},
        {"policyLevel.selectedComputerGroup=7", CHOICE_NEW, TL_PROTOCOL,
         "selectedComputerGroup is no object"},
        {"policyConditions='x'", CHOICE_NEW, TL_PROTOCOL, "policyConditions is no object"},
        {"adminNotes=true", CHOICE_NEW, TL_PROTOCOL, "adminNotes is no object"},
        {"matchingApplications=1", CHOICE_OWN, TL_PROTOCOL, "matchingApplications is no object"},
        {"matchingApplications.matchingApplication='x'", CHOICE_OWN, TL_PROTOCOL,
         "matchingApplications.matchingApplication is no object"},
        {"matchingApplications.existingApplication=[]", CHOICE_EXISTING, TL_PROTOCOL,
         "matchingApplications.existingApplication is no object"},
        {"approvalRequest.json=''", CHOICE_NEW, TL_INVALID, "no `json`"},
        {"approvalRequest.json=null", CHOICE_NEW ",'allow_actioned':true", TL_INVALID, "no `json`"},
        {"approvalRequest.json=-", CHOICE_NEW, TL_INVALID, "no `json`"},
        {"approvalRequest.json={'a':1}", CHOICE_NEW, TL_INVALID, "no `json`"},
        {"actionType='read'", CHOICE_NEW, TL_INVALID, "storage request (read)"},
        {"actionType='Write'", CHOICE_NEW, TL_INVALID, "storage request"},
        {"actionType='network'", CHOICE_NEW, TL_INVALID, "\"network\" cannot be permitted"},
        {"actionType='powershell'", CHOICE_NEW, TL_INVALID, "cannot be permitted"},
        {"actionType=''", CHOICE_NEW, TL_INVALID, "cannot be permitted"},
        {"actionType=-|approvalRequest.threatLockerActionDto.actionType='write'", CHOICE_NEW, TL_INVALID,
         "storage request (write)"},
        {"actionType=-|approvalRequest.threatLockerActionDto=null", CHOICE_NEW, TL_INVALID,
         "cannot be permitted"},
        {"isExtensionRequest=true", CHOICE_NEW, TL_INVALID, "extension"},
        {"policyLevel.canUseEntireOrganization=false", CHOICE_NEW ",'scope':'organization'", TL_INVALID,
         "scope = organization"},
        {"policyLevel=null", CHOICE_NEW ",'scope':'organization'", TL_INVALID, "scope = organization"},
        {"computerId=null", CHOICE_NEW, TL_INVALID, "scope = computer"},
        {"computerId='" ZERO_GUID "'", CHOICE_NEW, TL_INVALID, "scope = computer"},
        {"computerGroupId='" ZERO_GUID "'", CHOICE_NEW, TL_INVALID, "scope = computer"},
        {"computerGroupId=null", CHOICE_NEW ",'scope_encoding':'all_false'", TL_INVALID, "scope = computer"},
        {"computerGroupId=null", CHOICE_NEW ",'scope':'group'", TL_INVALID, "give group_id"},
        {"computerGroupId='" OPERATION "'", CHOICE_NEW ",'scope':'group'", TL_INVALID,
         "is not among the 2 groups"},
        {"", CHOICE_NEW ",'scope':'group','group_id':'" OPERATION "'", TL_INVALID,
         "group_id " OPERATION " is not among"},
        {"osType=3", CHOICE_NEW ",'scope':'group'", TL_INVALID, "group_id: that group is for another"},
        {"osType=2", CHOICE_OWN, TL_INVALID, "application_id: that application is for another"},
        {"osType=null", CHOICE_OWN, TL_INVALID, "another operating system"},
        {"", "'application':'matching','application_id':'" OPERATION "'", TL_INVALID,
         "application_id " OPERATION " is not among the 2 applications that match this file"},
        {"", "'application':'existing','application_id':'" OPERATION "'", TL_INVALID,
         "that files can be added to"},
        {"", CHOICE_BUILTIN, TL_INVALID, "scope = organization only"},
        {"", CHOICE_BUILTIN ",'scope':'group'", TL_INVALID, "scope = organization only"},
        {"", CHOICE_BUILTIN ",'policy':'existing'", TL_INVALID, "scope = organization only"},
        {"", CHOICE_BUILTIN ",'scope':'organization','rules':[{'hash':'" HASH "'}]", TL_INVALID,
         "rules cannot be added to a built-in"},
        {"", "'application':'existing','application_id':'" BUILTIN "','scope':'organization'", TL_INVALID,
         "use application = matching"},
        {"", "'application':'existing','application_id':'" BUILTIN "','allow_builtin':true", TL_INVALID,
         "use application = matching"},
        {"isElevationRequest=true", CHOICE_NEW, TL_INVALID, "give elevate"},
        {"actionType='elevate'", CHOICE_NEW, TL_INVALID, "give elevate"},
        {"", CHOICE_NEW ",'elevate':'notify','elevate_hours':1", TL_INVALID, "for elevation requests"},
        {"", CHOICE_NEW ",'elevate':'standard_user'", TL_INVALID, "for elevation requests"},
        {ELEVATION "|organizationHasElevation=false", CHOICE_NEW ",'elevate':'notify','elevate_hours':1",
         TL_INVALID, "elevate: this organization does not have"},
        {ELEVATION "|organizationHasElevation=null", CHOICE_NEW ",'elevate':'silent','elevate_hours':1",
         TL_INVALID, "elevate: this organization does not have"},
        {ELEVATION, CHOICE_NEW ",'elevate':'notify','elevate_until':'2026-06-23T15:00:00Z'", TL_INVALID,
         "elevate_until lies in the past"},
        {"", CHOICE_NEW ",'expires':'2026-06-23T15:00:00Z'", TL_INVALID, "expires lies in the past"},
        {"", CHOICE_NEW ",'expires':'1999-01-01T00:00:00Z'", TL_INVALID, "expires lies in the past"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char about[512];
        snprintf(about, sizeof about, "%s / %s", rows[i].patches, rows[i].choice);
        planned plan = plan_of(rows[i].patches, rows[i].choice);
        assert_refused(plan.code, &plan.err, rows[i].code, rows[i].part, about);
        plan_free(&plan);
    }
}

static void an_application_without_a_known_owner_counts_as_built_in(void **state)
{
    (void)state;
    static const char *const owners[] = {"null", "'MASTER'", "7"};
    for (size_t i = 0; i < COUNT(owners); i++) {
        char list[512];
        snprintf(list, sizeof list, "[{'applicationId':'%s','osType':1,'organizationName':%s}]", OWN,
                 owners[i]);
        planned plan = plan_with(DETAILS, "", CHOICE_OWN, list, "[]");
        assert_refused(plan.code, &plan.err, TL_INVALID, "built-in", owners[i]);
        plan_free(&plan);
        plan = plan_with(DETAILS, "", CHOICE_OWN ",'allow_builtin':true", list, "[]");
        assert_int_equal(plan.code, TL_OK);
        plan_free(&plan);
    }
}

static void a_group_that_reaches_beyond_the_organization_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "'organizationId':'" ORGANIZATION "','isGlobal':true",
        "'organizationId':'0a000000-0000-4000-8000-0000000000ff','isGlobal':false",
        "'organizationId':null,'isGlobal':false",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char list[512];
        snprintf(list, sizeof list, "[{'computerGroupId':'%s','osType':1,%s}]", GROUP, rows[i]);
        planned plan = plan_with(DETAILS, "", CHOICE_NEW ",'scope':'group'", "[]", list);
        assert_refused(plan.code, &plan.err, TL_INVALID, "reach beyond", rows[i]);
        plan_free(&plan);
    }
}

static void nothing_is_chosen_from_an_empty_or_missing_list(void **state)
{
    (void)state;
    static const char *const lists[] = {"[]", "null", "{}", "[null,1,{'applicationId':null}]"};
    for (size_t i = 0; i < COUNT(lists); i++) {
        planned plan = plan_with(DETAILS, "", CHOICE_OWN, lists[i], "[]");
        assert_refused(plan.code, &plan.err, TL_INVALID, "is not among", lists[i]);
        plan_free(&plan);
        plan = plan_with(DETAILS, "", CHOICE_NEW ",'scope':'group'", "[]", lists[i]);
        assert_refused(plan.code, &plan.err, TL_INVALID, "is not among", lists[i]);
        plan_free(&plan);
    }
}

static void notes_carry_the_operation_and_give_it_back(void **state)
{
    (void)state;
    static const struct {
        const char *comments;
        const char *notes;
    } made[] = {
        {NULL, MARK},
        {"", MARK},
        {"Signed by a known vendor.", MARK " Signed by a known vendor."},
        {"[threatlocker operation " OTHER_OPERATION "]",
         MARK " [threatlocker operation " OTHER_OPERATION "]"},
    };
    for (size_t i = 0; i < COUNT(made); i++) {
        char *notes = tl_operation_notes(made[i].comments, OPERATION);
        assert_non_null(notes);
        assert_string_equal(notes, made[i].notes);
        assert_int_equal(tl_read_notes(notes, OPERATION), TL_NOTES_OURS);
        assert_int_equal(tl_read_notes(notes, OTHER_OPERATION),
                         strstr(notes, OTHER_OPERATION) != NULL ? TL_NOTES_OURS : TL_NOTES_ANOTHERS);
        free(notes);
    }
    static const char *const without[] = {NULL,
                                          "",
                                          "Signed.",
                                          "[threatlocker operation ]",
                                          "[threatlocker operation 0b5e0000-0000-4000-8000-0000000000",
                                          "[threatlocker operation 0b5e0000-0000-4000-8000_0000000000aa]",
                                          "[ThreatLocker operation " OPERATION "]"};
    for (size_t i = 0; i < COUNT(without); i++) {
        assert_int_equal(tl_read_notes(without[i], OPERATION), TL_NOTES_NONE);
    }
    char *cut = quoted("x " MARK " [threatlocker operation cut");
    assert_int_equal(tl_read_notes(cut, OPERATION), TL_NOTES_OURS);
    free(cut);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_full_body_is_the_details_with_the_choice_laid_over),
        cmocka_unit_test(the_details_themselves_are_left_alone),
        cmocka_unit_test(every_choice_sets_its_members),
        cmocka_unit_test(what_the_details_lack_is_filled_in),
        cmocka_unit_test(exactly_one_application_and_at_most_one_scope_are_used),
        cmocka_unit_test(the_minimal_body_is_the_articles_and_what_was_asked_for),
        cmocka_unit_test(no_null_gets_into_the_minimal_body),
        cmocka_unit_test(numbers_and_booleans_never_become_null),
        cmocka_unit_test(what_cannot_be_permitted_is_refused_with_its_reason),
        cmocka_unit_test(an_application_without_a_known_owner_counts_as_built_in),
        cmocka_unit_test(nothing_is_chosen_from_an_empty_or_missing_list),
        cmocka_unit_test(a_group_that_reaches_beyond_the_organization_is_refused),
        cmocka_unit_test(notes_carry_the_operation_and_give_it_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
