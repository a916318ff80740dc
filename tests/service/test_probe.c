/* Looking at the way to a service: how far it is open, who is there, and nothing given away. */
#define _GNU_SOURCE /* memmem */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"

static tl_error err;
static tl_probe probe;

static int reset(void **state)
{
    err = (tl_error)TL_ERROR_INIT;
    probe = (tl_probe)TL_PROBE_INIT;
    return reset_sandbox(state);
}

static void look(const tl_client_options *options)
{
    tl_client *client = make_client(options);
    assert_ok(tl_client_probe(&probe, client, &err), &err);
    tl_client_free(client);
}

/* To another place than the sandbox, by way of a proxy. */
static void look_through(const char *proxy)
{
    tl_client_options options = client_options();
    options.base_url = "https://portalapi.invalid/portalapi";
    options.connection.proxy = proxy;
    look(&options);
}

static void assert_stopped(tl_probe_stage stage, tl_code code)
{
    if (probe.stage != stage || probe.failure.code != code)
        fail_msg("stage %d, not %d; %s: %s", probe.stage, stage, tl_code_name(probe.failure.code),
                 probe.failure.message);
}

static void assert_nowhere(const char *secret)
{
    assert_null(memmem(&probe, sizeof probe, secret, strlen(secret)));
}

/* ---- a server of the test's own: takes one connection, says one thing ---- */

typedef struct one_reply {
    int listener;
    char url[64];
    const char *reply; /* NULL = says nothing until the other side goes away */
    pthread_t thread;
} one_reply;

static void *serve(void *data)
{
    const one_reply *server = data;
    char request[4096];
    int line = accept(server->listener, NULL, NULL);
    if (line < 0)
        return NULL;
    ssize_t got = read(line, request, sizeof request);
    if (got > 0 && server->reply != NULL)
        got = write(line, server->reply, strlen(server->reply));
    while (server->reply == NULL && got > 0)
        got = read(line, request, sizeof request);
    close(line);
    return NULL;
}

static void start_server(one_reply *server, const char *reply)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    server->reply = reply;
    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(server->listener, 4), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &size), 0);
    snprintf(server->url, sizeof server->url, "http://127.0.0.1:%u", ntohs(address.sin_port));
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

static void stop_server(one_reply *server)
{
    pthread_join(server->thread, NULL);
    close(server->listener);
}

/* ---- without TLS ---- */

static void an_open_way_is_told_whole(void **state)
{
    (void)state;
    look(NULL);
    assert_stopped(TL_PROBE_REPLIED, TL_OK);
    assert_string_equal(probe.host, "127.0.0.1");
    assert_int_equal(probe.port, atoi(strrchr(served.soar, ':') + 1));
    assert_false(probe.https);
    assert_string_equal(probe.proxy, "");
    assert_int_equal(probe.address_count, 1);
    assert_string_equal(probe.addresses[0], "127.0.0.1");
    assert_string_equal(probe.address, "127.0.0.1");
    assert_int_equal(probe.certificate_count, 0);
    assert_int_equal(probe.http_status, 403); /* no Authorization [observed w159] */
    assert_true(llabs(probe.server_time - (int64_t)time(NULL)) <= 3);
    assert_true(llabs(probe.clock_skew) <= 1);
    assert_true(probe.libcurl[0] >= '7' && strchr(probe.libcurl, '.') != NULL);
    assert_true(probe.tls[0] != '\0');
}

static void it_costs_one_call_without_credentials(void **state)
{
    (void)state;
    look(NULL);
    tl_soar *soar = make_soar();
    assert_ok(tl_soar_probe(&probe, soar, &err), &err);
    tl_soar_free(soar);
    assert_stopped(TL_PROBE_REPLIED, TL_OK);
    cJSON *calls = calls_to("");
    assert_int_equal(cJSON_GetArraySize(calls), 2);
    const cJSON *call;
    cJSON_ArrayForEach (call, calls) {
        assert_text(call, "method", "GET");
        assert_null(header_of(call, "Authorization"));
        assert_null(header_of(call, "ph-auth-token"));
    }
    assert_text(calls->child, "path", "/portalapi/ApprovalRequest/ApprovalRequestGetCount");
    assert_text(calls->child->next, "path", "/rest/version");
    cJSON_Delete(calls);
}

