/* Where a file may be fetched from: addresses, hosts and proxies. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>

#include "http/address.h"
#include "http/route.h"
#include "http/url.h"
#include "json_case.h"

static struct sockaddr_storage address_of(const char *text)
{
    struct sockaddr_storage out = {0};
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
        memcpy(&out, &v4, sizeof v4);
    } else {
        assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
        memcpy(&out, &v6, sizeof v6);
    }
    return out;
}

static void only_addresses_of_the_public_internet_are_public(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_public;
    } rows[] = {
        {"1.1.1.1", true},
        {"9.255.255.255", true},
        {"10.0.0.1", false},
        {"11.0.0.0", true},
        {"0.0.0.0", false},
        {"100.63.255.255", true},
        {"100.64.0.0", false},
        {"100.127.255.255", false},
        {"100.128.0.0", true},
        {"126.255.255.255", true},
        {"127.0.0.1", false},
        {"127.255.255.255", false},
        {"169.254.169.254", false},
        {"172.15.255.255", true},
        {"172.16.0.0", false},
        {"172.31.255.255", false},
        {"172.32.0.0", true},
        {"192.0.2.1", false},
        {"192.168.0.1", false},
        {"192.169.0.1", true},
        {"198.18.0.1", false},
        {"198.19.255.255", false},
        {"198.20.0.0", true},
        {"203.0.113.9", false},
        {"223.255.255.255", true},
        {"224.0.0.1", false},
        {"240.0.0.1", false},
        {"255.255.255.255", false},
        {"::", false},
        {"::1", false},
        {"::ffff:10.0.0.1", false},
        {"::ffff:127.0.0.1", false},
        {"::ffff:1.1.1.1", true},
        {"::127.0.0.1", false},
        {"64:ff9b::a00:1", false},
        {"64:ff9b::101:101", true},
        {"100::1", false},
        {"2001::1", false},
        {"2001:db8::1", false},
        {"2001:4860:4860::8888", true},
        {"2002:7f00:1::", false},
        {"2606:4700::1111", true},
        {"3fff::1", false},
        {"3fff:1000::1", true},
        {"4000::1", false},
        {"fc00::1", false},
        {"fd12:3456::1", false},
        {"fe80::1", false},
        {"fec0::1", false},
        {"ff02::1", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sockaddr_storage address = address_of(rows[i].text);
        if (tl_address_is_public((const struct sockaddr *)&address) != rows[i].is_public) {
            fail_msg("%s", rows[i].text);
        }
    }
    struct sockaddr local = {.sa_family = AF_UNIX};
    assert_false(tl_address_is_public(&local));
    assert_false(tl_address_is_loopback(&local));
}

static void loopback_is_this_machine_only(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool loopback;
    } rows[] = {{"127.0.0.1", true}, {"127.9.9.9", true}, {"128.0.0.1", false}, {"::1", true},
                {"::2", false},      {"::", false},       {"10.0.0.1", false},  {"::ffff:127.0.0.1", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sockaddr_storage address = address_of(rows[i].text);
        if (tl_address_is_loopback((const struct sockaddr *)&address) != rows[i].loopback) {
            fail_msg("%s", rows[i].text);
        }
    }
}

static void hosts_that_only_an_inside_resolves_are_not_public(void **state)
{
    (void)state;
    static const struct {
        const char *host;
        bool is_public;
    } rows[] = {
        {"files.example.com", true},
        {"files.example.com.", true},
        {"notlocal.example", true},
        {"1.1.1.1", true},
        {"[2606:4700::1111]", true},
        {"127.0.0.1", false},
        {"169.254.169.254", false},
        {"[::1]", false},
        {"[fe80::1%25eth0]", false},
        {"[::ffff:10.0.0.1]", false},
        {"localhost", false},
        {"x.localhost", false},
        {"LOCALHOST.", false},
        {"intranet", false},
        {"files", false},
        {"nas.local", false},
        {"metadata.google.internal", false},
        {"router.home.arpa", false},
        {"0x7f.1", false},
        {"2130706433", false},
        {"0177.0.0.1", false},
        {"10.1", false},
        {"", false},
        {".", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (tl_route_is_public_host(rows[i].host) != rows[i].is_public) {
            fail_msg("%s", rows[i].host);
        }
    }
}

static void proxies_are_chosen_as_curl_does(void **state)
{
    (void)state;
    static const struct {
        tl_proxy_settings settings;
        const char *host;
        const char *expected;
    } rows[] = {
        {{NULL, NULL, NULL}, "a.example", NULL},
        {{NULL, "p", NULL}, "a.example", "p"},
        {{"", "p", NULL}, "a.example", NULL},
        {{"q", "p", NULL}, "a.example", "q"},
        {{"q", NULL, "a.example"}, "a.example", NULL},
        {{NULL, "p", "*"}, "a.example", NULL},
        {{NULL, "p", "b.example, .example"}, "a.example", NULL},
        {{NULL, "p", "EXAMPLE"}, "a.example.", NULL},
        {{NULL, "p", "ample"}, "a.example", "p"},
        {{NULL, "p", "x.a.example,,\t*.example"}, "a.example", "p"},
        {{NULL, "p", ""}, "a.example", "p"},
        {{NULL, "p", "."}, "a.example", "p"},
        {{NULL, "p", "10.0.0.0/8"}, "a.example", "p"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *proxy = tl_route_proxy(rows[i].host, &rows[i].settings);
        if ((proxy == NULL) != (rows[i].expected == NULL) ||
            (proxy != NULL && strcmp(proxy, rows[i].expected) != 0)) {
            fail_msg("row %zu: %s", i, proxy == NULL ? "none" : proxy);
        }
    }
}

static void the_environment_names_the_proxy(void **state)
{
    (void)state;
    static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "all_proxy",
                                        "ALL_PROXY",   "no_proxy",    "NO_PROXY"};
    for (size_t i = 0; i < COUNT(names); i++) {
        unsetenv(names[i]);
    }
    assert_null(tl_proxy_settings_read(NULL).environment);
    for (size_t i = 4; i-- > 0;) { /* each later one in the list gives way to the earlier */
        assert_int_equal(setenv(names[i], names[i], 1), 0);
        assert_string_equal(tl_proxy_settings_read(NULL).environment, names[i]);
    }
    setenv("NO_PROXY", "x", 1);
    assert_string_equal(tl_proxy_settings_read("c").exceptions, "x");
    setenv("no_proxy", "y", 1);
    assert_string_equal(tl_proxy_settings_read("c").exceptions, "y");
    assert_string_equal(tl_proxy_settings_read("c").configured, "c");
}

