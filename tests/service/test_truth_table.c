/* The truth table by a chain at work: what it says of each prompt, and what it sends. */
#include "base/json.h"

#include "chain_harness.h"
#include "truth_table/message.h"

#define OTHER_KEY "the key of another site, as long"

/* What changes in the request meanwhile. */
static const char *const changes[][2] = {
    {"escalated", "{'statusId':13}"},
    {"taken by somebody", "{'isAssigned':true,'assigneeUsername':'operator@example.com'}"},
    {"path", "{'path':'C:\\\\Windows\\\\other.exe'}"},
    {"hash", "{'hash':'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff'}"},
    {"SHA-256", "{'sha256':'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff'}"},
    {"computer", "{'computerId':'0c000000-0000-4000-8000-000000000061'}"},
    {"json", "{'json':'{\\'changed\\':true}'}"},
    {"json gone", "{'json':''}"},
    {"kind", "{'actionType':'elevate'}"},
    {"permitted", "{'statusId':4,'approvedBy':'operator@example.com'}"},
    {"rejected", "{'statusId':10,'approvedBy':'operator@example.com'}"},
};

static void change_request(const char *what)
{
    if (strcmp(what, "nothing") == 0)
        return;
    for (size_t i = 0; i < COUNT(changes); i++)
        if (strcmp(changes[i][0], what) == 0) {
            control("request", "{'approvalRequestId':'" REQUEST(1003) "','set':%s}", changes[i][1]);
            return;
        }
    fail_msg("no such change: %s", what);
}

/* What the blocked user wrote, and what he is called. */
static void set_request_texts(const cJSON *row)
{
    static const char *const members[] = {"reason", "username"};
    cJSON *set = cJSON_CreateObject(), *spec = cJSON_CreateObject();
    for (size_t i = 0; i < COUNT(members); i++)
        if (truth_member(row, members[i]) != NULL)
            cJSON_AddStringToObject(set, members[i], truth_text(row, members[i], ""));
    cJSON_AddStringToObject(spec, "approvalRequestId", REQUEST(1003));
    cJSON_AddItemToObject(spec, "set", set);
    if (set->child != NULL)
        cJSON_Delete(control_send("request", spec));
    cJSON_Delete(spec);
}

static cJSON *prepare_row(tl_client *client, const cJSON *row, const char *organization, const char *request)
{
    cJSON *options = truth_options(row), *prepared = NULL;
    tl_error err = TL_ERROR_INIT;
    tl_code code = tl_prepare_prompt(&prepared, client, organization, request, options, &err);
    if (code != TL_OK)
        fail_msg("%s: %s", truth_text(row, "row", "?"), err.message);
    cJSON_Delete(options);
    return prepared;
}

static cJSON *prepare_with_other_key(const cJSON *row)
{
    tl_client_options options = client_options();
    options.seal_key = OTHER_KEY;
    options.seal_key_length = strlen(OTHER_KEY);
    tl_client *client = make_client(&options);
    cJSON *prepared = prepare_row(client, row, ORGANIZATION(43), REQUEST(1003));
    tl_client_free(client);
    return prepared;
}

/* What the approver of this row reads. malloc'd. */
static char *asked_text(bench *at, const cJSON *row)
{
    const char *what = truth_text(row, "prompt", "good");
    cJSON *good = prepare_row(at->client, row, ORGANIZATION(43), REQUEST(1003)), *other = NULL, *keyed = NULL;
    if (strstr(what, "another request") != NULL)
        other = prepare_row(at->client, row, ORGANIZATION(44), REQUEST(1018));
    if (strstr(what, "another key") != NULL)
        keyed = prepare_with_other_key(row);
    truth_prompts prompts = {text_of(good, "message"), text_of(other == NULL ? good : other, "message"),
                             text_of(keyed == NULL ? good : keyed, "message")};
    truth_check_text(prompts.good, row);
    char *message = truth_message(what, &prompts);
    cJSON_Delete(keyed);
    cJSON_Delete(other);
    cJSON_Delete(good);
    return message;
}

static int64_t ask_row(const cJSON *row, const char *message)
{
    cJSON *more = cJSON_CreateObject(), *questions = truth_questions(row);
    cJSON_AddItemToObject(more, "response_types", questions);
    cJSON_AddStringToObject(more, "approvalRequestId", REQUEST(1003));
    cJSON_AddStringToObject(more, "message", message);
    cJSON *reply = control_send("prompt", more);
    int64_t approval = integer_of(reply, "approval");
    cJSON_Delete(reply);
    cJSON_Delete(more);
    if (truth_member(row, "summary") == NULL)
        return approval;
    cJSON *spec = cJSON_CreateObject();
    cJSON_AddNumberToObject(spec, "approval", (double)approval);
    cJSON_AddItemToObject(spec, "detail", cJSON_Duplicate(truth_member(row, "summary"), true));
    cJSON_Delete(control_send("answer", spec));
    cJSON_Delete(spec);
    return approval;
}

static void answer_row(int64_t approval, const cJSON *row)
{
    cJSON *spec = truth_answer(row, tl_now_us());
    cJSON_AddNumberToObject(spec, "approval", (double)approval);
    cJSON_Delete(control_send("answer", spec));
    cJSON_Delete(spec);
}

static bool decide(void *data, const cJSON *prompt, const cJSON *request, const cJSON *details,
                   const cJSON *matches, cJSON **out_choice, char *reason, size_t reason_size)
{
    (void)prompt, (void)request, (void)details, (void)matches, (void)reason, (void)reason_size;
    const cJSON *members = data;
    if (cJSON_IsObject(members))
        *out_choice = truth_choice(members);
    return cJSON_IsObject(members);
}

