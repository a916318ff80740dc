#include "portal/organization_rows.h"

#include "base/error.h"
#include "base/text.h"

typedef enum row_kind { ROW_ORGANIZATION, ROW_NO_ORGANIZATION, ROW_UNREADABLE } row_kind;

/* The first GUID under the names in use decides; the zero GUID says that the row is no organization, and so
 * does a row without a GUID where all that stands under those names is null or empty. */
static row_kind read_id(const char **out, const cJSON *row)
{
    static const char *const names[] = {"organizationId", "id", "value"};
    bool named = false, odd = false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(row, names[i]);
        const char *text = tl_json_string_value(value);
        if (tl_is_guid(text)) {
            *out = text;
            return tl_is_real_guid(text) ? ROW_ORGANIZATION : ROW_NO_ORGANIZATION;
        }
        named = named || value != NULL;
        odd = odd || (value != NULL && !cJSON_IsNull(value) && (text == NULL || text[0] != '\0'));
    }
    return named && !odd ? ROW_NO_ORGANIZATION : ROW_UNREADABLE;
}

/* "" where the server tells no name. */
static const char *read_name(const cJSON *row)
{
    static const char *const names[] = {"name", "displayName", "label"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *text = tl_json_string_value(tl_json_member(row, names[i]));
        if (text != NULL && text[0] != '\0')
            return text;
    }
    return "";
}

static bool contains(const char *text, const char *part)
{
    for (;; text++) {
        size_t i = 0;
        while (part[i] != '\0' && tl_lower(text[i]) == tl_lower(part[i]))
            i++;
        if (part[i] == '\0')
            return true;
        if (*text == '\0')
            return false;
    }
}

static bool append(cJSON *rows, const char *id, const char *name)
{
    cJSON *row = cJSON_CreateObject();
    bool ok = tl_json_set_text(row, "organizationId", id) && tl_json_set_text(row, "name", name);
    return tl_json_append(rows, row) && ok;
}

static tl_code add_row(tl_organization_list *list, tl_organization_page *page, const cJSON *row,
                       const char *endpoint, tl_error *err)
{
    const char *id = NULL;
    page->rows++;
    row_kind kind = cJSON_IsObject(row) ? read_id(&id, row) : ROW_UNREADABLE;
    if (kind == ROW_NO_ORGANIZATION)
        return TL_OK;
    if (kind == ROW_UNREADABLE)
        return tl_fail(err, TL_PROTOCOL, "%s: a row has no organizationId, id or value that is a GUID",
                       endpoint);
    int added = tl_id_set_add(&list->seen, id);
    if (added < 0)
        return tl_fail_memory(err);
    if (added == 0)
        return TL_OK;
    page->new_ids++;
    if (list->seen.count > TL_MAX_ORGANIZATIONS)
        return tl_fail(err, TL_PROTOCOL, "%s: more than %d organizations: narrow the search", endpoint,
                       TL_MAX_ORGANIZATIONS);
    const char *name = read_name(row);
    if (list->search != NULL && !contains(name, list->search))
        return TL_OK;
    return append(list->rows, id, name) ? TL_OK : tl_fail_memory(err);
}

tl_code tl_add_organizations(tl_organization_list *list, tl_organization_page *out_page, const cJSON *reply,
                             const char *endpoint, tl_error *err)
{
    *out_page = (tl_organization_page){0};
    if (reply != NULL && !cJSON_IsArray(reply))
        return tl_fail(err, TL_PROTOCOL, "%s: the reply is no array of organizations", endpoint);
    const cJSON *row;
    cJSON_ArrayForEach (row, reply) {
        tl_code code = add_row(list, out_page, row, endpoint, err);
        if (code != TL_OK)
            return code;
    }
    return TL_OK;
}

bool tl_more_organizations(const tl_organization_page *seen, const tl_page *told, int64_t number)
{
    if (seen->new_ids == 0)
        return false;
    return told->total_pages > 0 ? number < told->total_pages : seen->rows >= TL_ORGANIZATION_PAGE_SIZE;
}
