#include "json.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

cJSON *json_read(const char *data, size_t len)
{
    const char *end = NULL;
    if (!data || memchr(data, '\0', len))
        return NULL;
    cJSON *value = cJSON_ParseWithLengthOpts(data, len, &end, 0);
    for (; value && end < data + len; end++)
        if (!isspace((unsigned char)*end)) {
            cJSON_Delete(value);
            value = NULL;
        }
    return value;
}

const cJSON *json_member(const cJSON *object, const char *name)
{
    const cJSON *found = NULL, *item;
    if (!cJSON_IsObject(object))
        return NULL;
    cJSON_ArrayForEach (item, object) {
        if (same_word(item->string, name))
            found = item;
    }
    return found;
}

const char *json_text(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(json_member(object, name));
}

bool json_true(const cJSON *object, const char *name)
{
    return cJSON_IsTrue(json_member(object, name));
}

long json_int(const cJSON *object, const char *name, long fallback)
{
    const cJSON *item = json_member(object, name);
    bool fits = cJSON_IsNumber(item) && item->valuedouble > -1e15 && item->valuedouble < 1e15;
    return fits ? (long)item->valuedouble : fallback;
}

bool json_list_has(const cJSON *list, const char *word)
{
    const cJSON *item;
    cJSON_ArrayForEach (item, list) {
        if (same_word(cJSON_GetStringValue(item), word))
            return true;
    }
    return false;
}

cJSON *json_copy(const cJSON *object, const char *name)
{
    const cJSON *item = json_member(object, name);
    return item ? cJSON_Duplicate(item, 1) : cJSON_CreateNull();
}

void json_put(cJSON *object, const char *name, cJSON *value)
{
    if (!value)
        abort();
    if (cJSON_GetObjectItemCaseSensitive(object, name))
        cJSON_ReplaceItemInObjectCaseSensitive(object, name, value);
    else
        cJSON_AddItemToObject(object, name, value);
}

void json_put_text(cJSON *object, const char *name, const char *value)
{
    json_put(object, name, value ? cJSON_CreateString(value) : cJSON_CreateNull());
}

void json_put_given(cJSON *object, const char *name, const char *value)
{
    if (value && *value)
        json_put_text(object, name, value);
}

void json_put_number(cJSON *object, const char *name, double value)
{
    json_put(object, name, cJSON_CreateNumber(value));
}

void json_put_time(cJSON *object, const char *name, int64_t us)
{
    char when[40];
    time_to_micros(us, when);
    json_put_text(object, name, when);
}

void json_merge(cJSON *object, const cJSON *patch)
{
    const cJSON *item;
    cJSON_ArrayForEach (item, patch) {
        cJSON *old = cJSON_GetObjectItemCaseSensitive(object, item->string);
        if (cJSON_IsObject(old) && cJSON_IsObject(item))
            json_merge(old, item);
        else
            json_put(object, item->string, cJSON_Duplicate(item, 1));
    }
}

void json_print(struct text *out, const cJSON *value)
{
    char *text = cJSON_PrintUnformatted(value);
    if (!text)
        abort();
    text_puts(out, text);
    cJSON_free(text);
}
