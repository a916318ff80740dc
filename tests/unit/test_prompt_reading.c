/* What was answered: every row of splunk-soar.md 13.3 and every rule of 13.2 that is about reading. */
#include "base/time.h"
#include "chain/prompt_reading.h"
#include "json_case.h"

#define HOUR_US (3600 * TL_SECOND_US)
#define NOW "2026-11-02T09:10:00Z"
#define TIMES "'close_time':'2026-11-02T09:07:41.502000Z','due_time':'2026-11-02T09:30:00.100000Z'"
#define RECORD(status, responses)                                                                            \
    "{'id':41,'type':'manual','status':" status ",'responses':" responses "," TIMES "}"
#define RUN_AT(status, responses, answered_at)                                                               \
    "{'status':'success','result_data':[{'status':" status                                                   \
    ",'summary':{'user':'analyst','answered_at':" answered_at ",'responses':" responses "}}]}"
#define RUN(status, responses) RUN_AT(status, responses, "'2026-11-02T09:07:41.502000Z'")
#define LIST(choices) "[{'prompt':'Decision','options':{'type':'list','choices':" choices "}}]"
#define QUESTIONS LIST("['Permit','Reject','Ignore']")

enum { WAIT = TL_READING_WAIT, PERMIT = TL_READING_PERMIT, REJECT = TL_READING_REJECT };
enum { IGNORE = TL_READING_IGNORE, CLOSED = TL_READING_CLOSED, UNDECIDED = TL_READING_UNDECIDED };

typedef struct reading_case {
    const char *record;
    const char *run;       /* NULL = there is none */
    const char *questions; /* NULL = not known */
    const char *now;       /* NULL = NOW */
} reading_case;

/* Fails unless the case reads as expected. `part` of the reason may be NULL. */
static void assert_reading(const reading_case *given, int expected, const char *part)
{
    cJSON *record = json_of(given->record);
    cJSON *run = given->run == NULL ? NULL : json_of(given->run);
    cJSON *questions = given->questions == NULL ? NULL : json_of(given->questions);
    tl_prompt_evidence evidence = {
        .record = record, .app_run = run, .response_types = questions, .max_answer_age_us = HOUR_US};
    assert_true(tl_time_parse(given->now == NULL ? NOW : given->now, false, &evidence.now_us));
    tl_reading reading = tl_read_prompt(&evidence);
    if ((int)reading.kind != expected || (part != NULL && strstr(reading.reason, part) == NULL)) {
        fail_msg("%s / %s / %s: %s \"%s\"", given->record, given->run == NULL ? "no run" : given->run,
                 given->questions == NULL ? "-" : given->questions, tl_reading_name(reading.kind),
                 reading.reason);
    }
    assert_true(strlen(reading.reason) > 0);
    cJSON_Delete(questions);
    cJSON_Delete(run);
    cJSON_Delete(record);
}

static const char *const positive[] = {"['Permit']",
                                       "['Approve']",
                                       "[' approve\\t']",
                                       "['PERMIT']",
                                       "[{'response':'Permit'}]",
                                       "[{'value':'Approve','prompt':'Decision'}]"};
static const char *const negative[] = {"['Reject']", "['Deny']", "['DENY ']", "[{'response':'Reject'}]"};
static const char *const ignoring[] = {"['Ignore']", "[{'value':'ignore'}]"};
static const char *const empty[] = {"[]", "null"};
static const char *const unreadable[] = {
    "['']",
    "[' ']",
    "['yes']",
    "['true']",
    "['1']",
    "['ok']",
    "['do not approve']",
    "['Approved']",
    "['Approve.']",
    "['Approve it']",
    "['Permit\\nPermit']",
    "['Permit\\u00a0']",
    "['Perm\\u0131t']",
    "['\\u202ePermit']",
    "[1]",
    "[true]",
    "[null]",
    "[['Permit']]",
    "[{}]",
    "[{'response':'Permit','value':'Permit'}]",
    "[{'response':'Permit','value':null}]",
    "[{'response':null,'value':'Permit'}]",
    "[{'response':true}]",
    "[{'response':['Permit']}]",
    "[{'response':{'response':'Permit'}}]",
    "[{'Response':'Permit'}]",
    "[{'answer':'Permit'}]",
    "'Permit'",
    "{'response':'Permit'}",
    "{'0':'Permit'}",
    "true",
    "1",
};

