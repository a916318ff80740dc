/* The seal under a prompt. */
#include "base/text.h"
#include "chain/prompt.h"
#include "chain/seal.h"
#include "details.h"
#include "json_case.h"

#define FACTS "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define PAYLOAD                                                                                              \
    "{'request':'" REQUEST "','organization':'" ORGANIZATION "','facts':'" FACTS                             \
    "','choices':[{'choice':{'application':'new'}}],'executor':'playbook','time':'2026-06-23T15:00:00Z'}"

static const unsigned char key[TL_SHA256_SIZE] = "0123456789abcdef0123456789abcde";
static const unsigned char other_key[TL_SHA256_SIZE] = "0123456789abcdef0123456789abcdf";

static char *seal_line(void)
{
    cJSON *choices = json_of("[{'choice':{" CHOICE_NEW ",'scope':'group'}}]");
    tl_seal seal = {.request_id = REQUEST,
                    .organization_id = ORGANIZATION,
                    .facts = FACTS,
                    .executor = "chain:night-shift",
                    .time = "2026-06-23T15:00:00Z",
                    .choices = choices};
    char *line = NULL;
    assert_int_equal(tl_seal_line(&line, key, &seal, NULL), TL_OK);
    cJSON_Delete(choices);
    return line;
}

/* Three texts as one. malloc'd. */
static char *joined(const char *first, const char *second, const char *third)
{
    size_t size = strlen(first) + strlen(second) + strlen(third) + 1;
    char *text = malloc(size);
    assert_non_null(text);
    snprintf(text, size, "%s%s%s", first, second, third);
    return text;
}

/* Signs any payload the way tl_seal_line does: what a faulty version of ours could have made. */
static char *line_with(const char *prefix, const char *payload)
{
    char *encoded = tl_base64url_encode(payload, strlen(payload));
    assert_non_null(encoded);
    char *signed_text = joined(prefix, encoded, "");
    unsigned char signature[TL_SHA256_SIZE];
    tl_hmac_sha256(key, sizeof key, signed_text, strlen(signed_text), signature);
    char *signature_text = tl_base64url_encode(signature, sizeof signature);
    assert_non_null(signature_text);
    char *line = joined(signed_text, ":", signature_text);
    free(signature_text);
    free(signed_text);
    free(encoded);
    return line;
}

static tl_seal_state state_of(const unsigned char *with, const char *message)
{
    tl_seal seal;
    const char *why = NULL;
    tl_seal_state state = tl_seal_read(&seal, &why, with, message);
    if (state != TL_SEAL_GOOD) {
        assert_null(seal.payload);
        assert_non_null(why);
    }
    tl_seal_clear(&seal);
    return state;
}

static void a_seal_reads_back_as_it_was_made(void **state)
{
    (void)state;
    char *line = seal_line();
    assert_memory_equal(line, "threatlocker-seal:1:", 20);
    char *message = joined("Permit?\n", line, "");
    tl_seal seal;
    const char *why;
    assert_int_equal(tl_seal_read(&seal, &why, key, message), TL_SEAL_GOOD);
    assert_string_equal(seal.request_id, REQUEST);
    assert_string_equal(seal.organization_id, ORGANIZATION);
    assert_string_equal(seal.facts, FACTS);
    assert_string_equal(seal.executor, "chain:night-shift");
    assert_string_equal(seal.time, "2026-06-23T15:00:00Z");
    char *expected = quoted("{" CHOICE_NEW ",'scope':'group'}");
    assert_text_and_free(text_of(tl_seal_choice(&seal, -1)), expected);
    free(expected);
    tl_seal_clear(&seal);
    assert_null(seal.request_id);
    free(message);
    free(line);
}

