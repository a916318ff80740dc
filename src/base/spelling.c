#include "base/spelling.h"

#include <string.h>

#include "base/text.h"

enum { MOST_SLASHES = 8 };

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The number that so many hexadecimal digits stand for; -1 when they are something else. */
static int hex_number(const char *text, int digits)
{
    int value = 0;
    for (int i = 0; i < digits; i++) {
        int digit = tl_hex_value(text[i]);
        if (digit < 0) {
            return -1;
        }
        value = value * 16 + digit;
    }
    return value;
}

static size_t count_slashes(const char *text)
{
    size_t slashes = 0;
    while (slashes < MOST_SLASHES && text[slashes] == '\\') {
        slashes++;
    }
    return slashes;
}

/* Length of one byte of a secret as JSON escapes it, in JSON inside JSON with more backslashes; 0 when it is
 * something else. */
static size_t match_escape(const char *text, char byte)
{
    size_t slashes = count_slashes(text);
    const char *letter = text + slashes;
    if (slashes > 0 && *letter == 'u' && hex_number(letter + 1, 4) == (unsigned char)byte) {
        return slashes + 5;
    }
    if (byte == '\\') {
        return slashes >= 2 ? 2 : 0;
    }
    return slashes > 0 && (byte == '"' || byte == '/') && *letter == byte ? slashes + 1 : 0;
}

/* How a text may spell a secret. In each of these some bytes must be spelt otherwise and any byte can be. */
typedef enum spelling { PLAIN, IN_JSON, IN_URL, SPELLINGS } spelling;

/* Length of one byte of a secret in the text; 0 when it is something else. */
static size_t match_byte(const char *text, char byte, spelling how)
{
    if (how == IN_URL && text[0] == '%') {
        return hex_number(text + 1, 2) == (unsigned char)byte ? 3 : 0;
    }
    if (how == IN_JSON && (text[0] == '\\' || byte == '"')) {
        return match_escape(text, byte);
    }
    return text[0] == byte ? 1 : 0;
}

static size_t match_spelling(const char *text, const char *secret, spelling how)
{
    size_t at = 0;
    for (; *secret != '\0'; secret++) {
        size_t step = match_byte(text + at, *secret, how);
        if (step == 0) {
            return 0;
        }
        at += step;
    }
    return at;
}

int tl_base64_digit(char c)
{
    c = c == '-' ? '+' : c == '_' ? '/' : c;
    const char *found = c == '\0' ? NULL : strchr(base64_digits, c);
    return found == NULL ? -1 : (int)(found - base64_digits);
}

/* The base64 digit number `i` of the secret, where `shift` other bytes stand before it. */
static int digit_of(const char *secret, size_t shift, size_t i)
{
    size_t byte = i * 6 / 8 - shift;
    unsigned int pair = (unsigned int)(unsigned char)secret[byte] << 8 | (unsigned char)secret[byte + 1];
    return (int)(pair >> (10 - i * 6 % 8) & 0x3F);
}

/* The first digit that the secret alone decides. */
static size_t first_digit(size_t shift)
{
    return (shift * 8 + 5) / 6;
}

/* Each of the three shifts against the groups of base64 has other digits. */
static size_t match_base64(const char *text, const char *secret, size_t shift)
{
    size_t first = first_digit(shift), end = (shift + strlen(secret)) * 8 / 6;
    for (size_t i = first; i < end; i++) {
        if (tl_base64_digit(text[i - first]) != digit_of(secret, shift, i)) {
            return 0;
        }
    }
    return end - first;
}

size_t tl_spelling_match(const char *text, const char *secret)
{
    size_t longest = 0;
    for (int how = 0; how < SPELLINGS; how++) {
        size_t length = match_spelling(text, secret, (spelling)how);
        longest = length > longest ? length : longest;
    }
    return longest;
}

size_t tl_spelling_match_base64(const char *text, const char *secret)
{
    size_t length = 0;
    for (size_t shift = 0; length == 0 && shift < TL_BASE64_SHIFTS; shift++) {
        length = match_base64(text, secret, shift);
    }
    return length;
}

size_t tl_spelling_unescape(char out[TL_ESCAPE_READINGS], const char *text)
{
    size_t count = 0;
    size_t slashes = count_slashes(text);
    const char *letter = text + slashes;
    int number = slashes == 0 ? hex_number(text + 1, 2) : *letter == 'u' ? hex_number(letter + 1, 4) : -1;
    if (number > 0 && number < 256) {
        out[count++] = (char)number;
    } else if (slashes > 0 && (*letter == '"' || *letter == '/')) {
        out[count++] = *letter;
    }
    if (slashes > 1) {
        out[count++] = '\\';
    }
    return count;
}

size_t tl_spelling_base64(char *out, size_t size, const char *secret, size_t shift)
{
    size_t first = first_digit(shift), end = (shift + strlen(secret)) * 8 / 6;
    size_t count = end - first < size ? end - first : size;
    for (size_t i = 0; i < count; i++) {
        out[i] = base64_digits[digit_of(secret, shift, first + i)];
    }
    return count;
}
