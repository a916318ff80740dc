/* What holds for every permit plan, whatever is chosen: thousands of generated choices. */
#include <ctype.h>

#include "plan_case.h"
#include "random_choice.h"

enum { ROUNDS = 3000 };
static const uint64_t SEED = UINT64_C(0x7ea5a91e0f5eed);

/* Details of requests that can be permitted; each forbids something else. */
static const char *const details_patches[] = {
    "",
    "isElevationRequest=true|actionType='elevate'",
    "isElevationRequest=true|actionType='elevate'|organizationHasElevation=false",
    "policyLevel.canUseEntireOrganization=false",
    "computerGroupId=null",
    "osType=2",
    "userInstance=null|actionType=null|adminNotes=null|policyLevel={'canUseEntireOrganization':true}",
    "matchingApplications=null|policyConditions=-|responseSubject='Old'|notifyOnResponse=true",
    "policyLevel.toComputerGroup=true|policyLevel.toEntireOrganization=true|elevationStatus=2|"
    "matchingApplications.useExistingApplication=true|policyConditions.useExistingPolicy=true|"
    "policyConditions.ruleId=3|policyExpirationDate='2027-01-01T00:00:00Z'",
};

/* Each parsed once for all rounds; planning must leave them alone. */
static cJSON *details_of[COUNT(details_patches)];

static int parse_details(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(details_patches); i++) {
        details_of[i] = json_of(DETAILS);
        patch(details_of[i], details_patches[i]);
    }
    return 0;
}

static int free_details(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(details_patches); i++) {
        cJSON_Delete(details_of[i]);
    }
    return 0;
}

/* One generated case: what went in and what came of it. */
typedef struct plan_trial {
    const cJSON *details;
    cJSON *applications;
    cJSON *groups;
    cJSON *choice_json;
    tl_choice choice;
    cJSON *body;
    tl_error err;
    char *about; /* for messages: the choice as JSON */
} plan_trial;

static tl_code plan_again(plan_trial *trial, cJSON **out_body)
{
    tl_plan_input input = {.request_id = REQUEST,
                           .details = trial->details,
                           .choice = &trial->choice,
                           .applications = trial->applications,
                           .groups = trial->groups,
                           .operation_id = OPERATION,
                           .instance = "x9"};
    assert_true(tl_time_parse("2026-06-23T15:00:00Z", false, &input.now_us));
    return tl_permit_plan(out_body, &input, &trial->err);
}

/* Nulls where the listing of an unlucky server may have them. */
static void spoil(cJSON *list, uint64_t *state)
{
    cJSON *element;
    cJSON_ArrayForEach (element, list) {
        for (cJSON *member = element->child; member != NULL; member = member->next) {
            if (one_in(state, 30) && strcmp(member->string, "osType") != 0) {
                assert_true(tl_json_set(element, member->string, cJSON_CreateNull()));
                break; /* the member that `member` was is gone */
            }
        }
    }
}

static plan_trial make_trial(uint64_t round)
{
    uint64_t state = SEED + round * UINT64_C(0x9e3779b97f4a7c15);
    plan_trial trial = {.err = TL_ERROR_INIT};
    trial.details = details_of[draw(&state) % COUNT(details_patches)];
    trial.applications = json_of(APPLICATIONS);
    trial.groups = json_of(GROUPS);
    spoil(trial.applications, &state);
    spoil(trial.groups, &state);
    trial.choice_json = round % 2 == 0
                            ? sound_choice(&state, tl_json_true(trial.details, "isElevationRequest"))
                            : wild_choice(&state);
    trial.about = text_of(trial.choice_json);
    tl_code code = tl_choice_read(&trial.choice, trial.choice_json, &trial.err);
    if (code == TL_OK) {
        code = plan_again(&trial, &trial.body);
    }
    assert_true((code == TL_OK) == (trial.body != NULL));
    assert_int_equal(code, trial.err.code);
    return trial;
}

static void trial_free(plan_trial *trial)
{
    cJSON_Delete(trial->applications);
    cJSON_Delete(trial->groups);
    cJSON_Delete(trial->choice_json);
    cJSON_Delete(trial->body);
    free(trial->about);
}

/* ---- the applications and scopes that are used ---- */

