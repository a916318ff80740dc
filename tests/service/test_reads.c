/* Reads: what each reply means, what is tried again, and what the client refuses to send at all. */
#include <pthread.h>
#include <sys/prctl.h>

#include "harness.h"

#define BY_ID "ApprovalRequestGetById"

static tl_code read_one(tl_client *client, tl_error *err)
{
    cJSON *row = NULL;
    *err = (tl_error)TL_ERROR_INIT;
    tl_code code = tl_request_get(&row, client, ORGANIZATION(43), REQUEST(1003), err);
    assert_true((code == TL_OK) == (row != NULL));
    cJSON_Delete(row);
    return code;
}

static tl_client *client_with(int64_t timeout_ms, int retries)
{
    tl_client_options options = client_options();
    options.connection.timeout_ms = timeout_ms;
    options.connection.retries = retries;
    return make_client(&options);
}

static const struct reply_case {
    const char *fault;
    tl_code code;
    const char *says; /* part of the message */
    const char *logger_id;
    int status;
    bool retriable;
} replies[] = {
    {"'kind':'status','status':400,'body':'{\\'LoggerId\\':\\'abc-1\\',\\'StatusCode\\':400,\\'Message\\':\\'"
     "Wrong\\'}'",
     TL_INVALID, "Wrong", "abc-1", 400, false},
    {"'kind':'status','status':400,'body':'{\\'title\\':\\'One or more\\',\\'status\\':400,"
     "\\'errors\\':{\\'$.a\\':[\\'$.a: could not be converted\\']}}'",
     TL_INVALID, "$.a: could not be converted", "", 400, false},
    {"'kind':'status','status':417,'body':'{\\'loggerId\\':\\'abc-2\\',\\'message\\':\\'Invalid Date "
     "Range\\'}'",
     TL_INVALID, "Invalid Date Range", "abc-2", 417, false},
    {"'kind':'status','status':401,'body':'{\\'Message\\':\\'No permission to view\\'}'", TL_PERMISSION,
     "No permission to view", "", 401, false},
    {"'kind':'status','status':401,'body':'{\\'message\\':\\'Unauthorized\\',\\'error\\':\\'TOKEN_REVOKED\\'}"
     "'",
     TL_TOKEN, "token", "", 401, false},
    {"'kind':'status','status':403,'body':'{\\'message\\':\\'Unauthorized\\',\\'error\\':\\'TOKEN_REVOKED\\'}"
     "'",
     TL_TOKEN, "token", "", 403, false},
    {"'kind':'status','status':440,'body':''", TL_TOKEN, "token", "", 440, false},
    {"'kind':'status','status':403,'body':''", TL_FORBIDDEN, "organization", "", 403, false},
    {"'kind':'status','status':404,'body':''", TL_NOT_FOUND, "404", "", 404, false},
    {"'kind':'status','status':405,'body':''", TL_NOT_FOUND, "405", "", 405, false},
    {"'kind':'status','status':429,'body':''", TL_RATE_LIMITED, "429", "", 429, true},
    {"'kind':'status','status':408,'body':''", TL_TIMEOUT, "408", "", 408, true},
    {"'kind':'status','status':500,'body':'{\\'LoggerId\\':\\'abc-3\\',\\'StatusCode\\':500,"
     "\\'Message\\':\\'A problem occurred with the request (abc-3)\\'}'",
     TL_SERVER, "A problem occurred", "abc-3", 500, false},
    {"'kind':'status','status':502,'body':'<html><h1>Bad gateway</h1></html>','content_type':'text/html'",
     TL_SERVER, "HTML", "", 502, true},
    {"'kind':'status','status':503,'body':'not json at all'", TL_SERVER, "not json at all", "", 503, true},
    {"'kind':'status','status':302,'body':'','headers':{'Location':'/elsewhere'}", TL_PROTOCOL, "redirect",
     "", 302, false},
    {"'kind':'status','status':500,'body':'{\\'Message\\':\\'two\\nlines\\u202e\\u0000\\'}'", TL_SERVER,
     "500", "", 500, false},
    {"'kind':'garbage','body':'<html>login</html>','content_type':'text/html'", TL_PROTOCOL, "HTML", "", 0,
     false},
    {"'kind':'garbage','body':'','content_type':'application/json'", TL_NOT_FOUND, "no request", "", 0,
     false},
    {"'kind':'garbage','body':' null ','content_type':'application/json'", TL_NOT_FOUND, "no request", "", 0,
     false},
    {"'kind':'garbage','body':'[]','content_type':'application/json'", TL_PROTOCOL, "approvalRequestId", "",
     0, false},
    {"'kind':'garbage','body':'{}','content_type':'application/json'", TL_PROTOCOL, "approvalRequestId", "",
     0, false},
    {"'kind':'garbage','body':'{\\'approvalRequestId\\':\\'" REQUEST(
         1001) "\\'}','content_type':'application/json'",
     TL_PROTOCOL, "another", "", 0, false},
    {"'kind':'garbage','body':'{\\'approvalRequestId\\':\\'" REQUEST(
         1003) "\\'}{}','content_type':'application/json'",
     TL_PROTOCOL, "", "", 0, false},
    {"'kind':'garbage','body':'{\\'approvalRequestId\\':\\'" REQUEST(
         1003) "\\',\\'approvalRequestId\\':\\'x\\'}'",
     TL_PROTOCOL, "", "", 0, false},
    {"'kind':'truncate'", TL_NETWORK, "", "", 0, true},
    {"'kind':'close_without_reply'", TL_NETWORK, "", "", 0, true},
    {"'kind':'delay','ms':1000,'apply':true", TL_TIMEOUT, "", "", 0, true},
};

