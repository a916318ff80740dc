/* Tasks side by side that write to the ledger: one transaction for all who wait, and nobody goes on before it
 * is on disk. */
#include "chain/engine.h"
#include "chain/ledger_store.h"
#include "ledger_case.h"

enum { WIDTH = 8, TASKS = 20 };

/* A chain of nothing but its ledger, and what its tasks saw. */
typedef struct work {
    tl_chain chain;
    int commits, heard;
    bool refuse; /* the next commit */
    tl_code codes[TASKS];
    tl_error errors[TASKS];
    bool found[TASKS]; /* in the ledger, when the task went on */
    int commits_before[TASKS];
} work;

static int on_commit(void *data)
{
    work *self = data;
    bool refused = self->refuse;
    self->refuse = false;
    self->commits += !refused;
    return refused;
}

static void hear(void *data, const char *line)
{
    work *self = data;
    (void)line;
    assert_true(sqlite3_get_autocommit(self->chain.ledger->db));
    self->heard++;
}

static void start(work *self, const folder *in)
{
    *self = (work){.heard = 0};
    self->chain.options.event = hear;
    self->chain.options.event_data = self;
    self->chain.ledger = open_ledger(in);
    tl_ledger_overview overview = summary_of(self->chain.ledger);
    assert_int_equal(tl_chain_open_events(&self->chain, &overview, NULL), TL_OK);
    sqlite3_commit_hook(self->chain.ledger->db, on_commit, self);
}

static void stop(work *self)
{
    assert_int_equal(self->chain.change_count, 0);
    tl_ledger_close(self->chain.ledger);
}

static void look(work *self, size_t index, int64_t approval_id)
{
    tl_entry entry;
    assert_true(
        sqlite3_get_autocommit(self->chain.ledger->db)); /* what is found is not about to be committed */
    assert_int_equal(tl_ledger_get(&entry, &self->found[index], self->chain.ledger, approval_id, NULL),
                     TL_OK);
    tl_entry_clear(&entry);
    self->commits_before[index] = self->commits;
}

static void change(void *data, size_t index)
{
    work *self = data;
    tl_entry entry = {.approval_id = (int64_t)index + 1, .state = TL_ENTRY_SEEN};
    assert_true(tl_entry_set(&entry.request_id, REQUEST));
    self->codes[index] =
        tl_chain_record(&self->chain, &entry, TL_ENTRY_ANSWERED, "why", &self->errors[index]);
    look(self, index, entry.approval_id);
    tl_entry_clear(&entry);
}

static int history_size(work *self)
{
    cJSON *lines = NULL;
    const cJSON *line;
    int count = 0;
    assert_int_equal(tl_ledger_history(&lines, self->chain.ledger, NULL, 0, 0, NULL), TL_OK);
    cJSON_ArrayForEach (line, lines)
        assert_int_equal(tl_json_integer_or(line, "approval_id", 0), ++count); /* as they were recorded */
    cJSON_Delete(lines);
    return count;
}

static void tasks_that_write_side_by_side_share_a_transaction(void **state)
{
    work self;
    start(&self, *state);
    tl_together(TASKS, WIDTH, change, &self);
    assert_int_equal(self.commits, (TASKS + WIDTH - 1) / WIDTH);
    for (int i = 0; i < TASKS; i++) {
        assert_int_equal(self.codes[i], TL_OK);
        assert_true(self.found[i]);
        assert_int_equal(self.commits_before[i], 1 + i / WIDTH);
    }
    assert_int_equal(history_size(&self), TASKS);
    assert_int_equal(self.heard, TASKS);
    assert_int_equal(self.chain.step.answered, TASKS);
    stop(&self);
}

static void one_that_writes_alone_needs_nobody(void **state)
{
    work self;
    start(&self, *state);
    for (size_t i = 0; i < 3; i++) {
        change(&self, i);
        assert_int_equal(self.codes[i], TL_OK);
        assert_int_equal(self.commits, i + 1);
    }
    stop(&self);
}

/* Nothing of it is there, nobody heard of it, and nobody takes it for done. */
static void a_transaction_that_fails_fails_all_who_wait_for_it(void **state)
{
    work self;
    start(&self, *state);
    self.refuse = true;
    tl_together(WIDTH, WIDTH, change, &self);
    for (int i = 0; i < WIDTH; i++) {
        assert_int_equal(self.codes[i], TL_CONFIG);
        assert_non_null(strstr(self.errors[i].message, "ledger"));
        assert_false(self.found[i]);
    }
    assert_int_equal(history_size(&self), 0);
    assert_int_equal(self.heard + self.chain.step.answered + self.commits, 0);
    memset(self.errors, 0, sizeof self.errors);
    tl_together(WIDTH, WIDTH, change, &self);
    assert_int_equal(history_size(&self), WIDTH);
    assert_int_equal(self.heard, WIDTH);
    stop(&self);
}

/* The first task writes, the others ask. */
static void write_or_ask(void *data, size_t index)
{
    static const struct {
        int64_t approval_id;
        const char *request_id;
    } asked[] = {{0, NULL}, {1, NULL}, {9, REQUEST}, {9, OTHER_REQUEST}, {9, NULL}};
    work *self = data;
    if (index == 0) {
        change(data, index);
        return;
    }
    tl_chain_await_changes(&self->chain, asked[index].approval_id, asked[index].request_id);
    look(self, index, 1);
}

static void who_asks_about_what_is_being_written_waits_for_it(void **state)
{
    static const bool waits[] = {true, true, true, false, false};
    work self;
    for (int refused = 1; refused >= 0; refused--) {
        start(&self, *state);
        self.refuse = refused;
        tl_together(COUNT(waits), WIDTH, write_or_ask, &self);
        for (size_t i = 0; i < COUNT(waits); i++) {
            assert_int_equal(self.found[i], waits[i] && !refused);
            assert_int_equal(self.commits_before[i], waits[i] && !refused);
        }
        stop(&self);
    }
}

int main(void)
{
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(tasks_that_write_side_by_side_share_a_transaction),
        IN_A_FOLDER(one_that_writes_alone_needs_nobody),
        IN_A_FOLDER(a_transaction_that_fails_fails_all_who_wait_for_it),
        IN_A_FOLDER(who_asks_about_what_is_being_written_waits_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
