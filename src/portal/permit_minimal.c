#include "portal/permit_minimal.h"

/* Copies those members that are there and not null. */
static bool copy_members(cJSON *to, const cJSON *from, const char *const names[])
{
    bool ok = to != NULL;
    for (size_t i = 0; ok && names[i] != NULL; i++) {
        const cJSON *member = tl_json_member(from, names[i]);
        if (member != NULL)
            ok = tl_json_set(to, names[i], cJSON_Duplicate(member, true));
    }
    return ok;
}

/* Makes the member object `name` of `to` from those members of the one in `from`. */
static bool copy_object(cJSON *to, const cJSON *from, const char *name, const char *const names[])
{
    cJSON *object = cJSON_CreateObject();
    return tl_json_set(to, name, object) && copy_members(object, tl_json_member(from, name), names);
}

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

bool tl_repeats_email(const tl_choice *choice)
{
    return choice->terms.requestor_email != NULL && choice->application != TL_APPLICATION_NEW;
}

static bool add_request(cJSON *body, const cJSON *full, const tl_choice *choice)
{
    return copy_object(body, full, "approvalRequest",
                       tl_repeats_email(choice) ? NAMES("approvalRequestId", "json", "requestorEmailAddress")
                                                : NAMES("approvalRequestId", "json"));
}

/* Only the flag that is true, and what belongs to it. */
static bool add_application(cJSON *body, const cJSON *full, const tl_choice *choice)
{
    const cJSON *from = tl_json_member(full, "matchingApplications");
    cJSON *to = cJSON_CreateObject();
    if (!tl_json_set(body, "matchingApplications", to))
        return false;
    const char *const *application = NAMES("applicationName", "applicationId", "organizationId", "osType");
    switch (choice->application) {
    case TL_APPLICATION_MATCHING:
        return copy_members(to, from, NAMES("useMatchingApplication")) &&
               copy_object(to, from, "matchingApplication", application);
    case TL_APPLICATION_EXISTING:
        return copy_members(to, from, NAMES("useExistingApplication")) &&
               copy_object(to, from, "existingApplication", application);
    case TL_APPLICATION_NEW:
        break;
    }
    return copy_members(to, from, NAMES("useNewApplication", "newApplicationName"));
}

static bool add_rules(cJSON *conditions, const cJSON *options)
{
    cJSON *rules = cJSON_CreateArray();
    bool ok = tl_json_set(conditions, "manualOptions", rules);
    const cJSON *option;
    cJSON_ArrayForEach (option, options) {
        cJSON *rule = cJSON_CreateObject();
        ok = ok && copy_members(rule, option, NAMES("fullPath", "processPath", "cert", "hash", "createdBy"));
        if (!ok) {
            cJSON_Delete(rule);
            return false;
        }
        ok = tl_json_append(rules, rule);
    }
    return ok;
}

static bool add_conditions(cJSON *body, const cJSON *full)
{
    const cJSON *from = tl_json_member(full, "policyConditions");
    cJSON *to = cJSON_CreateObject();
    return tl_json_set(body, "policyConditions", to) && copy_members(to, from, NAMES("useExistingPolicy")) &&
           add_rules(to, tl_json_member(from, "manualOptions")) && copy_members(to, from, NAMES("ruleId"));
}

/* The one scope that is true; none with an existing policy [official]. "All false" was asked for as such, so
 * it is said. A group is named as in the older page [official*]. */
static bool add_scope(cJSON *body, const cJSON *full, const tl_choice *choice)
{
    const cJSON *from = tl_json_member(full, "policyLevel");
    cJSON *to = cJSON_CreateObject();
    if (!tl_json_set(body, "policyLevel", to))
        return false;
    if (choice->existing_policy)
        return true;
    if (choice->scope_all_false)
        return copy_members(to, from, NAMES("toEntireOrganization", "toComputerGroup", "toComputer"));
    switch (choice->scope) {
    case TL_SCOPE_ORGANIZATION:
        return copy_members(to, from, NAMES("toEntireOrganization"));
    case TL_SCOPE_GROUP:
        return copy_members(to, from, NAMES("toComputerGroup")) &&
               copy_object(to, from, "selectedComputerGroup",
                           NAMES("computerGroupId", "organizationId", "osType"));
    case TL_SCOPE_COMPUTER:
        break;
    }
    return copy_members(to, from, NAMES("toComputer"));
}

/* What the article's examples have no case for. Dates that were not chosen are null in the full body. */
static bool add_terms(cJSON *body, const cJSON *full, const tl_choice *choice, bool is_elevation)
{
    bool ok = copy_members(body, full, NAMES("policyExpirationDate"));
    if (is_elevation)
        ok = ok && copy_members(body, full,
                                NAMES("actionType", "isElevationRequest", "elevationStatus",
                                      "elevationExpiration", "elevationExpirationDate"));
    if (choice->terms.response_subject != NULL)
        ok = ok && copy_members(body, full, NAMES("responseSubject"));
    if (choice->terms.response_reason != NULL)
        ok = ok && copy_members(body, full, NAMES("responseReason"));
    if (choice->terms.notify)
        ok = ok && copy_members(body, full, NAMES("notifyOnResponse"));
    return ok;
}

cJSON *tl_minimal_body(const cJSON *full, const tl_choice *choice, bool is_elevation)
{
    cJSON *body = cJSON_CreateObject();
    bool ok =
        body != NULL &&
        copy_object(body, full, "adminNotes", NAMES("comments", "requestorEmail", "ticket")) &&
        add_request(body, full, choice) && copy_members(body, full, NAMES("computerId", "computerGroupId")) &&
        copy_object(body, full, "fileDetails", NAMES("fullPath")) && add_application(body, full, choice) &&
        copy_members(body, full,
                     NAMES("organizationHasElevation", "organizationId", "organizationIds", "osType")) &&
        add_conditions(body, full) && add_scope(body, full, choice) &&
        copy_members(body, full, NAMES("ringfenceActionId")) && add_terms(body, full, choice, is_elevation);
    if (!ok) {
        cJSON_Delete(body);
        return NULL;
    }
    return body;
}
