#include "portal/verdict.h"

#include <string.h>
#include <strings.h>

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

/* Only a permit carries notes. 1: they name this operation, -1: another one, 0: none. */
static int notes_say(const tl_readback *readback)
{
    const char *named = tl_operation_in_notes(tl_json_text(readback->row, "comments"));
    if (named == NULL || readback->kind != TL_WRITE_PERMIT)
        return 0;
    return strncasecmp(named, readback->operation_id, TL_GUID_SIZE - 1) == 0 ? 1 : -1;
}

/* Our own notes are never empty, so new words in their place were written by somebody else. */
static bool has_other_notes(const tl_readback *readback, int notes)
{
    const char *now = tl_json_text_or_empty(readback->row, "comments");
    bool unchanged = readback->notes_before != NULL && strcmp(now, readback->notes_before) == 0;
    return readback->kind == TL_WRITE_PERMIT && notes == 0 && now[0] != '\0' && !unchanged;
}

static bool actioned_before_sending(const tl_readback *readback)
{
    int64_t at_us;
    const char *date = tl_json_text(readback->row, "actionDate");
    return date != NULL && tl_time_parse(date, true, &at_us) && at_us < readback->sent_at_us - CLOCK_SKEW_US;
}

tl_verdict tl_write_verdict(const tl_readback *readback)
{
    if (tl_request_is_open(readback->row))
        return TL_VERDICT_NOT_YET;
    int64_t status = tl_json_integer_or(readback->row, "statusId", 0);
    int notes = notes_say(readback);
    if (!is_wanted_status(readback->kind, status) || notes < 0)
        return TL_VERDICT_ANOTHERS;
    if (notes > 0 || readback->sent == TL_SENT_ACCEPTED)
        return TL_VERDICT_DONE;
    /* A refused or never sent write did not do it, whoever did. */
    if (readback->sent == TL_SENT_REFUSED || readback->sent == TL_SENT_NOTHING)
        return TL_VERDICT_ANOTHERS;
    return actioned_before_sending(readback) || has_other_notes(readback, notes) ? TL_VERDICT_ANOTHERS
                                                                                 : TL_VERDICT_DONE;
}
