/* What the audit trail is asked for. */
#ifndef TL_PORTAL_AUDIT_H
#define TL_PORTAL_AUDIT_H

#include "base/json.h"
#include "threatlocker/audit.h"

/* The body of SystemAuditGetByParameters from a query as audit.h describes it, NULL included. TL_INVALID
 * names the member. *out_body is the caller's. Pure. */
tl_code tl_audit_body(cJSON **out_body, const cJSON *query, tl_error *err);

#endif
