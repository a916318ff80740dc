#include "container.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "known.h"
#include "prune.h"

enum { MAX_TEXT = 4000, MAX_NAME = 180, IDENTIFIER_SIZE = 160 };

/* Every text of the tree cleaned, so that it can steer no screen. False when out of memory. */
static bool clean(cJSON *tree)
{
    bool ok = true;
    for (cJSON *child = tree->child; child != NULL; child = child->next)
        ok = ok && clean(child);
    if (!ok || !cJSON_IsString(tree))
        return ok;
    char *text = tl_clean_text(tree->valuestring, MAX_TEXT);
    ok = text != NULL && cJSON_SetValuestring(tree, text) != NULL;
    free(text);
    return ok;
}

static const char *text_or_empty(const cJSON *object, const char *name)
{
    const char *text = tlp_text(object, name);
    return text == NULL ? "" : text;
}

/* The part behind the last separator of Windows or of the others. */
static const char *file_name(const char *path)
{
    const char *name = path;
    for (const char *c = path; *c != '\0'; c++)
        if ((*c == '\\' || *c == '/') && c[1] != '\0')
            name = c + 1;
    return name;
}

/* Only what says something: an empty field would look like an answer. */
static bool set_field(cJSON *cef, cJSON *types, const char *name, const char *text, const char *contains)
{
    if (text == NULL || text[0] == '\0')
        return true;
    return tlp_set_text(cef, name, text) &&
           (contains == NULL || tlp_set(types, name, cJSON_CreateStringArray(&contains, 1)));
}

/* The fields by their names in the row, and what SOAR takes them for. */
static bool set_fields(cJSON *cef, cJSON *types, const cJSON *row)
{
    static const struct {
        const char *name, *member, *contains;
        bool of_action; /* a member of threatLockerActionDto */
    } fields[] = {
        {"approvalRequestId", "approvalRequestId", "threatlocker approval request id", false},
        {"organizationId", "organizationId", "threatlocker organization id", false},
        {"organizationName", "organizationName", NULL, false},
        {"computerId", "computerId", "threatlocker computer id", false},
        {"deviceHostname", "hostname", "host name", false},
        {"sourceUserName", "username", "user name", false},
        {"filePath", "path", "file path", false},
        {"requestKind", "requestKind", NULL, false},
        {"requestReason", "requestorReasonText", NULL, false},
        {"requestTime", "dateTime", NULL, false},
        {"requestorEmail", "requestorEmailAddress", "email", false},
        {"fileHashSha256", "sha256", "sha256", true},
        {"fileHash", "hash", "threatlocker file hash", true},
        {"sourceProcessName", "processName", "file path", true},
        {"actionType", "actionType", NULL, true},
    };
    const cJSON *action = tlp_member(row, "threatLockerActionDto");
    bool ok = set_field(cef, types, "fileName", file_name(text_or_empty(row, "path")), "file name");
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        ok = ok &&
             set_field(cef, types, fields[i].name,
                       tlp_text(fields[i].of_action ? action : row, fields[i].member), fields[i].contains);
    return ok;
}

static const char *severity_of(const cJSON *row)
{
    int64_t status = tlp_integer(row, "statusId", 0);
    return status == TL_STATUS_ESCALATED || status == TL_STATUS_ESCALATED_BY_CUSTOMER ? "high" : "medium";
}

static cJSON *make_artifact(const cJSON *row, const char *identifier)
{
    cJSON *artifact = cJSON_CreateObject(), *cef = cJSON_CreateObject(), *types = cJSON_CreateObject();
    bool ok = set_fields(cef, types, row);
    ok = tlp_set(artifact, "cef", cef) && ok;
    ok = tlp_set(artifact, "cef_types", types) && ok;
    ok = ok && tlp_set_text(artifact, "name", "Approval request") &&
         tlp_set_text(artifact, "label", "approval request") &&
         tlp_set_text(artifact, "severity", severity_of(row)) &&
         tlp_set_text(artifact, "source_data_identifier", identifier) &&
         tlp_set_flag(artifact, "run_automation", true);
    if (ok)
        return artifact;
    cJSON_Delete(artifact);
    return NULL;
}

static bool set_texts(cJSON *container, const tl_plugin *session, const cJSON *row)
{
    char name[MAX_NAME * 4 + 1], description[MAX_TEXT * 4 + 1];
    const char *path = text_or_empty(row, "path"), *reason = text_or_empty(row, "requestorReasonText");
    (void)snprintf(name, sizeof name, "ThreatLocker %s request: %s on %s", text_or_empty(row, "requestKind"),
                   file_name(path), text_or_empty(row, "hostname"));
    (void)snprintf(description, sizeof description, "%s asks for %s%s%s", text_or_empty(row, "username"),
                   path, reason[0] == '\0' ? "" : ": ", reason);
    char *short_name = tl_clean_text(name, MAX_NAME), *text = tl_clean_text(description, MAX_TEXT);
    bool ok = short_name != NULL && text != NULL && tlp_set_text(container, "name", short_name) &&
              tlp_set_text(container, "description", text) &&
              tlp_set_text(container, "label", session->label) &&
              tlp_set_text(container, "severity", severity_of(row));
    free(short_name);
    free(text);
    return ok;
}

/* SOAR's ids of assets are numbers. */
static bool set_asset(cJSON *container, const char *asset_id)
{
    char *end;
    long long number = strtoll(asset_id, &end, 10);
    if (asset_id[0] == '\0')
        return true;
    return *end == '\0' ? tlp_set_integer(container, "asset_id", number)
                        : tlp_set_text(container, "asset_id", asset_id);
}

/* The same for ever. The request's id is a GUID, or the row would not become a container. */
static void write_identifier(char out[IDENTIFIER_SIZE], const cJSON *row)
{
    char digits[TLP_ID_SIZE];
    const char *organization_id = tlp_text(row, "organizationId");
    (void)snprintf(out, IDENTIFIER_SIZE, "threatlocker-request:%s:%s",
                   tlp_id_digits(digits, organization_id) ? organization_id : "",
                   text_or_empty(row, "approvalRequestId"));
}

cJSON *tlp_container(const tl_plugin *session, const cJSON *row, const cJSON *template)
{
    char identifier[IDENTIFIER_SIZE];
    cJSON *container = cJSON_CreateObject(), *artifacts = cJSON_CreateArray();
    cJSON *data = tlp_prune(row, template);
    bool ok = data != NULL && clean(data);
    write_identifier(identifier, data);
    ok = ok && tlp_append(artifacts, make_artifact(data, identifier));
    ok = tlp_set(container, "artifacts", artifacts) && ok;
    ok = ok && set_texts(container, session, data) &&
         tlp_set_text(container, "source_data_identifier", identifier) &&
         set_asset(container, session->asset_id);
    ok = tlp_set(container, "data", data) && ok;
    if (ok)
        return container;
    cJSON_Delete(container);
    return NULL;
}
