/* Reading and making JSON, and filling errors: the small helpers that all of the plugin uses. Lookups take
 * NULL and a JSON null as absent. Returned nodes and texts are borrowed from the tree. */
#ifndef TLP_VALUES_H
#define TLP_VALUES_H

#include "threatlocker/json.h"

/* Fills err, unless it holds an error already, and returns the code. The message is one line. */
tl_code tlp_fail(tl_error *err, tl_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));
tl_code tlp_fail_memory(tl_error *err);

const cJSON *tlp_member(const cJSON *object, const char *name);
const char *tlp_text(const cJSON *object, const char *name); /* NULL when absent or no text */
bool tlp_flag(const cJSON *object, const char *name);        /* true only for a JSON true */
int64_t tlp_integer(const cJSON *object, const char *name, int64_t absent);

/* Set a member. They take ownership of `value` in every case, NULL (a failed creation) included; false when
 * out of memory. An absent text or a NULL value of tlp_set_copy sets nothing, which is success. */
bool tlp_set(cJSON *object, const char *name, cJSON *value);
bool tlp_set_text(cJSON *object, const char *name, const char *text);
bool tlp_set_integer(cJSON *object, const char *name, int64_t value);
bool tlp_set_flag(cJSON *object, const char *name, bool value);
bool tlp_set_copy(cJSON *object, const char *name, const cJSON *value);

/* Appends to an array; ownership and result as tlp_set. */
bool tlp_append(cJSON *array, cJSON *value);

#define TLP_WHITE_SPACE " \t\n\v\f\r"

/* A copy without outer ASCII white space; malloc'd, NULL when out of memory. */
char *tlp_trim(const char *text);

/* An array of the items between commas, trimmed, without empty ones; NULL text has none. The caller's
 * (cJSON_Delete), NULL when out of memory. */
cJSON *tlp_split(const char *text);

/* Overwrites all texts of a tree; NULL is allowed. */
void tlp_wipe_texts(cJSON *tree);

#endif
