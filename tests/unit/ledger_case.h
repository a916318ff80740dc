/* Ledgers in a folder of their own. */
#ifndef TL_TESTS_LEDGER_CASE_H
#define TL_TESTS_LEDGER_CASE_H

#include <dirent.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sha256.h"
#include "chain/ledger.h"
#include "details.h"
#include "json_case.h"

typedef struct folder {
    char name[256];
    char ledger[300];
} folder;

static inline int make_folder(void **state)
{
    static folder made;
    const char *parent = getenv("TMPDIR");
    snprintf(made.name, sizeof made.name, "%.200s/threatlocker-test-XXXXXX",
             parent == NULL ? "/tmp" : parent);
    if (mkdtemp(made.name) == NULL) {
        return -1;
    }
    snprintf(made.ledger, sizeof made.ledger, "%s/approvals.db", made.name);
    *state = &made;
    return 0;
}

static inline int remove_folder(void **state)
{
    const folder *made = *state;
    DIR *directory = opendir(made->name);
    for (struct dirent *entry = directory == NULL ? NULL : readdir(directory); entry != NULL;
         entry = readdir(directory)) {
        char path[600];
        snprintf(path, sizeof path, "%s/%s", made->name, entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            (void)remove(path);
        }
    }
    if (directory != NULL) {
        closedir(directory);
    }
    return rmdir(made->name);
}

static inline tl_ledger *open_ledger(const folder *in)
{
    tl_ledger *ledger = NULL;
    tl_error err = TL_ERROR_INIT;
    if (tl_ledger_open(&ledger, in->ledger, &err) != TL_OK) {
        fail_msg("%s", err.message);
    }
    return ledger;
}

static inline tl_ledger_overview summary_of(tl_ledger *ledger)
{
    tl_ledger_overview overview;
    assert_int_equal(tl_ledger_summary(&overview, ledger, NULL), TL_OK);
    return overview;
}

#define OTHER_REQUEST "0e000000-0000-4000-8000-00000000200e"

static inline void set_seal_digest(tl_entry *entry)
{
    char digest[TL_SHA256_HEX_SIZE];
    tl_sha256_hex(entry->seal_line, strlen(entry->seal_line), digest);
    assert_true(tl_entry_set(&entry->seal_sha256, digest));
}

/* Every member, each with a value of its own. */
static inline void fill_entry(tl_entry *entry)
{
    *entry = (tl_entry){.approval_id = INT64_C(9007199254740993), .state = TL_ENTRY_SENDING};
    for (int i = 0; i < TL_ENTRY_NUMBERS; i++) {
        *tl_entry_number(entry, i) = INT64_MAX - i;
    }
    for (int i = 0; i < TL_ENTRY_TEXTS; i++) {
        char text[64];
        snprintf(text, sizeof text, "text %d: '\";DROP TABLE prompts;-- \xC3\xA9", i);
        assert_true(tl_entry_set(tl_entry_text(entry, i), text));
    }
    set_seal_digest(entry);
}

/* Runs SQL on a file beside us, as somebody with a shell could; SQLite's result. */
static inline int run_sql(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    int result = sqlite3_exec(db, sql, NULL, NULL, NULL);
    sqlite3_close(db);
    return result;
}

static inline void write_file(const char *path, const void *content, size_t length, mode_t mode)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(content, 1, length, file), length);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

static inline tl_code put_one(tl_ledger *ledger, const tl_entry *entry)
{
    return tl_ledger_put(ledger, &entry, 1, NULL);
}

static inline void put(tl_ledger *ledger, int64_t approval_id, tl_entry_state state, const char *request_id)
{
    tl_entry entry = {.approval_id = approval_id, .state = state};
    assert_true(tl_entry_set(&entry.request_id, request_id));
    assert_int_equal(put_one(ledger, &entry), TL_OK);
    tl_entry_clear(&entry);
}

#endif
