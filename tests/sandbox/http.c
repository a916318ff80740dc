#include "http.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"

void pairs_add(struct pairs *pairs, const char *name, const char *value)
{
    pairs->items = need_more(pairs->items, (pairs->count + 1) * sizeof *pairs->items);
    pairs->items[pairs->count++] = (struct pair){copy_text(name), copy_text(value ? value : "")};
}

const char *pairs_get(const struct pairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (same_word(pairs->items[i].name, name))
            return pairs->items[i].value;
    return NULL;
}

void pairs_free(struct pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++) {
        free(pairs->items[i].name);
        free(pairs->items[i].value);
    }
    free(pairs->items);
    *pairs = (struct pairs){0};
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static char *percent_decode(const char *s, size_t len, bool plus_is_space)
{
    char *out = need(len + 1);
    size_t at = 0;
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '%' && i + 2 < len && hex_digit(s[i + 1]) >= 0 && hex_digit(s[i + 2]) >= 0) {
            out[at++] = (char)(hex_digit(s[i + 1]) * 16 + hex_digit(s[i + 2]));
            i += 2;
        } else {
            out[at++] = plus_is_space && s[i] == '+' ? ' ' : s[i];
        }
    }
    return out;
}

static void parse_args(struct call *call)
{
    for (const char *s = call->query; *s;) {
        size_t len = strcspn(s, "&");
        const char *equals = memchr(s, '=', len);
        size_t name_len = equals ? (size_t)(equals - s) : len;
        size_t value_len = equals ? len - name_len - 1 : 0;
        char *name = percent_decode(s, name_len, true);
        char *value = percent_decode(equals ? equals + 1 : "", value_len, true);
        if (*name)
            pairs_add(&call->args, name, value);
        free(name);
        free(value);
        s += len + (s[len] == '&');
    }
}

void call_parse_target(struct call *call, const char *target)
{
    size_t path_len = strcspn(target, "?");
    call->target = copy_text(target);
    call->query = copy_text(target[path_len] ? target + path_len + 1 : "");
    call->path = percent_decode(target, path_len, false);
    for (size_t len = strlen(call->path); len > 1 && call->path[len - 1] == '/'; len--)
        call->path[len - 1] = '\0';
    parse_args(call);
}

void call_free(struct call *call)
{
    free(call->method);
    free(call->target);
    free(call->path);
    free(call->query);
    pairs_free(&call->args);
    pairs_free(&call->headers);
    text_free(&call->body);
}

void reply_tree(struct reply *reply, unsigned status, cJSON *tree)
{
    reply->status = status;
    reply->content_type = JSON_TYPE;
    json_print(&reply->body, tree);
    cJSON_Delete(tree);
}

void reply_json(struct reply *reply, unsigned status, const char *json)
{
    reply->status = status;
    reply->content_type = JSON_TYPE;
    text_puts(&reply->body, json);
}

void reply_empty(struct reply *reply, unsigned status)
{
    reply->status = status;
    reply->content_type = NULL;
}

void reply_clear(struct reply *reply)
{
    pairs_free(&reply->headers);
    text_free(&reply->body);
    *reply = (struct reply){0};
}
