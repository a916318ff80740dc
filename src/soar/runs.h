/* action_run -> app_runs -> app_run: the run of a prompt, which says who answered. */
#ifndef TL_SOAR_RUNS_H
#define TL_SOAR_RUNS_H

#include "base/json.h"
#include "threatlocker/soar.h"

/* The one app run of an action run, with its result_data; *out is the caller's. TL_OK with *out_note (static)
 * saying why when there is not exactly one: *out is NULL for none, an empty object, which reads as undecided,
 * for several. */
tl_code tl_soar_app_run_of(cJSON **out, const char **out_note, tl_soar *soar, int64_t action_run_id,
                           tl_error *err);

#endif
