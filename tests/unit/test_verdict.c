/* What reading back says about a write. */
#include "base/time.h"
#include "details.h"
#include "json_case.h"
#include "portal/verdict.h"

#define OURS "'comments':'Signed. [threatlocker operation 0B5E0000-0000-4000-8000-0000000000AA]'"
#define THEIRS "'comments':'[threatlocker operation 0b5e0000-0000-4000-8000-0000000000bb]'"
#define SENT_AT "2026-06-23T15:00:00Z"
#define AFTER "'actionDate':'2026-06-23T15:00:01Z'"
#define IN_SKEW "'actionDate':'2026-06-23T14:58:00Z'"
#define BEFORE "'actionDate':'2026-06-23T14:57:59.999Z'"

#define ALICE "'assigneeUsername':'alice@example.com'"
#define BOB "'assigneeUsername':'bob@example.com'"
#define ASSIGNED_AT(time) "'approvalRequestTimerDto':{'assignedDate':'" time "'}"
#define NEW_TIME "2026-06-23T15:00:01Z"
#define OLD_TIME "2026-06-23T14:57:59Z"

enum { PERMIT = TL_WRITE_PERMIT, REJECT = TL_WRITE_REJECT, IGNORE = TL_WRITE_IGNORE };
enum { STORAGE = TL_WRITE_STORAGE, OWNERSHIP = TL_WRITE_OWNERSHIP, AUTHORIZE = TL_WRITE_AUTHORIZE };
enum { ACCEPTED = TL_SENT_ACCEPTED, REFUSED = TL_SENT_REFUSED, REFUSED_MANY = TL_SENT_REFUSED_MANY };
enum { DOUBTFUL = TL_SENT_DOUBTFUL, NOTHING = TL_SENT_NOTHING };
enum {
    UNCLEAR = TL_VERDICT_UNCLEAR,
    DONE = TL_VERDICT_DONE,
    NOT_YET = TL_VERDICT_NOT_YET,
    ANOTHERS = TL_VERDICT_ANOTHERS
};

/* `before` may be NULL: not known. */
static tl_verdict verdict_since(int kind, int sent, const char *before, const char *row)
{
    tl_readback readback = {.kind = (tl_write_kind)kind, .sent = (tl_sent)sent, .operation_id = OPERATION};
    assert_true(tl_time_parse(SENT_AT, false, &readback.sent_at_us));
    cJSON *tree = json_of(row), *old = before == NULL ? NULL : json_of(before);
    readback.row = tree;
    readback.before = old;
    tl_verdict verdict = tl_write_verdict(&readback);
    cJSON_Delete(tree);
    cJSON_Delete(old);
    return verdict;
}

static tl_verdict verdict_of(int kind, int sent, const char *row)
{
    return verdict_since(kind, sent, NULL, row);
}

