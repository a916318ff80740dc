/* What the ledger keeps, and that it keeps it. */
#include "base/time.h"
#include "ledger_case.h"

static void a_ledger_is_born_once(void **state)
{
    const folder *in = *state;
    int64_t before = tl_now_us();
    tl_ledger *ledger = open_ledger(in);
    tl_ledger_overview born = summary_of(ledger);
    assert_true(born.birth_us >= before && born.birth_us <= tl_now_us());
    assert_true(tl_is_real_guid(born.id));
    tl_ledger_close(ledger);
    ledger = open_ledger(in);
    assert_int_equal(summary_of(ledger).birth_us, born.birth_us);
    assert_string_equal(summary_of(ledger).id, born.id);
    tl_ledger_close(ledger);
    /* No two have the same id. */
    assert_int_equal(unlink(in->ledger), 0);
    ledger = open_ledger(in);
    assert_string_not_equal(summary_of(ledger).id, born.id);
    tl_ledger_close(ledger);
    tl_ledger_close(NULL);
}

static void its_file_is_for_its_owner_only(void **state)
{
    const folder *in = *state;
    mode_t mask = umask(0);
    tl_ledger *ledger = open_ledger(in);
    put(ledger, 1, TL_ENTRY_SEEN, REQUEST);
    umask(mask);
    DIR *directory = opendir(in->name);
    assert_non_null(directory);
    int files = 0;
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        char path[600];
        struct stat status;
        snprintf(path, sizeof path, "%s/%s", in->name, entry->d_name);
        assert_int_equal(stat(path, &status), 0);
        if (S_ISREG(status.st_mode)) {
            files++;
            assert_int_equal(status.st_mode & 0777, 0600);
        }
    }
    closedir(directory);
    assert_true(files >= 1);
    tl_ledger_close(ledger);
}

/* Every member: `full` is filled by number, so that one that is forgotten shows. */
static void assert_entries_equal(tl_entry *a, tl_entry *b)
{
    assert_int_equal(a->approval_id, b->approval_id);
    assert_int_equal(a->state, b->state);
    for (int i = 0; i < TL_ENTRY_NUMBERS; i++) {
        assert_int_equal(*tl_entry_number(a, i), *tl_entry_number(b, i));
    }
    for (int i = 0; i < TL_ENTRY_TEXTS; i++) {
        const char *one = *tl_entry_text(a, i), *other = *tl_entry_text(b, i);
        if (one == NULL || other == NULL) {
            assert_true(one == other);
        } else {
            assert_string_equal(one, other);
        }
    }
}

static void the_members_are_all_numbered(void **state)
{
    (void)state;
    tl_entry entry = {0};
    for (int i = 0; i < TL_ENTRY_NUMBERS; i++) {
        *tl_entry_number(&entry, i) = 1;
    }
    assert_int_equal(entry.sent_at_us + entry.attempts + entry.escalated_to + entry.claim_epoch +
                         entry.claimed_at_us,
                     TL_ENTRY_NUMBERS);
    char *const texts[] = {entry.request_id,  entry.organization_id, entry.seal_line, entry.questions,
                           entry.seal_sha256, entry.answer,          entry.label,     entry.answered_by,
                           entry.answered_at, entry.closed_at,       entry.due_at,    entry.operation_id,
                           entry.body_sha256, entry.outcome,         entry.verified,  entry.message};
    assert_int_equal(COUNT(texts), TL_ENTRY_TEXTS);
    /* Numbers, texts, id and state are all there is. */
    assert_int_equal(sizeof entry, 8 * (2 + TL_ENTRY_NUMBERS + TL_ENTRY_TEXTS));
}

static void an_entry_comes_back_as_it_was_put(void **state)
{
    const folder *in = *state;
    tl_entry full, bare = {.approval_id = -1, .state = TL_ENTRY_FOREIGN}, got;
    bool found = true;
    fill_entry(&full);
    tl_ledger *ledger = open_ledger(in);
    assert_int_equal(tl_ledger_get(&got, &found, ledger, full.approval_id, NULL), TL_OK);
    assert_false(found);
    assert_int_equal(put_one(ledger, &full), TL_OK);
    assert_int_equal(put_one(ledger, &bare), TL_OK);
    for (int reopened = 0; reopened <= 1; reopened++) {
        assert_int_equal(tl_ledger_get(&got, &found, ledger, full.approval_id, NULL), TL_OK);
        assert_true(found);
        assert_entries_equal(&got, &full);
        tl_entry_clear(&got);
        assert_int_equal(tl_ledger_get(&got, &found, ledger, -1, NULL), TL_OK);
        assert_true(found);
        assert_entries_equal(&got, &bare);
        tl_entry_clear(&got);
        tl_ledger_close(ledger);
        ledger = open_ledger(in);
    }
    /* Putting it again replaces all of it. */
    tl_entry_clear(&full);
    full = (tl_entry){.approval_id = INT64_C(9007199254740993), .state = TL_ENTRY_UNKNOWN};
    assert_int_equal(put_one(ledger, &full), TL_OK);
    assert_int_equal(tl_ledger_get(&got, &found, ledger, full.approval_id, NULL), TL_OK);
    assert_entries_equal(&got, &full);
    tl_entry_clear(&got);
    tl_ledger_close(ledger);
}

