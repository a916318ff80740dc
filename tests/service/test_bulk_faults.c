/* Many at once under faults: each request is told truly, and none is sent twice. */
#include <pthread.h>

#include "bulk_case.h"

/* The service is away, or refuses us: nothing is known of any request, and nothing was sent. */
static void a_service_that_fails_before_the_sending_is_an_error(void **state)
{
    (void)state;
    static const struct {
        const char *fault;
        tl_code code;
    } rows[] = {
        {"'kind':'status','status':440", TL_TOKEN},        {"'kind':'status','status':401", TL_PERMISSION},
        {"'kind':'status','status':403", TL_FORBIDDEN},    {"'kind':'status','status':500", TL_SERVER},
        {"'kind':'status','status':429", TL_RATE_LIMITED}, {"'kind':'delay','ms':1500", TL_TIMEOUT},
        {"'kind':'close_without_reply'", TL_NETWORK},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        for (int after = 0; after < 4; after += 3) {
            control("reset", "{}");
            control("fault", "{%s,'match':'ApprovalRequestGetById','after':%d,'times':-1}", rows[i].fault,
                    after);
            tl_client *client = impatient_client(300);
            tl_error err = TL_ERROR_INIT;
            cJSON *outcomes = NULL;
            assert_code(tl_reject_many(&outcomes, client, mixed, COUNT(mixed), NULL, &err), &err,
                        rows[i].code);
            assert_null(outcomes);
            assert_int_equal(err.applied, TL_APPLIED_NO);
            assert_int_equal(count_calls(kinds[0].endpoint), 0);
            assert_int_equal(times_applied_to_anything(), 0);
            tl_client_free(client);
        }
}

static const struct fault_case {
    const char *fault;
    const char *outcome; /* NULL = the kind's own word for done */
    const char *code;
    const char *applied;
    int times; /* applied on the server, each */
} cases[] = {
    {"'kind':'drop_after_apply'", NULL, "", "yes", 1},
    {"'kind':'drop_before_apply'", "unknown", "unknown_outcome", "unknown", 0},
    {"'kind':'close_without_reply'", "unknown", "unknown_outcome", "unknown", 0},
    {"'kind':'status','status':500,'apply':true", NULL, "", "yes", 1},
    {"'kind':'status','status':500", "unknown", "unknown_outcome", "unknown", 0},
    {"'kind':'status','status':504,'apply':true,'body':'<html>'", NULL, "", "yes", 1},
    {"'kind':'status','status':408", "unknown", "unknown_outcome", "unknown", 0},
    {"'kind':'delay','ms':900,'apply':true", NULL, "", "yes", 1},
    {"'kind':'delay','ms':800,'apply':'late'", NULL, "", "yes", 1},
    {"'kind':'delay','ms':900,'apply':false", "unknown", "unknown_outcome", "unknown", 0},
    {"'kind':'garbage'", NULL, "", "yes", 1},
    {"'kind':'status','status':200,'body':''", "unknown", "unknown_outcome", "unknown", 0},
    {"'kind':'status','status':417", "refused", "invalid", "no", 0},
    {"'kind':'status','status':400", "refused", "invalid", "no", 0},
    {"'kind':'status','status':401", "refused", "permission", "no", 0},
    {"'kind':'status','status':404", "refused", "not_found", "no", 0},
    {"'kind':'status','status':429", "refused", "rate_limited", "no", 0},
    {"'kind':'status','status':440,'body':'{\\'error\\':\\'TOKEN_REVOKED\\'}'", "refused", "token", "no", 0},
    /* A refusal of several may have been carried out in part, or whole: done, but not to be claimed. */
    {"'kind':'status','status':417,'apply':true", "unknown", "unknown_outcome", "unknown", 1},
};

static void every_fault_is_told_of_each_request(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT(kinds); k++)
        for (size_t c = 0; c < COUNT(cases); c++) {
            control("reset", "{}");
            tl_client *client = impatient_client(300);
            control("fault", "{%s,'match':'%s'}", cases[c].fault, kinds[k].endpoint);
            print_message("%s %s\n", kinds[k].name, cases[c].fault);
            cJSON *outcomes = run_many(&kinds[k], client, same, COUNT(same), "{'reason':'No'}");
            for (size_t i = 0; i < COUNT(same); i++) {
                assert_outcome_of(outcomes, (int)i,
                                  cases[c].outcome == NULL ? kinds[k].done : cases[c].outcome, cases[c].code,
                                  cases[c].applied);
                assert_true_member(cJSON_GetArrayItem(outcomes, (int)i), "verified",
                                   cases[c].outcome == NULL);
                assert_int_equal(times_applied(same[i].request_id, kinds[k].name), cases[c].times);
            }
            assert_int_equal(count_calls(kinds[k].endpoint), 1);
            assert_int_equal(times_applied_to_anything(), cases[c].times * (int)COUNT(same));
            cJSON_Delete(outcomes);
            tl_client_free(client);
        }
}

