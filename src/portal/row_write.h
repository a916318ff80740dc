/* Writes that need no more of a request than its row: one reading, one check, one sending. */
#ifndef TL_PORTAL_ROW_WRITE_H
#define TL_PORTAL_ROW_WRITE_H

#include "portal/write.h"

typedef struct tl_row_write {
    tl_write_kind kind;
    const void *data; /* the caller's, for the two functions */
    /* An error is a refusal: TL_CONFLICT where it was done already. */
    tl_code (*check)(const cJSON *row, const void *data, tl_error *why);
    /* The caller's (cJSON_Delete); NULL when out of memory. */
    cJSON *(*body)(const cJSON *row, const char *request_id, const void *data);
    bool dry_run;
    const tl_write_hook *hook; /* may be NULL */
} tl_row_write;

/* *out_outcome as in permit.h; an error where the request could not be read. */
tl_code tl_row_write_run(cJSON **out_outcome, tl_client *client, const char *organization_id,
                         const char *request_id, const tl_row_write *what, tl_error *err);

/* The organization that later calls about the request name: its own, where the row (or the permit details)
 * tells it. Borrowed from either. */
const char *tl_row_owner(const cJSON *row, const char *otherwise);

#endif
