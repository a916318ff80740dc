/* Vendors' sample bodies, where they are at hand: tests of them skip without the folder. */
#ifndef TL_TESTS_SAMPLE_FILES_H
#define TL_TESTS_SAMPLE_FILES_H

#include "base/json.h"
#include "base/text.h"
#include "unit.h"

/* The tree of a sample ("samples/x.json"), the caller's; skips the test when the file is absent. */
static inline cJSON *sample_of(const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", SAMPLES_ROOT, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        skip();
        return NULL;
    }
    tl_buffer content = {.limit = 1 << 20};
    char block[4096];
    size_t got;
    while ((got = fread(block, 1, sizeof block, file)) > 0) {
        assert_true(tl_buffer_append(&content, block, got));
    }
    fclose(file);
    cJSON *tree = NULL;
    assert_int_equal(tl_json_parse(&tree, content.data, content.length, NULL), TL_OK);
    tl_buffer_free(&content);
    return tree;
}

#endif