typedef struct word_list {
    const char *const *items;
    size_t count;
} word_list;

static const word_list answers[] = {{positive, COUNT(positive)},
                                    {negative, COUNT(negative)},
                                    {ignoring, COUNT(ignoring)},
                                    {empty, COUNT(empty)},
                                    {unreadable, COUNT(unreadable)}};

/* The table of 13.3: a row's reading for each kind of answer, in the order of `answers`. */
typedef struct table_row {
    const char *status;
    int expected[COUNT(answers)];
} table_row;

static void record_of(char *text, size_t size, const char *status, const char *responses)
{
    snprintf(text, size, RECORD("%s", "%s"), status, responses);
}

static void run_of(char *text, size_t size, const char *status, const char *responses)
{
    snprintf(text, size, RUN("%s", "%s"), status, responses);
}

static void a_record_reads_by_status_and_answer(void **state)
{
    (void)state;
    static const table_row rows[] = {
        {"'pending'", {WAIT, WAIT, WAIT, WAIT, WAIT}},
        {"'expired'", {CLOSED, CLOSED, CLOSED, CLOSED, CLOSED}},
        {"'approved'", {PERMIT, REJECT, IGNORE, UNDECIDED, UNDECIDED}},
        {"'denied'", {UNDECIDED, REJECT, UNDECIDED, UNDECIDED, UNDECIDED}},
        {"'Approved'", {UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED}},
        {"'APPROVED'", {UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED}},
        {"' approved'", {UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED}},
        {"'success'", {UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED}},
        {"'closed'", {UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED}},
        {"'completed'", {UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED}},
        {"''", {UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED}},
        {"null", {UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED}},
        {"1", {UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED}},
        {"true", {UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED}},
        {"['approved']", {UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED}},
    };
    char record[1024];
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t j = 0; j < COUNT(answers); j++) {
            for (size_t k = 0; k < answers[j].count; k++) {
                record_of(record, sizeof record, rows[i].status, answers[j].items[k]);
                assert_reading(&(reading_case){record, NULL, NULL, NULL}, rows[i].expected[j], NULL);
            }
        }
    }
}

static void an_app_run_reads_by_status_and_answer(void **state)
{
    (void)state;
    static const table_row rows[] = {
        {"'pending'", {WAIT, WAIT, WAIT, WAIT, WAIT}},
        {"'running'", {WAIT, WAIT, WAIT, WAIT, WAIT}},
        {"'success'", {PERMIT, REJECT, IGNORE, UNDECIDED, UNDECIDED}},
        {"'failed'", {UNDECIDED, UNDECIDED, UNDECIDED, CLOSED, UNDECIDED}},
        {"'Success'", {UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED}},
        {"'approved'", {UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED}},
        {"'cancelled'", {UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED}},
        {"null", {UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED}},
        {"true", {UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED}},
    };
    /* Beside each run a record that says the same, so that the run alone decides. */
    static const struct {
        const char *status;
        const char *responses;
        int reading;
    } records[] = {{"'approved'", "['Permit']", PERMIT},
                   {"'approved'", "['Reject']", REJECT},
                   {"'approved'", "['Ignore']", IGNORE},
                   {"'expired'", "[]", CLOSED}};
    char record[1024], run[1024];
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t j = 0; j < COUNT(answers); j++) {
            for (size_t k = 0; k < answers[j].count; k++) {
                for (size_t r = 0; r < COUNT(records); r++) {
                    int said = rows[i].expected[j];
                    int expected = said == WAIT || said == records[r].reading ? said : UNDECIDED;
                    record_of(record, sizeof record, records[r].status, records[r].responses);
                    run_of(run, sizeof run, rows[i].status, answers[j].items[k]);
                    assert_reading(&(reading_case){record, run, NULL, NULL}, expected, NULL);
                }
            }
        }
    }
}

