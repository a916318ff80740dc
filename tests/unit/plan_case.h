/* Planning one permit from texts. */
#ifndef TL_TESTS_PLAN_CASE_H
#define TL_TESTS_PLAN_CASE_H

#include "base/time.h"
#include "details.h"
#include "json_case.h"
#include "portal/notes.h"
#include "portal/permit_plan.h"

#define PLAN_NOW "2026-06-23T15:00:00Z"
#define PLAN_INSTANCE "x9"

typedef struct planned {
    cJSON *details;
    cJSON *applications;
    cJSON *groups;
    cJSON *choice_json;
    cJSON *body;
    tl_choice choice;
    tl_code code;
    tl_error err;
} planned;

/* Plans at PLAN_NOW. The texts are ' for "; `patches` change the details first. A choice that
 * cannot even be read fails like the plan. */
static inline planned plan_with(const char *details, const char *patches, const char *choice,
                                const char *applications, const char *groups)
{
    planned plan = {.err = TL_ERROR_INIT};
    char braced[4096];
    snprintf(braced, sizeof braced, "{%s}", choice);
    plan.details = json_of(details);
    patch(plan.details, patches);
    plan.applications = json_of(applications);
    plan.groups = json_of(groups);
    plan.choice_json = json_of(braced);
    plan.code = tl_choice_read(&plan.choice, plan.choice_json, &plan.err);
    tl_plan_input input = {.request_id = REQUEST,
                           .details = plan.details,
                           .choice = &plan.choice,
                           .applications = plan.applications,
                           .groups = plan.groups,
                           .operation_id = OPERATION,
                           .instance = PLAN_INSTANCE};
    assert_true(tl_time_parse(PLAN_NOW, false, &input.now_us));
    if (plan.code == TL_OK) {
        plan.code = tl_permit_plan(&plan.body, &input, &plan.err);
    }
    assert_true((plan.code == TL_OK) == (plan.body != NULL));
    return plan;
}

static inline planned plan_of(const char *patches, const char *choice)
{
    return plan_with(DETAILS, patches, choice, APPLICATIONS, GROUPS);
}

static inline void plan_free(planned *plan)
{
    cJSON_Delete(plan->details);
    cJSON_Delete(plan->applications);
    cJSON_Delete(plan->groups);
    cJSON_Delete(plan->choice_json);
    cJSON_Delete(plan->body);
}

#endif
