/* What the approver reads. Pure. */
#ifndef TL_CHAIN_PROMPT_TEXT_H
#define TL_CHAIN_PROMPT_TEXT_H

#include "base/text.h"
#include "portal/choice.h"

/* One choice of a prompt, and what permitting it would send. */
typedef struct tl_planned_choice {
    const char *label; /* NULL = the only one */
    const cJSON *json; /* as it is sealed; borrowed */
    tl_choice choice;
    cJSON *body; /* the permit's body: its names are the service's, not the caller's */
} tl_planned_choice;

/* The text up to the seal: the request's facts, each choice, and what to answer (a NULL-terminated list).
 * False when out of memory or above the limit of `out`. */
bool tl_prompt_text(tl_buffer *out, const char *request_id, const cJSON *details,
                    const tl_planned_choice planned[], size_t count, const char *const answers[]);

#endif
