/* Writes under faults: sent once, settled by reading back, reported as what they were. */
#include "harness.h"

#define SUBJECT REQUEST(1003) /* an application request without matches */
#define OWNER ORGANIZATION(43)
#define NEW_APPLICATION "{'application':'new','name':'Field tool','rules':[{'hash':'" HASH "'}]}"

typedef tl_code write_fn(cJSON **, tl_client *, const char *, const char *, const cJSON *, tl_error *);

static const struct kind {
    const char *name; /* as the sandbox counts it */
    write_fn *write;
    const char *endpoint;
    const char *argument;
    const char *done;
    int status;
} kinds[] = {
    {"permit", tl_permit, "ApprovalRequestPermitApplication", NEW_APPLICATION, "permitted", 4},
    {"reject", tl_reject, "ApprovalRequestUpdateForReject", "{'reason':'Not needed'}", "rejected", 10},
    {"ignore", tl_ignore, "ApprovalRequestUpdateForIgnore", "{'reason':'Duplicate'}", "ignored", 10},
};

static cJSON *run_write(const struct kind *kind, tl_client *client)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *argument = json("%s", kind->argument), *outcome = NULL;
    assert_ok(kind->write(&outcome, client, OWNER, SUBJECT, argument, &err), &err);
    cJSON_Delete(argument);
    assert_non_null(outcome);
    return outcome;
}

static void arm(const struct kind *kind, const char *fault)
{
    cJSON *spec = json("%s", fault);
    cJSON_AddStringToObject(spec, "match", kind->endpoint);
    cJSON_Delete(control_send("fault", spec));
    cJSON_Delete(spec);
}

static const struct fault_case {
    const char *fault;
    const char *outcome; /* NULL = the kind's own word for done */
    const char *code;    /* "" where done */
    const char *applied;
    int times; /* applied on the server */
} cases[] = {
    {"{'kind':'drop_after_apply'}", NULL, "", "yes", 1},
    {"{'kind':'drop_before_apply'}", "unknown", "unknown_outcome", "unknown", 0},
    {"{'kind':'close_without_reply'}", "unknown", "unknown_outcome", "unknown", 0},
    {"{'kind':'close_idle'}", NULL, "", "yes", 1}, /* a write's connection is a fresh one */
    {"{'kind':'status','status':502}", "unknown", "unknown_outcome", "unknown", 0},
    {"{'kind':'status','status':502,'apply':true}", NULL, "", "yes", 1},
    {"{'kind':'status','status':500}", "unknown", "unknown_outcome", "unknown", 0},
    {"{'kind':'status','status':500,'apply':true}", NULL, "", "yes", 1},
    {"{'kind':'status','status':503,'headers':{'Retry-After':'0'}}", "unknown", "unknown_outcome", "unknown",
     0},
    {"{'kind':'status','status':504,'apply':true,'body':'<html>gateway</html>','content_type':'text/html'}",
     NULL, "", "yes", 1},
    {"{'kind':'status','status':408}", "unknown", "unknown_outcome", "unknown", 0},
    {"{'kind':'status','status':408,'apply':true}", NULL, "", "yes", 1},
    {"{'kind':'delay','ms':900,'apply':true}", NULL, "", "yes", 1},
    {"{'kind':'delay','ms':800,'apply':'late'}", NULL, "", "yes", 1}, /* while it is read back */
    {"{'kind':'delay','ms':900,'apply':false}", "unknown", "unknown_outcome", "unknown", 0},
    {"{'kind':'expect_417'}", "refused", "invalid", "no", 0},
    {"{'kind':'garbage'}", NULL, "", "yes", 1},
    {"{'kind':'garbage','apply':false}", "unknown", "unknown_outcome", "unknown", 0},
    {"{'kind':'truncate'}", NULL, "", "yes", 1},
    {"{'kind':'truncate','apply':false}", "unknown", "unknown_outcome", "unknown", 0},
    {"{'kind':'slow','ms':1}", NULL, "", "yes", 1},
    {"{'kind':'status','status':429,'headers':{'Retry-After':'0'}}", "refused", "rate_limited", "no", 0},
    {"{'kind':'status','status':302,'headers':{'Location':'/portalapi/moved'}}", "unknown", "unknown_outcome",
     "unknown", 0},
    {"{'kind':'status','status':307,'headers':{'Location':'/portalapi/moved'}}", "unknown", "unknown_outcome",
     "unknown", 0},
    {"{'kind':'status','status':400}", "refused", "invalid", "no", 0},
    {"{'kind':'status','status':401}", "refused", "permission", "no", 0},
    {"{'kind':'status','status':403}", "refused", "forbidden", "no", 0},
    {"{'kind':'status','status':404}", "refused", "not_found", "no", 0},
    {"{'kind':'status','status':409}", "refused", "conflict", "no", 0},
    {"{'kind':'status','status':417}", "refused", "invalid", "no", 0},
    {"{'kind':'status','status':440,'body':'{\\'error\\':\\'TOKEN_REVOKED\\'}'}", "refused", "token", "no",
     0},
};

