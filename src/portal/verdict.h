/* What reading back says about a write. Pure. */
#ifndef TL_PORTAL_VERDICT_H
#define TL_PORTAL_VERDICT_H

#include "base/json.h"
#include "portal/endpoints.h"

/* How the sending ended. */
typedef enum tl_sent {
    TL_SENT_ACCEPTED,     /* 2xx */
    TL_SENT_REFUSED,      /* a reply that says no: 4xx */
    TL_SENT_REFUSED_MANY, /* the same for several requests at once: a part may have been applied */
    TL_SENT_DOUBTFUL,     /* no reply, or a 5xx: applied or not */
    TL_SENT_NOTHING,      /* not one byte left */
} tl_sent;

typedef enum tl_write_kind {
    TL_WRITE_PERMIT,
    TL_WRITE_REJECT,
    TL_WRITE_IGNORE,
    TL_WRITE_STORAGE,
    TL_WRITE_OWNERSHIP,
    TL_WRITE_AUTHORIZE,
} tl_write_kind;

typedef enum tl_verdict {
    TL_VERDICT_DONE,     /* in the state that the write makes, and nothing says that it was another's */
    TL_VERDICT_NOT_YET,  /* as before: not applied so far */
    TL_VERDICT_UNCLEAR,  /* changed, but nothing proves what happened or whose doing it was */
    TL_VERDICT_ANOTHERS, /* actioned, but not by this write */
} tl_verdict;

typedef struct tl_readback {
    tl_write_kind kind;
    tl_sent sent;
    const cJSON *row;         /* ApprovalRequestDto as read back */
    const cJSON *before;      /* the same as it was before this write; NULL = not known */
    const char *operation_id; /* of this write */
    int64_t sent_at_us;       /* by our clock */
} tl_readback;

/* What the kinds of writes differ in. */
typedef struct tl_write_rules {
    tl_endpoint_id endpoint;
    bool experimental;  /* neither described nor proven live anywhere */
    const char *done;   /* the outcome's word: "permitted" */
    const char *undone; /* what the row says where it was not applied: "the request is still open" */
    const char *did;    /* what another did who was quicker: "actioned" */
    const char *doer;   /* the member that names them */
    bool noted;         /* the notes it writes name the operation */
    bool (*makes_status)(int64_t status_id);
    tl_verdict (*judge)(const tl_readback *readback);
} tl_write_rules;
const tl_write_rules *tl_write_rules_of(tl_write_kind kind);

tl_verdict tl_write_verdict(const tl_readback *readback);

/* How a failed sending of `together` requests ended, by its error. */
tl_sent tl_sent_of(tl_code code, int http_status, bool nothing_sent, size_t together);

#endif
