/* Reject and ignore of one request. */
#include "portal/answer.h"

#include "portal/members.h"
#include "portal/request_facts.h"
#include "portal/row_write.h"
#include "threatlocker/permit.h"

tl_code tl_answer_read(tl_answer *out, const cJSON *json, tl_error *err)
{
    static const char *const members[] = {"reason", "subject", "notify", "allow_actioned", "dry_run", NULL};
    *out = (tl_answer){0};
    if (json != NULL && !cJSON_IsObject(json))
        return tl_fail(err, TL_INVALID, "the answer must be an object");
    if (json != NULL && tl_check_members(json, members, "the answer has", err) != TL_OK)
        return TL_INVALID;
    bool ok = tl_member_text(&out->reason, json, "reason", err) &&
              tl_member_text(&out->subject, json, "subject", err) &&
              tl_member_flag(&out->notify, json, "notify", err) &&
              tl_member_flag(&out->allow_actioned, json, "allow_actioned", err) &&
              tl_member_flag(&out->dry_run, json, "dry_run", err);
    return ok ? TL_OK : TL_INVALID;
}

tl_code tl_answer_check(const cJSON *row, const tl_answer *answer, tl_error *why)
{
    return answer->allow_actioned ? TL_OK : tl_request_check_open(row, why);
}

/* A request is named by its id alone: in a whole one a null number would be refused [observed
 * Space-C0wboy]. */
bool tl_answer_add(cJSON *requests, const char *request_id)
{
    cJSON *request = cJSON_CreateObject();
    if (tl_json_set_text(request, "approvalRequestId", request_id))
        return tl_json_append(requests, request);
    cJSON_Delete(request);
    return false;
}

/* ApprovalRequestUpdateParametersDto. Sources differ on which reason the requestor sees, so both are set. */
cJSON *tl_answer_body(tl_write_kind kind, const tl_answer *answer, cJSON *requests)
{
    const char *reason = answer->reason == NULL ? "" : answer->reason;
    const char *subject = answer->subject == NULL ? "" : answer->subject;
    bool reject = kind == TL_WRITE_REJECT;
    cJSON *body = cJSON_CreateObject();
    bool ok = tl_json_set(body, "approvalRequestDtos", requests) &&
              tl_json_set_text(body, "type", reject ? "reject" : "ignore") &&
              tl_json_set_text(body, reject ? "rejectReason" : "ignoreReason", reason) &&
              tl_json_set_text(body, "responseSubject", subject) &&
              tl_json_set_text(body, "responseReason", reason) &&
              tl_json_set_bool(body, reject ? "notifyOnResponse" : "notifyOnIgnore", answer->notify);
    if (!reject)
        ok = ok && tl_json_set_text(body, "ignoreSubject", subject);
    if (!ok) {
        cJSON_Delete(body);
        return NULL;
    }
    return body;
}

/* The data of `check` and `make_body`. */
typedef struct asked {
    tl_write_kind kind;
    const tl_answer *answer;
} asked;

static tl_code check(const cJSON *row, const void *data, tl_error *why)
{
    const asked *what = data;
    return tl_answer_check(row, what->answer, why);
}

static cJSON *make_body(const cJSON *row, const char *request_id, const void *data)
{
    const asked *what = data;
    cJSON *requests = cJSON_CreateArray();
    (void)row;
    if (!tl_answer_add(requests, request_id)) {
        cJSON_Delete(requests);
        return NULL;
    }
    return tl_answer_body(what->kind, what->answer, requests);
}

tl_code tl_answer_with(cJSON **out_outcome, tl_client *client, tl_write_kind kind,
                       const char *organization_id, const char *request_id, const tl_answer *answer,
                       const tl_write_hook *hook, tl_error *err)
{
    asked data = {kind, answer};
    tl_row_write what = {kind, &data, check, make_body, answer->dry_run, hook};
    return tl_row_write_run(out_outcome, client, organization_id, request_id, &what, err);
}

static tl_code answer_one(cJSON **out_outcome, tl_client *client, tl_write_kind kind,
                          const char *organization_id, const char *request_id, const cJSON *json,
                          tl_error *err)
{
    tl_answer answer;
    *out_outcome = NULL;
    tl_code code = tl_answer_read(&answer, json, err);
    return code == TL_OK
               ? tl_answer_with(out_outcome, client, kind, organization_id, request_id, &answer, NULL, err)
               : code;
}

tl_code tl_reject(cJSON **out_outcome, tl_client *client, const char *organization_id, const char *request_id,
                  const cJSON *answer, tl_error *err)
{
    return answer_one(out_outcome, client, TL_WRITE_REJECT, organization_id, request_id, answer, err);
}

tl_code tl_ignore(cJSON **out_outcome, tl_client *client, const char *organization_id, const char *request_id,
                  const cJSON *answer, tl_error *err)
{
    return answer_one(out_outcome, client, TL_WRITE_IGNORE, organization_id, request_id, answer, err);
}
