#include "http/retry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"

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

/* The only form that servers may still send: others are not read [RFC 9110, 5.6.7]. */
bool tl_http_date(const char *value, int64_t *out_seconds)
{
    const char *comma = strchr(value, ',');
    if (comma == NULL || strlen(comma) != strlen(", 06 Nov 1994 08:49:37 GMT") || comma[1] != ' ')
        return false;
    const char *date = comma + 2; /* "06 Nov 1994 08:49:37 GMT" */
    if (date[2] != ' ' || date[6] != ' ' || date[11] != ' ' || strcmp(date + 20, " GMT") != 0)
        return false;
    char iso[TL_TIME_SIZE];
    int64_t us;
    snprintf(iso, sizeof iso, "%.4s-%02u-%.2sT%.8sZ", date + 7, tl_month_of(date + 3), date, date + 12);
    if (!tl_time_parse(iso, false, &us))
        return false;
    *out_seconds = us / TL_SECOND_US;
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
