/* Cutting what an action hands out down to what the manifest declares. */
#ifndef TLP_PRUNE_H
#define TLP_PRUNE_H

#include "values.h"

/* A copy with only the members that a data path of the action's outputs names, each of the type that is named
 * there: "action_result.data.*.<path>" for the rows, "action_result.summary.<path>" for the summary, where *
 * stands for each element of an array. `action` NULL declares nothing. NULL when out of memory. */
cJSON *tlp_prune_data(const cJSON *action, const cJSON *rows);
cJSON *tlp_prune_summary(const cJSON *action, const cJSON *summary);

#endif
