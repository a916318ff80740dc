/* Who may decide: several different people, and not who asked. */
#include "chain_harness.h"

static bench bench_with(int answerers, bool not_requester, int64_t max_age_s)
{
    bench at = bench_new();
    tl_chain_options options = chain_options(&at);
    options.answerers = answerers;
    options.answerer_not_requester = not_requester;
    options.max_answer_age_s = max_age_s;
    bench_open(&at, &options);
    return at;
}

static void answer_by(int64_t approval, const char *word, const char *by)
{
    char members[200];
    if (by == NULL)
        snprintf(members, sizeof members, "'responses':['%s','x'],'app_run':false", word);
    else
        snprintf(members, sizeof members, "'responses':['%s','x'],'by':'%s'", word, by);
    answer_with(approval, members);
}

/* Asks the same prompt so many times. */
static void ask_many(bench *at, int64_t approvals[], size_t count)
{
    cJSON *prepared = prepare(at->client, "chain:" CHAIN, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    for (size_t i = 0; i < count; i++)
        approvals[i] = ask(REQUEST(1003), text_of(prepared, "message"), NULL);
    cJSON_Delete(prepared);
    (void)step(at);
}

enum { MAX_PROMPTS = 3 };

static const struct row {
    const char *about;
    int answerers;
    struct {
        const char *word, *by; /* no word = open; no by = not known who */
    } said[MAX_PROMPTS];
    const char *states[MAX_PROMPTS];
    const char *write;
} rows[] = {
    {"one yes of two", 2, {{"Permit", "ann"}}, {"answered"}, NULL},
    {"two people", 2, {{"Permit", "ann"}, {"Permit", "bob"}}, {"permitted", "left"}, "permit"},
    {"the same person twice", 2, {{"Permit", "ann"}, {"Permit", "ann"}}, {"answered", "answered"}, NULL},
    {"the same person, spelt otherwise",
     2,
     {{"Permit", "ann"}, {"Permit", "ANN"}},
     {"answered", "answered"},
     NULL},
    {"one person by two accounts",
     2,
     {{"Permit", "CORP\\\\ann"}, {"Permit", "ann@example.com"}},
     {"answered", "answered"},
     NULL},
    {"one of them is not known", 2, {{"Permit", "ann"}, {"Permit", NULL}}, {"answered", "answered"}, NULL},
    {"neither is known", 2, {{"Permit", NULL}, {"Permit", NULL}}, {"answered", "answered"}, NULL},
    {"one yes, one no", 2, {{"Permit", "ann"}, {"Reject", "bob"}}, {"left", "left"}, NULL},
    {"one no, one yes", 2, {{"Reject", "ann"}, {"Permit", "bob"}}, {"left", "left"}, NULL},
    {"one yes, one ignore", 2, {{"Permit", "ann"}, {"Ignore", "bob"}}, {"left", "left"}, NULL},
    {"one yes, one unreadable", 2, {{"Permit", "ann"}, {"Perhaps", "bob"}}, {"left", "left"}, NULL},
    {"one no", 2, {{"Reject", "ann"}}, {"rejected"}, "reject"},
    {"two yes, one open",
     2,
     {{"Permit", "ann"}, {"Permit", "bob"}, {NULL, NULL}},
     {"answered", "answered", "seen"},
     NULL},
    {"two yes, one no",
     2,
     {{"Permit", "ann"}, {"Permit", "bob"}, {"Reject", "eve"}},
     {"left", "left", "left"},
     NULL},
    {"two of three",
     3,
     {{"Permit", "ann"}, {"Permit", "bob"}, {"Permit", "Bob"}},
     {"answered", "answered", "answered"},
     NULL},
    {"three people",
     3,
     {{"Permit", "ann"}, {"Permit", "bob"}, {"Permit", "eve"}},
     {"permitted", "left", "left"},
     "permit"},
    {"more than needed",
     2,
     {{"Permit", "ann"}, {"Permit", "bob"}, {"Permit", "eve"}},
     {"permitted", "left", "left"},
     "permit"},
    {"one is enough", 1, {{"Permit", NULL}}, {"permitted"}, "permit"},
};

static size_t prompts_of(const struct row *row)
{
    size_t count = 0;
    while (count < MAX_PROMPTS && row->states[count] != NULL)
        count++;
    return count;
}

static void so_many_different_people_must_say_yes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        for (int one_by_one = 0; one_by_one < 2; one_by_one++) {
            const struct row *row = &rows[i];
            size_t count = prompts_of(row);
            int64_t approvals[MAX_PROMPTS];
            print_message("%s%s\n", row->about, one_by_one ? ", one by one" : "");
            control("reset", "{}");
            bench at = bench_with(row->answerers, false, 0);
            ask_many(&at, approvals, count);
            for (size_t k = 0; k < count; k++) {
                if (row->said[k].word != NULL)
                    answer_by(approvals[k], row->said[k].word, row->said[k].by);
                if (one_by_one)
                    (void)step(&at);
            }
            steps(&at, 4);
            for (size_t k = 0; k < count; k++)
                assert_last_state(&at, approvals[k], row->states[k]);
            assert_int_equal(times_applied_to_anything(), row->write == NULL ? 0 : 1);
            if (row->write != NULL)
                assert_int_equal(times_applied(REQUEST(1003), row->write), 1);
            bench_free(&at);
        }
}

