/* The main job: a sealed prompt is answered in SOAR, and the chain turns the answer into one act. */
#include "chain_harness.h"

static const struct permit_case {
    const char *request;
    const char *organization;
    const char *choice;
    const char *application; /* as the sandbox tells the effect */
    const char *scope;
} permits[] = {
    {REQUEST(1001), ORGANIZATION(42),
     "{'application':'matching','application_id':'" APPLICATION(101) "','scope':'organization'}", "matching",
     "organization"},
    {REQUEST(1003), ORGANIZATION(43),
     "{'application':'existing','application_id':'" APPLICATION(
         301) "','scope':'group','rules':[{'hash':'" HASH "'}]}",
     "existing", "group"},
    {REQUEST(1018), ORGANIZATION(44), NEW_FOR_COMPUTER, "new", "computer"},
};

static void a_permit_answer_permits_what_was_sealed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(permits); i++) {
        control("reset", "{}");
        bench at = bench_new();
        bench_open(&at, NULL);
        print_message("%s\n", permits[i].choice);
        int64_t approval = ask_for(&at, permits[i].organization, permits[i].request, permits[i].choice);
        tl_step done = step(&at);
        assert_int_equal(done.watched, 1);
        assert_int_equal(times_applied_to_anything(), 0);
        answer(approval, "Permit");
        done = step(&at);
        assert_int_equal(done.answered, 1);
        assert_int_equal(done.permitted, 1);
        assert_int_equal(done.watched + done.sending + done.left + done.unknown, 0);
        cJSON *request = request_state(permits[i].request);
        const cJSON *effects = cJSON_GetObjectItemCaseSensitive(request, "effects");
        assert_int_equal(cJSON_GetArraySize(effects), 1);
        assert_text(effects->child, "application", permits[i].application);
        assert_text(effects->child, "scope", permits[i].scope);
        const char *notes =
            text_of(cJSON_GetObjectItemCaseSensitive(effects->child, "adminNotes"), "comments");
        assert_non_null(strstr(notes, "Decided by analyst in SOAR prompt"));
        cJSON_Delete(request);
        /* Nothing more happens, however often the chain looks. */
        for (int again = 0; again < 2; again++)
            done = step(&at);
        assert_int_equal(done.permitted + done.answered + done.left, 0);
        assert_int_equal(times_applied_to_anything(), 1);
        bench_free(&at);
    }
}

static const struct word_case {
    const char *word;
    const char *state;
    const char *write; /* applied once; NULL = nothing is */
} words[] = {
    {"Permit", "permitted", "permit"},
    {"  permit ", "permitted", "permit"},
    {"REJECT", "rejected", "reject"},
    {"Ignore", "ignored", "ignore"},
    {"Deny", "left", NULL},    /* known words, but */
    {"Approve", "left", NULL}, /* not among those that the prompt offered */
    {"Permit it", "left", NULL},
    {"do not permit", "left", NULL},
    {"yes", "left", NULL},
    {"true", "left", NULL},
    {"", "left", NULL},
};

static void only_the_known_words_act(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(words); i++) {
        control("reset", "{}");
        bench at = bench_new();
        bench_open(&at, NULL);
        print_message("\"%s\"\n", words[i].word);
        int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
        (void)step(&at);
        answer(approval, words[i].word);
        (void)step(&at);
        assert_last_state(&at, approval, words[i].state);
        assert_int_equal(times_applied_to_anything(), words[i].write == NULL ? 0 : 1);
        if (words[i].write != NULL)
            assert_int_equal(times_applied(REQUEST(1003), words[i].write), 1);
        bench_free(&at);
    }
}

static const struct evidence_case {
    const char *answer; /* members of the `answer` call */
    const char *state;
} evidence[] = {
    {"'responses':[{'response':'Permit'},'x']", "permitted"},
    {"'responses':[{'value':'Permit'},'x']", "permitted"},
    {"'responses':[{'value':'Permit','response':'Permit'},'x']", "left"},
    {"'responses':['Permit']", "left"}, /* one answer for two questions */
    {"'responses':['Permit','x','y']", "left"},
    {"'responses':[['Permit'],'x']", "left"},
    {"'responses':[1,'x']", "left"},
    {"'responses':[true,'Permit']", "left"},
    {"'responses':['x','Permit']", "left"},
    {"'responses':[]", "left"},
    {"'responses':'Permit'", "left"},
    {"'status':'denied','responses':['Permit','x']", "left"},
    {"'status':'denied','responses':['Reject','x']", "rejected"},
    {"'status':'denied','responses':[]", "left"},
    {"'status':'expired','responses':['Permit','x']", "left"},
    {"'status':'Approved','responses':['Permit','x']", "left"},
    {"'status':'success','responses':['Permit','x']", "left"},
    {"'responses':['Permit','x'],'set':{'status':null}", "left"},
    {"'responses':['Permit','x'],'set':{'close_time':null}", "left"},
    {"'responses':['Permit','x'],'set':{'due_time':null}", "left"},
    {"'responses':['Permit','x'],'set':{'due_time':'2020-01-01T00:00:00.000000Z'}", "left"},
    {"'responses':['Permit','x'],'close_time':'2020-01-01T00:00:00.000000Z'", "left"}, /* too old */
    /* After its due time. */
    {"'responses':['Permit','x'],'close_time':'2099-01-01T00:00:00.000000Z'", "left"},
    /* The app run, where there is one, must say the same. */
    {"'responses':['Permit','x'],'app_run':{'responses':['Reject','x']}", "left"},
    {"'responses':['Reject','x'],'app_run':{'responses':['Permit','x']}", "left"},
    {"'responses':['Permit','x'],'app_run':{'responses':[]}", "left"},
    {"'responses':['Permit','x'],'app_run':{'status':'failed'}", "left"},
    {"'responses':['Permit','x'],'app_run':{'answered_at':'2020-01-01T00:00:00.000000Z'}", "left"},
    {"'responses':['Permit','x'],'app_run':{'set':{'result_data':[]}}", "left"},
    {"'responses':['Permit','x'],'app_run':'running'", "seen"}, /* not over yet */
    {"'responses':['Permit','x'],'app_run':false", "permitted"},
};

