#include "reply.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "prune.h"
#include "threatlocker/text.h"

void tlp_reply_start(tlp_reply *reply, const cJSON *action)
{
    *reply = (tlp_reply){.row_template = tlp_prune_template(action, "action_result.data.*."),
                         .sum_template = tlp_prune_template(action, "action_result.summary."),
                         .data = cJSON_CreateArray(),
                         .summary = cJSON_CreateObject(),
                         .others = cJSON_CreateObject()};
    reply->out_of_memory = reply->row_template == NULL || reply->sum_template == NULL ||
                           reply->data == NULL || reply->summary == NULL || reply->others == NULL;
}

void tlp_reply_clear(tlp_reply *reply)
{
    cJSON_Delete(reply->row_template);
    cJSON_Delete(reply->sum_template);
    cJSON_Delete(reply->data);
    cJSON_Delete(reply->summary);
    cJSON_Delete(reply->others);
}

void tlp_reply_row(tlp_reply *reply, cJSON *row)
{
    bool ok = row != NULL && tlp_append(reply->data, tlp_prune(row, reply->row_template));
    reply->out_of_memory |= !ok;
    cJSON_Delete(row);
}

void tlp_reply_sum(tlp_reply *reply, const char *name, cJSON *value)
{
    reply->out_of_memory |= !tlp_set(reply->summary, name, value);
}

void tlp_reply_other(tlp_reply *reply, const char *name, cJSON *value)
{
    reply->out_of_memory |= !tlp_set(reply->others, name, value);
}

void tlp_reply_say(tlp_reply *reply, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(reply->message, sizeof reply->message, format, arguments);
    va_end(arguments);
}

void tlp_reply_fail(tlp_reply *reply, const char *format, ...)
{
    va_list arguments;
    reply->failed = true;
    va_start(arguments, format);
    (void)vsnprintf(reply->message, sizeof reply->message, format, arguments);
    va_end(arguments);
}

char *tlp_line(const char *text)
{
    char *line = tl_clean_text(text, TLP_LINE_MAX);
    for (char *c = line; c != NULL && *c != '\0'; c++) {
        if (*c == '{')
            *c = '(';
        else if (*c == '}')
            *c = ')';
    }
    return line;
}

static bool set_line(cJSON *out, const char *name, const char *text)
{
    char *line = tlp_line(text);
    bool ok = line != NULL && tlp_set_text(out, name, line);
    free(line);
    return ok;
}

/* Lists can be long: they move, they are not copied. */
static bool move(cJSON *out, const char *name, cJSON **from)
{
    cJSON *value = *from;
    *from = NULL;
    return tlp_set(out, name, value);
}

static bool move_others(cJSON *out, cJSON *others)
{
    bool ok = true;
    while (ok && others->child != NULL) {
        cJSON *other = cJSON_DetachItemViaPointer(others, others->child);
        if (cJSON_IsString(other)) {
            ok = set_line(out, other->string, other->valuestring);
            cJSON_Delete(other);
        } else if (!(ok = cJSON_AddItemToObject(out, other->string, other))) {
            cJSON_Delete(other);
        }
    }
    return ok;
}

char *tlp_reply_print(size_t *out_length, tlp_reply *reply)
{
    tl_error ignored = TL_ERROR_INIT;
    char *text = NULL;
    cJSON *tree = cJSON_CreateObject();
    bool ok = !reply->out_of_memory && tlp_set_text(tree, "status", reply->failed ? "failed" : "success") &&
              set_line(tree, "message", reply->message) && move(tree, "data", &reply->data) &&
              tlp_set(tree, "summary", tlp_prune(reply->summary, reply->sum_template)) &&
              move_others(tree, reply->others) && tl_json_print(&text, out_length, tree, &ignored) == TL_OK;
    cJSON_Delete(tree);
    return ok ? text : NULL;
}
