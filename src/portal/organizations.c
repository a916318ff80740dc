/* Three endpoints that list organizations, asked in turn until one can be read. */
#include "threatlocker/organizations.h"

#include <string.h>

#include "portal/members.h"
#include "portal/organization_rows.h"
#include "portal/rows.h"

typedef struct asking {
    tl_client *client;
    const tl_organization_query *query;
    tl_organization_list list;
} asking;

static tl_code read_page(asking *ask, tl_organization_page *seen, tl_page *told, tl_endpoint_id id,
                         const char *query, const cJSON *body, tl_error *err)
{
    cJSON *reply = NULL;
    *told = TL_PAGE_UNTOLD;
    tl_code code =
        tl_portal_read(&reply, told, ask->client, id, ask->query->organization_id, query, body, err);
    if (code == TL_OK)
        code = tl_add_organizations(&ask->list, seen, reply, tl_endpoint_of(id)->name, err);
    cJSON_Delete(reply);
    return code;
}

static tl_code ask_move(asking *ask, tl_error *err)
{
    tl_buffer query = {.limit = TL_MAX_QUERY};
    tl_organization_page seen;
    tl_page told;
    tl_query_text(&query, "searchText", ask->query->search);
    tl_code code = query.failed ? tl_fail_memory(err)
                                : read_page(ask, &seen, &told, TL_ORGANIZATION_MOVE, query.data, NULL, err);
    tl_buffer_free(&query);
    return code;
}

static tl_code ask_children(asking *ask, tl_error *err)
{
    tl_organization_page seen;
    tl_page told;
    return read_page(ask, &seen, &told, TL_ORGANIZATION_CHILDREN, NULL, NULL, err);
}

/* Without childOrganizations, which is not documented, nothing comes [observed wyre]; the rest [official*].
 */
static cJSON *parameters_body(const char *search)
{
    cJSON *body = cJSON_CreateObject();
    bool ok = tl_json_set_integer(body, "pageNumber", 1) &&
              tl_json_set_integer(body, "pageSize", TL_ORGANIZATION_PAGE_SIZE) &&
              tl_json_set_bool(body, "includeAllChildren", true) &&
              tl_json_set_bool(body, "isAscending", true) && tl_json_set_text(body, "orderBy", "name") &&
              tl_json_set_text(body, "searchText", search == NULL ? "" : search) &&
              tl_json_set_bool(body, "childOrganizations", true);
    if (!ok) {
        cJSON_Delete(body);
        body = NULL;
    }
    return body;
}

static tl_code ask_parameters(asking *ask, tl_error *err)
{
    cJSON *body = parameters_body(ask->query->search);
    tl_code code = body == NULL ? tl_fail_memory(err) : TL_OK;
    bool more = true;
    for (int64_t number = 1; code == TL_OK && more; number++) {
        tl_organization_page seen = {0};
        tl_page told = TL_PAGE_UNTOLD;
        if (number > TL_MAX_ORGANIZATION_PAGES)
            code = tl_fail(err, TL_PROTOCOL, "%s: the list does not end",
                           tl_endpoint_of(TL_ORGANIZATION_PARAMETERS)->name);
        else if (!tl_json_set_integer(body, "pageNumber", number))
            code = tl_fail_memory(err);
        else
            code = read_page(ask, &seen, &told, TL_ORGANIZATION_PARAMETERS, NULL, body, err);
        more = code == TL_OK && tl_more_organizations(&seen, &told, number);
        if (code == TL_OK && !more && seen.rows > 0 && told.total_pages > number)
            code = tl_fail(err, TL_PROTOCOL, "%s: page %lld of %lld brought nothing new",
                           tl_endpoint_of(TL_ORGANIZATION_PARAMETERS)->name, (long long)number,
                           (long long)told.total_pages);
    }
    cJSON_Delete(body);
    return code;
}

typedef struct way {
    const char *word;
    tl_code (*ask)(asking *ask, tl_error *err);
} way;

enum { WAY_COUNT = 3 };
static const way ways[WAY_COUNT] = {
    {"move", ask_move}, {"parameters", ask_parameters}, {"children", ask_children}};

/* The ways chosen, in their order. */
static tl_code choose_ways(const way *out[WAY_COUNT], size_t *out_count, const char *const *via,
                           tl_error *err)
{
    *out_count = 0;
    for (size_t i = 0; via == NULL && i < WAY_COUNT; i++)
        out[(*out_count)++] = &ways[i];
    for (size_t i = 0; via != NULL && via[i] != NULL; i++) {
        const way *found = NULL;
        for (size_t j = 0; j < WAY_COUNT; j++)
            if (strcmp(via[i], ways[j].word) == 0)
                found = &ways[j];
        for (size_t j = 0; j < *out_count; j++)
            if (out[j] == found)
                found = NULL;
        if (found == NULL)
            return tl_fail(err, TL_INVALID,
                           "via must be a list of move, parameters and children, each at most once; not %s",
                           via[i]);
        out[(*out_count)++] = found;
    }
    return *out_count > 0 ? TL_OK
                          : tl_fail(err, TL_INVALID, "via must name one of: move, parameters, children");
}

/* Whether another endpoint may still give the list: this one does not exist here, is not permitted, or its
 * reply cannot be read. */
static bool may_go_on(tl_code code, const tl_error *why)
{
    return code == TL_PERMISSION || code == TL_FORBIDDEN || code == TL_PROTOCOL || tl_no_such_endpoint(why);
}

static tl_code ask_one(asking *ask, const way *one, tl_error *err)
{
    ask->list = (tl_organization_list){.search = ask->query->search, .rows = cJSON_CreateArray()};
    tl_code code = ask->list.rows == NULL ? tl_fail_memory(err) : one->ask(ask, err);
    tl_id_set_free(&ask->list.seen);
    if (code != TL_OK) {
        cJSON_Delete(ask->list.rows);
        ask->list.rows = NULL;
    }
    return code;
}

tl_code tl_organizations(cJSON **out_rows, tl_client *client, const tl_organization_query *query,
                         tl_error *err)
{
    *out_rows = NULL;
    if (query == NULL || query->size != sizeof *query)
        return tl_fail(err, TL_USAGE,
                       "tl_organization_query has another size: built against another version?");
    const way *chosen[WAY_COUNT];
    size_t count;
    tl_code code = tl_check_search(query->search, err);
    if (code == TL_OK)
        code = choose_ways(chosen, &count, query->via, err);
    if (code != TL_OK)
        return code;
    asking ask = {.client = client, .query = query};
    tl_error first = TL_ERROR_INIT;
    for (size_t i = 0; i < count; i++) {
        tl_error why = TL_ERROR_INIT;
        code = ask_one(&ask, chosen[i], &why);
        if (code == TL_OK) {
            *out_rows = ask.list.rows;
            return TL_OK;
        }
        if (!may_go_on(code, &why))
            return tl_fail_with(err, &why);
        (void)tl_fail_with(&first, &why);
    }
    return tl_fail_with(err, &first);
}
