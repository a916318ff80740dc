/* SOAR's lists: approvals by page, filter and container, containers, app runs. */
#include "soar_case.h"

static int64_t first_id(const cJSON *records)
{
    return integer_of(cJSON_GetArrayItem(records, 0), "id");
}

static void a_page_tells_the_newest_and_how_many(void **state)
{
    (void)state;
    int64_t older = ask_with(""), newest = ask_with(""), count = 0;
    cJSON *records = NULL;
    tl_approval_query query = TL_APPROVAL_QUERY_INIT;
    query.status = "pending";
    query.descending = true;
    query.limit = 1;
    control_delete("calls");
    assert_ok(tl_soar_approval_page(&records, &count, soar, &query, &err), &err);
    assert_int_equal(cJSON_GetArraySize(records), 1);
    assert_int_equal(first_id(records), newest);
    assert_int_equal(count, 5);
    assert_int_equal(count_calls("/rest/approval"), 1);
    cJSON_Delete(records);
    query.descending = false;
    query.min_id = older;
    assert_ok(tl_soar_approval_page(&records, &count, soar, &query, &err), &err);
    assert_int_equal(first_id(records), older);
    assert_int_equal(count, 2);
    cJSON_Delete(records);
    query.min_id = newest + 1;
    assert_ok(tl_soar_approval_page(&records, &count, soar, &query, &err), &err);
    assert_int_equal(cJSON_GetArraySize(records), 0);
    assert_int_equal(count, 0);
    cJSON_Delete(records);
}

static void ten_thousand_prompts_are_listed_quickly(void **state)
{
    (void)state;
    control("prompts", "{'count':10000}");
    cJSON *records = NULL;
    int64_t count = 0, start = now_ms();
    tl_approval_query query = TL_APPROVAL_QUERY_INIT;
    query.type = "manual";
    query.limit = TL_SOAR_PAGE_MAX;
    query.descending = true;
    assert_ok(tl_soar_approval_page(&records, &count, soar, &query, &err), &err);
    assert_int_equal(cJSON_GetArraySize(records), TL_SOAR_PAGE_MAX);
    assert_int_equal(count, 10001);
    assert_true(now_ms() - start < 5000);
    cJSON_Delete(records);
}

static void all_pages_come_in_both_orders(void **state)
{
    (void)state;
    control("prompts", "{'count':210}");
    for (int descending = 0; descending < 2; descending++) {
        cJSON *records = NULL;
        tl_approval_query query = TL_APPROVAL_QUERY_INIT;
        query.descending = descending != 0;
        control_delete("calls");
        assert_ok(tl_soar_approvals(&records, soar, &query, &err), &err);
        assert_int_equal(cJSON_GetArraySize(records), 213);
        int64_t before = descending ? INT64_MAX : 0;
        const cJSON *record;
        cJSON_ArrayForEach (record, records) {
            int64_t id = integer_of(record, "id");
            assert_true(descending ? id < before : id > before);
            assert_int_equal(cJSON_GetArraySize(record), 20);
            before = id;
        }
        assert_int_equal(count_calls("/rest/approval"), 3);
        cJSON_Delete(records);
    }
}

