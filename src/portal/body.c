#include "portal/body.h"

#include "base/text.h"
#include "base/time.h"

tl_code tl_body_check_objects(const cJSON *details, const char *const paths[], tl_error *err)
{
    for (size_t i = 0; paths[i] != NULL; i++) {
        const cJSON *node = tl_json_path(details, paths[i]);
        if (node != NULL && !cJSON_IsObject(node))
            return tl_fail(err, TL_PROTOCOL, "the details' %s is no object", paths[i]);
    }
    return TL_OK;
}

cJSON *tl_body_object(cJSON *body, const char *name)
{
    cJSON *object = tl_json_member(body, name);
    if (cJSON_IsObject(object))
        return object;
    object = cJSON_CreateObject();
    return tl_json_set(body, name, object) ? object : NULL;
}

bool tl_body_set_time(cJSON *body, const char *name, int64_t us)
{
    char text[TL_TIME_SIZE];
    tl_time_format(us, text);
    return tl_json_set_text(body, name, us == 0 ? NULL : text);
}

void tl_body_drop_nulls(cJSON *object, const char *const names[])
{
    if (!cJSON_IsObject(object))
        return;
    for (cJSON *member = object->child, *next; member != NULL; member = next) {
        next = member->next;
        if (cJSON_IsNull(member) && tl_is_one_of(member->string, names))
            cJSON_Delete(cJSON_DetachItemViaPointer(object, member));
    }
}

void tl_body_drop_request_nulls(cJSON *request)
{
    static const char *const own[] = {"statusIdEscalatedToMSP",
                                      "statusIdEscalatedByCustomer",
                                      "statusId",
                                      "approvalNumber",
                                      "approvedByTierLevel",
                                      "initialApprovalTierLevel",
                                      "approvalCount",
                                      "pendingTierLevel",
                                      "count",
                                      "multiLevelApprovalStatusId",
                                      "hasPendingApprovalRequest",
                                      "cyberHeroManagementConfigured",
                                      "showMfaChallenge",
                                      "showMfaRegistration",
                                      "canRequestNewBuiltIn",
                                      "isAssigneeLoggedIntoMaster",
                                      "isEscalatedByCyberHero",
                                      "isEscalatedByCustomer",
                                      "retrievedAssigneeUsername",
                                      NULL};
    static const char *const actions[] = {"actionId",       "logAction", "size",        "processId",
                                          "ringFence",      "osType",    "monitorOnly", "encryptionStatus",
                                          "remotePresence", NULL};
    static const char *const certificates[] = {"validCert", NULL};
    static const char *const timers[] = {"totalTimeInSeconds", NULL};
    cJSON *action = tl_json_member(request, "threatLockerActionDto");
    tl_body_drop_nulls(request, own);
    tl_body_drop_nulls(action, actions);
    tl_body_drop_nulls(tl_json_member(request, "approvalRequestTimerDto"), timers);
    cJSON *certificate;
    cJSON_ArrayForEach (certificate, tl_json_member(action, "certs"))
        tl_body_drop_nulls(certificate, certificates);
}
