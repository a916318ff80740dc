/* /rest/approval: list, one, detail_summary_view. */
#include <stdlib.h>

#include "base/text.h"
#include "base/time.h"
#include "soar/client.h"
#include "threatlocker/soar.h"

/* Strings in filters are quoted [official]. */
static bool append_text_filter(tl_buffer *filters, const char *name, const char *value)
{
    if (value == NULL)
        return true;
    char *encoded = tl_percent_encode(value);
    bool ok = encoded != NULL && tl_buffer_format(filters, "&_filter_%s=%%22%s%%22", name, encoded);
    free(encoded);
    return ok;
}

static tl_code check_query(const tl_approval_query *query, tl_error *err)
{
    static const tl_approval_query sizes;
    int64_t ignored;
    if (query->size != sizeof sizes)
        return tl_fail(err, TL_USAGE, "tl_approval_query has another size: built against another version?");
    const char *words[] = {query->status, query->type};
    for (size_t i = 0; i < 2; i++)
        for (const char *c = words[i]; c != NULL && *c != '\0'; c++)
            if (!((*c >= 'a' && *c <= 'z') || *c == '_' || *c == '-' || *c == ' '))
                return tl_fail(err, TL_INVALID, "status and type must be lower-case words");
    if (query->min_id < 0)
        return tl_fail(err, TL_INVALID, "min_id must not be negative");
    if (query->started_after != NULL && !tl_time_parse(query->started_after, false, &ignored))
        return tl_fail(err, TL_INVALID, "started_after must be a UTC time such as 2026-12-31T18:00:00Z");
    return TL_OK;
}

tl_code tl_soar_approvals(cJSON **out_records, tl_soar *soar, const tl_approval_query *query, tl_error *err)
{
    *out_records = NULL;
    tl_code code = check_query(query, err);
    if (code != TL_OK)
        return code;
    tl_buffer filters = {.limit = 2048};
    bool ok = tl_buffer_text(&filters, "") && append_text_filter(&filters, "status", query->status) &&
              append_text_filter(&filters, "type", query->type) &&
              append_text_filter(&filters, "start_time__gte", query->started_after);
    if (ok && query->min_id > 0)
        ok = tl_buffer_format(&filters, "&_filter_id__gte=%lld", (long long)query->min_id);
    code = ok ? tl_soar_list(out_records, soar, "approvals", "/rest/approval", filters.data, err)
              : tl_fail_memory(err);
    tl_buffer_free(&filters);
    return code;
}

static tl_code get_by_id(cJSON **out, tl_soar *soar, const char *label, int64_t id, const char *detail,
                         tl_error *err)
{
    *out = NULL;
    if (id <= 0)
        return tl_fail(err, TL_INVALID, "%s: the id must be a positive number", label);
    tl_buffer target = {.limit = 256};
    tl_buffer_format(&target, "/rest/approval/%lld%s", (long long)id, detail);
    tl_code code = target.failed ? tl_fail_memory(err) : tl_soar_get(out, soar, label, target.data, err);
    tl_buffer_free(&target);
    return code;
}

tl_code tl_soar_approval(cJSON **out, tl_soar *soar, int64_t approval_id, tl_error *err)
{
    tl_code code = get_by_id(out, soar, "approval", approval_id, "", err);
    if (code != TL_OK)
        return code;
    if (tl_json_integer_or(*out, "id", -1) == approval_id)
        return TL_OK;
    cJSON_Delete(*out);
    *out = NULL;
    return tl_fail(err, TL_PROTOCOL, "approval: asked for %lld, got another one", (long long)approval_id);
}

tl_code tl_soar_approval_summary(cJSON **out, tl_soar *soar, int64_t approval_id, tl_error *err)
{
    tl_code code = get_by_id(out, soar, "approval summary", approval_id, "/detail_summary_view", err);
    if (code != TL_OK)
        return code;
    /* The asset's configuration showed an API key in the official sample. These deletions ignore case. */
    cJSON *asset = tl_json_member(*out, "asset");
    cJSON_DeleteItemFromObject(asset, "configuration");
    cJSON_DeleteItemFromObject(asset, "token");
    return TL_OK;
}
