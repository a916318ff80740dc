#include "soar/filters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FILTERS = 6 * 1024 };

static bool quote(tl_buffer *out, const char *value)
{
    bool ok = tl_buffer_text(out, "\"");
    for (const char *c = value; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            ok = tl_buffer_format(out, "\\%c", *c);
        else if ((unsigned char)*c < 0x20 || *c == 0x7f)
            ok = tl_buffer_format(out, "\\u%04x", (unsigned)(unsigned char)*c);
        else
            ok = tl_buffer_append(out, c, 1);
    }
    return ok && tl_buffer_text(out, "\"");
}

static void add(tl_soar_filters *filters, const char *parameter, const char *value)
{
    filters->text.limit = MAX_FILTERS;
    tl_buffer_format(&filters->text, "&%s=%s", parameter, value);
}

void tl_soar_filter_text(tl_soar_filters *filters, const char *parameter, const char *value)
{
    if (value == NULL)
        return;
    if (!tl_utf8_valid(value, strlen(value))) {
        filters->not_utf8 = true;
        return;
    }
    tl_buffer quoted = {.limit = MAX_FILTERS};
    char *encoded = quote(&quoted, value) ? tl_percent_encode(quoted.data) : NULL;
    if (encoded != NULL)
        add(filters, parameter, encoded);
    else
        filters->text.failed = true;
    filters->text.too_large = filters->text.too_large || quoted.too_large;
    free(encoded);
    tl_buffer_free(&quoted);
}

void tl_soar_filter_integer(tl_soar_filters *filters, const char *parameter, int64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%lld", (long long)value);
    add(filters, parameter, digits);
}

tl_code tl_soar_filters_end(const char **out, const tl_soar_filters *filters, const char *label,
                            tl_error *err)
{
    *out = filters->text.data == NULL ? "" : filters->text.data;
    if (filters->not_utf8)
        return tl_fail(err, TL_INVALID, "%s: a text to look for is not valid UTF-8", label);
    if (filters->text.too_large)
        return tl_fail(err, TL_INVALID, "%s: the texts to look for are too long", label);
    return filters->text.failed ? tl_fail_memory(err) : TL_OK;
}

void tl_soar_filters_clear(tl_soar_filters *filters)
{
    tl_buffer_free(&filters->text);
}
