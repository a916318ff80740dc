/* Times: microseconds since 1970-01-01T00:00:00Z in an int64_t. tl_now_us, tl_monotonic_ms and tl_sleep_ms
 * ask the system; the rest is pure. */
#ifndef TL_BASE_TIME_H
#define TL_BASE_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TL_SECOND_US INT64_C(1000000)

enum { TL_TIME_SIZE = 28 }; /* "2026-06-23T14:05:12.123456Z" and NUL */

/* ISO 8601 UTC, "YYYY-MM-DDTHH:MM:SS[.fraction](Z|+00:00)"; a text without a zone counts as UTC only when
 * `zone_optional`. Dates must exist; years 1970 to 9999; a leap second is refused. Fractions beyond
 * microseconds are dropped. */
bool tl_time_parse(const char *text, bool zone_optional, int64_t *out_us);
/* 1 to 12 for a text that begins with "Jan" to "Dec", as HTTP and certificates have them; 0 for any other. */
unsigned tl_month_of(const char *text);
/* "YYYY-MM-DDTHH:MM:SSZ": emit no fractions to ThreatLocker [observed w159]. */
void tl_time_format(int64_t us, char out[TL_TIME_SIZE]);
/* With microseconds. */
void tl_time_format_us(int64_t us, char out[TL_TIME_SIZE]);

int64_t tl_now_us(void);       /* wall clock */
int64_t tl_monotonic_ms(void); /* for deadlines */
void tl_sleep_ms(int64_t ms);  /* returns early when a signal arrives */

#endif
