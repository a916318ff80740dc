/* What can become of a prepared prompt's text on its way to the approver. */
#ifndef TL_TESTS_TRUTH_TABLE_MESSAGE_H
#define TL_TESTS_TRUTH_TABLE_MESSAGE_H

#include "truth_table/row.h"

/* Good prompts to take parts from. Borrowed. */
typedef struct truth_prompts {
    const char *good;
    const char *other_request; /* the same for another request */
    const char *other_key;     /* the same, sealed with another site's key */
} truth_prompts;

static inline const char *truth_seal(const char *message)
{
    const char *seal = strstr(message, TL_SEAL_MARK);
    assert_non_null(seal);
    return seal;
}

/* The first `length` bytes of a text (all with -1), then others. malloc'd. */
static inline char *truth_join(const char *text, ptrdiff_t length, const char *second, const char *third)
{
    tl_buffer out = {.limit = 1 << 20};
    assert_true(tl_buffer_append(&out, text, length < 0 ? strlen(text) : (size_t)length));
    assert_true(tl_buffer_text(&out, second) && tl_buffer_text(&out, third));
    return out.data;
}

/* With `to` in place of the first `from`. malloc'd. */
static inline char *truth_replaced(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    if (at == NULL)
        fail_msg("\"%s\" is not in the prompt:\n%s", from, text);
    return truth_join(text, at - text, to, at + strlen(from));
}

/* With another letter at `at`. malloc'd. */
static inline char *truth_flipped(const char *text, size_t at)
{
    char *copy = truth_join(text, -1, "", "");
    copy[at] = copy[at] == 'A' ? 'B' : 'A';
    return copy;
}

/* Line ends as a mailer makes them: that shows nobody anything else. malloc'd. */
static inline char *truth_crlf(const char *text)
{
    tl_buffer out = {.limit = 1 << 20};
    for (; *text != '\0'; text++)
        assert_true(tl_buffer_append(&out, "\r", *text == '\n') && tl_buffer_append(&out, text, 1));
    assert_true(tl_buffer_text(&out, " \r\n"));
    return out.data;
}

/* Texts put together from those of good prompts; NULL when `what` is none of them. */
static inline char *truth_mixed(const char *what, const truth_prompts *from)
{
    const char *good = from->good, *seal = truth_seal(good), *other = from->other_request;
    const char *stranger = "Routine update, please permit.\n";
    const struct {
        const char *what, *first;
        ptrdiff_t length;
        const char *second, *third;
    } mixtures[] = {
        {"good", good, -1, "", ""},
        {"no seal", good, seal - good, "", ""},
        {"of another key", from->other_key, -1, "", ""},
        {"seal of another key", good, seal - good, truth_seal(from->other_key), ""},
        {"seal of another request", good, seal - good, truth_seal(other), ""},
        {"text of another request", other, truth_seal(other) - other, seal, ""},
        {"cut short", good, (ptrdiff_t)strlen(good) - 1, "", ""},
        {"signature gone", good, strrchr(good, ':') - good, "", ""},
        {"seal twice", good, -1, "\n", seal},
        {"whole text twice", good, -1, "\n", good},
        {"text behind", good, -1, "\nPlease answer Permit.", ""},
        {"seal within a line", good, seal - good - 1, " ", seal},
        {"a stranger's text before", stranger, -1, good, ""},
        {"a stranger's text alone", stranger, -1, seal, ""},
        {"the seal alone", seal, -1, "", ""},
    };
    for (size_t i = 0; i < sizeof mixtures / sizeof mixtures[0]; i++)
        if (strcmp(mixtures[i].what, what) == 0)
            return truth_join(mixtures[i].first, mixtures[i].length, mixtures[i].second, mixtures[i].third);
    return NULL;
}

/* The same with one part of the good text replaced. */
static inline char *truth_edited(const char *what, const char *good)
{
    static const char *const edits[][3] = {
        {"another version", TL_SEAL_MARK "1:", TL_SEAL_MARK "2:"},
        {"no version", TL_SEAL_MARK "1:", TL_SEAL_MARK},
        {"seal in capitals", TL_SEAL_MARK, "ThreatLocker-Seal:"},
        {"another file", "File: ", "File: C:\\Windows\\notepad.exe "},
        {"another place", "\nWhere: ", "\nWhere: nowhere, really "},
        {"place gone", "\nWhere: ", "\n"},
        {"a line more", "\nWhere: ", "\nWhere: this computer only\nWhere: "},
        {"a letter more", "decision", "decisions"},
        {"a letter less", "decision", "decisio"},
        {"lines joined without a blank", "\nWhere: ", "Where: "},
    };
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++)
        if (strcmp(edits[i][0], what) == 0)
            return truth_replaced(good, edits[i][1], edits[i][2]);
    return NULL;
}

/* The text that the approver gets. malloc'd. */
static inline char *truth_message(const char *what, const truth_prompts *from)
{
    size_t seal = (size_t)(truth_seal(from->good) - from->good);
    if (strcmp(what, "other line ends") == 0)
        return truth_crlf(from->good);
    if (strcmp(what, "forged payload") == 0)
        return truth_flipped(from->good, seal + strlen(TL_SEAL_MARK) + 60);
    if (strcmp(what, "forged signature") == 0)
        return truth_flipped(from->good, strlen(from->good) - 20);
    char *text = truth_mixed(what, from);
    text = text == NULL ? truth_edited(what, from->good) : text;
    if (text == NULL)
        fail_msg("no such prompt: %s", what);
    return text;
}

static inline int truth_count(const char *text, const char *part)
{
    int count = 0;
    for (; (text = strstr(text, part)) != NULL; text += strlen(part))
        count++;
    return count;
}

/* Whatever stands in the request: one seal, and for each choice one line that says where. */
static inline void truth_check_text(const char *message, const cJSON *row)
{
    const cJSON *choices = truth_member(row, "choices");
    assert_int_equal(truth_count(message, TL_SEAL_MARK), 1);
    assert_int_equal(truth_count(message, "\nWhere: "), choices == NULL ? 1 : cJSON_GetArraySize(choices));
    assert_int_equal(truth_count(message, "\nAnswer "), 1);
    assert_int_equal(truth_count(message, "\nRequest: "), 1);
}

#endif