/* Only comments that were not there before our sending are somebody else's. */
static void new_comments_make_a_doubtful_permit_anothers(void **state)
{
    (void)state;
#define BY_PHONE "'comments':'asked by phone'"
#define BY_HAND "'comments':'by hand'"
#define EMPTY "'comments':''"
    static const struct {
        const char *before; /* NULL = not known */
        const char *row;
        int expected;
    } rows[] = {
        {"{'statusId':1," BY_PHONE "}", "{'statusId':4," AFTER "," BY_PHONE "}", DONE},
        {"{'statusId':1," BY_PHONE "}", "{'statusId':4," AFTER "," BY_HAND "}", ANOTHERS},
        {"{'statusId':1," EMPTY "}", "{'statusId':4," AFTER "," BY_HAND "}", ANOTHERS},
        {NULL, "{'statusId':4," AFTER "," BY_HAND "}", ANOTHERS},
        {"{'statusId':1," BY_PHONE "}", "{'statusId':4," AFTER "," EMPTY "}", DONE},
        {NULL, "{'statusId':4," AFTER "," EMPTY "}", DONE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int got = (int)verdict_since(PERMIT, DOUBTFUL, rows[i].before, rows[i].row);
        if (got != rows[i].expected)
            fail_msg("%s, %s: %d", rows[i].before, rows[i].row, got);
    }
}

static void the_row_and_the_sending_decide(void **state)
{
    (void)state;
    static const struct {
        int kind;
        int sent;
        const char *row;
        int expected;
    } rows[] = {
        /* Open: nothing happened so far, whatever the notes say. */
        {PERMIT, ACCEPTED, "{'statusId':1}", NOT_YET},
        {PERMIT, DOUBTFUL, "{'statusId':1," OURS "}", NOT_YET},
        {PERMIT, DOUBTFUL, "{'statusId':13}", NOT_YET},
        {PERMIT, DOUBTFUL, "{'statusId':17}", NOT_YET},
        {PERMIT, REFUSED, "{'statusId':1}", NOT_YET},
        {REJECT, ACCEPTED, "{'statusId':1}", NOT_YET},
        {IGNORE, DOUBTFUL, "{'statusId':13}", NOT_YET},
        /* Our notes prove it. */
        {PERMIT, ACCEPTED, "{'statusId':4," OURS "}", DONE},
        {PERMIT, DOUBTFUL, "{'statusId':12," OURS "," AFTER "}", DONE},
        {PERMIT, DOUBTFUL, "{'statusId':16," OURS "," BEFORE "}", DONE},
        {PERMIT, REFUSED, "{'statusId':4," OURS "}", DONE},
        {PERMIT, NOTHING, "{'statusId':4," OURS "}", DONE},
        /* So do another's. */
        {PERMIT, ACCEPTED, "{'statusId':4," THEIRS "," AFTER "}", ANOTHERS},
        {PERMIT, DOUBTFUL, "{'statusId':4," THEIRS "," AFTER "}", ANOTHERS},
        {PERMIT, REFUSED, "{'statusId':4," THEIRS "}", ANOTHERS},
        {PERMIT, DOUBTFUL, "{'statusId':4,'comments':'" OPERATION "'," BEFORE "}", ANOTHERS},
        /* No notes: the sending and the time tell. */
        {PERMIT, ACCEPTED, "{'statusId':4}", DONE},
        {PERMIT, ACCEPTED, "{'statusId':12,'comments':''}", DONE},
        {PERMIT, ACCEPTED, "{'statusId':16,'comments':null," BEFORE "}", DONE},
        {PERMIT, DOUBTFUL, "{'statusId':4," AFTER "}", DONE},
        {PERMIT, DOUBTFUL, "{'statusId':4," IN_SKEW "}", DONE},
        {PERMIT, DOUBTFUL, "{'statusId':4," BEFORE "}", ANOTHERS},
        {PERMIT, DOUBTFUL, "{'statusId':4,'actionDate':'2026-06-23T10:00:00'}", ANOTHERS},
        {PERMIT, REFUSED, "{'statusId':4," AFTER "}", ANOTHERS},
        {PERMIT, NOTHING, "{'statusId':4," AFTER "}", ANOTHERS},
        /* Actioned the other way. */
        {PERMIT, ACCEPTED, "{'statusId':10," AFTER "}", ANOTHERS},
        {PERMIT, DOUBTFUL, "{'statusId':10," THEIRS "," AFTER "}", ANOTHERS},
        {REJECT, ACCEPTED, "{'statusId':4," AFTER "}", ANOTHERS},
        {REJECT, DOUBTFUL, "{'statusId':12," AFTER "}", ANOTHERS},
        {IGNORE, ACCEPTED, "{'statusId':16}", ANOTHERS},
        /* Neither: our notes in another's state, states that nobody documents, no time where time decides. */
        {PERMIT, DOUBTFUL, "{'statusId':10," OURS "," AFTER "}", UNCLEAR},
        {PERMIT, ACCEPTED, "{'statusId':6}", UNCLEAR},
        {PERMIT, DOUBTFUL, "{'statusId':99," OURS "," AFTER "}", UNCLEAR},
        {PERMIT, DOUBTFUL, "{}", UNCLEAR},
        {REJECT, ACCEPTED, "{'statusId':99}", UNCLEAR},
        {PERMIT, DOUBTFUL, "{'statusId':4}", UNCLEAR},
        {PERMIT, DOUBTFUL, "{'statusId':4,'actionDate':'soon'}", UNCLEAR},
        {REJECT, DOUBTFUL, "{'statusId':10}", UNCLEAR},
        /* Reject and ignore carry no notes. */
        {REJECT, ACCEPTED, "{'statusId':10}", DONE},
        {REJECT, ACCEPTED, "{'statusId':10," THEIRS "}", DONE},
        {REJECT, DOUBTFUL, "{'statusId':10," AFTER "}", DONE},
        {REJECT, DOUBTFUL, "{'statusId':10," BEFORE "}", ANOTHERS},
        {REJECT, REFUSED, "{'statusId':10," AFTER "}", ANOTHERS},
        {REJECT, REFUSED, "{'statusId':10," OURS "}", ANOTHERS},
        {REJECT, NOTHING, "{'statusId':10}", ANOTHERS},
        {IGNORE, ACCEPTED, "{'statusId':10}", DONE},
        {IGNORE, DOUBTFUL, "{'statusId':10," BEFORE "}", ANOTHERS},
        {IGNORE, REFUSED, "{'statusId':10}", ANOTHERS},
        /* Refused together with others: what became of each is open, and none is claimed. */
        {REJECT, REFUSED_MANY, "{'statusId':1}", NOT_YET},
        {REJECT, REFUSED_MANY, "{'statusId':10," AFTER "}", UNCLEAR},
        {REJECT, REFUSED_MANY, "{'statusId':10}", UNCLEAR},
        {REJECT, REFUSED_MANY, "{'statusId':10," BEFORE "}", ANOTHERS},
        {REJECT, REFUSED_MANY, "{'statusId':4," AFTER "}", ANOTHERS},
        {IGNORE, REFUSED_MANY, "{'statusId':10," IN_SKEW "}", UNCLEAR},
        /* Storage is judged as a permit, notes included. */
        {STORAGE, ACCEPTED, "{'statusId':1," OURS "}", NOT_YET},
        {STORAGE, ACCEPTED, "{'statusId':4}", DONE},
        {STORAGE, DOUBTFUL, "{'statusId':4," OURS "}", DONE},
        {STORAGE, DOUBTFUL, "{'statusId':4," THEIRS "," AFTER "}", ANOTHERS},
        {STORAGE, DOUBTFUL, "{'statusId':4,'comments':'by hand'," AFTER "}", ANOTHERS},
        {STORAGE, DOUBTFUL, "{'statusId':4," AFTER "}", DONE},
        {STORAGE, DOUBTFUL, "{'statusId':4}", UNCLEAR},
        {STORAGE, REFUSED, "{'statusId':4," AFTER "}", ANOTHERS},
        {STORAGE, ACCEPTED, "{'statusId':10}", ANOTHERS},
        {STORAGE, ACCEPTED, "{'statusId':99}", UNCLEAR},
        /* Ownership: not assigned. */
        {OWNERSHIP, ACCEPTED, "{'statusId':1}", NOT_YET},
        {OWNERSHIP, DOUBTFUL, "{'statusId':13,'isAssigned':false,'assigneeUsername':''}", NOT_YET},
        {OWNERSHIP, DOUBTFUL, "{'statusId':1,'assigneeUserId':'" ZERO_GUID "'}", NOT_YET},
        {OWNERSHIP, REFUSED, "{'statusId':1}", NOT_YET},
        {OWNERSHIP, DOUBTFUL, "{'statusId':4}", ANOTHERS},
        {OWNERSHIP, ACCEPTED, "{'statusId':10}", ANOTHERS},
        {OWNERSHIP, ACCEPTED, "{'statusId':99}", UNCLEAR},
        {OWNERSHIP, ACCEPTED, "{}", UNCLEAR},
        /* Assigned. */
        {OWNERSHIP, ACCEPTED, "{'statusId':1,'isAssigned':true}", DONE},
        {OWNERSHIP, ACCEPTED, "{'statusId':1,'assigneeUserId':'" COMPUTER "'}", DONE},
        {OWNERSHIP, ACCEPTED, "{'statusId':1," ALICE "}", DONE},
        {OWNERSHIP, ACCEPTED, "{'statusId':4," ALICE "}", DONE},
        {OWNERSHIP, DOUBTFUL, "{'statusId':1," ALICE "," ASSIGNED_AT(NEW_TIME) "}", DONE},
        {OWNERSHIP, DOUBTFUL, "{'statusId':1," ALICE "," ASSIGNED_AT(OLD_TIME) "}", ANOTHERS},
        {OWNERSHIP, DOUBTFUL, "{'statusId':1," ALICE "," ASSIGNED_AT("soon") "}", UNCLEAR},
        {OWNERSHIP, DOUBTFUL, "{'statusId':1," ALICE "}", UNCLEAR},
        {OWNERSHIP, DOUBTFUL, "{'statusId':1," ALICE "," AFTER "}", UNCLEAR},
        {OWNERSHIP, DOUBTFUL,
         "{'statusId':1," ALICE ",'approvalRequestTimerDto':{'assignedDate':'" OLD_TIME
         "','reassignedDate':'" NEW_TIME "'}}",
         DONE},
        {OWNERSHIP, REFUSED, "{'statusId':1," ALICE "," ASSIGNED_AT(NEW_TIME) "}", ANOTHERS},
        {OWNERSHIP, NOTHING, "{'statusId':1," ALICE "}", ANOTHERS},
        /* Authorize: only an acceptance proves it. */
        {AUTHORIZE, ACCEPTED, "{'statusId':13,'authorizeForPermit':true}", DONE},
        {AUTHORIZE, ACCEPTED, "{'statusId':4,'authorizeForPermit':true}", DONE},
        {AUTHORIZE, DOUBTFUL, "{'statusId':13,'authorizeForPermit':true," AFTER "}", UNCLEAR},
        {AUTHORIZE, REFUSED, "{'statusId':13,'authorizeForPermit':true}", ANOTHERS},
        {AUTHORIZE, NOTHING, "{'statusId':13,'authorizeForPermit':true}", ANOTHERS},
        {AUTHORIZE, ACCEPTED, "{'statusId':13,'authorizeForPermit':false}", NOT_YET},
        {AUTHORIZE, DOUBTFUL, "{'statusId':13,'authorizeForPermit':null}", NOT_YET},
        {AUTHORIZE, DOUBTFUL, "{'statusId':13,'authorizeForPermit':'true'}", NOT_YET},
        {AUTHORIZE, ACCEPTED, "{'statusId':4}", UNCLEAR},
        {AUTHORIZE, DOUBTFUL, "{'statusId':10}", UNCLEAR},
        {AUTHORIZE, REFUSED, "{'statusId':10}", ANOTHERS},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int got = (int)verdict_of(rows[i].kind, rows[i].sent, rows[i].row);
        if (got != rows[i].expected) {
            fail_msg("%d, %d, %s: %d", rows[i].kind, rows[i].sent, rows[i].row, got);
        }
    }
}

/* It was open when we looked, so it was done since, whatever the clocks say. */
static void a_wrong_clock_does_not_make_a_write_anothers(void **state)
{
    (void)state;
    static const struct {
        int kind;
        const char *before; /* NULL = not known */
        const char *row;
        int expected;
    } rows[] = {
        {REJECT, "{'statusId':1}", "{'statusId':10," BEFORE "}", UNCLEAR},
        {IGNORE, "{'statusId':13}", "{'statusId':10," BEFORE "}", UNCLEAR},
        {PERMIT, "{'statusId':1}", "{'statusId':4," BEFORE "}", UNCLEAR},
        {PERMIT, "{'statusId':1}", "{'statusId':4," THEIRS "," BEFORE "}", ANOTHERS},
        {REJECT, "{'statusId':1}", "{'statusId':10," AFTER "}", DONE},
        {REJECT, "{'statusId':10}", "{'statusId':10," BEFORE "}", ANOTHERS},
        {REJECT, NULL, "{'statusId':10," BEFORE "}", ANOTHERS},
        {OWNERSHIP, "{'statusId':1}", "{'statusId':1," ALICE "," ASSIGNED_AT(OLD_TIME) "}", UNCLEAR},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int got = (int)verdict_since(rows[i].kind, DOUBTFUL, rows[i].before, rows[i].row);
        if (got != rows[i].expected) {
            fail_msg("%d, %s: %d", rows[i].kind, rows[i].row, got);
        }
    }
}

/* An acceptance does not make an old assignment ours. */
static void an_assignment_that_did_not_change_is_not_claimed(void **state)
{
    (void)state;
    static const struct {
        int sent;
        const char *before;
        const char *row;
        int expected;
    } rows[] = {
        {ACCEPTED, "{'statusId':1}", "{'statusId':1," ALICE "}", DONE},
        {ACCEPTED, "{'statusId':1," BOB "}", "{'statusId':1," BOB "}", NOT_YET},
        {ACCEPTED, "{'statusId':1," BOB "}", "{'statusId':1," ALICE "}", DONE},
        {ACCEPTED, "{'statusId':1,'isAssigned':true}", "{'statusId':1,'isAssigned':true}", NOT_YET},
        {ACCEPTED, "{'statusId':1," BOB "," ASSIGNED_AT(OLD_TIME) "}",
         "{'statusId':1," BOB "," ASSIGNED_AT(NEW_TIME) "}", DONE},
        {ACCEPTED, "{'statusId':1," BOB "}", "{'statusId':4," BOB "}", ANOTHERS},
        {ACCEPTED, "{'statusId':1," BOB "}", "{'statusId':99," BOB "}", UNCLEAR},
        {DOUBTFUL, "{'statusId':1," BOB "," ASSIGNED_AT(OLD_TIME) "}",
         "{'statusId':1," BOB "," ASSIGNED_AT(OLD_TIME) "}", NOT_YET},
        {DOUBTFUL, "{'statusId':1," BOB "}", "{'statusId':1," ALICE "," ASSIGNED_AT(NEW_TIME) "}", DONE},
        {REFUSED, "{'statusId':1," BOB "}", "{'statusId':1," BOB "}", NOT_YET},
        {REFUSED, "{'statusId':1," BOB "}", "{'statusId':1," ALICE "}", ANOTHERS},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int got = (int)verdict_since(OWNERSHIP, rows[i].sent, rows[i].before, rows[i].row);
        if (got != rows[i].expected) {
            fail_msg("%d, %s, %s: %d", rows[i].sent, rows[i].before, rows[i].row, got);
        }
    }
}

/* Whatever a hostile row says, who was told no, or sent nothing, has only its own notes to claim it by. */
static void a_refused_write_is_never_claimed_without_notes(void **state)
{
    (void)state;
    static const int sents[] = {REFUSED, REFUSED_MANY, NOTHING};
    static const char *const statuses[] = {"1", "4", "6", "10", "12", "13", "16", "17", "99", "null", "'4'"};
    static const char *const rests[] = {AFTER,
                                        BEFORE,
                                        "'isAssigned':true",
                                        "'authorizeForPermit':true",
                                        THEIRS "," AFTER,
                                        ALICE "," ASSIGNED_AT(NEW_TIME) "," AFTER};
    char row[512];
    for (int kind = PERMIT; kind <= AUTHORIZE; kind++)
        for (size_t s = 0; s < COUNT(sents); s++)
            for (size_t t = 0; t < COUNT(statuses); t++)
                for (size_t r = 0; r < COUNT(rests); r++) {
                    snprintf(row, sizeof row, "{'statusId':%s,%s}", statuses[t], rests[r]);
                    if (verdict_of(kind, sents[s], row) == TL_VERDICT_DONE)
                        fail_msg("%d, %d, %s", kind, sents[s], row);
                }
}

static void a_status_that_nobody_knows_is_never_success(void **state)
{
    (void)state;
    static const char *const rows[] = {"{'statusId':6," OURS "," AFTER "}",
                                       "{'statusId':99," OURS "," AFTER "}",
                                       "{'statusId':0}",
                                       "{'statusId':null," OURS "}",
                                       "{'statusId':'4'," OURS "}",
                                       "{'statusId':4.5," OURS "}",
                                       "{}",
                                       "[]",
                                       "null"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (int kind = PERMIT; kind <= AUTHORIZE; kind++) {
            for (int sent = ACCEPTED; sent <= NOTHING; sent++) {
                if (verdict_of(kind, sent, rows[i]) == TL_VERDICT_DONE) {
                    fail_msg("%d, %d, %s", kind, sent, rows[i]);
                }
            }
        }
    }
}

typedef struct sent_row {
    tl_code code;
    int status;
    bool nothing_sent;
    int expected;
} sent_row;

static void assert_sent(const sent_row rows[], size_t count, size_t requests)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(tl_sent_of(rows[i].code, rows[i].status, rows[i].nothing_sent, requests),
                         rows[i].expected);
    }
}

