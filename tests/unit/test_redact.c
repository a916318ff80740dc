#include "base/redact.h"

#include <time.h>

#include "base/text.h"
#include "unit.h"

static void assert_redacted(const char *text, const char *expected, const char *const secrets[], size_t count)
{
    size_t size = strlen(text) + 256;
    char *copy = malloc(size);
    assert_non_null(copy);
    strcpy(copy, text);
    tl_redact(copy, size, secrets, count);
    assert_text_and_free(copy, expected);
}

static void secrets_are_overwritten_in_every_form(void **state)
{
    (void)state;
    static const char *const secrets[] = {"p@ss w/rd\"1", NULL, "abc", "TOKEN-0001"};
    static const struct {
        const char *text;
        const char *expected;
    } rows[] = {
        {"nothing here", "nothing here"},
        {"p@ss w/rd\"1", "[redacted]"},
        {"xp@ss w/rd\"1y", "x[redacted]y"},
        {"TOKEN-0001TOKEN-0001 TOKEN-0001", "[redacted] [redacted]"},
        {"?q=p%40ss%20w%2Frd%221&x", "?q=[redacted]&x"},
        {"?q=p%40ss%20w%2frd%221", "?q=[redacted]"},
        {"?q=p@ss%20w/rd%221", "?q=[redacted]"},
        {"{\"x\":\"p@ss w/rd\\\"1\"}", "{\"x\":\"[redacted]\"}"},
        {"sent cEBzcyB3L3JkIjE= here", "sent [redacted] here"},
        {"sent cEBzcyB3L3JkIjE here", "sent [redacted] here"},
        {"VE9LRU4tMDAwMTp4eHh4", "[redacted]"}, /* TOKEN-0001:xxxx */
        {"abc stays, it is too short", "abc stays, it is too short"},
        {"TOKEN-000", "TOKEN-000"},
        {"TOKEN-%30001", "[redacted]"},
        {"TOKEN-000%3", "TOKEN-000%3"},
        {"token-0001", "token-0001"},
        {"", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_redacted(rows[i].text, rows[i].expected, secrets, COUNT(secrets));
    }
}

static void both_base64_alphabets_are_known(void **state)
{
    (void)state;
    static const char *const secrets[] = {"\xFB\xFF\xBF\xFB\xFF\xBF"};
    assert_redacted("a +/+/+/+/ b", "a [redacted] b", secrets, 1);
    assert_redacted("a -_-_-_-_ b", "a [redacted] b", secrets, 1);
}

/* Which three bytes share four digits depends on what stands before. */
static void base64_is_found_wherever_it_begins(void **state)
{
    (void)state;
    static const char *const secrets[] = {"TOKEN-0001"};
    assert_redacted("<VE9LRU4tMDAwMQ==>", "<[redacted]>", secrets, 1);   /* TOKEN-0001 */
    assert_redacted("<OlRPS0VOLTAwMDE=>", "<Ol[redacted]>", secrets, 1); /* :TOKEN-0001 */
    assert_redacted("<eDpUT0tFTi0wMDAx>", "<eDp[redacted]>", secrets, 1);
}

static void any_character_may_be_escaped(void **state)
{
    (void)state;
    static const char *const secrets[] = {"a/b+%41\"x"};
    assert_redacted("<\\u0061\\u002fb\\u002B%41\\u0022\\u0078>", "<[redacted]>", secrets, 1);
    assert_redacted("<a\\/b+%41\\\"x>", "<[redacted]>", secrets, 1);
    assert_redacted("<a%2Fb%2b%2541%22%78>", "<[redacted]>", secrets, 1);
}

static void a_text_that_holds_a_secret_is_known(void **state)
{
    (void)state;
    static const char *const secrets[] = {NULL, "shorter than 16", "TOKEN-\"/%-0000-0001"};
    static const struct {
        const char *text;
        bool held;
    } rows[] = {
        {"", false},
        {"TOKEN-\"/%-0000-0001", true},
        {"{\"x\":\"TOKEN-\\\"\\/%-0000-0001\"}", true},
        {"{\"x\":\"\\u0054OKEN-\\u0022/%-0000-0001\"}", true},
        {"{\"x\":\"{\\\"y\\\":\\\"TOKEN-\\\\\\\"\\\\/%-0000-0001\\\"}\"}", true}, /* JSON inside JSON */
        {"?q=TOKEN-%22%2F%25-0000-0001&x", true},
        {"VE9LRU4tIi8lLTAwMDAtMDAwMQ==", true},
        {"OlRPS0VOLSIvJS0wMDAwLTAwMDE=", true},
        {"eDpUT0tFTi0iLyUtMDAwMC0wMDAx", true},
        {"TOKEN-\"/%-0000-000", false},
        {"TOKEN-\"/%-0000-0002", false},
        {"shorter than 16", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        print_message("%s\n", rows[i].text);
        bool held = tl_holds_secret(rows[i].text, strlen(rows[i].text), secrets, COUNT(secrets));
        assert_int_equal(held, rows[i].held);
    }
}

/* Writes one byte of a secret in one of its spellings. */
static size_t spell(char *out, char byte, unsigned int how)
{
    unsigned int value = (unsigned char)byte;
    switch (how % 5) {
    case 0:
        return (size_t)sprintf(out, "%c", byte);
    case 1:
        return (size_t)sprintf(out, "%%%02X", value);
    case 2: /* as JSON inside JSON has it */
        return (size_t)sprintf(out, "%s%c", byte == '"' ? "\\\\\\" : byte == '/' ? "\\\\" : "", byte);
    default:
        return (size_t)sprintf(out, "%s%04x", how % 5 == 3 ? "\\u" : "\\\\u", value);
    }
}

static unsigned int any(unsigned int *seed)
{
    return (unsigned int)rand_r(seed);
}

/* A text of noise, pieces of the secret and, now and then, all of it; tl_redact looks at every byte. */
static void looking_for_secrets_finds_what_is_overwritten(void **state)
{
    (void)state;
    static const char *const secrets[] = {"0123456789abcdef+/XYZ", "tokentokentokentoken",
                                          "%41\"b\\c/\\u0041xyz"};
    static const char noise[] = "\\/u0%4\"aX{}MDEy";
    unsigned int seed = 7;
    int held_count = 0;
    for (int round = 0; round < 4000; round++) {
        const char *secret = secrets[any(&seed) % COUNT(secrets)];
        char text[2048], copy[2048];
        size_t length = 0;
        for (int part = 0; part < 4; part++) {
            unsigned int how = any(&seed);
            size_t from = how % 3 == 0 ? how / 3 % strlen(secret) : 0;
            for (size_t i = any(&seed) % 40; i > 0; i--) {
                text[length++] = noise[any(&seed) % (sizeof noise - 1)];
            }
            for (size_t i = from; secret[i] != '\0'; i++) {
                length += spell(text + length, secret[i], how % 5 == 0 ? any(&seed) : how / 16 % 5);
            }
            if (from == 0) {
                length -= how / 64 % 2; /* all but the end */
            }
        }
        text[length] = '\0';
        memcpy(copy, text, length + 1);
        tl_redact(copy, sizeof copy, &secret, 1);
        bool held = tl_holds_secret(text, length, &secret, 1);
        if (held != (strcmp(copy, text) != 0)) {
            fail_msg("%s in %s: %s", secret, text, held ? "held" : "not held");
        }
        held_count += held;
    }
    assert_in_range(held_count, 400, 3600);
}

/* Printers of JSON escape more than they must: ASP.NET's writes + as \u002B. */
static void secrets_are_found_however_json_escapes_them(void **state)
{
    (void)state;
    static const char *const secrets[] = {"a+b/\"c\\d<"};
    static const char *const forms[] = {"a+b/\\\"c\\\\d<", "a\\u002Bb\\/\\u0022c\\u005cd\\u003c",
                                        "\\u0061\\u002b\\u0062\\u002F\\\"\\u0063\\\\\\u0064\\u003C",
                                        "a\\\\u002Bb\\\\/\\\\\\\"c\\\\u005Cd\\\\u003C"};
    for (size_t i = 0; i < COUNT(forms); i++) {
        char text[128];
        snprintf(text, sizeof text, "{\"x\":\"%s\"}", forms[i]);
        assert_redacted(text, "{\"x\":\"[redacted]\"}", secrets, 1);
    }
    assert_redacted("a\\u012Bb/\"c\\d<", "a\\u012Bb/\"c\\d<", secrets, 1);
    assert_redacted("a\\u002", "a\\u002", secrets, 1);
}

static void backslashes_are_found_raw_and_in_json(void **state)
{
    (void)state;
    static const char *const secrets[] = {"DOM\\user\\\\x"};
    assert_redacted("<DOM\\user\\\\x>", "<[redacted]>", secrets, 1);
    assert_redacted("<DOM\\\\user\\\\\\\\x>", "<[redacted]>", secrets, 1);
}

static void overlapping_secrets_leave_nothing(void **state)
{
    (void)state;
    static const char *const secrets[] = {"abcdef", "defghi", "xyz token=abc"};
    assert_redacted("1abcdefghi2", "1[redacted]2", secrets, COUNT(secrets));
    assert_redacted("abcdabcdef", "abcd[redacted]", secrets, COUNT(secrets));
    static const char *const blank[] = {"first second"};
    assert_redacted("token=first second third", "token=[redacted] third", blank, 1);
}

static void users_of_urls_are_overwritten(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *expected;
    } rows[] = {
        {"https://user:password@host/path", "https://[redacted]@host/path"},
        {"proxy http://user@proxy:3128 failed", "proxy http://[redacted]@proxy:3128 failed"},
        {"https://u:p@ss@host", "https://[redacted]@host"},
        {"\"https://u:p@host\",\"https://v:q@host\"",
         "\"https://[redacted]@host\",\"https://[redacted]@host\""},
        {"https://host/a@b", "https://host/a@b"},
        {"https://host?x=a@b", "https://host?x=a@b"},
        {"https://host mail a@b", "https://host mail a@b"},
        {"https://@host", "https://@host"},
        {"://", "://"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_redacted(rows[i].text, rows[i].expected, NULL, 0);
    }
}

static void values_after_telling_names_are_overwritten(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *expected;
    } rows[] = {
        {"Authorization: abc123", "Authorization: [redacted]"},
        {"authorization: Basic dXNlcjpwYXNz\r\nHost: x", "authorization: Basic [redacted]\r\nHost: x"},
        {"AUTHORIZATION=Bearer   abc.def", "AUTHORIZATION=Bearer   [redacted]"},
        {"ph-auth-token: xyz", "ph-auth-token: [redacted]"},
        {"{\"token\":\"abc\",\"x\":1}", "{\"token\":\"[redacted]\",\"x\":1}"},
        {"{\"Token\" : \"abc\"}", "{\"Token\" : \"[redacted]\"}"},
        {"{'password': 'abc'}", "{'password': '[redacted]'}"},
        {"password=a;b", "password=[redacted];b"},
        {"secret=a,b", "secret=[redacted],b"},
        {"{api_key=a}", "{api_key=[redacted]}"},
        {"apikey=abc def", "apikey=[redacted] def"},
        {"X-Api-Key: k-1", "X-Api-Key: [redacted]"},
        {"client_secret=abc", "client_secret=[redacted]"},
        {"{\\\"token\\\":\\\"abc\\\",\\\"x\\\":1}", "{\\\"token\\\":\\\"[redacted]\\\",\\\"x\\\":1}"},
        {"{\"password\":\"two words, and {more}; x\",\"y\":2}", "{\"password\":\"[redacted]\",\"y\":2}"},
        {"{\"password\":\"quote \\\" inside\",\"y\":2}", "{\"password\":\"[redacted]\",\"y\":2}"},
        {"{\"password\":\"end \\\\\",\"y\":2}", "{\"password\":\"[redacted]\",\"y\":2}"},
        {"{\\\"password\\\":\\\"in \\\\\\\" side\\\",\\\"y\\\":2}",
         "{\\\"password\\\":\\\"[redacted]\\\",\\\"y\\\":2}"},
        {"password=\"never closed", "password=\"[redacted]"},
        {"token:null", "token:[redacted]"},
        {"token=a token=b", "token=[redacted] token=[redacted]"},
        {"token=token=b", "token=[redacted]"},
        {"token= ", "token= "},
        {"\"token\":\"\"", "\"token\":\"\""},
        {"token", "token"},
        {"the token expired", "the token expired"},
        {"TOKEN_REVOKED", "TOKEN_REVOKED"},
        {"tokens: 5", "tokens: 5"},
        {"Basic realm", "Basic realm"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_redacted(rows[i].text, rows[i].expected, NULL, 0);
    }
}

static void redacting_twice_changes_nothing_more(void **state)
{
    (void)state;
    static const char *const secrets[] = {"hunter2"};
    assert_redacted("https://[redacted]@host token=[redacted] [redacted]",
                    "https://[redacted]@host token=[redacted] [redacted]", secrets, 1);
}

static void text_that_grows_is_cut_at_a_character(void **state)
{
    (void)state;
    static const char *const secrets[] = {"abcd"};
    static const char text[] = "abcd \xE2\x82\xAC abcd abcd";
    static const char whole[] = "[redacted] \xE2\x82\xAC [redacted] [redacted]";
    for (size_t size = sizeof text; size <= sizeof whole; size++) {
        char *room = malloc(size);
        assert_non_null(room);
        strcpy(room, text);
        tl_redact(room, size, secrets, 1);
        size_t expected = tl_utf8_prefix(whole, strlen(whole), size - 1);
        assert_int_equal(strlen(room), expected);
        assert_memory_equal(room, whole, expected);
        free(room);
    }
}

static void room_of_any_size_is_respected(void **state)
{
    (void)state;
    static const char *const secrets[] = {"abcd"};
    char *one = calloc(1, 1);
    assert_non_null(one);
    tl_redact(one, 1, secrets, 1);
    assert_int_equal(one[0], '\0');
    free(one);
    char *unterminated = exact_copy("abcdx", 5);
    tl_redact(unterminated, 5, secrets, 1);
    assert_string_equal(unterminated, "[red");
    free(unterminated);
    tl_redact(NULL, 0, secrets, 1);
    tl_redact(NULL, 10, NULL, 0);
}

static void long_hostile_text_takes_no_long_time(void **state)
{
    (void)state;
    static const char *const pieces[] = {"token=",     "token='",         "://",        "AAAA", "token \"",
                                         "token=\\\"", "password:basic ", "https://a@", "AQEB"};
    static const char *const secrets[] = {"AAAA", "\x01\x01\x01\x01"}; /* the second is AQEBAQ in base64 */
    for (size_t i = 0; i < COUNT(pieces); i++) {
        tl_buffer text = {.limit = 1 << 20};
        while (text.length < 200000) {
            tl_buffer_text(&text, pieces[i]);
        }
        clock_t before = clock();
        tl_redact(text.data, text.length + 1, secrets, COUNT(secrets));
        assert_true(clock() - before < 10 * CLOCKS_PER_SEC); /* quadratic, it would be a minute */
        tl_buffer_free(&text);
    }
}

static void nothing_is_left_behind_the_end(void **state)
{
    (void)state;
    static const char *const secrets[] = {"hunter2-hunter2-hunter2"};
    char text[] = "x hunter2-hunter2-hunter2", whole[sizeof text] = "x [redacted]";
    tl_redact(text, sizeof text, secrets, 1);
    assert_memory_equal(text, whole, sizeof text);
}

static void wiping_clears_and_takes_null(void **state)
{
    (void)state;
    char secret[8] = "hunter2";
    tl_wipe(secret, sizeof secret);
    assert_memory_equal(secret, "\0\0\0\0\0\0\0\0", 8);
    tl_wipe(NULL, 5);
    tl_wipe(secret, 0);
    tl_wipe_free(NULL);
    tl_wipe_free(exact_copy("hunter2", 8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_are_overwritten_in_every_form),
        cmocka_unit_test(both_base64_alphabets_are_known),
        cmocka_unit_test(base64_is_found_wherever_it_begins),
        cmocka_unit_test(any_character_may_be_escaped),
        cmocka_unit_test(a_text_that_holds_a_secret_is_known),
        cmocka_unit_test(looking_for_secrets_finds_what_is_overwritten),
        cmocka_unit_test(secrets_are_found_however_json_escapes_them),
        cmocka_unit_test(backslashes_are_found_raw_and_in_json),
        cmocka_unit_test(overlapping_secrets_leave_nothing),
        cmocka_unit_test(users_of_urls_are_overwritten),
        cmocka_unit_test(values_after_telling_names_are_overwritten),
        cmocka_unit_test(redacting_twice_changes_nothing_more),
        cmocka_unit_test(text_that_grows_is_cut_at_a_character),
        cmocka_unit_test(room_of_any_size_is_respected),
        cmocka_unit_test(long_hostile_text_takes_no_long_time),
        cmocka_unit_test(nothing_is_left_behind_the_end),
        cmocka_unit_test(wiping_clears_and_takes_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
