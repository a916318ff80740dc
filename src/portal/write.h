/* Sending a write once, and settling what became of it by reading back. */
#ifndef TL_PORTAL_WRITE_H
#define TL_PORTAL_WRITE_H

#include "base/sha256.h"
#include "base/text.h"
#include "portal/choice.h"
#include "portal/client.h"
#include "portal/endpoints.h"
#include "portal/verdict.h"

typedef struct tl_write {
    tl_write_kind kind;
    const char *organization_id; /* borrowed; may be NULL */
    const char *request_id;      /* borrowed */
    const char *notes_before;    /* borrowed: see tl_readback */
    char operation_id[TL_GUID_SIZE];
    char *body; /* exact request body; NULL when only settling */
    size_t body_length;
    char body_sha256[TL_SHA256_HEX_SIZE];
    int64_t sent_at_us;
} tl_write;

void tl_write_clear(tl_write *write); /* frees what it owns */

/* Called right before the one sending, with the final body: an error stops it. */
typedef tl_code (*tl_before_send_fn)(void *data, const tl_write *write, tl_error *err);

typedef struct tl_write_hook {
    tl_before_send_fn before_send; /* may be NULL */
    void *data;
} tl_write_hook;

/* Sends once, reads back until settled or the settle time is over. *out_outcome as in permit.h; the caller's.
 * An error is returned only when nothing was sent: the hook's, or out of memory. */
tl_code tl_write_run(cJSON **out_outcome, tl_client *client, tl_write *write, const tl_write_hook *hook,
                     tl_error *err);

/* Settles a write that was sent before, perhaps by a process that died: reads back once. TL_OK with the
 * outcome; "unknown" with applied "no" when the request is still open (not applied so far), with applied
 * "unknown" when its state proves nothing. Otherwise the reading failed. */
tl_code tl_write_settle(cJSON **out_outcome, tl_client *client, const tl_write *write, tl_error *err);

/* The outcome of a write that was not sent. `code` and `message` from `why`; row and body may be NULL. */
cJSON *tl_outcome_unsent(const tl_write *write, const char *outcome, const tl_error *why, const cJSON *row,
                         const cJSON *body);

/* Permit by parts, for the chain: details are the fresh permit details (borrowed). */
tl_code tl_permit_with(cJSON **out_outcome, tl_client *client, const char *organization_id,
                       const char *request_id, const cJSON *details, const tl_choice *choice,
                       const tl_write_hook *hook, tl_error *err);

/* Plans without sending: what would be refused is the error. *out_body is the caller's. */
tl_code tl_permit_preview(cJSON **out_body, tl_client *client, const char *organization_id,
                          const char *request_id, const cJSON *details, const tl_choice *choice,
                          const char *operation_id, tl_error *err);

/* Reject and ignore by parts. */
typedef struct tl_answer {
    const char *reason;
    const char *subject;
    bool notify;
    bool allow_actioned;
    bool dry_run;
} tl_answer;
tl_code tl_answer_with(cJSON **out_outcome, tl_client *client, tl_write_kind kind,
                       const char *organization_id, const char *request_id, const tl_answer *answer,
                       const tl_write_hook *hook, tl_error *err);

#endif
