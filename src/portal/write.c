#include "portal/write.h"

#include <stdlib.h>
#include <string.h>

#include "base/fault_point.h"
#include "base/random.h"
#include "base/time.h"
#include "http/together.h"
#include "portal/call.h"
#include "portal/outcome.h"

enum { FIRST_WAIT_MS = 200, MAX_WAIT_MS = 2000 };

tl_code tl_write_start(tl_write *write, tl_write_kind kind, const char *organization_id,
                       const char *request_id, const tl_write_hook *hook, tl_error *err)
{
    *write = (tl_write){.kind = kind, .organization_id = organization_id, .request_id = request_id};
    if (hook != NULL && hook->operation_id != NULL && strlen(hook->operation_id) < sizeof write->operation_id)
        memcpy(write->operation_id, hook->operation_id, strlen(hook->operation_id) + 1);
    else if (!tl_random_guid(write->operation_id))
        return tl_fail(err, TL_CONFIG, "the system gives no random numbers");
    return TL_OK;
}

tl_code tl_write_set_body(tl_write *write, const cJSON *body, tl_error *err)
{
    tl_code code = tl_json_print(&write->body, &write->body_length, body, err);
    if (code == TL_OK)
        tl_sha256_hex(write->body, write->body_length, write->body_sha256);
    return code;
}

void tl_write_clear(tl_write *write)
{
    free(write->body);
    write->body = NULL;
}

tl_code tl_write_send(tl_sending *out, tl_client *client, tl_write *write, const tl_write_hook *hook,
                      tl_error *err)
{
    *out = (tl_sending){.sent = TL_SENT_NOTHING, .error = TL_ERROR_INIT};
    write->sent_at_us = tl_now_us();
    tl_code code =
        hook == NULL || hook->before_send == NULL ? TL_OK : hook->before_send(hook->data, write, err);
    if (code != TL_OK)
        return code;
    bool nothing_sent = false;
    TL_FAULT_POINT("write.send");
    tl_portal_write sent = {write->organization_id, write->body, write->body_length, write->sent_at_us};
    code = tl_portal_send(&nothing_sent, &out->http_status, client, tl_write_rules_of(write->kind)->endpoint,
                          &sent, &out->error);
    TL_FAULT_POINT("write.sent");
    out->sent = tl_sent_of(code, out->error.http_status, nothing_sent, write->together);
    out->settle_until_ms = tl_monotonic_ms() + client->settle_time_ms;
    return TL_OK;
}

/* One reading; *row is replaced. */
static tl_verdict read_back(cJSON **row, tl_client *client, const tl_write *write, tl_sent sent,
                            tl_error *err)
{
    cJSON_Delete(*row);
    *row = NULL;
    tl_error_clear(err);
    if (tl_request_get(row, client, write->organization_id, write->request_id, err) != TL_OK)
        return TL_VERDICT_NOT_YET;
    tl_readback readback = {.kind = write->kind,
                            .sent = sent,
                            .row = *row,
                            .before = write->before,
                            .operation_id = write->operation_id,
                            .sent_at_us = write->sent_at_us};
    return tl_write_verdict(&readback);
}

/* After a refusal one reading is enough; where several requests were refused together it must have succeeded,
 * because a part of them may have been applied. */
static bool is_final(tl_sent sent, const cJSON *row)
{
    return sent == TL_SENT_REFUSED || (sent == TL_SENT_REFUSED_MANY && row != NULL);
}

/* Reads back until the verdict is in, or the settle time is over. */
static tl_verdict settle(cJSON **row, tl_client *client, const tl_write *write, const tl_sending *sending,
                         tl_error *reading)
{
    for (int64_t wait_ms = FIRST_WAIT_MS;; wait_ms = wait_ms * 2 < MAX_WAIT_MS ? wait_ms * 2 : MAX_WAIT_MS) {
        tl_verdict verdict = read_back(row, client, write, sending->sent, reading);
        int64_t left_ms = sending->settle_until_ms - tl_monotonic_ms();
        bool settled = verdict == TL_VERDICT_DONE || verdict == TL_VERDICT_ANOTHERS;
        if (settled || is_final(sending->sent, *row) || left_ms <= 0 || reading->code == TL_CANCELLED)
            return verdict;
        tl_wait_ms(wait_ms < left_ms ? wait_ms : left_ms);
    }
}

tl_code tl_write_conclude(cJSON **out_outcome, tl_client *client, const tl_write *write,
                          const tl_sending *sending, tl_error *err)
{
    tl_error reading = TL_ERROR_INIT;
    cJSON *row = NULL;
    tl_verdict verdict = TL_VERDICT_NOT_YET;
    if (sending->sent != TL_SENT_NOTHING)
        verdict = settle(&row, client, write, sending, &reading);
    *out_outcome = tl_outcome_sent(write, sending, verdict, row, &reading);
    cJSON_Delete(row);
    if (*out_outcome != NULL)
        return TL_OK;
    tl_code code = tl_fail_memory(err);
    bool applied_not = sending->sent == TL_SENT_REFUSED || sending->sent == TL_SENT_NOTHING;
    if (err != NULL)
        err->applied = applied_not ? TL_APPLIED_NO : TL_APPLIED_UNKNOWN;
    return code;
}

tl_code tl_write_settle(cJSON **out_outcome, tl_client *client, const tl_write *write, tl_error *err)
{
    *out_outcome = NULL;
    cJSON *row = NULL;
    tl_error reading = TL_ERROR_INIT;
    tl_verdict verdict = read_back(&row, client, write, TL_SENT_DOUBTFUL, &reading);
    if (row == NULL) {
        if (err != NULL && err->code == TL_OK)
            *err = reading;
        return reading.code;
    }
    *out_outcome = tl_outcome_settled(write, verdict, row);
    cJSON_Delete(row);
    return *out_outcome == NULL ? tl_fail_memory(err) : TL_OK;
}

static tl_code send_or_preview(cJSON **out_outcome, tl_client *client, tl_write *write,
                               const tl_planned *planned, const tl_write_hook *hook, tl_error *err)
{
    tl_code code = tl_write_set_body(write, planned->body, err);
    if (code != TL_OK)
        return code;
    if (planned->dry_run) {
        *out_outcome = tl_outcome_unsent(write, NULL, planned->body);
        return *out_outcome == NULL ? tl_fail_memory(err) : TL_OK;
    }
    tl_sending sending;
    code = tl_write_send(&sending, client, write, hook, err);
    return code == TL_OK ? tl_write_conclude(out_outcome, client, write, &sending, err) : code;
}

tl_code tl_write_finish(cJSON **out_outcome, tl_client *client, tl_write *write, const tl_planned *planned,
                        const tl_write_hook *hook, tl_error *err)
{
    *out_outcome = NULL;
    tl_code code = planned->why.code;
    if (code == TL_OK) {
        code = send_or_preview(out_outcome, client, write, planned, hook, err);
    } else if (code == TL_MEMORY) {
        code = tl_fail_memory(err);
    } else {
        *out_outcome = tl_outcome_unsent(write, &planned->why, NULL);
        code = *out_outcome == NULL ? tl_fail_memory(err) : TL_OK;
    }
    tl_write_clear(write);
    return code;
}
