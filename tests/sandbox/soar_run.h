/* The action run and the app run of an approval. Their shapes are [inferred] (splunk-soar S5). */
#ifndef SANDBOX_SOAR_RUN_H
#define SANDBOX_SOAR_RUN_H

#include "soar.h"

cJSON *action_run_new(const struct approval *approval, long id);
cJSON *app_run_new(const struct approval *approval, long id);

void runs_expired(struct approval *approval);
/* `spec` is that of soar_answer. */
void runs_answered(struct approval *approval, const cJSON *spec);

#endif
