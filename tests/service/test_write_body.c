/* What a write looks like on the wire, byte for byte. */
#include <ctype.h>
#include <strings.h>

#include "harness.h"

#define NEW_APPLICATION "'application':'new','name':'Field tool','rules':[{'hash':'" HASH "'}]"

/* The recorded body of the only call to an endpoint. The caller's. */
static char *only_body(const char *endpoint)
{
    cJSON *calls = calls_to(endpoint);
    assert_int_equal(cJSON_GetArraySize(calls), 1);
    char *body = strdup(text_of(calls->child, "body"));
    assert_non_null(body);
    cJSON_Delete(calls);
    return body;
}

static cJSON *permit(tl_client *client, const char *organization, const char *request, const char *choice)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *chosen = json("%s", choice), *outcome = NULL;
    assert_ok(tl_permit(&outcome, client, organization, request, chosen, &err), &err);
    cJSON_Delete(chosen);
    return outcome;
}

/* cJSON alone turns 9007199254740993 into ...992, and a client that knows a fixed set of members loses the
 * rest: ThreatLocker could then permit something else than what was asked for. */
static void a_permit_keeps_what_nobody_chose_to_change(void **state)
{
    (void)state;
    control("request",
            "{'approvalRequestId':'" REQUEST(
                1016) "','set':{'details':{"
                      "'memberOfTomorrow':{'deep':[1,2.50,{'x':null}],'name':'kept'},'aSecondOne':[]}}}");
    tl_client *client = make_client(NULL);
    cJSON *outcome = permit(client, ORGANIZATION(42), REQUEST(1016), "{" NEW_APPLICATION "}");
    assert_text(outcome, "outcome", "permitted");
    char *body = only_body("ApprovalRequestPermitApplication");
    assert_non_null(strstr(body, ":9007199254740993"));
    assert_null(strstr(body, "9007199254740992"));
    assert_non_null(strstr(body, "\"memberOfTomorrow\":{\"deep\":[1,2.5"));
    assert_non_null(strstr(body, "\"aSecondOne\":[]"));
    cJSON *request = request_state(REQUEST(1016));
    const cJSON *effects = cJSON_GetObjectItemCaseSensitive(request, "effects");
    assert_int_equal(cJSON_GetArraySize(effects), 1);
    assert_true_member(effects->child, "jsonVerbatim", true);
    cJSON_Delete(request);
    free(body);
    cJSON_Delete(outcome);
    tl_client_free(client);
}

/* Members that a permit may change; all others of the details must come back as they were. */
static const char *const changed[] = {"matchingApplications",
                                      "policyConditions",
                                      "policyLevel",
                                      "elevationStatus",
                                      "elevationExpiration",
                                      "elevationExpirationDate",
                                      "policyExpirationDate",
                                      "adminNotes",
                                      "notifyOnResponse",
                                      "isFromApproval",
                                      "hasOriginApprovalCenter",
                                      "userInstance",
                                      "actionType"};

static bool may_change(const char *name)
{
    for (size_t i = 0; i < COUNT(changed); i++)
        if (strcmp(changed[i], name) == 0)
            return true;
    return false;
}

