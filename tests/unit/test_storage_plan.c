/* From storage details and choice to the exact body of a storage permit. */
#include "base/text.h"
#include "base/time.h"
#include "details.h"
#include "json_case.h"
#include "portal/storage_plan.h"

#define MARK "[threatlocker operation " OPERATION "]"
#define POLICY "0b000000-0000-4000-8000-00000000601b"
#define OTHER_POLICY "0b000000-0000-4000-8000-00000000602b"
#define EXISTING "'policy':'existing','policy_id':'" POLICY "'"
#define NEW "'policy':'new','name':'Field sticks'"

/* Parts that a permit may change are arguments; all else must come back byte for byte. */
#define STORAGE_WITH(request, policy, choice, terms)                                                         \
    "{'approvalRequest':{'approvalRequestId':'" REQUEST                                                      \
    "','statusId':1,'statusIdEscalatedToMSP':0,'computerId':'" COMPUTER "','organizationId':'" ORGANIZATION  \
    "'," request                                                                                             \
    ",'json':'{\\\"a\\\":\\u003c1\\/\\u003e}','count':9007199254740993,'threatLockerActionDto':{"            \
    "'actionType':'write','osType':1,'size':12345678901234567890,'ratio':1.10E+2,'certs':[]},"               \
    "'later':{'x':[1e2,-0]}}," policy "," choice ",'policyType':'','newStorageDevice':{'name':'Stick',"      \
    "'storageDeviceId':'" ZERO_GUID "','tomorrow':null},'deviceExists':false,'selectedPath':'E:\\\\*',"      \
    "'encryptionStatus':2,'json':'{\\u0022b\\u0022:2}','allUserGroups':true,'usersList':[],'users':null,"    \
    "'neverHeardOf':0.30000000000000004," terms "}"

#define PLAIN_REQUEST "'comments':'asked by phone','ticketId':'','requestorEmailAddress':null"
#define NO_POLICY                                                                                            \
    "'addDeviceToExisting':false,'existingStoragePolicy':{'storagePolicyId':'" ZERO_GUID                     \
    "','name':'','processesList':[],'owner':'x'}"
#define NO_CHOICE                                                                                            \
    "'policyName':'','entityType':0,'appliesToId':'" ZERO_GUID                                               \
    "','allStorageDevices':false,'allFilePaths':true"
#define NO_TERMS "'expirationDate':null,'responseSubject':null,'responseReason':null,'notifyOnResponse':false"
#define STORAGE STORAGE_WITH(PLAIN_REQUEST, NO_POLICY, NO_CHOICE, NO_TERMS)

typedef struct planned {
    cJSON *details;
    cJSON *groups;
    cJSON *choice_json;
    cJSON *body;
    tl_code code;
    tl_error err;
} planned;

/* Plans at 2026-06-23T15:00:00Z, after changing the details. */
static planned plan_of(const char *patches, const char *choice)
{
    planned plan = {.err = TL_ERROR_INIT};
    tl_storage_choice chosen;
    char braced[2048];
    snprintf(braced, sizeof braced, "{%s}", choice);
    plan.details = json_of(STORAGE);
    patch(plan.details, patches);
    plan.groups = json_of(GROUPS);
    plan.choice_json = json_of(braced);
    plan.code = tl_storage_choice_read(&chosen, plan.choice_json, &plan.err);
    tl_storage_input input = {.request_id = REQUEST,
                              .details = plan.details,
                              .choice = &chosen,
                              .groups = plan.groups,
                              .operation_id = OPERATION};
    assert_true(tl_time_parse("2026-06-23T15:00:00Z", false, &input.now_us));
    if (plan.code == TL_OK)
        plan.code = tl_storage_plan(&plan.body, &input, &plan.err);
    assert_true((plan.code == TL_OK) == (plan.body != NULL));
    return plan;
}

static void plan_free(planned *plan)
{
    cJSON_Delete(plan->details);
    cJSON_Delete(plan->groups);
    cJSON_Delete(plan->choice_json);
    cJSON_Delete(plan->body);
}

