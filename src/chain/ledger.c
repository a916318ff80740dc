#include "chain/ledger.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "chain/ledger_file.h"

enum {
    SCHEMA_VERSION = 1,
    APPLICATION_ID = 0x746c4c31, /* "tlL1" */
    BUSY_MS = 200,
    OVERLAP = 20, /* ids below the newest that are asked for again */
};

struct tl_ledger {
    sqlite3 *db;
    int64_t birth_us;
};

static const char schema[] =
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
    /* REPLACE deletes without asking the trigger below. */
    "CREATE TRIGGER history_grows BEFORE INSERT ON history"
    " WHEN EXISTS (SELECT 1 FROM history WHERE id = NEW.id)"
    " BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;"
    "CREATE TRIGGER history_keeps BEFORE UPDATE ON history"
    " BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;"
    "CREATE TRIGGER history_stays BEFORE DELETE ON history"
    " BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;";

const char *tl_entry_state_name(tl_entry_state state)
{
    static const char *const names[] = {"foreign",  "seen",    "answered", "sending", "permitted",
                                        "rejected", "ignored", "left",     "refused", "unknown"};
    return names[state];
}

static bool state_of(const char *name, tl_entry_state *out)
{
    for (int i = 0; name != NULL && i < TL_ENTRY_STATE_COUNT; i++)
        if (strcmp(name, tl_entry_state_name((tl_entry_state)i)) == 0) {
            *out = (tl_entry_state)i;
            return true;
        }
    return false;
}

void tl_entry_clear(tl_entry *entry)
{
    char *texts[] = {entry->request_id,  entry->organization_id, entry->seal_line,   entry->questions,
                     entry->answer,      entry->answered_by,     entry->answered_at, entry->operation_id,
                     entry->body_sha256, entry->outcome,         entry->message};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        free(texts[i]);
    *entry = (tl_entry){0};
}

bool tl_entry_set(char **slot, const char *text)
{
    char *copy = text == NULL ? NULL : strdup(text);
    if (text != NULL && copy == NULL)
        return false;
    free(*slot);
    *slot = copy;
    return true;
}

static tl_code fail_sqlite(tl_ledger *ledger, const char *doing, tl_error *err)
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

