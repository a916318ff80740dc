/* The ledger's entries: put, got, listed and counted. */
#include "chain/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "base/fault_point.h"
#include "base/sha256.h"
#include "base/text.h"
#include "chain/ledger_file.h"
#include "chain/ledger_store.h"

enum {
    BUSY_MS = 200,
    OVERLAP = 20, /* ids below the newest that are asked for again */
    TEXTS_KEPT = TL_ENTRY_TEXTS - TL_ENTRY_OPEN_TEXTS,
};

static tl_code open_database(tl_ledger *ledger, const char *path, tl_error *err)
{
    int flags = SQLITE_OPEN_READWRITE;
#ifdef SQLITE_OPEN_NOFOLLOW
    flags |= SQLITE_OPEN_NOFOLLOW;
#endif
    if (sqlite3_open_v2(path, &ledger->db, flags, NULL) != SQLITE_OK)
        return ledger->db == NULL ? tl_fail_memory(err) : tl_ledger_fail(ledger, "opening", err);
    sqlite3_busy_timeout(ledger->db, BUSY_MS);
    return tl_ledger_prepare(ledger, err);
}

static void end_database(tl_ledger *ledger)
{
    for (int i = 0; i < TL_SQL_COUNT; i++)
        sqlite3_finalize(ledger->statements[i]);
    sqlite3_close(ledger->db);
    free(ledger);
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
    if (code == TL_OK)
        *out = ledger;
    else
        end_database(ledger);
    return code;
}

void tl_ledger_close(tl_ledger *ledger)
{
    if (ledger == NULL)
        return;
    /* Where it fails, events are given once more: no reason to say so here. */
    (void)tl_ledger_note_given(ledger, NULL);
    end_database(ledger);
}

static tl_code put_prompt(tl_ledger *ledger, tl_entry *entry, const char *seal_sha256, tl_error *err)
{
    sqlite3_stmt *statement = tl_ledger_statement(ledger, TL_SQL_PUT);
    if (statement == NULL)
        return tl_ledger_fail(ledger, "recording a prompt", err);
    int at = 1;
    sqlite3_bind_int64(statement, at++, entry->approval_id);
    tl_ledger_bind_text(statement, at++, tl_entry_state_name(entry->state));
    for (int i = 0; i < TL_ENTRY_NUMBERS; i++)
        sqlite3_bind_int64(statement, at++, *tl_entry_number(entry, i));
    for (int i = 0; i < TEXTS_KEPT; i++) {
        char **text = tl_entry_text(entry, i);
        tl_ledger_bind_text(statement, at++, text == &entry->seal_sha256 ? seal_sha256 : *text);
    }
    return tl_ledger_finish(ledger, statement, "recording a prompt", err);
}

/* Apart from the rest: a small row that stays, and a large one that goes when the prompt is done with. */
static tl_code put_open_part(tl_ledger *ledger, const tl_entry *entry, tl_error *err)
{
    bool keeps = tl_entry_is_open(entry->state) && (entry->seal_line != NULL || entry->questions != NULL);
    sqlite3_stmt *statement = tl_ledger_statement(ledger, keeps ? TL_SQL_PUT_OPEN : TL_SQL_DROP_OPEN);
    if (statement != NULL)
        sqlite3_bind_int64(statement, 1, entry->approval_id);
    if (statement != NULL && keeps) {
        tl_ledger_bind_text(statement, 2, entry->seal_line);
        tl_ledger_bind_text(statement, 3, entry->questions);
    }
    return tl_ledger_finish(ledger, statement, "recording a prompt's seal", err);
}

static tl_code put_one(tl_ledger *ledger, const tl_entry *entry, tl_error *err)
{
    char digest[TL_SHA256_HEX_SIZE];
    const char *seal_sha256 = entry->seal_sha256;
    if (entry->seal_line != NULL) {
        tl_sha256_hex(entry->seal_line, strlen(entry->seal_line), digest);
        seal_sha256 = digest;
    }
    tl_entry fields = *entry; /* borrowed: its members are read by index */
    tl_code code = put_prompt(ledger, &fields, seal_sha256, err);
    if (code == TL_OK)
        code = put_open_part(ledger, entry, err);
    return code == TL_OK ? tl_ledger_add_history(ledger, entry, err) : code;
}

static void pass_points(const tl_entry *const entries[], size_t count, const char *name)
{
    (void)entries, (void)name;
    for (size_t i = 0; i < count; i++)
        TL_FAULT_POINT_OF(tl_entry_state_name(entries[i]->state), name);
}

static tl_code put_all(tl_ledger *ledger, const tl_entry *const entries[], size_t count, tl_error *err)
{
    tl_code code = TL_OK;
    for (size_t i = 0; code == TL_OK && i < count; i++)
        code = put_one(ledger, entries[i], err);
    pass_points(entries, count, "commit");
    return code == TL_OK ? tl_ledger_note_given(ledger, err) : code;
}

tl_code tl_ledger_put(tl_ledger *ledger, const tl_entry *const entries[], size_t count, tl_error *err)
{
    static const char doing[] = "writing";
    int64_t given_id = ledger->given_id;
    tl_code code = tl_ledger_finish(ledger, tl_ledger_statement(ledger, TL_SQL_BEGIN), doing, err);
    if (code != TL_OK)
        return code;
    code = put_all(ledger, entries, count, err);
    if (code == TL_OK)
        code = tl_ledger_finish(ledger, tl_ledger_statement(ledger, TL_SQL_COMMIT), doing, err);
    if (code == TL_OK) {
        ledger->noted_id = given_id;
        pass_points(entries, count, "committed");
    } else
        (void)tl_ledger_finish(ledger, tl_ledger_statement(ledger, TL_SQL_ROLLBACK), doing, NULL);
    return code;
}

