/* Preparing prompts with labelled choices and a site's own words. */
#include "chain_harness.h"

#define NAMED "'application':'new','name':'Field tool','rules':[{'hash':'" HASH "'}]"
#define FORTY "1234567890123456789012345678901234567890"
#define TWO                                                                                                  \
    "[{'label':'Just here','choice':{" NAMED "}},{'label':'Its group','choice':{" NAMED                      \
    ",'scope':'group','expires':'2098-01-01T00:00:00Z','ticket':'INC-7'}}]"

static tl_code try_prepare(cJSON **out, const cJSON *options, tl_error *err)
{
    tl_client *client = make_client(NULL);
    tl_code code = tl_prepare_prompt(out, client, ORGANIZATION(43), REQUEST(1003), options, err);
    tl_client_free(client);
    return code;
}

static cJSON *prepare_from(const char *members)
{
    cJSON *options = json("{'executor':'chain:" CHAIN "',%s}", members), *prepared = NULL;
    tl_error err = TL_ERROR_INIT;
    assert_ok(try_prepare(&prepared, options, &err), &err);
    cJSON_Delete(options);
    return prepared;
}

static void assert_choices(const cJSON *prepared, const char *expected)
{
    cJSON *wanted = json("%s", expected);
    char *got = cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(prepared, "choices"));
    char *text = cJSON_PrintUnformatted(wanted);
    assert_string_equal(got, text);
    cJSON_free(got);
    cJSON_free(text);
    cJSON_Delete(wanted);
}

/* Each part stands in the text behind the one before. */
static void assert_in_order(const char *text, const char *const parts[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *at = strstr(text, parts[i]);
        if (at == NULL)
            fail_msg("\"%s\" is not there (any more):\n%s", parts[i], text);
        text = at + strlen(parts[i]);
    }
}

static void each_choice_is_written_out(void **state)
{
    (void)state;
    static const char *const parts[] = {"ThreatLocker asks for a decision\nRequest: " REQUEST(1003) "\n",
                                        "\nChoice \"Just here\"\n",
                                        "If permitted, a new application: Field tool\nRule, hash: " HASH "\n",
                                        "Where: this computer only\nEnds: never\n",
                                        "Choice \"Its group\"\n",
                                        "If permitted, a new application: Field tool\nRule, hash: " HASH "\n",
                                        "Where: the computer group: ",
                                        "Ends: 2098-01-01T00:00:00Z\n",
                                        "Ticket: INC-7\n",
                                        "Answer Just here, Its group, Reject or Ignore. ",
                                        "\nthreatlocker-seal:1:"};
    cJSON *prepared = prepare_from("'choices':" TWO);
    assert_in_order(text_of(prepared, "message"), parts, COUNT(parts));
    assert_choices(prepared, "['Just here','Its group','Reject','Ignore']");
    cJSON_Delete(prepared);
}

static void the_words_offered_are_the_sites_own(void **state)
{
    (void)state;
    static const char words[] = "'words':{'permit':['Zulassen','Ja'],'reject':['Ablehnen']}";
    char members[2048];
    snprintf(members, sizeof members, "'choice':{" NAMED "},%s", words);
    cJSON *prepared = prepare_from(members);
    assert_choices(prepared, "['Zulassen','Ablehnen','Ignore']");
    assert_non_null(strstr(text_of(prepared, "message"), "\nAnswer Zulassen, Ablehnen or Ignore. "));
    cJSON_Delete(prepared);
    snprintf(members, sizeof members, "'choices':" TWO ",%s", words);
    prepared = prepare_from(members);
    assert_choices(prepared, "['Just here','Its group','Ablehnen','Ignore']");
    cJSON_Delete(prepared);
    prepared = prepare_from("'choice':{" NAMED "}");
    assert_choices(prepared, "['Permit','Reject','Ignore']");
    assert_null(strstr(text_of(prepared, "message"), "Choice \""));
    cJSON_Delete(prepared);
}

#define ONE(label) "'choices':[{'label':" label ",'choice':{" NAMED "}}]"
#define PAIR(a, b) "'choices':[{'label':" a ",'choice':{" NAMED "}},{'label':" b ",'choice':{" NAMED "}}]"

