/* Rejecting and ignoring many: one sending for each organization, an outcome for each request. */
#include "bulk_case.h"

static void each_request_is_actioned_once_by_one_write_for_its_organization(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT(kinds); k++) {
        control("reset", "{}");
        tl_client *client = impatient_client(300);
        cJSON *outcomes = run_many(&kinds[k], client, mixed, COUNT(mixed), "{'reason':'Not needed'}");
        for (size_t i = 0; i < COUNT(mixed); i++) {
            assert_outcome_of(outcomes, (int)i, kinds[k].done, "", "yes");
            assert_true_member(cJSON_GetArrayItem(outcomes, (int)i), "verified", true);
            assert_int_equal(times_applied(mixed[i].request_id, kinds[k].name), 1);
            assert_int_equal(status_of(mixed[i].request_id), 10);
        }
        assert_text(cJSON_GetArrayItem(outcomes, 3), "organization_id", ORGANIZATION(10));
        assert_int_equal(times_applied_to_anything(), (int)COUNT(mixed));
        static const char *const organizations[] = {ORGANIZATION(42), ORGANIZATION(43), ORGANIZATION(10)};
        cJSON *calls = calls_to(kinds[k].endpoint);
        assert_int_equal(cJSON_GetArraySize(calls), (int)COUNT(organizations));
        for (size_t i = 0; i < COUNT(organizations); i++) {
            const cJSON *call = cJSON_GetArrayItem(calls, (int)i);
            assert_string_equal(header_of(call, "ManagedOrganizationId"), organizations[i]);
            assert_true_member(call, "reused", false);
        }
        cJSON_Delete(calls);
        cJSON_Delete(outcomes);
        tl_client_free(client);
    }
}

static void the_body_names_the_organizations_requests_and_nothing_else(void **state)
{
    (void)state;
    tl_client *client = impatient_client(300);
    cJSON *outcomes = run_many(&kinds[0], client, mixed, COUNT(mixed), "{'reason':'No','notify':true}");
    cJSON *calls = calls_to(kinds[0].endpoint);
    assert_text(
        calls->child, "body",
        "{\"approvalRequestDtos\":[{\"approvalRequestId\":\"" REQUEST(
            1001) "\"},{\"approvalRequestId\":\"" REQUEST(1002) "\"}],\"type\":\"reject\","
                                                                "\"rejectReason\":\"No\",\"responseSubject\":"
                                                                "\"\",\"responseReason\":\"No\","
                                                                "\"notifyOnResponse\":true}");
    const cJSON *first = cJSON_GetArrayItem(outcomes, 0), *second = cJSON_GetArrayItem(outcomes, 2);
    assert_text(second, "operation_id", text_of(first, "operation_id"));
    assert_text(second, "body_sha256", text_of(first, "body_sha256"));
    assert_string_not_equal(text_of(cJSON_GetArrayItem(outcomes, 1), "operation_id"),
                            text_of(first, "operation_id"));
    cJSON_Delete(calls);
    cJSON_Delete(outcomes);
    tl_client_free(client);
}

/* What cannot be acted on does not hold up the others. */
static void who_cannot_take_part_gets_an_outcome_of_its_own(void **state)
{
    (void)state;
    static const tl_request_ref requests[] = {
        {ORGANIZATION(42), REQUEST(1009)},                                    /* approved before */
        {ORGANIZATION(42), REQUEST(1001)}, {ORGANIZATION(43), REQUEST(1888)}, /* nobody's */
        {ORGANIZATION(42), REQUEST(1003)},                                    /* 43's */
        {ORGANIZATION(42), REQUEST(1002)},                                    /* reads as another one */
        {ORGANIZATION(42), REQUEST(1013)}, /* reads as of no organization at all */
    };
    control("request", "{'approvalRequestId':'" REQUEST(
                           1002) "','set':{'request':{'approvalRequestId':'" REQUEST(1014) "'}}}");
    control("request",
            "{'approvalRequestId':'" REQUEST(1013) "','set':{'request':{'organizationId':'no\\r\\nguid'}}}");
    tl_client *client = impatient_client(300);
    cJSON *outcomes = run_many(&kinds[0], client, requests, COUNT(requests), "{}");
    assert_outcome_of(outcomes, 0, "already_actioned", "conflict", "no");
    assert_outcome_of(outcomes, 1, "rejected", "", "yes");
    assert_outcome_of(outcomes, 2, "refused", "not_found", "no");
    assert_outcome_of(outcomes, 3, "refused", "not_found", "no");
    assert_outcome_of(outcomes, 4, "refused", "protocol", "no");
    assert_outcome_of(outcomes, 5, "refused", "invalid", "no");
    assert_int_equal(times_applied_to_anything(), 1);
    assert_int_equal(count_calls(kinds[0].endpoint), 1);
    cJSON_Delete(outcomes);
    /* None takes part: nothing is sent. */
    control_delete("calls");
    outcomes = run_many(&kinds[0], client, requests, 1, "{}");
    assert_outcome_of(outcomes, 0, "already_actioned", "conflict", "no");
    assert_int_equal(count_calls(kinds[0].endpoint), 0);
    cJSON_Delete(outcomes);
    tl_client_free(client);
}

