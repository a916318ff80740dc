#include "portal/choice.h"

#include <string.h>

#include "portal/members.h"

enum { MAX_RULES = 50, MAX_ELEVATE_HOURS = 8760, MIN_LITERAL = 4 };

static const char *const members[] = {
    "application",      "application_id",  "name",   "policy",        "scope",
    "group_id",         "rules",           "mode",   "elevate",       "elevate_hours",
    "elevate_until",    "expires",         "ticket", "comments",      "requestor_email",
    "response_subject", "response_reason", "notify", "allow_builtin", "allow_actioned",
    "allow_empty",      "scope_encoding",  "body",   "dry_run",       NULL};

static const char *const application_words[] = {"matching", "existing", "new", NULL};
static const char *const policy_words[] = {"new", "existing", NULL};
const char *const tl_scope_words[] = {"computer", "group", "organization", NULL};
static const char *const mode_words[] = {"manual", "installation", "learning", "monitor", NULL};
static const char *const elevate_words[] = {"no", "notify", "silent", "standard_user", NULL};
static const char *const encoding_words[] = {"official", "all_false", NULL};
static const char *const body_words[] = {"full", "minimal", NULL};

const char *tl_scope_name(tl_scope scope)
{
    return tl_scope_words[scope];
}

bool tl_rule_has_path(const cJSON *rule)
{
    return tl_json_member(rule, "hash") == NULL;
}

/* A pattern must hold enough that is literal: "*" or "C:\*" would permit everything. */
static bool is_too_wide(const char *pattern)
{
    size_t literal = 0;
    const char *start = pattern[0] != '\0' && pattern[1] == ':' ? pattern + 2 : pattern;
    for (const char *c = start; *c != '\0'; c++)
        if (strchr("*?\\/. ", *c) == NULL)
            literal++;
    return literal < MIN_LITERAL;
}

static tl_code check_hash_rule(const cJSON *rule, tl_error *err)
{
    const char *hash = tl_json_text(rule, "hash");
    size_t length = hash == NULL ? 0 : strlen(hash);
    if (length < 32 || length > 128 || hash[strspn(hash, "0123456789abcdefABCDEF")] != '\0')
        return tl_fail(err, TL_INVALID, "rules: hash must be 32 to 128 hex digits");
    if (cJSON_GetArraySize(rule) != 1)
        return tl_fail(err, TL_INVALID, "rules: a hash rule must hold only the hash");
    return TL_OK;
}

static tl_code check_path_rule(const cJSON *rule, tl_error *err)
{
    static const char *const parts[] = {"path", "process", "cert", "created_by"};
    int given = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const char *text;
        if (!tl_member_text(&text, rule, parts[i], err))
            return TL_INVALID;
        if (text == NULL)
            continue;
        given++;
        for (const char *c = text; *c != '\0'; c++)
            if ((unsigned char)*c < 0x20 || *c == 0x7f)
                return tl_fail(err, TL_INVALID, "rules: %s holds a control character", parts[i]);
        if (is_too_wide(text))
            return tl_fail(err, TL_INVALID, "rules: %s \"%s\" is too wide: it would match almost anything",
                           parts[i], text);
    }
    if (given == 0)
        return tl_fail(err, TL_INVALID,
                       "rules: a rule needs hash, or at least one of path, process, cert, created_by");
    return TL_OK;
}

static tl_code read_rules(tl_choice *out, const cJSON *json, tl_error *err)
{
    static const char *const rule_members[] = {"hash", "path", "process", "cert", "created_by", NULL};
    if (!tl_member_list(&out->rules, json, "rules", MAX_RULES, err))
        return TL_INVALID;
    const cJSON *rule;
    cJSON_ArrayForEach (rule, out->rules) {
        if (!cJSON_IsObject(rule))
            return tl_fail(err, TL_INVALID, "rules: each rule must be an object");
        tl_code code = tl_check_members(rule, rule_members, "rules: a rule has", err);
        if (code == TL_OK)
            code = tl_rule_has_path(rule) ? check_path_rule(rule, err) : check_hash_rule(rule, err);
        if (code != TL_OK)
            return code;
    }
    return TL_OK;
}

static tl_code read_words(tl_choice *out, const cJSON *json, tl_error *err)
{
    if (tl_json_member(json, "application") == NULL)
        return tl_fail(err, TL_INVALID, "application is missing: matching, existing or new");
    int application = tl_member_word(json, "application", application_words, -1, err);
    int policy = tl_member_word(json, "policy", policy_words, 0, err);
    int scope = tl_member_word(json, "scope", tl_scope_words, TL_SCOPE_COMPUTER, err);
    int mode = tl_member_word(json, "mode", mode_words, TL_MODE_MANUAL, err);
    int elevate = tl_member_word(json, "elevate", elevate_words, TL_ELEVATE_NO, err);
    int encoding = tl_member_word(json, "scope_encoding", encoding_words, 0, err);
    int body = tl_member_word(json, "body", body_words, 0, err);
    if (application < 0 || policy < 0 || scope < 0 || mode < 0 || elevate < 0 || encoding < 0 || body < 0)
        return TL_INVALID;
    out->application = (tl_choice_application)application;
    out->existing_policy = policy == 1;
    out->scope = (tl_scope)scope;
    out->scope_given = tl_json_member(json, "scope") != NULL;
    out->mode = mode;
    out->elevate = elevate;
    out->elevate_given = tl_json_member(json, "elevate") != NULL;
    out->scope_all_false = encoding == 1;
    out->body_minimal = body == 1;
    return TL_OK;
}