static const struct {
    const char *members;
    tl_code code;
    const char *part;
} refusals[] = {
    {"'choice':{" NAMED "},'choices':" TWO, TL_INVALID, "either choice or choices"},
    {"'executor2':1", TL_INVALID, "unknown member: executor2 (known: executor, choice, choices, words)"},
    {"'words':{}", TL_INVALID, "choice is missing"},
    {"'choices':[]", TL_INVALID, "a list of 1 to 4"},
    {"'choices':{}", TL_INVALID, "a list of 1 to 4"},
    {"'choices':[1]", TL_INVALID, "label and choice"},
    {"'choices':[{'label':'A','choice':{" NAMED "},'more':1}]", TL_INVALID,
     "unknown member: more (known: label, choice)"},
    {"'choices':[{'choice':{" NAMED "}}]", TL_INVALID, "label of choice 1 must be a text"},
    {"'choices':[{'label':'A'}]", TL_INVALID, "choice \"A\": "},
    {"'choices':[{'label':'A','choice':{'application':'new'}}]", TL_INVALID, "choice \"A\": name"},
    {"'choices':[{'label':'A','choice':{" NAMED ",'dry_run':true}}]", TL_INVALID, "choice \"A\": dry_run"},
    {"'choices':[{'label':'A','choice':{" NAMED ",'allow_actioned':true}}]", TL_INVALID, "choice \"A\": "},
    {ONE("''"), TL_INVALID, "1 to 40 bytes"},
    {ONE("'" FORTY "1'"), TL_INVALID, "1 to 40 bytes"},
    {ONE("' A'"), TL_INVALID, "outer white space"},
    {ONE("'A\\nWhere: nowhere'"), TL_INVALID, "control"},
    {ONE("'A\\u202eB'"), TL_INVALID, "invisible"},
    {ONE("'threatlocker-seal:'"), TL_INVALID, "like a seal"},
    {ONE("1"), TL_INVALID, "must be a text"},
    {PAIR("'A'", "'a'"), TL_INVALID, "two choices have the label \"a\""},
    {PAIR("'A'", "'Permit'"), TL_INVALID, "\"Permit\" is one of the words"},
    {ONE("'approve'"), TL_INVALID, "words that decide"},
    {ONE("'REJECT'"), TL_INVALID, "words that decide"},
    {ONE("'Deny'"), TL_INVALID, "words that decide"},
    {ONE("'ignore'"), TL_INVALID, "words that decide"},
    {ONE("'Ja'") ",'words':{'permit':['Ja']}", TL_INVALID, "\"Ja\" is one of the words"},
    {ONE("'Permit'") ",'words':{'permit':['Ja']}", TL_INVALID, "\"Permit\" is one of the words"},
    {"'choice':{" NAMED "},'words':{'permit':['Ja'],'reject':['ja']}", TL_CONFIG, "stands in permit"},
    {"'choice':{" NAMED "},'words':{'permit':['']}", TL_CONFIG, "1 to 40 bytes"},
    {"'choice':{" NAMED "},'words':[]", TL_CONFIG, "object of the lists"},
    /* The second one cannot be permitted: the request has no such match. */
    {"'choices':[{'label':'A','choice':{" NAMED "}},{'label':'B','choice':{'application':'matching',"
     "'application_id':'" APPLICATION(301) "'}}]",
     TL_INVALID, "choice \"B\": "},
    {"'choices':[{'label':'A','choice':{" NAMED "}},{'label':'B','choice':{" NAMED ",'scope':'group',"
     "'group_id':'" GROUP(99) "'}}]",
     TL_INVALID, "choice \"B\": "},
};

static void what_could_mislead_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refusals); i++) {
        cJSON *options = json("{'executor':'playbook',%s}", refusals[i].members), *prepared = NULL;
        tl_error err = TL_ERROR_INIT;
        tl_code code = try_prepare(&prepared, options, &err);
        if (code != refusals[i].code || strstr(err.message, refusals[i].part) == NULL)
            fail_msg("%s: %s \"%s\"", refusals[i].members, tl_code_name(code), err.message);
        assert_null(prepared);
        cJSON_Delete(options);
    }
}

