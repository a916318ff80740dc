/* One call to the service. */
#include <stdlib.h>

#include "base/text.h"
#include "http/flight.h"
#include "http/together.h"

tl_code tl_http_call(tl_http_reply *out, tl_http *http, const tl_http_request *request, tl_error *err)
{
    *out = (tl_http_reply){.nothing_sent = true, .retry_after_ms = -1};
    tl_code code = tl_http_check_call(http, request, err);
    if (code != TL_OK)
        return code;
    tl_buffer url = {.limit = 64 * 1024};
    tl_buffer_format(&url, "%s%s", http->base.text, request->target);
    char *extra[TL_HTTP_MAX_EXTRA_HEADERS];
    bool ok = tl_http_header_lines(extra, request) && !url.failed;
    tl_pool *pool = tl_http_take_pool(http);
    if (!ok || pool == NULL) {
        code = tl_fail_memory(err);
    } else {
        tl_flight flight, *only = &flight;
        tl_flight_begin(&flight, http, request, url.data, (const char *const *)extra);
        if (!tl_together_fly(only))
            tl_flights_run(only, &only, 1, pool);
        code = tl_flight_outcome(out, only, err);
    }
    if (pool != NULL)
        tl_http_give_back(http, pool);
    for (size_t i = 0; i < TL_HTTP_MAX_EXTRA_HEADERS; i++)
        free(extra[i]);
    tl_buffer_free(&url);
    return code;
}
