/* One row of the truth table, put to the pure decisions in the order in which a chain takes them. */
#ifndef TL_TESTS_TRUTH_CASE_H
#define TL_TESTS_TRUTH_CASE_H

#include "base/time.h"
#include "chain/prompt_reading.h"
#include "chain/prompt_text.h"
#include "details.h"
#include "json_case.h"
#include "portal/applications.h"
#include "portal/ceiling.h"
#include "portal/permit_plan.h"
#include "truth_table/message.h"

#define TRUTH_NOW "2026-11-02T09:10:00Z"
#define TRUTH_DUE "2026-11-02T09:30:00.100000Z"

static const unsigned char truth_key[TL_SHA256_SIZE] = "the key of this site, 32 bytes..";
static const unsigned char truth_other_key[TL_SHA256_SIZE] = "another site.s key, of 32 bytes";

/* What changed in the request meanwhile, as patches of its details. */
static const char *const truth_changes[][2] = {
    {"nothing", ""},
    {"escalated", "approvalRequest.statusId=13"},
    {"taken by somebody", "approvalRequest.assigneeUsername='operator'"},
    {"path", "approvalRequest.path='C:\\\\Windows\\\\other.exe'"},
    {"full path", "fileDetails.fullPath='C:\\\\Windows\\\\other.exe'"},
    {"hash", "approvalRequest.hash='ffff'"},
    {"hash gone", "approvalRequest.hash=null"},
    {"SHA-256", "approvalRequest.threatLockerActionDto.sha256='ffff'"},
    {"computer", "computerId='" OPERATION "'"},
    {"computer group", "computerGroupId='" OTHER_GROUP "'"},
    {"organization", "organizationId='" OPERATION "'"},
    {"json", "approvalRequest.json='{}'"},
    {"json gone", "approvalRequest.json=''"},
    {"kind", "actionType='elevate'"},
    {"permitted", "approvalRequest.statusId=4"},
    {"rejected", "approvalRequest.statusId=10"},
    {"a status that nobody knows", "approvalRequest.statusId=99"},
    {"another request", "approvalRequest.approvalRequestId='" OPERATION "'"},
};

static inline cJSON *truth_details(const cJSON *row)
{
    cJSON *details = json_of(DETAILS);
    patch(details, "fileDetails.hash='" HASH "'|fileDetails.sha256='" HASH "'");
    cJSON *request = tl_json_member(details, "approvalRequest"),
          *file = tl_json_member(details, "fileDetails");
    assert_true(tl_json_set_text(request, "username", truth_text(row, "username", "EXAMPLE\\ann")) &&
                tl_json_set_text(file, "requestorReason", truth_text(row, "reason", "I need it")));
    return details;
}

static inline void truth_plan(tl_planned_choice *out, const cJSON *json, const char *label,
                              const cJSON *details)
{
    cJSON *applications = json_of(APPLICATIONS), *groups = json_of(GROUPS);
    tl_error err = TL_ERROR_INIT;
    *out = (tl_planned_choice){.label = label, .json = json};
    tl_plan_input input = {.request_id = tl_json_text(details, "approvalRequest.approvalRequestId"),
                           .details = details,
                           .choice = &out->choice,
                           .applications = applications,
                           .groups = groups,
                           .operation_id = OPERATION};
    assert_true(tl_time_parse(TRUTH_NOW, false, &input.now_us));
    if (tl_choice_read(&out->choice, json, &err) != TL_OK ||
        tl_permit_plan(&out->body, &input, &err) != TL_OK)
        fail_msg("the choice cannot be planned: %s", err.message);
    cJSON_Delete(groups);
    cJSON_Delete(applications);
}

