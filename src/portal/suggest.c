/* What the server suggests for a permit. */
#include "portal/rows.h"
#include "threatlocker/applications.h"

tl_code tl_suggest_conditions(cJSON **out, tl_client *client, const char *organization_id,
                              const cJSON *details, tl_error *err)
{
    *out = NULL;
    if (!cJSON_IsObject(details))
        return tl_fail(err, TL_INVALID, "details must be the object that the permit details are");
    if (organization_id == NULL)
        organization_id = tl_json_text(details, "organizationId");
    tl_code code =
        tl_portal_read(out, NULL, client, TL_POLICY_CONDITIONS, organization_id, NULL, details, err);
    if (code != TL_OK || cJSON_IsObject(*out))
        return code;
    return tl_expect_rows(out, TL_POLICY_CONDITIONS, NULL, err);
}
