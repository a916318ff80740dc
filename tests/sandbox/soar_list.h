/* SOAR's generic list: filters, sorting, paging and the envelope (splunk-soar 7). */
#ifndef SANDBOX_SOAR_LIST_H
#define SANDBOX_SOAR_LIST_H

#include "http.h"

/* `rows` is a list of objects; `expensive` names the member that lists leave out, or is NULL. */
void soar_list(const cJSON *rows, const char *expensive, const struct call *call, struct reply *reply);
void soar_error(struct reply *reply, unsigned status, const char *message);

#endif
