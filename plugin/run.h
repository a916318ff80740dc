/* Running one action: from the request's JSON to the reply's. */
#ifndef TLP_RUN_H
#define TLP_RUN_H

#include "session.h"

/* The reply of tl_plugin_run, the caller's (free()); NULL when out of memory. */
char *tlp_run(size_t *out_length, tl_plugin *session, const char *request, size_t length);

#endif