static void a_clock_that_differs_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *date;
        bool known;
        bool ahead;
    } rows[] = {
        {"Sun, 06 Nov 1994 08:49:37 GMT", true, false},
        {"Fri, 31 Dec 9999 23:59:59 GMT", true, true},
        {"yesterday", false, false},
        {"Sun, 06 Nov 1994 08:49:37 XXX", false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        reset(state);
        control("fault", "{'kind':'status','match':'GetCount','status':403,'headers':{'Date':'%s'}}",
                rows[i].date);
        look(NULL);
        assert_stopped(TL_PROBE_REPLIED, TL_OK);
        assert_int_equal(probe.server_time != 0, rows[i].known);
        int64_t expected = rows[i].known ? probe.server_time - (int64_t)time(NULL) : 0;
        assert_true(llabs(probe.clock_skew - expected) <= 2);
        assert_int_equal(probe.clock_skew > 0, rows[i].ahead);
    }
}

static void a_reply_is_a_reply_whatever_its_status(void **state)
{
    (void)state;
    static const int statuses[] = {200, 301, 404, 440, 503};
    for (size_t i = 0; i < COUNT(statuses); i++) {
        reset(state);
        control("fault", "{'kind':'status','match':'GetCount','status':%d,'headers':{'Retry-After':'0'}}",
                statuses[i]);
        look(NULL);
        assert_stopped(TL_PROBE_REPLIED, TL_OK);
        assert_int_equal(probe.http_status, statuses[i]);
        assert_int_equal(count_calls(""), 1);
    }
}

static void too_much_of_a_reply_is_a_reply_still(void **state)
{
    (void)state;
    char *body = calloc(200 * 1024, 1);
    memset(body, 'x', 200 * 1024 - 1);
    reply_next("GetCount", 200, body);
    look(NULL);
    assert_stopped(TL_PROBE_REPLIED, TL_PROTOCOL);
    assert_int_equal(probe.http_status, 200);
    free(body);
}

static void a_port_where_nobody_listens_is_not_connected(void **state)
{
    (void)state;
    tl_client_options options = client_options();
    options.base_url = "http://127.0.0.1:9/portalapi"; /* discard: a privileged port */
    look(&options);
    assert_stopped(TL_PROBE_RESOLVED, TL_NETWORK);
    assert_int_equal(probe.port, 9);
    assert_string_equal(probe.addresses[0], "127.0.0.1");
    assert_string_equal(probe.address, "");
}

static void a_name_that_nobody_knows_is_not_resolved(void **state)
{
    (void)state;
    look_through("");
    assert_stopped(TL_PROBE_NONE, TL_NETWORK);
    assert_string_equal(probe.host, "portalapi.invalid");
    assert_int_equal(probe.port, 443);
    assert_true(probe.https);
    assert_int_equal(probe.address_count, 0);
}

static void a_server_that_says_nothing_is_connected(void **state)
{
    (void)state;
    one_reply server;
    start_server(&server, NULL);
    tl_client_options options = client_options();
    options.base_url = server.url;
    options.connection.timeout_ms = 300;
    look(&options);
    assert_stopped(TL_PROBE_SECURED, TL_TIMEOUT);
    stop_server(&server);
}

static void tls_where_there_is_none_fails_without_a_certificate(void **state)
{
    (void)state;
    char url[200];
    snprintf(url, sizeof url, "https%s", served.portal + strlen("http"));
    tl_client_options options = client_options();
    options.base_url = url;
    look(&options);
    assert_stopped(TL_PROBE_PROXIED, TL_TLS);
    assert_int_equal(probe.certificate_count, 0);
    assert_string_equal(probe.certificate_pem, "");
}

/* ---- proxies ---- */

