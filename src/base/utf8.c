#include "base/utf8.h"

#include <string.h>

#include "base/text.h"

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* What the first byte promises; 0 when no character starts with it. */
static size_t promised_length(unsigned char first)
{
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xC2 && first <= 0xDF) {
        return 2;
    }
    if ((first & 0xF0) == 0xE0) {
        return 3;
    }
    return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

size_t tl_utf8_decode(const char *text, size_t left, uint32_t *out)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (left == 0) {
        return 0;
    }
    unsigned char first = (unsigned char)text[0];
    size_t length = promised_length(first);
    if (length <= 1 || length > left) {
        *out = first;
        return length == 1 ? 1 : 0;
    }
    uint32_t character = first & (0xFFU >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if (!is_continuation(text[i])) {
            return 0;
        }
        character = character << 6 | ((unsigned char)text[i] & 0x3FU);
    }
    bool surrogate = character >= 0xD800 && character <= 0xDFFF;
    if (character < smallest[length] || surrogate || character > 0x10FFFF) {
        return 0;
    }
    *out = character;
    return length;
}

size_t tl_utf8_encode(uint32_t character, char *out)
{
    if (character < 0x80) {
        out[0] = (char)character;
        return 1;
    }
    size_t length = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (character & 0x3F));
        character >>= 6;
    }
    out[0] = (char)((0xF00U >> length) | character);
    return length;
}

size_t tl_utf8_whole(const char *text, size_t length)
{
    size_t start = length;
    for (size_t back = 0; back < 4 && start > 0; back++) {
        start--;
        if (!is_continuation(text[start])) {
            size_t promised = promised_length((unsigned char)text[start]);
            return promised > length - start ? start : length;
        }
    }
    return length;
}

bool tl_is_control(uint32_t character)
{
    return character < 0x20 || (character >= 0x7F && character <= 0x9F);
}

bool tl_utf8_valid(const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        uint32_t character = 0;
        size_t step = tl_utf8_decode(text + at, length - at, &character);
        if (step == 0) {
            return false;
        }
        at += step;
    }
    return true;
}

size_t tl_utf8_prefix(const char *text, size_t length, size_t limit)
{
    return length <= limit ? length : tl_utf8_whole(text, limit);
}
