#include "soar_list.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"

struct filter {
    char field[64];
    const char *op; /* "" is equality */
    cJSON *value;   /* NULL: matches nothing */
    bool exclude;
};

/* {"failed":true,"message":"…"} [official; observed CTL] */
void soar_error(struct reply *reply, unsigned status, const char *message)
{
    cJSON *tree = cJSON_CreateObject();
    json_put(tree, "failed", cJSON_CreateTrue());
    json_put_text(tree, "message", message);
    reply_tree(reply, status, tree);
}

static const char *const operators[] = {"gte",       "gt",         "lte",      "lt",     "in",    "contains",
                                        "icontains", "startswith", "endswith", "iexact", "range", "isnull"};

static bool split_name(const char *name, struct filter *filter)
{
    size_t len = strlen(name);
    filter->op = "";
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        size_t op = strlen(operators[i]);
        if (len <= op + 2 || strcmp(name + len - op, operators[i]) != 0 ||
            strncmp(name + len - op - 2, "__", 2) != 0)
            continue;
        filter->op = operators[i];
        len -= op + 2;
        break;
    }
    if (len == 0 || len >= sizeof filter->field)
        return false;
    memcpy(filter->field, name, len);
    filter->field[len] = '\0';
    return true;
}

/* Strings must be quoted, numbers are bare, booleans are True and False; lowercase booleans fail without a
 * word [official; observed CTL]. That an unquoted word gives 400 is [inferred]. */
static bool read_value(const char *text, struct filter *filter)
{
    size_t len = strlen(text);
    if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
        return true;
    if (strcmp(text, "True") == 0 || strcmp(text, "False") == 0)
        filter->value = cJSON_CreateBool(*text == 'T');
    else if (strcmp(text, "None") == 0)
        filter->value = cJSON_CreateNull();
    else if (len >= 2 && text[0] == '\'' && text[len - 1] == '\'') {
        char *inside = copy_bytes(text + 1, len - 2);
        filter->value = cJSON_CreateString(inside);
        free(inside);
    } else {
        filter->value = json_read(text, len);
    }
    return filter->value != NULL;
}

/* Times are compared as times: a filter may leave the fraction out. */
static bool order_of(const char *field, const cJSON *own, const cJSON *value, int *order)
{
    size_t len = strlen(field);
    int64_t left, right;
    if (cJSON_IsNumber(own) && cJSON_IsNumber(value)) {
        *order = (own->valuedouble > value->valuedouble) - (own->valuedouble < value->valuedouble);
        return true;
    }
    if (cJSON_IsBool(own) && cJSON_IsBool(value)) {
        *order = cJSON_IsTrue(own) - cJSON_IsTrue(value);
        return true;
    }
    if (!cJSON_IsString(own) || !cJSON_IsString(value))
        return false;
    if (len > 5 && strcmp(field + len - 5, "_time") == 0 && time_read(own->valuestring, &left) &&
        time_read(value->valuestring, &right))
        *order = (left > right) - (left < right);
    else
        *order = strcmp(own->valuestring, value->valuestring);
    return true;
}

static bool equals(const struct filter *filter, const cJSON *own, const cJSON *value)
{
    int order;
    return (cJSON_IsNull(own) && cJSON_IsNull(value)) ||
           (order_of(filter->field, own, value, &order) && order == 0);
}

static bool text_hits(const char *op, const char *own, const char *value)
{
    size_t own_len = strlen(own), len = strlen(value);
    if (strcmp(op, "contains") == 0)
        return strstr(own, value) != NULL;
    if (strcmp(op, "icontains") == 0)
        return contains_word(own, value);
    if (strcmp(op, "iexact") == 0)
        return same_word(own, value);
    if (strcmp(op, "startswith") == 0)
        return strncmp(own, value, len) == 0;
    return own_len >= len && strcmp(own + own_len - len, value) == 0;
}

static bool compare_hits(const struct filter *filter, const cJSON *own)
{
    int order;
    if (!order_of(filter->field, own, filter->value, &order))
        return false;
    bool equal = filter->op[2] == 'e' && order == 0;
    return equal || (filter->op[0] == 'g' ? order > 0 : order < 0);
}

static bool in_list(const struct filter *filter, const cJSON *own)
{
    const cJSON *item;
    cJSON_ArrayForEach (item, filter->value) {
        if (equals(filter, own, item))
            return true;
    }
    return false;
}

static bool in_range(const struct filter *filter, const cJSON *own)
{
    int low, high;
    return order_of(filter->field, own, cJSON_GetArrayItem(filter->value, 0), &low) &&
           order_of(filter->field, own, cJSON_GetArrayItem(filter->value, 1), &high) && low >= 0 && high <= 0;
}

static bool hits(const struct filter *filter, const cJSON *own)
{
    const char *op = filter->op;
    if (!filter->value)
        return false;
    if (!*op)
        return equals(filter, own, filter->value);
    if (strcmp(op, "in") == 0)
        return in_list(filter, own);
    if (strcmp(op, "range") == 0)
        return in_range(filter, own);
    if (strcmp(op, "isnull") == 0)
        return cJSON_IsNull(own) == cJSON_IsTrue(filter->value);
    if (op[0] == 'g' || op[0] == 'l')
        return compare_hits(filter, own);
    return cJSON_IsString(own) && cJSON_IsString(filter->value) &&
           text_hits(op, own->valuestring, filter->value->valuestring);
}

