/* Whatever a value holds, the ledger gives it back as it was: values are bound, never part of SQL. */
#include "../unit/ledger_case.h"

enum { LONG = 1 << 20 };

static char *long_text(void)
{
    char *text = malloc(LONG + 1);
    assert_non_null(text);
    memset(text, '\'', LONG);
    text[LONG] = '\0';
    return text;
}

static void assert_kept(tl_ledger *ledger, int64_t approval_id, int slot, const char *value)
{
    tl_entry entry = {.approval_id = approval_id, .state = TL_ENTRY_SENDING}, back = {0};
    bool found = false;
    assert_true(tl_entry_set(tl_entry_text(&entry, slot), value));
    assert_int_equal(put_one(ledger, &entry), TL_OK);
    assert_int_equal(tl_ledger_get(&back, &found, ledger, approval_id, NULL), TL_OK);
    assert_true(found);
    for (int i = 0; i < TL_ENTRY_TEXTS; i++) {
        const char *kept = *tl_entry_text(&back, i);
        bool derived = tl_entry_text(&back, i) == &back.seal_sha256;
        if (i == slot && !derived)
            assert_string_equal(kept, value);
        else if (!derived)
            assert_null(kept);
    }
    tl_entry_clear(&entry);
    tl_entry_clear(&back);
}

static void any_value_comes_back_as_it_was(void **state)
{
    char *longest = long_text();
    const char *const values[] = {"",
                                  "'",
                                  "\"",
                                  "';--",
                                  "'); DROP TABLE prompts; --",
                                  "%s%n%q",
                                  "?1",
                                  "\\",
                                  "a\r\nb",
                                  "\t\x01\x7f",
                                  "\xF0\x9F\x92\xA9 emoji",
                                  "\xFF\xFE"
                                  "not UTF-8",
                                  "1",
                                  "1e999",
                                  "NULL",
                                  longest};
    tl_ledger *ledger = open_ledger(*state);
    int64_t approval_id = 1;
    for (int slot = 0; slot < TL_ENTRY_TEXTS; slot++)
        for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
            assert_kept(ledger, approval_id++, slot, values[i]);
    tl_ledger_overview overview = summary_of(ledger);
    assert_int_equal(overview.counts[TL_ENTRY_SENDING], approval_id - 1);
    tl_ledger_close(ledger);
    free(longest);
}

/* A request's id is what entries and history are looked up by. */
static void a_hostile_id_finds_only_itself(void **state)
{
    static const char *const ids[] = {"x' OR '1'='1", "%", "_", "*", "x", ""};
    tl_ledger *ledger = open_ledger(*state);
    const size_t count = sizeof ids / sizeof ids[0];
    for (size_t i = 0; i < count; i++)
        put(ledger, (int64_t)i + 1, TL_ENTRY_SEEN, ids[i]);
    for (size_t i = 0; i < count; i++) {
        tl_entry *entries = NULL;
        size_t found = 0;
        cJSON *history = NULL;
        assert_int_equal(tl_ledger_list(&entries, &found, ledger, TL_ENTRY_SEEN, ids[i], NULL), TL_OK);
        assert_int_equal(found, 1);
        assert_int_equal(entries[0].approval_id, i + 1);
        assert_int_equal(tl_ledger_history(&history, ledger, ids[i], 0, 0, NULL), TL_OK);
        assert_int_equal(cJSON_GetArraySize(history), 1);
        cJSON_Delete(history);
        tl_entries_free(entries, found);
    }
    tl_ledger_close(ledger);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(any_value_comes_back_as_it_was, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_hostile_id_finds_only_itself, make_folder, remove_folder),
    };
    return cmocka_run_group_tests_name("ledger_values", tests, NULL, NULL);
}