static void closed_ones_are_found_by_close_time(void **state)
{
    (void)state;
    int64_t open = ask_with(""), early = ask_with(""), late = ask_with("");
    control("answer", "{'approval':%lld,'responses':[],'close_time':'2026-01-02T03:04:05.5Z'}",
            (long long)early);
    control("answer", "{'approval':%lld,'status':'odd','close_time':'2026-01-02T03:04:06Z'}",
            (long long)late);
    const struct {
        tl_approval_query query;
        int64_t first;
        int count;
    } rows[] = {
        {{.size = sizeof(tl_approval_query), .not_pending = true}, early, 2},
        {{.size = sizeof(tl_approval_query), .closed_after = "2026-01-02T03:04:05Z"}, early, 2},
        {{.size = sizeof(tl_approval_query), .closed_after = "2026-01-02T03:04:06Z"}, late, 1},
        {{.size = sizeof(tl_approval_query), .closed_after = "2026-01-02T03:04:07Z"}, -1, 0},
        {{.size = sizeof(tl_approval_query), .not_pending = true, .status = "odd"}, late, 1},
        {{.size = sizeof(tl_approval_query), .status = "pending", .min_id = open}, open, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *records = NULL;
        assert_ok(tl_soar_approvals(&records, soar, &rows[i].query, &err), &err);
        assert_int_equal(cJSON_GetArraySize(records), rows[i].count);
        assert_int_equal(first_id(records), rows[i].first);
        cJSON_Delete(records);
    }
}

static void those_of_a_container_are_listed_below_it(void **state)
{
    (void)state;
    int64_t mine = ask_with("'container':77"), later = ask_with("'container':77");
    ask_with("'container':78");
    cJSON *records = NULL;
    assert_ok(tl_soar_container_approvals(&records, soar, 77, &err), &err);
    assert_int_equal(cJSON_GetArraySize(records), 2);
    assert_int_equal(first_id(records), mine);
    cJSON_Delete(records);
    tl_approval_query query = TL_APPROVAL_QUERY_INIT;
    query.container_id = 77;
    query.descending = true;
    query.limit = 1;
    assert_ok(tl_soar_approvals(&records, soar, &query, &err), &err);
    assert_int_equal(first_id(records), later);
    cJSON_Delete(records);
    assert_int_equal(count_calls("/rest/container/77/approvals"), 2);
    ASSERT_FAILS(tl_soar_container_approvals(&records, soar, 999, &err), TL_NOT_FOUND);
    ASSERT_FAILS(tl_soar_container_approvals(&records, soar, 0, &err), TL_INVALID);
}

static void wrong_queries_send_nothing(void **state)
{
    (void)state;
    const tl_approval_query wrong[] = {
        {.size = sizeof(tl_approval_query), .limit = -1},
        {.size = sizeof(tl_approval_query), .limit = TL_SOAR_PAGE_MAX + 1},
        {.size = sizeof(tl_approval_query), .container_id = -1},
        {.size = sizeof(tl_approval_query), .closed_after = "2026-13-01T00:00:00Z"},
    };
    cJSON *records = NULL;
    int64_t count;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        ASSERT_FAILS(tl_soar_approvals(&records, soar, &wrong[i], &err), TL_INVALID);
        assert_null(records);
    }
    tl_approval_query query = TL_APPROVAL_QUERY_INIT;
    ASSERT_FAILS(tl_soar_approval_page(&records, &count, soar, &query, &err), TL_INVALID);
    query.size--;
    ASSERT_FAILS(tl_soar_approvals(&records, soar, &query, &err), TL_USAGE);
    tl_container_query containers = TL_CONTAINER_QUERY_INIT;
    containers.name = "\xff";
    ASSERT_FAILS(tl_soar_containers(&records, soar, &containers, &err), TL_INVALID);
    containers.size--;
    ASSERT_FAILS(tl_soar_containers(&records, soar, &containers, &err), TL_USAGE);
    assert_int_equal(count_calls(""), 0);
}

/* A list that is not what was asked for must not pass for one: a wrong first row is a wrong newest one. */
static void lists_that_break_their_promise_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        const char *says;
    } rows[] = {
        {"{'count':2,'num_pages':1,'data':[{'id':1},{'id':2}]}", "order"},
        {"{'count':2,'num_pages':1,'data':[{'id':2},{'id':2}]}", "order"},
        {"{'count':3,'num_pages':1,'data':[{'id':3},{'id':2},{'id':1}]}", "asked for"},
        {"{'count':1,'num_pages':1,'data':[{'id':3},{'id':2}]}", "count"},
        {"{'num_pages':1,'data':[]}", "count"},
        {"{'count':'2','num_pages':1,'data':[]}", "count"},
        {"{'count':-1,'num_pages':1,'data':[]}", "count"},
        {"{'count':1,'num_pages':1,'data':[{'id':'3'}]}", "id"},
        {"{'count':1,'num_pages':1,'data':[null]}", "id"},
        {"{'count':1,'num_pages':1,'data':{}}", "data"},
        {"{'count':1,'num_pages':null,'data':[]}", "num_pages"},
        {"{'failed':1,'message':'no'}", "no"},
        {"[]", "object"},
    };
    tl_approval_query query = TL_APPROVAL_QUERY_INIT;
    query.descending = true;
    query.limit = 2;
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *records = NULL;
        int64_t count = 5;
        print_message("%s\n", rows[i].body);
        reply_once("/rest/approval", 200, rows[i].body);
        ASSERT_FAILS(tl_soar_approval_page(&records, &count, soar, &query, &err), TL_PROTOCOL);
        assert_null(records);
        assert_int_equal(count, 0);
        assert_non_null(strstr(err.message, rows[i].says));
    }
}

