/* The plugin's input: any asset and any request give a well-formed answer without secrets; nothing is written
 * but by actions that write, and once. "== asset" opens a session of its own (else there is one that is
 * good), each "== run" is a request; both hold JSON. Replies come from sections `reply`, or where there are
 * none from a small tenant. */
#include <stdlib.h>
#include <string.h>

#include "details.h"
#include "json_case.h"
#include "manifest.h"
#include "reply.h"
#include "session.h"
#include "stub.h"
#include "threatlocker_soar.h"

/* In corpora, too: it must not come back. */
#define SECRET "S3CRET-0123456789"

#define ASSET                                                                                                \
    "{'asset_id':'10','label':'threatlocker','config':{'base_url':'http://127.0.0.1:9/portalapi',"           \
    "'api_token':'" SECRET "','soar_url':'http://127.0.0.1:9','soar_token':'" SECRET "','seal_key':'" SECRET \
    "','max_scope':'group','allow_path_rules':true,'timeout':'5.0'}}"

#define ROW                                                                                                  \
    "{'approvalRequestId':'" REQUEST "','organizationId':'" ORGANIZATION                                     \
    "','statusId':1,'path':'C:\\\\Tools\\\\field.exe','requestorReason':'UGxlYXNl','threatLockerActionDto':" \
    "{'actionType':'execute','hash':'" HASH "','osType':1}}"
#define RECORD                                                                                               \
    "{'id':41,'type':'manual','status':'approved','name':'ask_approver','responses':['Permit'],"             \
    "'due_time':'2026-11-02T09:30:00Z','close_time':'2026-11-02T09:09:00Z','action_run':7}"
#define SUMMARY                                                                                              \
    "{'notification_type':'prompts','action_type':'prompt','playbook_repo':'local','playbook_name':'"        \
    "approval',"                                                                                             \
    "'action_name':'ask_approver','due_time':'2026-11-02T09:30:00Z','notification_targets':[{'app_id':0,"    \
    "'parameters':[{'message':'Please','response_types':[]}]}]}"

/* What the tenant says, by the call's label. */
static const char *const tenant[][2] = {
    {"ApprovalRequestGetByParameters", "[" ROW "]"},
    {"ApprovalRequestGetCount", "3"},
    {"ApprovalRequestGetById", ROW},
    {"ApprovalRequestGetPermitApplicationById", DETAILS},
    {"ApplicationGetMatchingList", "{'hasMatching':true,'matchingApplications':" APPLICATIONS "}"},
    {"ApplicationGetListForAddToApplication", APPLICATIONS},
    {"ApplicationGetForMaintenanceMode", "[{'label':'Field app','value':'" OWN "'}]"},
    {"ComputerGroupGetForPermitApplication", GROUPS},
    {"OrganizationGetForMoveComputers", "[{'organizationId':'" ORGANIZATION "','name':'Example Dental'}]"},
    {"approvals", "{'count':1,'num_pages':1,'data':[" RECORD "]}"},
    {"approval", RECORD},
    {"approval summary", SUMMARY},
    {"app runs", "{'count':0,'num_pages':1,'data':[]}"},
    {"version", "{'version':'8.5.0.248'}"},
};

static char *texts[COUNT(tenant)]; /* with real quotes */

typedef struct world {
    stub_script script;
    bool scripted;
} world;

static stub_reply serve(void *data, const tl_http_request *request)
{
    world *all = data;
    if (all->scripted)
        return stub_next(&all->script, request);
    for (size_t i = 0; i < COUNT(tenant); i++)
        if (strcmp(tenant[i][0], request->label) == 0)
            return (stub_reply){200, texts[i], strlen(texts[i]), NULL};
    return (stub_reply){.status = request->write ? 200 : STUB_REFUSED};
}

/* ---- sessions ---- */

static size_t count_of(const char *text, size_t length, const char *part)
{
    size_t count = 0, part_length = strlen(part);
    for (size_t at = 0; at + part_length <= length; at++)
        count += memcmp(text + at, part, part_length) == 0;
    return count;
}

/* Whether the secret stands only where the manifest says that secrets do. */
static bool keeps_secret(const char *asset, size_t length)
{
    static const char *const passwords[] = {"api_token", "soar_token", "seal_key"};
    cJSON *tree = NULL;
    size_t known = 0;
    if (tl_json_parse(&tree, asset, length, NULL) != TL_OK)
        return false;
    const cJSON *config = tl_json_member(tree, "config");
    for (size_t i = 0; i < COUNT(passwords); i++)
        known += strcmp(tl_json_text_or_empty(config, passwords[i]), SECRET) == 0;
    cJSON_Delete(tree);
    return known == count_of(asset, length, SECRET);
}