/* What only acting needs goes once nothing is left to do; the digest still tells a copied seal. */
static void a_finished_entry_keeps_no_seal(void **state)
{
    const folder *in = *state;
    tl_ledger *ledger = open_ledger(in);
    for (int i = 0; i < TL_ENTRY_STATE_COUNT; i++) {
        tl_entry full, got;
        bool found, open = i >= TL_ENTRY_SEEN && i <= TL_ENTRY_SENDING;
        fill_entry(&full);
        assert_int_equal(put_one(ledger, &full), TL_OK);
        full.state = (tl_entry_state)i;
        assert_int_equal(tl_entry_is_open(full.state), open);
        assert_int_equal(put_one(ledger, &full), TL_OK);
        assert_int_equal(tl_ledger_get(&got, &found, ledger, full.approval_id, NULL), TL_OK);
        if (!open) {
            assert_true(tl_entry_set(&full.seal_line, NULL) && tl_entry_set(&full.questions, NULL));
        }
        assert_entries_equal(&got, &full);
        /* Put again without its seal line, it keeps the digest that it brings. */
        assert_int_equal(put_one(ledger, &full), TL_OK);
        tl_entry_clear(&got);
        assert_int_equal(tl_ledger_get(&got, &found, ledger, full.approval_id, NULL), TL_OK);
        assert_string_equal(got.seal_sha256, full.seal_sha256);
        tl_entry_clear(&got);
        tl_entry_clear(&full);
    }
    tl_ledger_close(ledger);
}

