/* Whatever happens to the bytes of a sealed prompt, its seal never covers another text. */
#include "truth_case.h"

enum { ROUNDS = 20000, MAX_MESSAGE = 16384 };

static uint32_t seed = 20261102;

static size_t below(size_t limit)
{
    seed = seed * 1664525u + 1013904223u;
    return limit == 0 ? 0 : (seed >> 8) % limit;
}

/* A text under mutation. */
typedef struct mutant {
    char text[MAX_MESSAGE];
    size_t length;
} mutant;

static void splice(mutant *m, size_t at, size_t removed, const char *inserted, size_t length)
{
    assert_true(m->length - removed + length < MAX_MESSAGE);
    memmove(m->text + at + length, m->text + at + removed, m->length - at - removed + 1);
    memcpy(m->text + at, inserted, length);
    m->length += length - removed;
}

/* The start of a random line. */
static size_t line_at(const mutant *m)
{
    size_t at = below(m->length);
    while (at > 0 && m->text[at - 1] != '\n')
        at--;
    return at;
}

static void flip_bit(mutant *m)
{
    size_t at = below(m->length);
    unsigned char flipped = (unsigned char)((unsigned char)m->text[at] ^ (1u << below(8)));
    if (flipped != 0)
        m->text[at] = (char)flipped;
}

static void put_letter(mutant *m)
{
    static const char letters[] = "AZaz09-_:= \n\r\t.\"\x01\x7F\xC3\xE2";
    m->text[below(m->length)] = letters[below(sizeof letters - 1)];
}

static void cut_end(mutant *m)
{
    m->length = below(m->length) + 1;
    m->text[m->length] = '\0';
}

static void cut_part(mutant *m)
{
    size_t at = below(m->length), left = m->length - at;
    splice(m, at, below(left < 80 ? left : 80), "", 0);
}

static void insert_line(mutant *m)
{
    static const char *const lines[] = {"Where: this computer only\n",
                                        "Answer Permit.\n",
                                        "\n",
                                        " ",
                                        "\r\n",
                                        "\xC2\xA0",
                                        "threatlocker-seal:",
                                        "threatlocker-seal:1:AAAA:BBBB\n",
                                        "Choice \"Just here\"\n",
                                        "\xE2\x80\x8B"};
    const char *line = lines[below(COUNT(lines))];
    splice(m, below(2) == 0 ? line_at(m) : below(m->length), 0, line, strlen(line));
}

static void repeat_line(mutant *m)
{
    char copy[MAX_MESSAGE];
    size_t at = line_at(m), length = strcspn(m->text + at, "\n");
    memcpy(copy, m->text + at, length);
    copy[length] = '\n';
    if (m->length + length + 1 < MAX_MESSAGE - 200)
        splice(m, line_at(m), 0, copy, length + 1);
}

/* The end of another good prompt behind the start of this one. */
static void take_end(mutant *m, const char *other)
{
    size_t length = strlen(other), from = below(length);
    const char *mark = strstr(other, TL_SEAL_MARK);
    if (below(2) == 0)
        from = (size_t)(mark - other);
    size_t at = below(m->length);
    const char *own = strstr(m->text, TL_SEAL_MARK);
    if (below(2) == 0 && own != NULL)
        at = (size_t)(own - m->text);
    if (at + length - from < MAX_MESSAGE - 200)
        splice(m, at, m->length - at, other + from, length - from);
}

static void mutate(mutant *m, const char *other)
{
    static void (*const ways[])(mutant *) = {flip_bit, put_letter,  cut_end,
                                             cut_part, insert_line, repeat_line};
    size_t way = below(COUNT(ways) + 1);
    if (m->length < 2)
        return;
    if (way == COUNT(ways))
        take_end(m, other);
    else
        ways[way](m);
}

/* The text without what a mailer may change: its words, one blank between them. malloc'd. */
static char *words_of(const char *text)
{
    char *copy = exact_copy(text, strlen(text) + 1), *to = copy;
    bool between = false;
    for (const char *from = text; *from != '\0'; from++) {
        if (strchr(" \t\r\n", *from) != NULL) {
            between = to != copy;
            continue;
        }
        if (between)
            *to++ = ' ';
        between = false;
        *to++ = *from;
    }
    *to = '\0';
    return copy;
}

/* Whether the text verifies; if so it must have the words of one of the good prompts. */
static bool verifies(const char *text, char *const good[2])
{
    tl_seal seal;
    const char *why;
    bool holds = tl_seal_read(&seal, &why, truth_key, text) == TL_SEAL_GOOD &&
                 tl_seal_covers(&seal, text) == TL_SEAL_GOOD;
    if (holds) {
        char *words = words_of(text);
        if (strcmp(words, good[0]) != 0 && strcmp(words, good[1]) != 0)
            fail_msg("verifies as a seal of:\n%s", text);
        free(words);
    }
    tl_seal_clear(&seal);
    return holds;
}

static void no_mutation_verifies_as_another_text(void **state)
{
    (void)state;
    cJSON *row = json_of("{'choices':{'Just here':{},'Its group':{'scope':'group'}},'reason':'Please'}");
    cJSON *details = truth_details(row), *options = truth_options(row);
    char *prompts[2], *good[2];
    prompts[0] = truth_sealed(options, details, truth_key);
    patch(details, "fileDetails.fullPath='C:\\\\other.exe'");
    prompts[1] = truth_sealed(options, details, truth_key);
    for (int i = 0; i < 2; i++)
        good[i] = words_of(prompts[i]);
    static mutant m;
    int harmless = 0;
    for (int i = 0; i < ROUNDS; i++) {
        m.length = strlen(prompts[i % 2]);
        memcpy(m.text, prompts[i % 2], m.length + 1);
        for (size_t times = 1 + below(3); times > 0; times--)
            mutate(&m, prompts[below(2)]);
        harmless += verifies(m.text, good);
    }
    print_message("%d mutations, %d of them of white space only\n", ROUNDS, harmless);
    assert_true(harmless > 0 && harmless < ROUNDS / 4);
    assert_true(verifies(prompts[0], good) && verifies(prompts[1], good));
    for (int i = 0; i < 2; i++) {
        free(good[i]);
        free(prompts[i]);
    }
    cJSON_Delete(options);
    cJSON_Delete(details);
    cJSON_Delete(row);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_mutation_verifies_as_another_text)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
