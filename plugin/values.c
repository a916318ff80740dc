#include "values.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

tl_code tlp_fail(tl_error *err, tl_code code, const char *format, ...)
{
    va_list arguments;
    if (err->code != TL_OK)
        return err->code;
    *err = (tl_error)TL_ERROR_INIT;
    err->code = code;
    va_start(arguments, format);
    (void)vsnprintf(err->message, sizeof err->message, format, arguments);
    va_end(arguments);
    return code;
}

tl_code tlp_fail_memory(tl_error *err)
{
    return tlp_fail(err, TL_MEMORY, "Out of memory");
}

const cJSON *tlp_member(const cJSON *object, const char *name)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsNull(member) ? NULL : member;
}

const char *tlp_text(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(tlp_member(object, name));
}

bool tlp_flag(const cJSON *object, const char *name)
{
    return cJSON_IsTrue(tlp_member(object, name));
}

int64_t tlp_integer(const cJSON *object, const char *name, int64_t absent)
{
    int64_t value = absent;
    return tl_json_integer(tlp_member(object, name), &value) ? value : absent;
}

bool tlp_set(cJSON *object, const char *name, cJSON *value)
{
    if (value == NULL)
        return false;
    cJSON_DeleteItemFromObjectCaseSensitive(object, name);
    if (cJSON_AddItemToObject(object, name, value))
        return true;
    cJSON_Delete(value);
    return false;
}

bool tlp_set_text(cJSON *object, const char *name, const char *text)
{
    return text == NULL || tlp_set(object, name, cJSON_CreateString(text));
}

bool tlp_set_integer(cJSON *object, const char *name, int64_t value)
{
    return tlp_set(object, name, tl_json_new_integer(value));
}

bool tlp_set_flag(cJSON *object, const char *name, bool value)
{
    return tlp_set(object, name, cJSON_CreateBool(value));
}

bool tlp_set_copy(cJSON *object, const char *name, const cJSON *value)
{
    return value == NULL || tlp_set(object, name, cJSON_Duplicate(value, true));
}

bool tlp_append(cJSON *array, cJSON *value)
{
    if (value != NULL && cJSON_AddItemToArray(array, value))
        return true;
    cJSON_Delete(value);
    return false;
}

char *tlp_trim(const char *text)
{
    text += strspn(text, TLP_WHITE_SPACE);
    size_t length = strlen(text);
    while (length > 0 && strchr(TLP_WHITE_SPACE, text[length - 1]) != NULL)
        length--;
    return strndup(text, length);
}

/* Appends each item that is not empty, trimmed. */
static bool split(cJSON *out, const char *text)
{
    bool ok = true;
    while (ok && text != NULL && *text != '\0') {
        size_t length = strcspn(text, ",");
        char *part = strndup(text, length), *item = part == NULL ? NULL : tlp_trim(part);
        ok = item != NULL && (item[0] == '\0' || tlp_append(out, cJSON_CreateString(item)));
        free(part);
        free(item);
        text += length + (text[length] == ',' ? 1 : 0);
    }
    return ok;
}

cJSON *tlp_split(const char *text)
{
    cJSON *list = cJSON_CreateArray();
    if (list != NULL && split(list, text))
        return list;
    cJSON_Delete(list);
    return NULL;
}

/* A volatile pointer keeps the compiler from dropping the stores. */
static void wipe(char *text)
{
    for (volatile char *c = text; c != NULL && *c != '\0'; c++)
        *c = '\0';
}

void tlp_wipe_texts(cJSON *tree)
{
    if (tree != NULL)
        wipe(tree->valuestring);
    for (cJSON *child = tree == NULL ? NULL : tree->child; child != NULL; child = child->next)
        tlp_wipe_texts(child);
}
