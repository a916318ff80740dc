/* Reading SOAR: approvals, summaries, and what a prompt's answer is. */
#include "soar_case.h"

static void filters_choose_what_is_listed(void **state)
{
    (void)state;
    int64_t first = ask_with(""), second = ask_with("");
    control("answer", "{'approval':%lld,'responses':['Permit','x']}", (long long)first);
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
        cJSON *records = NULL;
        const cJSON *record;
        assert_ok(tl_soar_approvals(&records, soar, &rows[i].query, &err), &err);
        bool has = rows[i].has == 0;
        cJSON_ArrayForEach (record, records) {
            has = has || integer_of(record, "id") == rows[i].has;
            assert_int_not_equal(integer_of(record, "id"), rows[i].lacks);
        }
        assert_true(has);
        cJSON_Delete(records);
    }
}

static void hostile_filters_send_nothing(void **state)
{
    (void)state;
    const tl_approval_query wrong[] = {
        {.size = sizeof(tl_approval_query), .status = "pending\"&_filter_id=1"},
        {.size = sizeof(tl_approval_query), .type = "Manual"},
        {.size = sizeof(tl_approval_query), .min_id = -1},
        {.size = sizeof(tl_approval_query), .started_after = "yesterday"},
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        cJSON *records = NULL;
        ASSERT_FAILS(tl_soar_approvals(&records, soar, &wrong[i], &err), TL_INVALID);
        assert_null(records);
    }
    cJSON *record = NULL;
    ASSERT_FAILS(tl_soar_approval(&record, soar, 0, &err), TL_INVALID);
    ASSERT_FAILS(tl_soar_approval_summary(&record, soar, -1, &err), TL_INVALID);
    assert_int_equal(count_calls(""), 0);
}

static void one_record_is_the_one_asked_for(void **state)
{
    (void)state;
    int64_t approval = ask_with("");
    cJSON *record = NULL;
    assert_ok(tl_soar_approval(&record, soar, approval, &err), &err);
    assert_int_equal(integer_of(record, "id"), approval);
    assert_text(record, "status", "pending");
    cJSON_Delete(record);
    ASSERT_FAILS(tl_soar_approval(&record, soar, 99999, &err), TL_NOT_FOUND);
    reply_once("/rest/approval", 200, "{'id':1,'status':'approved'}");
    ASSERT_FAILS(tl_soar_approval(&record, soar, approval, &err), TL_PROTOCOL);
    assert_null(record);
}

/* Approval 1's asset holds an API key and a token. */
static void a_summary_shows_no_asset_secrets(void **state)
{
    (void)state;
    cJSON *summary = NULL;
    assert_ok(tl_soar_approval_summary(&summary, soar, 1, &err), &err);
    const cJSON *asset = member_of(summary, "asset");
    assert_text(asset, "name", "example_reputation");
    assert_null(member_of(asset, "configuration"));
    assert_null(member_of(asset, "token"));
    char *text = cJSON_PrintUnformatted(summary);
    assert_null(strstr(text, "EXAMPLE-NOT-A-REAL"));
    free(text);
    cJSON_Delete(summary);
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
        int64_t approval = ask_with("");
        cJSON *answer = NULL;
        print_message("%s\n", answers[i].answer == NULL ? "none" : answers[i].answer);
        if (answers[i].answer != NULL)
            control("answer", "{'approval':%lld,%s}", (long long)approval, answers[i].answer);
        assert_ok(tl_soar_prompt_answer(&answer, soar, approval, &err), &err);
        assert_text(answer, "reading", answers[i].reading);
        assert_true(text_of(answer, "reason")[0] != '\0');
        assert_int_equal(integer_of(member_of(answer, "approval"), "id"), approval);
        assert_int_equal(text_of(answer, "answered_by")[0] != '\0', answers[i].by_whom);
        bool has_run = cJSON_IsObject(member_of(answer, "app_run"));
        assert_true(has_run != (text_of(answer, "app_run_note")[0] != '\0'));
        cJSON_Delete(answer);
    }
}

static void without_an_app_run_the_record_speaks(void **state)
{
    (void)state;
    control("switch", "{'prompt_app_run':'absent'}");
    int64_t approval = ask_with("");
    control("answer", "{'approval':%lld,'responses':['Permit','x']}", (long long)approval);
    cJSON *answer = NULL;
    assert_ok(tl_soar_prompt_answer(&answer, soar, approval, &err), &err);
    assert_text(answer, "reading", "permit");
    assert_true(text_of(answer, "app_run_note")[0] != '\0');
    cJSON_Delete(answer);
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
    int64_t approval = ask_with("");
    control("answer", "{'approval':%lld,'responses':['Permit','x']}", (long long)approval);
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *answer = NULL;
        control_delete("fault");
        control("fault", "{%s}", rows[i].fault);
        print_message("%s\n", rows[i].fault);
        ASSERT_FAILS(tl_soar_prompt_answer(&answer, soar, approval, &err), rows[i].code);
        assert_null(answer);
    }
}

