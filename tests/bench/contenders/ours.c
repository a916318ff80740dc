/* Our C API: `ours CONCURRENCY` walks the list (0 = the default), `ours pages` asks for page after page. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threatlocker/threatlocker.h>

static const char *text(const cJSON *row, const char *name)
{
    const char *value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(row, name));
    return value == NULL ? "" : value;
}

static void print_row(const cJSON *row)
{
    printf("%s\t%s\t%s\n", text(row, "approvalRequestId"), text(row, "hostname"), text(row, "path"));
}

static tl_code walk(tl_client *client, const tl_request_query *query, tl_error *err)
{
    tl_requests *requests = NULL;
    cJSON *row = NULL;
    tl_code code = tl_requests_open(&requests, client, query, err);
    while (code == TL_OK && (code = tl_requests_next(&row, requests, err)) == TL_OK && row != NULL) {
        print_row(row);
        cJSON_Delete(row);
    }
    tl_requests_close(requests);
    return code;
}

static tl_code read_pages(tl_client *client, tl_request_query *query, tl_error *err)
{
    tl_page page = {.total_pages = 1};
    tl_code code = TL_OK;
    for (query->page_number = 1; code == TL_OK && query->page_number <= page.total_pages;
         query->page_number++) {
        cJSON *rows = NULL;
        const cJSON *row;
        code = tl_request_page(&rows, &page, client, query, err);
        cJSON_ArrayForEach (row, rows)
            print_row(row);
        cJSON_Delete(rows);
    }
    return code;
}

int main(int argc, char **argv)
{
    tl_client_options options = TL_CLIENT_OPTIONS_INIT;
    tl_request_query query = TL_REQUEST_QUERY_INIT;
    tl_error err = TL_ERROR_INIT;
    tl_client *client = NULL;
    bool by_page = argc > 1 && strcmp(argv[1], "pages") == 0;
    options.base_url = getenv("THREATLOCKER_BASE_URL");
    options.token = getenv("THREATLOCKER_API_KEY");
    query.children = true;
    query.concurrency = argc > 1 ? atoi(argv[1]) : 0;
    tl_code code = tl_client_new(&client, &options, &err);
    if (code == TL_OK)
        code = by_page ? read_pages(client, &query, &err) : walk(client, &query, &err);
    if (code != TL_OK)
        fprintf(stderr, "%s: %s\n", tl_code_name(code), err.message);
    tl_client_free(client);
    return code == TL_OK ? 0 : 1;
}