static tl_code read_state(tl_entry_state *out, sqlite3_stmt *statement, int column, tl_error *err)
{
    const char *name;
    if (!tl_ledger_column_text(&name, statement, column))
        return tl_fail_memory(err);
    if (!tl_entry_state_of(name, out))
        return tl_fail(err, TL_CONFIG, "the ledger holds a state that this version does not know");
    return TL_OK;
}

/* *out is empty on failure. */
static tl_code read_entry(tl_entry *out, sqlite3_stmt *statement, tl_error *err)
{
    int at = 0;
    const char *text;
    *out = (tl_entry){.approval_id = sqlite3_column_int64(statement, at++)};
    tl_code code = read_state(&out->state, statement, at++, err);
    for (int i = 0; i < TL_ENTRY_NUMBERS; i++)
        *tl_entry_number(out, i) = sqlite3_column_int64(statement, at++);
    for (int i = 0; code == TL_OK && i < TL_ENTRY_TEXTS; i++)
        if (!tl_ledger_column_text(&text, statement, at++) || !tl_entry_set(tl_entry_text(out, i), text))
            code = tl_fail_memory(err);
    if (code != TL_OK) {
        tl_entry_clear(out);
        *out = (tl_entry){0};
    }
    return code;
}

tl_code tl_ledger_get(tl_entry *out, bool *out_found, tl_ledger *ledger, int64_t approval_id, tl_error *err)
{
    *out = (tl_entry){0};
    *out_found = false;
    sqlite3_stmt *statement = tl_ledger_statement(ledger, TL_SQL_GET);
    if (statement == NULL)
        return tl_ledger_fail(ledger, "reading a prompt", err);
    sqlite3_bind_int64(statement, 1, approval_id);
    int step = sqlite3_step(statement);
    tl_code code = TL_OK;
    if (step == SQLITE_ROW)
        code = read_entry(out, statement, err);
    else if (step != SQLITE_DONE)
        code = tl_ledger_fail(ledger, "reading a prompt", err);
    *out_found = code == TL_OK && step == SQLITE_ROW;
    tl_ledger_done(statement);
    return code;
}

typedef struct entry_list {
    tl_entry *entries;
    size_t count, capacity;
} entry_list;

static tl_code append_entry(entry_list *list, sqlite3_stmt *statement, tl_error *err)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 16 : 2 * list->capacity;
        tl_entry *longer = realloc(list->entries, capacity * sizeof *longer);
        if (longer == NULL)
            return tl_fail_memory(err);
        list->entries = longer;
        list->capacity = capacity;
    }
    tl_code code = read_entry(&list->entries[list->count], statement, err);
    if (code == TL_OK)
        list->count++;
    return code;
}

tl_code tl_ledger_list(tl_entry **out, size_t *out_count, tl_ledger *ledger, tl_entry_state state,
                       const char *request_id, tl_error *err)
{
    *out = NULL;
    *out_count = 0;
    bool by_request = request_id != NULL;
    sqlite3_stmt *statement =
        tl_ledger_statement(ledger, by_request ? TL_SQL_LIST_REQUEST : TL_SQL_LIST_STATE);
    if (statement == NULL)
        return tl_ledger_fail(ledger, "reading prompts", err);
    tl_ledger_bind_text(statement, 1, by_request ? request_id : tl_entry_state_name(state));
    entry_list list = {0};
    tl_code code = TL_OK;
    int step;
    while (code == TL_OK && (step = sqlite3_step(statement)) != SQLITE_DONE)
        code = step == SQLITE_ROW ? append_entry(&list, statement, err)
                                  : tl_ledger_fail(ledger, "reading prompts", err);
    tl_ledger_done(statement);
    if (code != TL_OK) {
        tl_entries_free(list.entries, list.count);
        return code;
    }
    *out = list.entries;
    *out_count = list.count;
    return TL_OK;
}

/* One state's row of the summary. */
static tl_code read_counts(tl_ledger_overview *out, sqlite3_stmt *statement, int64_t *oldest_seen,
                           tl_error *err)
{
    tl_entry_state state = TL_ENTRY_FOREIGN;
    tl_code code = read_state(&state, statement, 0, err);
    if (code != TL_OK)
        return code;
    out->counts[state] = sqlite3_column_int64(statement, 1);
    if (state == TL_ENTRY_SEEN)
        *oldest_seen = sqlite3_column_int64(statement, 2);
    if (sqlite3_column_int64(statement, 3) > out->newest_id)
        out->newest_id = sqlite3_column_int64(statement, 3);
    return TL_OK;
}

tl_code tl_ledger_summary(tl_ledger_overview *out, tl_ledger *ledger, tl_error *err)
{
    int64_t oldest_seen = INT64_MAX;
    *out = (tl_ledger_overview){.birth_us = ledger->birth_us};
    memcpy(out->id, ledger->id, sizeof out->id);
    sqlite3_stmt *statement = tl_ledger_statement(ledger, TL_SQL_SUMMARY);
    if (statement == NULL)
        return tl_ledger_fail(ledger, "counting prompts", err);
    tl_code code = TL_OK;
    int step;
    while (code == TL_OK && (step = sqlite3_step(statement)) != SQLITE_DONE)
        code = step == SQLITE_ROW ? read_counts(out, statement, &oldest_seen, err)
                                  : tl_ledger_fail(ledger, "counting prompts", err);
    tl_ledger_done(statement);
    int64_t overlapped = out->newest_id > OVERLAP ? out->newest_id - OVERLAP : 0;
    out->floor_id = oldest_seen < overlapped ? oldest_seen : overlapped;
    if (out->floor_id < 0)
        out->floor_id = 0;
    return code;
}
