/* A ledger of version 1 is brought up to date, wholly or not at all. */
#include "base/sha256.h"
#include "ledger_case.h"

/* As version 1 wrote it: never to be changed. */
static const char schema_1[] =
    "CREATE TABLE meta (birth_us INTEGER NOT NULL);"
    "CREATE TABLE prompts ("
    " approval_id INTEGER PRIMARY KEY, state TEXT NOT NULL, request_id TEXT, organization_id TEXT, seal_line "
    "TEXT,"
    " questions TEXT, answer TEXT, answered_by TEXT, answered_at TEXT, operation_id TEXT, body_sha256 TEXT,"
    " sent_at_us INTEGER NOT NULL, attempts INTEGER NOT NULL, outcome TEXT, message TEXT) WITHOUT ROWID;"
    "CREATE INDEX prompts_by_state ON prompts (state);"
    "CREATE INDEX prompts_by_request ON prompts (request_id);"
    "CREATE TABLE history ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL, approval_id INTEGER NOT NULL, request_id "
    "TEXT,"
    " organization_id TEXT, state TEXT NOT NULL, answer TEXT, answered_by TEXT, operation_id TEXT, "
    "body_sha256 TEXT,"
    " outcome TEXT, message TEXT);"
    "CREATE INDEX history_by_request ON history (request_id);"
    "CREATE TRIGGER history_grows BEFORE INSERT ON history"
    " WHEN EXISTS (SELECT 1 FROM history WHERE id = NEW.id)"
    " BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;"
    "CREATE TRIGGER history_keeps BEFORE UPDATE ON history"
    " BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;"
    "CREATE TRIGGER history_stays BEFORE DELETE ON history"
    " BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;"
    "INSERT INTO meta VALUES (1750000000000001);"
    "PRAGMA application_id=1953254449; PRAGMA user_version=1; PRAGMA journal_mode=WAL;";

enum { BASE_ID = 100 };

static const char *seal_of(int state, char out[64])
{
    snprintf(out, 64, "threatlocker-seal:1:payload-%d:mac", state);
    return out;
}

/* One entry in every state with all that it can have; the foreign one has nothing. Two lines of history each.
 */
static void make_version_1(const folder *in)
{
    char sql[2048], seal[64];
    assert_int_equal(run_sql(in->ledger, schema_1), SQLITE_OK);
    assert_int_equal(chmod(in->ledger, 0600), 0);
    assert_int_equal(run_sql(in->ledger,
                             "INSERT INTO prompts (approval_id,state,sent_at_us,attempts,message)"
                             " VALUES (100,'foreign',0,0,'not sealed');"
                             "INSERT INTO history (time,approval_id,state,message)"
                             " VALUES ('2026-01-01T00:00:00.000000Z',100,'foreign','not sealed')"),
                     SQLITE_OK);
    for (int i = TL_ENTRY_SEEN; i < TL_ENTRY_STATE_COUNT; i++) {
        const char *name = tl_entry_state_name((tl_entry_state)i);
        sqlite3_snprintf(
            sizeof sql, sql,
            "INSERT INTO prompts VALUES (%d,'%s','" REQUEST "','" ORGANIZATION
            "','%s','[\"q\"]','permit','ann',"
            " '2026-01-01T00:00:0%dZ','" OPERATION "','body-%d',%d,%d,'word-%d','why-%d');"
            "INSERT INTO history (time,approval_id,request_id,organization_id,state,answer,answered_by,"
            " operation_id,body_sha256,outcome,message) VALUES ('2026-01-01T00:00:00.000001Z',%d,'" REQUEST
            "','" ORGANIZATION "','seen',NULL,NULL,NULL,NULL,NULL,NULL),"
            " ('2026-01-01T00:00:00.000002Z',%d,'" REQUEST "','" ORGANIZATION
            "','%s','permit','ann','" OPERATION "','body-%d','word-%d','why-%d')",
            BASE_ID + i, name, seal_of(i, seal), i, i, 1000 + i, i, i, i, BASE_ID + i, BASE_ID + i, name, i,
            i, i);
        assert_int_equal(run_sql(in->ledger, sql), SQLITE_OK);
    }
}

/* All rows of a query, "column|column" each on a line. malloc'd. */
static char *rows_of(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    tl_buffer text = {.limit = 1 << 20};
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    }
    assert_true(tl_buffer_text(&text, ""));
    while (sqlite3_step(statement) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const char *value = (const char *)sqlite3_column_text(statement, i);
            assert_true(tl_buffer_format(&text, "%s|", value == NULL ? "NULL" : value));
        }
        assert_true(tl_buffer_text(&text, "\n"));
    }
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return text.data;
}