static void only_a_reply_that_says_no_counts_as_refused(void **state)
{
    (void)state;
    static const sent_row rows[] = {
        {TL_OK, 200, false, ACCEPTED},
        {TL_INVALID, 400, false, REFUSED},
        {TL_PERMISSION, 401, false, REFUSED},
        {TL_FORBIDDEN, 403, false, REFUSED},
        {TL_NOT_FOUND, 404, false, REFUSED},
        {TL_INVALID, 417, false, REFUSED},
        {TL_RATE_LIMITED, 429, false, REFUSED},
        {TL_TOKEN, 440, false, REFUSED},
        {TL_PROTOCOL, 499, false, REFUSED},
        {TL_TIMEOUT, 408, false, DOUBTFUL},
        {TL_SERVER, 500, false, DOUBTFUL},
        {TL_SERVER, 502, false, DOUBTFUL},
        {TL_SERVER, 503, false, DOUBTFUL},
        {TL_SERVER, 504, false, DOUBTFUL},
        {TL_PROTOCOL, 302, false, DOUBTFUL},
        {TL_PROTOCOL, 0, false, DOUBTFUL},
        {TL_NETWORK, 0, false, DOUBTFUL},
        {TL_TIMEOUT, 0, false, DOUBTFUL},
        {TL_CANCELLED, 0, false, DOUBTFUL},
        {TL_MEMORY, 0, false, DOUBTFUL},
        {TL_TLS, 0, false, DOUBTFUL},
        {TL_NETWORK, 0, true, NOTHING},
        {TL_TLS, 0, true, NOTHING},
        {TL_TIMEOUT, 0, true, NOTHING},
    };
    assert_sent(rows, COUNT(rows), 1);
}

