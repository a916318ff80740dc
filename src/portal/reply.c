#include "portal/reply.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "http/retry.h"

enum { MAX_SERVER_MESSAGE = 200 };

/* Error replies name their members in two casings [observed wyre]: the one lookup that ignores case. */
static const cJSON *member_any_case(const cJSON *object, const char *name)
{
    const cJSON *member;
    cJSON_ArrayForEach (member, object)
        if (member != NULL && member->string != NULL && strcasecmp(member->string, name) == 0)
            return member;
    return NULL;
}

static const char *text_any_case(const cJSON *object, const char *name)
{
    const cJSON *member = cJSON_IsObject(object) ? member_any_case(object, name) : NULL;
    const char *text = tl_json_string_value(member);
    return text != NULL && text[0] != '\0' ? text : NULL;
}

/* ProblemDetails: {"errors":{"$.path":["text"]}}; the first text names the path [observed Space-C0wboy]. */
static const char *first_problem(const cJSON *envelope)
{
    const cJSON *errors = cJSON_IsObject(envelope) ? member_any_case(envelope, "errors") : NULL;
    const cJSON *first = tl_json_first(errors);
    return tl_json_string_value(cJSON_IsArray(first) ? tl_json_first(first) : first);
}

static const char *skip_space(const char *text)
{
    return text + strspn(text, " \t\r\n");
}

static bool looks_like_html(const char *body)
{
    return *skip_space(body) == '<';
}

/* What the server says, as one clean line; "" when it says nothing readable. */
static char *server_message(const cJSON *envelope, const char *body)
{
    const char *said = first_problem(envelope);
    static const char *const members[] = {"Message", "title", "error"};
    for (size_t i = 0; said == NULL && i < sizeof members / sizeof members[0]; i++)
        said = text_any_case(envelope, members[i]);
    if (said == NULL && cJSON_IsString(envelope))
        said = envelope->valuestring;
    if (said == NULL && envelope == NULL)
        said = looks_like_html(body) ? "(an HTML page)" : body;
    return tl_clean_text(said == NULL ? "" : said, MAX_SERVER_MESSAGE);
}

static void append_permissions(tl_buffer *text, const tl_permission_group *groups)
{
    for (const tl_permission_group *group = groups; group != NULL && group->any_of != NULL; group++) {
        tl_buffer_text(text, group == groups ? "" : "; and ");
        if (group->condition != NULL)
            tl_buffer_format(text, "for %s ", group->condition);
        tl_buffer_text(text, group->any_of[1] != NULL ? "one of: " : "");
        for (size_t i = 0; group->any_of[i] != NULL; i++)
            tl_buffer_format(text, "%s%s", i == 0 ? "" : ", ", group->any_of[i]);
    }
}

/* The names of permissions are what helps, so where the message would get too long the server's own text is
 * what is cut. */
static tl_code fail_permission(const tl_endpoint *endpoint, const char *said, tl_error *err)
{
    static const char lacks[] = ": the API user lacks a permission (";
    tl_buffer needed = {.limit = 2048};
    append_permissions(&needed, endpoint->permissions);
    if (needed.failed || needed.length == 0) {
        tl_fail(err, TL_PERMISSION, "%s%s%s)", endpoint->name, lacks, said);
    } else {
        size_t fixed = strlen(endpoint->name) + sizeof lacks + sizeof "...); needed: " + needed.length;
        size_t room = fixed < sizeof err->message ? sizeof err->message - fixed : 0;
        size_t length = tl_utf8_prefix(said, strlen(said), room);
        tl_fail(err, TL_PERMISSION, "%s%s%.*s%s); needed: %s", endpoint->name, lacks, (int)length, said,
                said[length] == '\0' ? "" : "...", needed.data);
    }
    tl_buffer_free(&needed);
    return TL_PERMISSION;
}

