/* reading ROUNDS: reads one page of 100 rows by cJSON and by tl_json_parse in turn; the CPU time as a JSON
 * line for each round. */
#include <stdio.h>
#include <stdlib.h>
#include <threatlocker/threatlocker.h>
#include <time.h>

#include "rows.h"

enum { REPEATS = 10, PAGE = 100 };

static double cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static bool read_bare(const char *text, size_t length)
{
    cJSON *tree = cJSON_ParseWithLength(text, length);
    cJSON_Delete(tree);
    return tree != NULL;
}

static bool read_strict(const char *text, size_t length)
{
    cJSON *tree = NULL;
    tl_code code = tl_json_parse(&tree, text, length, NULL);
    cJSON_Delete(tree);
    return code == TL_OK;
}

static double time_ms(bool (*read)(const char *text, size_t length), const char *text, size_t length)
{
    double begun_ms = cpu_ms();
    for (int i = 0; i < REPEATS; i++)
        if (!read(text, length))
            exit(1);
    return (cpu_ms() - begun_ms) / REPEATS;
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 1;
    size_t length = 0;
    rows_make();
    char *page = rows_page(0, PAGE, &length);
    for (int i = 0; i < rounds; i++) {
        double bare_ms = time_ms(read_bare, page, length);
        printf("{\"bare_ms\":%.4f,\"strict_ms\":%.4f,\"bytes\":%zu}\n", bare_ms,
               time_ms(read_strict, page, length), length);
    }
    free(page);
    return 0;
}
