/* Listing requests: all pages of a list that may move, each row once. */
#include <strings.h>

#include "harness.h"

enum { GENERATED = 420, MAX_LISTED = 1000 };

/* What a walk gave. */
typedef struct walk {
    tl_code code;
    tl_error err;
    char ids[MAX_LISTED][40];
    int count;
    bool complete;
} walk;

static bool walked(const walk *done, const char *id)
{
    for (int i = 0; i < done->count; i++)
        if (strcasecmp(done->ids[i], id) == 0)
            return true;
    return false;
}

/* Walks to the end or the first error. Twice the same row fails the test. `after` is called with each count.
 */
static void walk_all(walk *done, tl_client *client, const tl_request_query *query, void (*after)(int count))
{
    tl_requests *requests = NULL;
    *done = (walk){.err = TL_ERROR_INIT};
    assert_ok(tl_requests_open(&requests, client, query, &done->err), &done->err);
    for (cJSON *row = NULL;;) {
        done->code = tl_requests_next(&row, requests, &done->err);
        if (done->code != TL_OK || row == NULL)
            break;
        assert_false(tl_requests_complete(requests));
        const char *id = text_of(row, "approvalRequestId");
        if (walked(done, id))
            fail_msg("%s came twice", id);
        assert_true(done->count < MAX_LISTED);
        snprintf(done->ids[done->count++], 40, "%s", id);
        cJSON_Delete(row);
        if (after != NULL)
            after(done->count);
    }
    /* The end, or the error, stays. */
    cJSON *row = NULL;
    tl_error again = TL_ERROR_INIT;
    assert_int_equal(tl_requests_next(&row, requests, &again), done->code);
    assert_null(row);
    done->complete = tl_requests_complete(requests);
    assert_true(done->code == TL_OK || !done->complete);
    tl_requests_close(requests);
}

/* Those with that status as the sandbox knows them; 1099 is out of reach. */
static int pending_in_reach(void)
{
    cJSON *state = control_get("state");
    const cJSON *request;
    int count = 0;
    cJSON_ArrayForEach (request, cJSON_GetObjectItemCaseSensitive(state, "requests"))
        count += integer_of(request, "statusId") == 1 &&
                 strcmp(text_of(request, "organizationId"), ORGANIZATION(99)) != 0;
    cJSON_Delete(state);
    return count;
}

static tl_request_query whole_tree(int64_t page_size)
{
    tl_request_query query = TL_REQUEST_QUERY_INIT;
    query.children = true;
    query.page_size = page_size;
    return query;
}

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
        /* A list that rests: each page once, and the first and the last one more. */
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

/* The list moves while it is walked: a row of a page already read is actioned, which pulls the others up. */
static void a_moving_list_gives_every_row_once(void **state)
{
    (void)state;
    static const char *const paginations[] = {"header", "absent"};
    static const bool orders[] = {false, true};
    static walk before, done;
    for (size_t p = 0; p < COUNT(paginations); p++)
        for (size_t o = 0; o < COUNT(orders); o++) {
            control("reset", "{}");
            control("seed", "{'default':true,'generate':%d}", 60);
            control("switch", "{'pagination':'%s'}", paginations[p]);
            tl_client *client = make_client(NULL);
            tl_request_query query = whole_tree(20);
            query.descending = orders[o];
            walk_all(&before, client, &query, NULL);
            assert_ok(before.code, &before.err);
            /* The first and the fourth row go away right before the second and the third page are served. */
            control("fault",
                    "{'kind':'change','match':'GetByParameters','after':1,'approvalRequestId':'%s',"
                    "'set':{'statusId':4}}",
                    before.ids[0]);
            control("fault",
                    "{'kind':'change','match':'GetByParameters','after':2,'approvalRequestId':'%s',"
                    "'set':{'statusId':10}}",
                    before.ids[3]);
            walk_all(&done, client, &query, NULL);
            assert_ok(done.code, &done.err);
            /* Those two may be gone before their page is read: pages come side by side. */
            for (int i = 0; i < before.count; i++)
                if (i != 0 && i != 3 && !walked(&done, before.ids[i]))
                    fail_msg("%s is missing (%s, %s)", before.ids[i], paginations[p],
                             orders[o] ? "descending" : "ascending");
            tl_client_free(client);
        }
}

static tl_client *cancelled_midway;

static void cancel_at_thirty(int count)
{
    if (count == 30)
        tl_client_cancel(cancelled_midway);
}

