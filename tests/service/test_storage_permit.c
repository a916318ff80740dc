/* Permitting storage requests: sent once, settled by reading back. */
#include "harness.h"

#define SUBJECT REQUEST(1007) /* an existing device, no policy suggested */
#define OWNER ORGANIZATION(43)
#define SUGGESTED REQUEST(1006) /* with an existing policy */
#define ENDPOINT "ApprovalRequestPermitStorageApproval"
#define POLICY "0b000000-0000-4000-8000-000000000601"
#define NEW "{'policy':'new','name':'Field sticks'}"
#define EXISTING "{'policy':'existing','policy_id':'" POLICY "'}"

static cJSON *permit(tl_client *client, const char *organization, const char *request, const char *choice)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *chosen = json("%s", choice), *outcome = NULL;
    assert_ok(tl_permit_storage(&outcome, client, organization, request, chosen, &err), &err);
    cJSON_Delete(chosen);
    assert_non_null(outcome);
    assert_true_member(outcome, "experimental", true);
    return outcome;
}

static void assert_outcome_and_delete(cJSON *outcome, const char *word, const char *code, const char *applied)
{
    assert_outcome(outcome, word, code, applied);
    cJSON_Delete(outcome);
}

static void a_permit_is_applied_once_and_verified(void **state)
{
    (void)state;
    static const struct {
        const char *request;
        const char *organization;
        const char *choice;
        const char *effect; /* members of it as the sandbox records them */
        const char *value;
    } rows[] = {
        {SUBJECT, OWNER, NEW, "policyName", "Field sticks"},
        {SUBJECT, OWNER, NEW, "policy", "new"},
        {SUGGESTED, ORGANIZATION(42), EXISTING, "policyId", POLICY},
        {SUGGESTED, ORGANIZATION(42), EXISTING, "policy", "existing"},
        {SUGGESTED, ORGANIZATION(42),
         "{'policy':'new','name':'x','scope':'group','group_id':'" GROUP(07) "'}", "appliesToId", GROUP(07)},
        {SUBJECT, OWNER, "{'policy':'new','name':'x','scope':'organization'}", "appliesToId", OWNER},
        {SUBJECT, OWNER, "{'policy':'new','name':'x','expires':'2099-12-31T18:00:00Z'}", "expirationDate",
         "2099-12-31T18:00:00Z"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        control("reset", "{}");
        tl_client *client = impatient_client(300);
        print_message("%s\n", rows[i].choice);
        cJSON *outcome = permit(client, rows[i].organization, rows[i].request, rows[i].choice);
        assert_true_member(outcome, "verified", true);
        assert_int_equal(integer_of(outcome, "status_id"), 4);
        cJSON *request = request_state(rows[i].request);
        const cJSON *effects = cJSON_GetObjectItemCaseSensitive(request, "effects");
        assert_int_equal(cJSON_GetArraySize(effects), 1);
        assert_true_member(effects->child, "jsonVerbatim", true);
        assert_text(effects->child, rows[i].effect, rows[i].value);
        assert_text(outcome, "policy_id", text_of(effects->child, "policyId"));
        cJSON_Delete(request);
        assert_outcome_and_delete(outcome, "permitted", "", "yes");
        assert_int_equal(times_applied(rows[i].request, "storage"), 1);
        assert_int_equal(times_applied_to_anything(), 1);
        /* Once is enough. */
        assert_outcome_and_delete(permit(client, rows[i].organization, rows[i].request, rows[i].choice),
                                  "already_actioned", "conflict", "no");
        assert_int_equal(count_calls(ENDPOINT), 1);
        tl_client_free(client);
    }
}

static const struct fault_case {
    const char *fault;
    const char *outcome;
    const char *code;
    const char *applied;
    int times;
} cases[] = {
    {"'kind':'drop_before_apply'", "unknown", "unknown_outcome", "unknown", 0},
    {"'kind':'drop_after_apply'", "permitted", "", "yes", 1},
    {"'kind':'close_without_reply'", "unknown", "unknown_outcome", "unknown", 0},
    {"'kind':'close_idle'", "permitted", "", "yes", 1},
    {"'kind':'status','status':500", "unknown", "unknown_outcome", "unknown", 0},
    {"'kind':'status','status':500,'apply':true", "permitted", "", "yes", 1},
    {"'kind':'status','status':502,'apply':true", "permitted", "", "yes", 1},
    {"'kind':'delay','ms':900,'apply':true", "permitted", "", "yes", 1},
    {"'kind':'delay','ms':800,'apply':'late'", "permitted", "", "yes", 1},
    {"'kind':'delay','ms':900,'apply':false", "unknown", "unknown_outcome", "unknown", 0},
    {"'kind':'garbage'", "permitted", "", "yes", 1},
    {"'kind':'truncate','apply':false", "unknown", "unknown_outcome", "unknown", 0},
    {"'kind':'status','status':200,'body':''", "unknown", "unknown_outcome", "unknown", 0},
    {"'kind':'expect_417'", "refused", "invalid", "no", 0},
    {"'kind':'status','status':417", "refused", "invalid", "no", 0},
    {"'kind':'status','status':401", "refused", "permission", "no", 0},
    {"'kind':'status','status':440", "refused", "token", "no", 0},
};

static void every_fault_is_told_truly(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        control("reset", "{}");
        control("fault", "{%s,'match':'" ENDPOINT "'}", cases[i].fault);
        tl_client *client = impatient_client(300);
        print_message("%s\n", cases[i].fault);
        assert_outcome_and_delete(permit(client, OWNER, SUBJECT, NEW), cases[i].outcome, cases[i].code,
                                  cases[i].applied);
        assert_int_equal(times_applied(SUBJECT, "storage"), cases[i].times);
        assert_int_equal(times_applied_to_anything(), cases[i].times);
        assert_int_equal(count_calls(ENDPOINT), 1);
        tl_client_free(client);
    }
}

