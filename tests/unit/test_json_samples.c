/* Every sample body of the vendors, read, written, read again. */
#include <dirent.h>

#include "base/json.h"
#include "unit.h"

/* The text without the white space between its tokens. */
static char *compact(const char *text, size_t length)
{
    char *out = malloc(length + 1);
    assert_non_null(out);
    size_t used = 0;
    bool inside = false;
    for (size_t i = 0; i < length; i++) {
        if (inside && text[i] == '\\') {
            out[used++] = text[i++];
        } else if (text[i] == '"') {
            inside = !inside;
        }
        if (inside || strchr(" \t\r\n", text[i]) == NULL) {
            out[used++] = text[i];
        }
    }
    out[used] = '\0';
    return out;
}

static void assert_round_trip(const char *path)
{
    size_t length = 0;
    char *text = read_file(path, &length);
    tl_error err = TL_ERROR_INIT;
    cJSON *tree = NULL;
    if (tl_json_parse(&tree, text, length, &err) != TL_OK) {
        fail_msg("%s: %s", path, err.message);
    }
    char *expected = compact(text, length);
    char *printed = NULL;
    assert_int_equal(tl_json_print(&printed, NULL, tree, &err), TL_OK);
    assert_string_equal(printed, expected);
    free(printed);
    free(expected);
    free(text);
    cJSON_Delete(tree);
}

static size_t round_trip_folder(const char *folder)
{
    DIR *directory = opendir(folder);
    if (directory == NULL) {
        return 0;
    }
    size_t count = 0;
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        const char *ending = strrchr(entry->d_name, '.');
        if (ending != NULL && strcmp(ending, ".json") == 0) {
            char path[4096];
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
            assert_round_trip(path);
            count++;
        }
    }
    closedir(directory);
    return count;
}

static void samples_leave_as_they_came(void **state)
{
    (void)state;
    if (round_trip_folder(SAMPLES_ROOT "/samples") + round_trip_folder(SAMPLES_ROOT "/samples-soar") == 0) {
        skip();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(samples_leave_as_they_came)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
