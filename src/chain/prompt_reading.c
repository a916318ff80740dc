#include "chain/prompt_reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "chain/words.h"

/* SOAR's clock may run ahead of ours by so much. */
static const int64_t CLOCK_SKEW_US = 300 * TL_SECOND_US;

const char *tl_reading_name(tl_reading_kind kind)
{
    static const char *const names[] = {"wait", "permit", "reject", "ignore", "closed", "undecided"};
    return names[kind];
}

/* UNDECIDED for all that is no word, and for what could be read two ways. */
static tl_reading_kind read_word(const tl_prompt_evidence *evidence, const char *text, int *out_label)
{
    static const tl_reading_kind kinds[] = {TL_READING_PERMIT, TL_READING_REJECT, TL_READING_IGNORE,
                                            TL_READING_UNDECIDED};
    tl_meaning meaning = tl_word_meaning(evidence->words, text);
    int label = evidence->labels == NULL ? -1 : tl_label_index(evidence->labels, text);
    *out_label = -1;
    if (label < 0) /* a plain yes does not say to which of the choices */
        return evidence->labels != NULL && meaning == TL_MEANS_PERMIT ? TL_READING_UNDECIDED : kinds[meaning];
    if (meaning != TL_MEANS_NOTHING)
        return TL_READING_UNDECIDED;
    *out_label = label;
    return TL_READING_PERMIT;
}

/* An answer is a string, or an object with exactly one of response and value, a string. NULL for all else. */
static const char *answer_text(const cJSON *answer)
{
    if (cJSON_IsString(answer))
        return answer->valuestring;
    if (!cJSON_IsObject(answer))
        return NULL;
    const cJSON *response = cJSON_GetObjectItemCaseSensitive(answer, "response");
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(answer, "value");
    if ((response == NULL) == (value == NULL))
        return NULL;
    const cJSON *only = response != NULL ? response : value;
    return cJSON_IsString(only) ? only->valuestring : NULL;
}

/* What one source says. */
typedef struct source {
    tl_reading_kind kind;
    const char *why; /* static */
    const cJSON *responses;
    int label;
} source;

static source say(tl_reading_kind kind, const char *why)
{
    return (source){kind, why, NULL, -1};
}

/* The deciding question is the first one. */
static source read_responses(const cJSON *responses, const tl_prompt_evidence *evidence)
{
    const cJSON *response_types = evidence->response_types;
    const cJSON *first = tl_json_first(responses);
    if (!cJSON_IsArray(responses) || first == NULL)
        return say(TL_READING_UNDECIDED, "it holds no answers");
    if (response_types != NULL && cJSON_GetArraySize(responses) != cJSON_GetArraySize(response_types))
        return say(TL_READING_UNDECIDED, "it does not hold one answer for each question");
    const char *text = answer_text(first);
    if (text == NULL)
        return say(TL_READING_UNDECIDED, "its first answer is no text");
    int label;
    source read = say(read_word(evidence, text, &label), "its first answer is none of the known words");
    read.responses = responses;
    read.label = label;
    return read;
}

static source read_record(const tl_prompt_evidence *evidence)
{
    const char *status = tl_json_text(evidence->record, "status");
    if (status == NULL)
        return say(TL_READING_UNDECIDED, "it has no status");
    if (strcmp(status, "pending") == 0)
        return say(TL_READING_WAIT, "the prompt is open");
    if (strcmp(status, "expired") == 0)
        return say(TL_READING_CLOSED, "the prompt expired without an answer");
    bool denied = strcmp(status, "denied") == 0;
    if (!denied && strcmp(status, "approved") != 0)
        return say(TL_READING_UNDECIDED, "its status is none of the known words");
    /* S10: an asset's approval or an action's review is no answer to a prompt, whatever it holds. */
    if (strcmp(tl_json_text_or_empty(evidence->record, "type"), "manual") != 0)
        return say(TL_READING_UNDECIDED, "it is no prompt");
    source read = read_responses(tl_json_member(evidence->record, "responses"), evidence);
    if (denied && read.kind != TL_READING_REJECT)
        return say(TL_READING_UNDECIDED, "its status is denied: that alone leaves the request alone");
    return read;
}

static bool is_unfinished(const char *status)
{
    return status != NULL && (strcmp(status, "pending") == 0 || strcmp(status, "running") == 0);
}

