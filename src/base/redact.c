#include "base/redact.h"

#include <stdlib.h>
#include <string.h>

#include "base/spelling.h"
#include "base/text.h"

static const char mask[] = "[redacted]";

enum { SHORTEST_SECRET = 4 };

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
        if (tl_lower(text[length]) != word[length]) {
            return 0;
        }
    }
    return length;
}

static void hide(unsigned char *hidden, size_t from, size_t to)
{
    if (to > from) {
        memset(hidden + from, 1, to - from);
    }
}

static void hide_secret(const char *text, size_t length, unsigned char *hidden, const char *secret)
{
    size_t run_end = 0; /* of the base64 digits hidden last; not walked again, which would be quadratic */
    for (size_t at = 0; at < length; at++) {
        hide(hidden, at, at + tl_spelling_match(text + at, secret));
        size_t digits = tl_spelling_match_base64(text + at, secret);
        if (digits > 0) {
            size_t from = run_end > at ? run_end : at;
            run_end = from > at + digits ? from : at + digits;
            while (tl_base64_digit(text[run_end]) >= 0 || text[run_end] == '=') {
                run_end++;
            }
            hide(hidden, from, run_end);
        }
    }
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
