/* Events: one JSON line per state change, with an id that stays, given at least once whatever dies. */
#include <fcntl.h>

#include "chain/engine.h"
#include "chain/ledger_store.h"
#include "ledger_case.h"

/* A chain of nothing but its ledger, and what its event function was given. */
typedef struct listener {
    tl_chain chain;
    tl_buffer heard; /* lines */
    int count;
} listener;

static void hear(void *data, const char *line)
{
    listener *self = data;
    assert_true(tl_buffer_format(&self->heard, "%s\n", line));
    self->count++;
}

/* As tl_chain_new does it; without an event function where nobody listens. */
static void start(listener *self, const folder *in, tl_event_fn event)
{
    *self = (listener){.heard = {.limit = 64 << 20}};
    self->chain.options.event = event;
    self->chain.options.event_data = self;
    self->chain.ledger = open_ledger(in);
    tl_ledger_overview overview = summary_of(self->chain.ledger);
    assert_true(tl_buffer_text(&self->heard, ""));
    assert_int_equal(tl_chain_open_events(&self->chain, &overview, NULL), TL_OK);
}

static void stop(listener *self)
{
    tl_chain_note_events(&self->chain);
    tl_ledger_close(self->chain.ledger);
    tl_buffer_free(&self->heard);
}

static void record(listener *self, int64_t approval_id, tl_entry_state state)
{
    tl_entry entry = {.approval_id = approval_id};
    assert_true(tl_entry_set(&entry.request_id, REQUEST));
    assert_int_equal(tl_chain_record(&self->chain, &entry, state, NULL, NULL), TL_OK);
    tl_entry_clear(&entry);
}

static void an_event_says_what_happened(void **state)
{
    const folder *in = *state;
    listener self;
    start(&self, in, hear);
    tl_entry entry = {.approval_id = INT64_C(9007199254740993)};
    for (int i = 0; i < TL_ENTRY_TEXTS; i++) {
        assert_true(tl_entry_set(tl_entry_text(&entry, i), "text"));
    }
    assert_int_equal(tl_chain_record(&self.chain, &entry, TL_ENTRY_PERMITTED, "a \"why\"", NULL), TL_OK);
    cJSON *event = json_of(self.heard.data), *history = NULL;
    assert_int_equal(tl_chain_history(&history, &self.chain, NULL, NULL), TL_OK);
    char id[64];
    snprintf(id, sizeof id, "%s:1", summary_of(self.chain.ledger).id);
    assert_string_equal(tl_json_text(event, "event"), id);
    assert_string_equal(tl_json_text(event, "time"), tl_json_text(cJSON_GetArrayItem(history, 0), "time"));
    assert_members(event,
                   "state='permitted'|approval_id=9007199254740993|request_id='text'|organization_id='text'|"
                   "answer='text'|label='text'|answered_by='text'|operation_id='text'|outcome='text'|"
                   "verified='text'",
                   "full");
    assert_string_equal(tl_json_text(event, "message"), "a \"why\"");
    assert_int_equal(cJSON_GetArraySize(event), 13);
    assert_int_equal(self.heard.length, strcspn(self.heard.data, "\n") + 1);
    cJSON_Delete(event);
    cJSON_Delete(history);
    tl_entry_clear(&entry);
    stop(&self);
}

static void what_is_not_known_is_left_out_and_foreign_prompts_are_no_news(void **state)
{
    const folder *in = *state;
    listener self;
    start(&self, in, hear);
    tl_entry bare = {.approval_id = 7};
    assert_int_equal(tl_chain_record(&self.chain, &bare, TL_ENTRY_FOREIGN, "not sealed", NULL), TL_OK);
    assert_int_equal(self.count, 0);
    assert_int_equal(tl_chain_record(&self.chain, &bare, TL_ENTRY_LEFT, NULL, NULL), TL_OK);
    assert_int_equal(self.count, 1);
    cJSON *event = json_of(self.heard.data);
    assert_members(event, "state='left'|approval_id=7", "bare");
    assert_int_equal(cJSON_GetArraySize(event), 4);
    cJSON_Delete(event);
    tl_entry_clear(&bare);
    stop(&self);
}

