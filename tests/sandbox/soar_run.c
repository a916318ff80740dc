#include "soar_run.h"

#include "json.h"

cJSON *action_run_new(const struct approval *approval, long id)
{
    cJSON *run = cJSON_CreateObject();
    json_put_number(run, "id", (double)id);
    json_put(run, "action", json_copy(approval->detail, "action_type"));
    json_put(run, "name", json_copy(approval->detail, "action_name"));
    json_put(run, "container", json_copy(approval->detail, "container_id"));
    json_put(run, "playbook_run", json_copy(approval->record, "playbook_run"));
    json_put(run, "create_time", json_copy(approval->record, "start_time"));
    json_put(run, "close_time", cJSON_CreateNull());
    json_put_text(run, "status", "running");
    json_put_text(run, "message", "");
    json_put_text(run, "type", "manual");
    return run;
}

cJSON *app_run_new(const struct approval *approval, long id)
{
    cJSON *run = cJSON_CreateObject();
    json_put_number(run, "id", (double)id);
    json_put(run, "action_run", json_copy(approval->record, "action_run"));
    json_put_text(run, "action", "prompt");
    json_put_number(run, "app", 0);
    json_put(run, "asset", cJSON_CreateNull());
    json_put(run, "container", json_copy(approval->detail, "container_id"));
    json_put(run, "playbook_run", json_copy(approval->record, "playbook_run"));
    json_put_text(run, "status", "running");
    json_put_text(run, "message", "");
    json_put(run, "result_data", cJSON_CreateArray());
    return run;
}

static cJSON *result_parameter(const struct approval *approval)
{
    cJSON *parameter = cJSON_CreateObject(), *context = cJSON_CreateObject();
    json_put(parameter, "message", json_copy(approval_question(approval), "message"));
    json_put(parameter, "ttl", json_copy(approval_question(approval), "mins_to_act"));
    json_put_number(context, "artifact_id", 0);
    json_put(parameter, "context", context);
    return parameter;
}

/* Takes `summary`. */
static void end_app_run(struct approval *approval, const char *status, const char *message, cJSON *summary)
{
    cJSON *result = cJSON_CreateObject(), *list = cJSON_CreateArray();
    json_put_text(result, "status", status);
    json_put_text(result, "message", message);
    json_put(result, "parameter", result_parameter(approval));
    json_put(result, "data", cJSON_CreateArray());
    json_put(result, "summary", summary);
    cJSON_AddItemToArray(list, result);
    json_put_text(approval->app_run, "status", status);
    json_put_text(approval->app_run, "message", message);
    json_put(approval->app_run, "result_data", list);
}

static void end_action_run(struct approval *approval, const char *status, const char *message)
{
    if (!approval->action_run)
        return;
    json_put_text(approval->action_run, "status", status);
    json_put_text(approval->action_run, "message", message);
    json_put(approval->action_run, "close_time", json_copy(approval->record, "close_time"));
}

/* Timed out = not success [inferred] (splunk-soar 5.1). */
void runs_expired(struct approval *approval)
{
    end_action_run(approval, "failed", "The prompt expired");
    if (approval->app_run)
        end_app_run(approval, "failed", "The prompt expired", cJSON_CreateObject());
}

static cJSON *answer_summary(const struct approval *approval, const cJSON *spec)
{
    const char *by = json_text(spec, "by");
    cJSON *summary = cJSON_CreateObject();
    json_put_text(summary, "user", by ? by : "analyst");
    json_put(summary, "sent_at", json_copy(approval->record, "start_time"));
    json_put(summary, "answered_at", json_copy(approval->record, "close_time"));
    json_put(summary, "responses", json_copy(approval->record, "responses"));
    return summary;
}

/* {"status","responses","user","answered_at","summary":{…},"set":{…}}: the run says something else. */
static void make_disagree(struct approval *approval, const cJSON *wanted)
{
    static const char *const into_summary[] = {"user", "responses", "answered_at", "sent_at"};
    cJSON *results = cJSON_GetObjectItemCaseSensitive(approval->app_run, "result_data");
    cJSON *result = cJSON_GetArrayItem(results, 0);
    cJSON *summary = cJSON_GetObjectItemCaseSensitive(result, "summary");
    for (size_t i = 0; i < sizeof into_summary / sizeof *into_summary; i++)
        if (json_member(wanted, into_summary[i]))
            json_put(summary, into_summary[i], json_copy(wanted, into_summary[i]));
    if (json_member(wanted, "status")) {
        json_put(result, "status", json_copy(wanted, "status"));
        json_put(approval->app_run, "status", json_copy(wanted, "status"));
    }
    json_merge(summary, json_member(wanted, "summary"));
    json_merge(approval->app_run, json_member(wanted, "set"));
}

void runs_answered(struct approval *approval, const cJSON *spec)
{
    const cJSON *wanted = json_member(spec, "app_run");
    const char *status = json_text(approval->record, "status");
    if (cJSON_IsFalse(wanted)) { /* perhaps prompts have no app run at all [unknown] (splunk-soar S5) */
        cJSON_Delete(approval->app_run);
        approval->app_run = NULL;
    }
    if (same_word(status, "pending"))
        return;
    if (same_word(status, "expired")) {
        runs_expired(approval);
        return;
    }
    end_action_run(approval, "success", "1 action succeeded");
    if (!approval->app_run || same_word(cJSON_GetStringValue(wanted), "running"))
        return;
    end_app_run(approval, "success", "1 action succeeded", answer_summary(approval, spec));
    make_disagree(approval, wanted);
}
