/* What applications are matched by. */
#ifndef TL_PORTAL_MATCHING_H
#define TL_PORTAL_MATCHING_H

#include "base/json.h"
#include "threatlocker/applications.h"

/* The body of ApplicationGetMatchingList from permit details; NULL when they hold neither hash, SHA-256 nor
 * certificate (err says so), or when out of memory. The caller's. Pure. */
cJSON *tl_matching_criteria(const cJSON *details, tl_error *err);

/* The same from the caller's criteria. Empty texts are left out; osType is 1 where absent. TL_INVALID names
 * the member. *out_body is the caller's. Pure. */
tl_code tl_check_criteria(cJSON **out_body, const cJSON *criteria, tl_error *err);

#endif
