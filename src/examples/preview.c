/* Lists the pending requests of an organization and its children, and previews the permit of one of them:
 *     THREATLOCKER_INSTANCE=g THREATLOCKER_API_KEY=... example_preview [REQUEST] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threatlocker/threatlocker.h>

static const char *text_of(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    return text == NULL ? "" : text;
}

/* Prints what would be sent to permit this very file on the computer that asked; changes nothing. */
static tl_code preview(tl_client *client, const cJSON *row, tl_error *err)
{
    const cJSON *file = cJSON_GetObjectItemCaseSensitive(row, "threatLockerActionDto");
    cJSON *choice = cJSON_Parse("{\"application\":\"new\",\"name\":\"App\",\"rules\":[{}],\"dry_run\":true}");
    cJSON *rules = cJSON_GetObjectItemCaseSensitive(choice, "rules"), *outcome = NULL;
    cJSON_AddStringToObject(cJSON_GetArrayItem(rules, 0), "hash", text_of(file, "hash"));
    const char *organization = text_of(row, "organizationId"), *id = text_of(row, "approvalRequestId");
    tl_code code = tl_permit(&outcome, client, organization, id, choice, err);
    char *body = tl_clean_text(text_of(outcome, "body_json"), 100000); /* as file names below */
    if (code == TL_OK)
        printf("%s: %s%s\n", text_of(outcome, "outcome"), text_of(outcome, "message"), body ? body : "?");
    free(body);
    cJSON_Delete(outcome);
    cJSON_Delete(choice);
    return code;
}

int main(int argc, char **argv)
{
    tl_client_options options = TL_CLIENT_OPTIONS_INIT;
    options.base_url = getenv("THREATLOCKER_BASE_URL");
    options.instance = getenv("THREATLOCKER_INSTANCE");
    options.token = getenv("THREATLOCKER_API_KEY");
    tl_request_query query = TL_REQUEST_QUERY_INIT;
    query.children = true;
    tl_error err = TL_ERROR_INIT;
    tl_client *client = NULL;
    tl_requests *requests = NULL;
    cJSON *row = NULL;
    tl_code code = tl_client_new(&client, &options, &err);
    if (code == TL_OK)
        code = tl_requests_open(&requests, client, &query, &err);
    while (code == TL_OK && (code = tl_requests_next(&row, requests, &err)) == TL_OK && row != NULL) {
        char *path = tl_clean_text(text_of(row, "path"), 200); /* a file's name could steer a terminal */
        printf("%s  %s\n", text_of(row, "approvalRequestId"), path == NULL ? "?" : path);
        free(path);
        if (argc > 1 && strcmp(argv[1], text_of(row, "approvalRequestId")) == 0)
            code = preview(client, row, &err);
        cJSON_Delete(row);
    }
    if (code != TL_OK)
        fprintf(stderr, "example_preview: %s: %s\n", tl_code_name(code), err.message);
    tl_requests_close(requests);
    tl_client_free(client);
    return code == TL_OK ? 0 : 1;
}
