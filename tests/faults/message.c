#include "message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void *need(void *memory)
{
    if (memory == NULL)
        abort();
    return memory;
}

static char *joined(const char *a, size_t a_length, const char *b, size_t b_length)
{
    char *text = need(malloc(a_length + b_length + 1));
    memcpy(text, a, a_length);
    memcpy(text + a_length, b, b_length);
    text[a_length + b_length] = '\0';
    return text;
}

static bool is_line(const char *line, const char *name)
{
    size_t length = strlen(name);
    return strncasecmp(line, name, length) == 0 && line[length] == ':';
}

void message_drop(message *what, const char *name)
{
    char *to = what->head;
    for (const char *line = what->head; *line != '\0';) {
        const char *end = strstr(line, "\r\n") + 2;
        if (!is_line(line, name)) {
            memmove(to, line, (size_t)(end - line));
            to += end - line;
        }
        line = end;
    }
    *to = '\0';
}

static long long told_length(const char *head)
{
    for (const char *line = head; *line != '\0'; line = strstr(line, "\r\n") + 2)
        if (is_line(line, "Content-Length"))
            return atoll(line + strlen("Content-Length:"));
    return -1;
}

/* Reads on until `until` is in the text (NULL: until its end), or it has that length. */
static bool read_on(char **text, size_t *length, const peer *from, const char *until, size_t enough)
{
    char block[65536];
    for (;;) {
        if (until == NULL ? *length >= enough : strstr(*text, until) != NULL)
            return true;
        ssize_t got = peer_read(from, block, sizeof block);
        if (got <= 0)
            return false;
        char *longer = joined(*text, *length, block, (size_t)got);
        free(*text);
        *text = longer;
        *length += (size_t)got;
    }
}

bool message_read(message *out, const peer *from)
{
    char *text = need(strdup(""));
    size_t length = 0;
    *out = (message){0};
    if (!read_on(&text, &length, from, "\r\n\r\n", 0)) {
        free(text);
        return false;
    }
    size_t head = (size_t)(strstr(text, "\r\n\r\n") - text) + 2;
    out->head = joined(text, head, "", 0);
    long long told = told_length(out->head);
    bool response = strncmp(text, "HTTP/", 5) == 0;
    size_t wanted = head + 2 + (told > 0 ? (size_t)told : 0);
    bool whole = read_on(&text, &length, from, NULL, response && told < 0 ? (size_t)-1 : wanted);
    message_set_body(out, text + head + 2, length - head - 2);
    free(text);
    static const char *const own[] = {"Content-Length", "Connection", "Keep-Alive"};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        message_drop(out, own[i]);
    if (whole || (response && told < 0))
        return true;
    message_free(out);
    return false;
}

void message_free(message *what)
{
    free(what->head);
    free(what->body);
    *what = (message){0};
}

bool message_is_to(const message *request, const char *part)
{
    const char *found = strstr(request->head, part);
    return found != NULL && found < strstr(request->head, "\r\n");
}

void message_set_body(message *what, const char *body, size_t length)
{
    char *copy = joined(body, length, "", 0);
    free(what->body);
    what->body = copy;
    what->length = length;
}

void message_splice(message *what, size_t at, size_t instead_of, const char *bytes)
{
    size_t rest = at + instead_of;
    char *start = joined(what->body, at, bytes, strlen(bytes));
    char *whole = joined(start, at + strlen(bytes), what->body + rest, what->length - rest);
    free(start);
    free(what->body);
    what->body = whole;
    what->length = what->length - instead_of + strlen(bytes);
}

void message_add_headers(message *what, const char *lines)
{
    char *longer = joined(what->head, strlen(what->head), lines, strlen(lines));
    free(what->head);
    what->head = longer;
}

void message_set(message *what, const char *first_line, const char *headers, const char *body)
{
    free(what->head);
    what->head = joined(first_line, strlen(first_line), "\r\n", 2);
    message_add_headers(what, headers);
    message_set_body(what, body, strlen(body));
}

bool message_send_head(const message *what, const peer *to, long long told, bool keep)
{
    char length[64] = "";
    if (told >= 0)
        snprintf(length, sizeof length, "Content-Length: %lld\r\n", told);
    return peer_write(to, what->head, strlen(what->head)) &&
           peer_print(to, "%sConnection: %s\r\n\r\n", length, keep ? "keep-alive" : "close");
}

bool message_send(const message *what, const peer *to, bool keep)
{
    return message_send_head(what, to, (long long)what->length, keep) &&
           peer_write(to, what->body, what->length);
}
