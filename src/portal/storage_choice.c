#include "portal/storage_choice.h"

#include "portal/members.h"

static const char *const members[] = {"policy",
                                      "policy_id",
                                      "name",
                                      "scope",
                                      "group_id",
                                      "all_devices",
                                      "all_paths",
                                      "expires",
                                      "ticket",
                                      "comments",
                                      "requestor_email",
                                      "response_subject",
                                      "response_reason",
                                      "notify",
                                      "allow_actioned",
                                      "dry_run",
                                      NULL};

static tl_code read_words(tl_storage_choice *out, const cJSON *json, tl_error *err)
{
    static const char *const policies[] = {"existing", "new", NULL};
    if (tl_json_member(json, "policy") == NULL)
        return tl_fail(err, TL_INVALID, "policy is missing: existing or new");
    int policy = tl_member_word(json, "policy", policies, -1, err);
    int scope = tl_member_word(json, "scope", tl_scope_words, TL_SCOPE_COMPUTER, err);
    if (policy < 0 || scope < 0)
        return TL_INVALID;
    out->existing_policy = policy == 0;
    out->scope = (tl_scope)scope;
    return TL_OK;
}

static bool read_values(tl_storage_choice *out, const cJSON *json, tl_error *err)
{
    return tl_member_guid(&out->policy_id, json, "policy_id", err) &&
           tl_member_guid(&out->group_id, json, "group_id", err) &&
           tl_member_text(&out->name, json, "name", err) &&
           tl_member_flag(&out->all_devices, json, "all_devices", err) &&
           tl_member_flag(&out->all_paths, json, "all_paths", err) &&
           tl_permit_terms_read(&out->terms, json, err);
}

static tl_code check_policy(const tl_storage_choice *choice, bool scope_given, tl_error *err)
{
    if (!choice->existing_policy && choice->policy_id != NULL)
        return tl_fail(err, TL_INVALID, "policy_id and policy = new are two policies: give one");
    if (!choice->existing_policy)
        return tl_check_name(choice->name, "policy", err);
    if (choice->policy_id == NULL)
        return tl_fail(err, TL_INVALID, "policy_id is missing: which storage policy gets the device");
    if (choice->name != NULL)
        return tl_fail(err, TL_INVALID, "name is for policy = new only");
    if (scope_given || choice->group_id != NULL)
        return tl_fail(err, TL_INVALID,
                       "policy = existing takes no scope and no group_id: the device goes where that policy "
                       "applies");
    return TL_OK;
}

static tl_code check_scope(const tl_storage_choice *choice, tl_error *err)
{
    bool group = choice->scope == TL_SCOPE_GROUP;
    if (group && choice->group_id == NULL)
        return tl_fail(err, TL_INVALID, "scope = group needs group_id");
    if (!group && choice->group_id != NULL)
        return tl_fail(err, TL_INVALID, "group_id needs scope = group: two scopes were given");
    return TL_OK;
}

tl_code tl_storage_choice_read(tl_storage_choice *out, const cJSON *json, tl_error *err)
{
    *out = (tl_storage_choice){0};
    if (!cJSON_IsObject(json))
        return tl_fail(err, TL_INVALID, "choice must be an object");
    tl_code code = tl_check_members(json, members, "choice has", err);
    if (code == TL_OK)
        code = read_words(out, json, err);
    if (code == TL_OK && !read_values(out, json, err))
        code = TL_INVALID;
    if (code == TL_OK)
        code = check_policy(out, tl_json_member(json, "scope") != NULL, err);
    return code == TL_OK ? check_scope(out, err) : code;
}
