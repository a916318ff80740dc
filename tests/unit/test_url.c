/* Which base URLs get to see a token. */
#include "http/url.h"
#include "json_case.h"

static void good_urls_are_taken(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *expected;
        bool loopback;
    } rows[] = {
        {"https://portalapi.g.threatlocker.com/portalapi", "https://portalapi.g.threatlocker.com/portalapi",
         false},
        {"https://soar.example.com", "https://soar.example.com", false},
        {"https://soar.example.com/", "https://soar.example.com", false},
        {"https://soar.example.com:8443///", "https://soar.example.com:8443", false},
        {"HTTPS://soar.example.com:1/a/b-c_d.~%20/", "HTTPS://soar.example.com:1/a/b-c_d.~%20", false},
        {"https://192.0.2.7:65535", "https://192.0.2.7:65535", false},
        {"https://[2001:db8::7]:8443/x", "https://[2001:db8::7]:8443/x", false},
        {"https://127.0.0.1", "https://127.0.0.1", true},
        {"http://127.0.0.1:8080/portalapi", "http://127.0.0.1:8080/portalapi", true},
        {"http://127.0.0.1/a..b", "http://127.0.0.1/a..b", true},
        {"http://127.255.255.254", "http://127.255.255.254", true},
        {"http://localhost", "http://localhost", true},
        {"HTTP://LocalHost:80/", "HTTP://LocalHost:80", true},
        {"http://[::1]:8080", "http://[::1]:8080", true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_base_url url;
        tl_error err = TL_ERROR_INIT;
        if (tl_base_url_read(&url, rows[i].text, "base_url", &err) != TL_OK) {
            fail_msg("%s: %s", rows[i].text, err.message);
        }
        assert_int_equal(url.loopback, rows[i].loopback);
        assert_text_and_free(url.text, rows[i].expected);
    }
}

static void others_are_refused_by_the_options_name(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *part;
    } rows[] = {
        {"", "must start with https://"},
        {"soar.example.com", "must start with https://"},
        {"ftp://soar.example.com", "must start with https://"},
        {"file:///etc/passwd", "must start with https://"},
        {" https://soar.example.com", "must start with https://"},
        {"https:/soar.example.com", "must start with https://"},
        {"https://", "no valid host name"},
        {"https:///path", "no valid host name"},
        {"https://@soar.example.com", "no valid host name"},
        {"https://?x", "no valid host name"},
        {"https://[::1", "no valid host name"},
        {"https://[]", "no valid host name"},
        {"https://[::1%25eth0]", "no valid host name"},
        {"https://[localhost]", "no valid host name"},
        {"https://soar.example.com:", "no valid port"},
        {"https://soar.example.com:0", "no valid port"},
        {"https://soar.example.com:65536", "no valid port"},
        {"https://soar.example.com:123456", "no valid port"},
        {"https://soar.example.com:-1", "no valid port"},
        {"https://user:password@soar.example.com", "no valid port"},
        {"https://user@soar.example.com", "scheme, host, port and path only"},
        {"https://user:80@soar.example.com", "scheme, host, port and path only"},
        {"https://soar.example.com?x=1", "scheme, host, port and path only"},
        {"https://soar.example.com/?x=1", "scheme, host, port and path only"},
        {"https://soar.example.com/#x", "scheme, host, port and path only"},
        {"https://soar.example.com/a b", "scheme, host, port and path only"},
        {"https://soar.example.com/a\r\nX: y", "scheme, host, port and path only"},
        {"https://soar.example.com\\@evil.example", "scheme, host, port and path only"},
        {"https://soar.example.com/\xC3\xA9", "scheme, host, port and path only"},
        {"https://s\xC3\xB6"
         "ar.example.com",
         "scheme, host, port and path only"},
        {"https://soar_1.example.com", "scheme, host, port and path only"},
        {"http://soar.example.com", "must use https"},
        {"http://10.0.0.1", "must use https"},
        {"http://0.0.0.0", "must use https"},
        {"http://128.0.0.1", "must use https"},
        {"http://127.0.0.1.example.com", "must use https"},
        {"http://127.example.com", "must use https"},
        {"http://127.0.0.1.", "must use https"},
        {"http://127.1", "must use https"},
        {"http://127.0..1", "must use https"},
        {"http://127.0.0.", "must use https"},
        /* No addresses: names, which a search domain may lead anywhere. */
        {"http://127.0.0.256", "must use https"},
        {"http://127.0.0.999", "must use https"},
        {"http://127.0.0.08", "must use https"},
        {"http://localhost.example.com", "must use https"},
        {"http://localhost.", "must use https"},
        {"http://xlocalhost", "must use https"},
        {"http://[::2]", "must use https"},
        {"http://[::ffff:127.0.0.1]", "must use https"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_base_url url;
        tl_error err = TL_ERROR_INIT;
        tl_code code = tl_base_url_read(&url, rows[i].text, "some_option", &err);
        assert_refused(code, &err, TL_CONFIG, rows[i].part, rows[i].text);
        assert_memory_equal(err.message, "some_option ", 12);
        assert_null(strstr(err.message, "password@"));
        assert_null(url.text);
    }
}

static void host_and_port_are_taken_from_it(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *host;
        int port;
    } rows[] = {
        {"https://soar.example.com", "soar.example.com", 443},
        {"https://soar.example.com/portalapi", "soar.example.com", 443},
        {"HTTPS://soar.example.com:8443/x", "soar.example.com", 8443},
        {"http://127.0.0.1", "127.0.0.1", 80},
        {"http://[::1]:9", "[::1]", 9},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_base_url url;
        tl_error err = TL_ERROR_INIT;
        char host[TL_HOST_SIZE];
        int port = 0;
        assert_int_equal(tl_base_url_read(&url, rows[i].text, "base_url", &err), TL_OK);
        tl_base_url_place(&url, host, &port);
        assert_string_equal(host, rows[i].host);
        assert_int_equal(port, rows[i].port);
        free(url.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_urls_are_taken),
        cmocka_unit_test(others_are_refused_by_the_options_name),
        cmocka_unit_test(host_and_port_are_taken_from_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
