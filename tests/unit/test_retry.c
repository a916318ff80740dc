/* Whether and when an attempt is made again. */
#include "base/time.h"
#include "http/retry.h"
#include "unit.h"

enum { FOREVER = 1000000000 };

static tl_attempt attempt_that(tl_attempt_end end, int status)
{
    return (tl_attempt){.made = 1,
                        .max_retries = 3,
                        .end = end,
                        .status = status,
                        .retry_after_ms = -1,
                        .remaining_ms = FOREVER,
                        .random = UINT32_MAX};
}

static void only_passing_troubles_are_repeated(void **state)
{
    (void)state;
    static const struct {
        tl_attempt_end end;
        int status;
        bool again;
    } rows[] = {
        {TL_ATTEMPT_CONNECT_FAILED, 0, true}, {TL_ATTEMPT_TIMED_OUT, 0, true},
        {TL_ATTEMPT_BROKEN, 0, true},         {TL_ATTEMPT_FINAL, 0, false},
        {TL_ATTEMPT_FINAL, 503, false},       {TL_ATTEMPT_REPLIED, 408, true},
        {TL_ATTEMPT_REPLIED, 429, true},      {TL_ATTEMPT_REPLIED, 502, true},
        {TL_ATTEMPT_REPLIED, 503, true},      {TL_ATTEMPT_REPLIED, 504, true},
        {TL_ATTEMPT_REPLIED, 200, false},     {TL_ATTEMPT_REPLIED, 204, false},
        {TL_ATTEMPT_REPLIED, 301, false},     {TL_ATTEMPT_REPLIED, 400, false},
        {TL_ATTEMPT_REPLIED, 401, false},     {TL_ATTEMPT_REPLIED, 403, false},
        {TL_ATTEMPT_REPLIED, 404, false},     {TL_ATTEMPT_REPLIED, 409, false},
        {TL_ATTEMPT_REPLIED, 417, false},     {TL_ATTEMPT_REPLIED, 440, false},
        {TL_ATTEMPT_REPLIED, 500, false},     {TL_ATTEMPT_REPLIED, 501, false},
        {TL_ATTEMPT_REPLIED, 505, false},     {TL_ATTEMPT_REPLIED, 0, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_attempt attempt = attempt_that(rows[i].end, rows[i].status);
        int64_t delay = tl_retry_delay_ms(&attempt);
        if ((delay >= 0) != rows[i].again) {
            fail_msg("end %d, status %d: %lld", (int)rows[i].end, rows[i].status, (long long)delay);
        }
        if (rows[i].end == TL_ATTEMPT_REPLIED) {
            assert_int_equal(tl_status_retriable(rows[i].status), rows[i].again);
        }
    }
    tl_attempt impossible = attempt_that((tl_attempt_end)99, 503);
    assert_int_equal(tl_retry_delay_ms(&impossible), -1);
}

static void writes_are_never_repeated(void **state)
{
    (void)state;
    for (int end = TL_ATTEMPT_REPLIED; end <= TL_ATTEMPT_FINAL; end++) {
        for (int status = 0; status < 600; status++) {
            for (int64_t after = -1; after <= 1; after++) {
                tl_attempt attempt = attempt_that((tl_attempt_end)end, status);
                attempt.write = true;
                attempt.retry_after_ms = after;
                assert_int_equal(tl_retry_delay_ms(&attempt), -1);
            }
        }
    }
}

static void retries_are_counted(void **state)
{
    (void)state;
    static const struct {
        int made;
        int max_retries;
        bool again;
    } rows[] = {{1, 0, false}, {1, 1, true}, {2, 1, false}, {3, 3, true}, {4, 3, false}, {1, -1, false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_attempt attempt = attempt_that(TL_ATTEMPT_TIMED_OUT, 0);
        attempt.made = rows[i].made;
        attempt.max_retries = rows[i].max_retries;
        assert_int_equal(tl_retry_delay_ms(&attempt) >= 0, rows[i].again);
    }
}

static void the_wait_is_full_jitter_below_a_doubling_ceiling(void **state)
{
    (void)state;
    static const struct {
        int made;
        int64_t ceiling;
    } rows[] = {{1, 500},   {2, 1000},  {3, 2000},  {4, 4000},    {5, 8000},
                {6, 16000}, {7, 20000}, {8, 20000}, {1000, 20000}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_attempt attempt = attempt_that(TL_ATTEMPT_BROKEN, 0);
        attempt.made = rows[i].made;
        attempt.max_retries = rows[i].made;
        assert_int_equal(tl_retry_delay_ms(&attempt), rows[i].ceiling - 1);
        attempt.random = UINT32_C(1) << 31;
        assert_int_equal(tl_retry_delay_ms(&attempt), rows[i].ceiling / 2);
        attempt.random = 0;
        assert_int_equal(tl_retry_delay_ms(&attempt), 0);
    }
}

static void the_servers_wish_and_the_deadline_count(void **state)
{
    (void)state;
    static const struct {
        int64_t retry_after_ms;
        int64_t remaining_ms;
        uint32_t random;
        int64_t expected;
    } rows[] = {
        {-1, FOREVER, 0, 0},
        {0, FOREVER, 0, 0},
        {2000, FOREVER, 0, 2000},
        {100, FOREVER, UINT32_MAX, 499}, /* never shorter than the jitter, */
        {60000, FOREVER, 0, 60000},
        {60001, FOREVER, 0, -1}, /* never longer than a minute, */
        {2000, 2001, 0, 2000},
        {2000, 2000, 0, -1}, /* never beyond the deadline. */
        {-1, 499, UINT32_MAX, -1},
        {-1, 500, UINT32_MAX, 499},
        {-1, 0, 0, -1},
        {-1, -5, 0, -1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_attempt attempt = attempt_that(TL_ATTEMPT_REPLIED, 429);
        attempt.retry_after_ms = rows[i].retry_after_ms;
        attempt.remaining_ms = rows[i].remaining_ms;
        attempt.random = rows[i].random;
        if (tl_retry_delay_ms(&attempt) != rows[i].expected) {
            fail_msg("row %zu: %lld", i, (long long)tl_retry_delay_ms(&attempt));
        }
    }
}

static void retry_after_is_seconds_or_a_date(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        int64_t expected;
    } rows[] = {
        {NULL, -1},
        {"", -1},
        {"0", 0},
        {"5", 5000},
        {"007", 7000},
        {"120", 120000},
        {"999999999", INT64_C(999999999000)},
        {"99999999999999999999", INT64_C(1000000000000)},
        {"-5", -1},
        {"+5", -1},
        {"1.5", -1},
        {"5s", -1},
        {" 5", -1},
        {"0x10", -1},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 0},
        {"Tue, 23 Jun 2026 15:00:30 GMT", 30000},
        {"Tue, 23 Jun 2026 15:00:00 GMT", 0},
        {"Tue, 23 Jun 2026 14:59:59 GMT", 0},
        {"Wed, 24 Jun 2026 15:00:00 GMT", INT64_C(86400000)},
        {"Tue, 23 Jun 2026 15:00:30 UTC", -1},
        {"Tue, 23 Jun 2026 15:00:30 GMT ", -1},
        {"Tue, 23 Xxx 2026 15:00:30 GMT", -1},
        {"Tue, 23 anF 2026 15:00:30 GMT", -1},
        {"Tue, 31 Jun 2026 15:00:30 GMT", -1},
        {"Tue, 23 Jun 2026 15:00:90 GMT", -1},
        {"Tue,-23 Jun 2026 15:00:30 GMT", -1},
        {"Tue, 23-Jun-2026 15:00:30 GMT", -1},
        {"Tue, 23 Jun 2026-15:00:30 GMT", -1},
        {"Tue, 23 Jun 2026 15.00:30 GMT", -1},
        {"Tue, 3 Jun 2026 15:00:30 GMT", -1},
        {"Tuesday, 23-Jun-26 15:00:30 GMT", -1},
        {"Tue Jun 23 15:00:30 2026", -1},
        {"2026-06-23T15:00:30Z", -1},
        {",", -1},
        {"soon", -1},
    };
    int64_t now_us;
    assert_true(tl_time_parse("2026-06-23T15:00:00Z", false, &now_us));
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *value = rows[i].value == NULL ? NULL : exact_copy(rows[i].value, strlen(rows[i].value) + 1);
        if (tl_retry_after_ms(value, now_us) != rows[i].expected) {
            fail_msg("%s: %lld", rows[i].value, (long long)tl_retry_after_ms(value, now_us));
        }
        free(value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_passing_troubles_are_repeated),
        cmocka_unit_test(writes_are_never_repeated),
        cmocka_unit_test(retries_are_counted),
        cmocka_unit_test(the_wait_is_full_jitter_below_a_doubling_ceiling),
        cmocka_unit_test(the_servers_wish_and_the_deadline_count),
        cmocka_unit_test(retry_after_is_seconds_or_a_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