static void assert_body(const planned *plan, const char *expected)
{
    char *wanted = quoted(expected);
    char *body = text_of(plan->body);
    assert_string_equal(body, wanted);
    free(body);
    free(wanted);
}

static void the_body_is_the_details_with_the_choice_laid_over(void **state)
{
    (void)state;
    planned plan = plan_of("", EXISTING);
    assert_body(&plan,
                STORAGE_WITH("'comments':'" MARK "','ticketId':'','requestorEmailAddress':null",
                             "'addDeviceToExisting':true,'existingStoragePolicy':{'storagePolicyId':'" POLICY
                             "','name':null,'processesList':null,'owner':'x'}",
                             "'policyName':'','entityType':0,'appliesToId':'" ZERO_GUID
                             "','allStorageDevices':false,'allFilePaths':false",
                             NO_TERMS));
    char *before = quoted(STORAGE), *after = text_of(plan.details);
    assert_string_equal(after, before); /* the details themselves are left alone */
    free(before);
    free(after);
    plan_free(&plan);
    plan = plan_of("", NEW ",'comments':'On site','ticket':'INC-1','requestor_email':'a@example.com',"
                           "'expires':'2026-12-31T18:00:00Z','response_subject':'s','response_reason':'r',"
                           "'notify':true,'all_devices':true,'all_paths':true");
    assert_body(&plan, STORAGE_WITH("'comments':'" MARK
                                    " On site','ticketId':'INC-1','requestorEmailAddress':'a@example.com'",
                                    NO_POLICY,
                                    "'policyName':'Field sticks','entityType':0,'appliesToId':'" COMPUTER
                                    "','allStorageDevices':true,'allFilePaths':true",
                                    "'expirationDate':'2026-12-31T18:00:00Z','responseSubject':'s',"
                                    "'responseReason':'r','notifyOnResponse':true"));
    plan_free(&plan);
}