static void check_case(const struct kind *kind, const struct fault_case *row)
{
    control("reset", "{}");
    tl_client *client = impatient_client(300);
    arm(kind, row->fault);
    cJSON *outcome = run_write(kind, client);
    bool done = row->outcome == NULL;
    print_message("%s %s\n", kind->name, row->fault);
    assert_outcome(outcome, done ? kind->done : row->outcome, row->code, row->applied);
    assert_true_member(outcome, "verified", done);
    assert_int_equal(times_applied(SUBJECT, kind->name), row->times);
    assert_int_equal(times_applied_to_anything(), row->times);
    assert_int_equal(count_calls(kind->endpoint), 1);
    assert_int_equal(count_calls("moved"), 0);
    if (done)
        assert_int_equal(integer_of(outcome, "status_id"), kind->status);
    cJSON_Delete(outcome);
    tl_client_free(client);
}

static void a_write_under_faults_is_sent_once_and_told_truly(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT(kinds); k++)
        for (size_t i = 0; i < COUNT(cases); i++)
            check_case(&kinds[k], &cases[i]);
}

/* libcurl repeats a POST by itself when a kept-alive connection dies; writes never use one. */
static void a_write_leaves_kept_alive_connections_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        control("reset", "{}");
        tl_client *client = impatient_client(300);
        tl_error err = TL_ERROR_INIT;
        cJSON *row = NULL;
        for (int warm = 0; warm < 2; warm++) {
            assert_ok(tl_request_get(&row, client, OWNER, SUBJECT, &err), &err);
            cJSON_Delete(row);
        }
        arm(&kinds[i], "{'kind':'close_idle','times':-1}");
        cJSON *outcome = run_write(&kinds[i], client);
        assert_text(outcome, "outcome", kinds[i].done);
        assert_int_equal(integer_of(outcome, "http_status"), 200);
        assert_int_equal(times_applied(SUBJECT, kinds[i].name), 1);
        cJSON_Delete(outcome);
        cJSON *reads = calls_to("ApprovalRequestGetById"), *writes = calls_to(kinds[i].endpoint);
        assert_true_member(reads->child->next, "reused", true); /* the warm-up did keep one alive */
        assert_int_equal(cJSON_GetArraySize(writes), 1);
        assert_true_member(writes->child, "reused", false);
        /* ... and none is read from afterwards that a write was made on. */
        const cJSON *read;
        cJSON_ArrayForEach (read, reads)
            assert_int_not_equal(integer_of(read, "connection"), integer_of(writes->child, "connection"));
        cJSON_Delete(reads);
        cJSON_Delete(writes);
        tl_client_free(client);
    }
}

/* Applied after everybody stopped looking: unknown first, and never a second time. */
static void a_write_applied_after_the_settle_time_is_not_applied_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        control("reset", "{}");
        tl_client *client = impatient_client(50);
        arm(&kinds[i], "{'kind':'delay','ms':1200,'apply':'late'}");
        cJSON *outcome = run_write(&kinds[i], client);
        assert_text(outcome, "outcome", "unknown");
        assert_text(outcome, "applied", "unknown");
        cJSON_Delete(outcome);
        for (int tries = 0; times_applied(SUBJECT, kinds[i].name) == 0 && tries < 40; tries++)
            sleep_ms(50);
        outcome = run_write(&kinds[i], client);
        assert_outcome(outcome, "already_actioned", "conflict", "no");
        cJSON_Delete(outcome);
        assert_int_equal(times_applied_to_anything(), 1);
        assert_int_equal(count_calls(kinds[i].endpoint), 1);
        tl_client_free(client);
    }
}

