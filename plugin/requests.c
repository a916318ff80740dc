/* Reading approval requests. */
#include "action.h"

#include <string.h>

enum { ROWS_BETWEEN_PROGRESS = 100 };

static int status_id(const char *word)
{
    static const struct {
        const char *word;
        int id;
    } statuses[] = {{"pending", TL_STATUS_PENDING},
                    {"approved", TL_STATUS_APPROVED},
                    {"not_learned", TL_STATUS_NOT_LEARNED},
                    {"rejected", TL_STATUS_REJECTED},
                    {"added_to_application", TL_STATUS_ADDED_TO_APPLICATION},
                    {"escalated", TL_STATUS_ESCALATED},
                    {"self_approved", TL_STATUS_SELF_APPROVED},
                    {"escalated_by_customer", TL_STATUS_ESCALATED_BY_CUSTOMER}};
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
        if (strcmp(statuses[i].word, word) == 0)
            return statuses[i].id;
    return TL_STATUS_PENDING;
}

/* Rows until the list or the limit (0 = none) ends. */
static tl_code read_rows(tlp_call *call, tl_requests *requests, int64_t limit, int64_t *out_count,
                         tl_error *err)
{
    tl_code code = TL_OK;
    cJSON *row = NULL;
    *out_count = 0;
    while ((limit == 0 || *out_count < limit) && (code = tl_requests_next(&row, requests, err)) == TL_OK &&
           row != NULL) {
        tlp_reply_row(call->reply, row);
        if (++*out_count % ROWS_BETWEEN_PROGRESS == 0)
            tlp_progress(call->session, "Read %lld requests", (long long)*out_count);
    }
    return code;
}

tl_code tlp_list_requests(tlp_call *call, tl_error *err)
{
    int64_t limit = tlp_integer(call->parameters, "limit", 0), count = 0;
    tl_request_query query = TL_REQUEST_QUERY_INIT;
    query.organization_id = tlp_organization_id(call);
    query.status_id = status_id(tlp_text(call->parameters, "status"));
    query.children = tlp_flag(call->parameters, "children");
    query.search = tlp_text(call->parameters, "search");
    tl_requests *requests = NULL;
    tl_code code = tl_requests_open(&requests, call->session->client, &query, err);
    if (code == TL_OK)
        code = read_rows(call, requests, limit, &count, err);
    bool whole = code == TL_OK && ((limit > 0 && count == limit) || tl_requests_complete(requests));
    tl_requests_close(requests);
    if (code == TL_OK)
        tlp_give_count(call, count,
                       whole ? "Requests" : "The list kept changing, so some may be missing; requests");
    return code;
}

tl_code tlp_count_requests(tlp_call *call, tl_error *err)
{
    int64_t count = 0;
    cJSON *row = cJSON_CreateObject();
    tl_code code = tl_request_count(&count, call->session->client, tlp_organization_id(call),
                                    tlp_flag(call->parameters, "children"), err);
    if (code == TL_OK && !tlp_set_integer(row, "count", count))
        code = tlp_fail_memory(err);
    if (code != TL_OK) {
        cJSON_Delete(row);
        return code;
    }
    tlp_reply_row(call->reply, row);
    tlp_give_count(call, count, "Pending requests");
    return TL_OK;
}

/* The three reads of one request. */
static tl_code give_one(tlp_call *call,
                        tl_code (*get)(cJSON **out, tl_client *client, const char *organization_id,
                                       const char *request_id, tl_error *err),
                        const char *message, tl_error *err)
{
    cJSON *object = NULL;
    tl_code code = get(&object, call->session->client, tlp_organization_id(call), tlp_request_id(call), err);
    return code == TL_OK ? tlp_give_object(call, object, message) : code;
}

tl_code tlp_get_request(tlp_call *call, tl_error *err)
{
    return give_one(call, tl_request_get, "Got the request", err);
}

tl_code tlp_get_permit_details(tlp_call *call, tl_error *err)
{
    return give_one(call, tl_permit_details, "Got what a permit starts from", err);
}

tl_code tlp_get_storage_request(tlp_call *call, tl_error *err)
{
    return give_one(call, tl_storage_details, "Got what a permit of the storage request starts from", err);
}
