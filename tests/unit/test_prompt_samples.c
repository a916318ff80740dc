/* The SOAR samples, each with the reading that their index names. */
#include "base/time.h"
#include "chain/prompt_reading.h"
#include "json_case.h"
#include "sample_files.h"

#define DIRECTORY "samples-soar/"

/* The index speaks of files whose freshness is right. */
static tl_reading_kind reading_of(const cJSON *record, const cJSON *run)
{
    tl_prompt_evidence evidence = {
        .record = record, .app_run = run, .max_answer_age_us = 3600 * TL_SECOND_US};
    assert_true(tl_time_parse("2026-11-02T09:31:00Z", false, &evidence.now_us));
    return tl_read_prompt(&evidence).kind;
}

static void records_read_as_their_index_says(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        tl_reading_kind expected;
    } rows[] = {
        {DIRECTORY "approval_one.json", TL_READING_CLOSED},
        {DIRECTORY "approval_approved_strings_assumed.json", TL_READING_PERMIT},
        {DIRECTORY "approval_approved_objects_assumed.json", TL_READING_PERMIT},
        {DIRECTORY "approval_approved_objects_value_assumed.json", TL_READING_PERMIT},
        {DIRECTORY "approval_denied_assumed.json", TL_READING_REJECT},
        {DIRECTORY "approval_expired_assumed.json", TL_READING_CLOSED},
        {DIRECTORY "approval_unknown_status_assumed.json", TL_READING_UNDECIDED},
        {DIRECTORY "approval_approved_empty_assumed.json", TL_READING_UNDECIDED},
        {DIRECTORY "approval_approved_deny_answer_assumed.json", TL_READING_REJECT},
        {DIRECTORY "approval_late_answer_assumed.json", TL_READING_UNDECIDED},
        {DIRECTORY "external_prompt_get.json", TL_READING_WAIT},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *record = sample_of(rows[i].file);
        tl_reading_kind kind = reading_of(record, NULL);
        if (kind != rows[i].expected) {
            fail_msg("%s: %s", rows[i].file, tl_reading_name(kind));
        }
        cJSON_Delete(record);
    }
}

static void the_list_holds_closed_prompts_and_open_reviews(void **state)
{
    (void)state;
    static const tl_reading_kind expected[] = {TL_READING_CLOSED, TL_READING_CLOSED, TL_READING_WAIT,
                                               TL_READING_WAIT, TL_READING_WAIT};
    cJSON *list = sample_of(DIRECTORY "approval_list.json");
    const cJSON *records = tl_json_member(list, "data");
    assert_int_equal(cJSON_GetArraySize(records), COUNT(expected));
    for (int i = 0; i < (int)COUNT(expected); i++) {
        assert_int_equal(reading_of(cJSON_GetArrayItem(records, i), NULL), expected[i]);
    }
    cJSON_Delete(list);
}

static void app_runs_read_as_their_index_says(void **state)
{
    (void)state;
    cJSON *answered = sample_of(DIRECTORY "app_run_prompt_answered_assumed.json");
    cJSON *timed_out = sample_of(DIRECTORY "app_run_prompt_timed_out_assumed.json");
    cJSON *yes = sample_of(DIRECTORY "approval_approved_strings_assumed.json");
    cJSON *no = sample_of(DIRECTORY "approval_denied_assumed.json");
    cJSON *expired = sample_of(DIRECTORY "approval_expired_assumed.json");
    assert_int_equal(reading_of(yes, answered), TL_READING_PERMIT);
    assert_int_equal(reading_of(no, answered), TL_READING_UNDECIDED);
    assert_int_equal(reading_of(expired, answered), TL_READING_UNDECIDED);
    assert_int_equal(reading_of(expired, timed_out), TL_READING_CLOSED);
    assert_int_equal(reading_of(yes, timed_out), TL_READING_UNDECIDED);
    cJSON_Delete(expired);
    cJSON_Delete(no);
    cJSON_Delete(yes);
    cJSON_Delete(timed_out);
    cJSON_Delete(answered);
}

static bool binds(const cJSON *summary, const cJSON *record)
{
    const char *message, *why;
    const cJSON *questions;
    return tl_bind_prompt(&message, &questions, &why, summary, record);
}

static void only_prompts_bind(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        bool is_prompt; /* binds to a record of its own name and due time */
        bool is_ours;   /* binds to the record of our prompt */
    } rows[] = {{DIRECTORY "detail_approvals.json", false, false},
                {DIRECTORY "detail_prompts.json", true, false},
                {DIRECTORY "detail_manual_tasks.json", false, false},
                {DIRECTORY "detail_action_reviews.json", false, false},
                {DIRECTORY "detail_prompts_threatlocker_assumed.json", true, true}};
    cJSON *ours = sample_of(DIRECTORY "approval_approved_strings_assumed.json");
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *summary = sample_of(rows[i].file);
        cJSON *record = json_of("{'type':'manual'}");
        assert_true(tl_json_set_text(record, "name", tl_json_text(summary, "action_name")));
        assert_true(tl_json_set_text(record, "due_time", tl_json_text(summary, "due_time")));
        if (binds(summary, record) != rows[i].is_prompt || binds(summary, ours) != rows[i].is_ours) {
            fail_msg("%s", rows[i].file);
        }
        cJSON_Delete(record);
        cJSON_Delete(summary);
    }
    cJSON_Delete(ours);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_read_as_their_index_says),
        cmocka_unit_test(the_list_holds_closed_prompts_and_open_reviews),
        cmocka_unit_test(app_runs_read_as_their_index_says),
        cmocka_unit_test(only_prompts_bind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
