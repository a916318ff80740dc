#include "portal/outcome.h"

#include "portal/request_facts.h"

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
    int http_status;     /* of an accepted sending; 0 = none, or why tells it */
} summary;

/* A permit is recorded in the request as policyId and applicationId. */
static bool copy_row(cJSON *outcome, const cJSON *row)
{
    static const char *const names[][2] = {
        {"status_id", "statusId"}, {"approved_by", "approvedBy"},       {"action_date", "actionDate"},
        {"policy_id", "policyId"}, {"application_id", "applicationId"}, {"assignee", "assigneeUsername"}};
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof names / sizeof names[0]; i++) {
        const cJSON *member = tl_json_member(row, names[i][1]);
        const char *text = tl_json_string_value(member);
        bool says_something = member != NULL && (text == NULL || text[0] != '\0');
        if (says_something)
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
    if (tl_write_rules_of(write->kind)->experimental)
        ok = ok && tl_json_set_bool(outcome, "experimental", true);
    if (said->why != NULL && said->why->code != TL_OK)
        ok = ok && set_why(outcome, said->why);
    if (said->http_status != 0)
        ok = ok && tl_json_set_integer(outcome, "http_status", said->http_status);
    ok = ok && copy_row(outcome, row);
    if (!ok) {
        cJSON_Delete(outcome);
        return NULL;
    }
    return outcome;
}

cJSON *tl_outcome_unsent(const tl_write *write, const tl_error *why, const cJSON *body)
{
    const char *word = why == NULL ? "preview" : why->code == TL_CONFLICT ? "already_actioned" : "refused";
    cJSON *made =
        make_outcome(write, &(summary){.outcome = word, .applied = TL_APPLIED_NO, .why = why}, write->before);
    bool shown = body == NULL || (tl_json_set(made, "body", cJSON_Duplicate(body, true)) &&
                                  tl_json_set_text(made, "body_json", write->body));
    if (made != NULL && !shown) {
        cJSON_Delete(made);
        return NULL;
    }
    return made;
}

/* The request shows that somebody else acted on it. */
static void fail_anothers(tl_error *why, const tl_write *write, const cJSON *row, const char *before)
{
    const tl_write_rules *rules = tl_write_rules_of(write->kind);
    bool open = tl_request_is_open(row);
    const char *by = tl_json_text_or_empty(row, open ? rules->doer : "approvedBy");
    tl_error_clear(why);
    (void)tl_fail(why, TL_CONFLICT, "%sthe request was %s by %s, not by this call (status %lld)", before,
                  open ? rules->did : "actioned", by[0] != '\0' ? by : "somebody else",
                  (long long)tl_json_integer_or(row, "statusId", 0));
}

static cJSON *outcome_done(const tl_write *write, int http_status, const tl_error *why, const cJSON *row)
{
    const char *done = tl_write_rules_of(write->kind)->done;
    return make_outcome(write, &(summary){done, TL_APPLIED_YES, true, why, http_status}, row);
}

static cJSON *outcome_anothers(const tl_write *write, const cJSON *row)
{
    tl_error why = TL_ERROR_INIT;
    fail_anothers(&why, write, row, "");
    return make_outcome(write, &(summary){"already_actioned", TL_APPLIED_NO, true, &why, 0}, row);
}

static cJSON *outcome_of_refusal(const tl_write *write, tl_verdict verdict, const tl_error *sent,
                                 const cJSON *row)
{
    if (row != NULL && verdict == TL_VERDICT_ANOTHERS)
        return outcome_anothers(write, row);
    /* Read back as done though it was refused: the notes prove it; say so rather than hide it. */
    if (row != NULL && verdict == TL_VERDICT_DONE)
        return outcome_done(write, 0, sent, row);
    return make_outcome(write, &(summary){"refused", TL_APPLIED_NO, false, sent, 0}, row);
}

