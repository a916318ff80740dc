/* Reject and ignore of several requests: one sending for each organization. */
#include <stdlib.h>

#include "http/together.h"
#include "portal/answer.h"
#include "portal/call.h"
#include "portal/outcome.h"
#include "portal/row_write.h"
#include "threatlocker/permit.h"
#include "threatlocker/requests.h"

enum { MAX_REQUESTS = 100, TOGETHER = 8 };

/* The requests of one organization, and their one sending. */
typedef struct batch {
    tl_write write; /* without a request of its own */
    cJSON *requests;
    cJSON *body;
    tl_sending sending;
} batch;

typedef struct member {
    const char *organization_id; /* the caller's */
    const char *request_id;
    tl_code read;   /* whether that succeeded */
    tl_error why;   /* and why not */
    cJSON *row;     /* as read before the sending; NULL where that failed */
    batch *batch;   /* NULL where it takes no part */
    cJSON *outcome; /* NULL until it is known */
} member;

typedef struct bulk {
    tl_client *client;
    tl_write_kind kind;
    tl_answer answer;
    member *members;
    size_t count;
    batch *batches; /* in the order of their first member */
    size_t batch_count;
    bool sent; /* a byte may have left */
} bulk;

static void clear_bulk(bulk *all)
{
    for (size_t i = 0; i < all->count; i++) {
        cJSON_Delete(all->members[i].row);
        cJSON_Delete(all->members[i].outcome);
    }
    for (size_t i = 0; i < all->batch_count; i++) {
        tl_write_clear(&all->batches[i].write);
        cJSON_Delete(all->batches[i].requests);
        cJSON_Delete(all->batches[i].body);
    }
    free(all->members);
    free(all->batches);
}

static tl_code check_requests(const tl_request_ref *requests, size_t count, tl_error *err)
{
    if (requests == NULL || count == 0 || count > MAX_REQUESTS)
        return tl_fail(err, TL_INVALID, "requests: 1 to %d at once, not %zu", MAX_REQUESTS,
                       requests == NULL ? 0 : count);
    for (size_t i = 0; i < count; i++) {
        const char *organization_id = requests[i].organization_id;
        if (tl_check_guid(requests[i].request_id, "request_id", err) != TL_OK ||
            (organization_id != NULL && tl_check_guid(organization_id, "organization_id", err) != TL_OK))
            return TL_INVALID;
        for (size_t k = 0; k < i; k++)
            if (tl_equal_ignore_case(requests[i].request_id, requests[k].request_id))
                return tl_fail(err, TL_INVALID, "request %s stands there twice", requests[i].request_id);
    }
    return TL_OK;
}

static tl_code set_up(bulk *all, const tl_request_ref *requests, size_t count, tl_error *err)
{
    all->members = calloc(count, sizeof *all->members);
    all->batches = calloc(count, sizeof *all->batches);
    if (all->members == NULL || all->batches == NULL)
        return tl_fail_memory(err);
    all->count = count;
    for (size_t i = 0; i < count; i++)
        all->members[i] = (member){.organization_id = requests[i].organization_id,
                                   .request_id = requests[i].request_id,
                                   .why = TL_ERROR_INIT};
    return TL_OK;
}

/* What a write of this member alone would be. */
static tl_write write_of(const bulk *all, const member *one)
{
    tl_write write = {.kind = all->kind, .organization_id = tl_row_owner(one->row, one->organization_id)};
    if (one->batch != NULL)
        write = one->batch->write;
    write.request_id = one->request_id;
    write.before = one->row;
    return write;
}

static tl_code refuse(const bulk *all, member *one, const tl_error *why, tl_error *err)
{
    tl_write write = write_of(all, one);
    one->outcome = tl_outcome_unsent(&write, why, NULL);
    return one->outcome == NULL ? tl_fail_memory(err) : TL_OK;
}

static tl_code join_batch(bulk *all, member *one, tl_error *err)
{
    const char *owner = tl_row_owner(one->row, one->organization_id);
    for (size_t i = 0; one->batch == NULL && i < all->batch_count; i++)
        if (tl_equal_ignore_case(all->batches[i].write.organization_id, owner))
            one->batch = &all->batches[i];
    if (one->batch == NULL) {
        one->batch = &all->batches[all->batch_count++];
        tl_code code = tl_write_start(&one->batch->write, all->kind, owner, NULL, NULL, err);
        if (code != TL_OK)
            return code;
        one->batch->requests = cJSON_CreateArray();
    }
    one->batch->write.together++;
    return tl_answer_add(one->batch->requests, one->request_id) ? TL_OK : tl_fail_memory(err);
}

/* These say something about the request; every other failure is the service's. */
static bool concerns_the_request(tl_code code)
{
    return code == TL_NOT_FOUND || code == TL_PROTOCOL || code == TL_INVALID;
}

