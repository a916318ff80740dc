/* Permit plans from arbitrary details, choices and lists: whatever is planned changes only what was chosen,
 * for one application and one scope, below the limits. The sections `details`, `choice`, `applications`,
 * `groups`, `maintenance` and `limits` change good ones line by line. */
#include <string.h>

#include "base/text.h"
#include "fuzz.h"
#include "plan_properties.h"
#include "portal/applications.h"
#include "portal/ceiling.h"

#define NOW "2026-06-23T15:00:00Z"
#define MAINTENANCE "[{'label':'Field app','value':'" OWN "'}]"

/* A copy of what the text says, changed as the sections of that name do. `text` has ' for ". */
static cJSON *changed(cJSON **base, const char *text, const fuzz_sections *input, const char *name)
{
    if (*base == NULL)
        *base = json_of(text);
    cJSON *tree = cJSON_Duplicate(*base, true);
    const fuzz_section *section = NULL;
    while ((section = fuzz_next_section(input, section, name)) != NULL)
        fuzz_patch(&tree, section->body);
    return tree;
}

/* ---- the ceiling, read off what would be sent ---- */

/* {"max_scope": 0 to 2, "builtin", "paths", "installation", "learning", "monitor": true, "max_expiry":
 * seconds} */
static tl_limits limits_of(const cJSON *json)
{
    tl_limits limits = {.allow_builtin = tl_json_true(json, "builtin"),
                        .allow_path_rules = tl_json_true(json, "paths")};
    int64_t scope = tl_json_integer_or(json, "max_scope", 0);
    limits.max_scope = scope == 2 ? TL_SCOPE_ORGANIZATION : scope == 1 ? TL_SCOPE_GROUP : TL_SCOPE_COMPUTER;
    limits.allow_installation = tl_json_true(json, "installation");
    limits.allow_learning = tl_json_true(json, "learning");
    limits.allow_monitor = tl_json_true(json, "monitor");
    int64_t expiry = tl_json_integer_or(json, "max_expiry", 0);
    limits.max_expiry_s = expiry > 0 && expiry < 1000000000 ? expiry : 0;
    return limits;
}

static bool ends_by(const cJSON *body, const char *member, int64_t latest_us)
{
    int64_t end_us;
    const char *text = tl_json_text(body, member);
    return text != NULL && tl_time_parse(text, false, &end_us) && end_us <= latest_us;
}

static void check_scope(const plan_trial *trial, const tl_limits *limits)
{
    const cJSON *level = tl_json_member(trial->body, "policyLevel");
    bool anywhere = tl_json_true(trial->body, "policyConditions.useExistingPolicy");
    if (limits->max_scope < TL_SCOPE_ORGANIZATION)
        must_about(!anywhere && !tl_json_true(level, "toEntireOrganization"), trial->about);
    if (limits->max_scope < TL_SCOPE_GROUP)
        must_about(!tl_json_true(level, "toComputerGroup"), trial->about);
}

static void check_rules(const plan_trial *trial, const tl_limits *limits)
{
    static const char *const others[] = {"fullPath", "processPath", "cert", "createdBy"};
    const cJSON *rule;
    cJSON_ArrayForEach (rule, tl_json_path(trial->body, "policyConditions.manualOptions"))
        for (size_t i = 0; i < COUNT(others); i++)
            must_about(limits->allow_path_rules || tl_json_text(rule, others[i]) == NULL, trial->about);
    int64_t mode = tl_json_integer_or(trial->body, "policyConditions.ruleId", -1);
    must_about(mode == 0 || (mode == 1 && limits->allow_installation) ||
                   (mode == 2 && limits->allow_learning) || (mode == 3 && limits->allow_monitor),
               trial->about);
}

static void check_end(const plan_trial *trial, const tl_limits *limits, int64_t now_us)
{
    int64_t latest_us = now_us + limits->max_expiry_s * TL_SECOND_US;
    if (limits->max_expiry_s == 0)
        return;
    must_about(ends_by(trial->body, "policyExpirationDate", latest_us), trial->about);
    int64_t elevation = tl_json_integer_or(trial->body, "elevationStatus", 0);
    int64_t hours = tl_json_integer_or(trial->body, "elevationExpiration", 0);
    if (elevation == 1 || elevation == 2)
        must_about(hours > 0 || ends_by(trial->body, "elevationExpirationDate", latest_us), trial->about);
    must_about(hours * 3600 <= limits->max_expiry_s, trial->about);
}

