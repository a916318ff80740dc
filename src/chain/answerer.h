/* Who answered a prompt, against who asked for the permission. Pure. */
#ifndef TL_CHAIN_ANSWERER_H
#define TL_CHAIN_ANSWERER_H

#include "base/json.h"

/* Whether the SOAR user may be the one whose request it is, by the names in its permit details: compared
 * without ASCII case, a DOMAIN\ before and an @domain behind the name do not tell people apart. True, too,
 * when either side is not known: where the two must differ, that must be seen. */
bool tl_answerer_is_requester(const char *answered_by, const cJSON *details);

#endif
