#include "soar/runs.h"

#include "base/text.h"
#include "soar/client.h"

static tl_code get_app_run(cJSON **out, tl_soar *soar, int64_t id, tl_error *err)
{
    tl_buffer target = {.limit = 128};
    tl_buffer_format(&target, "/rest/app_run/%lld?include_expensive=true", (long long)id);
    tl_code code = target.failed ? tl_fail_memory(err) : tl_soar_get(out, soar, "app run", target.data, err);
    tl_buffer_free(&target);
    if (code == TL_OK && tl_json_integer_or(*out, "id", -1) != id) {
        cJSON_Delete(*out);
        *out = NULL;
        code = tl_fail(err, TL_PROTOCOL, "app run: asked for %lld, got another one", (long long)id);
    }
    return code;
}

tl_code tl_soar_app_run_of(cJSON **out, const char **out_note, tl_soar *soar, int64_t action_run_id,
                           tl_error *err)
{
    *out = NULL;
    *out_note = NULL;
    tl_buffer path = {.limit = 128};
    tl_buffer_format(&path, "/rest/action_run/%lld/app_runs", (long long)action_run_id);
    cJSON *runs = NULL;
    tl_error here = TL_ERROR_INIT;
    tl_code code = path.failed ? tl_fail_memory(&here)
                               : tl_soar_list(&runs, soar, "app runs of the prompt", path.data, "", &here);
    tl_buffer_free(&path);
    /* Perhaps SOAR keeps no app run for prompts [unknown]: then the record alone is the evidence. */
    if (code == TL_NOT_FOUND) {
        *out_note = "SOAR shows no app runs for this action run";
        return TL_OK;
    }
    if (code != TL_OK) {
        if (err != NULL && err->code == TL_OK)
            *err = here;
        return code;
    }
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
    return get_app_run(out, soar, id, err);
}