/* Another's permit of the same moment is told by its notes, an older one by its date. */
static void anothers_permit_is_never_claimed(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        const char *set;
    } rows[] = {
        {"500", "'statusId':4,'comments':'by hand'"},
        {"500", "'statusId':4,'comments':'[threatlocker operation 11111111-2222-4333-8444-555555555555]'"},
        {"500", "'statusId':4,'comments':'by hand','actionDate':'2020-01-01T00:00:00Z'"},
        {"500", "'statusId':10"},
        {"417", "'statusId':4"},
        {"400", "'statusId':10"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        control("reset", "{}");
        control("switch", "{'already_actioned':'%s'}", rows[i].answer);
        control("fault",
                "{'kind':'change','match':'" ENDPOINT "','approvalRequestId':'" SUBJECT
                "','set':{'approvedBy':'operator@example.com',%s}}",
                rows[i].set);
        tl_client *client = impatient_client(300);
        print_message("%s %s\n", rows[i].answer, rows[i].set);
        cJSON *outcome = permit(client, OWNER, SUBJECT, NEW);
        assert_text(outcome, "approved_by", "operator@example.com");
        assert_outcome_and_delete(outcome, "already_actioned", "conflict", "no");
        assert_int_equal(times_applied_to_anything(), 0);
        assert_int_equal(count_calls(ENDPOINT), 1);
        tl_client_free(client);
    }
}

