/* The pagination header and what is made of it: every list ends, gives each row once, and tells no counts
 * that the server did not tell.
 *
 *   == ask requests|page|audit|organizations   requests where there is none
 *   == page ROWS NEW HEADER                    ROWS rows, NEW of them not seen before; the last page repeats
 *   == seen ROWS NEW PAGES ITEMS KNOWN DIGEST  for the pure decision alone (portal/paging.h)
 *   == grows                                   that decision for a list that grows at its end */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "portal/paging.h"
#include "stub.h"
#include "threatlocker/threatlocker.h"

enum { MAX_ROWS = 7, MAX_CALLS = 24, CONCURRENCY = 4, PAGE_SIZE = 3 };

typedef struct server {
    const fuzz_sections *input;
    const fuzz_section *page;
    int64_t ids; /* rows made up so far */
    tl_buffer body;
} server;

/* ---- pages ---- */

static void put_row(server *all, int64_t id, bool first)
{
    must(tl_buffer_format(&all->body,
                          "%s{\"approvalRequestId\":\"0e000000-0000-4000-8000-%012lld\",\"organizationId\":"
                          "\"0a000000-0000-4000-8000-%012lld\",\"name\":\"row\"}",
                          first ? "" : ",", (long long)id, (long long)id));
}

static void put_rows(server *all, int64_t rows, int64_t fresh)
{
    tl_buffer_free(&all->body);
    all->body = (tl_buffer){.limit = 1 << 16};
    must(tl_buffer_text(&all->body, "["));
    for (int64_t i = 0; i < rows; i++) {
        if (i < fresh || all->ids == 0)
            all->ids++;
        put_row(all, i < fresh ? all->ids : all->ids - (i - fresh) % all->ids, i == 0);
    }
    must(tl_buffer_text(&all->body, "]"));
}

static int64_t asked_page(const tl_http_request *request)
{
    cJSON *body = NULL;
    must(request->body != NULL && tl_json_parse(&body, request->body, request->body_length, NULL) == TL_OK);
    int64_t number = tl_json_integer_or(body, "pageNumber", -1);
    cJSON_Delete(body);
    return number;
}

static stub_reply next_page(void *data, const tl_http_request *request)
{
    server *all = data;
    const fuzz_section *page = fuzz_next_section(all->input, all->page, "page");
    long long rows = 0, fresh = 0;
    int header = 0;
    int64_t number = request->body == NULL ? 1 : asked_page(request);
    must(number >= 1 && number <= MAX_CALLS + CONCURRENCY);
    if (page != NULL)
        all->page = page;
    if (all->page == NULL || stub_calls() > MAX_CALLS)
        return (stub_reply){.status = STUB_REFUSED};
    (void)sscanf(all->page->rest, "%lld %lld %n", &rows, &fresh, &header);
    put_rows(all, rows < 0 ? 0 : rows % MAX_ROWS, fresh < 0 ? 0 : fresh % MAX_ROWS);
    return (stub_reply){200, all->body.data, all->body.length, header == 0 ? NULL : all->page->rest + header};
}

/* ---- what is asked ---- */

static void check_page(const tl_page *page)
{
    must(page->current_page >= -1 && page->items_per_page >= -1 && page->total_items >= -1 &&
         page->total_pages >= -1);
}

static void check_end(tl_code code, const tl_error *err)
{
    must(code == err->code);
    must_about(code == TL_OK || fuzz_is_line(err->message, sizeof err->message), err->message);
}

static void walk_requests(tl_client *client)
{
    tl_request_query query = TL_REQUEST_QUERY_INIT;
    tl_requests *requests = NULL;
    tl_error err = TL_ERROR_INIT;
    tl_code code = TL_OK;
    cJSON *row = NULL, *given = cJSON_CreateObject();
    query.page_size = PAGE_SIZE;
    query.concurrency = CONCURRENCY;
    must(tl_requests_open(&requests, client, &query, &err) == TL_OK);
    while ((code = tl_requests_next(&row, requests, &err)) == TL_OK && row != NULL) {
        const char *id = tl_json_text(row, "approvalRequestId");
        must(tl_json_member(given, id) == NULL && tl_json_set_bool(given, id, true));
        cJSON_Delete(row);
    }
    check_end(code, &err);
    must(code == TL_OK || !tl_requests_complete(requests));
    tl_page totals = tl_requests_totals(requests);
    check_page(&totals);
    tl_requests_close(requests);
    cJSON_Delete(given);
}

static void read_one_page(tl_client *client, bool audit)
{
    tl_request_query query = TL_REQUEST_QUERY_INIT;
    tl_error err = TL_ERROR_INIT;
    tl_page page;
    cJSON *rows = NULL;
    tl_code code = audit ? tl_audit(&rows, &page, client, NULL, NULL, &err)
                         : tl_request_page(&rows, &page, client, &query, &err);
    check_end(code, &err);
    must((code == TL_OK) == cJSON_IsArray(rows));
    check_page(&page);
    cJSON_Delete(rows);
}

static void walk_organizations(tl_client *client)
{
    static const char *const via[] = {"parameters", NULL};
    tl_organization_query query = TL_ORGANIZATION_QUERY_INIT;
    tl_error err = TL_ERROR_INIT;
    cJSON *rows = NULL;
    query.via = via;
    tl_code code = tl_organizations(&rows, client, &query, &err);
    check_end(code, &err);
    must((code == TL_OK) == cJSON_IsArray(rows));
    cJSON_Delete(rows);
}

static void ask(tl_client *client, const char *what)
{
    if (strcmp(what, "page") == 0 || strcmp(what, "audit") == 0)
        read_one_page(client, what[0] == 'a');
    else if (strcmp(what, "organizations") == 0)
        walk_organizations(client);
    else
        walk_requests(client);
}

/* ---- the decision alone ---- */

static void check_decisions(const fuzz_sections *input)
{
    const fuzz_section *section = NULL;
    tl_paging paging;
    bool more = true;
    tl_paging_start(&paging, PAGE_SIZE, fuzz_next_section(input, NULL, "grows") != NULL);
    while (more && (section = fuzz_next_section(input, section, "seen")) != NULL) {
        long long rows = 0, fresh = 0, pages = 0, items = -1, known = 0, digest = 0;
        (void)sscanf(section->rest, "%lld %lld %lld %lld %lld %lld", &rows, &fresh, &pages, &items, &known,
                     &digest);
        const tl_page_seen seen = {.rows = rows < 0 ? 0 : rows,
                                   .new_rows = fresh < 0 || fresh > rows ? 0 : fresh,
                                   .total_pages = pages,
                                   .total_items = items,
                                   .known_rows = known,
                                   .digest = (uint64_t)digest};
        more = tl_paging_next(&paging, &seen);
        must(paging.page >= 1 && paging.page <= TL_MAX_PAGES && paging.walk >= 1 &&
             paging.walk <= TL_MAX_WALKS);
        int64_t horizon = tl_paging_horizon(&paging, CONCURRENCY);
        must(horizon >= paging.page && horizon < paging.page + CONCURRENCY);
        must(!more || !paging.complete);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_sections input;
    fuzz_sections_read(&input, data, size);
    server all = {.input = &input};
    stub_start(next_page, &all);
    const fuzz_section *asked = fuzz_next_section(&input, NULL, "ask");
    ask(stub_client("fuzz-token"), asked == NULL ? "" : asked->rest);
    check_decisions(&input);
    tl_buffer_free(&all.body);
    fuzz_sections_free(&input);
    return 0;
}