/* A list that ends early must never look complete. */
static void an_error_midway_is_an_error_and_stays_one(void **state)
{
    (void)state;
    static const struct {
        const char *fault;
        tl_code code;
    } rows[] = {
        {"'kind':'status','status':500", TL_SERVER},
        {"'kind':'status','status':440", TL_TOKEN},
        {"'kind':'garbage'", TL_PROTOCOL},
        {"'kind':'garbage','body':'[{\\'approvalRequestId\\':null}]','content_type':'application/json'",
         TL_PROTOCOL},
        {"'kind':'garbage','body':'[[]]','content_type':'application/json'", TL_PROTOCOL},
        {"'kind':'garbage','body':'{}','content_type':'application/json'", TL_PROTOCOL},
        {"'kind':'garbage','body':'[{\\'approvalRequestId\\':','content_type':'application/json'",
         TL_PROTOCOL},
        {"'kind':'truncate'", TL_NETWORK}};
    static walk done;
    /* One by one first: a page that is still on its way when a walk ends could count for the next fault. */
    for (size_t i = 0; i < COUNT(rows) * 2; i++) {
        const char *fault = rows[i % COUNT(rows)].fault;
        int concurrency = i < COUNT(rows) ? 1 : 4;
        control("reset", "{}");
        control("seed", "{'default':true,'generate':60}");
        tl_client_options options = client_options();
        options.connection.retries = -1;
        tl_client *client = make_client(&options);
        tl_request_query query = whole_tree(20);
        query.concurrency = concurrency;
        /* The first page, a look at the last one, then the first two again. */
        control("fault", "{%s,'match':'GetByParameters','after':4,'times':-1}", fault);
        print_message("%s\n", fault);
        walk_all(&done, client, &query, NULL);
        assert_code(done.code, &done.err, rows[i % COUNT(rows)].code);
        /* Of pages that are on their way together, any may be the one that fails. */
        bool whole_pages = done.count % 20 == 0 && done.count <= 40;
        if (!(concurrency == 1 ? done.count == 40 : whole_pages))
            fail_msg("concurrency %d gave %d rows", concurrency, done.count);
        tl_client_free(client);
    }
    control("reset", "{}");
    control("seed", "{'default':true,'generate':60}");
    cancelled_midway = make_client(NULL);
    tl_request_query query = whole_tree(20);
    walk_all(&done, cancelled_midway, &query, cancel_at_thirty);
    assert_code(done.code, &done.err, TL_CANCELLED);
    assert_int_equal(done.count, 40); /* what was fetched before is still given */
    tl_client_free(cancelled_midway);
}

/* A row of the first page leaves while another one comes in at the end: the total stays the same. */
static void a_list_that_moves_without_changing_its_length_is_read_whole(void **state)
{
    (void)state;
    static walk before, done;
    for (int concurrency = 1; concurrency <= 4; concurrency += 3) {
        control("reset", "{}");
        control("seed", "{'default':true,'generate':60}");
        control("request", "{'approvalRequestId':'%s','set':{'statusId':4}}",
                "0e000000-0000-4000-9000-00000000003c");
        tl_client *client = make_client(NULL);
        tl_request_query query = whole_tree(20);
        query.concurrency = concurrency;
        walk_all(&before, client, &query, NULL);
        assert_true(before.complete);
        /* Between the first and the second page the oldest goes and another comes back at the end. */
        control("fault",
                "{'kind':'change','match':'GetByParameters','after':1,'approvalRequestId':'%s',"
                "'set':{'statusId':4}}",
                before.ids[0]);
        control("fault",
                "{'kind':'change','match':'GetByParameters','after':1,'approvalRequestId':'%s',"
                "'set':{'statusId':1}}",
                "0e000000-0000-4000-9000-00000000003c");
        walk_all(&done, client, &query, NULL);
        assert_ok(done.code, &done.err);
        assert_true(done.complete);
        for (int i = 0; i < before.count; i++)
            if (!walked(&done, before.ids[i]))
                fail_msg("%s is missing (concurrency %d)", before.ids[i], concurrency);
        tl_client_free(client);
    }
}

/* In each walk a request is made while the list is read: each walk brings a new row. */
static void a_list_that_never_rests_is_not_called_complete(void **state)
{
    (void)state;
    static const char *const late[] = {"0e000000-0000-4000-9000-00000000003a",
                                       "0e000000-0000-4000-9000-00000000003b",
                                       "0e000000-0000-4000-9000-00000000003c"};
    static walk before, done;
    control("seed", "{'default':true,'generate':60}");
    for (size_t i = 0; i < COUNT(late); i++)
        control("request", "{'approvalRequestId':'%s','set':{'statusId':4}}", late[i]);
    tl_client *client = make_client(NULL);
    tl_request_query query = whole_tree(20);
    query.concurrency = 1;
    walk_all(&before, client, &query, NULL);
    assert_true(before.complete);
    int pages = (before.count + 19) / 20;
    for (size_t i = 0; i < COUNT(late); i++)
        control("fault",
                "{'kind':'change','match':'GetByParameters','after':%d,'approvalRequestId':'%s',"
                "'set':{'statusId':1}}",
                (int)i * pages + 3, late[i]);
    walk_all(&done, client, &query, NULL);
    assert_ok(done.code, &done.err);
    assert_int_equal(done.count, before.count + (int)COUNT(late));
    assert_false(done.complete);
    tl_client_free(client);
}

