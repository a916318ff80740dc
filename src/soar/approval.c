/* One approval: its record, detail_summary_view and block_results. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "soar/client.h"

tl_code tl_soar_approval(cJSON **out, tl_soar *soar, int64_t approval_id, tl_error *err)
{
    return tl_soar_record(out, soar, "approval", approval_id, "", err);
}

static tl_code get_formatted(cJSON **out, tl_soar *soar, tl_soar_ask *ask, tl_buffer *target, tl_error *err)
{
    ask->target = target->data;
    tl_code code = target->failed ? tl_fail_memory(err) : tl_soar_call(out, soar, ask, err);
    tl_buffer_free(target);
    return code;
}

/* The page shows the call without an id and calls it that of one approval [official]: both are open. */
tl_code tl_soar_block_results(cJSON **out, tl_soar *soar, int64_t approval_id, tl_error *err)
{
    *out = NULL;
    if (approval_id < 0)
        return tl_fail(err, TL_INVALID, "block results: the id must not be negative");
    tl_buffer target = {.limit = 256};
    tl_soar_ask ask = {.label = "block results", .any_shape = true};
    tl_buffer_text(&target, "/rest/approval/");
    if (approval_id > 0)
        tl_buffer_format(&target, "%lld", (long long)approval_id);
    tl_buffer_text(&target, "?block_results=True");
    return get_formatted(out, soar, &ask, &target, err);
}

/* ---- detail_summary_view ---- */

/* At any depth and in any case: they showed an API key in the official sample. */
static void drop_secrets(cJSON *asset)
{
    static const char *const secrets[] = {"configuration", "token"};
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
        while (cJSON_IsObject(asset) && cJSON_HasObjectItem(asset, secrets[i]))
            cJSON_DeleteItemFromObject(asset, secrets[i]);
    for (cJSON *child = tl_json_first(asset); child != NULL; child = child->next)
        drop_secrets(child);
}

/* The page's table types container_id and time_left as texts, its samples show numbers [official]. */
static bool make_number(cJSON *summary, const char *member)
{
    const char *text = tl_json_text(summary, member);
    cJSON *number = NULL;
    if (text == NULL || tl_json_parse(&number, text, strlen(text), NULL) != TL_OK)
        return true; /* nothing to do, or for the reader to judge */
    if (cJSON_IsNumber(number))
        return tl_json_set(summary, member, number);
    cJSON_Delete(number);
    return true;
}

/* The table calls notification_targets an object, the samples show an array [official]. */
static bool make_list(cJSON *summary, const char *member)
{
    if (!cJSON_IsObject(tl_json_member(summary, member)))
        return true;
    cJSON *list = cJSON_CreateArray();
    bool ok = tl_json_append(list, cJSON_DetachItemFromObjectCaseSensitive(summary, member));
    return tl_json_set(summary, member, list) && ok;
}

/* A member "Asset" would be read as one by others. */
static void drop_all_secrets(cJSON *summary)
{
    for (cJSON *member = tl_json_first(summary); member != NULL; member = member->next)
        if (member->string != NULL && tl_equal_ignore_case(member->string, "asset"))
            drop_secrets(member);
}

tl_code tl_soar_approval_summary(cJSON **out, tl_soar *soar, int64_t approval_id, tl_error *err)
{
    *out = NULL;
    tl_code code = tl_soar_check_id("approval summary", approval_id, err);
    if (code != TL_OK)
        return code;
    tl_buffer target = {.limit = 256};
    tl_soar_ask ask = {.label = "approval summary"};
    tl_buffer_format(&target, "/rest/approval/%lld/detail_summary_view", (long long)approval_id);
    code = get_formatted(out, soar, &ask, &target, err);
    if (code != TL_OK)
        return code;
    drop_all_secrets(*out);
    if (make_number(*out, "container_id") && make_number(*out, "time_left") &&
        make_list(*out, "notification_targets"))
        return TL_OK;
    cJSON_Delete(*out);
    *out = NULL;
    return tl_fail_memory(err);
}
