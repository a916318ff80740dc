/* ThreatLocker's Portal API: what its parts share. */
#ifndef SANDBOX_PORTAL_H
#define SANDBOX_PORTAL_H

#include "sandbox.h"

/* One authenticated call to one endpoint. */
struct portal_call {
    struct sandbox *sandbox;
    const struct call *call;
    const cJSON *body;        /* NULL for GET */
    const char *organization; /* selected by ManagedOrganizationId, else the home organization */
    struct reply *reply;
};

typedef void portal_fn(const struct portal_call *at);

portal_fn approval_list, approval_count, approval_get, approval_details, approval_permit, approval_reject;
portal_fn approval_ignore, approval_own, approval_authorize, approval_storage, approval_permit_storage;
portal_fn approval_file, application_matching, application_add_list, application_options;
portal_fn application_maintenance, application_research, application_get, computer_groups, group_dropdown;
portal_fn organization_children, organization_list, organization_move, policy_conditions, audit_list;

/* Member types of the bodies (portal_types.c). */
enum body_type {
    BODY_NONE,
    BODY_LIST,
    BODY_MATCH,
    BODY_PERMIT,
    BODY_UPDATE,
    BODY_REQUEST,
    BODY_AUTHORIZE,
    BODY_STORAGE,
    BODY_OPTIONS,
    BODY_ORGANIZATIONS,
    BODY_AUDIT
};
/* False after having replied 400. */
bool body_types_fit(const cJSON *body, enum body_type type, struct reply *reply);

/* The calls that are answered (portal_table.c). */
#define PERMISSION_GROUPS 3
struct endpoint {
    const char *action, *method;
    portal_fn *serve;
    enum body_type body;
    const char *const *permissions[PERMISSION_GROUPS]; /* of each group any one; the first is reported */
};
const struct endpoint *portal_endpoint(const char *action); /* case ignored; NULL when there is none */

/* Error bodies, threatlocker-api A5. */
void portal_error(struct sandbox *sandbox, struct reply *reply, unsigned status, const char *message);
void portal_server_error(struct sandbox *sandbox, struct reply *reply);          /* the opaque 500 */
void portal_problem(struct reply *reply, const char *path, const char *message); /* 400 */
void portal_write_done(const struct portal_call *at); /* success of a write, by switch */

#define API_USER_ID "08000000-0000-4000-8000-000000000001" /* the token's user */
#define ZERO_GUID "00000000-0000-0000-0000-000000000000"

/* What lists share (portal_replies.c). */
struct page {
    long number, size;
};
struct page portal_page(const struct portal_call *at); /* as the body asks for */
void portal_pagination(const struct portal_call *at, struct page page, size_t total);
void portal_nothing(const struct portal_call *at);                         /* an empty list, by switch */
void portal_list(const struct portal_call *at, cJSON *list);               /* takes the whole list */
void portal_one_page(const struct portal_call *at, cJSON *list);           /* takes it, shows one page */
cJSON *portal_option(const char *label, const char *value, long *numeric); /* a DropdownOption */
long portal_int_arg(const struct portal_call *at, const char *name, long fallback);
bool portal_bool_arg(const struct portal_call *at, const char *name, bool fallback);
bool portal_gone(const struct portal_call *at, enum switch_id id); /* switched to 404, and replied so */

/* The request named in the query; NULL after having replied. */
struct request *portal_asked_request(const struct portal_call *at);

/* Counts a write and puts it on the audit trail; `effect` is taken. */
void portal_applied(const struct portal_call *at, struct request *request, enum write_kind kind,
                    cJSON *effect);
/* A read of details, for the audit trail. */
void portal_viewed(const struct portal_call *at, const struct request *request);

/* ApplicationOnlineDto and who may see one (portal_applications.c). */
cJSON *application_item(const struct world *world, const cJSON *application, const char *shown_name);
bool application_visible(const struct world *world, const cJSON *application, const char *organization);

/* The request named by the query or a body, if the selected organization may see it. */
struct request *portal_request(const struct portal_call *at, const char *id);

/* Sets the status, and by whom and when. */
void portal_actioned(const struct portal_call *at, struct request *request, long status);

/* May a write act on it? False after having replied: it was actioned before. */
bool portal_may_action(const struct portal_call *at, const struct request *request);

bool request_has_match(const struct world *world, const struct request *request);

#endif
