/* Listing requests: all pages of the right list, and rows as they came. */
#include "listing_case.h"

static void all_pages_of_parent_and_children_come_once(void **state)
{
    (void)state;
    static const int64_t sizes[] = {0, 7, 50, 1000};
    static walk done;
    control("seed", "{'default':true,'generate':%d}", GENERATED);
    tl_client *client = make_client(NULL);
    int expected = pending_in_reach();
    assert_true(expected > GENERATED);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        tl_request_query query = whole_tree(sizes[i]);
        control_delete("calls");
        walk_all(&done, client, &query, NULL);
        assert_ok(done.code, &done.err);
        assert_int_equal(done.count, expected);
        assert_true(done.complete);
        /* While nothing moves: each page once, and the first and the last once more. */
        int pages = sizes[i] == 0 ? (expected + 99) / 100 : (expected + (int)sizes[i] - 1) / (int)sizes[i];
        assert_int_equal(count_calls("GetByParameters"), pages == 1 ? 1 : pages + 2);
        assert_false(walked(&done, REQUEST(1099)));
        assert_true(walked(&done, REQUEST(1018)));  /* a grandchild's */
        assert_false(walked(&done, REQUEST(1009))); /* approved */
    }
    tl_client_free(client);
}

static void without_children_only_the_named_organization_is_listed(void **state)
{
    (void)state;
    static const struct {
        const char *organization;
        const char *has;
        const char *lacks;
    } rows[] = {{NULL, REQUEST(1011), REQUEST(1001)},
                {ORGANIZATION(42), REQUEST(1001), REQUEST(1011)},
                {ORGANIZATION(44), REQUEST(1018), REQUEST(1003)}};
    static walk done;
    tl_client *client = make_client(NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_request_query query = TL_REQUEST_QUERY_INIT;
        query.organization_id = rows[i].organization;
        walk_all(&done, client, &query, NULL);
        assert_ok(done.code, &done.err);
        assert_true(walked(&done, rows[i].has));
        assert_false(walked(&done, rows[i].lacks));
    }
    tl_client_free(client);
}

static void each_status_lists_its_requests_and_no_others(void **state)
{
    (void)state;
    static const struct {
        int status; /* 0 = pending */
        const char *request;
    } rows[] = {{0, REQUEST(1001)},
                {4, REQUEST(1009)},
                {10, REQUEST(1010)},
                {13, REQUEST(1012)},
                {17, REQUEST(1013)}};
    static walk done;
    tl_client *client = make_client(NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_request_query query = whole_tree(0);
        query.status_id = rows[i].status;
        walk_all(&done, client, &query, NULL);
        assert_ok(done.code, &done.err);
        for (size_t k = 0; k < COUNT(rows); k++)
            assert_int_equal(walked(&done, rows[k].request), k == i);
    }
    tl_client_free(client);
}

static void totals_come_from_the_header_where_there_is_one(void **state)
{
    (void)state;
    control("seed", "{'default':true,'generate':%d}", GENERATED);
    int expected = pending_in_reach();
    for (int told = 1; told >= 0; told--) {
        control("switch", "{'pagination':'%s'}", told ? "header" : "absent");
        tl_client *client = make_client(NULL);
        tl_request_query query = whole_tree(100);
        tl_error err = TL_ERROR_INIT;
        tl_page page;
        cJSON *rows = NULL;
        query.page_number = 2;
        assert_ok(tl_request_page(&rows, &page, client, &query, &err), &err);
        assert_int_equal(cJSON_GetArraySize(rows), 100);
        assert_int_equal(page.total_items, told ? expected : -1);
        assert_int_equal(page.current_page, told ? 2 : -1);
        cJSON_Delete(rows);
        static walk done;
        walk_all(&done, client, &query, NULL);
        assert_ok(done.code, &done.err);
        assert_int_equal(done.count, expected);
        tl_client_free(client);
    }
}

static void all_empty_forms_are_an_empty_list(void **state)
{
    (void)state;
    static const char *const forms[] = {"null", "empty", "[]"};
    static walk done;
    tl_client *client = make_client(NULL);
    for (size_t i = 0; i < COUNT(forms); i++)
        for (int told = 0; told < 2; told++) {
            control("switch", "{'empty_list':'%s','pagination':'%s'}", forms[i], told ? "header" : "absent");
            tl_request_query query = whole_tree(0);
            query.search = "no request holds this text";
            walk_all(&done, client, &query, NULL);
            assert_ok(done.code, &done.err);
            assert_int_equal(done.count, 0);
        }
    tl_client_free(client);
}

/* The next page is empty. */
static void a_last_page_that_is_full_ends_the_list(void **state)
{
    (void)state;
    static walk done;
    control("switch", "{'pagination':'absent'}");
    int expected = pending_in_reach();
    tl_client *client = make_client(NULL);
    tl_request_query query = whole_tree(expected);
    walk_all(&done, client, &query, NULL);
    assert_ok(done.code, &done.err);
    assert_int_equal(done.count, expected);
    tl_client_free(client);
}