/* Between two pages rows come and go. */
static void a_row_that_comes_again_on_the_next_page_is_taken_once(void **state)
{
    (void)state;
    control("prompts", "{'count':120}");
    tl_approval_query query = TL_APPROVAL_QUERY_INIT;
    query.descending = true;
    query.limit = 100;
    cJSON *records = NULL;
    int64_t count = 0;
    assert_ok(tl_soar_approval_page(&records, &count, soar, &query, &err), &err);
    int64_t last = integer_of(cJSON_GetArrayItem(records, 99), "id");
    cJSON_Delete(records);
    query.limit = 0;
    control("fault",
            "{'kind':'status','match':'page=1&','status':200,'body':'{\\'count\\':124,"
            "\\'num_pages\\':2,\\'data\\':[{\\'id\\':%lld},{\\'id\\':2},{\\'id\\':1}]}'}",
            (long long)last);
    assert_ok(tl_soar_approvals(&records, soar, &query, &err), &err);
    assert_int_equal(cJSON_GetArraySize(records), 102);
    assert_int_equal(integer_of(cJSON_GetArrayItem(records, 101), "id"), 1);
    cJSON_Delete(records);
}

static void containers_are_found_by_any_text(void **state)
{
    (void)state;
    static const char *const texts[] = {"plain", "a\"b\\c", "x&_filter_id=31",
                                        "\xc3\xa4 \xe2\x82\xac %22 + /"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        cJSON *body = json("{'name':'n','label':'threatlocker'}"), *made = NULL, *found = NULL;
        cJSON_AddStringToObject(body, "source_data_identifier", texts[i]);
        assert_ok(tl_soar_create_container(&made, soar, body, &err), &err);
        tl_container_query query = TL_CONTAINER_QUERY_INIT;
        query.source_data_identifier = texts[i];
        query.label = "threatlocker";
        query.name = "n";
        assert_ok(tl_soar_containers(&found, soar, &query, &err), &err);
        assert_int_equal(cJSON_GetArraySize(found), 1);
        assert_int_equal(first_id(found), integer_of(made, "id"));
        cJSON_Delete(body);
        cJSON_Delete(made);
        cJSON_Delete(found);
    }
    tl_container_query query = TL_CONTAINER_QUERY_INIT;
    cJSON *found = NULL;
    query.label = "none such";
    assert_ok(tl_soar_containers(&found, soar, &query, &err), &err);
    assert_int_equal(cJSON_GetArraySize(found), 0);
    cJSON_Delete(found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_page_tells_the_newest_and_how_many),
        TEST(ten_thousand_prompts_are_listed_quickly),
        TEST(all_pages_come_in_both_orders),
        TEST(closed_ones_are_found_by_close_time),
        TEST(those_of_a_container_are_listed_below_it),
        TEST(wrong_queries_send_nothing),
        TEST(lists_that_break_their_promise_are_refused),
        TEST(a_row_that_comes_again_on_the_next_page_is_taken_once),
        TEST(containers_are_found_by_any_text),
    };
    return cmocka_run_group_tests_name("soar lists", tests, start_sandbox, stop_sandbox);
}