static void of_many_a_refusal_may_leave_a_part_applied(void **state)
{
    (void)state;
    static const sent_row rows[] = {
        {TL_OK, 200, false, ACCEPTED},
        {TL_INVALID, 400, false, REFUSED_MANY},
        {TL_PERMISSION, 401, false, REFUSED_MANY},
        {TL_FORBIDDEN, 403, false, REFUSED_MANY},
        {TL_NOT_FOUND, 404, false, REFUSED_MANY},
        {TL_CONFLICT, 409, false, REFUSED_MANY},
        {TL_INVALID, 417, false, REFUSED_MANY},
        {TL_TIMEOUT, 408, false, DOUBTFUL},
        {TL_RATE_LIMITED, 429, false, REFUSED},
        {TL_TOKEN, 440, false, REFUSED},
        {TL_SERVER, 500, false, DOUBTFUL},
        {TL_NETWORK, 0, true, NOTHING},
    };
    assert_sent(rows, COUNT(rows), 2);
}

static void each_kind_has_its_word_and_its_endpoint(void **state)
{
    (void)state;
    static const struct {
        tl_write_kind kind;
        const char *done;
        const char *endpoint;
    } rows[] = {
        {TL_WRITE_PERMIT, "permitted", "ApprovalRequestPermitApplication"},
        {TL_WRITE_REJECT, "rejected", "ApprovalRequestUpdateForReject"},
        {TL_WRITE_IGNORE, "ignored", "ApprovalRequestUpdateForIgnore"},
        {TL_WRITE_STORAGE, "permitted", "ApprovalRequestPermitStorageApproval"},
        {TL_WRITE_OWNERSHIP, "owned", "ApprovalRequestUpdateForTakeOwnership"},
        {TL_WRITE_AUTHORIZE, "authorized", "ApprovalRequestAuthorizeForPermitById"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const tl_write_rules *rules = tl_write_rules_of(rows[i].kind);
        assert_string_equal(rules->done, rows[i].done);
        assert_string_equal(tl_endpoint_of(rules->endpoint)->name, rows[i].endpoint);
        assert_true(tl_endpoint_of(rules->endpoint)->write);
        assert_int_equal(rules->experimental, rows[i].kind == TL_WRITE_STORAGE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_row_and_the_sending_decide),
        cmocka_unit_test(new_comments_make_a_doubtful_permit_anothers),
        cmocka_unit_test(a_status_that_nobody_knows_is_never_success),
        cmocka_unit_test(only_a_reply_that_says_no_counts_as_refused),
        cmocka_unit_test(a_wrong_clock_does_not_make_a_write_anothers),
        cmocka_unit_test(an_assignment_that_did_not_change_is_not_claimed),
        cmocka_unit_test(a_refused_write_is_never_claimed_without_notes),
        cmocka_unit_test(of_many_a_refusal_may_leave_a_part_applied),
        cmocka_unit_test(each_kind_has_its_word_and_its_endpoint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
