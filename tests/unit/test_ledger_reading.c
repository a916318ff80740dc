/* Reading a ledger's history from its file, beside the chain that owns it. */
#include "ledger_case.h"
#include "threatlocker/chain.h"

static cJSON *history_of(const folder *in, const char *request_id)
{
    cJSON *history = NULL;
    tl_error err = TL_ERROR_INIT;
    if (tl_chain_history_of(&history, in->ledger, request_id, &err) != TL_OK) {
        fail_msg("%s", err.message);
    }
    return history;
}

static void assert_lines(const folder *in, const char *request_id, const char *members, int count)
{
    cJSON *history = history_of(in, request_id);
    assert_int_equal(cJSON_GetArraySize(history), count);
    assert_members(history, members, "history");
    cJSON_Delete(history);
}

static void assert_reading_refused(const char *path, const char *request_id, tl_code expected,
                                   const char *part)
{
    cJSON *history = NULL;
    tl_error err = TL_ERROR_INIT;
    tl_code code = tl_chain_history_of(&history, path, request_id, &err);
    assert_refused(code, &err, expected, part, path == NULL ? "no path" : path);
    assert_null(history);
}

static void put_two(const folder *in)
{
    tl_ledger *ledger = open_ledger(in);
    put(ledger, 41, TL_ENTRY_SEEN, REQUEST);
    put(ledger, 42, TL_ENTRY_LEFT, OTHER_REQUEST);
    tl_ledger_close(ledger);
}

static int count_files(const folder *in)
{
    int count = 0;
    DIR *directory = opendir(in->name);
    assert_non_null(directory);
    while (readdir(directory) != NULL) {
        count++;
    }
    closedir(directory);
    return count;
}

static void all_lines_or_those_of_a_request_are_read(void **state)
{
    const folder *in = *state;
    put_two(in);
    assert_lines(in, NULL, "0.id=1|0.approval_id=41|0.state='seen'|1.state='left'", 2);
    assert_lines(in, OTHER_REQUEST, "0.id=2|0.approval_id=42", 1);
    assert_lines(in, "0E000000-0000-4000-8000-00000000200E", "0.id=2", 1);
    assert_reading_refused(in->ledger, "41", TL_INVALID, "must be a GUID");
}

static void the_file_stays_as_it_is(void **state)
{
    const folder *in = *state;
    size_t before_length, after_length;
    put_two(in);
    char *before = read_file(in->ledger, &before_length);
    cJSON_Delete(history_of(in, NULL));
    char *after = read_file(in->ledger, &after_length);
    assert_int_equal(before_length, after_length);
    assert_memory_equal(before, after, before_length);
    free(after);
    free(before);
}

/* A process that dies leaves its newest lines in the write-ahead log. */
static void what_a_dead_process_left_is_read(void **state)
{
    const folder *in = *state;
    int status = 0;
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        tl_ledger *ledger = open_ledger(in);
        put(ledger, 41, TL_ENTRY_SEEN, REQUEST);
        put(ledger, 41, TL_ENTRY_SENDING, REQUEST);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_lines(in, NULL, "0.state='seen'|1.state='sending'", 2);
    tl_ledger *ledger = open_ledger(in);
    assert_int_equal(summary_of(ledger).counts[TL_ENTRY_SENDING], 1);
    put(ledger, 41, TL_ENTRY_PERMITTED, REQUEST);
    tl_ledger_close(ledger);
    /* What SQLite keeps beside the file from one reading does not spoil the next. */
    assert_lines(in, NULL, "2.state='permitted'", 3);
}

static void a_running_chain_is_not_disturbed(void **state)
{
    const folder *in = *state;
    tl_ledger *ledger = open_ledger(in);
    put(ledger, 41, TL_ENTRY_SEEN, REQUEST);
    assert_reading_refused(in->ledger, NULL, TL_CONFIG, "a chain is running with ledger");
    put(ledger, 41, TL_ENTRY_LEFT, REQUEST);
    tl_ledger_close(ledger);
    assert_lines(in, NULL, "1.state='left'", 2);
}

static void what_is_no_ledger_is_refused(void **state)
{
    const folder *in = *state;
    char text[8192];
    assert_reading_refused(NULL, NULL, TL_CONFIG, "ledger is missing");
    assert_reading_refused(in->ledger, NULL, TL_CONFIG, "No such file");
    assert_int_equal(count_files(in), 2);
    assert_reading_refused(in->name, NULL, TL_CONFIG, "no regular file");
    write_file(in->ledger, "", 0, 0600);
    assert_reading_refused(in->ledger, NULL, TL_CONFIG, "no ledger");
    memset(text, 'x', sizeof text);
    write_file(in->ledger, text, sizeof text, 0600);
    assert_reading_refused(in->ledger, NULL, TL_CONFIG, "no ledger");
    assert_int_equal(unlink(in->ledger), 0);
    assert_int_equal(run_sql(in->ledger, "CREATE TABLE bookmarks (id)"), SQLITE_OK);
    assert_reading_refused(in->ledger, NULL, TL_CONFIG, "a database of something else");
}

static void other_versions_are_refused(void **state)
{
    const folder *in = *state;
    put_two(in);
    assert_int_equal(run_sql(in->ledger, "PRAGMA user_version=1"), SQLITE_OK);
    assert_reading_refused(in->ledger, NULL, TL_CONFIG, "of an older version");
    assert_int_equal(run_sql(in->ledger, "PRAGMA user_version=3"), SQLITE_OK);
    assert_reading_refused(in->ledger, NULL, TL_CONFIG, "by a newer version");
}

int main(void)
{
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(all_lines_or_those_of_a_request_are_read),
        IN_A_FOLDER(the_file_stays_as_it_is),
        IN_A_FOLDER(what_a_dead_process_left_is_read),
        IN_A_FOLDER(a_running_chain_is_not_disturbed),
        IN_A_FOLDER(what_is_no_ledger_is_refused),
        IN_A_FOLDER(other_versions_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