#define HISTORY_1                                                                                            \
    "SELECT id, time, approval_id, request_id, organization_id, state, answer, answered_by, operation_id,"   \
    " body_sha256, outcome, message FROM history ORDER BY id"
#define ALL_OF_VERSION_1                                                                                     \
    "SELECT * FROM (SELECT approval_id, state, request_id, organization_id, seal_line, questions, answer,"   \
    " answered_by, answered_at, operation_id, body_sha256, sent_at_us, attempts, outcome, message FROM"      \
    " prompts ORDER BY approval_id) UNION ALL SELECT birth_us,0,0,0,0,0,0,0,0,0,0,0,0,0,0 FROM meta"

static void assert_migrated_entry(tl_ledger *ledger, int state)
{
    tl_entry got;
    bool found = false, open = tl_entry_is_open((tl_entry_state)state);
    char seal[64], digest[TL_SHA256_HEX_SIZE], expected[32];
    assert_int_equal(tl_ledger_get(&got, &found, ledger, BASE_ID + state, NULL), TL_OK);
    assert_true(found);
    assert_int_equal(got.state, state);
    assert_string_equal(got.request_id, REQUEST);
    assert_string_equal(got.organization_id, ORGANIZATION);
    assert_string_equal(got.answer, "permit");
    assert_string_equal(got.answered_by, "ann");
    assert_string_equal(got.operation_id, OPERATION);
    snprintf(expected, sizeof expected, "2026-01-01T00:00:0%dZ", state);
    assert_string_equal(got.answered_at, expected);
    snprintf(expected, sizeof expected, "body-%d", state);
    assert_string_equal(got.body_sha256, expected);
    snprintf(expected, sizeof expected, "word-%d", state);
    assert_string_equal(got.outcome, expected);
    snprintf(expected, sizeof expected, "why-%d", state);
    assert_string_equal(got.message, expected);
    assert_int_equal(got.sent_at_us, 1000 + state);
    assert_int_equal(got.attempts, state);
    tl_sha256_hex(seal_of(state, seal), strlen(seal_of(state, seal)), digest);
    assert_string_equal(got.seal_sha256, digest);
    if (open) {
        assert_string_equal(got.seal_line, seal);
        assert_string_equal(got.questions, "[\"q\"]");
    } else {
        assert_true(got.seal_line == NULL && got.questions == NULL);
    }
    assert_true(got.label == NULL && got.verified == NULL && got.closed_at == NULL && got.due_at == NULL);
    assert_int_equal(got.escalated_to + got.claim_epoch + got.claimed_at_us, 0);
    tl_entry_clear(&got);
}

static void nothing_is_lost(void **state)
{
    const folder *in = *state;
    make_version_1(in);
    char *before = rows_of(in->ledger, HISTORY_1);
    tl_ledger *ledger = open_ledger(in);
    tl_ledger_overview overview = summary_of(ledger);
    assert_int_equal(overview.birth_us, INT64_C(1750000000000001));
    assert_true(tl_is_real_guid(overview.id));
    assert_int_equal(overview.newest_id, BASE_ID + TL_ENTRY_STATE_COUNT - 1);
    for (int i = 0; i < TL_ENTRY_STATE_COUNT; i++) {
        assert_int_equal(overview.counts[i], 1);
        if (i != TL_ENTRY_FOREIGN) {
            assert_migrated_entry(ledger, i);
        }
    }
    /* Version 1 gave its events without a note: they are not all given again. */
    assert_int_equal(tl_ledger_events_given(ledger, 0), 2 * TL_ENTRY_STATE_COUNT - 1);
    tl_ledger_close(ledger);
    assert_text_and_free(rows_of(in->ledger, HISTORY_1), before);
    assert_text_and_free(rows_of(in->ledger, "PRAGMA user_version"), "2|\n");
    assert_text_and_free(rows_of(in->ledger, "PRAGMA integrity_check"), "ok|\n");
    assert_int_not_equal(run_sql(in->ledger, "DELETE FROM history"), SQLITE_OK);
    /* Opened again it is the same ledger. */
    ledger = open_ledger(in);
    assert_string_equal(summary_of(ledger).id, overview.id);
    put(ledger, 500, TL_ENTRY_SEEN, REQUEST);
    cJSON *history = NULL;
    assert_int_equal(tl_ledger_history(&history, ledger, REQUEST, 2 * TL_ENTRY_STATE_COUNT - 1, 0, NULL),
                     TL_OK);
    assert_members(history, "0.approval_id=500|1=absent", "after the migration");
    cJSON_Delete(history);
    tl_ledger_close(ledger);
    free(before);
}

