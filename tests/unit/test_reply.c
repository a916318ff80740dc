/* What ThreatLocker's replies mean. */
#include "json_case.h"
#include "portal/endpoints.h"
#include "portal/reply.h"

#define GUID_ID "7c9e6679-7425-40de-944b-e07fc1f90ae7"
#define HTML "\r\n <!DOCTYPE html><html><body>502 Bad Gateway</body></html>"

/* The body is given ' for " and without a byte to spare. */
static tl_code status_of(tl_endpoint_id id, int status, const char *text, tl_error *err)
{
    char *body = quoted(text);
    *err = (tl_error)TL_ERROR_INIT;
    tl_code code = tl_reply_status(tl_endpoint_of(id), status, body, strlen(body), err);
    free(body);
    return code;
}

static void every_status_has_its_code(void **state)
{
    (void)state;
    static const struct {
        int status;
        tl_code code;
        bool retriable;
    } rows[] = {
        {200, TL_OK, false},         {201, TL_OK, false},        {203, TL_OK, false},
        {204, TL_OK, false},         {299, TL_OK, false},        {400, TL_INVALID, false},
        {401, TL_PERMISSION, false}, {403, TL_FORBIDDEN, false}, {404, TL_NOT_FOUND, false},
        {405, TL_NOT_FOUND, false},  {408, TL_TIMEOUT, true},    {409, TL_CONFLICT, false},
        {417, TL_INVALID, false},    {422, TL_INVALID, false},   {429, TL_RATE_LIMITED, true},
        {440, TL_TOKEN, false},      {500, TL_SERVER, false},    {501, TL_SERVER, false},
        {502, TL_SERVER, true},      {503, TL_SERVER, true},     {504, TL_SERVER, true},
        {599, TL_SERVER, false},     {100, TL_PROTOCOL, false},  {301, TL_PROTOCOL, false},
        {302, TL_PROTOCOL, false},   {304, TL_PROTOCOL, false},  {402, TL_PROTOCOL, false},
        {418, TL_PROTOCOL, false},   {0, TL_PROTOCOL, false},
    };
    static const char *const bodies[] = {
        "", "null", "{}", "[]", "'text'", "{'Message':'m'}", HTML, "{'Message':'cut", "\x80\xFF", "7"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t j = 0; j < COUNT(bodies); j++) {
            tl_error err;
            tl_code code = status_of(TL_REQUEST_LIST, rows[i].status, bodies[j], &err);
            if (code != rows[i].code || err.code != code) {
                fail_msg("%d %s: %s", rows[i].status, bodies[j], tl_code_name(code));
            }
            assert_int_equal(err.http_status, code == TL_OK ? 0 : rows[i].status);
            assert_int_equal(err.retriable, rows[i].retriable);
            assert_int_equal(err.applied, TL_APPLIED_NO);
            assert_true(code == TL_OK || strstr(err.message, "ApprovalRequestGetByParameters: ") != NULL);
        }
    }
}

