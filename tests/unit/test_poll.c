/* What a poll asks: pending and closed ones in turn, and everything where something is amiss. */
#include "chain/poll.h"
#include "unit.h"

enum { SECOND = 1000, HOUR = 3600 * SECOND };

/* A poll that has walked at time 0. */
static tl_poll walked(void)
{
    tl_poll poll = {0};
    tl_poll_done(&poll, TL_POLL_WALK, true, 0);
    return poll;
}

static void the_first_poll_walks_whatever_the_clock_says(void **state)
{
    (void)state;
    static const int64_t clocks[] = {0, 1, SECOND, INT64_C(1) << 40};
    for (size_t i = 0; i < COUNT(clocks); i++) {
        tl_poll poll = {0};
        assert_int_equal(tl_poll_next(&poll, clocks[i]), TL_POLL_WALK);
    }
}

static void closed_and_pending_ones_are_looked_at_in_turn(void **state)
{
    (void)state;
    tl_poll poll = walked();
    for (int i = 0; i < 10; i++) {
        tl_poll_kind kind = tl_poll_next(&poll, i);
        assert_int_equal(kind, i % 2 == 0 ? TL_POLL_CLOSED : TL_POLL_PENDING);
        tl_poll_done(&poll, kind, true, i);
    }
}

static void everything_is_walked_hourly(void **state)
{
    (void)state;
    tl_poll poll = walked();
    int walks = 0;
    for (int64_t now_ms = SECOND; now_ms <= 5 * HOUR; now_ms += 10 * SECOND) {
        tl_poll_kind kind = tl_poll_next(&poll, now_ms);
        walks += kind == TL_POLL_WALK;
        tl_poll_done(&poll, kind, true, now_ms);
    }
    assert_in_range(walks, 4, 5);
}

static void a_walk_out_of_turn_puts_off_the_hourly_one(void **state)
{
    (void)state;
    tl_poll poll = walked();
    tl_poll_done(&poll, TL_POLL_WALK, true, HOUR / 2);
    assert_int_equal(tl_poll_next(&poll, HOUR), TL_POLL_CLOSED);
    assert_int_equal(tl_poll_next(&poll, HOUR + HOUR / 2), TL_POLL_WALK);
}

static void what_failed_is_walked_at_once(void **state)
{
    (void)state;
    static const tl_poll_kind kinds[] = {TL_POLL_CLOSED, TL_POLL_PENDING, TL_POLL_WALK};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        tl_poll poll = walked();
        tl_poll_done(&poll, kinds[i], false, SECOND);
        assert_int_equal(tl_poll_next(&poll, SECOND), TL_POLL_WALK);
        tl_poll_done(&poll, TL_POLL_WALK, true, SECOND);
        assert_int_equal(tl_poll_next(&poll, 2 * SECOND), TL_POLL_CLOSED);
    }
}

/* Polls every 500 ms as long as `good` says of each kind how it ends; counts the walks. */
static int walks_within(int64_t span_ms, bool closed_good, bool pending_good, bool walk_good)
{
    tl_poll poll = walked();
    int walks = 0;
    for (int64_t now_ms = 0; now_ms < span_ms; now_ms += 500) {
        tl_poll_kind kind = tl_poll_next(&poll, now_ms);
        walks += kind == TL_POLL_WALK;
        tl_poll_done(&poll, kind,
                     kind == TL_POLL_CLOSED    ? closed_good
                     : kind == TL_POLL_PENDING ? pending_good
                                               : walk_good,
                     now_ms);
    }
    return walks;
}

/* One prompt that cannot be read spoils the walks and the looks at its list, but not the other list. */
static void walks_that_do_not_help_become_seldom(void **state)
{
    (void)state;
    const int64_t span_ms = 10 * 60 * SECOND;
    assert_in_range(walks_within(span_ms, true, false, false), 10, 40);
    assert_in_range(walks_within(span_ms, false, true, false), 10, 40);
    assert_in_range(walks_within(span_ms, false, false, false), 10, 40);
    assert_int_equal(walks_within(span_ms, true, true, true), 0);
}

/* Between them the other looks go on, so that new answers do not wait for the next walk. */
static void the_others_are_looked_at_between_two_walks(void **state)
{
    (void)state;
    tl_poll poll = walked();
    int seen[3] = {0};
    for (int64_t now_ms = 0; now_ms < 60 * SECOND; now_ms += SECOND) {
        tl_poll_kind kind = tl_poll_next(&poll, now_ms);
        seen[kind]++;
        tl_poll_done(&poll, kind, kind == TL_POLL_CLOSED, now_ms);
    }
    assert_true(seen[TL_POLL_CLOSED] >= 15);
    assert_true(seen[TL_POLL_PENDING] >= 15);
}

