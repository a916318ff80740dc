/* From a request to the container that a poll makes of it. */
#ifndef TLP_CONTAINER_H
#define TLP_CONTAINER_H

#include "session.h"

/* A container with one artifact, the caller's (cJSON_Delete); NULL when out of memory. The row's texts are
 * cleaned. `template` (prune.h) is what of the row goes along as the container's data. */
cJSON *tlp_container(const tl_plugin *session, const cJSON *row, const cJSON *template);

#endif