static void every_envelope_is_read(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *body;
        tl_code code;
        const char *part;
        const char *logger_id;
    } rows[] = {
        {500, "{'LoggerId':'" GUID_ID "','StatusCode':500,'Message':'A problem occurred (" GUID_ID ")'}",
         TL_SERVER, "A problem occurred (" GUID_ID ")", GUID_ID},
        {500, "{'loggerId':'81234567','statusCode':500,'message':'A problem occurred'}", TL_SERVER,
         "A problem occurred", "81234567"},
        {500, "{'LOGGERID':'x1','MESSAGE':'Loud'}", TL_SERVER, "Loud", "x1"},
        {417, "{'Message':'Must enter a name for a new application'}", TL_INVALID,
         "Must enter a name for a new application (HTTP 417)", ""},
        {417, "{'LoggerId':7,'Message':'Provided applies to ID does not associate with a known OS type'}",
         TL_INVALID, "known OS type", ""},
        {400,
         "{'type':'x','title':'One or more validation errors occurred.','status':400,'errors':"
         "{'$.approvalRequest.statusId':['$.approvalRequest.statusId: The JSON value could not be converted "
         "to System.Int32.','second']}}",
         TL_INVALID, "$.approvalRequest.statusId: The JSON value could not be converted", ""},
        {400, "{'title':'One or more validation errors occurred.','errors':{}}", TL_INVALID,
         "One or more validation errors occurred.", ""},
        {400, "{'Errors':{'$':'text'}}", TL_INVALID, "text", ""},
        {400, "{'errors':['text']}", TL_INVALID, "refused it: text", ""},
        {400, "'Approval Request already actioned by '", TL_INVALID, "already actioned by", ""},
        {400, "Approval Request already actioned by ", TL_INVALID, "already actioned by", ""},
        {400, "{'Message':''}", TL_INVALID, "no reason given", ""},
        {400, "{'Message':null,'error':'why'}", TL_INVALID, "why", ""},
        {400, "{'Message':{'a':1}}", TL_INVALID, "no reason given", ""},
        {400, "", TL_INVALID, "no reason given", ""},
        {400, "null", TL_INVALID, "no reason given", ""},
        {502, HTML, TL_SERVER, "(an HTML page)", ""},
        {500, "{'LoggerId':'81234567','Message':'cut", TL_SERVER, "cut", ""},
        {500, "{'Message':'one\\r\\ntwo\\u0007\\u202e'}", TL_SERVER, "one", ""},
        {302, "", TL_PROTOCOL, "redirects are not followed, check base_url", ""},
        {404, "", TL_NOT_FOUND, "no such endpoint (HTTP 404", ""},
        {403, "", TL_FORBIDDEN, "is the organization one of the token's?", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_error err;
        tl_code code = status_of(TL_REQUEST_BY_ID, rows[i].status, rows[i].body, &err);
        assert_refused(code, &err, rows[i].code, rows[i].part, rows[i].body);
        assert_string_equal(err.logger_id, rows[i].logger_id);
        for (const char *c = err.message; *c != '\0'; c++) {
            assert_true((unsigned char)*c >= 0x20);
        }
    }
}

static void a_token_that_is_not_known_is_told_from_a_permission(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *body;
        tl_code code;
    } rows[] = {
        {440, "{'message':'Unauthorized','error':'TOKEN_REVOKED'}", TL_TOKEN},
        {440, "", TL_TOKEN},
        {403, "{'message':'Unauthorized','error':'TOKEN_REVOKED'}", TL_TOKEN},
        {403, "TOKEN_REVOKED", TL_TOKEN},
        {401, "{'message':'Unauthorized','error':'TOKEN_REVOKED'}", TL_TOKEN},
        {401, "{'message':'Unauthorized'}", TL_PERMISSION},
        {401, "", TL_PERMISSION},
        {403, "{'error':'token_revoked'}", TL_FORBIDDEN},
        {400, "TOKEN_REVOKED", TL_INVALID},
        {500, "TOKEN_REVOKED", TL_SERVER},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_error err;
        tl_code code = status_of(TL_REQUEST_LIST, rows[i].status, rows[i].body, &err);
        assert_refused(code, &err, rows[i].code, "", rows[i].body);
    }
}

