/* The small form of a permit's body. Pure. */
#ifndef TL_PORTAL_PERMIT_MINIMAL_H
#define TL_PORTAL_PERMIT_MINIMAL_H

#include "portal/choice.h"

/* Cuts a full body down to the members of the article's three examples [official], plus what this choice
 * asked for beyond them. No member of it is null, and no flag that the examples leave out is sent as false.
 * `full` is borrowed; the result is the caller's, NULL when out of memory. */
cJSON *tl_minimal_body(const cJSON *full, const tl_choice *choice, bool is_elevation);

/* Whether approvalRequest.requestorEmailAddress repeats the notes' address: the article does so in its two
 * bodies for an application that exists, and not for a new one [official]. */
bool tl_repeats_email(const tl_choice *choice);

#endif
