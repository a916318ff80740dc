/* Only in builds for tests: see the CMake option TL_FAULT_POINTS. */
#include "base/fault_point.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Counts this point when the variable's "name:count" is about it; true when the count is reached. */
static bool has_come(const char *variable, int *passed, const char *point)
{
    const char *wanted = getenv(variable);
    if (wanted == NULL)
        return false;
    size_t length = strcspn(wanted, ":");
    int count = wanted[length] == ':' ? (int)strtol(wanted + length + 1, NULL, 10) : 1;
    bool any = length == 1 && wanted[0] == '*';
    bool named = length == strlen(point) && memcmp(wanted, point, length) == 0;
    return (any || named) && ++*passed == count;
}

/* In one write, so that the name is there whatever happens next. */
static void note(const char *point)
{
    const char *path = getenv("TL_POINTS");
    char line[128];
    if (path == NULL)
        return;
    int length = snprintf(line, sizeof line, "%s\n", point);
    int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || write(file, line, (size_t)length) != length)
        abort();
    close(file);
}

void tl_fault_point(const char *subject, const char *name)
{
    static int before_death, before_stop;
    char point[100];
    snprintf(point, sizeof point, "%s%s%s", subject == NULL ? "" : subject, subject == NULL ? "" : ".", name);
    note(point);
    if (has_come("TL_DIE_AT", &before_death, point))
        (void)raise(SIGKILL);
    if (has_come("TL_STOP_AT", &before_stop, point))
        (void)raise(SIGSTOP);
}