static void a_permit_changes_only_what_was_chosen(void **state)
{
    (void)state;
    tl_client *client = make_client(NULL);
    tl_error err = TL_ERROR_INIT;
    cJSON *details = NULL;
    assert_ok(tl_permit_details(&details, client, ORGANIZATION(42), REQUEST(1001), &err), &err);
    cJSON *outcome = permit(client, ORGANIZATION(42), REQUEST(1001),
                            "{'application':'matching','application_id':'" APPLICATION(
                                202) "','ticket':'INC-1042',"
                                     "'comments':'Asked by phone','expires':'2099-12-31T18:00:00Z'}");
    char *text = only_body("ApprovalRequestPermitApplication");
    cJSON *body = cJSON_Parse(text);
    assert_non_null(body);
    int kept = 0;
    const cJSON *member;
    cJSON_ArrayForEach (member, details) {
        if (may_change(member->string))
            continue;
        char *before = cJSON_PrintUnformatted(member);
        char *after = cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(body, member->string));
        assert_non_null(after);
        assert_string_equal(before, after);
        free(before);
        free(after);
        kept++;
    }
    assert_true(kept > 10);
    /* Nothing came in that was not there before. */
    cJSON_ArrayForEach (member, body) {
        if (cJSON_GetObjectItemCaseSensitive(details, member->string) == NULL)
            fail_msg("%s was added", member->string);
    }
    const cJSON *level = cJSON_GetObjectItemCaseSensitive(body, "policyLevel");
    assert_true_member(level, "toComputer", true);
    assert_true_member(level, "toComputerGroup", false);
    assert_true_member(level, "toEntireOrganization", false);
    const cJSON *matching = cJSON_GetObjectItemCaseSensitive(body, "matchingApplications");
    assert_true_member(matching, "useMatchingApplication", true);
    assert_true_member(matching, "useExistingApplication", false);
    assert_true_member(matching, "useNewApplication", false);
    assert_text(cJSON_GetObjectItemCaseSensitive(matching, "matchingApplication"), "applicationId",
                APPLICATION(202));
    const cJSON *notes = cJSON_GetObjectItemCaseSensitive(body, "adminNotes");
    assert_text(notes, "ticket", "INC-1042");
    assert_non_null(strstr(text_of(notes, "comments"), "Asked by phone"));
    assert_non_null(strstr(text_of(notes, "comments"), text_of(outcome, "operation_id")));
    assert_text(body, "policyExpirationDate", "2099-12-31T18:00:00Z");
    cJSON_Delete(body);
    free(text);
    cJSON_Delete(outcome);
    cJSON_Delete(details);
    tl_client_free(client);
}

/* Notes carry an operation id of their own each time; with it made equal, preview and sending are one text.
 */
static void hide_operation(char *body)
{
    static const char mark[] = "[threatlocker operation ";
    char *at = strstr(body, mark);
    assert_non_null(at);
    memset(at + strlen(mark), 'x', 36);
}

static void a_preview_is_byte_for_byte_what_is_sent(void **state)
{
    (void)state;
    static const char *const forms[] = {"full", "minimal"};
    for (size_t i = 0; i < COUNT(forms); i++) {
        char choice[512];
        tl_error err = TL_ERROR_INIT;
        size_t length = 0;
        char *previewed = NULL;
        control("reset", "{}");
        tl_client *client = make_client(NULL);
        snprintf(choice, sizeof choice, "{" NEW_APPLICATION ",'body':'%s','dry_run':true}", forms[i]);
        cJSON *preview = permit(client, ORGANIZATION(42), REQUEST(1016), choice);
        assert_ok(tl_json_print(&previewed, &length, cJSON_GetObjectItemCaseSensitive(preview, "body"), &err),
                  &err);
        snprintf(choice, sizeof choice, "{" NEW_APPLICATION ",'body':'%s'}", forms[i]);
        cJSON *outcome = permit(client, ORGANIZATION(42), REQUEST(1016), choice);
        char *sent = only_body("ApprovalRequestPermitApplication");
        hide_operation(previewed);
        hide_operation(sent);
        assert_string_equal(previewed, sent);
        cJSON_Delete(preview);
        cJSON_Delete(outcome);
        free(previewed);
        free(sent);
        tl_client_free(client);
    }
}

/* The minimal body is small enough to stand here whole. */
static void the_minimal_body_is_the_articles(void **state)
{
    (void)state;
    tl_client *client = make_client(NULL);
    cJSON *outcome =
        permit(client, ORGANIZATION(43), REQUEST(1003), "{" NEW_APPLICATION ",'body':'minimal'}");
    assert_text(outcome, "outcome", "permitted");
    char *body = only_body("ApprovalRequestPermitApplication");
    cJSON *got = cJSON_Parse(body);
    static const char *const expected[] = {
        "adminNotes",      "approvalRequest",   "computerId",           "computerGroupId",
        "fileDetails",     "organizationId",    "matchingApplications", "organizationHasElevation",
        "organizationIds", "ringfenceActionId", "policyConditions",     "osType",
        "policyLevel"};
    for (size_t i = 0; i < COUNT(expected); i++)
        if (cJSON_GetObjectItemCaseSensitive(got, expected[i]) == NULL)
            fail_msg("%s is missing in the minimal body", expected[i]);
    assert_int_equal(cJSON_GetArraySize(got), COUNT(expected));
    assert_null(strstr(body, "null"));
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(got, "approvalRequest")), 2);
    assert_text(cJSON_GetObjectItemCaseSensitive(got, "approvalRequest"), "approvalRequestId", REQUEST(1003));
    cJSON_Delete(got);
    free(body);
    cJSON_Delete(outcome);
    tl_client_free(client);
}

