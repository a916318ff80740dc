#include "text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

void *need(size_t size)
{
    void *p = calloc(1, size ? size : 1);
    if (!p)
        abort();
    return p;
}

void *need_more(void *old, size_t size)
{
    void *p = realloc(old, size ? size : 1);
    if (!p)
        abort();
    return p;
}

char *copy_bytes(const char *s, size_t len)
{
    char *copy = need(len + 1);
    memcpy(copy, s, len);
    return copy;
}

char *copy_text(const char *s)
{
    return copy_bytes(s, strlen(s));
}

static void text_room(struct text *t, size_t more)
{
    if (t->len + more + 1 <= t->cap)
        return;
    size_t cap = t->cap ? t->cap : 256;
    while (cap < t->len + more + 1)
        cap *= 2;
    t->data = need_more(t->data, cap);
    t->cap = cap;
}

void text_add(struct text *t, const char *s, size_t len)
{
    text_room(t, len);
    if (len)
        memcpy(t->data + t->len, s, len);
    t->len += len;
    t->data[t->len] = '\0';
}

void text_puts(struct text *t, const char *s)
{
    text_add(t, s, strlen(s));
}

void text_printf(struct text *t, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len > 0) {
        text_room(t, (size_t)len);
        vsnprintf(t->data + t->len, (size_t)len + 1, format, again);
        t->len += (size_t)len;
    }
    va_end(again);
}

static void quote_byte(struct text *t, unsigned char c)
{
    static const char plain[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt";
    const char *found = c ? strchr(plain, c) : NULL;
    if (found)
        text_printf(t, "\\%c", letter[found - plain]);
    else
        text_printf(t, "\\u%04x", c);
}

void text_quote(struct text *t, const char *s)
{
    if (!s) {
        text_puts(t, "null");
        return;
    }
    text_add(t, "\"", 1);
    const char *run = s;
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        text_add(t, run, (size_t)(s - run));
        quote_byte(t, c);
        run = s + 1;
    }
    text_add(t, run, (size_t)(s - run));
    text_add(t, "\"", 1);
}

void text_free(struct text *t)
{
    free(t->data);
    *t = (struct text){0};
}

const char *text_str(const struct text *t)
{
    return t->data ? t->data : "";
}

bool same_word(const char *a, const char *b)
{
    return a && b && strcasecmp(a, b) == 0;
}

bool contains_word(const char *haystack, const char *needle)
{
    if (!haystack || !needle)
        return false;
    size_t len = strlen(needle);
    for (; *haystack; haystack++)
        if (strncasecmp(haystack, needle, len) == 0)
            return true;
    return len == 0;
}

const char *file_name(const char *path)
{
    const char *name = path;
    for (const char *s = path; s && *s; s++)
        if (*s == '\\' || *s == '/')
            name = s + 1;
    return name;
}

static const char base64_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(struct text *out, const char *s)
{
    const unsigned char *in = (const unsigned char *)s;
    size_t len = strlen(s);
    for (size_t i = 0; i < len; i += 3) {
        unsigned bits = (unsigned)in[i] << 16;
        bits |= i + 1 < len ? (unsigned)in[i + 1] << 8 : 0;
        bits |= i + 2 < len ? (unsigned)in[i + 2] : 0;
        char four[4] = {base64_letters[bits >> 18 & 63], base64_letters[bits >> 12 & 63],
                        i + 1 < len ? base64_letters[bits >> 6 & 63] : '=',
                        i + 2 < len ? base64_letters[bits & 63] : '='};
        text_add(out, four, 4);
    }
}

char *base64_decode(const char *s)
{
    size_t len = strlen(s), at = 0;
    char *out = need(len + 1);
    unsigned bits = 0, have = 0;
    for (; *s && *s != '='; s++) {
        const char *found = strchr(base64_letters, *s);
        if (!found) {
            free(out);
            return NULL;
        }
        bits = (bits << 6 | (unsigned)(found - base64_letters)) & 0xffffff;
        have += 6;
        if (have >= 8) {
            have -= 8;
            out[at++] = (char)(bits >> have & 255);
        }
    }
    return out;
}

bool guid_read(const char *s, unsigned char out[16])
{
    if (!s || strlen(s) != GUID_TEXT - 1)
        return false;
    size_t digits = 0;
    for (size_t i = 0; i < GUID_TEXT - 1; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? s[i] != '-' : !isxdigit((unsigned char)s[i]))
            return false;
        if (dash)
            continue;
        int c = tolower((unsigned char)s[i]);
        int nibble = c <= '9' ? c - '0' : c - 'a' + 10;
        out[digits / 2] = (unsigned char)(digits % 2 ? out[digits / 2] | nibble : nibble << 4);
        digits++;
    }
    return true;
}

bool is_guid(const char *s)
{
    unsigned char bytes[16];
    return guid_read(s, bytes);
}

int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void split_time(int64_t us, struct tm *parts, int *micros)
{
    time_t seconds = (time_t)(us / 1000000);
    *micros = (int)(us % 1000000);
    gmtime_r(&seconds, parts);
}

void time_to_seconds(int64_t us, char out[32])
{
    struct tm parts;
    int micros;
    split_time(us, &parts, &micros);
    strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

void time_to_micros(int64_t us, char out[40])
{
    struct tm parts;
    int micros;
    split_time(us, &parts, &micros);
    size_t len = strftime(out, 40, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(out + len, 40 - len, ".%06dZ", micros);
}

bool time_read(const char *s, int64_t *us)
{
    struct tm parts = {0};
    int used = 0;
    if (!s || sscanf(s, "%4d-%2d-%2dT%2d:%2d:%2d%n", &parts.tm_year, &parts.tm_mon, &parts.tm_mday,
                     &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &used) != 6)
        return false;
    parts.tm_year -= 1900;
    parts.tm_mon -= 1;
    int64_t micros = 0, unit = 100000;
    const char *rest = s + used;
    if (*rest == '.')
        for (rest++; isdigit((unsigned char)*rest); rest++, unit /= 10)
            micros += (*rest - '0') * unit;
    *us = (int64_t)timegm(&parts) * 1000000 + micros;
    return true;
}