/* The first of three sendings fails: the other organizations' do not. */
static void a_sending_that_fails_does_not_hold_up_another_organizations(void **state)
{
    (void)state;
    static const struct {
        const char *fault;
        const char *outcome;
        const char *code;
    } rows[] = {{"'kind':'drop_before_apply'", "unknown", "unknown_outcome"},
                {"'kind':'status','status':417", "refused", "invalid"},
                {"'kind':'status','status':440", "refused", "token"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        control("reset", "{}");
        control("fault", "{%s,'match':'%s'}", rows[i].fault, kinds[0].endpoint);
        tl_client *client = impatient_client(200);
        cJSON *outcomes = run_many(&kinds[0], client, mixed, COUNT(mixed), "{}");
        assert_text(cJSON_GetArrayItem(outcomes, 0), "outcome", rows[i].outcome);
        assert_text(cJSON_GetArrayItem(outcomes, 0), "code", rows[i].code);
        assert_text(cJSON_GetArrayItem(outcomes, 2), "outcome", rows[i].outcome);
        assert_outcome_of(outcomes, 1, "rejected", "", "yes");
        assert_outcome_of(outcomes, 3, "rejected", "", "yes");
        assert_int_equal(count_calls(kinds[0].endpoint), 3);
        assert_int_equal(times_applied_to_anything(), 2);
        cJSON_Delete(outcomes);
        tl_client_free(client);
    }
}

/* Somebody else actions one of them between our look and our write. */
static void one_that_was_lost_to_another_is_never_claimed(void **state)
{
    (void)state;
    static const struct {
        const char *answer; /* of the server */
        const char *set;
        const char *outcome; /* of that one */
        const char *code;
        const char *others;
    } rows[] = {
        /* It was open a moment ago: such a date only tells that the clocks differ. */
        {"417", "'statusId':10,'actionDate':'2020-01-01T00:00:00Z'", "unknown", "unknown_outcome", "refused"},
        {"417", "'statusId':4", "already_actioned", "conflict", "refused"},
        {"417", "'statusId':10,'actionDate':null", "unknown", "unknown_outcome", "refused"},
        {"500", "'statusId':10,'actionDate':'2020-01-01T00:00:00Z'", "unknown", "unknown_outcome", "unknown"},
        {"500", "'statusId':4,'actionDate':'2020-01-01T00:00:00Z'", "already_actioned", "conflict",
         "unknown"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        control("reset", "{}");
        control("switch", "{'already_actioned':'%s'}", rows[i].answer);
        control("fault",
                "{'kind':'change','match':'%s','approvalRequestId':'" REQUEST(
                    1002) "','set':{'approvedBy':'operator@example.com',%s}}",
                kinds[0].endpoint, rows[i].set);
        tl_client *client = impatient_client(200);
        cJSON *outcomes = run_many(&kinds[0], client, same, COUNT(same), "{}");
        print_message("%s %s\n", rows[i].answer, rows[i].set);
        assert_text(cJSON_GetArrayItem(outcomes, 0), "outcome", rows[i].others);
        assert_text(cJSON_GetArrayItem(outcomes, 1), "outcome", rows[i].outcome);
        assert_text(cJSON_GetArrayItem(outcomes, 1), "code", rows[i].code);
        assert_text(cJSON_GetArrayItem(outcomes, 2), "outcome", rows[i].others);
        assert_int_equal(times_applied_to_anything(), 0);
        cJSON_Delete(outcomes);
        tl_client_free(client);
    }
}

/* A refusal of several whose reading back fails proves nothing of any of them. */
static void a_refusal_that_cannot_be_read_back_stays_unknown(void **state)
{
    (void)state;
    control("fault", "{'kind':'status','status':417,'match':'%s'}", kinds[0].endpoint);
    control("fault", "{'kind':'status','status':500,'match':'ApprovalRequestGetById','after':3,'times':-1}");
    tl_client *client = impatient_client(100);
    cJSON *outcomes = run_many(&kinds[0], client, same, COUNT(same), "{}");
    for (int i = 0; i < 3; i++)
        assert_outcome_of(outcomes, i, "unknown", "unknown_outcome", "unknown");
    cJSON_Delete(outcomes);
    tl_client_free(client);
}

/* All share one settle time, and each is read at least once after the sending. */
static void the_settle_time_counts_for_all_together(void **state)
{
    (void)state;
    enum { SETTLE_MS = 1200 };
    control("fault", "{'kind':'drop_before_apply','match':'%s'}", kinds[0].endpoint);
    tl_client *client = impatient_client(SETTLE_MS);
    int64_t started = now_ms();
    cJSON *outcomes = run_many(&kinds[0], client, same, COUNT(same), "{}");
    int64_t took = now_ms() - started;
    assert_true(took >= SETTLE_MS && took < 2 * SETTLE_MS);
    for (int i = 0; i < 3; i++)
        assert_outcome_of(outcomes, i, "unknown", "unknown_outcome", "unknown");
    for (size_t i = 0; i < COUNT(same); i++) {
        char query[128];
        snprintf(query, sizeof query, "approvalRequestId=%s", same[i].request_id);
        cJSON *reads = calls_to("ApprovalRequestGetById");
        int count = 0;
        const cJSON *read;
        cJSON_ArrayForEach (read, reads)
            count += strcmp(text_of(read, "query"), query) == 0;
        assert_true(count >= 2); /* before the sending, and after */
        cJSON_Delete(reads);
    }
    cJSON_Delete(outcomes);
    tl_client_free(client);
}

/* Run in a thread of its own; what came of it. */
static void *reject_mixed(void *client)
{
    return run_many(&kinds[0], client, mixed, COUNT(mixed), "{}");
}

/* Cancelled while the first organization's sending waits: nobody knows of that one, the others stay unsent.
 */
static void a_cancellation_stops_what_was_not_sent(void **state)
{
    (void)state;
    pthread_t thread;
    void *result = NULL;
    control("fault", "{'kind':'delay','ms':600,'apply':false,'match':'%s'}", kinds[0].endpoint);
    tl_client *client = impatient_client(2000);
    assert_int_equal(pthread_create(&thread, NULL, reject_mixed, client), 0);
    wait_for_call(kinds[0].endpoint);
    int64_t cancelled = now_ms();
    tl_client_cancel(client);
    assert_int_equal(pthread_join(thread, &result), 0);
    assert_true(now_ms() - cancelled < 1500);
    cJSON *outcomes = result;
    assert_outcome_of(outcomes, 0, "unknown", "unknown_outcome", "unknown");
    assert_outcome_of(outcomes, 2, "unknown", "unknown_outcome", "unknown");
    assert_outcome_of(outcomes, 1, "refused", "cancelled", "no");
    assert_outcome_of(outcomes, 3, "refused", "cancelled", "no");
    assert_int_equal(count_calls(kinds[0].endpoint), 1);
    cJSON_Delete(outcomes);
    tl_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_service_that_fails_before_the_sending_is_an_error, reset_sandbox),
        cmocka_unit_test_setup(every_fault_is_told_of_each_request, reset_sandbox),
        cmocka_unit_test_setup(a_sending_that_fails_does_not_hold_up_another_organizations, reset_sandbox),
        cmocka_unit_test_setup(one_that_was_lost_to_another_is_never_claimed, reset_sandbox),
        cmocka_unit_test_setup(a_refusal_that_cannot_be_read_back_stays_unknown, reset_sandbox),
        cmocka_unit_test_setup(the_settle_time_counts_for_all_together, reset_sandbox),
        cmocka_unit_test_setup(a_cancellation_stops_what_was_not_sent, reset_sandbox),
    };
    return cmocka_run_group_tests_name("bulk_faults", tests, start_sandbox, stop_sandbox);
}
