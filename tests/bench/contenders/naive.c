/* What one writes in C in an hour: libcurl and cJSON, page after page, unchecked. Prints three members of
 * each row. */
#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct reply {
    char *data;
    size_t length, size;
    long pages;
} reply;

static size_t keep(char *data, size_t one, size_t count, void *to)
{
    reply *into = to;
    if (into->length + count * one > into->size)
        into->data = realloc(into->data, into->size = 2 * (into->length + count * one));
    memcpy(into->data + into->length, data, count * one);
    into->length += count * one;
    return count * one;
}

static size_t read_header(char *data, size_t one, size_t count, void *to)
{
    char line[1000];
    snprintf(line, sizeof line, "%.*s", (int)(one * count), data);
    const char *pages = strncmp(line, "pagination:", 11) == 0 ? strstr(line, "\"totalPages\":") : NULL;
    if (pages != NULL)
        ((reply *)to)->pages = atol(pages + 13);
    return one * count;
}

static const char *text(const cJSON *row, const char *name)
{
    const char *value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(row, name));
    return value == NULL ? "" : value;
}

int main(void)
{
    char url[1000], token[1000], body[300];
    reply page = {.pages = 1};
    snprintf(url, sizeof url, "%s/ApprovalRequest/ApprovalRequestGetByParameters",
             getenv("THREATLOCKER_BASE_URL"));
    snprintf(token, sizeof token, "Authorization: %s", getenv("THREATLOCKER_API_KEY"));
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL *easy = curl_easy_init();
    struct curl_slist *headers =
        curl_slist_append(curl_slist_append(NULL, "Content-Type: application/json"), token);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &page);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, read_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &page);
    for (long number = 1; number <= page.pages; number++) {
        snprintf(body, sizeof body,
                 "{\"statusId\":1,\"pageNumber\":%ld,\"pageSize\":100,\"orderBy\":\"datetime\","
                 "\"isAscending\":true,"
                 "\"showChildOrganizations\":true}",
                 number);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
        page.length = 0;
        if (curl_easy_perform(easy) != CURLE_OK)
            return 1;
        cJSON *rows = cJSON_ParseWithLength(page.data, page.length), *row;
        cJSON_ArrayForEach (row, rows)
            printf("%s\t%s\t%s\n", text(row, "approvalRequestId"), text(row, "hostname"), text(row, "path"));
        cJSON_Delete(rows);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
    free(page.data);
    return 0;
}
