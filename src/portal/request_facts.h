/* What a request is: status and kind. Pure. */
#ifndef TL_PORTAL_REQUEST_FACTS_H
#define TL_PORTAL_REQUEST_FACTS_H

#include "base/error.h"
#include "base/json.h"

typedef enum tl_kind {
    TL_KIND_APPLICATION,
    TL_KIND_ELEVATION,
    TL_KIND_STORAGE,
    TL_KIND_WEB,
    TL_KIND_OTHER, /* what nobody documented */
} tl_kind;

/* `row` is an ApprovalRequestDto: a list row, the reply of GetById, or approvalRequest of the permit details.
 * Open means pending or escalated (13 and 17, or the numbers that the row itself names). */
bool tl_request_is_open(const cJSON *row);

/* TL_CONFLICT says how, and by whom, a request that is not open was actioned. */
tl_code tl_request_check_open(const cJSON *row, tl_error *err);

/* "Approved", "Rejected", ... or "status 99". Static or in `buffer`. */
const char *tl_status_name(int64_t status_id, char *buffer, size_t size);

/* From an actionType word [inferred from the KB's own grouping]. NULL is TL_KIND_OTHER. */
tl_kind tl_kind_of(const char *action_type);

/* Adds the members that requests.h promises to a row as it came. False when out of memory, or when it is no
 * object. */
bool tl_request_annotate(cJSON *row);
void tl_request_remove_annotations(cJSON *row); /* NULL is allowed */

#endif
