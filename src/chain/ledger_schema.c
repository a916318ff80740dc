/* The ledger's schema: made, recognised, and brought up from older versions. */
#include "base/fault_point.h"
#include "base/random.h"
#include "base/sha256.h"
#include "base/time.h"
#include "chain/ledger_store.h"

#include <string.h>

enum {
    APPLICATION_ID = 0x746c4c31, /* "tlL1" */
};

/* What a migration makes anew, too. A prompt's row is small and stays; its seal and questions are large, and
 * are kept apart as they go when it is done with. */
static const char tables[] =
    "CREATE TABLE meta (birth_us INTEGER NOT NULL, id TEXT NOT NULL, given_id INTEGER NOT NULL);"
    "CREATE TABLE prompts ("
    " approval_id INTEGER PRIMARY KEY, state TEXT NOT NULL, request_id TEXT, organization_id TEXT,"
    " seal_sha256 TEXT, answer TEXT, label TEXT, answered_by TEXT, answered_at TEXT, closed_at TEXT,"
    " due_at TEXT, escalated_to INTEGER NOT NULL, claim_epoch INTEGER NOT NULL,"
    " claimed_at_us INTEGER NOT NULL, operation_id TEXT, body_sha256 TEXT, sent_at_us INTEGER NOT NULL,"
    " attempts INTEGER NOT NULL, outcome TEXT, verified TEXT, message TEXT);"
    "CREATE INDEX prompts_by_state ON prompts (state);"
    "CREATE INDEX prompts_by_request ON prompts (request_id COLLATE NOCASE);"
    "CREATE TABLE open_prompts (approval_id INTEGER PRIMARY KEY, seal_line TEXT, questions TEXT);";

static const char history[] =
    "CREATE TABLE history ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL, approval_id INTEGER NOT NULL,"
    " request_id TEXT, organization_id TEXT, state TEXT NOT NULL, answer TEXT, answered_by TEXT,"
    " operation_id TEXT, body_sha256 TEXT, outcome TEXT, message TEXT, label TEXT, answered_at TEXT,"
    " verified TEXT);"
    "CREATE INDEX history_by_request ON history (request_id COLLATE NOCASE);"
    /* REPLACE deletes without asking the trigger below. */
    "CREATE TRIGGER history_grows BEFORE INSERT ON history"
    " WHEN EXISTS (SELECT 1 FROM history WHERE id = NEW.id)"
    " BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;"
    "CREATE TRIGGER history_keeps BEFORE UPDATE ON history"
    " BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;"
    "CREATE TRIGGER history_stays BEFORE DELETE ON history"
    " BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;";

/* Version 1 kept seals and questions for ever, had no id, and indexes that no query could use. */
static const char set_version_1_aside[] =
    "DROP INDEX prompts_by_state; DROP INDEX prompts_by_request; DROP INDEX history_by_request;"
    "ALTER TABLE prompts RENAME TO prompts_1; ALTER TABLE meta RENAME TO meta_1;";

/* Its events were given out without a note of it; all are taken for given. */
static const char copy_version_1[] =
    "INSERT INTO meta SELECT birth_us, tl_new_guid(), (SELECT coalesce(max(id), 0) FROM history) FROM meta_1;"
    "INSERT INTO prompts (approval_id, state, request_id, organization_id, seal_sha256, answer, answered_by,"
    "  answered_at, escalated_to, claim_epoch, claimed_at_us, operation_id, body_sha256, sent_at_us,"
    "  attempts, outcome, message)"
    " SELECT approval_id, state, request_id, organization_id, tl_sha256(seal_line), answer, answered_by,"
    "  answered_at, 0, 0, 0, operation_id, body_sha256, sent_at_us, attempts, outcome, message"
    " FROM prompts_1;"
    "INSERT INTO open_prompts SELECT approval_id, seal_line, questions FROM prompts_1"
    " WHERE state IN ('seen', 'answered', 'sending') AND (seal_line IS NOT NULL OR questions IS NOT NULL);"
    "DROP TABLE prompts_1; DROP TABLE meta_1;"
    "ALTER TABLE history ADD COLUMN label TEXT; ALTER TABLE history ADD COLUMN answered_at TEXT;"
    "ALTER TABLE history ADD COLUMN verified TEXT;"
    "CREATE INDEX history_by_request ON history (request_id COLLATE NOCASE);";