/* Takes rows out of `rows`, a list of references. False after having replied. */
static bool apply_filter(cJSON *rows, const struct pair *arg, struct reply *reply)
{
    struct filter filter = {.exclude = strncmp(arg->name, "_exclude_", 9) == 0};
    struct text message = {0};
    if (!split_name(arg->name + (filter.exclude ? 9 : 8), &filter))
        text_printf(&message, "invalid filter %s", arg->name);
    else if (!read_value(arg->value, &filter))
        text_printf(&message, "invalid value for %s: strings must be quoted", arg->name);
    for (cJSON *row = rows->child, *next; row && !message.data; row = next) {
        next = row->next;
        const cJSON *own = cJSON_GetObjectItemCaseSensitive(row, filter.field);
        if (!own)
            text_printf(&message, "cannot resolve keyword %s into field", filter.field);
        else if (hits(&filter, own) == filter.exclude)
            cJSON_Delete(cJSON_DetachItemViaPointer(rows, row));
    }
    cJSON_Delete(filter.value);
    bool fine = !message.data;
    if (!fine)
        soar_error(reply, 400, text_str(&message));
    text_free(&message);
    return fine;
}

struct sorting {
    const char *field;
    bool descending;
};

struct sorted {
    cJSON *row;
    const cJSON *key;
    long id;
    const struct sorting *by;
};

static int compare_rows(const void *left, const void *right)
{
    const struct sorted *a = left, *b = right;
    int order = 0;
    if (!order_of(a->by->field, a->key, b->key, &order))
        order = !cJSON_IsNull(a->key) - !cJSON_IsNull(b->key);
    if (order == 0)
        order = (a->id > b->id) - (a->id < b->id);
    return a->by->descending ? -order : order;
}

/* By id where nothing else is asked for: so are the rows of the page's sample. */
static void sort_rows(cJSON *rows, const struct call *call)
{
    const char *field = pairs_get(&call->args, "sort");
    struct sorting by = {.field = field && *field ? field : "id",
                         .descending = same_word(pairs_get(&call->args, "order"), "desc")};
    size_t count = (size_t)cJSON_GetArraySize(rows), at = 0;
    struct sorted *list = need(count * sizeof *list);
    for (cJSON *row; (row = rows->child) != NULL; at++) {
        cJSON_DetachItemViaPointer(rows, row);
        const cJSON *id = cJSON_GetObjectItemCaseSensitive(row, "id");
        list[at] = (struct sorted){.row = row,
                                   .key = cJSON_GetObjectItemCaseSensitive(row, by.field),
                                   .id = cJSON_IsNumber(id) ? (long)id->valuedouble : 0,
                                   .by = &by};
    }
    qsort(list, count, sizeof *list, compare_rows);
    for (at = 0; at < count; at++)
        cJSON_AddItemToArray(rows, list[at].row);
    free(list);
}

static bool read_number(const struct call *call, const char *name, long fallback, long *out)
{
    const char *text = pairs_get(&call->args, name);
    char *end = NULL;
    *out = text ? strtol(text, &end, 10) : fallback;
    return !text || (end != text && !*end && *out >= 0 && *out < 1000000000);
}

static void add_row(cJSON *data, const cJSON *row, const char *expensive)
{
    cJSON *copy = cJSON_Duplicate(row, 1);
    if (expensive)
        cJSON_DeleteItemFromObjectCaseSensitive(copy, expensive);
    cJSON_AddItemToArray(data, copy);
}

/* {"count","num_pages","data"}; page is 0-based, page_size 10 by default, 0 = all [official]. */
static void reply_page(const cJSON *rows, const char *expensive, const struct call *call, struct reply *reply)
{
    long page, size, count = cJSON_GetArraySize(rows), at = 0;
    if (!read_number(call, "page", 0, &page) || !read_number(call, "page_size", 10, &size)) {
        soar_error(reply, 400, "page and page_size must be numbers");
        return;
    }
    long pages = size ? (count + size - 1) / size : 1;
    cJSON *tree = cJSON_CreateObject(), *data = cJSON_CreateArray();
    const cJSON *row;
    cJSON_ArrayForEach (row, rows) {
        if (size == 0 || at / size == page)
            add_row(data, row, expensive);
        at++;
    }
    json_put_number(tree, "count", (double)count);
    json_put(tree, "data", data);
    json_put_number(tree, "num_pages", (double)(pages ? pages : 1));
    reply_tree(reply, 200, tree);
}

void soar_list(const cJSON *rows, const char *expensive, const struct call *call, struct reply *reply)
{
    cJSON *shown = cJSON_CreateArray(), *row;
    bool fine = true;
    cJSON_ArrayForEach (row, rows) {
        cJSON_AddItemReferenceToArray(shown, row);
    }
    for (size_t i = 0; i < call->args.count && fine; i++)
        if (strncmp(call->args.items[i].name, "_filter_", 8) == 0 ||
            strncmp(call->args.items[i].name, "_exclude_", 9) == 0)
            fine = apply_filter(shown, &call->args.items[i], reply);
    if (fine) {
        sort_rows(shown, call);
        reply_page(shown, expensive, call, reply);
    }
    cJSON_Delete(shown);
}
