#include "rows.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "embedded.h"

enum { ROW_SPACE = 8192, ID_LENGTH = 36, USERS = 211, COMPUTERS = 3001, ORGANIZATIONS = 17 };

static const uint64_t seed = 20260623;

static char *text;                   /* the rows kept, a comma after each */
static size_t begins[ROWS_KEPT + 1]; /* where each begins */
static size_t id_at[ROWS_KEPT];      /* where its id stands */

/* splitmix64: one to one, so that different numbers never give the same id. */
static uint64_t scramble(uint64_t number)
{
    number = (number ^ (number >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    number = (number ^ (number >> 27)) * UINT64_C(0x94d049bb133111eb);
    return number ^ (number >> 31);
}

static void write_guid(char out[ID_LENGTH + 1], unsigned kind, uint64_t number)
{
    uint64_t bits = scramble(seed + number);
    snprintf(out, ID_LENGTH + 1, "0%x%06" PRIx64 "-%04" PRIx64 "-4%03x-8%03x-%012" PRIx64, kind & 15,
             bits >> 40, bits >> 24 & 0xffff, 0u, 0u, bits & 0xffffff);
}

static void write_digest(char *out, size_t digits, uint64_t number)
{
    for (size_t i = 0; i < digits; i += 8)
        snprintf(out + i, 9, "%08" PRIx64, scramble(seed + number * 64 + i) >> 32);
}

static void write_base64(char *out, const char *plain)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t left = strlen(plain);
    for (const unsigned char *at = (const unsigned char *)plain; left > 0; at += 3) {
        unsigned second = left > 1 ? at[1] : 0, third = left > 2 ? at[2] : 0;
        *out++ = letters[at[0] >> 2];
        *out++ = letters[(at[0] & 3u) << 4 | second >> 4];
        *out++ = left > 1 ? letters[(second & 15) << 2 | third >> 6] : '=';
        *out++ = left > 2 ? letters[third & 63] : '=';
        left -= left < 3 ? left : 3;
    }
    *out = '\0';
}

static void write_reason(char *out, uint64_t number)
{
    static const char *const wishes[] = {"I need this to finish the month's invoices",
                                         "The update of our field tool does not start, please allow it",
                                         "Asked for by the service desk, it worked until yesterday"};
    char plain[400];
    snprintf(plain, sizeof plain,
             "%s. It is the version that the vendor told us to use, ticket %" PRIu64
             ". I can be called at extension %" PRIu64 " all day, and would like to go on by noon.",
             wishes[number % 3], 10000 + number, 100 + number % 900);
    write_base64(out, plain);
}

/* The value of one place in the template. */
static void write_value(char *out, size_t size, const char *name, uint64_t number)
{
    uint64_t organization = number % ORGANIZATIONS;
    char guid[ID_LENGTH + 1];
    if (strcmp(name, "id") == 0) {
        write_guid(out, 14, number);
    } else if (strcmp(name, "computer") == 0) {
        write_guid(out, 12, number % COMPUTERS);
    } else if (strcmp(name, "organization_id") == 0) {
        write_guid(out, 10, organization);
    } else if (strcmp(name, "organization") == 0) {
        snprintf(out, size,
                 "B\xc3\xa4"
                 "ckerei Beispiel %02" PRIu64,
                 organization);
    } else if (strcmp(name, "host") == 0) {
        snprintf(out, size, "WS-%04" PRIu64, number % COMPUTERS);
    } else if (strcmp(name, "user") == 0) {
        snprintf(out, size, "EXAMPLE\\\\user%03" PRIu64, number % USERS);
    } else if (strcmp(name, "path") == 0) {
        write_guid(guid, 7, number);
        snprintf(out, size,
                 "C:\\\\Users\\\\user%03" PRIu64 "\\\\AppData\\\\Local\\\\Temp\\\\{%s}\\\\FieldToolSetup.exe",
                 number % USERS, guid);
    } else if (strcmp(name, "time") == 0) {
        snprintf(out, size, "2026-06-%02" PRIu64 "T%02" PRIu64 ":%02" PRIu64 ":%02" PRIu64 "Z",
                 1 + number / 86400 % 28, number / 3600 % 24, number / 60 % 60, number % 60);
    } else if (strcmp(name, "size") == 0) {
        snprintf(out, size, "%" PRIu64, 4096 + scramble(number) % 90000000);
    } else if (strcmp(name, "reason") == 0) {
        write_reason(out, number);
    } else {
        write_digest(out, strcmp(name, "thumbprint") == 0 ? 40 : 64, number * 3 + (unsigned char)name[0]);
    }
}

/* The template with its places filled in, on one line. Returns where it ends. */
static char *write_row(char *out, size_t number)
{
    for (const char *at = embedded_row; *at != '\0';) {
        if (strncmp(at, "{{", 2) == 0) {
            char name[32];
            size_t length = strcspn(at + 2, "}");
            snprintf(name, sizeof name, "%.*s", (int)length, at + 2);
            if (strcmp(name, "id") == 0)
                id_at[number] = (size_t)(out - text);
            write_value(out, ROW_SPACE / 4, name, number);
            out += strlen(out);
            at += length + 4;
        } else if (*at++ != '\n') {
            *out++ = at[-1];
        }
    }
    *out++ = ',';
    return out;
}

static void *need(void *memory)
{
    if (memory == NULL) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

void rows_make(void)
{
    size_t size = 0;
    for (size_t i = 0; i < ROWS_KEPT; i++) {
        if (size - begins[i] < ROW_SPACE)
            text = need(realloc(text, size += ROW_SPACE * 256));
        begins[i + 1] = (size_t)(write_row(text + begins[i], i) - text);
    }
}

/* Copies rows that lie together among those kept. */
static char *copy_rows(char *out, size_t first, size_t count)
{
    size_t kept = first % ROWS_KEPT, length = begins[kept + count] - begins[kept];
    memcpy(out, text + begins[kept], length);
    for (size_t i = 0; first >= ROWS_KEPT && i < count; i++) {
        char id[ID_LENGTH + 1];
        write_guid(id, 14, first + i);
        memcpy(out + id_at[kept + i] - begins[kept], id, ID_LENGTH);
    }
    return out + length;
}

char *rows_page(size_t first, size_t count, size_t *out_length)
{
    char *page = need(malloc(2 + count * ROW_SPACE)), *end = page;
    *end++ = '[';
    while (count > 0) {
        size_t left = ROWS_KEPT - first % ROWS_KEPT, some = count < left ? count : left;
        end = copy_rows(end, first, some);
        first += some;
        count -= some;
    }
    if (end[-1] == ',')
        end--;
    *end++ = ']';
    *out_length = (size_t)(end - page);
    return page;
}
