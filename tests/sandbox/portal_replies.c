/* What the portal's lists and dropdowns have in common. */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "portal.h"

static long at_least_one(long value, long fallback)
{
    return value < 1 ? fallback : value > 1000000 ? 1000000 : value;
}

/* No maximum of the page size is documented (J.9): a switch makes one. */
struct page portal_page(const struct portal_call *at)
{
    long most = at->sandbox->switches.max_page_size;
    struct page page = {at_least_one(json_int(at->body, "pageNumber", 1), 1),
                        at_least_one(json_int(at->body, "pageSize", 25), 25)};
    if (most > 0 && page.size > most)
        page.size = most;
    return page;
}

/* [observed wyre]: one header with six keys; whether lastItem is per page is open (J.9). */
void portal_pagination(const struct portal_call *at, struct page page, size_t total)
{
    const struct switches *switches = &at->sandbox->switches;
    if (switch_is(switches, SW_PAGINATION, "absent"))
        return;
    long items = (long)total, first = total ? (page.number - 1) * page.size + 1 : 0;
    long last = page.number * page.size;
    if (switch_is(switches, SW_LAST_ITEM, "total") || last > items)
        last = items;
    struct text t = {0};
    text_printf(&t,
                "{\"currentPage\":%ld,\"itemsPerPage\":%ld,\"totalItems\":%ld,\"totalPages\":%ld,"
                "\"firstItem\":%ld,\"lastItem\":%ld}",
                page.number, page.size, items, (items + page.size - 1) / page.size, first, last);
    pairs_add(&at->reply->headers, "pagination", text_str(&t));
    text_free(&t);
}

/* Nothing found: null or no body [observed Space-C0wboy], [] [observed LimaCharlie]. */
void portal_nothing(const struct portal_call *at)
{
    const char *form = switch_value(&at->sandbox->switches, SW_EMPTY_LIST);
    reply_json(at->reply, 200, strcmp(form, "empty") == 0 ? "" : form);
}

void portal_list(const struct portal_call *at, cJSON *list)
{
    if (cJSON_GetArraySize(list) > 0) {
        reply_tree(at->reply, 200, list);
        return;
    }
    cJSON_Delete(list);
    portal_nothing(at);
}

void portal_one_page(const struct portal_call *at, cJSON *list)
{
    struct page page = portal_page(at);
    cJSON *shown = cJSON_CreateArray();
    long skip = (page.number - 1) * page.size;
    portal_pagination(at, page, (size_t)cJSON_GetArraySize(list));
    for (; skip > 0 && list->child; skip--)
        cJSON_Delete(cJSON_DetachItemViaPointer(list, list->child));
    for (long i = 0; i < page.size && list->child; i++)
        cJSON_AddItemToArray(shown, cJSON_DetachItemViaPointer(list, list->child));
    cJSON_Delete(list);
    portal_list(at, shown);
}

/* Members and nulls of the article's one example [official] (B16); `numeric` NULL gives null, as there. */
cJSON *portal_option(const char *label, const char *value, long *numeric)
{
    cJSON *option = cJSON_CreateObject();
    json_put_text(option, "label", label);
    json_put_text(option, "value", value);
    json_put(option, "numericValue", numeric ? cJSON_CreateNumber((double)*numeric) : cJSON_CreateNull());
    json_put_text(option, "entityType", NULL);
    json_put_text(option, "parentId", NULL);
    json_put(option, "disabled", cJSON_CreateFalse());
    json_put_text(option, "tooltip", NULL);
    json_put(option, "featureConfigurationIds", cJSON_CreateArray());
    json_put_text(option, "isSupported", NULL);
    json_put_text(option, "extendedProperties", NULL);
    return option;
}

long portal_int_arg(const struct portal_call *at, const char *name, long fallback)
{
    const char *asked = pairs_get(&at->call->args, name);
    return asked && *asked ? strtol(asked, NULL, 10) : fallback;
}

bool portal_bool_arg(const struct portal_call *at, const char *name, bool fallback)
{
    const char *asked = pairs_get(&at->call->args, name);
    return asked && *asked ? same_word(asked, "true") : fallback;
}

bool portal_gone(const struct portal_call *at, enum switch_id id)
{
    if (!switch_is(&at->sandbox->switches, id, "404"))
        return false;
    reply_empty(at->reply, 404);
    return true;
}
