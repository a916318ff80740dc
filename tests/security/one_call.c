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

/* ---- ThreatLocker ---- */

typedef tl_code portal_call(cJSON **out, tl_client *client, tl_error *err);

static tl_code count(cJSON **out, tl_client *client, tl_error *err)
{
    int64_t waiting;
    (void)out;
    return tl_request_count(&waiting, client, value("organization"), false, err);
}

static tl_code get(cJSON **out, tl_client *client, tl_error *err)
{
    return tl_request_get(out, client, value("organization"), value("id"), err);
}

static tl_code list(cJSON **out, tl_client *client, tl_error *err)
{
    tl_request_query query = TL_REQUEST_QUERY_INIT;
    query.search = value("search");
    query.organization_id = value("organization");
    query.order_by = value("order_by");
    return tl_request_page(out, NULL, client, &query, err);
}

static tl_code applications(cJSON **out, tl_client *client, tl_error *err)
{
    return tl_applications(out, client, value("organization"), 1, value("search"), err);
}

static tl_code research(cJSON **out, tl_client *client, tl_error *err)
{
    return tl_application_research(out, client, value("id"), err);
}

static tl_code reject(cJSON **out, tl_client *client, tl_error *err)
{
    return tl_reject(out, client, value("organization"), value("id"), NULL, err);
}

static tl_code download(cJSON **out, tl_client *client, tl_error *err)
{
    return tl_download_file(out, client, value("organization"), value("id"), value("path"), NULL, err);
}

static tl_code call_portal(portal_call *call, tl_error *err)
{
    tl_client_options options = TL_CLIENT_OPTIONS_INIT;
    tl_client *client = NULL;
    cJSON *out = NULL;
    options.base_url = value("base_url");
    options.instance = value("instance");
    options.token = value("token");
    options.organization_id = value("organization_id");
    options.settle_time_ms = 50;
    options.connection = connection();
    tl_code code = tl_client_new(&client, &options, err);
    if (code == TL_OK)
        code = call(&out, client, err);
    const cJSON *refused = cJSON_GetObjectItemCaseSensitive(out, "code");
    if (cJSON_IsString(refused)) /* a write's outcome */
        printf("outcome %s: %s; ", refused->valuestring,
               cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(out, "message")));
    cJSON_Delete(out);
    tl_client_free(client);
    return code;
}

/* ---- SOAR ---- */

typedef tl_code soar_call(cJSON **out, tl_soar *soar, tl_error *err);

static tl_code approvals(cJSON **out, tl_soar *soar, tl_error *err)
{
    tl_approval_query query = TL_APPROVAL_QUERY_INIT;
    query.status = value("status");
    query.type = value("type");
    query.started_after = value("started_after");
    query.limit = 1;
    return tl_soar_approvals(out, soar, &query, err);
}

static tl_code containers(cJSON **out, tl_soar *soar, tl_error *err)
{
    tl_container_query query = TL_CONTAINER_QUERY_INIT;
    query.name = value("name");
    query.label = value("label");
    query.source_data_identifier = value("source_data_identifier");
    query.limit = 1;
    return tl_soar_containers(out, soar, &query, err);
}

static tl_code create(cJSON **out, tl_soar *soar, tl_error *err)
{
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "name", "x");
    cJSON_AddStringToObject(body, "label", "events");
    tl_code code = tl_soar_create_container(out, soar, body, err);
    cJSON_Delete(body);
    return code;
}

static tl_code external(cJSON **out, tl_soar *soar, tl_error *err)
{
    return tl_soar_external_prompt(out, soar, value("id"), err);
}

static tl_code call_soar(soar_call *call, tl_error *err)
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
    if (code == TL_OK)
        code = call(&out, soar, err);
    cJSON_Delete(out);
    tl_soar_free(soar);
    return code;
}

/* ---- lines ---- */

static const struct {
    const char *name;
    portal_call *portal; /* the one or the other */
    soar_call *soar;
} calls[] = {
    {"count", .portal = count},
    {"get", .portal = get},
    {"list", .portal = list},
    {"applications", .portal = applications},
    {"research", .portal = research},
    {"reject", .portal = reject},
    {"download", .portal = download},
    {"soar_version", .soar = tl_soar_version},
    {"soar_approvals", .soar = approvals},
    {"soar_containers", .soar = containers},
    {"soar_create", .soar = create},
    {"soar_external", .soar = external},
};

static tl_code call_by_name(const char *name, tl_error *err)
{
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        if (strcmp(calls[i].name, name) == 0)
            return calls[i].portal != NULL ? call_portal(calls[i].portal, err)
                                           : call_soar(calls[i].soar, err);
    fprintf(stderr, "one_call: there is no call %s\n", name);
    exit(2);
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
    tl_error err = TL_ERROR_INIT;
    tl_code code = call_by_name(words[0], &err);
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
