/* `_filter_…` and `_exclude_…` parameters of a list. Pure. */
#ifndef TL_SOAR_FILTERS_H
#define TL_SOAR_FILTERS_H

#include "base/error.h"
#include "base/text.h"

/* Zero-initialise. */
typedef struct tl_soar_filters {
    tl_buffer text;
    bool not_utf8; /* a value was not */
} tl_soar_filters;

/* Each adds "&<parameter>=<value>"; `parameter` ("_filter_close_time__gte") is ours. Texts are quoted as JSON
 * strings and percent-encoded, so that none can end its quotes or its parameter; a NULL text adds nothing. */
void tl_soar_filter_text(tl_soar_filters *filters, const char *parameter, const char *value);
void tl_soar_filter_integer(tl_soar_filters *filters, const char *parameter, int64_t value);

/* *out is what was added, "" for nothing, borrowed. TL_INVALID when a text was too long or not UTF-8. */
tl_code tl_soar_filters_end(const char **out, const tl_soar_filters *filters, const char *label,
                            tl_error *err);
void tl_soar_filters_clear(tl_soar_filters *filters);

#endif