/* S5: exactly one result. Status words: splunk-soar.md 13.3. */
static source read_app_run(const tl_prompt_evidence *evidence)
{
    const cJSON *results = tl_json_member(evidence->app_run, "result_data");
    const cJSON *result = cJSON_IsArray(results) && cJSON_GetArraySize(results) == 1 ? results->child : NULL;
    const char *run_status = tl_json_text(evidence->app_run, "status");
    const char *status = result == NULL ? run_status : tl_json_text(result, "status");
    if (is_unfinished(status) || is_unfinished(run_status))
        return say(TL_READING_WAIT, "its run is still open");
    if (result == NULL || status == NULL)
        return say(TL_READING_UNDECIDED, "its run does not hold exactly one result");
    const cJSON *responses = tl_json_path(result, "summary.responses");
    bool is_empty = responses == NULL || (cJSON_IsArray(responses) && responses->child == NULL);
    if (strcmp(status, "failed") == 0)
        return is_empty ? say(TL_READING_CLOSED, "its run ended without an answer")
                        : say(TL_READING_UNDECIDED, "its run failed, yet holds an answer");
    if (strcmp(status, "success") != 0)
        return say(TL_READING_UNDECIDED, "the status of its run is none of the known words");
    if (run_status != NULL && strcmp(run_status, "success") != 0)
        return say(TL_READING_UNDECIDED, "its run did not succeed, yet its result says so");
    return read_responses(responses, evidence);
}

static bool is_answer(tl_reading_kind kind)
{
    return kind == TL_READING_PERMIT || kind == TL_READING_REJECT || kind == TL_READING_IGNORE;
}

/* Rules 4 and 5: the deciding question must be a list of our words, the answer one of them. NULL when it is,
 * or when the questions are not known. */
static const char *question_problem(const tl_prompt_evidence *evidence, const cJSON *responses)
{
    const cJSON *response_types = evidence->response_types;
    if (response_types == NULL)
        return NULL;
    const cJSON *question = response_types->child;
    const cJSON *choices = tl_json_path(question, "options.choices");
    const char *type = tl_json_text(question, "options.type");
    if (type == NULL || strcmp(type, "list") != 0 || !cJSON_IsArray(choices) || choices->child == NULL)
        return "the first question is no list of choices";
    const char *answer = answer_text(responses->child);
    bool offered = false;
    int label;
    const cJSON *choice;
    cJSON_ArrayForEach (choice, choices) {
        if (!cJSON_IsString(choice) || !is_answer(read_word(evidence, choice->valuestring, &label)))
            return "the first question offers a choice that we do not know";
        offered = offered || tl_same_word(choice->valuestring, answer);
    }
    return offered ? NULL : "the first question did not offer this answer";
}

/* Rule 7. NULL when the time is good. */
static const char *time_problem(const tl_prompt_evidence *evidence, const char *answered_at)
{
    int64_t at_us, due_us;
    if (answered_at == NULL || !tl_time_parse(answered_at, true, &at_us))
        return "the time of the answer is not known";
    const char *due = tl_json_text(evidence->record, "due_time");
    if (due == NULL || !tl_time_parse(due, true, &due_us))
        return "the prompt's due time is not known";
    if (at_us > due_us)
        return "the answer came after the prompt's due time";
    if (at_us < evidence->now_us - evidence->max_answer_age_us)
        return "the answer is older than max_answer_age";
    return NULL;
}

/* A clock that jumped back must neither lose an answer nor judge its age: it waits until the clocks agree. */
static bool lies_ahead(const tl_prompt_evidence *evidence, const char *answered_at)
{
    int64_t at_us;
    return answered_at != NULL && tl_time_parse(answered_at, true, &at_us) &&
           at_us > evidence->now_us + CLOCK_SKEW_US;
}

/* A run that SOAR never ends must not keep a prompt open for ever. */
static bool closed_long_ago(const tl_prompt_evidence *evidence)
{
    int64_t at_us;
    const char *closed = tl_json_text(evidence->record, "close_time");
    return closed == NULL || !tl_time_parse(closed, true, &at_us) ||
           at_us < evidence->now_us - evidence->max_answer_age_us;
}

static tl_reading conclude(tl_reading reading, tl_reading_kind kind, const char *format, const char *text)
{
    reading.kind = kind;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(reading.reason, sizeof reading.reason, format, text);
#pragma GCC diagnostic pop
    return reading;
}

/* An answer on which the sources agree, though not always in the same words: rules 4, 5 and 7. */
static tl_reading judge(const tl_prompt_evidence *evidence, tl_reading reading, source said, source run)
{
    const char *closed = tl_json_string_value(tl_json_member(evidence->record, "close_time"));
    const char *problem = question_problem(evidence, said.responses);
    if (problem == NULL)
        problem = question_problem(evidence, run.responses);
    if (problem == NULL)
        problem = time_problem(evidence, closed);
    if (problem == NULL && evidence->app_run != NULL)
        problem = time_problem(evidence, reading.answered_at);
    if (problem != NULL)
        return conclude(reading, TL_READING_UNDECIDED, "%s", problem);
    if (lies_ahead(evidence, closed) || lies_ahead(evidence, reading.answered_at))
        return conclude(reading, TL_READING_WAIT, "%s",
                        "the answer's time lies in the future: check the clocks");
    reading.label = said.label;
    if (said.label >= 0)
        return conclude(reading, said.kind, "answered: permit, \"%s\"", evidence->labels[said.label]);
    return conclude(reading, said.kind, "answered: %s", tl_reading_name(said.kind));
}

