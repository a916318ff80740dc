/* Nodes with a hidden child, and what they print as. */
#ifndef TL_BASE_JSON_NODE_H
#define TL_BASE_JSON_NODE_H

#include "base/json_scan.h"
#include "threatlocker/json.h"

/* A node of type cJSON_String or cJSON_Raw that owns `text`, which came from cJSON_malloc and is freed on
 * failure. NULL when out of memory. */
cJSON *tl_json_node_adopt(int type, char *text);

/* Hides the source bytes of the value below the node. False when out of memory. */
bool tl_json_node_keep(cJSON *node, const char *source, size_t length);

/* The hidden bytes, NUL-terminated; NULL when there are none. Whether the value is still theirs is for the
 * caller to check. */
const char *tl_json_node_kept(const cJSON *node);

/* The hidden bytes of a number node if they still are its value; NULL otherwise. */
const char *tl_json_node_kept_number(const cJSON *node);

#endif
