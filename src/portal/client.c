#include "portal/client.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/redact.h"
#include "base/text.h"
#include "portal/ceiling.h"
#include "portal/endpoints.h"
#include "threatlocker/probe.h"

enum {
    DEFAULT_SETTLE_MS = 10 * 1000,
    MAX_SETTLE_MS = 10 * 60 * 1000,
    MIN_SEAL_KEY = 16,
    MAX_TOKEN = 8 * 1024,
    MAX_INSTANCE = 40
};

static tl_code check_token(const char *token, tl_error *err)
{
    if (token == NULL || token[0] == '\0')
        return tl_fail(err, TL_CONFIG, "token is missing: give the API user's token");
    if (strncasecmp(token, "Bearer", 6) == 0 && (token[6] == ' ' || token[6] == '\0'))
        return tl_fail(err, TL_CONFIG,
                       "token must be the bare token: ThreatLocker wants no \"Bearer\" before it");
    if (strlen(token) > MAX_TOKEN || strpbrk(token, " \t") != NULL || !tl_is_header_value(token))
        return tl_fail(
            err, TL_CONFIG,
            "token holds characters that no token has (a line end or space copied along with it?)");
    return TL_OK;
}

/* The instance as it stands in host names: lower case [inferred]. */
static tl_code read_instance(char **out, const char *instance, tl_error *err)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    size_t length = strlen(instance);
    if (length == 0 || length > MAX_INSTANCE || strspn(instance, allowed) != length || instance[0] == '-' ||
        instance[length - 1] == '-')
        return tl_fail(err, TL_CONFIG, "instance must be a name such as \"g\" (letters, digits, hyphen)");
    *out = strdup(instance);
    for (char *c = *out; c != NULL && *c != '\0'; c++)
        *c = tl_lower(*c);
    return *out == NULL ? tl_fail_memory(err) : TL_OK;
}

static tl_code read_address(tl_client *client, tl_buffer *base_url, const tl_client_options *options,
                            tl_error *err)
{
    tl_code code = TL_OK;
    if (options->instance != NULL)
        code = read_instance(&client->instance, options->instance, err);
    if (code != TL_OK)
        return code;
    if (options->base_url != NULL)
        tl_buffer_text(base_url, options->base_url);
    else if (client->instance != NULL)
        tl_buffer_format(base_url, "https://portalapi.%s.threatlocker.com/portalapi", client->instance);
    else
        return tl_fail(err, TL_CONFIG, "instance or base_url is missing");
    if (base_url->too_large)
        return tl_fail(err, TL_CONFIG, "base_url is too long");
    return base_url->failed ? tl_fail_memory(err) : TL_OK;
}

/* The key is derived in every case, so that it is of one size and the token itself signs nothing. */
static tl_code derive_seal_key(tl_client *client, const tl_client_options *options, tl_error *err)
{
    static const char purpose[] = "threatlocker prompt seal, version 1";
    if (options->seal_key != NULL && options->seal_key_length < MIN_SEAL_KEY)
        return tl_fail(err, TL_CONFIG, "seal_key must have at least %d bytes", MIN_SEAL_KEY);
    const void *key = options->seal_key != NULL ? options->seal_key : options->token;
    size_t length = options->seal_key != NULL ? options->seal_key_length : strlen(options->token);
    tl_hmac_sha256(key, length, purpose, sizeof purpose - 1, client->seal_key);
    return TL_OK;
}

static tl_code fill(tl_client *client, const tl_client_options *options, tl_error *err)
{
    tl_code code = check_token(options->token, err);
    if (code == TL_OK)
        code = derive_seal_key(client, options, err);
    if (code != TL_OK)
        return code;
    if (options->organization_id != NULL && !tl_is_real_guid(options->organization_id))
        return tl_fail(err, TL_CONFIG, "organization_id must be a GUID");
    if (options->organization_id != NULL &&
        (client->organization_id = strdup(options->organization_id)) == NULL)
        return tl_fail_memory(err);
    client->limited = options->limits != NULL;
    if (client->limited && tl_check_limits(options->limits, err) != TL_OK)
        return TL_CONFIG;
    if (client->limited)
        client->limits = *options->limits;
    client->settle_time_ms = options->settle_time_ms == 0 ? DEFAULT_SETTLE_MS : options->settle_time_ms;
    if (client->settle_time_ms < 1 || client->settle_time_ms > MAX_SETTLE_MS)
        return tl_fail(err, TL_CONFIG, "settle_time must be between 1 ms and 10 minutes");

    tl_buffer base_url = {.limit = 2048};
    code = read_address(client, &base_url, options, err);
    if (code == TL_OK) {
        const char *secrets[] = {options->token};
        tl_http_options http = {.base_url = base_url.data,
                                .base_url_option = "base_url",
                                .auth_name = "Authorization",
                                .auth_value = options->token,
                                .secrets = secrets,
                                .secret_count = 1,
                                .connection = &options->connection};
        code = tl_http_new(&client->http, &http, err);
    }
    tl_buffer_free(&base_url);
    return code;
}

tl_code tl_client_new(tl_client **out, const tl_client_options *options, tl_error *err)
{
    if (out == NULL || options == NULL)
        return tl_fail(err, TL_USAGE, "tl_client_new needs out and options");
    *out = NULL;
    if (options->size != sizeof *options)
        return tl_fail(err, TL_USAGE, "tl_client_options has another size: built against another version?");
    tl_client *client = calloc(1, sizeof *client);
    if (client == NULL)
        return tl_fail_memory(err);
    tl_code code = fill(client, options, err);
    if (code != TL_OK) {
        tl_client_free(client);
        return code;
    }
    *out = client;
    return TL_OK;
}

void tl_client_free(tl_client *client)
{
    if (client == NULL)
        return;
    tl_http_free(client->http);
    free(client->organization_id);
    free(client->instance);
    tl_wipe(client->seal_key, sizeof client->seal_key);
    free(client);
}

void tl_client_cancel(tl_client *client)
{
    tl_http_cancel(client->http);
}

tl_code tl_client_probe(tl_probe *out, tl_client *client, tl_error *err)
{
    tl_buffer target = {.limit = 256};
    tl_buffer_format(&target, "/%s", tl_endpoint_of(TL_REQUEST_COUNT)->path);
    tl_code code = target.failed ? tl_fail_memory(err) : tl_http_probe(out, client->http, target.data, err);
    tl_buffer_free(&target);
    return code;
}
