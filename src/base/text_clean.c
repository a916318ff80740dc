#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

typedef struct range {
    uint32_t first;
    uint32_t last;
} range;

/* Characters that show nothing, or change how their neighbours show: what makes an approver see another text
 * than the one that is there. In ascending order. */
static const range hidden[] = {
    {0x0000, 0x001F},    /* C0 */
    {0x007F, 0x009F},    /* DEL, C1 */
    {0x00AD, 0x00AD},    /* soft hyphen */
    {0x034F, 0x034F},    /* combining grapheme joiner */
    {0x061C, 0x061C},    /* Arabic letter mark */
    {0x115F, 0x1160},    /* Hangul fillers */
    {0x17B4, 0x17B5},    /* Khmer inherent vowels */
    {0x180B, 0x180F},    /* Mongolian variation selectors, vowel separator */
    {0x200B, 0x200F},    /* zero-width characters, left-to-right and right-to-left marks */
    {0x2028, 0x202E},    /* line and paragraph separators, bidirectional embeddings and overrides */
    {0x2060, 0x206F},    /* word joiner, invisible operators, isolates, deprecated format characters */
    {0x2800, 0x2800},    /* blank braille pattern */
    {0x3164, 0x3164},    /* Hangul filler */
    {0xE000, 0xF8FF},    /* private use */
    {0xFDD0, 0xFDEF},    /* noncharacters */
    {0xFE00, 0xFE0F},    /* variation selectors */
    {0xFEFF, 0xFEFF},    /* byte order mark */
    {0xFFA0, 0xFFA0},    /* half-width Hangul filler */
    {0xFFF0, 0xFFFB},    /* unassigned specials, interlinear annotation */
    {0x13430, 0x1343F},  /* Egyptian hieroglyph format controls */
    {0x1BCA0, 0x1BCA3},  /* shorthand format controls */
    {0x1D173, 0x1D17A},  /* musical format controls */
    {0xE0000, 0xE0FFF},  /* tags, variation selectors supplement */
    {0xF0000, 0x10FFFF}, /* private use planes */
};

static bool is_hidden(uint32_t character)
{
    if ((character & 0xFFFE) == 0xFFFE) {
        return true; /* the two noncharacters that end each plane */
    }
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0] && hidden[i].first <= character; i++) {
        if (character <= hidden[i].last) {
            return true;
        }
    }
    return false;
}

static bool is_white(uint32_t character)
{
    return (character >= 0x09 && character <= 0x0D) || character == 0x20 || character == 0xA0 ||
           character == 0x1680 || (character >= 0x2000 && character <= 0x200A) || character == 0x202F ||
           character == 0x205F || character == 0x3000;
}

/* One character, or one byte that belongs to none. */
static size_t read_character(const char *text, size_t left, uint32_t *out)
{
    size_t step = tl_utf8_decode(text, left, out);
    if (step == 0) {
        *out = 0xFFFD;
        return 1;
    }
    return step;
}

/* Narrows the text to what lies between outer white space. */
static void trim(const char **text, size_t *length)
{
    const char *first = NULL;
    const char *past = NULL;
    for (size_t at = 0; at < *length;) {
        uint32_t character = 0;
        size_t step = read_character(*text + at, *length - at, &character);
        if (!is_white(character)) {
            first = first == NULL ? *text + at : first;
            past = *text + at + step;
        }
        at += step;
    }
    *length = first == NULL ? 0 : (size_t)(past - first);
    *text = first == NULL ? *text : first;
}

char *tl_clean_text(const char *text, size_t max_characters)
{
    text = text == NULL ? "" : text;
    size_t length = strlen(text);
    trim(&text, &length);
    size_t characters = length < max_characters ? length : max_characters;
    if (characters > SIZE_MAX / 4 - 2) {
        return NULL;
    }
    char *out = malloc(4 * (characters + 1) + 1);
    if (out == NULL) {
        return NULL;
    }
    size_t used = 0;
    size_t at = 0;
    for (size_t count = 0; at < length && count < max_characters; count++) {
        uint32_t character = 0;
        at += read_character(text + at, length - at, &character);
        used += tl_utf8_encode(is_hidden(character) ? 0xFFFD : character, out + used);
    }
    if (at < length) {
        used += tl_utf8_encode(0x2026, out + used);
    }
    out[used] = '\0';
    return out;
}

bool tl_is_clean_text(const char *text)
{
    const char *inner = text;
    size_t length = strlen(text);
    size_t inner_length = length;
    trim(&inner, &inner_length);
    if (inner_length != length) {
        return false;
    }
    for (size_t at = 0; at < length;) {
        uint32_t character = 0;
        size_t step = tl_utf8_decode(text + at, length - at, &character);
        if (step == 0 || is_hidden(character)) {
            return false;
        }
        at += step;
    }
    return true;
}
