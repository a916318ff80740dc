#include "http/retry.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { FIRST_DELAY_MS = 500, MAX_DELAY_MS = 20000, MAX_RETRY_AFTER_MS = 60000 };

bool tl_status_retriable(int status)
{
    return status == 408 || status == 429 || status == 502 || status == 503 || status == 504;
}

static bool worth_repeating(const tl_attempt *attempt)
{
    switch (attempt->end) {
    case TL_ATTEMPT_REPLIED:
        return tl_status_retriable(attempt->status);
    case TL_ATTEMPT_CONNECT_FAILED:
    case TL_ATTEMPT_TIMED_OUT:
    case TL_ATTEMPT_BROKEN:
        return true;
    case TL_ATTEMPT_FINAL:
        return false;
    }
    return false;
}

static int64_t jittered_delay_ms(int made, uint32_t random)
{
    int64_t ceiling = FIRST_DELAY_MS;
    for (int i = 1; i < made && ceiling < MAX_DELAY_MS; i++)
        ceiling *= 2;
    if (ceiling > MAX_DELAY_MS)
        ceiling = MAX_DELAY_MS;
    return (int64_t)(((uint64_t)random * (uint64_t)ceiling) >> 32);
}

int64_t tl_retry_delay_ms(const tl_attempt *attempt)
{
    if (attempt->write || attempt->made > attempt->max_retries || !worth_repeating(attempt))
        return -1;
    int64_t delay = jittered_delay_ms(attempt->made, attempt->random);
    if (attempt->retry_after_ms > MAX_RETRY_AFTER_MS)
        return -1;
    if (attempt->retry_after_ms > delay)
        delay = attempt->retry_after_ms;
    return delay < attempt->remaining_ms ? delay : -1;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT", the only date form that servers may still send. */
/* A number of `count` digits, which the caller has checked. */
static int digits_at(const char *text, int count)
{
    int number = 0;
    for (int i = 0; i < count; i++)
        number = number * 10 + (text[i] - '0');
    return number;
}

bool tl_http_date(const char *value, int64_t *out_seconds)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const char *comma = strchr(value, ',');
    if (comma == NULL || strlen(comma) != strlen(", 06 Nov 1994 08:49:37 GMT"))
        return false;
    const char *p = comma + 2; /* "06 Nov 1994 08:49:37 GMT" */
    static const char shape[] = "00 Aaa 0000 00:00:00 GMT";
    for (size_t i = 0; shape[i] != '\0'; i++) {
        bool digit = p[i] >= '0' && p[i] <= '9';
        if (shape[i] == '0' ? !digit : (shape[i] != 'A' && shape[i] != 'a' && shape[i] != p[i]))
            return false;
    }
    int month = -1;
    for (int i = 0; i < 12; i++)
        if (strncmp(&months[(size_t)3 * (size_t)i], p + 3, 3) == 0)
            month = i;
    struct tm tm = {.tm_mday = digits_at(p, 2),
                    .tm_mon = month,
                    .tm_year = digits_at(p + 7, 4) - 1900,
                    .tm_hour = digits_at(p + 12, 2),
                    .tm_min = digits_at(p + 15, 2),
                    .tm_sec = digits_at(p + 18, 2)};
    if (month < 0)
        return false;
    *out_seconds = (int64_t)timegm(&tm);
    return true;
}

int64_t tl_retry_after_ms(const char *value, int64_t now_us)
{
    if (value == NULL)
        return -1;
    size_t digits = strspn(value, "0123456789");
    if (digits > 0 && value[digits] == '\0')
        return digits > 9 ? INT64_C(1000000000) * 1000 : (int64_t)strtoll(value, NULL, 10) * 1000;
    int64_t at_seconds;
    if (!tl_http_date(value, &at_seconds))
        return -1;
    int64_t wait_ms = at_seconds * 1000 - now_us / 1000;
    return wait_ms > 0 ? wait_ms : 0;
}
