/* ThreatLocker's Portal API: what its parts share. */
#ifndef SANDBOX_PORTAL_H
#define SANDBOX_PORTAL_H

#include "sandbox.h"

/* One authenticated call to one endpoint. */
struct portal_call {
    struct sandbox *sandbox;
    const struct call *call;
    const cJSON *body;        /* NULL for GET */
    const char *organization; /* selected by ManagedOrganizationId, else the home organisation */
    struct reply *reply;
};

typedef void portal_fn(const struct portal_call *at);

portal_fn approval_list, approval_get, approval_details, approval_permit, approval_reject, approval_ignore;
portal_fn application_matching, application_add_list, computer_groups;

/* Error bodies, threatlocker-api A5. */
void portal_error(struct sandbox *sandbox, struct reply *reply, unsigned status, const char *message);
void portal_server_error(struct sandbox *sandbox, struct reply *reply);          /* the opaque 500 */
void portal_problem(struct reply *reply, const char *path, const char *message); /* 400 */
void portal_write_done(const struct portal_call *at); /* success of a write, by switch */

/* The request named by the query or a body, if the selected organisation may see it. */
struct request *portal_request(const struct portal_call *at, const char *id);

/* May a write act on it? False after having replied: it was actioned before. */
bool portal_may_action(const struct portal_call *at, const struct request *request);

/* Member types of the bodies (portal_types.c). False after having replied 400. */
enum body_type { BODY_NONE, BODY_LIST, BODY_MATCH, BODY_PERMIT, BODY_UPDATE };
bool body_types_fit(const cJSON *body, enum body_type type, struct reply *reply);

bool request_has_match(const struct world *world, const struct request *request);

#endif
