#include "portal/ceiling.h"

#include <string.h>

#include "base/text.h"
#include "base/time.h"

static const int64_t MAX_EXPIRY_S = INT64_C(100) * 366 * 24 * 60 * 60;

tl_code tl_check_limits(const tl_limits *limits, tl_error *err)
{
    int scope = (int)limits->max_scope;
    if (scope < TL_SCOPE_COMPUTER || scope > TL_SCOPE_ORGANIZATION)
        return tl_fail(err, TL_CONFIG, "max_scope must be computer, group or organization");
    if (limits->max_expiry_s < 0 || limits->max_expiry_s > MAX_EXPIRY_S)
        return tl_fail(err, TL_CONFIG, "max_expiry must be between 0 and 100 years");
    return TL_OK;
}

static bool mode_allowed(const tl_limits *limits, int64_t mode)
{
    switch (mode) {
    case TL_MODE_MANUAL:
        return true;
    case TL_MODE_INSTALLATION:
        return limits->allow_installation;
    case TL_MODE_LEARNING:
        return limits->allow_learning;
    case TL_MODE_MONITOR:
        return limits->allow_monitor;
    default:
        return false;
    }
}

static tl_code check_terms(const tl_limits *limits, const tl_permit_terms *terms, int64_t now_us,
                           tl_error *err)
{
    int64_t latest_us = now_us + limits->max_expiry_s * TL_SECOND_US;
    if (terms->allow_actioned)
        return tl_fail(err, TL_INVALID, "no limits allow allow_actioned");
    if (limits->max_expiry_s == 0 || (terms->expires_us != 0 && terms->expires_us <= latest_us))
        return TL_OK;
    return tl_fail(err, TL_INVALID, "the choice does not end within the limit max_expiry = %lld s",
                   (long long)limits->max_expiry_s);
}

static tl_code check_elevation_end(const tl_limits *limits, const tl_choice *choice, int64_t now_us,
                                   tl_error *err)
{
    int64_t latest_us = now_us + limits->max_expiry_s * TL_SECOND_US;
    if (limits->max_expiry_s == 0)
        return TL_OK;
    if (choice->elevate_hours * 3600 > limits->max_expiry_s || choice->elevate_until_us > latest_us)
        return tl_fail(err, TL_INVALID, "the elevation does not end within the limit max_expiry = %lld s",
                       (long long)limits->max_expiry_s);
    return TL_OK;
}

/* An existing policy may reach anywhere in the organization. */
static tl_code check_scope(const tl_limits *limits, bool existing_policy, tl_scope chosen, tl_error *err)
{
    tl_scope scope = existing_policy ? TL_SCOPE_ORGANIZATION : chosen;
    if (scope <= limits->max_scope)
        return TL_OK;
    return tl_fail(err, TL_INVALID, "the choice reaches %s%s, above the limit max_scope = %s",
                   tl_scope_name(scope), existing_policy ? " (an existing policy may)" : "",
                   tl_scope_name(limits->max_scope));
}

tl_code tl_check_ceiling(const tl_limits *limits, const tl_choice *choice, bool is_builtin, int64_t now_us,
                         tl_error *err)
{
    tl_code code = check_scope(limits, choice->existing_policy, choice->scope, err);
    if (code != TL_OK)
        return code;
    if (is_builtin && !limits->allow_builtin)
        return tl_fail(err, TL_INVALID,
                       "the choice permits a whole built-in application; the limits do not allow it");
    if (!mode_allowed(limits, choice->mode))
        return tl_fail(err, TL_INVALID,
                       "the choice starts a maintenance mode that allow_modes does not name");
    const cJSON *rule;
    cJSON_ArrayForEach (rule, choice->rules)
        if (tl_rule_has_path(rule) && !limits->allow_path_rules)
            return tl_fail(err, TL_INVALID,
                           "the choice has a rule that is no hash; "
                           "the limits do not allow it");
    code = check_terms(limits, &choice->terms, now_us, err);
    return code == TL_OK ? check_elevation_end(limits, choice, now_us, err) : code;
}