static void check_headers(const cJSON *call, const char *organization)
{
    char length[32];
    assert_null(header_of(call, "Expect"));
    assert_null(header_of(call, "Transfer-Encoding"));
    assert_null(header_of(call, "Upgrade"));
    assert_string_equal(header_of(call, "Authorization"), served.token);
    assert_string_equal(header_of(call, "Content-Type"), "application/json");
    snprintf(length, sizeof length, "%zu", strlen(text_of(call, "body")));
    assert_string_equal(header_of(call, "Content-Length"), length);
    assert_text(call, "query", "");
    assert_true_member(call, "reused", false);
    if (organization == NULL)
        assert_null(header_of(call, "ManagedOrganizationId"));
    else
        assert_string_equal(header_of(call, "ManagedOrganizationId"), organization);
}

static void every_write_has_the_same_careful_headers(void **state)
{
    (void)state;
    tl_client *client = make_client(NULL);
    tl_error err = TL_ERROR_INIT;
    cJSON *outcome = permit(client, ORGANIZATION(43), REQUEST(1003), "{" NEW_APPLICATION "}");
    cJSON_Delete(outcome);
    assert_ok(tl_reject(&outcome, client, ORGANIZATION(42), REQUEST(1002), NULL, &err), &err);
    cJSON_Delete(outcome);
    assert_ok(tl_ignore(&outcome, client, ORGANIZATION(44), REQUEST(1008), NULL, &err), &err);
    cJSON_Delete(outcome);
    static const char *const sent[][2] = {{"ApprovalRequestPermitApplication", ORGANIZATION(43)},
                                          {"ApprovalRequestUpdateForReject", ORGANIZATION(42)},
                                          {"ApprovalRequestUpdateForIgnore", ORGANIZATION(44)}};
    for (size_t i = 0; i < COUNT(sent); i++) {
        cJSON *calls = calls_to(sent[i][0]);
        assert_int_equal(cJSON_GetArraySize(calls), 1);
        check_headers(calls->child, sent[i][1]);
        cJSON_Delete(calls);
    }
    tl_client_free(client);
}

/* Above 1 MiB libcurl would wait for "100 Continue" by itself. */
static void a_large_write_does_not_wait_for_leave_either(void **state)
{
    (void)state;
    enum { SIZE = 1536 * 1024 };
    char *long_text = malloc(SIZE + 1);
    assert_non_null(long_text);
    memset(long_text, 'a', SIZE);
    long_text[SIZE] = '\0';
    cJSON *change = json("{'approvalRequestId':'" REQUEST(1003) "','set':{'details':{}}}");
    cJSON *set = cJSON_GetObjectItemCaseSensitive(change, "set");
    cJSON_AddStringToObject(set->child, "memberOfTomorrow", long_text);
    cJSON_Delete(control_send("request", change));
    cJSON_Delete(change);
    free(long_text);
    tl_client *client = make_client(NULL);
    control("fault", "{'kind':'expect_417','match':'ApprovalRequestPermitApplication'}");
    cJSON *outcome = permit(client, ORGANIZATION(43), REQUEST(1003), "{" NEW_APPLICATION "}");
    /* A server that replies and closes before the body is in may be read as a broken connection: both are
     * told as not done, and neither is sent again. */
    assert_true_member(outcome, "verified", false);
    assert_int_equal(times_applied_to_anything(), 0);
    assert_int_equal(count_calls("ApprovalRequestPermitApplication"), 1);
    cJSON_Delete(outcome);
    outcome = permit(client, ORGANIZATION(43), REQUEST(1003), "{" NEW_APPLICATION "}");
    assert_text(outcome, "outcome", "permitted");
    cJSON *calls = calls_to("ApprovalRequestPermitApplication");
    check_headers(calls->child->next, ORGANIZATION(43));
    cJSON_Delete(calls);
    cJSON_Delete(outcome);
    tl_client_free(client);
}

