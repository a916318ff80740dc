/* Reading approval requests. */
#include "action.h"

tl_code tlp_count_requests(tlp_call *call, tl_error *err)
{
    int64_t count = 0;
    tl_code code =
        tl_request_count(&count, call->session->client, tlp_text(call->parameters, "organization_id"),
                         tlp_flag(call->parameters, "children"), err);
    if (code != TL_OK)
        return code;
    cJSON *row = cJSON_CreateObject();
    call->reply->out_of_memory |= !tlp_set_integer(row, "count", count);
    tlp_reply_row(call->reply, row);
    tlp_reply_sum(call->reply, "count", tl_json_new_integer(count));
    tlp_reply_say(call->reply, "%lld requests are pending", (long long)count);
    return TL_OK;
}
