/* From details and choice to the exact body of a permit. Pure: no I/O, no clock. */
#ifndef TL_PORTAL_PERMIT_PLAN_H
#define TL_PORTAL_PERMIT_PLAN_H

#include "portal/choice.h"

/* Everything is borrowed. */
typedef struct tl_plan_input {
    const char *request_id;
    const cJSON *details; /* PermitApplicationDto as ApprovalRequestGetPermitApplicationById gave it */
    const tl_choice *choice;
    const cJSON *applications; /* the list that application_id must be in; NULL for a new one */
    const cJSON *maintenance;  /* and this one, too: {value, ...}; NULL where the choice needs none */
    const cJSON *groups;       /* the list that the group must be in; NULL when no group is chosen */
    const char *operation_id;  /* goes into the notes, to find our own act again */
    const char *instance;      /* for userInstance where the details have none; may be NULL */
    int64_t now_us;
} tl_plan_input;

/* Whether the request is one that can be permitted at all: the one asked for, open, with its `json`, of a
 * kind that this endpoint serves. TL_CONFLICT for an already actioned one, else TL_INVALID or TL_PROTOCOL. */
tl_code tl_permit_check(const cJSON *details, const char *request_id, bool allow_actioned, tl_error *err);

/* Starts from the details and changes only what was chosen. *out_body is the caller's. A refusal is
 * TL_INVALID or TL_CONFLICT, its message names the field and what is allowed; TL_PROTOCOL for details of
 * another shape. */
tl_code tl_permit_plan(cJSON **out_body, const tl_plan_input *input, tl_error *err);

#endif
