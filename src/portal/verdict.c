#include "portal/verdict.h"

#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "portal/notes.h"
#include "portal/request_facts.h"
#include "threatlocker/requests.h"

/* ThreatLocker's clock and ours may differ by so much before an action counts as older than our sending. */
static const int64_t CLOCK_SKEW_US = 120 * TL_SECOND_US;

enum { NO_TIME = -1 };

/* Some replies come before a body is even looked at: none of its requests was touched. */
static bool refuses_all(tl_code code)
{
    return code == TL_TOKEN || code == TL_RATE_LIMITED;
}

tl_sent tl_sent_of(tl_code code, int http_status, bool nothing_sent, size_t together)
{
    if (code == TL_OK)
        return TL_SENT_ACCEPTED;
    if (nothing_sent)
        return TL_SENT_NOTHING;
    /* 408 comes from gateways, too: the server behind may have got it. */
    if (http_status >= 400 && http_status < 500 && http_status != 408)
        return together > 1 && !refuses_all(code) ? TL_SENT_REFUSED_MANY : TL_SENT_REFUSED;
    return TL_SENT_DOUBTFUL;
}

static bool makes_rejected(int64_t status_id)
{
    return status_id == TL_STATUS_REJECTED;
}

static bool is_actioned_status(int64_t status_id)
{
    return tl_status_is_approved(status_id) || status_id == TL_STATUS_REJECTED;
}

/* Our own notes are never empty, so new words in their place were written by somebody else. */
static bool has_new_notes(const tl_readback *readback)
{
    const char *now = tl_json_text_or_empty(readback->row, "comments");
    bool unchanged =
        readback->before != NULL && strcmp(now, tl_json_text_or_empty(readback->before, "comments")) == 0;
    return now[0] != '\0' && !unchanged;
}

static int64_t time_of(const cJSON *row, const char *path)
{
    int64_t at_us;
    const char *date = tl_json_text(row, path);
    return date != NULL && tl_time_parse(date, true, &at_us) ? at_us : NO_TIME;
}

/* When a doubtful write is read back as wanted, and no notes tell whose doing it was, the time decides. Where
 * we had seen the request open, an older time only says that the clocks differ. */
static tl_verdict judge_by_time(const tl_readback *readback, int64_t at_us)
{
    bool seen_open = readback->before != NULL && tl_request_is_open(readback->before);
    if (at_us == NO_TIME)
        return TL_VERDICT_UNCLEAR;
    if (at_us < readback->sent_at_us - CLOCK_SKEW_US)
        return seen_open ? TL_VERDICT_UNCLEAR : TL_VERDICT_ANOTHERS;
    /* Who was told no must not claim it, though a part may have been applied. */
    return readback->sent == TL_SENT_REFUSED_MANY ? TL_VERDICT_UNCLEAR : TL_VERDICT_DONE;
}

/* The row is as wanted, since `at_us`. */
static tl_verdict judge_by_sending(const tl_readback *readback, int64_t at_us)
{
    if (readback->sent == TL_SENT_ACCEPTED)
        return TL_VERDICT_DONE;
    /* A refused or never sent write did not do it, whoever did. */
    if (readback->sent == TL_SENT_REFUSED || readback->sent == TL_SENT_NOTHING)
        return TL_VERDICT_ANOTHERS;
    bool others_notes = tl_write_rules_of(readback->kind)->noted && has_new_notes(readback);
    return others_notes ? TL_VERDICT_ANOTHERS : judge_by_time(readback, at_us);
}

/* Permit, reject, ignore: they take the request out of the open states. */
static tl_verdict judge_decision(const tl_readback *readback)
{
    const tl_write_rules *rules = tl_write_rules_of(readback->kind);
    if (tl_request_is_open(readback->row))
        return TL_VERDICT_NOT_YET;
    int64_t status = tl_json_integer_or(readback->row, "statusId", 0);
    tl_notes notes = rules->noted
                         ? tl_read_notes(tl_json_text(readback->row, "comments"), readback->operation_id)
                         : TL_NOTES_NONE;
    if (!is_actioned_status(status))
        return TL_VERDICT_UNCLEAR;
    if (!rules->makes_status(status))
        return notes == TL_NOTES_OURS ? TL_VERDICT_UNCLEAR : TL_VERDICT_ANOTHERS;
    if (notes != TL_NOTES_NONE)
        return notes == TL_NOTES_OURS ? TL_VERDICT_DONE : TL_VERDICT_ANOTHERS;
    return judge_by_sending(readback, time_of(readback->row, "actionDate"));
}

