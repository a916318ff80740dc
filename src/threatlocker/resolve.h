/* Resolving one prompt without a ledger: what a SOAR action uses, whose container is its record. */
#ifndef THREATLOCKER_RESOLVE_H
#define THREATLOCKER_RESOLVE_H

#include "threatlocker/client.h"
#include "threatlocker/json.h"
#include "threatlocker/prompt.h"
#include "threatlocker/soar.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tl_resolve_options {
    size_t size;              /* sizeof(tl_resolve_options): TL_RESOLVE_OPTIONS_INIT sets it */
    const char *executor;     /* the seal must name it; NULL = "playbook" */
    tl_limits limits;         /* the ceiling */
    tl_words words;           /* what counts as yes and no */
    int64_t max_answer_age_s; /* up to 366 days; 0 = 86,400 */
    bool answerer_not_requester;
    const char *request_id; /* cross-check: the seal must name this request; NULL = any */
} tl_resolve_options;

#define TL_RESOLVE_OPTIONS_INIT TL_SIZED(tl_resolve_options)

/* Reads one prompt and its answer, checks seal, facts, ceiling and status afresh, and permits, rejects or
 * ignores once. Calling it again is safe: a permit names this prompt in the request's notes, so one that was
 * already applied is found there and not sent again.
 *
 * *out_outcome, the caller's (cJSON_Delete), has the members of permit.h where something was sent or refused,
 * and always: outcome (as there, or "waiting": not answered yet; "left": no act follows from this prompt, a
 * person must look), message where it is one of those, approval_id, and where known answer ("permit" "reject"
 * "ignore" "closed" "undecided"), label, answered_by, answered_at, request_id. An error means that a service
 * could not be asked, and nothing was sent; or TL_MEMORY, where err->applied may be TL_APPLIED_UNKNOWN: call
 * it again. */
TL_API TL_NODISCARD tl_code tl_resolve_prompt(cJSON **out_outcome, tl_client *client, tl_soar *soar,
                                              int64_t approval_id, const tl_resolve_options *options,
                                              tl_error *err);

#ifdef __cplusplus
}
#endif
#endif
