#include "base/text.h"
#include "base/utf8.h"
#include "unit.h"

#define BAD "\xEF\xBF\xBD"
#define MORE "\xE2\x80\xA6"

static void visible_text_stays(void **state)
{
    (void)state;
    static const char *const rows[] = {"plain",
                                       "C:\\Program Files\\a b.exe",
                                       "Zahn\xC3\xA4rzte",
                                       "\xE6\xBC\xA2\xE5\xAD\x97",
                                       "\xD8\xB9\xD8\xB1\xD8\xA8\xD9\x8A",
                                       "\xF0\x9F\x94\x92",
                                       "e\xCC\x81",
                                       BAD};
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_text_and_free(tl_clean_text(rows[i], 100), rows[i]);
    }
    assert_text_and_free(tl_clean_text(NULL, 10), "");
    assert_text_and_free(tl_clean_text("", 10), "");
}

static void what_cannot_be_seen_becomes_visible(void **state)
{
    (void)state;
    static const uint32_t rows[] = {
        0x01,    0x07,    0x09,    0x0A,    0x0D,    0x1B,    0x1F,    0x7F,     0x80,     0x85,    0x9F,
        0xAD,    0x34F,   0x61C,   0x115F,  0x1160,  0x17B4,  0x180E,  0x200B,   0x200C,   0x200D,  0x200E,
        0x200F,  0x2028,  0x2029,  0x202A,  0x202B,  0x202C,  0x202D,  0x202E,   0x2060,   0x2061,  0x2064,
        0x2066,  0x2067,  0x2068,  0x2069,  0x206A,  0x206F,  0x2800,  0x3164,   0xE000,   0xF8FF,  0xFDD0,
        0xFE00,  0xFE0F,  0xFEFF,  0xFFA0,  0xFFF9,  0xFFFB,  0xFFFE,  0xFFFF,   0x1BCA0,  0x1D173, 0x1FFFE,
        0xE0001, 0xE0041, 0xE007F, 0xE0100, 0xE01EF, 0xF0000, 0xFFFFD, 0x100000, 0x10FFFD,
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[16] = "a";
        size_t length = 1 + tl_utf8_encode(rows[i], text + 1);
        strcpy(text + length, "b");
        char *cleaned = tl_clean_text(text, 100);
        if (strcmp(cleaned, "a" BAD "b") != 0) {
            fail_msg("U+%04X came through", (unsigned)rows[i]);
        }
        free(cleaned);
    }
}

static void neighbours_of_hidden_characters_stay(void **state)
{
    (void)state;
    static const uint32_t rows[] = {0x20,   0x7E,   0xA0,   0xAC,   0xAE,   0x61B,  0x200A,
                                    0x2010, 0x2027, 0x202F, 0x205F, 0x2070, 0x27FF, 0x2801,
                                    0xFB00, 0xFDCF, 0xFE10, 0xFFFC, 0xFFFD, 0x1F600};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[16] = "a";
        size_t length = 1 + tl_utf8_encode(rows[i], text + 1);
        strcpy(text + length, "b");
        assert_text_and_free(tl_clean_text(text, 100), text);
    }
}

static void invalid_bytes_become_visible_one_by_one(void **state)
{
    (void)state;
    assert_text_and_free(tl_clean_text("a\xC3(b\xFF", 100), "a" BAD "(b" BAD);
    assert_text_and_free(tl_clean_text("\xED\xA0\x80", 100), BAD BAD BAD);
    assert_text_and_free(tl_clean_text("x\xE2\x82", 100), "x" BAD BAD);
    assert_text_and_free(tl_clean_text("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 100),
                         BAD BAD BAD BAD BAD BAD BAD BAD);
}

static void outer_white_space_goes(void **state)
{
    (void)state;
    assert_text_and_free(tl_clean_text(" \t\r\n a b \n", 100), "a b");
    assert_text_and_free(tl_clean_text("\xC2\xA0\xE3\x80\x80"
                                       "a\xE2\x80\x83",
                                       100),
                         "a");
    assert_text_and_free(tl_clean_text(" \n\t ", 100), "");
    assert_text_and_free(tl_clean_text("\xE2\x80\x8B a", 100), BAD " a");
    assert_text_and_free(tl_clean_text(" \xFF ", 100), BAD);
}

static void long_text_is_cut_by_characters(void **state)
{
    (void)state;
    assert_text_and_free(tl_clean_text("abcdef", 6), "abcdef");
    assert_text_and_free(tl_clean_text("abcdef", 5), "abcde" MORE);
    assert_text_and_free(tl_clean_text("\xC3\xA4\xF0\x9F\x94\x92\xE2\x82\xAC", 3),
                         "\xC3\xA4\xF0\x9F\x94\x92\xE2\x82\xAC");
    assert_text_and_free(tl_clean_text("\xC3\xA4\xF0\x9F\x94\x92\xE2\x82\xAC", 2),
                         "\xC3\xA4\xF0\x9F\x94\x92" MORE);
    assert_text_and_free(tl_clean_text("  ab  ", 2), "ab");
    assert_text_and_free(tl_clean_text("\xFF\xFF\xFF", 1), BAD MORE);
    assert_text_and_free(tl_clean_text("abc", 0), MORE);
    assert_text_and_free(tl_clean_text(" ", 0), "");
    assert_text_and_free(tl_clean_text("abc", SIZE_MAX), "abc");
}

static void text_is_clean_where_cleaning_changes_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool clean;
    } rows[] = {{"", true},           {"a b", true},   {"Zahn\xC3\xA4rzte " BAD, true}, {" a", false},
                {"a\xC2\xA0", false}, {"a\tb", false}, {"a\xE2\x80\x8B", false},        {"a\xC3", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *cleaned = tl_clean_text(rows[i].text, SIZE_MAX);
        assert_int_equal(strcmp(cleaned, rows[i].text) == 0, rows[i].clean);
        assert_int_equal(tl_is_clean_text(rows[i].text), rows[i].clean);
        free(cleaned);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(visible_text_stays),
        cmocka_unit_test(what_cannot_be_seen_becomes_visible),
        cmocka_unit_test(neighbours_of_hidden_characters_stay),
        cmocka_unit_test(invalid_bytes_become_visible_one_by_one),
        cmocka_unit_test(outer_white_space_goes),
        cmocka_unit_test(long_text_is_cut_by_characters),
        cmocka_unit_test(text_is_clean_where_cleaning_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
