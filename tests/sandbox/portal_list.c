/* B1: the list of requests. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "portal.h"
#include "render.h"

struct found {
    struct request *request;
    const char *text; /* sort key, NULL when sorting by time */
    int64_t time;
};

struct query {
    const struct portal_call *at;
    cJSON *organizations; /* ids that the caller may see with this query */
    long status, page, size;
    const char *search;
    const cJSON *actions;
    long type;
};

/* 2 and 3 are wrong guesses found elsewhere; an unknown number gives 500 in wyre's mock. */
static bool known_status(long status)
{
    return status == 1 || status == 4 || status == 6 || status == 10 || status == 12 || status == 13 ||
           status == 16 || status == 17;
}

/* Children and grandchildren only when asked for [official]. */
static cJSON *visible_organizations(const struct portal_call *at)
{
    cJSON *list = cJSON_CreateArray();
    const struct world *world = &at->sandbox->world;
    bool children = json_true(at->body, "showChildOrganizations");
    const cJSON *item;
    cJSON_ArrayForEach (item, world->organizations) {
        const char *id = json_text(item, "organizationId");
        if (same_word(id, at->organization) || (children && organization_within(world, id, at->organization)))
            cJSON_AddItemToArray(list, cJSON_CreateString(id));
    }
    return list;
}

/* rtm guesses 0 all, 1 application, 2 storage, 3 elevation [inferred]. */
static bool type_wanted(const struct query *query, const struct request *request)
{
    static const char *const kinds[] = {NULL, "execute", "storage", "elevate"};
    if (query->type < 1 || query->type > 3)
        return true;
    return same_word(request_kind(&query->at->sandbox->world, request), kinds[query->type]);
}

/* Which members the search looks at is [inferred]. */
static bool search_hits(const struct query *query, const struct request *request)
{
    static const char *const members[] = {"path", "username", "hostname", "hash", "sha256"};
    const struct world *world = &query->at->sandbox->world;
    if (!query->search || !*query->search)
        return true;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (contains_word(request_text(world, request, members[i]), query->search))
            return true;
    return contains_word(organization_name(world, request_organization(request)), query->search);
}

static bool wanted(const struct query *query, const struct request *request)
{
    if (request->status != query->status ||
        !json_list_has(query->organizations, request_organization(request)))
        return false;
    const struct world *world = &query->at->sandbox->world;
    if (cJSON_GetArraySize(query->actions) > 0 &&
        !json_list_has(query->actions, request_text(world, request, "actionType")))
        return false;
    return type_wanted(query, request) && search_hits(query, request);
}

static int compare(const void *left, const void *right)
{
    const struct found *a = left, *b = right;
    int order = a->text ? strcmp(a->text, b->text) : 0;
    if (order == 0)
        order = (a->time > b->time) - (a->time < b->time);
    return order ? order : memcmp(a->request->key, b->request->key, sizeof a->request->key);
}

/* username, devicetype, actiontype, path, actiondate, datetime [official*]; case is ignored [inferred]. */
static const char *sort_member(const cJSON *body)
{
    static const char *const members[] = {"username", "deviceType", "actionType", "path", "actionDate"};
    const char *asked = json_text(body, "orderBy");
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (same_word(asked, members[i]))
            return members[i];
    return NULL;
}

static struct found *find_all(const struct query *query, size_t *count)
{
    const struct world *world = &query->at->sandbox->world;
    struct found *list = need(world->request_count * sizeof *list);
    const char *member = sort_member(query->at->body);
    for (size_t i = 0; i < world->request_count; i++) {
        struct request *request = &world->requests[i];
        if (!wanted(query, request))
            continue;
        const char *text = member ? request_text(world, request, member) : NULL;
        list[(*count)++] = (struct found){request, member && !text ? "" : text, request->time};
    }
    qsort(list, *count, sizeof *list, compare);
    if (!json_true(query->at->body, "isAscending"))
        for (size_t i = 0; i < *count / 2; i++) {
            struct found swap = list[i];
            list[i] = list[*count - 1 - i];
            list[*count - 1 - i] = swap;
        }
    return list;
}

/* [observed wyre]: one header with six keys; whether lastItem is per page is open (J.9). */
static void add_pagination(const struct query *query, size_t total)
{
    const struct switches *switches = &query->at->sandbox->switches;
    if (switch_is(switches, SW_PAGINATION, "absent"))
        return;
    long items = (long)total, first = total ? (query->page - 1) * query->size + 1 : 0;
    long last = query->page * query->size;
    if (switch_is(switches, SW_LAST_ITEM, "total") || last > items)
        last = items;
    struct text t = {0};
    text_printf(&t,
                "{\"currentPage\":%ld,\"itemsPerPage\":%ld,\"totalItems\":%ld,\"totalPages\":%ld,"
                "\"firstItem\":%ld,\"lastItem\":%ld}",
                query->page, query->size, items, (items + query->size - 1) / query->size, first, last);
    pairs_add(&query->at->reply->headers, "pagination", text_str(&t));
    text_free(&t);
}

/* Nothing found: null or no body [observed Space-C0wboy], [] [observed LimaCharlie]. */
static void reply_nothing(const struct portal_call *at)
{
    const char *form = switch_value(&at->sandbox->switches, SW_EMPTY_LIST);
    reply_json(at->reply, 200, strcmp(form, "empty") == 0 ? "" : form);
}

static void reply_page(const struct query *query, const struct found *list, size_t total)
{
    struct sandbox *sandbox = query->at->sandbox;
    struct text *out = &query->at->reply->body;
    size_t from = (size_t)(query->page - 1) * (size_t)query->size, to = from + (size_t)query->size;
    if (from >= total) {
        reply_nothing(query->at);
        return;
    }
    long count = switch_is(&sandbox->switches, SW_COUNT, "total") ? (long)total : 0;
    reply_json(query->at->reply, 200, "[");
    for (size_t i = from; i < to && i < total; i++) {
        text_puts(out, i > from ? "," : "");
        render_row(&sandbox->world, &sandbox->switches, list[i].request, count, out);
    }
    text_puts(out, "]");
}

static long at_least_one(long value, long fallback)
{
    return value < 1 ? fallback : value > 1000000 ? 1000000 : value;
}

void approval_list(const struct portal_call *at)
{
    const cJSON *body = at->body;
    struct query query = {.at = at,
                          .status = json_int(body, "statusId", 0),
                          .page = at_least_one(json_int(body, "pageNumber", 1), 1),
                          .size = at_least_one(json_int(body, "pageSize", 25), 25),
                          .search = json_text(body, "searchText"),
                          .actions = json_member(body, "actionType"),
                          .type = json_int(body, "requestTypeId", 0)};
    /* Required in practice: omitted gives 500 [observed Space-C0wboy, wyre]. */
    if (!known_status(query.status)) {
        portal_server_error(at->sandbox, at->reply);
        return;
    }
    size_t total = 0;
    query.organizations = visible_organizations(at);
    struct found *list = find_all(&query, &total);
    add_pagination(&query, total);
    reply_page(&query, list, total);
    free(list);
    cJSON_Delete(query.organizations);
}
