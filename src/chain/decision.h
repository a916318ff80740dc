/* From an answer to one verified write: every check afresh, the ceiling, the sending. Keeps nothing itself.
 */
#ifndef TL_CHAIN_DECISION_H
#define TL_CHAIN_DECISION_H

#include "chain/seal.h"
#include "portal/choice.h"
#include "portal/write.h"
#include "threatlocker/chain.h"

typedef enum tl_decided { TL_DECIDED_PERMIT, TL_DECIDED_REJECT, TL_DECIDED_IGNORE } tl_decided;

/* Everything is borrowed but what stands below the line. */
typedef struct tl_decision {
    tl_client *client;
    tl_limits limits;
    const char *executor;   /* who acts: the seal must name it */
    const char *seal_line;  /* as it stood in the prompt, whose text it covered */
    const char *request_id; /* the seal must name it; NULL = any */
    int64_t approval_id;
    tl_decided decided;
    const char *label;               /* of a permit among several; NULL = the only choice */
    const char *answered_by;         /* NULL = not known */
    const char *const *co_answerers; /* NULL-terminated: others whose yes counts, too; NULL = none */
    const char *answered_at;
    const char *answer_word; /* as `decide` sees it: "permit" */
    bool not_requester;      /* no answerer may be who asked */
    bool unanswered;         /* nobody decided: a policy for expired prompts does */
    tl_decide_fn decide;     /* NULL = none */
    void *decide_data;
    tl_write_hook hook;
    /* ---- the decision's own ---- */
    tl_seal seal;
    cJSON *details;
    cJSON *matches;  /* fetched where the choice or `decide` needs them */
    cJSON *narrower; /* what `decide` returned */
    tl_choice choice;
    char *comments; /* the choice's, if any, with who decided */
} tl_decision;

/* Reads the seal again: TL_SEAL_GOOD, _MEMORY, or _BROKEN with *out_why (static) when it is not one that this
 * executor may act on. */
tl_seal_state tl_decision_open(tl_decision *decision, const char **out_why);

/* Checks and sends once. TL_OK with an outcome as in permit.h, the caller's. Errors: TL_INVALID, TL_CONFLICT
 * and TL_NOT_FOUND are about this decision: a person must look; all others about a service. Nothing was sent
 * then, unless the hook was called. */
tl_code tl_decision_run(cJSON **out_outcome, tl_decision *decision, tl_error *why);

void tl_decision_clear(tl_decision *decision);

/* Whether an error says nothing about the request, so that the answer waits. */
bool tl_is_service_error(tl_code code);

#endif
