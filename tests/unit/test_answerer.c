/* Who answered a prompt, against who asked for the permission. */
#include "chain/answerer.h"
#include "json_case.h"

static void nobody_answers_for_himself(void **state)
{
    (void)state;
#define PERSON(members) "{'approvalRequest':{" members "}}"
    static const struct {
        const char *answered_by;
        const char *details;
        bool is_requester;
    } rows[] = {
        {"jane", PERSON("'username':'jane'"), true},
        {"Jane", PERSON("'username':'CORP\\\\JANE'"), true},
        {"CORP\\jane", PERSON("'username':'jane'"), true},
        {"OTHER\\jane", PERSON("'username':'CORP\\\\jane'"), true},
        {"jane@example.com", PERSON("'username':'CORP\\\\jane'"), true},
        {"jane@example.com", PERSON("'username':'jane@example.org'"), true},
        {"CORP\\jane@example.com", PERSON("'username':'jane'"), true},
        {" jane\t", PERSON("'username':'jane '"), true},
        {"jane", PERSON("'requestor':'jane'"), true},
        {"jane", PERSON("'requestorEmailAddress':'Jane@example.com'"), true},
        {"jane", PERSON("'username':'SYSTEM','requestor':'','requestorEmailAddress':'jane@example.com'"),
         true},
        {"jane", PERSON("'username':'bob','threatLockerActionDto':{'username':'CORP\\\\jane'}"), true},
        {"john", PERSON("'username':'CORP\\\\jane'"), false},
        {"jane2", PERSON("'username':'jane'"), false},
        {"jan", PERSON("'username':'jane'"), false},
        {"corp", PERSON("'username':'CORP\\\\jane'"), false},
        {"example.com", PERSON("'username':'jane@example.com'"), false},
        {"jane.doe", PERSON("'username':'jane'"), false},
        /* What is not known counts as the same. */
        {NULL, PERSON("'username':'jane'"), true},
        {"", PERSON("'username':'jane'"), true},
        {" ", PERSON("'username':'jane'"), true},
        {"CORP\\", PERSON("'username':'jane'"), true},
        {"@example.com", PERSON("'username':'jane'"), true},
        {"john", PERSON("'username':'CORP\\\\'"), true},
        {"john", PERSON("'username':'@example.com','requestor':'jane'"), true},
        {"john", PERSON("'username':''"), true},
        {"john", PERSON("'username':null,'requestor':7"), true},
        {"john", "{}", true},
        {"john", "null", true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *details = json_of(rows[i].details);
        if (tl_answerer_is_requester(rows[i].answered_by, details) != rows[i].is_requester) {
            fail_msg("%s / %s", rows[i].answered_by, rows[i].details);
        }
        cJSON_Delete(details);
    }
    assert_true(tl_answerer_is_requester("john", NULL));
    char endless[1200];
    memset(endless, 'a', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    cJSON *details = json_of(PERSON("'username':'jane'"));
    assert_true(tl_answerer_is_requester(endless, details));
    cJSON_Delete(details);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nobody_answers_for_himself)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
