#include "calls.h"

#include <stdlib.h>

static void print_headers(struct text *t, const struct pairs *headers)
{
    text_puts(t, ",\"headers\":{");
    for (size_t i = 0; i < headers->count; i++) {
        text_puts(t, i ? "," : "");
        text_quote(t, headers->items[i].name);
        text_puts(t, ":");
        text_quote(t, headers->items[i].value);
    }
    text_puts(t, "}");
}

static void print_call(struct text *t, const struct call *call, const char *fault)
{
    char when[40];
    time_to_micros(now_us(), when);
    text_puts(t, "{\"method\":");
    text_quote(t, call->method);
    text_puts(t, ",\"path\":");
    text_quote(t, call->path);
    text_puts(t, ",\"query\":");
    text_quote(t, call->query);
    print_headers(t, &call->headers);
    text_puts(t, ",\"body\":");
    text_quote(t, text_str(&call->body));
    text_printf(t, ",\"connection\":%lu,\"reused\":%s,\"received\":\"%s\"", call->connection,
                call->reused ? "true" : "false", when);
    if (fault)
        text_printf(t, ",\"fault\":\"%s\"", fault);
}

size_t calls_add(struct calls *calls, const struct call *call, const char *fault)
{
    struct text t = {0};
    print_call(&t, call, fault);
    if (!calls->ring)
        calls->ring = need(CALLS_KEPT * sizeof *calls->ring);
    size_t number = calls->next++;
    struct call_record *slot = &calls->ring[number % CALLS_KEPT];
    if (calls->next - calls->first > CALLS_KEPT)
        calls->first++;
    free(slot->json);
    *slot = (struct call_record){t.data, 0};
    return number;
}

void calls_set_status(struct calls *calls, size_t number, unsigned status)
{
    if (number >= calls->first && number < calls->next)
        calls->ring[number % CALLS_KEPT].status = status;
}

void calls_print(const struct calls *calls, const char *match, struct text *out)
{
    size_t shown = 0;
    text_puts(out, "[");
    for (size_t n = calls->first; n < calls->next; n++) {
        const struct call_record *record = &calls->ring[n % CALLS_KEPT];
        if (match && !contains_word(record->json, match))
            continue;
        text_puts(out, shown++ ? ",\n" : "");
        text_puts(out, record->json);
        if (record->status)
            text_printf(out, ",\"status\":%u}", record->status);
        else
            text_puts(out, ",\"status\":null}");
    }
    text_puts(out, "]");
}

void calls_clear(struct calls *calls)
{
    for (size_t n = calls->first; n < calls->next; n++) {
        free(calls->ring[n % CALLS_KEPT].json);
        calls->ring[n % CALLS_KEPT] = (struct call_record){0};
    }
    calls->first = calls->next;
}

void calls_free(struct calls *calls)
{
    calls_clear(calls);
    free(calls->ring);
    *calls = (struct calls){0};
}
