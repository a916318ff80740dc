/* A service is away for a while: nothing is lost by it, and nothing is done twice. */
#include "chain_harness.h"

#define EXISTING "{'application':'existing','application_id':'" APPLICATION(301) "','scope':'group'}"

static bench bench_without_retries(int64_t timeout_ms)
{
    bench at = bench_new();
    tl_client_options options = client_options();
    tl_soar_options soar = soar_options();
    tl_error err = TL_ERROR_INIT;
    options.connection.retries = soar.connection.retries = -1;
    options.connection.timeout_ms = timeout_ms;
    at.client = make_client(&options);
    assert_ok(tl_soar_new(&at.soar, &soar, &err), &err);
    bench_open(&at, NULL);
    return at;
}

static const struct outage {
    const char *call; /* of the control path */
    const char *with;
    const char *undo; /* for a switch; faults are cleared */
    tl_code code;     /* of the step that meets it; TL_OK = it is settled later */
} outages[] = {
    {"switch", "{'soar_token':'revoked'}", "{'soar_token':'valid'}", TL_TOKEN},
    {"switch", "{'token':'revoked'}", "{'token':'valid'}", TL_TOKEN},
    {"fault", "{'kind':'status','status':503,'match':'/rest/approval','times':-1}", NULL, TL_SERVER},
    {"fault", "{'kind':'status','status':500,'match':'/rest/approval','times':-1}", NULL, TL_SERVER},
    {"fault", "{'kind':'garbage','match':'/rest/approval','times':-1}", NULL, TL_PROTOCOL},
    {"fault", "{'kind':'truncate','match':'/rest/approval','times':-1}", NULL, TL_NETWORK},
    {"fault", "{'kind':'drop_before_apply','match':'/rest/approval','times':-1}", NULL, TL_NETWORK},
    {"fault",
     "{'kind':'status','status':200,'body':'{\\'failed\\':true,\\'message\\':\\'x\\'}',"
     "'match':'/rest/approval','times':-1}",
     NULL, TL_PROTOCOL},
    {"fault", "{'kind':'status','status':503,'match':'/rest/app_run','times':-1}", NULL, TL_SERVER},
    {"fault", "{'kind':'status','status':500,'match':'/rest/action_run','times':-1}", NULL, TL_SERVER},
    {"fault", "{'kind':'garbage','match':'/rest/app_run','times':-1}", NULL, TL_PROTOCOL},
    {"fault", "{'kind':'status','status':503,'match':'GetPermitApplicationById','times':-1}", NULL,
     TL_SERVER},
    {"fault", "{'kind':'status','status':500,'match':'GetPermitApplicationById','times':-1}", NULL,
     TL_SERVER},
    {"fault", "{'kind':'status','status':401,'match':'GetPermitApplicationById','times':-1}", NULL,
     TL_PERMISSION},
    {"fault", "{'kind':'garbage','match':'GetPermitApplicationById','times':-1}", NULL, TL_PROTOCOL},
    {"fault", "{'kind':'delay','ms':900,'match':'GetPermitApplicationById','times':-1}", NULL, TL_TIMEOUT},
    {"fault", "{'kind':'status','status':503,'match':'GetListForAddToApplication','times':-1}", NULL,
     TL_SERVER},
    {"fault", "{'kind':'status','status':440,'match':'GetListForAddToApplication','times':-1}", NULL,
     TL_TOKEN},
    {"fault", "{'kind':'garbage','match':'GetListForAddToApplication','times':-1}", NULL, TL_PROTOCOL},
    {"fault", "{'kind':'truncate','match':'ComputerGroupGetForPermit','times':-1}", NULL, TL_NETWORK},
    {"fault",
     "{'kind':'status','status':200,'body':'<html></html>','content_type':'text/html',"
     "'match':'ComputerGroupGetForPermit','times':-1}",
     NULL, TL_PROTOCOL},
    {"fault", "{'kind':'status','status':429,'match':'ApprovalRequestPermitApplication','times':-1}", NULL,
     TL_RATE_LIMITED},
    {"fault", "{'kind':'status','status':440,'match':'ApprovalRequestPermitApplication','times':-1}", NULL,
     TL_TOKEN},
    {"fault", "{'kind':'status','status':503,'match':'ApprovalRequestPermitApplication','times':1}", NULL,
     TL_OK},
    {"fault", "{'kind':'drop_before_apply','match':'ApprovalRequestPermitApplication','times':1}", NULL,
     TL_OK},
    {"fault", "{'kind':'drop_after_apply','match':'ApprovalRequestPermitApplication','times':1}", NULL,
     TL_OK},
};

