/* The exported functions, and nothing else: threatlocker_soar.h. */
#include "threatlocker_soar.h"

#include <stdlib.h>

#include "reply.h"
#include "run.h"
#include "session.h"

int32_t tl_plugin_abi(void)
{
    return TL_PLUGIN_ABI;
}

const char *tl_plugin_version(void)
{
    return tl_version();
}

int32_t tl_plugin_open(tl_plugin **out, const char *asset, size_t length, char **out_message)
{
    if (out == NULL || asset == NULL || out_message == NULL)
        return TL_PLUGIN_USAGE;
    *out = NULL;
    *out_message = NULL;
    cJSON *tree = NULL;
    tl_error err = TL_ERROR_INIT;
    tl_code code = tl_json_parse(&tree, asset, length, &err);
    if (code == TL_OK)
        code = tlp_session_open(out, tree, &err);
    tlp_wipe_texts(tree);
    cJSON_Delete(tree);
    if (code == TL_OK)
        return TL_PLUGIN_OK;
    if (code != TL_MEMORY)
        *out_message = tlp_line(err.message);
    return *out_message == NULL ? TL_PLUGIN_MEMORY : TL_PLUGIN_FAILED;
}

int32_t tl_plugin_run(tl_plugin *plugin, const char *request, size_t length, char **out_reply,
                      size_t *out_length)
{
    if (plugin == NULL || request == NULL || out_reply == NULL || out_length == NULL)
        return TL_PLUGIN_USAGE;
    *out_reply = NULL;
    *out_length = 0;
    if (atomic_flag_test_and_set(&plugin->running))
        return TL_PLUGIN_USAGE;
    free(atomic_exchange(&plugin->progress, NULL)); /* of the action before */
    *out_reply = tlp_run(out_length, plugin, request, length);
    atomic_flag_clear(&plugin->running);
    return *out_reply != NULL ? TL_PLUGIN_OK : TL_PLUGIN_MEMORY;
}

int32_t tl_plugin_progress(tl_plugin *plugin, char **out)
{
    if (plugin == NULL || out == NULL)
        return TL_PLUGIN_USAGE;
    *out = atomic_exchange(&plugin->progress, NULL);
    return TL_PLUGIN_OK;
}

void tl_plugin_cancel(tl_plugin *plugin)
{
    if (plugin == NULL)
        return;
    tl_client_cancel(plugin->client);
    if (plugin->soar != NULL)
        tl_soar_cancel(plugin->soar);
}

void tl_plugin_close(tl_plugin *plugin)
{
    tlp_session_free(plugin);
}

void tl_plugin_free(char *text)
{
    free(text);
}
