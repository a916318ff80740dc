/* The chain: watches SOAR for sealed prompts, and turns each answer into one verified act on ThreatLocker. */
#ifndef THREATLOCKER_CHAIN_H
#define THREATLOCKER_CHAIN_H

#include "threatlocker/client.h"
#include "threatlocker/json.h"
#include "threatlocker/prompt.h"
#include "threatlocker/soar.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Used by one thread at a time. Its client and soar must outlive it. */
typedef struct tl_chain tl_chain;

/* Narrows or declines after a positive answer. Gets prompt, request, details and matches (borrowed); returns
 * true to go on, with *out_choice (the callee's to make, ours to free) NULL or a narrower choice; false
 * leaves the prompt to a person, with a reason in `reason`. */
typedef bool (*tl_decide_fn)(void *data, const cJSON *prompt, const cJSON *request, const cJSON *details,
                             const cJSON *matches, cJSON **out_choice, char *reason, size_t reason_size);

/* Gets one line of JSON (borrowed) per state change of a prompt that is sealed for this chain or has to be
 * left to a person, in the order of the changes:
 *   {"event": "<ledger id>:<number>",         the same for ever: repeated lines have the same
 *    "time": "2026-06-23T14:05:12.123456Z",   when it was written to the ledger, which is before it is given
 *    "state": "seen" | "answered" | "sending" | "permitted" | "rejected" | "ignored" | "left" | "refused" |
 *             "unknown",
 *    "approval_id": 17,                       the prompt's, in SOAR
 *    "request_id": GUID, "organization_id": GUID,
 *    "answer": "permit" | "reject" | "ignore" | "closed" | "undecided",
 *    "label": text,                           which of several labelled choices was answered
 *    "answered_by": text, "operation_id": GUID, "outcome": word of the write's outcome,
 *    "verified": text,                        how the outcome was verified, e.g. "read back: status 4, by X"
 *    "message": text}                         why
 * `event`, `time`, `state` and `approval_id` are always there, what is not known is left out; later versions
 * may add members. An event counts as taken when the chain is called again or freed: what a process that died
 * may not have taken is given once more by tl_chain_new or the steps after it, never left out. A chain
 * without such a function takes none: they wait in the ledger. The function must not use the chain. What
 * could not be kept is asked for again by tl_chain_repeat_events. */
typedef void (*tl_event_fn)(void *data, const char *line);

typedef enum tl_expired_policy {
    TL_EXPIRED_LEAVE = 0,
    TL_EXPIRED_REJECT,
    TL_EXPIRED_IGNORE
} tl_expired_policy;

/* Texts and words are copied by tl_chain_new. */
typedef struct tl_chain_options {
    size_t size;      /* sizeof(tl_chain_options): TL_CHAIN_OPTIONS_INIT sets it */
    const char *name; /* 1 to 64 of [A-Za-z0-9._-]: acts on prompts sealed for "chain:<name>"; required */
    tl_client *client;
    tl_soar *soar;
    const char *ledger; /* path of the SQLite file, made 0600 when absent; required */
    tl_limits limits;
    tl_words words;           /* what counts as yes and no */
    int64_t max_answer_age_s; /* 0 = 86,400 */
    const char *since;        /* ISO UTC: prompts from then on count; NULL = from the ledger's birth on */
    tl_decide_fn decide;
    void *decide_data;
    tl_event_fn event;
    void *event_data;
    int concurrency; /* how many prompts are worked on side by side in one step, 1 to 16; 0 = 8 */
    /* Who may decide: so many different people must say yes, each in a prompt of their own with the same seal
     * (1 to 5; 0 = 1), and none of them may be who asked. One no, or two who disagree, leave it to a person.
     */
    int answerers;
    bool answerer_not_requester;
    /* What becomes of a request whose prompt expired unanswered, after a grace time. Never a permit. */
    tl_expired_policy on_expired;
    int64_t expired_grace_s; /* 0 to 604,800 */
    /* For several chains on one SOAR and ThreatLocker, each with a ledger of its own: before sending, a chain
     * claims the request by a container in SOAR with the source_data_identifier
     * "threatlocker-claim:<request>", which SOAR makes once only; the others stand back. A claim lapses after
     * its lease; all chains must use the same one. */
    bool claims;
    const char *claim_label; /* of those containers, a label that SOAR knows; NULL = "events" */
    int64_t claim_lease_s;   /* longer than two calls to ThreatLocker may take; 0 = 300 */
} tl_chain_options;

#define TL_CHAIN_OPTIONS_INIT TL_SIZED(tl_chain_options)

/* Opens or makes the ledger, and gives out events that are due from a former process. TL_CONFIG: it is a
 * link, not a regular file, writable by others, held by another process, of a newer version or no ledger.
 * *out is the caller's (tl_chain_free), NULL on failure. */
TL_API TL_NODISCARD tl_code tl_chain_new(tl_chain **out, const tl_chain_options *options, tl_error *err);
TL_API void tl_chain_free(tl_chain *chain); /* NULL is allowed */

typedef struct tl_step {
    int watched;   /* sealed prompts still open, or answered and not yet acted on, after this step */
    int answered;  /* seen as answered in this step */
    int sending;   /* still in doubt after this step */
    int permitted; /* the rest: reached in this step */
    int rejected;
    int ignored;
    int left;    /* left to a person */
    int refused; /* refused by ThreatLocker or by us at the last check */
    int unknown; /* outcome that stays unknown: a person must look */
} tl_step;

/* One poll, without sleeping beyond the settling of doubtful writes. A failing service is an error, retriable
 * or not; nothing is lost by it and the next step goes on where this one stopped. What fails for one prompt
 * or request alone is retriable: each step tries it again, and holds up no other for it. *out counts what was
 * done before. */
TL_API TL_NODISCARD tl_code tl_chain_step(tl_step *out, tl_chain *chain, tl_error *err);

/* Makes a running step end soon, and later ones at once, with TL_CANCELLED: nothing new is begun, what is in
 * flight is finished within 8 s or parked in the ledger as "sending", from where the next start settles it.
 * Ends the use of the chain's client and soar. Any thread or signal handler. */
TL_API void tl_chain_stop(tl_chain *chain);

/* Between steps: the events given by the last step (or by tl_chain_new) are not taken after all. They are
 * given once more by the next step, or by the next chain of that ledger. */
TL_API void tl_chain_repeat_events(tl_chain *chain);

/* The ledger's history, oldest first: array of objects {id, time, approval_id, request_id, organization_id,
 * state, answer, label, answered_by, answered_at, operation_id, body_sha256, outcome, verified, message}
 * without nulls: who decided what, when, in which prompt, what came of it and how that was verified;
 * request_id NULL = all. The caller's (cJSON_Delete). */
TL_API TL_NODISCARD tl_code tl_chain_history(cJSON **out, tl_chain *chain, const char *request_id,
                                             tl_error *err);

/* The same from the ledger's file alone, which is only read. TL_CONFIG: it cannot be read, is no ledger, of
 * another version, or a running chain holds it. */
TL_API TL_NODISCARD tl_code tl_chain_history_of(cJSON **out, const char *ledger, const char *request_id,
                                                tl_error *err);

#ifdef __cplusplus
}
#endif
#endif
