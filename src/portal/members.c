#include "portal/members.h"

#include <string.h>

#include "base/text.h"
#include "base/time.h"

enum { MAX_WORD_LIST = 500, MAX_SHOWN_NAME = 60 };

bool tl_member_text(const char **out, const cJSON *json, const char *member, tl_error *err)
{
    const cJSON *value = tl_json_member(json, member);
    *out = tl_json_string_value(value);
    if (value == NULL)
        return true;
    if (*out != NULL && strlen(*out) <= TL_MAX_TEXT && tl_utf8_valid(*out, strlen(*out)))
        return true;
    (void)tl_fail(err, TL_INVALID, "%s must be a text of at most %d bytes of UTF-8", member, TL_MAX_TEXT);
    return false;
}

bool tl_member_flag(bool *out, const cJSON *json, const char *member, tl_error *err)
{
    const cJSON *value = tl_json_member(json, member);
    *out = value != NULL && cJSON_IsTrue(value);
    if (value == NULL || cJSON_IsBool(value))
        return true;
    (void)tl_fail(err, TL_INVALID, "%s must be true or false", member);
    return false;
}

/* "a, b, c"; "" when memory ran out. The caller frees the buffer. */
static const char *list_words(tl_buffer *list, const char *const words[])
{
    *list = (tl_buffer){.limit = MAX_WORD_LIST};
    for (size_t i = 0; words[i] != NULL; i++)
        tl_buffer_format(list, "%s%s", i == 0 ? "" : ", ", words[i]);
    return list->data == NULL ? "" : list->data;
}

tl_code tl_fail_words(const char *member, const char *const words[], tl_error *err)
{
    tl_buffer list;
    tl_fail(err, TL_INVALID, "%s must be one of: %s", member, list_words(&list, words));
    tl_buffer_free(&list);
    return TL_INVALID;
}

int tl_member_word(const cJSON *json, const char *member, const char *const words[], int otherwise,
                   tl_error *err)
{
    const cJSON *value = tl_json_member(json, member);
    if (value == NULL)
        return otherwise;
    for (int i = 0; cJSON_IsString(value) && words[i] != NULL; i++)
        if (strcmp(value->valuestring, words[i]) == 0)
            return i;
    (void)tl_fail_words(member, words, err);
    return -1;
}

bool tl_member_guid(const char **out, const cJSON *json, const char *member, tl_error *err)
{
    if (!tl_member_text(out, json, member, err))
        return false;
    if (*out == NULL || tl_is_real_guid(*out))
        return true;
    (void)tl_fail(err, TL_INVALID, "%s must be a GUID", member);
    return false;
}

bool tl_member_time(int64_t *out_us, const cJSON *json, const char *member, tl_error *err)
{
    const char *text = NULL;
    if (!tl_member_text(&text, json, member, err))
        return false;
    *out_us = 0;
    /* 0 means "not given" from here on, so 1970-01-01T00:00:00Z would come to mean "never". */
    if (text == NULL || (tl_time_parse(text, false, out_us) && *out_us > 0))
        return true;
    (void)tl_fail(err, TL_INVALID, "%s must be a UTC time such as 2026-12-31T18:00:00Z", member);
    return false;
}

bool tl_member_integer(int64_t *out, const cJSON *json, const char *member, int64_t min, int64_t max,
                       tl_error *err)
{
    const cJSON *value = tl_json_member(json, member);
    int64_t number;
    if (value == NULL)
        return true;
    if (tl_json_integer(value, &number) && number >= min && number <= max) {
        *out = number;
        return true;
    }
    (void)tl_fail(err, TL_INVALID, "%s must be a whole number from %lld to %lld", member, (long long)min,
                  (long long)max);
    return false;
}

bool tl_member_list(const cJSON **out, const cJSON *json, const char *member, int max, tl_error *err)
{
    const cJSON *value = tl_json_member(json, member);
    bool empty_table = cJSON_IsObject(value) && value->child == NULL;
    *out = empty_table ? NULL : value;
    if (*out == NULL || (cJSON_IsArray(*out) && cJSON_GetArraySize(*out) <= max))
        return true;
    (void)tl_fail(err, TL_INVALID, "%s must be a list of at most %d %s", member, max, member);
    return false;
}

static tl_code fail_unknown(const char *what, const char *unknown, const char *const known[], tl_error *err)
{
    tl_buffer list;
    tl_fail(err, TL_INVALID, "%s an unknown member: %.*s (known: %s)", what, (int)MAX_SHOWN_NAME, unknown,
            list_words(&list, known));
    tl_buffer_free(&list);
    return TL_INVALID;
}

/* A tree that cJSON parsed may hold a member twice, and readers differ on which one counts. */
tl_code tl_check_members(const cJSON *object, const char *const known[], const char *what, tl_error *err)
{
    const char *unknown;
    if (!tl_json_only_members(object, known, &unknown))
        return fail_unknown(what, unknown, known, err);
    for (const cJSON *member = object->child; member != NULL; member = member->next)
        if (cJSON_GetObjectItemCaseSensitive(object, member->string) != member)
            return tl_fail(err, TL_INVALID, "%s the member %s twice", what, member->string);
    return TL_OK;
}

tl_code tl_check_search(const char *search, tl_error *err)
{
    size_t length = search == NULL ? 0 : strlen(search);
    if (length <= TL_MAX_SEARCH && (length == 0 || tl_utf8_valid(search, length)))
        return TL_OK;
    return tl_fail(err, TL_INVALID, "search must be UTF-8 of at most %d bytes", TL_MAX_SEARCH);
}

tl_code tl_check_name(const char *name, const char *of_what, tl_error *err)
{
    enum { MAX_NAME = 200 };
    if (name == NULL || name[strspn(name, " \t\n\v\f\r")] == '\0')
        return tl_fail(err, TL_INVALID, "name of the new %s is missing", of_what);
    if (strlen(name) > MAX_NAME)
        return tl_fail(err, TL_INVALID, "name must be at most %d bytes", MAX_NAME);
    return TL_OK;
}

tl_code tl_check_options(const cJSON *options, const char *const known[], tl_error *err)
{
    if (options == NULL)
        return TL_OK;
    if (!cJSON_IsObject(options))
        return tl_fail(err, TL_INVALID, "options must be an object");
    return tl_check_members(options, known, "options has", err);
}