static void an_outage_loses_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(outages); i++) {
        control("reset", "{}");
        bench at = bench_without_retries(800);
        int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), EXISTING);
        (void)step(&at);
        answer(approval, "Permit");
        print_message("%s\n", outages[i].with);
        control(outages[i].call, "%s", outages[i].with);
        tl_step done;
        tl_error err;
        tl_code code = try_step(&at, &done, &err);
        assert_int_equal(code, outages[i].code);
        assert_int_equal(err.code, outages[i].code);
        if (outages[i].undo != NULL)
            control(outages[i].call, "%s", outages[i].undo);
        else
            control_delete("fault");
        if (times_applied(REQUEST(1003), "permit") == 0)
            (void)step_until_settled(&at);
        assert_last_state(&at, approval, "permitted");
        assert_int_equal(times_applied_to_anything(), 1);
        bench_free(&at);
    }
}

/* Hours of it, in small: the chain polls on, and what was answered before and meanwhile is done afterwards.
 */
static void a_long_outage_of_either_service_loses_nothing(void **state)
{
    (void)state;
    static const char *const away[] = {"/portalapi/", "/rest/", "/"};
    for (size_t i = 0; i < COUNT(away); i++) {
        control("reset", "{}");
        bench at = bench_without_retries(800);
        cJSON *later = prepare(at.client, "chain:" CHAIN, ORGANIZATION(44), REQUEST(1018), NEW_FOR_COMPUTER);
        int64_t first = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER), second = 0;
        (void)step(&at);
        control("fault", "{'kind':'drop_before_apply','match':'%s','times':-1}", away[i]);
        answer(first, "Permit");
        int64_t until_ms = now_ms() + 1500;
        for (int steps = 0; now_ms() < until_ms; steps++, sleep_ms(20)) {
            tl_step done;
            tl_error err;
            assert_int_equal(try_step(&at, &done, &err), steps == 0 ? TL_NETWORK : err.code);
            if (steps != 5)
                continue;
            second = ask(REQUEST(1018), text_of(later, "message"), NULL);
            answer(second, "Permit");
        }
        assert_int_equal(times_applied_to_anything(), 0);
        control_delete("fault");
        until_ms = now_ms() + 10000;
        while (times_applied_to_anything() < 2 && now_ms() < until_ms)
            (void)step(&at);
        assert_last_state(&at, first, "permitted");
        assert_last_state(&at, second, "permitted");
        assert_int_equal(times_applied_to_anything(), 2);
        cJSON_Delete(later);
        bench_free(&at);
    }
}

/* One prompt's trouble is not another's. */
static void trouble_with_one_prompt_does_not_hold_up_the_others(void **state)
{
    (void)state;
    static const char *const faults[] = {
        "{'kind':'garbage','match':'GetPermitApplicationById?approvalRequestId=" REQUEST(
            1003) "','times':-1}",
        "{'kind':'status','status':500,'match':'GetPermitApplicationById?approvalRequestId=" REQUEST(
            1003) "','times':-1}",
        "{'kind':'status','status':403,'match':'GetPermitApplicationById?approvalRequestId=" REQUEST(
            1003) "','times':-1}",
    };
    for (size_t i = 0; i < COUNT(faults); i++) {
        control("reset", "{}");
        bench at = bench_without_retries(800);
        int64_t first = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
        int64_t second = ask_for(&at, ORGANIZATION(44), REQUEST(1018), NEW_FOR_COMPUTER);
        (void)step(&at);
        answer(first, "Permit");
        answer(second, "Permit");
        control("fault", "%s", faults[i]);
        tl_step done;
        tl_error err;
        assert_int_not_equal(try_step(&at, &done, &err), TL_OK);
        assert_int_equal(done.permitted, 1);
        assert_last_state(&at, first, "answered");
        assert_last_state(&at, second, "permitted");
        control_delete("fault");
        done = step(&at);
        assert_int_equal(done.permitted, 1);
        assert_int_equal(times_applied_to_anything(), 2);
        bench_free(&at);
    }
}

