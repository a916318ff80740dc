/* B26: the policy conditions that the server suggests for a permit. Nobody has tried it; what it suggests is
 * [inferred] from the members of PermitPolicyConditions and PolicyManualOption [spec]. */
#include "json.h"
#include "portal.h"

static cJSON *option(bool by_default)
{
    static const char *const members[] = {"fullPath", "processPath", "cert", "hash", "createdBy"};
    cJSON *tree = cJSON_CreateObject();
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        json_put_text(tree, members[i], NULL);
    json_put(tree, "isDefaultOption", cJSON_CreateBool(by_default));
    json_put(tree, "disabled", cJSON_CreateFalse());
    return tree;
}

/* A hash rule holds only the hash [official*] (D2); it is the default where the file has one. */
static bool add_hash_option(cJSON *options, const char *hash)
{
    if (!hash || !*hash)
        return false;
    cJSON *tree = option(true);
    json_put_text(tree, "hash", hash);
    cJSON_AddItemToArray(options, tree);
    return true;
}

/* Path and process, and the signer where there is one. */
static void add_path_option(cJSON *options, const struct world *world, const struct request *request,
                            const char *signer, bool by_default)
{
    cJSON *tree = option(by_default);
    json_put_text(tree, "fullPath", request_text(world, request, "path"));
    if (signer)
        json_put_text(tree, "cert", signer);
    else
        json_put_text(tree, "processPath", request_text(world, request, "processName"));
    cJSON_AddItemToArray(options, tree);
}

static cJSON *signers(const struct world *world, const struct request *request)
{
    cJSON *list = cJSON_CreateArray();
    const cJSON *cert;
    cJSON_ArrayForEach (cert, request_field(world, request, "certs")) {
        const char *subject = json_text(cert, "subject");
        if (subject && *subject && json_true(cert, "validCert"))
            cJSON_AddItemToArray(list, cJSON_CreateString(subject));
    }
    return list;
}

void policy_conditions(const struct portal_call *at)
{
    const struct world *world = &at->sandbox->world;
    const cJSON *named = json_member(at->body, "approvalRequest");
    const struct request *request = portal_request(at, json_text(named, "approvalRequestId"));
    if (!request) {
        portal_server_error(at->sandbox, at->reply);
        return;
    }
    cJSON *tree = cJSON_CreateObject(), *options = cJSON_CreateArray(), *subjects = signers(world, request);
    bool hashed = add_hash_option(options, request_text(world, request, "hash"));
    add_path_option(options, world, request, cJSON_GetStringValue(subjects->child), !hashed);
    json_put(tree, "useExistingPolicy", cJSON_CreateFalse());
    json_put(tree, "createManualPolicy", cJSON_CreateFalse());
    json_put(tree, "manualOptions", options);
    json_put_number(tree, "ruleId", 0);
    json_put(tree, "certSubjects", subjects);
    json_put(tree, "createdByProcesses", cJSON_Duplicate(request_field(world, request, "installedBy"), 1));
    json_put(tree, "disableProtection", cJSON_CreateFalse());
    json_put(tree, "includedAdditionalFiles", cJSON_CreateArray());
    reply_tree(at->reply, 200, tree);
}
