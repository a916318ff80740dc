/* What the ledger's history keeps, that it only grows, and which of it was given out. */
#include "base/time.h"
#include "ledger_case.h"

static cJSON *history_of(tl_ledger *ledger, const char *request_id, int64_t after_id, size_t limit)
{
    cJSON *history = NULL;
    assert_int_equal(tl_ledger_history(&history, ledger, request_id, after_id, limit, NULL), TL_OK);
    return history;
}

static void history_keeps_every_step(void **state)
{
    const folder *in = *state;
    tl_ledger *ledger = open_ledger(in);
    tl_entry entry;
    put(ledger, 41, TL_ENTRY_SEEN, REQUEST);
    put(ledger, 42, TL_ENTRY_SEEN, OTHER_REQUEST);
    fill_entry(&entry);
    entry.approval_id = 41;
    assert_true(tl_entry_set(&entry.request_id, "0E000000-0000-4000-8000-00000000100E"));
    assert_int_equal(put_one(ledger, &entry), TL_OK);
    cJSON *history = history_of(ledger, NULL, 0, 0);
    assert_int_equal(cJSON_GetArraySize(history), 3);
    assert_members(history, "0.id=1|0.state='seen'|0.answer=absent|1.id=2|2.id=3", "all");
    const cJSON *line = cJSON_GetArrayItem(history, 2);
    assert_members(line, "id=3|approval_id=41|state='sending'", "line");
    const struct {
        const char *name, *text;
    } texts[] = {{"organization_id", entry.organization_id},
                 {"answer", entry.answer},
                 {"label", entry.label},
                 {"answered_by", entry.answered_by},
                 {"answered_at", entry.answered_at},
                 {"operation_id", entry.operation_id},
                 {"body_sha256", entry.body_sha256},
                 {"outcome", entry.outcome},
                 {"verified", entry.verified},
                 {"message", entry.message}};
    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_string_equal(tl_json_text(line, texts[i].name), texts[i].text);
    }
    assert_int_equal(cJSON_GetArraySize(line), 5 + (int)COUNT(texts));
    int64_t time_us;
    assert_true(tl_time_parse(tl_json_text(line, "time"), false, &time_us));
    assert_true(time_us >= summary_of(ledger).birth_us);
    cJSON_Delete(history);
    tl_entry_clear(&entry);
    tl_ledger_close(ledger);
}

static void history_is_read_in_parts(void **state)
{
    const folder *in = *state;
    static const struct {
        const char *request_id;
        int64_t after_id;
        size_t limit;
        const char *members;
        int count;
    } rows[] = {
        {NULL, 0, 0, "0.id=1|3.id=4", 4}, {NULL, 0, 2, "0.id=1|1.id=2", 2},
        {NULL, 2, 0, "0.id=3|1.id=4", 2}, {NULL, 2, 1, "0.id=3", 1},
        {NULL, 4, 0, "0=absent", 0},      {REQUEST, 0, 0, "0.id=1|1.id=3", 2},
        {REQUEST, 1, 0, "0.id=3", 1},     {REQUEST, 0, 1, "0.id=1", 1},
        {OPERATION, 0, 0, "0=absent", 0},
    };
    tl_ledger *ledger = open_ledger(in);
    put(ledger, 41, TL_ENTRY_SEEN, REQUEST);
    put(ledger, 42, TL_ENTRY_SEEN, OTHER_REQUEST);
    put(ledger, 41, TL_ENTRY_LEFT, "0E000000-0000-4000-8000-00000000100E");
    put(ledger, 43, TL_ENTRY_FOREIGN, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *history = history_of(ledger, rows[i].request_id, rows[i].after_id, rows[i].limit);
        assert_int_equal(cJSON_GetArraySize(history), rows[i].count);
        if (rows[i].count > 0) {
            assert_members(history, rows[i].members, "part");
        }
        cJSON_Delete(history);
    }
    tl_ledger_close(ledger);
}

/* The note rides on the next put, or on the closing: a process that dies before forgets it. */
static void which_events_were_given_is_noted(void **state)
{
    const folder *in = *state;
    tl_ledger *ledger = open_ledger(in);
    assert_int_equal(tl_ledger_events_given(ledger, 0), 0);
    put(ledger, 1, TL_ENTRY_SEEN, REQUEST);
    put(ledger, 2, TL_ENTRY_SEEN, REQUEST);
    assert_int_equal(tl_ledger_events_given(ledger, 2), 2);
    assert_int_equal(tl_ledger_events_given(ledger, 1), 2);
    tl_ledger_close(ledger);
    for (int put_after = 0; put_after <= 1; put_after++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            tl_entry entry = {.approval_id = 3, .state = TL_ENTRY_SEEN};
            if (tl_ledger_open(&ledger, in->ledger, NULL) == TL_OK &&
                tl_ledger_events_given(ledger, 5) == 5 &&
                (put_after == 0 || put_one(ledger, &entry) == TL_OK)) {
                kill(getpid(), SIGKILL);
            }
            _exit(1);
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        ledger = open_ledger(in);
        assert_int_equal(tl_ledger_events_given(ledger, 0), put_after == 0 ? 2 : 5);
        tl_ledger_close(ledger);
    }
}

static char *history_text(const folder *in)
{
    tl_ledger *ledger = open_ledger(in);
    cJSON *history = NULL;
    assert_int_equal(tl_ledger_history(&history, ledger, NULL, 0, 0, NULL), TL_OK);
    char *text = text_of(history);
    cJSON_Delete(history);
    tl_ledger_close(ledger);
    return text;
}

static void history_cannot_be_rewritten(void **state)
{
    const folder *in = *state;
    static const char upsert[] = "INSERT INTO history (id,time,approval_id,state) VALUES (1,'t',1,'x')"
                                 " ON CONFLICT (id) DO UPDATE SET state='permitted'";
    static const char *const attempts[] = {
        upsert,
        "UPDATE history SET outcome='permitted'",
        "UPDATE OR IGNORE history SET outcome='permitted' WHERE id=1",
        "UPDATE OR REPLACE history SET id=2 WHERE id=1",
        "DELETE FROM history",
        "DELETE FROM history WHERE id=2",
        "REPLACE INTO history (id,time,approval_id,state) VALUES (1,'t',1,'permitted')",
        "INSERT OR REPLACE INTO history (id,time,approval_id,state) VALUES (2,'t',1,'permitted')",
    };
    tl_ledger *ledger = open_ledger(in);
    put(ledger, 1, TL_ENTRY_SEEN, REQUEST);
    put(ledger, 1, TL_ENTRY_REFUSED, REQUEST);
    tl_ledger_close(ledger);
    char *before = history_text(in);
    for (size_t i = 0; i < COUNT(attempts); i++) {
        if (run_sql(in->ledger, attempts[i]) == SQLITE_OK) {
            fail_msg("%s", attempts[i]);
        }
        assert_text_and_free(history_text(in), before);
    }
    assert_int_equal(
        run_sql(in->ledger, "INSERT INTO history (time,approval_id,state) VALUES ('t',1,'seen')"), SQLITE_OK);
    char *after = history_text(in);
    assert_true(strlen(after) > strlen(before));
    free(after);
    free(before);
}

int main(void)
{
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(history_keeps_every_step),
        IN_A_FOLDER(history_is_read_in_parts),
        IN_A_FOLDER(history_cannot_be_rewritten),
        IN_A_FOLDER(which_events_were_given_is_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
