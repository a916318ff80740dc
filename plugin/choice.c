#include "choice.h"

#include <string.h>
#include <time.h>

enum { TIME_SIZE = sizeof "2026-06-23T14:05:12Z", HOUR_S = 3600, MAX_HOURS = 24 * 366 * 100 };

tl_code tlp_list_parameter(cJSON **out, const tlp_call *call, const char *name, tl_error *err)
{
    const char *text = tlp_text(call->parameters, name);
    tl_error why = TL_ERROR_INIT;
    *out = NULL;
    if (text == NULL)
        return TL_OK;
    if (tl_json_parse(out, text, strlen(text), &why) != TL_OK)
        return tlp_fail(err, why.code == TL_MEMORY ? TL_MEMORY : TL_INVALID, "%s is not JSON: %s", name,
                        why.message);
    if (cJSON_IsArray(*out))
        return TL_OK;
    cJSON_Delete(*out);
    *out = NULL;
    return tlp_fail(err, TL_INVALID, "%s must be a JSON list", name);
}

/* The UTC time that is so many hours from now. */
static tl_code set_expiry(cJSON *choice, const tlp_call *call, tl_error *err)
{
    int64_t hours = tlp_integer(call->parameters, "expires_hours", 0);
    char text[TIME_SIZE];
    struct tm utc;
    if (hours == 0)
        return TL_OK;
    if (hours > MAX_HOURS)
        return tlp_fail(err, TL_INVALID, "expires_hours is too large");
    time_t end = time(NULL) + (time_t)(hours * HOUR_S);
    if (gmtime_r(&end, &utc) == NULL || strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        return tlp_fail(err, TL_INVALID, "expires_hours is too large");
    return tlp_set_text(choice, "expires", text) ? TL_OK : tlp_fail_memory(err);
}

typedef struct renaming {
    const char *parameter;
    const char *member; /* the core's name for it; NULL = the same */
} renaming;

static bool copy_named(cJSON *choice, const cJSON *parameters, const renaming names[], size_t count)
{
    bool ok = true;
    for (size_t i = 0; i < count; i++)
        ok = ok && tlp_set_copy(choice, names[i].member != NULL ? names[i].member : names[i].parameter,
                                tlp_member(parameters, names[i].parameter));
    return ok;
}

/* What goes where an existing policy applies takes no scope; the default is none that somebody chose. */
static bool drops_scope(const tlp_call *call, bool existing_policy)
{
    const char *scope = tlp_text(call->parameters, "scope");
    return existing_policy && scope != NULL && strcmp(scope, "computer") == 0;
}

static tl_code start_choice(cJSON **out, const tlp_call *call, const renaming names[], size_t count,
                            bool existing_policy, tl_error *err)
{
    cJSON *choice = *out = cJSON_CreateObject();
    if (choice == NULL || !copy_named(choice, call->parameters, names, count))
        return tlp_fail_memory(err);
    if (drops_scope(call, existing_policy))
        cJSON_DeleteItemFromObjectCaseSensitive(choice, "scope");
    return set_expiry(choice, call, err);
}

static tl_code end_choice(cJSON **out, tl_code code)
{
    if (code != TL_OK) {
        cJSON_Delete(*out);
        *out = NULL;
    }
    return code;
}

/* ---- rules ---- */

/* The hash of the request's own file, from its details. */
static tl_code add_own_hash(cJSON *rules, tlp_call *call, tl_error *err)
{
    cJSON *details = NULL, *rule = cJSON_CreateObject();
    tl_code code = tl_permit_details(&details, call->session->client, tlp_organization_id(call),
                                     tlp_request_id(call), err);
    const char *hash = tlp_text(tlp_member(details, "fileDetails"), "hash");
    if (code == TL_OK && (hash == NULL || hash[0] == '\0'))
        code = tlp_fail(err, TL_INVALID, "hash_rule: the request names no hash of its file");
    if (code == TL_OK && !tlp_set_text(rule, "hash", hash))
        code = tlp_fail_memory(err);
    cJSON_Delete(details);
    if (code != TL_OK) {
        cJSON_Delete(rule);
        return code;
    }
    return tlp_append(rules, rule) ? TL_OK : tlp_fail_memory(err);
}

static tl_code set_rules(cJSON *choice, tlp_call *call, tl_error *err)
{
    cJSON *rules = NULL;
    bool own_hash = tlp_flag(call->parameters, "hash_rule");
    tl_code code = tlp_list_parameter(&rules, call, "rules", err);
    if (code != TL_OK || (rules == NULL && !own_hash))
        return code;
    if (rules == NULL && (rules = cJSON_CreateArray()) == NULL)
        return tlp_fail_memory(err);
    if (own_hash && (code = add_own_hash(rules, call, err)) != TL_OK) {
        cJSON_Delete(rules);
        return code;
    }
    return tlp_set(choice, "rules", rules) ? TL_OK : tlp_fail_memory(err);
}

tl_code tlp_choice(cJSON **out, tlp_call *call, tl_error *err)
{
    static const renaming names[] = {
        {"application", NULL}, {"application_id", NULL}, {"name", NULL},    {"scope", NULL},
        {"group_id", NULL},    {"mode", NULL},           {"elevate", NULL}, {"elevate_hours", NULL},
        {"ticket", NULL},      {"comments", NULL},       {"notify", NULL},  {"response", "response_reason"},
        {"dry_run", NULL}};
    bool rules_only = tlp_flag(call->parameters, "rules_only");
    tl_code code = start_choice(out, call, names, sizeof names / sizeof names[0], rules_only, err);
    if (code == TL_OK && rules_only && !tlp_set_text(*out, "policy", "existing"))
        code = tlp_fail_memory(err);
    if (code == TL_OK)
        code = set_rules(*out, call, err);
    return end_choice(out, code);
}

tl_code tlp_storage_choice(cJSON **out, tlp_call *call, tl_error *err)
{
    static const renaming names[] = {
        {"policy", NULL},   {"policy_id", NULL},   {"name", NULL},      {"scope", NULL},
        {"group_id", NULL}, {"all_devices", NULL}, {"all_paths", NULL}, {"ticket", NULL},
        {"comments", NULL}, {"notify", NULL},      {"dry_run", NULL},   {"response", "response_reason"}};
    const char *policy = tlp_text(call->parameters, "policy");
    bool existing = policy != NULL && strcmp(policy, "existing") == 0;
    return end_choice(out, start_choice(out, call, names, sizeof names / sizeof names[0], existing, err));
}
