#include "watched.h"

#include <dirent.h>
#include <unistd.h>

#include "harness.h"

enum {
    MAY_GROW_KIB = 2048, /* from the first quarter to the last one, beside a twentieth */
    MAY_OPEN = 16,       /* descriptors, the same: connections come and go with the faults */
};

static long resident_kib(pid_t pid)
{
    char path[64];
    long size = 0, resident = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%ld %ld", &size, &resident), 2);
    fclose(file);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static long open_descriptors(pid_t pid)
{
    char path[64];
    long count = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *directory = opendir(path);
    assert_non_null(directory);
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count - 2; /* . and .. */
}

void watch(watched *one)
{
    assert_true(one->count < MAX_SAMPLES);
    one->kib[one->count] = resident_kib(one->pid);
    one->descriptors[one->count++] = open_descriptors(one->pid);
}

static int compare(const void *a, const void *b)
{
    long left = *(const long *)a, right = *(const long *)b;
    return left < right ? -1 : left > right;
}

static long median(const long values[], size_t count)
{
    static long sorted[MAX_SAMPLES];
    assert_true(count > 0);
    memcpy(sorted, values, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare);
    return sorted[count / 2];
}

/* Medians of the four quarters that follow a warm-up of a fifth. */
static void read_quarters(long out[4], const long values[], size_t count)
{
    size_t warm = count / 5, quarter = (count - warm) / 4;
    for (size_t i = 0; i < 4; i++)
        out[i] = median(values + warm + i * quarter, quarter);
}

void check_flat(const watched *one)
{
    long kib[4], open[4];
    read_quarters(kib, one->kib, one->count);
    read_quarters(open, one->descriptors, one->count);
    print_message("soak: %s: resident %ld, %ld, %ld, %ld KiB; descriptors %ld, %ld, %ld, %ld; %zu samples\n",
                  one->name, kib[0], kib[1], kib[2], kib[3], open[0], open[1], open[2], open[3], one->count);
    assert_true(kib[3] - kib[0] <= MAY_GROW_KIB + kib[0] / 20);
    assert_true(open[3] - open[0] <= MAY_OPEN);
}
