/* Sending a write once, and settling what became of it by reading back. */
#ifndef TL_PORTAL_WRITE_H
#define TL_PORTAL_WRITE_H

#include "base/sha256.h"
#include "base/text.h"
#include "portal/choice.h"
#include "portal/client.h"
#include "portal/verdict.h"

typedef struct tl_write {
    tl_write_kind kind;
    const char *organization_id; /* borrowed; may be NULL */
    const char *request_id;      /* borrowed */
    const cJSON *before;         /* borrowed: the request's row before this write; NULL = not known */
    size_t together;             /* how many requests the body is about; 0 counts as 1 */
    char operation_id[TL_GUID_SIZE];
    char *body; /* exact request body; NULL when only settling */
    size_t body_length;
    char body_sha256[TL_SHA256_HEX_SIZE];
    int64_t sent_at_us; /* wall clock: the sending is over one timeout of a call later */
} tl_write;

tl_code tl_write_set_body(tl_write *write, const cJSON *body, tl_error *err);
void tl_write_clear(tl_write *write); /* frees what it owns */

/* Called right before the one sending, with the final body: an error stops it. One that takes long sets
 * write->sent_at_us anew when it is done, as the sending's timeout counts from there. */
typedef tl_code (*tl_before_send_fn)(void *data, tl_write *write, tl_error *err);

typedef struct tl_write_hook {
    tl_before_send_fn before_send; /* may be NULL */
    void *data;
    const char *operation_id; /* instead of a random one: the same for every try of the same decision */
} tl_write_hook;

/* With an operation id of its own, or the hook's (NULL is allowed). */
tl_code tl_write_start(tl_write *write, tl_write_kind kind, const char *organization_id,
                       const char *request_id, const tl_write_hook *hook, tl_error *err);

/* How the one sending ended. */
typedef struct tl_sending {
    tl_sent sent;
    int http_status;         /* where it was accepted */
    tl_error error;          /* where it was not */
    int64_t settle_until_ms; /* monotonic: reading back goes on until then */
} tl_sending;

/* Sends once. An error is returned only when nothing was sent: the hook's. */
tl_code tl_write_send(tl_sending *out, tl_client *client, tl_write *write, const tl_write_hook *hook,
                      tl_error *err);

/* Reads one request back, at least once, until settled or the settle time is over. `write` names the request;
 * several may share one sending. *out_outcome as in permit.h; the caller's. Only memory can fail. */
tl_code tl_write_conclude(cJSON **out_outcome, tl_client *client, const tl_write *write,
                          const tl_sending *sending, tl_error *err);

/* Settles a write that was sent before, perhaps by a process that died: reads back once. TL_OK with the
 * outcome; "unknown" with applied "no" when the request shows nothing of it (not applied so far), with
 * applied "unknown" when its state proves nothing. Otherwise the reading failed. */
tl_code tl_write_settle(cJSON **out_outcome, tl_client *client, const tl_write *write, tl_error *err);

/* What is to be sent, or why it is not. */
typedef struct tl_planned {
    cJSON *body; /* borrowed */
    tl_error why;
    bool dry_run;
} tl_planned;

/* From a plan to the outcome: refused, previewed or run. Clears the write. */
tl_code tl_write_finish(cJSON **out_outcome, tl_client *client, tl_write *write, const tl_planned *planned,
                        const tl_write_hook *hook, tl_error *err);

/* Permit by parts, for the chain: details are the fresh permit details (borrowed). */
tl_code tl_permit_with(cJSON **out_outcome, tl_client *client, const char *organization_id,
                       const char *request_id, const cJSON *details, const tl_choice *choice,
                       const tl_write_hook *hook, tl_error *err);

/* Plans without sending: what would be refused is the error. *out_body is the caller's. */
tl_code tl_permit_preview(cJSON **out_body, tl_client *client, const char *organization_id,
                          const char *request_id, const cJSON *details, const tl_choice *choice,
                          const char *operation_id, tl_error *err);

#endif
