/* A prompt comes up as a playbook's prompt block would make it, and a script may answer it. */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "soar.h"
#include "soar_run.h"

#define NODE_GUID "5a4db0c0-5a4d-4a4d-8a4d-5a4db0c05a4d" /* the same in all rows: a system id [official] */
#define ANALYST_ID 13

static const char default_questions[] =
    "[{\"prompt\":\"Decision\",\"options\":{\"type\":\"list\",\"required\":true,"
    "\"choices\":[\"Permit\",\"Reject\",\"Ignore\"]}},"
    "{\"prompt\":\"Reason\",\"options\":{\"type\":\"message\",\"required\":false}}]";

static const char *text_or(const cJSON *spec, const char *name, const char *fallback)
{
    const char *text = json_text(spec, name);
    return text ? text : fallback;
}

/* All 20 fields, in the order of the page [official] (splunk-soar 6.2). */
static cJSON *new_record(struct soar *soar, const cJSON *spec, int64_t now, double minutes)
{
    cJSON *record = cJSON_CreateObject();
    json_put_text(record, "status", "pending");
    json_put_text(record, "owner_type", "User");
    json_put_number(record, "action_run", (double)soar->next_action_run++);
    json_put_number(record, "playbook_run", (double)soar->next_playbook_run++);
    json_put_text(record, "escalated_approval", NULL);
    json_put_text(record, "name", text_or(spec, "name", "ask_approver"));
    json_put_text(record, "parent", NULL);
    json_put_text(record, "node_guid", NODE_GUID);
    json_put_time(record, "start_time", now);
    json_put_text(record, "close_time", NULL);
    json_put_number(record, "id", (double)soar->next_approval++);
    json_put_time(record, "due_time", now + (int64_t)(minutes * 60e6));
    json_put_number(record, "version", 1);
    json_put(record, "jitc", cJSON_CreateObject());
    json_put_text(record, "asset", NULL);
    json_put_number(record, "owner", ANALYST_ID);
    json_put_text(record, "message", "pending-manual-action");
    json_put_text(record, "type", "manual");
    json_put(record, "display", cJSON_CreateTrue());
    json_put(record, "responses", cJSON_CreateArray());
    return record;
}

static cJSON *new_question(const cJSON *spec, const char *message, double minutes)
{
    cJSON *question = cJSON_CreateObject(), *users = cJSON_CreateArray();
    const cJSON *types = json_member(spec, "response_types");
    json_put_text(question, "to", text_or(spec, "to", "analyst@example.com"));
    json_put_text(question, "message", message);
    json_put_number(question, "mins_to_act", minutes);
    cJSON_AddItemToArray(users, cJSON_CreateNumber(ANALYST_ID));
    json_put(question, "user_ids", users);
    json_put(question, "response_types", types ? cJSON_Duplicate(types, 1) : cJSON_Parse(default_questions));
    return question;
}

static cJSON *new_targets(const cJSON *spec, const char *message, double minutes)
{
    cJSON *targets = cJSON_CreateArray(), *target = cJSON_CreateObject(), *parameters = cJSON_CreateArray();
    json_put_number(target, "app_id", 0);
    cJSON_AddItemToArray(parameters, new_question(spec, message, minutes));
    json_put(target, "parameters", parameters);
    json_put(target, "assets", cJSON_CreateArray());
    cJSON_AddItemToArray(targets, target);
    return targets;
}

static void put_playbook(cJSON *detail, const char *playbook, int64_t now)
{
    const char *slash = strchr(playbook, '/');
    char *repo = slash ? copy_bytes(playbook, (size_t)(slash - playbook)) : copy_text("local");
    json_put_text(detail, "playbook_repo", repo);
    json_put_time(detail, "update_time", now);
    json_put_text(detail, "playbook_name", slash ? slash + 1 : playbook);
    free(repo);
}

/* The "prompts" shape of the page [official] (splunk-soar 6.3). */
static cJSON *new_detail(const cJSON *spec, const cJSON *record, const cJSON *container, const char *message,
                         int64_t now, double minutes)
{
    cJSON *detail = cJSON_CreateObject();
    put_playbook(detail, text_or(spec, "playbook", "local/threatlocker_approval"), now);
    json_put_number(detail, "container_id", (double)json_int(container, "id", 0));
    json_put_number(detail, "time_left", 0);
    json_put_text(detail, "next_owner", NULL);
    json_put_text(detail, "action_name", json_text(record, "name"));
    json_put_text(detail, "due_time", NULL);
    json_put_text(detail, "asset", NULL);
    json_put_text(detail, "action_type", "prompt");
    json_put_text(detail, "container_name", json_text(container, "name"));
    json_put_text(detail, "owner", "analyst");
    json_put_text(detail, "notification_type", "prompts");
    json_put_text(detail, "type", "manual");
    json_put(detail, "notification_targets", new_targets(spec, message, minutes));
    return detail;
}

