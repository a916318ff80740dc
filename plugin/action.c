/* Parameters and replies that several actions share. */
#include "action.h"

#include <string.h>

const char *tlp_request_id(const tlp_call *call)
{
    return tlp_text(call->parameters, "request_id");
}

const char *tlp_organization_id(const tlp_call *call)
{
    return tlp_text(call->parameters, "organization_id");
}

int64_t tlp_os_type(const tlp_call *call)
{
    static const struct {
        const char *word;
        int64_t os_type; /* applications.h */
    } systems[] = {{"windows", 1}, {"mac", 2}, {"linux", 3}, {"windows_xp", 5}};
    const char *word = tlp_text(call->parameters, "os");
    for (size_t i = 0; word != NULL && i < sizeof systems / sizeof systems[0]; i++)
        if (strcmp(systems[i].word, word) == 0)
            return systems[i].os_type;
    return 0;
}

tl_code tlp_give_object(tlp_call *call, cJSON *object, const char *message)
{
    tlp_reply_row(call->reply, object);
    tlp_reply_say(call->reply, "%s", message);
    return TL_OK;
}

void tlp_give_count(tlp_call *call, int64_t count, const char *what)
{
    tlp_reply_sum(call->reply, "count", tl_json_new_integer(count));
    tlp_reply_say(call->reply, "%s: %lld", what, (long long)count);
}

tl_code tlp_give_list(tlp_call *call, cJSON *array, const char *what)
{
    int count = 0;
    while (array->child != NULL) {
        tlp_reply_row(call->reply, cJSON_DetachItemViaPointer(array, array->child));
        count++;
    }
    cJSON_Delete(array);
    tlp_give_count(call, count, what);
    return TL_OK;
}
