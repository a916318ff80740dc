/* Reading SOAR: approvals, summaries, and what a prompt's answer is. */
#include <strings.h>

#include "harness.h"

static int64_t ask(void)
{
    cJSON *spec = json("{'approvalRequestId':'" REQUEST(1003) "'}");
    cJSON *reply = control_send("prompt", spec);
    int64_t approval = integer_of(reply, "approval");
    cJSON_Delete(spec);
    cJSON_Delete(reply);
    return approval;
}

static cJSON *list(tl_soar *soar, const tl_approval_query *query)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *records = NULL;
    assert_ok(tl_soar_approvals(&records, soar, query, &err), &err);
    return records;
}

static void all_pages_come_in_order_and_once(void **state)
{
    (void)state;
    enum { PROMPTS = 230 };
    int64_t first = ask(), last = first;
    for (int i = 1; i < PROMPTS; i++)
        last = ask();
    tl_soar *soar = make_soar();
    tl_approval_query query = TL_APPROVAL_QUERY_INIT;
    cJSON *records = list(soar, &query);
    assert_int_equal(cJSON_GetArraySize(records), PROMPTS + 3);
    int64_t before = 0;
    const cJSON *record;
    cJSON_ArrayForEach (record, records) {
        assert_true(integer_of(record, "id") > before);
        before = integer_of(record, "id");
        assert_int_equal(cJSON_GetArraySize(record), 20);
    }
    assert_int_equal(before, last);
    assert_int_equal(count_calls("/rest/approval"), 3);
    cJSON_Delete(records);
    tl_soar_free(soar);
}

static void filters_are_the_servers(void **state)
{
    (void)state;
    int64_t first = ask(), second = ask();
    control("answer", "{'approval':%lld,'responses':['Permit','x']}", (long long)first);
    tl_soar *soar = make_soar();
    const struct {
        tl_approval_query query;
        int64_t has, lacks;
    } rows[] = {
        {{.size = sizeof(tl_approval_query), .status = "pending"}, second, first},
        {{.size = sizeof(tl_approval_query), .status = "approved"}, first, second},
        {{.size = sizeof(tl_approval_query), .type = "manual"}, second, 1},
        {{.size = sizeof(tl_approval_query), .type = "asset"}, 1, second},
        {{.size = sizeof(tl_approval_query), .min_id = second}, second, first},
        {{.size = sizeof(tl_approval_query), .started_after = "2020-01-01T00:00:00Z"}, first, 0},
        {{.size = sizeof(tl_approval_query), .started_after = "2090-01-01T00:00:00Z"}, 0, first},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *records = list(soar, &rows[i].query);
        const cJSON *record;
        bool has = rows[i].has == 0;
        cJSON_ArrayForEach (record, records) {
            has = has || integer_of(record, "id") == rows[i].has;
            assert_int_not_equal(integer_of(record, "id"), rows[i].lacks);
        }
        assert_true(has);
        cJSON_Delete(records);
    }
    tl_soar_free(soar);
}

static void hostile_filters_send_nothing(void **state)
{
    (void)state;
    tl_soar *soar = make_soar();
    const tl_approval_query wrong[] = {
        {.size = sizeof(tl_approval_query), .status = "pending\"&_filter_id=1"},
        {.size = sizeof(tl_approval_query), .type = "Manual"},
        {.size = sizeof(tl_approval_query), .min_id = -1},
        {.size = sizeof(tl_approval_query), .started_after = "yesterday"},
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        tl_error err = TL_ERROR_INIT;
        cJSON *records = NULL;
        assert_code(tl_soar_approvals(&records, soar, &wrong[i], &err), &err, TL_INVALID);
        assert_null(records);
    }
    tl_error err = TL_ERROR_INIT;
    cJSON *record = NULL;
    assert_code(tl_soar_approval(&record, soar, 0, &err), &err, TL_INVALID);
    err = (tl_error)TL_ERROR_INIT;
    assert_code(tl_soar_approval_summary(&record, soar, -1, &err), &err, TL_INVALID);
    assert_int_equal(count_calls(""), 0);
    tl_soar_free(soar);
}

static void one_record_is_the_one_asked_for(void **state)
{
    (void)state;
    int64_t approval = ask();
    tl_soar *soar = make_soar();
    tl_error err = TL_ERROR_INIT;
    cJSON *record = NULL;
    assert_ok(tl_soar_approval(&record, soar, approval, &err), &err);
    assert_int_equal(integer_of(record, "id"), approval);
    assert_text(record, "status", "pending");
    cJSON_Delete(record);
    assert_code(tl_soar_approval(&record, soar, 99999, &err), &err, TL_NOT_FOUND);
    control("fault", "{'kind':'status','status':200,'body':'{\\'id\\':1,\\'status\\':\\'approved\\'}'}");
    err = (tl_error)TL_ERROR_INIT;
    assert_code(tl_soar_approval(&record, soar, approval, &err), &err, TL_PROTOCOL);
    assert_null(record);
    tl_soar_free(soar);
}

