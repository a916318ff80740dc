/* What holds for every permit plan, whatever is chosen: thousands of generated choices. */
#include <ctype.h>

#include "plan_properties.h"
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
