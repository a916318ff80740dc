/* Finding applications. */
#ifndef TL_PORTAL_APPLICATIONS_H
#define TL_PORTAL_APPLICATIONS_H

#include "base/json.h"
#include "threatlocker/applications.h"

/* The element whose member is that GUID, ignoring case; NULL when none is. Borrowed. Pure. */
const cJSON *tl_find_by_guid(const cJSON *array, const char *member, const char *guid);

/* The body of ApplicationGetForApplicationOptions [spec]; NULL when out of memory. `organization_id` and
 * `search` may be NULL. The caller's. Pure. */
cJSON *tl_application_options(const char *organization_id, int64_t os_type, const char *search);

#endif