static void every_reply_has_its_code(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(replies); i++) {
        control("reset", "{}");
        tl_client *client = client_with(800, -1);
        tl_error err;
        control("fault", "{%s,'match':'" BY_ID "'}", replies[i].fault);
        print_message("%s\n", replies[i].fault);
        assert_code(read_one(client, &err), &err, replies[i].code);
        print_message("    %s\n", err.message);
        assert_int_equal(err.http_status, replies[i].status);
        assert_int_equal(err.retriable, replies[i].retriable);
        assert_int_equal(err.applied, TL_APPLIED_NO);
        assert_string_equal(err.logger_id, replies[i].logger_id);
        assert_non_null(strstr(err.message, replies[i].says));
        assert_null(strpbrk(err.message, "\r\n"));
        assert_null(strstr(err.message, served.token));
        assert_int_equal(count_calls(BY_ID), 1);
        assert_int_equal(count_calls("elsewhere"), 0);
        assert_ok(read_one(client, &err), &err); /* the client is as good as before */
        tl_client_free(client);
    }
}

static void the_switches_of_the_service_are_understood(void **state)
{
    (void)state;
    static const struct {
        const char *with;
        tl_code code;
    } rows[] = {{"{'token':'revoked'}", TL_TOKEN},
                {"{'token':'revoked','unknown_token':'403'}", TL_TOKEN},
                {"{'organization_id_header':'403'}", TL_OK}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        control("reset", "{}");
        control("switch", "%s", rows[i].with);
        tl_client *client = client_with(2000, -1);
        tl_error err;
        assert_int_equal(read_one(client, &err), rows[i].code);
        tl_client_free(client);
    }
    static const struct {
        const char *unknown;
        tl_code code;
    } unknown[] = {
        {"null", TL_NOT_FOUND}, {"empty", TL_NOT_FOUND}, {"404", TL_NOT_FOUND}, {"500", TL_SERVER}};
    for (size_t i = 0; i < COUNT(unknown); i++) {
        control("reset", "{}");
        control("switch", "{'unknown_request':'%s'}", unknown[i].unknown);
        tl_client *client = client_with(2000, -1);
        tl_error err = TL_ERROR_INIT;
        cJSON *row = NULL;
        assert_code(tl_request_get(&row, client, ORGANIZATION(43), REQUEST(1777), &err), &err,
                    unknown[i].code);
        tl_client_free(client);
    }
}

static void a_missing_permission_is_named(void **state)
{
    (void)state;
    tl_client *client = client_with(2000, -1);
    tl_request_query query = TL_REQUEST_QUERY_INIT;
    tl_error err = TL_ERROR_INIT;
    cJSON *got = NULL;
    control("switch", "{'permissions':[]}");
    assert_code(tl_request_page(&got, NULL, client, &query, &err), &err, TL_PERMISSION);
    assert_int_equal(err.http_status, 401);
    assert_non_null(strstr(err.message, "View Approvals"));
    err = (tl_error)TL_ERROR_INIT;
    assert_code(tl_permit_details(&got, client, ORGANIZATION(43), REQUEST(1003), &err), &err, TL_PERMISSION);
    assert_non_null(strstr(err.message, "Approve for Single Computer (Hash Only)"));
    /* It can be read, but not permitted. */
    control("switch", "{'permissions':['View Approvals']}");
    cJSON *choice = json("{'application':'new','name':'Field tool','rules':[{'hash':'" HASH "'}]}");
    err = (tl_error)TL_ERROR_INIT;
    assert_ok(tl_permit(&got, client, ORGANIZATION(43), REQUEST(1003), choice, &err), &err);
    assert_text(got, "outcome", "refused");
    assert_text(got, "code", "permission");
    assert_int_equal(integer_of(got, "http_status"), 401);
    assert_non_null(strstr(text_of(got, "message"), "Approve for New Install"));
    assert_int_equal(times_applied_to_anything(), 0);
    cJSON_Delete(got);
    cJSON_Delete(choice);
    tl_client_free(client);
}

