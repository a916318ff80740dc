/* The words that decide, and the labels of choices. */
#include "chain/words.h"
#include "json_case.h"

#define FORTY "1234567890123456789012345678901234567890"

static void words_are_compared_whole_and_without_case(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        tl_meaning meaning;
    } rows[] = {
        {"Permit", TL_MEANS_PERMIT},
        {"APPROVE", TL_MEANS_PERMIT},
        {" \t\r\npermit\v\f ", TL_MEANS_PERMIT},
        {"reject", TL_MEANS_REJECT},
        {"Deny", TL_MEANS_REJECT},
        {"IGNORE", TL_MEANS_IGNORE},
        {"", TL_MEANS_NOTHING},
        {" ", TL_MEANS_NOTHING},
        {NULL, TL_MEANS_NOTHING},
        {"do not permit", TL_MEANS_NOTHING},
        {"Permit.", TL_MEANS_NOTHING},
        {"Permit it", TL_MEANS_NOTHING},
        {"Permi", TL_MEANS_NOTHING},
        {"yes", TL_MEANS_NOTHING},
        {"perm\xC4\xB1t", TL_MEANS_NOTHING},
        {"Permit\xC2\xA0", TL_MEANS_NOTHING},
        {"Per mit", TL_MEANS_NOTHING},
        {"PermitPermit", TL_MEANS_NOTHING},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (tl_word_meaning(NULL, rows[i].text) != rows[i].meaning) {
            fail_msg("\"%s\"", rows[i].text);
        }
    }
    assert_string_equal(tl_first_word(NULL, TL_MEANS_PERMIT), "Permit");
    assert_string_equal(tl_first_word(NULL, TL_MEANS_REJECT), "Reject");
    assert_string_equal(tl_first_word(NULL, TL_MEANS_IGNORE), "Ignore");
}

static void a_sites_own_words_replace_the_default_ones(void **state)
{
    (void)state;
    cJSON *json = json_of("{'permit':['Zulassen','Ja'],'ignore':['Sp\xC3\xA4ter']}");
    tl_word_lists lists;
    assert_int_equal(tl_words_read(&lists, json, NULL), TL_OK);
    const tl_words *words = &lists.words;
    assert_int_equal(tl_word_meaning(words, "zulassen "), TL_MEANS_PERMIT);
    assert_int_equal(tl_word_meaning(words, "JA"), TL_MEANS_PERMIT);
    assert_int_equal(tl_word_meaning(words, "Permit"), TL_MEANS_NOTHING);
    assert_int_equal(tl_word_meaning(words, "Deny"), TL_MEANS_REJECT);
    assert_int_equal(tl_word_meaning(words, "Sp\xC3\xA4ter"), TL_MEANS_IGNORE);
    assert_int_equal(tl_word_meaning(words, "Ignore"), TL_MEANS_NOTHING);
    assert_string_equal(tl_first_word(words, TL_MEANS_PERMIT), "Zulassen");
    assert_string_equal(tl_first_word(words, TL_MEANS_REJECT), "Reject");
    cJSON_Delete(json);
    /* Nobody checked these: what could be read two ways is not read at all. */
    static const char *const both[] = {"Go", NULL};
    tl_words unchecked = {both, both, NULL};
    assert_int_equal(tl_word_meaning(&unchecked, "Go"), TL_MEANS_NOTHING);
}

