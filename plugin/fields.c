#include "fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_NAME_SHOWN = 60 };

static bool is_type(const cJSON *field, const char *type)
{
    const char *own = tlp_text(field, "data_type");
    return own != NULL && strcmp(own, type) == 0;
}

/* Nothing, as an empty field of SOAR's forms is. Nothing of a password is cut off. */
static bool is_absent(const cJSON *field, const cJSON *value)
{
    const char *text = cJSON_GetStringValue(value);
    if (text == NULL)
        return value == NULL;
    return text[is_type(field, "password") ? 0 : strspn(text, TLP_WHITE_SPACE)] == '\0';
}

/* ---- one value of each type: false where it is of another; *out NULL where memory is out ---- */

static bool read_text(cJSON **out, const cJSON *field, const cJSON *value)
{
    if (!cJSON_IsString(value))
        return false;
    char *trimmed = is_type(field, "password") ? NULL : tlp_trim(value->valuestring);
    const char *text = is_type(field, "password") ? value->valuestring : trimmed;
    *out = text == NULL ? NULL : cJSON_CreateString(text);
    free(trimmed);
    return true;
}

/* The whole number of a node: 30 and 30.0 are the same to SOAR. */
static bool whole(const cJSON *node, int64_t *out)
{
    static const double exact = 9007199254740992.0; /* 2^53 */
    if (tl_json_integer(node, out))
        return *out >= 0;
    if (!cJSON_IsNumber(node) || !(node->valuedouble >= 0 && node->valuedouble < exact))
        return false;
    *out = (int64_t)node->valuedouble;
    return (double)*out == node->valuedouble;
}

static bool read_number(cJSON **out, const cJSON *value)
{
    const char *text = cJSON_GetStringValue(value);
    int64_t number = 0;
    cJSON *written = NULL;
    tl_error why = TL_ERROR_INIT;
    tl_code code = text == NULL ? TL_OK : tl_json_parse(&written, text, strlen(text), &why);
    bool ok = code == TL_OK && whole(text == NULL ? value : written, &number);
    cJSON_Delete(written);
    *out = ok ? tl_json_new_integer(number) : NULL;
    return ok || code == TL_MEMORY;
}

static bool read_flag(cJSON **out, const cJSON *value)
{
    const char *text = cJSON_GetStringValue(value);
    bool yes = text == NULL ? cJSON_IsTrue(value) : strcasecmp(text, "true") == 0;
    bool no = text == NULL ? cJSON_IsFalse(value) : strcasecmp(text, "false") == 0;
    *out = yes || no ? cJSON_CreateBool(yes) : NULL;
    return yes || no;
}

static tl_code read_value(cJSON **out, const cJSON *field, const cJSON *value, tl_error *err)
{
    const char *wanted = "a text";
    bool fits;
    if (is_type(field, "numeric")) {
        fits = read_number(out, value);
        wanted = "a whole number of 0 or more";
    } else if (is_type(field, "boolean")) {
        fits = read_flag(out, value);
        wanted = "true or false";
    } else {
        fits = read_text(out, field, value);
    }
    if (!fits)
        return tlp_fail(err, TL_INVALID, "%s must be %s", field->string, wanted);
    return *out != NULL ? TL_OK : tlp_fail_memory(err);
}

/* ---- what the field allows ---- */

static tl_code check_listed(const cJSON *field, const cJSON *value, tl_error *err)
{
    const cJSON *list = tlp_member(field, "value_list"), *entry;
    char allowed[300] = "";
    if (list == NULL)
        return TL_OK;
    cJSON_ArrayForEach (entry, list) {
        if (cJSON_Compare(entry, value, true))
            return TL_OK;
        size_t used = strlen(allowed);
        (void)snprintf(allowed + used, sizeof allowed - used, "%s%s", used == 0 ? "" : ", ",
                       entry->valuestring);
    }
    return tlp_fail(err, TL_INVALID, "%s must be one of: %s", field->string, allowed);
}

static tl_code use_default(cJSON *out, const cJSON *field, tl_error *err)
{
    const cJSON *otherwise = tlp_member(field, "default");
    if (otherwise == NULL && tlp_flag(field, "required"))
        return tlp_fail(err, TL_INVALID, "%s is missing", field->string);
    return tlp_set_copy(out, field->string, otherwise) ? TL_OK : tlp_fail_memory(err);
}

static tl_code check_field(cJSON *out, const cJSON *field, const cJSON *given, tl_error *err)
{
    const cJSON *raw = tlp_member(given, field->string);
    cJSON *value = NULL;
    if (is_absent(field, raw))
        return use_default(out, field, err);
    tl_code code = read_value(&value, field, raw, err);
    if (code == TL_OK)
        code = check_listed(field, value, err);
    if (code == TL_OK)
        return tlp_set(out, field->string, value) ? TL_OK : tlp_fail_memory(err);
    cJSON_Delete(value);
    return code;
}

tl_code tlp_check_fields(cJSON **out, const cJSON *fields, const cJSON *given, tl_error *err)
{
    *out = cJSON_CreateObject();
    tl_code code = *out == NULL ? tlp_fail_memory(err) : TL_OK;
    const cJSON *field;
    cJSON_ArrayForEach (field, fields)
        if (code == TL_OK)
            code = check_field(*out, field, given, err);
    if (code != TL_OK) {
        tlp_wipe_texts(*out); /* passwords may be among them */
        cJSON_Delete(*out);
        *out = NULL;
    }
    return code;
}

tl_code tlp_check_known(const cJSON *fields, const cJSON *given, tl_error *err)
{
    const cJSON *member;
    cJSON_ArrayForEach (member, given)
        if (strcmp(member->string, "context") != 0 &&
            cJSON_GetObjectItemCaseSensitive(fields, member->string) == NULL)
            return tlp_fail(err, TL_INVALID, "unknown parameter %.*s", MAX_NAME_SHOWN, member->string);
    return TL_OK;
}
