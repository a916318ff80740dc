#include "soar/client.h"

#include <stdlib.h>
#include <string.h>

#include "base/redact.h"
#include "base/text.h"
#include "threatlocker/probe.h"

/* "Basic <base64 of user:password>"; malloc'd, NULL when out of memory. */
static char *basic_value(const char *user, const char *password)
{
    tl_buffer pair = {.limit = 16 * 1024}, value = {.limit = 32 * 1024};
    tl_buffer_format(&pair, "%s:%s", user, password);
    char *url_safe = pair.failed ? NULL : tl_base64url_encode(pair.data, pair.length);
    for (char *c = url_safe; c != NULL && *c != '\0'; c++)
        *c = *c == '-' ? '+' : *c == '_' ? '/' : *c;
    if (url_safe != NULL) {
        static const char *const padding[] = {"", "", "==", "="};
        tl_buffer_format(&value, "Basic %s%s", url_safe, padding[strlen(url_safe) % 4]);
    }
    tl_wipe_free(url_safe);
    tl_buffer_free(&pair);
    if (value.failed)
        tl_buffer_free(&value);
    return value.data;
}

static tl_code check_credentials(const tl_soar_options *options, tl_error *err)
{
    bool has_token = options->token != NULL, has_user = options->user != NULL;
    if (!has_token && !has_user)
        return tl_fail(err, TL_CONFIG, "token, or user and password, is missing");
    if (has_token && has_user)
        return tl_fail(err, TL_CONFIG, "give either token, or user and password");
    if (has_token && (options->token[0] == '\0' || strpbrk(options->token, " \t") != NULL ||
                      !tl_is_header_value(options->token)))
        return tl_fail(err, TL_CONFIG, "token is empty or holds characters that no token has");
    if (has_user && (options->password == NULL || strchr(options->user, ':') != NULL))
        return tl_fail(err, TL_CONFIG, "password is missing, or user holds a colon");
    return TL_OK;
}

static tl_code fill(tl_soar *soar, const tl_soar_options *options, tl_error *err)
{
    tl_code code = check_credentials(options, err);
    if (code != TL_OK)
        return code;
    if (options->url == NULL)
        return tl_fail(err, TL_CONFIG, "url is missing");
    char *basic = options->token == NULL ? basic_value(options->user, options->password) : NULL;
    if (options->token == NULL && basic == NULL)
        return tl_fail_memory(err);
    const char *secrets[] = {options->token, options->password,
                             basic == NULL ? NULL : basic + strlen("Basic ")};
    tl_http_options http = {.base_url = options->url,
                            .base_url_option = "url",
                            .auth_name = options->token != NULL ? "ph-auth-token" : "Authorization",
                            .auth_value = options->token != NULL ? options->token : basic,
                            .secrets = secrets,
                            .secret_count = sizeof secrets / sizeof secrets[0],
                            .connection = &options->connection};
    code = tl_http_new(&soar->http, &http, err);
    tl_wipe_free(basic);
    return code;
}

tl_code tl_soar_new(tl_soar **out, const tl_soar_options *options, tl_error *err)
{
    if (out == NULL || options == NULL)
        return tl_fail(err, TL_USAGE, "tl_soar_new needs out and options");
    *out = NULL;
    if (options->size != sizeof *options)
        return tl_fail(err, TL_USAGE, "tl_soar_options has another size: built against another version?");
    tl_soar *soar = calloc(1, sizeof *soar);
    if (soar == NULL)
        return tl_fail_memory(err);
    tl_code code = fill(soar, options, err);
    if (code != TL_OK) {
        tl_soar_free(soar);
        return code;
    }
    *out = soar;
    return TL_OK;
}

void tl_soar_free(tl_soar *soar)
{
    if (soar == NULL)
        return;
    tl_http_free(soar->http);
    free(soar);
}

void tl_soar_cancel(tl_soar *soar)
{
    tl_http_cancel(soar->http);
}

tl_code tl_soar_probe(tl_probe *out, tl_soar *soar, tl_error *err)
{
    return tl_http_probe(out, soar->http, "/rest/version", err);
}
