/* SQLite runs out of memory anywhere: the ledger says so, and never shows a part of an entry as the whole. */
#include "ledger_case.h"

/* ---- SQLite's allocations, of which one fails ---- */

static sqlite3_mem_methods real;
static long allocations, failing = -1;

static bool fails_now(void)
{
    return allocations++ == failing;
}

static void *scarce_malloc(int size)
{
    return fails_now() ? NULL : real.xMalloc(size);
}

static void *scarce_realloc(void *block, int size)
{
    return fails_now() ? NULL : real.xRealloc(block, size);
}

static int make_scarce(void **state)
{
    (void)state;
    sqlite3_mem_methods scarce;
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real) != SQLITE_OK)
        return -1;
    scarce = real;
    scarce.xMalloc = scarce_malloc;
    scarce.xRealloc = scarce_realloc;
    /* Lookaside memory would answer most requests by itself. */
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &scarce) == SQLITE_OK &&
                   sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0) == SQLITE_OK
               ? 0
               : -1;
}

/* ---- jobs: TL_OK with the whole result, or TL_MEMORY ---- */

typedef tl_code job_fn(tl_ledger *ledger, const tl_entry *expected, tl_error *err);

static void assert_same_entry(tl_entry *got, const tl_entry *expected)
{
    tl_entry wanted = *expected;
    assert_int_equal(got->approval_id, wanted.approval_id);
    assert_int_equal(got->state, wanted.state);
    for (int i = 0; i < TL_ENTRY_NUMBERS; i++)
        assert_int_equal(*tl_entry_number(got, i), *tl_entry_number(&wanted, i));
    for (int i = 0; i < TL_ENTRY_TEXTS; i++) {
        assert_non_null(*tl_entry_text(got, i));
        assert_string_equal(*tl_entry_text(got, i), *tl_entry_text(&wanted, i));
    }
}

static tl_code get(tl_ledger *ledger, const tl_entry *expected, tl_error *err)
{
    tl_entry entry;
    bool found;
    tl_code code = tl_ledger_get(&entry, &found, ledger, expected->approval_id, err);
    if (code == TL_OK) {
        assert_true(found);
        assert_same_entry(&entry, expected);
    }
    tl_entry_clear(&entry);
    return code;
}

static tl_code list_by(tl_ledger *ledger, const tl_entry *expected, const char *request_id, tl_error *err)
{
    tl_entry *entries = NULL;
    size_t count = 0;
    tl_code code = tl_ledger_list(&entries, &count, ledger, expected->state, request_id, err);
    if (code == TL_OK) {
        assert_int_equal(count, 1);
        assert_same_entry(&entries[0], expected);
    }
    tl_entries_free(entries, count);
    return code;
}

static tl_code list_state(tl_ledger *ledger, const tl_entry *expected, tl_error *err)
{
    return list_by(ledger, expected, NULL, err);
}

static tl_code list_request(tl_ledger *ledger, const tl_entry *expected, tl_error *err)
{
    return list_by(ledger, expected, expected->request_id, err);
}

static tl_code summarize(tl_ledger *ledger, const tl_entry *expected, tl_error *err)
{
    tl_ledger_overview overview;
    tl_code code = tl_ledger_summary(&overview, ledger, err);
    if (code == TL_OK)
        assert_int_equal(overview.counts[expected->state], 1);
    return code;
}

static tl_code read_history(tl_ledger *ledger, const tl_entry *expected, tl_error *err)
{
    cJSON *history = NULL;
    tl_code code = tl_ledger_history(&history, ledger, NULL, 0, 0, err);
    if (code == TL_OK) {
        assert_int_equal(cJSON_GetArraySize(history), 1);
        assert_string_equal(tl_json_text(history->child, "message"), expected->message);
        assert_string_equal(tl_json_text(history->child, "answered_by"), expected->answered_by);
    }
    cJSON_Delete(history);
    return code;
}

/* ---- rounds ---- */

/* One whole life of a ledger, in which the job's allocation fails. *out_code is the job's. */
static void run_round(const folder *in, job_fn *job, const tl_entry *expected, long number, tl_code *out_code)
{
    tl_error err = TL_ERROR_INIT;
    tl_ledger *ledger = NULL;
    allocations = 0;
    failing = number;
    tl_code code = tl_ledger_open(&ledger, in->ledger, &err);
    if (code == TL_OK)
        code = job(ledger, expected, &err);
    failing = -1;
    if (code != TL_OK && code != TL_MEMORY)
        fail_msg("allocation %ld: %s: %s", number, tl_code_name(code), err.message);
    tl_ledger_close(ledger);
    *out_code = code;
}

static void a_part_is_never_shown_as_the_whole(void **state)
{
    const folder *in = *state;
    static const struct {
        const char *name;
        job_fn *job;
    } rows[] = {{"get", get},
                {"list by state", list_state},
                {"list by request", list_request},
                {"summary", summarize},
                {"history", read_history}};
    tl_ledger *ledger = open_ledger(in);
    tl_entry entry;
    fill_entry(&entry);
    assert_int_equal(put_one(ledger, &entry), TL_OK);
    tl_ledger_close(ledger);
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_code code;
        long failed = 0;
        run_round(in, rows[i].job, &entry, -1, &code);
        assert_int_equal(code, TL_OK);
        long all = allocations;
        for (long n = 0; n < all; n++) {
            run_round(in, rows[i].job, &entry, n, &code);
            failed += code != TL_OK;
        }
        print_message("%s: %ld allocations, %ld failed the call\n", rows[i].name, all, failed);
        assert_true(failed > all / 2);
    }
    tl_entry_clear(&entry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_part_is_never_shown_as_the_whole, make_folder, remove_folder),
    };
    return cmocka_run_group_tests_name("ledger_memory", tests, make_scarce, NULL);
}
