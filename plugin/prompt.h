/* What SOAR's summary tells of one prompt. */
#ifndef TLP_PROMPT_H
#define TLP_PROMPT_H

#include "session.h"

/* *out is the caller's (cJSON_Delete); NULL with TL_OK where SOAR has none, as of an old prompt. */
tl_code tlp_prompt_summary(cJSON **out, tl_soar *soar, int64_t approval_id, tl_error *err);

/* The text that people read; NULL where there is none. Borrowed. */
const char *tlp_prompt_message(const cJSON *summary);

#endif
