/* Lists the pending approval requests of an organization and its children.
 *
 *   THREATLOCKER_INSTANCE=g THREATLOCKER_API_KEY=... example_list
 */
#include <stdio.h>
#include <stdlib.h>
#include <threatlocker/threatlocker.h>

/* What servers say goes to a terminal cleaned: a file's name could carry escape sequences. */
static void print_member(const cJSON *row, const char *name, const char *end)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(row, name);
    char *text = tl_clean_text(cJSON_IsString(member) ? member->valuestring : "-", 200);
    printf("%s%s", text == NULL ? "?" : text, end);
    free(text);
}

static tl_code print_requests(tl_client *client, tl_error *err)
{
    tl_request_query query = TL_REQUEST_QUERY_INIT;
    query.children = true;
    tl_requests *requests = NULL;
    tl_code code = tl_requests_open(&requests, client, &query, err);
    cJSON *row = NULL;
    while (code == TL_OK && (code = tl_requests_next(&row, requests, err)) == TL_OK && row != NULL) {
        print_member(row, "approvalRequestId", "  ");
        print_member(row, "hostname", "  ");
        print_member(row, "path", "\n");
        cJSON_Delete(row);
    }
    tl_requests_close(requests);
    return code;
}

int main(void)
{
    tl_client_options options = TL_CLIENT_OPTIONS_INIT;
    options.instance = getenv("THREATLOCKER_INSTANCE");
    options.base_url = getenv("THREATLOCKER_BASE_URL");
    options.token = getenv("THREATLOCKER_API_KEY");
    tl_error err = TL_ERROR_INIT;
    tl_client *client = NULL;
    tl_code code = tl_client_new(&client, &options, &err);
    if (code == TL_OK)
        code = print_requests(client, &err);
    if (code != TL_OK)
        fprintf(stderr, "example_list: %s: %s\n", tl_code_name(code), err.message);
    tl_client_free(client);
    return code == TL_OK ? 0 : 1;
}
