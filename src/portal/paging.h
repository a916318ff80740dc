/* Walking all pages of a list that changes meanwhile. Pure. */
#ifndef TL_PORTAL_PAGING_H
#define TL_PORTAL_PAGING_H

#include <stdbool.h>
#include <stdint.h>

enum { TL_MAX_WALKS = 3, TL_MAX_PAGES = 100000 };

/* What one page was like. */
typedef struct tl_page_seen {
    int64_t rows;
    int64_t new_rows;    /* rows whose id had not been seen before */
    int64_t total_pages; /* from the `pagination` header; -1 = not told */
    int64_t total_items; /* likewise */
    int64_t known_rows;  /* different rows seen so far, this page's included */
    uint64_t digest;     /* of its ids in their order */
} tl_page_seen;

typedef struct tl_paging {
    int64_t page_size;
    bool grows_at_end;    /* new rows come last, as in pending requests by time */
    int64_t page;         /* 1-based: the page whose turn it is */
    bool looking;         /* its rows are not given: it is the last page, read before the walk */
    int jumps;            /* counts whenever the page is not the one after the one before */
    int walk;             /* 1-based */
    int64_t last_page;    /* as far as is known, -1 = not known: fetching ahead goes no farther */
    int64_t told_pages;   /* as the server named them last; -1 = not yet */
    int64_t pages_before; /* of the last walk */
    bool found_new;       /* this walk brought new rows */
    bool steady;          /* the last page was read before this walk, and since then nothing moved */
    int64_t total_items;  /* as told with that page */
    uint64_t last_digest; /* of that page */
    bool complete;        /* set at the end: nothing is missing */
} tl_paging;

void tl_paging_start(tl_paging *paging, int64_t page_size, bool grows_at_end);

/* Decides after the page whose turn it was: true with paging->page set to the next one, false at the end. A
 * walk ends on an empty page and on the last page that the server names (where it names none, on a short
 * one). It is cut off, and the list not complete, at an empty page that is one of several which the server
 * named, and at a page without a new row that lies beyond the walk before: a server that does not page would
 * never end.
 *
 * Several pages are no view of one moment: a row that leaves pulls others onto pages that were read. Where
 * new rows come last, the last page is read before all others, and again after them: with the same rows
 * and the same total on every page, nothing came, so nothing left, and the walk saw the whole list. Where
 * that cannot be told, pages are walked again until a walk brings nothing new, at most TL_MAX_WALKS times. A
 * single page is one view, and complete at once. */
bool tl_paging_next(tl_paging *paging, const tl_page_seen *seen);

/* The farthest page that is worth fetching now, when `ahead` may be on their way. */
int64_t tl_paging_horizon(const tl_paging *paging, int64_t ahead);

#endif
