/* The computer group that a policy is for. Pure. */
#ifndef TL_PORTAL_POLICY_GROUP_H
#define TL_PORTAL_POLICY_GROUP_H

#include "base/error.h"
#include "base/json.h"

/* Finds the group in ThreatLocker's list, and refuses one of another system, and one whose policy would reach
 * beyond the request's organization. *out is borrowed from `groups`; `id` may be NULL. */
tl_code tl_choose_group(const cJSON **out, const cJSON *groups, const char *id, const char *organization_id,
                        int64_t os_type, tl_error *err);

#endif
