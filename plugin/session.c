#include "session.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "manifest.h"
#include "prune.h"
#include "reply.h"

enum { MS = 1000, MAX_TIMEOUT_S = 3600 };

static const char *config_text(const tl_plugin *session, const char *name)
{
    return tlp_text(session->config, name);
}

/* ---- the clients ---- */

static tl_connection connection_of(const tl_plugin *session, const char *ca_field)
{
    return (tl_connection){.ca_file = config_text(session, ca_field),
                           .timeout_ms = tlp_integer(session->config, "timeout", 0) * MS};
}

static tl_code make_client(tl_plugin *session, tl_error *err)
{
    tl_client_options options = TL_CLIENT_OPTIONS_INIT;
    const char *seal_key = config_text(session, "seal_key");
    options.instance = config_text(session, "instance");
    options.base_url = config_text(session, "base_url");
    options.token = config_text(session, "api_token");
    options.organization_id = config_text(session, "organization_id");
    options.seal_key = seal_key;
    options.seal_key_length = seal_key == NULL ? 0 : strlen(seal_key);
    options.limits = &session->limits;
    options.connection = connection_of(session, "ca_file");
    return tl_client_new(&session->client, &options, err);
}

static tl_code make_soar(tl_plugin *session, const char *own_url, tl_error *err)
{
    tl_soar_options options = TL_SOAR_OPTIONS_INIT;
    tl_error why = TL_ERROR_INIT;
    options.url = config_text(session, "soar_url");
    options.token = config_text(session, "soar_token");
    if (options.url == NULL)
        options.url = own_url;
    if (options.token == NULL)
        return TL_OK;
    options.connection = connection_of(session, "soar_ca_file");
    if (tl_soar_new(&session->soar, &options, &why) != TL_OK)
        return tlp_fail(err, why.code, "Splunk SOAR: %s", why.message);
    return TL_OK;
}

tl_soar *tlp_soar(tl_plugin *session, tl_error *err)
{
    if (session->soar == NULL)
        (void)tlp_fail(
            err, TL_CONFIG,
            "This action reads prompts: the asset needs soar_token, the token of an automation user");
    return session->soar;
}

/* ---- open and close ---- */

static void wipe_passwords(const tl_plugin *session)
{
    const cJSON *field;
    cJSON_ArrayForEach (field, tlp_member(session->manifest, "configuration"))
        if (strcmp(tlp_text(field, "data_type"), "password") == 0) {
            tlp_wipe_texts(cJSON_GetObjectItemCaseSensitive(session->config, field->string));
            cJSON_DeleteItemFromObjectCaseSensitive(session->config, field->string);
        }
}

static tl_code read_config(tl_plugin *session, const cJSON *asset, tl_error *err)
{
    const char *asset_id = tlp_text(asset, "asset_id"), *label = tlp_text(asset, "label");
    const cJSON *config = tlp_member(asset, "config");
    if (!cJSON_IsObject(config))
        return tlp_fail(err, TL_CONFIG, "config must be an object");
    session->asset_id = strdup(asset_id == NULL ? "" : asset_id);
    session->label = strdup(label == NULL || label[0] == '\0' ? "events" : label);
    if (session->asset_id == NULL || session->label == NULL)
        return tlp_fail_memory(err);
    return tlp_check_fields(&session->config, tlp_member(session->manifest, "configuration"), config, err);
}

static tl_code fill(tl_plugin *session, const cJSON *asset, tl_error *err)
{
    tl_code code = tlp_manifest_read(&session->manifest, err);
    const cJSON *listing = tlp_find_action(session->manifest, "list_requests");
    session->row_template = tlp_prune_template(listing, "action_result.data.*.");
    if (code == TL_OK && session->row_template == NULL)
        code = tlp_fail_memory(err);
    if (code == TL_OK)
        code = read_config(session, asset, err);
    if (code == TL_OK)
        code = tlp_policy_read(session, err);
    if (code == TL_OK && tlp_integer(session->config, "timeout", 0) > MAX_TIMEOUT_S)
        code = tlp_fail(err, TL_CONFIG, "timeout may be %d seconds at most", MAX_TIMEOUT_S);
    if (code == TL_OK)
        code = make_client(session, err);
    if (code == TL_OK)
        code = make_soar(session, tlp_text(asset, "soar_url"), err);
    wipe_passwords(session);
    return code;
}

tl_code tlp_session_open(tl_plugin **out, const cJSON *asset, tl_error *err)
{
    *out = NULL;
    tl_plugin *session = calloc(1, sizeof *session);
    if (session == NULL)
        return tlp_fail_memory(err);
    atomic_flag_clear(&session->running);
    atomic_init(&session->progress, NULL);
    tl_code code = fill(session, asset, err);
    if (code == TL_OK)
        *out = session;
    else
        tlp_session_free(session);
    return code;
}

void tlp_session_free(tl_plugin *session)
{
    if (session == NULL)
        return;
    tl_client_free(session->client);
    tl_soar_free(session->soar);
    for (int i = 0; i < 3; i++)
        cJSON_Delete(session->words[i]);
    cJSON_Delete(session->config);
    cJSON_Delete(session->row_template);
    cJSON_Delete(session->manifest);
    free(atomic_load(&session->progress));
    free(session->asset_id);
    free(session->label);
    free(session);
}

/* ---- progress ---- */

void tlp_progress(tl_plugin *session, const char *format, ...)
{
    char text[TLP_LINE_MAX];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    char *line = tlp_line(text);
    if (line != NULL)
        free(atomic_exchange(&session->progress, line));
}
