/* The inside of a SOAR client, and calls by path. */
#ifndef TL_SOAR_CLIENT_H
#define TL_SOAR_CLIENT_H

#include "base/json.h"
#include "http/http.h"
#include "threatlocker/soar.h"

struct tl_soar {
    tl_http *http;
};

/* ---- rest.c: one call ---- */

typedef struct tl_soar_ask {
    const char *label;  /* for messages and log; static storage */
    const char *target; /* below the server's root ("/rest/version"), percent-encoded */
    const cJSON *body;  /* an object makes it a POST, sent once; NULL makes it a GET */
    bool repeatable;    /* this POST may be sent again: SOAR takes it once only */
    bool any_shape;     /* the reply may be any JSON value, not only an object */
    const char *secret; /* part of the target that must not be shown; NULL = none */
    cJSON **refusal;    /* where the object of a 400 goes, the caller's; NULL = not wanted */
} tl_soar_ask;

/* *out is the reply's JSON, the caller's. TL_TOKEN for 401, TL_FORBIDDEN 403, TL_NOT_FOUND 404 and 405,
 * TL_INVALID for other refusals, TL_PROTOCOL for a reply that is not what was promised, TL_UNKNOWN_OUTCOME
 * for a POST whose outcome nobody told. */
tl_code tl_soar_call(cJSON **out, tl_soar *soar, const tl_soar_ask *ask, tl_error *err);

/* A GET that gives an object. */
tl_code tl_soar_get(cJSON **out, tl_soar *soar, const char *label, const char *target, tl_error *err);

/* A POST that gives {"success":true,"<id_member>":N}; *out is that object. Without a usable id TL_PROTOCOL.
 */
tl_code tl_soar_post(cJSON **out, int64_t *out_id, tl_soar *soar, const tl_soar_ask *ask,
                     const char *id_member, tl_error *err);

/* An id that is positive: a number, or its digits as text. */
bool tl_soar_read_id(const cJSON *node, int64_t *out);

/* ---- records.c ---- */

/* GET /rest/<type>/<id><more>; a record with another id is TL_PROTOCOL. */
tl_code tl_soar_record(cJSON **out, tl_soar *soar, const char *type, int64_t id, const char *more,
                       tl_error *err);
tl_code tl_soar_check_id(const char *label, int64_t id, tl_error *err);

/* ---- list.c: lists ---- */

enum { TL_SOAR_MAX_ROWS = 100000 };

typedef struct tl_soar_listing {
    const char *label;
    const char *path;
    const char *filters; /* "&_filter_...", may be "" */
    bool descending;
    int64_t limit; /* rows of the one page asked for; 0 = all pages */
} tl_soar_listing;

/* Rows come in the order of their ids, once each, and at most TL_SOAR_MAX_ROWS. *out is an array, the
 * caller's; *out_count (may be NULL) what the server counts. */
tl_code tl_soar_list(cJSON **out, int64_t *out_count, tl_soar *soar, const tl_soar_listing *listing,
                     tl_error *err);

#endif