static void proxies_are_shown_without_credentials(void **state)
{
    (void)state;
    static const struct {
        const char *proxy;
        const char *shown;
    } rows[] = {
        {"http://proxy.example.com:3128", "http://proxy.example.com:3128"},
        {"proxy.example.com:3128", "proxy.example.com:3128"},
        {"socks5h://[2001:db8::7]:1080/", "socks5h://[2001:db8::7]:1080"},
        {"http://user:secret@proxy.example.com:3128/", "http://proxy.example.com:3128"},
        {"user:secret@proxy.example.com", "proxy.example.com"},
        {"user:se@cret@proxy.example.com", "proxy.example.com"},
        {"user:se://cret@proxy.example.com", "proxy.example.com"},
        {"http://user:se/cret@proxy.example.com", "http://proxy.example.com"},
        {"http://user:secret@", "http://"},
        {"http://user:secret@\033[2J", "http://"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char shown[64];
        tl_route_show_proxy(rows[i].proxy, shown, sizeof shown);
        assert_string_equal(shown, rows[i].shown);
    }
    char little[8];
    tl_route_show_proxy("http://user:secret@proxy.example.com", little, sizeof little);
    assert_string_equal(little, "http://");
}

static void urls_of_files_are_read_and_never_shown(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *host; /* NULL = refused */
        bool https;
        bool loopback;
    } rows[] = {
        {"https://files.example.com/a b", NULL, false, false},
        {"https://files.example.com/secret?sig=%2Fx&se=1", "files.example.com", true, false},
        {"https://files.example.com?sig=secret", "files.example.com", true, false},
        {"HTTPS://files.example.com:8443", "files.example.com", true, false},
        {"http://127.0.0.1:81/x", "127.0.0.1", false, true},
        {"https://[::1]:81/x", "[::1]", true, true},
        {"https://user:secret@files.example.com/", NULL, false, false},
        {"https://files.example.com:0/secret", NULL, false, false},
        {"https://files.example.com#secret", NULL, false, false},
        {"https://files.example.com\\secret", NULL, false, false},
        {"https:///secret", NULL, false, false},
        {"https://", NULL, false, false},
        {"ftp://files.example.com/secret", NULL, false, false},
        {"file:///secret", NULL, false, false},
        {"secret", NULL, false, false},
        {"", NULL, false, false},
        {"https://files.example.com/secret\n", NULL, false, false},
        {"https://files.example.com/secr\xc3\xa9t", NULL, false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_file_url url;
        tl_error err = TL_ERROR_INIT;
        tl_code code = tl_file_url_read(&url, rows[i].text, &err);
        if (rows[i].host == NULL) {
            assert_refused(code, &err, TL_INVALID, "URL", rows[i].text);
            assert_null(strstr(err.message, "secret"));
            continue;
        }
        assert_int_equal(code, TL_OK);
        assert_string_equal(url.host, rows[i].host);
        assert_int_equal(url.https, rows[i].https);
        assert_int_equal(url.loopback, rows[i].loopback);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_addresses_of_the_public_internet_are_public),
        cmocka_unit_test(loopback_is_this_machine_only),
        cmocka_unit_test(hosts_that_only_an_inside_resolves_are_not_public),
        cmocka_unit_test(proxies_are_chosen_as_curl_does),
        cmocka_unit_test(the_environment_names_the_proxy),
        cmocka_unit_test(proxies_are_shown_without_credentials),
        cmocka_unit_test(urls_of_files_are_read_and_never_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