/* Options with so many choices, each of so many path rules of `length` bytes. */
static cJSON *with_rules(int choices, int rules, size_t length)
{
    static const char *const labels[] = {"A", "B", "C", "D"};
    cJSON *options = json("{'executor':'playbook'}");
    cJSON *list = cJSON_AddArrayToObject(options, "choices");
    for (int i = 0; i < choices; i++) {
        cJSON *entry = json("{'label':'%s','choice':{'application':'new','name':'Field tool'}}", labels[i]);
        cJSON *choice = cJSON_GetObjectItemCaseSensitive(entry, "choice");
        cJSON *array = cJSON_AddArrayToObject(choice, "rules");
        for (int k = 0; k < rules; k++) {
            char path[4096];
            size_t start = (size_t)snprintf(path, sizeof path, "C:\\Tools\\%d\\", k);
            memset(path + start, 'a', length - start);
            path[length] = '\0';
            cJSON *rule = cJSON_CreateObject();
            cJSON_AddStringToObject(rule, "path", path);
            cJSON_AddItemToArray(array, rule);
        }
        cJSON_AddItemToArray(list, entry);
    }
    return options;
}

static void the_text_stays_bounded(void **state)
{
    (void)state;
    static const struct {
        int choices, rules;
        size_t length;
        const char *part; /* NULL = good */
    } rows[] = {{4, 50, 100, NULL},
                {1, 50, 800, NULL},
                {1, 50, 1200, "too long to be sealed"},
                {4, 50, 300, "too long to be sealed"},
                {1, 50, 3900, "longer than 65536 bytes"},
                {4, 50, 1000, "longer than 65536 bytes"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *options = with_rules(rows[i].choices, rows[i].rules, rows[i].length), *prepared = NULL;
        tl_error err = TL_ERROR_INIT;
        tl_code code = try_prepare(&prepared, options, &err);
        if (rows[i].part == NULL) {
            assert_ok(code, &err);
            assert_true(strlen(text_of(prepared, "message")) < 128 * 1024);
        } else if (code != TL_INVALID || strstr(err.message, rows[i].part) == NULL)
            fail_msg("%d rules of %zu: %s \"%s\"", rows[i].rules, rows[i].length, tl_code_name(code),
                     err.message);
        cJSON_Delete(prepared);
        cJSON_Delete(options);
    }
}

/* What a playbook may do to a text: other breaks of lines, and nothing more. */
static void a_prompts_seal_can_be_read_by_who_has_the_key(void **state)
{
    (void)state;
    cJSON *prepared = prepare_from("'choice':{" NAMED "}"), *seal = NULL;
    const char *message = text_of(prepared, "message");
    char *wrapped = strdup(message), *touched = strdup(message);
    tl_client_options options = client_options();
    options.seal_key = "another key of some length";
    options.seal_key_length = strlen(options.seal_key);
    tl_client *client = make_client(NULL), *stranger = make_client(&options);
    tl_error err = TL_ERROR_INIT;
    *strchr(wrapped, ' ') = '\n';
    *strchr(touched, 'F') = 'f';
    const char *const good[] = {message, wrapped};
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_ok(tl_prompt_seal(&seal, client, good[i], &err), &err);
        assert_text(seal, "request_id", REQUEST(1003));
        assert_text(seal, "organization_id", ORGANIZATION(43));
        assert_text(seal, "executor", "chain:" CHAIN);
        assert_text(seal, "sealed_at", text_of(prepared, "sealed_at"));
        assert_int_equal(cJSON_GetArraySize(seal), 4);
        cJSON_Delete(seal);
    }
    const struct {
        const tl_client *reader;
        const char *text;
    } bad[] = {{stranger, message}, {client, touched}, {client, ""}, {client, "Shall we have lunch?"}};
    for (size_t i = 0; i < COUNT(bad); i++) {
        err = (tl_error)TL_ERROR_INIT;
        assert_code(tl_prompt_seal(&seal, bad[i].reader, bad[i].text, &err), &err, TL_INVALID);
        assert_null(seal);
    }
    tl_client_free(stranger);
    tl_client_free(client);
    free(touched);
    free(wrapped);
    cJSON_Delete(prepared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_choice_is_written_out, reset_sandbox),
        cmocka_unit_test_setup(the_words_offered_are_the_sites_own, reset_sandbox),
        cmocka_unit_test_setup(what_could_mislead_is_refused, reset_sandbox),
        cmocka_unit_test_setup(the_text_stays_bounded, reset_sandbox),
        cmocka_unit_test_setup(a_prompts_seal_can_be_read_by_who_has_the_key, reset_sandbox),
    };
    return cmocka_run_group_tests_name("prompt_choices", tests, start_sandbox, stop_sandbox);
}
