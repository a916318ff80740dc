#include "portal/write.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "portal/call.h"
#include "portal/request_facts.h"
#include "threatlocker/permit.h"

enum { FIRST_WAIT_MS = 200, MAX_WAIT_MS = 2000 };

void tl_write_clear(tl_write *write)
{
    free(write->body);
    write->body = NULL;
}

static tl_endpoint_id endpoint_of(tl_write_kind kind)
{
    static const tl_endpoint_id ids[] = {TL_PERMIT_APPLICATION, TL_UPDATE_FOR_REJECT, TL_UPDATE_FOR_IGNORE};
    return ids[kind];
}

static const char *applied_word(tl_applied applied)
{
    return applied == TL_APPLIED_YES ? "yes" : applied == TL_APPLIED_NO ? "no" : "unknown";
}

/* What the outcome says beyond the row. */
typedef struct summary {
    const char *outcome;
    tl_applied applied;
    bool verified;
    const tl_error *why; /* NULL, or code and message */
} summary;

/* A permit is recorded in the request as policyId and applicationId. */
static bool copy_row(cJSON *outcome, const cJSON *row)
{
    static const char *const names[][2] = {{"status_id", "statusId"},
                                           {"approved_by", "approvedBy"},
                                           {"action_date", "actionDate"},
                                           {"policy_id", "policyId"},
                                           {"application_id", "applicationId"}};
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof names / sizeof names[0]; i++) {
        const cJSON *member = tl_json_member(row, names[i][1]);
        if (member != NULL)
            ok = tl_json_set(outcome, names[i][0], cJSON_Duplicate(member, true));
    }
    return ok;
}

static bool set_why(cJSON *outcome, const tl_error *why)
{
    bool ok = tl_json_set_text(outcome, "code", tl_code_name(why->code)) &&
              tl_json_set_text(outcome, "message", why->message);
    if (ok && why->http_status != 0)
        ok = tl_json_set_integer(outcome, "http_status", why->http_status);
    if (ok && why->logger_id[0] != '\0')
        ok = tl_json_set_text(outcome, "logger_id", why->logger_id);
    return ok;
}

static cJSON *make_outcome(const tl_write *write, const summary *said, const cJSON *row)
{
    cJSON *outcome = cJSON_CreateObject();
    bool ok = tl_json_set_text(outcome, "outcome", said->outcome) &&
              tl_json_set_bool(outcome, "verified", said->verified) &&
              tl_json_set_text(outcome, "applied", applied_word(said->applied)) &&
              tl_json_set_text(outcome, "request_id", write->request_id);
    if (write->organization_id != NULL)
        ok = ok && tl_json_set_text(outcome, "organization_id", write->organization_id);
    if (write->operation_id[0] != '\0')
        ok = ok && tl_json_set_text(outcome, "operation_id", write->operation_id);
    if (write->body_sha256[0] != '\0')
        ok = ok && tl_json_set_text(outcome, "body_sha256", write->body_sha256);
    if (said->why != NULL && said->why->code != TL_OK)
        ok = ok && set_why(outcome, said->why);
    ok = ok && copy_row(outcome, row);
    if (!ok) {
        cJSON_Delete(outcome);
        return NULL;
    }
    return outcome;
}

cJSON *tl_outcome_unsent(const tl_write *write, const char *outcome, const tl_error *why, const cJSON *row,
                         const cJSON *body)
{
    summary said = {.outcome = outcome, .applied = TL_APPLIED_NO, .why = why};
    cJSON *made = make_outcome(write, &said, row);
    if (made != NULL && body != NULL && !tl_json_set(made, "body", cJSON_Duplicate(body, true))) {
        cJSON_Delete(made);
        return NULL;
    }
    return made;
}

/* The message of an actioned request that was not this write's doing. */
static void blame(tl_error *why, const cJSON *row, const char *before)
{
    tl_error_clear(why);
    const char *by = tl_json_text_or_empty(row, "approvedBy");
    (void)tl_fail(why, TL_CONFLICT, "%sthe request was actioned by %s, not by this call (status %lld)",
                  before, by[0] != '\0' ? by : "somebody else",
                  (long long)tl_json_integer_or(row, "statusId", 0));
}

static cJSON *outcome_done(const tl_write *write, const tl_error *why, const cJSON *row)
{
    return make_outcome(write, &(summary){tl_write_done_word(write->kind), TL_APPLIED_YES, true, why}, row);
}

static cJSON *outcome_anothers(const tl_write *write, const cJSON *row)
{
    tl_error why = TL_ERROR_INIT;
    blame(&why, row, "");
    return make_outcome(write, &(summary){"already_actioned", TL_APPLIED_NO, true, &why}, row);
}

static cJSON *outcome_of_refusal(const tl_write *write, tl_verdict verdict, const tl_error *sent,
                                 const cJSON *row)
{
    if (row != NULL && verdict == TL_VERDICT_ANOTHERS)
        return outcome_anothers(write, row);
    /* Read back as done though it was refused: the notes prove it; say so rather than hide it. */
    if (row != NULL && verdict == TL_VERDICT_DONE)
        return outcome_done(write, sent, row);
    return make_outcome(write, &(summary){"refused", TL_APPLIED_NO, false, sent}, row);
}

/* A state that the write does not make, and that is not another's plain answer either. */
static void wonder(tl_error *why, const cJSON *row)
{
    char buffer[32];
    (void)tl_fail(why, TL_UNKNOWN_OUTCOME,
                  "the request was read back in a state that does not tell whether this call did it: %s",
                  tl_status_name(tl_json_integer_or(row, "statusId", 0), buffer, sizeof buffer));
}

