/* Memory runs out anywhere between an answered prompt and its verified act: no crash, no leak (a sanitizer
 * watches), a ledger that is whole, and in the end each answer acted on exactly once. */
#include <sqlite3.h>

#include "crash_driver.h"
#include "shortage.h"

#define MATCHING "{'application':'matching','application_id':'" APPLICATION(203) "','scope':'computer'}"

static const struct subject {
    const char *request, *organization, *choice, *word, *write;
} subjects[] = {
    {REQUEST(1017), ORGANIZATION(42), MATCHING, "Permit", "permit"},
    {REQUEST(1003), ORGANIZATION(43), NEW_FOR_COMPUTER, "Permit", "permit"},
    {REQUEST(1011), ORGANIZATION(10), NEW_FOR_COMPUTER, "Reject", "reject"},
};

enum { SUBJECTS = COUNT(subjects), LINES = 128, PATIENCE_MS = 60 * 1000 };

/* Those that the chain works on: all side by side, or one alone. */
static size_t first_subject, last_subject = SUBJECTS - 1;

/* A chain between the answers and their outcomes. */
typedef struct job {
    bench at;
    bool lasts;
    bool restarts; /* a failing call ends its process; the next one goes on with the ledger */
    bool heard[LINES];
    tl_step last;
} job;

typedef struct figures {
    long allocations, rounds, failed, errors, restarts, doubled, lost, left, wrong;
} figures;

/* ---- the job ---- */

/* Sealed once: the requests are the same in each round. */
static void ask_all(void)
{
    static char *messages[SUBJECTS];
    for (size_t i = first_subject; i <= last_subject; i++) {
        const struct subject *one = &subjects[i];
        if (messages[i] == NULL) {
            tl_client *client = make_client(NULL);
            cJSON *prepared = prepare(client, "chain:" CHAIN, one->organization, one->request, one->choice);
            messages[i] = strdup(text_of(prepared, "message"));
            cJSON_Delete(prepared);
            tl_client_free(client);
        }
        answer(ask(one->request, messages[i], NULL), one->word);
    }
}

/* Notes that line of the ledger's history: "event":"<the ledger's id, which has a dash>:<line>". */
static void hear(void *data, const char *line)
{
    job *self = data;
    const char *number = strchr(strstr(line, "\"event\":"), '-');
    number = strchr(number, ':') + 1;
    long id = strtol(number, NULL, 10);
    assert_true(id > 0 && id < LINES);
    self->heard[id] = true;
}

static tl_code open_all(job *self, tl_error *err)
{
    tl_client_options client = client_options();
    tl_soar_options soar = soar_options();
    client.settle_time_ms = SETTLE_MS;
    client.connection.timeout_ms = soar.connection.timeout_ms = CALL_MS;
    tl_code code = self->at.client != NULL ? TL_OK : tl_client_new(&self->at.client, &client, err);
    if (code == TL_OK && self->at.soar == NULL)
        code = tl_soar_new(&self->at.soar, &soar, err);
    if (code != TL_OK)
        return code;
    tl_chain_options options = chain_options(&self->at);
    options.since = "2020-01-01T00:00:00Z";
    options.claims = true;
    options.claim_lease_s = LEASE_S;
    options.event = hear;
    options.event_data = self;
    return tl_chain_new(&self->at.chain, &options, err);
}

/* One call, under the plan. */
static tl_code go_on(job *self, tl_error *err)
{
    *err = (tl_error)TL_ERROR_INIT;
    self->last = (tl_step){.watched = SUBJECTS};
    shortage_begin();
    tl_code code =
        self->at.chain == NULL ? open_all(self, err) : tl_chain_step(&self->last, self->at.chain, err);
    shortage_end();
    self->last.watched += code != TL_OK;
    return code;
}

/* ---- what must hold ---- */

/* SQLite's own opinion. False where there is no ledger in the file yet. */
static bool is_whole(const char *path)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    bool made = false;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK) {
        assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &statement, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
        assert_string_equal((const char *)sqlite3_column_text(statement, 0), "ok");
        sqlite3_finalize(statement);
        assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &statement, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
        made = sqlite3_column_int(statement, 0) > 0;
        sqlite3_finalize(statement);
    }
    sqlite3_close(db);
    return made;
}

/* The ledger as a later process finds it; NULL where there is none yet. The caller's. */
static cJSON *read_ledger(const job *self)
{
    cJSON *lines = NULL;
    tl_error err = TL_ERROR_INIT;
    if (!is_whole(self->at.ledger))
        return NULL;
    assert_ok(tl_chain_history_of(&lines, self->at.ledger, NULL, &err), &err);
    return lines;
}

static const char *state_of_request(const cJSON *lines, const char *request, const char **out_message)
{
    const cJSON *line;
    const char *state = "";
    cJSON_ArrayForEach (line, lines)
        if (strcmp(text_of(line, "request_id"), request) == 0) {
            state = text_of(line, "state");
            *out_message = text_of(line, "message");
        }
    return state;
}

/* How often a write was applied to a request; NULL = all kinds together. */
static int times_written(const cJSON *state, const char *request_id, const char *write)
{
    const cJSON *request, *one;
    int times = 0;
    cJSON_ArrayForEach (request, cJSON_GetObjectItemCaseSensitive(state, "requests"))
        if (strcmp(text_of(request, "approvalRequestId"), request_id) == 0)
            cJSON_ArrayForEach (one, cJSON_GetObjectItemCaseSensitive(request, "writes"))
                times += write == NULL || strcmp(one->string, write) == 0 ? (int)one->valuedouble : 0;
    return times;
}

