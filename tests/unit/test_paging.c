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
        step steps[8];
    } rows[] = {
        {"empty", {{{0, 0, -1, -1}, 0}}},
        {"empty, totals told", {{{0, 0, 0, 0}, 0}}},
        {"one short page", {{{9, 9, -1, -1}, 0}}},
        {"one full page, totals told", {{{10, 10, 10, 1}, 0}}},
        {"two pages, totals told", {{{10, 10, 15, 2}, 2}, {{5, 5, 15, 2}, 0}}},
        {"full last page, totals told", {{{10, 10, 20, 2}, 2}, {{10, 10, 20, 2}, 0}}},
        {"an end before the one named", {{{10, 10, 30, 3}, 2}, {{0, 0, 30, 3}, 0}}},
        {"no totals: walked again until nothing is new",
         {{{10, 10, -1, -1}, 2}, {{5, 5, -1, -1}, 1}, {{10, 0, -1, -1}, 2}, {{5, 0, -1, -1}, 0}}},
        {"no totals, full pages: an empty page ends it",
         {{{10, 10, -1, -1}, 2}, {{0, 0, -1, -1}, 1}, {{10, 0, -1, -1}, 2}, {{0, 0, -1, -1}, 0}}},
        {"the same page for ever",
         {{{10, 10, -1, -1}, 2}, {{10, 0, -1, -1}, 1}, {{10, 0, -1, -1}, 2}, {{0, 0, -1, -1}, 0}}},
        {"a row came twice: again",
         {{{10, 10, 15, 2}, 2}, {{6, 5, 15, 2}, 1}, {{10, 0, 15, 2}, 2}, {{5, 0, 15, 2}, 0}}},
        {"the total changed: again, and it brought one",
         {{{10, 10, 15, 2}, 2}, {{4, 4, 14, 2}, 1}, {{10, 1, 14, 2}, 2}, {{4, 0, 14, 2}, 0}}},
        {"still moving in the second walk",
         {{{10, 10, 15, 2}, 2},
          {{4, 4, 14, 2}, 1},
          {{10, 1, 14, 2}, 2},
          {{3, 0, 13, 2}, 1},
          {{10, 0, 13, 2}, 2},
          {{3, 0, 13, 2}, 0}}},
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
    }
}

static void a_list_that_never_rests_is_walked_a_few_times(void **state)
{
    (void)state;
    tl_paging paging;
    tl_paging_start(&paging, SIZE);
    int pages = 0;
    for (bool more = true; more && pages < 1000; pages++) {
        bool first = paging.page == 1;
        more = tl_paging_next(&paging, &(tl_page_seen){first ? SIZE : 5, 1, 100 + pages, -1});
    }
    assert_int_equal(pages, 2 * TL_MAX_WALKS);
}

static void a_server_without_an_end_is_left(void **state)
{
    (void)state;
    tl_paging paging;
    tl_paging_start(&paging, SIZE);
    int64_t pages = 0;
    for (bool more = true; more && pages < (int64_t)TL_MAX_PAGES * (TL_MAX_WALKS + 1); pages++) {
        more = tl_paging_next(&paging, &(tl_page_seen){SIZE, SIZE, -1, -1});
    }
    assert_int_equal(pages, (int64_t)TL_MAX_PAGES * TL_MAX_WALKS);
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
        tl_page_seen seen = {0, 0, totals ? rows.count : -1, totals ? (rows.count + SIZE - 1) / SIZE : -1};
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
        cmocka_unit_test(a_list_that_never_rests_is_walked_a_few_times),
        cmocka_unit_test(a_server_without_an_end_is_left),
        cmocka_unit_test(no_row_that_stays_is_missed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
