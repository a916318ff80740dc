/* Playbook runs, and prompts to people outside of SOAR. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "soar/client.h"

static bool is_playbook(const cJSON *node)
{
    int64_t id;
    const char *name = tl_json_string_value(node);
    const char *slash = name == NULL ? NULL : strchr(name, '/');
    return slash != NULL ? slash > name && slash[1] != '\0'
                         : cJSON_IsNumber(node) && tl_json_integer(node, &id) && id > 0;
}

static bool is_scope(const cJSON *node)
{
    const char *word = tl_json_string_value(node);
    return node == NULL || cJSON_IsArray(node) ||
           (word != NULL && (strcmp(word, "new") == 0 || strcmp(word, "all") == 0));
}

static tl_code check_run(const cJSON *body, tl_error *err)
{
    const cJSON *inputs = tl_json_member(body, "inputs");
    if (!cJSON_IsObject(body))
        return tl_fail(err, TL_INVALID, "run playbook: an object is wanted");
    tl_code code =
        tl_soar_check_id("run playbook: container_id", tl_json_integer_or(body, "container_id", 0), err);
    if (code != TL_OK)
        return code;
    if (!is_playbook(tl_json_member(body, "playbook_id")))
        return tl_fail(err, TL_INVALID,
                       "run playbook: playbook_id must be its number or \"repository/name\"");
    if (!is_scope(tl_json_member(body, "scope")))
        return tl_fail(err, TL_INVALID, "run playbook: scope must be \"new\", \"all\" or a list of ids");
    if (inputs != NULL && !cJSON_IsObject(inputs) && !cJSON_IsString(inputs))
        return tl_fail(err, TL_INVALID, "run playbook: inputs must be an object, or its JSON as text");
    return TL_OK;
}

/* One page of Splunk's wants the inputs as an object, a newer one as JSON in a text [official]. */
static tl_code inputs_to_text(cJSON *body, tl_error *err)
{
    const cJSON *inputs = tl_json_member(body, "inputs");
    if (!cJSON_IsObject(inputs))
        return TL_OK;
    char *text = NULL;
    tl_code code = tl_json_print(&text, NULL, inputs, err);
    if (code == TL_OK && !tl_json_set_text(body, "inputs", text))
        code = tl_fail_memory(err);
    free(text);
    return code;
}

static bool set_default(cJSON *body, const char *name, cJSON *value)
{
    if (tl_json_member(body, name) == NULL)
        return tl_json_set(body, name, value);
    cJSON_Delete(value);
    return true;
}

static tl_code send_run(int64_t *out_run_id, tl_soar *soar, cJSON *body, bool inputs_as_text, tl_error *err)
{
    cJSON *reply = NULL;
    tl_soar_ask ask = {.label = "run playbook", .target = "/rest/playbook_run", .body = body};
    if (!set_default(body, "scope", cJSON_CreateString("new")) ||
        !set_default(body, "run", cJSON_CreateBool(true)))
        return tl_fail_memory(err);
    tl_code code = inputs_as_text ? inputs_to_text(body, err) : TL_OK;
    if (code == TL_OK)
        code = tl_soar_post(&reply, out_run_id, soar, &ask, "playbook_run_id", err);
    cJSON_Delete(reply);
    return code;
}

tl_code tl_soar_run_playbook(int64_t *out_run_id, tl_soar *soar, const cJSON *body, bool inputs_as_text,
                             tl_error *err)
{
    *out_run_id = 0;
    tl_code code = check_run(body, err);
    if (code != TL_OK)
        return code;
    cJSON *copy = cJSON_Duplicate(body, true);
    code = copy == NULL ? tl_fail_memory(err) : send_run(out_run_id, soar, copy, inputs_as_text, err);
    cJSON_Delete(copy);
    return code;
}

/* ---- external prompts ---- */

enum { MIN_TOKEN = 4, MAX_TOKEN = 1024 }; /* 43 characters [official] */

/* "." and ".." would lead to another path, whatever the encoding. */
static bool is_token(const char *token)
{
    size_t length = token == NULL ? 0 : strlen(token);
    return length >= MIN_TOKEN && length <= MAX_TOKEN && tl_is_header_value(token) &&
           token[strspn(token, ".")] != '\0';
}

tl_code tl_soar_external_prompt(cJSON **out, tl_soar *soar, const char *token, tl_error *err)
{
    *out = NULL;
    if (!is_token(token))
        return tl_fail(err, TL_INVALID,
                       "external prompt: the token is none: it is the last part of secure_link");
    tl_buffer target = {.limit = 8 * 1024};
    char *encoded = tl_percent_encode(token);
    if (encoded != NULL)
        tl_buffer_format(&target, "/rest/external_prompt/%s", encoded);
    tl_soar_ask ask = {.label = "external prompt", .target = target.data, .secret = token};
    tl_code code =
        target.data == NULL || target.failed ? tl_fail_memory(err) : tl_soar_call(out, soar, &ask, err);
    free(encoded);
    tl_buffer_free(&target);
    return code;
}
