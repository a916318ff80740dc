/* Taking ownership and authorizing: sent once, settled by reading back, never claimed without proof. */
#include "harness.h"

#define SUBJECT REQUEST(1012) /* escalated, to execute, nobody's yet */
#define OWNER ORGANIZATION(43)
#define US "api.approver@example.com"
#define BOB                                                                                                  \
    "'isAssigned':true,'assigneeUserId':'0a5e0000-0000-4000-8000-00000000000b',"                             \
    "'assigneeUsername':'bob@example.com','assignedDate':"

typedef tl_code write_fn(cJSON **, tl_client *, const char *, const char *, const cJSON *, tl_error *);

static const struct kind {
    const char *name; /* as the sandbox counts it */
    write_fn *write;
    const char *endpoint;
    const char *done;
} kinds[] = {
    {"ownership", tl_take_ownership, "ApprovalRequestUpdateForTakeOwnership", "owned"},
    {"authorize", tl_authorize, "ApprovalRequestAuthorizeForPermitById", "authorized"},
};
enum { OWNERSHIP, AUTHORIZE };

static cJSON *run(int kind, tl_client *client, const char *organization, const char *request,
                  const char *options)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *argument = json("%s", options), *outcome = NULL;
    assert_ok(kinds[kind].write(&outcome, client, organization, request, argument, &err), &err);
    cJSON_Delete(argument);
    assert_non_null(outcome);
    return outcome;
}

static void assert_outcome_and_delete(cJSON *outcome, const char *word, const char *code, const char *applied)
{
    assert_outcome(outcome, word, code, applied);
    cJSON_Delete(outcome);
}

static void a_good_write_is_applied_once_and_verified(void **state)
{
    (void)state;
    static const char *const bodies[] = {"empty", "{}", "null"};
    for (int kind = OWNERSHIP; kind <= AUTHORIZE; kind++)
        for (size_t b = 0; b < COUNT(bodies); b++) {
            control("reset", "{}");
            control("switch", "{'write_body':'%s'}", bodies[b]);
            tl_client *client = impatient_client(300);
            cJSON *outcome = run(kind, client, OWNER, SUBJECT, "{}");
            assert_true_member(outcome, "verified", true);
            assert_text(outcome, "organization_id", OWNER);
            assert_int_equal(integer_of(outcome, "status_id"), 13);
            if (kind == OWNERSHIP)
                assert_text(outcome, "assignee", US);
            assert_outcome_and_delete(outcome, kinds[kind].done, "", "yes");
            assert_int_equal(times_applied(SUBJECT, kinds[kind].name), 1);
            assert_int_equal(times_applied_to_anything(), 1);
            assert_int_equal(count_calls(kinds[kind].endpoint), 1);
            tl_client_free(client);
        }
}

/* What a fault makes of each of the two: nothing in a row tells who authorized it. */
static const struct fault_case {
    const char *fault;
    const char *owned; /* "unknown", "refused" or "owned" */
    const char *authorized;
    const char *code; /* where not done */
    int times;
} cases[] = {
    {"'kind':'drop_before_apply'", "unknown", "unknown", "unknown_outcome", 0},
    {"'kind':'drop_after_apply'", "owned", "unknown", "unknown_outcome", 1},
    {"'kind':'close_without_reply'", "unknown", "unknown", "unknown_outcome", 0},
    {"'kind':'status','status':500", "unknown", "unknown", "unknown_outcome", 0},
    {"'kind':'status','status':500,'apply':true", "owned", "unknown", "unknown_outcome", 1},
    {"'kind':'status','status':408,'apply':true", "owned", "unknown", "unknown_outcome", 1},
    {"'kind':'delay','ms':900,'apply':true", "owned", "unknown", "unknown_outcome", 1},
    {"'kind':'delay','ms':900,'apply':false", "unknown", "unknown", "unknown_outcome", 0},
    {"'kind':'garbage'", "owned", "authorized", "", 1},
    {"'kind':'status','status':200,'body':''", "unknown", "unknown", "unknown_outcome", 0},
    {"'kind':'status','status':417", "refused", "refused", "invalid", 0},
    {"'kind':'status','status':400", "refused", "refused", "invalid", 0},
    {"'kind':'status','status':401", "refused", "refused", "permission", 0},
    {"'kind':'status','status':440", "refused", "refused", "token", 0},
};

static void every_fault_is_told_truly(void **state)
{
    (void)state;
    for (int kind = OWNERSHIP; kind <= AUTHORIZE; kind++)
        for (size_t i = 0; i < COUNT(cases); i++) {
            control("reset", "{}");
            control("fault", "{%s,'match':'%s'}", cases[i].fault, kinds[kind].endpoint);
            tl_client *client = impatient_client(300);
            const char *word = kind == OWNERSHIP ? cases[i].owned : cases[i].authorized;
            bool done = strcmp(word, kinds[kind].done) == 0;
            print_message("%s %s\n", kinds[kind].name, cases[i].fault);
            cJSON *outcome = run(kind, client, OWNER, SUBJECT, "{}");
            assert_true_member(outcome, "verified", done);
            assert_outcome_and_delete(outcome, word, done ? "" : cases[i].code,
                                      done                           ? "yes"
                                      : strcmp(word, "refused") == 0 ? "no"
                                                                     : "unknown");
            assert_int_equal(times_applied(SUBJECT, kinds[kind].name), cases[i].times);
            assert_int_equal(times_applied_to_anything(), cases[i].times);
            assert_int_equal(count_calls(kinds[kind].endpoint), 1);
            tl_client_free(client);
        }
}