static void an_app_run_needs_exactly_one_result(void **state)
{
    (void)state;
    static const char *const runs[] = {
        "{'status':'success'}",
        "{'status':'success','result_data':null}",
        "{'status':'success','result_data':[]}",
        "{'status':'failed','result_data':[{'status':'success','summary':{'answered_at':"
        "'2026-11-02T09:07:41.502000Z','responses':['Permit']}}]}",
        "{'status':'cancelled','result_data':[{'status':'success','summary':{'answered_at':"
        "'2026-11-02T09:07:41.502000Z','responses':['Permit']}}]}",
        "{'status':'success','result_data':{'status':'success','summary':{'responses':['Permit']}}}",
        "{'status':'success','result_data':[{'status':'success','summary':{'answered_at':"
        "'2026-11-02T09:07:41Z','responses':['Permit']}},{'status':'success','summary':{'answered_at':"
        "'2026-11-02T09:07:41Z','responses':['Permit']}}]}",
        "{'status':'success','result_data':['Permit']}",
        "{'status':'success','result_data':[null]}",
        "{'status':'success','result_data':[{'summary':{'responses':['Permit']}}]}",
        "{'status':'success','result_data':[{'status':'success','summary':['Permit']}]}",
        "{'status':'success','result_data':[{'status':'success','responses':['Permit']}]}",
        "{'status':'success','result_data':[{'status':'success','summary':{'response':'Permit'}}]}",
        "{'status':'failed','result_data':[]}",
        "{}",
        "[]",
        "'success'",
    };
    for (size_t i = 0; i < COUNT(runs); i++) {
        assert_reading(&(reading_case){RECORD("'approved'", "['Permit']"), runs[i], NULL, NULL}, UNDECIDED,
                       "run");
    }
    assert_reading(&(reading_case){RECORD("'approved'", "['Permit']"), "{'status':'running'}", NULL, NULL},
                   WAIT, "run");
    /* A run that never ends keeps no prompt open for ever. */
    assert_reading(&(reading_case){RECORD("'approved'", "['Permit']"), "{'status':'running'}", NULL,
                                   "2026-11-02T10:30:00Z"},
                   UNDECIDED, "run is still open");
}

