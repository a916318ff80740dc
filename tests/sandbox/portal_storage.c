/* B6, B7: storage requests. Experimental like the client's side: no reply and no body of either is known,
 * only the schema [spec] (E1). All that follows from more than the schema is [inferred]. */
#include <string.h>

#include "json.h"
#include "portal.h"
#include "render.h"

static cJSON *copy_field(const struct portal_call *at, const struct request *request, const char *name)
{
    const cJSON *field = request_field(&at->sandbox->world, request, name);
    return field ? cJSON_Duplicate(field, 1) : cJSON_CreateNull();
}

/* As B3 shows it, text for text: a tree would ruin large integers. */
static cJSON *request_part(const struct portal_call *at, struct request *request)
{
    struct text text = {0};
    render_request(&at->sandbox->world, &at->sandbox->switches, request, &text);
    cJSON *part = cJSON_CreateRaw(text_str(&text));
    text_free(&text);
    return part;
}

static cJSON *json_part(const struct portal_call *at, struct request *request)
{
    struct text text = {0};
    bool given = render_json_member(&at->sandbox->world, &at->sandbox->switches, request, &text);
    cJSON *part = given ? cJSON_CreateString(text_str(&text)) : cJSON_CreateNull();
    text_free(&text);
    return part;
}

static cJSON *no_policy(void)
{
    cJSON *policy = cJSON_CreateObject();
    json_put_text(policy, "storagePolicyId", ZERO_GUID);
    json_put_text(policy, "name", "");
    json_put(policy, "processesList", cJSON_CreateArray());
    return policy;
}

static cJSON *device(const struct portal_call *at, const struct request *request)
{
    cJSON *tree = cJSON_CreateObject();
    json_put_text(tree, "storageDeviceId", ZERO_GUID);
    json_put_text(tree, "organizationId", request_organization(request));
    json_put_text(tree, "name", "");
    json_put(tree, "serialNumber", copy_field(at, request, "serialNumber"));
    json_put_text(tree, "owner", "");
    json_put(tree, "manufacturer", copy_field(at, request, "manufacturer"));
    json_put_text(tree, "storagePolicyId", ZERO_GUID);
    json_put(tree, "storagePolicyIds", cJSON_CreateArray());
    return tree;
}

static void put_choice(const struct portal_call *at, struct request *request, cJSON *tree)
{
    json_put_text(tree, "addDeviceName", "");
    json_put_text(tree, "policyName", "");
    json_put_number(tree, "entityType", 0);
    json_put(tree, "appliesToId", copy_field(at, request, "computerId"));
    json_put_text(tree, "policyType", "");
    json_put(tree, "allStorageDevices", cJSON_CreateFalse());
    json_put(tree, "newStorageDevice", device(at, request));
    json_put(tree, "deviceExists", cJSON_CreateFalse());
    json_put(tree, "allFilePaths", cJSON_CreateFalse());
    json_put(tree, "selectedPath", copy_field(at, request, "path"));
    json_put(tree, "deviceType", copy_field(at, request, "deviceType"));
    json_put(tree, "encryptionStatus", copy_field(at, request, "encryptionStatus"));
    json_put(tree, "json", json_part(at, request));
}

static void put_people(const struct portal_call *at, struct request *request, cJSON *tree)
{
    cJSON *processes = cJSON_CreateArray();
    json_put(tree, "allUserGroups", cJSON_CreateTrue());
    json_put_text(tree, "users", "");
    json_put(tree, "usersList", cJSON_CreateArray());
    json_put(tree, "userGroups", cJSON_CreateArray());
    json_put_text(tree, "expirationDate", NULL);
    json_put_text(tree, "responseSubject", NULL);
    json_put_text(tree, "responseReason", NULL);
    json_put(tree, "notifyOnResponse", cJSON_CreateFalse());
    cJSON_AddItemToArray(processes, copy_field(at, request, "processName"));
    json_put(tree, "processesList", processes);
}

