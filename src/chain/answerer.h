/* Who answered a prompt, against who asked for the permission. Pure. */
#ifndef TL_CHAIN_ANSWERER_H
#define TL_CHAIN_ANSWERER_H

#include "base/json.h"

/* Whether two names may be one person's: compared without ASCII case, a DOMAIN\ before and an @domain behind
 * the name do not tell people apart. */
bool tl_same_person(const char *a, const char *b);

/* Whether the SOAR user may be the one whose request it is, by the names in its permit details. True, too,
 * when either side is not known: where the two must differ, that must be seen. */
bool tl_answerer_is_requester(const char *answered_by, const cJSON *details);

#endif
