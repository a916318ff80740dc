/* What holds for every permit plan, whatever was chosen. */
#ifndef TL_TESTS_PLAN_PROPERTIES_H
#define TL_TESTS_PLAN_PROPERTIES_H

#include "plan_case.h"

/* One generated case: what went in and what came of it. */
typedef struct plan_trial {
    const cJSON *details;
    cJSON *applications;
    cJSON *groups;
    cJSON *maintenance; /* NULL = the choice starts none */
    cJSON *choice_json;
    tl_choice choice;
    cJSON *body;
    tl_error err;
    char *about; /* for messages: the choice as JSON */
} plan_trial;

static inline tl_code plan_again(plan_trial *trial, cJSON **out_body)
{
    tl_plan_input input = {.request_id = REQUEST,
                           .details = trial->details,
                           .choice = &trial->choice,
                           .applications = trial->applications,
                           .groups = trial->groups,
                           .maintenance = trial->maintenance,
                           .operation_id = OPERATION,
                           .instance = PLAN_INSTANCE};
    assert_true(tl_time_parse(PLAN_NOW, false, &input.now_us));
    return tl_permit_plan(out_body, &input, &trial->err);
}

static inline void trial_free(plan_trial *trial)
{
    cJSON_Delete(trial->applications);
    cJSON_Delete(trial->groups);
    cJSON_Delete(trial->maintenance);
    cJSON_Delete(trial->choice_json);
    cJSON_Delete(trial->body);
    free(trial->about);
}

/* ---- the applications and scopes that are used ---- */

static inline int count_true(const cJSON *object, const char *const names[])
{
    int count = 0;
    for (size_t i = 0; names[i] != NULL; i++) {
        count += cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, names[i])) ? 1 : 0;
    }
    return count;
}

static inline void assert_one_use_and_scope(const plan_trial *trial)
{
    static const char *const uses[] = {"useMatchingApplication", "useExistingApplication",
                                       "useNewApplication", NULL};
    static const char *const scopes[] = {"toComputer", "toComputerGroup", "toEntireOrganization", NULL};
    const tl_choice *choice = &trial->choice;
    const cJSON *matching = tl_json_member(trial->body, "matchingApplications");
    const cJSON *level = tl_json_member(trial->body, "policyLevel");
    if (count_true(matching, uses) != 1 || !tl_json_true(matching, uses[choice->application])) {
        fail_msg("%s: not exactly the chosen application is used", trial->about);
    }
    bool none = choice->existing_policy || choice->scope_all_false;
    if (count_true(level, scopes) != (none ? 0 : 1) ||
        (!none && !tl_json_true(level, scopes[choice->scope]))) {
        fail_msg("%s: not exactly the chosen scope", trial->about);
    }
}

/* ---- what differs from the details ---- */

/* Whether this choice is a reason for the member at that path to differ. */
static inline bool may_differ(const plan_trial *trial, const char *path)
{
    const tl_choice *choice = &trial->choice;
    bool is_new = choice->application == TL_APPLICATION_NEW;
    bool grouped = choice->scope == TL_SCOPE_GROUP && !choice->existing_policy;
    const struct {
        const char *path;
        bool chosen;
    } table[] = {
        {"matchingApplications.hasMatchingApplication", true},
        {"matchingApplications.useMatchingApplication", true},
        {"matchingApplications.useExistingApplication", true},
        {"matchingApplications.useNewApplication", true},
        {"matchingApplications.newApplicationName", is_new},
        {"matchingApplications.matchingApplication", choice->application == TL_APPLICATION_MATCHING},
        {"matchingApplications.existingApplication", choice->application == TL_APPLICATION_EXISTING},
        {"policyConditions.useExistingPolicy", true},
        {"policyConditions.manualOptions", true},
        {"policyConditions.ruleId", true},
        {"policyLevel.toComputer", true},
        {"policyLevel.toComputerGroup", true},
        {"policyLevel.toEntireOrganization", true},
        {"policyLevel.selectedComputerGroup", grouped},
        {"elevationStatus", true},
        {"elevationExpiration", true},
        {"elevationExpirationDate", true},
        {"policyExpirationDate", true},
        {"adminNotes.comments", true},
        {"adminNotes.ticket", choice->terms.ticket != NULL},
        {"adminNotes.requestorEmail", choice->terms.requestor_email != NULL},
        {"approvalRequest.requestorEmailAddress", choice->terms.requestor_email != NULL && !is_new},
        {"responseSubject", choice->terms.response_subject != NULL},
        {"responseReason", choice->terms.response_reason != NULL},
        {"notifyOnResponse", true},
        {"isFromApproval", true},
        {"hasOriginApprovalCenter", true},
        {"userInstance", tl_json_text_or_empty(trial->details, "userInstance")[0] == '\0'},
        {"actionType", tl_json_text(trial->details, "actionType") == NULL},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        size_t length = strlen(table[i].path);
        bool same =
            strncmp(path, table[i].path, length) == 0 && (path[length] == '\0' || path[length] == '.');
        if (same && table[i].chosen) {
            return true;
        }
    }
    return false;
}

