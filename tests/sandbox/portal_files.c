/* B12: where the copy of a request's file lies; and that other place itself, /_files/…, which stands for
 * another host with signed URLs. */
#include <ctype.h>
#include <string.h>

#include "json.h"
#include "portal.h"
#include "request_file.h"

#define FILES "/_files/"

static void signature(const struct request *request, char out[65])
{
    struct text text = {0};
    text_printf(&text, "the sandbox signs %s", request_id(request));
    text_sha256(text.data, text.len, out);
    text_free(&text);
}

static const char *name_of(const struct world *world, const struct request *request)
{
    const char *name = file_name(request_text(world, request, "path"));
    return name ? name : "";
}

static void percent_encode(struct text *out, const char *s)
{
    for (; *s; s++) {
        if (isalnum((unsigned char)*s) || strchr("-._~", *s))
            text_add(out, s, 1);
        else
            text_printf(out, "%%%02X", (unsigned char)*s);
    }
}

/* scheme://host where `host` NULL is the one that was called; `query` follows the signature. */
static void file_url(struct text *out, const struct sandbox *sandbox, const struct call *call,
                     const struct request *request, const char *scheme, const char *host, const char *query)
{
    char sig[65];
    const char *called = pairs_get(&call->headers, "Host");
    signature(request, sig);
    if (!host)
        host = called ? called : "127.0.0.1";
    if (!scheme)
        scheme = sandbox->tls ? "https" : "http";
    text_printf(out, "%s://%s" FILES "%s/", scheme, host, request_id(request));
    percent_encode(out, name_of(&sandbox->world, request));
    text_printf(out, "?sig=%s%s", sig, query);
}

/* By switch: what a URL may do to a client that trusts it. */
static void switched_url(struct text *out, const struct portal_call *at, const struct request *request)
{
    static const struct {
        const char *word, *scheme, *host, *query;
    } kinds[] = {{"good", NULL, NULL, ""},
                 {"redirect", NULL, NULL, "&redirect=1"},
                 {"private", "https", "10.0.0.1", ""},
                 {"mapped", "https", "[::ffff:10.0.0.1]", ""},
                 {"userinfo", "https", "files.example.com@10.0.0.1", ""},
                 {"plain_http", "http", NULL, ""},
                 {"metadata", "https", "169.254.169.254", ""},
                 {"http_other", "http", "files.example.com", ""},
                 {"missing", NULL, NULL, "&missing=1"},
                 {"expired", NULL, NULL, "&expired=1"},
                 {"local_file", "file", "", ""}};
    const char *word = switch_value(&at->sandbox->switches, SW_FILE_URL);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(word, kinds[i].word) == 0)
            file_url(out, at->sandbox, at->call, request, kinds[i].scheme, kinds[i].host, kinds[i].query);
}

/* filename and fileUrl [official*], the other members [spec+]. Without a file null or an empty URL
 * [inferred]. */
void approval_file(const struct portal_call *at)
{
    const struct request *request = portal_asked_request(at);
    const struct switches *switches = &at->sandbox->switches;
    if (!request)
        return;
    bool file = request_has_file(request);
    if (!file && switch_is(switches, SW_NO_FILE, "null")) {
        reply_json(at->reply, 200, "null");
        return;
    }
    struct text url = {0};
    if (file)
        switched_url(&url, at, request);
    cJSON *tree = cJSON_CreateObject();
    json_put_text(tree, "approvalRequestId", request_id(request));
    json_put_text(tree, "filename", file ? name_of(&at->sandbox->world, request) : NULL);
    json_put_text(tree, "fileUrl",
                  file || switch_is(switches, SW_NO_FILE, "empty_url") ? text_str(&url) : NULL);
    json_put_text(tree, "eActionLogId", "0000000000000000");
    json_put_number(tree, "sourceTableId", 2); /* DenyActionLog [spec+] (C) */
    reply_tree(at->reply, 200, tree);
    text_free(&url);
}

/* ---- The other host. ---- */

/* Whoever sends it a credential of the portal's has leaked it. */
static bool credentials_leaked(const struct call *call, struct reply *reply)
{
    static const char *const secrets[] = {"Authorization", "ManagedOrganizationId",
                                          "OverrideManagedOrganizationId", "Cookie", "ph-auth-token"};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        if (pairs_get(&call->headers, secrets[i])) {
            reply_json(reply, 400, "{\"error\":\"a credential arrived that is not for this host\"}");
            return true;
        }
    return false;
}

static struct request *named_request(const struct sandbox *sandbox, const char *path)
{
    char id[GUID_TEXT] = {0};
    const char *start = path + strlen(FILES);
    if (strcspn(start, "/") != GUID_TEXT - 1 || start[GUID_TEXT - 1] != '/')
        return NULL;
    memcpy(id, start, GUID_TEXT - 1);
    return world_request(&sandbox->world, id);
}

static void redirect(struct sandbox *sandbox, const struct call *call, const struct request *request,
                     struct reply *reply)
{
    struct text url = {0};
    file_url(&url, sandbox, call, request, NULL, NULL, "");
    reply_empty(reply, 302);
    pairs_add(&reply->headers, "Location", text_str(&url));
    text_free(&url);
}

void files_serve(struct sandbox *sandbox, const struct call *call, struct reply *reply)
{
    const struct request *request = named_request(sandbox, call->path);
    const char *sent = pairs_get(&call->args, "sig");
    char sig[65] = "";
    if (credentials_leaked(call, reply))
        return;
    if (request)
        signature(request, sig);
    /* The full filename belongs into the URL [official*]. */
    if (!request || pairs_get(&call->args, "missing") ||
        strcmp(call->path + strlen(FILES) + GUID_TEXT, name_of(&sandbox->world, request)) != 0)
        reply_empty(reply, 404);
    else if (!sent || strcmp(sent, sig) != 0 || pairs_get(&call->args, "expired"))
        reply_empty(reply, 403);
    else if (strcmp(call->method, "GET") != 0)
        reply_empty(reply, 405);
    else if (pairs_get(&call->args, "redirect"))
        redirect(sandbox, call, request, reply);
    else if (request_file(request, &reply->body)) {
        reply->status = 200;
        reply->content_type = "application/octet-stream";
    } else {
        reply_empty(reply, 404);
    }
}