static void a_labelled_choice_is_found_by_its_index_only(void **state)
{
    (void)state;
    static const struct {
        const char *choices;
        int index;
        const char *name; /* NULL = none is chosen */
    } rows[] = {
        {"[{'choice':{'name':'x'}}]", -1, "x"},
        {"[{'choice':{'name':'x'}}]", 0, NULL},
        {"[{'choice':{'name':'x'}}]", -2, NULL},
        {"[{'label':'A','choice':{'name':'x'}}]", 0, "x"},
        {"[{'label':'A','choice':{'name':'x'}}]", -1, NULL},
        {"[{'label':'A','choice':{'name':'x'}},{'label':'B','choice':{'name':'y'}}]", 0, "x"},
        {"[{'label':'A','choice':{'name':'x'}},{'label':'B','choice':{'name':'y'}}]", 1, "y"},
        {"[{'label':'A','choice':{'name':'x'}},{'label':'B','choice':{'name':'y'}}]", 2, NULL},
        {"[{'label':'A','choice':{'name':'x'}},{'label':'B','choice':{'name':'y'}}]", -1, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *payload = json_of(PAYLOAD);
        assert_true(tl_json_set(payload, "choices", json_of(rows[i].choices)));
        char *text = text_of(payload), *line = line_with("threatlocker-seal:1:", text);
        tl_seal seal;
        const char *why;
        assert_int_equal(tl_seal_read(&seal, &why, key, line), TL_SEAL_GOOD);
        bool labelled = strstr(rows[i].choices, "label") != NULL;
        assert_int_equal(tl_seal_labels(&seal) != NULL, labelled);
        assert_true(!labelled || strcmp(tl_seal_labels(&seal)[0], "A") == 0);
        const char *name = tl_json_text(tl_seal_choice(&seal, rows[i].index), "name");
        if (!(name == NULL ? rows[i].name == NULL : rows[i].name != NULL && strcmp(name, rows[i].name) == 0))
            fail_msg("%s, %d: %s", rows[i].choices, rows[i].index, name);
        tl_seal_clear(&seal);
        free(line);
        free(text);
        cJSON_Delete(payload);
    }
    tl_seal none = {0};
    assert_null(tl_seal_labels(&none));
    assert_null(tl_seal_choice(&none, -1));
    assert_null(tl_seal_choice(&none, 0));
}

static void the_seal_is_the_last_line_and_the_only_one(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        const char *after;
        tl_seal_state expected;
    } rows[] = {
        {"", "", TL_SEAL_GOOD},
        {"Permit?\n", "", TL_SEAL_GOOD},
        {"Permit?\r\n", "\r\n", TL_SEAL_GOOD},
        {"Permit?\n\n", " \t\r\n \n", TL_SEAL_GOOD},
        {"Permit? ", "", TL_SEAL_BROKEN},
        {"Permit?\n ", "", TL_SEAL_BROKEN},
        {"Permit?\r", "", TL_SEAL_BROKEN},
        {"Permit?\n", "\nNo more", TL_SEAL_BROKEN},
        {"Permit?\n", " x", TL_SEAL_BROKEN},
        {"Permit?\n", "x", TL_SEAL_BROKEN},
        {"Permit?\n", "=", TL_SEAL_BROKEN},
        {"Permit?\n", ":", TL_SEAL_BROKEN},
        {"Permit?\n", "\v", TL_SEAL_BROKEN},
        {"Permit?\n", "\xC2\xA0", TL_SEAL_BROKEN},
        {"threatlocker-seal:\n", "", TL_SEAL_BROKEN},
        {"File: threatlocker-seal:1:a:b\n", "", TL_SEAL_BROKEN},
        {"Permit?\n", "\nthreatlocker-seal:", TL_SEAL_BROKEN},
        {"Permit?\n", " threatlocker-seal:1:", TL_SEAL_BROKEN},
    };
    char *line = seal_line();
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *message = joined(rows[i].before, line, rows[i].after);
        if (state_of(key, message) != rows[i].expected) {
            fail_msg("\"%s\" before, \"%s\" after", rows[i].before, rows[i].after);
        }
        free(message);
    }
    char *twice = joined(line, "\n", line);
    tl_seal seal;
    const char *why;
    assert_int_equal(tl_seal_read(&seal, &why, key, twice), TL_SEAL_BROKEN);
    assert_string_equal(why, "the prompt holds more than one seal");
    free(twice);
    free(line);
}

static void texts_without_a_seal_are_somebody_elses(void **state)
{
    (void)state;
    static const char *const texts[] = {
        NULL, "", "Permit?", "threatlocker seal:1:a:b", "Threatlocker-Seal:1:a:b", "threatlocker-seal"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_int_equal(state_of(key, texts[i]), TL_SEAL_ABSENT);
    }
}

static void another_key_does_not_verify(void **state)
{
    (void)state;
    char *line = seal_line();
    assert_int_equal(state_of(other_key, line), TL_SEAL_BROKEN);
    assert_int_equal(state_of(key, line), TL_SEAL_GOOD);
    free(line);
}

static void every_changed_byte_breaks_the_seal(void **state)
{
    (void)state;
    static const char bytes[] = "AaZz09-_:=+/. \n\r\t";
    static const unsigned char bits[] = {1, 2, 4, 8, 16, 32, 64, 128};
    char *line = seal_line();
    for (size_t i = 0; line[i] != '\0'; i++) {
        char kept = line[i];
        for (size_t j = 0; j < COUNT(bits) + sizeof bytes - 1; j++) {
            if (j < COUNT(bits)) {
                unsigned char flipped = (unsigned char)((unsigned char)kept ^ bits[j]);
                memcpy(&line[i], &flipped, 1);
            } else {
                line[i] = bytes[j - COUNT(bits)];
            }
            if (line[i] != kept && state_of(key, line) == TL_SEAL_GOOD) {
                fail_msg("byte %zu as %d", i, line[i]);
            }
        }
        line[i] = kept;
    }
    assert_int_equal(state_of(key, line), TL_SEAL_GOOD);
    free(line);
}

static void a_line_with_a_byte_less_or_more_is_broken(void **state)
{
    (void)state;
    char *line = seal_line();
    size_t length = strlen(line);
    for (size_t i = 0; i < length; i++) {
        char *cut = exact_copy(line, length + 1);
        cut[i] = '\0';
        assert_int_not_equal(state_of(key, cut), TL_SEAL_GOOD);
        memcpy(cut, line, i);
        memcpy(cut + i, line + i + 1, length - i);
        assert_int_not_equal(state_of(key, cut), TL_SEAL_GOOD);
        free(cut);
        char *longer = malloc(length + 2);
        assert_non_null(longer);
        memcpy(longer, line, i);
        longer[i] = 'A';
        memcpy(longer + i + 1, line + i, length + 1 - i);
        assert_int_not_equal(state_of(key, longer), TL_SEAL_GOOD);
        free(longer);
    }
    free(line);
}

