/* The app's manifest, embedded at build time: the one source of actions, their parameters and outputs. */
#ifndef TLP_MANIFEST_H
#define TLP_MANIFEST_H

#include "values.h"

/* The manifest as a tree; the caller's (cJSON_Delete). */
tl_code tlp_manifest_read(cJSON **out, tl_error *err);

/* The action of that identifier; NULL when there is none. Borrowed. */
const cJSON *tlp_find_action(const cJSON *manifest, const char *identifier);

#endif
