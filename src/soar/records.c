/* Single records, and what is read by path alone. */
#include "base/text.h"
#include "soar/client.h"

tl_code tl_soar_check_id(const char *label, int64_t id, tl_error *err)
{
    return id > 0 ? TL_OK : tl_fail(err, TL_INVALID, "%s: the id must be a positive number", label);
}

tl_code tl_soar_record(cJSON **out, tl_soar *soar, const char *type, int64_t id, const char *more,
                       tl_error *err)
{
    *out = NULL;
    tl_code code = tl_soar_check_id(type, id, err);
    if (code != TL_OK)
        return code;
    tl_buffer target = {.limit = 256};
    tl_buffer_format(&target, "/rest/%s/%lld%s", type, (long long)id, more);
    code = target.failed ? tl_fail_memory(err) : tl_soar_get(out, soar, type, target.data, err);
    tl_buffer_free(&target);
    if (code == TL_OK && tl_json_integer_or(*out, "id", -1) != id) {
        cJSON_Delete(*out);
        *out = NULL;
        code = tl_fail(err, TL_PROTOCOL, "%s: asked for %lld, got another one", type, (long long)id);
    }
    return code;
}

tl_code tl_soar_action_run(cJSON **out, tl_soar *soar, int64_t action_run_id, tl_error *err)
{
    return tl_soar_record(out, soar, "action_run", action_run_id, "", err);
}

tl_code tl_soar_app_run(cJSON **out, tl_soar *soar, int64_t app_run_id, tl_error *err)
{
    return tl_soar_record(out, soar, "app_run", app_run_id, "?include_expensive=true", err);
}

tl_code tl_soar_container(cJSON **out, tl_soar *soar, int64_t container_id, tl_error *err)
{
    return tl_soar_record(out, soar, "container", container_id, "", err);
}

tl_code tl_soar_playbook_run(cJSON **out, tl_soar *soar, int64_t playbook_run_id, tl_error *err)
{
    return tl_soar_record(out, soar, "playbook_run", playbook_run_id, "", err);
}

tl_code tl_soar_version(cJSON **out, tl_soar *soar, tl_error *err)
{
    tl_code code = tl_soar_get(out, soar, "version", "/rest/version", err);
    if (code != TL_OK || tl_json_text(*out, "version") != NULL)
        return code;
    cJSON_Delete(*out);
    *out = NULL;
    return tl_fail(err, TL_PROTOCOL, "version: the reply has none; check url");
}
