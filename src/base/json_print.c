#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/json_node.h"
#include "base/json_scan.h"
#include "base/text.h"
#include "base/utf8.h"

typedef struct writer {
    tl_buffer out;
    int depth;
    tl_error *err;
} writer;

static tl_code write_value(writer *w, const cJSON *node);

/* Appends. Failure, which is exhausted memory, is looked at once at the end: the buffer remembers it. Most
 * appends are of a few bytes, so what fits is copied here, without the NUL that tl_buffer_append keeps up. */
static void put(writer *w, const char *text, size_t length)
{
    if (length < w->out.capacity - w->out.length) {
        memcpy(w->out.data + w->out.length, text, length);
        w->out.length += length;
        return;
    }
    tl_buffer_append(&w->out, text, length);
}

static void put_escape(writer *w, unsigned char byte)
{
    static const char letters[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    static const char digits[] = "0123456789abcdef";
    if (byte == '"' || byte == '\\') {
        put(w, (char[]){'\\', (char)byte}, 2);
    } else if (byte < sizeof letters && letters[byte] != '\0') {
        put(w, (char[]){'\\', letters[byte]}, 2);
    } else {
        put(w, (char[]){'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 0xF]}, 6);
    }
}

static tl_code write_text(writer *w, const char *text, size_t length)
{
    const char *end = text + length;
    const char *run = text;
    put(w, "\"", 1);
    for (const char *at = tl_json_skip_plain(text, end); at < end; at = tl_json_skip_plain(at, end)) {
        unsigned char byte = (unsigned char)*at;
        if (byte < 0x20 || byte == '"' || byte == '\\') {
            put(w, run, (size_t)(at - run));
            put_escape(w, byte);
            run = ++at;
            continue;
        }
        uint32_t character = 0;
        size_t step = tl_utf8_decode(at, (size_t)(end - at), &character);
        if (step == 0) {
            return tl_fail(w->err, TL_USAGE, "A text to be written as JSON is not valid UTF-8.");
        }
        at += step;
    }
    put(w, run, (size_t)(end - run));
    put(w, "\"", 1);
    return TL_OK;
}

/* Writes the hidden bytes of a text if they still are its value. They are unescaped into the room that is
 * made by appending them twice. */
static bool write_kept_text(writer *w, const char *kept, const char *value, size_t length)
{
    size_t kept_length = strlen(kept);
    const char *at = kept;
    tl_json_string string;
    if (kept[0] != '"' || tl_json_scan_string(&at, kept + kept_length, &string) != NULL ||
        at != kept + kept_length || string.length != length) {
        return false;
    }
    put(w, kept, kept_length);
    put(w, kept, kept_length);
    if (w->out.failed) {
        return true;
    }
    w->out.length -= kept_length;
    char *room = w->out.data + w->out.length;
    tl_json_unescape(room, kept + 1, &string);
    bool same = memcmp(room, value, length) == 0;
    w->out.length -= same ? 0 : kept_length;
    return same;
}

static tl_code write_string(writer *w, const cJSON *node)
{
    if (node->valuestring == NULL) {
        return tl_fail(w->err, TL_USAGE, "A JSON string node has no text.");
    }
    size_t length = strlen(node->valuestring);
    const char *kept = tl_json_node_kept(node);
    if (kept != NULL && write_kept_text(w, kept, node->valuestring, length)) {
        return TL_OK;
    }
    return write_text(w, node->valuestring, length);
}

static tl_code write_number(writer *w, const cJSON *node)
{
    if (!isfinite(node->valuedouble)) {
        return tl_fail(w->err, TL_USAGE, "A number that is not finite cannot be written as JSON.");
    }
    const char *kept = tl_json_node_kept_number(node);
    if (kept != NULL) {
        put(w, kept, strlen(kept));
        return TL_OK;
    }
    char text[TL_JSON_NUMBER_SIZE];
    put(w, text, tl_json_format_number(node->valuedouble, text));
    return TL_OK;
}

/* A raw node of the caller's: it could smuggle anything into the text, so it must be one JSON value. */
static tl_code write_raw(writer *w, const cJSON *node)
{
    const char *raw = node->valuestring == NULL ? "" : node->valuestring;
    size_t length = strlen(raw);
    cJSON *tree = NULL;
    tl_error reason = TL_ERROR_INIT;
    tl_code code = tl_json_parse(&tree, raw, length, &reason);
    cJSON_Delete(tree);
    if (code == TL_MEMORY) {
        return tl_fail_memory(w->err);
    }
    if (code != TL_OK) {
        return tl_fail(w->err, TL_USAGE, "A raw JSON node is no JSON value. %s", reason.message);
    }
    put(w, raw, length);
    return TL_OK;
}

static tl_code write_member(writer *w, const cJSON *member)
{
    if (member->string == NULL) {
        return tl_fail(w->err, TL_USAGE, "A member of a JSON object has no name.");
    }
    tl_code code = write_text(w, member->string, strlen(member->string));
    put(w, ":", 1);
    return code;
}

static tl_code write_container(writer *w, const cJSON *node, const char *brackets)
{
    if (w->depth == TL_JSON_MAX_DEPTH) {
        return tl_fail(w->err, TL_USAGE, "A JSON tree is nested more than %d levels deep.",
                       TL_JSON_MAX_DEPTH);
    }
    w->depth++;
    put(w, brackets, 1);
    const cJSON *child = NULL;
    cJSON_ArrayForEach (child, node) {
        if (child != node->child) {
            put(w, ",", 1);
        }
        tl_code code = cJSON_IsObject(node) ? write_member(w, child) : TL_OK;
        code = code != TL_OK ? code : write_value(w, child);
        if (code != TL_OK) {
            return code;
        }
    }
    put(w, brackets + 1, 1);
    w->depth--;
    return TL_OK;
}

static tl_code write_value(writer *w, const cJSON *node)
{
    switch (node->type & 0xFF) {
    case cJSON_NULL:
        put(w, "null", 4);
        return TL_OK;
    case cJSON_False:
        put(w, "false", 5);
        return TL_OK;
    case cJSON_True:
        put(w, "true", 4);
        return TL_OK;
    case cJSON_Number:
        return write_number(w, node);
    case cJSON_String:
        return write_string(w, node);
    case cJSON_Raw:
        return write_raw(w, node);
    case cJSON_Array:
        return write_container(w, node, "[]");
    case cJSON_Object:
        return write_container(w, node, "{}");
    default:
        return tl_fail(w->err, TL_USAGE, "A JSON tree holds a node without a type.");
    }
}

tl_code tl_json_print(char **out, size_t *out_length, const cJSON *tree, tl_error *err)
{
    if (out != NULL) {
        *out = NULL;
    }
    if (out == NULL || tree == NULL) {
        return tl_fail(err, TL_USAGE, "tl_json_print needs a tree and a place for its result.");
    }
    writer w = {.out = {.limit = SIZE_MAX - 1}, .err = err};
    tl_code code = write_value(&w, tree);
    if (code != TL_OK || w.out.failed || w.out.data == NULL) {
        tl_buffer_free(&w.out);
        return code != TL_OK ? code : tl_fail_memory(err);
    }
    w.out.data[w.out.length] = '\0'; /* put does not */
    *out = w.out.data;
    if (out_length != NULL) {
        *out_length = w.out.length;
    }
    return TL_OK;
}
