/* Reading the lists of computer groups. */
#ifndef TL_PORTAL_GROUPS_H
#define TL_PORTAL_GROUPS_H

#include "base/json.h"
#include "threatlocker/organizations.h"

/* ComputerGroupGetForPermitApplication and nothing else: what a permit takes its group from must be what the
 * server offers for permits. *out is an array of objects; the caller's. */
tl_code tl_groups_for_permit(cJSON **out, tl_client *client, const char *organization_id, int64_t os_type,
                             tl_error *err);

/* Adds name and computerGroupId to checked {label, value} rows of the dropdown. Rows whose value is null,
 * empty or the zero GUID are no groups and go; TL_PROTOCOL for any other value that is no GUID. Pure. */
tl_code tl_name_dropdown_rows(cJSON *rows, tl_error *err);

/* How the dropdown names an operating system [official*]; NULL where that is not known. Pure. */
const char *tl_computer_os_word(int64_t os_type);

#endif
