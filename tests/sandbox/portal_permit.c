/* B5: permit an application or an elevation. The order of the checks is that of H.7. */
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "portal.h"
#include "render.h"

struct permit {
    const struct portal_call *at;
    struct request *request;
    const cJSON *matching, *conditions, *level;
    const char *choice; /* "matching", "existing" or "new" */
    const char *new_name;
    cJSON *application; /* the world's, for matching and existing */
    const char *scope;
};

static bool refuse(const struct permit *permit, unsigned status, const char *message)
{
    if (message)
        portal_error(permit->at->sandbox, permit->at->reply, status, message);
    else
        portal_server_error(permit->at->sandbox, permit->at->reply);
    return false;
}

static bool refuse_permission(const struct permit *permit, const char *name)
{
    char message[120];
    snprintf(message, sizeof message, "Missing the '%s' permission", name);
    return refuse(permit, 401, message);
}

/* Permission groups 1 and 2 of D1 [official]; group 3 was checked on the way in. */
static bool permissions_fit(const struct permit *permit)
{
    const struct switches *switches = &permit->at->sandbox->switches;
    const cJSON *chosen = json_member(permit->matching, "matchingApplication");
    bool custom_match = json_true(permit->matching, "useMatchingApplication") &&
                        !same_word(json_text(chosen, "organizationId"), MASTER_ORGANIZATION);
    if (switch_is(switches, SW_APPROVE_ESCALATION, "required") &&
        !has_permission(switches, "Approve Escalation"))
        return refuse_permission(permit, "Approve Escalation");
    if ((json_true(permit->matching, "useExistingApplication") || custom_match) &&
        !has_permission(switches, "Approve for Update Existing"))
        return refuse_permission(permit, "Approve for Update Existing");
    if (json_true(permit->matching, "useNewApplication") &&
        !has_permission(switches, "Approve for New Install"))
        return refuse_permission(permit, "Approve for New Install");
    return true;
}

/* A missing json is a "silent failure" [observed Space-C0wboy] (D4). */
static bool find_request(struct permit *permit)
{
    const cJSON *named = json_member(permit->at->body, "approvalRequest");
    const char *json = json_text(named, "json");
    permit->request = portal_request(permit->at, json_text(named, "approvalRequestId"));
    if (permit->request && json && *json)
        return true;
    if (switch_is(&permit->at->sandbox->switches, SW_PERMIT_WITHOUT_JSON, "silent")) {
        portal_write_done(permit->at);
        return false;
    }
    return refuse(permit, 500, NULL);
}

/* Storage has an endpoint of its own [spec] (E1); that this one refuses it is [inferred]. */
static bool kind_fits(const struct permit *permit)
{
    return !same_word(request_kind(&permit->at->sandbox->world, permit->request), "storage") ||
           refuse(permit, 500, NULL);
}

static bool choose(struct permit *permit)
{
    bool use_matching = json_true(permit->matching, "useMatchingApplication");
    bool use_existing = json_true(permit->matching, "useExistingApplication");
    bool use_new = json_true(permit->matching, "useNewApplication");
    if (use_matching + use_existing + use_new != 1)
        return refuse(permit, 500, NULL);
    permit->choice = use_matching ? "matching" : use_existing ? "existing" : "new";
    if (use_new) {
        const char *name = json_text(permit->matching, "newApplicationName");
        permit->new_name = name ? name + strspn(name, " \t\r\n") : "";
        return *permit->new_name || refuse(permit, 417, "Must enter a name for a new application");
    }
    const cJSON *chosen =
        json_member(permit->matching, use_matching ? "matchingApplication" : "existingApplication");
    const struct world *world = &permit->at->sandbox->world;
    const cJSON *known = world_application(world, json_text(chosen, "applicationId"));
    if (!known || (!is_builtin(known) && !organization_within(world, request_organization(permit->request),
                                                              json_text(known, "organizationId"))))
        return refuse(permit, 500, NULL); /* [inferred] */
    permit->application = cJSON_GetArrayItem(world->applications, 0);
    while (permit->application != known)
        permit->application = permit->application->next;
    return true;
}

/* Two scopes at once, or a group that is not named: 500 [inferred]. */
static bool scope_fits(struct permit *permit)
{
    bool all = json_true(permit->level, "toEntireOrganization");
    bool group = json_true(permit->level, "toComputerGroup");
    bool computer = json_true(permit->level, "toComputer");
    const cJSON *selected = json_member(permit->level, "selectedComputerGroup");
    /* 417 [observed Space-C0wboy] against success [official] (D5.1) */
    if (computer && switch_is(&permit->at->sandbox->switches, SW_TO_COMPUTER, "417"))
        return refuse(permit, 417, "Provided applies to ID does not associate with a known OS type");
    if (all + group + computer > 1 || (group && !is_guid(json_text(selected, "computerGroupId"))))
        return refuse(permit, 500, NULL);
    permit->scope = all ? "organization" : group ? "group" : computer ? "computer" : "all_false";
    /* [observed Space-C0wboy] (D5.2) */
    if (permit->application && is_builtin(permit->application) && !all)
        return refuse_permission(permit, "");
    return true;
}

/* The article omits what it does not use [official]; Space-C0wboy got 500 for that (D5.3). */
static bool objects_present(const struct permit *permit)
{
    static const char *const wanted[] = {"fileDetails", "ringfencingOptions", "policyLevel", "adminNotes",
                                         "policyConditions"};
    if (switch_is(&permit->at->sandbox->switches, SW_OMITTED_OBJECTS, "accepted"))
        return true;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!json_member(permit->at->body, wanted[i]))
            return refuse(permit, 500, NULL);
    if (!json_member(permit->matching, "matchingApplication") ||
        !json_member(permit->matching, "existingApplication") ||
        !json_member(permit->level, "selectedComputerGroup"))
        return refuse(permit, 500, NULL);
    return true;
}

