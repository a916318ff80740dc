#include "http/url.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HOST_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"
#define PATH_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_~/%"

/* What follows "https://" or "http://"; NULL for any other scheme. */
static const char *after_scheme(const char *text, bool *out_https)
{
    *out_https = strncasecmp(text, "https://", 8) == 0;
    if (*out_https)
        return text + 8;
    return strncasecmp(text, "http://", 7) == 0 ? text + 7 : NULL;
}

static size_t host_length(const char *host)
{
    if (host[0] != '[')
        return strspn(host, HOST_CHARACTERS);
    size_t inner = strspn(host + 1, "0123456789abcdefABCDEF:.");
    return host[1 + inner] == ']' && inner > 0 ? inner + 2 : 0;
}

static bool is_loopback(const char *host, size_t length)
{
    if ((length == 9 && strncasecmp(host, "localhost", 9) == 0) ||
        (length == 5 && strncmp(host, "[::1]", 5) == 0))
        return true;
    /* Names such as 127.example.com or 127.0.0.256 are not this machine: only an address counts. */
    char address[INET_ADDRSTRLEN];
    struct in_addr parsed;
    if (length >= sizeof address || strncmp(host, "127.", 4) != 0)
        return false;
    memcpy(address, host, length);
    address[length] = '\0';
    return inet_pton(AF_INET, address, &parsed) == 1;
}

/* The length of ":port", 0 for none, -1 for a wrong one. */
static long port_length(const char *at)
{
    if (*at != ':')
        return 0;
    size_t digits = strspn(at + 1, "0123456789");
    if (digits < 1 || digits > 5)
        return -1;
    long port = strtol(at + 1, NULL, 10);
    return port >= 1 && port <= 65535 ? (long)digits + 1 : -1;
}

tl_code tl_base_url_read(tl_base_url *out, const char *text, const char *option, tl_error *err)
{
    *out = (tl_base_url){0};
    const char *host = after_scheme(text, &out->https);
    if (host == NULL)
        return tl_fail(err, TL_CONFIG, "%s must start with https://", option);
    size_t host_size = host_length(host);
    if (host_size == 0)
        return tl_fail(err, TL_CONFIG, "%s has no valid host name", option);
    long port_size = port_length(host + host_size);
    if (port_size < 0)
        return tl_fail(err, TL_CONFIG, "%s has no valid port (1 to 65535)", option);
    const char *path = host + host_size + port_size;
    if (*path != '\0' && (*path != '/' || path[strspn(path, PATH_CHARACTERS)] != '\0'))
        return tl_fail(err, TL_CONFIG, "%s must be scheme, host, port and path only", option);
    bool loopback = is_loopback(host, host_size);
    if (!out->https && !loopback)
        return tl_fail(err, TL_CONFIG, "%s must use https: http would show the token to the network", option);
    char *copy = strdup(text);
    if (copy == NULL)
        return tl_fail_memory(err);
    for (size_t end = strlen(copy); end > 0 && copy[end - 1] == '/'; end--)
        copy[end - 1] = '\0';
    out->text = copy;
    out->loopback = loopback;
    return TL_OK;
}

void tl_base_url_place(const tl_base_url *url, char host[TL_HOST_SIZE], int *out_port)
{
    const char *from = url->text + strlen(url->https ? "https://" : "http://");
    size_t length = host_length(from);
    bool port = from[length] == ':';
    *out_port = port ? (int)strtol(from + length + 1, NULL, 10) : url->https ? 443 : 80;
    snprintf(host, TL_HOST_SIZE, "%.*s", (int)length, from);
}

tl_code tl_file_url_read(tl_file_url *out, const char *text, tl_error *err)
{
    enum { MAX_URL = 8192 };
    *out = (tl_file_url){0};
    const char *host = after_scheme(text, &out->https);
    if (host == NULL || strlen(text) > MAX_URL)
        return tl_fail(err, TL_INVALID, "the file's URL is no https URL");
    size_t host_size = host_length(host);
    long port_size = host_size == 0 || host_size >= sizeof out->host ? -1 : port_length(host + host_size);
    const char *rest = port_size < 0 ? NULL : host + host_size + port_size;
    if (rest == NULL || (*rest != '\0' && *rest != '/' && *rest != '?'))
        return tl_fail(err, TL_INVALID, "the file's URL has no valid host and port");
    for (const char *c = rest; *c != '\0'; c++)
        if (*c <= 0x20 || *c >= 0x7f)
            return tl_fail(err, TL_INVALID, "the file's URL holds characters that no URL has");
    memcpy(out->host, host, host_size);
    out->loopback = is_loopback(host, host_size);
    return TL_OK;
}
