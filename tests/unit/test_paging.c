/* Walking a list that moves. The first tests are by the page, the last by whole lists. */
#include "portal/paging.h"
#include "unit.h"

enum { SIZE = 10 };

typedef struct step {
    tl_page_seen seen;
    int64_t next; /* the page asked for after it; 0 = the end */
} step;

static void a_walk_ends_where_the_list_does(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        step steps[10];
        bool complete;
    } rows[] = {
        {"empty", {{{0, 0, -1}, 0}}, true},
        {"empty, totals told", {{{0, 0, 0}, 0}}, true},
        {"one short page", {{{9, 9, -1}, 0}}, true},
        {"one full page, totals told", {{{10, 10, 1}, 0}}, true},
        {"two pages: walked again",
         {{{10, 10, 2}, 2}, {{5, 5, 2}, 1}, {{10, 0, 2}, 2}, {{5, 0, 2}, 0}},
         true},
        {"full last page", {{{10, 10, 2}, 2}, {{10, 10, 2}, 1}, {{10, 0, 2}, 2}, {{10, 0, 2}, 0}}, true},
        {"a short page before the last: the server pages smaller than asked for",
         {{{5, 5, 3}, 2}, {{5, 5, 3}, 3}, {{4, 4, 3}, 1}, {{5, 0, 3}, 2}, {{5, 0, 3}, 3}, {{4, 0, 3}, 0}},
         true},
        {"an end before the one named",
         {{{10, 10, 3}, 2}, {{0, 0, 3}, 1}, {{10, 0, 3}, 2}, {{0, 0, 3}, 0}},
         true},
        {"no totals", {{{10, 10, -1}, 2}, {{5, 5, -1}, 1}, {{10, 0, -1}, 2}, {{5, 0, -1}, 0}}, true},
        {"no totals, full pages: an empty page ends it",
         {{{10, 10, -1}, 2}, {{0, 0, -1}, 1}, {{10, 0, -1}, 2}, {{0, 0, -1}, 0}},
         true},
        {"the same page for ever",
         {{{10, 10, -1}, 2}, {{10, 0, -1}, 1}, {{10, 0, -1}, 2}, {{10, 0, -1}, 0}},
         false},
        {"the same page for ever, totals told",
         {{{10, 10, 9}, 2}, {{10, 0, 9}, 1}, {{10, 0, 9}, 2}, {{10, 0, 9}, 0}},
         false},
        {"the second walk brought one",
         {{{10, 10, 2}, 2}, {{4, 4, 2}, 1}, {{10, 1, 2}, 2}, {{4, 0, 2}, 1}, {{10, 0, 2}, 2}, {{4, 0, 2}, 0}},
         true},
        {"it shrank to one page meanwhile, which is one view",
         {{{10, 10, 2}, 2}, {{4, 4, 2}, 1}, {{9, 1, 1}, 0}},
         true},
        {"still moving in the third walk",
         {{{10, 10, 2}, 2}, {{4, 4, 2}, 1}, {{10, 1, 2}, 2}, {{3, 0, 2}, 1}, {{10, 1, 2}, 2}, {{3, 0, 2}, 0}},
         false},
        {"it grew meanwhile",
         {{{10, 10, 2}, 2},
          {{9, 9, 2}, 1},
          {{10, 0, 3}, 2},
          {{10, 1, 3}, 3},
          {{1, 1, 3}, 1},
          {{10, 0, 3}, 2},
          {{10, 0, 3}, 3},
          {{1, 0, 3}, 0}},
         true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_paging paging;
        tl_paging_start(&paging, SIZE);
        assert_int_equal(paging.page, 1);
        for (const step *at = rows[i].steps;; at++) {
            bool more = tl_paging_next(&paging, &at->seen);
            if (more != (at->next != 0) || (more && paging.page != at->next)) {
                fail_msg("%s, step %d: %s, page %lld", rows[i].name, (int)(at - rows[i].steps),
                         more ? "more" : "end", (long long)paging.page);
            }
            if (!more) {
                break;
            }
        }
        if (paging.complete != rows[i].complete) {
            fail_msg("%s: complete is %d", rows[i].name, paging.complete);
        }
    }
}

