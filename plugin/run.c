#include "run.h"

#include "action.h"
#include "fields.h"
#include "manifest.h"

/* *out is the caller's. */
static tl_code read_parameters(cJSON **out, const cJSON *action, const cJSON *request, tl_error *err)
{
    const cJSON *fields = tlp_member(action, "parameters"), *given = tlp_member(request, "parameters");
    if (given != NULL && !cJSON_IsObject(given))
        return tlp_fail(err, TL_INVALID, "parameters must be an object");
    tl_code code = tlp_check_known(fields, given, err);
    return code == TL_OK ? tlp_check_fields(out, fields, given, err) : code;
}

static tl_code run_action(tlp_call *call, const cJSON *action, tl_error *err)
{
    tlp_action run = tlp_action_of(tlp_text(action, "identifier"));
    if (run == NULL)
        return tlp_fail(err, TL_INVALID, "The app has no such action");
    cJSON *parameters = NULL;
    tl_code code = read_parameters(&parameters, action, call->request, err);
    call->parameters = parameters;
    if (code == TL_OK)
        code = run(call, err);
    cJSON_Delete(parameters);
    return code;
}

/* What a failure says; ThreatLocker's support asks for the LoggerId. */
static void tell_failure(tlp_reply *reply, const tl_error *err)
{
    tlp_reply_fail(reply, "%s%s%s%s", err->message, err->logger_id[0] == '\0' ? "" : " (LoggerId ",
                   err->logger_id, err->logger_id[0] == '\0' ? "" : ")");
}

static void answer(tlp_reply *reply, tl_plugin *session, const cJSON *request, const cJSON *action)
{
    tl_error err = TL_ERROR_INIT;
    tlp_call call = {.session = session, .request = request, .reply = reply};
    tl_code code = run_action(&call, action, &err);
    reply->out_of_memory |= code == TL_MEMORY;
    if (code != TL_OK)
        tell_failure(reply, &err);
}

char *tlp_run(size_t *out_length, tl_plugin *session, const char *request, size_t length)
{
    cJSON *tree = NULL;
    tlp_reply reply;
    tl_error err = TL_ERROR_INIT;
    tl_code code = tl_json_parse(&tree, request, length, &err);
    const cJSON *action = tlp_find_action(session->manifest, tlp_text(tree, "identifier"));
    tlp_reply_start(&reply, action);
    if (code == TL_OK && !reply.out_of_memory)
        answer(&reply, session, tree, action);
    else
        tlp_reply_fail(&reply, "The request to the plugin: %s", err.message);
    char *text = code == TL_MEMORY ? NULL : tlp_reply_print(out_length, &reply);
    tlp_reply_clear(&reply);
    cJSON_Delete(tree);
    return text;
}
