/* What one writes in C in an hour with libcurl and cJSON: page after page, three members of each row. */
#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t read_header(char *data, size_t one, size_t count, void *pages)
{
    char line[1000];
    snprintf(line, sizeof line, "%.*s", (int)(one * count), data);
    const char *found = strncmp(line, "pagination:", 11) == 0 ? strstr(line, "\"totalPages\":") : NULL;
    if (found != NULL)
        *(long *)pages = atol(found + 13);
    return one * count;
}

static const char *text(const cJSON *row, const char *name)
{
    const char *value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(row, name));
    return value == NULL ? "" : value;
}

int main(void)
{
    char url[1000], token[1000], body[300], *reply = NULL;
    size_t length = 0;
    long pages = 1;
    FILE *page = open_memstream(&reply, &length);
    snprintf(url, sizeof url, "%s/ApprovalRequest/ApprovalRequestGetByParameters",
             getenv("THREATLOCKER_BASE_URL"));
    snprintf(token, sizeof token, "Authorization: %s", getenv("THREATLOCKER_API_KEY"));
    CURL *easy = curl_easy_init();
    struct curl_slist *headers =
        curl_slist_append(curl_slist_append(NULL, "Content-Type: application/json"), token);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, page);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, read_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &pages);
    for (long number = 1; number <= pages; number++) {
        snprintf(body, sizeof body,
                 "{\"statusId\":1,\"pageNumber\":%ld,\"pageSize\":100,\"orderBy\":\"datetime\","
                 "\"isAscending\":true,\"showChildOrganizations\":true}",
                 number);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
        rewind(page);
        if (curl_easy_perform(easy) != CURLE_OK || fflush(page) != 0)
            return 1;
        cJSON *rows = cJSON_ParseWithLength(reply, length), *row;
        cJSON_ArrayForEach (row, rows)
            printf("%s\t%s\t%s\n", text(row, "approvalRequestId"), text(row, "hostname"), text(row, "path"));
        cJSON_Delete(rows);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
    fclose(page);
    free(reply);
    return 0;
}
