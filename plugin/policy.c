/* What the asset's configuration allows: the ceiling, the words that decide, how old an answer may be; and
 * which kinds of requests it polls. */
#include <string.h>
#include <strings.h>

#include "session.h"

enum { HOUR_S = 3600, MAX_HOURS = 366 * 24 };

/* ---- the words that decide ---- */

static tl_code read_words(tl_plugin *session, int meaning, const char *field, tl_error *err)
{
    const char *text = tlp_text(session->config, field);
    if (text == NULL)
        return TL_OK;
    cJSON *list = session->words[meaning] = tlp_split(text);
    if (list == NULL)
        return tlp_fail_memory(err);
    size_t count = 0;
    const cJSON *word;
    cJSON_ArrayForEach (word, list) {
        if (count == TLP_MAX_WORDS)
            return tlp_fail(err, TL_CONFIG, "%s has more than %d words", field, TLP_MAX_WORDS);
        session->listed[meaning][count++] = word->valuestring;
    }
    return TL_OK;
}

tl_words tlp_policy_words(const tl_plugin *session)
{
    const char *const *lists[3];
    for (int i = 0; i < 3; i++)
        lists[i] = session->words[i] == NULL ? NULL : session->listed[i];
    return (tl_words){lists[0], lists[1], lists[2]};
}

static tl_code check_words(const tl_plugin *session, tl_error *err)
{
    tl_words words = tlp_policy_words(session);
    return tl_words_check(&words, err);
}

/* ---- the ceiling ---- */

static tl_code read_modes(tl_plugin *session, tl_error *err)
{
    tl_limits *limits = &session->limits;
    const struct {
        const char *name;
        bool *allowed;
    } modes[] = {{"installation", &limits->allow_installation},
                 {"learning", &limits->allow_learning},
                 {"monitor", &limits->allow_monitor}};
    cJSON *list = tlp_split(tlp_text(session->config, "allow_modes"));
    tl_code code = list == NULL ? tlp_fail_memory(err) : TL_OK;
    const cJSON *entry;
    cJSON_ArrayForEach (entry, list) {
        size_t i = 0;
        while (i < 3 && strcasecmp(entry->valuestring, modes[i].name) != 0)
            i++;
        if (i == 3)
            code = tlp_fail(err, TL_CONFIG, "allow_modes may name: installation, learning, monitor");
        else
            *modes[i].allowed = true;
    }
    cJSON_Delete(list);
    return code;
}

static tl_code read_hours(int64_t *out_seconds, const tl_plugin *session, const char *field, tl_error *err)
{
    int64_t hours = tlp_integer(session->config, field, 0);
    if (hours > MAX_HOURS)
        return tlp_fail(err, TL_CONFIG, "%s may be %d at most", field, MAX_HOURS);
    *out_seconds = hours * HOUR_S;
    return TL_OK;
}

static tl_code read_limits(tl_plugin *session, tl_error *err)
{
    const char *scope = tlp_text(session->config, "max_scope");
    tl_limits *limits = &session->limits;
    limits->max_scope = strcmp(scope, "organization") == 0 ? TL_SCOPE_ORGANIZATION
                        : strcmp(scope, "group") == 0      ? TL_SCOPE_GROUP
                                                           : TL_SCOPE_COMPUTER;
    limits->allow_builtin = tlp_flag(session->config, "allow_builtin");
    limits->allow_path_rules = tlp_flag(session->config, "allow_path_rules");
    tl_code code = read_hours(&limits->max_expiry_s, session, "max_expiry_hours", err);
    if (code == TL_OK)
        code = read_hours(&session->max_answer_age_s, session, "max_answer_age_hours", err);
    return code == TL_OK ? read_modes(session, err) : code;
}

/* ---- the polls ---- */

/* A kind that no request has would make polls that find nothing, without a word. */
static tl_code check_kinds(const tl_plugin *session, tl_error *err)
{
    static const char *const kinds[] = {"application", "elevation", "storage", "web", "other"};
    enum { KINDS = sizeof kinds / sizeof kinds[0] };
    const char *text = tlp_text(session->config, "poll_kinds");
    cJSON *list = text == NULL ? NULL : tlp_split(text);
    tl_code code = text != NULL && list == NULL ? tlp_fail_memory(err) : TL_OK;
    const cJSON *entry;
    cJSON_ArrayForEach (entry, list) {
        size_t i = 0;
        while (i < KINDS && strcmp(entry->valuestring, kinds[i]) != 0)
            i++;
        if (i == KINDS)
            code =
                tlp_fail(err, TL_CONFIG, "poll_kinds may name: application, elevation, storage, web, other");
    }
    cJSON_Delete(list);
    return code;
}

tl_code tlp_policy_read(tl_plugin *session, tl_error *err)
{
    tl_code code = read_limits(session, err);
    if (code == TL_OK)
        code = read_words(session, 0, "permit_words", err);
    if (code == TL_OK)
        code = read_words(session, 1, "reject_words", err);
    if (code == TL_OK)
        code = read_words(session, 2, "ignore_words", err);
    if (code == TL_OK)
        code = check_words(session, err);
    return code == TL_OK ? check_kinds(session, err) : code;
}