static inline void assert_only_chosen_differ(const plan_trial *trial, const cJSON *before, const cJSON *after,
                                             const char *path);

static inline void compare_member(const plan_trial *trial, const cJSON *before, const cJSON *after,
                                  const char *path, const char *name)
{
    char deeper[256];
    int length = snprintf(deeper, sizeof deeper, "%s%s%s", path, path[0] == '\0' ? "" : ".", name);
    assert_only_chosen_differ(trial, cJSON_GetObjectItemCaseSensitive(before, name),
                              cJSON_GetObjectItemCaseSensitive(after, name),
                              length < (int)sizeof deeper ? deeper : "(a long path)");
}

/* Goes through the members of either object. */
static inline void compare_members(const plan_trial *trial, const cJSON *before, const cJSON *after,
                                   const char *path)
{
    const cJSON *member, *old = cJSON_IsObject(before) ? before : NULL;
    cJSON_ArrayForEach (member, after) {
        compare_member(trial, before, after, path, member->string);
    }
    cJSON_ArrayForEach (member, old) {
        if (cJSON_GetObjectItemCaseSensitive(after, member->string) == NULL) {
            compare_member(trial, before, after, path, member->string);
        }
    }
}

static inline void assert_only_chosen_differ(const plan_trial *trial, const cJSON *before, const cJSON *after,
                                             const char *path)
{
    if (cJSON_IsObject(after) && (cJSON_IsObject(before) || before == NULL || cJSON_IsNull(before))) {
        compare_members(trial, before, after, path);
        return;
    }
    if (may_differ(trial, path)) {
        return;
    }
    char *was = text_of(before);
    char *is = text_of(after);
    if (strcmp(was, is) != 0) {
        fail_msg("%s: %s became %s from %s", trial->about, path, is, was);
    }
    free(was);
    free(is);
}

/* The minimal body says nothing that the full one of the same choice does not. */
static inline void assert_part_of_full(plan_trial *trial)
{
    cJSON *full = NULL;
    trial->choice.body_minimal = false;
    assert_int_equal(plan_again(trial, &full), TL_OK);
    trial->choice.body_minimal = true;
    const cJSON *outer, *member;
    cJSON_ArrayForEach (outer, trial->body) {
        const cJSON *named = cJSON_IsObject(outer) ? outer : NULL;
        cJSON_ArrayForEach (member, named) {
            if (strcmp(member->string, "manualOptions") == 0 || cJSON_IsObject(member)) {
                continue; /* whose own members are fewer: compared for the article's cases */
            }
            char *expected = text_of(cJSON_GetObjectItemCaseSensitive(
                cJSON_GetObjectItemCaseSensitive(full, outer->string), member->string));
            assert_text_and_free(text_of(member), expected);
            free(expected);
        }
    }
    cJSON_Delete(full);
}

static inline void assert_json_untouched(const plan_trial *trial)
{
    char *before = text_of(node_at(trial->details, "approvalRequest.json"));
    assert_text_and_free(text_of(node_at(trial->body, "approvalRequest.json")), before);
    free(before);
}

#endif
