/* One call to the service. */
#include <stdlib.h>

#include "http/flight.h"
#include "http/together.h"

static tl_code fly(tl_http_reply *out, tl_http *http, tl_flight *flight, tl_error *err)
{
    if (!tl_together_fly(flight)) {
        tl_pool *pool = tl_http_take_pool(http);
        if (pool == NULL)
            return tl_fail_memory(err);
        tl_flights_run(flight, &flight, 1, pool);
        tl_http_give_back(http, pool);
    }
    return tl_flight_outcome(out, flight, err);
}

tl_code tl_http_call(tl_http_reply *out, tl_http *http, const tl_http_request *request, tl_error *err)
{
    *out = (tl_http_reply){.nothing_sent = true, .retry_after_ms = -1};
    tl_code code = tl_http_check_call(http, request, err);
    if (code != TL_OK)
        return code;
    char *extra[TL_HTTP_MAX_EXTRA_HEADERS];
    bool ok = tl_http_header_lines(extra, request);
    char *url = tl_http_url(http, request->target);
    if (!ok || url == NULL) {
        code = tl_fail_memory(err);
    } else {
        tl_flight flight;
        tl_flight_begin(&flight, http, request, url, (const char *const *)extra);
        code = fly(out, http, &flight, err);
    }
    for (size_t i = 0; i < TL_HTTP_MAX_EXTRA_HEADERS; i++)
        free(extra[i]);
    free(url);
    return code;
}