bool tl_permit_terms_read(tl_permit_terms *out, const cJSON *json, tl_error *err)
{
    return tl_member_time(&out->expires_us, json, "expires", err) &&
           tl_member_text(&out->ticket, json, "ticket", err) &&
           tl_member_text(&out->comments, json, "comments", err) &&
           tl_member_text(&out->requestor_email, json, "requestor_email", err) &&
           tl_member_text(&out->response_subject, json, "response_subject", err) &&
           tl_member_text(&out->response_reason, json, "response_reason", err) &&
           tl_member_flag(&out->notify, json, "notify", err) &&
           tl_member_flag(&out->allow_actioned, json, "allow_actioned", err) &&
           tl_member_flag(&out->dry_run, json, "dry_run", err);
}

static tl_code read_values(tl_choice *out, const cJSON *json, tl_error *err)
{
    bool ok = tl_member_guid(&out->application_id, json, "application_id", err) &&
              tl_member_guid(&out->group_id, json, "group_id", err) &&
              tl_member_text(&out->name, json, "name", err) &&
              tl_member_time(&out->elevate_until_us, json, "elevate_until", err) &&
              tl_member_integer(&out->elevate_hours, json, "elevate_hours", 1, MAX_ELEVATE_HOURS, err) &&
              tl_member_flag(&out->allow_builtin, json, "allow_builtin", err) &&
              tl_member_flag(&out->allow_empty, json, "allow_empty", err) &&
              tl_permit_terms_read(&out->terms, json, err);
    return ok ? TL_OK : TL_INVALID;
}

static tl_code check_application(const tl_choice *choice, tl_error *err)
{
    bool is_new = choice->application == TL_APPLICATION_NEW;
    if (is_new && choice->application_id != NULL)
        return tl_fail(err, TL_INVALID,
                       "application_id and application = new are two applications: give one");
    if (!is_new && choice->name != NULL)
        return tl_fail(err, TL_INVALID, "name is for application = new only");
    if (!is_new && choice->application_id == NULL)
        return tl_fail(
            err, TL_INVALID,
            "application_id is missing: a match is never picked silently; list the matching applications");
    if (is_new && tl_check_name(choice->name, "application", err) != TL_OK)
        return TL_INVALID;
    bool has_rules = choice->rules != NULL && choice->rules->child != NULL;
    if (is_new && !has_rules && choice->mode == TL_MODE_MANUAL && !choice->allow_empty)
        return tl_fail(
            err, TL_INVALID,
            "rules are missing: a new application without rules permits nothing (allow_empty to insist)");
    return TL_OK;
}

static tl_code check_policy_and_scope(const tl_choice *choice, tl_error *err)
{
    if (choice->existing_policy && choice->application == TL_APPLICATION_NEW)
        return tl_fail(err, TL_INVALID, "policy = existing needs application = existing or matching");
    if (choice->existing_policy && choice->scope_given)
        return tl_fail(err, TL_INVALID,
                       "policy = existing takes no scope: the rules go where that policy applies");
    if (choice->group_id != NULL && choice->scope != TL_SCOPE_GROUP)
        return tl_fail(err, TL_INVALID, "group_id needs scope = group: two scopes were given");
    if (choice->scope_all_false && choice->scope != TL_SCOPE_COMPUTER)
        return tl_fail(err, TL_INVALID, "scope_encoding = all_false is for scope = computer only");
    return TL_OK;
}

static tl_code check_elevation(const tl_choice *choice, tl_error *err)
{
    bool limited = choice->elevate_hours != 0 || choice->elevate_until_us != 0;
    bool elevates = choice->elevate == TL_ELEVATE_NOTIFY || choice->elevate == TL_ELEVATE_SILENT;
    if (elevates && !limited)
        return tl_fail(err, TL_INVALID, "elevate needs elevate_hours or elevate_until");
    if (!elevates && limited)
        return tl_fail(err, TL_INVALID, "elevate_hours and elevate_until need elevate = notify or silent");
    return TL_OK;
}

tl_code tl_choice_read(tl_choice *out, const cJSON *json, tl_error *err)
{
    *out = (tl_choice){0};
    if (!cJSON_IsObject(json))
        return tl_fail(err, TL_INVALID, "choice must be an object");
    tl_code code = tl_check_members(json, members, "choice has", err);
    if (code == TL_OK)
        code = read_words(out, json, err);
    if (code == TL_OK)
        code = read_values(out, json, err);
    if (code == TL_OK)
        code = read_rules(out, json, err);
    if (code == TL_OK)
        code = check_application(out, err);
    if (code == TL_OK)
        code = check_policy_and_scope(out, err);
    return code == TL_OK ? check_elevation(out, err) : code;
}