/* Two runs where one belongs: neither can be taken for the prompt's own. */
static void several_app_runs_are_no_evidence(void **state)
{
    (void)state;
    int64_t approval = ask_with("");
    control("answer", "{'approval':%lld,'responses':['Permit','x']}", (long long)approval);
    reply_once("app_runs", 200, "{'count':2,'num_pages':1,'data':[{'id':1},{'id':2}]}");
    cJSON *answer = NULL;
    assert_ok(tl_soar_prompt_answer(&answer, soar, approval, &err), &err);
    assert_text(answer, "reading", "undecided");
    cJSON_Delete(answer);
}

/* By a client of its own, with other options. */
static tl_code list_with(const tl_soar_options *options)
{
    tl_soar *other = NULL;
    cJSON *records = NULL;
    tl_approval_query query = TL_APPROVAL_QUERY_INIT;
    err = (tl_error)TL_ERROR_INIT;
    assert_ok(tl_soar_new(&other, options, &err), &err);
    tl_code code = tl_soar_approvals(&records, other, &query, &err);
    cJSON_Delete(records);
    tl_soar_free(other);
    return code;
}

static void token_and_password_both_open_the_door(void **state)
{
    (void)state;
    tl_soar_options options = soar_options();
    assert_ok(list_with(&options), &err);
    cJSON *calls = calls_to("/rest/approval");
    assert_string_equal(header_of(calls->child, "ph-auth-token"), served.soar_token);
    assert_null(header_of(calls->child, "Authorization"));
    cJSON_Delete(calls);
    control_delete("calls");
    options.token = NULL;
    options.user = served.soar_user;
    options.password = served.soar_password;
    assert_ok(list_with(&options), &err);
    calls = calls_to("/rest/approval");
    assert_null(header_of(calls->child, "ph-auth-token"));
    assert_int_equal(strncmp(header_of(calls->child, "Authorization"), "Basic ", 6), 0);
    cJSON_Delete(calls);
    /* Basic with an empty user carries the token. */
    options.user = "";
    options.password = served.soar_token;
    assert_ok(list_with(&options), &err);
}

static void wrong_credentials_are_told_and_not_shown(void **state)
{
    (void)state;
    tl_soar_options options = soar_options();
    options.token = "a-wrong-token-of-ours";
    assert_code(list_with(&options), &err, TL_TOKEN);
    assert_null(strstr(err.message, "a-wrong-token-of-ours"));
    options.token = NULL;
    options.user = served.soar_user;
    options.password = "a wrong password";
    assert_code(list_with(&options), &err, TL_TOKEN);
    assert_null(strstr(err.message, "a wrong password"));
    control("switch", "{'soar_token':'revoked'}");
    options = soar_options();
    assert_code(list_with(&options), &err, TL_TOKEN);
    /* A gateway that echoes what it got. */
    control("fault",
            "{'kind':'status','status':403,'body':'{\\'failed\\':true,\\'message\\':\\'token %s\\'}'}",
            served.soar_token);
    assert_code(list_with(&options), &err, TL_FORBIDDEN);
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
        options.connection.retries = -1;
        control("fault", "{%s}", replies[i].fault);
        print_message("%s\n", replies[i].fault);
        assert_code(list_with(&options), &err, replies[i].code);
        assert_non_null(strstr(err.message, replies[i].says));
        assert_null(strpbrk(err.message, "\r\n"));
        assert_int_equal(count_calls("login"), 0);
    }
}

static void wrong_options_are_refused(void **state)
{
    (void)state;
    const struct {
        const char *url, *token, *user, *password, *says;
    } rows[] = {
        {NULL, "x", NULL, NULL, "url is missing"},
        {served.soar, NULL, NULL, NULL, "token, or user and password, is missing"},
        {served.soar, "x", "user", "password", "either token, or user and password"},
        {served.soar, "", NULL, NULL, "token is empty"},
        {served.soar, "x\r\nX-Other: 1", NULL, NULL, "characters that no token has"},
        {served.soar, NULL, "user", NULL, "password is missing"},
        {served.soar, NULL, "us:er", "password", "holds a colon"},
        {"http://soar.example.com", "x", NULL, NULL, "must use https"},
        {"https://soar.example.com/?x=1", "x", NULL, NULL, "path only"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_soar_options options = TL_SOAR_OPTIONS_INIT;
        tl_soar *refused = NULL;
        options.url = rows[i].url;
        options.token = rows[i].token;
        options.user = rows[i].user;
        options.password = rows[i].password;
        ASSERT_FAILS(tl_soar_new(&refused, &options, &err), TL_CONFIG);
        assert_null(refused);
        assert_non_null(strstr(err.message, rows[i].says));
    }
    assert_int_equal(count_calls(""), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(filters_choose_what_is_listed),
        TEST(hostile_filters_send_nothing),
        TEST(one_record_is_the_one_asked_for),
        TEST(a_summary_shows_no_asset_secrets),
        TEST(a_prompts_answer_is_read_from_record_and_run),
        TEST(without_an_app_run_the_record_speaks),
        TEST(an_unreadable_app_run_is_an_error),
        TEST(several_app_runs_are_no_evidence),
        TEST(token_and_password_both_open_the_door),
        TEST(wrong_credentials_are_told_and_not_shown),
        TEST(every_reply_has_its_code),
        TEST(wrong_options_are_refused),
    };
    return cmocka_run_group_tests_name("soar", tests, start_sandbox, stop_sandbox);
}