static void check_line(const char *text, bool secret)
{
    must_about(fuzz_is_line(text, 5 * TLP_LINE_MAX), text);
    must_about(strpbrk(text, "{}") == NULL, text);
    must_about(!secret || strstr(text, SECRET) == NULL, text);
}

/* NULL when it cannot be opened. */
static tl_plugin *open_session(const char *asset, size_t length)
{
    tl_plugin *plugin = NULL;
    char *message = NULL;
    int32_t code = tl_plugin_open(&plugin, asset, length, &message);
    must(code == TL_PLUGIN_OK || code == TL_PLUGIN_FAILED);
    must((code == TL_PLUGIN_OK) == (plugin != NULL) && (code == TL_PLUGIN_FAILED) == (message != NULL));
    if (message != NULL)
        check_line(message, keeps_secret(asset, length));
    tl_plugin_free(message);
    return plugin;
}

/* ---- runs ---- */

static void check_members(const cJSON *reply)
{
    static const char *const known[] = {"status", "message",    "data",  "summary", "progress",
                                        "file",   "containers", "state", "more",    NULL};
    const char *unknown = NULL;
    const cJSON *row;
    must_about(tl_json_only_members(reply, known, &unknown), unknown);
    must(cJSON_IsObject(tl_json_member(reply, "summary")) && cJSON_IsArray(tl_json_member(reply, "data")));
    cJSON_ArrayForEach (row, tl_json_member(reply, "data"))
        must(cJSON_IsObject(row));
}

static void check_reply(const char *text, size_t length, bool secret)
{
    cJSON *reply = NULL;
    must(strlen(text) == length);
    must_about(tl_json_parse(&reply, text, length, NULL) == TL_OK, text);
    const char *status = tl_json_text_or_empty(reply, "status");
    must_about(strcmp(status, "success") == 0 || strcmp(status, "failed") == 0, text);
    check_line(tl_json_text_or_empty(reply, "message"), secret);
    must_about(!secret || strstr(text, SECRET) == NULL, text);
    check_members(reply);
    cJSON_Delete(reply);
}

/* What writes is an action that the manifest does not call read_only; it writes once, and not in a dry run.
 */
static void check_writes(const tl_plugin *plugin, const fuzz_section *section)
{
    cJSON *request = NULL;
    if (stub_writes() == 0)
        return;
    must(stub_writes() == 1);
    must(tl_json_parse(&request, section->body, section->length, NULL) == TL_OK);
    const cJSON *action = tlp_find_action(plugin->manifest, tl_json_text(request, "identifier"));
    must_about(action != NULL && !tlp_flag(action, "read_only"), section->body);
    must_about(!tl_json_true(request, "parameters.dry_run"), section->body);
    cJSON_Delete(request);
}

static void run(tl_plugin *plugin, const fuzz_sections *input, const fuzz_section *section)
{
    world all = {.script = {.input = input}, .scripted = fuzz_next_section(input, NULL, "reply") != NULL};
    char *reply = NULL, *progress = NULL;
    size_t length = 0;
    stub_start(serve, &all);
    must(tl_plugin_run(plugin, section->body, section->length, &reply, &length) == TL_PLUGIN_OK);
    check_reply(reply, length, count_of(section->body, section->length, "S3CRET") == 0);
    check_writes(plugin, section);
    must(tl_plugin_progress(plugin, &progress) == TL_PLUGIN_OK);
    if (progress != NULL)
        check_line(progress, false);
    tl_plugin_free(progress);
    tl_plugin_free(reply);
}

static tl_plugin *make_world(void)
{
    char *asset = quoted(ASSET);
    for (size_t i = 0; i < COUNT(tenant); i++)
        texts[i] = quoted(tenant[i][1]);
    tl_plugin *plugin = open_session(asset, strlen(asset));
    must(plugin != NULL);
    free(asset);
    return plugin;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static tl_plugin *good;
    fuzz_sections input;
    const fuzz_section *section = NULL;
    if (good == NULL)
        good = make_world();
    fuzz_sections_read(&input, data, size);
    const fuzz_section *asset = fuzz_next_section(&input, NULL, "asset");
    tl_plugin *plugin = asset == NULL ? good : open_session(asset->body, asset->length);
    while (plugin != NULL && (section = fuzz_next_section(&input, section, "run")) != NULL)
        run(plugin, &input, section);
    if (plugin != good)
        tl_plugin_close(plugin);
    fuzz_sections_free(&input);
    return 0;
}
