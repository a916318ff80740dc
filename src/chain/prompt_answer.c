/* tl_soar_prompt_answer: the evidence about a prompt's answer, and how it reads. */
#include "chain/prompt_answer.h"
#include "base/time.h"
#include "chain/prompt_reading.h"
#include "soar/runs.h"

tl_code tl_prompt_app_run(cJSON **out, const char **out_note, tl_soar *soar, const cJSON *record,
                          tl_error *err)
{
    *out = NULL;
    int64_t action_run = tl_json_integer_or(record, "action_run", 0);
    if (action_run > 0)
        return tl_soar_app_run_of(out, out_note, soar, action_run, err);
    *out_note = "the record names no action run";
    return TL_OK;
}

static bool set_reading(cJSON *answer, const tl_reading *reading)
{
    bool ok = tl_json_set_text(answer, "reading", tl_reading_name(reading->kind)) &&
              tl_json_set_text(answer, "reason", reading->reason);
    if (reading->responses != NULL)
        ok = ok && tl_json_set(answer, "responses", cJSON_Duplicate(reading->responses, true));
    if (reading->answered_by != NULL)
        ok = ok && tl_json_set_text(answer, "answered_by", reading->answered_by);
    if (reading->answered_at != NULL)
        ok = ok && tl_json_set_text(answer, "answered_at", reading->answered_at);
    return ok;
}

tl_code tl_soar_prompt_answer(cJSON **out, tl_soar *soar, int64_t approval_id, tl_error *err)
{
    *out = NULL;
    cJSON *record = NULL, *app_run = NULL;
    const char *note = NULL;
    tl_code code = tl_soar_approval(&record, soar, approval_id, err);
    if (code == TL_OK)
        code = tl_prompt_app_run(&app_run, &note, soar, record, err);
    if (code != TL_OK) {
        cJSON_Delete(record);
        return code;
    }
    tl_prompt_evidence evidence = {.record = record,
                                   .app_run = app_run,
                                   .now_us = tl_now_us(),
                                   .max_answer_age_us = TL_DEFAULT_ANSWER_AGE_S * TL_SECOND_US};
    tl_reading reading = tl_read_prompt(&evidence);
    cJSON *answer = cJSON_CreateObject();
    bool ok = set_reading(answer, &reading);
    if (note != NULL)
        ok = ok && tl_json_set_text(answer, "app_run_note", note);
    ok = tl_json_set(answer, "approval", record) && ok;
    if (note == NULL)
        ok = tl_json_set(answer, "app_run", app_run) && ok;
    else
        cJSON_Delete(app_run);
    if (!ok) {
        cJSON_Delete(answer);
        return tl_fail_memory(err);
    }
    *out = answer;
    return TL_OK;
}