/* A gateway that fails on one thing for ever looks like a service that is away, and is none. */
static void lasting_trouble_with_one_prompt_does_not_stop_the_others(void **state)
{
    (void)state;
    static const char *const failing[] = {
        "/detail_summary_view",
        "GetPermitApplicationById?approvalRequestId=" REQUEST(1003),
        "ApprovalRequestGetById?approvalRequestId=" REQUEST(1003),
    };
    static const char *const how[] = {"'kind':'status','status':503", "'kind':'drop_before_apply'"};
    for (size_t i = 0; i < COUNT(failing) * COUNT(how); i++) {
        const char *match = failing[i / COUNT(how)];
        char path[80];
        control("reset", "{}");
        bench at = bench_without_retries(800);
        tl_chain_options options = chain_options(&at);
        options.concurrency = 1;
        tl_chain_free(at.chain);
        bench_open(&at, &options);
        int64_t first = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
        int64_t second = ask_for(&at, ORGANIZATION(44), REQUEST(1018), NEW_FOR_COMPUTER);
        snprintf(path, sizeof path, "approval/%lld/detail", (long long)first);
        if (i >= COUNT(how))
            (void)step(&at);
        if (strstr(match, "ApprovalRequestGetById") != NULL)
            control("fault", "{%s,'match':'ApprovalRequestPermitApplication','times':1}", how[1]);
        control("fault", "{%s,'match':'%s','times':-1}", how[i % COUNT(how)], i < COUNT(how) ? path : match);
        print_message("%s %s\n", match, how[i % COUNT(how)]);
        answer(first, "Permit");
        answer(second, "Permit");
        char last[32] = "";
        int64_t until_ms = now_ms() + 5000;
        while (strcmp(last_state(&at, second, last, NULL, 0), "permitted") != 0 && now_ms() < until_ms) {
            tl_step done;
            tl_error err;
            (void)try_step(&at, &done, &err);
        }
        assert_last_state(&at, second, "permitted");
        control_delete("fault");
        until_ms = now_ms() + 5000;
        while (times_applied_to_anything() < 2 && now_ms() < until_ms)
            (void)step(&at);
        assert_last_state(&at, first, "permitted");
        bench_free(&at);
    }
}

/* What ThreatLocker refuses for good is told once and not tried for ever. */
static void a_refusal_about_the_request_is_final(void **state)
{
    (void)state;
    static const int statuses[] = {400, 401, 403, 417};
    for (size_t i = 0; i < COUNT(statuses); i++) {
        control("reset", "{}");
        bench at = bench_without_retries(800);
        int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
        (void)step(&at);
        answer(approval, "Permit");
        control("fault",
                "{'kind':'status','status':%d,'match':'ApprovalRequestPermitApplication','times':-1}",
                statuses[i]);
        tl_step done = step(&at);
        assert_int_equal(done.refused, 1);
        assert_last_state(&at, approval, "refused");
        control_delete("fault");
        (void)step(&at);
        assert_int_equal(count_calls("ApprovalRequestPermitApplication"), 1);
        assert_int_equal(times_applied_to_anything(), 0);
        bench_free(&at);
    }
}

