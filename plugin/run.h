/* Running one action: from the request's JSON to the reply's. */
#ifndef TLP_RUN_H
#define TLP_RUN_H

#include "session.h"

/* As tl_plugin_run. False when out of memory. */
bool tlp_run(char **out_reply, size_t *out_length, tl_plugin *session, const char *request, size_t length);

#endif
