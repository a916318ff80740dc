/* Only in builds for tests: see the CMake option TL_FAULT_POINTS. */
#include "base/fault_point.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Whether the wanted point, `length` characters, is this one. */
static bool is_named(const char *wanted, size_t length, const char *subject, const char *name)
{
    size_t before = subject == NULL ? 0 : strlen(subject);
    if (subject != NULL) {
        if (length <= before || memcmp(wanted, subject, before) != 0 || wanted[before] != '.')
            return false;
        before++;
    }
    return length - before == strlen(name) && memcmp(wanted + before, name, length - before) == 0;
}

void tl_fault_point(const char *subject, const char *name)
{
    static int passed;
    const char *wanted = getenv("TL_DIE_AT");
    if (wanted == NULL)
        return;
    size_t length = strcspn(wanted, ":");
    int count = wanted[length] == ':' ? (int)strtol(wanted + length + 1, NULL, 10) : 1;
    if (is_named(wanted, length, subject, name) && ++passed == count)
        (void)raise(SIGKILL);
}
