/* Several chains on one SOAR: who has not claimed a request does not act on it. */
#include "chain/engine.h"
#include "chain/ledger_store.h"
#include "chain_harness.h"

#define PERMIT "ApprovalRequestPermitApplication"
#define CLAIM "threatlocker-claim:" REQUEST(1003)
#define STRANGER "7a000000-0000-4000-8000-000000000001"

enum { TIMEOUT_MS = 900, SETTLE_MS = 200, LEASE_S = 2 }; /* more than two timeouts */
/* After which a stranger's claim has lapsed: the lease, one call and the settle time, as seen by us. */
enum { LAPSED_MS = LEASE_S * 1000 + TIMEOUT_MS + SETTLE_MS + 100 };

static void open_claiming(bench *at, int64_t lease_s)
{
    tl_client_options client = client_options();
    client.connection.timeout_ms = TIMEOUT_MS;
    client.settle_time_ms = SETTLE_MS;
    if (at->client == NULL)
        at->client = make_client(&client);
    tl_chain_options options = chain_options(at);
    options.claims = true;
    options.claim_lease_s = lease_s;
    bench_open(at, &options);
}

static bench claiming_bench(void)
{
    bench at = bench_new();
    open_claiming(&at, LEASE_S);
    return at;
}

static int64_t asked_and_answered(bench *at)
{
    int64_t approval = ask_for(at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    (void)step(at);
    answer(approval, "Permit");
    return approval;
}

/* A container with the claim's identifier, made by somebody else. Without owner it is no claim at all. */
static void claim_by(bench *at, const char *identifier, const char *owner)
{
    cJSON *body = json("{'name':'x','label':'events','source_data_identifier':'%s','data':{}}", identifier);
    cJSON *made = NULL;
    if (owner != NULL)
        cJSON_AddStringToObject(cJSON_GetObjectItemCaseSensitive(body, "data"), "owner", owner);
    tl_error err = TL_ERROR_INIT;
    assert_ok(tl_soar_create_container(&made, at->soar, body, &err), &err);
    assert_true_member(made, "created", true);
    cJSON_Delete(made);
    cJSON_Delete(body);
}

/* The containers whose identifier begins so. */
static int count_claims(const char *beginning)
{
    cJSON *world = control_get("state");
    const cJSON *container;
    int count = 0;
    cJSON_ArrayForEach (container, cJSON_GetObjectItemCaseSensitive(world, "containers"))
        count += strncmp(text_of(container, "source_data_identifier"), beginning, strlen(beginning)) == 0;
    cJSON_Delete(world);
    return count;
}

static void one_claim_is_made_before_the_sending(void **state)
{
    (void)state;
    bench at = claiming_bench();
    int64_t approval = asked_and_answered(&at);
    (void)step(&at);
    assert_last_state(&at, approval, "permitted");
    assert_int_equal(count_claims(CLAIM), 1);
    cJSON *calls = control_get("calls");
    const cJSON *call;
    int claimed = 0, sent = 0;
    cJSON_ArrayForEach (call, calls) {
        bool is_claim = strcmp(text_of(call, "method"), "POST") == 0 &&
                        strcmp(text_of(call, "path"), "/rest/container") == 0;
        bool is_permit = strstr(text_of(call, "path"), PERMIT) != NULL;
        assert_true(!is_permit || claimed == 1);
        claimed += is_claim;
        sent += is_permit;
    }
    assert_int_equal(claimed, 1);
    assert_int_equal(sent, 1);
    cJSON_Delete(calls);
    bench_free(&at);
}

/* A chain that runs for years must not keep each request that it ever claimed. */
static void a_settled_claim_takes_no_memory(void **state)
{
    (void)state;
    bench at = claiming_bench();
    int64_t approval = asked_and_answered(&at);
    (void)step(&at);
    assert_last_state(&at, approval, "permitted");
    assert_int_equal(at.chain->claim_count, 1);
    (void)step(&at);
    assert_int_equal(at.chain->claim_count, 0);
    bench_free(&at);
}

static void a_strangers_claim_is_respected_until_it_lapses(void **state)
{
    (void)state;
    bench at = claiming_bench();
    int64_t approval = asked_and_answered(&at);
    claim_by(&at, CLAIM, STRANGER);
    for (int i = 0; i < 4; i++) {
        tl_step done = step(&at);
        assert_int_equal(done.watched, 1);
    }
    assert_last_state(&at, approval, "answered");
    assert_int_equal(count_calls(PERMIT), 0);
    assert_int_equal(count_claims(CLAIM), 1);
    sleep_ms(LAPSED_MS);
    (void)step(&at);
    (void)step(&at);
    assert_last_state(&at, approval, "permitted");
    assert_int_equal(count_claims(CLAIM ":2"), 1);
    assert_int_equal(times_applied_to_anything(), 1);
    bench_free(&at);
}

/* What the stranger did under his claim is seen, even at the last moment: after our claim and before it is
 * sent, the request is read again. */
static void what_the_stranger_did_is_not_done_again(void **state)
{
    (void)state;
    for (int late = 0; late < 2; late++) {
        control("reset", "{}");
        bench at = claiming_bench();
        int64_t approval = asked_and_answered(&at);
        claim_by(&at, CLAIM, STRANGER);
        (void)step(&at);
        static const char by_him[] = "{'approvalRequestId':'" REQUEST(
            1003) "','set':{'statusId':4,'approvedBy':'operator@example.com','comments':'by the other'}}";
        sleep_ms(LAPSED_MS);
        if (late) /* when our reading of the request is over, and we are about to claim */
            control(
                "fault",
                "{'kind':'change','method':'POST','match':'/rest/container','approvalRequestId':'" REQUEST(
                    1003) "','set':{'statusId':4,'approvedBy':'operator@example.com'}}");
        else
            control("request", "%s", by_him);
        for (int i = 0; i < 3; i++)
            (void)step(&at);
        assert_last_state(&at, approval, "left");
        assert_int_equal(count_calls(PERMIT), 0);
        bench_free(&at);
    }
}

/* The process ended after the claim: the next one, on the same ledger, does not know how much of its time is
 * left, and takes the next epoch at once. */
static void a_former_process_claim_is_followed_by_the_next(void **state)
{
    (void)state;
    bench at = bench_new();
    open_claiming(&at, 30);
    int64_t approval = asked_and_answered(&at);
    control("fault", "{'kind':'drop_after_apply','method':'POST','match':'/rest/container','times':10}");
    tl_step done;
    tl_error err;
    assert_true(try_step(&at, &done, &err) != TL_OK);
    assert_int_equal(count_claims(CLAIM), 1);
    assert_last_state(&at, approval, "answered");
    assert_int_equal(count_calls(PERMIT), 0);
    bench_close(&at);
    control_delete("fault");
    open_claiming(&at, 30);
    (void)step(&at);
    assert_int_equal(count_calls(PERMIT), 0); /* read before it was claimed */
    (void)step(&at);
    assert_last_state(&at, approval, "permitted");
    assert_int_equal(count_claims(CLAIM ":2"), 1);
    assert_int_equal(times_applied_to_anything(), 1);
    bench_free(&at);
}

/* The process ended between noting the claim and making it: only SOAR can say whose it is now. */
static void a_claim_that_was_only_noted_may_be_anothers(void **state)
{
    (void)state;
    for (int taken = 0; taken < 2; taken++) {
        control("reset", "{}");
        bench at = claiming_bench();
        int64_t approval = asked_and_answered(&at);
        control("fault", "{'kind':'drop_before_apply','method':'POST','match':'/rest/container','times':10}");
        tl_step done;
        tl_error err;
        assert_true(try_step(&at, &done, &err) != TL_OK);
        assert_int_equal(count_claims(CLAIM), 0);
        control_delete("fault");
        if (taken)
            claim_by(&at, CLAIM, STRANGER);
        bench_close(&at);
        open_claiming(&at, LEASE_S);
        (void)step(&at);
        (void)step(&at);
        assert_last_state(&at, approval, taken ? "answered" : "permitted");
        assert_int_equal(times_applied_to_anything(), taken ? 0 : 1);
        assert_int_equal(count_claims(CLAIM), 1);
        sleep_ms(LAPSED_MS);
        (void)step(&at);
        (void)step(&at);
        assert_last_state(&at, approval, "permitted");
        assert_int_equal(times_applied_to_anything(), 1);
        assert_int_equal(count_claims(CLAIM), taken ? 2 : 1);
        bench_free(&at);
    }
}

/* A lost reply to the claim is no reason to stand back for long. */
static void a_claim_whose_reply_was_lost_is_ours(void **state)
{
    (void)state;
    bench at = claiming_bench();
    int64_t approval = asked_and_answered(&at);
    control("fault", "{'kind':'drop_after_apply','method':'POST','match':'/rest/container'}");
    for (int i = 0; i < 3; i++) {
        tl_step done;
        tl_error err;
        (void)try_step(&at, &done, &err);
    }
    assert_last_state(&at, approval, "permitted");
    assert_int_equal(times_applied_to_anything(), 1);
    bench_free(&at);
}

/* A second prompt on the request, later, must not take the old claim for a new one: for the others it lapsed
 * when it was due. */
static void an_old_claim_of_ours_is_not_used_for_another_prompt(void **state)
{
    (void)state;
    bench at = claiming_bench();
    control("fault", "{'kind':'status','status':400,'match':'" PERMIT "'}");
    int64_t first = asked_and_answered(&at);
    (void)step(&at);
    assert_last_state(&at, first, "refused");
    assert_int_equal(count_claims(CLAIM), 1);
    sleep_ms(LEASE_S * 1000);
    int64_t second = asked_and_answered(&at);
    for (int i = 0; i < 3; i++)
        (void)step(&at);
    assert_last_state(&at, second, "permitted");
    assert_int_equal(count_claims(CLAIM ":2"), 1);
    assert_int_equal(times_applied_to_anything(), 1);
    bench_free(&at);
}

static const struct trouble {
    const char *about;
    const char *fault;
} troubles[] = {
    {"SOAR is down for claims", "'kind':'drop_before_apply'"},
    {"SOAR fails", "'kind':'status','status':500,'body':'{\\'failed\\':true,\\'message\\':\\'x\\'}'"},
    {"SOAR does not know the label",
     "'kind':'status','status':400,'body':'{\\'failed\\':true,\\'message\\':\\'Label does not exist\\'}'"},
    {"SOAR does not allow it", "'kind':'status','status':403,'body':'{\\'failed\\':true}'"},
    {"SOAR has no containers", "'kind':'status','status':404,'body':'{\\'failed\\':true}'"},
    {"SOAR says something else", "'kind':'garbage','apply':false"},
};

/* The answer's, then the claim's. */
static int refuse_the_second(void *commits)
{
    return ++*(int *)commits == 2;
}

static int count_messages(bench *at, const char *message)
{
    cJSON *lines = history(at, NULL);
    const cJSON *line;
    int count = 0;
    cJSON_ArrayForEach (line, lines)
        count += strcmp(text_of(line, "message"), message) == 0;
    cJSON_Delete(lines);
    return count;
}

/* Or the next process would take one that is left of a crash for its own, made just now. */
static void a_claim_whose_note_failed_is_noted_again_before_it_is_made(void **state)
{
    (void)state;
    int commits = 0;
    tl_step done;
    tl_error err;
    bench at = claiming_bench();
    int64_t approval = asked_and_answered(&at);
    sqlite3_commit_hook(at.chain->ledger->db, refuse_the_second, &commits);
    assert_code(try_step(&at, &done, &err), &err, TL_CONFIG);
    assert_last_state(&at, approval, "answered");
    assert_int_equal(count_messages(&at, "claiming the request"), 0);
    assert_int_equal(count_claims(CLAIM), 0);
    (void)step(&at);
    assert_last_state(&at, approval, "permitted");
    assert_int_equal(count_messages(&at, "claiming the request"), 1);
    assert_int_equal(count_claims(CLAIM), 1);
    bench_free(&at);
}

/* Whatever is the matter with SOAR, it is not the answer's fault: it waits. */
static void without_a_claim_the_answer_waits(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(troubles); i++) {
        control("reset", "{}");
        print_message("%s\n", troubles[i].about);
        bench at = claiming_bench();
        int64_t approval = asked_and_answered(&at);
        control("fault", "{%s,'method':'POST','match':'/rest/container','times':-1}", troubles[i].fault);
        for (int k = 0; k < 2; k++) {
            tl_step done;
            tl_error err;
            assert_true(try_step(&at, &done, &err) != TL_OK);
            assert_true(err.message[0] != '\0');
        }
        assert_last_state(&at, approval, "answered");
        assert_int_equal(count_calls(PERMIT), 0);
        control_delete("fault");
        for (int k = 0; k < 3; k++)
            (void)step(&at);
        assert_last_state(&at, approval, "permitted");
        assert_int_equal(times_applied_to_anything(), 1);
        bench_free(&at);
    }
}

