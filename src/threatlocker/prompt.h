/* Sealed prompts: what the approver reads is what can be permitted, and nothing above the ceiling ever is. */
#ifndef THREATLOCKER_PROMPT_H
#define THREATLOCKER_PROMPT_H

#include "threatlocker/permit.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The ceiling: what no answer, rule, script or parameter exceeds. All zero is the default: this computer, no
 * built-ins, hash rules only, no maintenance mode; it may last. */
typedef struct tl_limits {
    tl_scope max_scope;
    bool allow_builtin;
    bool allow_path_rules;
    bool allow_installation; /* the maintenance modes, one by one */
    bool allow_learning;
    bool allow_monitor;
    int64_t max_expiry_s; /* permit and elevation must end within so many seconds; 0 = they need not */
} tl_limits;

/* A prompt's text for one request, ending in a seal: what the approver reads is what can be permitted. The
 * text is sealed along: a playbook must put it into its prompt as it is, white space aside.
 *
 * `options` (borrowed): executor (required: "playbook" or "chain:<name>") and choice (required; as in
 * permit.h, without dry_run and allow_actioned). Sends nothing but reads; the choice is planned against the
 * request, so one that could not be permitted is refused now. *out_prepared, the caller's (cJSON_Delete):
 * message (text), choices (array of the answers to offer: "Permit", "Reject", "Ignore"), request_id,
 * organization_id, executor, sealed_at, facts (digest). */
TL_API TL_NODISCARD tl_code tl_prepare_prompt(cJSON **out_prepared, tl_client *client,
                                              const char *organization_id, const char *request_id,
                                              const cJSON *options, tl_error *err);

#ifdef __cplusplus
}
#endif
#endif