static void impossible_lists_are_refused_before_anything_is_read(void **state)
{
    (void)state;
    static const tl_request_ref twice[] = {{ORGANIZATION(42), "0E000000-0000-4000-8000-0000000010aA"},
                                           {ORGANIZATION(42), REQUEST(1001)},
                                           {NULL, "0e000000-0000-4000-8000-0000000010Aa"}};
    static const tl_request_ref no_id[] = {{ORGANIZATION(42), NULL}};
    static const tl_request_ref bad_id[] = {{NULL, REQUEST(1001)}, {NULL, "1002"}};
    static const tl_request_ref bad_organization[] = {{"42", REQUEST(1001)}};
    static tl_request_ref too_many[101];
    static char ids[COUNT(too_many)][40];
    for (size_t i = 0; i < COUNT(too_many); i++) {
        snprintf(ids[i], sizeof ids[i], "0e000000-0000-4000-8000-%012zx", i + 1);
        too_many[i].request_id = ids[i];
    }
    const struct {
        const tl_request_ref *requests;
        size_t count;
        const char *answer;
        const char *names;
    } rows[] = {
        {twice, COUNT(twice), "{}", "10Aa stands there twice"},
        {no_id, 1, "{}", "request_id"},
        {bad_id, COUNT(bad_id), "{}", "request_id"},
        {bad_organization, 1, "{}", "organization_id"},
        {too_many, COUNT(too_many), "{}", "1 to 100"},
        {mixed, 0, "{}", "1 to 100"},
        {NULL, 0, "{}", "1 to 100"},
        {NULL, 3, "{}", "1 to 100"},
        {mixed, 1, "{'message':'x'}", "unknown member"},
        {mixed, 1, "{'notify':1}", "notify"},
    };
    tl_client *client = impatient_client(300);
    for (size_t k = 0; k < COUNT(kinds); k++)
        for (size_t i = 0; i < COUNT(rows); i++) {
            tl_error err = TL_ERROR_INIT;
            cJSON *answer = json("%s", rows[i].answer), *outcomes = NULL;
            assert_code(kinds[k].write(&outcomes, client, rows[i].requests, rows[i].count, answer, &err),
                        &err, TL_INVALID);
            assert_non_null(strstr(err.message, rows[i].names));
            assert_null(outcomes);
            cJSON_Delete(answer);
        }
    assert_int_equal(count_calls(""), 0);
    tl_client_free(client);
}

static void a_dry_run_shows_each_organizations_body_and_sends_nothing(void **state)
{
    (void)state;
    static const tl_request_ref requests[] = {{ORGANIZATION(42), REQUEST(1001)},
                                              {ORGANIZATION(43), REQUEST(1003)},
                                              {ORGANIZATION(42), REQUEST(1002)},
                                              {ORGANIZATION(42), REQUEST(1009)}};
    static const int listed[] = {2, 1, 2};
    tl_client *client = impatient_client(300);
    cJSON *outcomes = run_many(&kinds[1], client, requests, COUNT(requests), "{'dry_run':true}");
    for (int i = 0; i < 3; i++) {
        assert_outcome_of(outcomes, i, "preview", "", "no");
        const cJSON *body = cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(outcomes, i), "body");
        assert_text(body, "type", "ignore");
        assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(body, "approvalRequestDtos")),
                         listed[i]);
    }
    assert_outcome_of(outcomes, 3, "already_actioned", "conflict", "no");
    assert_int_equal(count_calls("UpdateFor"), 0);
    cJSON_Delete(outcomes);
    tl_client_free(client);
}

/* As many as may be at once; the sandbox spreads them over four organizations. */
static void a_hundred_are_actioned_once_each(void **state)
{
    (void)state;
    control("seed", "{'default':true,'generate':100}");
    tl_request_ref requests[100];
    cJSON *served_state = control_get("state");
    const cJSON *request;
    size_t count = 0;
    cJSON_ArrayForEach (request, cJSON_GetObjectItemCaseSensitive(served_state, "requests"))
        if (count < COUNT(requests) && strstr(text_of(request, "approvalRequestId"), "-9000-") != NULL)
            requests[count++] =
                (tl_request_ref){text_of(request, "organizationId"), text_of(request, "approvalRequestId")};
    assert_int_equal(count, COUNT(requests));
    tl_client *client = impatient_client(300);
    cJSON *outcomes = run_many(&kinds[0], client, requests, count, "{'reason':'Cleared'}");
    for (size_t i = 0; i < count; i++)
        assert_outcome_of(outcomes, (int)i, "rejected", "", "yes");
    assert_int_equal(times_applied_to_anything(), (int)count);
    assert_int_equal(count_calls(kinds[0].endpoint), 4);
    cJSON_Delete(outcomes);
    cJSON_Delete(served_state);
    tl_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_request_is_actioned_once_by_one_write_for_its_organization,
                               reset_sandbox),
        cmocka_unit_test_setup(the_body_names_the_organizations_requests_and_nothing_else, reset_sandbox),
        cmocka_unit_test_setup(who_cannot_take_part_gets_an_outcome_of_its_own, reset_sandbox),
        cmocka_unit_test_setup(impossible_lists_are_refused_before_anything_is_read, reset_sandbox),
        cmocka_unit_test_setup(a_dry_run_shows_each_organizations_body_and_sends_nothing, reset_sandbox),
        cmocka_unit_test_setup(a_hundred_are_actioned_once_each, reset_sandbox),
    };
    return cmocka_run_group_tests_name("bulk", tests, start_sandbox, stop_sandbox);
}