static void a_missing_permission_names_the_ones_that_would_do(void **state)
{
    (void)state;
    static const struct {
        tl_endpoint_id id;
        const char *parts[4];
    } rows[] = {
        {TL_REQUEST_LIST,
         {"(Missing the 'x' permission); needed: one of: Approve for Entire Organization, ",
          "Approve for Single Computer (Hash Only), ", "Elevation Administrator, View Approvals"}},
        {TL_PERMIT_DETAILS, {"Approve for Group (Hash Only), ", "View Approvals"}},
        {TL_PERMIT_APPLICATION,
         {"for an escalated request Approve Escalation; and for a request that was already actioned Edit "
          "Actioned Requests",
          "for an existing custom application Approve for Update Existing",
          "for a new application Approve for New Install; and one of: Approve for Entire Organization"}},
        {TL_MATCHING_LIST, {"View Application Control Applications, View Approvals"}},
        {TL_APPLICATIONS_TO_ADD_TO,
         {"one of: Edit Application Control Applications, View Application Control Applications"}},
        {TL_UPDATE_FOR_REJECT, {"ApprovalRequestUpdateForReject: the API user lacks a permission"}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_error err;
        tl_code code =
            status_of(rows[i].id, 401, "{'Message':\"Missing the \\u0027x\\u0027 permission\"}", &err);
        for (size_t j = 0; j < COUNT(rows[i].parts) && rows[i].parts[j] != NULL; j++) {
            assert_refused(code, &err, TL_PERMISSION, rows[i].parts[j], rows[i].parts[j]);
        }
    }
    tl_error err;
    (void)status_of(TL_UPDATE_FOR_REJECT, 401, "", &err);
    assert_null(strstr(err.message, "needed"));
}

/* Each name stands whole in the message, however much the server says. */
static void names_of_permissions_are_never_cut(void **state)
{
    (void)state;
    char said[4 * 300 + 1], body[sizeof said + 32];
    size_t count;
    const tl_endpoint *table = tl_endpoints(&count);
    static const char *const units[] = {"x", "\xC3\xA9", "\xF0\x9F\x98\x80"};
    for (size_t i = 0; i < 3 * count; i++) {
        const tl_endpoint *endpoint = &table[i / 3];
        said[0] = '\0';
        for (int j = 0; j < 300; j++) {
            strcat(said, units[i % 3]);
        }
        snprintf(body, sizeof body, "{'Message':'%s'}", said);
        tl_error err;
        assert_int_equal(status_of((tl_endpoint_id)(i / 3), 401, body, &err), TL_PERMISSION);
        const tl_permission_group *group = endpoint->permissions;
        for (; group != NULL && group->any_of != NULL; group++) {
            for (size_t j = 0; group->any_of[j] != NULL; j++) {
                if (strstr(err.message, group->any_of[j]) == NULL) {
                    fail_msg("%s: no \"%s\" in \"%s\"", endpoint->name, group->any_of[j], err.message);
                }
            }
        }
    }
}

static void three_groups_of_permissions_read_well(void **state)
{
    (void)state;
    tl_error err;
    (void)status_of(TL_MAINTENANCE_APPLICATIONS, 401, "{'Message':'no'}", &err);
    assert_string_equal(
        err.message,
        "ApplicationGetForMaintenanceMode: the API user lacks a permission (no); needed: Edit Application "
        "Control "
        "Applications; and one of: Edit Computers, View Computers; and one of: Manage All Maintenance Modes, "
        "Manage Application Control Installation Mode, Manage Application Control Installation Mode (Time "
        "Restricted), Manage Application Control Learning Mode, Manage Application Control Learning Mode "
        "(Time "
        "Restricted), Manage Application Control Legacy Installation Mode, Manage Application Control Legacy "
        "Installation Mode (Time Restricted)");
}

static void a_token_error_names_its_usual_causes(void **state)
{
    (void)state;
    static const char *const causes[] = {"another instance", "expired", "Bearer", "Auth Key",
                                         "(HTTP 440 TOKEN"};
    tl_error err;
    (void)status_of(TL_PERMIT_DETAILS, 440, "{'message':'','error':'TOKEN_REVOKED'}", &err);
    for (size_t i = 0; i < COUNT(causes); i++) {
        assert_refused(err.code, &err, TL_TOKEN, causes[i], causes[i]);
    }
}

static void a_long_reply_leaves_a_short_message(void **state)
{
    (void)state;
    char body[4096];
    memset(body, 'x', sizeof body - 1);
    body[sizeof body - 1] = '\0';
    tl_error err;
    assert_int_equal(status_of(TL_PERMIT_APPLICATION, 500, body, &err), TL_SERVER);
    assert_true(strlen(err.message) < 400);
    snprintf(body, sizeof body, "{'LoggerId':'%0300d','Message':'m'}", 7);
    assert_int_equal(status_of(TL_PERMIT_APPLICATION, 500, body, &err), TL_SERVER);
    assert_int_equal(strlen(err.logger_id), sizeof err.logger_id - 1);
    /* Cut between characters, which take three bytes each. */
    char *end = body + snprintf(body, sizeof body, "{'LoggerId':'a");
    for (int i = 0; i < 40; i++) {
        end += sprintf(end, "\xE2\x82\xAC");
    }
    sprintf(end, "'}");
    assert_int_equal(status_of(TL_PERMIT_APPLICATION, 500, body, &err), TL_SERVER);
    assert_int_equal(strlen(err.logger_id), 61);
}

static void the_first_error_wins(void **state)
{
    (void)state;
    tl_error err = TL_ERROR_INIT;
    err.code = TL_MEMORY;
    assert_int_equal(tl_reply_status(tl_endpoint_of(TL_REQUEST_LIST), 500, "", 0, &err), TL_MEMORY);
    assert_int_equal(err.http_status, 0);
    assert_int_equal(tl_reply_status(tl_endpoint_of(TL_REQUEST_LIST), 500, "", 0, NULL), TL_SERVER);
}

static void good_bodies_are_json_or_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        tl_code code;
        const char *expected; /* the tree, or part of the message */
    } rows[] = {
        {"", TL_OK, "absent"},
        {" \t\r\n", TL_OK, "absent"},
        {"null", TL_OK, "absent"},
        {" null\n", TL_OK, "absent"},
        {"[]", TL_OK, "[]"},
        {"{}", TL_OK, "{}"},
        {"3", TL_OK, "3"},
        {"false", TL_OK, "false"},
        {"[{'a':9007199254740993}]", TL_OK, "[{'a':9007199254740993}]"},
        {HTML, TL_PROTOCOL, "is an HTML page, not JSON: check base_url"},
        {"<", TL_PROTOCOL, "HTML"},
        {"[{'a':1}", TL_PROTOCOL, "ApprovalRequestGetById: "},
        {"[1][2]", TL_PROTOCOL, "ApprovalRequestGetById: "},
        {"{'a':1,'a':2}", TL_PROTOCOL, "ApprovalRequestGetById: "},
        {"nul", TL_PROTOCOL, "ApprovalRequestGetById: "},
        {"OK", TL_PROTOCOL, "ApprovalRequestGetById: "},
        {"\xEF\xBB\xBF[]", TL_PROTOCOL, "ApprovalRequestGetById: "},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *body = quoted(rows[i].body);
        tl_error err = TL_ERROR_INIT;
        cJSON *tree = NULL;
        tl_code code = tl_reply_json(&tree, tl_endpoint_of(TL_REQUEST_BY_ID), body, strlen(body), &err);
        if (rows[i].code == TL_OK) {
            char *expected = quoted(rows[i].expected);
            assert_int_equal(code, TL_OK);
            assert_text_and_free(text_of(tree), expected);
            free(expected);
        } else {
            assert_refused(code, &err, rows[i].code, rows[i].expected, rows[i].body);
            assert_null(tree);
        }
        cJSON_Delete(tree);
        free(body);
    }
}

