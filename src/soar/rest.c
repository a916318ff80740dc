/* One call of SOAR's REST API. */
#include <stdlib.h>
#include <string.h>

#include "base/redact.h"
#include "base/text.h"
#include "http/retry.h"
#include "soar/client.h"

enum { MAX_SERVER_MESSAGE = 200 };

/* SOAR's message, fit to be shown: a helpful server may echo what we sent. malloc'd, NULL when out of memory.
 */
static char *words_of(const tl_soar *soar, const tl_soar_ask *ask, const cJSON *json)
{
    const char *message = tl_json_text_or_empty(json, "message");
    tl_http_reply quoted = {.body = strdup(message), .length = strlen(message)};
    if (quoted.body == NULL)
        return NULL;
    tl_http_reply_redact(&quoted, soar->http);
    tl_redact(quoted.body, strlen(quoted.body) + 1, &ask->secret, 1);
    char *words = tl_clean_text(quoted.body, MAX_SERVER_MESSAGE);
    free(quoted.body);
    return words;
}

static tl_code fail_by_status(const char *label, int status, const char *said, tl_error *err)
{
    const char *colon = said[0] == '\0' ? "" : ": ";
    if (status == 401)
        return tl_fail(err, TL_TOKEN, "%s: SOAR refused the credentials (HTTP 401%s%s)", label, colon, said);
    if (status == 403)
        return tl_fail(err, TL_FORBIDDEN,
                       "%s: SOAR forbids it; the user's role, or its allowed addresses? (HTTP 403%s%s)",
                       label, colon, said);
    if (status == 404)
        return tl_fail(err, TL_NOT_FOUND, "%s: SOAR has no such thing (HTTP 404%s%s)", label, colon, said);
    if (status == 405)
        return tl_fail(err, TL_NOT_FOUND, "%s: SOAR does not allow this call (HTTP 405%s%s)", label, colon,
                       said);
    if (status == 429)
        return tl_fail(err, TL_RATE_LIMITED, "%s: too many requests (HTTP 429)", label);
    if (status == 408)
        return tl_fail(err, TL_TIMEOUT, "%s: SOAR timed out (HTTP 408)", label);
    if (status >= 500)
        return tl_fail(err, TL_SERVER, "%s: SOAR server error (HTTP %d%s%s)", label, status, colon, said);
    if (status >= 400)
        return tl_fail(err, TL_INVALID, "%s: SOAR refused it (HTTP %d%s%s)", label, status, colon, said);
    return tl_fail(err, TL_PROTOCOL, "%s: unexpected reply (HTTP %d); check url", label, status);
}

/* SOAR says "failed" with any status, 200 included [observed CTL]; whatever is not false counts. */
static bool says_failed(const cJSON *json)
{
    const cJSON *failed = tl_json_member(json, "failed"), *success = tl_json_member(json, "success");
    return (failed != NULL && !cJSON_IsFalse(failed)) || cJSON_IsFalse(success);
}

static tl_code check_good_reply(const tl_soar_ask *ask, const cJSON *json, const char *said, tl_error *err)
{
    if (!cJSON_IsObject(json) && !ask->any_shape)
        return tl_fail(err, TL_PROTOCOL, "%s: the reply is no JSON object; check url", ask->label);
    if (says_failed(json))
        return tl_fail(err, ask->body != NULL ? TL_INVALID : TL_PROTOCOL, "%s: SOAR says it failed: %s",
                       ask->label, said);
    return TL_OK;
}

static tl_code fail_unreadable(const tl_soar_ask *ask, const tl_http_reply *reply, const tl_error *parsing,
                               tl_error *err)
{
    bool page = reply->body[strspn(reply->body, " \t\r\n")] == '<';
    return tl_fail(err, parsing->code, "%s: %s%s", ask->label,
                   page ? "an HTML page, not JSON; check url: " : "", parsing->message);
}

static tl_code read_reply(cJSON **out, const tl_soar *soar, const tl_soar_ask *ask,
                          const tl_http_reply *reply, tl_error *err)
{
    tl_error parsing = TL_ERROR_INIT;
    tl_code parsed = tl_json_parse(out, reply->body, reply->length, &parsing);
    char *said = words_of(soar, ask, *out);
    tl_code code;
    if (said == NULL)
        code = tl_fail_memory(err);
    else if (reply->status < 200 || reply->status >= 300)
        code = fail_by_status(ask->label, reply->status, said, err);
    else if (parsed != TL_OK)
        code = fail_unreadable(ask, reply, &parsing, err);
    else
        code = check_good_reply(ask, *out, said, err);
    if (code == TL_OK)
        code = tl_http_reply_check(reply, soar->http, ask->label, err);
    free(said);
    return code;
}

