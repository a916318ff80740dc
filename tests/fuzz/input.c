#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "fuzz.h"

/* The helpers of the unit tests fail through cmocka, which then shall end the process, too. */
__attribute__((constructor)) static void make_cmocka_abort(void)
{
    setenv("CMOCKA_TEST_ABORT", "1", 1);
}

_Noreturn void fuzz_fail(const char *condition, const char *file, int line)
{
    fuzz_fail_about("", condition, file, line);
}

_Noreturn void fuzz_fail_about(const char *about, const char *condition, const char *file, int line)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n%s\n", file, line, condition, about);
    abort();
}

/* ---- sections ---- */

/* The line at `at`: its length without the line end. */
static size_t line_length(const char *at, const char *end)
{
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    return (size_t)((stop == NULL ? end : stop) - at);
}

static bool begins_section(const char *at, const char *end)
{
    return end - at >= 4 && memcmp(at, "== ", 3) == 0;
}

static void copy_word(char *out, size_t size, const char *from, size_t length)
{
    size_t kept = length < size ? length : size - 1;
    memcpy(out, from, kept);
    out[kept] = '\0';
}

/* "NAME REST" */
static void read_heading(fuzz_section *out, const char *text, size_t length)
{
    const char *blank = memchr(text, ' ', length);
    size_t name = blank == NULL ? length : (size_t)(blank - text);
    copy_word(out->name, sizeof out->name, text, name);
    if (name < length)
        copy_word(out->rest, sizeof out->rest, text + name + 1, length - name - 1);
}

/* Up to the next section, without the line end before it. Returns where that begins. */
static const char *read_body(fuzz_section *out, const char *at, const char *end)
{
    const char *start = at;
    while (at < end && !begins_section(at, end)) {
        at += line_length(at, end);
        at += at < end ? 1 : 0;
    }
    size_t length = (size_t)(at - start);
    if (at < end && length > 0)
        length--;
    out->body = malloc(length + 1);
    must(out->body != NULL);
    memcpy(out->body, start, length);
    out->body[length] = '\0';
    out->length = length;
    return at;
}

void fuzz_sections_read(fuzz_sections *out, const uint8_t *data, size_t size)
{
    static const char nothing[] = "";
    const char *at = size == 0 ? nothing : (const char *)data, *end = at + size;
    *out = (fuzz_sections){0};
    while (at < end && out->count < FUZZ_SECTIONS) {
        size_t length = line_length(at, end);
        if (!begins_section(at, end)) {
            at += at + length < end ? length + 1 : length;
            continue;
        }
        fuzz_section *section = &out->list[out->count++];
        read_heading(section, at + 3, length - 3);
        at += length;
        at = read_body(section, at + (at < end ? 1 : 0), end);
    }
}

void fuzz_sections_free(fuzz_sections *sections)
{
    for (size_t i = 0; i < sections->count; i++)
        free(sections->list[i].body);
}

const fuzz_section *fuzz_next_section(const fuzz_sections *sections, const fuzz_section *from,
                                      const char *name)
{
    const fuzz_section *section = from == NULL ? sections->list : from + 1;
    for (; section < sections->list + sections->count; section++)
        if (strcmp(section->name, name) == 0)
            return section;
    return NULL;
}

/* ---- patches ---- */

/* The child that a name or index stands for; NULL when there is none. */
static cJSON *child_of(const cJSON *parent, const char *name)
{
    if (!cJSON_IsArray(parent))
        return cJSON_GetObjectItemCaseSensitive(parent, name);
    return name[0] >= '0' && name[0] <= '9' ? cJSON_GetArrayItem(parent, (int)strtol(name, NULL, 10)) : NULL;
}

/* Takes the value; NULL removes. */
static void put(cJSON *parent, const char *name, cJSON *value)
{
    cJSON *child = child_of(parent, name);
    if (value == NULL && child != NULL)
        cJSON_Delete(cJSON_DetachItemViaPointer(parent, child));
    else if (value != NULL && cJSON_IsObject(parent))
        must(tl_json_set(parent, name, value));
    else if (value != NULL && cJSON_IsArray(parent) && child != NULL)
        must(cJSON_ReplaceItemViaPointer(parent, child, value));
    else if (value != NULL && cJSON_IsArray(parent))
        must(tl_json_append(parent, value));
    else
        cJSON_Delete(value);
}

static void patch_at(cJSON **tree, char *path, cJSON *value)
{
    cJSON *parent = *tree;
    char *dot;
    if (path[0] == '\0' && value != NULL) {
        cJSON_Delete(*tree);
        *tree = value;
        return;
    }
    for (; (dot = strchr(path, '.')) != NULL; path = dot + 1) {
        *dot = '\0';
        if (child_of(parent, path) == NULL && value != NULL)
            put(parent, path, cJSON_CreateObject());
        parent = child_of(parent, path);
    }
    put(parent, path, value);
}

static int depth_of(const cJSON *node)
{
    int deepest = 0;
    for (const cJSON *child = tl_json_first(node); child != NULL; child = child->next) {
        int depth = depth_of(child);
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + 1;
}

/* What could not be printed any more, being nested too deeply, is left out. */
static void patch_to(cJSON **tree, char *path, cJSON *value)
{
    int dots = 0;
    for (const char *c = path; *c != '\0'; c++)
        dots += *c == '.';
    if (dots + depth_of(value) < TL_JSON_MAX_DEPTH)
        patch_at(tree, path, value);
    else
        cJSON_Delete(value);
}

static void patch_line(cJSON **tree, const char *line, size_t length)
{
    cJSON *value = NULL;
    const char *equals = memchr(line, '=', length);
    size_t path_length = equals == NULL ? length : (size_t)(equals - line);
    char path[FUZZ_REST];
    if (equals == NULL || path_length >= sizeof path || !tl_utf8_valid(line, path_length))
        return;
    copy_word(path, sizeof path, line, path_length);
    size_t value_length = length - path_length - 1;
    bool removes = value_length == 1 && equals[1] == '-';
    if (removes || tl_json_parse(&value, equals + 1, value_length, NULL) == TL_OK)
        patch_to(tree, path, value);
}

void fuzz_patch(cJSON **tree, const char *lines)
{
    while (*lines != '\0') {
        size_t length = strcspn(lines, "\n");
        patch_line(tree, lines, length);
        lines += length + (lines[length] == '\n' ? 1 : 0);
    }
}

/* ---- messages ---- */

bool fuzz_is_line(const char *text, size_t size)
{
    size_t length = strnlen(text, size);
    if (length == 0 || length == size)
        return false;
    for (size_t at = 0; at < length;) {
        uint32_t character = 0;
        size_t step = tl_utf8_decode(text + at, length - at, &character);
        if (step == 0 || character < 0x20 || (character >= 0x7F && character < 0xA0) || character == 0x2028 ||
            character == 0x2029)
            return false;
        at += step;
    }
    return true;
}