static void two_sources_must_agree(void **state)
{
    (void)state;
    static const struct {
        const char *record;
        const char *run;
        int expected;
        const char *part;
    } rows[] = {
        {RECORD("'approved'", "['Permit']"), RUN("'success'", "['Approve']"), PERMIT, "permit"},
        {RECORD("'approved'", "['Permit']"), RUN("'success'", "['Reject']"), UNDECIDED, "disagree"},
        {RECORD("'approved'", "['Reject']"), RUN("'success'", "['Permit']"), UNDECIDED, "disagree"},
        {RECORD("'approved'", "['Ignore']"), RUN("'success'", "['Reject']"), UNDECIDED, "disagree"},
        {RECORD("'expired'", "[]"), RUN("'success'", "['Permit']"), UNDECIDED, "disagree"},
        {RECORD("'approved'", "['Permit']"), RUN("'failed'", "[]"), UNDECIDED, "disagree"},
        {RECORD("'denied'", "['Deny']"), RUN("'success'", "['Deny']"), REJECT, "reject"},
        {RECORD("'denied'", "['Deny']"), RUN("'success'", "['Approve']"), UNDECIDED, "disagree"},
        {RECORD("'denied'", "[]"), RUN("'success'", "['Deny']"), UNDECIDED, "denied"},
        {RECORD("'approved'", "[]"), RUN("'success'", "['Permit']"), UNDECIDED, "record"},
        {RECORD("'closed'", "['Permit']"), RUN("'success'", "['Permit']"), UNDECIDED, "record"},
        {RECORD("'expired'", "[]"), RUN("'failed'", "[]"), CLOSED, "expired"},
        /* An open source outweighs all: nothing is over yet. */
        {RECORD("'pending'", "[]"), RUN("'success'", "['Permit']"), WAIT, "open"},
        {RECORD("'approved'", "['Permit']"), RUN("'running'", "['Permit']"), WAIT, "run"},
        {RECORD("'expired'", "[]"), RUN("'pending'", "[]"), WAIT, "run"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_reading(&(reading_case){rows[i].record, rows[i].run, NULL, NULL}, rows[i].expected,
                       rows[i].part);
    }
}

static void the_first_question_is_a_list_of_known_words(void **state)
{
    (void)state;
    static const struct {
        const char *questions;
        const char *responses;
        int expected;
    } rows[] = {
        {QUESTIONS, "['Permit']", PERMIT},
        {QUESTIONS, "['Reject']", REJECT},
        {QUESTIONS, "['Ignore']", IGNORE},
        {LIST("['Approve','Deny']"), "['Approve']", PERMIT},
        {LIST("['Approve','Deny']"), "['Deny']", REJECT},
        /* As many answers as questions. */
        {QUESTIONS, "['Permit','Signed']", UNDECIDED},
        {"[{'options':{'type':'list','choices':['Permit','Reject']}},{'options':{'type':'message'}}]",
         "['Permit','Signed']", PERMIT},
        {"[{'options':{'type':'list','choices':['Permit','Reject']}},{'options':{'type':'message'}}]",
         "['Permit']", UNDECIDED},
        {"[]", "['Permit']", UNDECIDED},
        /* Index 0 decides, nothing else. */
        {"[{'options':{'type':'message'}},{'options':{'type':'list','choices':['Permit','Reject']}}]",
         "['Permit','Permit']", UNDECIDED},
        {"[{'options':{'type':'list','choices':['Permit','Reject']}},{'options':{'type':'message'}}]",
         "['Signed','Permit']", UNDECIDED},
        {"[{'prompt':'','options':{'type':'message'}}]", "['Permit']", UNDECIDED},
        {"[{'options':{'type':'List','choices':['Permit','Reject']}}]", "['Permit']", UNDECIDED},
        {"[{'options':{'type':'range','choices':['Permit','Reject']}}]", "['Permit']", UNDECIDED},
        {"[{'options':{'choices':['Permit','Reject']}}]", "['Permit']", UNDECIDED},
        {"[{'type':'list','choices':['Permit','Reject']}]", "['Permit']", UNDECIDED},
        {"['Permit']", "['Permit']", UNDECIDED},
        {LIST("[]"), "['Permit']", UNDECIDED},
        {LIST("null"), "['Permit']", UNDECIDED},
        {LIST("'Permit'"), "['Permit']", UNDECIDED},
        {LIST("['Permit','Reject','Later']"), "['Permit']", UNDECIDED},
        {LIST("['Permit','do not permit']"), "['Permit']", UNDECIDED},
        {LIST("['Permit',1]"), "['Permit']", UNDECIDED},
        {LIST("['Permit',['Reject']]"), "['Permit']", UNDECIDED},
    };
    char record[1024];
    for (size_t i = 0; i < COUNT(rows); i++) {
        record_of(record, sizeof record, "'approved'", rows[i].responses);
        assert_reading(&(reading_case){record, NULL, rows[i].questions, NULL}, rows[i].expected, NULL);
    }
}

static void an_answer_that_was_not_offered_decides_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *questions;
        const char *responses;
    } rows[] = {
        {LIST("['Approve','Deny']"), "['Permit']"},
        {LIST("['Approve','Deny']"), "['Ignore']"},
        {LIST("['Reject','Ignore']"), "['Permit']"},
    };
    char record[1024];
    for (size_t i = 0; i < COUNT(rows); i++) {
        record_of(record, sizeof record, "'approved'", rows[i].responses);
        assert_reading(&(reading_case){record, NULL, rows[i].questions, NULL}, UNDECIDED, "offer");
    }
}