static void what_must_not_be_permitted_is_not_sent(void **state)
{
    (void)state;
    static const struct {
        const char *set; /* of the subject, first */
        const char *choice;
        const char *outcome;
        const char *names;
    } rows[] = {
        {"{'statusId':10}", NEW, "already_actioned", "already actioned"},
        {"{'json':null}", NEW, "refused", "json"},
        {"{'request':{'threatLockerActionDto':{'actionType':'execute'}}}", NEW, "refused",
         "no storage request"},
        {"{'request':{'computerId':null}}", NEW, "refused", "computer"},
        {"{}", "{'policy':'new','name':'x','expires':'2020-01-01T00:00:00Z'}", "refused", "expires"},
        {"{}", "{'policy':'new','name':'x','scope':'group','group_id':'" GROUP(07) "'}", "refused",
         "group_id"},
        {"{}", "{'policy':'new','name':'x','scope':'group','group_id':'" GROUP(02) "'}", "refused", "beyond"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        control("reset", "{}");
        control("request", "{'approvalRequestId':'" SUBJECT "','set':%s}", rows[i].set);
        tl_client *client = impatient_client(300);
        print_message("%s %s\n", rows[i].set, rows[i].choice);
        cJSON *outcome = permit(client, OWNER, SUBJECT, rows[i].choice);
        assert_non_null(strstr(text_of(outcome, "message"), rows[i].names));
        assert_text(outcome, "outcome", rows[i].outcome);
        assert_text(outcome, "applied", "no");
        assert_int_equal(count_calls(ENDPOINT), 0);
        cJSON_Delete(outcome);
        tl_client_free(client);
    }
}

static void before_the_request_can_be_read_there_are_errors(void **state)
{
    (void)state;
    static const struct {
        const char *organization;
        const char *request;
        const char *choice;
        tl_code code;
        bool asks;
    } rows[] = {
        {OWNER, SUBJECT, "{}", TL_INVALID, false},
        {OWNER, SUBJECT, "{'policy':'existing'}", TL_INVALID, false},
        {OWNER, SUBJECT, "{'policy':'new','name':'x','scope':'group'}", TL_INVALID, false},
        {OWNER, "1007", NEW, TL_INVALID, false},
        {OWNER, REQUEST(1888), NEW, TL_NOT_FOUND, true},
        {ORGANIZATION(42), SUBJECT, NEW, TL_NOT_FOUND, true},
        {ORGANIZATION(42), REQUEST(1001), NEW, TL_INVALID, true}, /* the server's 417 */
    };
    tl_client *client = impatient_client(300);
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_error err = TL_ERROR_INIT;
        cJSON *choice = json("%s", rows[i].choice), *outcome = NULL;
        control_delete("calls");
        print_message("%s %s\n", rows[i].request, rows[i].choice);
        assert_code(tl_permit_storage(&outcome, client, rows[i].organization, rows[i].request, choice, &err),
                    &err, rows[i].code);
        assert_null(outcome);
        assert_int_equal(count_calls("") > 0, rows[i].asks);
        cJSON_Delete(choice);
    }
    /* Another request's details. */
    control("request", "{'approvalRequestId':'" SUBJECT "','set':{'storage':{'approvalRequest':{"
                       "'approvalRequestId':'" SUGGESTED "'}}}}");
    tl_error err = TL_ERROR_INIT;
    cJSON *details = NULL;
    assert_code(tl_storage_details(&details, client, OWNER, SUBJECT, &err), &err, TL_PROTOCOL);
    assert_null(details);
    assert_int_equal(times_applied_to_anything(), 0);
    tl_client_free(client);
}

static void a_dry_run_shows_what_would_be_sent(void **state)
{
    (void)state;
    tl_client *client = impatient_client(300);
    cJSON *preview =
        permit(client, OWNER, SUBJECT, "{'policy':'new','name':'x','dry_run':true,'ticket':'T-1'}");
    const cJSON *body = cJSON_GetObjectItemCaseSensitive(preview, "body");
    const cJSON *request = cJSON_GetObjectItemCaseSensitive(body, "approvalRequest");
    assert_text(body, "policyName", "x");
    assert_text(request, "ticketId", "T-1");
    assert_non_null(strstr(text_of(request, "comments"), text_of(preview, "operation_id")));
    assert_outcome_and_delete(preview, "preview", "", "no");
    assert_int_equal(count_calls(ENDPOINT), 0);
    assert_int_equal(times_applied_to_anything(), 0);
    tl_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_permit_is_applied_once_and_verified, reset_sandbox),
        cmocka_unit_test_setup(every_fault_is_told_truly, reset_sandbox),
        cmocka_unit_test_setup(anothers_permit_is_never_claimed, reset_sandbox),
        cmocka_unit_test_setup(what_must_not_be_permitted_is_not_sent, reset_sandbox),
        cmocka_unit_test_setup(before_the_request_can_be_read_there_are_errors, reset_sandbox),
        cmocka_unit_test_setup(a_dry_run_shows_what_would_be_sent, reset_sandbox),
    };
    return cmocka_run_group_tests_name("storage_permit", tests, start_sandbox, stop_sandbox);
}