static void lists_are_by_state_or_by_request(void **state)
{
    const folder *in = *state;
    tl_ledger *ledger = open_ledger(in);
    put(ledger, 30, TL_ENTRY_SEEN, REQUEST);
    put(ledger, 10, TL_ENTRY_SEEN, "0E000000-0000-4000-8000-00000000100E");
    put(ledger, 20, TL_ENTRY_ANSWERED, REQUEST);
    put(ledger, 5, TL_ENTRY_SEEN, OTHER_REQUEST);
    put(ledger, 6, TL_ENTRY_FOREIGN, NULL);
    static const struct {
        tl_entry_state state;
        const char *request_id;
        size_t count;
        int64_t ids[4];
    } rows[] = {
        {TL_ENTRY_SEEN, NULL, 3, {5, 10, 30}},
        {TL_ENTRY_ANSWERED, NULL, 1, {20}},
        {TL_ENTRY_FOREIGN, NULL, 1, {6}},
        {TL_ENTRY_SENDING, NULL, 0, {0}},
        {TL_ENTRY_SENDING, REQUEST, 3, {10, 20, 30}},
        {TL_ENTRY_SEEN, OTHER_REQUEST, 1, {5}},
        {TL_ENTRY_SEEN, OPERATION, 0, {0}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_entry *entries;
        size_t count;
        assert_int_equal(tl_ledger_list(&entries, &count, ledger, rows[i].state, rows[i].request_id, NULL),
                         TL_OK);
        assert_int_equal(count, rows[i].count);
        for (size_t j = 0; j < count; j++) {
            assert_int_equal(entries[j].approval_id, rows[i].ids[j]);
        }
        tl_entries_free(entries, count);
    }
    tl_ledger_close(ledger);
}

static void states_have_names_of_their_own(void **state)
{
    const folder *in = *state;
    static const char *const names[] = {"foreign",  "seen",    "answered", "sending", "permitted",
                                        "rejected", "ignored", "left",     "refused", "unknown"};
    assert_int_equal(COUNT(names), TL_ENTRY_STATE_COUNT);
    tl_ledger *ledger = open_ledger(in);
    for (int i = 0; i < TL_ENTRY_STATE_COUNT; i++) {
        tl_entry got;
        bool found;
        assert_string_equal(tl_entry_state_name((tl_entry_state)i), names[i]);
        put(ledger, i, (tl_entry_state)i, NULL);
        assert_int_equal(tl_ledger_get(&got, &found, ledger, i, NULL), TL_OK);
        assert_int_equal(got.state, i);
        tl_entry_clear(&got);
    }
    tl_ledger_close(ledger);
    /* A later version's state must not pass for one of ours. */
    assert_int_equal(run_sql(in->ledger, "UPDATE prompts SET state='postponed' WHERE approval_id=1"), 0);
    ledger = open_ledger(in);
    tl_entry got;
    bool found;
    tl_error err = TL_ERROR_INIT;
    tl_code code = tl_ledger_get(&got, &found, ledger, 1, &err);
    assert_refused(code, &err, TL_CONFIG, "a state that this version does not know", "postponed");
    assert_false(found);
    tl_ledger_close(ledger);
}

static void polling_starts_at_the_floor(void **state)
{
    const folder *in = *state;
    static const struct {
        int64_t id;
        tl_entry_state state;
        int64_t floor;
    } rows[] = {
        {7, TL_ENTRY_FOREIGN, 0},    {25, TL_ENTRY_LEFT, 5},        {100, TL_ENTRY_SEEN, 80},
        {90, TL_ENTRY_SEEN, 80},     {60, TL_ENTRY_SEEN, 60},       {30, TL_ENTRY_SEEN, 30},
        {30, TL_ENTRY_ANSWERED, 60}, {60, TL_ENTRY_PERMITTED, 80},  {500, TL_ENTRY_FOREIGN, 90},
        {90, TL_ENTRY_LEFT, 100},    {100, TL_ENTRY_REJECTED, 480},
    };
    tl_ledger *ledger = open_ledger(in);
    assert_int_equal(summary_of(ledger).floor_id, 0);
    assert_int_equal(summary_of(ledger).newest_id, 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        put(ledger, rows[i].id, rows[i].state, NULL);
        int64_t floor = summary_of(ledger).floor_id;
        if (floor != rows[i].floor) {
            fail_msg("row %zu: %lld", i, (long long)floor);
        }
    }
    tl_ledger_overview overview = summary_of(ledger);
    assert_int_equal(overview.newest_id, 500);
    static const int64_t counts[TL_ENTRY_STATE_COUNT] = {
        [TL_ENTRY_FOREIGN] = 2, [TL_ENTRY_ANSWERED] = 1, [TL_ENTRY_PERMITTED] = 1,
        [TL_ENTRY_LEFT] = 2,    [TL_ENTRY_REJECTED] = 1,
    };
    assert_memory_equal(overview.counts, counts, sizeof counts);
    tl_ledger_close(ledger);
}

static void what_was_put_survives_a_kill(void **state)
{
    const folder *in = *state;
    tl_ledger_close(open_ledger(in));
    for (int64_t id = 1; id <= 3; id++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            tl_ledger *ledger = NULL;
            tl_entry entry = {.approval_id = id, .state = TL_ENTRY_SENDING};
            if (tl_ledger_open(&ledger, in->ledger, NULL) != TL_OK || put_one(ledger, &entry) != TL_OK) {
                _exit(1);
            }
            kill(getpid(), SIGKILL);
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
    }
    tl_ledger *ledger = open_ledger(in);
    tl_entry *entries;
    size_t count;
    cJSON *history;
    assert_int_equal(tl_ledger_list(&entries, &count, ledger, TL_ENTRY_SENDING, NULL, NULL), TL_OK);
    assert_int_equal(count, 3);
    tl_entries_free(entries, count);
    assert_int_equal(tl_ledger_history(&history, ledger, NULL, 0, 0, NULL), TL_OK);
    assert_int_equal(cJSON_GetArraySize(history), 3);
    cJSON_Delete(history);
    tl_ledger_close(ledger);
}

int main(void)
{
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(a_ledger_is_born_once),
        IN_A_FOLDER(its_file_is_for_its_owner_only),
        cmocka_unit_test(the_members_are_all_numbered),
        IN_A_FOLDER(an_entry_comes_back_as_it_was_put),
        IN_A_FOLDER(a_finished_entry_keeps_no_seal),
        IN_A_FOLDER(lists_are_by_state_or_by_request),
        IN_A_FOLDER(states_have_names_of_their_own),
        IN_A_FOLDER(polling_starts_at_the_floor),
        IN_A_FOLDER(what_was_put_survives_a_kill),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