/* Somebody else is quicker, between our last look and our write. */
static void a_write_that_lost_a_race_is_never_claimed_as_ours(void **state)
{
    (void)state;
    static const char *const switches[] = {"400", "417", "500"};
    static const int others[] = {4, 10};
    for (size_t i = 0; i < COUNT(kinds); i++)
        for (size_t s = 0; s < COUNT(switches); s++)
            for (size_t o = 0; o < COUNT(others); o++) {
                control("reset", "{}");
                control("switch", "{'already_actioned':'%s'}", switches[s]);
                control("fault",
                        "{'kind':'change','match':'%s','approvalRequestId':'" SUBJECT "','set':{"
                        "'statusId':%d,'approvedBy':'operator@example.com','comments':'by hand',"
                        "'actionDate':'2020-01-01T00:00:00Z'}}",
                        kinds[i].endpoint, others[o]);
                tl_client *client = impatient_client(300);
                cJSON *outcome = run_write(&kinds[i], client);
                /* Where no reply, no notes and no other status tells them apart, nobody knows: it was open a
                 * moment ago, so that date only says that the clocks differ. */
                bool told = s < 2 || i == 0 || others[o] != kinds[i].status;
                assert_outcome(outcome, told ? "already_actioned" : "unknown",
                               told ? "conflict" : "unknown_outcome", told ? "no" : "unknown");
                assert_text(outcome, "approved_by", "operator@example.com");
                assert_int_equal(times_applied_to_anything(), 0);
                assert_int_equal(count_calls(kinds[i].endpoint), 1);
                cJSON_Delete(outcome);
                tl_client_free(client);
            }
}

/* The same with a clean clock: the other one acted in the very second of our doubtful sending. Notes that
 * are there and do not name our operation are another's. */
static void another_operators_permit_of_the_same_moment_is_not_ours(void **state)
{
    (void)state;
    static const char *const notes[] = {"by hand",
                                        "Tool [threatlocker operation 11111111-2222-4333-8444-555555555555]"};
    for (size_t i = 0; i < COUNT(notes); i++) {
        control("reset", "{}");
        control("switch", "{'already_actioned':'500'}");
        control("fault",
                "{'kind':'change','match':'%s','approvalRequestId':'" SUBJECT
                "','set':{'statusId':4,'approvedBy':'operator@example.com','comments':'%s'}}",
                kinds[0].endpoint, notes[i]);
        tl_client *client = impatient_client(300);
        cJSON *outcome = run_write(&kinds[0], client);
        assert_text(outcome, "outcome", "already_actioned");
        assert_text(outcome, "applied", "no");
        assert_text(outcome, "approved_by", "operator@example.com");
        cJSON_Delete(outcome);
        tl_client_free(client);
    }
}

static void what_was_actioned_before_is_not_sent(void **state)
{
    (void)state;
    static const char *const actioned[][2] = {{REQUEST(1009), ORGANIZATION(42)},
                                              {REQUEST(1010), ORGANIZATION(43)}};
    tl_client *client = impatient_client(300);
    for (size_t i = 0; i < COUNT(kinds); i++)
        for (size_t r = 0; r < COUNT(actioned); r++) {
            tl_error err = TL_ERROR_INIT;
            cJSON *argument = json("%s", kinds[i].argument), *outcome = NULL;
            assert_ok(kinds[i].write(&outcome, client, actioned[r][1], actioned[r][0], argument, &err), &err);
            assert_text(outcome, "outcome", "already_actioned");
            assert_text(outcome, "code", "conflict");
            assert_int_equal(count_calls(kinds[i].endpoint), 0);
            cJSON_Delete(argument);
            cJSON_Delete(outcome);
        }
    tl_client_free(client);
}

/* allow_actioned asks the server all the same, whose permission decides. */
static void allow_actioned_lets_the_server_decide(void **state)
{
    (void)state;
    static const char *const answers[] = {"400", "417", "500"};
    for (size_t i = 0; i < COUNT(answers); i++) {
        control("reset", "{}");
        control("switch", "{'already_actioned':'%s'}", answers[i]);
        tl_client *client = impatient_client(300);
        tl_error err = TL_ERROR_INIT;
        cJSON *outcome = NULL,
              *choice = json("{'application':'new','name':'Field tool','allow_actioned':true,"
                             "'rules':[{'hash':'" HASH "'}]}");
        assert_ok(tl_permit(&outcome, client, ORGANIZATION(42), REQUEST(1009), choice, &err), &err);
        assert_text(outcome, "outcome", "already_actioned");
        assert_int_equal(times_applied_to_anything(), 0);
        assert_int_equal(count_calls(kinds[0].endpoint), 1);
        cJSON_Delete(outcome);
        cJSON_Delete(choice);
        tl_client_free(client);
    }
}

