/* Looking at the way to a service. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/time.h"
#include "http/flight.h"
#include "http/retry.h"
#include "http/route.h"

/* What is known before anything is tried. */
static void describe(tl_probe *out, const tl_http *http)
{
    char host[TL_HOST_SIZE];
    *out = (tl_probe)TL_PROBE_INIT;
    tl_base_url_place(&http->base, host, &out->port);
    snprintf(out->host, sizeof out->host, "%s", host);
    out->https = http->base.https;
    tl_proxy_settings settings = tl_proxy_settings_read(http->connection.proxy);
    const char *proxy = http->base.loopback ? NULL : tl_route_proxy(host, &settings);
    if (proxy != NULL)
        tl_route_show_proxy(proxy, out->proxy, sizeof out->proxy);
    tl_look_describe_library(out);
    if (http->connection.ca_file != NULL)
        snprintf(out->ca, sizeof out->ca, "%s", http->connection.ca_file);
}

/* One attempt, which is not repeated. */
static tl_code attempt(tl_http *http, tl_look *look, const char *url, int64_t deadline_ms, tl_error *err)
{
    tl_http_request request = {.label = "probe", .method = "GET"};
    tl_flight flight = {.http = http,
                        .spec = {.request = &request,
                                 .url = url,
                                 .connection = &http->connection,
                                 .loopback = http->base.loopback,
                                 .look = look},
                        .deadline_ms = deadline_ms};
    tl_pool *pool = tl_pool_new(); /* of its own: no open connection and no cached name must help */
    if (pool == NULL)
        return tl_fail_memory(err);
    tl_http_reply reply;
    tl_flight *only = &flight;
    tl_flights_run(only, &only, 1, pool);
    tl_code code = tl_flight_outcome(&reply, only, err);
    tl_http_reply_free(&reply);
    tl_pool_free(pool);
    return code;
}

static bool has_scheme(const char *proxy, const char *scheme)
{
    return strncasecmp(proxy, scheme, strlen(scheme)) == 0;
}

/* TLS to the server itself was begun: a failure of it says so, unless it was TLS to the proxy. */
static bool reached_server(const tl_look *look)
{
    const tl_probe *probe = look->probe;
    return look->sending || probe->proxy_status / 100 == 2 ||
           (probe->failure.code == TL_TLS && !has_scheme(probe->proxy, "https:"));
}

/* libcurl knows more kinds of exceptions than we do. But an HTTP proxy opens no way without saying so. */
static void forget_unused_proxy(const tl_look *look)
{
    tl_probe *probe = look->probe;
    if (reached_server(look) && probe->proxy_status == 0 && !has_scheme(probe->proxy, "socks"))
        probe->proxy[0] = '\0';
}

static tl_probe_stage stage_of(const tl_look *look)
{
    const tl_probe *probe = look->probe;
    if (probe->http_status != 0)
        return TL_PROBE_REPLIED;
    if (look->sending)
        return TL_PROBE_SECURED;
    if (probe->address[0] != '\0')
        return probe->proxy[0] == '\0' || reached_server(look) ? TL_PROBE_PROXIED : TL_PROBE_CONNECTED;
    return look->resolved ? TL_PROBE_RESOLVED : TL_PROBE_NONE;
}

/* The server wrote the date somewhere between our request and its reply, and cut it to whole seconds. */
static void compare_clocks(const tl_look *look)
{
    int64_t server_time;
    if (look->date == NULL || !tl_http_date(look->date, &server_time))
        return;
    int64_t ours_us = look->date_us - look->round_trip_us / 2;
    look->probe->server_time = server_time;
    look->probe->clock_skew = (server_time * TL_SECOND_US + TL_SECOND_US / 2 - ours_us) / TL_SECOND_US;
}

static bool is_about_the_way(tl_code code)
{
    return code == TL_OK || code == TL_NETWORK || code == TL_TLS || code == TL_TIMEOUT || code == TL_PROTOCOL;
}

static tl_code look_around(tl_probe *out, tl_http *http, const char *url, tl_error *err)
{
    int64_t deadline_ms = tl_monotonic_ms() + http->connection.timeout_ms;
    tl_look look = {.probe = out};
    tl_code code = attempt(http, &look, url, deadline_ms, &out->failure);
    forget_unused_proxy(&look);
    out->stage = stage_of(&look);
    compare_clocks(&look);
    free(look.date);
    if (!is_about_the_way(code))
        return tl_fail_with(err, &out->failure);
    /* What may be better next time is a handshake that broke: there is no certificate to be had. */
    bool untrusted = code == TL_TLS && out->stage == TL_PROBE_PROXIED && !out->failure.retriable;
    if (untrusted && out->certificate_count == 0) {
        tl_look chain = {.probe = out, .chain_only = true};
        tl_error unimportant = TL_ERROR_INIT;
        (void)attempt(http, &chain, url, deadline_ms, &unimportant);
    }
    return TL_OK;
}

tl_code tl_http_probe(tl_probe *out, tl_http *http, const char *target, tl_error *err)
{
    if (out == NULL || out->size != sizeof *out)
        return tl_fail(err, TL_USAGE, "tl_probe has another size: built against another version?");
    tl_code code = tl_http_check_usable(http, "probe", err);
    if (code != TL_OK)
        return code;
    describe(out, http);
    char *url = tl_http_url(http, target);
    code = url == NULL ? tl_fail_memory(err) : look_around(out, http, url, err);
    free(url);
    return code;
}