static void the_table_of_endpoints_is_whole(void **state)
{
    (void)state;
    size_t count;
    const tl_endpoint *table = tl_endpoints(&count);
    assert_int_equal(count, TL_ENDPOINT_COUNT);
    for (size_t i = 0; i < count; i++) {
        const char *slash = strchr(table[i].path, '/');
        assert_ptr_equal(tl_endpoint_of((tl_endpoint_id)i), &table[i]);
        assert_non_null(slash);
        assert_string_equal(slash + 1, table[i].name);
        bool get = strcmp(table[i].method, "GET") == 0;
        assert_true(get || strcmp(table[i].method, "POST") == 0);
        assert_false(get && table[i].write);
        bool writes = strstr(table[i].name, "UpdateFor") != NULL ||
                      strstr(table[i].name, "AuthorizeForPermit") != NULL ||
                      strncmp(table[i].name, "ApprovalRequestPermit", 21) == 0;
        assert_int_equal(table[i].write, writes);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(table[i].name, table[j].name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_its_code),
        cmocka_unit_test(every_envelope_is_read),
        cmocka_unit_test(a_token_that_is_not_known_is_told_from_a_permission),
        cmocka_unit_test(a_missing_permission_names_the_ones_that_would_do),
        cmocka_unit_test(names_of_permissions_are_never_cut),
        cmocka_unit_test(three_groups_of_permissions_read_well),
        cmocka_unit_test(a_token_error_names_its_usual_causes),
        cmocka_unit_test(a_long_reply_leaves_a_short_message),
        cmocka_unit_test(the_first_error_wins),
        cmocka_unit_test(good_bodies_are_json_or_nothing),
        cmocka_unit_test(the_table_of_endpoints_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
