/* What the tests of rejecting and ignoring many share. */
#ifndef TL_TESTS_BULK_CASE_H
#define TL_TESTS_BULK_CASE_H

#include "harness.h"

typedef tl_code many_fn(cJSON **, tl_client *, const tl_request_ref *, size_t, const cJSON *, tl_error *);

static const struct kind {
    const char *name; /* as the sandbox counts it */
    many_fn *write;
    const char *endpoint;
    const char *done;
} kinds[] = {
    {"reject", tl_reject_many, "ApprovalRequestUpdateForReject", "rejected"},
    {"ignore", tl_ignore_many, "ApprovalRequestUpdateForIgnore", "ignored"},
};

/* Two of one organization, and one each of two others. */
static const tl_request_ref mixed[] = {{ORGANIZATION(42), REQUEST(1001)},
                                       {ORGANIZATION(43), REQUEST(1003)},
                                       {ORGANIZATION(42), REQUEST(1002)},
                                       {NULL, REQUEST(1011)}};
static const tl_request_ref same[] = {
    {ORGANIZATION(42), REQUEST(1001)}, {ORGANIZATION(42), REQUEST(1002)}, {ORGANIZATION(42), REQUEST(1013)}};

static inline cJSON *run_many(const struct kind *kind, tl_client *client, const tl_request_ref *requests,
                              size_t count, const char *answer)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *argument = json("%s", answer), *outcomes = NULL;
    assert_ok(kind->write(&outcomes, client, requests, count, argument, &err), &err);
    cJSON_Delete(argument);
    assert_int_equal(cJSON_GetArraySize(outcomes), count);
    for (size_t i = 0; i < count; i++)
        assert_text(cJSON_GetArrayItem(outcomes, (int)i), "request_id", requests[i].request_id);
    return outcomes;
}

static inline void assert_outcome_of(const cJSON *outcomes, int index, const char *word, const char *code,
                                     const char *applied)
{
    assert_outcome(cJSON_GetArrayItem(outcomes, index), word, code, applied);
}

#endif
