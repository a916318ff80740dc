/* What the sources disagree on, or do not tell, can be switched. README.md lists names and values. */
#ifndef SANDBOX_SWITCHES_H
#define SANDBOX_SWITCHES_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "text.h"

enum switch_id {
    SW_TOKEN,
    SW_UNKNOWN_TOKEN,
    SW_ORGANIZATION_ID_HEADER,
    SW_BY_ID,
    SW_PAGINATION,
    SW_LAST_ITEM,
    SW_EMPTY_LIST,
    SW_COUNT,
    SW_UNKNOWN_REQUEST,
    SW_STORAGE_DETAILS,
    SW_HAS_MATCHING,
    SW_PERMIT_WITHOUT_JSON,
    SW_TO_COMPUTER,
    SW_OMITTED_OBJECTS,
    SW_APPROVE_ESCALATION,
    SW_ALREADY_ACTIONED,
    SW_WRITE_BODY,
    SW_EXISTING_POLICY_STATUS,
    SW_IGNORE_STATUS,
    SW_NO_MATCH,
    SW_ADD_LIST,
    SW_APPLICATION_OPTIONS,
    SW_CHILDREN_LIST,
    SW_CHILDREN_SHAPE,
    SW_ORGANIZATIONS_PAGED,
    SW_ORGANIZATIONS_MOVE,
    SW_GROUPS_FOR_PERMIT,
    SW_GROUP_DROPDOWN,
    SW_DROPDOWN_OS,
    SW_FILE_URL,
    SW_NO_FILE,
    SW_ESCAPES,
    SW_SOAR_TOKEN,
    SW_PROMPT_APP_RUN,
    SW_CONTAINER_DUPLICATES,
    SW_UNKNOWN_LABEL,
    SW_PLAYBOOK_INPUTS,
    SW_NOTE_PATH,
    SW_WORDS /* how many switches have a fixed set of words */
};

struct switches {
    unsigned char word[SW_WORDS]; /* index of the value chosen, 0 the default */
    long max_page_size;           /* 0: none */
    char *user;                   /* the API user's name */
    char *home;                   /* the organization of the token */
    char *instance;
    cJSON *permissions; /* names the API user has */
};

void switches_reset(struct switches *switches);
void switches_free(struct switches *switches);
bool switch_is(const struct switches *switches, enum switch_id id, const char *value);
const char *switch_value(const struct switches *switches, enum switch_id id);
bool has_permission(const struct switches *switches, const char *name);

/* Sets all members of `wanted` or none; a refusal is explained in `error`. */
bool switches_set(struct switches *switches, const cJSON *wanted, struct text *error);
cJSON *switches_tree(const struct switches *switches);

#endif
