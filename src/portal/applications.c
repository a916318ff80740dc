/* Lists of applications, and what is known about one. */
#include "portal/applications.h"

#include "base/text.h"
#include "portal/members.h"
#include "portal/rows.h"

enum { OS_WINDOWS = 1 };

const cJSON *tl_find_by_guid(const cJSON *array, const char *member, const char *guid)
{
    const cJSON *element;
    cJSON_ArrayForEach (element, array) {
        const char *value = tl_json_text(element, member);
        if (value != NULL && tl_equal_ignore_case(value, guid))
            return element;
    }
    return NULL;
}

bool tl_is_builtin(const cJSON *application)
{
    const char *owner = tl_json_text(application, "organizationName");
    return owner == NULL || owner[0] == '\0' || tl_equal_ignore_case(owner, "master");
}

cJSON *tl_application_options(const char *organization_id, int64_t os_type, const char *search)
{
    cJSON *body = cJSON_CreateObject();
    /* The default of the GUIDs here is "", which is none: a real one, or nothing [inferred]. */
    bool ok =
        (!tl_is_real_guid(organization_id) || tl_json_set_text(body, "organizationId", organization_id)) &&
        tl_json_set_integer(body, "osType", os_type) && tl_json_set_bool(body, "includeBuiltIn", false) &&
        tl_json_set_text(body, "searchText", search == NULL ? "" : search) &&
        tl_json_set_text(body, "hostName", "") && tl_json_set_bool(body, "onlyPermitted", false);
    if (!ok) {
        cJSON_Delete(body);
        body = NULL;
    }
    return body;
}

/* A list whose query is osType and perhaps searchText. */
static tl_code read_list(cJSON **out, tl_client *client, tl_endpoint_id id, const char *organization_id,
                         int64_t os_type, const char *search, const char *guid_member, tl_error *err)
{
    tl_buffer query = {.limit = TL_MAX_QUERY};
    tl_query_integer(&query, "osType", os_type);
    tl_query_text(&query, "searchText", search);
    tl_code code = query.failed
                       ? tl_fail_memory(err)
                       : tl_read_rows(out, client, id, organization_id, query.data, NULL, guid_member, err);
    tl_buffer_free(&query);
    return code;
}

static tl_code read_options(cJSON **out, tl_client *client, const char *organization_id, int64_t os_type,
                            const char *search, tl_error *err)
{
    const char *organization = organization_id == NULL ? client->organization_id : organization_id;
    cJSON *body = tl_application_options(organization, os_type, search);
    tl_code code = body == NULL ? tl_fail_memory(err)
                                : tl_read_rows(out, client, TL_APPLICATION_OPTIONS, organization_id, NULL,
                                               body, "applicationId", err);
    cJSON_Delete(body);
    return code;
}

tl_code tl_applications(cJSON **out, tl_client *client, const char *organization_id, int64_t os_type,
                        const char *search, tl_error *err)
{
    *out = NULL;
    tl_code code = tl_check_os_type(os_type, err);
    if (code == TL_OK)
        code = tl_check_search(search, err);
    if (code != TL_OK)
        return code;
    os_type = os_type == 0 ? OS_WINDOWS : os_type;
    tl_error missing = TL_ERROR_INIT;
    code = read_list(out, client, TL_APPLICATIONS_TO_ADD_TO, organization_id, os_type, search,
                     "applicationId", &missing);
    if (code == TL_OK)
        return TL_OK;
    if (!tl_no_such_endpoint(&missing))
        return tl_fail_with(err, &missing);
    return read_options(out, client, organization_id, os_type, search, err);
}

tl_code tl_maintenance_applications(cJSON **out, tl_client *client, const char *organization_id,
                                    int64_t os_type, tl_error *err)
{
    *out = NULL;
    tl_code code = tl_check_os_type(os_type, err);
    if (code != TL_OK)
        return code;
    return read_list(out, client, TL_MAINTENANCE_APPLICATIONS, organization_id,
                     os_type == 0 ? OS_WINDOWS : os_type, NULL, NULL, err);
}

tl_code tl_application_research(cJSON **out, tl_client *client, const char *application_id, tl_error *err)
{
    return tl_read_object(out, client, TL_APPLICATION_RESEARCH, NULL, "applicationId", application_id, err);
}

tl_code tl_application_get(cJSON **out, tl_client *client, const char *organization_id,
                           const char *application_id, tl_error *err)
{
    return tl_read_object(out, client, TL_APPLICATION_BY_ID, organization_id, "applicationId", application_id,
                          err);
}
