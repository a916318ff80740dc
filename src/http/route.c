#include "http/route.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/address.h"

#define LETTERS_AND_DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static const char *either(const char *name, const char *other)
{
    const char *value = getenv(name);
    if (value == NULL || value[0] == '\0')
        value = getenv(other);
    return value == NULL || value[0] == '\0' ? NULL : value;
}

tl_proxy_settings tl_proxy_settings_read(const char *configured)
{
    const char *proxy = either("https_proxy", "HTTPS_PROXY");
    return (tl_proxy_settings){.configured = configured,
                               .environment = proxy != NULL ? proxy : either("all_proxy", "ALL_PROXY"),
                               .exceptions = either("no_proxy", "NO_PROXY")};
}

/* Equal to the name, or below it. */
static bool ends_in(const char *host, size_t host_length, const char *name, size_t name_length)
{
    if (name_length == 0 || name_length > host_length ||
        strncasecmp(host + host_length - name_length, name, name_length) != 0)
        return false;
    return name_length == host_length || host[host_length - name_length - 1] == '.';
}

static size_t length_without_dot(const char *host)
{
    size_t length = strlen(host);
    return length > 0 && host[length - 1] == '.' ? length - 1 : length;
}

static bool is_exception(const char *host, const char *exceptions)
{
    static const char separators[] = ", \t";
    size_t host_length = length_without_dot(host);
    for (const char *at = exceptions; at != NULL && *at != '\0';) {
        at += strspn(at, separators);
        size_t length = strcspn(at, separators);
        bool all = length == 1 && at[0] == '*';
        size_t dot = length > 0 && at[0] == '.' ? 1 : 0;
        if (all || ends_in(host, host_length, at + dot, length - dot))
            return true;
        at += length;
    }
    return false;
}

const char *tl_route_proxy(const char *host, const tl_proxy_settings *settings)
{
    const char *proxy = settings->configured != NULL ? settings->configured : settings->environment;
    if (proxy == NULL || proxy[0] == '\0' || is_exception(host, settings->exceptions))
        return NULL;
    return proxy;
}

void tl_route_show_proxy(const char *proxy, char *out, size_t size)
{
    size_t scheme = strspn(proxy, LETTERS_AND_DIGITS);
    scheme = strncmp(proxy + scheme, "://", 3) == 0 ? scheme + 3 : 0;
    const char *user_end = strrchr(proxy, '@');
    const char *host = user_end != NULL ? user_end + 1 : proxy + scheme;
    snprintf(out, size, "%.*s%.*s", (int)scheme, proxy, (int)strspn(host, LETTERS_AND_DIGITS ".-_:[]"), host);
}

static bool read_literal(struct sockaddr_storage *out, const char *host)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    char inner[INET6_ADDRSTRLEN];
    size_t length = strlen(host);
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, host, &v4.sin_addr) == 1) {
        memcpy(out, &v4, sizeof v4);
        return true;
    }
    if (length < 3 || host[0] != '[' || length - 2 >= sizeof inner)
        return false;
    memcpy(inner, host + 1, length - 2);
    inner[length - 2] = '\0';
    if (inet_pton(AF_INET6, inner, &v6.sin6_addr) != 1)
        return false;
    memcpy(out, &v6, sizeof v6);
    return true;
}

bool tl_route_is_public_host(const char *host)
{
    static const char *const inner[] = {"localhost", "local",   "internal", "intranet", "lan",
                                        "home.arpa", "invalid", "test",     "onion"};
    struct sockaddr_storage address;
    if (read_literal(&address, host))
        return tl_address_is_public((const struct sockaddr *)&address);
    size_t length = length_without_dot(host);
    /* Old number forms ("0x7f.1", "2130706433") are addresses to some resolvers; no top-level domain has
     * digits at its end. A name without a dot is one of the proxy's own network. */
    if (length == 0 || host[0] == '[' || memchr(host, '.', length) == NULL ||
        (host[length - 1] >= '0' && host[length - 1] <= '9'))
        return false;
    for (size_t i = 0; i < sizeof inner / sizeof inner[0]; i++)
        if (ends_in(host, length, inner[i], strlen(inner[i])))
            return false;
    return true;
}