static void sleep_at_twenty(int count)
{
    if (count == 20)
        sleep_ms(2000);
}

/* A reader that takes its time: what was on its way meanwhile counts as nobody's failure. */
static void a_slow_reader_loses_nothing(void **state)
{
    (void)state;
    static walk done;
    control("seed", "{'default':true,'generate':%d}", 100);
    int expected = pending_in_reach();
    tl_client_options options = client_options();
    options.connection.timeout_ms = 1500;
    options.connection.retries = -1;
    tl_client *client = make_client(&options);
    tl_request_query query = whole_tree(20);
    control("fault", "{'kind':'delay','match':'GetByParameters','after':2,'times':2,'ms':500}");
    walk_all(&done, client, &query, sleep_at_twenty);
    assert_ok(done.code, &done.err);
    assert_int_equal(done.count, expected);
    assert_true(done.complete);
    tl_client_free(client);
}

static int connections_used(void)
{
    cJSON *calls = calls_to("GetByParameters");
    const cJSON *call, *before;
    int count = 0;
    cJSON_ArrayForEach (call, calls) {
        bool seen = false;
        for (before = calls->child; before != call && !seen; before = before->next)
            seen = integer_of(before, "connection") == integer_of(call, "connection");
        count += !seen;
    }
    cJSON_Delete(calls);
    return count;
}

static void pages_are_fetched_side_by_side(void **state)
{
    (void)state;
    static const struct {
        int concurrency;
        int connections;
    } rows[] = {{1, 1}, {0, 4}, {8, 8}};
    static walk done;
    control("seed", "{'default':true,'generate':%d}", GENERATED);
    int expected = pending_in_reach();
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_client *client = make_client(NULL);
        tl_request_query query = whole_tree(20);
        query.concurrency = rows[i].concurrency;
        control("fault", "{'kind':'delay','match':'GetByParameters','times':-1,'ms':20}");
        control_delete("calls");
        walk_all(&done, client, &query, NULL);
        assert_ok(done.code, &done.err);
        assert_int_equal(done.count, expected);
        /* A connection may be opened right before another one becomes free. */
        assert_in_range(connections_used(), rows[i].connections, rows[i].connections * 3 / 2);
        control_delete("fault");
        tl_client_free(client);
    }
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

static void matching_applications_are_found_from_the_details(void **state)
{
    (void)state;
    static const struct {
        const char *request, *organization;
        int count;
        const char *first;
    } rows[] = {{REQUEST(1001), ORGANIZATION(42), 2, APPLICATION(101)},
                {REQUEST(1002), ORGANIZATION(42), 3, APPLICATION(111)},
                {REQUEST(1003), ORGANIZATION(43), 0, NULL},
                {REQUEST(1014), ORGANIZATION(42), 1, APPLICATION(121)},
                {REQUEST(1012), ORGANIZATION(43), 1, APPLICATION(301)}};
    static const char *const empties[] = {"[]", "null"};
    tl_client *client = make_client(NULL);
    for (size_t e = 0; e < COUNT(empties); e++)
        for (size_t i = 0; i < COUNT(rows); i++) {
            control("switch", "{'no_match':'%s'}", empties[e]);
            tl_error err = TL_ERROR_INIT;
            cJSON *details = NULL, *matches = NULL;
            assert_ok(tl_permit_details(&details, client, rows[i].organization, rows[i].request, &err), &err);
            assert_ok(tl_matching_applications(&matches, client, NULL, details, &err), &err);
            assert_int_equal(cJSON_GetArraySize(matches), rows[i].count);
            if (rows[i].first != NULL)
                assert_text(matches->child, "applicationId", rows[i].first);
            cJSON_Delete(details);
            cJSON_Delete(matches);
        }
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
        cmocka_unit_test_setup(a_moving_list_gives_every_row_once, reset_sandbox),
        cmocka_unit_test_setup(an_error_midway_is_an_error_and_stays_one, reset_sandbox),
        cmocka_unit_test_setup(a_list_that_moves_without_changing_its_length_is_read_whole, reset_sandbox),
        cmocka_unit_test_setup(a_list_that_never_rests_is_not_called_complete, reset_sandbox),
        cmocka_unit_test_setup(a_slow_reader_loses_nothing, reset_sandbox),
        cmocka_unit_test_setup(pages_are_fetched_side_by_side, reset_sandbox),
        cmocka_unit_test_setup(rows_say_their_kind_and_the_reason_in_words, reset_sandbox),
        cmocka_unit_test_setup(every_filter_is_sent, reset_sandbox),
        cmocka_unit_test_setup(rows_keep_their_numbers_and_texts, reset_sandbox),
        cmocka_unit_test_setup(matching_applications_are_found_from_the_details, reset_sandbox),
        cmocka_unit_test_setup(wrong_queries_send_nothing, reset_sandbox),
    };
    return cmocka_run_group_tests_name("listing", tests, start_sandbox, stop_sandbox);
}
