/* The lists a permit chooses from. */
#ifndef TL_PORTAL_LOOKUPS_H
#define TL_PORTAL_LOOKUPS_H

#include "base/json.h"
#include "threatlocker/applications.h"

/* ApplicationGetListForAddToApplication: applications that rules can be added to. *out is an array; the
 * caller's. */
tl_code tl_applications_to_add_to(cJSON **out, tl_client *client, const char *organization_id,
                                  int64_t os_type, tl_error *err);

/* ComputerGroupGetForPermitApplication: groups of that operating system. *out is an array; the caller's. */
tl_code tl_groups_for_permit(cJSON **out, tl_client *client, const char *organization_id, int64_t os_type,
                             tl_error *err);

/* The element whose member is that GUID, ignoring case; NULL when none is. Borrowed. Pure. */
const cJSON *tl_find_by_guid(const cJSON *array, const char *member, const char *guid);

/* Built-in applications belong to "master" [observed Space-C0wboy]; one whose owner is not told counts as
 * built-in, as a permit of a built-in reaches farther. Pure. */
bool tl_is_builtin(const cJSON *application);

/* The body of ApplicationGetMatchingList from permit details; NULL when they hold neither hash, SHA-256 nor
 * certificate (err says so), or when out of memory. The caller's. Pure. */
cJSON *tl_matching_criteria(const cJSON *details, tl_error *err);

#endif
