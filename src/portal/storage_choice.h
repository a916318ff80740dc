/* What the caller chose for a storage permit: the members of storage.h as a struct. Pure. */
#ifndef TL_PORTAL_STORAGE_CHOICE_H
#define TL_PORTAL_STORAGE_CHOICE_H

#include "portal/choice.h"

/* Texts are borrowed from the JSON that was read; NULL = not given. */
typedef struct tl_storage_choice {
    bool existing_policy;
    const char *policy_id; /* of an existing one */
    const char *name;      /* of a new one */
    tl_scope scope;        /* of a new one */
    const char *group_id;
    bool all_devices;
    bool all_paths;
    tl_permit_terms terms;
} tl_storage_choice;

/* As tl_choice_read. */
tl_code tl_storage_choice_read(tl_storage_choice *out, const cJSON *json, tl_error *err);

#endif
