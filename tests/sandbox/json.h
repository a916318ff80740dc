/* Reading JSON the way the portal does: property names ignore case, the last duplicate wins
 * (threatlocker-api H.12 [inferred]). */
#ifndef SANDBOX_JSON_H
#define SANDBOX_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "text.h"

cJSON *json_read(const char *data, size_t len); /* the whole text must be one value; NULL otherwise */
const cJSON *json_member(const cJSON *object, const char *name);
const char *json_text(const cJSON *object, const char *name); /* NULL unless it is a string */
bool json_true(const cJSON *object, const char *name);
long json_int(const cJSON *object, const char *name, long fallback);
bool json_list_has(const cJSON *list, const char *word); /* a list of strings, case ignored */

cJSON *json_copy(const cJSON *object, const char *name); /* a member's; null where there is none */

/* Sets object[name] = value (taken over), replacing a member of exactly that name. */
void json_put(cJSON *object, const char *name, cJSON *value);
void json_put_text(cJSON *object, const char *name, const char *value);  /* NULL gives null */
void json_put_given(cJSON *object, const char *name, const char *value); /* nothing where NULL or "" */
void json_put_number(cJSON *object, const char *name, double value);
void json_put_time(cJSON *object, const char *name, int64_t us); /* with microseconds */
/* Every member of `patch` goes into `object`; objects are merged, null is a value like any other. */
void json_merge(cJSON *object, const cJSON *patch);

void json_print(struct text *out, const cJSON *value); /* compact */

#endif