/* The request is in a state that the write does not make, nor does any answer of somebody else's. */
static void fail_unclear(tl_error *why, const cJSON *row)
{
    char buffer[32];
    (void)tl_fail(why, TL_UNKNOWN_OUTCOME,
                  "the request was read back in a state that does not tell whether this call did it: %s",
                  tl_status_name(tl_json_integer_or(row, "statusId", 0), buffer, sizeof buffer));
}

/* Of the reply to the write; 0 where none came. */
static int reply_status(const tl_sending *sending)
{
    return sending->sent == TL_SENT_ACCEPTED ? sending->http_status : sending->error.http_status;
}

/* When the settle time was over: not applied so far, not to be read, unclear, or accepted and yet somebody
 * else's. */
static cJSON *outcome_of_doubt(const tl_write *write, tl_verdict verdict, const tl_sending *sending,
                               const tl_error *reading, const cJSON *row)
{
    tl_error why = TL_ERROR_INIT;
    why.http_status = reply_status(sending);
    if (row == NULL)
        (void)tl_fail(&why, TL_UNKNOWN_OUTCOME,
                      "may or may not have been applied, and reading back failed: %s", reading->message);
    else if (verdict == TL_VERDICT_ANOTHERS) /* only after an acceptance: see tl_outcome_sent */
        fail_anothers(&why, write, row, "ThreatLocker accepted it, yet ");
    else if (verdict == TL_VERDICT_UNCLEAR)
        fail_unclear(&why, row);
    else if (sending->sent == TL_SENT_ACCEPTED)
        (void)tl_fail(&why, TL_UNKNOWN_OUTCOME,
                      "ThreatLocker accepted it, but %s: read it again before anything else",
                      tl_write_rules_of(write->kind)->undone);
    else
        (void)tl_fail(&why, TL_UNKNOWN_OUTCOME, "not applied so far (%s): read it again before sending again",
                      sending->error.message);
    return make_outcome(write, &(summary){"unknown", TL_APPLIED_UNKNOWN, false, &why, 0}, row);
}

/* Where several were refused together, only what was read back tells that this one was left alone. */
static bool is_refusal(tl_sent sent, tl_verdict verdict, const cJSON *row)
{
    return sent == TL_SENT_REFUSED || sent == TL_SENT_NOTHING ||
           (sent == TL_SENT_REFUSED_MANY && row != NULL && verdict == TL_VERDICT_NOT_YET);
}

cJSON *tl_outcome_sent(const tl_write *write, const tl_sending *sending, tl_verdict verdict, const cJSON *row,
                       const tl_error *reading)
{
    if (is_refusal(sending->sent, verdict, row))
        return outcome_of_refusal(write, verdict, &sending->error, row);
    if (verdict == TL_VERDICT_DONE)
        return outcome_done(write, reply_status(sending), NULL, row);
    /* After an acceptance somebody else's act does not tell what became of ours. */
    if (verdict == TL_VERDICT_ANOTHERS && sending->sent != TL_SENT_ACCEPTED)
        return outcome_anothers(write, row);
    return outcome_of_doubt(write, verdict, sending, reading, row);
}

cJSON *tl_outcome_settled(const tl_write *write, tl_verdict verdict, const cJSON *row)
{
    if (verdict == TL_VERDICT_DONE)
        return outcome_done(write, 0, NULL, row);
    if (verdict == TL_VERDICT_ANOTHERS)
        return outcome_anothers(write, row);
    tl_error why = TL_ERROR_INIT;
    tl_applied applied = TL_APPLIED_UNKNOWN;
    if (verdict == TL_VERDICT_UNCLEAR) {
        fail_unclear(&why, row);
    } else {
        applied = TL_APPLIED_NO;
        (void)tl_fail(&why, TL_UNKNOWN_OUTCOME, "not applied so far: %s",
                      tl_write_rules_of(write->kind)->undone);
    }
    return make_outcome(write, &(summary){"unknown", applied, false, &why, 0}, row);
}
