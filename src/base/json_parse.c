#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "base/json_keys.h"
#include "base/json_node.h"
#include "base/json_scan.h"
#include "base/text.h"

static const char out_of_memory[] = "out of memory";

enum { SHOWN_KEY = 64, MOST_EXACT_DIGITS = 15 };

typedef struct reader {
    const char *at;
    const char *end;
    const char *problem; /* static storage; out_of_memory itself for that */
    int depth;
    long nodes;
    tl_json_keys keys;
    char twice[SHOWN_KEY + 1]; /* the key that stands twice, for the message */
} reader;

static cJSON *read_value(reader *r);

static cJSON *give_up(reader *r, const char *problem, cJSON *partial)
{
    cJSON_Delete(partial);
    if (r->problem == NULL) {
        r->problem = problem;
    }
    return NULL;
}

static void skip_white(reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t')) {
        r->at++;
    }
}

/* Passes `expected` when it comes next. */
static bool take(reader *r, char expected)
{
    if (r->at == r->end || *r->at != expected) {
        return false;
    }
    r->at++;
    return true;
}

/* A string's value, allocated as cJSON frees it. */
static char *read_text(reader *r, tl_json_string *string)
{
    const char *source = r->at + 1;
    const char *problem = tl_json_scan_string(&r->at, r->end, string);
    if (problem != NULL) {
        give_up(r, problem, NULL);
        return NULL;
    }
    char *text = cJSON_malloc(string->length + 1);
    if (text == NULL) {
        give_up(r, out_of_memory, NULL);
        return NULL;
    }
    tl_json_unescape(text, source, string);
    text[string->length] = '\0';
    return text;
}

static cJSON *read_string(reader *r)
{
    const char *source = r->at;
    tl_json_string string;
    char *text = read_text(r, &string);
    if (text == NULL) {
        return NULL;
    }
    cJSON *node = tl_json_node_adopt(cJSON_String, text);
    if (node == NULL) {
        return give_up(r, out_of_memory, NULL);
    }
    if (!string.canonical && !tl_json_node_keep(node, source, (size_t)(r->at - source))) {
        return give_up(r, out_of_memory, node);
    }
    return node;
}

/* Few digits need neither strtod nor a look at how they would be printed. */
static double small_integer(const char *text, size_t length)
{
    int64_t value = 0;
    bool negative = *text == '-';
    for (size_t i = negative ? 1 : 0; i < length; i++) {
        value = value * 10 + (text[i] - '0');
    }
    return negative ? -(double)value : (double)value;
}

static bool is_printed_alike(double value, const char *source, size_t length)
{
    char printed[TL_JSON_NUMBER_SIZE];
    return tl_json_format_number(value, printed) == length && memcmp(printed, source, length) == 0;
}

static cJSON *read_number(reader *r)
{
    const char *source = r->at;
    bool integer = false;
    const char *problem = tl_json_scan_number(&r->at, r->end, &integer);
    if (problem != NULL) {
        return give_up(r, problem, NULL);
    }
    size_t length = (size_t)(r->at - source);
    bool small = integer && length <= MOST_EXACT_DIGITS;
    double value = 0;
    if (small) {
        value = small_integer(source, length);
    } else if (!tl_json_number_value(source, length, &value)) {
        return give_up(r, out_of_memory, NULL);
    }
    if (isinf(value)) {
        r->at = source;
        return give_up(r, "a number that overflows a double", NULL);
    }
    cJSON *node = cJSON_CreateNumber(value);
    if (node == NULL) {
        return give_up(r, out_of_memory, NULL);
    }
    bool alike = small || is_printed_alike(value, source, length);
    if (!alike && !tl_json_node_keep(node, source, length)) {
        return give_up(r, out_of_memory, node);
    }
    return node;
}

static cJSON *read_word(reader *r, const char *word, cJSON *(*create)(void))
{
    size_t length = strlen(word);
    if ((size_t)(r->end - r->at) < length || memcmp(r->at, word, length) != 0) {
        return give_up(r, "an unexpected byte", NULL);
    }
    r->at += length;
    cJSON *node = create();
    return node != NULL ? node : give_up(r, out_of_memory, NULL);
}

static bool enter(reader *r)
{
    if (r->depth == TL_JSON_MAX_DEPTH) {
        give_up(r, "arrays and objects nested too deeply", NULL);
        return false;
    }
    r->depth++;
    r->at++;
    skip_white(r);
    return true;
}

static cJSON *leave(reader *r, cJSON *container)
{
    r->depth--;
    return container;
}

static cJSON *read_array(reader *r)
{
    if (!enter(r)) {
        return NULL;
    }
    cJSON *array = cJSON_CreateArray();
    if (array == NULL) {
        return give_up(r, out_of_memory, NULL);
    }
    if (take(r, ']')) {
        return leave(r, array);
    }
    for (;;) {
        cJSON *element = read_value(r);
        if (element == NULL) {
            return give_up(r, NULL, array);
        }
        cJSON_AddItemToArray(array, element);
        skip_white(r);
        if (take(r, ']')) {
            return leave(r, array);
        }
        if (!take(r, ',')) {
            return give_up(r, "a comma or the end of the array is missing", array);
        }
        skip_white(r);
    }
}

