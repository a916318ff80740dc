#include "scripted.h"

tl_client *client;
tl_error err;

static char *with_quotes(const char *text)
{
    char *copy = strdup(text);
    assert_non_null(copy);
    for (char *c = copy; *c != '\0'; c++)
        *c = *c == '\'' ? '"' : *c;
    return copy;
}

void script(const char *endpoint, int status, const char *body, const char *pagination)
{
    cJSON *fault = json("{'kind':'status','match':'%s','status':%d,'headers':{},'times':1,"
                        "'content_type':'application/json'}",
                        endpoint, status);
    char *text = with_quotes(body);
    cJSON_AddStringToObject(fault, "body", text);
    free(text);
    if (pagination != NULL) {
        text = with_quotes(pagination);
        cJSON_AddStringToObject(cJSON_GetObjectItemCaseSensitive(fault, "headers"), "Pagination", text);
        free(text);
    }
    cJSON_Delete(control_send("fault", fault));
    cJSON_Delete(fault);
}

int new_client(void **state)
{
    (void)state;
    tl_client_options options = client_options();
    options.connection.retries = 0;
    control("reset", "{}");
    client = make_client(&options);
    err = (tl_error)TL_ERROR_INIT;
    return 0;
}

int free_client(void **state)
{
    (void)state;
    tl_client_free(client);
    client = NULL;
    return 0;
}

void assert_json_and_delete(cJSON *tree, const char *expected)
{
    char *wanted = with_quotes(expected);
    char *got = cJSON_PrintUnformatted(tree);
    assert_non_null(got);
    assert_string_equal(got, wanted);
    free(got);
    free(wanted);
    cJSON_Delete(tree);
}

void assert_called(const char *endpoint, const char *expected)
{
    char got[4096] = "";
    cJSON *calls = calls_to(endpoint);
    const cJSON *call;
    cJSON_ArrayForEach (call, calls) {
        const char *organization = header_of(call, "ManagedOrganizationId");
        size_t length = strlen(got);
        snprintf(got + length, sizeof got - length, "%s|%s|%s\n", text_of(call, "query"),
                 text_of(call, "body"), organization == NULL ? "" : organization);
    }
    char *wanted = with_quotes(expected);
    assert_string_equal(got, wanted);
    free(wanted);
    cJSON_Delete(calls);
}
