/* Files of other hosts. */
#include "base/redact.h"
#include "base/time.h"
#include "http/flight.h"
#include "http/route.h"

static tl_code check_url(tl_file_url *out, const tl_http *http, const char *text, tl_error *err)
{
    tl_code code = tl_file_url_read(out, text, err);
    if (code != TL_OK)
        return code;
    out->loopback = out->loopback && http->base.loopback;
    if (!out->https && !out->loopback)
        return tl_fail(err, TL_INVALID, "the file's URL is no https URL");
    if (!out->loopback && !tl_route_is_public_host(out->host))
        return tl_fail(err, TL_INVALID, "the file's host is none of the public internet: refused");
    return TL_OK;
}

tl_code tl_http_get_file(tl_http_reply *out, tl_http *http, const tl_http_fetch *fetch, tl_error *err)
{
    *out = (tl_http_reply){.nothing_sent = true, .retry_after_ms = -1};
    tl_file_url url;
    tl_code code = tl_http_check_usable(http, fetch->label, err);
    if (code == TL_OK)
        code = check_url(&url, http, fetch->url, err);
    if (code != TL_OK)
        return code;
    tl_proxy_settings settings = tl_proxy_settings_read(http->connection.proxy);
    tl_http_request request = {.label = fetch->label, .method = "GET"};
    tl_flight flight = {.http = http,
                        .spec = {.request = &request,
                                 .url = fetch->url,
                                 .connection = &http->connection,
                                 .loopback = url.loopback,
                                 .sink = &fetch->sink,
                                 .max_bytes = fetch->max_bytes,
                                 .foreign = true,
                                 .proxy = url.loopback ? NULL : tl_route_proxy(url.host, &settings)},
                        .deadline_ms = tl_monotonic_ms() + fetch->timeout_ms,
                        .retries = http->connection.retries < 0 ? 0 : http->connection.retries};
    tl_pool *pool = tl_http_take_pool(http);
    if (pool == NULL)
        return tl_fail_memory(err);
    tl_flight *only = &flight;
    tl_flights_run(only, &only, 1, pool);
    tl_http_give_back(http, pool);
    const char *secrets[] = {fetch->url};
    tl_redact(flight.err.message, sizeof flight.err.message, secrets, 1);
    return tl_flight_outcome(out, only, err);
}