/* Two prompts with two seals are two questions. */
static void yes_to_two_seals_is_no_agreement(void **state)
{
    (void)state;
    bench at = bench_with(2, false, 0);
    int64_t first = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    int64_t second =
        ask_for(&at, ORGANIZATION(43), REQUEST(1003),
                "{'application':'new','name':'Field tool','comments':'again','rules':[{'hash':'" HASH "'}]}");
    (void)step(&at);
    answer_by(first, "Permit", "ann");
    answer_by(second, "Permit", "bob");
    steps(&at, 3);
    assert_int_equal(times_applied_to_anything(), 0);
    assert_last_state(&at, first, "left");
    assert_last_state(&at, second, "left");
    bench_free(&at);
}

static void who_stays_alone_is_left_in_the_end(void **state)
{
    (void)state;
    int64_t approvals[2];
    bench at = bench_with(2, false, 2);
    ask_many(&at, approvals, 2);
    answer_by(approvals[0], "Permit", "ann");
    answer_by(approvals[1], "Permit", "ann");
    steps(&at, 3);
    assert_last_state(&at, approvals[0], "answered");
    sleep_ms(2100);
    steps(&at, 2);
    assert_last_state(&at, approvals[0], "left");
    assert_last_state(&at, approvals[1], "left");
    assert_int_equal(times_applied_to_anything(), 0);
    bench_free(&at);
}

/* The second yes comes much later, and from another process: the first one waits in the ledger. */
static void the_first_yes_outlives_a_restart(void **state)
{
    (void)state;
    int64_t approvals[2];
    bench at = bench_with(2, false, 0);
    ask_many(&at, approvals, 2);
    answer_by(approvals[0], "Permit", "ann");
    steps(&at, 2);
    bench_close(&at);
    answer_by(approvals[1], "Permit", "bob");
    tl_chain_options options = chain_options(&at);
    options.answerers = 2;
    bench_open(&at, &options);
    steps(&at, 2);
    assert_last_state(&at, approvals[0], "permitted");
    assert_int_equal(times_applied_to_anything(), 1);
    /* Both are on record. */
    tl_error err = TL_ERROR_INIT;
    cJSON *row = NULL;
    assert_ok(tl_request_get(&row, at.client, ORGANIZATION(43), REQUEST(1003), &err), &err);
    assert_non_null(strstr(text_of(row, "comments"), "Decided by ann and bob in SOAR prompt"));
    cJSON_Delete(row);
    bench_free(&at);
}

/* The request says who asked: none of those who are counted may be him, the first or the second. */
static void none_of_them_may_be_who_asked(void **state)
{
    (void)state;
    static const struct {
        int answerers;
        const char *first, *second, *state;
    } asked[] = {
        {1, "jane", NULL, "left"},      {1, "JANE@example.com", NULL, "left"},
        {1, "ann", NULL, "permitted"},  {2, "jane", "ann", "left"},
        {2, "ann", "jane", "left"},     {2, "ann", "CORP\\\\Jane", "left"},
        {2, "ann", "bob", "permitted"},
    };
    for (size_t i = 0; i < COUNT(asked); i++) {
        int64_t approvals[2];
        control("reset", "{}");
        control("request",
                "{'approvalRequestId':'" REQUEST(
                    1003) "','set':{'username':'EXAMPLE\\\\jane',"
                          "'requestor':'EXAMPLE\\\\jane','requestorEmailAddress':'jane@example.com'}}");
        bench at = bench_with(asked[i].answerers, true, 0);
        print_message("%s, %s\n", asked[i].first, asked[i].second == NULL ? "" : asked[i].second);
        ask_many(&at, approvals, asked[i].second == NULL ? 1 : 2);
        answer_by(approvals[0], "Permit", asked[i].first);
        if (asked[i].second != NULL)
            answer_by(approvals[1], "Permit", asked[i].second);
        steps(&at, 3);
        assert_last_state(&at, approvals[0], asked[i].state);
        assert_int_equal(times_applied_to_anything(), strcmp(asked[i].state, "permitted") == 0);
        bench_free(&at);
    }
}

/* Who answered is not known: perhaps who asked. */
static void an_unknown_answerer_may_be_who_asked(void **state)
{
    (void)state;
    int64_t approval;
    bench at = bench_with(1, true, 0);
    ask_many(&at, &approval, 1);
    answer_by(approval, "Permit", NULL);
    steps(&at, 2);
    assert_last_state(&at, approval, "left");
    assert_int_equal(times_applied_to_anything(), 0);
    bench_free(&at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(so_many_different_people_must_say_yes, reset_sandbox),
        cmocka_unit_test_setup(yes_to_two_seals_is_no_agreement, reset_sandbox),
        cmocka_unit_test_setup(who_stays_alone_is_left_in_the_end, reset_sandbox),
        cmocka_unit_test_setup(the_first_yes_outlives_a_restart, reset_sandbox),
        cmocka_unit_test_setup(none_of_them_may_be_who_asked, reset_sandbox),
        cmocka_unit_test_setup(an_unknown_answerer_may_be_who_asked, reset_sandbox),
    };
    return cmocka_run_group_tests_name("chain_answerers", tests, start_sandbox, stop_sandbox);
}
