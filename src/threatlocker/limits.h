/* The ceiling of permits. */
#ifndef THREATLOCKER_LIMITS_H
#define THREATLOCKER_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

/* Where a permit's policy applies. */
typedef enum tl_scope { TL_SCOPE_COMPUTER = 0, TL_SCOPE_GROUP, TL_SCOPE_ORGANIZATION } tl_scope;

/* What no answer, rule, script or parameter exceeds. All zero is the default: this computer, no built-ins,
 * hash rules only, no maintenance mode; it may last. No limits allow a second permit of a request that was
 * actioned already. For storage permits max_scope and max_expiry_s count, and without allow_path_rules no
 * policy of all devices or all paths; adding to an existing policy may reach the whole organization. */
typedef struct tl_limits {
    tl_scope max_scope;
    bool allow_builtin;
    bool allow_path_rules;
    bool allow_installation; /* the maintenance modes, one by one */
    bool allow_learning;
    bool allow_monitor;
    int64_t max_expiry_s; /* permit and elevation must end within so many seconds; 0 = they need not */
} tl_limits;

#endif