static tl_code run(tl_ledger *ledger, const char *sql, tl_error *err)
{
    int code = sqlite3_exec(ledger->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? TL_OK : fail_sqlite(ledger, "writing", err);
}

static tl_code read_number(int64_t *out, tl_ledger *ledger, const char *sql, tl_error *err)
{
    sqlite3_stmt *statement = NULL;
    tl_code code = TL_OK;
    if (sqlite3_prepare_v2(ledger->db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        *out = sqlite3_column_int64(statement, 0);
    else
        code = fail_sqlite(ledger, "reading", err);
    sqlite3_finalize(statement);
    return code;
}

static tl_code make_schema(tl_ledger *ledger, tl_error *err)
{
    char birth[96];
    sqlite3_snprintf(sizeof birth, birth, "INSERT INTO meta VALUES (%lld);", (long long)tl_now_us());
    char header[96];
    sqlite3_snprintf(sizeof header, header, "PRAGMA application_id=%d; PRAGMA user_version=%d;",
                     APPLICATION_ID, SCHEMA_VERSION);
    tl_code code = run(ledger, schema, err);
    if (code == TL_OK)
        code = run(ledger, birth, err);
    return code == TL_OK ? run(ledger, header, err) : code;
}

/* Whether it is a ledger that we know, or a new one. Changes nothing. */
static tl_code identify(bool *out_is_new, tl_ledger *ledger, tl_error *err)
{
    int64_t application = 0, version = 0, tables = 0;
    tl_code code = read_number(&application, ledger, "PRAGMA application_id", err);
    if (code == TL_OK)
        code = read_number(&version, ledger, "PRAGMA user_version", err);
    if (code == TL_OK)
        code = read_number(&tables, ledger, "SELECT count(*) FROM sqlite_master", err);
    if (code != TL_OK)
        return code;
    *out_is_new = tables == 0 && application == 0;
    if (!*out_is_new && application != APPLICATION_ID)
        return tl_fail(err, TL_CONFIG, "the ledger's file is a database of something else");
    if (version > SCHEMA_VERSION)
        return tl_fail(err, TL_CONFIG,
                       "the ledger was made by a newer version (schema %lld, this one knows %d)",
                       (long long)version, SCHEMA_VERSION);
    return TL_OK;
}

/* The exclusive lock is taken by the first transaction and held while the file is open. */
static tl_code begin(tl_ledger *ledger, tl_error *err)
{
    bool is_new;
    tl_code code = run(ledger, "PRAGMA locking_mode=EXCLUSIVE; PRAGMA trusted_schema=OFF;", err);
    /* First of all: WAL mode is written into the file, and it may be somebody else's. */
    if (code == TL_OK)
        code = identify(&is_new, ledger, err);
    if (code == TL_OK)
        code = run(ledger, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; BEGIN IMMEDIATE;", err);
    if (code == TL_OK)
        code = identify(&is_new, ledger, err);
    if (code == TL_OK && is_new)
        code = make_schema(ledger, err);
    return code == TL_OK ? run(ledger, "COMMIT", err) : code;
}

static tl_code open_database(tl_ledger *ledger, const char *path, tl_error *err)
{
    int flags = SQLITE_OPEN_READWRITE;
#ifdef SQLITE_OPEN_NOFOLLOW
    flags |= SQLITE_OPEN_NOFOLLOW;
#endif
    if (sqlite3_open_v2(path, &ledger->db, flags, NULL) != SQLITE_OK)
        return ledger->db == NULL ? tl_fail_memory(err) : fail_sqlite(ledger, "opening", err);
    sqlite3_busy_timeout(ledger->db, BUSY_MS);
    tl_code code = begin(ledger, err);
    return code == TL_OK ? read_number(&ledger->birth_us, ledger, "SELECT birth_us FROM meta", err) : code;
}

tl_code tl_ledger_open(tl_ledger **out, const char *path, tl_error *err)
{
    *out = NULL;
    tl_code code = tl_ledger_file_check(path, err);
    if (code != TL_OK)
        return code;
    tl_ledger *ledger = calloc(1, sizeof *ledger);
    if (ledger == NULL)
        return tl_fail_memory(err);
    code = open_database(ledger, path, err);
    if (code != TL_OK) {
        tl_ledger_close(ledger);
        return code;
    }
    *out = ledger;
    return TL_OK;
}

void tl_ledger_close(tl_ledger *ledger)
{
    if (ledger == NULL)
        return;
    sqlite3_close(ledger->db);
    free(ledger);
}

int64_t tl_ledger_birth_us(const tl_ledger *ledger)
{
    return ledger->birth_us;
}

static void bind_texts(sqlite3_stmt *statement, int first, const char *const texts[], int count)
{
    for (int i = 0; i < count; i++)
        if (texts[i] != NULL)
            sqlite3_bind_text(statement, first + i, texts[i], -1, SQLITE_STATIC);
}

static tl_code finish(tl_ledger *ledger, sqlite3_stmt *statement, const char *doing, tl_error *err)
{
    tl_code code = TL_OK;
    if (statement == NULL || sqlite3_step(statement) != SQLITE_DONE)
        code = fail_sqlite(ledger, doing, err);
    sqlite3_finalize(statement);
    return code;
}

static tl_code put_prompt(tl_ledger *ledger, const tl_entry *entry, tl_error *err)
{
    sqlite3_stmt *statement = NULL;
    sqlite3_prepare_v2(
        ledger->db,
        "INSERT INTO prompts (approval_id, sent_at_us, attempts, state, request_id, organization_id,"
        " seal_line, questions, answer, answered_by, answered_at, operation_id, body_sha256, outcome,"
        " message) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
        " ON CONFLICT (approval_id) DO UPDATE SET sent_at_us=excluded.sent_at_us,"
        " attempts=excluded.attempts, state=excluded.state, request_id=excluded.request_id,"
        " organization_id=excluded.organization_id, seal_line=excluded.seal_line,"
        " questions=excluded.questions, answer=excluded.answer, answered_by=excluded.answered_by,"
        " answered_at=excluded.answered_at, operation_id=excluded.operation_id,"
        " body_sha256=excluded.body_sha256, outcome=excluded.outcome, message=excluded.message",
        -1, &statement, NULL);
    if (statement != NULL) {
        sqlite3_bind_int64(statement, 1, entry->approval_id);
        sqlite3_bind_int64(statement, 2, entry->sent_at_us);
        sqlite3_bind_int64(statement, 3, entry->attempts);
        const char *texts[] = {tl_entry_state_name(entry->state),
                               entry->request_id,
                               entry->organization_id,
                               entry->seal_line,
                               entry->questions,
                               entry->answer,
                               entry->answered_by,
                               entry->answered_at,
                               entry->operation_id,
                               entry->body_sha256,
                               entry->outcome,
                               entry->message};
        bind_texts(statement, 4, texts, (int)(sizeof texts / sizeof texts[0]));
    }
    return finish(ledger, statement, "recording a prompt", err);
}

static tl_code put_history(tl_ledger *ledger, const tl_entry *entry, tl_error *err)
{
    char now[TL_TIME_SIZE];
    tl_time_format_us(tl_now_us(), now);
    sqlite3_stmt *statement = NULL;
    sqlite3_prepare_v2(
        ledger->db,
        "INSERT INTO history (approval_id, time, request_id, organization_id, state, answer,"
        " answered_by, operation_id, body_sha256, outcome, message) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        -1, &statement, NULL);
    if (statement != NULL) {
        sqlite3_bind_int64(statement, 1, entry->approval_id);
        const char *texts[] = {now,
                               entry->request_id,
                               entry->organization_id,
                               tl_entry_state_name(entry->state),
                               entry->answer,
                               entry->answered_by,
                               entry->operation_id,
                               entry->body_sha256,
                               entry->outcome,
                               entry->message};
        bind_texts(statement, 2, texts, (int)(sizeof texts / sizeof texts[0]));
    }
    return finish(ledger, statement, "recording history", err);
}

/* One line of history as an object; absent texts are left out. */
static cJSON *history_line(sqlite3_stmt *statement)
{
    cJSON *line = cJSON_CreateObject();
    bool ok = line != NULL;
    for (int i = 0; ok && i < sqlite3_column_count(statement); i++) {
        const char *name = sqlite3_column_name(statement, i);
        if (sqlite3_column_type(statement, i) == SQLITE_INTEGER)
            ok = tl_json_set_integer(line, name, sqlite3_column_int64(statement, i));
        else if (sqlite3_column_type(statement, i) == SQLITE_TEXT)
            ok = tl_json_set_text(line, name, (const char *)sqlite3_column_text(statement, i));
    }
    if (!ok) {
        cJSON_Delete(line);
        return NULL;
    }
    return line;
}

/* `id` > 0: that line; otherwise all, or those of a request. */
static tl_code read_history(cJSON **out, tl_ledger *ledger, int64_t id, const char *request_id, tl_error *err)
{
    sqlite3_stmt *statement = NULL;
    sqlite3_prepare_v2(
        ledger->db,
        "SELECT id, time, approval_id, request_id, organization_id, state, answer, answered_by,"
        " operation_id, body_sha256, outcome, message FROM history"
        " WHERE (?1 = 0 OR id = ?1) AND (?2 IS NULL OR request_id = ?2 COLLATE NOCASE) ORDER BY id",
        -1, &statement, NULL);
    *out = cJSON_CreateArray();
    if (statement == NULL || *out == NULL) {
        sqlite3_finalize(statement);
        return statement == NULL ? fail_sqlite(ledger, "reading history", err) : tl_fail_memory(err);
    }
    sqlite3_bind_int64(statement, 1, id);
    if (request_id != NULL)
        sqlite3_bind_text(statement, 2, request_id, -1, SQLITE_STATIC);
    tl_code code = TL_OK;
    int step;
    while (code == TL_OK && (step = sqlite3_step(statement)) != SQLITE_DONE) {
        if (step != SQLITE_ROW)
            code = fail_sqlite(ledger, "reading history", err);
        else if (!tl_json_append(*out, history_line(statement)))
            code = tl_fail_memory(err);
    }
    sqlite3_finalize(statement);
    if (code != TL_OK) {
        cJSON_Delete(*out);
        *out = NULL;
    }
    return code;
}

static tl_code newest_line(cJSON **out_line, tl_ledger *ledger, tl_error *err)
{
    cJSON *lines = NULL;
    tl_code code = read_history(&lines, ledger, sqlite3_last_insert_rowid(ledger->db), NULL, err);
    *out_line = lines == NULL ? NULL : cJSON_DetachItemFromArray(lines, 0);
    cJSON_Delete(lines);
    return code;
}

tl_code tl_ledger_put(tl_ledger *ledger, const tl_entry *entry, cJSON **out_line, tl_error *err)
{
    if (out_line != NULL)
        *out_line = NULL;
    tl_code code = run(ledger, "BEGIN IMMEDIATE", err);
    if (code != TL_OK)
        return code;
    code = put_prompt(ledger, entry, err);
    if (code == TL_OK)
        code = put_history(ledger, entry, err);
    if (code == TL_OK && out_line != NULL)
        code = newest_line(out_line, ledger, err);
    if (code == TL_OK)
        code = run(ledger, "COMMIT", err);
    if (code != TL_OK) {
        sqlite3_exec(ledger->db, "ROLLBACK", NULL, NULL, NULL);
        if (out_line != NULL) {
            cJSON_Delete(*out_line);
            *out_line = NULL;
        }
    }
    return code;
}

static const char select_entry[] =
    "SELECT approval_id, sent_at_us, attempts, state, request_id, organization_id, seal_line, questions, "
    "answer,"
    " answered_by, answered_at, operation_id, body_sha256, outcome, message FROM prompts ";

static tl_code read_entry(tl_entry *out, sqlite3_stmt *statement, tl_error *err)
{
    *out = (tl_entry){.approval_id = sqlite3_column_int64(statement, 0),
                      .sent_at_us = sqlite3_column_int64(statement, 1),
                      .attempts = sqlite3_column_int64(statement, 2)};
    char **slots[] = {&out->request_id,  &out->organization_id, &out->seal_line,   &out->questions,
                      &out->answer,      &out->answered_by,     &out->answered_at, &out->operation_id,
                      &out->body_sha256, &out->outcome,         &out->message};
    bool known = state_of((const char *)sqlite3_column_text(statement, 3), &out->state);
    for (size_t i = 0; i < sizeof slots / sizeof slots[0]; i++)
        if (!tl_entry_set(slots[i], (const char *)sqlite3_column_text(statement, 4 + (int)i))) {
            tl_entry_clear(out);
            return tl_fail_memory(err);
        }
    if (known)
        return TL_OK;
    tl_entry_clear(out);
    return tl_fail(err, TL_CONFIG, "the ledger holds a state that this version does not know");
}

static sqlite3_stmt *prepare_select(tl_ledger *ledger, const char *where)
{
    char sql[512];
    sqlite3_stmt *statement = NULL;
    sqlite3_snprintf(sizeof sql, sql, "%s%s", select_entry, where);
    sqlite3_prepare_v2(ledger->db, sql, -1, &statement, NULL);
    return statement;
}

tl_code tl_ledger_get(tl_entry *out, bool *out_found, tl_ledger *ledger, int64_t approval_id, tl_error *err)
{
    *out = (tl_entry){0};
    *out_found = false;
    sqlite3_stmt *statement = prepare_select(ledger, "WHERE approval_id = ?1");
    if (statement == NULL)
        return fail_sqlite(ledger, "reading a prompt", err);
    sqlite3_bind_int64(statement, 1, approval_id);
    int step = sqlite3_step(statement);
    tl_code code = TL_OK;
    if (step == SQLITE_ROW)
        code = read_entry(out, statement, err);
    else if (step != SQLITE_DONE)
        code = fail_sqlite(ledger, "reading a prompt", err);
    *out_found = code == TL_OK && step == SQLITE_ROW;
    sqlite3_finalize(statement);
    return code;
}

static tl_code append_entry(tl_entry **entries, size_t *count, sqlite3_stmt *statement, tl_error *err)
{
    tl_entry *longer = realloc(*entries, (*count + 1) * sizeof **entries);
    if (longer == NULL)
        return tl_fail_memory(err);
    *entries = longer;
    tl_code code = read_entry(&longer[*count], statement, err);
    if (code == TL_OK)
        (*count)++;
    return code;
}

tl_code tl_ledger_list(tl_entry **out, size_t *out_count, tl_ledger *ledger, tl_entry_state state,
                       const char *request_id, tl_error *err)
{
    *out = NULL;
    *out_count = 0;
    sqlite3_stmt *statement = prepare_select(
        ledger, request_id != NULL ? "WHERE request_id = ?1 COLLATE NOCASE ORDER BY approval_id"
                                   : "WHERE state = ?1 ORDER BY approval_id");
    if (statement == NULL)
        return fail_sqlite(ledger, "reading prompts", err);
    sqlite3_bind_text(statement, 1, request_id != NULL ? request_id : tl_entry_state_name(state), -1,
                      SQLITE_STATIC);
    tl_code code = TL_OK;
    int step;
    while (code == TL_OK && (step = sqlite3_step(statement)) != SQLITE_DONE)
        code = step == SQLITE_ROW ? append_entry(out, out_count, statement, err)
                                  : fail_sqlite(ledger, "reading prompts", err);
    sqlite3_finalize(statement);
    if (code != TL_OK) {
        tl_entries_free(*out, *out_count);
        *out = NULL;
        *out_count = 0;
    }
    return code;
}

void tl_entries_free(tl_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++)
        tl_entry_clear(&entries[i]);
    free(entries);
}

tl_code tl_ledger_floor(int64_t *out, tl_ledger *ledger, tl_error *err)
{
    char sql[256];
    sqlite3_snprintf(sizeof sql, sql,
                     "SELECT max(0, min(coalesce((SELECT min(approval_id) FROM prompts WHERE state = 'seen'),"
                     " 9223372036854775807), coalesce(max(approval_id), %d) - %d)) FROM prompts",
                     OVERLAP, OVERLAP);
    return read_number(out, ledger, sql, err);
}

tl_code tl_ledger_history(cJSON **out, tl_ledger *ledger, const char *request_id, tl_error *err)
{
    return read_history(out, ledger, 0, request_id, err);
}
