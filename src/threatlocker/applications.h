/* Applications: what matches a request's file, what a file can be added to, and what is known about one.
 *
 * `organization_id` as in requests.h. Every *out is the caller's (cJSON_Delete), NULL on failure.
 * Applications are ApplicationOnlineDto objects. */
#ifndef THREATLOCKER_APPLICATIONS_H
#define THREATLOCKER_APPLICATIONS_H

#include "threatlocker/client.h"
#include "threatlocker/json.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Built-in applications belong to "master" [observed Space-C0wboy]; one whose owner is not told counts as
 * built-in, as a permit of a built-in reaches farther. Borrowed. Any thread. */
TL_API bool tl_is_builtin(const cJSON *application);

/* ApplicationGetMatchingList with criteria taken from permit details: hash, SHA-256, path, process,
 * certificates, creators, osType. TL_INVALID when the details hold no hash, SHA-256 or certificate.
 * *out_applications is an array, empty when nothing matches. */
TL_API TL_NODISCARD tl_code tl_matching_applications(cJSON **out_applications, tl_client *client,
                                                     const char *organization_id, const cJSON *details,
                                                     tl_error *err);

/* The same with criteria of the caller's: an object with members of ApplicationMatchParameterDto [spec]:
 * hash, sha256, path, processPath, filename, folder (texts), certs ([{sha, subject, validCert}]), createdBys
 * (texts), organizationIds (GUIDs), osType (1 where absent), approvalRequestId. Unknown members are refused,
 * and so are criteria without hash, sha256 or a certificate that names something: fields that are not all of
 * one file may match anything [official]. */
TL_API TL_NODISCARD tl_code tl_match_applications(cJSON **out_applications, tl_client *client,
                                                  const char *organization_id, const cJSON *criteria,
                                                  tl_error *err);

/* osType [official]: 1 Windows, 2 macOS, 3 Linux, 5 Windows XP; others exist. 0 here = 1. */

/* Applications that a file's rules can be added to, those of the organizations above included:
 * ApplicationGetListForAddToApplication [official], and where the server no longer has it (404, 405)
 * ApplicationGetForApplicationOptions [inferred]. `search` NULL = all. *out is an array. */
TL_API TL_NODISCARD tl_code tl_applications(cJSON **out, tl_client *client, const char *organization_id,
                                            int64_t os_type, const char *search, tl_error *err);

/* ApplicationGetForMaintenanceMode: applications usable with installation, learning or monitor mode. *out is
 * an array of {label, value (the application's id), ...} [official]. */
TL_API TL_NODISCARD tl_code tl_maintenance_applications(cJSON **out, tl_client *client,
                                                        const char *organization_id, int64_t os_type,
                                                        tl_error *err);

/* ApplicationGetResearchDetailsById: an object [official]. TL_NOT_FOUND where there is no research data
 * [inferred]. */
TL_API TL_NODISCARD tl_code tl_application_research(cJSON **out, tl_client *client,
                                                    const char *application_id, tl_error *err);

/* ApplicationGetById: an object [spec]. TL_NOT_FOUND for an empty or null reply [inferred]. */
TL_API TL_NODISCARD tl_code tl_application_get(cJSON **out, tl_client *client, const char *organization_id,
                                               const char *application_id, tl_error *err);

/* ActionLogGetPolicyConditionsForPermitApplication: conditions that the server suggests for a permit, from
 * permit details. *out is what came, an object or an array of objects, empty for an empty or null reply; its
 * shape is not documented [spec]. */
TL_API TL_NODISCARD tl_code tl_suggest_conditions(cJSON **out, tl_client *client, const char *organization_id,
                                                  const cJSON *details, tl_error *err);

#ifdef __cplusplus
}
#endif
#endif
