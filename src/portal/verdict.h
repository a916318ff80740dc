/* What reading back says about a write. Pure. */
#ifndef TL_PORTAL_VERDICT_H
#define TL_PORTAL_VERDICT_H

#include "base/json.h"

/* How the sending ended. */
typedef enum tl_sent {
    TL_SENT_ACCEPTED, /* 2xx */
    TL_SENT_REFUSED,  /* a reply that says no: 4xx */
    TL_SENT_DOUBTFUL, /* no reply, or a 5xx: applied or not */
    TL_SENT_NOTHING,  /* not one byte left */
} tl_sent;

typedef enum tl_write_kind { TL_WRITE_PERMIT, TL_WRITE_REJECT, TL_WRITE_IGNORE } tl_write_kind;

typedef enum tl_verdict {
    TL_VERDICT_DONE,     /* in the state that the write makes, and nothing says that it was another's */
    TL_VERDICT_NOT_YET,  /* still open: not applied so far */
    TL_VERDICT_UNCLEAR,  /* no longer open, but nothing proves what happened or whose doing it was */
    TL_VERDICT_ANOTHERS, /* actioned, but not by this write */
} tl_verdict;

typedef struct tl_readback {
    tl_write_kind kind;
    tl_sent sent;
    const cJSON *row;         /* ApprovalRequestDto as read back */
    const char *operation_id; /* of this write */
    const char *notes_before; /* the request's comments before this write; NULL = not known */
    int64_t sent_at_us;       /* by our clock */
} tl_readback;

tl_verdict tl_write_verdict(const tl_readback *readback);

/* How a failed sending ended, by its error. */
tl_sent tl_sent_of(tl_code code, int http_status, bool nothing_sent);

/* "permitted", "rejected" or "ignored". */
const char *tl_write_done_word(tl_write_kind kind);

#endif
