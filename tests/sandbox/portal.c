/* Routing, authentication, organization and permission of the Portal API. */
#include "portal.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "json.h"

/* The envelope in PascalCase [observed wyre] (A5.1). */
void portal_error(struct sandbox *sandbox, struct reply *reply, unsigned status, const char *message)
{
    char id[GUID_TEXT];
    world_fresh_id(&sandbox->world, "09", id);
    cJSON *tree = cJSON_CreateObject();
    json_put_text(tree, "LoggerId", id);
    json_put_number(tree, "StatusCode", status);
    json_put_text(tree, "Message", message);
    reply_tree(reply, status, tree);
}

void portal_server_error(struct sandbox *sandbox, struct reply *reply)
{
    char id[GUID_TEXT];
    world_fresh_id(&sandbox->world, "09", id);
    struct text t = {0};
    text_printf(&t,
                "{\"LoggerId\":\"%s\",\"StatusCode\":500,\"Message\":\"A problem occurred with the request "
                "(%s)\"}",
                id, id);
    reply_json(reply, 500, text_str(&t));
    text_free(&t);
}

/* ASP.NET's ProblemDetails [inferred]; the text with $.path [observed Space-C0wboy] (A5.3). */
void portal_problem(struct reply *reply, const char *path, const char *message)
{
    cJSON *tree = cJSON_CreateObject(), *errors = cJSON_CreateObject();
    json_put_text(tree, "type", "https://tools.ietf.org/html/rfc9110#section-15.5.1");
    json_put_text(tree, "title", "One or more validation errors occurred.");
    json_put_number(tree, "status", 400);
    cJSON_AddItemToObject(errors, path, cJSON_CreateStringArray(&message, 1));
    json_put(tree, "errors", errors);
    json_put_text(tree, "traceId", "00-00000000000000000000000000005a4d-0000000000005a4d-00");
    reply_tree(reply, 400, tree);
    reply->content_type = "application/problem+json; charset=utf-8";
}

void portal_write_done(const struct portal_call *at)
{
    const char *body = switch_value(&at->sandbox->switches, SW_WRITE_BODY);
    if (strcmp(body, "empty") == 0)
        reply_empty(at->reply, 200);
    else
        reply_json(at->reply, 200, body);
}

struct request *portal_request(const struct portal_call *at, const char *id)
{
    const struct world *world = &at->sandbox->world;
    struct request *request = world_request(world, id);
    if (!request)
        return NULL;
    const char *owner = request_organization(request);
    /* A child's request needs the header [official] (A3); by-id reads answered only to the owner
     * elsewhere [observed rtm]. */
    bool visible = switch_is(&at->sandbox->switches, SW_BY_ID, "any")
                       ? organization_within(world, owner, at->sandbox->switches.home)
                       : same_word(owner, at->organization);
    return visible ? request : NULL;
}

static bool token_accepted(const struct sandbox *sandbox, const struct call *call, struct reply *reply)
{
    const char *token = pairs_get(&call->headers, "Authorization");
    if (!token || !*token) { /* [observed w159] (A4) */
        reply_empty(reply, 403);
        return false;
    }
    /* Raw, without a scheme [official*]: "Bearer …" is just another unknown token. */
    if (strcmp(token, PORTAL_TOKEN) == 0 && switch_is(&sandbox->switches, SW_TOKEN, "valid"))
        return true;
    /* 440 [observed wyre#131, w159], 403 [observed LimaCharlie] (A4) */
    bool as_440 = switch_is(&sandbox->switches, SW_UNKNOWN_TOKEN, "440");
    reply_json(reply, as_440 ? 440 : 403, "{\"message\":\"Unauthorized\",\"error\":\"TOKEN_REVOKED\"}");
    return false;
}

/* Sets `organization`, or replies 403 [official*][observed w159] (A3, A4). */
static bool select_organization(struct portal_call *at)
{
    const struct sandbox *sandbox = at->sandbox;
    const char *home = sandbox->switches.home;
    const char *wanted = pairs_get(&at->call->headers, "ManagedOrganizationId");
    bool wrong_header = pairs_get(&at->call->headers, "OrganizationId") &&
                        switch_is(&sandbox->switches, SW_ORGANIZATION_ID_HEADER, "403");
    at->organization = wanted && *wanted && !same_word(wanted, ZERO_GUID) ? wanted : home;
    if (!wrong_header && organization_within(&sandbox->world, at->organization, home) &&
        world_organization(&sandbox->world, at->organization))
        return true;
    portal_error(at->sandbox, at->reply, 403, "Forbidden");
    return false;
}