/* Appends one member. The node gets its key directly: cJSON_AddItemToObject would copy it once more. */
static bool read_member(reader *r, cJSON *object)
{
    if (r->at == r->end || *r->at != '"') {
        give_up(r, "a key is missing", NULL);
        return false;
    }
    tl_json_string string;
    char *key = read_text(r, &string);
    if (key == NULL) {
        return false;
    }
    skip_white(r);
    cJSON *value = NULL;
    if (!tl_json_keys_push(&r->keys, key, string.length)) {
        give_up(r, out_of_memory, NULL);
    } else if (!take(r, ':')) {
        give_up(r, "a colon is missing", NULL);
    } else {
        skip_white(r);
        value = read_value(r);
    }
    if (value == NULL) {
        cJSON_free(key);
        return false;
    }
    value->string = key;
    cJSON_AddItemToArray(object, value);
    return true;
}

static cJSON *close_object(reader *r, cJSON *object, size_t first_key)
{
    const char *twice = NULL;
    if (!tl_json_keys_close(&r->keys, first_key, &twice)) {
        return give_up(r, out_of_memory, object);
    }
    if (twice != NULL) {
        size_t shown = tl_utf8_prefix(twice, strlen(twice), SHOWN_KEY);
        memcpy(r->twice, twice, shown);
        r->twice[shown] = '\0';
        return give_up(r, "an object that has the same key twice", object);
    }
    return leave(r, object);
}

static cJSON *read_object(reader *r)
{
    if (!enter(r)) {
        return NULL;
    }
    cJSON *object = cJSON_CreateObject();
    if (object == NULL) {
        return give_up(r, out_of_memory, NULL);
    }
    size_t first_key = r->keys.count;
    if (take(r, '}')) {
        return leave(r, object);
    }
    for (;;) {
        if (r->keys.count - first_key == TL_JSON_MAX_MEMBERS) {
            return give_up(r, "an object with too many members", object);
        }
        if (!read_member(r, object)) {
            return give_up(r, NULL, object);
        }
        skip_white(r);
        if (take(r, '}')) {
            return close_object(r, object, first_key);
        }
        if (!take(r, ',')) {
            return give_up(r, "a comma or the end of the object is missing", object);
        }
        skip_white(r);
    }
}

/* The recursion is bounded by TL_JSON_MAX_DEPTH. White space before the value was skipped. */
static cJSON *read_value(reader *r)
{
    if (++r->nodes > TL_JSON_MAX_NODES) {
        return give_up(r, "too many values", NULL);
    }
    switch (r->at < r->end ? *r->at : '\0') {
    case '"':
        return read_string(r);
    case '{':
        return read_object(r);
    case '[':
        return read_array(r);
    case 't':
        return read_word(r, "true", cJSON_CreateTrue);
    case 'f':
        return read_word(r, "false", cJSON_CreateFalse);
    case 'n':
        return read_word(r, "null", cJSON_CreateNull);
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        return read_number(r);
    default:
        return give_up(r, r->at == r->end ? "the text ends where a value was expected" : "an unexpected byte",
                       NULL);
    }
}

static cJSON *read_document(reader *r)
{
    skip_white(r);
    if (r->end - r->at >= 3 && memcmp(r->at, "\xEF\xBB\xBF", 3) == 0) {
        return give_up(r, "a byte order mark", NULL);
    }
    cJSON *value = read_value(r);
    if (value == NULL) {
        return NULL;
    }
    skip_white(r);
    return r->at == r->end ? value : give_up(r, "more after the value", value);
}

tl_code tl_json_parse(cJSON **out, const char *text, size_t length, tl_error *err)
{
    if (out != NULL) {
        *out = NULL;
    }
    if (out == NULL || (text == NULL && length > 0)) {
        return tl_fail(err, TL_USAGE, "tl_json_parse needs a text and a place for its result.");
    }
    if (length > TL_JSON_MAX_BYTES) {
        return tl_fail(err, TL_PROTOCOL, "Refused as JSON: longer than %d bytes.", TL_JSON_MAX_BYTES);
    }
    text = text == NULL ? "" : text;
    reader r; /* member by member: most of it is room for keys, which needs no zeros */
    r.at = text;
    r.end = text + length;
    r.problem = NULL;
    r.depth = 0;
    r.nodes = 0;
    r.twice[0] = '\0';
    tl_json_keys_init(&r.keys);
    *out = read_document(&r);
    tl_json_keys_free(&r.keys);
    if (*out != NULL) {
        return TL_OK;
    }
    if (r.problem == out_of_memory) {
        return tl_fail_memory(err);
    }
    size_t offset = (size_t)(r.at - text);
    if (r.twice[0] != '\0') {
        return tl_fail(err, TL_PROTOCOL, "Refused as JSON at byte %zu: %s (\"%s\").", offset, r.problem,
                       r.twice);
    }
    return tl_fail(err, TL_PROTOCOL, "Refused as JSON at byte %zu: %s.", offset, r.problem);
}
