#include "portal/paging.h"

static void jump_to(tl_paging *paging, int64_t page)
{
    paging->page = page;
    paging->jumps++;
}

static void begin_walk(tl_paging *paging)
{
    paging->found_new = false;
    paging->walk++;
    jump_to(paging, 1);
}

void tl_paging_start(tl_paging *paging, int64_t page_size, bool grows_at_end)
{
    *paging =
        (tl_paging){.page_size = page_size, .grows_at_end = grows_at_end, .last_page = -1, .told_pages = -1};
    begin_walk(paging);
}

typedef enum walk_end { GOES_ON, AT_END, CUT_OFF } walk_end;

static walk_end end_of_walk(const tl_paging *paging, const tl_page_seen *seen)
{
    if (seen->rows == 0)
        return paging->told_pages > 1 && paging->page <= paging->told_pages ? CUT_OFF : AT_END;
    if (seen->total_pages >= 0 ? paging->page >= seen->total_pages : seen->rows < paging->page_size)
        return AT_END;
    bool repeats = seen->new_rows == 0 && paging->page >= paging->pages_before;
    return repeats || paging->page >= TL_MAX_PAGES ? CUT_OFF : GOES_ON;
}

/* A walk that follows can be compared with the last page. */
static void remember_last(tl_paging *paging, const tl_page_seen *seen)
{
    bool is_last = seen->total_pages >= 0 && paging->page >= seen->total_pages;
    paging->steady = paging->grows_at_end && is_last && seen->rows > 0 && seen->total_items >= 0;
    paging->total_items = seen->total_items;
    paging->last_digest = seen->digest;
}

static bool worth_a_look(const tl_paging *paging, const tl_page_seen *seen)
{
    return paging->grows_at_end && paging->jumps == 1 && seen->total_items >= 0 && seen->total_pages > 1 &&
           seen->total_pages <= TL_MAX_PAGES;
}

static bool end_walk(tl_paging *paging, const tl_page_seen *seen, walk_end end)
{
    bool one_view = paging->page == 1;
    bool nothing_moved =
        paging->steady && seen->digest == paging->last_digest && seen->known_rows == paging->total_items;
    paging->complete = end == AT_END && (one_view || nothing_moved || !paging->found_new);
    if (paging->complete || !paging->found_new || paging->walk >= TL_MAX_WALKS)
        return false;
    paging->last_page = paging->pages_before = paging->page;
    remember_last(paging, seen);
    begin_walk(paging);
    return true;
}

bool tl_paging_next(tl_paging *paging, const tl_page_seen *seen)
{
    if (paging->looking) {
        paging->looking = false;
        remember_last(paging, seen);
        jump_to(paging, 1);
        return true;
    }
    if (seen->new_rows > 0)
        paging->found_new = true;
    if (seen->total_pages >= 0)
        paging->last_page = paging->told_pages = seen->total_pages;
    if (seen->total_items != paging->total_items)
        paging->steady = false;
    walk_end end = end_of_walk(paging, seen);
    if (end != GOES_ON)
        return end_walk(paging, seen, end);
    if (worth_a_look(paging, seen)) {
        paging->looking = true;
        paging->pages_before = 2; /* the first will bring nothing new */
        jump_to(paging, seen->total_pages);
    } else {
        paging->page++;
    }
    return true;
}

int64_t tl_paging_horizon(const tl_paging *paging, int64_t ahead)
{
    int64_t farthest = paging->page + ahead - 1;
    if (paging->last_page < 0) /* a first page mostly is the only one */
        return paging->page == 1 ? 1 : farthest;
    int64_t last = paging->last_page > paging->page ? paging->last_page : paging->page;
    if (paging->steady && last > paging->page) /* the last page tells about those that came before it */
        last--;
    return farthest < last ? farthest : last;
}