static void an_answer_counts_in_time_only(void **state)
{
    (void)state;
    static const struct {
        const char *close_time;
        const char *due_time;
        const char *now;
        int expected;
        const char *part;
    } rows[] = {
        {"'2026-11-02T09:07:41Z'", "'2026-11-02T09:30:00Z'", NOW, PERMIT, "answered"},
        {"'2026-11-02T09:30:00Z'", "'2026-11-02T09:30:00Z'", "2026-11-02T09:30:00Z", PERMIT, "answered"},
        {"'2026-11-02T09:30:00.000001Z'", "'2026-11-02T09:30:00Z'", "2026-11-02T09:31:00Z", UNDECIDED,
         "after the prompt's due time"},
        {"null", "'2026-11-02T09:30:00Z'", NOW, UNDECIDED, "time of the answer"},
        {"''", "'2026-11-02T09:30:00Z'", NOW, UNDECIDED, "time of the answer"},
        {"'today'", "'2026-11-02T09:30:00Z'", NOW, UNDECIDED, "time of the answer"},
        {"1793610461", "'2026-11-02T09:30:00Z'", NOW, UNDECIDED, "time of the answer"},
        {"'2026-11-02T10:07:41+01:00'", "'2026-11-02T09:30:00Z'", NOW, UNDECIDED, "time of the answer"},
        {"'2026-11-02T09:07:41Z'", "null", NOW, UNDECIDED, "due time"},
        {"'2026-11-02T09:07:41Z'", "'soon'", NOW, UNDECIDED, "due time"},
        {"'2026-11-02T09:07:41Z'", "0", NOW, UNDECIDED, "due time"},
        /* One hour is the oldest here, five minutes the farthest in the future. */
        {"'2026-11-02T09:07:41Z'", "'2026-11-02T09:30:00Z'", "2026-11-02T10:07:41Z", PERMIT, "answered"},
        {"'2026-11-02T09:07:41Z'", "'2026-11-02T09:30:00Z'", "2026-11-02T10:07:41.000001Z", UNDECIDED,
         "older than"},
        {"'2026-11-02T09:07:41Z'", "'2026-11-02T09:30:00Z'", "2026-11-02T09:02:41Z", PERMIT, "answered"},
        {"'2026-11-02T09:07:41Z'", "'2026-11-02T09:30:00Z'", "2026-11-02T09:02:40Z", WAIT, "future"},
        {"'2026-11-02T09:07:41Z'", "'2026-11-02T09:07:40Z'", "2026-11-02T09:02:40Z", UNDECIDED, "due time"},
    };
    char record[512];
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (int reject = 0; reject <= 1; reject++) {
            snprintf(record, sizeof record,
                     "{'type':'manual','status':'approved','responses':['%s'],'close_time':%s,'due_time':%s}",
                     reject ? "Reject" : "Permit", rows[i].close_time, rows[i].due_time);
            int expected = reject && rows[i].expected == PERMIT ? REJECT : rows[i].expected;
            assert_reading(&(reading_case){record, NULL, NULL, rows[i].now}, expected, rows[i].part);
        }
    }
}

static void an_app_runs_own_time_counts_too(void **state)
{
    (void)state;
    static const struct {
        const char *run;
        int expected;
    } rows[] = {
        {RUN_AT("'success'", "['Permit']", "'2026-11-02T09:30:00.1Z'"), WAIT}, /* in the future */
        {RUN_AT("'success'", "['Permit']", "'2026-11-02T09:09:00Z'"), PERMIT},
        {RUN_AT("'success'", "['Permit']", "'2026-11-02T09:30:00.2Z'"), UNDECIDED},
        {RUN_AT("'success'", "['Permit']", "'2026-11-02T08:09:59Z'"), UNDECIDED},
        {RUN_AT("'success'", "['Permit']", "null"), UNDECIDED},
        {RUN_AT("'success'", "['Permit']", "1"), UNDECIDED},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_reading(&(reading_case){RECORD("'approved'", "['Permit']"), rows[i].run, NULL, NULL},
                       rows[i].expected, NULL);
    }
    /* A good time in the run does not make up for a bad one in the record. */
    static const char no_close[] = "{'type':'manual','status':'approved','responses':['Permit'],"
                                   "'close_time':null,'due_time':'2026-11-02T09:30:00Z'}";
    assert_reading(&(reading_case){no_close, RUN("'success'", "['Permit']"), NULL, NULL}, UNDECIDED, "time");
}