static void rows_say_their_kind_and_the_reason_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *organization, *request, *kind;
    } rows[] = {{ORGANIZATION(42), REQUEST(1001), "application"},
                {ORGANIZATION(42), REQUEST(1004), "elevation"},
                {ORGANIZATION(42), REQUEST(1006), "storage"},
                {ORGANIZATION(43), REQUEST(1007), "storage"}};
    tl_client *client = make_client(NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_error err = TL_ERROR_INIT;
        cJSON *row = NULL;
        assert_ok(tl_request_get(&row, client, rows[i].organization, rows[i].request, &err), &err);
        assert_text(row, "requestKind", rows[i].kind);
        assert_string_equal(tl_request_kind(row), rows[i].kind);
        assert_string_not_equal(text_of(row, "requestorReasonText"), text_of(row, "requestorReason"));
        assert_null(strstr(text_of(row, "requestorReasonText"), "=="));
        cJSON_Delete(row);
    }
    tl_client_free(client);
}

static void every_filter_is_sent(void **state)
{
    (void)state;
    static const char *const types[] = {"elevate", "execute", NULL};
    tl_client *client = make_client(NULL);
    tl_request_query query = TL_REQUEST_QUERY_INIT;
    query.status_id = 10;
    query.search = "a\"b";
    query.order_by = "path";
    query.descending = true;
    query.action_types = types;
    query.request_type_id = 3;
    query.current_tier_only = true;
    query.tier_level = 2;
    query.page_number = 7;
    query.page_size = 13;
    tl_error err = TL_ERROR_INIT;
    cJSON *rows = NULL;
    assert_ok(tl_request_page(&rows, NULL, client, &query, &err), &err);
    cJSON_Delete(rows);
    cJSON *calls = calls_to("GetByParameters");
    assert_text(calls->child, "body",
                "{\"statusId\":10,\"pageNumber\":7,\"pageSize\":13,\"orderBy\":\"path\",\"isAscending\":"
                "false,\"showChildOrganizations\":false,\"showCurrentTierOnly\":true,\"searchText\":"
                "\"a\\\"b\",\"actionType\":[\"elevate\",\"execute\"],\"requestTypeId\":3,"
                "\"userApprovalTierLevel\":2}");
    cJSON_Delete(calls);
    tl_client_free(client);
}

static void rows_keep_their_numbers_and_texts(void **state)
{
    (void)state;
    tl_client *client = make_client(NULL);
    tl_error err = TL_ERROR_INIT;
    char paths[2][512];
    for (int ascii = 0; ascii < 2; ascii++) {
        control("switch", "{'escapes':'%s'}", ascii ? "ascii" : "utf8");
        cJSON *details = NULL, *row = NULL;
        assert_ok(tl_permit_details(&details, client, ORGANIZATION(42), REQUEST(1016), &err), &err);
        char *text = NULL;
        assert_ok(tl_json_print(&text, NULL, details, &err), &err);
        assert_non_null(strstr(text, ":9007199254740993"));
        free(text);
        cJSON_Delete(details);
        assert_ok(tl_request_get(&row, client, ORGANIZATION(44), REQUEST(1008), &err), &err);
        snprintf(paths[ascii], sizeof paths[ascii], "%s", text_of(row, "path"));
        cJSON_Delete(row);
    }
    bool beyond_ascii = false;
    for (const char *c = paths[0]; *c != '\0'; c++)
        beyond_ascii = beyond_ascii || (unsigned char)*c >= 0x80;
    assert_true(beyond_ascii);
    assert_string_equal(paths[0], paths[1]);
    tl_client_free(client);
}

static void wrong_queries_send_nothing(void **state)
{
    (void)state;
    tl_client *client = make_client(NULL);
    static const char *const unknown_types[] = {"execute", "exec", NULL};
    const size_t size = sizeof(tl_request_query);
    const tl_request_query wrong[] = {
        {.size = size, .page_size = 1001},      {.size = size, .page_size = -1},
        {.size = size, .page_number = -1},      {.size = size, .status_id = -4},
        {.size = size, .organization_id = "x"}, {.size = size, .search = "\xff\xfe"},
        {.size = size, .order_by = "colour"},   {.size = size, .action_types = unknown_types},
        {.size = size, .concurrency = 17},      {.size = size, .tier_level = -1},
        {.size = size, .request_type_id = -1},  {.size = 8},
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        tl_error err = TL_ERROR_INIT;
        cJSON *rows = NULL;
        assert_code(tl_request_page(&rows, NULL, client, &wrong[i], &err), &err,
                    wrong[i].size == size ? TL_INVALID : TL_USAGE);
        assert_null(rows);
    }
    assert_int_equal(count_calls(""), 0);
    tl_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(all_pages_of_parent_and_children_come_once, reset_sandbox),
        cmocka_unit_test_setup(without_children_only_the_named_organization_is_listed, reset_sandbox),
        cmocka_unit_test_setup(each_status_lists_its_requests_and_no_others, reset_sandbox),
        cmocka_unit_test_setup(totals_come_from_the_header_where_there_is_one, reset_sandbox),
        cmocka_unit_test_setup(all_empty_forms_are_an_empty_list, reset_sandbox),
        cmocka_unit_test_setup(a_last_page_that_is_full_ends_the_list, reset_sandbox),
        cmocka_unit_test_setup(rows_say_their_kind_and_the_reason_in_words, reset_sandbox),
        cmocka_unit_test_setup(every_filter_is_sent, reset_sandbox),
        cmocka_unit_test_setup(rows_keep_their_numbers_and_texts, reset_sandbox),
        cmocka_unit_test_setup(wrong_queries_send_nothing, reset_sandbox),
    };
    return cmocka_run_group_tests_name("listing", tests, start_sandbox, stop_sandbox);
}