static const struct retry_case {
    const char *fault;
    tl_code code;
    int calls;
    int64_t at_least_ms;
} retries[] = {
    {"'kind':'status','status':502,'times':2", TL_OK, 3, 0},
    {"'kind':'status','status':503,'headers':{'Retry-After':'1'}", TL_OK, 2, 1000},
    {"'kind':'status','status':429,'headers':{'Retry-After':'1'}", TL_OK, 2, 1000},
    {"'kind':'status','status':504", TL_OK, 2, 0},
    {"'kind':'status','status':408", TL_OK, 2, 0},
    {"'kind':'close_without_reply'", TL_OK, 2, 0},
    {"'kind':'drop_before_apply'", TL_OK, 2, 0},
    {"'kind':'truncate'", TL_OK, 2, 0},
    {"'kind':'status','status':502,'times':-1", TL_SERVER, 4, 0},
    {"'kind':'close_without_reply','times':-1", TL_NETWORK, 4, 0},
    {"'kind':'status','status':500", TL_SERVER, 1, 0},
    {"'kind':'status','status':501", TL_SERVER, 1, 0},
    {"'kind':'status','status':400", TL_INVALID, 1, 0},
    {"'kind':'status','status':403", TL_FORBIDDEN, 1, 0},
    {"'kind':'status','status':440", TL_TOKEN, 1, 0},
    {"'kind':'garbage'", TL_PROTOCOL, 1, 0},
    /* A wait beyond the deadline, or an unreasonable one, is not waited for. */
    {"'kind':'status','status':503,'headers':{'Retry-After':'30'}", TL_SERVER, 1, 0},
    {"'kind':'status','status':503,'headers':{'Retry-After':'99999999999999999999'}", TL_SERVER, 1, 0},
    {"'kind':'status','status':503,'headers':{'Retry-After':'soon'}", TL_OK, 2, 0},
};

static void reads_are_repeated_when_that_may_help(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(retries); i++) {
        control("reset", "{}");
        tl_client *client = client_with(8000, 3);
        tl_error err;
        control("fault", "{%s,'match':'" BY_ID "'}", retries[i].fault);
        print_message("%s\n", retries[i].fault);
        int64_t started = now_ms();
        tl_code code = read_one(client, &err);
        int64_t took = now_ms() - started;
        assert_int_equal(code, retries[i].code);
        assert_int_equal(count_calls(BY_ID), retries[i].calls);
        assert_true(took >= retries[i].at_least_ms && took < 7500);
        tl_client_free(client);
    }
}

/* All attempts and waits together end at the deadline. */
static void the_deadline_covers_everything(void **state)
{
    (void)state;
    static const char *const faults[] = {"'kind':'delay','ms':5000", "'kind':'slow','ms':200,'chunk':1",
                                         "'kind':'status','status':503"};
    for (size_t i = 0; i < COUNT(faults); i++) {
        control("reset", "{}");
        tl_client *client = client_with(600, 20);
        tl_error err;
        control("fault", "{%s,'match':'" BY_ID "','times':-1}", faults[i]);
        int64_t started = now_ms();
        tl_code code = read_one(client, &err);
        int64_t took = now_ms() - started;
        print_message("%s: %s after %lld ms\n", faults[i], tl_code_name(code), (long long)took);
        assert_true(code == TL_TIMEOUT || code == TL_SERVER);
        assert_true(took < 1400);
        tl_client_free(client);
    }
}

/* One read in a thread of its own, with a deadline that falls into its wait, or right behind it. */
typedef struct edge {
    int64_t timeout_ms;
    int64_t took_ms;
    tl_code code;
    pthread_t thread;
} edge;

static void *run_edge(void *data)
{
    edge *one = data;
    prctl(PR_SET_TIMERSLACK, 3000000UL); /* this thread's sleeps last up to 3 ms too long */
    tl_client *client = client_with(one->timeout_ms, 1);
    tl_error err;
    int64_t started = now_ms();
    one->code = read_one(client, &err);
    one->took_ms = now_ms() - started;
    tl_client_free(client);
    return NULL;
}

/* A wait that uses up the deadline almost to the millisecond leaves nothing for the last attempt: it must end
 * at once, not run without a limit. */
