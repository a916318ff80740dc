/* The criteria of a match, and what the lists are searched for. */
#include "details.h"
#include "json_case.h"
#include "portal/applications.h"
#include "portal/matching.h"

#define DTO "approvalRequest.threatLockerActionDto"
#define CERTS "[{'sha':'ab','subject':'CN=Example','validCert':true}]"
#define EMPTY_CERT "{'sha':'','subject':'','validCert':true}"

static void criteria_come_from_the_details(void **state)
{
    (void)state;
    static const struct {
        const char *patches;
        const char *expected;
    } rows[] = {
        {"", "{'hash':'" HASH "','path':'C:\\\\Tools\\\\field.exe','certs':[],'osType':1}"},
        {DTO ".sha256='ab12'|" DTO ".processName='C:\\\\p.exe'|" DTO ".installedBy=['C:\\\\m.exe','x']|" DTO
             ".certs=" CERTS "|osType=3",
         "{'hash':'" HASH "','sha256':'ab12','path':'C:\\\\Tools\\\\field.exe','processPath':'C:\\\\p.exe',"
         "'certs':" CERTS ",'createdBys':['C:\\\\m.exe','x'],'osType':3}"},
        /* Where the action says nothing, the file's details do. */
        {DTO
         ".hash=null|fileDetails.hash='11'|fileDetails.sha256='22'|fileDetails.processPath='p'|fileDetails."
         "certificates=" CERTS,
         "{'hash':'11','sha256':'22','path':'C:\\\\Tools\\\\field.exe','processPath':'p','certs':" CERTS
         ",'osType':1}"},
        {DTO ".hash=''|fileDetails.hash='11'|fileDetails.fullPath=''",
         "{'hash':'11','path':'C:\\\\Tools\\\\field.exe','certs':[],'osType':1}"},
        {DTO ".hash='33'|fileDetails.hash='11'|" DTO ".certs=[{'sha':'x','subject':''}]|fileDetails."
             "certificates=" CERTS,
         "{'hash':'33','path':'C:\\\\Tools\\\\field.exe','certs':[{'sha':'x','subject':''}],'osType':1}"},
        /* Any one of the three identifies a file. */
        {DTO ".hash=null|" DTO ".sha256='22'|fileDetails.fullPath=null|approvalRequest.path=null",
         "{'sha256':'22','certs':[],'osType':1}"},
        {DTO ".hash=null|" DTO ".certs=[" EMPTY_CERT
             ",{'sha':null,'subject':'CN=Example','validCert':false}]",
         "{'path':'C:\\\\Tools\\\\field.exe','certs':[{'sha':null,'subject':'CN=Example','validCert':false}],"
         "'osType':1}"},
        {DTO ".installedBy=[]",
         "{'hash':'" HASH "','path':'C:\\\\Tools\\\\field.exe','certs':[],'createdBys':[],'osType':1}"},
        {DTO ".installedBy='C:\\\\m.exe'|osType=null",
         "{'hash':'" HASH "','path':'C:\\\\Tools\\\\field.exe','certs':[],'osType':1}"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *details = json_of(DETAILS);
        patch(details, rows[i].patches);
        cJSON *criteria = tl_matching_criteria(details, NULL);
        assert_non_null(criteria);
        char *expected = quoted(rows[i].expected);
        char *got = text_of(criteria);
        if (strcmp(got, expected) != 0) {
            fail_msg("%s: %s, not %s", rows[i].patches, got, expected);
        }
        free(got);
        free(expected);
        cJSON_Delete(criteria);
        cJSON_Delete(details);
    }
}

static void details_that_identify_nothing_match_nothing(void **state)
{
    (void)state;
    static const char *const patches[] = {
        DTO ".hash=null",
        DTO ".hash=''",
        DTO ".hash=7",
        DTO ".hash=null|" DTO ".certs=[" EMPTY_CERT "]|fileDetails.certificates=[" EMPTY_CERT ",{}]",
        DTO "=null",
        "approvalRequest=null",
    };
    for (size_t i = 0; i < COUNT(patches); i++) {
        cJSON *details = json_of(DETAILS);
        tl_error err = TL_ERROR_INIT;
        patch(details, patches[i]);
        assert_null(tl_matching_criteria(details, &err));
        assert_refused(err.code, &err, TL_INVALID, "no hash, SHA-256 or certificate", patches[i]);
        cJSON_Delete(details);
    }
    assert_null(tl_matching_criteria(NULL, NULL));
}

static void elements_are_found_by_guid(void **state)
{
    (void)state;
    cJSON *list = json_of("[null,7,{},{'applicationId':null},{'applicationId':7},{'ApplicationId':'" OWN
                          "'},{'applicationId':'0F000000-0000-4000-8000-00000000101F','n':1},"
                          "{'applicationId':'" BUILTIN "','n':2},{'applicationId':'" OWN "','n':3}]");
    static const struct {
        const char *guid;
        const char *n;
    } rows[] = {
        {BUILTIN, "1"},         {"0f000000-0000-4000-8000-00000000202F", "3"},
        {OPERATION, "absent"},  {"", "absent"},
        {"0f000000", "absent"}, {NULL, "absent"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const cJSON *found = tl_find_by_guid(list, "applicationId", rows[i].guid);
        assert_text_and_free(text_of(node_at(found, "n")), rows[i].n);
    }
    assert_null(tl_find_by_guid(NULL, "applicationId", OWN));
    cJSON_Delete(list);
}

static void an_owner_that_is_not_told_counts_as_the_built_ins(void **state)
{
    (void)state;
    static const struct {
        const char *application;
        bool builtin;
    } rows[] = {
        {"{'organizationName':'master'}", true},
        {"{'organizationName':'Master'}", true},
        {"{'organizationName':null}", true},
        {"{'organizationName':''}", true},
        {"{'organizationName':7}", true},
        {"{'OrganizationName':'Example'}", true},
        {"{}", true},
        {"null", true},
        {"{'organizationName':'Example'}", false},
        {"{'organizationName':'masters'}", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *application = json_of(rows[i].application);
        if (tl_is_builtin(application) != rows[i].builtin) {
            fail_msg("%s", rows[i].application);
        }
        cJSON_Delete(application);
    }
    assert_true(tl_is_builtin(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(criteria_come_from_the_details),
        cmocka_unit_test(details_that_identify_nothing_match_nothing),
        cmocka_unit_test(elements_are_found_by_guid),
        cmocka_unit_test(an_owner_that_is_not_told_counts_as_the_built_ins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
