/* /rest/container: find and create; notes on them. */
#include <string.h>

#include "base/text.h"
#include "soar/client.h"
#include "soar/filters.h"

tl_code tl_soar_containers(cJSON **out_records, tl_soar *soar, const tl_container_query *query, tl_error *err)
{
    *out_records = NULL;
    if (query->size != sizeof *query)
        return tl_fail(err, TL_USAGE, "tl_container_query has another size: built against another version?");
    tl_soar_filters filters = {0};
    tl_soar_listing listing = {.label = "containers",
                               .path = "/rest/container",
                               .descending = query->descending,
                               .limit = query->limit};
    tl_soar_filter_text(&filters, "_filter_source_data_identifier", query->source_data_identifier);
    tl_soar_filter_text(&filters, "_filter_label", query->label);
    tl_soar_filter_text(&filters, "_filter_name", query->name);
    tl_code code = tl_soar_filters_end(&listing.filters, &filters, listing.label, err);
    if (code == TL_OK)
        code = tl_soar_list(out_records, NULL, soar, &listing, err);
    tl_soar_filters_clear(&filters);
    return code;
}

static bool is_blank(const char *text)
{
    return text == NULL || text[strspn(text, " \t\r\n")] == '\0';
}

static tl_code check_container(const cJSON *body, bool *out_repeatable, tl_error *err)
{
    static const char *const required[] = {"name", "label"};
    if (!cJSON_IsObject(body))
        return tl_fail(err, TL_INVALID, "create container: an object is wanted");
    for (size_t i = 0; i < 2; i++)
        if (is_blank(tl_json_text(body, required[i])))
            return tl_fail(err, TL_INVALID, "create container: %s must be a text that is not empty",
                           required[i]);
    const cJSON *identifier = tl_json_member(body, "source_data_identifier");
    if (identifier != NULL && is_blank(tl_json_string_value(identifier)))
        return tl_fail(err, TL_INVALID,
                       "create container: source_data_identifier must be a text that is not empty");
    *out_repeatable = identifier != NULL;
    return TL_OK;
}

/* What became of artifacts sent along is told one by one: nobody else would notice a failed one. */
static bool keep_artifacts(cJSON *result, cJSON *reply)
{
    static const char *const members[] = {"new_artifact_ids", "artifacts"};
    bool ok = true;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        cJSON *artifacts = cJSON_DetachItemFromObjectCaseSensitive(reply, members[i]);
        if (artifacts != NULL)
            ok = tl_json_set(result, members[i], artifacts) && ok;
    }
    return ok;
}

/* Takes `reply`, which may be NULL. */
static tl_code make_result(cJSON **out, int64_t id, bool created, cJSON *reply, tl_error *err)
{
    cJSON *result = cJSON_CreateObject();
    bool ok = tl_json_set_integer(result, "id", id) && tl_json_set_bool(result, "created", created) &&
              keep_artifacts(result, reply);
    cJSON_Delete(reply);
    if (ok) {
        *out = result;
        return TL_OK;
    }
    cJSON_Delete(result);
    tl_code code = tl_fail_memory(err);
    if (err != NULL && err->code == TL_MEMORY)
        err->applied = TL_APPLIED_YES;
    return code;
}

/* A duplicate is HTTP 400 with the id of the one that is there [observed CTL]. */
tl_code tl_soar_create_container(cJSON **out, tl_soar *soar, const cJSON *body, tl_error *err)
{
    *out = NULL;
    tl_error here = TL_ERROR_INIT;
    cJSON *reply = NULL, *refusal = NULL;
    int64_t id = 0;
    tl_soar_ask ask = {
        .label = "create container", .target = "/rest/container", .body = body, .refusal = &refusal};
    tl_code code = check_container(body, &ask.repeatable, err);
    if (code != TL_OK)
        return code;
    code = tl_soar_post(&reply, &id, soar, &ask, "id", &here);
    if (code == TL_OK)
        return make_result(out, id, true, reply, err);
    bool exists = tl_soar_read_id(tl_json_member(refusal, "existing_container_id"), &id);
    cJSON_Delete(refusal);
    return exists ? make_result(out, id, false, NULL, err) : tl_fail_with(err, &here);
}

/* 6.4 has /rest/container_note [observed MCP], later ones /rest/note [observed LIVE]. */
static tl_code post_note(int64_t *out_note_id, tl_soar *soar, const cJSON *body, tl_error *err)
{
    cJSON *reply = NULL;
    tl_error here = TL_ERROR_INIT;
    tl_soar_ask ask = {.label = "add note", .target = "/rest/note", .body = body};
    tl_code code = tl_soar_post(&reply, out_note_id, soar, &ask, "id", &here);
    if (here.http_status == 404) {
        tl_error older = TL_ERROR_INIT;
        ask.target = "/rest/container_note";
        code = tl_soar_post(&reply, out_note_id, soar, &ask, "id", &older);
        if (older.http_status != 404)
            here = older;
    }
    cJSON_Delete(reply);
    return code == TL_OK ? TL_OK : tl_fail_with(err, &here);
}

tl_code tl_soar_add_note(int64_t *out_note_id, tl_soar *soar, int64_t container_id, const char *title,
                         const char *content, tl_error *err)
{
    *out_note_id = 0;
    tl_code code = tl_soar_check_id("add note", container_id, err);
    if (code != TL_OK)
        return code;
    if (is_blank(title) || is_blank(content))
        return tl_fail(err, TL_INVALID, "add note: title and content must not be empty");
    cJSON *body = cJSON_CreateObject();
    bool ok = tl_json_set_integer(body, "container_id", container_id) &&
              tl_json_set_text(body, "title", title) && tl_json_set_text(body, "content", content) &&
              tl_json_set_text(body, "note_type", "general") &&
              tl_json_set_text(body, "note_format", "markdown");
    code = ok ? post_note(out_note_id, soar, body, err) : tl_fail_memory(err);
    cJSON_Delete(body);
    return code;
}
