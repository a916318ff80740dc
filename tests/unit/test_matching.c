/* What applications are matched by. */
#include "details.h"
#include "json_case.h"
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

/* The caller's criteria, in and out; or what is wrong with them. */
static void criteria_of_the_caller_are_checked(void **state)
{
    (void)state;
    static const struct {
        const char *criteria;
        const char *body; /* NULL: refused with `part` */
        const char *part;
    } rows[] = {
        {"{'hash':'ab'}", "{'hash':'ab','osType':1}", NULL},
        {"{'osType':5,'sha256':'ab','hash':''}", "{'sha256':'ab','osType':5}", NULL},
        {"{'hash':'ab','sha256':'cd','path':'C:\\\\a.exe','processPath':'p','filename':'a.exe','folder':'C:',"
         "'certs':" CERTS ",'createdBys':['x','y'],'organizationIds':['" ORGANIZATION
         "'],'osType':2,'approvalRequestId':'" REQUEST "'}",
         "{'hash':'ab','sha256':'cd','path':'C:\\\\a.exe','processPath':'p','filename':'a.exe','folder':'C:',"
         "'certs':" CERTS ",'createdBys':['x','y'],'organizationIds':['" ORGANIZATION
         "'],'osType':2,'approvalRequestId':'" REQUEST "'}",
         NULL},
        {"{'certs':[{'subject':'CN=Example'}]}", "{'certs':[{'subject':'CN=Example'}],'osType':1}", NULL},
        {"{'hash':'ab','certs':{},'createdBys':{},'organizationIds':[],'path':null,'osType':null}",
         "{'hash':'ab','organizationIds':[],'osType':1}", NULL},
        {"null", NULL, "criteria must be an object"},
        {"[]", NULL, "criteria must be an object"},
        {"{}", NULL, "criteria must hold hash, sha256 or certs"},
        {"{'path':'C:\\\\a.exe','createdBys':['x']}", NULL, "criteria must hold hash, sha256 or certs"},
        {"{'hash':'','sha256':'','certs':[]}", NULL, "criteria must hold hash, sha256 or certs"},
        {"{'hash':'ab','Path':'x'}", NULL, "unknown member: Path"},
        {"{'hash':'ab','builtInPartialMatchingFiles':[]}", NULL, "unknown member"},
        {"{'hash':7}", NULL, "hash must be a text"},
        {"{'hash':'ab','folder':['x']}", NULL, "folder must be a text"},
        {"{'hash':'ab','osType':'1'}", NULL, "osType must be a whole number"},
        {"{'hash':'ab','osType':0}", NULL, "osType must be a whole number"},
        {"{'hash':'ab','osType':1.5}", NULL, "osType must be a whole number"},
        {"{'hash':'ab','osType':2147483648}", NULL, "osType must be a whole number"},
        {"{'hash':'ab','approvalRequestId':'x'}", NULL, "approvalRequestId must be a GUID"},
        {"{'hash':'ab','approvalRequestId':'" ZERO_GUID "'}", NULL, "approvalRequestId must be a GUID"},
        {"{'hash':'ab','organizationIds':['" ORGANIZATION "',null]}", NULL, "organizationIds: must be GUIDs"},
        {"{'hash':'ab','organizationIds':'" ORGANIZATION "'}", NULL, "organizationIds must be a list"},
        {"{'hash':'ab','createdBys':[7]}", NULL, "createdBys: must be texts"},
        {"{'hash':'ab','createdBys':['']}", NULL, "createdBys: must be texts"},
        {"{'hash':'ab','createdBys':{'a':'b'}}", NULL, "createdBys must be a list"},
        {"{'hash':'ab','certs':['ab']}", NULL, "certs: must be objects"},
        {"{'hash':'ab','certs':[{}]}", NULL, "certs: each must name a sha or a subject"},
        {"{'hash':'ab','certs':[" EMPTY_CERT "]}", NULL, "certs: each must name a sha or a subject"},
        {"{'certs':[{'sha':7}]}", NULL, "certs: sha must be a text"},
        {"{'certs':[{'sha':'ab','validCert':'true'}]}", NULL, "certs: validCert must be true or false"},
        {"{'certs':[{'sha':'ab','Subject':'x'}]}", NULL, "unknown member: Subject"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *criteria = json_of(rows[i].criteria);
        cJSON *body;
        tl_error err = TL_ERROR_INIT;
        tl_code code = tl_check_criteria(&body, criteria, &err);
        if (rows[i].body == NULL) {
            assert_refused(code, &err, TL_INVALID, rows[i].part, rows[i].criteria);
            assert_null(body);
        } else {
            char *expected = quoted(rows[i].body);
            assert_text_and_free(text_of(body), expected);
            free(expected);
        }
        cJSON_Delete(body);
        cJSON_Delete(criteria);
    }
}

static void lists_of_the_caller_are_bounded(void **state)
{
    (void)state;
    for (int count = 100; count <= 101; count++) {
        cJSON *criteria = json_of("{'hash':'ab','createdBys':[]}");
        for (int i = 0; i < count; i++) {
            assert_true(tl_json_append(tl_json_member(criteria, "createdBys"), cJSON_CreateString("x")));
        }
        cJSON *body;
        tl_error err = TL_ERROR_INIT;
        tl_code code = tl_check_criteria(&body, criteria, &err);
        if (count == 101) {
            assert_refused(code, &err, TL_INVALID, "createdBys must be a list of at most 100", "101");
        } else {
            assert_int_equal(code, TL_OK);
        }
        cJSON_Delete(body);
        cJSON_Delete(criteria);
    }
}

/* What readers of JSON disagree on is not sent. */
static void a_member_that_stands_twice_is_refused(void **state)
{
    (void)state;
    cJSON *criteria = json_of("{'hash':'ab'}");
    assert_non_null(cJSON_AddStringToObject(criteria, "hash", "cd"));
    cJSON *body;
    tl_error err = TL_ERROR_INIT;
    tl_code code = tl_check_criteria(&body, criteria, &err);
    assert_refused(code, &err, TL_INVALID, "the member hash twice", "twice");
    cJSON_Delete(criteria);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(criteria_come_from_the_details),
        cmocka_unit_test(details_that_identify_nothing_match_nothing),
        cmocka_unit_test(criteria_of_the_caller_are_checked),
        cmocka_unit_test(lists_of_the_caller_are_bounded),
        cmocka_unit_test(a_member_that_stands_twice_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
