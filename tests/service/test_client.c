/* A client's life: what options it takes, cancelling, threads, fork. */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

static const struct option_case {
    const char *token, *base_url, *instance, *organization_id, *ca_file;
    tl_code code;
    const char *says;
} options_cases[] = {
    {.token = NULL, .code = TL_CONFIG, .says = "token"},
    {.token = "", .code = TL_CONFIG, .says = "token"},
    {.token = "Bearer abc", .code = TL_CONFIG, .says = "Bearer"},
    {.token = "bearer abc", .code = TL_CONFIG, .says = "Bearer"},
    {.token = "Bearer", .code = TL_CONFIG, .says = "Bearer"},
    {.token = "abc\r\nX-Other: 1", .code = TL_CONFIG, .says = "token"},
    {.token = "abc\n", .code = TL_CONFIG, .says = "token"},
    {.token = "abc\r", .code = TL_CONFIG, .says = "token"},
    {.token = " abc", .code = TL_CONFIG, .says = "token"},
    {.token = "ab c", .code = TL_CONFIG, .says = "token"},
    {.token = "ab\tc", .code = TL_CONFIG, .says = "token"},
    {.token = "ab\x01", .code = TL_CONFIG, .says = "token"},
    {.token = "ab\x7f", .code = TL_CONFIG, .says = "token"},
    {.token = "t0ken", .base_url = "http://portal.example.com/portalapi", .code = TL_CONFIG, .says = "https"},
    {.token = "t0ken", .base_url = "http://10.0.0.1/portalapi", .code = TL_CONFIG, .says = "https"},
    {.token = "t0ken",
     .base_url = "http://127.0.0.1.example.com/portalapi",
     .code = TL_CONFIG,
     .says = "https"},
    {.token = "t0ken", .base_url = "http://localhost.example.com/", .code = TL_CONFIG, .says = "https"},
    {.token = "t0ken", .base_url = "http://user@127.0.0.1/portalapi", .code = TL_CONFIG, .says = "base_url"},
    {.token = "t0ken",
     .base_url = "https://user:x@portal.example.com/",
     .code = TL_CONFIG,
     .says = "base_url"},
    {.token = "t0ken",
     .base_url = "https://portal.example.com/portalapi?x=1",
     .code = TL_CONFIG,
     .says = "base_url"},
    {.token = "t0ken", .base_url = "https://portal.example.com/\r\n", .code = TL_CONFIG, .says = "base_url"},
    {.token = "t0ken", .base_url = "ftp://portal.example.com/", .code = TL_CONFIG, .says = "https"},
    {.token = "t0ken", .base_url = "file:///etc/hostname", .code = TL_CONFIG, .says = "https"},
    {.token = "t0ken", .base_url = "portal.example.com", .code = TL_CONFIG, .says = "https"},
    {.token = "t0ken", .base_url = "https://", .code = TL_CONFIG, .says = "host"},
    {.token = "t0ken", .base_url = "https://portal.example.com:99999/", .code = TL_CONFIG, .says = "port"},
    {.token = "t0ken", .code = TL_CONFIG, .says = "instance"}, /* neither instance nor base_url */
    {.token = "t0ken", .instance = "", .code = TL_CONFIG, .says = "instance"},
    {.token = "t0ken", .instance = "g.example.com/", .code = TL_CONFIG, .says = "instance"},
    {.token = "t0ken", .instance = "g@evil", .code = TL_CONFIG, .says = "instance"},
    {.token = "t0ken", .instance = "-g", .code = TL_CONFIG, .says = "instance"},
    {.token = "t0ken", .instance = "g g", .code = TL_CONFIG, .says = "instance"},
    {.token = "t0ken",
     .instance = "g",
     .organization_id = "42",
     .code = TL_CONFIG,
     .says = "organization_id"},
    {.token = "t0ken",
     .instance = "g",
     .ca_file = "/nonexistent/ca.pem",
     .code = TL_CONFIG,
     .says = "ca_file"},
    {.token = "t0ken", .instance = "g", .code = TL_OK},
    {.token = "t0ken", .instance = "G", .code = TL_OK},
    {.token = "t0ken", .instance = "a-1", .code = TL_OK},
    {.token = "t0ken", .base_url = "https://portal.example.com:8443/portalapi/", .code = TL_OK},
    {.token = "t0ken", .base_url = "http://127.0.0.1:1/portalapi", .code = TL_OK},
    {.token = "t0ken", .base_url = "http://[::1]/portalapi", .code = TL_OK},
    {.token = "t0ken", .base_url = "http://localhost/portalapi", .code = TL_OK},
};

