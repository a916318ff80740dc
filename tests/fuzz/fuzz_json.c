/* Strict JSON: what is accepted reads as cJSON reads it, and leaves as it came; what is refused is refused at
 * a place in the text. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

/* cJSON copies a number into so many bytes before it reads it. */
enum { CJSON_NUMBER = 63 };

/* ---- the text without its outer white space ---- */

typedef struct compact {
    char *text;
    size_t length;
    bool escaped_keys; /* which are written otherwise */
    bool long_numbers; /* which cJSON does not read whole */
} compact;

static size_t string_end(const char *text, size_t at, bool *out_escaped)
{
    *out_escaped = false;
    for (at++; text[at] != '"'; at++)
        if (text[at] == '\\') {
            *out_escaped = true;
            at++;
        }
    return at + 1;
}

static bool is_white(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* For a text that was accepted. */
static compact compact_of(const char *text, size_t length)
{
    compact out = {.text = malloc(length + 1)};
    bool escaped = false, escaped_string = false;
    size_t run = 0;
    must(out.text != NULL);
    for (size_t at = 0; at < length;) {
        size_t next = at + 1;
        if (text[at] == '"') {
            next = string_end(text, at, &escaped);
            escaped_string = escaped;
        }
        out.escaped_keys |= text[at] == ':' && escaped_string;
        run = text[at] != '\0' && strchr("0123456789+-.eE", text[at]) != NULL ? run + 1 : 0;
        out.long_numbers |= run > CJSON_NUMBER;
        if (!is_white(text[at])) {
            memcpy(out.text + out.length, text + at, next - at);
            out.length += next - at;
        }
        at = next;
    }
    out.text[out.length] = '\0';
    return out;
}

/* ---- against cJSON ---- */

static void check_alike(const cJSON *own, const cJSON *other)
{
    must(own->type == other->type);
    must((own->string == NULL) == (other->string == NULL));
    must(own->string == NULL || strcmp(own->string, other->string) == 0);
    if (cJSON_IsString(own))
        must(strcmp(own->valuestring, other->valuestring) == 0);
    if (cJSON_IsNumber(own))
        must(own->valuedouble == other->valuedouble);
    if (!cJSON_IsArray(own) && !cJSON_IsObject(own))
        return;
    const cJSON *theirs = other->child;
    for (const cJSON *child = own->child; child != NULL; child = child->next, theirs = theirs->next) {
        must(theirs != NULL);
        check_alike(child, theirs);
    }
    must(theirs == NULL);
}

static void check_against_cjson(const cJSON *tree, const char *text, size_t length, bool long_numbers)
{
    cJSON *other = cJSON_ParseWithLength(text, length);
    must(other != NULL || long_numbers);
    if (other != NULL && !long_numbers)
        check_alike(tree, other);
    cJSON_Delete(other);
}

/* ---- integers ---- */

static void check_integer(const cJSON *node)
{
    int64_t value = 0;
    char *text = NULL, *end = NULL;
    must(tl_json_print(&text, NULL, node, NULL) == TL_OK);
    errno = 0;
    long long expected = strtoll(text, &end, 10);
    bool is_integer = *end == '\0' && errno == 0;
    must(tl_json_integer(node, &value) == is_integer);
    must(!is_integer || value == expected);
    free(text);
}

static void check_integers(const cJSON *node)
{
    if (cJSON_IsNumber(node))
        check_integer(node);
    for (const cJSON *child = tl_json_first(node); child != NULL; child = child->next)
        check_integers(child);
}

/* ---- what is accepted and what is refused ---- */

/* Reads back what was written, and writes the same again. */
static void check_again(const char *printed, size_t length)
{
    cJSON *tree = NULL;
    char *again = NULL;
    size_t again_length = 0;
    must(tl_json_parse(&tree, printed, length, NULL) == TL_OK);
    must(tl_json_print(&again, &again_length, tree, NULL) == TL_OK);
    must(again_length == length && memcmp(again, printed, length) == 0);
    free(again);
    cJSON_Delete(tree);
}

static void check_accepted(const cJSON *tree, const char *text, size_t size)
{
    char *printed = NULL;
    size_t length = 0;
    compact given = compact_of(text, size);
    check_against_cjson(tree, text, size, given.long_numbers);
    check_integers(tree);
    must(tl_json_print(&printed, &length, tree, NULL) == TL_OK);
    must(strlen(printed) == length);
    must(given.escaped_keys || (length == given.length && memcmp(printed, given.text, length) == 0));
    check_again(printed, length);
    free(printed);
    free(given.text);
}

static void check_refused(const tl_error *err, size_t size)
{
    static const char start[] = "Refused as JSON at byte ";
    must(err->code == TL_PROTOCOL);
    must_about(strncmp(err->message, start, sizeof start - 1) == 0, err->message);
    must_about(strtoull(err->message + sizeof start - 1, NULL, 10) <= size, err->message);
    must_about(fuzz_is_line(err->message, sizeof err->message), err->message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *tree = NULL;
    tl_code code = tl_json_parse(&tree, (const char *)data, size, &err);
    must(code == err.code);
    must((code == TL_OK) == (tree != NULL));
    if (code == TL_OK)
        check_accepted(tree, (const char *)data, size);
    else
        check_refused(&err, size);
    cJSON_Delete(tree);
    return 0;
}
