#include "manifest.h"

#include <string.h>

#include "embedded.h"

tl_code tlp_manifest_read(cJSON **out, tl_error *err)
{
    return tl_json_parse(out, embedded_manifest, strlen(embedded_manifest), err);
}

const cJSON *tlp_find_action(const cJSON *manifest, const char *identifier)
{
    const cJSON *action;
    cJSON_ArrayForEach (action, tlp_member(manifest, "actions")) {
        const char *own = tlp_text(action, "identifier");
        if (own != NULL && identifier != NULL && strcmp(own, identifier) == 0)
            return action;
    }
    return NULL;
}
