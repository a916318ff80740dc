/* From details and choice to the exact body of a storage permit. Pure: no I/O, no clock. */
#ifndef TL_PORTAL_STORAGE_PLAN_H
#define TL_PORTAL_STORAGE_PLAN_H

#include "portal/storage_choice.h"

/* Everything is borrowed. */
typedef struct tl_storage_input {
    const char *request_id;
    const cJSON *details; /* StorageApprovalDto as ApprovalRequestGetStorageApprovalById gave it */
    const tl_storage_choice *choice;
    const cJSON *groups;      /* the list that the group must be in; NULL when no group is chosen */
    const char *operation_id; /* goes into the notes, to find our own act again */
    int64_t now_us;
} tl_storage_input;

/* Whether the request is one that can be permitted at all: the one asked for, open, of kind storage, with its
 * `json`. TL_CONFLICT for an already actioned one, else TL_INVALID or TL_PROTOCOL. */
tl_code tl_storage_check(const cJSON *details, const char *request_id, bool allow_actioned, tl_error *err);

/* The operating system of the request's computer; 0 where the details do not tell. */
int64_t tl_storage_os_type(const cJSON *details);

/* Starts from the details and changes only what was chosen. *out_body is the caller's. */
tl_code tl_storage_plan(cJSON **out_body, const tl_storage_input *input, tl_error *err);

#endif
