/* What no answer, rule, script or parameter may exceed. Pure. */
#ifndef TL_CHAIN_CEILING_H
#define TL_CHAIN_CEILING_H

#include "portal/choice.h"
#include "threatlocker/prompt.h"

/* TL_OK when the choice stays below the limits; else TL_INVALID naming the limit. */
tl_code tl_check_ceiling(const tl_limits *limits, const tl_choice *choice, bool is_builtin, int64_t now_us,
                         tl_error *err);

/* Whether `narrower` permits nothing that `sealed` does not: TL_OK, or TL_INVALID naming the member. */
tl_code tl_check_narrower(const tl_choice *sealed, const tl_choice *narrower, tl_error *err);

#endif
