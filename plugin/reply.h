/* What an action answers, on the way to the JSON that tl_plugin_run hands out. */
#ifndef TLP_REPLY_H
#define TLP_REPLY_H

#include "values.h"

typedef struct tlp_reply {
    bool failed;        /* the action; false until it says otherwise */
    bool out_of_memory; /* a part is missing: nothing is handed out then */
    char message[1024];
    cJSON *row_template; /* what the manifest declares (prune.h) */
    cJSON *sum_template;
    cJSON *data;    /* array of rows */
    cJSON *summary; /* object */
    cJSON *others;  /* object: progress, file, containers, state, more */
} tlp_reply;

/* For an action of the manifest; NULL = none, which hands out no data. */
void tlp_reply_start(tlp_reply *reply, const cJSON *action);
void tlp_reply_clear(tlp_reply *reply);

/* Rows and values are taken in every case, NULL (a failed creation) included. Of rows and sums only what the
 * action's outputs declare is kept. */
void tlp_reply_row(tlp_reply *reply, cJSON *row);
void tlp_reply_sum(tlp_reply *reply, const char *name, cJSON *value);
void tlp_reply_other(tlp_reply *reply, const char *name, cJSON *value);

/* The line for people; the last one counts. */
void tlp_reply_say(tlp_reply *reply, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same for an action that failed. */
void tlp_reply_fail(tlp_reply *reply, const char *format, ...) __attribute__((format(printf, 2, 3)));

enum { TLP_LINE_MAX = 1000 }; /* characters */

/* A line for people: cleaned, and with ( ) for { }, because SOAR formats such lines. malloc'd, NULL when out
 * of memory. */
char *tlp_line(const char *text);

/* The reply as JSON, the caller's (free()); NULL when out of memory. Only clearing is left to do then. */
char *tlp_reply_print(size_t *out_length, tlp_reply *reply);

#endif
