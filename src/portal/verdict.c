#include "portal/verdict.h"

#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "portal/permit_plan.h"
#include "portal/request_facts.h"
#include "threatlocker/requests.h"

/* ThreatLocker's clock and ours may differ by so much before an action counts as older than our sending. */
static const int64_t CLOCK_SKEW_US = 120 * TL_SECOND_US;

const char *tl_write_done_word(tl_write_kind kind)
{
    static const char *const words[] = {"permitted", "rejected", "ignored"};
    return words[kind];
}

tl_sent tl_sent_of(tl_code code, int http_status, bool nothing_sent)
{
    if (code == TL_OK)
        return TL_SENT_ACCEPTED;
    if (nothing_sent)
        return TL_SENT_NOTHING;
    /* 408 comes from gateways, too: the server behind may have got it. */
    if (http_status >= 400 && http_status < 500 && http_status != 408)
        return TL_SENT_REFUSED;
    return TL_SENT_DOUBTFUL;
}

static bool is_wanted_status(tl_write_kind kind, int64_t status)
{
    return kind == TL_WRITE_PERMIT ? tl_status_is_approved(status) : status == TL_STATUS_REJECTED;
}

static bool is_actioned_status(int64_t status)
{
    return tl_status_is_approved(status) || status == TL_STATUS_REJECTED;
}

/* Our own notes are never empty, so new words in their place were written by somebody else. */
static bool has_new_notes(const tl_readback *readback)
{
    const char *now = tl_json_text_or_empty(readback->row, "comments");
    bool unchanged = readback->notes_before != NULL && strcmp(now, readback->notes_before) == 0;
    return now[0] != '\0' && !unchanged;
}

/* When a doubtful write is read back as wanted, and no notes tell whose doing it was, the time decides. */
static tl_verdict judge_by_time(const tl_readback *readback)
{
    int64_t at_us;
    const char *date = tl_json_text(readback->row, "actionDate");
    if (date == NULL || !tl_time_parse(date, true, &at_us))
        return TL_VERDICT_UNCLEAR;
    return at_us < readback->sent_at_us - CLOCK_SKEW_US ? TL_VERDICT_ANOTHERS : TL_VERDICT_DONE;
}

static tl_verdict judge_by_sending(const tl_readback *readback)
{
    if (readback->sent == TL_SENT_ACCEPTED)
        return TL_VERDICT_DONE;
    /* A refused or never sent write did not do it, whoever did. */
    if (readback->sent == TL_SENT_REFUSED || readback->sent == TL_SENT_NOTHING)
        return TL_VERDICT_ANOTHERS;
    bool others_notes = readback->kind == TL_WRITE_PERMIT && has_new_notes(readback);
    return others_notes ? TL_VERDICT_ANOTHERS : judge_by_time(readback);
}

tl_verdict tl_write_verdict(const tl_readback *readback)
{
    if (tl_request_is_open(readback->row))
        return TL_VERDICT_NOT_YET;
    int64_t status = tl_json_integer_or(readback->row, "statusId", 0);
    /* Only a permit carries notes. */
    tl_notes notes = readback->kind == TL_WRITE_PERMIT
                         ? tl_read_notes(tl_json_text(readback->row, "comments"), readback->operation_id)
                         : TL_NOTES_NONE;
    if (!is_actioned_status(status))
        return TL_VERDICT_UNCLEAR;
    if (!is_wanted_status(readback->kind, status))
        return notes == TL_NOTES_OURS ? TL_VERDICT_UNCLEAR : TL_VERDICT_ANOTHERS;
    if (notes != TL_NOTES_NONE)
        return notes == TL_NOTES_OURS ? TL_VERDICT_DONE : TL_VERDICT_ANOTHERS;
    return judge_by_sending(readback);
}