/* The wording of the message is [inferred] from "Missing the '' permission" [observed Space-C0wboy]. */
static bool group_granted(struct sandbox *sandbox, const char *const *any_of, struct reply *reply)
{
    for (const char *const *name = any_of; *name; name++)
        if (has_permission(&sandbox->switches, *name))
            return true;
    char message[120];
    snprintf(message, sizeof message, "Missing the '%s' permission", any_of[0]);
    portal_error(sandbox, reply, 401, message);
    return false;
}

static bool permission_granted(struct sandbox *sandbox, const struct endpoint *endpoint, struct reply *reply)
{
    for (size_t i = 0; i < PERMISSION_GROUPS && endpoint->permissions[i]; i++)
        if (!group_granted(sandbox, endpoint->permissions[i], reply))
            return false;
    return true;
}

/* application/json, text/json, application/…+json [spec] (A6) */
static bool is_json_type(const char *type)
{
    return type &&
           (strncasecmp(type, "application/json", 16) == 0 || strncasecmp(type, "text/json", 9) == 0 ||
            (strncasecmp(type, "application/", 12) == 0 && contains_word(type, "+json")));
}

static cJSON *read_body(const struct call *call, enum body_type type, struct reply *reply)
{
    if (!is_json_type(pairs_get(&call->headers, "Content-Type"))) { /* ASP.NET's answer [inferred] */
        reply_json(reply, 415, "{\"title\":\"Unsupported Media Type\",\"status\":415}");
        return NULL;
    }
    if (call->body.len == 0) {
        portal_problem(reply, "", "A non-empty request body is required.");
        return NULL;
    }
    cJSON *body = json_read(call->body.data, call->body.len);
    if (!body) {
        portal_problem(reply, "$", "The request body is not valid JSON. Path: $ | LineNumber: 0.");
    } else if (!body_types_fit(body, type, reply)) {
        cJSON_Delete(body);
        body = NULL;
    }
    return body;
}

/* Everything behind ASCII as \u escapes, as another JSON writer would send it. */
static void escape_body(struct text *body)
{
    struct text out = {0};
    for (const unsigned char *s = (const unsigned char *)text_str(body); *s;) {
        unsigned code = *s, more = *s >= 0xf0 ? 3 : *s >= 0xe0 ? 2 : *s >= 0xc0 ? 1 : 0;
        code &= more ? 0x3fu >> more : 0x7fu;
        for (s++; more; more--, s++)
            code = code << 6 | (*s & 0x3f);
        if (code < 0x80)
            text_printf(&out, "%c", (int)code);
        else if (code < 0x10000)
            text_printf(&out, "\\u%04x", code);
        else
            text_printf(&out, "\\u%04x\\u%04x", 0xd7c0 + (code >> 10), 0xdc00 + (code & 0x3ff));
    }
    text_free(body);
    *body = out;
}

static void serve_endpoint(const struct endpoint *endpoint, struct portal_call *at)
{
    cJSON *body = NULL;
    /* Bad JSON and wrong types are answered before the token is looked at: the order of H.7. */
    if (endpoint->body != BODY_NONE && !(body = read_body(at->call, endpoint->body, at->reply)))
        return;
    at->body = body;
    if (token_accepted(at->sandbox, at->call, at->reply) && select_organization(at) &&
        permission_granted(at->sandbox, endpoint, at->reply))
        endpoint->serve(at);
    cJSON_Delete(body);
}

void portal_serve(struct sandbox *sandbox, const struct call *call, struct reply *reply)
{
    /* The path ignores case [official*][observed DynamicIT] (A1). */
    const struct endpoint *endpoint = portal_endpoint(call->path + strlen("/portalapi/"));
    struct portal_call at = {.sandbox = sandbox, .call = call, .reply = reply};
    if (!endpoint) {
        reply_empty(reply, 404);
    } else if (strcmp(call->method, endpoint->method) != 0) {
        reply_empty(reply, 405);
        pairs_add(&reply->headers, "Allow", endpoint->method);
    } else {
        serve_endpoint(endpoint, &at);
        if (switch_is(&sandbox->switches, SW_ESCAPES, "ascii"))
            escape_body(&reply->body);
    }
}