static void fetching_ahead_goes_as_far_as_is_known(void **state)
{
    (void)state;
    tl_paging paging;
    tl_paging_start(&paging, SIZE);
    assert_int_equal(tl_paging_horizon(&paging, 4), 1); /* most lists have one page */
    assert_true(tl_paging_next(&paging, &(tl_page_seen){SIZE, SIZE, 3}));
    assert_int_equal(tl_paging_horizon(&paging, 4), 3);
    assert_int_equal(tl_paging_horizon(&paging, 1), 2);
    assert_true(tl_paging_next(&paging, &(tl_page_seen){SIZE, SIZE, 9}));
    assert_int_equal(tl_paging_horizon(&paging, 4), 6);
    tl_paging_start(&paging, SIZE);
    assert_true(tl_paging_next(&paging, &(tl_page_seen){SIZE, SIZE, -1}));
    assert_int_equal(tl_paging_horizon(&paging, 4), 5); /* nobody says where it ends */
    assert_true(tl_paging_next(&paging, &(tl_page_seen){5, 5, -1}));
    assert_int_equal(paging.walk, 2);
    assert_int_equal(tl_paging_horizon(&paging, 4), 2); /* the walk before did */
}

static void a_list_that_never_rests_is_walked_three_times(void **state)
{
    (void)state;
    tl_paging paging;
    tl_paging_start(&paging, SIZE);
    int pages = 0;
    for (bool more = true; more && pages < 1000; pages++) {
        bool first = paging.page == 1;
        more = tl_paging_next(&paging, &(tl_page_seen){first ? SIZE : 5, 1, -1});
    }
    assert_int_equal(pages, 2 * TL_MAX_WALKS);
    assert_false(paging.complete);
}

static void a_server_without_an_end_is_left(void **state)
{
    (void)state;
    tl_paging paging;
    tl_paging_start(&paging, SIZE);
    int64_t pages = 0;
    for (bool more = true; more && pages < (int64_t)TL_MAX_PAGES * (TL_MAX_WALKS + 1); pages++) {
        more = tl_paging_next(&paging, &(tl_page_seen){SIZE, SIZE, -1});
    }
    assert_int_equal(pages, (int64_t)TL_MAX_PAGES * TL_MAX_WALKS);
    assert_false(paging.complete);
}

/* A list of numbered rows; row r leaves, or a new one arrives in front, after some page was read. */
typedef struct list {
    int ids[64];
    int count;
} list;

static void leave(list *rows, int id)
{
    int kept = 0;
    for (int i = 0; i < rows->count; i++) {
        if (rows->ids[i] != id) {
            rows->ids[kept++] = rows->ids[i];
        }
    }
    rows->count = kept;
}

static void arrive(list *rows, int id)
{
    memmove(rows->ids + 1, rows->ids, (size_t)rows->count * sizeof rows->ids[0]);
    rows->ids[0] = id;
    rows->count++;
}

/* Walks 25 rows while `leaving` goes and `arriving` comes after the first page (0 = none). Fails unless every
 * row that stayed was given. */
static void walk_while(int leaving, int arriving, bool totals)
{
    list rows = {.count = 25};
    bool given[64] = {false};
    for (int i = 0; i < rows.count; i++) {
        rows.ids[i] = i + 1;
    }
    tl_paging paging;
    tl_paging_start(&paging, SIZE);
    bool more = true;
    for (int pages = 0; more; pages++) {
        assert_true(pages < 100);
        tl_page_seen seen = {0, 0, totals ? (rows.count + SIZE - 1) / SIZE : -1};
        for (int64_t i = (paging.page - 1) * SIZE; i < paging.page * SIZE && i < rows.count; i++) {
            seen.rows++;
            seen.new_rows += given[rows.ids[i]] ? 0 : 1;
            given[rows.ids[i]] = true;
        }
        more = tl_paging_next(&paging, &seen);
        if (pages == 0 && leaving != 0) {
            leave(&rows, leaving);
        }
        if (pages == 0 && arriving != 0) {
            arrive(&rows, arriving);
        }
    }
    for (int i = 0; i < rows.count; i++) {
        if (!given[rows.ids[i]] && rows.ids[i] != arriving) {
            fail_msg("row %d is missing: %d left, %d came", rows.ids[i], leaving, arriving);
        }
    }
}

static void no_row_that_stays_is_missed(void **state)
{
    (void)state;
    for (int totals = 0; totals <= 1; totals++) {
        walk_while(0, 0, totals);
        walk_while(0, 40, totals);
        for (int leaving = 1; leaving <= 25; leaving++) {
            walk_while(leaving, 0, totals);
            walk_while(leaving, 40, totals);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_walk_ends_where_the_list_does),
        cmocka_unit_test(fetching_ahead_goes_as_far_as_is_known),
        cmocka_unit_test(a_list_that_never_rests_is_walked_three_times),
        cmocka_unit_test(a_server_without_an_end_is_left),
        cmocka_unit_test(no_row_that_stays_is_missed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