static void wrong_options_are_refused_and_send_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(options_cases); i++) {
        const struct option_case *row = &options_cases[i];
        tl_client_options options = TL_CLIENT_OPTIONS_INIT;
        tl_error err = TL_ERROR_INIT;
        tl_client *client = NULL;
        options.token = row->token;
        /* A good address where the row is about the token. */
        bool about_token =
            row->says != NULL && (strcmp(row->says, "token") == 0 || strcmp(row->says, "Bearer") == 0);
        options.base_url = about_token ? served.portal : row->base_url;
        options.instance = row->instance;
        options.organization_id = row->organization_id;
        options.connection.ca_file = row->ca_file;
        tl_code code = tl_client_new(&client, &options, &err);
        print_message("%zu: %s\n", i, err.message);
        assert_int_equal(code, row->code);
        assert_true((client != NULL) == (code == TL_OK));
        if (code != TL_OK) {
            assert_non_null(strstr(err.message, row->says));
            assert_null(strpbrk(err.message, "\r\n"));
        }
        tl_client_free(client);
    }
    assert_int_equal(count_calls(""), 0);
}

static void wrong_numbers_are_refused(void **state)
{
    (void)state;
    enum { WRONG_SIZE = 8, OPTIONS };
    tl_client_options options[OPTIONS];
    for (size_t i = 0; i < OPTIONS; i++)
        options[i] = client_options();
    options[0].connection.timeout_ms = -1;
    options[1].connection.timeout_ms = INT64_MAX;
    options[2].connection.connect_timeout_ms = -1;
    options[3].connection.retries = -2;
    options[4].connection.retries = 1000;
    options[5].settle_time_ms = -1;
    options[6].settle_time_ms = INT64_MAX;
    options[7].seal_key = "short";
    options[7].seal_key_length = 5;
    options[WRONG_SIZE].size--;
    for (size_t i = 0; i < OPTIONS; i++) {
        tl_error err = TL_ERROR_INIT;
        tl_client *client = NULL;
        assert_code(tl_client_new(&client, &options[i], &err), &err, i == WRONG_SIZE ? TL_USAGE : TL_CONFIG);
        assert_null(client);
    }
}

static void tls_keys_are_not_logged_unless_allowed(void **state)
{
    (void)state;
    tl_client_options options = client_options();
    tl_soar_options soar_only = soar_options();
    tl_error err = TL_ERROR_INIT;
    tl_client *client = NULL;
    tl_soar *soar = NULL;
    setenv("SSLKEYLOGFILE", "/nonexistent/keys", 1);
    assert_code(tl_client_new(&client, &options, &err), &err, TL_CONFIG);
    assert_non_null(strstr(err.message, "SSLKEYLOGFILE"));
    err = (tl_error)TL_ERROR_INIT;
    assert_code(tl_soar_new(&soar, &soar_only, &err), &err, TL_CONFIG);
    options.connection.allow_sslkeylog = true;
    err = (tl_error)TL_ERROR_INIT;
    assert_ok(tl_client_new(&client, &options, &err), &err);
    tl_client_free(client);
    unsetenv("SSLKEYLOGFILE");
}

