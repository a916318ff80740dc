#include "portal/paging.h"

static void begin_walk(tl_paging *paging)
{
    paging->page = 1;
    paging->found_new = false;
    paging->walk++;
}

void tl_paging_start(tl_paging *paging, int64_t page_size)
{
    *paging = (tl_paging){.page_size = page_size, .last_page = -1};
    begin_walk(paging);
}

typedef enum walk_end { GOES_ON, AT_END, CUT_OFF } walk_end;

static walk_end end_of_walk(const tl_paging *paging, const tl_page_seen *seen)
{
    if (seen->rows == 0)
        return AT_END;
    if (seen->total_pages >= 0 ? paging->page >= seen->total_pages : seen->rows < paging->page_size)
        return AT_END;
    bool repeats = seen->new_rows == 0 && paging->page >= paging->pages_before;
    return repeats || paging->page >= TL_MAX_PAGES ? CUT_OFF : GOES_ON;
}

bool tl_paging_next(tl_paging *paging, const tl_page_seen *seen)
{
    if (seen->new_rows > 0)
        paging->found_new = true;
    if (seen->total_pages >= 0)
        paging->last_page = seen->total_pages;
    walk_end end = end_of_walk(paging, seen);
    if (end == GOES_ON) {
        paging->page++;
        return true;
    }
    bool one_view = paging->page == 1;
    paging->complete = end == AT_END && (one_view || !paging->found_new);
    if (paging->complete || !paging->found_new || paging->walk >= TL_MAX_WALKS)
        return false;
    paging->last_page = paging->pages_before = paging->page;
    begin_walk(paging);
    return true;
}

int64_t tl_paging_horizon(const tl_paging *paging, int64_t ahead)
{
    int64_t farthest = paging->page + ahead - 1;
    if (paging->last_page < 0) /* a first page mostly is the only one */
        return paging->page == 1 ? 1 : farthest;
    int64_t last = paging->last_page > paging->page ? paging->last_page : paging->page;
    return farthest < last ? farthest : last;
}