/* Every answer was acted on once, as it said, and the ledger knows. */
static void check_writes_of_round(const job *self, const cJSON *lines, long failing, figures *sum)
{
    cJSON *state = control_get("state");
    int all = 0, wanted = 0;
    for (size_t i = first_subject; i <= last_subject; i++) {
        const struct subject *one = &subjects[i];
        const char *message = "", *ended = state_of_request(lines, one->request, &message);
        int times = times_written(state, one->request, one->write);
        sum->doubled += times > 1;
        sum->lost += times == 0 && strcmp(ended, "unknown") != 0;
        sum->left += times == 0 && strcmp(ended, "unknown") == 0;
        wanted += times;
        if (times == 1 && strcmp(ended, state_of_word(one->word)) == 0)
            continue;
        sum->wrong++;
        print_error("allocation %ld%s%s: %s applied %d times, in the ledger it is \"%s\": %s\n", failing,
                    self->lasts ? " and all after it" : "", self->restarts ? ", restarted" : "", one->write,
                    times, ended, message);
    }
    for (size_t i = first_subject; i <= last_subject; i++)
        all += times_written(state, subjects[i].request, NULL);
    assert_int_equal(all, wanted); /* and nothing else happened to them */
    cJSON_Delete(state);
}

static void check_end(job *self, long failing, figures *sum)
{
    bench_close(&self->at);
    cJSON *lines = read_ledger(self);
    const cJSON *line;
    cJSON_ArrayForEach (line, lines)
        if (strcmp(text_of(line, "state"), "foreign") != 0 && !self->heard[integer_of(line, "id")])
            fail_msg("allocation %ld: nobody heard of line %lld", failing, (long long)integer_of(line, "id"));
    check_writes_of_round(self, lines, failing, sum);
    cJSON_Delete(lines);
}

/* ---- rounds ---- */

/* The call failed for want of memory. Its process goes on, or the next one does. */
static void recover(job *self, tl_code code, const tl_error *err, long failing, figures *sum)
{
    if (code != TL_MEMORY && !err->retriable) {
        sum->wrong++;
        print_error("allocation %ld: %s: %s\n", failing, tl_code_name(code), err->message);
    }
    sum->errors++;
    if (!self->restarts)
        return;
    bench_close(&self->at);
    cJSON_Delete(read_ledger(self));
    sum->restarts++;
}

static void run_round(long failing, bool lasts, bool restarts, figures *sum)
{
    job self = {.at = bench_new(), .lasts = lasts, .restarts = restarts};
    control("reset", "{}");
    allow_second_writes();
    ask_all();
    shortage_plan(failing, lasts);
    int64_t until_ms = now_ms() + PATIENCE_MS;
    do {
        tl_error err;
        tl_code code = go_on(&self, &err);
        if (code != TL_OK)
            recover(&self, code, &err, failing, sum);
        if (now_ms() > until_ms)
            fail_msg("allocation %ld: the chain does not come to its end", failing);
    } while (self.at.chain == NULL || self.last.watched + self.last.sending > 0);
    sum->rounds++;
    sum->failed += shortage_failed();
    check_end(&self, failing, sum);
    bench_free(&self.at);
}

static void run_rounds(const char *about, bool lasts, long rounds)
{
    figures sum = {0};
    run_round(-1, lasts, false, &sum);
    sum.allocations = shortage_count();
    assert_int_equal(sum.errors, 0);
    for (long n = 0; n < sum.allocations; n = shortage_next(n, sum.allocations, rounds))
        run_round(n, lasts, sum.rounds % 2 == 1, &sum);
    print_message("%s: %ld allocations, %ld rounds, %ld failed, %ld calls failed by that, %ld restarts; "
                  "double %ld, lost %ld, left to a person %ld\n",
                  about, sum.allocations, sum.rounds, sum.failed, sum.errors, sum.restarts, sum.doubled,
                  sum.lost, sum.left);
    assert_int_equal(sum.wrong + sum.doubled + sum.lost + sum.left, 0);
    assert_true(sum.failed > 0 && sum.failed >= sum.rounds / 2);
}

enum { FEW = 60, MANY = 600 };

static void three_side_by_side(void **state)
{
    (void)state;
    run_rounds("side by side, one fails", false, is_long_run() ? MANY : FEW);
    run_rounds("side by side, all fail from then on", true, is_long_run() ? MANY : FEW);
}

/* Every single allocation in turn, where there is time. */
static void one_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < SUBJECTS; i += 2) {
        first_subject = last_subject = i;
        print_message("%s alone:\n", subjects[i].word);
        run_rounds("  one fails", false, is_long_run() ? SHORTAGE_ALL : FEW / 3);
        run_rounds("  all fail from then on", true, is_long_run() ? MANY : FEW / 3);
    }
    first_subject = 0;
    last_subject = SUBJECTS - 1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_side_by_side),
        cmocka_unit_test(one_alone),
    };
    return cmocka_run_group_tests_name("memory_chain", tests, start_sandbox, stop_sandbox);
}