static tl_code fail_by_status(const tl_endpoint *endpoint, int status, bool revoked, const char *said,
                              tl_error *err)
{
    const char *name = endpoint->name;
    if (revoked || status == 440)
        return tl_fail(
            err, TL_TOKEN,
            "%s: ThreatLocker does not know this token: of another instance, deleted, expired (unused for "
            "too "
            "long), sent with Bearer in front, or an organization's Auth Key instead of an API user's "
            "token (HTTP %d %s)",
            name, status, said);
    if (status == 401)
        return fail_permission(endpoint, said, err);
    if (status == 403)
        return tl_fail(err, TL_FORBIDDEN, "%s: forbidden; is the organization one of the token's? (%s)", name,
                       said);
    if (status == 404 || status == 405)
        return tl_fail(err, TL_NOT_FOUND, "%s: this server has no such endpoint (HTTP %d %s)", name, status,
                       said);
    if (status == 400 || status == 417 || status == 422)
        return tl_fail(err, TL_INVALID, "%s: ThreatLocker refused it: %s (HTTP %d)", name, said, status);
    if (status == 408)
        return tl_fail(err, TL_TIMEOUT, "%s: the server timed out (HTTP 408)", name);
    if (status == 409)
        return tl_fail(err, TL_CONFLICT, "%s: conflict: %s (HTTP 409)", name, said);
    if (status == 429)
        return tl_fail(err, TL_RATE_LIMITED, "%s: too many requests; try again later (HTTP 429)", name);
    if (status >= 500)
        return tl_fail(err, TL_SERVER, "%s: server error: %s (HTTP %d)", name, said, status);
    return tl_fail(err, TL_PROTOCOL, "%s: unexpected reply (HTTP %d)%s", name, status,
                   status >= 300 && status < 400 ? "; redirects are not followed, check base_url" : "");
}

tl_code tl_reply_status(const tl_endpoint *endpoint, int status, const char *body, size_t length,
                        tl_error *err)
{
    if (status >= 200 && status < 300)
        return TL_OK;
    if (err != NULL && err->code != TL_OK)
        return err->code;
    tl_error here = TL_ERROR_INIT;
    cJSON *envelope = NULL;
    if (tl_json_parse(&envelope, body, length, NULL) != TL_OK)
        envelope = NULL;
    char *said = server_message(envelope, body);
    bool revoked = (status == 401 || status == 403 || status == 440) && strstr(body, "TOKEN_REVOKED") != NULL;
    tl_code code = fail_by_status(endpoint, status, revoked,
                                  said == NULL || *said == '\0' ? "no reason given" : said, &here);
    here.http_status = status;
    here.retriable = tl_status_retriable(status);
    const char *logger_id = text_any_case(envelope, "LoggerId");
    if (logger_id != NULL) {
        char *clean = tl_clean_text(logger_id, sizeof here.logger_id - 1);
        if (clean != NULL)
            memcpy(here.logger_id, clean, tl_utf8_prefix(clean, strlen(clean), sizeof here.logger_id - 1));
        free(clean);
    }
    if (err != NULL)
        *err = here;
    free(said);
    cJSON_Delete(envelope);
    return code;
}

tl_code tl_reply_json(cJSON **out, const tl_endpoint *endpoint, const char *body, size_t length,
                      tl_error *err)
{
    *out = NULL;
    if (length == strspn(body, " \t\r\n"))
        return TL_OK;
    if (looks_like_html(body))
        return tl_fail(
            err, TL_PROTOCOL,
            "%s: the reply is an HTML page, not JSON: check base_url, and any proxy or gateway between",
            endpoint->name);
    tl_error inner = TL_ERROR_INIT;
    tl_code code = tl_json_parse(out, body, length, &inner);
    if (code != TL_OK)
        return tl_fail(err, code, "%s: %s", endpoint->name, inner.message);
    if (cJSON_IsNull(*out)) {
        cJSON_Delete(*out);
        *out = NULL;
    }
    return TL_OK;
}
