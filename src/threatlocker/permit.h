/* Writes: permit, reject, ignore, take ownership, authorize. plan -> (preview) -> send once -> verify by
 * reading back.
 *
 * A call returns TL_OK whenever the request could be read, and *out_outcome says what happened; before that
 * it returns an error and *out_outcome is NULL. The outcome is a JSON object, the caller's (cJSON_Delete):
 *
 *   outcome         "permitted" "rejected" "ignored" "owned" "authorized" "already_actioned" "refused"
 *                   "unknown" "preview"
 *   verified        true when the request was read back in the state that the outcome names
 *   applied         "yes" "no" "unknown": whether this call changed the request
 *   code, message   why, where refused, unknown or already actioned; code as tl_code_name
 *   http_status, logger_id   of the reply to the write, where one came
 *   request_id, organization_id, operation_id
 *   status_id, approved_by, action_date, policy_id, application_id, assignee   as read back, where present
 *   experimental    true where the endpoint is (storage.h)
 *   body_sha256     of the exact request body
 *   body, body_json the request body as a tree, and byte for byte as it would be sent (for a preview only)
 *
 * "refused" means nothing was applied: by us before sending, or by the server. "unknown" means it may have
 * been. */
#ifndef THREATLOCKER_PERMIT_H
#define THREATLOCKER_PERMIT_H

#include "threatlocker/client.h"
#include "threatlocker/json.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Permits one application or elevation request. `choice` is an object with the members of the choice table:
 * application ("matching" | "existing" | "new"), application_id, name, policy ("new" | "existing"), scope
 * ("computer" | "group" | "organization"), group_id, rules [{hash} | {path, process, cert, created_by}], mode
 * ("manual" | "installation" | "learning" | "monitor"), elevate ("no" | "notify" | "silent" |
 * "standard_user"), elevate_hours, elevate_until, expires, ticket, comments, requestor_email,
 * response_subject, response_reason, notify, allow_builtin, allow_actioned, allow_empty, scope_encoding
 * ("official" | "all_false"), body ("full" | "minimal"), dry_run. Unknown members and values are refused.
 * Refused before sending, too [inferred]: an application that is not in the list it must be in, a built-in
 * below organization scope, a group of another system or beyond the request's organization, an elevation
 * request without `elevate` and `elevate` on any other; and what is above the client's limits (TL_INVALID,
 * naming the limit), a dry run too. Borrowed. */
TL_API TL_NODISCARD tl_code tl_permit(cJSON **out_outcome, tl_client *client, const char *organization_id,
                                      const char *request_id, const cJSON *choice, tl_error *err);

/* Reject and ignore; `answer` may be NULL or an object with reason, subject (text), notify, allow_actioned,
 * dry_run (true or false). The reason is sent both as the mail to the requestor and as the note, because
 * sources differ on which is which. Status afterwards is 10 for both [inferred]. */
TL_API TL_NODISCARD tl_code tl_reject(cJSON **out_outcome, tl_client *client, const char *organization_id,
                                      const char *request_id, const cJSON *answer, tl_error *err);
TL_API TL_NODISCARD tl_code tl_ignore(cJSON **out_outcome, tl_client *client, const char *organization_id,
                                      const char *request_id, const cJSON *answer, tl_error *err);

/* The same for several requests: one sending for each organization, then each request is read back.
 * *out_outcomes is an array of outcomes in the order of `requests`, the caller's (cJSON_Delete). A request
 * that cannot be acted on (not found, already actioned) gets its own outcome and does not hold up the others;
 * what concerns the service (token, network) is an error where nothing was sent, and stands in the outcomes
 * afterwards. At most 100 requests, none twice. Whether a refused sending applied a part is open [inferred]:
 * each is read back. */
typedef struct tl_request_ref {
    const char *organization_id; /* NULL = the client's default */
    const char *request_id;
} tl_request_ref;
TL_API TL_NODISCARD tl_code tl_reject_many(cJSON **out_outcomes, tl_client *client,
                                           const tl_request_ref *requests, size_t count, const cJSON *answer,
                                           tl_error *err);
TL_API TL_NODISCARD tl_code tl_ignore_many(cJSON **out_outcomes, tl_client *client,
                                           const tl_request_ref *requests, size_t count, const cJSON *answer,
                                           tl_error *err);

/* Assigns the request to the API user: sends back what ApprovalRequestGetById gave [observed Space-C0wboy].
 * `options` may be NULL or an object with dry_run. */
TL_API TL_NODISCARD tl_code tl_take_ownership(cJSON **out_outcome, tl_client *client,
                                              const char *organization_id, const char *request_id,
                                              const cJSON *options, tl_error *err);

/* Lets the Cyber Hero team permit a request that it escalated: neither approve nor deny; "execute" requests
 * only [official*]. On any other request it is refused before sending: ThreatLocker's own answer is a
 * misleading "already actioned" [observed Space-C0wboy]. `options` may be NULL or an object with message
 * (text), dry_run. */
TL_API TL_NODISCARD tl_code tl_authorize(cJSON **out_outcome, tl_client *client, const char *organization_id,
                                         const char *request_id, const cJSON *options, tl_error *err);

#ifdef __cplusplus
}
#endif
#endif
