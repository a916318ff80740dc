/* What the ledger keeps, and that it keeps it. */
#include "base/sha256.h"
#include "base/time.h"
#include "ledger_case.h"

#define OTHER_REQUEST "0e000000-0000-4000-8000-00000000200e"

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

static void set_seal_digest(tl_entry *entry)
{
    char digest[TL_SHA256_HEX_SIZE];
    tl_sha256_hex(entry->seal_line, strlen(entry->seal_line), digest);
    assert_true(tl_entry_set(&entry->seal_sha256, digest));
}

static void fill(tl_entry *entry)
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
    fill(&full);
    tl_ledger *ledger = open_ledger(in);
    assert_int_equal(tl_ledger_get(&got, &found, ledger, full.approval_id, NULL), TL_OK);
    assert_false(found);
    assert_int_equal(tl_ledger_put(ledger, &full, NULL), TL_OK);
    assert_int_equal(tl_ledger_put(ledger, &bare, NULL), TL_OK);
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
    assert_int_equal(tl_ledger_put(ledger, &full, NULL), TL_OK);
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
        fill(&full);
        assert_int_equal(tl_ledger_put(ledger, &full, NULL), TL_OK);
        full.state = (tl_entry_state)i;
        assert_int_equal(tl_entry_is_open(full.state), open);
        assert_int_equal(tl_ledger_put(ledger, &full, NULL), TL_OK);
        assert_int_equal(tl_ledger_get(&got, &found, ledger, full.approval_id, NULL), TL_OK);
        if (!open) {
            assert_true(tl_entry_set(&full.seal_line, NULL) && tl_entry_set(&full.questions, NULL));
        }
        assert_entries_equal(&got, &full);
        /* Put again without its seal line, it keeps the digest that it brings. */
        assert_int_equal(tl_ledger_put(ledger, &full, NULL), TL_OK);
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

static cJSON *history_of(tl_ledger *ledger, const char *request_id, int64_t after_id, size_t limit)
{
    cJSON *history = NULL;
    assert_int_equal(tl_ledger_history(&history, ledger, request_id, after_id, limit, NULL), TL_OK);
    return history;
}

static void history_keeps_every_step(void **state)
{
    const folder *in = *state;
    tl_ledger *ledger = open_ledger(in);
    tl_entry entry;
    put(ledger, 41, TL_ENTRY_SEEN, REQUEST);
    put(ledger, 42, TL_ENTRY_SEEN, OTHER_REQUEST);
    fill(&entry);
    entry.approval_id = 41;
    assert_true(tl_entry_set(&entry.request_id, "0E000000-0000-4000-8000-00000000100E"));
    assert_int_equal(tl_ledger_put(ledger, &entry, NULL), TL_OK);
    cJSON *history = history_of(ledger, NULL, 0, 0);
    assert_int_equal(cJSON_GetArraySize(history), 3);
    assert_members(history, "0.id=1|0.state='seen'|0.answer=absent|1.id=2|2.id=3", "all");
    const cJSON *line = cJSON_GetArrayItem(history, 2);
    assert_members(line, "id=3|approval_id=41|state='sending'", "line");
    const struct {
        const char *name, *text;
    } texts[] = {{"organization_id", entry.organization_id},
                 {"answer", entry.answer},
                 {"label", entry.label},
                 {"answered_by", entry.answered_by},
                 {"answered_at", entry.answered_at},
                 {"operation_id", entry.operation_id},
                 {"body_sha256", entry.body_sha256},
                 {"outcome", entry.outcome},
                 {"verified", entry.verified},
                 {"message", entry.message}};
    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_string_equal(tl_json_text(line, texts[i].name), texts[i].text);
    }
    assert_int_equal(cJSON_GetArraySize(line), 5 + (int)COUNT(texts));
    int64_t time_us;
    assert_true(tl_time_parse(tl_json_text(line, "time"), false, &time_us));
    assert_true(time_us >= summary_of(ledger).birth_us);
    cJSON_Delete(history);
    tl_entry_clear(&entry);
    tl_ledger_close(ledger);
}

