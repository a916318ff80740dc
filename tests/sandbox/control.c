/* The control path, /_sandbox/…: how tests inspect and change the sandbox. README.md is its reference. */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "sandbox.h"

struct control {
    struct sandbox *sandbox;
    const struct call *call;
    const cJSON *body; /* {} where none was sent */
    struct reply *reply;
    struct text error; /* becomes a 400 */
};

static const char no_approval[] = "approval must be the number of an approval";

typedef void control_fn(struct control *at);

static void reply_done(struct control *at)
{
    reply_json(at->reply, 200, "{\"ok\":true}");
}

static void get_state(struct control *at)
{
    struct sandbox *sandbox = at->sandbox;
    cJSON *state = cJSON_CreateObject();
    soar_tick(&sandbox->soar, now_us());
    json_put(state, "requests", world_state_requests(&sandbox->world));
    json_put(state, "approvals", soar_state(&sandbox->soar));
    json_put(state, "organizations", cJSON_Duplicate(sandbox->world.organizations, 1));
    json_put(state, "applications", cJSON_Duplicate(sandbox->world.applications, 1));
    json_put(state, "containers", soar_container_tree(&sandbox->soar));
    json_put(state, "notes", cJSON_Duplicate(sandbox->soar.notes, 1));
    json_put(state, "playbook_runs", cJSON_Duplicate(sandbox->soar.playbook_runs, 1));
    json_put(state, "script", cJSON_Duplicate(sandbox->soar.script, 1));
    json_put(state, "switches", switches_tree(&sandbox->switches));
    json_put(state, "faults", faults_tree(&sandbox->faults));
    reply_tree(at->reply, 200, state);
}

static void get_calls(struct control *at)
{
    reply_json(at->reply, 200, "");
    calls_print(&at->sandbox->calls, pairs_get(&at->call->args, "match"), &at->reply->body);
}

static void delete_calls(struct control *at)
{
    calls_clear(&at->sandbox->calls);
    reply_done(at);
}

static void post_prompt(struct control *at)
{
    struct soar *soar = &at->sandbox->soar;
    bool with_app_run = switch_is(&at->sandbox->switches, SW_PROMPT_APP_RUN, "present");
    long id = soar_prompt(soar, at->body, with_app_run, &at->error);
    const struct approval *approval = soar_approval(soar, id);
    if (!approval)
        return;
    cJSON *tree = cJSON_CreateObject();
    json_put_number(tree, "approval", (double)id);
    json_put_number(tree, "container", (double)json_int(approval->detail, "container_id", 0));
    json_put_number(tree, "action_run", (double)json_int(approval->record, "action_run", 0));
    json_put_number(tree, "app_run", (double)json_int(approval->app_run, "id", 0));
    if (approval->token)
        json_put_text(tree, "token", approval->token);
    reply_tree(at->reply, 200, tree);
}

/* Many prompts from one description: {"count":N, …}. */
static void post_prompts(struct control *at)
{
    struct soar *soar = &at->sandbox->soar;
    bool with_app_run = switch_is(&at->sandbox->switches, SW_PROMPT_APP_RUN, "present");
    long count = json_int(at->body, "count", 0), first = soar->next_approval, last = 0;
    if (count < 1 || count > 100000) {
        text_puts(&at->error, "count must be between 1 and 100000");
        return;
    }
    for (long i = 0; i < count && !at->error.data; i++)
        last = soar_prompt(soar, at->body, with_app_run, &at->error);
    cJSON *tree = cJSON_CreateObject();
    json_put_number(tree, "first", (double)first);
    json_put_number(tree, "last", (double)last);
    if (at->error.data)
        cJSON_Delete(tree);
    else
        reply_tree(at->reply, 200, tree);
}

static void post_playbook_run_change(struct control *at)
{
    long wanted = json_int(at->body, "playbook_run", 0);
    cJSON *run;
    cJSON_ArrayForEach (run, at->sandbox->soar.playbook_runs) {
        if (json_int(run, "id", 0) == wanted) {
            json_merge(run, json_member(at->body, "set"));
            reply_done(at);
            return;
        }
    }
    text_puts(&at->error, "playbook_run must be the number of a run started by REST");
}

static void post_answer(struct control *at)
{
    struct soar *soar = &at->sandbox->soar;
    soar_tick(soar, now_us());
    struct approval *approval = soar_approval(soar, json_int(at->body, "approval", 0));
    if (!approval) {
        text_puts(&at->error, no_approval);
        return;
    }
    soar_answer(approval, at->body, now_us());
    reply_tree(at->reply, 200, cJSON_Duplicate(approval->record, 1));
}

static void post_forget(struct control *at)
{
    if (soar_forget(&at->sandbox->soar, json_int(at->body, "approval", 0)))
        reply_done(at);
    else
        text_puts(&at->error, no_approval);
}

static void get_script(struct control *at)
{
    cJSON *tree = cJSON_CreateObject();
    json_put(tree, "answers", cJSON_Duplicate(at->sandbox->soar.script, 1));
    reply_tree(at->reply, 200, tree);
}

static void post_script(struct control *at)
{
    soar_tick(&at->sandbox->soar, now_us());
    if (soar_add_script(&at->sandbox->soar, json_member(at->body, "answers"), &at->error))
        get_script(at);
}

static void delete_script(struct control *at)
{
    cJSON_Delete(at->sandbox->soar.script);
    at->sandbox->soar.script = cJSON_CreateArray();
    reply_done(at);
}

