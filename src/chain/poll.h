/* What one poll asks SOAR, so that an idle one is a single request however many prompts are watched. Pure. */
#ifndef TL_CHAIN_POLL_H
#define TL_CHAIN_POLL_H

#include <stdbool.h>
#include <stdint.h>

/* Zero at first: then everything is walked. */
typedef struct tl_poll {
    int turn;            /* polls since the last look at the pending ones */
    int failures;        /* polls that could not read all that was listed, since the last walk that could */
    int64_t walk_due_ms; /* monotonic: when everything is walked again */
    int64_t pending;     /* how many prompts were pending */
    int64_t newest_id;   /* of all that were seen */
    int64_t closed_us;   /* the latest close time seen; 0 = none */
    int64_t closed_ms;   /* monotonic: when it was seen first */
    int64_t waiting_us;  /* the earliest close time of those whose answer cannot be judged yet; 0 = none */
} tl_poll;

typedef enum tl_poll_kind {
    TL_POLL_WALK,    /* all records from the oldest open one on, and all since the last walk: at the start,
                        when the counts do not add up, hourly */
    TL_POLL_CLOSED,  /* those that closed lately: answers, and prompts opened and answered meanwhile */
    TL_POLL_PENDING, /* how many are pending and which are the newest: new prompts, and by the count whether
                        any closed */
} tl_poll_kind;

tl_poll_kind tl_poll_next(const tl_poll *poll, int64_t now_ms);

/* After each poll. What was not looked at to its end needs a walk, at once the first time, then ever more
 * seldom up to 30 s apart: one prompt that cannot be read must not cost a walk in every poll. */
void tl_poll_done(tl_poll *poll, tl_poll_kind kind, bool good, int64_t now_ms);

/* After a look at the pending ones, of which `fresh` were new: how many must have closed since. Negative when
 * the counts do not add up. */
int64_t tl_poll_closed(const tl_poll *poll, int64_t pending, int64_t fresh);

/* A closed one has to be looked at again: later closings must not put it out of sight. */
void tl_poll_wait_for(tl_poll *poll, int64_t closed_us);

/* A close time that was seen; the latest counts. */
void tl_poll_saw_closed(tl_poll *poll, int64_t closed_us, int64_t now_ms);

/* From which close time on the closed ones are to be listed; 0 = not known. Closings may become visible out
 * of order, so some are listed again, but not for ever: after a burst an idle poll would list all of it. */
int64_t tl_poll_closed_from(const tl_poll *poll, int64_t now_ms);

#endif
