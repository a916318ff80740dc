/* Reading the lists of organizations, whose shapes differ or are not documented. Pure. */
#ifndef TL_PORTAL_ORGANIZATION_ROWS_H
#define TL_PORTAL_ORGANIZATION_ROWS_H

#include "base/json.h"
#include "portal/id_set.h"
#include "threatlocker/requests.h"

enum { TL_ORGANIZATION_PAGE_SIZE = 500, TL_MAX_ORGANIZATIONS = 100000, TL_MAX_ORGANIZATION_PAGES = 2000 };

/* Organizations gathered over the pages of one endpoint. Zero-initialise, set `search` and `rows`, an array.
 */
typedef struct tl_organization_list {
    const char *search; /* NULL = all */
    cJSON *rows;        /* {"organizationId", "name"}, each once */
    tl_id_set seen;
} tl_organization_list;

/* What one page was like. */
typedef struct tl_organization_page {
    int64_t rows;
    int64_t new_ids; /* names that were not searched for included */
} tl_organization_page;

/* Adds a reply's organizations; NULL is an empty one. TL_PROTOCOL names the endpoint and what cannot be
 * read. */
tl_code tl_add_organizations(tl_organization_list *list, tl_organization_page *out_page, const cJSON *reply,
                             const char *endpoint, tl_error *err);

/* Whether page `number` (1-based) is followed by another one: as the server says, otherwise when it was
 * full; never behind one that brought nothing new. */
bool tl_more_organizations(const tl_organization_page *seen, const tl_page *told, int64_t number);

#endif
