/* Directories of a test's own; a part of harness.h. */
#ifndef TL_TESTS_SERVICE_DIRECTORY_H
#define TL_TESTS_SERVICE_DIRECTORY_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A new one below TMPDIR, to be removed by remove_directory. */
static inline char *make_directory(void)
{
    const char *below = getenv("TMPDIR");
    char path[512];
    snprintf(path, sizeof path, "%s/tl-service-XXXXXX", below == NULL ? "/tmp" : below);
    assert_non_null(mkdtemp(path));
    return strdup(path);
}

/* The number of files in it; one whose name begins with a dot does not count. */
static inline int count_files(const char *path)
{
    DIR *directory = opendir(path);
    int count = 0;
    assert_non_null(directory);
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(directory);
    return count;
}

/* With the files that are in it; frees the path. */
static inline void remove_directory(char *path)
{
    DIR *directory = opendir(path);
    char name[1024];
    for (const struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;) {
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.')
            unlink(name);
    }
    if (directory != NULL)
        closedir(directory);
    rmdir(path);
    free(path);
}

#endif
