/* What the caller chose for a permit: the choice table as a struct. Pure. */
#ifndef TL_PORTAL_CHOICE_H
#define TL_PORTAL_CHOICE_H

#include "base/error.h"
#include "base/json.h"
#include "threatlocker/permit.h"

typedef enum tl_choice_application {
    TL_APPLICATION_MATCHING,
    TL_APPLICATION_EXISTING,
    TL_APPLICATION_NEW,
} tl_choice_application;

/* ThreatLocker's numbers: ruleId and elevationStatus [official*]. */
enum { TL_MODE_MANUAL, TL_MODE_INSTALLATION, TL_MODE_LEARNING, TL_MODE_MONITOR };
enum { TL_ELEVATE_NO, TL_ELEVATE_NOTIFY, TL_ELEVATE_SILENT, TL_ELEVATE_STANDARD_USER };

/* What a permit of either kind, application or storage, can say beside what it permits. */
typedef struct tl_permit_terms {
    int64_t expires_us; /* 0 = never */
    const char *ticket;
    const char *comments;
    const char *requestor_email;
    const char *response_subject;
    const char *response_reason;
    bool notify;
    bool allow_actioned;
    bool dry_run;
} tl_permit_terms;

/* Texts and rules are borrowed from the JSON that was read; NULL = not given. */
typedef struct tl_choice {
    tl_choice_application application;
    const char *application_id;
    const char *name;
    bool existing_policy;
    bool scope_given;
    tl_scope scope;
    const char *group_id;
    const cJSON *rules; /* array of checked rules */
    int64_t mode;       /* TL_MODE_... */
    bool elevate_given;
    int64_t elevate;          /* TL_ELEVATE_... */
    int64_t elevate_hours;    /* 0 = not given */
    int64_t elevate_until_us; /* 0 = not given */
    bool allow_builtin;
    bool allow_empty;
    bool scope_all_false;
    bool body_minimal;
    tl_permit_terms terms;
} tl_choice;

/* Checks the whole object: unknown members and values, missing ones, ones that contradict each other.
 * TL_INVALID names the member and what is allowed. */
tl_code tl_choice_read(tl_choice *out, const cJSON *json, tl_error *err);

/* Reads the terms among the members of a choice; false after an error. Texts are borrowed. */
bool tl_permit_terms_read(tl_permit_terms *out, const cJSON *json, tl_error *err);

/* Whether a rule names anything but a hash. */
bool tl_rule_has_path(const cJSON *rule);

extern const char *const tl_scope_words[]; /* by tl_scope, then NULL */
const char *tl_scope_name(tl_scope scope);

#endif