/* Somebody's container that only has the name of a claim: nobody knows until when to wait. */
static void a_container_that_is_no_claim_stops_this_request_only(void **state)
{
    (void)state;
    bench at = claiming_bench();
    int64_t approval = asked_and_answered(&at);
    int64_t other = ask_for(&at, ORGANIZATION(44), REQUEST(1018), NEW_FOR_COMPUTER);
    claim_by(&at, CLAIM, NULL);
    answer(other, "Permit");
    for (int i = 0; i < 3; i++) {
        tl_step done;
        tl_error err;
        assert_code(try_step(&at, &done, &err), &err, TL_PROTOCOL);
        assert_non_null(strstr(err.message, "names no owner"));
    }
    assert_last_state(&at, approval, "answered");
    assert_last_state(&at, other, "permitted");
    assert_int_equal(times_applied(REQUEST(1003), "permit"), 0);
    assert_int_equal(times_applied_to_anything(), 1);
    bench_free(&at);
}

/* Two chains of one name, each with a ledger of its own, on the same prompts: every request once. */
static void two_chains_share_the_work(void **state)
{
    (void)state;
    static const struct {
        const char *request, *organization;
    } subjects[] = {{REQUEST(1003), ORGANIZATION(43)}, {REQUEST(1018), ORGANIZATION(44)},
                    {REQUEST(1008), ORGANIZATION(44)}, {REQUEST(1011), ORGANIZATION(10)},
                    {REQUEST(1012), ORGANIZATION(43)}, {REQUEST(1017), ORGANIZATION(42)}};
    bench one = claiming_bench(), two = claiming_bench();
    int64_t approvals[COUNT(subjects)];
    for (size_t i = 0; i < COUNT(subjects); i++)
        approvals[i] = ask_for(&one, subjects[i].organization, subjects[i].request, NEW_FOR_COMPUTER);
    (void)step(&one);
    (void)step(&two);
    for (size_t i = 0; i < COUNT(subjects); i++) {
        answer(approvals[i], "Permit");
        (void)step(i % 2 == 0 ? &one : &two);
        (void)step(i % 2 == 0 ? &two : &one);
    }
    for (int i = 0; i < 3; i++) {
        (void)step(&one);
        (void)step(&two);
    }
    for (size_t i = 0; i < COUNT(subjects); i++) {
        char first[32], second[32];
        last_state(&one, approvals[i], first, NULL, 0);
        last_state(&two, approvals[i], second, NULL, 0);
        assert_true((strcmp(first, "permitted") == 0) != (strcmp(second, "permitted") == 0));
        assert_true(strcmp(first, "left") == 0 || strcmp(second, "left") == 0);
        assert_int_equal(times_applied(subjects[i].request, "permit"), 1);
    }
    assert_int_equal(count_calls(PERMIT), (int)COUNT(subjects));
    bench_free(&one);
    bench_free(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(one_claim_is_made_before_the_sending, reset_sandbox),
        cmocka_unit_test_setup(a_settled_claim_takes_no_memory, reset_sandbox),
        cmocka_unit_test_setup(a_strangers_claim_is_respected_until_it_lapses, reset_sandbox),
        cmocka_unit_test_setup(what_the_stranger_did_is_not_done_again, reset_sandbox),
        cmocka_unit_test_setup(a_former_process_claim_is_followed_by_the_next, reset_sandbox),
        cmocka_unit_test_setup(a_claim_that_was_only_noted_may_be_anothers, reset_sandbox),
        cmocka_unit_test_setup(a_claim_whose_reply_was_lost_is_ours, reset_sandbox),
        cmocka_unit_test_setup(an_old_claim_of_ours_is_not_used_for_another_prompt, reset_sandbox),
        cmocka_unit_test_setup(a_claim_whose_note_failed_is_noted_again_before_it_is_made, reset_sandbox),
        cmocka_unit_test_setup(without_a_claim_the_answer_waits, reset_sandbox),
        cmocka_unit_test_setup(a_container_that_is_no_claim_stops_this_request_only, reset_sandbox),
        cmocka_unit_test_setup(two_chains_share_the_work, reset_sandbox),
    };
    return cmocka_run_group_tests_name("chain_claims", tests, start_sandbox, stop_sandbox);
}
