/* Routing and authentication of SOAR's REST API. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "json.h"
#include "soar_list.h"
#include "soar_serve.h"

/* Basic with user and password, or with an empty user and the token as password [official] (7). */
static bool basic_accepted(const char *header, bool token_valid)
{
    if (!header || strncasecmp(header, "Basic ", 6) != 0)
        return false;
    char *plain = base64_decode(header + 6);
    bool fine = plain && (strcmp(plain, SOAR_USER ":" SOAR_PASSWORD) == 0 ||
                          (token_valid && strcmp(plain, ":" SOAR_TOKEN) == 0));
    free(plain);
    return fine;
}

static bool authenticated(const struct sandbox *sandbox, const struct call *call, struct reply *reply)
{
    bool token_valid = switch_is(&sandbox->switches, SW_SOAR_TOKEN, "valid");
    const char *token = pairs_get(&call->headers, "ph-auth-token");
    bool fine = token ? token_valid && strcmp(token, SOAR_TOKEN) == 0
                      : basic_accepted(pairs_get(&call->headers, "Authorization"), token_valid);
    if (!fine)
        soar_error(reply, 401, "Authentication credentials were not provided or are invalid");
    return fine;
}

void soar_not_found(struct reply *reply, const char *what)
{
    struct text message = {0};
    text_printf(&message, "not found %s", what); /* "not found run_playbook" [observed LIVE] */
    soar_error(reply, 404, text_str(&message));
    text_free(&message);
}

/* The body, which must be an object; NULL after having replied. The caller's. */
static cJSON *read_body(const struct call *call, struct reply *reply)
{
    cJSON *body = json_read(call->body.data, call->body.len);
    if (cJSON_IsObject(body))
        return body;
    cJSON_Delete(body);
    soar_error(reply, 400, "the body is no JSON object");
    return NULL;
}

/* Changing what is there is more than the approvals need. */
void soar_create(struct sandbox *sandbox, const struct call *call, long id, const char *rest,
                 struct reply *reply,
                 void (*create)(struct sandbox *sandbox, const cJSON *body, struct reply *reply))
{
    if (id || *rest) {
        soar_error(reply, 405, "Method not allowed");
        return;
    }
    cJSON *body = read_body(call, reply);
    if (body)
        create(sandbox, body, reply);
    cJSON_Delete(body);
}

/* {"success":true,"id":N} [official] (splunk-soar 7) */
void soar_created(struct reply *reply, cJSON *tree, const char *id_member, long id)
{
    json_put(tree, "success", cJSON_CreateTrue());
    json_put_number(tree, id_member, (double)id);
    reply_tree(reply, 200, tree);
}

void soar_list_approvals(struct sandbox *sandbox, long container_id, const struct call *call,
                         struct reply *reply)
{
    cJSON *rows = cJSON_CreateArray();
    for (size_t i = 0; i < sandbox->soar.count; i++)
        if (container_id == 0 || sandbox->soar.approvals[i].container_id == container_id)
            cJSON_AddItemReferenceToArray(rows, sandbox->soar.approvals[i].record);
    soar_list(rows, NULL, call, reply);
    cJSON_Delete(rows);
}

/* Contents are [unknown]: datapaths as a playbook would write them (splunk-soar 6.1). */
static void add_datapaths(cJSON *tree, const struct approval *approval)
{
    static const char *const members[] = {"status", "message", "responses"};
    const char *name = json_text(approval->record, "name");
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        struct text path = {0};
        text_printf(&path, "%s:action_result.%s", name ? name : "", members[i]);
        json_put(tree, text_str(&path), cJSON_Duplicate(json_member(approval->record, members[i]), 1));
        text_free(&path);
    }
}

static void block_results(const struct sandbox *sandbox, const struct approval *only, struct reply *reply)
{
    cJSON *tree = cJSON_CreateObject();
    for (size_t i = 0; i < sandbox->soar.count; i++)
        if (!only || only == &sandbox->soar.approvals[i])
            add_datapaths(tree, &sandbox->soar.approvals[i]);
    reply_tree(reply, 200, tree);
}

static void get_approval(struct sandbox *sandbox, const struct call *call, long id, const char *rest,
                         struct reply *reply)
{
    const struct approval *approval = soar_approval(&sandbox->soar, id);
    bool blocks = same_word(pairs_get(&call->args, "block_results"), "True");
    if (id == 0 && !*rest && blocks)
        block_results(sandbox, NULL, reply);
    else if (id == 0 && !*rest)
        soar_list_approvals(sandbox, 0, call, reply);
    else if (!approval)
        soar_not_found(reply, "approval");
    else if (!*rest && blocks)
        block_results(sandbox, approval, reply);
    else if (!*rest)
        reply_tree(reply, 200, cJSON_Duplicate(approval->record, 1));
    else if (strcmp(rest, "detail_summary_view") == 0)
        reply_tree(reply, 200, approval_detail(approval, now_us()));
    else
        soar_not_found(reply, rest);
}

