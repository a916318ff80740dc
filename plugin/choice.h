/* From an action's parameters to the choice of a permit, as permit.h and storage.h want it. */
#ifndef TLP_CHOICE_H
#define TLP_CHOICE_H

#include "action.h"

/* Each *out is the caller's (cJSON_Delete), NULL on failure. What a choice may say is the core's to check. */
tl_code tlp_choice(cJSON **out, tlp_call *call, tl_error *err);
tl_code tlp_storage_choice(cJSON **out, tlp_call *call, tl_error *err);

/* A parameter that is a JSON text of a list; *out stays NULL where it is not given. The caller's. */
tl_code tlp_list_parameter(cJSON **out, const tlp_call *call, const char *name, tl_error *err);

#endif
