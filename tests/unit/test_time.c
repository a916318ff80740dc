#include "base/time.h"
#include "unit.h"

static const struct {
    const char *text;
    int64_t us;
} good[] = {
    {"1970-01-01T00:00:00Z", 0},
    {"1970-01-01T00:00:00.000001Z", 1},
    {"2000-02-29T12:00:00Z", INT64_C(951825600000000)},
    {"2001-09-09T01:46:40Z", INT64_C(1000000000000000)},
    {"2024-02-29T23:59:59.9Z", INT64_C(1709251199900000)},
    {"2026-06-23T14:05:12.123456Z", INT64_C(1782223512123456)},
    {"2026-06-23T14:05:12.123456789Z", INT64_C(1782223512123456)},
    {"2026-06-23T14:05:12.1234567+00:00", INT64_C(1782223512123456)},
    {"2026-06-23T14:05:12+00:00", INT64_C(1782223512000000)},
    {"2038-01-19T03:14:08Z", INT64_C(2147483648000000)},
    {"2100-03-01T00:00:00Z", INT64_C(4107542400000000)},
    {"9999-12-31T23:59:59.999999Z", INT64_C(253402300799999999)},
};

static void good_times_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        int64_t us = -1;
        assert_true(tl_time_parse(good[i].text, false, &us));
        assert_int_equal(us, good[i].us);
    }
}

static void bad_times_are_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "2026-06-23",
        "2026-06-23T14:05Z",
        "2026-06-23 14:05:12Z",
        "2026-06-23t14:05:12z",
        "2026-06-23T14:05:12",
        "2026-06-23T14:05:12.Z",
        "2026-06-23T14:05:12,5Z",
        "2026-06-23T14:05:12+01:00",
        "2026-06-23T14:05:12-00:00",
        "2026-06-23T14:05:12+0000",
        "2026-06-23T14:05:12ZZ",
        "2026-06-23T14:05:12Z ",
        " 2026-06-23T14:05:12Z",
        "2026-6-23T14:05:12Z",
        "+026-06-23T14:05:12Z",
        "2026-00-23T14:05:12Z",
        "2026-13-23T14:05:12Z",
        "2026-06-00T14:05:12Z",
        "2026-06-31T14:05:12Z",
        "2026-02-29T14:05:12Z",
        "2100-02-29T14:05:12Z",
        "2026-06-23T24:00:00Z",
        "2026-06-23T14:60:12Z",
        "2026-06-30T23:59:60Z",
        "1969-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "2026-06-23T14:05:1",
        "2026-06-23T",
        "2026",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t us = -1;
        if (tl_time_parse(rows[i], false, &us)) {
            fail_msg("accepted: %s", rows[i]);
        }
        assert_int_equal(us, -1);
    }
    int64_t us = 0;
    assert_false(tl_time_parse(NULL, true, &us));
}

static void zone_may_be_absent_only_on_request(void **state)
{
    (void)state;
    int64_t us = 0;
    assert_true(tl_time_parse("2001-09-09T01:46:40", true, &us));
    assert_int_equal(us, INT64_C(1000000000000000));
    assert_true(tl_time_parse("2001-09-09T01:46:40.25", true, &us));
    assert_int_equal(us, INT64_C(1000000000250000));
    assert_true(tl_time_parse("2001-09-09T01:46:40Z", true, &us));
    assert_false(tl_time_parse("2001-09-09T01:46:40", false, &us));
    assert_false(tl_time_parse("2001-09-09T01:46:40x", true, &us));
}

static void formats_with_and_without_fractions(void **state)
{
    (void)state;
    char text[TL_TIME_SIZE];
    tl_time_format(INT64_C(1782223512123456), text);
    assert_string_equal(text, "2026-06-23T14:05:12Z");
    tl_time_format_us(INT64_C(1782223512000056), text);
    assert_string_equal(text, "2026-06-23T14:05:12.000056Z");
    tl_time_format(0, text);
    assert_string_equal(text, "1970-01-01T00:00:00Z");
}

static void times_outside_four_digit_years_stop_at_the_ends(void **state)
{
    (void)state;
    char text[TL_TIME_SIZE];
    tl_time_format_us(INT64_MIN, text);
    assert_string_equal(text, "1970-01-01T00:00:00.000000Z");
    tl_time_format_us(INT64_MAX, text);
    assert_string_equal(text, "9999-12-31T23:59:59.999999Z");
}

static void every_day_reads_back(void **state)
{
    (void)state;
    const int64_t day = INT64_C(86400) * TL_SECOND_US;
    for (int64_t us = 1; us < INT64_C(253402300800) * TL_SECOND_US; us += day + 1) {
        char text[TL_TIME_SIZE];
        int64_t again = 0;
        tl_time_format_us(us, text);
        assert_true(tl_time_parse(text, false, &again));
        assert_int_equal(again, us);
    }
}

static void clocks_move_forward(void **state)
{
    (void)state;
    assert_true(tl_now_us() > INT64_C(1600000000) * TL_SECOND_US);
    int64_t before = tl_monotonic_ms();
    tl_sleep_ms(20);
    assert_in_range(tl_monotonic_ms() - before, 19, 60000);
    before = tl_monotonic_ms();
    tl_sleep_ms(0);
    tl_sleep_ms(-1000);
    assert_in_range(tl_monotonic_ms() - before, 0, 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_times_are_read),
        cmocka_unit_test(bad_times_are_refused),
        cmocka_unit_test(zone_may_be_absent_only_on_request),
        cmocka_unit_test(formats_with_and_without_fractions),
        cmocka_unit_test(times_outside_four_digit_years_stop_at_the_ends),
        cmocka_unit_test(every_day_reads_back),
        cmocka_unit_test(clocks_move_forward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
