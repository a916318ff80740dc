/* The inside of a chain: what watching, acting and settling share. */
#ifndef TL_CHAIN_ENGINE_H
#define TL_CHAIN_ENGINE_H

#include <stdatomic.h>

#include "chain/ledger.h"
#include "chain/poll.h"
#include "chain/seal.h"
#include "http/together.h"
#include "portal/client.h"
#include "threatlocker/chain.h"

enum {
    TL_MAX_ATTEMPTS = 3
}; /* doubtful sendings of one answer, each after reading back that the one before did nothing */

/* A sending whose outcome is not known. */
typedef struct tl_doubt {
    int64_t approval_id;
    int64_t since_ms; /* monotonic */
} tl_doubt;

/* What this process knows of the claim on a request. */
typedef struct tl_claim {
    char request_id[TL_GUID_SIZE];
    int64_t epoch;    /* negative: another's */
    bool confirmed;   /* ours, and SOAR has it */
    bool is_over;     /* its prompt is settled: forgotten when no task is at work */
    int64_t since_ms; /* when it was made or first seen: monotonic, with the time that the machine slept */
    int64_t since_us; /* the same by the wall clock */
} tl_claim;

/* A change whose task rests until it is on disk. */
typedef struct tl_change {
    const tl_entry *entry;
    tl_code code;
    tl_error err;
} tl_change;

struct tl_chain {
    tl_chain_options
        options;    /* words and claim_label are ours; name and since are not used after tl_chain_new */
    char *executor; /* "chain:<name>" */
    tl_ledger *ledger;
    char ledger_id[TL_GUID_SIZE];
    int64_t given_id;   /* newest line of history that was given out as an event */
    size_t given_bytes; /* of events since control came back from the caller */
    int64_t since_us;
    tl_change *changes[TL_MAX_TOGETHER]; /* not yet on disk; one of each task at most */
    size_t change_count;
    tl_poll poll;
    int64_t walk_from_id; /* the ledger's floor_id at the last walk, or at the start */
    bool is_blind;        /* the last poll did not get its lists, or SOAR did not let it go on */
    bool has_unread;      /* it got its lists, but could not read all that is in them, perhaps only now */
    int unread_polls;     /* such polls since the last walk that was none */
    tl_doubt *doubts;
    size_t doubt_count;
    tl_claim *claims;
    size_t claim_count;
    atomic_bool stopping;
    tl_step step; /* counts of the running step */
};

bool tl_chain_is_stopping(const tl_chain *chain);

/* Writes the entry in its new state to the ledger, counts it and gives the event out, if it can. Returns when
 * it is on disk: within a task, after the others went on, and together with what they have to write by then.
 */
tl_code tl_chain_record(tl_chain *chain, tl_entry *entry, tl_entry_state state, const char *message,
                        tl_error *err);

/* Before the ledger is asked about a prompt, or about a request (NULL = only about the prompt): what other
 * tasks are writing about it is on disk, or has failed, when this returns. */
void tl_chain_await_changes(tl_chain *chain, int64_t approval_id, const char *request_id);

/* Events, each one at least once. _open gives those that a former process may not have given; _give what
 * history has that was not given; _note, called when control is back from the caller, that what was given is
 * in the caller's hands. Some wait for the next step when there are very many. */
tl_code tl_chain_open_events(tl_chain *chain, const tl_ledger_overview *ledger, tl_error *err);
tl_code tl_chain_give_events(tl_chain *chain, tl_error *err);
void tl_chain_note_events(tl_chain *chain);

/* Finds new prompts and reads the answers of watched ones: seen -> answered or left. */
tl_code tl_chain_watch(tl_chain *chain, tl_error *err);

/* SOAR gives its lists, but there are prompts in them that it cannot show, poll after poll. */
bool tl_chain_is_stuck(const tl_chain *chain);

/* Whether answers may be acted on: what SOAR did not show may contradict them. But a prompt that it can never
 * show must not hold up all others. */
bool tl_chain_sees_enough(const tl_chain *chain);

/* Looks at one approval record: meets the prompt if it is new, and reads its answer if it has one. */
tl_code tl_chain_look_at(tl_chain *chain, const cJSON *record, tl_error *err);

/* Settles what may have been sent: sending -> an outcome, or answered again when it was not applied. */
tl_code tl_chain_settle(tl_chain *chain, tl_error *err);

/* Acts on answers: answered -> sending -> an outcome. */
tl_code tl_chain_act(tl_chain *chain, tl_error *err);

/* Works on many, side by side; the first error is kept. Errors that are about a service stop the rest; one
 * that is about this item must not hold up the others. */
typedef tl_code tl_entry_fn(tl_chain *chain, tl_entry *entry, tl_error *err);
tl_code tl_chain_each_entry(tl_chain *chain, tl_entry entries[], size_t count, tl_entry_fn *work,
                            tl_error *err);
tl_code tl_chain_each_in_state(tl_chain *chain, tl_entry_state state, tl_entry_fn *work, tl_error *err);
typedef tl_code tl_record_fn(tl_chain *chain, const cJSON *record, tl_error *err);
tl_code tl_chain_each_record(tl_chain *chain, const cJSON *records, tl_record_fn *work, tl_error *err);

/* After one of several: its error is kept where there was none before, or one that a next step may mend while
 * no step mends this one. */
void tl_chain_keep_error(tl_code *code, tl_error *err, tl_code one, const tl_error *about_one);

/* What a write's outcome makes of the entry. One that was refused for a reason that may pass is answered
 * still, and an error: the service may have refused the others, too. */
tl_code tl_chain_conclude(tl_chain *chain, tl_entry *entry, const cJSON *outcome, tl_error *err);

#endif
