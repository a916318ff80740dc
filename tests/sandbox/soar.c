#include "soar.h"

#include <stdlib.h>
#include <string.h>

#include "embedded.h"
#include "json.h"
#include "soar_run.h"

/* Expired records of the page were closed 0.07 to 0.13 s after due_time [official] (splunk-soar 6.2). */
#define EXPIRY_LAG_US 90000

static bool is_pending(const struct approval *approval)
{
    return same_word(json_text(approval->record, "status"), "pending");
}

void approval_refresh(struct approval *approval)
{
    approval->id = json_int(approval->record, "id", 0);
    approval->action_run_id = approval->action_run ? json_int(approval->action_run, "id", 0) : 0;
    approval->app_run_id = approval->app_run ? json_int(approval->app_run, "id", 0) : 0;
    approval->container_id = json_int(approval->detail, "container_id", 0);
    approval->playbook_run_id = json_int(approval->record, "playbook_run", 0);
    approval->pending = is_pending(approval);
    approval->due = INT64_MAX - EXPIRY_LAG_US;
    time_read(json_text(approval->record, "due_time"), &approval->due);
}

struct approval *soar_approval(const struct soar *soar, long id)
{
    for (size_t i = 0; i < soar->count; i++)
        if (soar->approvals[i].id == id)
            return &soar->approvals[i];
    return NULL;
}

struct approval *soar_add_approval(struct soar *soar)
{
    soar->approvals = need_more(soar->approvals, (soar->count + 1) * sizeof *soar->approvals);
    struct approval *approval = &soar->approvals[soar->count++];
    *approval = (struct approval){0};
    return approval;
}

cJSON *approval_question(const struct approval *approval)
{
    const cJSON *target = cJSON_GetArrayItem(json_member(approval->detail, "notification_targets"), 0);
    return cJSON_GetArrayItem(json_member(target, "parameters"), 0);
}

static void add_fixture(struct soar *soar, const cJSON *fixture)
{
    struct approval *approval = soar_add_approval(soar);
    int64_t now = now_us();
    approval->record = cJSON_Duplicate(json_member(fixture, "record"), 1);
    approval->detail = cJSON_Duplicate(json_member(fixture, "detail"), 1);
    json_put_time(approval->record, "start_time", now);
    json_put_time(approval->record, "due_time", now + json_int(fixture, "minutes", 30) * 60000000);
    json_put_time(approval->detail, "update_time", now);
    approval->action_run = action_run_new(approval, json_int(approval->record, "action_run", 0));
    approval_refresh(approval);
    if (!soar_container(soar, approval->container_id))
        soar_add_container(soar, approval->container_id, json_text(approval->detail, "container_name"),
                           "events", NULL);
}

static void add_fixtures(struct soar *soar)
{
    cJSON *fixtures = cJSON_Parse(embedded_soar_fixtures);
    const cJSON *fixture;
    soar->playbook_runs = cJSON_CreateArray();
    soar->notes = cJSON_CreateArray();
    soar->script = cJSON_CreateArray();
    cJSON_ArrayForEach (fixture, fixtures) {
        add_fixture(soar, fixture);
    }
    cJSON_Delete(fixtures);
}

void soar_open(struct soar *soar)
{
    *soar = (struct soar){.next_approval = 11,
                          .next_container = 42,
                          .next_action_run = 901,
                          .next_app_run = 5501,
                          .next_playbook_run = 311,
                          .next_note = 10,
                          .next_artifact = 18};
    add_fixtures(soar);
}

static void free_approval(struct approval *approval)
{
    cJSON_Delete(approval->record);
    cJSON_Delete(approval->detail);
    cJSON_Delete(approval->patch);
    cJSON_Delete(approval->app_run);
    cJSON_Delete(approval->action_run);
    cJSON_Delete(approval->planned);
    free(approval->request);
    free(approval->token);
}

bool soar_forget(struct soar *soar, long id)
{
    struct approval *approval = soar_approval(soar, id);
    if (!approval)
        return false;
    free_approval(approval);
    size_t behind = (size_t)(&soar->approvals[soar->count] - approval) - 1;
    memmove(approval, approval + 1, behind * sizeof *approval);
    soar->count--;
    return true;
}

