/* Routing and authentication of SOAR's REST API. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "json.h"
#include "sandbox.h"
#include "soar_list.h"

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

static void not_found(struct reply *reply, const char *what)
{
    struct text message = {0};
    text_printf(&message, "not found %s", what); /* "not found run_playbook" [observed LIVE] */
    soar_error(reply, 404, text_str(&message));
    text_free(&message);
}

static void list_approvals(struct sandbox *sandbox, const struct call *call, struct reply *reply)
{
    cJSON *rows = cJSON_CreateArray();
    for (size_t i = 0; i < sandbox->soar.count; i++)
        cJSON_AddItemReferenceToArray(rows, sandbox->soar.approvals[i].record);
    soar_list(rows, NULL, call, reply);
    cJSON_Delete(rows);
}

static void serve_approval(struct sandbox *sandbox, const struct call *call, long id, const char *rest,
                           struct reply *reply)
{
    const struct approval *approval = soar_approval(&sandbox->soar, id);
    if (id == 0 && !*rest)
        list_approvals(sandbox, call, reply);
    else if (!approval)
        not_found(reply, "approval");
    else if (!*rest)
        reply_tree(reply, 200, cJSON_Duplicate(approval->record, 1));
    else if (strcmp(rest, "detail_summary_view") == 0)
        reply_tree(reply, 200, approval_detail(approval, now_us()));
    else
        not_found(reply, rest);
}

static const struct approval *with_run(const struct soar *soar, bool app_run, long id)
{
    for (size_t i = 0; i < soar->count; i++) {
        const struct approval *approval = &soar->approvals[i];
        const cJSON *run = app_run ? approval->app_run : approval->action_run;
        if (run && json_int(run, "id", 0) == id)
            return approval;
    }
    return NULL;
}

/* Lists leave result_data out [observed MCP] (splunk-soar 8.6). */
static void serve_action_run(struct sandbox *sandbox, const struct call *call, long id, const char *rest,
                             struct reply *reply)
{
    const struct approval *approval = with_run(&sandbox->soar, false, id);
    if (!approval || (*rest && strcmp(rest, "app_runs") != 0)) {
        not_found(reply, *rest ? rest : "action_run");
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
static void serve_app_run(struct sandbox *sandbox, const struct call *call, long id, const char *rest,
                          struct reply *reply)
{
    const struct approval *approval = with_run(&sandbox->soar, true, id);
    const char *expensive = pairs_get(&call->args, "include_expensive");
    if (id == 0 && !*rest) {
        list_app_runs(sandbox, call, reply);
        return;
    }
    if (!approval || *rest) {
        not_found(reply, *rest ? rest : "app_run");
        return;
    }
    cJSON *run = cJSON_Duplicate(approval->app_run, 1);
    if (!expensive || same_word(expensive, "false"))
        cJSON_DeleteItemFromObjectCaseSensitive(run, "result_data");
    reply_tree(reply, 200, run);
}

/* {"version":"8.5.0.248"} [observed CTL, LIVE] (splunk-soar 8.9) */
static void serve_version(struct sandbox *sandbox, const struct call *call, long id, const char *rest,
                          struct reply *reply)
{
    (void)sandbox, (void)call;
    if (id || *rest)
        not_found(reply, "version");
    else
        reply_json(reply, 200, "{\"version\":\"8.5.0.248\"}");
}

static const struct {
    const char *type;
    void (*serve)(struct sandbox *, const struct call *, long id, const char *rest, struct reply *);
} types[] = {{"approval", serve_approval},
             {"action_run", serve_action_run},
             {"app_run", serve_app_run},
             {"version", serve_version}};

/* /rest/<type>[/<id>[/<detail>]] */
void soar_serve(struct sandbox *sandbox, const struct call *call, struct reply *reply)
{
    const char *type = call->path + strlen("/rest/");
    size_t type_len = strcspn(type, "/");
    const char *rest = type[type_len] ? type + type_len + 1 : "";
    char *end;
    long id = strtol(rest, &end, 10);
    if (!authenticated(sandbox, call, reply))
        return;
    if (end != rest && (*end == '/' || !*end))
        rest = *end ? end + 1 : end;
    else
        id = 0;
    soar_tick(&sandbox->soar, now_us());
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strlen(types[i].type) != type_len || strncmp(types[i].type, type, type_len) != 0)
            continue;
        if (strcmp(call->method, "GET") == 0)
            types[i].serve(sandbox, call, id, rest, reply);
        else
            soar_error(reply, 405, "Method not allowed"); /* POST /rest/approval [observed LIVE] (6.1) */
        return;
    }
    not_found(reply, type);
}
