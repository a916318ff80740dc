/* What the tests of listing requests share: a walk through a list. */
#ifndef TL_TESTS_SERVICE_LISTING_CASE_H
#define TL_TESTS_SERVICE_LISTING_CASE_H

#include <strings.h>

#include "harness.h"

enum { GENERATED = 420, MAX_LISTED = 1000 };

/* What a walk gave. */
typedef struct walk {
    tl_code code;
    tl_error err;
    char ids[MAX_LISTED][40];
    int count;
    bool complete;
} walk;

static inline bool walked(const walk *done, const char *id)
{
    for (int i = 0; i < done->count; i++)
        if (strcasecmp(done->ids[i], id) == 0)
            return true;
    return false;
}

/* Walks to the end or the first error; the same row twice fails the test. `after` gets the count after each
 * row. */
static inline void walk_all(walk *done, tl_client *client, const tl_request_query *query,
                            void (*after)(int count))
{
    tl_requests *requests = NULL;
    *done = (walk){.err = TL_ERROR_INIT};
    assert_ok(tl_requests_open(&requests, client, query, &done->err), &done->err);
    for (cJSON *row = NULL;;) {
        done->code = tl_requests_next(&row, requests, &done->err);
        if (done->code != TL_OK || row == NULL)
            break;
        assert_false(tl_requests_complete(requests));
        const char *id = text_of(row, "approvalRequestId");
        if (walked(done, id))
            fail_msg("%s came twice", id);
        assert_true(done->count < MAX_LISTED);
        snprintf(done->ids[done->count++], 40, "%s", id);
        cJSON_Delete(row);
        if (after != NULL)
            after(done->count);
    }
    /* The end, or the error, stays. */
    cJSON *row = NULL;
    tl_error again = TL_ERROR_INIT;
    assert_int_equal(tl_requests_next(&row, requests, &again), done->code);
    assert_null(row);
    done->complete = tl_requests_complete(requests);
    assert_true(done->code == TL_OK || !done->complete);
    tl_requests_close(requests);
}

/* The pending ones as the sandbox knows them; 1099 is out of reach. */
static inline int pending_in_reach(void)
{
    cJSON *state = control_get("state");
    const cJSON *request;
    int count = 0;
    cJSON_ArrayForEach (request, cJSON_GetObjectItemCaseSensitive(state, "requests"))
        count += integer_of(request, "statusId") == 1 &&
                 strcmp(text_of(request, "organizationId"), ORGANIZATION(99)) != 0;
    cJSON_Delete(state);
    return count;
}

static inline tl_request_query whole_tree(int64_t page_size)
{
    tl_request_query query = TL_REQUEST_QUERY_INIT;
    query.children = true;
    query.page_size = page_size;
    return query;
}

#endif
