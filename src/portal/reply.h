/* What a ThreatLocker reply means. Pure. */
#ifndef TL_PORTAL_REPLY_H
#define TL_PORTAL_REPLY_H

#include "base/error.h"
#include "base/json.h"
#include "threatlocker/endpoints.h"

/* TL_OK for 2xx; otherwise err says what the status and the body mean for this endpoint. The body may be
 * ThreatLocker's {"LoggerId", "Message"}, ASP.NET's problem details, a text, HTML or nothing. */
tl_code tl_reply_status(const tl_endpoint *endpoint, int status, const char *body, size_t length,
                        tl_error *err);

/* The JSON of a 2xx body. An empty body and `null` give TL_OK with *out NULL: both mean "nothing" [observed
 * Space-C0wboy]. TL_PROTOCOL for anything that is not JSON, HTML named as such. */
tl_code tl_reply_json(cJSON **out, const tl_endpoint *endpoint, const char *body, size_t length,
                      tl_error *err);

#endif