/* Approval 1's asset holds an API key and a token. */
static void a_summary_shows_no_asset_secrets(void **state)
{
    (void)state;
    tl_soar *soar = make_soar();
    tl_error err = TL_ERROR_INIT;
    cJSON *summary = NULL;
    assert_ok(tl_soar_approval_summary(&summary, soar, 1, &err), &err);
    const cJSON *asset = cJSON_GetObjectItemCaseSensitive(summary, "asset");
    assert_text(asset, "name", "example_reputation");
    assert_null(cJSON_GetObjectItemCaseSensitive(asset, "configuration"));
    assert_null(cJSON_GetObjectItemCaseSensitive(asset, "token"));
    char *text = cJSON_PrintUnformatted(summary);
    assert_null(strstr(text, "EXAMPLE-NOT-A-REAL"));
    free(text);
    cJSON_Delete(summary);
    /* The other kinds have none, and are read all the same. */
    for (int64_t id = 2; id <= 3; id++) {
        assert_ok(tl_soar_approval_summary(&summary, soar, id, &err), &err);
        cJSON_Delete(summary);
    }
    tl_soar_free(soar);
}

static const struct answer_case {
    const char *answer; /* NULL = none */
    const char *reading;
    bool by_whom;
} answers[] = {
    {NULL, "wait", false},
    {"'responses':['Permit','x'],'by':'analyst'", "permit", true},
    {"'responses':['Reject','x'],'by':'analyst'", "reject", true},
    {"'responses':['ignore','x'],'by':'analyst'", "ignore", true},
    {"'responses':['perhaps','x'],'by':'analyst'", "undecided", true},
    {"'status':'expired'", "closed", false},
    {"'responses':['Permit','x'],'app_run':{'responses':['Reject','x']}", "undecided", true},
    {"'responses':['Permit','x'],'app_run':{'status':'failed'}", "undecided", true},
    {"'responses':['Permit','x'],'app_run':{'status':'pending'}", "wait", true},
    {"'responses':['Permit','x'],'app_run':'running'", "wait", false},
    {"'responses':['Permit','x'],'app_run':false", "permit", false}, /* the record alone */
};

static void a_prompts_answer_is_read_from_record_and_run(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        control("reset", "{}");
        int64_t approval = ask();
        tl_soar *soar = make_soar();
        tl_error err = TL_ERROR_INIT;
        cJSON *answer = NULL;
        print_message("%s\n", answers[i].answer == NULL ? "none" : answers[i].answer);
        if (answers[i].answer != NULL)
            control("answer", "{'approval':%lld,%s}", (long long)approval, answers[i].answer);
        assert_ok(tl_soar_prompt_answer(&answer, soar, approval, &err), &err);
        assert_text(answer, "reading", answers[i].reading);
        assert_true(text_of(answer, "reason")[0] != '\0');
        assert_int_equal(integer_of(cJSON_GetObjectItemCaseSensitive(answer, "approval"), "id"), approval);
        assert_int_equal(text_of(answer, "answered_by")[0] != '\0', answers[i].by_whom);
        bool has_run = cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(answer, "app_run"));
        assert_true(has_run != (text_of(answer, "app_run_note")[0] != '\0'));
        cJSON_Delete(answer);
        tl_soar_free(soar);
    }
}

static void without_an_app_run_the_record_speaks(void **state)
{
    (void)state;
    control("switch", "{'prompt_app_run':'absent'}");
    int64_t approval = ask();
    control("answer", "{'approval':%lld,'responses':['Permit','x']}", (long long)approval);
    tl_soar *soar = make_soar();
    tl_error err = TL_ERROR_INIT;
    cJSON *answer = NULL;
    assert_ok(tl_soar_prompt_answer(&answer, soar, approval, &err), &err);
    assert_text(answer, "reading", "permit");
    assert_true(text_of(answer, "app_run_note")[0] != '\0');
    cJSON_Delete(answer);
    tl_soar_free(soar);
}

