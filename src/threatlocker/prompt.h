/* Sealed prompts: what the approver reads is what can be permitted, and nothing above the ceiling ever is. */
#ifndef THREATLOCKER_PROMPT_H
#define THREATLOCKER_PROMPT_H

#include "threatlocker/permit.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The words that decide, each a NULL-terminated list of at most 8; NULL = the default: "Permit" and
 * "Approve", "Reject" and "Deny", "Ignore". An answer is compared whole, without outer white space and ASCII
 * case. A word has 1 to 40 bytes of UTF-8 without control or invisible characters and stands in one list
 * only; one that means something by default cannot mean something else. */
typedef struct tl_words {
    const char *const *permit;
    const char *const *reject;
    const char *const *ignore;
} tl_words;

/* TL_CONFIG, naming the list, unless the words are as said above: what everything that takes them checks.
 * NULL stands for the defaults. Any thread. */
TL_API TL_NODISCARD tl_code tl_words_check(const tl_words *words, tl_error *err);

/* A prompt's text for one request, ending in a seal: what the approver reads is what can be permitted. The
 * text is sealed along: a playbook must put it into its prompt as it is, white space aside.
 *
 * `options` (borrowed), an object:
 *   executor  required: "playbook" or "chain:<name>"
 *   choice    what a yes permits, as in permit.h, without dry_run and allow_actioned; or
 *   choices   1 to 4 of {label, choice}, of which the approver picks one by its label. A label is of the form
 *             of a word, differs from the others in more than ASCII case and is none of the words
 *   words     {permit, reject, ignore}: lists as in tl_words, the same as those of who reads the answer
 * Sends nothing but reads; every choice is planned against the request, so one that could not be permitted,
 * or is above the client's limits, is refused now (the message names its label), and so is what makes a text
 * above 64 KiB. *out_prepared, the caller's (cJSON_Delete): message (text), choices (array of the answers to
 * offer: "Permit", "Reject", "Ignore"; or the labels and the words for no), request_id, organization_id,
 * executor, sealed_at, facts (digest). */
TL_API TL_NODISCARD tl_code tl_prepare_prompt(cJSON **out_prepared, tl_client *client,
                                              const char *organization_id, const char *request_id,
                                              const cJSON *options, tl_error *err);

/* What a prompt's text was sealed for, by a client with the same seal key: *out, the caller's (cJSON_Delete),
 * has request_id, organization_id, executor, sealed_at. TL_INVALID: it is not sealed, the seal is not of this
 * key, or the text is not the one that was sealed. Sends nothing. */
TL_API TL_NODISCARD tl_code tl_prompt_seal(cJSON **out, const tl_client *client, const char *message,
                                           tl_error *err);

#ifdef __cplusplus
}
#endif
#endif