static void only_an_answer_beyond_doubt_acts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(evidence); i++) {
        control("reset", "{}");
        bench at = bench_new();
        bench_open(&at, NULL);
        print_message("%s\n", evidence[i].answer);
        int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
        (void)step(&at);
        answer_with(approval, evidence[i].answer);
        steps(&at, 2);
        assert_last_state(&at, approval, evidence[i].state);
        bool acts = strcmp(evidence[i].state, "permitted") == 0 || strcmp(evidence[i].state, "rejected") == 0;
        assert_int_equal(times_applied_to_anything(), acts ? 1 : 0);
        bench_free(&at);
    }
}

static void an_expired_prompt_leaves_the_request_alone(void **state)
{
    (void)state;
    bench at = bench_new();
    bench_open(&at, NULL);
    cJSON *prepared = prepare(at.client, "chain:" CHAIN, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    int64_t approval = ask(REQUEST(1003), text_of(prepared, "message"), "{'minutes':0.004}");
    tl_step done = step(&at);
    assert_int_equal(done.watched, 1);
    sleep_ms(400);
    done = step(&at);
    assert_int_equal(done.left, 1);
    assert_last_state(&at, approval, "left");
    assert_int_equal(times_applied_to_anything(), 0);
    cJSON_Delete(prepared);
    bench_free(&at);
}

/* The first prompt expires, its escalation is answered: one act, by the one who answered. */
static void an_escalated_prompt_is_followed(void **state)
{
    (void)state;
    bench at = bench_new();
    bench_open(&at, NULL);
    cJSON *prepared = prepare(at.client, "chain:" CHAIN, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    const char *message = text_of(prepared, "message");
    int64_t first = ask(REQUEST(1003), message, "{'minutes':0.004}");
    (void)step(&at);
    char escalates[64];
    snprintf(escalates, sizeof escalates, "{'escalates':%lld}", (long long)first);
    int64_t second = ask(REQUEST(1003), message, escalates);
    answer_with(second, "'responses':['Permit','x'],'by':'manager'");
    sleep_ms(400);
    tl_step done = step(&at);
    if (done.permitted == 0)
        done = step(&at);
    assert_int_equal(done.permitted, 1);
    assert_last_state(&at, first, "left");
    assert_last_state(&at, second, "permitted");
    assert_int_equal(times_applied(REQUEST(1003), "permit"), 1);
    cJSON *lines = history(&at, REQUEST(1003));
    const cJSON *line, *permitted = NULL;
    cJSON_ArrayForEach (line, lines)
        permitted = strcmp(text_of(line, "state"), "permitted") == 0 ? line : permitted;
    assert_text(permitted, "answered_by", "manager");
    cJSON_Delete(lines);
    cJSON_Delete(prepared);
    bench_free(&at);
}

static void an_idle_step_is_one_soar_request(void **state)
{
    (void)state;
    bench at = bench_new();
    bench_open(&at, NULL);
    (void)step(&at);
    (void)ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    (void)step(&at);
    (void)step(&at);
    for (int i = 0; i < 4; i++) {
        control_delete("calls");
        tl_step done = step(&at);
        assert_int_equal(done.watched, 1);
        cJSON *calls = control_get("calls");
        assert_int_equal(cJSON_GetArraySize(calls), 1);
        assert_text(calls->child, "method", "GET");
        assert_text(calls->child, "path", "/rest/approval");
        assert_null(header_of(calls->child, "Authorization"));
        cJSON_Delete(calls);
    }
    bench_free(&at);
}

/* A summary is read once, whosever prompt it is. */
static void foreign_prompts_are_read_once_and_left_alone(void **state)
{
    (void)state;
    bench at = bench_new();
    bench_open(&at, NULL);
    int64_t foreign = ask(REQUEST(1003), "Shall we permit it?", NULL);
    (void)step(&at);
    answer(foreign, "Permit");
    (void)step(&at);
    (void)step(&at);
    char path[64];
    snprintf(path, sizeof path, "/approval/%lld/detail", (long long)foreign);
    assert_int_equal(count_calls(path), 1);
    assert_int_equal(times_applied_to_anything(), 0);
    bench_free(&at);
}

static void history_tells_who_decided_and_what_came_of_it(void **state)
{
    (void)state;
    bench at = bench_new();
    bench_open(&at, NULL);
    int64_t approval = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    (void)step(&at);
    answer_with(approval, "'responses':['Permit','x'],'by':'duty.analyst'");
    (void)step(&at);
    cJSON *lines = history(&at, REQUEST(1003));
    static const char *const states[] = {"seen", "answered", "sending", "permitted"};
    assert_int_equal(cJSON_GetArraySize(lines), (int)COUNT(states));
    int index = 0;
    const char *operation = "";
    const cJSON *line;
    cJSON_ArrayForEach (line, lines) {
        assert_text(line, "state", states[index]);
        assert_text(line, "request_id", REQUEST(1003));
        assert_text(line, "organization_id", ORGANIZATION(43));
        assert_int_equal(integer_of(line, "approval_id"), approval);
        if (index > 0) {
            assert_text(line, "answer", "permit");
            assert_text(line, "answered_by", "duty.analyst");
        }
        if (index == 2)
            operation = text_of(line, "operation_id");
        const char *verified = text_of(line, "verified");
        assert_true(index == 3 ? strncmp(verified, "read back: status 4, by ", 24) == 0
                               : verified[0] == '\0');
        index++;
    }
    assert_int_equal(strlen(operation), 36);
    cJSON *request = request_state(REQUEST(1003));
    const cJSON *effect = cJSON_GetObjectItemCaseSensitive(request, "effects")->child;
    const char *notes = text_of(cJSON_GetObjectItemCaseSensitive(effect, "adminNotes"), "comments");
    assert_non_null(strstr(notes, operation));
    assert_non_null(strstr(notes, "duty.analyst"));
    cJSON_Delete(request);
    cJSON_Delete(lines);
    lines = history(&at, REQUEST(1001));
    assert_int_equal(cJSON_GetArraySize(lines), 0);
    cJSON_Delete(lines);
    bench_free(&at);
}

/* Each of many prompts gets its own answer. */
static void many_prompts_are_kept_apart(void **state)
{
    (void)state;
    static const struct {
        const char *request, *organization, *word, *write;
    } rows[] = {{REQUEST(1003), ORGANIZATION(43), "Permit", "permit"},
                {REQUEST(1018), ORGANIZATION(44), "Reject", "reject"},
                {REQUEST(1008), ORGANIZATION(44), "Ignore", "ignore"},
                {REQUEST(1011), ORGANIZATION(10), "nonsense", NULL},
                {REQUEST(1012), ORGANIZATION(43), "Permit", "permit"}};
    int64_t approvals[COUNT(rows)];
    bench at = bench_new();
    bench_open(&at, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        approvals[i] = ask_for(&at, rows[i].organization, rows[i].request, NEW_FOR_COMPUTER);
    tl_step done = step(&at);
    assert_int_equal(done.watched, COUNT(rows));
    for (size_t i = COUNT(rows); i-- > 0;)
        answer(approvals[i], rows[i].word);
    done = step(&at);
    assert_int_equal(done.permitted, 2);
    assert_int_equal(done.rejected, 1);
    assert_int_equal(done.ignored, 1);
    assert_int_equal(done.left, 1);
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].write != NULL)
            assert_int_equal(times_applied(rows[i].request, rows[i].write), 1);
    assert_int_equal(times_applied_to_anything(), 4);
    bench_free(&at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_permit_answer_permits_what_was_sealed, reset_sandbox),
        cmocka_unit_test_setup(only_the_known_words_act, reset_sandbox),
        cmocka_unit_test_setup(only_an_answer_beyond_doubt_acts, reset_sandbox),
        cmocka_unit_test_setup(an_expired_prompt_leaves_the_request_alone, reset_sandbox),
        cmocka_unit_test_setup(an_escalated_prompt_is_followed, reset_sandbox),
        cmocka_unit_test_setup(an_idle_step_is_one_soar_request, reset_sandbox),
        cmocka_unit_test_setup(foreign_prompts_are_read_once_and_left_alone, reset_sandbox),
        cmocka_unit_test_setup(history_tells_who_decided_and_what_came_of_it, reset_sandbox),
        cmocka_unit_test_setup(many_prompts_are_kept_apart, reset_sandbox),
    };
    return cmocka_run_group_tests_name("chain", tests, start_sandbox, stop_sandbox);
}
