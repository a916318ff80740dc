/* The iterator over all pages. */
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "base/text.h"
#include "portal/call.h"
#include "portal/paging.h"
#include "threatlocker/requests.h"

enum { MAX_ROWS = 1000000, FIRST_SLOTS = 256, ID_SIZE = 16 };

/* The ids given so far: open addressing over the GUIDs' 16 bytes; all zero marks a free slot. */
typedef struct id_set {
    unsigned char (*slots)[ID_SIZE];
    size_t capacity; /* a power of two */
    size_t count;
} id_set;

struct tl_requests {
    tl_client *client;
    tl_request_query query; /* its texts are ours */
    tl_paging paging;
    cJSON *rows; /* what is left of the current page */
    id_set seen;
    tl_page totals;
    bool at_end;
    tl_error failure; /* given again once set */
};

static void guid_bytes(const char *guid, unsigned char out[ID_SIZE])
{
    size_t nibbles = 0;
    memset(out, 0, ID_SIZE);
    for (; *guid != '\0' && nibbles < 2 * ID_SIZE; guid++) {
        int digit = *guid >= '0' && *guid <= '9' ? *guid - '0' : (*guid | 0x20) - 'a' + 10;
        if (*guid == '-')
            continue;
        out[nibbles / 2] = (unsigned char)(out[nibbles / 2] | (digit << (nibbles % 2 == 0 ? 4 : 0)));
        nibbles++;
    }
}

static unsigned char *slot_for(const id_set *set, const unsigned char id[ID_SIZE])
{
    static const unsigned char free_slot[ID_SIZE];
    uint64_t hash;
    memcpy(&hash, id, sizeof hash);
    hash ^= hash >> 29;
    hash *= UINT64_C(0xbf58476d1ce4e5b9);
    uint64_t tail;
    memcpy(&tail, id + 8, sizeof tail);
    hash ^= tail * UINT64_C(0x94d049bb133111eb);
    hash ^= hash >> 32;
    for (size_t i = (size_t)hash;; i++) {
        unsigned char *slot = set->slots[i & (set->capacity - 1)];
        if (memcmp(slot, id, ID_SIZE) == 0 || memcmp(slot, free_slot, ID_SIZE) == 0)
            return slot;
    }
}

static bool grow(id_set *set)
{
    id_set larger = {.capacity = set->capacity == 0 ? FIRST_SLOTS : set->capacity * 2, .count = set->count};
    larger.slots = calloc(larger.capacity, ID_SIZE);
    if (larger.slots == NULL)
        return false;
    for (size_t i = 0; i < set->capacity; i++)
        memcpy(slot_for(&larger, set->slots[i]), set->slots[i], ID_SIZE);
    free(set->slots);
    *set = larger;
    return true;
}

/* Whether the id is new, or -1 when out of memory. */
static int add_id(id_set *set, const char *guid)
{
    if (set->count * 2 >= set->capacity && !grow(set))
        return -1;
    unsigned char id[ID_SIZE];
    guid_bytes(guid, id);
    unsigned char *slot = slot_for(set, id);
    if (memcmp(slot, id, ID_SIZE) == 0)
        return 0;
    memcpy(slot, id, ID_SIZE);
    set->count++;
    return 1;
}

static bool own_text(const char **slot)
{
    if (*slot == NULL)
        return true;
    *slot = strdup(*slot);
    return *slot != NULL;
}

tl_code tl_requests_open(tl_requests **out, tl_client *client, const tl_request_query *query, tl_error *err)
{
    *out = NULL;
    if (query == NULL || query->size != sizeof *query)
        return tl_fail(err, TL_USAGE, "tl_request_query has another size: built against another version?");
    tl_requests *requests = calloc(1, sizeof *requests);
    if (requests == NULL)
        return tl_fail_memory(err);
    requests->client = client;
    requests->query = *query;
    requests->totals = (tl_page){-1, -1, -1, -1};
    bool owned = own_text(&requests->query.organization_id);
    owned = own_text(&requests->query.search) && owned;
    owned = own_text(&requests->query.order_by) && owned;
    if (!owned) {
        tl_requests_close(requests);
        return tl_fail_memory(err);
    }
    if (requests->query.page_size == 0)
        requests->query.page_size = 100;
    tl_paging_start(&requests->paging, requests->query.page_size);
    *out = requests;
    return TL_OK;
}

/* Drops the rows that were given before, and counts. */
static tl_code keep_new_rows(tl_requests *requests, tl_page_seen *seen, tl_error *err)
{
    cJSON *next;
    for (cJSON *row = tl_json_first(requests->rows); row != NULL; row = next) {
        next = row->next;
        seen->rows++;
        int is_new = add_id(&requests->seen, tl_json_text(row, "approvalRequestId"));
        if (is_new < 0)
            return tl_fail_memory(err);
        if (is_new == 0)
            cJSON_Delete(cJSON_DetachItemViaPointer(requests->rows, row));
        else
            seen->new_rows++;
    }
    if (requests->seen.count > MAX_ROWS)
        return tl_fail(err, TL_PROTOCOL, "more than %d requests: narrow the query", MAX_ROWS);
    return TL_OK;
}

static tl_code fetch_page(tl_requests *requests, tl_error *err)
{
    tl_page page;
    requests->query.page_number = requests->paging.page;
    cJSON_Delete(requests->rows);
    tl_code code = tl_request_page(&requests->rows, &page, requests->client, &requests->query, err);
    if (code != TL_OK)
        return code;
    if (page.total_items >= 0)
        requests->totals = page;
    tl_page_seen seen = {.total_items = page.total_items, .total_pages = page.total_pages};
    code = keep_new_rows(requests, &seen, err);
    if (code == TL_OK)
        requests->at_end = !tl_paging_next(&requests->paging, &seen);
    return code;
}

tl_code tl_requests_next(cJSON **out_row, tl_requests *requests, tl_error *err)
{
    *out_row = NULL;
    while (requests->failure.code == TL_OK && (requests->rows == NULL || requests->rows->child == NULL)) {
        if (requests->at_end)
            return TL_OK;
        (void)fetch_page(requests, &requests->failure);
    }
    if (requests->failure.code != TL_OK) {
        if (err != NULL && err->code == TL_OK)
            *err = requests->failure;
        return requests->failure.code;
    }
    *out_row = cJSON_DetachItemViaPointer(requests->rows, requests->rows->child);
    return TL_OK;
}

tl_page tl_requests_totals(const tl_requests *requests)
{
    return requests->totals;
}

void tl_requests_close(tl_requests *requests)
{
    if (requests == NULL)
        return;
    cJSON_Delete(requests->rows);
    free(requests->seen.slots);
    free((char *)requests->query.organization_id);
    free((char *)requests->query.search);
    free((char *)requests->query.order_by);
    free(requests);
}