static const struct approval *with_run(const struct soar *soar, bool app_run, long id)
{
    for (size_t i = 0; id > 0 && i < soar->count; i++) {
        const struct approval *approval = &soar->approvals[i];
        if ((app_run ? approval->app_run_id : approval->action_run_id) == id)
            return approval;
    }
    return NULL;
}

/* Lists leave result_data out [observed MCP] (splunk-soar 8.6). */
static void get_action_run(struct sandbox *sandbox, const struct call *call, long id, const char *rest,
                           struct reply *reply)
{
    const struct approval *approval = with_run(&sandbox->soar, false, id);
    if (!approval || (*rest && strcmp(rest, "app_runs") != 0)) {
        soar_not_found(reply, *rest ? rest : "action_run");
        return;
    }
    if (!*rest) {
        reply_tree(reply, 200, cJSON_Duplicate(approval->action_run, 1));
        return;
    }
    cJSON *rows = cJSON_CreateArray();
    if (approval->app_run)
        cJSON_AddItemReferenceToArray(rows, approval->app_run);
    soar_list(rows, "result_data", call, reply);
    cJSON_Delete(rows);
}

static void list_app_runs(struct sandbox *sandbox, const struct call *call, struct reply *reply)
{
    cJSON *rows = cJSON_CreateArray();
    for (size_t i = 0; i < sandbox->soar.count; i++)
        if (sandbox->soar.approvals[i].app_run)
            cJSON_AddItemReferenceToArray(rows, sandbox->soar.approvals[i].app_run);
    soar_list(rows, "result_data", call, reply);
    cJSON_Delete(rows);
}

/* result_data only with include_expensive [observed MCP] (splunk-soar 8.6). */
static void get_app_run(struct sandbox *sandbox, const struct call *call, long id, const char *rest,
                        struct reply *reply)
{
    const struct approval *approval = with_run(&sandbox->soar, true, id);
    const char *expensive = pairs_get(&call->args, "include_expensive");
    if (id == 0 && !*rest) {
        list_app_runs(sandbox, call, reply);
        return;
    }
    if (!approval || *rest) {
        soar_not_found(reply, *rest ? rest : "app_run");
        return;
    }
    cJSON *run = cJSON_Duplicate(approval->app_run, 1);
    if (!expensive || same_word(expensive, "false"))
        cJSON_DeleteItemFromObjectCaseSensitive(run, "result_data");
    reply_tree(reply, 200, run);
}

/* {"version":"8.5.0.248"} [observed CTL, LIVE] (splunk-soar 8.9) */
static void get_version(struct sandbox *sandbox, const struct call *call, long id, const char *rest,
                        struct reply *reply)
{
    (void)sandbox, (void)call;
    if (id || *rest)
        soar_not_found(reply, "version");
    else
        reply_json(reply, 200, "{\"version\":\"8.5.0.248\"}");
}

static const struct {
    const char *type;
    soar_serve_fn *get, *post;                 /* NULL: not allowed */
} types[] = {{"approval", get_approval, NULL}, /* POST is not [observed LIVE] (6.1) */
             {"action_run", get_action_run, NULL},
             {"app_run", get_app_run, NULL},
             {"container", get_container, post_container},
             {"playbook_run", get_playbook_run, post_playbook_run},
             {"external_prompt", get_external_prompt, NULL},
             {"note", get_note, post_note},
             {"container_note", NULL, post_note},
             {"version", get_version, NULL}};

static void serve_type(struct sandbox *sandbox, const struct call *call, size_t type, const char *rest,
                       struct reply *reply)
{
    bool get = strcmp(call->method, "GET") == 0, post = strcmp(call->method, "POST") == 0;
    soar_serve_fn *serve = get ? types[type].get : post ? types[type].post : NULL;
    char *end;
    long id = strtol(rest, &end, 10);
    if (end != rest && (*end == '/' || !*end))
        rest = *end ? end + 1 : end;
    else
        id = 0;
    if (serve)
        serve(sandbox, call, id, rest, reply);
    else
        soar_error(reply, 405, "Method not allowed");
}

/* /rest/<type>[/<id>[/<detail>]] */
void soar_serve(struct sandbox *sandbox, const struct call *call, struct reply *reply)
{
    const char *type = call->path + strlen("/rest/");
    size_t type_len = strcspn(type, "/");
    const char *rest = type[type_len] ? type + type_len + 1 : "";
    if (!authenticated(sandbox, call, reply))
        return;
    soar_tick(&sandbox->soar, now_us());
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strlen(types[i].type) == type_len && strncmp(types[i].type, type, type_len) == 0) {
            serve_type(sandbox, call, i, rest, reply);
            return;
        }
    soar_not_found(reply, type);
}
