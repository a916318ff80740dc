/* B1, B2: the list of requests and the count of those that wait. */
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
    struct index organizations; /* whose requests the query covers */
    long status;
    struct page page;
    const char *search;
    const cJSON *actions;
    long type;
    bool one_tier;
    double tier;
};

/* 2 and 3 are wrong guesses found elsewhere; an unknown number gives 500 in wyre's mock. */
static bool known_status(long status)
{
    static const long known[] = {
        STATUS_PENDING, STATUS_APPROVED,  STATUS_NOT_LEARNED,   STATUS_REJECTED,
        STATUS_ADDED,   STATUS_ESCALATED, STATUS_SELF_APPROVED, STATUS_ESCALATED_BY_CUSTOMER};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (status == known[i])
            return true;
    return false;
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

/* Only what waits for the asker's own tier; how the two members work together is [inferred]. */
static bool tier_fits(const struct query *query, const struct request *request)
{
    const struct world *world = &query->at->sandbox->world;
    return !query->one_tier ||
           cJSON_GetNumberValue(request_field(world, request, "pendingTierLevel")) == query->tier;
}

static bool wanted(const struct query *query, const struct request *request)
{
    if (request->status != query->status || !index_has(&query->organizations, request->organization))
        return false;
    const struct world *world = &query->at->sandbox->world;
    if (cJSON_GetArraySize(query->actions) > 0 &&
        !json_list_has(query->actions, request_text(world, request, "actionType")))
        return false;
    return type_wanted(query, request) && tier_fits(query, request) && search_hits(query, request);
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

static void reply_page(const struct query *query, const struct found *list, size_t total)
{
    struct sandbox *sandbox = query->at->sandbox;
    struct text *out = &query->at->reply->body;
    size_t from = (size_t)(query->page.number - 1) * (size_t)query->page.size,
           to = from + (size_t)query->page.size;
    if (from >= total) {
        portal_nothing(query->at);
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

void approval_list(const struct portal_call *at)
{
    const cJSON *body = at->body;
    struct query query = {.at = at,
                          .status = json_int(body, "statusId", 0),
                          .page = portal_page(at),
                          .search = json_text(body, "searchText"),
                          .actions = json_member(body, "actionType"),
                          .type = json_int(body, "requestTypeId", 0),
                          .one_tier = json_true(body, "showCurrentTierOnly"),
                          .tier = (double)json_int(body, "userApprovalTierLevel", 0)};
    /* Required in practice: omitted gives 500 [observed Space-C0wboy, wyre]. */
    if (!known_status(query.status)) {
        portal_server_error(at->sandbox, at->reply);
        return;
    }
    size_t total = 0;
    /* Children and grandchildren only when asked for [official]. */
    query.organizations =
        organizations_below(&at->sandbox->world, at->organization, json_true(body, "showChildOrganizations"));
    struct found *list = find_all(&query, &total);
    portal_pagination(at, query.page, total);
    reply_page(&query, list, total);
    free(list);
    index_free(&query.organizations);
}

/* A bare integer [observed wyre] of what is pending [spec]; with the children unless told otherwise [spec].
 */
void approval_count(const struct portal_call *at)
{
    const struct world *world = &at->sandbox->world;
    bool children = portal_bool_arg(at, "includeChildOrganizations", true);
    struct index organizations = organizations_below(world, at->organization, children);
    long count = 0;
    for (size_t i = 0; i < world->request_count; i++)
        if (world->requests[i].status == STATUS_PENDING &&
            index_has(&organizations, world->requests[i].organization))
            count++;
    index_free(&organizations);
    reply_tree(at->reply, 200, cJSON_CreateNumber((double)count));
}
