#include "portal/lookups.h"

#include <string.h>

#include "base/text.h"
#include "portal/call.h"

static tl_code read_list(cJSON **out, tl_client *client, tl_endpoint_id id, const char *organization_id,
                         int64_t os_type, tl_error *err)
{
    tl_buffer query = {.limit = 64};
    tl_buffer_format(&query, "osType=%lld", (long long)os_type);
    tl_code code = query.failed
                       ? tl_fail_memory(err)
                       : tl_portal_read(out, NULL, client, id, organization_id, query.data, NULL, err);
    tl_buffer_free(&query);
    if (code == TL_OK && *out == NULL && (*out = cJSON_CreateArray()) == NULL)
        code = tl_fail_memory(err);
    if (code == TL_OK && !cJSON_IsArray(*out)) {
        cJSON_Delete(*out);
        *out = NULL;
        code = tl_fail(err, TL_PROTOCOL, "%s: the reply is no array", tl_endpoint_of(id)->name);
    }
    return code;
}

tl_code tl_applications_to_add_to(cJSON **out, tl_client *client, const char *organization_id,
                                  int64_t os_type, tl_error *err)
{
    return read_list(out, client, TL_APPLICATIONS_TO_ADD_TO, organization_id, os_type, err);
}

tl_code tl_groups_for_permit(cJSON **out, tl_client *client, const char *organization_id, int64_t os_type,
                             tl_error *err)
{
    return read_list(out, client, TL_GROUPS_FOR_PERMIT, organization_id, os_type, err);
}

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

/* Certificates that identify something: the details may hold empty ones [official]. */
static cJSON *real_certificates(const cJSON *details, bool *ok)
{
    cJSON *kept = cJSON_CreateArray();
    const cJSON *lists[] = {tl_json_path(details, "approvalRequest.threatLockerActionDto.certs"),
                            tl_json_path(details, "fileDetails.certificates")};
    *ok = kept != NULL;
    for (size_t i = 0; i < 2 && *ok && kept->child == NULL; i++) {
        const cJSON *certificate;
        cJSON_ArrayForEach (certificate, lists[i]) {
            if (tl_json_text_or_empty(certificate, "sha")[0] == '\0' &&
                tl_json_text_or_empty(certificate, "subject")[0] == '\0')
                continue;
            *ok = *ok && tl_json_append(kept, cJSON_Duplicate(certificate, true));
        }
    }
    return kept;
}

/* The first non-empty text of two paths; NULL when there is none. */
static const char *either(const cJSON *details, const char *path, const char *other)
{
    const char *text = tl_json_text_or_empty(details, path);
    if (text[0] == '\0')
        text = tl_json_text_or_empty(details, other);
    return text[0] == '\0' ? NULL : text;
}

static bool set_if(cJSON *body, const char *name, const char *text)
{
    return text == NULL || tl_json_set_text(body, name, text);
}

/* The mapping is the one that was used live [observed Space-C0wboy]; absent values are left out. */
cJSON *tl_matching_criteria(const cJSON *details, tl_error *err)
{
    const char *hash = either(details, "approvalRequest.threatLockerActionDto.hash", "fileDetails.hash");
    const char *sha256 =
        either(details, "approvalRequest.threatLockerActionDto.sha256", "fileDetails.sha256");
    bool ok;
    cJSON *certificates = real_certificates(details, &ok);
    if (ok && hash == NULL && sha256 == NULL && certificates->child == NULL) {
        cJSON_Delete(certificates);
        tl_fail(err, TL_INVALID,
                "the request holds no hash, SHA-256 or certificate to match applications by");
        return NULL;
    }
    const cJSON *creators = tl_json_path(details, "approvalRequest.threatLockerActionDto.installedBy");
    cJSON *body = cJSON_CreateObject();
    ok = ok && set_if(body, "hash", hash) && set_if(body, "sha256", sha256) &&
         set_if(body, "path", either(details, "fileDetails.fullPath", "approvalRequest.path")) &&
         set_if(
             body, "processPath",
             either(details, "approvalRequest.threatLockerActionDto.processName", "fileDetails.processPath"));
    ok = tl_json_set(body, "certs", certificates) && ok;
    if (ok && cJSON_IsArray(creators))
        ok = tl_json_set(body, "createdBys", cJSON_Duplicate(creators, true));
    ok = ok && tl_json_set_integer(body, "osType", tl_json_integer_or(details, "osType", 1));
    if (!ok) {
        cJSON_Delete(body);
        tl_fail_memory(err);
        return NULL;
    }
    return body;
}

/* Takes the list out of {"matchingApplications":[...],"hasMatching":bool}. */
static tl_code take_matches(cJSON **out, cJSON *reply, tl_error *err)
{
    cJSON *list =
        reply == NULL ? NULL : cJSON_DetachItemFromObjectCaseSensitive(reply, "matchingApplications");
    if (reply != NULL && !cJSON_IsObject(reply)) {
        cJSON_Delete(list);
        return tl_fail(err, TL_PROTOCOL, "ApplicationGetMatchingList: the reply is no object");
    }
    if (list == NULL || cJSON_IsNull(list)) {
        cJSON_Delete(list);
        if (tl_json_true(reply, "hasMatching"))
            return tl_fail(err, TL_PROTOCOL,
                           "ApplicationGetMatchingList: says that there are matches, names none");
        list = cJSON_CreateArray();
        if (list == NULL)
            return tl_fail_memory(err);
    }
    if (!cJSON_IsArray(list)) {
        cJSON_Delete(list);
        return tl_fail(err, TL_PROTOCOL, "ApplicationGetMatchingList: matchingApplications is no array");
    }
    *out = list;
    return TL_OK;
}

tl_code tl_matching_applications(cJSON **out_applications, tl_client *client, const char *organization_id,
                                 const cJSON *details, tl_error *err)
{
    *out_applications = NULL;
    tl_error inner = TL_ERROR_INIT;
    cJSON *criteria = tl_matching_criteria(details, &inner);
    if (criteria == NULL)
        return tl_fail(err, inner.code, "%s", inner.message);
    if (organization_id == NULL)
        organization_id = tl_json_text(details, "organizationId");
    cJSON *reply = NULL;
    tl_code code =
        tl_portal_read(&reply, NULL, client, TL_MATCHING_LIST, organization_id, NULL, criteria, err);
    cJSON_Delete(criteria);
    if (code == TL_OK)
        code = take_matches(out_applications, reply, err);
    cJSON_Delete(reply);
    return code;
}
