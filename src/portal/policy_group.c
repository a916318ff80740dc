#include "portal/policy_group.h"

#include "base/text.h"
#include "portal/applications.h"

static bool reaches_beyond(const cJSON *group, const char *organization_id)
{
    const char *owner = tl_json_text(group, "organizationId");
    return tl_json_true(group, "isGlobal") || owner == NULL || !tl_equal_ignore_case(owner, organization_id);
}

tl_code tl_choose_group(const cJSON **out, const cJSON *groups, const char *id, const char *organization_id,
                        int64_t os_type, tl_error *err)
{
    *out = NULL;
    if (!tl_is_real_guid(id))
        return tl_fail(err, TL_INVALID,
                       "scope = group: the details name no group of the requester; give group_id");
    *out = tl_find_by_guid(groups, "computerGroupId", id);
    if (*out == NULL)
        return tl_fail(err, TL_INVALID,
                       "group_id %s is not among the %d groups of this organization and system", id,
                       cJSON_GetArraySize(groups));
    if (tl_json_integer_or(*out, "osType", 0) != os_type)
        return tl_fail(err, TL_INVALID, "group_id: that group is for another operating system");
    if (reaches_beyond(*out, organization_id))
        return tl_fail(
            err, TL_INVALID,
            "group_id: that group is global or another organization's: a policy for it would reach beyond "
            "the request's organization");
    return TL_OK;
}
