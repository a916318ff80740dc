/* Claims: which of several chains may act on a request. SOAR makes a container of one identifier only once.
 */
#ifndef TL_CHAIN_CLAIMS_H
#define TL_CHAIN_CLAIMS_H

#include "chain/engine.h"

/* Claims the entry's request for this ledger, or finds that it has. *out_may_send: it is ours, and a sending
 * whose timeout counts from *out_at_us on (wall clock) ends before the claim does. Not while another ledger's
 * claim holds, and not in the step that takes over from one that lapsed: what its owner did by then shows in
 * the request itself, which the next step reads afresh. The claim is in the ledger before it is in SOAR.
 * Errors are about SOAR or the ledger, but for TL_INVALID: claimed too often. */
tl_code tl_claim_request(bool *out_may_send, int64_t *out_at_us, tl_chain *chain, tl_entry *entry,
                         tl_error *err);

/* Its prompt is settled. Whoever claims the request for another prompt later starts from what SOAR has, as
 * after a restart. */
void tl_claim_end(tl_chain *chain, const char *request_id);

/* Forgets those that ended. No task may be at work. */
void tl_claims_forget_ended(tl_chain *chain);

/* Pure: whether a claim made or first seen at `at_us` holds at `now_us`, both by a clock that nobody sets.
 * For its owner it ends one call earlier, so that nothing of his is on its way when it ends for the others,
 * who wait a settle time longer.
 */
typedef struct tl_lease {
    int64_t lease_us;
    int64_t call_us;
    int64_t settle_us;
} tl_lease;
bool tl_lease_holds(const tl_lease *lease, int64_t at_us, int64_t now_us, bool for_owner);

#endif