/* The sealed text for the options, as tl_prepare_prompt makes it. malloc'd. */
static inline char *truth_sealed(const cJSON *options, const cJSON *details,
                                 const unsigned char key[TL_SHA256_SIZE])
{
    char facts[TL_SHA256_HEX_SIZE], digest[TL_SHA256_HEX_SIZE], *line = NULL;
    tl_planned_choice planned[TL_MAX_LABELS];
    const char *answers[TL_MAX_LABELS + 3] = {NULL};
    size_t count = 0;
    cJSON *choices = cJSON_CreateArray();
    const cJSON *given = tl_json_member(options, "choices"), *entry;
    cJSON *single = cJSON_CreateObject();
    cJSON_AddItemToObject(single, "choice", cJSON_Duplicate(tl_json_member(options, "choice"), true));
    for (entry = given == NULL ? single : given->child; entry != NULL; entry = entry->next) {
        const char *label = tl_json_text(entry, "label");
        truth_plan(&planned[count], tl_json_member(entry, "choice"), label, details);
        answers[count++] = label == NULL ? "Permit" : label;
        cJSON_AddItemToArray(choices, cJSON_Duplicate(entry, true));
    }
    answers[count] = "Reject";
    answers[count + 1] = "Ignore";
    tl_buffer text = {.limit = 1 << 17};
    tl_seal seal = {.request_id = tl_json_text(details, "approvalRequest.approvalRequestId"),
                    .organization_id = tl_json_text(details, "organizationId"),
                    .facts = facts,
                    .text = digest,
                    .executor = tl_json_text(options, "executor"),
                    .time = TRUTH_NOW,
                    .choices = choices};
    assert_int_equal(tl_facts_digest(facts, details, NULL), TL_OK);
    assert_true(tl_prompt_text(&text, seal.request_id, details, planned, count, answers));
    assert_true(tl_seal_text_digest(digest, text.data));
    assert_int_equal(tl_seal_line(&line, key, &seal, NULL), TL_OK);
    assert_true(tl_buffer_text(&text, line));
    free(line);
    for (size_t i = 0; i < count; i++)
        cJSON_Delete(planned[i].body);
    cJSON_Delete(single);
    cJSON_Delete(choices);
    return text.data;
}

/* What the approver of this row reads. malloc'd. */
static inline char *truth_asked(const cJSON *row)
{
    const char *what = truth_text(row, "prompt", "good");
    cJSON *details = truth_details(row), *options = truth_options(row);
    char *good = truth_sealed(options, details, truth_key), *other_request = NULL, *other_key = NULL;
    if (strstr(what, "another key") != NULL)
        other_key = truth_sealed(options, details, truth_other_key);
    patch(details, "approvalRequest.approvalRequestId='" OPERATION "'|fileDetails.fullPath='C:\\\\b.exe'");
    if (strstr(what, "another request") != NULL)
        other_request = truth_sealed(options, details, truth_key);
    truth_prompts prompts = {good, other_request == NULL ? good : other_request,
                             other_key == NULL ? good : other_key};
    truth_check_text(good, row);
    char *message = truth_message(what, &prompts);
    free(other_key);
    free(other_request);
    free(good);
    cJSON_Delete(options);
    cJSON_Delete(details);
    return message;
}

static inline cJSON *truth_summary(const cJSON *row, const char *message)
{
    cJSON *summary =
        json_of("{'notification_type':'prompts','action_type':'prompt','playbook_repo':'local',"
                "'playbook_name':'threatlocker_approval','action_name':'ask_approver','due_time':"
                "'" TRUTH_DUE "','notification_targets':[{'app_id':0,'parameters':[{}]}]}");
    cJSON *asked = node_at(summary, "notification_targets.0.parameters.0");
    assert_true(tl_json_set_text(asked, "message", message) &&
                tl_json_set(asked, "response_types", truth_questions(row)));
    cJSON *changed = truth_merged(summary, truth_member(row, "summary"));
    cJSON_Delete(summary);
    return changed;
}