/* An app run that could not be read is no app run that is not there. */
static void an_unreadable_app_run_is_an_error(void **state)
{
    (void)state;
    static const struct {
        const char *fault;
        tl_code code;
    } rows[] = {{"'kind':'status','status':500,'match':'/rest/app_run'", TL_SERVER},
                {"'kind':'status','status':403,'match':'/rest/app_run'", TL_FORBIDDEN},
                {"'kind':'garbage','match':'/rest/app_run'", TL_PROTOCOL},
                {"'kind':'garbage','match':'app_runs'", TL_PROTOCOL},
                {"'kind':'status','status':200,'body':'{}','match':'app_runs'", TL_PROTOCOL},
                {"'kind':'status','status':401,'match':'app_runs'", TL_TOKEN}};
    int64_t approval = ask();
    control("answer", "{'approval':%lld,'responses':['Permit','x']}", (long long)approval);
    tl_soar *soar = make_soar();
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_error err = TL_ERROR_INIT;
        cJSON *answer = NULL;
        control_delete("fault");
        control("fault", "{%s}", rows[i].fault);
        print_message("%s\n", rows[i].fault);
        assert_code(tl_soar_prompt_answer(&answer, soar, approval, &err), &err, rows[i].code);
        assert_null(answer);
    }
    tl_soar_free(soar);
}

/* Two runs where one belongs: neither can be taken for the prompt's own. */
static void several_app_runs_are_no_evidence(void **state)
{
    (void)state;
    int64_t approval = ask();
    control("answer", "{'approval':%lld,'responses':['Permit','x']}", (long long)approval);
    control("fault", "{'kind':'status','status':200,'match':'app_runs','body':"
                     "'{\\'count\\':2,\\'num_pages\\':1,\\'data\\':[{\\'id\\':1},{\\'id\\':2}]}'}");
    tl_soar *soar = make_soar();
    tl_error err = TL_ERROR_INIT;
    cJSON *answer = NULL;
    assert_ok(tl_soar_prompt_answer(&answer, soar, approval, &err), &err);
    assert_text(answer, "reading", "undecided");
    cJSON_Delete(answer);
    tl_soar_free(soar);
}

static tl_code list_with(const tl_soar_options *options, tl_error *err)
{
    tl_soar *soar = NULL;
    cJSON *records = NULL;
    tl_approval_query query = TL_APPROVAL_QUERY_INIT;
    *err = (tl_error)TL_ERROR_INIT;
    assert_ok(tl_soar_new(&soar, options, err), err);
    tl_code code = tl_soar_approvals(&records, soar, &query, err);
    cJSON_Delete(records);
    tl_soar_free(soar);
    return code;
}

static void token_and_password_both_open_the_door(void **state)
{
    (void)state;
    tl_soar_options options = soar_options();
    tl_error err;
    assert_ok(list_with(&options, &err), &err);
    cJSON *calls = calls_to("/rest/approval");
    assert_string_equal(header_of(calls->child, "ph-auth-token"), served.soar_token);
    assert_null(header_of(calls->child, "Authorization"));
    cJSON_Delete(calls);
    control_delete("calls");
    options.token = NULL;
    options.user = served.soar_user;
    options.password = served.soar_password;
    assert_ok(list_with(&options, &err), &err);
    calls = calls_to("/rest/approval");
    assert_null(header_of(calls->child, "ph-auth-token"));
    assert_int_equal(strncmp(header_of(calls->child, "Authorization"), "Basic ", 6), 0);
    cJSON_Delete(calls);
    /* Basic with an empty user carries the token. */
    options.user = "";
    options.password = served.soar_token;
    assert_ok(list_with(&options, &err), &err);
}

static void wrong_credentials_are_told_and_not_shown(void **state)
{
    (void)state;
    tl_soar_options options = soar_options();
    tl_error err;
    options.token = "a-wrong-token-of-ours";
    assert_code(list_with(&options, &err), &err, TL_TOKEN);
    assert_null(strstr(err.message, "a-wrong-token-of-ours"));
    options.token = NULL;
    options.user = served.soar_user;
    options.password = "a wrong password";
    assert_code(list_with(&options, &err), &err, TL_TOKEN);
    assert_null(strstr(err.message, "a wrong password"));
    control("switch", "{'soar_token':'revoked'}");
    options = soar_options();
    assert_code(list_with(&options, &err), &err, TL_TOKEN);
    /* A gateway that echoes what it got. */
    control("fault",
            "{'kind':'status','status':403,'body':'{\\'failed\\':true,\\'message\\':\\'token %s\\'}'}",
            served.soar_token);
    assert_code(list_with(&options, &err), &err, TL_FORBIDDEN);
    assert_null(strstr(err.message, served.soar_token));
}