/* Rule 8, over both sources. */
static tl_reading combine(const tl_prompt_evidence *evidence, tl_reading reading, source record, source run)
{
    if (record.kind == TL_READING_WAIT)
        return conclude(reading, TL_READING_WAIT, "%s", record.why);
    if (run.kind == TL_READING_WAIT)
        return conclude(reading, closed_long_ago(evidence) ? TL_READING_UNDECIDED : TL_READING_WAIT,
                        "the record is closed, but %s", run.why);
    if (record.kind == TL_READING_UNDECIDED)
        return conclude(reading, TL_READING_UNDECIDED, "the record cannot be read as an answer: %s",
                        record.why);
    if (run.kind == TL_READING_UNDECIDED)
        return conclude(reading, TL_READING_UNDECIDED, "the prompt's run cannot be read as an answer: %s",
                        run.why);
    if (record.kind != run.kind) {
        char said[64];
        snprintf(said, sizeof said, "%s, its run %s", tl_reading_name(record.kind),
                 tl_reading_name(run.kind));
        return conclude(reading, TL_READING_UNDECIDED, "the sources disagree: the record says %s", said);
    }
    if (record.kind == TL_READING_CLOSED)
        return conclude(reading, TL_READING_CLOSED, "%s", record.why);
    if (record.label != run.label)
        return conclude(reading, TL_READING_UNDECIDED, "the sources disagree: %s",
                        "record and run name two choices");
    return judge(evidence, reading, record, run);
}

tl_reading tl_read_prompt(const tl_prompt_evidence *evidence)
{
    tl_reading reading = {.label = -1, .answered_at = tl_json_text(evidence->record, "close_time")};
    source record = read_record(evidence);
    source run = record;
    reading.responses = record.responses;
    if (evidence->app_run != NULL) {
        const cJSON *results = tl_json_member(evidence->app_run, "result_data");
        const cJSON *summary = cJSON_IsArray(results) ? tl_json_member(results->child, "summary") : NULL;
        run = read_app_run(evidence);
        reading.answered_by = tl_json_text(summary, "user");
        reading.answered_at = tl_json_text(summary, "answered_at");
    }
    return combine(evidence, reading, record, run);
}

static bool same_time(const char *a, const char *b)
{
    int64_t a_us, b_us;
    return a != NULL && b != NULL && tl_time_parse(a, true, &a_us) && tl_time_parse(b, true, &b_us) &&
           a_us == b_us;
}

static bool is_word(const cJSON *object, const char *member, const char *word)
{
    const char *text = tl_json_text(object, member);
    return text != NULL && strcmp(text, word) == 0;
}

bool tl_bind_prompt(const char **out_message, const cJSON **out_response_types, const char **out_why,
                    const cJSON *summary, const cJSON *record)
{
    const cJSON *targets = tl_json_member(summary, "notification_targets");
    const cJSON *target = cJSON_IsArray(targets) && cJSON_GetArraySize(targets) == 1 ? targets->child : NULL;
    const cJSON *parameters = tl_json_member(target, "parameters");
    const cJSON *asked =
        cJSON_IsArray(parameters) && cJSON_GetArraySize(parameters) == 1 ? parameters->child : NULL;
    const char *name = tl_json_text(record, "name");
    *out_message = tl_json_text(asked, "message");
    *out_response_types = tl_json_member(asked, "response_types");
    *out_why = NULL;
    if (!is_word(summary, "notification_type", "prompts") || !is_word(summary, "action_type", "prompt"))
        *out_why = "it is no prompt";
    else if (tl_json_text_or_empty(summary, "playbook_name")[0] == '\0' ||
             tl_json_text_or_empty(summary, "playbook_repo")[0] == '\0')
        *out_why = "no playbook asked it";
    else if (name == NULL || !is_word(summary, "action_name", name))
        *out_why = "the names of record and summary differ";
    else if (!same_time(tl_json_text(summary, "due_time"), tl_json_text(record, "due_time")))
        *out_why = "the due times of record and summary differ";
    else if (asked == NULL || tl_json_integer_or(target, "app_id", -1) != 0 || *out_message == NULL ||
             !cJSON_IsArray(*out_response_types))
        *out_why = "it does not hold exactly one prompt with its questions";
    return *out_why == NULL;
}
