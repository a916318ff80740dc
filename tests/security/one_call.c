/* Calls of the C API with the options given, each with a client of its own, for tests that judge from outside
 * what was sent:
 *
 *   CALL [NAME=VALUE]...
 *
 * on each line of standard input, where a value holds a blank, a percent sign and any other byte as %XX.
 * Prints "code|http_status|applied|message" on a line for each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "threatlocker/threatlocker.h"

static char **given;

static void decode(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; to++) {
        if (*from == '%') {
            char digits[3] = {from[1], from[2], '\0'};
            *to = (char)strtol(digits, NULL, 16);
            from += 3;
        } else {
            *to = *from++;
        }
    }
    *to = '\0';
}

/* NULL where it was not given. */
static const char *value(const char *name)
{
    size_t length = strlen(name);
    for (char **at = given; *at != NULL; at++)
        if (strncmp(*at, name, length) == 0 && (*at)[length] == '=')
            return *at + length + 1;
    return NULL;
}

static tl_connection connection(void)
{
    const char *timeout = value("timeout_ms");
    return (tl_connection){.proxy = value("proxy"),
                           .ca_file = value("ca_file"),
                           .client_cert = value("client_cert"),
                           .retries = -1,
                           .timeout_ms = timeout == NULL ? 20000 : strtol(timeout, NULL, 10)};
}

static tl_code call_portal(const char *call, tl_error *err)
{
    tl_client_options options = TL_CLIENT_OPTIONS_INIT;
    tl_client *client = NULL;
    cJSON *out = NULL;
    int64_t count;
    options.base_url = value("base_url");
    options.instance = value("instance");
    options.token = value("token");
    options.organization_id = value("organization_id");
    options.settle_time_ms = 50;
    options.connection = connection();
    tl_code code = tl_client_new(&client, &options, err);
    const char *organization = value("organization"), *id = value("id"), *search = value("search");
    if (code == TL_OK && strcmp(call, "count") == 0)
        code = tl_request_count(&count, client, organization, false, err);
    else if (code == TL_OK && strcmp(call, "get") == 0)
        code = tl_request_get(&out, client, organization, id, err);
    else if (code == TL_OK && strcmp(call, "list") == 0) {
        tl_request_query query = TL_REQUEST_QUERY_INIT;
        query.search = search;
        query.organization_id = organization;
        query.order_by = value("order_by");
        code = tl_request_page(&out, NULL, client, &query, err);
    } else if (code == TL_OK && strcmp(call, "applications") == 0)
        code = tl_applications(&out, client, organization, 1, search, err);
    else if (code == TL_OK && strcmp(call, "research") == 0)
        code = tl_application_research(&out, client, id, err);
    else if (code == TL_OK && strcmp(call, "reject") == 0)
        code = tl_reject(&out, client, organization, id, NULL, err);
    else if (code == TL_OK && strcmp(call, "download") == 0)
        code = tl_download_file(&out, client, organization, id, value("path"), NULL, err);
    const cJSON *refused = cJSON_GetObjectItemCaseSensitive(out, "code");
    if (cJSON_IsString(refused)) /* a write's outcome */
        printf("outcome %s: %s; ", refused->valuestring,
               cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(out, "message")));
    cJSON_Delete(out);
    tl_client_free(client);
    return code;
}

static tl_code call_soar(const char *call, tl_error *err)
{
    tl_soar_options options = TL_SOAR_OPTIONS_INIT;
    tl_soar *soar = NULL;
    cJSON *out = NULL;
    options.url = value("url");
    options.token = value("token");
    options.user = value("user");
    options.password = value("password");
    options.connection = connection();
    tl_code code = tl_soar_new(&soar, &options, err);
    if (code == TL_OK && strcmp(call, "soar_version") == 0)
        code = tl_soar_version(&out, soar, err);
    else if (code == TL_OK && strcmp(call, "soar_approvals") == 0) {
        tl_approval_query query = TL_APPROVAL_QUERY_INIT;
        query.status = value("status");
        query.type = value("type");
        query.started_after = value("started_after");
        query.limit = 1;
        code = tl_soar_approvals(&out, soar, &query, err);
    } else if (code == TL_OK && strcmp(call, "soar_containers") == 0) {
        tl_container_query query = TL_CONTAINER_QUERY_INIT;
        query.name = value("name");
        query.label = value("label");
        query.source_data_identifier = value("source_data_identifier");
        query.limit = 1;
        code = tl_soar_containers(&out, soar, &query, err);
    } else if (code == TL_OK && strcmp(call, "soar_create") == 0) {
        cJSON *body = cJSON_CreateObject();
        cJSON_AddStringToObject(body, "name", "x");
        cJSON_AddStringToObject(body, "label", "events");
        code = tl_soar_create_container(&out, soar, body, err);
        cJSON_Delete(body);
    } else if (code == TL_OK && strcmp(call, "soar_external") == 0)
        code = tl_soar_external_prompt(&out, soar, value("id"), err);
    cJSON_Delete(out);
    tl_soar_free(soar);
    return code;
}

static void run_line(char *line)
{
    static char *words[64];
    static const char *const applied[] = {"no", "yes", "unknown"};
    size_t count = 0;
    for (char *left = NULL, *word = strtok_r(line, " \n", &left); word != NULL && count < 63;
         word = strtok_r(NULL, " \n", &left))
        words[count++] = word;
    words[count] = NULL;
    if (count == 0)
        return;
    given = words + 1;
    for (char **at = given; *at != NULL; at++)
        decode(*at);
    bool soar = strncmp(words[0], "soar_", 5) == 0;
    tl_error err = TL_ERROR_INIT;
    tl_code code = (soar ? call_soar : call_portal)(words[0], &err);
    printf("%s|%d|%s|%s\n", tl_code_name(code), err.http_status, applied[err.applied], err.message);
    fflush(stdout);
}

int main(void)
{
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, stdin) > 0)
        run_line(line);
    free(line);
    return 0;
}