static void a_deadline_used_up_by_waiting_is_a_deadline(void **state)
{
    (void)state;
    enum { EDGES = 200 };
    static edge edges[EDGES];
    for (int round = 0; round < 2; round++) {
        control("reset", "{}");
        control("fault",
                "{'kind':'status','status':503,'headers':{'Retry-After':'1'},'match':'" BY_ID "','times':%d}",
                EDGES);
        control("fault", "{'kind':'delay','ms':4000,'match':'" BY_ID "','times':-1}");
        for (int i = 0; i < EDGES; i++) {
            edges[i] = (edge){.timeout_ms = 1001 + i % 10};
            assert_int_equal(pthread_create(&edges[i].thread, NULL, run_edge, &edges[i]), 0);
        }
        for (int i = 0; i < EDGES; i++)
            pthread_join(edges[i].thread, NULL);
        for (int i = 0; i < EDGES; i++) {
            if (edges[i].took_ms > 3000 || (edges[i].code != TL_TIMEOUT && edges[i].code != TL_SERVER))
                fail_msg("timeout %lld ms: %s after %lld ms", (long long)edges[i].timeout_ms,
                         tl_code_name(edges[i].code), (long long)edges[i].took_ms);
        }
    }
}

static void a_reply_beyond_all_measure_is_cut_off(void **state)
{
    (void)state;
    enum { SIZE = 40 * 1024 * 1024 };
    char *long_text = malloc(SIZE + 1);
    assert_non_null(long_text);
    memset(long_text, 'a', SIZE);
    long_text[SIZE] = '\0';
    static const char *const members[] = {"one", "two"};
    for (size_t i = 0; i < COUNT(members); i++) {
        cJSON *change = json("{'approvalRequestId':'" REQUEST(1003) "','set':{'request':{}}}");
        cJSON *set = cJSON_GetObjectItemCaseSensitive(change, "set")->child;
        cJSON_AddStringToObject(set, members[i], long_text);
        cJSON_Delete(control_send("request", change));
        cJSON_Delete(change);
    }
    free(long_text);
    tl_client *client = client_with(120000, 3);
    tl_error err;
    tl_code code = read_one(client, &err);
    print_message("%s: %s\n", tl_code_name(code), err.message);
    assert_code(code, &err, TL_PROTOCOL);
    assert_int_equal(count_calls(BY_ID), 1);
    control("reset", "{}");
    assert_ok(read_one(client, &err), &err);
    tl_client_free(client);
}

static void headers_without_measure_are_cut_off(void **state)
{
    (void)state;
    cJSON *fault = json("{'kind':'status','status':200,'match':'" BY_ID "','headers':{},'times':-1}");
    cJSON *headers = cJSON_GetObjectItemCaseSensitive(fault, "headers");
    for (int i = 0; i < 300; i++) {
        char name[32];
        snprintf(name, sizeof name, "X-Many-%d", i);
        cJSON_AddStringToObject(headers, name, "x");
    }
    cJSON_Delete(control_send("fault", fault));
    cJSON_Delete(fault);
    tl_client *client = client_with(3000, 3);
    tl_error err;
    assert_code(read_one(client, &err), &err, TL_PROTOCOL);
    tl_client_free(client);
}

static void reads_carry_what_they_must(void **state)
{
    (void)state;
    tl_client_options options = client_options();
    options.organization_id = ORGANIZATION(43);
    tl_client *client = make_client(&options);
    tl_error err = TL_ERROR_INIT;
    cJSON *row = NULL;
    /* The client's default organization, and one that a call names. */
    assert_ok(tl_request_get(&row, client, NULL, REQUEST(1003), &err), &err);
    cJSON_Delete(row);
    assert_ok(tl_request_get(&row, client, ORGANIZATION(42), REQUEST(1001), &err), &err);
    cJSON_Delete(row);
    cJSON *calls = calls_to(BY_ID);
    assert_string_equal(header_of(calls->child, "ManagedOrganizationId"), ORGANIZATION(43));
    assert_string_equal(header_of(calls->child->next, "ManagedOrganizationId"), ORGANIZATION(42));
    assert_string_equal(header_of(calls->child, "Authorization"), served.token);
    assert_null(header_of(calls->child, "OrganizationId"));
    assert_null(header_of(calls->child, "Cookie"));
    assert_text(calls->child, "query", "approvalRequestId=" REQUEST(1003));
    cJSON_Delete(calls);
    tl_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_reply_has_its_code, reset_sandbox),
        cmocka_unit_test_setup(the_switches_of_the_service_are_understood, reset_sandbox),
        cmocka_unit_test_setup(a_missing_permission_is_named, reset_sandbox),
        cmocka_unit_test_setup(reads_are_repeated_when_that_may_help, reset_sandbox),
        cmocka_unit_test_setup(the_deadline_covers_everything, reset_sandbox),
        cmocka_unit_test_setup(a_deadline_used_up_by_waiting_is_a_deadline, reset_sandbox),
        cmocka_unit_test_setup(a_reply_beyond_all_measure_is_cut_off, reset_sandbox),
        cmocka_unit_test_setup(headers_without_measure_are_cut_off, reset_sandbox),
        cmocka_unit_test_setup(reads_carry_what_they_must, reset_sandbox),
    };
    return cmocka_run_group_tests_name("reads", tests, start_sandbox, stop_sandbox);
}
