/* How a list that moves under our feet is walked to its end. Pure. */
#ifndef TL_PORTAL_PAGING_H
#define TL_PORTAL_PAGING_H

#include <stdbool.h>
#include <stdint.h>

enum { TL_MAX_WALKS = 4, TL_MAX_PAGES = 100000 };

/* What one page was like. */
typedef struct tl_page_seen {
    int64_t rows;
    int64_t new_rows;    /* rows whose id had not been seen before */
    int64_t total_items; /* from the `pagination` header; -1 = not told */
    int64_t total_pages;
} tl_page_seen;

/* Zero-initialise, set page_size; `page` is the page to fetch next. */
typedef struct tl_paging {
    int64_t page_size;
    int64_t page;        /* 1-based; 0 before the first tl_paging_start */
    int walk;            /* 1-based */
    int64_t first_total; /* of this walk; -1 = not told */
    bool shifted;        /* rows moved during this walk */
    bool found_new;      /* this walk brought new rows */
} tl_paging;

void tl_paging_start(tl_paging *paging, int64_t page_size);

/* Decides after a page: true with paging->page set to the next one to fetch, false at the end. A walk ends on
 * an empty page, a short page, the last page that the server names, or a page without a new id. The list is
 * walked again, at most TL_MAX_WALKS times, while the walk shifted (a row came twice, the total changed, or
 * the server tells no totals over several pages) and brought anything new: a row that left an earlier page
 * pulls unseen rows onto pages already read. */
bool tl_paging_next(tl_paging *paging, const tl_page_seen *seen);

#endif
