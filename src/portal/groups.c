#include "portal/groups.h"

#include "base/text.h"
#include "portal/id_set.h"
#include "portal/rows.h"

static tl_code read_for_permit(cJSON **out, tl_client *client, const char *organization_id, int64_t os_type,
                               const char *guid_member, tl_error *err)
{
    tl_buffer query = {.limit = TL_MAX_QUERY};
    tl_query_integer(&query, "osType", os_type);
    tl_code code = query.failed ? tl_fail_memory(err)
                                : tl_read_rows(out, client, TL_GROUPS_FOR_PERMIT, organization_id, query.data,
                                               NULL, guid_member, err);
    tl_buffer_free(&query);
    return code;
}

tl_code tl_groups_for_permit(cJSON **out, tl_client *client, const char *organization_id, int64_t os_type,
                             tl_error *err)
{
    *out = NULL;
    return read_for_permit(out, client, organization_id, os_type, NULL, err);
}

const char *tl_computer_os_word(int64_t os_type)
{
    switch (os_type) {
    case 1:
        return "windows";
    case 2:
        return "mac";
    case 3:
        return "linux";
    case 5:
        return "windows xp";
    default:
        return NULL;
    }
}

tl_code tl_name_dropdown_rows(cJSON *rows, tl_error *err)
{
    cJSON *next;
    for (cJSON *row = tl_json_first(rows); row != NULL; row = next) {
        next = row->next;
        const cJSON *value = tl_json_member(row, "value");
        const char *id = tl_json_string_value(value);
        if (tl_is_real_guid(id)) {
            const char *name =
                tl_json_text_or_empty(row, tl_json_member(row, "label") == NULL ? "name" : "label");
            if (!tl_json_set_text(row, "computerGroupId", id) || !tl_json_set_text(row, "name", name))
                return tl_fail_memory(err);
        } else if (value == NULL || tl_is_guid(id) || (id != NULL && id[0] == '\0')) {
            cJSON_Delete(cJSON_DetachItemViaPointer(rows, row));
        } else {
            return tl_fail(err, TL_PROTOCOL, "%s: a row's value is no GUID",
                           tl_endpoint_of(TL_GROUP_DROPDOWN)->name);
        }
    }
    return TL_OK;
}

static tl_code read_dropdown(cJSON **out, tl_client *client, const char *organization_id, int64_t os_type,
                             const char *os_word, tl_error *err)
{
    tl_buffer query = {.limit = TL_MAX_QUERY};
    tl_query_integer(&query, "computerGroupOSTypeId", os_type);
    tl_query_text(&query, "computerOSType", os_word);
    tl_query_text(&query, "hideGlobals", "false");
    tl_code code = query.failed ? tl_fail_memory(err)
                                : tl_read_rows(out, client, TL_GROUP_DROPDOWN, organization_id, query.data,
                                               NULL, NULL, err);
    tl_buffer_free(&query);
    if (code == TL_OK)
        code = tl_name_dropdown_rows(*out, err);
    return code;
}

/* Moves the rows over whose groups are new. */
static tl_code move_new_rows(cJSON *to, cJSON *from, tl_id_set *seen, tl_error *err)
{
    for (cJSON *row = tl_json_first(from); row != NULL; row = tl_json_first(from)) {
        int added = tl_id_set_add(seen, tl_json_text(row, "computerGroupId"));
        (void)cJSON_DetachItemViaPointer(from, row);
        if (added == 1 && !tl_json_append(to, row))
            added = -1;
        else if (added != 1)
            cJSON_Delete(row);
        if (added < 0)
            return tl_fail_memory(err);
    }
    return TL_OK;
}

/* All systems: nobody says whether the number 0 or the word decides then, so each word is asked for. */
static tl_code read_dropdowns(cJSON **out, tl_client *client, const char *organization_id, int64_t os_type,
                              tl_error *err)
{
    static const int64_t all[] = {1, 2, 3, 5};
    size_t count = os_type == 0 ? sizeof all / sizeof all[0] : 1;
    tl_id_set seen = {0};
    *out = cJSON_CreateArray();
    tl_code code = *out == NULL ? tl_fail_memory(err) : TL_OK;
    for (size_t i = 0; i < count && code == TL_OK; i++) {
        const char *word = tl_computer_os_word(os_type == 0 ? all[i] : os_type);
        cJSON *rows = NULL;
        code = read_dropdown(&rows, client, organization_id, os_type, word, err);
        if (code == TL_OK)
            code = move_new_rows(*out, rows, &seen, err);
        cJSON_Delete(rows);
    }
    tl_id_set_free(&seen);
    if (code != TL_OK) {
        cJSON_Delete(*out);
        *out = NULL;
    }
    return code;
}

tl_code tl_computer_groups(cJSON **out_rows, tl_client *client, const char *organization_id, int64_t os_type,
                           tl_error *err)
{
    *out_rows = NULL;
    tl_code code = tl_check_os_type(os_type, err);
    if (code != TL_OK)
        return code;
    tl_error missing = TL_ERROR_INIT;
    code = read_for_permit(out_rows, client, organization_id, os_type, "computerGroupId", &missing);
    if (code == TL_OK)
        return TL_OK;
    bool in_dropdown = os_type == 0 || tl_computer_os_word(os_type) != NULL;
    if (!tl_no_such_endpoint(&missing) || !in_dropdown)
        return tl_fail_with(err, &missing);
    return read_dropdowns(out_rows, client, organization_id, os_type, err);
}
