/* Reject and ignore by parts. */
#ifndef TL_PORTAL_ANSWER_H
#define TL_PORTAL_ANSWER_H

#include "portal/write.h"

typedef struct tl_answer {
    const char *reason;
    const char *subject;
    bool notify;
    bool allow_actioned;
    bool dry_run;
} tl_answer;

/* From the object of permit.h, which may be NULL; texts are borrowed from it. */
tl_code tl_answer_read(tl_answer *out, const cJSON *json, tl_error *err);

/* TL_CONFLICT where the request was actioned, unless that is allowed. */
tl_code tl_answer_check(const cJSON *row, const tl_answer *answer, tl_error *why);

/* The body about an array of {"approvalRequestId"}, which it takes in every case, NULL included. NULL when
 * out of memory; the caller's (cJSON_Delete). Pure. */
cJSON *tl_answer_body(tl_write_kind kind, const tl_answer *answer, cJSON *requests);

/* Appends one request to that array. */
bool tl_answer_add(cJSON *requests, const char *request_id);

tl_code tl_answer_with(cJSON **out_outcome, tl_client *client, tl_write_kind kind,
                       const char *organization_id, const char *request_id, const tl_answer *answer,
                       const tl_write_hook *hook, tl_error *err);

#endif
