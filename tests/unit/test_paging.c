/* Walking a list that moves. The first tests are by the page, the last by whole lists. */
#include "portal/paging.h"
#include "unit.h"

enum { SIZE = 10 };

/* A page of a list whose rows are not told in number, or not compared. */
static tl_page_seen page_of(int64_t rows, int64_t new_rows, int64_t total_pages)
{
    return (tl_page_seen){.rows = rows, .new_rows = new_rows, .total_pages = total_pages, .total_items = -1};
}

typedef struct step {
    int64_t seen[3]; /* rows, new_rows, total_pages */
    int64_t next;    /* the page asked for after it; 0 = the end */
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
        {"empty, one page told", {{{0, 0, 1}, 0}}, true},
        {"an end before the one named",
         {{{10, 10, 3}, 2}, {{0, 0, 3}, 1}, {{10, 0, 3}, 2}, {{0, 0, 3}, 0}},
         false},
        {"an end before the one that an earlier page named",
         {{{10, 10, 3}, 2}, {{0, 0, -1}, 1}, {{10, 0, 3}, 2}, {{0, 0, -1}, 0}},
         false},
        {"a page that was empty once",
         {{{10, 10, 2}, 2},
          {{0, 0, -1}, 1},
          {{10, 0, 2}, 2},
          {{5, 5, 2}, 1},
          {{10, 0, 2}, 2},
          {{5, 0, 2}, 0}},
         true},
        {"the last page emptied meanwhile", {{{10, 10, 2}, 2}, {{0, 0, 1}, 1}, {{10, 0, 1}, 0}}, true},
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
        tl_paging_start(&paging, SIZE, false);
        assert_int_equal(paging.page, 1);
        for (const step *at = rows[i].steps;; at++) {
            tl_page_seen seen = page_of(at->seen[0], at->seen[1], at->seen[2]);
            bool more = tl_paging_next(&paging, &seen);
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

static bool read_next(tl_paging *paging, tl_page_seen seen)
{
    return tl_paging_next(paging, &seen);
}

static void fetching_ahead_goes_as_far_as_is_known(void **state)
{
    (void)state;
    tl_paging paging;
    tl_paging_start(&paging, SIZE, false);
    assert_int_equal(tl_paging_horizon(&paging, 4), 1); /* most lists have one page */
    assert_true(read_next(&paging, page_of(SIZE, SIZE, 3)));
    assert_int_equal(tl_paging_horizon(&paging, 4), 3);
    assert_int_equal(tl_paging_horizon(&paging, 1), 2);
    assert_true(read_next(&paging, page_of(SIZE, SIZE, 9)));
    assert_int_equal(tl_paging_horizon(&paging, 4), 6);
    tl_paging_start(&paging, SIZE, false);
    assert_true(read_next(&paging, page_of(SIZE, SIZE, -1)));
    assert_int_equal(tl_paging_horizon(&paging, 4), 5); /* nobody says where it ends */
    assert_true(read_next(&paging, page_of(5, 5, -1)));
    assert_int_equal(paging.walk, 2);
    assert_int_equal(tl_paging_horizon(&paging, 4), 2); /* the walk before did */
}

static void a_list_that_never_rests_is_walked_three_times(void **state)
{
    (void)state;
    tl_paging paging;
    tl_paging_start(&paging, SIZE, false);
    int pages = 0;
    for (bool more = true; more && pages < 1000; pages++) {
        bool first = paging.page == 1;
        more = read_next(&paging, page_of(first ? SIZE : 5, 1, -1));
    }
    assert_int_equal(pages, 2 * TL_MAX_WALKS);
    assert_false(paging.complete);
}

static void a_server_without_an_end_is_left(void **state)
{
    (void)state;
    tl_paging paging;
    tl_paging_start(&paging, SIZE, false);
    int64_t pages = 0;
    for (bool more = true; more && pages < (int64_t)TL_MAX_PAGES * (TL_MAX_WALKS + 1); pages++) {
        more = read_next(&paging, page_of(SIZE, SIZE, -1));
    }
    assert_int_equal(pages, (int64_t)TL_MAX_PAGES * TL_MAX_WALKS);
    assert_false(paging.complete);
}

/* A list of numbered rows. */
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

static void arrive(list *rows, int id, bool at_end)
{
    int at = at_end ? rows->count : 0;
    memmove(rows->ids + at + 1, rows->ids + at, (size_t)(rows->count - at) * sizeof rows->ids[0]);
    rows->ids[at] = id;
    rows->count++;
}

/* What happens to a list of so many rows after how many readings; id 0 = nothing. */
typedef struct story {
    int rows;
    int leaving, left_after;
    int arriving, came_after;
    bool at_end;
    bool totals;
} story;

typedef struct ending {
    bool given[64];
    bool complete;
    int readings;
} ending;

static tl_page_seen read_page(const list *rows, const tl_paging *paging, bool totals, bool given[])
{
    tl_page_seen seen = {.total_pages = -1, .total_items = -1};
    if (totals) {
        seen.total_pages = (rows->count + SIZE - 1) / SIZE;
        seen.total_items = rows->count;
    }
    for (int64_t i = (paging->page - 1) * SIZE; i < paging->page * SIZE && i < rows->count; i++) {
        seen.rows++;
        seen.digest = seen.digest * 67 + (uint64_t)rows->ids[i];
        if (!paging->looking) {
            seen.new_rows += given[rows->ids[i]] ? 0 : 1;
            given[rows->ids[i]] = true;
        }
    }
    for (int id = 0; id < 64; id++) {
        seen.known_rows += given[id];
    }
    return seen;
}

static ending walk_while(const story *what)
{
    ending end = {.complete = false};
    list rows = {.count = what->rows};
    for (int i = 0; i < rows.count; i++) {
        rows.ids[i] = i + 1;
    }
    tl_paging paging;
    tl_paging_start(&paging, SIZE, what->at_end);
    for (bool more = true; more;) {
        assert_true(end.readings < 100);
        tl_page_seen seen = read_page(&rows, &paging, what->totals, end.given);
        more = tl_paging_next(&paging, &seen);
        end.readings++;
        if (what->leaving != 0 && end.readings == what->left_after) {
            leave(&rows, what->leaving);
        }
        if (what->arriving != 0 && end.readings == what->came_after) {
            arrive(&rows, what->arriving, what->at_end);
        }
    }
    end.complete = paging.complete;
    return end;
}

/* Where the list was called complete; the rows that were there all the time must have been given. */
static void check_story(const story *what)
{
    ending end = walk_while(what);
    for (int id = 1; id <= what->rows; id++) {
        if (end.complete && !end.given[id] && id != what->leaving) {
            fail_msg("row %d is missing: %d left after %d readings, %d came after %d", id, what->leaving,
                     what->left_after, what->arriving, what->came_after);
        }
    }
}

static void no_row_that_stays_is_missed(void **state)
{
    (void)state;
    /* What leaves and comes at different moments can only be told where new rows come last, and totals. */
    for (int mode = 0; mode < 4; mode++) {
        story what = {.rows = 25, .at_end = (mode & 1) != 0, .totals = (mode & 2) != 0};
        int moments = mode == 3 ? 8 : 1;
        for (what.leaving = 0; what.leaving <= what.rows; what.leaving++) {
            for (what.left_after = 1; what.left_after <= moments; what.left_after++) {
                what.arriving = 0;
                check_story(&what);
                what.arriving = 40;
                for (what.came_after = 1; what.came_after <= moments; what.came_after++) {
                    check_story(&what);
                }
            }
        }
    }
}

static void a_list_that_rests_is_read_once_and_its_ends_twice(void **state)
{
    (void)state;
    static const struct {
        story what;
        int readings;
    } rows[] = {
        {{0, 0, 0, 0, 0, true, true}, 1},    {{10, 0, 0, 0, 0, true, true}, 1},
        {{11, 0, 0, 0, 0, true, true}, 4},   {{20, 0, 0, 0, 0, true, true}, 4},
        {{55, 0, 0, 0, 0, true, true}, 8},   {{55, 0, 0, 0, 0, true, false}, 12},
        {{55, 0, 0, 0, 0, false, true}, 12},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        ending end = walk_while(&rows[i].what);
        assert_int_equal(end.readings, rows[i].readings);
        assert_true(end.complete);
    }
}

/* The same rows twice on two pages, as from a server whose order has ties: one row is hidden by it. */
static void totals_that_do_not_add_up_are_not_believed(void **state)
{
    (void)state;
    tl_paging paging;
    tl_paging_start(&paging, SIZE, true);
    const tl_page_seen first = {SIZE, SIZE, 2, 20, SIZE, 1}, again = {SIZE, 0, 2, 20, SIZE, 1},
                       last = {SIZE, 9, 2, 20, 19, 2};
    assert_true(tl_paging_next(&paging, &first));
    assert_true(paging.looking);
    assert_true(tl_paging_next(&paging, &last));
    assert_true(tl_paging_next(&paging, &again));
    assert_true(tl_paging_next(&paging, &last));
    assert_int_equal(paging.walk, 2);
}

static void the_last_page_is_read_when_all_others_are(void **state)
{
    (void)state;
    tl_paging paging;
    tl_paging_start(&paging, SIZE, true);
    assert_int_equal(tl_paging_horizon(&paging, 4), 1);
    assert_true(tl_paging_next(&paging, &(tl_page_seen){SIZE, SIZE, 3, 30, SIZE, 1}));
    assert_int_equal(paging.page, 3);
    assert_int_equal(tl_paging_horizon(&paging, 4), 3);
    assert_true(tl_paging_next(&paging, &(tl_page_seen){SIZE, 0, 3, 30, SIZE, 3}));
    assert_int_equal(paging.page, 1);
    assert_int_equal(tl_paging_horizon(&paging, 4), 2);
    assert_true(tl_paging_next(&paging, &(tl_page_seen){SIZE, 0, 3, 30, SIZE, 1}));
    assert_true(tl_paging_next(&paging, &(tl_page_seen){SIZE, SIZE, 3, 30, 2 * SIZE, 2}));
    assert_int_equal(paging.page, 3);
    assert_int_equal(tl_paging_horizon(&paging, 4), 3);
    assert_false(tl_paging_next(&paging, &(tl_page_seen){SIZE, SIZE, 3, 30, 3 * SIZE, 3}));
    assert_true(paging.complete);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_walk_ends_where_the_list_does),
        cmocka_unit_test(fetching_ahead_goes_as_far_as_is_known),
        cmocka_unit_test(a_list_that_never_rests_is_walked_three_times),
        cmocka_unit_test(a_server_without_an_end_is_left),
        cmocka_unit_test(no_row_that_stays_is_missed),
        cmocka_unit_test(a_list_that_rests_is_read_once_and_its_ends_twice),
        cmocka_unit_test(totals_that_do_not_add_up_are_not_believed),
        cmocka_unit_test(the_last_page_is_read_when_all_others_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
