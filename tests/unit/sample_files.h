/* Vendors' sample bodies, where they are at hand: tests of them skip without the folder. */
#ifndef TL_TESTS_SAMPLE_FILES_H
#define TL_TESTS_SAMPLE_FILES_H

#include <unistd.h>

#include "base/json.h"
#include "unit.h"

/* The tree of a sample ("samples/x.json"), the caller's; skips the test when the file is absent. */
static inline cJSON *sample_of(const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", SAMPLES_ROOT, name);
    if (access(path, F_OK) != 0) {
        skip();
        return NULL;
    }
    size_t length;
    char *text = read_file(path, &length);
    cJSON *tree = NULL;
    assert_int_equal(tl_json_parse(&tree, text, length, NULL), TL_OK);
    free(text);
    return tree;
}

#endif