/* Every member of StorageApprovalDto, in its order [spec]. A fixture's `storage` changes any of them. */
void approval_storage(const struct portal_call *at)
{
    struct request *request = portal_asked_request(at);
    if (!request)
        return;
    if (!same_word(request_kind(&at->sandbox->world, request), "storage")) { /* wording: A5.4 */
        portal_error(at->sandbox, at->reply, 417, "Missing Parameters. Unable to load details.");
        return;
    }
    cJSON *tree = cJSON_CreateObject();
    portal_viewed(at, request);
    json_put(tree, "approvalRequest", request_part(at, request));
    json_put(tree, "addDeviceToExisting", cJSON_CreateFalse());
    json_put(tree, "existingStoragePolicy", no_policy());
    put_choice(at, request, tree);
    put_people(at, request, tree);
    json_merge(tree, cJSON_GetObjectItemCaseSensitive(request->fields, "storage"));
    reply_tree(at->reply, 200, tree);
}

struct permit {
    const struct portal_call *at;
    struct request *request;
    bool existing;
    const char *policy; /* the id of the existing one */
    const char *json;
};

static bool refuse(const struct permit *permit, const char *message)
{
    if (message)
        portal_error(permit->at->sandbox, permit->at->reply, 417, message);
    else
        portal_server_error(permit->at->sandbox, permit->at->reply);
    return false;
}

/* B6's `json` is to come back; the one within approvalRequest counts, too. */
static bool find_request(struct permit *permit)
{
    const cJSON *named = json_member(permit->at->body, "approvalRequest");
    permit->json = json_text(permit->at->body, "json");
    if (!permit->json || !*permit->json)
        permit->json = json_text(named, "json");
    permit->request = portal_request(permit->at, json_text(named, "approvalRequestId"));
    if (permit->request && permit->json && *permit->json)
        return same_word(request_kind(&permit->at->sandbox->world, permit->request), "storage") ||
               refuse(permit, NULL);
    if (switch_is(&permit->at->sandbox->switches, SW_PERMIT_WITHOUT_JSON, "silent")) {
        portal_write_done(permit->at);
        return false;
    }
    return refuse(permit, NULL);
}

static bool policy_fits(struct permit *permit)
{
    const cJSON *body = permit->at->body;
    const char *name = json_text(body, "policyName");
    permit->existing = json_true(body, "addDeviceToExisting");
    permit->policy = json_text(json_member(body, "existingStoragePolicy"), "storagePolicyId");
    if (permit->existing)
        return (permit->policy && !same_word(permit->policy, ZERO_GUID)) ||
               refuse(permit, "Must select a storage policy");
    return (name && name[strspn(name, " \t\r\n")]) || refuse(permit, "Must enter a name for a new policy");
}

static bool json_is_verbatim(const struct permit *permit)
{
    cJSON *own = json_part(permit->at, permit->request);
    bool same = cJSON_IsString(own) && strcmp(own->valuestring, permit->json) == 0;
    cJSON_Delete(own);
    return same;
}

/* What was permitted, for `GET state`: the body without the request, which is known. */
static cJSON *effect_of(const struct permit *permit, const char *policy)
{
    cJSON *effect = cJSON_Duplicate(permit->at->body, 1);
    cJSON_DeleteItemFromObject(effect, "approvalRequest");
    cJSON_DeleteItemFromObject(effect, "json");
    json_put_text(effect, "policyId", policy);
    json_put_text(effect, "policy", permit->existing ? "existing" : "new");
    json_put(effect, "jsonVerbatim", cJSON_CreateBool(json_is_verbatim(permit)));
    return effect;
}

static void apply(struct permit *permit)
{
    const cJSON *sent = json_member(permit->at->body, "approvalRequest");
    cJSON *fields = permit->request->fields;
    char policy[GUID_TEXT];
    if (permit->existing)
        memcpy(policy, permit->policy, GUID_TEXT);
    else
        world_fresh_id(&permit->at->sandbox->world, "0b", policy);
    cJSON *effect = effect_of(permit, policy);
    portal_actioned(permit->at, permit->request, STATUS_APPROVED);
    json_put_text(fields, "policyId", policy);
    json_put_text(fields, "comments", json_text(sent, "comments") ? json_text(sent, "comments") : "");
    json_put_given(fields, "ticketId", json_text(sent, "ticketId"));
    json_put_given(fields, "requestorEmailAddress", json_text(sent, "requestorEmailAddress"));
    portal_applied(permit->at, permit->request, WRITE_STORAGE, effect);
}

/* The order of the checks is that of the other permit (H.7). */
void approval_permit_storage(const struct portal_call *at)
{
    struct permit permit = {.at = at};
    if (!find_request(&permit) || !policy_fits(&permit) || !portal_may_action(at, permit.request))
        return;
    apply(&permit);
    portal_write_done(at);
}
