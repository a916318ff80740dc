/* Every class of call under every fault. */
#include <pthread.h>
#include <unistd.h>

#include "stranger.h"
#include "table.h"

enum { THREADS = 32, GENERATED = 4000 };

static cell *cells;
static size_t cell_count;
static tl_request_ref *pool; /* open application requests, those of one organization side by side */
static int *places;          /* of each in the sandbox's state */
static size_t pool_size, pool_used;
static cJSON *start_state; /* holds the texts of the pool */
static char *folder, ca_file[600];

/* ---- the world ---- */

static const cJSON *member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static void fill_pool(void)
{
    static const char *const homes[] = {ORGANIZATION(10), ORGANIZATION(42), ORGANIZATION(43),
                                        ORGANIZATION(44)};
    start_state = control_get("state");
    pool = calloc(GENERATED, sizeof *pool);
    places = calloc(GENERATED, sizeof *places);
    assert_non_null(pool);
    assert_non_null(places);
    for (size_t i = 0; i < COUNT(homes); i++) {
        const cJSON *request;
        int place = 0;
        cJSON_ArrayForEach (request, member(start_state, "requests")) {
            const char *id = text_of(request, "approvalRequestId"),
                       *home = text_of(request, "organizationId");
            if (strcmp(home, homes[i]) == 0 && strcmp(text_of(request, "kind"), "execute") == 0 &&
                strncmp(id, "0e000000-0000-4000-9", 20) == 0) {
                places[pool_size] = place;
                pool[pool_size++] = (tl_request_ref){home, id};
            }
            place++;
        }
    }
}

/* `count` requests (0 to 2) that nobody else takes, of one organization. */
static const tl_request_ref *take_requests(int count)
{
    while (count == 2 && pool_used + 1 < pool_size &&
           strcmp(pool[pool_used].organization_id, pool[pool_used + 1].organization_id) != 0)
        pool_used++;
    pool_used += (size_t)count;
    assert_true(pool_used <= pool_size);
    return &pool[pool_used - (size_t)count];
}

static int port_of(const char *url)
{
    const char *colon = strrchr(url, ':');
    assert_non_null(colon);
    return atoi(colon + 1);
}

static void make_lists(void)
{
    for (int i = 0; i < LISTED; i++)
        control("request", "{'approvalRequestId':'%s','set':{'statusId':%d}}", take_requests(1)->request_id,
                LISTED_STATUS);
    cJSON *first = json("{'count':1}"), *made = control_send("prompt", first);
    around.container = integer_of(made, "container");
    control("prompts", "{'count':%d,'container':%lld}", LISTED_PROMPTS - 1, (long long)around.container);
    cJSON_Delete(first);
    cJSON_Delete(made);
}

static int make_world(void **state)
{
    start_sandbox(state);
    folder = make_directory();
    snprintf(ca_file, sizeof ca_file, "%s/ca.pem", folder);
    make_certificates(ca_file);
    control("seed", "{'default':true,'generate':%d}", GENERATED);
    tl_client_options options = client_options();
    around = (world){.sandbox_port = port_of(served.soar),
                     .stranger_port = stranger_start(),
                     .ca_file = ca_file,
                     .folder = folder,
                     .direct = make_client(&options)};
    fill_pool();
    make_lists();
    return 0;
}

static int end_world(void **state)
{
    for (size_t i = 0; i < cell_count; i++)
        cJSON_Delete(cells[i].details);
    free(cells);
    free(pool);
    free(places);
    cJSON_Delete(start_state);
    tl_client_free(around.direct);
    stranger_stop();
    free_certificates();
    remove_directory(folder);
    return stop_sandbox(state);
}

/* ---- running ---- */

