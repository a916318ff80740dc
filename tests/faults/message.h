/* HTTP messages as bytes. */
#ifndef TL_TESTS_FAULTS_MESSAGE_H
#define TL_TESTS_FAULTS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "peer.h"

typedef struct message {
    char *head; /* first line and headers, each with its CRLF; without the length and what is the hop's own */
    char *body; /* NUL-terminated */
    size_t length;
} message;

bool message_read(message *out, const peer *from);
void message_free(message *what);

/* True when the first line holds that text. */
bool message_is_to(const message *request, const char *part);

void message_set_body(message *what, const char *body, size_t length);
/* Puts bytes into the body, in place of so many at that offset. */
void message_splice(message *what, size_t at, size_t instead_of, const char *bytes);
/* Drops header lines of that name. */
void message_drop(message *what, const char *name);
void message_add_headers(message *what, const char *lines);
void message_set(message *what, const char *first_line, const char *headers, const char *body);

/* Head, length and body; `told` is the Content-Length, below 0 for none. */
bool message_send_head(const message *what, const peer *to, long long told, bool keep);
bool message_send(const message *what, const peer *to, bool keep);

#endif
