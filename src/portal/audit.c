#include "portal/audit.h"

#include "base/time.h"
#include "portal/members.h"
#include "portal/rows.h"

enum { DEFAULT_PAGE_SIZE = 25, MAX_PAGE_SIZE = 1000 };

static tl_code take_texts(cJSON *body, const cJSON *query, tl_error *err)
{
    /* The portal's text says username, its schema emailAddress [spec]. */
    static const struct {
        const char *member;
        const char *name;
    } texts[] = {
        {"user", "emailAddress"}, {"action", "action"},        {"effective_action", "effectiveAction"},
        {"details", "details"},   {"ip_address", "ipAddress"}, {"search", "searchText"}};
    const char *text;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (!tl_member_text(&text, query, texts[i].member, err))
            return TL_INVALID;
        if (!tl_json_set_given(body, texts[i].name, text))
            return tl_fail_memory(err);
    }
    if (!tl_member_guid(&text, query, "object_id", err))
        return TL_INVALID;
    return tl_json_set_given(body, "objectId", text) ? TL_OK : tl_fail_memory(err);
}

static bool set_time(cJSON *body, const char *name, int64_t us)
{
    char text[TL_TIME_SIZE];
    if (us == 0)
        return true;
    tl_time_format(us, text);
    return tl_json_set_text(body, name, text);
}

static tl_code take_times(cJSON *body, const cJSON *query, tl_error *err)
{
    int64_t since, until;
    if (!tl_member_time(&since, query, "since", err) || !tl_member_time(&until, query, "until", err))
        return TL_INVALID;
    if (since != 0 && until != 0 && since > until)
        return tl_fail(err, TL_INVALID, "since must not be after until");
    bool ok = set_time(body, "startDate", since) && set_time(body, "endDate", until);
    return ok ? TL_OK : tl_fail_memory(err);
}

static tl_code take_paging(cJSON *body, const cJSON *query, tl_error *err)
{
    int64_t page = 1, page_size = DEFAULT_PAGE_SIZE;
    bool children;
    if (!tl_member_flag(&children, query, "children", err) ||
        !tl_member_integer(&page, query, "page", 1, INT32_MAX, err) ||
        !tl_member_integer(&page_size, query, "page_size", 1, MAX_PAGE_SIZE, err))
        return TL_INVALID;
    bool ok = tl_json_set_integer(body, "pageNumber", page) &&
              tl_json_set_integer(body, "pageSize", page_size) &&
              tl_json_set_bool(body, "viewChildOrganizations", children);
    return ok ? TL_OK : tl_fail_memory(err);
}

static tl_code check_query(const cJSON *query, tl_error *err)
{
    static const char *const known[] = {
        "user",  "action", "effective_action", "details", "ip_address", "search", "object_id",
        "since", "until",  "children",         "page",    "page_size",  NULL};
    if (query == NULL)
        return TL_OK;
    if (!cJSON_IsObject(query))
        return tl_fail(err, TL_INVALID, "the audit query must be an object");
    return tl_check_members(query, known, "the audit query has", err);
}

tl_code tl_audit_body(cJSON **out_body, const cJSON *query, tl_error *err)
{
    *out_body = NULL;
    tl_code code = check_query(query, err);
    if (code != TL_OK)
        return code;
    cJSON *body = cJSON_CreateObject();
    code = body == NULL ? tl_fail_memory(err) : take_texts(body, query, err);
    if (code == TL_OK)
        code = take_times(body, query, err);
    if (code == TL_OK)
        code = take_paging(body, query, err);
    if (code == TL_OK)
        *out_body = body;
    else
        cJSON_Delete(body);
    return code;
}

tl_code tl_audit(cJSON **out_rows, tl_page *out_page, tl_client *client, const char *organization_id,
                 const cJSON *query, tl_error *err)
{
    *out_rows = NULL;
    if (out_page != NULL)
        *out_page = TL_PAGE_UNTOLD;
    cJSON *body;
    tl_code code = tl_audit_body(&body, query, err);
    if (code != TL_OK)
        return code;
    code = tl_portal_read(out_rows, out_page, client, TL_SYSTEM_AUDIT, organization_id, NULL, body, err);
    cJSON_Delete(body);
    return code == TL_OK ? tl_expect_rows(out_rows, TL_SYSTEM_AUDIT, NULL, err) : code;
}