static const cJSON *container_for(struct soar *soar, const cJSON *spec)
{
    long wanted = json_int(spec, "container", 0);
    struct container *container = wanted ? soar_container(soar, wanted) : NULL;
    if (!container)
        container =
            soar_add_container(soar, wanted, text_or(spec, "container_name", "ThreatLocker approval request"),
                               "events", json_text(spec, "approvalRequestId"));
    return container->record;
}

/* The token of an external prompt is the last part of its link, 43 characters [official] (splunk-soar 5.2).
 */
static void make_external(struct approval *approval)
{
    struct text token = {0}, link = {0};
    cJSON *question = approval_question(approval);
    text_printf(&token, "EXAMPLE-external-prompt-token-%013ld", json_int(approval->record, "id", 0));
    text_printf(&link, "https://soar.example.com/external-prompt/%s", text_str(&token));
    json_put(question, "ttl", cJSON_Duplicate(json_member(question, "mins_to_act"), 1));
    json_put_text(question, "to", NULL);
    json_put_text(question, "to_role", NULL);
    json_put_text(question, "saml_group", NULL);
    json_put(question, "saml_required", cJSON_CreateFalse());
    json_put_text(question, "secure_link", text_str(&link));
    json_put_text(question, "external_prompt_id", text_str(&token));
    approval->token = copy_text(text_str(&token));
    text_free(&token);
    text_free(&link);
}

static bool entry_fits(const cJSON *entry, const struct approval *approval)
{
    const char *match = json_text(entry, "match");
    return !match || contains_word(json_text(approval_question(approval), "message"), match) ||
           contains_word(approval->request, match);
}

/* Each entry is used once, the first that fits. */
static void plan_answer(struct soar *soar, struct approval *approval, int64_t now)
{
    cJSON *entry;
    if (approval->planned || !same_word(json_text(approval->record, "status"), "pending") ||
        !same_word(json_text(approval->detail, "notification_type"), "prompts"))
        return;
    cJSON_ArrayForEach (entry, soar->script) {
        if (!entry_fits(entry, approval))
            continue;
        approval->planned = cJSON_DetachItemViaPointer(soar->script, entry);
        approval->planned_at = now + json_int(approval->planned, "delay_ms", 0) * 1000;
        return;
    }
}

bool soar_add_script(struct soar *soar, const cJSON *answers, struct text *error)
{
    const cJSON *entry;
    bool fine = cJSON_IsArray(answers);
    cJSON_ArrayForEach (entry, answers) {
        fine = fine && cJSON_IsObject(entry);
    }
    if (!fine) {
        text_puts(error, "answers must be a list of objects");
        return false;
    }
    cJSON_ArrayForEach (entry, answers) {
        cJSON_AddItemToArray(soar->script, cJSON_Duplicate(entry, 1));
    }
    int64_t now = now_us();
    for (size_t i = 0; i < soar->count; i++)
        plan_answer(soar, &soar->approvals[i], now);
    return true;
}

/* {"escalates":ID}: the new prompt takes over from an older one [inferred] (splunk-soar 6.2). */
static void link_escalation(struct soar *soar, long old_id, cJSON *record)
{
    struct approval *old = soar_approval(soar, old_id);
    if (!old)
        return;
    json_put_number(record, "parent", (double)old_id);
    json_put_number(old->record, "escalated_approval", (double)json_int(record, "id", 0));
}

static double minutes_of(const cJSON *spec)
{
    const cJSON *given = json_member(spec, "minutes");
    double minutes = cJSON_IsNumber(given) ? given->valuedouble : 30;
    return minutes > 1e7 ? 1e7 : minutes < -1e7 ? -1e7 : minutes;
}

long soar_prompt(struct soar *soar, const cJSON *spec, bool with_app_run, struct text *error)
{
    double minutes = minutes_of(spec);
    const char *request = json_text(spec, "approvalRequestId");
    if (!cJSON_IsObject(spec)) {
        text_puts(error, "an object is wanted");
        return 0;
    }
    struct text message = {0};
    text_printf(&message, "Approve this file?\nThreatLocker request %s", request ? request : "(none)");
    const char *asked = text_or(spec, "message", text_str(&message));
    int64_t now = now_us();
    cJSON *record = new_record(soar, spec, now, minutes);
    link_escalation(soar, json_int(spec, "escalates", 0), record);
    struct approval *approval = soar_add_approval(soar);
    approval->record = record;
    approval->request = request ? copy_text(request) : NULL;
    approval->detail = new_detail(spec, record, container_for(soar, spec), asked, now, minutes);
    approval->action_run = action_run_new(approval, json_int(record, "action_run", 0));
    if (with_app_run && !cJSON_IsFalse(json_member(spec, "app_run")))
        approval->app_run = app_run_new(approval, soar->next_app_run++);
    if (json_true(spec, "external"))
        make_external(approval);
    approval_refresh(approval);
    plan_answer(soar, approval, now);
    text_free(&message);
    return approval->id;
}
