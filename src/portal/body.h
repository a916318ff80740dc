/* Building request bodies from what was fetched. Pure. */
#ifndef TL_PORTAL_BODY_H
#define TL_PORTAL_BODY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/json.h"

/* TL_PROTOCOL when anything but an object, null or nothing stands at one of the NULL-terminated paths, whose
 * members are to be changed: what has another shape than promised must not be replaced. */
tl_code tl_body_check_objects(const cJSON *details, const char *const paths[], tl_error *err);

/* The member object to change: the fetched one, or a new one where there is none. NULL when out of memory. */
cJSON *tl_body_object(cJSON *body, const char *name);

/* A UTC time as ThreatLocker reads it; 0 sets null. */
bool tl_body_set_time(cJSON *body, const char *name, int64_t us);

/* Leaves out the members that are null; names are compared as ThreatLocker reads them, ignoring case. */
void tl_body_drop_nulls(cJSON *object, const char *const names[]);

/* The same for an ApprovalRequestDto and the objects in it: a null number or boolean is refused with HTTP 400
 * [observed Space-C0wboy]. Which members those are: [spec]. */
void tl_body_drop_request_nulls(cJSON *request);

#endif