static void sql_sha256(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    char digest[TL_SHA256_HEX_SIZE];
    if (sqlite3_value_type(values[0]) == SQLITE_NULL)
        return; /* NULL of NULL */
    const void *text = sqlite3_value_text(values[0]);
    if (text == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    tl_sha256_hex(text, (size_t)sqlite3_value_bytes(values[0]), digest);
    sqlite3_result_text(context, digest, -1, SQLITE_TRANSIENT);
}

static void sql_new_guid(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    (void)values;
    char guid[TL_GUID_SIZE];
    if (tl_random_guid(guid))
        sqlite3_result_text(context, guid, -1, SQLITE_TRANSIENT);
    else
        sqlite3_result_error(context, "the system gives no random bytes", -1);
}

static tl_code add_functions(tl_ledger *ledger, tl_error *err)
{
    const int flags = SQLITE_UTF8;
    if (sqlite3_create_function(ledger->db, "tl_sha256", 1, flags, NULL, sql_sha256, NULL, NULL) ==
            SQLITE_OK &&
        sqlite3_create_function(ledger->db, "tl_new_guid", 0, flags, NULL, sql_new_guid, NULL, NULL) ==
            SQLITE_OK)
        return TL_OK;
    return tl_ledger_fail(ledger, "opening", err);
}

static tl_code read_number(int64_t *out, tl_ledger *ledger, const char *sql, tl_error *err)
{
    sqlite3_stmt *statement = NULL;
    tl_code code = TL_OK;
    if (sqlite3_prepare_v2(ledger->db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        *out = sqlite3_column_int64(statement, 0);
    else
        code = tl_ledger_fail(ledger, "reading", err);
    sqlite3_finalize(statement);
    return code;
}

tl_code tl_ledger_identify(int64_t *out_version, tl_ledger *ledger, tl_error *err)
{
    int64_t application = 0, objects = 0;
    tl_code code = read_number(&application, ledger, "PRAGMA application_id", err);
    if (code == TL_OK)
        code = read_number(out_version, ledger, "PRAGMA user_version", err);
    if (code == TL_OK)
        code = read_number(&objects, ledger, "SELECT count(*) FROM sqlite_master", err);
    if (code != TL_OK)
        return code;
    bool is_new = objects == 0 && application == 0;
    if (is_new)
        *out_version = 0;
    else if (application != APPLICATION_ID || *out_version < 1)
        return tl_fail(err, TL_CONFIG, "the ledger's file is a database of something else");
    if (*out_version > TL_LEDGER_VERSION)
        return tl_fail(err, TL_CONFIG,
                       "the ledger was made by a newer version (schema %lld, this one knows %d)",
                       (long long)*out_version, TL_LEDGER_VERSION);
    return TL_OK;
}

/* A pragma takes no parameters. */
static tl_code write_version(tl_ledger *ledger, tl_error *err)
{
    static const char sql[] = "PRAGMA application_id=1953254449; PRAGMA user_version=2;";
    _Static_assert(APPLICATION_ID == 1953254449 && TL_LEDGER_VERSION == 2, "as above");
    return tl_ledger_run(ledger, sql, "writing its version", err);
}

static tl_code write_birth(tl_ledger *ledger, const char *doing, tl_error *err)
{
    sqlite3_stmt *statement = tl_ledger_statement(ledger, TL_SQL_BIRTH);
    if (statement != NULL)
        sqlite3_bind_int64(statement, 1, tl_now_us());
    return tl_ledger_finish(ledger, statement, doing, err);
}

static tl_code make_schema(tl_ledger *ledger, tl_error *err)
{
    static const char doing[] = "making it";
    tl_code code = tl_ledger_run(ledger, tables, doing, err);
    if (code == TL_OK)
        code = tl_ledger_run(ledger, history, doing, err);
    if (code == TL_OK)
        code = write_birth(ledger, doing, err);
    return code == TL_OK ? write_version(ledger, err) : code;
}

static tl_code migrate_from_1(tl_ledger *ledger, tl_error *err)
{
    static const char doing[] = "migrating it from version 1; it was left as it is";
    tl_code code = tl_ledger_run(ledger, set_version_1_aside, doing, err);
    if (code == TL_OK)
        code = tl_ledger_run(ledger, tables, doing, err);
    if (code == TL_OK)
        code = tl_ledger_run(ledger, copy_version_1, doing, err);
    return code == TL_OK ? write_version(ledger, err) : code;
}

static tl_code take_meta(tl_ledger *ledger, sqlite3_stmt *row, tl_error *err)
{
    const char *id;
    ledger->birth_us = sqlite3_column_int64(row, 0);
    ledger->given_id = ledger->noted_id = sqlite3_column_int64(row, 1);
    if (!tl_ledger_column_text(&id, row, 2))
        return tl_fail_memory(err);
    if (!tl_is_guid(id))
        return tl_fail(err, TL_CONFIG, "the ledger is damaged: its id is no GUID");
    memcpy(ledger->id, id, sizeof ledger->id);
    return TL_OK;
}

static tl_code read_meta(tl_ledger *ledger, tl_error *err)
{
    sqlite3_stmt *statement = NULL;
    tl_code code;
    int step = SQLITE_ERROR;
    if (sqlite3_prepare_v2(ledger->db, "SELECT birth_us, given_id, id FROM meta", -1, &statement, NULL) ==
        SQLITE_OK)
        step = sqlite3_step(statement);
    if (step == SQLITE_ROW)
        code = take_meta(ledger, statement, err);
    else if (step == SQLITE_DONE)
        code = tl_fail(err, TL_CONFIG, "the ledger is damaged: it does not say when it was made");
    else
        code = tl_ledger_fail(ledger, "reading", err);
    sqlite3_finalize(statement);
    return code;
}

/* Within the transaction: what two processes that open a new file at once both saw may have changed. */
static tl_code bring_up(tl_ledger *ledger, tl_error *err)
{
    int64_t version = 0;
    tl_code code = tl_ledger_identify(&version, ledger, err);
    if (code == TL_OK && version == 0)
        code = make_schema(ledger, err);
    else if (code == TL_OK && version == 1)
        code = migrate_from_1(ledger, err);
    return code == TL_OK ? read_meta(ledger, err) : code;
}

tl_code tl_ledger_prepare(tl_ledger *ledger, tl_error *err)
{
    static const char doing[] = "opening";
    int64_t version = 0;
    /* The exclusive lock is taken by the first transaction and held while the file is open. */
    tl_code code =
        tl_ledger_run(ledger, "PRAGMA locking_mode=EXCLUSIVE; PRAGMA trusted_schema=OFF;", doing, err);
    /* First of all: WAL mode is written into the file, and it may be somebody else's. */
    if (code == TL_OK)
        code = tl_ledger_identify(&version, ledger, err);
    if (code == TL_OK)
        code = add_functions(ledger, err);
    if (code == TL_OK)
        code = tl_ledger_run(ledger, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; BEGIN IMMEDIATE;",
                             doing, err);
    if (code != TL_OK)
        return code;
    code = bring_up(ledger, err);
    TL_FAULT_POINT("schema.commit");
    if (code == TL_OK)
        code = tl_ledger_run(ledger, "COMMIT", doing, err);
    TL_FAULT_POINT("schema.committed");
    if (code != TL_OK)
        (void)sqlite3_exec(ledger->db, "ROLLBACK", NULL, NULL, NULL);
    return code;
}
