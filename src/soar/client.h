/* The inside of a SOAR client, and calls by path. */
#ifndef TL_SOAR_CLIENT_H
#define TL_SOAR_CLIENT_H

#include "base/json.h"
#include "http/http.h"
#include "threatlocker/soar.h"

struct tl_soar {
    tl_http *http;
};

/* GET below the server's root ("/rest/version"). *out is the reply's JSON object, the caller's. TL_TOKEN for
 * 401, TL_FORBIDDEN 403, TL_NOT_FOUND 404, TL_PROTOCOL for anything that is no JSON object or says "failed".
 */
tl_code tl_soar_get(cJSON **out, tl_soar *soar, const char *label, const char *target, tl_error *err);

/* All pages of a list; `filters` ("&_filter_...") may be "". Rows come in ascending order of id, once each,
 * and at most TL_SOAR_MAX_ROWS. *out is an array; the caller's. */
enum { TL_SOAR_MAX_ROWS = 100000 };
tl_code tl_soar_list(cJSON **out, tl_soar *soar, const char *label, const char *path, const char *filters,
                     tl_error *err);

#endif
