/* Lists of SOAR: rows come in the order asked for, once each, with ids in range, or not at all.
 *
 *   == ask approvals|page|container|containers|app_runs asc|desc LIMIT
 *
 * and the replies, as sections `reply` (stub.h). */
#include <stdio.h>
#include <string.h>

#include "soar/client.h"
#include "soar/runs.h"
#include "stub.h"

typedef struct question {
    char list[16];
    bool descending;
    int64_t limit;
} question;

static question read_question(const fuzz_sections *input)
{
    const fuzz_section *section = fuzz_next_section(input, NULL, "ask");
    question ask = {.list = "approvals"};
    char order[8] = "";
    long long limit = 0;
    if (section != NULL)
        (void)sscanf(section->rest, "%15s %7s %lld", ask.list, order, &limit);
    ask.descending = strcmp(order, "desc") == 0;
    ask.limit = limit;
    return ask;
}

static tl_code list_approvals(cJSON **out, int64_t *out_count, tl_soar *soar, const question *ask,
                              tl_error *err)
{
    tl_approval_query query = TL_APPROVAL_QUERY_INIT;
    query.status = "pending";
    query.descending = ask->descending;
    query.limit = ask->limit;
    return out_count != NULL ? tl_soar_approval_page(out, out_count, soar, &query, err)
                             : tl_soar_approvals(out, soar, &query, err);
}

static tl_code list_containers(cJSON **out, tl_soar *soar, const question *ask, tl_error *err)
{
    tl_container_query query = TL_CONTAINER_QUERY_INIT;
    query.name = "a \"name\"";
    query.descending = ask->descending;
    query.limit = ask->limit;
    return tl_soar_containers(out, soar, &query, err);
}

static void check_rows(const cJSON *rows, const question *ask)
{
    int64_t last = -1, count = 0;
    const cJSON *row;
    must(cJSON_IsArray(rows));
    cJSON_ArrayForEach (row, rows) {
        int64_t id = tl_json_integer_or(row, "id", -1);
        must(cJSON_IsObject(row) && id >= 0);
        must(last < 0 || (ask->descending ? id < last : id > last));
        last = id;
        count++;
    }
    must(count <= TL_SOAR_MAX_ROWS && (ask->limit == 0 || count <= ask->limit));
}

/* Each page that was taken was in order itself: otherwise nobody could say which row is the newest. */
static void check_pages(const fuzz_sections *input, const question *ask)
{
    const fuzz_section *page = NULL;
    for (size_t i = 0; i < stub_calls(); i++) {
        cJSON *tree = NULL;
        page = fuzz_next_section(input, page, "reply");
        must(page != NULL && tl_json_parse(&tree, page->body, page->length, NULL) == TL_OK);
        check_rows(tl_json_member(tree, "data"), ask);
        cJSON_Delete(tree);
    }
}

/* The app run behind an action run: the one, or a note why not. */
static void read_app_run(tl_soar *soar)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *run = NULL;
    const char *note = NULL;
    tl_code code = tl_soar_app_run_of(&run, &note, soar, 7, &err);
    must(code == err.code);
    if (code == TL_OK)
        must(note != NULL ? tl_json_member(run, "id") == NULL : tl_json_integer_or(run, "id", -1) > 0);
    cJSON_Delete(run);
}

static void list(tl_soar *soar, const fuzz_sections *input, question *ask)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *rows = NULL;
    int64_t count = 0;
    bool page = strcmp(ask->list, "page") == 0;
    tl_code code;
    if (strcmp(ask->list, "containers") == 0) {
        code = list_containers(&rows, soar, ask, &err);
    } else if (strcmp(ask->list, "container") == 0) {
        ask->descending = false; /* neither can be asked for */
        ask->limit = 0;
        code = tl_soar_container_approvals(&rows, soar, 31, &err);
    } else {
        code = list_approvals(&rows, page ? &count : NULL, soar, ask, &err);
    }
    must(code == err.code);
    must((code == TL_OK) == (rows != NULL));
    if (code == TL_OK) {
        check_rows(rows, ask);
        check_pages(input, ask);
    } else {
        must_about(fuzz_is_line(err.message, sizeof err.message), err.message);
    }
    must(code != TL_OK || !page || count >= cJSON_GetArraySize(rows));
    must(ask->limit == 0 || stub_calls() <= 1);
    cJSON_Delete(rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tl_soar *soar = stub_soar("fuzz-token");
    fuzz_sections input;
    fuzz_sections_read(&input, data, size);
    question ask = read_question(&input);
    stub_script script = {.input = &input};
    stub_start(stub_next, &script);
    if (strcmp(ask.list, "app_runs") == 0)
        read_app_run(soar);
    else
        list(soar, &input, &ask);
    fuzz_sections_free(&input);
    return 0;
}
