/* Reading and changing cJSON trees (json_tree.c): the small helpers that every layer uses. All lookups are
 * case-sensitive and accept NULL as "absent". Returned nodes and texts are borrowed from the tree. */
#ifndef TL_BASE_JSON_H
#define TL_BASE_JSON_H

#include "threatlocker/json.h"

/* The member; NULL when absent, or when the node is no object. A JSON null counts as absent. */
cJSON *tl_json_member(const cJSON *object, const char *name);

/* A member by a dotted path ("fileDetails.fullPath"), NULL as above. */
cJSON *tl_json_path(const cJSON *object, const char *path);

/* The text at a dotted path; NULL when absent or no string. */
const char *tl_json_text(const cJSON *object, const char *path);

/* The first child of an array or object; NULL when it is empty or neither. */
cJSON *tl_json_first(const cJSON *container);

/* The text of a string node; NULL for any other node. As cJSON_GetStringValue, but static analysis can see
 * into it. */
const char *tl_json_string_value(const cJSON *node);

/* Like tl_json_text but "" for absent. */
const char *tl_json_text_or_empty(const cJSON *object, const char *path);

/* True only for a JSON true at the path. */
bool tl_json_true(const cJSON *object, const char *path);

/* The integer at the path, or `otherwise`. */
int64_t tl_json_integer_or(const cJSON *object, const char *path, int64_t otherwise);

/* Sets a member, keeping its place when it exists. Takes ownership of `value` in every case, NULL (a failed
 * creation) included. False when out of memory, or when `object` is no object. */
bool tl_json_set(cJSON *object, const char *name, cJSON *value);
bool tl_json_set_text(cJSON *object, const char *name, const char *text);  /* NULL text sets null */
bool tl_json_set_given(cJSON *object, const char *name, const char *text); /* NULL text sets nothing */
bool tl_json_set_bool(cJSON *object, const char *name, bool value);
bool tl_json_set_integer(cJSON *object, const char *name, int64_t value);

/* Appends to an array; ownership and result as tl_json_set. */
bool tl_json_append(cJSON *array, cJSON *value);

/* True for an object whose every member is in the NULL-terminated list; otherwise *out_unknown (borrowed) is
 * the first that is not. */
bool tl_json_only_members(const cJSON *object, const char *const names[], const char **out_unknown);

#endif