/* The row does not show the mark that the write makes. */
static tl_verdict judge_unmarked(const tl_readback *readback)
{
    if (tl_request_is_open(readback->row))
        return TL_VERDICT_NOT_YET;
    return is_actioned_status(tl_json_integer_or(readback->row, "statusId", 0)) ? TL_VERDICT_ANOTHERS
                                                                                : TL_VERDICT_UNCLEAR;
}

static bool is_assigned(const cJSON *row)
{
    return tl_json_true(row, "isAssigned") || tl_is_real_guid(tl_json_text(row, "assigneeUserId")) ||
           tl_json_text_or_empty(row, "assigneeUsername")[0] != '\0';
}

static int64_t assigned_at(const cJSON *row)
{
    int64_t first = time_of(row, "approvalRequestTimerDto.assignedDate");
    int64_t again = time_of(row, "approvalRequestTimerDto.reassignedDate");
    return again > first ? again : first;
}

static bool same_text(const cJSON *a, const cJSON *b, const char *path)
{
    return strcmp(tl_json_text_or_empty(a, path), tl_json_text_or_empty(b, path)) == 0;
}

/* Assigned before and just as it was: to somebody else, for all we know. */
static bool assigned_as_before(const tl_readback *readback)
{
    const cJSON *before = readback->before, *row = readback->row;
    return before != NULL && is_assigned(before) && same_text(before, row, "assigneeUserId") &&
           same_text(before, row, "assigneeUsername") && assigned_at(before) == assigned_at(row);
}

static tl_verdict judge_ownership(const tl_readback *readback)
{
    if (!is_assigned(readback->row) || assigned_as_before(readback))
        return judge_unmarked(readback);
    return judge_by_sending(readback, assigned_at(readback->row));
}

/* It was not authorized before the sending, but nothing in the row tells who did it, or when. A request that
 * was closed since may have been authorized first: only a plain refusal rules that out. */
static tl_verdict judge_authorize(const tl_readback *readback)
{
    if (tl_json_true(readback->row, "authorizeForPermit"))
        return judge_by_sending(readback, NO_TIME);
    tl_verdict verdict = judge_unmarked(readback);
    bool may_be_ours = readback->sent == TL_SENT_ACCEPTED || readback->sent == TL_SENT_DOUBTFUL;
    return verdict == TL_VERDICT_ANOTHERS && may_be_ours ? TL_VERDICT_UNCLEAR : verdict;
}

#define OPEN "the request is still open"
static const tl_write_rules table[] = {
    [TL_WRITE_PERMIT] = {TL_PERMIT_APPLICATION, false, "permitted", OPEN, "actioned", "approvedBy", true,
                         tl_status_is_approved, judge_decision},
    [TL_WRITE_REJECT] = {TL_UPDATE_FOR_REJECT, false, "rejected", OPEN, "actioned", "approvedBy", false,
                         makes_rejected, judge_decision},
    [TL_WRITE_IGNORE] = {TL_UPDATE_FOR_IGNORE, false, "ignored", OPEN, "actioned", "approvedBy", false,
                         makes_rejected, judge_decision},
    [TL_WRITE_STORAGE] = {TL_PERMIT_STORAGE, true, "permitted", OPEN, "actioned", "approvedBy", true,
                          tl_status_is_approved, judge_decision},
    [TL_WRITE_OWNERSHIP] = {TL_UPDATE_FOR_OWNERSHIP, false, "owned", "the request is not newly assigned",
                            "assigned", "assigneeUsername", false, NULL, judge_ownership},
    [TL_WRITE_AUTHORIZE] = {TL_AUTHORIZE_FOR_PERMIT, false, "authorized", "the request is not authorized",
                            "authorized", "", false, NULL, judge_authorize},
};

const tl_write_rules *tl_write_rules_of(tl_write_kind kind)
{
    return &table[kind];
}

tl_verdict tl_write_verdict(const tl_readback *readback)
{
    return tl_write_rules_of(readback->kind)->judge(readback);
}
