/* The ledger's history: append-only lines, and which of them were given out as events. */
#include "base/time.h"
#include "chain/ledger_store.h"

tl_code tl_ledger_add_history(tl_ledger *ledger, const tl_entry *entry, tl_error *err)
{
    char now[TL_TIME_SIZE];
    tl_time_format_us(tl_now_us(), now);
    const char *const texts[] = {now,
                                 entry->request_id,
                                 entry->organization_id,
                                 tl_entry_state_name(entry->state),
                                 entry->answer,
                                 entry->label,
                                 entry->answered_by,
                                 entry->answered_at,
                                 entry->operation_id,
                                 entry->body_sha256,
                                 entry->outcome,
                                 entry->verified,
                                 entry->message};
    sqlite3_stmt *statement = tl_ledger_statement(ledger, TL_SQL_ADD_HISTORY);
    if (statement != NULL) {
        sqlite3_bind_int64(statement, 1, entry->approval_id);
        for (int i = 0; i < (int)(sizeof texts / sizeof texts[0]); i++)
            tl_ledger_bind_text(statement, 2 + i, texts[i]);
    }
    return tl_ledger_finish(ledger, statement, "recording history", err);
}

/* A row as an object: columns are members, NULLs are left out. NULL when out of memory. */
static cJSON *history_line(sqlite3_stmt *statement)
{
    cJSON *line = cJSON_CreateObject();
    const char *text;
    bool ok = line != NULL;
    for (int i = 0; ok && i < sqlite3_column_count(statement); i++) {
        const char *name = sqlite3_column_name(statement, i);
        if (sqlite3_column_type(statement, i) == SQLITE_INTEGER)
            ok = tl_json_set_integer(line, name, sqlite3_column_int64(statement, i));
        else if (sqlite3_column_type(statement, i) == SQLITE_TEXT)
            ok = tl_ledger_column_text(&text, statement, i) && tl_json_set_text(line, name, text);
    }
    if (!ok) {
        cJSON_Delete(line);
        return NULL;
    }
    return line;
}

static tl_code read_lines(cJSON *lines, tl_ledger *ledger, sqlite3_stmt *statement, tl_error *err)
{
    int step;
    while ((step = sqlite3_step(statement)) == SQLITE_ROW)
        if (!tl_json_append(lines, history_line(statement)))
            return tl_fail_memory(err);
    return step == SQLITE_DONE ? TL_OK : tl_ledger_fail(ledger, "reading history", err);
}

tl_code tl_ledger_history(cJSON **out, tl_ledger *ledger, const char *request_id, int64_t after_id,
                          size_t limit, tl_error *err)
{
    *out = NULL;
    sqlite3_stmt *statement =
        tl_ledger_statement(ledger, request_id == NULL ? TL_SQL_HISTORY : TL_SQL_HISTORY_REQUEST);
    if (statement == NULL)
        return tl_ledger_fail(ledger, "reading history", err);
    cJSON *lines = cJSON_CreateArray();
    if (lines == NULL)
        return tl_fail_memory(err);
    sqlite3_bind_int64(statement, 1, after_id);
    sqlite3_bind_int64(statement, 2, limit == 0 ? -1 : (int64_t)limit);
    if (request_id != NULL)
        tl_ledger_bind_text(statement, 3, request_id);
    tl_code code = read_lines(lines, ledger, statement, err);
    tl_ledger_done(statement);
    if (code == TL_OK)
        *out = lines;
    else
        cJSON_Delete(lines);
    return code;
}

int64_t tl_ledger_events_given(tl_ledger *ledger, int64_t history_id)
{
    if (history_id > ledger->given_id)
        ledger->given_id = history_id;
    return ledger->given_id;
}

tl_code tl_ledger_note_given(tl_ledger *ledger, tl_error *err)
{
    if (ledger->given_id == ledger->noted_id)
        return TL_OK;
    sqlite3_stmt *statement = tl_ledger_statement(ledger, TL_SQL_NOTE_GIVEN);
    if (statement != NULL)
        sqlite3_bind_int64(statement, 1, ledger->given_id);
    return tl_ledger_finish(ledger, statement, "noting which events were given", err);
}