static void check_ceiling(const plan_trial *trial, const tl_limits *limits)
{
    int64_t now_us;
    const cJSON *application =
        tl_find_by_guid(trial->applications, "applicationId", trial->choice.application_id);
    bool is_builtin = application != NULL && tl_is_builtin(application);
    must(tl_time_parse(NOW, false, &now_us));
    if (tl_check_ceiling(limits, &trial->choice, is_builtin, now_us, NULL) != TL_OK)
        return;
    must_about(!trial->choice.terms.allow_actioned, trial->about);
    must_about(!is_builtin || limits->allow_builtin, trial->about);
    check_scope(trial, limits);
    check_rules(trial, limits);
    check_end(trial, limits, now_us);
}

/* ---- what can be permitted at all ---- */

static void check_request(const plan_trial *trial)
{
    const cJSON *request = tl_json_member(trial->details, "approvalRequest");
    int64_t status = tl_json_integer_or(request, "statusId", 0);
    bool settled = status == 0 || status == 4 || status == 10 || status == 12 || status == 16;
    const char *json = tl_json_text(trial->body, "approvalRequest.json");
    must_about(json != NULL && json[0] != '\0', trial->about);
    must_about(!settled || trial->choice.terms.allow_actioned, trial->about);
    must_about(!tl_json_true(trial->details, "isExtensionRequest"), trial->about);
    must_about(tl_equal_ignore_case(tl_json_text(trial->body, "approvalRequest.approvalRequestId"), REQUEST),
               trial->about);
}

/* ---- the target ---- */

static void check_plan(plan_trial *trial)
{
    assert_one_use_and_scope(trial);
    assert_json_untouched(trial);
    if (trial->choice.body_minimal)
        assert_part_of_full(trial);
    else
        assert_only_chosen_differ(trial, trial->details, trial->body, "");
    check_request(trial);
    char *first = text_of(trial->body);
    cJSON *again = NULL;
    must(plan_again(trial, &again) == TL_OK);
    assert_text_and_free(text_of(again), first);
    free(first);
    cJSON_Delete(again);
}

static void run(plan_trial *trial, const tl_limits *limits)
{
    tl_code code = tl_choice_read(&trial->choice, trial->choice_json, &trial->err);
    if (code == TL_OK)
        code = plan_again(trial, &trial->body);
    must(code == trial->err.code);
    must((code == TL_OK) == (trial->body != NULL));
    if (code == TL_OK) {
        check_plan(trial);
        check_ceiling(trial, limits);
        return;
    }
    must_about(code == TL_INVALID || code == TL_CONFLICT || code == TL_PROTOCOL, trial->err.message);
    must_about(fuzz_is_line(trial->err.message, sizeof trial->err.message), trial->err.message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static cJSON *details_base, *choice_base, *applications_base, *groups_base, *maintenance_base,
        *limits_base;
    fuzz_sections input;
    fuzz_sections_read(&input, data, size);
    cJSON *details = changed(&details_base, DETAILS, &input, "details");
    cJSON *limits = changed(&limits_base, "{}", &input, "limits");
    plan_trial trial = {.details = details, .err = TL_ERROR_INIT};
    trial.choice_json = changed(&choice_base, "{" CHOICE_NEW "}", &input, "choice");
    trial.applications = changed(&applications_base, APPLICATIONS, &input, "applications");
    trial.groups = changed(&groups_base, GROUPS, &input, "groups");
    if (tl_json_member(trial.choice_json, "mode") != NULL)
        trial.maintenance = changed(&maintenance_base, MAINTENANCE, &input, "maintenance");
    trial.about = text_of(trial.choice_json);
    tl_limits allowed = limits_of(limits);
    run(&trial, &allowed);
    cJSON_Delete(details);
    cJSON_Delete(limits);
    trial_free(&trial);
    fuzz_sections_free(&input);
    return 0;
}
