/* Fetching the second source of a prompt's answer. */
#ifndef TL_CHAIN_PROMPT_ANSWER_H
#define TL_CHAIN_PROMPT_ANSWER_H

#include "base/error.h"
#include "base/json.h"
#include "threatlocker/soar.h"

/* The prompt's app run (the caller's), or *out_note (static) saying why there is not exactly one, as
 * tl_soar_app_run_of. */
tl_code tl_prompt_app_run(cJSON **out, const char **out_note, tl_soar *soar, const cJSON *record,
                          tl_error *err);

#endif
