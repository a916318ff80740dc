#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/json_node.h"

/* The member whose name is the first `length` bytes of `name`; a null is found too. */
static cJSON *find(const cJSON *object, const char *name, size_t length)
{
    if (!cJSON_IsObject(object) || name == NULL) {
        return NULL;
    }
    cJSON *member = NULL;
    char first = length == 0 ? '\0' : name[0];
    cJSON_ArrayForEach (member, object) {
        if (member->string != NULL && member->string[0] == first &&
            strncmp(member->string, name, length) == 0 && member->string[length] == '\0') {
            return member;
        }
    }
    return NULL;
}

static cJSON *without_null(cJSON *node)
{
    return cJSON_IsNull(node) ? NULL : node;
}

cJSON *tl_json_member(const cJSON *object, const char *name)
{
    return name == NULL ? NULL : without_null(find(object, name, strlen(name)));
}

cJSON *tl_json_path(const cJSON *object, const char *path)
{
    cJSON *node = NULL;
    while (path != NULL) {
        size_t length = strcspn(path, ".");
        node = find(object, path, length);
        object = node;
        path = path[length] == '.' ? path + length + 1 : NULL;
    }
    return without_null(node);
}

const char *tl_json_text(const cJSON *object, const char *path)
{
    return cJSON_GetStringValue(tl_json_path(object, path));
}

cJSON *tl_json_first(const cJSON *container)
{
    bool contains = container != NULL && (cJSON_IsArray(container) || cJSON_IsObject(container));
    return contains ? container->child : NULL;
}

const char *tl_json_string_value(const cJSON *node)
{
    return node != NULL && cJSON_IsString(node) ? node->valuestring : NULL;
}

const char *tl_json_text_or_empty(const cJSON *object, const char *path)
{
    const char *text = tl_json_text(object, path);
    return text == NULL ? "" : text;
}

bool tl_json_true(const cJSON *object, const char *path)
{
    return cJSON_IsTrue(tl_json_path(object, path));
}

int64_t tl_json_integer_or(const cJSON *object, const char *path, int64_t otherwise)
{
    int64_t value = 0;
    return tl_json_integer(tl_json_path(object, path), &value) ? value : otherwise;
}

/* Digits with an optional minus, as JSON has them. */
static bool read_integer(const char *text, int64_t *out)
{
    bool negative = *text == '-';
    uint64_t limit = (uint64_t)INT64_MAX + (negative ? 1 : 0);
    uint64_t value = 0;
    for (text += negative ? 1 : 0; *text != '\0'; text++) {
        if (*text < '0' || *text > '9') {
            return false;
        }
        uint64_t digit = (uint64_t)(*text - '0');
        if (value > (limit - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    /* -1 - (value - 1): INT64_MIN has no positive counterpart. */
    *out = !negative || value == 0 ? (int64_t)value : -1 - (int64_t)(value - 1);
    return true;
}

bool tl_json_integer(const cJSON *node, int64_t *out)
{
    if (!cJSON_IsNumber(node)) {
        return false;
    }
    const char *kept = tl_json_node_kept_number(node);
    if (kept != NULL) {
        return read_integer(kept, out);
    }
    const double beyond = TL_JSON_EXACT_LIMIT * 1024; /* 2^63 */
    double value = node->valuedouble;
    if (!(value >= -beyond && value <= beyond)) {
        return false; /* beyond what fits; and infinity and NaN have no text */
    }
    if (value >= -TL_JSON_EXACT_LIMIT && value <= TL_JSON_EXACT_LIMIT && (double)(int64_t)value == value) {
        *out = (int64_t)value;
        return true;
    }
    char text[TL_JSON_NUMBER_SIZE];
    tl_json_format_number(value, text);
    return read_integer(text, out);
}

cJSON *tl_json_new_integer(int64_t value)
{
    cJSON *node = cJSON_CreateNumber((double)value);
    if (node == NULL) {
        return NULL;
    }
    int64_t read_back = 0;
    if (tl_json_integer(node, &read_back) && read_back == value) {
        return node;
    }
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRId64, value);
    if (!tl_json_node_keep(node, digits, (size_t)length)) {
        cJSON_Delete(node);
        return NULL;
    }
    return node;
}

/* Puts `value` in the place of `member`, whose name it takes over: nothing is allocated. */
static bool replace(cJSON *object, cJSON *member, cJSON *value)
{
    if (member == value) {
        return true;
    }
    if ((value->type & cJSON_StringIsConst) == 0) {
        cJSON_free(value->string);
    }
    value->string = member->string;
    value->type = (value->type & ~cJSON_StringIsConst) | (member->type & cJSON_StringIsConst);
    member->string = NULL;
    return cJSON_ReplaceItemViaPointer(object, member, value) != 0;
}

bool tl_json_set(cJSON *object, const char *name, cJSON *value)
{
    if (value == NULL) {
        return false;
    }
    if (!cJSON_IsObject(object) || name == NULL) {
        cJSON_Delete(value);
        return false;
    }
    cJSON *member = find(object, name, strlen(name));
    if (member != NULL) {
        return replace(object, member, value);
    }
    if (!cJSON_AddItemToObject(object, name, value)) {
        cJSON_Delete(value);
        return false;
    }
    return true;
}

bool tl_json_set_text(cJSON *object, const char *name, const char *text)
{
    return tl_json_set(object, name, text == NULL ? cJSON_CreateNull() : cJSON_CreateString(text));
}

bool tl_json_set_given(cJSON *object, const char *name, const char *text)
{
    return text == NULL || tl_json_set_text(object, name, text);
}

bool tl_json_set_bool(cJSON *object, const char *name, bool value)
{
    return tl_json_set(object, name, cJSON_CreateBool(value));
}

bool tl_json_set_integer(cJSON *object, const char *name, int64_t value)
{
    return tl_json_set(object, name, tl_json_new_integer(value));
}

bool tl_json_append(cJSON *array, cJSON *value)
{
    if (value == NULL) {
        return false;
    }
    if (!cJSON_IsArray(array) || !cJSON_AddItemToArray(array, value)) {
        cJSON_Delete(value);
        return false;
    }
    return true;
}

static bool is_listed(const char *name, const char *const names[])
{
    for (; *names != NULL; names++) {
        if (strcmp(name, *names) == 0) {
            return true;
        }
    }
    return false;
}

bool tl_json_only_members(const cJSON *object, const char *const names[], const char **out_unknown)
{
    *out_unknown = NULL;
    if (!cJSON_IsObject(object)) {
        return false;
    }
    const cJSON *member = NULL;
    cJSON_ArrayForEach (member, object) {
        if (member->string == NULL || !is_listed(member->string, names)) {
            *out_unknown = member->string;
            return false;
        }
    }
    return true;
}
