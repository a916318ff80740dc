/* Which applications match a file. */
#include "portal/matching.h"

#include <string.h>

#include "base/text.h"
#include "portal/members.h"
#include "portal/rows.h"

enum { MAX_LISTED = 100 };

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
    ok = ok && tl_json_set_given(body, "hash", hash) && tl_json_set_given(body, "sha256", sha256) &&
         tl_json_set_given(body, "path", either(details, "fileDetails.fullPath", "approvalRequest.path")) &&
         tl_json_set_given(
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

/* A certificate of the caller's. One that names nothing would match what no certificate signed. */
static tl_code check_certificate(const cJSON *certificate, tl_error *err)
{
    static const char *const known[] = {"sha", "subject", "validCert", NULL};
    const char *sha;
    const char *subject;
    bool valid;
    if (!cJSON_IsObject(certificate))
        return tl_fail(err, TL_INVALID, "must be objects");
    tl_code code = tl_check_members(certificate, known, "one has", err);
    if (code != TL_OK)
        return code;
    if (!tl_member_text(&sha, certificate, "sha", err) ||
        !tl_member_text(&subject, certificate, "subject", err) ||
        !tl_member_flag(&valid, certificate, "validCert", err))
        return TL_INVALID;
    if ((sha == NULL || sha[0] == '\0') && (subject == NULL || subject[0] == '\0'))
        return tl_fail(err, TL_INVALID, "each must name a sha or a subject");
    return TL_OK;
}

static tl_code check_creator(const cJSON *creator, tl_error *err)
{
    const char *text = tl_json_string_value(creator);
    size_t length = text == NULL ? 0 : strlen(text);
    if (length > 0 && length <= TL_MAX_TEXT && tl_utf8_valid(text, length))
        return TL_OK;
    return tl_fail(err, TL_INVALID, "must be texts of 1 to %d bytes of UTF-8", TL_MAX_TEXT);
}

static tl_code check_organization(const cJSON *organization, tl_error *err)
{
    if (tl_is_real_guid(tl_json_string_value(organization)))
        return TL_OK;
    return tl_fail(err, TL_INVALID, "must be GUIDs");
}

/* Copies a list whose elements pass the check. */
static tl_code take_list(cJSON *body, const cJSON *criteria, const char *member,
                         tl_code (*check)(const cJSON *element, tl_error *err), tl_error *err)
{
    const cJSON *list;
    if (!tl_member_list(&list, criteria, member, MAX_LISTED, err))
        return TL_INVALID;
    const cJSON *element;
    cJSON_ArrayForEach (element, list) {
        tl_error inner = TL_ERROR_INIT;
        if (check(element, &inner) != TL_OK)
            return tl_fail(err, inner.code, "%s: %s", member, inner.message);
    }
    if (list != NULL && !tl_json_set(body, member, cJSON_Duplicate(list, true)))
        return tl_fail_memory(err);
    return TL_OK;
}

static tl_code take_texts(cJSON *body, const cJSON *criteria, tl_error *err)
{
    static const char *const texts[] = {"hash", "sha256", "path", "processPath", "filename", "folder"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const char *text;
        if (!tl_member_text(&text, criteria, texts[i], err))
            return TL_INVALID;
        if (text != NULL && text[0] != '\0' && !tl_json_set_text(body, texts[i], text))
            return tl_fail_memory(err);
    }
    return TL_OK;
}

static tl_code take_ids(cJSON *body, const cJSON *criteria, tl_error *err)
{
    const char *request_id;
    int64_t os_type = 1;
    if (!tl_member_integer(&os_type, criteria, "osType", 1, INT32_MAX, err) ||
        !tl_member_guid(&request_id, criteria, "approvalRequestId", err))
        return TL_INVALID;
    if (!tl_json_set_integer(body, "osType", os_type) ||
        !tl_json_set_given(body, "approvalRequestId", request_id))
        return tl_fail_memory(err);
    return TL_OK;
}

static tl_code take_criteria(cJSON *body, const cJSON *criteria, tl_error *err)
{
    tl_code code = take_texts(body, criteria, err);
    if (code == TL_OK)
        code = take_list(body, criteria, "certs", check_certificate, err);
    if (code == TL_OK)
        code = take_list(body, criteria, "createdBys", check_creator, err);
    if (code == TL_OK)
        code = take_list(body, criteria, "organizationIds", check_organization, err);
    if (code == TL_OK)
        code = take_ids(body, criteria, err);
    if (code != TL_OK)
        return code;
    if (tl_json_member(body, "hash") == NULL && tl_json_member(body, "sha256") == NULL &&
        tl_json_first(tl_json_member(body, "certs")) == NULL)
        return tl_fail(err, TL_INVALID,
                       "criteria must hold hash, sha256 or certs: anything else may match other files");
    return TL_OK;
}

tl_code tl_check_criteria(cJSON **out_body, const cJSON *criteria, tl_error *err)
{
    static const char *const known[] = {
        "hash",  "sha256",     "path",   "processPath",     "filename",          "folder",
        "certs", "createdBys", "osType", "organizationIds", "approvalRequestId", NULL};
    *out_body = NULL;
    if (!cJSON_IsObject(criteria))
        return tl_fail(err, TL_INVALID, "criteria must be an object");
    tl_code code = tl_check_members(criteria, known, "criteria have", err);
    if (code != TL_OK)
        return code;
    cJSON *body = cJSON_CreateObject();
    code = body == NULL ? tl_fail_memory(err) : take_criteria(body, criteria, err);
    if (code == TL_OK)
        *out_body = body;
    else
        cJSON_Delete(body);
    return code;
}

/* Takes the list out of {"matchingApplications":[...],"hasMatching":bool}. */
static tl_code take_matches(cJSON **out, cJSON *reply, tl_error *err)
{
    if (reply != NULL && !cJSON_IsObject(reply))
        return tl_fail(err, TL_PROTOCOL, "ApplicationGetMatchingList: the reply is no object");
    cJSON *list = cJSON_DetachItemFromObjectCaseSensitive(reply, "matchingApplications");
    if (cJSON_IsNull(list)) {
        cJSON_Delete(list);
        list = NULL;
    }
    if (list == NULL && tl_json_true(reply, "hasMatching"))
        return tl_fail(err, TL_PROTOCOL,
                       "ApplicationGetMatchingList: says that there are matches, names none");
    *out = list;
    return tl_expect_rows(out, TL_MATCHING_LIST, NULL, err);
}

/* `criteria` are checked, and freed here. */
static tl_code read_matches(cJSON **out, tl_client *client, const char *organization_id, cJSON *criteria,
                            tl_error *err)
{
    cJSON *reply = NULL;
    tl_code code =
        tl_portal_read(&reply, NULL, client, TL_MATCHING_LIST, organization_id, NULL, criteria, err);
    cJSON_Delete(criteria);
    if (code == TL_OK)
        code = take_matches(out, reply, err);
    cJSON_Delete(reply);
    return code;
}

tl_code tl_matching_applications(cJSON **out_applications, tl_client *client, const char *organization_id,
                                 const cJSON *details, tl_error *err)
{
    *out_applications = NULL;
    tl_error inner = TL_ERROR_INIT;
    cJSON *criteria = tl_matching_criteria(details, &inner);
    if (criteria == NULL)
        return tl_fail_with(err, &inner);
    if (organization_id == NULL)
        organization_id = tl_json_text(details, "organizationId");
    return read_matches(out_applications, client, organization_id, criteria, err);
}

tl_code tl_match_applications(cJSON **out_applications, tl_client *client, const char *organization_id,
                              const cJSON *criteria, tl_error *err)
{
    *out_applications = NULL;
    cJSON *body;
    tl_code code = tl_check_criteria(&body, criteria, err);
    if (code != TL_OK)
        return code;
    return read_matches(out_applications, client, organization_id, body, err);
}
