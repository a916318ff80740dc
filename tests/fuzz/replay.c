/* Plays a corpus again where no fuzzer is linked: every file of a folder, and unless --whole is given each of
 * them cut short at some places, too. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

enum { MAX_FILE = 1 << 20, CUTS = 16 };

/* A block of just that size, so that tools see reads beyond it. */
static void play(const uint8_t *data, size_t size)
{
    uint8_t *exact = malloc(size == 0 ? 1 : size);
    must(exact != NULL);
    memcpy(exact, data, size);
    must(LLVMFuzzerTestOneInput(exact, size) == 0);
    free(exact);
}

static size_t play_file(const char *path, bool whole)
{
    static uint8_t data[MAX_FILE];
    size_t played = 1;
    FILE *file = fopen(path, "rb");
    must_about(file != NULL, path);
    size_t size = fread(data, 1, sizeof data, file);
    fclose(file);
    play(data, size);
    for (size_t i = 0; !whole && i < CUTS && i < size; i++, played++)
        play(data, size * i / CUTS);
    return played;
}

int main(int argc, char **argv)
{
    bool whole = argc == 3 && strcmp(argv[1], "--whole") == 0;
    size_t files = 0, played = 0;
    const char *folder = argv[argc - 1];
    DIR *entries = argc < 2 ? NULL : opendir(folder);
    const struct dirent *entry;
    must_about(entries != NULL, "usage: fuzz_TARGET [--whole] FOLDER");
    while ((entry = readdir(entries)) != NULL) {
        char path[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        fprintf(stderr, "%s\n", path);
        played += play_file(path, whole);
        files++;
    }
    closedir(entries);
    printf("%zu files, %zu inputs\n", files, played);
    must(files > 0);
    return 0;
}