static void answered_records_of_other_types_are_no_answers(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        int expected;
    } rows[] = {{"'manual'", PERMIT},    {"'parameter'", UNDECIDED}, {"'asset'", UNDECIDED},
                {"'Manual'", UNDECIDED}, {"null", UNDECIDED},        {"1", UNDECIDED}};
    char record[512];
    for (size_t i = 0; i < COUNT(rows); i++) {
        snprintf(record, sizeof record, "{'type':%s,'status':'approved','responses':['Permit'],%s}",
                 rows[i].type, TIMES);
        assert_reading(&(reading_case){record, NULL, NULL, NULL}, rows[i].expected, NULL);
    }
}

static void broken_records_are_undecided(void **state)
{
    (void)state;
    static const char *const records[] = {"{}",
                                          "[]",
                                          "null",
                                          "'approved'",
                                          "{'failed':true}",
                                          "{'type':'manual','status':'approved'," TIMES "}",
                                          "{'type':'manual','responses':['Permit']," TIMES "}"};
    for (size_t i = 0; i < COUNT(records); i++) {
        assert_reading(&(reading_case){records[i], NULL, NULL, NULL}, UNDECIDED, NULL);
    }
    tl_prompt_evidence nothing = {0};
    assert_int_equal(tl_read_prompt(&nothing).kind, TL_READING_UNDECIDED);
}

static void a_reading_tells_who_when_and_what(void **state)
{
    (void)state;
    cJSON *record = json_of(RECORD("'approved'", "['Permit','Signed']"));
    cJSON *run = json_of(RUN("'success'", "['Permit','Signed']"));
    tl_prompt_evidence evidence = {.record = record, .max_answer_age_us = HOUR_US};
    assert_true(tl_time_parse(NOW, false, &evidence.now_us));
    tl_reading reading = tl_read_prompt(&evidence);
    assert_null(reading.answered_by);
    assert_string_equal(reading.answered_at, "2026-11-02T09:07:41.502000Z");
    assert_int_equal(cJSON_GetArraySize(reading.responses), 2);
    evidence.app_run = run;
    reading = tl_read_prompt(&evidence);
    assert_string_equal(reading.answered_by, "analyst");
    assert_string_equal(reading.answered_at, "2026-11-02T09:07:41.502000Z");
    cJSON_Delete(run);
    cJSON_Delete(record);
    static const char *const names[] = {"wait", "permit", "reject", "ignore", "closed", "undecided"};
    for (size_t i = 0; i < COUNT(names); i++) {
        assert_string_equal(tl_reading_name((tl_reading_kind)i), names[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_reads_by_status_and_answer),
        cmocka_unit_test(an_app_run_reads_by_status_and_answer),
        cmocka_unit_test(an_app_run_needs_exactly_one_result),
        cmocka_unit_test(two_sources_must_agree),
        cmocka_unit_test(the_first_question_is_a_list_of_known_words),
        cmocka_unit_test(an_answer_that_was_not_offered_decides_nothing),
        cmocka_unit_test(an_answer_counts_in_time_only),
        cmocka_unit_test(an_app_runs_own_time_counts_too),
        cmocka_unit_test(answered_records_of_other_types_are_no_answers),
        cmocka_unit_test(broken_records_are_undecided),
        cmocka_unit_test(a_reading_tells_who_when_and_what),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
