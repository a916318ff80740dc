/* A ledger of ten thousand prompts: how large it is, and how long its calls take. */
#include "base/time.h"
#include "ledger_case.h"

enum { PROMPTS = 10000, SEAL_SIZE = 1200, ROUNDS = 50, LIMIT_MB = 20 };

/* What one prompt leaves behind, as long as the real thing: a seal with one choice, SOAR's questions, GUIDs.
 */
static void fill(tl_entry *entry, int64_t id, tl_entry_state state)
{
    char text[SEAL_SIZE + 1];
    *entry = (tl_entry){.approval_id = 1000 + id, .state = TL_ENTRY_SEEN};
    snprintf(text, sizeof text, "%08llx-0000-4000-8000-00000000100e", (unsigned long long)id);
    assert_true(tl_entry_set(&entry->request_id, text));
    assert_true(tl_entry_set(&entry->organization_id, ORGANIZATION));
    memset(text, 'e', SEAL_SIZE);
    text[SEAL_SIZE] = '\0';
    memcpy(text, "threatlocker-seal:1:", 20);
    snprintf(text + 20, 21, "%020lld", (long long)id);
    text[40] = 'e';
    assert_true(tl_entry_set(&entry->seal_line, text));
    assert_true(tl_entry_set(&entry->questions,
                             "[{\"prompt\":\"Permit the file?\",\"options\":{\"type\":\"list\",\"choices\":"
                             "[\"Permit\",\"Reject\",\"Ignore\"]}},{\"prompt\":\"Reason\",\"options\":"
                             "{\"type\":\"message\"}}]"));
    assert_true(tl_entry_set(&entry->due_at, "2026-06-23T14:35:12.123456Z"));
    entry->state = state;
}

static void answer(tl_entry *entry)
{
    assert_true(tl_entry_set(&entry->answer, "permit") && tl_entry_set(&entry->label, "Permit") &&
                tl_entry_set(&entry->answered_by, "duty.analyst@example.com") &&
                tl_entry_set(&entry->answered_at, "2026-06-23T14:15:12.123456Z"));
    entry->state = TL_ENTRY_ANSWERED;
}

static void send(tl_entry *entry)
{
    assert_true(tl_entry_set(&entry->operation_id, OPERATION) &&
                tl_entry_set(&entry->body_sha256,
                             "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"));
    entry->sent_at_us = tl_now_us();
    entry->attempts = entry->claim_epoch = 1;
    entry->claimed_at_us = entry->sent_at_us;
    entry->state = TL_ENTRY_SENDING;
}

static void conclude(tl_entry *entry)
{
    assert_true(tl_entry_set(&entry->outcome, "permitted") &&
                tl_entry_set(&entry->verified,
                             "read back: status 4, by chain@example.com, at 2026-06-23T14:15:14.48Z"));
    entry->state = TL_ENTRY_PERMITTED;
}

static void put_entry(tl_ledger *ledger, const tl_entry *entry)
{
    assert_int_equal(put_one(ledger, entry), TL_OK);
}

/* One prompt's whole life, or only its first sight. */
static void live(tl_ledger *ledger, int64_t id, bool to_the_end)
{
    tl_entry entry;
    fill(&entry, id, TL_ENTRY_SEEN);
    put_entry(ledger, &entry);
    if (to_the_end) {
        answer(&entry);
        put_entry(ledger, &entry);
        send(&entry);
        put_entry(ledger, &entry);
        conclude(&entry);
        put_entry(ledger, &entry);
    }
    tl_entry_clear(&entry);
}

static double megabytes(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? (double)status.st_size / 1e6 : 0;
}

/* Milliseconds of one call, the quickest and the middle of many. */
static void print_times(const char *what, int64_t *us)
{
    for (int i = 1; i < ROUNDS; i++) {
        for (int j = i; j > 0 && us[j - 1] > us[j]; j--) {
            int64_t other = us[j];
            us[j] = us[j - 1];
            us[j - 1] = other;
        }
    }
    int64_t middle = us[ROUNDS / 2];
    print_message("  %-8s %.3f ms at best, %.3f ms in the middle\n", what, (double)us[0] / 1e3,
                  (double)middle / 1e3);
}

static void time_calls(tl_ledger *ledger)
{
    int64_t summary_us[ROUNDS], get_us[ROUNDS], peers_us[ROUNDS], put_us[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        tl_entry entry, *peers = NULL;
        size_t count;
        bool found = false;
        int64_t start = tl_now_us();
        (void)summary_of(ledger);
        summary_us[i] = tl_now_us() - start;
        start = tl_now_us();
        assert_int_equal(tl_ledger_get(&entry, &found, ledger, 1000 + i * (PROMPTS / ROUNDS), NULL), TL_OK);
        get_us[i] = tl_now_us() - start;
        assert_true(found);
        start = tl_now_us();
        assert_int_equal(tl_ledger_list(&peers, &count, ledger, entry.state, entry.request_id, NULL), TL_OK);
        peers_us[i] = tl_now_us() - start;
        assert_int_equal(count, 1);
        tl_entries_free(peers, count);
        start = tl_now_us();
        put_entry(ledger, &entry);
        put_us[i] = tl_now_us() - start;
        tl_entry_clear(&entry);
    }
    print_times("summary", summary_us);
    print_times("get", get_us);
    print_times("peers", peers_us);
    print_times("put", put_us);
}

static void fill_and_measure(const folder *in, int64_t prompts, int64_t finished)
{
    char wal[320];
    snprintf(wal, sizeof wal, "%s-wal", in->ledger);
    tl_ledger *ledger = open_ledger(in);
    int64_t start = tl_now_us();
    for (int64_t id = 0; id < prompts; id++) {
        live(ledger, id, id < finished);
    }
    int64_t puts = prompts + 3 * finished;
    print_message("%lld prompts, %lld of them finished: %.3f ms a put, log %.1f MB\n", (long long)prompts,
                  (long long)finished, (double)(tl_now_us() - start) / 1e3 / (double)puts, megabytes(wal));
    tl_ledger_overview overview = summary_of(ledger);
    assert_int_equal(overview.counts[TL_ENTRY_PERMITTED], finished);
    assert_int_equal(overview.counts[TL_ENTRY_SEEN], prompts - finished);
    assert_int_equal(overview.newest_id, 1000 + prompts - 1);
    if (prompts == PROMPTS) {
        time_calls(ledger);
    }
    tl_ledger_close(ledger);
    start = tl_now_us();
    ledger = open_ledger(in);
    (void)summary_of(ledger);
    int64_t opened_us = tl_now_us() - start;
    tl_ledger_close(ledger);
    print_message("  %.1f MB, opened in %.1f ms\n", megabytes(in->ledger), (double)opened_us / 1e3);
    assert_true(megabytes(in->ledger) < LIMIT_MB);
}

/* Valgrind and sanitizers have nothing to learn from the ten-thousandth prompt. */
static int64_t prompts_to_put(void)
{
    return getenv("TL_SCALE_FEW") == NULL ? PROMPTS : PROMPTS / 50;
}

static void ten_thousand_prompts_a_few_open(void **state)
{
    fill_and_measure(*state, prompts_to_put(), prompts_to_put() / 10 * 9);
}

static void ten_thousand_prompts_all_open(void **state)
{
    fill_and_measure(*state, prompts_to_put(), 0);
}

int main(void)
{
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(ten_thousand_prompts_a_few_open),
        IN_A_FOLDER(ten_thousand_prompts_all_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
