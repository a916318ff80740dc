/* Looking up applications, organizations and computer groups. */
#include "action.h"

enum { MAX_RESEARCHED = 20 }; /* applications of a match: each is a call */

/* Rows get isBuiltIn, which decides how far a permit reaches. */
static tl_code mark_builtins(cJSON *applications, tl_error *err)
{
    cJSON *application;
    cJSON_ArrayForEach (application, applications)
        if (cJSON_IsObject(application) &&
            !tlp_set_flag(application, "isBuiltIn", tl_is_builtin(application)))
            return tlp_fail_memory(err);
    return TL_OK;
}

static tl_code give_applications(tlp_call *call, cJSON *applications, const char *what, tl_error *err)
{
    tl_code code = mark_builtins(applications, err);
    if (code == TL_OK)
        return tlp_give_list(call, applications, what);
    cJSON_Delete(applications);
    return code;
}

/* Adds what ThreatLocker's research says of an application; only what it may have looked into is asked for.
 * It is an extra: where it cannot be had, the matches are given without, and *ask turns false. */
static tl_code add_research(bool *ask, tl_client *client, cJSON *application, tl_error *err)
{
    const char *id = tlp_text(application, "applicationId");
    cJSON *research = NULL;
    tl_error why = TL_ERROR_INIT;
    if (id == NULL || (!tl_is_builtin(application) && tlp_text(application, "researchApplicationId") == NULL))
        return TL_OK;
    tl_code code = tl_application_research(&research, client, id, &why);
    if (code == TL_MEMORY || code == TL_CANCELLED) {
        *err = why;
        return code;
    }
    if (code == TL_OK)
        return tlp_set(application, "research", research) ? TL_OK : tlp_fail_memory(err);
    *ask = code == TL_NOT_FOUND;
    return TL_OK;
}

static tl_code add_researches(tl_client *client, cJSON *applications, tl_error *err)
{
    tl_code code = TL_OK;
    bool ask = true;
    int left = MAX_RESEARCHED;
    cJSON *application;
    cJSON_ArrayForEach (application, applications)
        if (code == TL_OK && ask && left-- > 0)
            code = add_research(&ask, client, application, err);
    return code;
}

tl_code tlp_match_applications(tlp_call *call, tl_error *err)
{
    tl_client *client = call->session->client;
    cJSON *details = NULL, *applications = NULL;
    tl_code code = tl_permit_details(&details, client, tlp_organization_id(call), tlp_request_id(call), err);
    if (code != TL_OK)
        return code;
    /* The request's own organization counts. */
    const char *owner = tlp_text(details, "organizationId");
    code = tl_matching_applications(&applications, client, owner != NULL ? owner : tlp_organization_id(call),
                                    details, err);
    cJSON_Delete(details);
    if (code == TL_OK)
        code = add_researches(client, applications, err);
    if (code == TL_OK)
        return give_applications(call, applications, "Matching applications", err);
    cJSON_Delete(applications);
    return code;
}

tl_code tlp_list_applications(tlp_call *call, tl_error *err)
{
    cJSON *applications = NULL;
    tl_code code = tl_applications(&applications, call->session->client, tlp_organization_id(call),
                                   tlp_os_type(call), tlp_text(call->parameters, "search"), err);
    return code == TL_OK ? give_applications(call, applications, "Applications", err) : code;
}

tl_code tlp_list_maintenance_applications(tlp_call *call, tl_error *err)
{
    cJSON *applications = NULL;
    tl_code code = tl_maintenance_applications(&applications, call->session->client,
                                               tlp_organization_id(call), tlp_os_type(call), err);
    return code == TL_OK ? tlp_give_list(call, applications, "Applications") : code;
}

tl_code tlp_get_research(tlp_call *call, tl_error *err)
{
    cJSON *research = NULL;
    tl_code code = tl_application_research(&research, call->session->client,
                                           tlp_text(call->parameters, "application_id"), err);
    return code == TL_OK ? tlp_give_object(call, research, "Got the research") : code;
}

tl_code tlp_list_organizations(tlp_call *call, tl_error *err)
{
    cJSON *organizations = NULL;
    tl_organization_query query = TL_ORGANIZATION_QUERY_INIT;
    query.search = tlp_text(call->parameters, "search");
    tl_code code = tl_organizations(&organizations, call->session->client, &query, err);
    return code == TL_OK ? tlp_give_list(call, organizations, "Organizations") : code;
}

tl_code tlp_list_computer_groups(tlp_call *call, tl_error *err)
{
    cJSON *groups = NULL;
    tl_code code =
        tl_computer_groups(&groups, call->session->client, tlp_organization_id(call), tlp_os_type(call), err);
    return code == TL_OK ? tlp_give_list(call, groups, "Computer groups") : code;
}