static void history_is_read_in_parts(void **state)
{
    const folder *in = *state;
    static const struct {
        const char *request_id;
        int64_t after_id;
        size_t limit;
        const char *members;
        int count;
    } rows[] = {
        {NULL, 0, 0, "0.id=1|3.id=4", 4}, {NULL, 0, 2, "0.id=1|1.id=2", 2},
        {NULL, 2, 0, "0.id=3|1.id=4", 2}, {NULL, 2, 1, "0.id=3", 1},
        {NULL, 4, 0, "0=absent", 0},      {REQUEST, 0, 0, "0.id=1|1.id=3", 2},
        {REQUEST, 1, 0, "0.id=3", 1},     {REQUEST, 0, 1, "0.id=1", 1},
        {OPERATION, 0, 0, "0=absent", 0},
    };
    tl_ledger *ledger = open_ledger(in);
    put(ledger, 41, TL_ENTRY_SEEN, REQUEST);
    put(ledger, 42, TL_ENTRY_SEEN, OTHER_REQUEST);
    put(ledger, 41, TL_ENTRY_LEFT, "0E000000-0000-4000-8000-00000000100E");
    put(ledger, 43, TL_ENTRY_FOREIGN, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *history = history_of(ledger, rows[i].request_id, rows[i].after_id, rows[i].limit);
        assert_int_equal(cJSON_GetArraySize(history), rows[i].count);
        if (rows[i].count > 0) {
            assert_members(history, rows[i].members, "part");
        }
        cJSON_Delete(history);
    }
    tl_ledger_close(ledger);
}

/* The note rides on the next put, or on the closing: a process that dies before forgets it. */
static void which_events_were_given_is_noted(void **state)
{
    const folder *in = *state;
    tl_ledger *ledger = open_ledger(in);
    assert_int_equal(tl_ledger_events_given(ledger, 0), 0);
    put(ledger, 1, TL_ENTRY_SEEN, REQUEST);
    put(ledger, 2, TL_ENTRY_SEEN, REQUEST);
    assert_int_equal(tl_ledger_events_given(ledger, 2), 2);
    assert_int_equal(tl_ledger_events_given(ledger, 1), 2);
    tl_ledger_close(ledger);
    for (int put_after = 0; put_after <= 1; put_after++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            tl_entry entry = {.approval_id = 3, .state = TL_ENTRY_SEEN};
            if (tl_ledger_open(&ledger, in->ledger, NULL) == TL_OK &&
                tl_ledger_events_given(ledger, 5) == 5 &&
                (put_after == 0 || tl_ledger_put(ledger, &entry, NULL) == TL_OK)) {
                kill(getpid(), SIGKILL);
            }
            _exit(1);
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        ledger = open_ledger(in);
        assert_int_equal(tl_ledger_events_given(ledger, 0), put_after == 0 ? 2 : 5);
        tl_ledger_close(ledger);
    }
}

static char *history_text(const folder *in)
{
    tl_ledger *ledger = open_ledger(in);
    cJSON *history = NULL;
    assert_int_equal(tl_ledger_history(&history, ledger, NULL, 0, 0, NULL), TL_OK);
    char *text = text_of(history);
    cJSON_Delete(history);
    tl_ledger_close(ledger);
    return text;
}

static void history_cannot_be_rewritten(void **state)
{
    const folder *in = *state;
    static const char upsert[] = "INSERT INTO history (id,time,approval_id,state) VALUES (1,'t',1,'x')"
                                 " ON CONFLICT (id) DO UPDATE SET state='permitted'";
    static const char *const attempts[] = {
        upsert,
        "UPDATE history SET outcome='permitted'",
        "UPDATE OR IGNORE history SET outcome='permitted' WHERE id=1",
        "UPDATE OR REPLACE history SET id=2 WHERE id=1",
        "DELETE FROM history",
        "DELETE FROM history WHERE id=2",
        "REPLACE INTO history (id,time,approval_id,state) VALUES (1,'t',1,'permitted')",
        "INSERT OR REPLACE INTO history (id,time,approval_id,state) VALUES (2,'t',1,'permitted')",
    };
    tl_ledger *ledger = open_ledger(in);
    put(ledger, 1, TL_ENTRY_SEEN, REQUEST);
    put(ledger, 1, TL_ENTRY_REFUSED, REQUEST);
    tl_ledger_close(ledger);
    char *before = history_text(in);
    for (size_t i = 0; i < COUNT(attempts); i++) {
        if (run_sql(in->ledger, attempts[i]) == SQLITE_OK) {
            fail_msg("%s", attempts[i]);
        }
        assert_text_and_free(history_text(in), before);
    }
    assert_int_equal(
        run_sql(in->ledger, "INSERT INTO history (time,approval_id,state) VALUES ('t',1,'seen')"), SQLITE_OK);
    char *after = history_text(in);
    assert_true(strlen(after) > strlen(before));
    free(after);
    free(before);
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
            if (tl_ledger_open(&ledger, in->ledger, NULL) != TL_OK ||
                tl_ledger_put(ledger, &entry, NULL) != TL_OK) {
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
        IN_A_FOLDER(history_keeps_every_step),
        IN_A_FOLDER(history_is_read_in_parts),
        IN_A_FOLDER(which_events_were_given_is_noted),
        IN_A_FOLDER(history_cannot_be_rewritten),
        IN_A_FOLDER(what_was_put_survives_a_kill),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