/* 200 and nothing done. */
static void a_silent_failure_is_not_reported_as_done(void **state)
{
    (void)state;
    control("fault", "{'kind':'status','status':200,'body':'','match':'%s'}", kinds[0].endpoint);
    tl_client *client = impatient_client(100);
    cJSON *outcome = run_write(&kinds[0], client);
    assert_text(outcome, "outcome", "unknown");
    assert_text(outcome, "code", "unknown_outcome");
    assert_true_member(outcome, "verified", false);
    assert_int_equal(times_applied_to_anything(), 0);
    cJSON_Delete(outcome);
    control("switch", "{'ignore_status':'unchanged'}");
    outcome = run_write(&kinds[2], client);
    assert_text(outcome, "outcome", "unknown");
    assert_true_member(outcome, "verified", false);
    cJSON_Delete(outcome);
    /* The request goes away before the write comes: 200 for nothing, and nothing to read back. */
    control("fault",
            "{'kind':'change','match':'%s','approvalRequestId':'" SUBJECT
            "','set':{'approvalRequestId':'" REQUEST(1999) "'}}",
            kinds[0].endpoint);
    outcome = run_write(&kinds[0], client);
    assert_text(outcome, "outcome", "unknown");
    assert_text(outcome, "applied", "unknown");
    cJSON_Delete(outcome);
    tl_client_free(client);
}

/* The reading back fails too. */
static void a_doubtful_write_that_cannot_be_read_back_stays_unknown(void **state)
{
    (void)state;
    static const char *const faults[] = {"drop_before_apply", "drop_after_apply"};
    for (size_t i = 0; i < COUNT(faults); i++) {
        control("reset", "{}");
        tl_client *client = impatient_client(100);
        control("fault", "{'kind':'%s','match':'%s'}", faults[i], kinds[0].endpoint);
        control("fault", "{'kind':'status','status':500,'match':'ApprovalRequestGetById','times':-1}");
        cJSON *outcome = run_write(&kinds[0], client);
        assert_text(outcome, "outcome", "unknown");
        assert_text(outcome, "applied", "unknown");
        assert_true_member(outcome, "verified", false);
        assert_int_equal(count_calls(kinds[0].endpoint), 1);
        assert_int_equal(times_applied_to_anything(), (int)i);
        cJSON_Delete(outcome);
        tl_client_free(client);
    }
}

static void every_form_of_a_good_reply_is_understood(void **state)
{
    (void)state;
    static const char *const bodies[] = {"empty", "{}", "null"};
    for (size_t i = 0; i < COUNT(kinds); i++)
        for (size_t b = 0; b < COUNT(bodies); b++) {
            control("reset", "{}");
            control("switch", "{'write_body':'%s'}", bodies[b]);
            tl_client *client = impatient_client(300);
            cJSON *outcome = run_write(&kinds[i], client);
            assert_text(outcome, "outcome", kinds[i].done);
            assert_int_equal(integer_of(outcome, "http_status"), 200);
            assert_true_member(outcome, "verified", true);
            assert_text(outcome, "request_id", SUBJECT);
            assert_text(outcome, "organization_id", OWNER);
            assert_int_equal(status_of(SUBJECT), kinds[i].status);
            cJSON_Delete(outcome);
            tl_client_free(client);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_write_under_faults_is_sent_once_and_told_truly, reset_sandbox),
        cmocka_unit_test_setup(a_write_leaves_kept_alive_connections_alone, reset_sandbox),
        cmocka_unit_test_setup(a_write_applied_after_the_settle_time_is_not_applied_again, reset_sandbox),
        cmocka_unit_test_setup(a_write_that_lost_a_race_is_never_claimed_as_ours, reset_sandbox),
        cmocka_unit_test_setup(another_operators_permit_of_the_same_moment_is_not_ours, reset_sandbox),
        cmocka_unit_test_setup(what_was_actioned_before_is_not_sent, reset_sandbox),
        cmocka_unit_test_setup(allow_actioned_lets_the_server_decide, reset_sandbox),
        cmocka_unit_test_setup(a_silent_failure_is_not_reported_as_done, reset_sandbox),
        cmocka_unit_test_setup(a_doubtful_write_that_cannot_be_read_back_stays_unknown, reset_sandbox),
        cmocka_unit_test_setup(every_form_of_a_good_reply_is_understood, reset_sandbox),
    };
    return cmocka_run_group_tests_name("safe_write", tests, start_sandbox, stop_sandbox);
}
