/* B13: the applications that match a file. */
#include "json.h"
#include "portal.h"

struct facts {
    const char *hash, *sha256;
    const cJSON *certs;
    long os;
};

/* By signer, either the subject or the hash of a certificate that is valid. */
static bool signer_matches(const cJSON *known, const cJSON *certs)
{
    const cJSON *cert;
    cJSON_ArrayForEach (cert, certs) {
        bool named =
            json_list_has(known, json_text(cert, "subject")) || json_list_has(known, json_text(cert, "sha"));
        if (named && json_true(cert, "validCert"))
            return true;
    }
    return false;
}

static bool application_matches(const cJSON *application, const struct facts *facts)
{
    const cJSON *match = json_member(application, "match");
    if (json_int(application, "osType", 1) != facts->os)
        return false;
    return json_list_has(json_member(match, "hashes"), facts->hash) ||
           json_list_has(json_member(match, "sha256s"), facts->sha256) ||
           signer_matches(json_member(match, "certs"), facts->certs);
}

bool request_has_match(const struct world *world, const struct request *request)
{
    const struct facts facts = {request_text(world, request, "hash"), request_text(world, request, "sha256"),
                                request_field(world, request, "certs"),
                                (long)cJSON_GetNumberValue(request_field(world, request, "osType"))};
    const cJSON *application;
    cJSON_ArrayForEach (application, world->applications) {
        if (application_visible(world, application, request_organization(request)) &&
            application_matches(application, &facts))
            return true;
    }
    return false;
}

void application_matching(const struct portal_call *at)
{
    const struct world *world = &at->sandbox->world;
    const struct facts facts = {json_text(at->body, "hash"), json_text(at->body, "sha256"),
                                json_member(at->body, "certs"), json_int(at->body, "osType", 1)};
    cJSON *tree = cJSON_CreateObject(), *list = cJSON_CreateArray();
    const cJSON *application;
    cJSON_ArrayForEach (application, world->applications) {
        if (application_visible(world, application, at->organization) &&
            application_matches(application, &facts))
            cJSON_AddItemToArray(list, application_item(world, application, json_text(application, "name")));
    }
    int found = cJSON_GetArraySize(list);
    if (found == 0 && switch_is(&at->sandbox->switches, SW_NO_MATCH, "null")) { /* [inferred] (B13) */
        cJSON_Delete(list);
        list = cJSON_CreateNull();
    }
    json_put(tree, "matchingApplications", list);
    json_put(tree, "hasMatching", cJSON_CreateBool(found > 0));
    reply_tree(at->reply, 200, tree);
}