static void make_cells(void)
{
    cells = calloc(class_count * fault_count, sizeof *cells);
    assert_non_null(cells);
    for (size_t f = 0; f < fault_count; f++)
        for (size_t c = 0; c < class_count; c++) {
            cell *at = &cells[cell_count++];
            at->fault = &faults[f];
            at->class = &classes[c];
            at->requests = take_requests(classes[c].requests);
            snprintf(at->name, sizeof at->name, "%s-%s", faults[f].name, classes[c].name);
            if (classes[c].prepare != NULL)
                classes[c].prepare(at);
        }
}

static atomic_size_t next_cell;

/* Class by class, so that the faults that cost most do not come all at once. */
static void *run_cells(void *unused)
{
    for (size_t i; (i = atomic_fetch_add(&next_cell, 1)) < cell_count;)
        cell_run(&cells[i % fault_count * class_count + i / fault_count]);
    return unused;
}

static void run_all(void)
{
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, run_cells, NULL), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

/* ---- judging ---- */

static int count_named(const cJSON *list, const char *name_member, const char *name)
{
    const cJSON *item;
    int count = 0;
    cJSON_ArrayForEach (item, list)
        count += strcmp(text_of(item, name_member), name) == 0;
    return count;
}

/* The requests of the state, to be found by their places. */
static const cJSON **requests_of(const cJSON *state)
{
    const cJSON *request, *requests = member(state, "requests");
    const cJSON **all = calloc((size_t)cJSON_GetArraySize(requests), sizeof *all);
    size_t count = 0;
    assert_non_null(all);
    cJSON_ArrayForEach (request, requests)
        all[count++] = request;
    return all;
}

static int times_done(cell *at, const cJSON *state, const cJSON *const requests[])
{
    const char *counted = at->class->counted;
    if (strcmp(counted, "note") == 0)
        return count_named(member(state, "notes"), "title", at->name);
    if (strcmp(counted, "container") == 0)
        return count_named(member(state, "containers"), "source_data_identifier", at->name);
    int done[2] = {0, 0};
    for (int i = 0; i < at->class->requests; i++) {
        const cJSON *request = requests[places[at->requests - pool + i]];
        assert_text(request, "approvalRequestId", at->requests[i].request_id);
        done[i] = (int)integer_of(member(request, "writes"), counted);
    }
    if (at->class->requests == 2 && done[0] != done[1])
        cell_blame(at, "applied %d times to the first and %d times to the second", done[0], done[1]);
    return done[0];
}

static bool is_double(const cell *at)
{
    return at->got.done > 1 || (at->got.seen > 1 && !at->class->repeatable);
}

/* What was told is not what happened. */
static bool is_lost(const cell *at)
{
    return (at->got.done > 0 && strcmp(at->got.applied, "no") == 0) ||
           (at->got.done == 0 && (strcmp(at->got.applied, "yes") == 0 || strcmp(at->got.code, "ok") == 0));
}

typedef struct figures {
    int attempted, seen, passed_on, doubles, lost, wrong;
    int64_t slowest_ms;
} figures;

static figures judge_all(void)
{
    figures all = {0};
    cJSON *state = control_get("state");
    const cJSON **requests = requests_of(state);
    for (size_t i = 0; i < cell_count; i++) {
        cell *at = &cells[i];
        if (at->class->counted != NULL) {
            at->got.done = times_done(at, state, requests);
            all.attempted++;
            all.seen += at->got.seen;
            all.doubles += is_double(at);
            all.lost += is_lost(at);
        }
        all.passed_on += at->relay.passed_on;
        all.slowest_ms = at->elapsed_ms > all.slowest_ms ? at->elapsed_ms : all.slowest_ms;
        if (at->wrong[0] == '\0')
            continue;
        all.wrong++;
        print_error("%s, %s: %s\n", at->fault->name, at->class->name, at->wrong);
    }
    free(requests);
    cJSON_Delete(state);
    return all;
}

