/* B13: the applications that match a file. B14: the applications that it can be added to. */
#include <stdlib.h>
#include <string.h>

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

/* Built-ins, own ones and those of the organisations above [official] (B14). */
static bool application_visible(const struct world *world, const cJSON *application, const char *organization)
{
    return is_builtin(application) ||
           organization_within(world, organization, json_text(application, "organizationId"));
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

/* ApplicationOnlineDto, members in the order of the samples [official]. */
static cJSON *application_item(const struct world *world, const cJSON *application, const char *shown_name)
{
    cJSON *item = cJSON_CreateObject();
    const char *owner = json_text(application, "organizationId");
    json_put_text(item, "name", shown_name);
    json_put_text(item, "applicationName", json_text(application, "name"));
    json_put_text(item, "applicationId", json_text(application, "applicationId"));
    json_put_text(item, "organizationId", owner);
    json_put_text(item, "organizationName", organization_name(world, owner));
    json_put_number(item, "osType", (double)json_int(application, "osType", 1));
    json_put_text(item, "suggestedPolicyId", NULL);
    json_put_number(item, "status", 0);
    json_put(item, "isMaintained", cJSON_CreateBool(json_true(application, "isMaintained")));
    json_put_text(item, "researchApplicationId", NULL);
    return item;
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

/* A parent's application shows as parent\application; one backslash is our reading of the article. */
static void add_listed(cJSON *list, const struct world *world, const cJSON *application,
                       const char *organization)
{
    const char *owner = json_text(application, "organizationId");
    struct text shown = {0};
    if (!same_word(owner, organization))
        text_printf(&shown, "%s\\", organization_name(world, owner));
    text_puts(&shown, json_text(application, "name"));
    cJSON_AddItemToArray(list, application_item(world, application, text_str(&shown)));
    text_free(&shown);
}

void application_add_list(const struct portal_call *at)
{
    const struct world *world = &at->sandbox->world;
    const char *asked = pairs_get(&at->call->args, "osType");
    const char *search = pairs_get(&at->call->args, "searchText");
    long os = asked ? strtol(asked, NULL, 10) : 1;
    if (switch_is(&at->sandbox->switches, SW_ADD_LIST, "404")) { /* is it alive? (J.6) */
        reply_empty(at->reply, 404);
        return;
    }
    cJSON *list = cJSON_CreateArray();
    const cJSON *application;
    cJSON_ArrayForEach (application, world->applications) {
        if (!is_builtin(application) && json_int(application, "osType", 1) == os &&
            application_visible(world, application, at->organization) &&
            contains_word(json_text(application, "name"), search ? search : ""))
            add_listed(list, world, application, at->organization);
    }
    reply_tree(at->reply, 200, list);
}