/* 408 and redirects come from gateways, too: the server behind may have got it. An answer to one attempt does
 * not tell what became of an earlier one. */
static bool is_told(const tl_http_reply *reply, int status, tl_code code)
{
    bool refused = (status >= 400 && status < 500 && status != 408) || (status >= 200 && code == TL_INVALID);
    return reply->nothing_sent || (refused && !reply->came_before);
}

/* A POST that is sent once and whose outcome nobody told must not look like one to be simply repeated. */
static void tell_outcome(const tl_soar_ask *ask, const tl_http_reply *reply, int status, tl_error *err)
{
    if (ask->body == NULL || is_told(reply, status, err->code))
        return;
    tl_error why = *err;
    err->applied = TL_APPLIED_UNKNOWN;
    if (ask->repeatable || why.code == TL_PROTOCOL || why.code == TL_MEMORY)
        return;
    tl_error_clear(err);
    (void)tl_fail(err, TL_UNKNOWN_OUTCOME,
                  "%s: it may or may not have been done, so look in SOAR before sending it again: %s",
                  ask->label, why.message);
    err->http_status = status;
    err->applied = TL_APPLIED_UNKNOWN;
}

static tl_code exchange(tl_http_reply *out, tl_soar *soar, const tl_soar_ask *ask, tl_error *err)
{
    tl_http_request request = {.label = ask->label, .method = "GET", .target = ask->target};
    char *body = NULL;
    *out = (tl_http_reply){.nothing_sent = true};
    if (ask->body != NULL) {
        tl_code code = tl_json_print(&body, &request.body_length, ask->body, err);
        if (code != TL_OK)
            return code;
        request.method = "POST";
        request.body = body;
        request.write = !ask->repeatable;
    }
    tl_code code = tl_http_call(out, soar->http, &request, err);
    free(body);
    return code;
}

/* The object of a 400 may tell more than that. */
static void drop_tree(cJSON **tree, const tl_soar_ask *ask, int status)
{
    if (status == 400 && ask->refusal != NULL && cJSON_IsObject(*tree))
        *ask->refusal = *tree;
    else
        cJSON_Delete(*tree);
    *tree = NULL;
}

tl_code tl_soar_call(cJSON **out, tl_soar *soar, const tl_soar_ask *ask, tl_error *err)
{
    *out = NULL;
    tl_error here = TL_ERROR_INIT;
    tl_http_reply reply;
    int status = 0;
    tl_code code = exchange(&reply, soar, ask, &here);
    if (code == TL_OK) {
        status = reply.status;
        reply.nothing_sent = false;
        code = read_reply(out, soar, ask, &reply, &here);
        tl_http_reply_free(&reply);
        if (code == TL_OK)
            return TL_OK;
        here.http_status = status;
        here.retriable = tl_status_retriable(status);
    }
    drop_tree(out, ask, status);
    tell_outcome(ask, &reply, status, &here);
    tl_redact(here.message, sizeof here.message, &ask->secret, 1);
    return tl_fail_with(err, &here);
}

tl_code tl_soar_get(cJSON **out, tl_soar *soar, const char *label, const char *target, tl_error *err)
{
    tl_soar_ask ask = {.label = label, .target = target};
    return tl_soar_call(out, soar, &ask, err);
}

bool tl_soar_read_id(const cJSON *node, int64_t *out)
{
    cJSON *number = NULL;
    const char *digits = tl_json_string_value(node);
    if (digits != NULL && digits[0] != '\0' && digits[strspn(digits, "0123456789")] == '\0' &&
        tl_json_parse(&number, digits, strlen(digits), NULL) == TL_OK)
        node = number;
    bool ok = tl_json_integer(node, out) && *out > 0;
    cJSON_Delete(number);
    return ok;
}

tl_code tl_soar_post(cJSON **out, int64_t *out_id, tl_soar *soar, const tl_soar_ask *ask,
                     const char *id_member, tl_error *err)
{
    tl_code code = tl_soar_call(out, soar, ask, err);
    if (code != TL_OK || tl_soar_read_id(tl_json_member(*out, id_member), out_id))
        return code;
    cJSON_Delete(*out);
    *out = NULL;
    tl_error here = TL_ERROR_INIT;
    (void)tl_fail(&here, TL_PROTOCOL, "%s: SOAR accepted it but gave no %s: look before sending it again",
                  ask->label, id_member);
    here.applied = TL_APPLIED_UNKNOWN;
    return tl_fail_with(err, &here);
}