/* A proxy from the environment would see the token of a loopback call. */
static void loopback_goes_past_any_proxy(void **state)
{
    (void)state;
    static const char *const names[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    for (size_t i = 0; i < COUNT(names); i++)
        setenv(names[i], "http://127.0.0.1:9", 1);
    tl_client_options options = client_options();
    options.connection.proxy = "http://127.0.0.1:9";
    tl_client *client = make_client(&options);
    tl_error err = TL_ERROR_INIT;
    cJSON *row = NULL;
    tl_code code = tl_request_get(&row, client, ORGANIZATION(43), REQUEST(1003), &err);
    for (size_t i = 0; i < COUNT(names); i++)
        unsetenv(names[i]);
    assert_ok(code, &err);
    cJSON_Delete(row);
    tl_client_free(client);
}

static void nothing_listens_there(void **state)
{
    (void)state;
    tl_client_options options = client_options();
    options.base_url = "http://127.0.0.1:1/portalapi";
    options.connection.retries = -1;
    tl_client *client = make_client(&options);
    tl_error err = TL_ERROR_INIT;
    cJSON *row = NULL;
    assert_code(tl_request_get(&row, client, ORGANIZATION(43), REQUEST(1003), &err), &err, TL_NETWORK);
    assert_true(err.retriable);
    tl_client_free(client);
}

/* One call in a thread of its own. */
typedef struct running {
    tl_client *client;
    bool write;
    tl_code code;
    tl_error err;
    cJSON *outcome;
    int64_t ended_ms;
    pthread_t thread;
} running;

static void *run_call(void *data)
{
    running *call = data;
    call->err = (tl_error)TL_ERROR_INIT;
    if (call->write)
        call->code =
            tl_reject(&call->outcome, call->client, ORGANIZATION(43), REQUEST(1003), NULL, &call->err);
    else
        call->code =
            tl_request_get(&call->outcome, call->client, ORGANIZATION(43), REQUEST(1003), &call->err);
    call->ended_ms = now_ms();
    return NULL;
}

static void cancelling_ends_a_running_read_soon(void **state)
{
    (void)state;
    static const char *const faults[] = {"'kind':'delay','ms':4000", "'kind':'slow','ms':100,'chunk':1",
                                         /* ... and one that waits for its next attempt */
                                         "'kind':'status','status':503,'headers':{'Retry-After':'4'}"};
    for (size_t i = 0; i < COUNT(faults); i++) {
        control("reset", "{}");
        control("fault", "{%s,'match':'ApprovalRequestGetById','times':-1}", faults[i]);
        running call = {.client = make_client(NULL)};
        assert_int_equal(pthread_create(&call.thread, NULL, run_call, &call), 0);
        wait_for_call("ApprovalRequestGetById");
        sleep_ms(200); /* for the last one: until its reply is in */
        int64_t cancelled = now_ms();
        tl_client_cancel(call.client);
        pthread_join(call.thread, NULL);
        print_message("%s: %s after %lld ms\n", faults[i], tl_code_name(call.code),
                      (long long)(call.ended_ms - cancelled));
        assert_code(call.code, &call.err, TL_CANCELLED);
        assert_true(call.ended_ms - cancelled < 1500);
        /* Later calls end at once, without a byte. */
        control_delete("calls");
        run_call(&call);
        assert_code(call.code, &call.err, TL_CANCELLED);
        assert_int_equal(count_calls(""), 0);
        tl_client_free(call.client);
    }
}

/* A write that may have been applied is not "cancelled". */
static void cancelling_a_write_in_flight_leaves_its_outcome_unknown(void **state)
{
    (void)state;
    control("fault", "{'kind':'delay','ms':2000,'apply':true,'match':'UpdateForReject'}");
    running call = {.client = make_client(NULL), .write = true};
    assert_int_equal(pthread_create(&call.thread, NULL, run_call, &call), 0);
    wait_for_call("UpdateForReject");
    int64_t cancelled = now_ms();
    tl_client_cancel(call.client);
    pthread_join(call.thread, NULL);
    assert_true(call.ended_ms - cancelled < 800);
    assert_ok(call.code, &call.err);
    assert_text(call.outcome, "outcome", "unknown");
    assert_text(call.outcome, "code", "unknown_outcome");
    assert_text(call.outcome, "applied", "unknown");
    cJSON_Delete(call.outcome);
    tl_client_free(call.client);
}

enum { ROUNDS = 40, THREADS = 4 };

static void *read_many(void *data)
{
    tl_client *client = data;
    static const struct {
        const char *request, *organization;
    } subjects[] = {{REQUEST(1003), ORGANIZATION(43)},
                    {REQUEST(1001), ORGANIZATION(42)},
                    {REQUEST(1008), ORGANIZATION(44)}};
    for (size_t i = 0; i < ROUNDS; i++) {
        tl_error err = TL_ERROR_INIT;
        cJSON *row = NULL;
        size_t at = i % COUNT(subjects);
        /* tl_request_get itself makes sure that the reply is the one asked for. */
        if (tl_request_get(&row, client, subjects[at].organization, subjects[at].request, &err) != TL_OK)
            return strdup(err.message);
        cJSON_Delete(row);
    }
    return NULL;
}

static void several_threads_share_one_client(void **state)
{
    (void)state;
    tl_client *client = make_client(NULL);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_many, client), 0);
    for (int i = 0; i < THREADS; i++) {
        void *failure = NULL;
        pthread_join(threads[i], &failure);
        if (failure != NULL)
            fail_msg("%s", (char *)failure);
    }
    assert_int_equal(count_calls("ApprovalRequestGetById"), THREADS * ROUNDS);
    tl_client_free(client);
}

