#include "portal/members.h"

#include <string.h>

#include "base/text.h"

bool tl_member_text(const char **out, const cJSON *json, const char *member, tl_error *err)
{
    const cJSON *value = tl_json_member(json, member);
    *out = tl_json_string_value(value);
    if (value == NULL)
        return true;
    if (*out != NULL && strlen(*out) <= TL_MAX_TEXT && tl_utf8_valid(*out, strlen(*out)))
        return true;
    (void)tl_fail(err, TL_INVALID, "%s must be a text of at most %d bytes of UTF-8", member, TL_MAX_TEXT);
    return false;
}

bool tl_member_flag(bool *out, const cJSON *json, const char *member, tl_error *err)
{
    const cJSON *value = tl_json_member(json, member);
    *out = value != NULL && cJSON_IsTrue(value);
    if (value == NULL || cJSON_IsBool(value))
        return true;
    (void)tl_fail(err, TL_INVALID, "%s must be true or false", member);
    return false;
}
