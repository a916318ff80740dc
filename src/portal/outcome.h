/* What a write became, as the outcome object of permit.h. Each function gives NULL when out of memory; the
 * caller's (cJSON_Delete). Pure. */
#ifndef TL_PORTAL_OUTCOME_H
#define TL_PORTAL_OUTCOME_H

#include "portal/write.h"

/* Of a write that was not sent: "refused", or "already_actioned" for a conflict; "preview" where `why` is
 * NULL and there is a body. */
cJSON *tl_outcome_unsent(const tl_write *write, const tl_error *why, const cJSON *body);

/* Of a write that was sent, read back last as `row`; NULL where that failed, as `reading` says. */
cJSON *tl_outcome_sent(const tl_write *write, const tl_sending *sending, tl_verdict verdict, const cJSON *row,
                       const tl_error *reading);

/* Of a write that was sent some time before, read back once as `row`. */
cJSON *tl_outcome_settled(const tl_write *write, tl_verdict verdict, const cJSON *row);

#endif
