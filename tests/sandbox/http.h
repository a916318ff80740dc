/* One call as it came in, and the reply to it. Both are free of libmicrohttpd. */
#ifndef SANDBOX_HTTP_H
#define SANDBOX_HTTP_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "text.h"

struct pair {
    char *name;
    char *value;
};

struct pairs {
    struct pair *items;
    size_t count;
};

void pairs_add(struct pairs *pairs, const char *name, const char *value);
const char *pairs_get(const struct pairs *pairs, const char *name); /* name ignores case; the first one */
void pairs_free(struct pairs *pairs);

struct call {
    char *method;
    char *target; /* path?query, byte for byte */
    char *path;   /* percent-decoded, without a slash at the end */
    char *query;  /* as sent, "" if none */
    struct pairs args;
    struct pairs headers; /* names as received */
    struct text body;
    unsigned long connection; /* which connection, counted from 1 */
    bool reused;              /* not the first call on it */
};

void call_parse_target(struct call *call, const char *target);
void call_free(struct call *call);

struct reply {
    unsigned status;
    const char *content_type; /* a literal, or in the fault that hit the call; NULL: none is sent */
    struct pairs headers;
    struct text body;
};

#define JSON_TYPE "application/json; charset=utf-8"

/* Each sets status and body; the reply must be empty before. */
void reply_tree(struct reply *reply, unsigned status, cJSON *tree); /* takes the tree */
void reply_json(struct reply *reply, unsigned status, const char *json);
void reply_empty(struct reply *reply, unsigned status);
void reply_clear(struct reply *reply);

#endif