static void words_that_could_mislead_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        const char *part; /* NULL = good */
    } rows[] = {
        {"{}", NULL},
        {"{'permit':['Permit']}", NULL},
        {"{'permit':['" FORTY "']}", NULL},
        {"{'permit':['a','b','c','d','e','f','g','h']}", NULL},
        {"{'permit':['Yes','yes ']}", "word 2 of permit must be"},
        {"{'permit':['a','b','c','d','e','f','g','h','i']}", "1 to 8"},
        {"{'permit':[]}", "permit has no word"},
        {"{'ignore':[]}", "ignore has no word"},
        {"{'permit':'Yes'}", "must be a list"},
        {"{'permit':[1]}", "texts only"},
        {"{'permit':[null]}", "texts only"},
        {"{'permit':['']}", "1 to 40 bytes"},
        {"{'permit':['" FORTY "1']}", "1 to 40 bytes"},
        {"{'permit':[' Yes']}", "outer white space"},
        {"{'permit':['Y\\nes']}", "control"},
        {"{'permit':['Y\\u200bes']}", "invisible"},
        {"{'permit':['threatlocker-seal:']}", "seal"},
        {"{'permit':['Yes'],'reject':['YES']}", "\"Yes\" stands in permit, but means reject"},
        {"{'reject':['No'],'ignore':['no']}", "\"No\" stands in reject, but means ignore"},
        {"{'permit':['Deny']}", "\"Deny\" stands in permit, but means reject"},
        /* With no such word in the lists, either: a reader may have the default ones. */
        {"{'permit':['Deny'],'reject':['No']}", "\"Deny\" stands in permit, but means reject"},
        {"{'ignore':['approve'],'permit':['Yes']}", "\"approve\" stands in ignore, but means permit"},
        {"{'Permit':['Yes']}", "object of the lists"},
        {"{'permit':['Yes'],'more':[]}", "object of the lists"},
        {"[]", "object of the lists"},
        {"'Yes'", "object of the lists"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *json = json_of(rows[i].json);
        tl_word_lists lists;
        tl_error err = TL_ERROR_INIT;
        tl_code code = tl_words_read(&lists, json, &err);
        if (rows[i].part != NULL) {
            assert_refused(code, &err, TL_CONFIG, rows[i].part, rows[i].json);
        } else if (code != TL_OK) {
            fail_msg("%s: %s", rows[i].json, err.message);
        }
        cJSON_Delete(json);
    }
    assert_int_equal(tl_words_check(NULL, NULL), TL_OK);
    static const char *const long_list[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", NULL};
    tl_words words = {.permit = long_list};
    assert_int_equal(tl_words_check(&words, NULL), TL_CONFIG);
}

static void labels_are_found_by_their_whole_text(void **state)
{
    (void)state;
    static const char *const labels[] = {"This computer", "Its group", "\xC3\x84rzte", NULL};
    static const char *const twice[] = {"A", "b", "a", NULL};
    assert_int_equal(tl_label_index(labels, "This computer"), 0);
    assert_int_equal(tl_label_index(labels, " ITS GROUP\n"), 1);
    assert_int_equal(tl_label_index(labels, "\xC3\x84RZTE"), 2);
    assert_int_equal(tl_label_index(labels, "\xC3\xA4rzte"), -1); /* ASCII case only */
    assert_int_equal(tl_label_index(labels, "This"), -1);
    assert_int_equal(tl_label_index(labels, "This  computer"), -1);
    assert_int_equal(tl_label_index(labels, ""), -1);
    assert_int_equal(tl_label_index(labels, NULL), -1);
    assert_int_equal(tl_label_index(twice, "A"), -1);
    assert_int_equal(tl_label_index(twice, "B"), 1);
}

static void labels_show_as_they_are(void **state)
{
    (void)state;
    static const char *const good[] = {"A", FORTY, "This computer", "\xC3\x84rzte, alle", "Permit it"};
    static const char *const bad[] = {"",
                                      FORTY "1",
                                      " A",
                                      "A ",
                                      "A\xC2\xA0",
                                      "A\nB",
                                      "A\tB",
                                      "A\x7F",
                                      "A\xE2\x80\x8B"
                                      "B",
                                      "\xE2\x80\xAE"
                                      "A",
                                      "A\xFF",
                                      "\xC3",
                                      "threatlocker-seal:1",
                                      "x threatlocker-seal:"};
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_null(tl_label_problem(good[i]));
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        if (tl_label_problem(bad[i]) == NULL) {
            fail_msg("\"%s\" came through", bad[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_compared_whole_and_without_case),
        cmocka_unit_test(a_sites_own_words_replace_the_default_ones),
        cmocka_unit_test(words_that_could_mislead_are_refused),
        cmocka_unit_test(labels_are_found_by_their_whole_text),
        cmocka_unit_test(labels_show_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
