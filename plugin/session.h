/* One session: what the asset's configuration says, the clients made of it, progress and cancelling. */
#ifndef TLP_SESSION_H
#define TLP_SESSION_H

#include <stdatomic.h>

#include "threatlocker/threatlocker.h"
#include "threatlocker_soar.h"
#include "values.h"

enum { TLP_MAX_WORDS = 8 }; /* of a list of tl_words (prompt.h) */

struct tl_plugin {
    cJSON *manifest;
    cJSON *row_template; /* of the requests that are handed out (prune.h) */
    cJSON *config;       /* checked; without the passwords, which only the clients keep */
    char *asset_id;
    char *label; /* of containers that a poll makes */
    tl_limits limits;
    int64_t max_answer_age_s;
    cJSON *words[3];                          /* permit, reject, ignore: array of texts; NULL = the default */
    const char *listed[3][TLP_MAX_WORDS + 2]; /* the same, as tl_words wants them */
    tl_client *client;
    tl_soar *soar;  /* NULL where the asset has no token for it */
    int64_t polled; /* containers that the poll which is going on has handed over */
    atomic_flag running;
    _Atomic(char *) progress; /* the newest line that nobody took; NULL = none */
};

/* From the asset object of tl_plugin_open. *out is the caller's (tlp_session_free), NULL on failure. */
tl_code tlp_session_open(tl_plugin **out, const cJSON *asset, tl_error *err);
void tlp_session_free(tl_plugin *session); /* NULL is allowed */

/* The limits and words of the configuration (policy.c); the words are borrowed from the session. */
tl_code tlp_policy_read(tl_plugin *session, tl_error *err);
tl_words tlp_policy_words(const tl_plugin *session);

/* Says what the running action is at; one line. Left out when memory is out. */
void tlp_progress(tl_plugin *session, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The client of SOAR; NULL with TL_CONFIG where the asset has no token for it. Borrowed. */
tl_soar *tlp_soar(tl_plugin *session, tl_error *err);

#endif
