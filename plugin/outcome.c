#include "outcome.h"

#include <string.h>

bool tlp_end_permitted(int64_t status_id)
{
    return tl_status_is_approved(status_id);
}

bool tlp_end_rejected(int64_t status_id)
{
    return status_id == TL_STATUS_REJECTED; /* rejected and ignored are one status */
}

bool tlp_end_authorized(int64_t status_id)
{
    return status_id == TL_STATUS_ESCALATED; /* still escalated: the Cyber Heroes may permit it */
}

bool tlp_end_none(int64_t status_id)
{
    (void)status_id;
    return false;
}

static bool is_done(const char *word)
{
    static const char *const done[] = {"permitted", "rejected", "ignored", "owned", "authorized"};
    for (size_t i = 0; i < sizeof done / sizeof done[0]; i++)
        if (strcmp(done[i], word) == 0)
            return true;
    return false;
}

/* What an outcome that is no success means to people. */
static const char *say(const char *word)
{
    static const struct {
        const char *word, *text;
    } words[] = {{"refused", "Refused"},
                 {"already_actioned", "Not done"},
                 {"waiting", "Not answered yet"},
                 {"left", "Left to a person"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].word, word) == 0)
            return words[i].text;
    return "It may have been applied, or not; look at the request";
}

static void tell(tlp_call *call, const cJSON *outcome, const char *word, tlp_end already_done)
{
    const char *message = tlp_text(outcome, "message");
    bool verified = tlp_flag(outcome, "verified");
    if (message == NULL)
        message = "";
    if (is_done(word))
        tlp_reply_say(call->reply, "The request is %s%s", word,
                      verified ? ", verified by reading it back" : "");
    else if (strcmp(word, "preview") == 0)
        tlp_reply_say(call->reply, "Nothing was sent: body_json is what would be");
    else if (strcmp(word, "already_actioned") == 0 && already_done(tlp_integer(outcome, "status_id", 0)))
        tlp_reply_say(call->reply, "Nothing was left to do: %s", message);
    else
        tlp_reply_fail(call->reply, "%s: %s", say(word), message);
}

tl_code tlp_give_outcome(tlp_call *call, cJSON *outcome, tlp_end already_done)
{
    const char *word = tlp_text(outcome, "outcome");
    tell(call, outcome, word == NULL ? "unknown" : word, already_done);
    call->reply->out_of_memory |=
        !tlp_set_copy(call->reply->summary, "outcome", tlp_member(outcome, "outcome")) ||
        !tlp_set_copy(call->reply->summary, "answer", tlp_member(outcome, "answer")) ||
        !tlp_set_copy(call->reply->summary, "verified", tlp_member(outcome, "verified"));
    tlp_reply_row(call->reply, outcome);
    return TL_OK;
}
