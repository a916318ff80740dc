#include "prompt_oracle.h"

#include <string.h>
#include <strings.h>

#include "base/time.h"
#include "fuzz.h"

static const char blanks[] = " \t\n\v\f\r";

/* Without outer white space and ASCII case. */
static bool same(const char *a, const char *b)
{
    a += strspn(a, blanks);
    b += strspn(b, blanks);
    size_t length = strlen(a), other = strlen(b);
    while (length > 0 && strchr(blanks, a[length - 1]) != NULL)
        length--;
    while (other > 0 && strchr(blanks, b[other - 1]) != NULL)
        other--;
    return length > 0 && length == other && strncasecmp(a, b, length) == 0;
}

static bool listed(const char *const *list, const char *text)
{
    while (*list != NULL && !same(*list, text))
        list++;
    return *list != NULL;
}

/* The words that mean what was read. */
static const char *const *words_for(const tl_words *words, tl_reading_kind kind)
{
    static const char *const permit[] = {"Permit", "Approve", NULL}, *const reject[] = {"Reject", "Deny",
                                                                                        NULL};
    static const char *const ignore[] = {"Ignore", NULL};
    const tl_words none = {0};
    words = words == NULL ? &none : words;
    if (kind == TL_READING_PERMIT)
        return words->permit == NULL ? permit : words->permit;
    if (kind == TL_READING_REJECT)
        return words->reject == NULL ? reject : words->reject;
    return words->ignore == NULL ? ignore : words->ignore;
}

static const char *first_answer(const cJSON *responses)
{
    must(cJSON_IsArray(responses));
    const cJSON *first = responses->child;
    if (cJSON_IsObject(first)) {
        const cJSON *response = cJSON_GetObjectItemCaseSensitive(first, "response");
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(first, "value");
        must((response == NULL) != (value == NULL));
        first = response == NULL ? value : response;
    }
    must(cJSON_IsString(first));
    return first->valuestring;
}

/* One source's answer is the one that was read. */
static void check_answer(const tl_prompt_evidence *evidence, const tl_reading *reading,
                         const cJSON *responses)
{
    const char *answer = first_answer(responses);
    const cJSON *questions = evidence->response_types, *choice;
    bool offered = false;
    if (reading->label >= 0)
        must(same(evidence->labels[reading->label], answer));
    else
        must(listed(words_for(evidence->words, reading->kind), answer));
    if (questions == NULL)
        return;
    must(cJSON_GetArraySize(responses) == cJSON_GetArraySize(questions));
    cJSON_ArrayForEach (choice, tl_json_path(questions->child, "options.choices"))
        offered = offered || same(choice->valuestring, answer);
    must(offered);
}

static void check_time(const tl_prompt_evidence *evidence, const char *text)
{
    const char *due = tl_json_text(evidence->record, "due_time");
    int64_t at_us, due_us;
    must(text != NULL && tl_time_parse(text, true, &at_us));
    must(due != NULL && tl_time_parse(due, true, &due_us));
    must(at_us <= due_us);
    must(at_us >= evidence->now_us - evidence->max_answer_age_us);
    must(at_us <= evidence->now_us + 300 * TL_SECOND_US);
}

static void check_record(const tl_prompt_evidence *evidence, const tl_reading *reading)
{
    const char *status = tl_json_text_or_empty(evidence->record, "status");
    must(strcmp(status, "approved") == 0 ||
         (strcmp(status, "denied") == 0 && reading->kind == TL_READING_REJECT));
    must(strcmp(tl_json_text_or_empty(evidence->record, "type"), "manual") == 0);
    check_answer(evidence, reading, tl_json_member(evidence->record, "responses"));
    check_time(evidence, tl_json_text(evidence->record, "close_time"));
}

static void check_run(const tl_prompt_evidence *evidence, const tl_reading *reading)
{
    const cJSON *results = tl_json_member(evidence->app_run, "result_data");
    const char *status = tl_json_text(evidence->app_run, "status");
    must(cJSON_IsArray(results) && cJSON_GetArraySize(results) == 1);
    must(status == NULL || strcmp(status, "success") == 0);
    must(strcmp(tl_json_text_or_empty(results->child, "status"), "success") == 0);
    check_answer(evidence, reading, tl_json_path(results->child, "summary.responses"));
    check_time(evidence, tl_json_text(results->child, "summary.answered_at"));
}

void prompt_oracle_check(const tl_prompt_evidence *evidence, const tl_reading *reading)
{
    int labels = 0;
    while (evidence->labels != NULL && evidence->labels[labels] != NULL)
        labels++;
    bool acts = reading->kind == TL_READING_PERMIT || reading->kind == TL_READING_REJECT ||
                reading->kind == TL_READING_IGNORE;
    must_about(fuzz_is_line(reading->reason, sizeof reading->reason), reading->reason);
    must(reading->label >= -1 && reading->label < labels);
    must((reading->label >= 0) == (reading->kind == TL_READING_PERMIT && labels > 0));
    if (!acts)
        return;
    check_record(evidence, reading);
    if (evidence->app_run != NULL)
        check_run(evidence, reading);
}
