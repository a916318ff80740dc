#include "action.h"

#include <string.h>

static const struct {
    const char *identifier;
    tlp_action run;
} table[] = {
    {"test_connectivity", tlp_test_connectivity},
    {"count_requests", tlp_count_requests},
};

tlp_action tlp_action_of(const char *identifier)
{
    for (size_t i = 0; identifier != NULL && i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i].identifier, identifier) == 0)
            return table[i].run;
    return NULL;
}
