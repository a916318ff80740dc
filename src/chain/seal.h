/* The seal of a prompt: its text, request, facts, choices and executor under an HMAC. Pure. */
#ifndef TL_CHAIN_SEAL_H
#define TL_CHAIN_SEAL_H

#include "base/error.h"
#include "base/json.h"
#include "base/sha256.h"
#include "chain/words.h"

/* Texts are borrowed from `payload`. */
typedef struct tl_seal {
    cJSON *payload;
    const char *request_id;
    const char *organization_id;
    const char *facts; /* hex digest */
    const char *text;  /* hex digest of the prompt's text: tl_seal_text_digest */
    const char *executor;
    const char *time;
    const cJSON *choices; /* 1 to TL_MAX_LABELS of {label, choice}; a single one may have no label */
    const char *labels[TL_MAX_LABELS + 1]; /* set by tl_seal_read: NULL-terminated, none for an unlabelled */
} tl_seal;

typedef enum tl_seal_state {
    TL_SEAL_ABSENT, /* no seal in the text: a prompt of somebody else's */
    TL_SEAL_BROKEN, /* something that claims to be a seal, and is none of ours */
    TL_SEAL_GOOD,
    TL_SEAL_MEMORY, /* out of memory */
} tl_seal_state;

/* What must not change between asking and acting, as one digest: hashes, path, computer and its group,
 * organization, kind and the request's `json`, from permit details. */
tl_code tl_facts_digest(char out[TL_SHA256_HEX_SIZE], const cJSON *details, tl_error *err);

/* The digest of what the approver reads: the message up to its seal, or all of it where there is none yet.
 * Runs of white space count as one blank, as SOAR and playbooks may break lines otherwise. False when out of
 * memory. */
bool tl_seal_text_digest(char out[TL_SHA256_HEX_SIZE], const char *message);

/* Whether the message is the one that was sealed (TL_SEAL_GOOD, _BROKEN or _MEMORY). Whoever takes a seal
 * from a prompt must ask: a good seal can be copied under another text. */
tl_seal_state tl_seal_covers(const tl_seal *seal, const char *message);

/* The last line of a prompt: "threatlocker-seal:1:<payload>:<hmac>". *out is malloc'd, NULL on failure:
 * TL_INVALID when it would be too long. The labels are those in `choices`. */
tl_code tl_seal_line(char **out, const unsigned char key[TL_SHA256_SIZE], const tl_seal *seal, tl_error *err);

/* Reads the seal that must be the last line of a prompt's text and the only one in it. On TL_SEAL_GOOD *out
 * is the caller's (tl_seal_clear); otherwise *out_why (static) says why. */
tl_seal_state tl_seal_read(tl_seal *out, const char **out_why, const unsigned char key[TL_SHA256_SIZE],
                           const char *message);
void tl_seal_clear(tl_seal *seal);

/* The labels of a seal that was read, for tl_prompt_evidence; NULL for an unlabelled one. */
const char *const *tl_seal_labels(const tl_seal *seal);

/* The choice that a reading's label index stands for: that of the label, or with -1 the unlabelled one. NULL
 * for any other index: nobody chose anything then. Borrowed. */
const cJSON *tl_seal_choice(const tl_seal *seal, int label_index);

/* What server text must not contain inside a prompt. */
#define TL_SEAL_MARK "threatlocker-seal:"

#endif
