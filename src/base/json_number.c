/* strtod_l: the decimal point of strtod depends on the locale that the host program set. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_scan.h"

static bool is_digit(const char *at, const char *end)
{
    return at < end && *at >= '0' && *at <= '9';
}

static const char *skip_digits(const char *at, const char *end)
{
    while (is_digit(at, end)) {
        at++;
    }
    return at;
}

const char *tl_json_scan_number(const char **at, const char *end, bool *out_integer)
{
    *out_integer = true;
    if (*at < end && **at == '-') {
        (*at)++;
    }
    if (!is_digit(*at, end)) {
        return "a number without digits";
    }
    bool zero = **at == '0';
    (*at)++;
    if (zero && is_digit(*at, end)) {
        return "a number with a leading zero";
    }
    *at = skip_digits(*at, end);
    if (*at < end && **at == '.') {
        *out_integer = false;
        (*at)++;
        if (!is_digit(*at, end)) {
            return "a number without digits after its point";
        }
        *at = skip_digits(*at, end);
    }
    if (*at < end && (**at == 'e' || **at == 'E')) {
        *out_integer = false;
        (*at)++;
        if (*at < end && (**at == '+' || **at == '-')) {
            (*at)++;
        }
        if (!is_digit(*at, end)) {
            return "a number without digits in its exponent";
        }
        *at = skip_digits(*at, end);
    }
    return NULL;
}

bool tl_json_number_of_text(const char *text, double *out)
{
    /* glibc and musl keep this locale ready: nothing is allocated. */
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c_locale == (locale_t)0) {
        return false;
    }
    *out = strtod_l(text, NULL, c_locale);
    freelocale(c_locale);
    return true;
}

bool tl_json_number_value(const char *text, size_t length, double *out)
{
    char small[64];
    char *copy = length < sizeof small ? small : malloc(length + 1);
    if (copy == NULL) {
        return false;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    bool read = tl_json_number_of_text(copy, out);
    if (copy != small) {
        free(copy);
    }
    return read;
}

static size_t format_integer(int64_t value, bool negative, char *out)
{
    char digits[24];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    size_t length = 0;
    if (negative) {
        out[length++] = '-';
    }
    while (count > 0) {
        out[length++] = digits[--count];
    }
    out[length] = '\0';
    return length;
}

/* printf writes the locale's decimal point, of one or more bytes, where JSON wants a full stop. */
static size_t fix_decimal_point(char *text)
{
    size_t before = strspn(text, "+-0123456789e");
    size_t length = strlen(text);
    if (before == length) {
        return length;
    }
    size_t point = strcspn(text + before, "0123456789");
    text[before] = '.';
    memmove(text + before + 1, text + before + point, length - before - point + 1);
    return length - point + 1;
}

size_t tl_json_format_number(double value, char out[TL_JSON_NUMBER_SIZE])
{
    if (value >= -TL_JSON_EXACT_LIMIT && value <= TL_JSON_EXACT_LIMIT && (double)(int64_t)value == value) {
        int64_t integer = (int64_t)value;
        return format_integer(integer < 0 ? -integer : integer, signbit(value) != 0, out);
    }
    size_t length = 0;
    for (int precision = 15; precision <= 17; precision++) {
        double again = 0;
        snprintf(out, TL_JSON_NUMBER_SIZE, "%.*g", precision, value);
        length = fix_decimal_point(out);
        if (tl_json_number_of_text(out, &again) && tl_json_same_number(again, value)) {
            break;
        }
    }
    return length;
}

bool tl_json_same_number(double a, double b)
{
    return a == b && signbit(a) == signbit(b);
}