static void a_signed_payload_must_still_be_one(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "request=null",
        "request='" ZERO_GUID "'",
        "request='not a guid'",
        "request=7",
        "request=-",
        "organization=null",
        "organization='" ZERO_GUID "'",
        "facts=null",
        "facts=''",
        "facts='" FACTS "0'",
        "choices=null",
        "choices=[]",
        "choices='new'",
        "choices={'choice':{}}",
        "choices=-",
        "choices=[{}]",
        "choices=[null]",
        "choices=[{'choice':null}]",
        "choices=[{'choice':[]}]",
        "choices=[{'choice':'new'}]",
        "choices=[{'choice':{},'more':1}]",
        "choices=[{'label':null,'choice':{}}]",
        "choices=[{'label':1,'choice':{}}]",
        "choices=[{'label':'','choice':{}}]",
        "choices=[{'label':' A','choice':{}}]",
        "choices=[{'label':'A\\u200b','choice':{}}]",
        "choices=[{'label':'threatlocker-seal:','choice':{}}]",
        "choices=[{'label':'A'}]",
        "choices=[{'choice':{}},{'choice':{}}]",
        "choices=[{'label':'A','choice':{}},{'choice':{}}]",
        "choices=[{'choice':{}},{'label':'A','choice':{}}]",
        "choices=[{'label':'A','choice':{}},{'label':'A','choice':{}}]",
        "choices=[{'label':'A','choice':{}},{'label':'a','choice':{}}]",
        ("choices=[{'label':'A','choice':{}},{'label':'B','choice':{}},{'label':'C','choice':{}},"
         "{'label':'D','choice':{}},{'label':'E','choice':{}}]"),
        "executor=null",
        "executor=1",
        "time=null",
        "time='2026-06-23'",
        "time='2026-06-23T15:00:00'",
        "time=0",
    };
    char *payload = quoted(PAYLOAD);
    char *line = line_with("threatlocker-seal:1:", payload);
    assert_int_equal(state_of(key, line), TL_SEAL_GOOD);
    free(line);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        cJSON *tree = json_of(PAYLOAD);
        patch(tree, wrong[i]);
        char *text = text_of(tree);
        line = line_with("threatlocker-seal:1:", text);
        if (state_of(key, line) != TL_SEAL_BROKEN) {
            fail_msg("%s", wrong[i]);
        }
        free(line);
        free(text);
        cJSON_Delete(tree);
    }
    static const char *const no_payloads[] = {"", "null", "[]", "{}", "{", "\xff", "7 7"};
    for (size_t i = 0; i < COUNT(no_payloads); i++) {
        line = line_with("threatlocker-seal:1:", no_payloads[i]);
        assert_int_equal(state_of(key, line), TL_SEAL_BROKEN);
        free(line);
    }
    /* Another version's seal is none that we can read, though our key signed it. */
    static const char *const prefixes[] = {
        "threatlocker-seal:2:", "threatlocker-seal:", "threatlocker-seal:01:", "threatlocker-seal:1::"};
    for (size_t i = 0; i < COUNT(prefixes); i++) {
        line = line_with(prefixes[i], payload);
        assert_int_equal(state_of(key, line), TL_SEAL_BROKEN);
        free(line);
    }
    free(payload);
}

static void executors_are_the_playbook_or_a_named_chain(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
    } rows[] = {
        {"playbook", true},
        {"chain:night-shift", true},
        {"chain:A.b_c-9", true},
        {"chain:0123456789012345678901234567890123456789012345678901234567890123", true},
        {"chain:01234567890123456789012345678901234567890123456789012345678901234", false},
        {"chain:", false},
        {"chain: a", false},
        {"chain:a b", false},
        {"chain:a\n", false},
        {"chain:a/b", false},
        {"chain:\xC3\xA9", false},
        {"Chain:a", false},
        {"chain", false},
        {"Playbook", false},
        {"playbook ", false},
        {"", false},
        {NULL, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(tl_is_executor(rows[i].text), rows[i].good);
    }
    assert_true(tl_is_chain_name("night-shift"));
    assert_false(tl_is_chain_name(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seal_reads_back_as_it_was_made),
        cmocka_unit_test(a_labelled_choice_is_found_by_its_index_only),
        cmocka_unit_test(the_seal_is_the_last_line_and_the_only_one),
        cmocka_unit_test(texts_without_a_seal_are_somebody_elses),
        cmocka_unit_test(another_key_does_not_verify),
        cmocka_unit_test(every_changed_byte_breaks_the_seal),
        cmocka_unit_test(a_line_with_a_byte_less_or_more_is_broken),
        cmocka_unit_test(a_signed_payload_must_still_be_one),
        cmocka_unit_test(executors_are_the_playbook_or_a_named_chain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