tl_code tl_check_storage_ceiling(const tl_limits *limits, const tl_storage_choice *choice, int64_t now_us,
                                 tl_error *err)
{
    tl_code code = check_scope(limits, choice->existing_policy, choice->scope, err);
    if (code == TL_OK && (choice->all_devices || choice->all_paths) && !limits->allow_path_rules)
        code = tl_fail(err, TL_INVALID,
                       "the choice is for all devices or all paths; the limits do not allow it "
                       "(allow_path_rules)");
    return code == TL_OK ? check_terms(limits, &choice->terms, now_us, err) : code;
}

static bool has_rule(const cJSON *rules, const cJSON *wanted)
{
    const cJSON *rule;
    cJSON_ArrayForEach (rule, rules)
        if (cJSON_Compare(rule, wanted, true))
            return true;
    return false;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool ends_no_later(int64_t sealed_us, int64_t narrower_us)
{
    return sealed_us == 0 || (narrower_us != 0 && narrower_us <= sealed_us);
}

static tl_code check_same_application(const tl_choice *sealed, const tl_choice *narrower, tl_error *err)
{
    bool same = sealed->application == narrower->application &&
                tl_equal_ignore_case(sealed->application_id, narrower->application_id) &&
                same_text(sealed->name, narrower->name) &&
                sealed->existing_policy == narrower->existing_policy;
    return same ? TL_OK : tl_fail(err, TL_INVALID, "the narrower choice names another application or policy");
}

static tl_code check_rules(const tl_choice *sealed, const tl_choice *narrower, tl_error *err)
{
    const cJSON *rule;
    cJSON_ArrayForEach (rule, narrower->rules)
        if (!has_rule(sealed->rules, rule))
            return tl_fail(err, TL_INVALID, "the narrower choice adds a rule");
    return TL_OK;
}

/* Whether hours or until counts where both are sent is not documented, so each is compared by itself, and one
 * that the sealed choice leaves out may not be added. */
static bool limited_as_much(int64_t sealed, int64_t narrower)
{
    return sealed == 0 ? narrower == 0 : narrower != 0 && narrower <= sealed;
}

static tl_code check_elevation(const tl_choice *sealed, const tl_choice *narrower, tl_error *err)
{
    /* No elevation is less than any, but a forced standard user is less than that. */
    bool dropped = narrower->elevate == TL_ELEVATE_NO && sealed->elevate != TL_ELEVATE_STANDARD_USER;
    if (narrower->elevate != sealed->elevate && !dropped)
        return tl_fail(err, TL_INVALID, "the narrower choice elevates otherwise");
    if (!dropped && (!limited_as_much(sealed->elevate_until_us, narrower->elevate_until_us) ||
                     !limited_as_much(sealed->elevate_hours, narrower->elevate_hours)))
        return tl_fail(err, TL_INVALID, "the narrower choice elevates for longer");
    return TL_OK;
}

tl_code tl_check_narrower(const tl_choice *sealed, const tl_choice *narrower, tl_error *err)
{
    tl_code code = check_same_application(sealed, narrower, err);
    if (code == TL_OK)
        code = check_rules(sealed, narrower, err);
    if (code != TL_OK)
        return code;
    if (narrower->scope > sealed->scope)
        return tl_fail(err, TL_INVALID, "the narrower choice has a wider scope");
    if (narrower->scope == TL_SCOPE_GROUP && !tl_equal_ignore_case(sealed->group_id, narrower->group_id) &&
        sealed->scope == TL_SCOPE_GROUP)
        return tl_fail(err, TL_INVALID, "the narrower choice names another group");
    if (narrower->mode != TL_MODE_MANUAL && narrower->mode != sealed->mode)
        return tl_fail(err, TL_INVALID, "the narrower choice starts another mode");
    code = check_elevation(sealed, narrower, err);
    if (code != TL_OK)
        return code;
    if (!ends_no_later(sealed->terms.expires_us, narrower->terms.expires_us))
        return tl_fail(err, TL_INVALID, "the narrower choice ends later");
    if ((narrower->terms.allow_actioned && !sealed->terms.allow_actioned) ||
        (narrower->allow_builtin && !sealed->allow_builtin) ||
        (narrower->allow_empty && !sealed->allow_empty) ||
        narrower->scope_all_false != sealed->scope_all_false)
        return tl_fail(err, TL_INVALID, "the narrower choice loosens a refusal");
    /* The minimal body leaves out what the details restrict, such as ringfencing. */
    if (narrower->body_minimal != sealed->body_minimal)
        return tl_fail(err, TL_INVALID, "the narrower choice has another body");
    return TL_OK;
}
