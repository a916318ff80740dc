/* What no answer, rule, script or parameter may exceed. Pure. */
#ifndef TL_PORTAL_CEILING_H
#define TL_PORTAL_CEILING_H

#include "portal/choice.h"
#include "portal/storage_choice.h"

/* TL_CONFIG for a scope that does not exist, or a time that is negative or beyond 100 years: such limits
 * would hold nothing back. */
tl_code tl_check_limits(const tl_limits *limits, tl_error *err);

/* Of limits that were checked: TL_OK when the choice stays below the limits; else TL_INVALID naming the
 * limit. */
tl_code tl_check_ceiling(const tl_limits *limits, const tl_choice *choice, bool is_builtin, int64_t now_us,
                         tl_error *err);

/* The same for a storage permit. */
tl_code tl_check_storage_ceiling(const tl_limits *limits, const tl_storage_choice *choice, int64_t now_us,
                                 tl_error *err);

/* Whether `narrower` permits nothing that `sealed` does not: TL_OK, or TL_INVALID naming the member. */
tl_code tl_check_narrower(const tl_choice *sealed, const tl_choice *narrower, tl_error *err);

#endif