static void read_member(void *data, size_t index)
{
    const bulk *all = data;
    member *one = &all->members[index];
    one->read = tl_request_get(&one->row, all->client, one->organization_id, one->request_id, &one->why);
}

/* Decides whether a request that was read takes part. */
static tl_code consider(bulk *all, member *one, tl_error *err)
{
    tl_code code = one->read;
    if (code != TL_OK && !concerns_the_request(code))
        return tl_fail_with(err, &one->why);
    if (code == TL_OK)
        code = tl_answer_check(one->row, &all->answer, &one->why);
    return code == TL_OK ? join_batch(all, one, err) : refuse(all, one, &one->why, err);
}

static tl_code make_body(bulk *all, batch *some, tl_error *err)
{
    some->body = tl_answer_body(all->kind, &all->answer, some->requests);
    some->requests = NULL; /* the body's now */
    return some->body == NULL ? tl_fail_memory(err) : tl_write_set_body(&some->write, some->body, err);
}

/* Every body is made before the first is sent: what fails here has touched nothing. */
static tl_code prepare(bulk *all, tl_error *err)
{
    tl_code code = TL_OK;
    tl_together(all->count, TOGETHER, read_member, all);
    for (size_t i = 0; code == TL_OK && i < all->count; i++)
        code = consider(all, &all->members[i], err);
    for (size_t i = 0; code == TL_OK && i < all->batch_count; i++)
        code = make_body(all, &all->batches[i], err);
    return code;
}

/* Each sending stands for itself: one that failed does not hold up another organization's. */
static tl_code send_all(bulk *all, tl_error *err)
{
    tl_code code = TL_OK;
    for (size_t i = 0; code == TL_OK && i < all->batch_count; i++) {
        batch *some = &all->batches[i];
        code = tl_write_send(&some->sending, all->client, &some->write, NULL, err);
        all->sent = all->sent || some->sending.sent != TL_SENT_NOTHING;
    }
    return code;
}

/* Leaves the outcome NULL only when out of memory. */
static void conclude(void *data, size_t index)
{
    const bulk *all = data;
    member *one = &all->members[index];
    if (one->batch == NULL)
        return;
    tl_write write = write_of(all, one);
    if (all->answer.dry_run)
        one->outcome = tl_outcome_unsent(&write, NULL, one->batch->body);
    else
        (void)tl_write_conclude(&one->outcome, all->client, &write, &one->batch->sending, NULL);
}

static tl_code collect(cJSON **out_outcomes, bulk *all, tl_error *err)
{
    *out_outcomes = cJSON_CreateArray();
    bool ok = *out_outcomes != NULL;
    for (size_t i = 0; ok && i < all->count; i++) {
        ok = tl_json_append(*out_outcomes, all->members[i].outcome);
        all->members[i].outcome = NULL;
    }
    if (ok)
        return TL_OK;
    cJSON_Delete(*out_outcomes);
    *out_outcomes = NULL;
    return tl_fail_memory(err);
}

static tl_code run(cJSON **out_outcomes, bulk *all, tl_error *err)
{
    tl_code code = prepare(all, err);
    if (code == TL_OK && !all->answer.dry_run)
        code = send_all(all, err);
    if (code == TL_OK) {
        tl_together(all->count, TOGETHER, conclude, all);
        code = collect(out_outcomes, all, err);
    }
    if (code != TL_OK && all->sent && err != NULL)
        err->applied = TL_APPLIED_UNKNOWN;
    return code;
}

static tl_code answer_many(cJSON **out_outcomes, tl_client *client, tl_write_kind kind,
                           const tl_request_ref *requests, size_t count, const cJSON *json, tl_error *err)
{
    bulk all = {.client = client, .kind = kind};
    *out_outcomes = NULL;
    tl_code code = tl_answer_read(&all.answer, json, err);
    if (code == TL_OK)
        code = check_requests(requests, count, err);
    if (code == TL_OK)
        code = set_up(&all, requests, count, err);
    if (code == TL_OK)
        code = run(out_outcomes, &all, err);
    clear_bulk(&all);
    return code;
}

tl_code tl_reject_many(cJSON **out_outcomes, tl_client *client, const tl_request_ref *requests, size_t count,
                       const cJSON *answer, tl_error *err)
{
    return answer_many(out_outcomes, client, TL_WRITE_REJECT, requests, count, answer, err);
}

tl_code tl_ignore_many(cJSON **out_outcomes, tl_client *client, const tl_request_ref *requests, size_t count,
                       const cJSON *answer, tl_error *err)
{
    return answer_many(out_outcomes, client, TL_WRITE_IGNORE, requests, count, answer, err);
}