static void add_rules_to(cJSON *application, const cJSON *rules)
{
    cJSON *match = cJSON_GetObjectItemCaseSensitive(application, "match");
    if (!match)
        match = cJSON_AddObjectToObject(application, "match");
    cJSON *hashes = cJSON_GetObjectItemCaseSensitive(match, "hashes");
    if (!hashes)
        hashes = cJSON_AddArrayToObject(match, "hashes");
    const cJSON *rule;
    cJSON_ArrayForEach (rule, rules) {
        const char *hash = json_text(rule, "hash");
        if (hash && *hash)
            cJSON_AddItemToArray(hashes, cJSON_CreateString(hash));
    }
}

static void make_application(struct permit *permit)
{
    struct world *world = &permit->at->sandbox->world;
    char id[GUID_TEXT];
    world_fresh_id(world, "0f", id);
    cJSON *application = cJSON_CreateObject();
    json_put_text(application, "applicationId", id);
    json_put_text(application, "name", permit->new_name);
    json_put_text(application, "organizationId", request_organization(permit->request));
    const cJSON *os = request_field(world, permit->request, "osType");
    json_put(application, "osType", cJSON_Duplicate(os, 1));
    cJSON_AddItemToArray(world->applications, application);
    permit->application = application;
}

/* A new policy, or the one that the application has already. */
static const char *policy_of(struct permit *permit, bool existing)
{
    const char *known = json_text(permit->application, "policyId");
    if (existing && known)
        return known;
    char id[GUID_TEXT];
    world_fresh_id(&permit->at->sandbox->world, "0b", id);
    json_put_text(permit->application, "policyId", id);
    return json_text(permit->application, "policyId");
}

static bool json_is_verbatim(const struct permit *permit)
{
    struct text own = {0};
    const char *sent = json_text(json_member(permit->at->body, "approvalRequest"), "json");
    bool same = render_json_member(&permit->at->sandbox->world, &permit->at->sandbox->switches,
                                   permit->request, &own) &&
                strcmp(text_str(&own), sent) == 0;
    text_free(&own);
    return same;
}

/* What was permitted, for `GET state`. */
static cJSON *effect_of(const struct permit *permit, const char *policy)
{
    const cJSON *body = permit->at->body;
    cJSON *effect = cJSON_CreateObject();
    json_put_text(effect, "application", permit->choice);
    json_put_text(effect, "applicationId", json_text(permit->application, "applicationId"));
    json_put_text(effect, "applicationName", json_text(permit->application, "name"));
    json_put_text(effect, "policyId", policy);
    json_put(effect, "existingPolicy", json_copy(permit->conditions, "useExistingPolicy"));
    json_put_text(effect, "scope", permit->scope);
    json_put(effect, "group", json_copy(permit->level, "selectedComputerGroup"));
    json_put(effect, "rules", json_copy(permit->conditions, "manualOptions"));
    json_put(effect, "ruleId", json_copy(permit->conditions, "ruleId"));
    json_put(effect, "elevationStatus", json_copy(body, "elevationStatus"));
    json_put(effect, "elevationExpiration", json_copy(body, "elevationExpiration"));
    json_put(effect, "elevationExpirationDate", json_copy(body, "elevationExpirationDate"));
    json_put(effect, "policyExpirationDate", json_copy(body, "policyExpirationDate"));
    json_put(effect, "adminNotes", json_copy(body, "adminNotes"));
    json_put(effect, "jsonVerbatim", cJSON_CreateBool(json_is_verbatim(permit)));
    return effect;
}

/* Status 4 [observed Space-C0wboy]; 12 "Added to Application" is thinkable for an existing one (J.4). */
static void apply(struct permit *permit)
{
    bool existing_policy = json_true(permit->conditions, "useExistingPolicy");
    const cJSON *rules = json_member(permit->conditions, "manualOptions");
    const cJSON *notes = json_member(permit->at->body, "adminNotes");
    if (!permit->application)
        make_application(permit);
    if (!is_builtin(permit->application))
        add_rules_to(permit->application, rules);
    const char *policy = policy_of(permit, existing_policy);
    bool added = strcmp(permit->choice, "existing") == 0 && existing_policy &&
                 switch_is(&permit->at->sandbox->switches, SW_EXISTING_POLICY_STATUS, "12");
    cJSON *effect = effect_of(permit, policy), *fields = permit->request->fields;
    portal_actioned(permit->at, permit->request, added ? STATUS_ADDED : STATUS_APPROVED);
    json_put_text(fields, "policyId", policy);
    json_put_text(fields, "applicationId", json_text(permit->application, "applicationId"));
    json_put_text(fields, "comments", json_text(notes, "comments") ? json_text(notes, "comments") : "");
    json_put_given(fields, "ticketId", json_text(notes, "ticket"));
    json_put_given(fields, "requestorEmailAddress", json_text(notes, "requestorEmail"));
    portal_applied(permit->at, permit->request, WRITE_PERMIT, effect);
}

void approval_permit(const struct portal_call *at)
{
    struct permit permit = {.at = at,
                            .matching = json_member(at->body, "matchingApplications"),
                            .conditions = json_member(at->body, "policyConditions"),
                            .level = json_member(at->body, "policyLevel")};
    if (!permissions_fit(&permit) || !find_request(&permit) || !kind_fits(&permit) || !choose(&permit) ||
        !scope_fits(&permit) || !objects_present(&permit) || !portal_may_action(at, permit.request))
        return;
    apply(&permit);
    portal_write_done(at);
}