void soar_close(struct soar *soar)
{
    for (size_t i = 0; i < soar->count; i++)
        free_approval(&soar->approvals[i]);
    for (size_t i = 0; i < soar->container_count; i++) {
        cJSON_Delete(soar->containers[i].record);
        free(soar->containers[i].identifier);
        free(soar->containers[i].label);
    }
    free(soar->approvals);
    free(soar->containers);
    cJSON_Delete(soar->playbook_runs);
    cJSON_Delete(soar->notes);
    cJSON_Delete(soar->script);
    soar->approvals = NULL;
    soar->containers = NULL;
    soar->count = soar->container_count = 0;
    soar->playbook_runs = soar->notes = soar->script = NULL;
}

void soar_reset(struct soar *soar)
{
    soar_close(soar);
    add_fixtures(soar);
}

static void expire(struct approval *approval, int64_t due)
{
    json_put_text(approval->record, "status", "expired");
    json_put_time(approval->record, "close_time", due + EXPIRY_LAG_US);
    runs_expired(approval);
    approval_refresh(approval);
}

/* {"expire":true} moves the due time to the moment the script acts. */
static void act_as_planned(struct approval *approval)
{
    cJSON *planned = approval->planned;
    approval->planned = NULL;
    if (json_true(planned, "expire"))
        json_put_time(approval->record, "due_time", approval->planned_at);
    else
        soar_answer(approval, planned, approval->planned_at);
    cJSON_Delete(planned);
    approval_refresh(approval);
}

void soar_tick(struct soar *soar, int64_t now)
{
    for (size_t i = 0; i < soar->count; i++) {
        struct approval *approval = &soar->approvals[i];
        if (!approval->pending)
            continue;
        if (approval->planned && approval->planned_at <= now &&
            approval->planned_at < approval->due + EXPIRY_LAG_US)
            act_as_planned(approval);
        if (approval->pending && approval->due + EXPIRY_LAG_US <= now)
            expire(approval, approval->due);
    }
}

/* Without "status" and "responses" only the changes asked for are made. */
void soar_answer(struct approval *approval, const cJSON *spec, int64_t when)
{
    const cJSON *status = json_member(spec, "status"), *responses = json_member(spec, "responses");
    if (status || responses) {
        json_put(approval->record, "status",
                 status ? cJSON_Duplicate(status, 1) : cJSON_CreateString("approved"));
        json_put(approval->record, "responses",
                 responses ? cJSON_Duplicate(responses, 1) : cJSON_CreateArray());
        json_put_time(approval->record, "close_time", when);
        if (json_member(spec, "close_time"))
            json_put(approval->record, "close_time", cJSON_Duplicate(json_member(spec, "close_time"), 1));
        runs_answered(approval, spec);
    }
    json_merge(approval->record, json_member(spec, "set"));
    if (json_member(spec, "detail")) {
        if (!approval->patch)
            approval->patch = cJSON_CreateObject();
        json_merge(approval->patch, json_member(spec, "detail"));
    }
    approval_refresh(approval);
}

cJSON *approval_detail(const struct approval *approval, int64_t now)
{
    cJSON *detail = cJSON_Duplicate(approval->detail, 1);
    int64_t due = now;
    json_put(detail, "due_time", cJSON_Duplicate(json_member(approval->record, "due_time"), 1));
    time_read(json_text(approval->record, "due_time"), &due);
    /* Due minus now in seconds with a fraction [official]; after closing [unknown], we say 0. */
    json_put_number(detail, "time_left", due > now ? (double)(due - now) / 1e6 : 0);
    if (approval->patch)
        json_merge(detail, approval->patch);
    return detail;
}

cJSON *soar_state(const struct soar *soar)
{
    static const char *const copied[] = {"id", "status", "type", "responses", "close_time"};
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < soar->count; i++) {
        const struct approval *approval = &soar->approvals[i];
        cJSON *item = cJSON_CreateObject();
        for (size_t k = 0; k < sizeof copied / sizeof *copied; k++)
            json_put(item, copied[k], cJSON_Duplicate(json_member(approval->record, copied[k]), 1));
        json_put_number(item, "container_id", (double)json_int(approval->detail, "container_id", 0));
        json_put_text(item, "playbook_name", json_text(approval->detail, "playbook_name"));
        json_put_text(item, "action_name", json_text(approval->detail, "action_name"));
        json_put_text(item, "approvalRequestId", approval->request);
        cJSON_AddItemToArray(list, item);
    }
    return list;
}
