#include "chain/poll.h"

enum { PENDING_TURN = 1, WALK_EVERY_MS = 60 * 60 * 1000, MAX_PAUSE_MS = 30 * 1000, OVERLAP_S = 15 };

tl_poll_kind tl_poll_next(const tl_poll *poll, int64_t now_ms)
{
    if (now_ms >= poll->walk_due_ms)
        return TL_POLL_WALK;
    return poll->turn >= PENDING_TURN ? TL_POLL_PENDING : TL_POLL_CLOSED;
}

void tl_poll_done(tl_poll *poll, tl_poll_kind kind, bool good, int64_t now_ms)
{
    /* One that fails takes its turn, too: the other list may hold answers. */
    poll->turn = kind == TL_POLL_CLOSED ? poll->turn + 1 : 0;
    if (good && kind == TL_POLL_WALK) {
        poll->failures = 0;
        poll->walk_due_ms = now_ms + WALK_EVERY_MS;
    }
    if (good)
        return;
    int64_t pause_ms = poll->failures == 0  ? 0
                       : poll->failures < 6 ? INT64_C(500) << poll->failures
                                            : MAX_PAUSE_MS;
    poll->failures++;
    if (poll->walk_due_ms > now_ms + pause_ms || kind == TL_POLL_WALK)
        poll->walk_due_ms = now_ms + pause_ms;
}

int64_t tl_poll_closed(const tl_poll *poll, int64_t pending, int64_t fresh)
{
    return poll->pending + fresh - pending;
}

void tl_poll_wait_for(tl_poll *poll, int64_t closed_us)
{
    if (poll->waiting_us == 0 || closed_us < poll->waiting_us)
        poll->waiting_us = closed_us;
}

void tl_poll_saw_closed(tl_poll *poll, int64_t closed_us, int64_t now_ms)
{
    if (closed_us <= poll->closed_us)
        return;
    poll->closed_us = closed_us;
    poll->closed_ms = now_ms;
}

int64_t tl_poll_closed_from(const tl_poll *poll, int64_t now_ms)
{
    bool long_ago = now_ms - poll->closed_ms >= 2 * OVERLAP_S * 1000;
    int64_t from_us = poll->closed_us - (long_ago ? 0 : OVERLAP_S * INT64_C(1000000));
    if (poll->closed_us == 0)
        return 0;
    return poll->waiting_us != 0 && poll->waiting_us < from_us ? poll->waiting_us : from_us;
}
