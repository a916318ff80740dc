/* A library with the plugin's interface and no sense of its own, for the shim's own paths: what it answers
 * stands in the folder that the asset's field `stand_in` names, and what it was asked is written there.
 *
 *   refuse       exists: tl_plugin_open fails with this text
 *   reply.N      what the Nth run answers (from 1)
 *   code.N       exists: the Nth run returns this number and no reply
 *   block.N      exists: the Nth run goes on until it is cancelled, or a file `go` exists
 *   progress     a line that is handed out once while something runs
 *   asset, request.N, calls   what was asked */
#include "threatlocker_soar.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifndef STAND_IN_ABI
#define STAND_IN_ABI TL_PLUGIN_ABI
#endif

struct tl_plugin {
    char folder[512];
    int runs;
    atomic_int cancelled, progress_given;
};

int32_t tl_plugin_abi(void)
{
    return STAND_IN_ABI;
}

#ifndef STAND_IN_ABI_ONLY

static void name_file(char *path, size_t size, const tl_plugin *plugin, const char *name, int number)
{
    if (number == 0)
        snprintf(path, size, "%s/%s", plugin->folder, name);
    else
        snprintf(path, size, "%s/%s.%d", plugin->folder, name, number);
}

/* The file's text, the caller's; NULL where there is none. */
static char *read_file(const tl_plugin *plugin, const char *name, int number)
{
    char path[600];
    name_file(path, sizeof path, plugin, name, number);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    char *text = calloc(1, 1 << 20);
    if (text != NULL)
        text[fread(text, 1, (1 << 20) - 1, file)] = '\0';
    fclose(file);
    return text;
}

static void write_file(const tl_plugin *plugin, const char *name, int number, const char *mode,
                       const char *text, size_t length)
{
    char path[600];
    name_file(path, sizeof path, plugin, name, number);
    FILE *file = fopen(path, mode);
    if (file == NULL)
        return;
    fwrite(text, 1, length, file);
    fclose(file);
}

static void note_call(const tl_plugin *plugin, const char *line)
{
    write_file(plugin, "calls", 0, "ab", line, strlen(line));
}

/* Finds "stand_in":"<folder>" as Python's json.dumps writes it. */
static int find_folder(char *folder, size_t size, const char *asset)
{
    const char *start = strstr(asset, "\"stand_in\": \"");
    if (start == NULL)
        return 0;
    start += strlen("\"stand_in\": \"");
    size_t length = strcspn(start, "\"");
    if (length >= size)
        return 0;
    memcpy(folder, start, length);
    folder[length] = '\0';
    return 1;
}

int32_t tl_plugin_open(tl_plugin **out, const char *asset, size_t length, char **out_message)
{
    tl_plugin *plugin = calloc(1, sizeof *plugin);
    *out = NULL;
    *out_message = NULL;
    if (plugin == NULL || !find_folder(plugin->folder, sizeof plugin->folder, asset)) {
        free(plugin);
        return TL_PLUGIN_MEMORY;
    }
    write_file(plugin, "asset", 0, "wb", asset, length);
    *out_message = read_file(plugin, "refuse", 0);
    if (*out_message != NULL) {
        free(plugin);
        return TL_PLUGIN_FAILED;
    }
    *out = plugin;
    return TL_PLUGIN_OK;
}

static int exists(const tl_plugin *plugin, const char *name, int number)
{
    char *text = read_file(plugin, name, number);
    free(text);
    return text != NULL;
}

int32_t tl_plugin_run(tl_plugin *plugin, const char *request, size_t length, char **out_reply,
                      size_t *out_length)
{
    int run = ++plugin->runs;
    write_file(plugin, "request", run, "wb", request, length);
    if (exists(plugin, "block", run))
        while (!atomic_load(&plugin->cancelled) && !exists(plugin, "go", 0))
            nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    char *code = read_file(plugin, "code", run);
    *out_reply = code == NULL ? read_file(plugin, "reply", run) : NULL;
    int32_t number = code == NULL ? TL_PLUGIN_OK : atoi(code);
    free(code);
    *out_length = *out_reply == NULL ? 0 : strlen(*out_reply);
    return number;
}

int32_t tl_plugin_progress(tl_plugin *plugin, char **out)
{
    *out = NULL;
    if (!atomic_exchange(&plugin->progress_given, 1))
        *out = read_file(plugin, "progress", 0);
    return TL_PLUGIN_OK;
}

void tl_plugin_cancel(tl_plugin *plugin)
{
    if (!atomic_exchange(&plugin->cancelled, 1))
        note_call(plugin, "cancel\n");
}

void tl_plugin_close(tl_plugin *plugin)
{
    note_call(plugin, "close\n");
    free(plugin);
}

void tl_plugin_free(char *text)
{
    free(text);
}

#endif
