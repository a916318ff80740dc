#include "portal/rows.h"

#include <stdlib.h>

static tl_code drop(cJSON **tree, tl_code code)
{
    cJSON_Delete(*tree);
    *tree = NULL;
    return code;
}

tl_code tl_expect_rows(cJSON **rows, tl_endpoint_id id, const char *guid_member, tl_error *err)
{
    const char *name = tl_endpoint_of(id)->name;
    if (*rows == NULL && (*rows = cJSON_CreateArray()) == NULL)
        return tl_fail_memory(err);
    if (!cJSON_IsArray(*rows))
        return drop(rows, tl_fail(err, TL_PROTOCOL, "%s: the reply is no array", name));
    const cJSON *row;
    cJSON_ArrayForEach (row, *rows) {
        if (!cJSON_IsObject(row))
            return drop(rows, tl_fail(err, TL_PROTOCOL, "%s: a row is no object", name));
        if (guid_member != NULL && !tl_is_guid(tl_json_text(row, guid_member)))
            return drop(rows, tl_fail(err, TL_PROTOCOL, "%s: a row has no %s", name, guid_member));
    }
    return TL_OK;
}

tl_code tl_expect_object(cJSON **object, tl_endpoint_id id, tl_error *err)
{
    const char *name = tl_endpoint_of(id)->name;
    if (*object == NULL)
        return tl_fail(err, TL_NOT_FOUND, "%s: the server has nothing under this id%s", name,
                       tl_endpoint_of(id)->organization
                           ? " (is organization_id the organization that contains it?)"
                           : "");
    if (!cJSON_IsObject(*object))
        return drop(object, tl_fail(err, TL_PROTOCOL, "%s: the reply is no object", name));
    return TL_OK;
}

tl_code tl_read_rows(cJSON **out, tl_client *client, tl_endpoint_id id, const char *organization_id,
                     const char *query, const cJSON *body, const char *guid_member, tl_error *err)
{
    tl_code code = tl_portal_read(out, NULL, client, id, organization_id, query, body, err);
    return code == TL_OK ? tl_expect_rows(out, id, guid_member, err) : code;
}

/* False when the object tells another GUID than that; null and the zero GUID tell none. */
static bool names_itself(const cJSON *object, const char *name, const char *guid)
{
    const cJSON *own = tl_json_member(object, name);
    const char *text = tl_json_string_value(own);
    return own == NULL || (tl_is_guid(text) && !tl_is_real_guid(text)) || tl_equal_ignore_case(text, guid);
}

tl_code tl_read_object(cJSON **out, tl_client *client, tl_endpoint_id id, const char *organization_id,
                       const char *name, const char *guid, tl_error *err)
{
    tl_code code = tl_portal_read_by_guid(out, client, id, organization_id, name, guid, err);
    if (code == TL_OK)
        code = tl_expect_object(out, id, err);
    if (code != TL_OK)
        return code;
    if (!names_itself(*out, name, guid))
        return drop(out, tl_fail(err, TL_PROTOCOL, "%s: asked for %s %s, got another one",
                                 tl_endpoint_of(id)->name, name, guid));
    return TL_OK;
}

bool tl_no_such_endpoint(const tl_error *err)
{
    return err->http_status == 404 || err->http_status == 405;
}

tl_code tl_check_os_type(int64_t os_type, tl_error *err)
{
    if (os_type >= 0 && os_type <= INT32_MAX)
        return TL_OK;
    return tl_fail(
        err, TL_INVALID,
        "os_type must be one of ThreatLocker's numbers: 1 Windows, 2 macOS, 3 Linux, 5 Windows XP");
}

void tl_query_text(tl_buffer *query, const char *name, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return;
    char *encoded = tl_percent_encode(value);
    if (encoded == NULL)
        query->failed = true;
    else
        tl_buffer_format(query, "%s%s=%s", query->length == 0 ? "" : "&", name, encoded);
    free(encoded);
}

void tl_query_integer(tl_buffer *query, const char *name, int64_t value)
{
    tl_buffer_format(query, "%s%s=%lld", query->length == 0 ? "" : "&", name, (long long)value);
}