static void the_schema_is_that_of_a_new_ledger(void **state)
{
    const folder *in = *state;
    static const char shape[] =
        "SELECT m.type, m.name, m.tbl_name, c.cid, c.name, c.type, c.\"notnull\", c.pk, i.name, i.coll"
        " FROM sqlite_master AS m LEFT JOIN pragma_table_info(m.name) AS c ON m.type = 'table'"
        " LEFT JOIN pragma_index_xinfo(m.name) AS i ON m.type = 'index' ORDER BY m.type, m.name, c.cid, "
        "i.seqno";
    tl_ledger_close(open_ledger(in));
    char *wanted = rows_of(in->ledger, shape);
    assert_int_equal(unlink(in->ledger), 0);
    make_version_1(in);
    tl_ledger_close(open_ledger(in));
    assert_text_and_free(rows_of(in->ledger, shape), wanted);
    free(wanted);
}

static void a_migration_that_fails_changes_nothing(void **state)
{
    const folder *in = *state;
    static const struct {
        const char *spoil, *part, *mend;
    } rows[] = {
        {"CREATE TABLE open_prompts (a)", "migrating it from version 1", "DROP TABLE open_prompts"},
        {"CREATE TABLE meta_1 (a)", "migrating it from version 1", "DROP TABLE meta_1"},
        {"DROP INDEX prompts_by_state", "migrating it from version 1",
         "CREATE INDEX prompts_by_state ON prompts (state)"},
        /* At its very end. */
        {"ALTER TABLE history ADD COLUMN verified", "migrating it from version 1", NULL},
        {"DELETE FROM meta", "damaged", "INSERT INTO meta VALUES (1750000000000001)"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        make_version_1(in);
        assert_int_equal(run_sql(in->ledger, rows[i].spoil), SQLITE_OK);
        char *before = rows_of(in->ledger, ALL_OF_VERSION_1), *history = rows_of(in->ledger, HISTORY_1);
        tl_ledger *ledger = NULL;
        tl_error err = TL_ERROR_INIT;
        tl_code code = tl_ledger_open(&ledger, in->ledger, &err);
        assert_refused(code, &err, TL_CONFIG, rows[i].part, rows[i].spoil);
        assert_null(ledger);
        assert_text_and_free(rows_of(in->ledger, "PRAGMA user_version"), "1|\n");
        assert_text_and_free(rows_of(in->ledger, ALL_OF_VERSION_1), before);
        assert_text_and_free(rows_of(in->ledger, HISTORY_1), history);
        if (rows[i].mend != NULL) {
            assert_int_equal(run_sql(in->ledger, rows[i].mend), SQLITE_OK);
            ledger = open_ledger(in);
            assert_migrated_entry(ledger, TL_ENTRY_SENDING);
            tl_ledger_close(ledger);
        }
        assert_int_equal(unlink(in->ledger), 0);
        free(before);
        free(history);
    }
}

/* Opens the ledger in a child that dies at a fault point. */
static void open_and_die(const folder *in, const char *die_at)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        tl_ledger *ledger = NULL;
        setenv("TL_DIE_AT", die_at, 1);
        _exit(tl_ledger_open(&ledger, in->ledger, NULL) == TL_OK ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void killed_while_it_migrates_it_is_old_or_new(void **state)
{
#ifndef TL_FAULT_POINTS
    skip();
#endif
    const folder *in = *state;
    static const struct {
        const char *die_at, *version;
    } rows[] = {{"schema.commit", "1|\n"}, {"schema.committed", "2|\n"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        make_version_1(in);
        char *history = rows_of(in->ledger, HISTORY_1);
        open_and_die(in, rows[i].die_at);
        assert_text_and_free(rows_of(in->ledger, "PRAGMA user_version"), rows[i].version);
        tl_ledger *ledger = open_ledger(in);
        for (int j = TL_ENTRY_SEEN; j < TL_ENTRY_STATE_COUNT; j++) {
            assert_migrated_entry(ledger, j);
        }
        tl_ledger_close(ledger);
        assert_text_and_free(rows_of(in->ledger, HISTORY_1), history);
        assert_int_equal(unlink(in->ledger), 0);
        free(history);
    }
    /* And when it is born. */
    open_and_die(in, "schema.commit");
    tl_ledger_close(open_ledger(in));
}

int main(void)
{
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(nothing_is_lost),
        IN_A_FOLDER(the_schema_is_that_of_a_new_ledger),
        IN_A_FOLDER(a_migration_that_fails_changes_nothing),
        IN_A_FOLDER(killed_while_it_migrates_it_is_old_or_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
