#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

enum { NO_DIGIT = -1 };

static int base64_digit(char c, const char *last_two)
{
    /* The value of each character from '0' to 'z'. */
    static const signed char from_zero[] = {
        52, 53, 54, 55, 56, 57, 58, 59, 60, 61, -1, -1, -1, -1, -1, -1, -1, 0,  1,  2,  3,  4,  5,  6,  7,
        8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, -1, -1, -1, -1, -1, -1, 26,
        27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51};
    size_t place = (size_t)(unsigned char)c - '0';
    if (place < sizeof from_zero && from_zero[place] != NO_DIGIT) {
        return from_zero[place];
    }
    return c == last_two[0] ? 62 : c == last_two[1] ? 63 : NO_DIGIT;
}

static bool decode_four(char out[3], const char *text, const char *last_two)
{
    int digits[4];
    for (size_t i = 0; i < 4; i++) {
        digits[i] = base64_digit(text[i], last_two);
    }
    if ((digits[0] | digits[1] | digits[2] | digits[3]) < 0) {
        return false;
    }
    out[0] = (char)(digits[0] << 2 | digits[1] >> 4);
    out[1] = (char)((digits[1] & 0xF) << 4 | digits[2] >> 2);
    out[2] = (char)((digits[2] & 0x3) << 6 | digits[3]);
    return true;
}

/* The 2 or 3 digits at the end. Bits that belong to no byte must be zero: each value has one text only. */
static bool decode_rest(char out[3], const char *text, size_t length, const char *last_two)
{
    char four[4] = {'A', 'A', 'A', 'A'}; /* zeros */
    memcpy(four, text, length);
    return decode_four(out, four, last_two) && out[length - 1] == '\0';
}

/* Decodes `length` digits without padding. */
static char *decode_digits(const char *text, size_t length, const char *last_two, size_t *out_length)
{
    size_t rest = length % 4;
    char *out = rest == 1 ? NULL : malloc(length / 4 * 3 + 4);
    if (out == NULL) {
        return NULL;
    }
    size_t used = 0;
    bool good = true;
    for (const char *end = text + length - rest; good && text < end; text += 4, used += 3) {
        good = decode_four(out + used, text, last_two);
    }
    if (good && rest > 0) {
        good = decode_rest(out + used, text, rest, last_two);
        used += rest - 1;
    }
    if (!good) {
        free(out);
        return NULL;
    }
    out[used] = '\0';
    *out_length = used;
    return out;
}

char *tl_base64_decode(const char *text, size_t length, size_t *out_length)
{
    if (text == NULL || length % 4 != 0) {
        return NULL;
    }
    size_t padding = 0;
    while (padding < 2 && padding < length && text[length - 1 - padding] == '=') {
        padding++;
    }
    return decode_digits(text, length - padding, "+/", out_length);
}

unsigned char *tl_base64url_decode(const char *text, size_t length, size_t *out_length)
{
    return text == NULL ? NULL : (unsigned char *)decode_digits(text, length, "-_", out_length);
}

char *tl_base64url_encode(const void *data, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const unsigned char *bytes = data;
    if (length > SIZE_MAX / 2) {
        return NULL;
    }
    char *out = malloc(length / 3 * 4 + 5);
    if (out == NULL) {
        return NULL;
    }
    char *end = out;
    unsigned int bits = 0;
    unsigned int count = 0;
    for (size_t i = 0; i < length; i++) {
        bits = (bits << 8 | bytes[i]) & 0xFFFF;
        for (count += 8; count >= 6; count -= 6) {
            *end++ = digits[bits >> (count - 6) & 0x3F];
        }
    }
    if (count > 0) {
        *end++ = digits[bits << (6 - count) & 0x3F];
    }
    *end = '\0';
    return out;
}

/* What a person can have typed: valid UTF-8 whose only control characters are tab and line ends. */
static bool is_typed_text(const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        uint32_t character = 0;
        if (text[at] >= ' ' && text[at] <= '~') {
            at++;
            continue;
        }
        size_t step = tl_utf8_decode(text + at, length - at, &character);
        bool layout = character == '\t' || character == '\n' || character == '\r';
        if (step == 0 || (tl_is_control(character) && !layout)) {
            return false;
        }
        at += step;
    }
    return true;
}

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    return copy == NULL ? NULL : memcpy(copy, text, size);
}

char *tl_requestor_reason(const char *raw)
{
    if (raw == NULL) {
        return copy_text("");
    }
    size_t length = 0;
    char *decoded = tl_base64_decode(raw, strlen(raw), &length);
    if (decoded != NULL && is_typed_text(decoded, length)) {
        return decoded;
    }
    free(decoded);
    return copy_text(raw);
}

static bool is_unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

char *tl_percent_encode(const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    text = text == NULL ? "" : text;
    size_t length = strlen(text);
    if (length > SIZE_MAX / 4) {
        return NULL;
    }
    char *out = malloc(3 * length + 1);
    if (out == NULL) {
        return NULL;
    }
    char *end = out;
    for (; *text != '\0'; text++) {
        if (is_unreserved(*text)) {
            *end++ = *text;
            continue;
        }
        *end++ = '%';
        *end++ = digits[(unsigned char)*text >> 4];
        *end++ = digits[(unsigned char)*text & 0xF];
    }
    *end = '\0';
    return out;
}
