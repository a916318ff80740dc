/* Cutting what an action hands out down to what the manifest declares. */
#ifndef TLP_PRUNE_H
#define TLP_PRUNE_H

#include "values.h"

/* What the outputs of an action whose data path begins with `prefix` declare, as an object with a template
 * for each member, where "*" stands for the elements of an array; at its leaves is the name of the type.
 * `action` NULL declares nothing. The caller's (cJSON_Delete), NULL when out of memory. */
cJSON *tlp_prune_template(const cJSON *action, const char *prefix);

/* A copy of an object with only the members that the template has, each of the type named there. NULL when
 * out of memory. */
cJSON *tlp_prune(const cJSON *object, const cJSON *template);

#endif
