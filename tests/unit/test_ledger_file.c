/* Which files a ledger may live in, and who may open it. */
#include "ledger_case.h"

static const char *this_program;

/* What tl_ledger_open says in another process: this program again, as fork() alone would share what SQLite
 * remembers of its locks. */
static tl_code open_elsewhere(const char *path)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        execl(this_program, this_program, path, (char *)NULL);
        _exit(99);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return (tl_code)WEXITSTATUS(status);
}

static void assert_open_refused(const char *path, const char *part)
{
    tl_ledger *ledger = NULL;
    tl_error err = TL_ERROR_INIT;
    tl_code code = tl_ledger_open(&ledger, path, &err);
    assert_refused(code, &err, TL_CONFIG, part, path == NULL ? "no path" : path);
    assert_null(ledger);
}

static void a_path_is_needed(void **state)
{
    const folder *in = *state;
    char path[400];
    assert_open_refused(NULL, "ledger is missing");
    assert_open_refused("", "ledger is missing");
    snprintf(path, sizeof path, "%s/absent/approvals.db", in->name);
    assert_open_refused(path, path);
}

static void links_are_refused(void **state)
{
    const folder *in = *state;
    char link_path[400], absent[400];
    tl_ledger_close(open_ledger(in));
    snprintf(link_path, sizeof link_path, "%s/link.db", in->name);
    assert_int_equal(symlink(in->ledger, link_path), 0);
    assert_open_refused(link_path, "is a link");
    assert_int_equal(unlink(link_path), 0);
    /* One that leads nowhere must not make what it names. */
    snprintf(absent, sizeof absent, "%s/absent.db", in->name);
    assert_int_equal(symlink(absent, link_path), 0);
    assert_open_refused(link_path, "is a link");
    assert_int_not_equal(access(absent, F_OK), 0);
}

static void what_is_no_file_is_refused(void **state)
{
    const folder *in = *state;
    assert_open_refused(in->name, "no regular file");
    assert_int_equal(mkfifo(in->ledger, 0600), 0);
    assert_open_refused(in->ledger, "no regular file");
    assert_open_refused("/dev/null", "no regular file");
}

static void files_that_others_can_write_are_refused(void **state)
{
    const folder *in = *state;
    static const mode_t wrong[] = {0620, 0602, 0666, 0660, 0777};
    tl_ledger_close(open_ledger(in));
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_int_equal(chmod(in->ledger, wrong[i]), 0);
        assert_open_refused(in->ledger, "can be written by others");
    }
    assert_int_equal(chmod(in->ledger, 0644), 0);
    tl_ledger_close(open_ledger(in));
    if (geteuid() == 0) {
        assert_int_equal(chown(in->ledger, 1, 1), 0);
        assert_open_refused(in->ledger, "belongs to another user");
    }
}

/* Refused, and not a byte of it changed. */
static void assert_left_alone(const folder *in, const char *part)
{
    size_t before_length, after_length;
    char *before = read_file(in->ledger, &before_length);
    assert_open_refused(in->ledger, part);
    char *after = read_file(in->ledger, &after_length);
    assert_int_equal(before_length, after_length);
    assert_memory_equal(before, after, before_length);
    free(after);
    free(before);
}

static void files_that_are_no_database_are_refused(void **state)
{
    const folder *in = *state;
    char text[8192];
    memset(text, 'x', sizeof text);
    write_file(in->ledger, text, 1, 0600);
    assert_left_alone(in, "no ledger");
    write_file(in->ledger, text, sizeof text, 0600);
    assert_left_alone(in, "no ledger");
    write_file(in->ledger, "SQLite format 3", 16, 0600);
    assert_left_alone(in, "no ledger");
}