/* Each event's number within the ledger, in the order they were heard: "1 2 3". */
static char *numbers(const listener *self)
{
    tl_buffer text = {.limit = 1 << 20};
    assert_true(tl_buffer_text(&text, ""));
    for (const char *line = self->heard.data; *line != '\0'; line = strchr(line, '\n') + 1) {
        char *copy = exact_copy(line, strcspn(line, "\n") + 1);
        copy[strcspn(line, "\n")] = '\0';
        cJSON *event = json_of(copy);
        const char *id = tl_json_text(event, "event");
        assert_int_equal(strncmp(id, self->chain.ledger_id, TL_GUID_SIZE - 1), 0);
        assert_true(tl_buffer_format(&text, "%s%s", text.length == 0 ? "" : " ", id + TL_GUID_SIZE));
        cJSON_Delete(event);
        free(copy);
    }
    return text.data;
}

static void what_was_taken_is_not_given_again(void **state)
{
    const folder *in = *state;
    listener self;
    start(&self, in, hear);
    record(&self, 1, TL_ENTRY_SEEN);
    record(&self, 2, TL_ENTRY_SEEN);
    assert_text_and_free(numbers(&self), "1 2");
    stop(&self);
    start(&self, in, hear);
    assert_int_equal(self.count, 0);
    record(&self, 1, TL_ENTRY_LEFT);
    assert_text_and_free(numbers(&self), "3");
    stop(&self);
}

static void what_could_not_be_kept_is_given_again(void **state)
{
    const folder *in = *state;
    listener self;
    start(&self, in, hear);
    record(&self, 1, TL_ENTRY_SEEN);
    tl_chain_note_events(&self.chain);
    record(&self, 2, TL_ENTRY_SEEN);
    tl_chain_repeat_events(&self.chain);
    tl_chain_note_events(&self.chain);
    record(&self, 2, TL_ENTRY_LEFT);
    assert_text_and_free(numbers(&self), "1 2 2 3");
    tl_chain_repeat_events(&self.chain);
    stop(&self);
    start(&self, in, hear);
    assert_text_and_free(numbers(&self), "2 3");
    tl_chain_repeat_events(&self.chain);
    stop(&self);
    start(&self, in, hear);
    assert_text_and_free(numbers(&self), "2 3");
    stop(&self);
}

static void without_a_listener_events_wait(void **state)
{
    const folder *in = *state;
    listener self;
    start(&self, in, NULL);
    record(&self, 1, TL_ENTRY_SEEN);
    record(&self, 2, TL_ENTRY_FOREIGN);
    record(&self, 1, TL_ENTRY_LEFT);
    stop(&self);
    start(&self, in, hear);
    assert_text_and_free(numbers(&self), "1 3");
    stop(&self);
}

static int forbid_reading_history(void *data, int action, const char *table, const char *column,
                                  const char *database, const char *trigger)
{
    (void)data, (void)column, (void)database;
    bool reads = action == SQLITE_READ && strcmp(table, "history") == 0;
    return reads && trigger == NULL ? SQLITE_DENY : SQLITE_OK;
}

/* What is on disk counts as recorded, or a write would be taken for sent that was stopped. */
static void an_event_that_cannot_be_given_now_is_given_later(void **state)
{
    const folder *in = *state;
    listener self;
    start(&self, in, NULL);
    record(&self, 1, TL_ENTRY_ANSWERED);
    self.chain.options.event = hear;
    sqlite3_set_authorizer(self.chain.ledger->db, forbid_reading_history, NULL);
    record(&self, 1, TL_ENTRY_SENDING);
    assert_int_equal(self.count, 0);
    assert_int_equal(tl_chain_give_events(&self.chain, NULL), TL_CONFIG);
    sqlite3_set_authorizer(self.chain.ledger->db, NULL, NULL);
    assert_int_equal(tl_chain_give_events(&self.chain, NULL), TL_OK);
    assert_text_and_free(numbers(&self), "1 2");
    stop(&self);
}

/* A listener that keeps its lines until control is back must not be drowned. */
static void very_many_events_come_in_parts(void **state)
{
    enum { MANY = 4000 };
    const folder *in = *state;
    listener self;
    char message[400];
    memset(message, 'm', sizeof message - 1);
    message[sizeof message - 1] = '\0';
    start(&self, in, NULL);
    for (int i = 1; i <= MANY; i++) {
        tl_entry entry = {.approval_id = i};
        assert_int_equal(tl_chain_record(&self.chain, &entry, TL_ENTRY_LEFT, message, NULL), TL_OK);
        tl_entry_clear(&entry);
    }
    stop(&self);
    start(&self, in, hear);
    int heard = 0, steps = 0;
    do {
        assert_true(self.count > heard && self.heard.length < (size_t)(steps + 1) * 600 * 1024);
        heard = self.count;
        steps++;
        tl_chain_note_events(&self.chain);
        assert_int_equal(tl_chain_give_events(&self.chain, NULL), TL_OK);
    } while (heard < MANY && steps < 100);
    assert_int_equal(self.count, MANY);
    assert_true(steps > 2);
    char *all = numbers(&self);
    int expected = 1;
    char *rest = NULL;
    for (char *word = strtok_r(all, " ", &rest); word != NULL;
         word = strtok_r(NULL, " ", &rest), expected++) {
        assert_int_equal(atoi(word), expected);
    }
    assert_int_equal(expected, MANY + 1);
    free(all);
    stop(&self);
}