static void a_client_does_not_survive_a_fork(void **state)
{
    (void)state;
    tl_client *client = make_client(NULL);
    tl_error err = TL_ERROR_INIT;
    cJSON *row = NULL;
    assert_ok(tl_request_get(&row, client, ORGANIZATION(43), REQUEST(1003), &err), &err);
    cJSON_Delete(row);
    control_delete("calls");
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        tl_error inner = TL_ERROR_INIT;
        cJSON *got = NULL;
        tl_code code = tl_request_get(&got, client, ORGANIZATION(43), REQUEST(1003), &inner);
        tl_client_free(client); /* must not close the parent's connection */
        _exit(code == TL_USAGE ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(count_calls(""), 0);
    assert_ok(tl_request_get(&row, client, ORGANIZATION(43), REQUEST(1003), &err), &err);
    cJSON_Delete(row);
    cJSON *calls = calls_to("ApprovalRequestGetById");
    assert_true_member(calls->child, "reused", true);
    cJSON_Delete(calls);
    tl_client_free(client);
}

static void count_line(void *data, const char *line)
{
    int *lines = data;
    (*lines)++;
    if (strstr(line, served.token) != NULL || strchr(line, '\n') != NULL)
        *lines = -1000;
}

static void the_log_tells_calls_and_no_secrets(void **state)
{
    (void)state;
    int lines = 0;
    tl_client_options options = client_options();
    options.connection.log = count_line;
    options.connection.log_data = &lines;
    tl_client *client = make_client(&options);
    tl_error err = TL_ERROR_INIT;
    cJSON *outcome = NULL;
    assert_ok(tl_reject(&outcome, client, ORGANIZATION(43), REQUEST(1003), NULL, &err), &err);
    cJSON_Delete(outcome);
    assert_int_equal(lines, 3); /* read, write, read back */
    tl_client_free(client);
}

/* A debugging gateway may send back what it got. A write whose reply does so is read back as ever. */
static void nothing_is_used_of_a_reply_that_gives_the_token_back(void **state)
{
    (void)state;
    tl_client *client = make_client(NULL);
    tl_error err = TL_ERROR_INIT;
    cJSON *row = NULL, *outcome = NULL;
    control("fault",
            "{'kind':'status','status':200,'match':'ApprovalRequestGetById','body':"
            "'{\\'approvalRequestId\\':\\'" REQUEST(1003) "\\',\\'path\\':\\'%s\\'}'}",
            served.token);
    assert_code(tl_request_get(&row, client, ORGANIZATION(43), REQUEST(1003), &err), &err, TL_PROTOCOL);
    assert_null(row);
    assert_non_null(strstr(err.message, "credentials"));
    assert_null(strstr(err.message, served.token));
    control("fault", "{'kind':'status','status':200,'apply':true,'match':'UpdateForReject','body':'%s'}",
            served.token);
    err = (tl_error)TL_ERROR_INIT;
    assert_ok(tl_reject(&outcome, client, ORGANIZATION(43), REQUEST(1003), NULL, &err), &err);
    assert_text(outcome, "outcome", "rejected");
    assert_int_equal(times_applied(REQUEST(1003), "reject"), 1);
    cJSON_Delete(outcome);
    tl_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(wrong_options_are_refused_and_send_nothing, reset_sandbox),
        cmocka_unit_test_setup(wrong_numbers_are_refused, reset_sandbox),
        cmocka_unit_test_setup(tls_keys_are_not_logged_unless_allowed, reset_sandbox),
        cmocka_unit_test_setup(loopback_goes_past_any_proxy, reset_sandbox),
        cmocka_unit_test_setup(nothing_listens_there, reset_sandbox),
        cmocka_unit_test_setup(cancelling_ends_a_running_read_soon, reset_sandbox),
        cmocka_unit_test_setup(cancelling_a_write_in_flight_leaves_its_outcome_unknown, reset_sandbox),
        cmocka_unit_test_setup(several_threads_share_one_client, reset_sandbox),
        cmocka_unit_test_setup(a_client_does_not_survive_a_fork, reset_sandbox),
        cmocka_unit_test_setup(the_log_tells_calls_and_no_secrets, reset_sandbox),
        cmocka_unit_test_setup(nothing_is_used_of_a_reply_that_gives_the_token_back, reset_sandbox),
    };
    return cmocka_run_group_tests_name("client", tests, start_sandbox, stop_sandbox);
}
