/* What all fuzz targets share: what must hold, and inputs that people can read.
 *
 * Most inputs are text in sections, each begun by a line "== NAME REST". Nothing in an input is an error:
 * what makes no sense is left out, so that every mutation says something. */
#ifndef TL_TESTS_FUZZ_H
#define TL_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"

/* The target: returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the process when the condition does not hold. */
#define must(condition) ((condition) ? (void)0 : fuzz_fail(#condition, __FILE__, __LINE__))
_Noreturn void fuzz_fail(const char *condition, const char *file, int line);

/* The same, and prints `about`, what it was tried on. */
#define must_about(condition, about)                                                                         \
    ((condition) ? (void)0 : fuzz_fail_about(about, #condition, __FILE__, __LINE__))
_Noreturn void fuzz_fail_about(const char *about, const char *condition, const char *file, int line);

enum { FUZZ_SECTIONS = 32, FUZZ_NAME = 16, FUZZ_REST = 256 };

typedef struct fuzz_section {
    char name[FUZZ_NAME];
    char rest[FUZZ_REST];
    char *body; /* NUL-terminated; may hold further NULs */
    size_t length;
} fuzz_section;

typedef struct fuzz_sections {
    fuzz_section list[FUZZ_SECTIONS];
    size_t count;
} fuzz_sections;

void fuzz_sections_read(fuzz_sections *out, const uint8_t *data, size_t size);
void fuzz_sections_free(fuzz_sections *sections);

/* The next section of that name from `from` on (NULL = the first); NULL when there is none. */
const fuzz_section *fuzz_next_section(const fuzz_sections *sections, const fuzz_section *from,
                                      const char *name);

/* Changes *tree by the lines of a text: "path=json", path being names and indexes between dots, empty for the
 * whole tree; "path=-" removes. Objects on the way are made where they are missing. */
void fuzz_patch(cJSON **tree, const char *lines);

/* A message for people: one line of printable UTF-8, not empty, shorter than `size`. */
bool fuzz_is_line(const char *text, size_t size);

#endif
