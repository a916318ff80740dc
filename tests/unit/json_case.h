/* JSON for tables: written with ' for ", patched and compared by dotted path. */
#ifndef TL_TESTS_JSON_CASE_H
#define TL_TESTS_JSON_CASE_H

#include "base/json.h"
#include "unit.h"

/* The text with every ' made a ". malloc'd. */
static inline char *quoted(const char *text)
{
    char *copy = exact_copy(text, strlen(text) + 1);
    for (char *c = copy; *c != '\0'; c++) {
        if (*c == '\'') {
            *c = '"';
        }
    }
    return copy;
}

/* A tree from a text with ' for ". The caller's (cJSON_Delete). */
static inline cJSON *json_of(const char *text)
{
    char *json = quoted(text);
    tl_error err = TL_ERROR_INIT;
    cJSON *tree = NULL;
    if (tl_json_parse(&tree, json, strlen(json), &err) != TL_OK) {
        fail_msg("%s: %s", text, err.message);
    }
    free(json);
    return tree;
}

/* The node as JSON, "absent" for NULL. malloc'd. */
static inline char *text_of(const cJSON *node)
{
    char *text = NULL;
    if (node == NULL) {
        return quoted("absent");
    }
    assert_int_equal(tl_json_print(&text, NULL, node, NULL), TL_OK);
    return text;
}

/* The node at a dotted path; unlike tl_json_path it finds a null, too. */
static inline cJSON *node_at(const cJSON *tree, const char *path)
{
    char name[64];
    cJSON *node = (cJSON *)tree;
    while (node != NULL && *path != '\0') {
        size_t length = strcspn(path, ".");
        assert_true(length < sizeof name);
        memcpy(name, path, length);
        name[length] = '\0';
        node = cJSON_IsArray(node) ? cJSON_GetArrayItem(node, atoi(name))
                                   : cJSON_GetObjectItemCaseSensitive(node, name);
        path += path[length] == '.' ? length + 1 : length;
    }
    return node;
}

/* One of "path=json|path=json|...", cut off the front of *rest; false at the end. */
static inline bool next_pair(const char **rest, char path[128], char value[512])
{
    if (*rest == NULL || **rest == '\0') {
        return false;
    }
    size_t path_length = strcspn(*rest, "=");
    size_t value_length = strcspn(*rest + path_length, "|") - 1;
    assert_true((*rest)[path_length] == '=' && path_length < 128 && value_length < 512);
    memcpy(path, *rest, path_length);
    path[path_length] = '\0';
    memcpy(value, *rest + path_length + 1, value_length);
    value[value_length] = '\0';
    *rest += path_length + 1 + value_length;
    *rest += **rest == '|' ? 1 : 0;
    return true;
}

/* Changes members: "path=json|path=-", where - removes. */
static inline void patch(cJSON *tree, const char *patches)
{
    char path[128], value[512];
    while (next_pair(&patches, path, value)) {
        char *dot = strrchr(path, '.');
        const char *name = dot == NULL ? path : dot + 1;
        if (dot != NULL) {
            *dot = '\0';
        }
        cJSON *parent = dot == NULL ? tree : node_at(tree, path);
        assert_non_null(parent);
        if (strcmp(value, "-") == 0) {
            cJSON_DeleteItemFromObjectCaseSensitive(parent, name);
        } else {
            assert_true(tl_json_set(parent, name, json_of(value)));
        }
    }
}

/* Asserts members: "path=json|path=absent". `about` names the case. */
static inline void assert_members(const cJSON *tree, const char *expected, const char *about)
{
    char path[128], value[512];
    while (next_pair(&expected, path, value)) {
        char *wanted = quoted(value);
        char *got = text_of(node_at(tree, path));
        if (strcmp(got, wanted) != 0) {
            fail_msg("%s: %s is %s, not %s", about, path, got, wanted);
        }
        free(got);
        free(wanted);
    }
}

/* Asserts that the call failed with that code and a message that holds `part`. */
static inline void assert_refused(tl_code got, const tl_error *err, tl_code code, const char *part,
                                  const char *about)
{
    if (got != code || err->code != code || strstr(err->message, part) == NULL) {
        fail_msg("%s: %s \"%s\", not %s with \"%s\"", about, tl_code_name(got), err->message,
                 tl_code_name(code), part);
    }
}

#endif
