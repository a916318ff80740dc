#include "portal/paging.h"

static void begin_walk(tl_paging *paging)
{
    paging->page = 1;
    paging->first_total = -1;
    paging->shifted = false;
    paging->found_new = false;
    paging->walk++;
}

void tl_paging_start(tl_paging *paging, int64_t page_size)
{
    *paging = (tl_paging){.page_size = page_size};
    begin_walk(paging);
}

static bool walk_is_over(const tl_paging *paging, const tl_page_seen *seen)
{
    if (seen->rows < paging->page_size || paging->page >= TL_MAX_PAGES)
        return true;
    if (seen->total_pages >= 0 && paging->page >= seen->total_pages)
        return true;
    /* In a later walk most pages hold nothing new, so only the first walk may stop on that. */
    return seen->new_rows == 0 && paging->walk == 1;
}

static void note_shift(tl_paging *paging, const tl_page_seen *seen)
{
    if (paging->page == 1)
        paging->first_total = seen->total_items;
    bool totals_told = seen->total_items >= 0;
    if (paging->walk == 1 && seen->new_rows < seen->rows)
        paging->shifted = true;
    if (seen->total_items != paging->first_total)
        paging->shifted = true;
    if (!totals_told && paging->page > 1)
        paging->shifted = true;
    if (seen->new_rows > 0)
        paging->found_new = true;
}

bool tl_paging_next(tl_paging *paging, const tl_page_seen *seen)
{
    note_shift(paging, seen);
    if (!walk_is_over(paging, seen)) {
        paging->page++;
        return true;
    }
    bool again = paging->shifted && paging->found_new && paging->walk < TL_MAX_WALKS && paging->page > 1;
    if (again)
        begin_walk(paging);
    return again;
}