/* The app run that SOAR would show for the answer; NULL = none. */
static inline cJSON *truth_run(const cJSON *answer)
{
    const cJSON *wanted = truth_member(answer, "app_run"), *change;
    const char *status = truth_text(answer, "status", "");
    bool expired = strcmp(status, "expired") == 0;
    if (cJSON_IsFalse(wanted))
        return NULL;
    if (cJSON_IsString(wanted) || strcmp(status, "pending") == 0)
        return json_of("{'status':'running','result_data':[]}");
    cJSON *run = json_of("{'status':'success','result_data':[{'status':'success','summary':{}}]}");
    cJSON *result = node_at(run, "result_data.0"), *summary = node_at(result, "summary");
    if (expired)
        patch(run, "status='failed'|result_data.0.status='failed'");
    else {
        assert_true(tl_json_set_text(summary, "user", "analyst"));
        tl_json_set(summary, "answered_at", cJSON_Duplicate(truth_member(answer, "close_time"), true));
        tl_json_set(summary, "responses", cJSON_Duplicate(truth_member(answer, "responses"), true));
    }
    cJSON_ArrayForEach (change, wanted) {
        bool is_status = strcmp(change->string, "status") == 0;
        if (expired || strcmp(change->string, "set") == 0)
            continue;
        assert_true(tl_json_set(is_status ? result : summary, change->string, cJSON_Duplicate(change, true)));
        if (is_status)
            assert_true(tl_json_set(run, "status", cJSON_Duplicate(change, true)));
    }
    cJSON_ArrayForEach (change, truth_member(wanted, "set"))
        assert_true(tl_json_set(run, change->string, cJSON_Duplicate(change, true)));
    return run;
}

/* The record while the prompt is open, and what the answer made of it. */
static inline cJSON *truth_record(const cJSON *answer)
{
    static const char *const members[] = {"status", "responses", "close_time"};
    const cJSON *change;
    cJSON *record = json_of("{'id':41,'type':'manual','status':'pending','name':'ask_approver','due_time':"
                            "'" TRUTH_DUE "','responses':[],'close_time':null}");
    for (size_t i = 0; answer != NULL && i < COUNT(members); i++)
        tl_json_set(record, members[i], cJSON_Duplicate(truth_member(answer, members[i]), true));
    cJSON_ArrayForEach (change, truth_member(answer, "set"))
        tl_json_set(record, change->string, cJSON_Duplicate(change, true));
    return record;
}

static inline tl_reading truth_reading(const cJSON *row, const tl_seal *seal, const cJSON *questions)
{
    tl_word_lists words;
    tl_prompt_evidence evidence = {.response_types = questions, .labels = tl_seal_labels(seal)};
    assert_true(tl_time_parse(TRUTH_NOW, false, &evidence.now_us));
    evidence.max_answer_age_us = tl_json_integer_or(row, "max_age", 3600) * TL_SECOND_US;
    assert_int_equal(tl_words_read(&words, tl_json_member(row, "words"), NULL), TL_OK);
    evidence.words = &words.words;
    cJSON *answer = truth_answer(row, evidence.now_us);
    cJSON *record = truth_record(answer), *run = truth_run(answer);
    evidence.record = record;
    evidence.app_run = run;
    tl_reading reading = tl_read_prompt(&evidence);
    reading.responses = NULL; /* what is borrowed goes now */
    reading.answered_by = reading.answered_at = NULL;
    cJSON_Delete(run);
    cJSON_Delete(record);
    cJSON_Delete(answer);
    return reading;
}

/* Whether the request still is what the prompt showed. */
static inline bool truth_unchanged(const cJSON *row, const tl_seal *seal)
{
    const char *what = truth_text(row, "change", "nothing"), *patches = NULL;
    for (size_t i = 0; i < COUNT(truth_changes); i++)
        if (strcmp(truth_changes[i][0], what) == 0)
            patches = truth_changes[i][1];
    if (patches == NULL)
        fail_msg("no such change: %s", what);
    char facts[TL_SHA256_HEX_SIZE];
    cJSON *details = truth_details(row);
    patch(details, patches);
    bool same = tl_permit_check(details, seal->request_id, false, NULL) == TL_OK &&
                tl_facts_digest(facts, details, NULL) == TL_OK && strcmp(facts, seal->facts) == 0;
    cJSON_Delete(details);
    return same;
}

