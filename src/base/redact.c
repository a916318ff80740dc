#include "base/redact.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const char mask[] = "[redacted]";

enum { SHORTEST_SECRET = 4, MOST_SLASHES = 8, SHORTEST_HELD = 16, BASE64_SHIFTS = 3 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_white(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_quote(char c)
{
    return c == '"' || c == '\'';
}

/* Length of `word` when the text starts with it in any case, else 0. */
static size_t starts_with(const char *text, const char *word)
{
    size_t length = 0;
    for (; word[length] != '\0'; length++) {
        if (lower(text[length]) != word[length]) {
            return 0;
        }
    }
    return length;
}

static int hex_value(char c)
{
    c = lower(c);
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The number that so many hexadecimal digits stand for; -1 when they are something else. */
static int hex_number(const char *text, int digits)
{
    int value = 0;
    for (int i = 0; i < digits; i++) {
        int digit = hex_value(text[i]);
        if (digit < 0) {
            return -1;
        }
        value = value * 16 + digit;
    }
    return value;
}

/* Length of one byte of a secret as JSON escapes it, in JSON inside JSON with more backslashes; 0 when it is
 * something else. */
static size_t match_escape(const char *text, char byte)
{
    size_t slashes = 0;
    while (text[slashes] == '\\' && slashes < MOST_SLASHES) {
        slashes++;
    }
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

static int base64_digit(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    c = c == '-' ? '+' : c == '_' ? '/' : c;
    const char *found = c == '\0' ? NULL : strchr(digits, c);
    return found == NULL ? -1 : (int)(found - digits);
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

/* Either alphabet. Compares only the digits that the secret alone decides, so that a longer text which holds
 * it ("user:secret") is found too: each of the three shifts against the groups of base64 has other digits. */
static size_t match_base64(const char *text, const char *secret, size_t shift)
{
    size_t first = first_digit(shift), end = (shift + strlen(secret)) * 8 / 6;
    for (size_t i = first; i < end; i++) {
        if (base64_digit(text[i - first]) != digit_of(secret, shift, i)) {
            return 0;
        }
    }
    return end - first;
}

static size_t match_any_base64(const char *text, const char *secret)
{
    size_t digits = 0;
    for (size_t shift = 0; digits == 0 && shift < BASE64_SHIFTS; shift++) {
        digits = match_base64(text, secret, shift);
    }
    return digits;
}

static void hide(unsigned char *hidden, size_t from, size_t to)
{
    if (to > from) {
        memset(hidden + from, 1, to - from);
    }
}

static void hide_secret(const char *text, size_t length, unsigned char *hidden, const char *secret)
{
    size_t run_end = 0; /* of the base64 digits hidden last; not walked again, else this is quadratic */
    for (size_t at = 0; at < length; at++) {
        for (int how = 0; how < SPELLINGS; how++) {
            hide(hidden, at, at + match_spelling(text + at, secret, (spelling)how));
        }
        size_t digits = match_any_base64(text + at, secret);
        if (digits > 0) {
            run_end = run_end > at + digits ? run_end : at + digits;
            while (base64_digit(text[run_end]) >= 0 || text[run_end] == '=') {
                run_end++;
            }
            hide(hidden, at, run_end);
        }
    }
}

static bool is_secret(const char *text, const char *secret)
{
    for (int how = 0; how < SPELLINGS; how++) {
        if (match_spelling(text, secret, (spelling)how) > 0) {
            return true;
        }
    }
    return match_any_base64(text, secret) > 0;
}

/* Replies are long: only where one of these characters stands is a closer look needed. */
static bool holds(const char *text, size_t length, const char *secret)
{
    bool starts[256] = {['%'] = true, ['\\'] = true};
    starts[(unsigned char)secret[0]] = true;
    for (int c = 1; c < 256; c++) {
        for (size_t shift = 0; shift < BASE64_SHIFTS; shift++) {
            starts[c] = starts[c] || base64_digit((char)c) == digit_of(secret, shift, first_digit(shift));
        }
    }
    for (size_t at = 0; at < length; at++) {
        if (starts[(unsigned char)text[at]] && is_secret(text + at, secret)) {
            return true;
        }
    }
    return false;
}

bool tl_holds_secret(const char *text, size_t length, const char *const secrets[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (secrets[i] != NULL && strlen(secrets[i]) >= SHORTEST_HELD && holds(text, length, secrets[i])) {
            return true;
        }
    }
    return false;
}

/* The user part of the URL whose "://" stands at `at`. */
static void hide_user(const char *text, size_t at, unsigned char *hidden)
{
    size_t start = at + 3;
    size_t authority = start + strcspn(text + start, "/?#\"'<> \t\r\n");
    for (size_t i = authority; i > start; i--) {
        if (text[i - 1] == '@') {
            hide(hidden, start, i - 1);
            return;
        }
    }
}

static size_t skip_white(const char *text, size_t at)
{
    while (is_white(text[at])) {
        at++;
    }
    return at;
}

/* A quote, also one escaped in JSON inside JSON. */
static size_t skip_quote(const char *text, size_t at)
{
    size_t quote = text[at] == '\\' ? at + 1 : at;
    return is_quote(text[quote]) ? quote + 1 : at;
}

static size_t skip_scheme(const char *text, size_t at)
{
    static const char *const schemes[] = {"basic", "bearer", "digest", "negotiate",
                                          "token", "apikey", "splunk"};
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t length = starts_with(text + at, schemes[i]);
        if (length > 0 && is_white(text[at + length])) {
            return skip_white(text, at + length);
        }
    }
    return at;
}

/* A quoted value may hold blanks and commas: it ends at its quote. `escaped` says that the quote that opened
 * it was written as \" (JSON inside JSON), and so is the one that ends it. */
static size_t quoted_end(const char *text, size_t at, char quote, bool escaped)
{
    while (text[at] != '\0' && text[at] != quote) {
        if (text[at] == '\\' && escaped && text[at + 1] == quote) {
            return at;
        }
        if (text[at] == '\\' && escaped && text[at + 1] == '\\') {
            at += text[at + 2] == '\\' ? 2 : 1; /* an inner escape takes the character behind it */
        }
        at += text[at] == '\\' && text[at + 1] != '\0' ? 2 : 1;
    }
    return at;
}

/* Hides the value that follows the name which ends at `at`. *plain_end is where the last unquoted value
 * ended: a value that starts inside one ends there too. */
static void hide_value(const char *text, size_t at, unsigned char *hidden, size_t *plain_end)
{
    at = skip_white(text, skip_quote(text, at));
    if (text[at] != ':' && text[at] != '=') {
        return;
    }
    size_t open = skip_white(text, at + 1);
    size_t start = skip_quote(text, open);
    size_t value = skip_scheme(text, start);
    if (start > open) {
        hide(hidden, value, quoted_end(text, value, text[start - 1], start - open == 2));
    } else if (value >= *plain_end) {
        *plain_end = value + strcspn(text + value, "\"',;{} \t\r\n\v\f");
        hide(hidden, value, *plain_end);
    }
}

static void hide_named(const char *text, size_t length, unsigned char *hidden)
{
    /* "token" also finds ph-auth-token, "api-key" x-api-key, "secret" client_secret. */
    static const char *const names[] = {"authorization", "token",  "password", "secret",
                                        "api_key",       "apikey", "api-key"};
    size_t plain_end = 0;
    for (size_t at = 0; at < length; at++) {
        if (strncmp(text + at, "://", 3) == 0) {
            hide_user(text, at, hidden);
        }
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
            size_t name = starts_with(text + at, names[i]);
            if (name > 0) {
                hide_value(text, at + name, hidden, &plain_end);
            }
        }
    }
}

/* Copies what may be seen, one mask for each hidden run. Returns the length that was needed, of which at most
 * size - 1 bytes were written. */
static size_t write_visible(char *out, size_t size, const char *text, size_t length,
                            const unsigned char *hidden)
{
    size_t used = 0;
    for (size_t at = 0; at < length;) {
        const char *part = text + at;
        size_t part_length = 0;
        bool masked = hidden[at] != 0;
        for (; at < length && (hidden[at] != 0) == masked; at++) {
            part_length++;
        }
        if (masked) {
            part = mask;
            part_length = sizeof mask - 1;
        }
        size_t room = used < size - 1 ? size - 1 - used : 0;
        memcpy(out + (room > 0 ? used : 0), part, part_length < room ? part_length : room);
        used += part_length;
    }
    return used;
}

static void replace_all(char *text, size_t size)
{
    size_t length = sizeof mask - 1 < size - 1 ? sizeof mask - 1 : size - 1;
    memcpy(text, mask, length);
    text[length] = '\0';
}

void tl_redact(char *text, size_t size, const char *const secrets[], size_t count)
{
    if (text == NULL || size == 0) {
        return;
    }
    text[size - 1] = '\0';
    size_t length = strlen(text);
    unsigned char *hidden = calloc(length + 1, 1);
    char *copy = malloc(length + 1);
    if (hidden == NULL || copy == NULL) {
        replace_all(text, size); /* rather nothing than a secret */
        free(hidden);
        free(copy);
        return;
    }
    memcpy(copy, text, length + 1);
    for (size_t i = 0; i < count; i++) {
        if (secrets[i] != NULL && strlen(secrets[i]) >= SHORTEST_SECRET) {
            hide_secret(copy, length, hidden, secrets[i]);
        }
    }
    hide_named(copy, length, hidden);
    size_t needed = write_visible(text, size, copy, length, hidden);
    size_t kept = tl_utf8_prefix(text, needed, size - 1);
    text[kept] = '\0';
    if (kept < length) /* whoever copies the whole buffer must not copy what stood behind */
        tl_wipe(text + kept, length - kept);
    tl_wipe_free(copy);
    free(hidden);
}

void tl_wipe(void *data, size_t length)
{
    if (data != NULL && length > 0) {
        explicit_bzero(data, length);
    }
}

void tl_wipe_free(char *text)
{
    if (text != NULL) {
        tl_wipe(text, strlen(text));
        free(text);
    }
}
