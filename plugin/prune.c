#include "prune.h"

#include <stdlib.h>
#include <string.h>

/* The template at one more segment of a path, made where it does not exist. */
static cJSON *enter(cJSON *template, const char *segment)
{
    cJSON *inner = cJSON_GetObjectItemCaseSensitive(template, segment);
    return inner != NULL ? inner : cJSON_AddObjectToObject(template, segment);
}

static bool declare(cJSON *template, const char *path, const char *type)
{
    char *copy = strdup(path), *rest = copy, *dot;
    while (template != NULL && copy != NULL && (dot = strchr(rest, '.')) != NULL) {
        *dot = '\0';
        template = enter(template, rest);
        rest = dot + 1;
    }
    bool ok = template != NULL && copy != NULL && cJSON_AddStringToObject(template, rest, type) != NULL;
    free(copy);
    return ok;
}

cJSON *tlp_prune_template(const cJSON *action, const char *prefix)
{
    cJSON *template = cJSON_CreateObject();
    bool ok = template != NULL;
    const cJSON *output;
    cJSON_ArrayForEach (output, tlp_member(action, "output")) {
        const char *path = tlp_text(output, "data_path");
        if (strncmp(path, prefix, strlen(prefix)) == 0)
            ok = ok && declare(template, path + strlen(prefix), tlp_text(output, "data_type"));
    }
    if (!ok) {
        cJSON_Delete(template);
        return NULL;
    }
    return template;
}

static bool is_of_type(const cJSON *value, const char *type)
{
    if (strcmp(type, "numeric") == 0)
        return cJSON_IsNumber(value);
    return strcmp(type, "boolean") == 0 ? cJSON_IsBool(value) : cJSON_IsString(value);
}

static bool copy_value(cJSON **out, const cJSON *value, const cJSON *template);

static bool copy_elements(cJSON *out, const cJSON *array, const cJSON *template)
{
    bool ok = true;
    const cJSON *element;
    cJSON_ArrayForEach (element, array) {
        cJSON *copy = NULL;
        ok = ok && copy_value(&copy, element, template) && (copy == NULL || tlp_append(out, copy));
    }
    return ok;
}

static bool copy_members(cJSON *out, const cJSON *object, const cJSON *template)
{
    bool ok = true;
    const cJSON *declared;
    cJSON_ArrayForEach (declared, template) {
        cJSON *copy = NULL;
        ok = ok && copy_value(&copy, tlp_member(object, declared->string), declared) &&
             (copy == NULL || tlp_set(out, declared->string, copy));
    }
    return ok;
}

/* The same for an array where the template has elements, else for an object. */
static bool copy_parent(cJSON **out, const cJSON *value, const cJSON *template)
{
    const cJSON *elements = cJSON_GetObjectItemCaseSensitive(template, "*");
    if (elements != NULL ? !cJSON_IsArray(value) : !cJSON_IsObject(value))
        return true;
    *out = elements != NULL ? cJSON_CreateArray() : cJSON_CreateObject();
    if (*out != NULL &&
        (elements != NULL ? copy_elements(*out, value, elements) : copy_members(*out, value, template)))
        return true;
    cJSON_Delete(*out);
    *out = NULL;
    return false;
}

/* *out stays NULL where the value is not what was declared, or absent. False when out of memory. */
static bool copy_value(cJSON **out, const cJSON *value, const cJSON *template)
{
    if (value == NULL)
        return true;
    if (!cJSON_IsString(template))
        return copy_parent(out, value, template);
    if (!is_of_type(value, template->valuestring))
        return true;
    *out = cJSON_Duplicate(value, true);
    return *out != NULL;
}

cJSON *tlp_prune(const cJSON *object, const cJSON *template)
{
    cJSON *out = cJSON_CreateObject();
    if (out != NULL && copy_members(out, object, template))
        return out;
    cJSON_Delete(out);
    return NULL;
}
