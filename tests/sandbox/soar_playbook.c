/* Playbook runs started by REST, and external prompts. */
#include <string.h>

#include "json.h"
#include "soar_list.h"
#include "soar_serve.h"

/* The one playbook there is. */
#define PLAYBOOK_ID 7
#define PLAYBOOK_NAME "local/threatlocker_approval"

#define RUN_US 200000 /* how long a run is "running": a POST only queues [official] (splunk-soar 8.5) */

static cJSON *find_run(const struct soar *soar, long id)
{
    cJSON *run;
    cJSON_ArrayForEach (run, soar->playbook_runs) {
        if (json_int(run, "id", 0) == id)
            return run;
    }
    return NULL;
}

static cJSON *new_run(long id, long container, bool running)
{
    cJSON *run = cJSON_CreateObject();
    json_put_number(run, "id", (double)id);
    json_put_number(run, "container", (double)container);
    json_put_number(run, "playbook", PLAYBOOK_ID);
    json_put_text(run, "status", running ? "running" : "success");
    json_put_text(run, "message", "");
    return run;
}

/* A prompt's run waits for its answer. */
static cJSON *run_of_prompt(const struct soar *soar, long id)
{
    for (size_t i = 0; i < soar->count; i++)
        if (soar->approvals[i].playbook_run_id == id)
            return new_run(id, soar->approvals[i].container_id, soar->approvals[i].pending);
    return NULL;
}

static void end_run(cJSON *run)
{
    int64_t start = 0;
    if (same_word(json_text(run, "status"), "running") && time_read(json_text(run, "start_time"), &start) &&
        now_us() - start >= RUN_US) {
        json_put_text(run, "status", "success");
        json_put_text(run, "message", "{\"message\":\"playbook finished\"}");
    }
}

void get_playbook_run(struct sandbox *sandbox, const struct call *call, long id, const char *rest,
                      struct reply *reply)
{
    cJSON *run;
    if (id == 0 && !*rest) {
        cJSON_ArrayForEach (run, sandbox->soar.playbook_runs) {
            end_run(run);
        }
        soar_list(sandbox->soar.playbook_runs, NULL, call, reply);
        return;
    }
    run = find_run(&sandbox->soar, id);
    if (run)
        end_run(run);
    cJSON *shown = *rest ? NULL : run ? cJSON_Duplicate(run, 1) : run_of_prompt(&sandbox->soar, id);
    if (shown)
        reply_tree(reply, 200, shown);
    else
        soar_not_found(reply, *rest ? rest : "playbook_run");
}

/* Number or "repo/name" [official]; 404 `Playbook "N" not found` (splunk-soar 7). */
static bool check_playbook(const cJSON *playbook, struct reply *reply)
{
    struct text message = {0};
    const char *name = cJSON_GetStringValue(playbook);
    if (name ? strcmp(name, PLAYBOOK_NAME) == 0
             : cJSON_IsNumber(playbook) && playbook->valuedouble == PLAYBOOK_ID)
        return true;
    text_puts(&message, "Playbook \"");
    if (name)
        text_puts(&message, name);
    else if (playbook)
        json_print(&message, playbook);
    text_puts(&message, "\" not found");
    soar_error(reply, 404, text_str(&message));
    text_free(&message);
    return false;
}

/* The pages differ on what inputs are [official]: any, by default. */
static bool check_inputs(const struct sandbox *sandbox, const cJSON *inputs, struct reply *reply)
{
    bool fine = !inputs || switch_is(&sandbox->switches, SW_PLAYBOOK_INPUTS, "any") ||
                switch_is(&sandbox->switches, SW_PLAYBOOK_INPUTS, cJSON_IsString(inputs) ? "text" : "object");
    if (!fine)
        soar_error(reply, 400, "inputs are of the wrong type");
    return fine;
}

static void start(struct sandbox *sandbox, const cJSON *body, struct reply *reply)
{
    struct text id_text = {0};
    long container = json_int(body, "container_id", 0);
    if (!soar_container(&sandbox->soar, container)) {
        soar_error(reply, 404, "container not found");
        return;
    }
    if (!check_playbook(json_member(body, "playbook_id"), reply) ||
        !check_inputs(sandbox, json_member(body, "inputs"), reply))
        return;
    long id = sandbox->soar.next_playbook_run++;
    cJSON *run = new_run(id, container, true), *tree = cJSON_CreateObject();
    json_put_time(run, "start_time", now_us());
    json_put(run, "inputs", json_copy(body, "inputs"));
    cJSON_AddItemToArray(sandbox->soar.playbook_runs, run);
    /* {"playbook_run_id":"1","received":true}: a string [official] */
    text_printf(&id_text, "%ld", id);
    json_put_text(tree, "playbook_run_id", text_str(&id_text));
    json_put(tree, "received", cJSON_CreateTrue());
    reply_tree(reply, 200, tree);
    text_free(&id_text);
}

void post_playbook_run(struct sandbox *sandbox, const struct call *call, long id, const char *rest,
                       struct reply *reply)
{
    soar_create(sandbox, call, id, rest, reply, start);
}

/* {due_time, status, action_name, targets} [official]; after an answer [unknown], here the record's status
 * (splunk-soar 5.2). */
void get_external_prompt(struct sandbox *sandbox, const struct call *call, long id, const char *rest,
                         struct reply *reply)
{
    (void)id, (void)rest;
    const char *token = call->path + strlen("/rest/external_prompt");
    token += *token == '/';
    for (size_t i = 0; i < sandbox->soar.count; i++) {
        const struct approval *approval = &sandbox->soar.approvals[i];
        if (!approval->token || strcmp(approval->token, token) != 0)
            continue;
        cJSON *tree = cJSON_CreateObject();
        json_put(tree, "due_time", cJSON_Duplicate(json_member(approval->record, "due_time"), 1));
        json_put(tree, "status", cJSON_Duplicate(json_member(approval->record, "status"), 1));
        json_put(tree, "action_name", cJSON_Duplicate(json_member(approval->detail, "action_name"), 1));
        json_put(tree, "targets", cJSON_Duplicate(json_member(approval->detail, "notification_targets"), 1));
        reply_tree(reply, 200, tree);
        return;
    }
    soar_not_found(reply, "external_prompt");
}