static const struct reply_case {
    const char *fault;
    tl_code code;
    const char *says;
} replies[] = {
    {"'kind':'garbage','body':'<!DOCTYPE html><title>Login</title>','content_type':'text/html'", TL_PROTOCOL,
     "HTML"},
    {"'kind':'status','status':200,'body':''", TL_PROTOCOL, ""},
    {"'kind':'status','status':200,'body':'null'", TL_PROTOCOL, "object"},
    {"'kind':'status','status':200,'body':'[]'", TL_PROTOCOL, "object"},
    {"'kind':'status','status':200,'body':'{\\'data\\':[]}'", TL_PROTOCOL, "num_pages"},
    {"'kind':'status','status':200,'body':'{\\'count\\':1,\\'num_pages\\':1}'", TL_PROTOCOL, "data"},
    {"'kind':'status','status':200,'body':'{\\'num_pages\\':1,\\'data\\':[{}]}'", TL_PROTOCOL, "id"},
    {"'kind':'status','status':200,'body':'{\\'num_pages\\':99999999,\\'data\\':[]}'", TL_PROTOCOL,
     "num_pages"},
    {"'kind':'status','status':200,'body':'{\\'failed\\':true,\\'message\\':\\'no such page\\'}'",
     TL_PROTOCOL, "no such page"},
    {"'kind':'status','status':302,'body':'','headers':{'Location':'/login'}", TL_PROTOCOL, "302"},
    {"'kind':'status','status':404,'body':'{\\'failed\\':true,\\'message\\':\\'gone\\'}'", TL_NOT_FOUND,
     "gone"},
    {"'kind':'status','status':405,'body':'{\\'failed\\':true,\\'message\\':\\'Method not allowed\\'}'",
     TL_NOT_FOUND, "Method not allowed"},
    {"'kind':'status','status':500,'body':'<html></html>'", TL_SERVER, "500"},
    {"'kind':'status','status':429", TL_RATE_LIMITED, "429"},
    {"'kind':'truncate'", TL_NETWORK, ""},
    {"'kind':'drop_before_apply'", TL_NETWORK, ""},
};

static void every_reply_has_its_code(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(replies); i++) {
        control("reset", "{}");
        tl_soar_options options = soar_options();
        tl_error err;
        options.connection.retries = -1;
        control("fault", "{%s}", replies[i].fault);
        print_message("%s\n", replies[i].fault);
        assert_code(list_with(&options, &err), &err, replies[i].code);
        assert_non_null(strstr(err.message, replies[i].says));
        assert_null(strpbrk(err.message, "\r\n"));
        assert_int_equal(count_calls("login"), 0);
    }
}

static void wrong_options_are_refused(void **state)
{
    (void)state;
    const struct {
        const char *url, *token, *user, *password;
    } rows[] = {
        {NULL, "x", NULL, NULL},
        {served.soar, NULL, NULL, NULL},
        {served.soar, "x", "user", "password"},
        {served.soar, "", NULL, NULL},
        {served.soar, "x\r\nX-Other: 1", NULL, NULL},
        {served.soar, NULL, "user", NULL},
        {served.soar, NULL, "us:er", "password"},
        {"http://soar.example.com", "x", NULL, NULL},
        {"https://soar.example.com/?x=1", "x", NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_soar_options options = TL_SOAR_OPTIONS_INIT;
        tl_error err = TL_ERROR_INIT;
        tl_soar *soar = NULL;
        options.url = rows[i].url;
        options.token = rows[i].token;
        options.user = rows[i].user;
        options.password = rows[i].password;
        assert_code(tl_soar_new(&soar, &options, &err), &err, TL_CONFIG);
        assert_null(soar);
    }
    assert_int_equal(count_calls(""), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(all_pages_come_in_order_and_once, reset_sandbox),
        cmocka_unit_test_setup(filters_are_the_servers, reset_sandbox),
        cmocka_unit_test_setup(hostile_filters_send_nothing, reset_sandbox),
        cmocka_unit_test_setup(one_record_is_the_one_asked_for, reset_sandbox),
        cmocka_unit_test_setup(a_summary_shows_no_asset_secrets, reset_sandbox),
        cmocka_unit_test_setup(a_prompts_answer_is_read_from_record_and_run, reset_sandbox),
        cmocka_unit_test_setup(without_an_app_run_the_record_speaks, reset_sandbox),
        cmocka_unit_test_setup(an_unreadable_app_run_is_an_error, reset_sandbox),
        cmocka_unit_test_setup(several_app_runs_are_no_evidence, reset_sandbox),
        cmocka_unit_test_setup(token_and_password_both_open_the_door, reset_sandbox),
        cmocka_unit_test_setup(wrong_credentials_are_told_and_not_shown, reset_sandbox),
        cmocka_unit_test_setup(every_reply_has_its_code, reset_sandbox),
        cmocka_unit_test_setup(wrong_options_are_refused, reset_sandbox),
    };
    return cmocka_run_group_tests_name("soar", tests, start_sandbox, stop_sandbox);
}