static void every_choice_sets_its_members(void **state)
{
    (void)state;
    static const planned_row rows[] = {
        {"", NEW ",'scope':'computer'", "entityType=0|appliesToId='" COMPUTER "'"},
        {"", NEW ",'scope':'group','group_id':'0D000000-0000-4000-8000-00000000008D'",
         "entityType=1|appliesToId='" OTHER_GROUP "'"},
        {"", NEW ",'scope':'organization'", "entityType=2|appliesToId='" ORGANIZATION "'"},
        {"", "'policy':'new','name':' \\t Sticks\\n'", "policyName='Sticks'|addDeviceToExisting=false"},
        /* What the fetched policy says beside its id is only kept where it is that policy. */
        {"existingStoragePolicy.storagePolicyId='" POLICY "'|existingStoragePolicy.name='Sticks'", EXISTING,
         "existingStoragePolicy.name='Sticks'|existingStoragePolicy.processesList=[]"},
        {"existingStoragePolicy.storagePolicyId='" OTHER_POLICY "'|existingStoragePolicy.name='Other'",
         EXISTING, "existingStoragePolicy.name=null|existingStoragePolicy.storagePolicyId='" POLICY "'"},
        {"existingStoragePolicy=null", EXISTING, "existingStoragePolicy.storagePolicyId='" POLICY "'"},
        {"existingStoragePolicy=-", EXISTING, "existingStoragePolicy.storagePolicyId='" POLICY "'"},
        {"approvalRequest.statusId=13", NEW, "approvalRequest.statusId=13"},
        {"approvalRequest.statusId=4", NEW ",'allow_actioned':true", "approvalRequest.statusId=4"},
        {"approvalRequest.json=null", NEW, "approvalRequest.json=null"},
        {"json=null", NEW, "json=null"},
        {"approvalRequest.threatLockerActionDto.actionType='READ'", NEW, "entityType=0"},
        {"responseReason='kept'", NEW, "responseReason='kept'"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        planned plan = plan_of(rows[i].patches, rows[i].choice);
        if (plan.code != TL_OK)
            fail_msg("%s: %s", rows[i].choice, plan.err.message);
        assert_members(plan.body, rows[i].expected, rows[i].choice);
        plan_free(&plan);
    }
}

static void what_must_not_be_sent_is_refused(void **state)
{
    (void)state;
    static const refused_row rows[] = {
        /* The choice by itself. */
        {"", "", TL_INVALID, "policy"},
        {"", "'policy':'matching'", TL_INVALID, "policy"},
        {"", "'policy':'existing'", TL_INVALID, "policy_id"},
        {"", "'policy':'existing','policy_id':'1'", TL_INVALID, "policy_id"},
        {"", "'policy':'existing','policy_id':'" ZERO_GUID "'", TL_INVALID, "policy_id"},
        {"", EXISTING ",'name':'x'", TL_INVALID, "name"},
        {"", EXISTING ",'scope':'computer'", TL_INVALID, "scope"},
        {"", EXISTING ",'group_id':'" GROUP "'", TL_INVALID, "group_id"},
        {"", "'policy':'new'", TL_INVALID, "name"},
        {"", "'policy':'new','name':' \\t'", TL_INVALID, "name"},
        {"", NEW ",'policy_id':'" POLICY "'", TL_INVALID, "policy_id"},
        {"", NEW ",'scope':'organisation'", TL_INVALID, "scope"},
        {"", NEW ",'scope':'group'", TL_INVALID, "group_id"},
        {"", NEW ",'group_id':'" GROUP "'", TL_INVALID, "group_id"},
        {"", NEW ",'scope':'organization','group_id':'" GROUP "'", TL_INVALID, "group_id"},
        {"", NEW ",'expires':'tomorrow'", TL_INVALID, "expires"},
        {"", NEW ",'all_devices':1", TL_INVALID, "all_devices"},
        {"", NEW ",'all_paths':'yes'", TL_INVALID, "all_paths"},
        {"", NEW ",'rules':[]", TL_INVALID, "rules"},
        {"", NEW ",'application':'new'", TL_INVALID, "application"},
        /* The choice for these details. */
        {"", NEW ",'expires':'2026-06-23T15:00:00Z'", TL_INVALID, "expires"},
        {"", NEW ",'scope':'group','group_id':'" COMPUTER "'", TL_INVALID, "group_id"},
        {"approvalRequest.organizationId='" COMPUTER "'", NEW ",'scope':'group','group_id':'" GROUP "'",
         TL_INVALID, "beyond"},
        {"approvalRequest.threatLockerActionDto.osType=2", NEW ",'scope':'group','group_id':'" GROUP "'",
         TL_INVALID, "operating system"},
        {"approvalRequest.computerId=null", NEW, TL_INVALID, "computer"},
        {"approvalRequest.computerId='" ZERO_GUID "'", NEW, TL_INVALID, "computer"},
        {"approvalRequest.organizationId=-", NEW ",'scope':'organization'", TL_INVALID, "organization"},
        {"json=''|approvalRequest.json=null", NEW, TL_INVALID, "json"},
        {"json=-|approvalRequest.json=''", EXISTING, TL_INVALID, "json"},
        {"approvalRequest.threatLockerActionDto.actionType='execute'", NEW, TL_INVALID, "no storage request"},
        {"approvalRequest.threatLockerActionDto=null", NEW, TL_INVALID, "no storage request"},
        {"approvalRequest.statusId=4", NEW, TL_CONFLICT, "already actioned"},
        {"approvalRequest.statusId=10|approvalRequest.approvedBy='op@example.com'", EXISTING, TL_CONFLICT,
         "op@example.com"},
        {"approvalRequest.statusId=99", NEW, TL_CONFLICT, "already actioned"},
        {"approvalRequest.approvalRequestId='" COMPUTER "'", NEW, TL_PROTOCOL, "another"},
        {"approvalRequest=null", NEW, TL_PROTOCOL, "another"},
        {"existingStoragePolicy='x'", EXISTING, TL_PROTOCOL, "existingStoragePolicy is no object"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        planned plan = plan_of(rows[i].patches, rows[i].choice);
        assert_refused(plan.code, &plan.err, rows[i].code, rows[i].part, rows[i].choice);
        plan_free(&plan);
    }
}

/* Members that ThreatLocker reads into a number or a boolean, wherever they stand [spec]. */
static const char *const scalars[] = {
    "addDeviceToExisting",
    "entityType",
    "allStorageDevices",
    "deviceExists",
    "allFilePaths",
    "encryptionStatus",
    "allUserGroups",
    "notifyOnResponse",
    "approvalRequest.statusIdEscalatedToMSP",
    "approvalRequest.statusIdEscalatedByCustomer",
    "approvalRequest.approvalNumber",
    "approvalRequest.approvedByTierLevel",
    "approvalRequest.multiLevelApprovalStatusId",
    "approvalRequest.initialApprovalTierLevel",
    "approvalRequest.approvalCount",
    "approvalRequest.pendingTierLevel",
    "approvalRequest.hasPendingApprovalRequest",
    "approvalRequest.cyberHeroManagementConfigured",
    "approvalRequest.isEscalatedByCyberHero",
    "approvalRequest.isEscalatedByCustomer",
    "approvalRequest.showMfaChallenge",
    "approvalRequest.showMfaRegistration",
    "approvalRequest.canRequestNewBuiltIn",
    "approvalRequest.isAssigneeLoggedIntoMaster",
    "approvalRequest.retrievedAssigneeUsername",
    "approvalRequest.count",
    "approvalRequest.threatLockerActionDto.actionId",
    "approvalRequest.threatLockerActionDto.logAction",
    "approvalRequest.threatLockerActionDto.size",
    "approvalRequest.threatLockerActionDto.processId",
    "approvalRequest.threatLockerActionDto.ringFence",
    "approvalRequest.threatLockerActionDto.monitorOnly",
    "approvalRequest.threatLockerActionDto.remotePresence",
    "approvalRequest.threatLockerActionDto.encryptionStatus",
};

/* Members of a day to come, put anywhere. */
static const char *const unknowns[] = {
    "memberOfTomorrow",
    "approvalRequest.memberOfTomorrow",
    "existingStoragePolicy.memberOfTomorrow",
    "newStorageDevice.memberOfTomorrow",
    "approvalRequest.threatLockerActionDto.memberOfTomorrow",
};
static const char *const odd_values[] = {"null", "9007199254740993", "1.50E+1", "{'a':[null]}", "'\\u00e9'"};

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

/* Details made by chance: any scalar may be null, and unknown members stand anywhere. */
static void no_null_number_leaves_and_nothing_unknown_is_lost(void **state)
{
    (void)state;
    static const char *const choices[] = {EXISTING, NEW, NEW ",'scope':'organization','all_paths':true"};
    uint32_t seed = 42;
    for (int round = 0; round < 500; round++) {
        char patches[2048] = "", expected[512] = "", pair[128];
        for (size_t i = 0; i < COUNT(scalars); i++)
            if (next_random(&seed) % 3 == 0) {
                snprintf(pair, sizeof pair, "%s%s=null", patches[0] == '\0' ? "" : "|", scalars[i]);
                strcat(patches, pair);
            }
        for (size_t i = 0; i < COUNT(unknowns); i++)
            if (next_random(&seed) % 2 == 0) {
                snprintf(pair, sizeof pair, "|%s=%s", unknowns[i],
                         odd_values[next_random(&seed) % COUNT(odd_values)]);
                strcat(patches, patches[0] == '\0' ? pair + 1 : pair);
                strcat(expected, expected[0] == '\0' ? pair + 1 : pair);
            }
        planned plan = plan_of(patches, choices[next_random(&seed) % COUNT(choices)]);
        assert_int_equal(plan.code, TL_OK);
        for (size_t i = 0; i < COUNT(scalars); i++)
            if (cJSON_IsNull(node_at(plan.body, scalars[i])))
                fail_msg("%s is null after %s", scalars[i], patches);
        assert_members(plan.body, expected, patches);
        assert_members(plan.body, "json='{\\u0022b\\u0022:2}'|neverHeardOf=0.30000000000000004|users=null",
                       patches);
        plan_free(&plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_body_is_the_details_with_the_choice_laid_over),
        cmocka_unit_test(every_choice_sets_its_members),
        cmocka_unit_test(what_must_not_be_sent_is_refused),
        cmocka_unit_test(no_null_number_leaves_and_nothing_unknown_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