/* Still open, unreadable, unclear, or accepted and yet another's, when the settle time was over. */
static cJSON *outcome_of_doubt(const tl_write *write, tl_verdict verdict, tl_sent sent,
                               const tl_error *sending, const tl_error *reading, const cJSON *row)
{
    tl_error why = TL_ERROR_INIT;
    why.http_status = sending->http_status;
    if (row == NULL)
        (void)tl_fail(&why, TL_UNKNOWN_OUTCOME,
                      "may or may not have been applied, and reading back failed: %s", reading->message);
    else if (verdict == TL_VERDICT_ANOTHERS) /* only after an acceptance: see outcome_of */
        blame(&why, row, "ThreatLocker accepted it, yet ");
    else if (verdict == TL_VERDICT_UNCLEAR)
        wonder(&why, row);
    else if (sent == TL_SENT_ACCEPTED)
        (void)tl_fail(
            &why, TL_UNKNOWN_OUTCOME,
            "ThreatLocker accepted it, but the request still is open: read it again before anything else");
    else
        (void)tl_fail(&why, TL_UNKNOWN_OUTCOME, "not applied so far (%s): read it again before sending again",
                      sending->message);
    return make_outcome(write, &(summary){"unknown", TL_APPLIED_UNKNOWN, false, &why}, row);
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
                            .operation_id = write->operation_id,
                            .notes_before = write->notes_before,
                            .sent_at_us = write->sent_at_us};
    return tl_write_verdict(&readback);
}

/* Reads back until the verdict is in, or the settle time is over. */
static tl_verdict settle(cJSON **row, tl_client *client, const tl_write *write, tl_sent sent,
                         tl_error *reading)
{
    int64_t deadline = tl_monotonic_ms() + client->settle_time_ms;
    for (int64_t wait_ms = FIRST_WAIT_MS;; wait_ms = wait_ms * 2 < MAX_WAIT_MS ? wait_ms * 2 : MAX_WAIT_MS) {
        tl_verdict verdict = read_back(row, client, write, sent, reading);
        int64_t left_ms = deadline - tl_monotonic_ms();
        bool final_sending = sent == TL_SENT_REFUSED || sent == TL_SENT_NOTHING;
        bool settled = verdict == TL_VERDICT_DONE || verdict == TL_VERDICT_ANOTHERS;
        if (settled || final_sending || left_ms <= 0 || reading->code == TL_CANCELLED)
            return verdict;
        tl_sleep_ms(wait_ms < left_ms ? wait_ms : left_ms);
    }
}

static cJSON *outcome_of(const tl_write *write, tl_verdict verdict, tl_sent sent, const tl_error *sending,
                         const tl_error *reading, const cJSON *row)
{
    if (sent == TL_SENT_REFUSED || sent == TL_SENT_NOTHING)
        return outcome_of_refusal(write, verdict, sending, row);
    if (verdict == TL_VERDICT_DONE)
        return outcome_done(write, NULL, row);
    /* After an acceptance somebody else's act does not tell what became of ours. */
    if (verdict == TL_VERDICT_ANOTHERS && sent != TL_SENT_ACCEPTED)
        return outcome_anothers(write, row);
    return outcome_of_doubt(write, verdict, sent, sending, reading, row);
}

tl_code tl_write_run(cJSON **out_outcome, tl_client *client, tl_write *write, const tl_write_hook *hook,
                     tl_error *err)
{
    *out_outcome = NULL;
    write->sent_at_us = tl_now_us();
    tl_code code =
        hook == NULL || hook->before_send == NULL ? TL_OK : hook->before_send(hook->data, write, err);
    if (code != TL_OK)
        return code;
    tl_error sending = TL_ERROR_INIT, reading = TL_ERROR_INIT;
    bool nothing_sent = false;
    code = tl_portal_send(&nothing_sent, client, endpoint_of(write->kind), write->organization_id,
                          write->body, write->body_length, &sending);
    tl_sent sent = tl_sent_of(code, sending.http_status, nothing_sent);

    cJSON *row = NULL;
    tl_verdict verdict = TL_VERDICT_NOT_YET;
    if (sent != TL_SENT_NOTHING)
        verdict = settle(&row, client, write, sent, &reading);
    *out_outcome = outcome_of(write, verdict, sent, &sending, &reading, row);
    cJSON_Delete(row);
    if (*out_outcome != NULL)
        return TL_OK;
    code = tl_fail_memory(err);
    bool applied_not = sent == TL_SENT_REFUSED || sent == TL_SENT_NOTHING;
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
    tl_error why = TL_ERROR_INIT;
    if (verdict == TL_VERDICT_DONE) {
        *out_outcome = outcome_done(write, NULL, row);
    } else if (verdict == TL_VERDICT_ANOTHERS) {
        *out_outcome = outcome_anothers(write, row);
    } else if (verdict == TL_VERDICT_UNCLEAR) {
        wonder(&why, row);
        *out_outcome = make_outcome(write, &(summary){"unknown", TL_APPLIED_UNKNOWN, false, &why}, row);
    } else {
        (void)tl_fail(&why, TL_UNKNOWN_OUTCOME, "not applied so far: the request is still open");
        *out_outcome = make_outcome(write, &(summary){"unknown", TL_APPLIED_NO, false, &why}, row);
    }
    cJSON_Delete(row);
    return *out_outcome == NULL ? tl_fail_memory(err) : TL_OK;
}