static void reject_and_ignore_name_the_request_and_nothing_else(void **state)
{
    (void)state;
    tl_client *client = make_client(NULL);
    tl_error err = TL_ERROR_INIT;
    cJSON *answer = json("{'reason':'Not needed','subject':'Your request','notify':true}"), *outcome = NULL;
    assert_ok(tl_reject(&outcome, client, ORGANIZATION(43), REQUEST(1003), answer, &err), &err);
    cJSON_Delete(outcome);
    char *body = only_body("ApprovalRequestUpdateForReject");
    assert_string_equal(body,
                        "{\"approvalRequestDtos\":[{\"approvalRequestId\":\"" REQUEST(
                            1003) "\"}],\"type\":\"reject\",\"rejectReason\":\"Not needed\","
                                  "\"responseSubject\":\"Your request\",\"responseReason\":\"Not needed\","
                                  "\"notifyOnResponse\":true}");
    free(body);
    assert_ok(tl_ignore(&outcome, client, ORGANIZATION(42), REQUEST(1002), answer, &err), &err);
    cJSON_Delete(outcome);
    body = only_body("ApprovalRequestUpdateForIgnore");
    assert_string_equal(body,
                        "{\"approvalRequestDtos\":[{\"approvalRequestId\":\"" REQUEST(
                            1002) "\"}],\"type\":\"ignore\",\"ignoreReason\":\"Not needed\","
                                  "\"responseSubject\":\"Your request\",\"responseReason\":\"Not needed\","
                                  "\"notifyOnIgnore\":true,\"ignoreSubject\":\"Your request\"}");
    free(body);
    cJSON_Delete(answer);
    tl_client_free(client);
}

/* A gateway that echoes the request would put the token into our messages. */
static void an_echoed_token_is_not_shown(void **state)
{
    (void)state;
    static const int statuses[] = {400, 401, 403, 404, 409, 417, 440, 500, 502};
    tl_client_options options = client_options();
    options.settle_time_ms = 1;
    options.connection.retries = -1;
    tl_client *client = make_client(&options);
    for (size_t i = 0; i < COUNT(statuses); i++) {
        tl_error err = TL_ERROR_INIT;
        cJSON *row = NULL, *choice = json("{" NEW_APPLICATION "}"), *outcome = NULL;
        control("fault",
                "{'kind':'status','status':%d,'match':'GetById','body':'{\\'LoggerId\\':\\'%s\\',"
                "\\'Message\\':\\'You sent Authorization: %s\\'}'}",
                statuses[i], served.token, served.token);
        assert_int_not_equal(tl_request_get(&row, client, ORGANIZATION(43), REQUEST(1003), &err), TL_OK);
        assert_null(strstr(err.message, served.token));
        assert_null(strstr(err.logger_id, served.token));
        control("fault",
                "{'kind':'status','status':%d,'match':'PermitApplication','after':1,"
                "'body':'<html>%s</html>','content_type':'text/html'}",
                statuses[i], served.token);
        assert_ok(
            tl_permit(&outcome, client, ORGANIZATION(43), REQUEST(1003), choice, &(tl_error)TL_ERROR_INIT),
            NULL);
        char *text = cJSON_PrintUnformatted(outcome);
        assert_null(strstr(text, served.token));
        assert_text(outcome, "applied", statuses[i] < 500 ? "no" : "unknown");
        free(text);
        cJSON_Delete(choice);
        cJSON_Delete(outcome);
    }
    tl_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_permit_keeps_what_nobody_chose_to_change, reset_sandbox),
        cmocka_unit_test_setup(a_permit_changes_only_what_was_chosen, reset_sandbox),
        cmocka_unit_test_setup(a_preview_is_byte_for_byte_what_is_sent, reset_sandbox),
        cmocka_unit_test_setup(the_minimal_body_is_the_articles, reset_sandbox),
        cmocka_unit_test_setup(every_write_has_the_same_careful_headers, reset_sandbox),
        cmocka_unit_test_setup(a_large_write_does_not_wait_for_leave_either, reset_sandbox),
        cmocka_unit_test_setup(reject_and_ignore_name_the_request_and_nothing_else, reset_sandbox),
        cmocka_unit_test_setup(an_echoed_token_is_not_shown, reset_sandbox),
    };
    return cmocka_run_group_tests_name("write_body", tests, start_sandbox, stop_sandbox);
}
