/* The ceiling of permits. */
#ifndef THREATLOCKER_LIMITS_H
#define THREATLOCKER_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

/* Where a permit's policy applies. */
typedef enum tl_scope { TL_SCOPE_COMPUTER = 0, TL_SCOPE_GROUP, TL_SCOPE_ORGANIZATION } tl_scope;

/* What no answer, rule, script or parameter exceeds. All zero, the default, allows the least: a policy for
 * the requester's computer with rules of hashes; only its end is not limited. No limits allow a second permit
 * of a request that was actioned already. Adding to an existing policy counts as scope organization, which is
 * how far that policy may reach. For a storage permit max_scope, allow_path_rules and max_expiry_s count. All
 * that take limits refuse those with a scope or a time out of range (TL_CONFIG). */
typedef struct tl_limits {
    tl_scope max_scope;
    bool allow_builtin;      /* permitting a whole built-in application */
    bool allow_path_rules;   /* rules other than hashes; of storage permits: all devices, all paths */
    bool allow_installation; /* the maintenance modes, one by one */
    bool allow_learning;
    bool allow_monitor;
    /* Permit and elevation must end within so many seconds, up to 100 years; 0 = they need not end. */
    int64_t max_expiry_s;
} tl_limits;

#endif
