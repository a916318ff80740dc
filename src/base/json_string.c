#include <stdint.h>
#include <string.h>

#include "base/json_scan.h"
#include "base/text.h"
#include "base/utf8.h"

enum { ESCAPE_U = 6 }; /* bytes of \uXXXX */

/* A word of eight bytes n. */
#define EACH(n) (UINT64_C(0x0101010101010101) * (n))

/* The top bit of each byte that is a control, a quote, a backslash or beyond ASCII. Bytes above the lowest
 * such byte may be marked wrongly, by its borrow. */
static uint64_t mark_special(uint64_t word)
{
    uint64_t quote = word ^ EACH('"');
    uint64_t backslash = word ^ EACH('\\');
    return (word | (word - EACH(0x20)) | (quote - EACH(1)) | (backslash - EACH(1))) & EACH(0x80);
}

static bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

const char *tl_json_skip_plain(const char *at, const char *end)
{
    uint64_t word;
    while ((size_t)(end - at) >= sizeof word) {
        memcpy(&word, at, sizeof word);
        uint64_t special = mark_special(word);
        if (special != 0) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
            return at + __builtin_ctzll(special) / 8;
#else
            break;
#endif
        }
        at += sizeof word;
    }
    while (at < end && is_plain((unsigned char)*at)) {
        at++;
    }
    return at;
}

/* Reads \uXXXX; false when it is none. */
static bool read_code_unit(const char *at, const char *end, uint32_t *out)
{
    if (end - at < ESCAPE_U || at[0] != '\\' || at[1] != 'u') {
        return false;
    }
    *out = 0;
    for (int i = 2; i < ESCAPE_U; i++) {
        int digit = tl_hex_value(at[i]);
        if (digit < 0) {
            return false;
        }
        *out = *out << 4 | (uint32_t)digit;
    }
    return true;
}

static bool is_high_surrogate(uint32_t unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low_surrogate(uint32_t unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

static uint32_t join_surrogates(uint32_t high, uint32_t low)
{
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

/* The one-letter escapes: the byte that the letter stands for, 0 for no such letter. */
static char short_escape(char letter)
{
    switch (letter) {
    case '"':
    case '\\':
    case '/':
        return letter;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return '\0';
    }
}

/* tl_json_print writes \uXXXX only for controls without a letter of their own, in lower case. */
static bool is_canonical_unit(const char *escape, uint32_t unit)
{
    bool has_letter = unit == '\b' || unit == '\f' || unit == '\n' || unit == '\r' || unit == '\t';
    bool upper = escape[5] >= 'A' && escape[5] <= 'F';
    return unit < 0x20 && !has_letter && !upper;
}

static const char *scan_code_units(const char **at, const char *end, tl_json_string *out)
{
    uint32_t unit = 0;
    if (!read_code_unit(*at, end, &unit)) {
        return "a \\u escape without four hex digits";
    }
    if (unit == 0) {
        return "\\u0000, which texts here cannot hold";
    }
    out->canonical = out->canonical && is_canonical_unit(*at, unit);
    if (is_high_surrogate(unit)) {
        uint32_t low = 0;
        if (!read_code_unit(*at + ESCAPE_U, end, &low) || !is_low_surrogate(low)) {
            return "half a surrogate pair";
        }
        *at += ESCAPE_U;
        unit = join_surrogates(unit, low);
    } else if (is_low_surrogate(unit)) {
        return "half a surrogate pair";
    }
    *at += ESCAPE_U;
    char encoded[4];
    out->length += tl_utf8_encode(unit, encoded);
    return NULL;
}

static const char *scan_escape(const char **at, const char *end, tl_json_string *out)
{
    out->escaped = true;
    if (end - *at < 2) {
        return "an unfinished escape";
    }
    char letter = (*at)[1];
    if (letter == 'u') {
        return scan_code_units(at, end, out);
    }
    if (short_escape(letter) == '\0') {
        return "an unknown escape";
    }
    out->canonical = out->canonical && letter != '/';
    out->length++;
    *at += 2;
    return NULL;
}

const char *tl_json_scan_string(const char **at, const char *end, tl_json_string *out)
{
    *out = (tl_json_string){.canonical = true};
    (*at)++;
    for (;;) {
        const char *plain = *at;
        *at = tl_json_skip_plain(plain, end);
        out->length += (size_t)(*at - plain);
        if (*at == end) {
            return "a text that does not end";
        }
        unsigned char byte = (unsigned char)**at;
        if (byte == '"') {
            (*at)++;
            return NULL;
        }
        if (byte == '\\') {
            const char *problem = scan_escape(at, end, out);
            if (problem != NULL) {
                return problem;
            }
            continue;
        }
        if (byte < 0x20) {
            return "a raw control character in a text";
        }
        uint32_t character = 0;
        size_t step = tl_utf8_decode(*at, (size_t)(end - *at), &character);
        if (step == 0) {
            return "invalid UTF-8";
        }
        out->length += step;
        *at += step;
    }
}

/* One escape of a checked string; returns its length and writes what it stands for. */
static size_t unescape_one(const char *source, char **out)
{
    if (source[1] != 'u') {
        *(*out)++ = short_escape(source[1]);
        return 2;
    }
    /* The string was checked: two \uXXXX fit where the first is half a pair. */
    uint32_t unit = 0;
    uint32_t low = 0;
    size_t length = ESCAPE_U;
    read_code_unit(source, source + ESCAPE_U, &unit);
    if (is_high_surrogate(unit)) {
        read_code_unit(source + ESCAPE_U, source + 2 * ESCAPE_U, &low);
        unit = join_surrogates(unit, low);
        length += ESCAPE_U;
    }
    *out += tl_utf8_encode(unit, *out);
    return length;
}

void tl_json_unescape(char *out, const char *source, const tl_json_string *string)
{
    if (!string->escaped) {
        memcpy(out, source, string->length);
        return;
    }
    const char *end = out + string->length;
    while (out < end) {
        if (*source == '\\') {
            source += unescape_one(source, &out);
        } else {
            *out++ = *source++;
        }
    }
}
