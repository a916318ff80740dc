#include "base/time.h"

#include <string.h>
#include <time.h>

/* 9999-12-31T23:59:59.999999Z */
#define LAST_US (INT64_C(253402300800) * TL_SECOND_US - 1)

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads exactly `count` digits and moves on. */
static bool read_digits(const char **text, int count, int *out)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (!is_digit(**text)) {
            return false;
        }
        value = value * 10 + (**text - '0');
        (*text)++;
    }
    *out = value;
    return true;
}

static bool read_literal(const char **text, char expected)
{
    if (**text != expected) {
        return false;
    }
    (*text)++;
    return true;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

static int64_t days_since_1970(int year, int month, int day)
{
    int before = year - 1;
    int leap_days = before / 4 - before / 100 + before / 400 - (1969 / 4 - 1969 / 100 + 1969 / 400);
    int64_t days = INT64_C(365) * (year - 1970) + leap_days + day - 1;
    for (int m = 1; m < month; m++) {
        days += days_in_month(year, m);
    }
    return days;
}

static bool read_date(const char **text, int64_t *out_seconds)
{
    int year = 0;
    int month = 0;
    int day = 0;
    if (!read_digits(text, 4, &year) || !read_literal(text, '-') || !read_digits(text, 2, &month) ||
        !read_literal(text, '-') || !read_digits(text, 2, &day)) {
        return false;
    }
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) {
        return false;
    }
    *out_seconds = days_since_1970(year, month, day) * 86400;
    return true;
}

static bool read_clock(const char **text, int64_t *out_seconds)
{
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (!read_digits(text, 2, &hour) || !read_literal(text, ':') || !read_digits(text, 2, &minute) ||
        !read_literal(text, ':') || !read_digits(text, 2, &second)) {
        return false;
    }
    *out_seconds = hour * 3600 + minute * 60 + second;
    return hour <= 23 && minute <= 59 && second <= 59;
}

static bool read_fraction(const char **text, int64_t *out_us)
{
    *out_us = 0;
    if (**text != '.') {
        return true;
    }
    (*text)++;
    if (!is_digit(**text)) {
        return false;
    }
    for (int64_t weight = TL_SECOND_US / 10; is_digit(**text); weight /= 10) {
        *out_us += weight * (**text - '0');
        (*text)++;
    }
    return true;
}

bool tl_time_parse(const char *text, bool zone_optional, int64_t *out_us)
{
    int64_t date = 0;
    int64_t clock = 0;
    int64_t fraction = 0;
    if (text == NULL || !read_date(&text, &date) || !read_literal(&text, 'T') || !read_clock(&text, &clock) ||
        !read_fraction(&text, &fraction)) {
        return false;
    }
    bool utc = strcmp(text, "Z") == 0 || strcmp(text, "+00:00") == 0;
    if (!utc && !(zone_optional && *text == '\0')) {
        return false;
    }
    *out_us = (date + clock) * TL_SECOND_US + fraction;
    return true;
}

unsigned tl_month_of(const char *text)
{
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    for (unsigned i = 0; i < 12; i++) {
        if (strncmp(months[i], text, 3) == 0) {
            return i + 1;
        }
    }
    return 0;
}

static char *put_digits(char *out, int64_t value, int count, char after)
{
    for (int i = count - 1; i >= 0; i--) {
        out[i] = (char)('0' + value % 10);
        value /= 10;
    }
    out[count] = after;
    return out + count + 1;
}

/* Writes up to the seconds, followed by `after`; returns the place behind it. Times outside 1970 to 9999,
 * which four digits cannot hold, are moved to the nearest end. */
static char *put_time(int64_t *us, char *out, char after)
{
    *us = *us < 0 ? 0 : *us > LAST_US ? LAST_US : *us;
    time_t seconds = (time_t)(*us / TL_SECOND_US);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    out = put_digits(out, parts.tm_year + 1900, 4, '-');
    out = put_digits(out, parts.tm_mon + 1, 2, '-');
    out = put_digits(out, parts.tm_mday, 2, 'T');
    out = put_digits(out, parts.tm_hour, 2, ':');
    out = put_digits(out, parts.tm_min, 2, ':');
    return put_digits(out, parts.tm_sec, 2, after);
}

void tl_time_format(int64_t us, char out[TL_TIME_SIZE])
{
    *put_time(&us, out, 'Z') = '\0';
}

void tl_time_format_us(int64_t us, char out[TL_TIME_SIZE])
{
    char *fraction = put_time(&us, out, '.');
    *put_digits(fraction, us % TL_SECOND_US, 6, 'Z') = '\0';
}

int64_t tl_now_us(void)
{
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * TL_SECOND_US + now.tv_nsec / 1000;
}

int64_t tl_monotonic_ms(void)
{
    struct timespec now = {0, 0};
    /* The time that a machine sleeps counts for everybody else, too. */
    if (clock_gettime(CLOCK_BOOTTIME, &now) != 0)
        clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void tl_sleep_ms(int64_t ms)
{
    if (ms <= 0) {
        return;
    }
    struct timespec pause = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000L};
    nanosleep(&pause, NULL);
}