/* Numbers beyond a double, members of a day to come: all but null numbers and booleans goes back as it came.
 */
static void ownership_sends_the_row_back_as_it_came(void **state)
{
    (void)state;
    control("request",
            "{'approvalRequestId':'" REQUEST(
                1016) "','set':{'request':{'count':null,'isEscalatedByCustomer':null,"
                      "'memberOfTomorrow':{'deep':[1,2.50,{'x':null}]},'suggestCustomRule':null}}}");
    tl_client *client = impatient_client(300);
    tl_error err = TL_ERROR_INIT;
    cJSON *row = NULL;
    assert_ok(tl_request_get(&row, client, ORGANIZATION(42), REQUEST(1016), &err), &err);
    static const char *const not_sent[] = {"count", "isEscalatedByCustomer", "requestKind",
                                           "requestorReasonText"};
    for (size_t i = 0; i < COUNT(not_sent); i++)
        cJSON_DeleteItemFromObjectCaseSensitive(row, not_sent[i]);
    char *expected = NULL;
    assert_ok(tl_json_print(&expected, NULL, row, &err), &err);
    assert_outcome_and_delete(run(OWNERSHIP, client, ORGANIZATION(42), REQUEST(1016), "{}"), "owned", "",
                              "yes");
    cJSON *calls = calls_to(kinds[OWNERSHIP].endpoint);
    assert_text(calls->child, "body", expected);
    assert_non_null(strstr(expected, ":9007199254740993"));
    assert_non_null(strstr(expected, "\"memberOfTomorrow\":{\"deep\":[1,2.5"));
    assert_non_null(strstr(expected, "\"suggestCustomRule\":null"));
    cJSON_Delete(calls);
    free(expected);
    cJSON_Delete(row);
    tl_client_free(client);
}

static void authorize_sends_id_and_message(void **state)
{
    (void)state;
    tl_client *client = impatient_client(300);
    assert_outcome_and_delete(run(AUTHORIZE, client, OWNER, SUBJECT, "{'message':'Gr\xC3\xBC\xC3\x9F Gott'}"),
                              "authorized", "", "yes");
    cJSON *calls = calls_to(kinds[AUTHORIZE].endpoint);
    assert_text(calls->child, "body",
                "{\"approvalRequestId\":\"" SUBJECT "\",\"message\":\"Gr\xC3\xBC\xC3\x9F Gott\"}");
    assert_string_equal(header_of(calls->child, "ManagedOrganizationId"), OWNER);
    cJSON_Delete(calls);
    /* A second time there is nothing to do. */
    cJSON *outcome = run(AUTHORIZE, client, OWNER, SUBJECT, "{}");
    assert_text(outcome, "message", "the request was already authorized");
    assert_outcome_and_delete(outcome, "already_actioned", "conflict", "no");
    assert_int_equal(count_calls(kinds[AUTHORIZE].endpoint), 1);
    tl_client_free(client);
}

static void what_cannot_be_done_changes_nothing(void **state)
{
    (void)state;
    static const struct {
        int kind;
        const char *organization;
        const char *request;
        const char *outcome;
        const char *code;
        int calls;
    } rows[] = {
        {OWNERSHIP, ORGANIZATION(42), REQUEST(1009), "already_actioned", "conflict", 0},
        {OWNERSHIP, ORGANIZATION(43), REQUEST(1010), "already_actioned", "conflict", 0},
        {AUTHORIZE, ORGANIZATION(42), REQUEST(1009), "already_actioned", "conflict", 0},
        {AUTHORIZE, ORGANIZATION(42), REQUEST(1001), "refused", "invalid", 0}, /* pending */
        {AUTHORIZE, ORGANIZATION(42), REQUEST(1004), "refused", "invalid", 0}, /* pending, to elevate */
        {AUTHORIZE, ORGANIZATION(42), REQUEST(1006), "refused", "invalid", 0}, /* escalated, of storage */
        {AUTHORIZE, ORGANIZATION(42), REQUEST(1013), "refused", "invalid", 1}, /* the server's own answer */
    };
    control("request", "{'approvalRequestId':'" REQUEST(1006) "','set':{'statusId':13}}");
    tl_client *client = impatient_client(300);
    for (size_t i = 0; i < COUNT(rows); i++) {
        control_delete("calls");
        print_message("%s %s\n", kinds[rows[i].kind].name, rows[i].request);
        assert_outcome_and_delete(run(rows[i].kind, client, rows[i].organization, rows[i].request, "{}"),
                                  rows[i].outcome, rows[i].code, "no");
        assert_int_equal(count_calls(kinds[rows[i].kind].endpoint), rows[i].calls);
    }
    assert_int_equal(times_applied_to_anything(), 0);
    tl_client_free(client);
}

