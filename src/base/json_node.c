#include "base/json_node.h"

#include <string.h>

cJSON *tl_json_node_adopt(int type, char *text)
{
    cJSON *node = cJSON_CreateNull();
    if (node == NULL) {
        cJSON_free(text);
        return NULL;
    }
    node->type = type;
    node->valuestring = text;
    return node;
}

bool tl_json_node_keep(cJSON *node, const char *source, size_t length)
{
    char *copy = cJSON_malloc(length + 1);
    if (copy == NULL) {
        return false;
    }
    memcpy(copy, source, length);
    copy[length] = '\0';
    node->child = tl_json_node_adopt(cJSON_Raw, copy);
    return node->child != NULL;
}

const char *tl_json_node_kept(const cJSON *node)
{
    return cJSON_IsRaw(node->child) ? node->child->valuestring : NULL;
}

const char *tl_json_node_kept_number(const cJSON *node)
{
    const char *kept = tl_json_node_kept(node);
    if (kept == NULL) {
        return NULL;
    }
    const char *at = kept;
    const char *end = kept + strlen(kept);
    bool integer = false;
    double value = 0;
    bool whole = tl_json_scan_number(&at, end, &integer) == NULL && at == end;
    bool same =
        whole && tl_json_number_of_text(kept, &value) && tl_json_same_number(value, node->valuedouble);
    return same ? kept : NULL;
}
