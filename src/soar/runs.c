#include "soar/runs.h"

#include "base/text.h"
#include "soar/client.h"

tl_code tl_soar_app_runs(cJSON **out_records, tl_soar *soar, int64_t action_run_id, tl_error *err)
{
    *out_records = NULL;
    tl_soar_listing listing = {.label = "app runs", .filters = ""};
    tl_code code = tl_soar_check_id(listing.label, action_run_id, err);
    if (code != TL_OK)
        return code;
    tl_buffer path = {.limit = 128};
    tl_buffer_format(&path, "/rest/action_run/%lld/app_runs", (long long)action_run_id);
    listing.path = path.data;
    code = path.failed ? tl_fail_memory(err) : tl_soar_list(out_records, NULL, soar, &listing, err);
    tl_buffer_free(&path);
    return code;
}

tl_code tl_soar_app_run_of(cJSON **out, const char **out_note, tl_soar *soar, int64_t action_run_id,
                           tl_error *err)
{
    *out = NULL;
    *out_note = NULL;
    cJSON *runs = NULL;
    tl_error here = TL_ERROR_INIT;
    tl_code code = tl_soar_app_runs(&runs, soar, action_run_id, &here);
    /* Perhaps SOAR keeps no app run for prompts [unknown]: then the record alone is the evidence. */
    if (code == TL_NOT_FOUND) {
        *out_note = "SOAR shows no app runs for this action run";
        return TL_OK;
    }
    if (code != TL_OK)
        return tl_fail_with(err, &here);
    int count = cJSON_GetArraySize(runs);
    int64_t id = count == 1 ? tl_json_integer_or(tl_json_first(runs), "id", -1) : -1;
    cJSON_Delete(runs);
    if (count == 0) {
        *out_note = "the action run has no app run";
        return TL_OK;
    }
    if (count > 1) { /* one of them may say no, so the record must not decide alone */
        *out_note = "the action run has several app runs";
        *out = cJSON_CreateObject();
        return *out == NULL ? tl_fail_memory(err) : TL_OK;
    }
    return tl_soar_app_run(out, soar, id, err);
}
