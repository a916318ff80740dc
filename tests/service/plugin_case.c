#include "plugin_case.h"

static void merge(cJSON *into, const char *members)
{
    cJSON *more = json("{%s}", members == NULL ? "" : members);
    while (more->child != NULL) {
        cJSON *member = cJSON_DetachItemViaPointer(more, more->child);
        cJSON_DeleteItemFromObjectCaseSensitive(into, member->string);
        cJSON_AddItemToObject(into, member->string, member);
    }
    cJSON_Delete(more);
}

cJSON *asset_of(const char *config)
{
    cJSON *asset = json("{'asset_id':'10','label':'threatlocker'}");
    cJSON *own = cJSON_AddObjectToObject(asset, "config");
    cJSON_AddStringToObject(own, "base_url", served.portal);
    cJSON_AddStringToObject(own, "api_token", served.token);
    cJSON_AddStringToObject(own, "soar_url", served.soar);
    cJSON_AddStringToObject(own, "soar_token", served.soar_token);
    cJSON_AddStringToObject(own, "seal_key", SEAL_KEY);
    cJSON_AddStringToObject(own, "timeout", "5.0");
    merge(own, config);
    return asset;
}

tl_plugin *open_asset(const char *config)
{
    cJSON *asset = asset_of(config);
    char *text = cJSON_PrintUnformatted(asset), *message = NULL;
    tl_plugin *plugin = NULL;
    if (tl_plugin_open(&plugin, text, strlen(text), &message) != TL_PLUGIN_OK)
        fail_msg("%s", message);
    assert_null(message);
    free(text);
    cJSON_Delete(asset);
    return plugin;
}

char *refusal_of(const cJSON *asset)
{
    char *text = cJSON_PrintUnformatted(asset), *message = NULL;
    tl_plugin *plugin = NULL;
    assert_int_equal(tl_plugin_open(&plugin, text, strlen(text), &message), TL_PLUGIN_FAILED);
    assert_null(plugin);
    assert_non_null(message);
    free(text);
    return message;
}

cJSON *run_request(tl_plugin *plugin, cJSON *request)
{
    char *text = cJSON_PrintUnformatted(request), *reply = NULL;
    size_t length = 0;
    assert_int_equal(tl_plugin_run(plugin, text, strlen(text), &reply, &length), TL_PLUGIN_OK);
    assert_int_equal(strlen(reply), length);
    cJSON *tree = cJSON_Parse(reply);
    assert_non_null(tree);
    free(text);
    tl_plugin_free(reply);
    cJSON_Delete(request);
    return tree;
}

cJSON *run_action(tl_plugin *plugin, const char *identifier, const char *parameters)
{
    return run_request(plugin, json("{'identifier':'%s','parameters':{%s}}", identifier,
                                    parameters == NULL ? "" : parameters));
}

const cJSON *first_row(const cJSON *reply)
{
    return cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(reply, "data"), 0);
}

int row_count(const cJSON *reply)
{
    return cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(reply, "data"));
}

static void assert_status(const cJSON *reply, const char *status, const char *part)
{
    const char *message = text_of(reply, "message");
    if (strcmp(text_of(reply, "status"), status) != 0 || (part != NULL && strstr(message, part) == NULL))
        fail_msg("%s: %s", text_of(reply, "status"), message);
}

void assert_success(const cJSON *reply, const char *part)
{
    assert_status(reply, "success", part);
}

void assert_failure(const cJSON *reply, const char *part)
{
    assert_status(reply, "failed", part);
}

cJSON *app_manifest(void)
{
    static char text[4 * 1024 * 1024];
    FILE *file = fopen(MANIFEST, "r");
    assert_non_null(file);
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    cJSON *tree = cJSON_Parse(text);
    assert_non_null(tree);
    return tree;
}
