/* What a write came to, as an action's reply. */
#ifndef TLP_OUTCOME_H
#define TLP_OUTCOME_H

#include "action.h"

/* Whether a request in that status is where the write wanted it. */
typedef bool (*tlp_end)(int64_t status_id);

bool tlp_end_permitted(int64_t status_id);
bool tlp_end_rejected(int64_t status_id);
bool tlp_end_authorized(int64_t status_id);
bool tlp_end_none(int64_t status_id); /* no state counts as already done */

/* Data and summary from the outcome of a write (permit.h), which is taken. Success where it did what it was
 * to do, showed it, or found it already done. */
tl_code tlp_give_outcome(tlp_call *call, cJSON *outcome, tlp_end already_done);

#endif