static void get_fault(struct control *at)
{
    reply_tree(at->reply, 200, faults_tree(&at->sandbox->faults));
}

static void post_fault(struct control *at)
{
    if (faults_arm(&at->sandbox->faults, at->body, &at->error))
        get_fault(at);
}

static void delete_fault(struct control *at)
{
    faults_clear(&at->sandbox->faults);
    reply_done(at);
}

static void get_switch(struct control *at)
{
    reply_tree(at->reply, 200, switches_tree(&at->sandbox->switches));
}

static void forget_rows(struct world *world)
{
    for (size_t i = 0; i < world->request_count; i++) {
        free(world->requests[i].row);
        world->requests[i].row = NULL;
    }
}

static void post_switch(struct control *at)
{
    if (!switches_set(&at->sandbox->switches, at->body, &at->error))
        return;
    forget_rows(&at->sandbox->world); /* the instance stands in them */
    get_switch(at);
}

bool control_change_request(struct sandbox *sandbox, const cJSON *spec, struct text *error)
{
    struct request *request = world_request(&sandbox->world, json_text(spec, "approvalRequestId"));
    const cJSON *set = json_member(spec, "set");
    const cJSON *new_id = cJSON_GetObjectItemCaseSensitive(set, "approvalRequestId");
    if (!request || !cJSON_IsObject(set) || (new_id && !is_guid(cJSON_GetStringValue(new_id)))) {
        text_puts(error, "approvalRequestId must be that of a request, set an object");
        return false;
    }
    json_merge(request->fields, set);
    request_changed(request);
    return true;
}

static void post_request(struct control *at)
{
    if (control_change_request(at->sandbox, at->body, &at->error))
        reply_done(at);
}

static bool read_count(const cJSON *body, const char *name, long most, unsigned long *out, struct text *error)
{
    long count = json_int(body, name, 0);
    bool fine = count >= 0 && count <= most;
    if (!fine)
        text_printf(error, "%s must be between 0 and %ld", name, most);
    *out = fine ? (unsigned long)count : 0;
    return fine;
}

/* {"default":true} stands for the default fixtures, {"generate":N} adds generated requests,
 * {"organizations_generate":N} organizations for them. */
static void post_seed(struct control *at)
{
    struct world *world = &at->sandbox->world;
    unsigned long clients, more;
    if (!read_count(at->body, "organizations_generate", GENERATED_ORGANIZATIONS, &clients, &at->error) ||
        !read_count(at->body, "generate", GENERATED_REQUESTS, &more, &at->error))
        return;
    bool fine =
        json_true(at->body, "default") ? world_seed_default(world) : world_seed(world, at->body, &at->error);
    if (!fine)
        return;
    world_generate_organizations(world, clients);
    world_generate(world, more);
    soar_reset(&at->sandbox->soar);
    reply_done(at);
}

bool sandbox_first_data(struct sandbox *sandbox, struct text *error)
{
    struct world *world = &sandbox->world;
    bool fine = sandbox->first_fixtures ? world_seed(world, sandbox->first_fixtures, error)
                                        : world_seed_default(world);
    if (fine) {
        world_generate_organizations(world, sandbox->first_organizations);
        world_generate(world, sandbox->first_generated);
    }
    return fine;
}

/* As after the start, but for numbers of approvals and runs: they go on. */
static void post_reset(struct control *at)
{
    struct sandbox *sandbox = at->sandbox;
    sandbox_first_data(sandbox, &at->error);
    soar_reset(&sandbox->soar);
    switches_reset(&sandbox->switches);
    faults_clear(&sandbox->faults);
    calls_clear(&sandbox->calls);
    reply_done(at);
}

static const struct {
    const char *method, *name;
    control_fn *serve;
} table[] = {{"GET", "state", get_state},         {"GET", "calls", get_calls},
             {"DELETE", "calls", delete_calls},   {"POST", "prompt", post_prompt},
             {"POST", "prompts", post_prompts},   {"POST", "playbook_run", post_playbook_run_change},
             {"POST", "answer", post_answer},     {"POST", "forget", post_forget},
             {"GET", "script", get_script},       {"POST", "script", post_script},
             {"DELETE", "script", delete_script}, {"GET", "fault", get_fault},
             {"POST", "fault", post_fault},       {"DELETE", "fault", delete_fault},
             {"GET", "switch", get_switch},       {"POST", "switch", post_switch},
             {"POST", "request", post_request},   {"POST", "seed", post_seed},
             {"POST", "reset", post_reset}};

static void reply_error(struct reply *reply, unsigned status, const char *message)
{
    cJSON *tree = cJSON_CreateObject();
    json_put_text(tree, "error", message);
    reply_tree(reply, status, tree);
}

static void serve(struct control *at, control_fn *fn)
{
    const struct text *sent = &at->call->body;
    cJSON *body = sent->len ? json_read(sent->data, sent->len) : cJSON_CreateObject();
    at->body = body;
    if (!body)
        text_puts(&at->error, "the body is not valid JSON");
    else
        fn(at);
    if (at->error.data)
        reply_error(at->reply, 400, at->error.data);
    text_free(&at->error);
    cJSON_Delete(body);
}

void control_serve(struct sandbox *sandbox, const struct call *call, struct reply *reply)
{
    struct control at = {.sandbox = sandbox, .call = call, .reply = reply};
    const char *name = call->path + strlen("/_sandbox");
    name += *name == '/';
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].method, call->method) == 0 && same_word(table[i].name, name)) {
            serve(&at, table[i].serve);
            return;
        }
    reply_error(reply, 404, "no such control call");
}