static void wrong_options_and_ids_are_errors(void **state)
{
    (void)state;
    char too_long[4200] = "{\"message\":\"";
    memset(too_long + strlen(too_long), 'a', 4001);
    strcat(too_long, "\"}");
    const struct {
        int kind;
        const char *request;
        const char *options;
        tl_code code;
    } rows[] = {
        {OWNERSHIP, SUBJECT, "[]", TL_INVALID},
        {OWNERSHIP, SUBJECT, "{'message':'x'}", TL_INVALID},
        {OWNERSHIP, SUBJECT, "{'dry_run':'yes'}", TL_INVALID},
        {AUTHORIZE, SUBJECT, "{'reason':'x'}", TL_INVALID},
        {AUTHORIZE, SUBJECT, "{'message':1}", TL_INVALID},
        {AUTHORIZE, SUBJECT, too_long, TL_INVALID},
        {OWNERSHIP, "1012", "{}", TL_INVALID},
        {AUTHORIZE, "1012", "{}", TL_INVALID},
        {OWNERSHIP, REQUEST(1888), "{}", TL_NOT_FOUND},
        {AUTHORIZE, REQUEST(1888), "{}", TL_NOT_FOUND},
    };
    tl_client *client = impatient_client(300);
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_error err = TL_ERROR_INIT;
        cJSON *options = json("%s", rows[i].options), *outcome = NULL;
        assert_code(kinds[rows[i].kind].write(&outcome, client, OWNER, rows[i].request, options, &err), &err,
                    rows[i].code);
        assert_null(outcome);
        cJSON_Delete(options);
    }
    for (int kind = OWNERSHIP; kind <= AUTHORIZE; kind++) {
        cJSON *outcome = run(kind, client, OWNER, SUBJECT, "{'dry_run':true}");
        assert_text(cJSON_GetObjectItemCaseSensitive(outcome, "body"), "approvalRequestId", SUBJECT);
        assert_outcome_and_delete(outcome, "preview", "", "no");
        assert_int_equal(count_calls(kinds[kind].endpoint), 0);
    }
    tl_client_free(client);
}

/* Bob had it, or was quicker. */
static void anothers_ownership_is_never_claimed(void **state)
{
    (void)state;
    static const struct {
        const char *before; /* the sending */
        const char *fault;
        const char *outcome;
        const char *assignee;
    } rows[] = {
        {BOB "'2020-01-01T00:00:00Z'", "'kind':'delay','ms':1", "owned", US},
        {BOB "'2020-01-01T00:00:00Z'", "'kind':'status','status':200", "unknown", "bob@example.com"},
        {BOB "'2020-01-01T00:00:00Z'", "'kind':'drop_before_apply'", "unknown", "bob@example.com"},
        {BOB "'2020-01-01T00:00:00Z'", "'kind':'drop_after_apply'", "owned", US},
        {BOB "'2020-01-01T00:00:00Z'", "'kind':'status','status':417", "refused", "bob@example.com"},
        {"'notes':''",
         "'kind':'change','approvalRequestId':'" SUBJECT "','set':{'statusId':4," BOB
         "'2020-01-01T00:00:00Z'}",
         "unknown", "bob@example.com"}, /* not so a moment ago: the clocks differ */
        {"'notes':''", "'kind':'change','approvalRequestId':'" SUBJECT "','set':{'statusId':4," BOB "null}",
         "unknown", "bob@example.com"},
        {"'notes':''", "'kind':'change','approvalRequestId':'" SUBJECT "','set':{'statusId':10}",
         "already_actioned", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        control("reset", "{}");
        control("switch", "{'already_actioned':'500'}");
        control("request", "{'approvalRequestId':'" SUBJECT "','set':{%s}}", rows[i].before);
        control("fault", "{%s,'match':'%s'}", rows[i].fault, kinds[OWNERSHIP].endpoint);
        tl_client *client = impatient_client(300);
        print_message("%s after %s\n", rows[i].fault, rows[i].before);
        cJSON *outcome = run(OWNERSHIP, client, OWNER, SUBJECT, "{}");
        assert_text(outcome, "outcome", rows[i].outcome);
        assert_text(outcome, "assignee", rows[i].assignee);
        assert_int_equal(count_calls(kinds[OWNERSHIP].endpoint), 1);
        cJSON_Delete(outcome);
        tl_client_free(client);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_good_write_is_applied_once_and_verified, reset_sandbox),
        cmocka_unit_test_setup(every_fault_is_told_truly, reset_sandbox),
        cmocka_unit_test_setup(ownership_sends_the_row_back_as_it_came, reset_sandbox),
        cmocka_unit_test_setup(authorize_sends_id_and_message, reset_sandbox),
        cmocka_unit_test_setup(what_cannot_be_done_changes_nothing, reset_sandbox),
        cmocka_unit_test_setup(wrong_options_and_ids_are_errors, reset_sandbox),
        cmocka_unit_test_setup(anothers_ownership_is_never_claimed, reset_sandbox),
    };
    return cmocka_run_group_tests_name("ownership", tests, start_sandbox, stop_sandbox);
}