static void a_proxy_that_refuses_is_told_without_its_password(void **state)
{
    (void)state;
    char proxy[200];
    one_reply server;
    start_server(&server, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    snprintf(proxy, sizeof proxy, "http://robot:s3cr3t@%s", server.url + strlen("http://"));
    look_through(proxy);
    assert_stopped(TL_PROBE_CONNECTED, TL_NETWORK);
    assert_string_equal(probe.proxy, server.url);
    assert_int_equal(probe.proxy_status, 407);
    assert_string_equal(probe.addresses[0], "127.0.0.1");
    assert_nowhere("s3cr3t");
    assert_nowhere("robot");
    stop_server(&server);
}

static void a_proxy_that_opens_the_way_is_told(void **state)
{
    (void)state;
    one_reply server;
    start_server(&server, "HTTP/1.1 200 Connection established\r\n\r\nthis is no TLS");
    look_through(server.url);
    assert_stopped(TL_PROBE_PROXIED, TL_TLS);
    assert_int_equal(probe.proxy_status, 200);
    stop_server(&server);
}

static void a_proxy_whose_name_nobody_knows_is_not_resolved(void **state)
{
    (void)state;
    look_through("http://robot:s3cr3t@proxy.invalid:3128");
    assert_stopped(TL_PROBE_NONE, TL_NETWORK);
    assert_string_equal(probe.proxy, "http://proxy.invalid:3128");
    assert_nowhere("s3cr3t");
}

static void a_proxy_that_is_none_shows_no_password(void **state)
{
    (void)state;
    static const char *const rows[] = {"robot:s3cr3t@127.0.0.1:80:90", "robot:s3cr3t@exa mple:80",
                                       "odd://robot:s3cr3t@127.0.0.1:9"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        look_through(rows[i]);
        assert_int_equal(probe.failure.code, TL_NETWORK);
        assert_nowhere("s3cr3t");
        /* Nor does any other call. */
        tl_client_options options = client_options();
        options.base_url = "https://portalapi.invalid/portalapi";
        options.connection.proxy = rows[i];
        options.connection.retries = -1;
        tl_client *client = make_client(&options);
        int64_t count;
        err = (tl_error)TL_ERROR_INIT;
        assert_code(tl_request_count(&count, client, NULL, true, &err), &err, TL_NETWORK);
        assert_null(strstr(err.message, "s3cr3t"));
        tl_client_free(client);
    }
}

/* libcurl knows more kinds of exceptions than we do: what is told is what it did. */
static void a_proxy_that_was_not_used_is_not_told(void **state)
{
    (void)state;
    one_reply server;
    char url[200];
    start_server(&server, "this is no TLS");
    snprintf(url, sizeof url, "https://[::ffff:127.0.0.1]%s", strrchr(server.url, ':'));
    setenv("no_proxy", "::ffff:127.0.0.1", 1);
    tl_client_options options = client_options();
    options.base_url = url;
    options.connection.proxy = "http://proxy.invalid:3128";
    look(&options);
    unsetenv("no_proxy");
    assert_stopped(TL_PROBE_PROXIED, TL_TLS);
    assert_string_equal(probe.proxy, "");
    stop_server(&server);
}

/* ---- misuse ---- */

static void a_probe_that_cannot_be_made_is_an_error(void **state)
{
    (void)state;
    tl_client *client = make_client(NULL);
    probe.size = 1;
    assert_code(tl_client_probe(&probe, client, &err), &err, TL_USAGE);
    err = (tl_error)TL_ERROR_INIT;
    assert_code(tl_client_probe(NULL, client, &err), &err, TL_USAGE);
    err = (tl_error)TL_ERROR_INIT;
    probe = (tl_probe)TL_PROBE_INIT;
    tl_client_cancel(client);
    assert_code(tl_client_probe(&probe, client, &err), &err, TL_CANCELLED);
    tl_client_free(client);
    assert_int_equal(count_calls(""), 0);
}

/* ---- with TLS ---- */

static void assert_certificate_of_the_sandbox(const char *issuer)
{
    const tl_certificate *own = &probe.certificates[0];
    int64_t now = (int64_t)time(NULL), day = 24 * 60 * 60;
    assert_true(probe.certificate_count >= 1);
    assert_non_null(strstr(own->subject, "localhost"));
    assert_non_null(strstr(own->issuer, issuer));
    assert_int_equal(strlen(own->sha256), 64);
    assert_true(own->not_before < now && own->not_before > now - 2 * day);
    assert_true(own->not_after > now + 29 * day && own->not_after < now + 31 * day);
    assert_memory_equal(probe.certificate_pem, "-----BEGIN CERTIFICATE-----\n", 28);
}

static void a_trusted_server_shows_its_chain(void **state)
{
    (void)state;
    look(NULL);
    assert_stopped(TL_PROBE_REPLIED, TL_OK);
    assert_true(probe.https);
    assert_certificate_of_the_sandbox("Example sandbox CA");
    assert_false(probe.certificates[0].self_signed);
    assert_string_equal(probe.ca, served.ca_file);
}

static void a_stranger_shows_its_chain_and_hears_nothing(void **state)
{
    (void)state;
    tl_client_options options = client_options();
    options.connection.ca_file = NULL;
    look(&options);
    assert_stopped(TL_PROBE_PROXIED, TL_TLS);
    assert_false(probe.failure.retriable);
    assert_certificate_of_the_sandbox("Example sandbox CA");
    assert_string_not_equal(probe.ca, served.ca_file);
    assert_int_equal(count_calls(""), 0);
}

static void a_certificate_of_another_name_is_shown(void **state)
{
    (void)state;
    char url[200];
    snprintf(url, sizeof url, "https://other.localhost%s", strrchr(served.portal, ':'));
    tl_client_options options = client_options();
    options.base_url = url;
    options.connection.proxy = "";
    look(&options);
    assert_stopped(TL_PROBE_PROXIED, TL_TLS);
    assert_certificate_of_the_sandbox("Example sandbox CA");
    assert_int_equal(count_calls(""), 0);
}

static void plain_http_to_tls_gets_no_reply(void **state)
{
    (void)state;
    char url[200];
    snprintf(url, sizeof url, "http%s", served.portal + strlen("https"));
    tl_client_options options = client_options();
    options.base_url = url;
    look(&options);
    assert_int_equal(probe.stage, TL_PROBE_SECURED);
    assert_int_not_equal(probe.failure.code, TL_OK);
}

/* What a person compared and saved is trusted from then on. */
static void a_self_signed_certificate_can_be_saved_and_trusted(void **state)
{
    (void)state;
    char *directory = make_directory(), path[600];
    tl_soar_options options = soar_options();
    tl_soar *soar = NULL;
    options.connection.ca_file = NULL;
    assert_ok(tl_soar_new(&soar, &options, &err), &err);
    assert_ok(tl_soar_probe(&probe, soar, &err), &err);
    tl_soar_free(soar);
    assert_stopped(TL_PROBE_PROXIED, TL_TLS);
    assert_certificate_of_the_sandbox("localhost");
    assert_true(probe.certificates[0].self_signed);
    assert_int_equal(count_calls(""), 0);
    snprintf(path, sizeof path, "%s/soar.pem", directory);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(probe.certificate_pem, file) >= 0);
    assert_int_equal(fclose(file), 0);
    options.connection.ca_file = path;
    assert_ok(tl_soar_new(&soar, &options, &err), &err);
    assert_ok(tl_soar_probe(&probe, soar, &err), &err);
    tl_soar_free(soar);
    assert_stopped(TL_PROBE_REPLIED, TL_OK);
    remove_directory(directory);
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
    const struct CMUnitTest plain[] = {
        TEST(an_open_way_is_told_whole),
        TEST(it_costs_one_call_without_credentials),
        TEST(a_clock_that_differs_is_told),
        TEST(a_reply_is_a_reply_whatever_its_status),
        TEST(too_much_of_a_reply_is_a_reply_still),
        TEST(a_port_where_nobody_listens_is_not_connected),
        TEST(a_name_that_nobody_knows_is_not_resolved),
        TEST(a_server_that_says_nothing_is_connected),
        TEST(tls_where_there_is_none_fails_without_a_certificate),
        TEST(a_proxy_that_refuses_is_told_without_its_password),
        TEST(a_proxy_that_opens_the_way_is_told),
        TEST(a_proxy_whose_name_nobody_knows_is_not_resolved),
        TEST(a_proxy_that_is_none_shows_no_password),
        TEST(a_proxy_that_was_not_used_is_not_told),
        TEST(a_probe_that_cannot_be_made_is_an_error),
    };
    const struct CMUnitTest trusted[] = {
        TEST(a_trusted_server_shows_its_chain),
        TEST(a_stranger_shows_its_chain_and_hears_nothing),
        TEST(a_certificate_of_another_name_is_shown),
        TEST(plain_http_to_tls_gets_no_reply),
    };
    const struct CMUnitTest self_signed[] = {
        TEST(a_self_signed_certificate_can_be_saved_and_trusted),
    };
    return cmocka_run_group_tests_name("plain", plain, start_sandbox, stop_sandbox) +
           cmocka_run_group_tests_name("tls", trusted, start_sandbox_tls, stop_sandbox) +
           cmocka_run_group_tests_name("self-signed", self_signed, start_sandbox_self_signed, stop_sandbox);
}
