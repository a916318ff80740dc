/* The facts that a seal fixes. */
#include "chain/seal.h"
#include "details.h"
#include "json_case.h"

#define FACTS "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void facts_of(char out[TL_SHA256_HEX_SIZE], const char *patches)
{
    cJSON *details = json_of(DETAILS);
    patch(details, "fileDetails.hash='" HASH "'|fileDetails.sha256='" FACTS
                   "'|approvalRequest.threatLockerActionDto.sha256='" FACTS
                   "'|approvalRequest.threatLockerActionDto.fullPath='C:\\\\Tools\\\\field.exe'");
    patch(details, patches);
    assert_int_equal(tl_facts_digest(out, details, NULL), TL_OK);
    assert_int_equal(strlen(out), TL_SHA256_HEX_SIZE - 1);
    cJSON_Delete(details);
}

static void the_digest_changes_with_every_fact(void **state)
{
    (void)state;
    static const char *const changes[] = {
        "",
        "approvalRequest.approvalRequestId='" OPERATION "'",
        "organizationId='" OPERATION "'",
        "computerId='" OPERATION "'",
        /* "This group" is the computer's own: moved to another one, the permit would reach other machines. */
        "computerGroupId='" OTHER_GROUP "'",
        "osType=2",
        "osType='1'",
        "actionType='elevate'",
        "approvalRequest.json='{}'",
        "approvalRequest.json=null",
        "approvalRequest.json=''",
        "approvalRequest.hash='" FACTS "'",
        "approvalRequest.path='C:\\\\Tools\\\\Field.exe'",
        "approvalRequest.threatLockerActionDto.hash='" FACTS "'",
        "approvalRequest.threatLockerActionDto.sha256='" HASH "'",
        "approvalRequest.threatLockerActionDto.fullPath='D:\\\\a.exe'",
        "approvalRequest.threatLockerActionDto=null",
        "fileDetails.hash='" FACTS "'",
        "fileDetails.sha256='" HASH "'",
        "fileDetails.fullPath='D:\\\\a.exe'",
        "fileDetails.hash=null",
        /* The same texts in other places are other facts. */
        "fileDetails.hash='" FACTS "'|fileDetails.sha256='" HASH "'",
    };
    char digests[COUNT(changes)][TL_SHA256_HEX_SIZE];
    for (size_t i = 0; i < COUNT(changes); i++) {
        facts_of(digests[i], changes[i]);
        for (size_t j = 0; j < i; j++) {
            if (strcmp(digests[i], digests[j]) == 0) {
                fail_msg("\"%s\" reads like \"%s\"", changes[i], changes[j]);
            }
        }
    }
}

static void the_digest_stays_when_others_change(void **state)
{
    (void)state;
    static const char *const changes[] = {
        "approvalRequest.statusId=13",
        "approvalRequest.comments='x'",
        "approvalRequest.approvedBy='x'",
        "approvalRequest.count=3",
        "approvalRequest.threatLockerActionDto.size=1",
        "fileDetails.size=1",
        "neverHeardOf=null",
        "userInstance='y'",
        "matchingApplications.hasMatchingApplication=true",
        "policyLevel.canUseEntireOrganization=false",
        "adminNotes.ticket='T'",
    };
    char before[TL_SHA256_HEX_SIZE], after[TL_SHA256_HEX_SIZE];
    facts_of(before, "");
    for (size_t i = 0; i < COUNT(changes); i++) {
        facts_of(after, changes[i]);
        assert_string_equal(before, after);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_digest_changes_with_every_fact),
        cmocka_unit_test(the_digest_stays_when_others_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
