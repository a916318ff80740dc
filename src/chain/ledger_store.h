/* The inside of a ledger: its database, and the statements that are prepared once. */
#ifndef TL_CHAIN_LEDGER_STORE_H
#define TL_CHAIN_LEDGER_STORE_H

#include <sqlite3.h>

#include "chain/ledger.h"

enum { TL_LEDGER_VERSION = 2 };

typedef enum tl_ledger_sql {
    TL_SQL_BEGIN,
    TL_SQL_COMMIT,
    TL_SQL_ROLLBACK,
    TL_SQL_BIRTH,
    TL_SQL_PUT,
    TL_SQL_PUT_OPEN,
    TL_SQL_DROP_OPEN,
    TL_SQL_GET,
    TL_SQL_LIST_STATE,
    TL_SQL_LIST_REQUEST,
    TL_SQL_SUMMARY,
    TL_SQL_ADD_HISTORY,
    TL_SQL_HISTORY,
    TL_SQL_HISTORY_REQUEST,
    TL_SQL_NOTE_GIVEN,
    TL_SQL_COUNT
} tl_ledger_sql;

struct tl_ledger {
    sqlite3 *db;
    sqlite3_stmt *statements[TL_SQL_COUNT];
    char id[TL_GUID_SIZE];
    int64_t birth_us;
    int64_t given_id; /* newest line of history whose event was given out */
    int64_t noted_id; /* the same, as it is on disk */
};

/* Fails with what SQLite says. */
tl_code tl_ledger_fail(tl_ledger *ledger, const char *doing, tl_error *err);

/* Runs SQL that gives no rows. */
tl_code tl_ledger_run(tl_ledger *ledger, const char *sql, const char *doing, tl_error *err);

/* The prepared statement, to be given back with tl_ledger_done; NULL on failure (tl_ledger_fail says why). */
sqlite3_stmt *tl_ledger_statement(tl_ledger *ledger, tl_ledger_sql which);
void tl_ledger_done(sqlite3_stmt *statement);

/* Steps a statement that gives no rows, and gives it back. NULL fails. */
tl_code tl_ledger_finish(tl_ledger *ledger, sqlite3_stmt *statement, const char *doing, tl_error *err);

/* NULL stays NULL. The text must live until the statement is given back. */
void tl_ledger_bind_text(sqlite3_stmt *statement, int index, const char *text);

/* A column of the row that was stepped to; NULL for NULL. Borrowed until the next step. False when out of
 * memory, which SQLite itself would show as NULL. */
bool tl_ledger_column_text(const char **out, sqlite3_stmt *statement, int column);

/* Takes the lock, and makes or migrates the schema: all of it, or nothing. */
tl_code tl_ledger_prepare(tl_ledger *ledger, tl_error *err);

/* Whether it is a ledger that we know (*out_version), or an empty file (0). Changes nothing. */
tl_code tl_ledger_identify(int64_t *out_version, tl_ledger *ledger, tl_error *err);

/* Adds the entry's line of history. */
tl_code tl_ledger_add_history(tl_ledger *ledger, const tl_entry *entry, tl_error *err);

/* Writes the note on events where it changed. */
tl_code tl_ledger_note_given(tl_ledger *ledger, tl_error *err);

#endif
