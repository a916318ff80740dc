/* A name that resolves to the inside of a network is not connected to. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/transfer.h"
#include "json_case.h"

/* A listener on loopback that nobody may reach. */
static int listen_on_loopback(unsigned *out_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    *out_port = ntohs(address.sin_port);
    return fd;
}

static bool sink_write(void *data, const void *bytes, size_t length)
{
    (void)data;
    (void)bytes;
    (void)length;
    return false;
}

static bool sink_restart(void *data)
{
    (void)data;
    return false;
}

static tl_attempt_end run(const char *url, tl_error *err)
{
    static const tl_connection connection = {.connect_timeout_ms = 2000};
    static const tl_http_request request = {.label = "file", .method = "GET"};
    static const tl_http_sink sink = {.write = sink_write, .restart = sink_restart};
    tl_transfer_spec spec = {.request = &request,
                             .url = url,
                             .connection = &connection,
                             .timeout_ms = 3000,
                             .sink = &sink,
                             .max_bytes = 10,
                             .foreign = true};
    tl_http_reply reply;
    tl_pool *pool = tl_pool_new();
    assert_non_null(pool);
    tl_transfer *transfer = tl_transfer_start(pool, &spec, err);
    assert_non_null(transfer);
    while (!tl_transfer_finished(transfer)) {
        assert_int_equal(tl_pool_drive(pool, 100, err), TL_OK);
    }
    tl_attempt_end end = tl_transfer_end(&reply, transfer, err);
    assert_true(reply.nothing_sent);
    tl_pool_free(pool);
    return end;
}

static void a_name_of_the_inside_is_refused_after_resolving(void **state)
{
    (void)state;
    static const char *const hosts[] = {"localhost",  "127.0.0.1", "127.1",
                                        "0x7f000001", "[::1]",     "[::ffff:127.0.0.1]"};
    tl_error init = TL_ERROR_INIT;
    assert_int_equal(tl_transfer_global_init(&init), TL_OK);
    for (size_t i = 0; i < COUNT(hosts); i++) {
        unsigned port;
        char url[100];
        int fd = listen_on_loopback(&port);
        tl_error err = TL_ERROR_INIT;
        snprintf(url, sizeof url, "https://%s:%u/x", hosts[i], port);
        assert_int_equal(run(url, &err), TL_ATTEMPT_FINAL);
        assert_refused(err.code, &err, TL_INVALID, "public internet", hosts[i]);
        assert_int_equal(accept(fd, NULL, NULL), -1);
        close(fd);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_of_the_inside_is_refused_after_resolving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