static int writes_of_sandbox(void)
{
    static const char *const ends[] = {"/portalapi/ApprovalRequest/ApprovalRequestPermitApplication",
                                       "/portalapi/ApprovalRequest/ApprovalRequestUpdateForReject",
                                       "/portalapi/ApprovalRequest/ApprovalRequestUpdateForTakeOwnership",
                                       "/rest/container", "/rest/note"};
    int count = 0;
    for (size_t i = 0; i < COUNT(ends); i++) {
        char call[200];
        snprintf(call, sizeof call, "calls?match=%s", ends[i]);
        cJSON *calls = control_get(call), *one;
        cJSON_ArrayForEach (one, calls)
            count +=
                strcmp(text_of(one, "path"), ends[i]) == 0 && strcmp(text_of(one, "method"), "POST") == 0;
        cJSON_Delete(calls);
    }
    return count;
}

/* ---- tests ---- */

static bool updating(void)
{
    return getenv("TL_UPDATE_FAULTS") != NULL;
}

static void a_visit_to_another_host_is_noticed(void **state)
{
    (void)state;
    peer visitor;
    assert_true(peer_connect(&visitor, around.stranger_port));
    for (int tries = 0; stranger_visits() == 0 && tries < 200; tries++)
        sleep_ms(10);
    peer_close(&visitor);
    assert_int_equal(stranger_visits(), 1);
}

static void a_double_or_lost_write_is_noticed(void **state)
{
    static const call_class once = {.name = "once", .counted = "permit"};
    static const call_class repeatable = {.name = "repeatable", .counted = "container", .repeatable = true};
    static const struct {
        const call_class *class;
        result got;
        bool doubled, lost;
    } cases[] = {
        {&once, {"ok", "yes", "permitted", 1, 1}, false, false},
        {&once, {"ok", "yes", "permitted", 2, 2}, true, false},
        {&once, {"ok", "yes", "permitted", 2, 1}, true, false},
        {&repeatable, {"ok", "yes", "exists", 2, 1}, false, false},
        {&repeatable, {"ok", "yes", "exists", 2, 2}, true, false},
        {&once, {"unknown_outcome", "unknown", "unknown", 1, 1}, false, false},
        {&once, {"network", "no", "refused", 1, 1}, false, true},
        {&once, {"unknown_outcome", "yes", "unknown", 1, 0}, false, true},
        {&once, {"ok", "unknown", "permitted", 1, 0}, false, true},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        cell at = {.class = cases[i].class, .got = cases[i].got};
        assert_int_equal(is_double(&at), cases[i].doubled);
        assert_int_equal(is_lost(&at), cases[i].lost);
    }
}

static void every_call_under_every_fault_is_told_truly(void **state)
{
    (void)state;
    int visits_before = stranger_visits();
    make_cells();
    control_delete("calls");
    int64_t started_ms = now_ms();
    run_all();
    int64_t took_ms = now_ms() - started_ms;
    figures all = judge_all();
    int differ = table_compare(EXPECTED, cells, cell_count, updating());
    print_message(
        "faults tried %zu, cells %zu, writes attempted %d, double %d, lost %d, slowest call %lld ms, "
        "all in %lld ms\n",
        fault_count, cell_count, all.attempted, all.doubles, all.lost, (long long)all.slowest_ms,
        (long long)took_ms);
    assert_int_equal(all.doubles, 0);
    assert_int_equal(all.lost, 0);
    assert_int_equal(all.wrong, 0);
    assert_int_equal(stranger_visits(), visits_before);
    assert_int_equal(writes_of_sandbox(), all.passed_on);
    assert_int_equal(differ, 0);
}

static void the_readme_tells_the_same(void **state)
{
    (void)state;
    assert_true(summary_compare(README, cells, cell_count, updating()));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_visit_to_another_host_is_noticed),
        cmocka_unit_test(a_double_or_lost_write_is_noticed),
        cmocka_unit_test(every_call_under_every_fault_is_told_truly),
        cmocka_unit_test(the_readme_tells_the_same),
    };
    return cmocka_run_group_tests_name("faults", tests, make_world, end_world);
}