static void databases_of_something_else_are_refused(void **state)
{
    const folder *in = *state;
    static const char *const others[] = {
        "CREATE TABLE bookmarks (id)",
        "CREATE TABLE meta (birth_us); PRAGMA user_version=1",
        "PRAGMA application_id=252006674; CREATE TABLE a (b)",
        "PRAGMA application_id=252006674",
    };
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_int_equal(run_sql(in->ledger, others[i]), SQLITE_OK);
        assert_int_equal(chmod(in->ledger, 0600), 0);
        assert_left_alone(in, "a database of something else");
        assert_int_equal(unlink(in->ledger), 0);
    }
}

static void an_empty_file_becomes_a_ledger(void **state)
{
    const folder *in = *state;
    write_file(in->ledger, "", 0, 0600);
    tl_ledger_close(open_ledger(in));
}

static void newer_ledgers_are_refused(void **state)
{
    const folder *in = *state;
    tl_ledger_close(open_ledger(in));
    assert_int_equal(run_sql(in->ledger, "PRAGMA user_version=3"), SQLITE_OK);
    assert_open_refused(in->ledger, "newer version (schema 3, this one knows 2)");
}

static void damaged_ledgers_are_refused(void **state)
{
    const folder *in = *state;
    tl_ledger_close(open_ledger(in));
    assert_int_equal(run_sql(in->ledger, "DELETE FROM meta"), SQLITE_OK);
    assert_open_refused(in->ledger, "damaged");
}

static void one_process_holds_a_ledger(void **state)
{
    const folder *in = *state;
    tl_ledger *ledger = open_ledger(in);
    assert_int_equal(open_elsewhere(in->ledger), TL_CONFIG);
    put(ledger, 1, TL_ENTRY_SEEN, REQUEST);
    assert_int_equal(open_elsewhere(in->ledger), TL_CONFIG);
    tl_ledger_close(ledger);
    assert_int_equal(open_elsewhere(in->ledger), TL_OK);
}

static void one_chain_of_a_process_holds_a_ledger(void **state)
{
    const folder *in = *state;
    tl_ledger *ledger = open_ledger(in);
    assert_open_refused(in->ledger, "held by another process or chain");
    put(ledger, 1, TL_ENTRY_SEEN, REQUEST);
    assert_open_refused(in->ledger, "held by another process or chain");
    tl_ledger_close(ledger);
    tl_ledger_close(open_ledger(in));
}

/* Closing any descriptor of a file drops all locks that the process has on it. */
static void a_refused_second_opening_does_not_let_others_in(void **state)
{
    const folder *in = *state;
    tl_ledger *ledger = open_ledger(in);
    put(ledger, 1, TL_ENTRY_SENDING, REQUEST);
    assert_open_refused(in->ledger, "held by another process or chain");
    assert_int_equal(open_elsewhere(in->ledger), TL_CONFIG);
    put(ledger, 1, TL_ENTRY_PERMITTED, REQUEST);
    tl_ledger_close(ledger);
}

int main(int argc, char **argv)
{
    if (argc == 2) {
        tl_ledger *ledger = NULL;
        tl_code code = tl_ledger_open(&ledger, argv[1], NULL);
        tl_ledger_close(ledger);
        return (int)code;
    }
    this_program = argv[0];
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(a_path_is_needed),
        IN_A_FOLDER(links_are_refused),
        IN_A_FOLDER(what_is_no_file_is_refused),
        IN_A_FOLDER(files_that_others_can_write_are_refused),
        IN_A_FOLDER(files_that_are_no_database_are_refused),
        IN_A_FOLDER(databases_of_something_else_are_refused),
        IN_A_FOLDER(an_empty_file_becomes_a_ledger),
        IN_A_FOLDER(newer_ledgers_are_refused),
        IN_A_FOLDER(damaged_ledgers_are_refused),
        IN_A_FOLDER(one_process_holds_a_ledger),
        IN_A_FOLDER(one_chain_of_a_process_holds_a_ledger),
        IN_A_FOLDER(a_refused_second_opening_does_not_let_others_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
