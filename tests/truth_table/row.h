/* The truth table: what a prompt, its answer and the request must look like for something to be done. Each
 * row is one object in a *.json file here; tests/unit/test_truth_table.c puts it to the pure decisions, and
 * tests/service/test_truth_table.c to a chain at work. All members but `row` and `verdict` may be missing.
 * "13.3" in a row's name is the table of that section of splunk-soar.md, as in chain/prompt_reading.h.
 *
 * About the row:
 *
 * - row: what it is about
 * - verdict: permit, reject, ignore, wait, closed, undecided (read), left (to a person), foreign (not ours)
 * - yes: true on the rows that permit: nothing else may
 * - only: "pure" or "chain", where the row can be played; both by default
 *
 * What SOAR holds in the end:
 *
 * - status: of the approval record ("approved")
 * - responses: its answers (["Permit"])
 * - record: further members of it
 * - run: the prompt's app run: false for none, "running", or how it differs from one that agrees with the
 *   record {status, responses, answered_at, summary (chain only), set}
 * - closed: seconds from now (-60); texts and null stand as they are
 * - due: the same
 *
 * What was asked:
 *
 * - asked: the choices that the first question offered (["Permit", "Reject", "Ignore"])
 * - questions: all questions, instead
 * - choice: members of the sealed choice; null removes one
 * - choices: {label: members, ...}, instead
 * - words: of who prepares and who reads
 * - executor: whom it is sealed for; who reads is always "chain:night-shift"
 * - limits, max_age (seconds): of who reads
 * - prompt: what became of the prepared text, see truth_message
 * - summary: members that differ in the prompt's summary
 * - before: what became of the same prompt, asked once before
 *
 * The request:
 *
 * - reason: what the blocked user wrote
 * - username: what the request calls him
 * - change: what changed in the request meanwhile, see the tables of the two tests
 *
 * What narrows the answer:
 *
 * - decide: members of the narrower choice, false to decline
 * - parameter: likewise
 */
#ifndef TL_TESTS_TRUTH_TABLE_ROW_H
#define TL_TESTS_TRUTH_TABLE_ROW_H

#include "base/text.h"
#include "base/time.h"
#include "chain/seal.h"

/* A member, null or not. */
static inline const cJSON *truth_member(const cJSON *row, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(row, name);
}

static inline const char *truth_text(const cJSON *row, const char *name, const char *otherwise)
{
    const char *text = cJSON_GetStringValue(truth_member(row, name));
    return text == NULL ? otherwise : text;
}

static inline cJSON *truth_parse(const char *text, size_t length, const char *about)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *tree = NULL;
    if (tl_json_parse(&tree, text, length, &err) != TL_OK)
        fail_msg("%s: %s", about, err.message);
    return tree;
}

static inline cJSON *truth_file(const char *name)
{
    char path[1024], block[4096];
    snprintf(path, sizeof path, "%s/%s.json", TRUTH_TABLE, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("%s cannot be opened", path);
    tl_buffer content = {.limit = 1 << 20};
    size_t got;
    while ((got = fread(block, 1, sizeof block, file)) > 0)
        assert_true(tl_buffer_append(&content, block, got));
    fclose(file);
    cJSON *rows = truth_parse(content.data, content.length, path);
    tl_buffer_free(&content);
    return rows;
}

/* A misspelt member would be passed over, and its row show nothing. */
static inline void truth_check_members(const cJSON *row)
{
    static const char *const known[] = {
        "row",    "verdict", "yes",    "only",   "status",   "responses", "record",   "run",       "closed",
        "due",    "asked",   "choice", "words",  "choices",  "questions", "executor", "limits",    "max_age",
        "prompt", "summary", "before", "reason", "username", "change",    "decide",   "parameter", NULL};
    const char *unknown, *only = truth_text(row, "only", "pure"), *about = truth_text(row, "row", "?");
    if (!tl_json_only_members(row, known, &unknown))
        fail_msg("%s: no row has a member %s", about, unknown);
    if (strcmp(only, "pure") != 0 && strcmp(only, "chain") != 0)
        fail_msg("%s: it can only be played by \"pure\" or \"chain\", not %s", about, only);
}

/* All rows that can be played here, as one array. The caller's. */
static inline cJSON *truth_rows(const char *here)
{
    static const char *const files[] = {"records", "runs",    "answers", "times",
                                        "labels",  "prompts", "changes", "ceilings"};
    cJSON *all = cJSON_CreateArray();
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        cJSON *rows = truth_file(files[i]);
        while (rows->child != NULL) {
            cJSON *row = cJSON_DetachItemViaPointer(rows, rows->child);
            truth_check_members(row);
            if (strcmp(truth_text(row, "only", here), here) == 0)
                cJSON_AddItemToArray(all, row);
            else
                cJSON_Delete(row);
        }
        cJSON_Delete(rows);
    }
    return all;
}

/* Members of `changes` into a copy of `base`; a null removes. The caller's. */
static inline cJSON *truth_merged(const cJSON *base, const cJSON *changes)
{
    cJSON *merged = cJSON_Duplicate(base, true);
    const cJSON *change;
    cJSON_ArrayForEach (change, changes) {
        cJSON_DeleteItemFromObjectCaseSensitive(merged, change->string);
        if (!cJSON_IsNull(change))
            cJSON_AddItemToObject(merged, change->string, cJSON_Duplicate(change, true));
    }
    return merged;
}