/* A write that never shows is tried a few times, then handed to a person. */
static void a_write_that_never_succeeds_is_not_tried_for_ever(void **state)
{
    (void)state;
    static const struct {
        const char *fault;
        const char *state;
    } rows[] = {{"'kind':'status','status':200,'body':''", "unknown"},
                {"'kind':'drop_before_apply'", "unknown"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        control("reset", "{}");
        bench at = bench_without_retries(800);
        int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
        (void)step(&at);
        answer(approval, "Permit");
        control("fault", "{%s,'match':'ApprovalRequestPermitApplication','times':-1}", rows[i].fault);
        char last[32] = "";
        for (int steps = 0; strcmp(last, rows[i].state) != 0 && steps < 400; steps++) {
            (void)step(&at);
            last_state(&at, approval, last, NULL, 0);
            sleep_ms(20);
        }
        assert_string_equal(last, rows[i].state);
        int sent = count_calls("ApprovalRequestPermitApplication");
        assert_true(sent >= 1 && sent <= 3);
        control_delete("fault");
        (void)step(&at);
        assert_int_equal(count_calls("ApprovalRequestPermitApplication"), sent);
        assert_int_equal(times_applied_to_anything(), 0);
        bench_free(&at);
    }
}

/* Known to have done nothing, so it is sent again until it passes. */
static void a_rate_limit_only_delays_a_write(void **state)
{
    (void)state;
    bench at = bench_without_retries(800);
    int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    (void)step(&at);
    answer(approval, "Permit");
    control("fault", "{'kind':'status','status':429,'match':'ApprovalRequestPermitApplication','times':5}");
    for (int steps = 0; steps < 5; steps++) {
        tl_step done;
        tl_error err;
        assert_code(try_step(&at, &done, &err), &err, TL_RATE_LIMITED);
        assert_true(err.retriable);
        assert_int_equal(done.answered, steps == 0); /* later it is no news */
        assert_last_state(&at, approval, "answered");
    }
    assert_int_equal(step(&at).permitted, 1);
    assert_int_equal(times_applied_to_anything(), 1);
    bench_free(&at);
}

/* An answer that waits for a lookup is still the chain's, and buys no more doubtful sendings than any other.
 */
static void failed_lookups_buy_no_more_sendings(void **state)
{
    (void)state;
    bench at = bench_without_retries(800);
    int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1012), EXISTING);
    (void)step(&at);
    answer(approval, "Permit");
    control("fault",
            "{'kind':'status','status':500,'match':'ApplicationGetListForAddToApplication','times':5}");
    for (int steps = 0; steps < 5; steps++) {
        tl_step done;
        tl_error err;
        assert_code(try_step(&at, &done, &err), &err, TL_SERVER);
        assert_int_equal(done.watched, 1);
        assert_last_state(&at, approval, "answered");
    }
    control("fault", "{'kind':'drop_before_apply','match':'ApprovalRequestPermitApplication','times':-1}");
    char last[32] = "";
    for (int steps = 0; strcmp(last, "unknown") != 0 && steps < 400; steps++) {
        (void)step(&at);
        last_state(&at, approval, last, NULL, 0);
        sleep_ms(20);
    }
    assert_string_equal(last, "unknown");
    assert_int_equal(count_calls("ApprovalRequestPermitApplication"), 3);
    bench_free(&at);
}

/* The prompt is closed while nobody looked, and the chain was restarted meanwhile. */
static void an_answer_given_while_the_chain_was_away_counts(void **state)
{
    (void)state;
    bench at = bench_new();
    bench_open(&at, NULL);
    int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    (void)step(&at);
    bench_close(&at);
    answer(approval, "Permit");
    bench_open(&at, NULL);
    tl_step done = step(&at);
    assert_int_equal(done.permitted, 1);
    bench_close(&at);
    /* A third life of the chain does nothing more. */
    bench_open(&at, NULL);
    done = step(&at);
    assert_int_equal(done.permitted + done.answered + done.sending, 0);
    assert_int_equal(times_applied_to_anything(), 1);
    bench_free(&at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_outage_loses_nothing, reset_sandbox),
        cmocka_unit_test_setup(a_long_outage_of_either_service_loses_nothing, reset_sandbox),
        cmocka_unit_test_setup(trouble_with_one_prompt_does_not_hold_up_the_others, reset_sandbox),
        cmocka_unit_test_setup(lasting_trouble_with_one_prompt_does_not_stop_the_others, reset_sandbox),
        cmocka_unit_test_setup(a_refusal_about_the_request_is_final, reset_sandbox),
        cmocka_unit_test_setup(a_rate_limit_only_delays_a_write, reset_sandbox),
        cmocka_unit_test_setup(failed_lookups_buy_no_more_sendings, reset_sandbox),
        cmocka_unit_test_setup(a_write_that_never_succeeds_is_not_tried_for_ever, reset_sandbox),
        cmocka_unit_test_setup(an_answer_given_while_the_chain_was_away_counts, reset_sandbox),
    };
    return cmocka_run_group_tests_name("chain_outage", tests, start_sandbox, stop_sandbox);
}