static void open_chain(bench *at, const cJSON *row)
{
    at->client = make_client(NULL);
    at->soar = make_soar();
    tl_chain_options options = chain_options(at);
    tl_word_lists words;
    assert_int_equal(tl_words_read(&words, truth_member(row, "words"), NULL), TL_OK);
    options.limits = truth_limits(row);
    options.words = words.words;
    options.max_answer_age_s = tl_json_integer_or(row, "max_age", 0);
    options.decide = truth_member(row, "decide") == NULL ? NULL : decide;
    options.decide_data = (void *)truth_member(row, "decide");
    bench_open(at, &options);
}

/* What the chain made of it, in the words of the table. */
static const char *verdict_of(bench *at, int64_t approval)
{
    static const char *const states[][2] = {
        {"permitted", "permit"}, {"rejected", "reject"}, {"ignored", "ignore"}, {"seen", "wait"},
        {"refused", "left"},     {"left", "left"},       {"foreign", "foreign"}};
    static const char *const readings[] = {"closed", "undecided"};
    const char *verdict = "not in the ledger";
    cJSON *lines = history(at, NULL);
    const cJSON *line;
    cJSON_ArrayForEach (line, lines) {
        if (integer_of(line, "approval_id") != approval)
            continue;
        verdict = "in another state";
        for (size_t i = 0; i < COUNT(states); i++)
            if (strcmp(text_of(line, "state"), states[i][0]) == 0)
                verdict = states[i][1];
        for (size_t i = 0; i < COUNT(readings); i++)
            if (strcmp(text_of(line, "state"), "left") == 0 &&
                strcmp(text_of(line, "answer"), readings[i]) == 0)
                verdict = readings[i];
    }
    cJSON_Delete(lines);
    return verdict;
}

/* The same prompt, acted on once before. */
static void act_before(bench *at, const cJSON *row, const char *message)
{
    const char *before = truth_text(row, "before", NULL);
    if (before == NULL)
        return;
    int64_t approval = ask_row(row, message);
    (void)step(at);
    answer_with(approval, strcmp(before, "rejected") == 0 ? "'responses':['Reject']"
                          : strcmp(before, "left") == 0   ? "'responses':['Perhaps']"
                                                          : "'responses':['Permit']");
    assert_int_equal(step(at).left, strcmp(before, "left") == 0);
    if (strcmp(before, "permitted, then open again") == 0)
        control("request", "{'approvalRequestId':'" REQUEST(1003) "','set':{'statusId':1}}");
    if (strcmp(before, "permitted, another chain") == 0) { /* of the same name, that knows nothing of it */
        bench_close(at);
        at->ledger[strlen(at->ledger) - 1] = 'c';
        open_chain(at, row);
    }
}

enum { EACH_POLL = 3 }; /* steps until each kind of poll had its turn */

static const char *const writes[] = {"permit", "reject", "ignore"};

/* Plays a row in a new world. `applied` tells how often each of `writes` was, and then any at all. */
static const char *play(const cJSON *row, int applied[COUNT(writes) + 1])
{
    control("reset", "{}");
    set_request_texts(row);
    bench at = bench_new();
    open_chain(&at, row);
    char *message = asked_text(&at, row);
    act_before(&at, row, message);
    int64_t approval = ask_row(row, message);
    steps(&at, EACH_POLL);
    change_request(truth_text(row, "change", "nothing"));
    for (size_t i = 0; i < COUNT(writes); i++)
        applied[i] = -times_applied(REQUEST(1003), writes[i]);
    applied[COUNT(writes)] = -times_applied_to_anything();
    answer_row(approval, row);
    steps(&at, EACH_POLL);
    for (size_t i = 0; i < COUNT(writes); i++)
        applied[i] += times_applied(REQUEST(1003), writes[i]);
    applied[COUNT(writes)] += times_applied_to_anything();
    const char *verdict = verdict_of(&at, approval);
    free(message);
    bench_free(&at);
    return verdict;
}

/* Whether what was sent is what the verdict says, once, and nothing else. */
static bool sent_as_said(const char *verdict, const int applied[COUNT(writes) + 1])
{
    int all = 0;
    bool good = true;
    for (size_t i = 0; i < COUNT(writes); i++) {
        all += strcmp(verdict, writes[i]) == 0;
        good = good && applied[i] == (strcmp(verdict, writes[i]) == 0);
    }
    return good && applied[COUNT(writes)] == all;
}

static void the_chain_does_what_the_table_says(void **state)
{
    (void)state;
    cJSON *rows = truth_rows("chain");
    const cJSON *row;
    int wrong = 0, permits = 0, marked = 0, applied[COUNT(writes) + 1];
    cJSON_ArrayForEach (row, rows) {
        const char *expected = truth_text(row, "verdict", "(none)"), *verdict = play(row, applied);
        if (strcmp(verdict, expected) != 0 || !sent_as_said(expected, applied)) {
            print_message("%s: %s, not %s (%d writes)\n", truth_text(row, "row", "?"), verdict, expected,
                          applied[COUNT(writes)]);
            wrong++;
        }
        permits += applied[0];
        marked += cJSON_IsTrue(truth_member(row, "yes"));
    }
    print_message("%d rows checked, %d of them permit\n", cJSON_GetArraySize(rows), permits);
    assert_int_equal(wrong, 0);
    assert_int_equal(permits, marked);
    cJSON_Delete(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_chain_does_what_the_table_says, reset_sandbox),
    };
    return cmocka_run_group_tests_name("truth_table", tests, start_sandbox, stop_sandbox);
}
