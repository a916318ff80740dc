/* Running SQL for the ledger. */
#include "chain/ledger_store.h"

#define NUMBERS "sent_at_us, attempts, escalated_to, claim_epoch, claimed_at_us"
#define TEXTS                                                                                                \
    "request_id, organization_id, seal_sha256, answer, label, answered_by, answered_at, closed_at, due_at,"  \
    " operation_id, body_sha256, outcome, verified, message"
#define SELECT_ENTRY                                                                                         \
    "SELECT approval_id, state, " NUMBERS ", " TEXTS ", seal_line, questions"                                \
    " FROM prompts LEFT JOIN open_prompts USING (approval_id) "
#define SELECT_HISTORY                                                                                       \
    "SELECT id, time, approval_id, request_id, organization_id, state, answer, label, answered_by,"          \
    " answered_at, operation_id, body_sha256, outcome, verified, message FROM history "

static const char *const texts[TL_SQL_COUNT] = {
    [TL_SQL_BEGIN] = "BEGIN IMMEDIATE",
    [TL_SQL_COMMIT] = "COMMIT",
    [TL_SQL_ROLLBACK] = "ROLLBACK",
    [TL_SQL_BIRTH] = "INSERT INTO meta VALUES (?, tl_new_guid(), 0)",
    [TL_SQL_PUT] = "REPLACE INTO prompts (approval_id, state, " NUMBERS ", " TEXTS
                   ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    [TL_SQL_PUT_OPEN] = "REPLACE INTO open_prompts (approval_id, seal_line, questions) VALUES (?,?,?)",
    [TL_SQL_DROP_OPEN] = "DELETE FROM open_prompts WHERE approval_id = ?",
    [TL_SQL_GET] = SELECT_ENTRY "WHERE approval_id = ?",
    [TL_SQL_LIST_STATE] = SELECT_ENTRY "WHERE state = ? ORDER BY approval_id",
    [TL_SQL_LIST_REQUEST] = SELECT_ENTRY "WHERE request_id = ? COLLATE NOCASE ORDER BY approval_id",
    [TL_SQL_SUMMARY] =
        "SELECT state, count(*), min(approval_id), max(approval_id) FROM prompts GROUP BY state",
    [TL_SQL_ADD_HISTORY] =
        "INSERT INTO history (approval_id, time, request_id, organization_id, state, answer, label,"
        " answered_by, answered_at, operation_id, body_sha256, outcome, verified, message)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    [TL_SQL_HISTORY] = SELECT_HISTORY "WHERE id > ?1 ORDER BY id LIMIT ?2",
    [TL_SQL_HISTORY_REQUEST] =
        SELECT_HISTORY "WHERE request_id = ?3 COLLATE NOCASE AND id > ?1 ORDER BY id LIMIT ?2",
    [TL_SQL_NOTE_GIVEN] = "UPDATE meta SET given_id = ?",
};

tl_code tl_ledger_fail(tl_ledger *ledger, const char *doing, tl_error *err)
{
    int code = sqlite3_extended_errcode(ledger->db) & 0xff;
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
        return tl_fail(err, TL_CONFIG, "the ledger is held by another process or chain (%s)", doing);
    if (code == SQLITE_NOTADB)
        return tl_fail(err, TL_CONFIG, "the ledger's file is no ledger (%s)", doing);
    if (code == SQLITE_NOMEM)
        return tl_fail_memory(err);
    return tl_fail(err, TL_CONFIG, "the ledger failed (%s): %s", doing, sqlite3_errmsg(ledger->db));
}

tl_code tl_ledger_run(tl_ledger *ledger, const char *sql, const char *doing, tl_error *err)
{
    int code = sqlite3_exec(ledger->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? TL_OK : tl_ledger_fail(ledger, doing, err);
}

sqlite3_stmt *tl_ledger_statement(tl_ledger *ledger, tl_ledger_sql which)
{
    sqlite3_stmt **statement = &ledger->statements[which];
    if (*statement == NULL)
        sqlite3_prepare_v2(ledger->db, texts[which], -1, statement, NULL);
    return *statement;
}

void tl_ledger_done(sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
}

tl_code tl_ledger_finish(tl_ledger *ledger, sqlite3_stmt *statement, const char *doing, tl_error *err)
{
    if (statement == NULL)
        return tl_ledger_fail(ledger, doing, err);
    tl_code code = sqlite3_step(statement) == SQLITE_DONE ? TL_OK : tl_ledger_fail(ledger, doing, err);
    tl_ledger_done(statement);
    return code;
}

void tl_ledger_bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    if (text != NULL)
        sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

bool tl_ledger_column_text(const char **out, sqlite3_stmt *statement, int column)
{
    bool is_null = sqlite3_column_type(statement, column) == SQLITE_NULL;
    *out = is_null ? NULL : (const char *)sqlite3_column_text(statement, column);
    return is_null || *out != NULL;
}
