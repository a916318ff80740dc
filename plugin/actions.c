/* Which function serves which action. */
#include "action.h"

#include <string.h>

static const struct {
    const char *identifier;
    tlp_action run;
} table[] = {
    {"test_connectivity", tlp_test_connectivity},
    {"on_poll", tlp_on_poll},
    {"list_requests", tlp_list_requests},
    {"count_requests", tlp_count_requests},
    {"get_request", tlp_get_request},
    {"get_permit_details", tlp_get_permit_details},
    {"match_applications", tlp_match_applications},
    {"list_applications", tlp_list_applications},
    {"list_maintenance_applications", tlp_list_maintenance_applications},
    {"get_research", tlp_get_research},
    {"list_organizations", tlp_list_organizations},
    {"list_computer_groups", tlp_list_computer_groups},
    {"prepare_prompt", tlp_prepare_prompt},
    {"resolve_prompt", tlp_resolve_prompt},
    {"permit_request", tlp_permit_request},
    {"reject_request", tlp_reject_request},
    {"ignore_request", tlp_ignore_request},
    {"take_ownership", tlp_take_ownership},
    {"authorize_request", tlp_authorize_request},
    {"get_file", tlp_get_file},
    {"get_storage_request", tlp_get_storage_request},
    {"permit_storage_request", tlp_permit_storage_request},
    {"list_prompts", tlp_list_prompts},
    {"get_prompt", tlp_get_prompt},
};

tlp_action tlp_action_of(const char *identifier)
{
    for (size_t i = 0; identifier != NULL && i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i].identifier, identifier) == 0)
            return table[i].run;
    return NULL;
}