static int count_true(const cJSON *object, const char *const names[])
{
    int count = 0;
    for (size_t i = 0; names[i] != NULL; i++) {
        count += cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, names[i])) ? 1 : 0;
    }
    return count;
}

static void assert_one_use_and_scope(const plan_trial *trial)
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

/* ---- null ---- */

/* Members that are no text, date or object anywhere in the body [spec]. */
static bool is_number_or_flag(const char *name)
{
    static const char *const names[] = {"osType",
                                        "status",
                                        "isMaintained",
                                        "isGlobal",
                                        "ruleId",
                                        "elevationStatus",
                                        "elevationExpiration",
                                        "isDefaultOption",
                                        "disabled",
                                        "toComputer",
                                        "toComputerGroup",
                                        "toEntireOrganization",
                                        "canUseEntireOrganization",
                                        "useMatchingApplication",
                                        "useExistingApplication",
                                        "useNewApplication",
                                        "hasMatchingApplication",
                                        "useExistingPolicy",
                                        "createManualPolicy",
                                        "notifyOnResponse",
                                        "isFromApproval",
                                        "isElevationRequest",
                                        "isExtensionRequest",
                                        "isExecutionRequest",
                                        "organizationHasElevation",
                                        "ringfenceActionId",
                                        "statusId",
                                        "allowTMM"};
    for (size_t i = 0; i < COUNT(names); i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static void assert_no_null(const plan_trial *trial, const cJSON *node)
{
    const cJSON *member;
    if (!cJSON_IsObject(node) && !cJSON_IsArray(node)) {
        return;
    }
    cJSON_ArrayForEach (member, node) {
        bool forbidden =
            trial->choice.body_minimal || (member->string != NULL && is_number_or_flag(member->string));
        if (cJSON_IsNull(member) && forbidden) {
            fail_msg("%s: %s is null", trial->about, member->string == NULL ? "an element" : member->string);
        }
        assert_no_null(trial, member);
    }
}

/* ---- what differs from the details ---- */

/* Whether this choice is a reason for the member at that path to differ. */
static bool may_differ(const plan_trial *trial, const char *path)
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
        {"adminNotes.ticket", choice->ticket != NULL},
        {"adminNotes.requestorEmail", choice->requestor_email != NULL},
        {"approvalRequest.requestorEmailAddress", choice->requestor_email != NULL && !is_new},
        {"responseSubject", choice->response_subject != NULL},
        {"responseReason", choice->response_reason != NULL},
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

static void assert_only_chosen_differ(const plan_trial *trial, const cJSON *before, const cJSON *after,
                                      const char *path);

/* Goes through the members of `names_of`, wherever they stand in the two objects. */
static void compare_members(const plan_trial *trial, const cJSON *before, const cJSON *after,
                            const char *path, const cJSON *names_of)
{
    const cJSON *member;
    cJSON_ArrayForEach (member, names_of) {
        char deeper[256];
        snprintf(deeper, sizeof deeper, "%s%s%s", path, path[0] == '\0' ? "" : ".", member->string);
        assert_only_chosen_differ(trial, cJSON_GetObjectItemCaseSensitive(before, member->string),
                                  cJSON_GetObjectItemCaseSensitive(after, member->string), deeper);
    }
}

static void assert_only_chosen_differ(const plan_trial *trial, const cJSON *before, const cJSON *after,
                                      const char *path)
{
    if (cJSON_IsObject(after) && (cJSON_IsObject(before) || before == NULL || cJSON_IsNull(before))) {
        compare_members(trial, before, after, path, after);
        if (cJSON_IsObject(before)) {
            compare_members(trial, before, after, path, before);
        }
        return;
    }
    char *was = text_of(before);
    char *is = text_of(after);
    if (strcmp(was, is) != 0 && !may_differ(trial, path)) {
        fail_msg("%s: %s became %s from %s", trial->about, path, is, was);
    }
    free(was);
    free(is);
}

/* The minimal body says nothing that the full one of the same choice does not. */
static void assert_part_of_full(plan_trial *trial)
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

static void assert_json_untouched(const plan_trial *trial)
{
    char *before = text_of(node_at(trial->details, "approvalRequest.json"));
    assert_text_and_free(text_of(node_at(trial->body, "approvalRequest.json")), before);
    free(before);
}

/* ---- refusals ---- */

/* Whether the text speaks of that member: a name of its own anywhere, an everyday word only where it is said
 * what the member must be. */
static bool names_member(const char *text, const char *name)
{
    static const char *const sayings[] = {" =",    " must",        " is missing", " is for", " of the new",
                                          " and ", " are missing", " lies",       " needs",  " (",
                                          ":",     " cannot"};
    bool everyday = strchr(name, '_') == NULL;
    size_t length = strlen(name);
    for (const char *at = strstr(text, name); at != NULL; at = strstr(at + 1, name)) {
        char next = at[length];
        if ((at > text && (isalnum((unsigned char)at[-1]) || at[-1] == '_')) ||
            isalnum((unsigned char)next) || next == '_') {
            continue;
        }
        for (size_t i = 0; everyday && i < COUNT(sayings); i++) {
            if (strncmp(at + length, sayings[i], strlen(sayings[i])) == 0) {
                return true;
            }
        }
        if (!everyday) {
            return true;
        }
    }
    return false;
}

static void assert_refusal_names_a_member(const plan_trial *trial)
{
    assert_int_equal(trial->err.code, TL_INVALID);
    for (size_t i = 0; i < COUNT(choice_members); i++) {
        if (names_member(trial->err.message, choice_members[i].name)) {
            return;
        }
    }
    fail_msg("%s: \"%s\" names no member of the choice", trial->about, trial->err.message);
}

/* ---- the tests ---- */

typedef void property(plan_trial *trial);

/* Runs a property over all rounds; `of_plans` says over the planned ones or the refused ones. Both kinds must
 * be there in numbers, or nothing is proved. */
static void for_all(property *holds, bool of_plans)
{
    int seen = 0;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        plan_trial trial = make_trial(round);
        if ((trial.body != NULL) == of_plans) {
            seen++;
            holds(&trial);
        }
        trial_free(&trial);
    }
    assert_true(seen > ROUNDS / 6);
}

static void use_and_scope_hold(plan_trial *trial)
{
    assert_one_use_and_scope(trial);
}

static void exactly_the_chosen_application_and_scope_are_used(void **state)
{
    (void)state;
    for_all(use_and_scope_hold, true);
}

static void nulls_hold(plan_trial *trial)
{
    assert_no_null(trial, trial->body);
}

static void no_number_or_flag_is_ever_null(void **state)
{
    (void)state;
    for_all(nulls_hold, true);
}

static void differences_hold(plan_trial *trial)
{
    assert_json_untouched(trial);
    if (trial->choice.body_minimal) {
        assert_part_of_full(trial);
    } else {
        assert_only_chosen_differ(trial, trial->details, trial->body, "");
    }
}

static void only_what_was_chosen_differs_from_the_details(void **state)
{
    (void)state;
    for_all(differences_hold, true);
}

/* Planning is pure: the same again gives the same bytes, and what went in is as it was. */
static void purity_holds(plan_trial *trial)
{
    char *before = text_of(trial->details);
    char *first = text_of(trial->body);
    cJSON *again = NULL;
    assert_int_equal(plan_again(trial, &again), TL_OK);
    assert_text_and_free(text_of(again), first);
    assert_text_and_free(text_of(trial->details), before);
    assert_text_and_free(text_of(trial->choice_json), trial->about);
    cJSON_Delete(again);
    free(first);
    free(before);
}

static void the_same_choice_gives_the_same_plan(void **state)
{
    (void)state;
    for_all(purity_holds, true);
}

static void refusals_hold(plan_trial *trial)
{
    assert_refusal_names_a_member(trial);
}

static void every_refusal_names_a_member_of_the_choice(void **state)
{
    (void)state;
    for_all(refusals_hold, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exactly_the_chosen_application_and_scope_are_used),
        cmocka_unit_test(no_number_or_flag_is_ever_null),
        cmocka_unit_test(only_what_was_chosen_differs_from_the_details),
        cmocka_unit_test(the_same_choice_gives_the_same_plan),
        cmocka_unit_test(every_refusal_names_a_member_of_the_choice),
    };
    return cmocka_run_group_tests(tests, parse_details, free_details);
}
