/* B3, B4: one request. */
#include "json.h"
#include "portal.h"
#include "render.h"

/* What an unknown id gives is open (J.11), hence the switch. */
struct request *portal_asked_request(const struct portal_call *at)
{
    const char *id = pairs_get(&at->call->args, "approvalRequestId");
    if (!is_guid(id)) { /* ASP.NET's model binding [inferred] */
        portal_problem(at->reply, "approvalRequestId", "The value is not valid.");
        return NULL;
    }
    struct request *request = portal_request(at, id);
    if (request)
        return request;
    if (switch_is(&at->sandbox->switches, SW_UNKNOWN_REQUEST, "404"))
        reply_empty(at->reply, 404);
    else if (switch_is(&at->sandbox->switches, SW_UNKNOWN_REQUEST, "500"))
        portal_server_error(at->sandbox, at->reply);
    else
        reply_json(at->reply, 200,
                   switch_is(&at->sandbox->switches, SW_UNKNOWN_REQUEST, "null") ? "null" : "");
    return NULL;
}

void approval_get(const struct portal_call *at)
{
    struct request *request = portal_asked_request(at);
    if (!request)
        return;
    reply_json(at->reply, 200, "");
    render_request(&at->sandbox->world, &at->sandbox->switches, request, &at->reply->body);
}

void approval_details(const struct portal_call *at)
{
    struct request *request = portal_asked_request(at);
    if (!request)
        return;
    /* Whether storage requests are answered is open (J.10); the wording is seen elsewhere (A5.4). */
    if (same_word(request_kind(&at->sandbox->world, request), "storage") &&
        switch_is(&at->sandbox->switches, SW_STORAGE_DETAILS, "417")) {
        portal_error(at->sandbox, at->reply, 417, "Missing Parameters. Unable to load details.");
        return;
    }
    portal_viewed(at, request);
    reply_json(at->reply, 200, "");
    render_details(&at->sandbox->world, &at->sandbox->switches, request, &at->reply->body);
}