/* Hands on what was heard, as a listener does that cannot be called within a step. */
static void hand_on(listener *self, int fd)
{
    if (write(fd, self->heard.data, self->heard.length) != (ssize_t)self->heard.length) {
        _exit(1);
    }
    self->heard.length = 0;
}

/* A process that hears events into a file, and lives through a prompt after another until it dies. */
static void live(const folder *in, const char *heard, const char *die_at)
{
    listener self;
    int fd = open(heard, O_WRONLY | O_APPEND | O_CREAT, 0600);
    setenv("TL_DIE_AT", die_at, 1);
    start(&self, in, hear);
    int64_t first = summary_of(self.chain.ledger).newest_id + 1;
    for (int64_t id = first; id < first + 3; id++) {
        hand_on(&self, fd);
        tl_chain_note_events(&self.chain);
        record(&self, id, TL_ENTRY_SEEN);
        record(&self, id, TL_ENTRY_ANSWERED);
        record(&self, id, TL_ENTRY_SENDING);
        record(&self, id, TL_ENTRY_PERMITTED);
    }
    hand_on(&self, fd);
    stop(&self);
    _exit(0);
}

/* Every line of history is among the lines that were heard. */
static void assert_nothing_unheard(const folder *in, const char *heard_path, const char *about)
{
    size_t length;
    char *heard = read_file(heard_path, &length), id[80];
    tl_ledger *ledger = open_ledger(in);
    cJSON *history = NULL;
    const cJSON *line;
    assert_int_equal(tl_ledger_history(&history, ledger, NULL, 0, 0, NULL), TL_OK);
    cJSON_ArrayForEach (line, history) {
        snprintf(id, sizeof id, "\"%s:%lld\"", summary_of(ledger).id,
                 (long long)tl_json_integer_or(line, "id", 0));
        if (strstr(heard, id) == NULL) {
            fail_msg("%s: nobody heard %s", about, id);
        }
    }
    assert_true(cJSON_GetArraySize(history) > 0);
    cJSON_Delete(history);
    tl_ledger_close(ledger);
    free(heard);
}

static void killed_anywhere_each_event_is_heard_in_the_end(void **state)
{
#ifndef TL_FAULT_POINTS
    (void)state;
    skip();
#else
    const folder *in = *state;
    static const char *const deaths[] = {
        "seen.committed",        "event.give",
        "event.give:2",          "event.given",
        "event.given:3",         "answered.committed",
        "sending.commit",        "sending.committed:2",
        "permitted.committed",   "permitted.commit:2",
        "event.give:9",          "event.given:11",
        "permitted.committed:3", "nowhere",
    };
    char heard[400];
    snprintf(heard, sizeof heard, "%s/heard", in->name);
    tl_ledger_close(open_ledger(in));
    for (size_t i = 0; i < COUNT(deaths); i++) {
        bool dies = i + 1 < COUNT(deaths);
        fflush(NULL);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            live(in, heard, deaths[i]);
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        if (dies ? !WIFSIGNALED(status) : status != 0) {
            fail_msg("%s: ended with %d", deaths[i], status);
        }
    }
    assert_nothing_unheard(in, heard, "after all deaths");
#endif
}

int main(void)
{
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(an_event_says_what_happened),
        IN_A_FOLDER(what_is_not_known_is_left_out_and_foreign_prompts_are_no_news),
        IN_A_FOLDER(what_was_taken_is_not_given_again),
        IN_A_FOLDER(what_could_not_be_kept_is_given_again),
        IN_A_FOLDER(without_a_listener_events_wait),
        IN_A_FOLDER(an_event_that_cannot_be_given_now_is_given_later),
        IN_A_FOLDER(very_many_events_come_in_parts),
        IN_A_FOLDER(killed_anywhere_each_event_is_heard_in_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