static inline bool truth_below_ceiling(const cJSON *row, const tl_choice *choice)
{
    tl_limits limits = truth_limits(row);
    int64_t now_us;
    cJSON *applications = json_of(APPLICATIONS);
    bool is_builtin = choice->application == TL_APPLICATION_MATCHING &&
                      tl_is_builtin(tl_find_by_guid(applications, "applicationId", choice->application_id));
    cJSON_Delete(applications);
    assert_true(tl_time_parse(TRUTH_NOW, false, &now_us));
    return tl_check_ceiling(&limits, choice, is_builtin, now_us, NULL) == TL_OK;
}

/* What a script or a parameter makes of the choice. */
static inline bool truth_narrowed(const cJSON *row, const char *member, const tl_choice *sealed)
{
    const cJSON *members = truth_member(row, member);
    if (members == NULL)
        return true;
    if (cJSON_IsFalse(members))
        return false;
    tl_choice narrower;
    cJSON *json = truth_choice(members);
    bool good = tl_choice_read(&narrower, json, NULL) == TL_OK && !narrower.terms.dry_run &&
                tl_check_narrower(sealed, &narrower, NULL) == TL_OK && truth_below_ceiling(row, &narrower);
    cJSON_Delete(json);
    return good;
}

static inline const char *truth_permits(const cJSON *row, const tl_seal *seal, int label)
{
    tl_choice choice;
    const cJSON *json = tl_seal_choice(seal, label);
    bool good = json != NULL && tl_choice_read(&choice, json, NULL) == TL_OK &&
                truth_below_ceiling(row, &choice) && truth_narrowed(row, "decide", &choice) &&
                truth_narrowed(row, "parameter", &choice);
    return good ? "permit" : "left";
}

static inline const char *truth_act(const cJSON *row, const char *message, const cJSON *questions)
{
    tl_seal seal;
    const char *why, *verdict;
    tl_seal_state state = tl_seal_read(&seal, &why, truth_key, message);
    if (state != TL_SEAL_GOOD)
        return state == TL_SEAL_ABSENT ? "foreign" : "left";
    tl_reading reading = truth_reading(row, &seal, questions);
    bool is_answer = reading.kind == TL_READING_PERMIT || reading.kind == TL_READING_REJECT ||
                     reading.kind == TL_READING_IGNORE;
    if (strcmp(seal.executor, "chain:night-shift") != 0)
        verdict = "foreign";
    else if (tl_seal_covers(&seal, message) != TL_SEAL_GOOD)
        verdict = "left";
    else if (!is_answer)
        verdict = tl_reading_name(reading.kind);
    else if (!truth_unchanged(row, &seal))
        verdict = "left";
    else if (reading.kind == TL_READING_PERMIT)
        verdict = truth_permits(row, &seal, reading.label);
    else
        verdict = tl_reading_name(reading.kind);
    tl_seal_clear(&seal);
    return verdict;
}

/* The verdict on a row. Static. */
static inline const char *truth_verdict(const cJSON *row)
{
    char *text = truth_asked(row);
    const char *message, *why, *verdict;
    const cJSON *questions;
    cJSON *summary = truth_summary(row, text), *record = truth_record(NULL);
    if (tl_bind_prompt(&message, &questions, &why, summary, record))
        verdict = truth_act(row, message, questions);
    else
        verdict = message != NULL && strstr(message, TL_SEAL_MARK) != NULL ? "left" : "foreign";
    cJSON_Delete(record);
    cJSON_Delete(summary);
    free(text);
    return verdict;
}

#endif
