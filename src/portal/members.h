/* Reading the members of what a caller passes in: TL_INVALID names the member and what is allowed. Pure. */
#ifndef TL_PORTAL_MEMBERS_H
#define TL_PORTAL_MEMBERS_H

#include "base/error.h"
#include "base/json.h"

enum { TL_MAX_TEXT = 4000 };

/* A text of valid UTF-8, at most TL_MAX_TEXT bytes, borrowed; NULL when absent. False after an error. */
bool tl_member_text(const char **out, const cJSON *json, const char *member, tl_error *err);

/* true or false; false when absent. */
bool tl_member_flag(bool *out, const cJSON *json, const char *member, tl_error *err);

#endif