/* A choice: the usual one with the members given. */
static inline cJSON *truth_choice(const cJSON *members)
{
    static const char usual[] = "{\"application\":\"new\",\"name\":\"Field tool\",\"rules\":[{\"hash\":"
                                "\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\"}]}";
    cJSON *base = truth_parse(usual, sizeof usual - 1, "usual choice");
    cJSON *choice = truth_merged(base, members);
    cJSON_Delete(base);
    return choice;
}

/* The options of tl_prepare_prompt. The caller's. */
static inline cJSON *truth_options(const cJSON *row)
{
    cJSON *options = cJSON_CreateObject();
    cJSON_AddStringToObject(options, "executor", truth_text(row, "executor", "chain:night-shift"));
    if (truth_member(row, "words") != NULL)
        cJSON_AddItemToObject(options, "words", cJSON_Duplicate(truth_member(row, "words"), true));
    if (truth_member(row, "choices") == NULL) {
        cJSON_AddItemToObject(options, "choice", truth_choice(truth_member(row, "choice")));
        return options;
    }
    cJSON *choices = cJSON_AddArrayToObject(options, "choices");
    const cJSON *members;
    cJSON_ArrayForEach (members, truth_member(row, "choices")) {
        cJSON *labelled = cJSON_CreateObject();
        cJSON_AddStringToObject(labelled, "label", members->string);
        cJSON_AddItemToObject(labelled, "choice", truth_choice(members));
        cJSON_AddItemToArray(choices, labelled);
    }
    return options;
}

/* The prompt's response_types. The caller's. */
static inline cJSON *truth_questions(const cJSON *row)
{
    static const char usual[] = "[{\"prompt\":\"Decision\",\"options\":{\"type\":\"list\",\"required\":true,"
                                "\"choices\":[\"Permit\",\"Reject\",\"Ignore\"]}}]";
    if (truth_member(row, "questions") != NULL)
        return cJSON_Duplicate(truth_member(row, "questions"), true);
    cJSON *questions = truth_parse(usual, sizeof usual - 1, "usual questions");
    if (truth_member(row, "asked") != NULL)
        cJSON_ReplaceItemInObjectCaseSensitive(tl_json_member(questions->child, "options"), "choices",
                                               cJSON_Duplicate(truth_member(row, "asked"), true));
    return questions;
}

/* A time of the row: seconds from now become ISO, all else stays. */
static inline cJSON *truth_time(const cJSON *given, int64_t now_us)
{
    char text[TL_TIME_SIZE];
    if (!cJSON_IsNumber(given))
        return cJSON_Duplicate(given, true);
    tl_time_format_us(now_us + (int64_t)(given->valuedouble * 1e6), text);
    return cJSON_CreateString(text);
}

/* What became of the prompt, as members of the sandbox's `answer` call. The caller's. */
static inline cJSON *truth_answer(const cJSON *row, int64_t now_us)
{
    cJSON *answer = cJSON_CreateObject(), *set = cJSON_CreateObject();
    const cJSON *status = truth_member(row, "status"), *responses = truth_member(row, "responses");
    const cJSON *run = truth_member(row, "run"), *member;
    cJSON *usual = cJSON_CreateNumber(-60);
    cJSON_AddItemToObject(answer, "status",
                          status == NULL ? cJSON_CreateString("approved") : cJSON_Duplicate(status, true));
    cJSON_AddItemToObject(answer, "responses",
                          responses == NULL ? truth_parse("[\"Permit\"]", 10, "usual")
                                            : cJSON_Duplicate(responses, true));
    member = truth_member(row, "closed");
    cJSON_AddItemToObject(answer, "close_time", truth_time(member == NULL ? usual : member, now_us));
    cJSON_Delete(usual);
    cJSON_ArrayForEach (member, truth_member(row, "record"))
        cJSON_AddItemToObject(set, member->string, cJSON_Duplicate(member, true));
    if (truth_member(row, "due") != NULL)
        cJSON_AddItemToObject(set, "due_time", truth_time(truth_member(row, "due"), now_us));
    cJSON_AddItemToObject(answer, "set", set);
    cJSON_AddStringToObject(answer, "by", "analyst");
    if (run == NULL)
        return answer;
    cJSON *app_run = cJSON_Duplicate(run, true);
    if (truth_member(app_run, "answered_at") != NULL)
        cJSON_ReplaceItemInObjectCaseSensitive(app_run, "answered_at",
                                               truth_time(truth_member(app_run, "answered_at"), now_us));
    cJSON_AddItemToObject(answer, "app_run", app_run);
    return answer;
}

static inline tl_limits truth_limits(const cJSON *row)
{
    static const char *const scopes[] = {"computer", "group", "organization"};
    const cJSON *limits = truth_member(row, "limits");
    tl_limits out = {.allow_builtin = tl_json_true(limits, "allow_builtin"),
                     .allow_path_rules = tl_json_true(limits, "allow_path_rules"),
                     .allow_installation = tl_json_true(limits, "allow_installation"),
                     .allow_learning = tl_json_true(limits, "allow_learning"),
                     .allow_monitor = tl_json_true(limits, "allow_monitor"),
                     .max_expiry_s = tl_json_integer_or(limits, "max_expiry", 0)};
    for (int i = 0; i < 3; i++)
        if (strcmp(truth_text(limits, "max_scope", ""), scopes[i]) == 0)
            out.max_scope = (tl_scope)i;
    return out;
}

#endif
