/* Values that SOAR hands over, checked against the manifest's fields: an action's `parameters` or the app's
 * `configuration`. */
#ifndef TLP_FIELDS_H
#define TLP_FIELDS_H

#include "values.h"

/* *out, the caller's (cJSON_Delete), has each field that was given or has a default, with the type that the
 * manifest names: texts without outer white space (passwords as they came), whole numbers of 0 or more, true
 * or false. SOAR gives numbers as text or floats, too, and truth as text; an empty text or a null is absent.
 * Otherwise TL_INVALID, naming the field and what it may be, never its value: it may be a secret. */
tl_code tlp_check_fields(cJSON **out, const cJSON *fields, const cJSON *given, tl_error *err);

/* TL_INVALID when `given` has a member that is no field; one called `context` is SOAR's own. */
tl_code tlp_check_known(const cJSON *fields, const cJSON *given, tl_error *err);

#endif