/* However long it failed, a good walk ends it. */
static void a_good_walk_ends_the_waiting(void **state)
{
    (void)state;
    tl_poll poll = walked();
    int64_t now_ms = 0;
    for (int i = 0; i < 100; i++)
        tl_poll_done(&poll, TL_POLL_WALK, false, now_ms += SECOND);
    assert_true(tl_poll_next(&poll, now_ms + 30 * SECOND) == TL_POLL_WALK);
    tl_poll_done(&poll, TL_POLL_WALK, true, now_ms);
    tl_poll_done(&poll, TL_POLL_CLOSED, false, now_ms + SECOND);
    assert_int_equal(tl_poll_next(&poll, now_ms + SECOND), TL_POLL_WALK);
}

static void the_count_tells_how_many_closed(void **state)
{
    (void)state;
    static const struct {
        int64_t before, fresh, pending, closed;
    } rows[] = {{0, 0, 0, 0},  {5, 0, 5, 0}, {5, 0, 4, 1},         {5, 2, 7, 0}, {5, 2, 4, 3},
                {5, 0, 6, -1}, {0, 3, 3, 0}, {10000, 0, 0, 10000}, {1, 1, 1, 1}, /* one came, one went */
                {0, 0, 1, -1}}; /* one that is older than the newest, and was not there */
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_poll poll = {.pending = rows[i].before};
        assert_int_equal(tl_poll_closed(&poll, rows[i].pending, rows[i].fresh), rows[i].closed);
    }
}

#define SECOND INT64_C(1000000)

static void closings_are_listed_again_for_a_while(void **state)
{
    (void)state;
    tl_poll poll = {0};
    assert_int_equal(tl_poll_closed_from(&poll, 5000), 0);
    tl_poll_saw_closed(&poll, 1000 * SECOND, 5000);
    assert_int_equal(tl_poll_closed_from(&poll, 5000), 985 * SECOND);
    assert_int_equal(tl_poll_closed_from(&poll, 5000 + 29999), 985 * SECOND);
    assert_int_equal(tl_poll_closed_from(&poll, 5000 + 30000), 1000 * SECOND); /* and no longer */
    tl_poll_saw_closed(&poll, 900 * SECOND, 40000);                            /* seen late */
    assert_int_equal(tl_poll_closed_from(&poll, 40000), 1000 * SECOND);
    tl_poll_saw_closed(&poll, 1001 * SECOND, 50000);
    assert_int_equal(tl_poll_closed_from(&poll, 50000), 986 * SECOND);
}

static void what_still_waits_stays_in_sight(void **state)
{
    (void)state;
    tl_poll poll = {.closed_us = 1000 * SECOND};
    const int64_t later_ms = 100000;
    assert_int_equal(tl_poll_closed_from(&poll, later_ms), 1000 * SECOND);
    tl_poll_wait_for(&poll, 1200 * SECOND); /* SOAR's clock is ahead */
    assert_int_equal(tl_poll_closed_from(&poll, later_ms), 1000 * SECOND);
    tl_poll_wait_for(&poll, 300 * SECOND);
    tl_poll_wait_for(&poll, 500 * SECOND);
    poll.closed_us = 9000 * SECOND;
    assert_int_equal(tl_poll_closed_from(&poll, later_ms), 300 * SECOND);
    poll.waiting_us = 0;
    assert_int_equal(tl_poll_closed_from(&poll, later_ms), 9000 * SECOND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_poll_walks_whatever_the_clock_says),
        cmocka_unit_test(closed_and_pending_ones_are_looked_at_in_turn),
        cmocka_unit_test(everything_is_walked_hourly),
        cmocka_unit_test(a_walk_out_of_turn_puts_off_the_hourly_one),
        cmocka_unit_test(what_failed_is_walked_at_once),
        cmocka_unit_test(walks_that_do_not_help_become_seldom),
        cmocka_unit_test(the_others_are_looked_at_between_two_walks),
        cmocka_unit_test(a_good_walk_ends_the_waiting),
        cmocka_unit_test(closings_are_listed_again_for_a_while),
        cmocka_unit_test(what_still_waits_stays_in_sight),
        cmocka_unit_test(the_count_tells_how_many_closed),
    };
    return cmocka_run_group_tests_name("poll", tests, NULL, NULL);
}
