/* Walks through a list that moves, breaks off or comes slowly: each row once, and never half a list for a
 * whole. */
#include "listing_case.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_moving_list_gives_every_row_once, reset_sandbox),
        cmocka_unit_test_setup(an_error_midway_is_an_error_and_stays_one, reset_sandbox),
        cmocka_unit_test_setup(a_list_that_moves_without_changing_its_length_is_read_whole, reset_sandbox),
        cmocka_unit_test_setup(a_list_that_never_rests_is_not_called_complete, reset_sandbox),
        cmocka_unit_test_setup(a_slow_reader_loses_nothing, reset_sandbox),
        cmocka_unit_test_setup(pages_are_fetched_side_by_side, reset_sandbox),
    };
    return cmocka_run_group_tests_name("listing_walks", tests, start_sandbox, stop_sandbox);
}
