#include "table.h"

enum { MAX_LINE = 200, MAX_FILE = 1024 * 1024 };

static const char title[] = "# What each call must come to under each fault. `seen` is how often the service "
                            "got the write, or the read\n"
                            "# that the fault is aimed at; `done` how often it applied the write. "
                            "TL_UPDATE_FAULTS=1 writes this file\n"
                            "# anew: then each changed line must be judged by what is promised (sent once; "
                            "fail closed; never a guess).\n"
                            "#\n"
                            "# A fault hits the exchanges that have this in their first line. Where it is "
                            "one of connections (names,\n"
                            "# refusals, TLS, proxies) it hits all that are opened from there on.\n"
                            "#\n";

static void print_line(char line[MAX_LINE], const cell *at)
{
    char done[16] = "-";
    if (at->got.done >= 0)
        snprintf(done, sizeof done, "%d", at->got.done);
    snprintf(line, MAX_LINE, "%-28s %-20s %-16s %-8s %-17s %4d %4s", at->fault->name, at->class->name,
             at->got.code, at->got.applied, at->got.outcome, at->got.seen, done);
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = calloc(1, MAX_FILE + 1);
    assert_non_null(text);
    if (file != NULL) {
        text[fread(text, 1, MAX_FILE, file)] = '\0';
        fclose(file);
    }
    return text;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    fclose(file);
}

typedef struct text {
    char *data;
    size_t length;
} text;

static text new_text(void)
{
    text made = {calloc(1, MAX_FILE), 0};
    assert_non_null(made.data);
    return made;
}

static void add(text *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(text *to, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(to->data + to->length, MAX_FILE - to->length, format, arguments);
    va_end(arguments);
    assert_true(length >= 0 && (size_t)length < MAX_FILE - to->length);
    to->length += (size_t)length;
}

static void add_classes(text *to)
{
    for (size_t i = 0; i < class_count; i++) {
        const aim *hit = &classes[i].aim;
        add(to, "#   %-20s %s %s%s%s%s%s\n", classes[i].name, hit->once ? "the first" : "each", hit->at,
            hit->body == NULL ? "" : " with ", hit->body == NULL ? "" : hit->body,
            hit->after == NULL ? "" : ", after ", hit->after == NULL ? "" : hit->after);
    }
    add(to, "#\n");
}

static void write_table(const char *path, const cell *cells, size_t count)
{
    text whole = new_text();
    char line[MAX_LINE];
    add(&whole, "%s", title);
    add_classes(&whole);
    add(&whole, "%-28s %-20s %-16s %-8s %-17s %4s %4s\n", "# fault", "class", "code", "applied", "outcome",
        "seen", "done");
    for (size_t i = 0; i < count; i++) {
        print_line(line, &cells[i]);
        add(&whole, "%s\n", line);
    }
    write_file(path, whole.data);
    free(whole.data);
}

/* The line of the same fault and class; NULL = none. */
static const char *expected_line(const char *table, const cell *at)
{
    char key[MAX_LINE];
    snprintf(key, sizeof key, "\n%-28s %-20s ", at->fault->name, at->class->name);
    const char *found = strstr(table, key);
    return found == NULL ? NULL : found + 1;
}

static int count_lines(const char *table)
{
    int count = 0;
    for (const char *line = table; line != NULL && *line != '\0'; line = strchr(line, '\n')) {
        line += *line == '\n';
        count += *line != '#' && *line != '\0';
    }
    return count;
}

int table_compare(const char *path, const cell *cells, size_t count, bool update)
{
    if (update)
        write_table(path, cells, count);
    char *table = read_file(path), line[MAX_LINE];
    int differ = 0;
    for (size_t i = 0; i < count; i++) {
        const char *expected = expected_line(table, &cells[i]);
        print_line(line, &cells[i]);
        size_t length = strlen(line);
        if (expected != NULL && strncmp(expected, line, length) == 0 && expected[length] == '\n')
            continue;
        differ++;
        print_error("expected %.*s\n     got %s\n", expected == NULL ? 7 : (int)strcspn(expected, "\n"),
                    expected == NULL ? "nothing" : expected, line);
    }
    if (count_lines(table) != (int)count) {
        differ++;
        print_error("the table has %d lines for %zu cells\n", count_lines(table), count);
    }
    free(table);
    return differ;
}

/* ---- the README ---- */

static bool has_read(const char *group, const char *code, const cell *cells, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(cells[i].fault->group, group) == 0 && cells[i].class->counted == NULL &&
            strcmp(cells[i].got.code, code) == 0)
            return true;
    return false;
}

static void add_codes(text *to, const char *group, const cell *cells, size_t count)
{
    const char *between = "";
    for (int code = TL_OK; code < TL_CODE_MAX; code++) {
        const char *name = code == TL_OK ? "ok" : tl_code_name((tl_code)code);
        if (!has_read(group, name, cells, count))
            continue;
        add(to, "%s`%s`", between, name);
        between = ", ";
    }
}

static void add_writes(text *to, const char *group, const cell *cells, size_t count)
{
    static const char *const words[] = {"yes", "no", "unknown"};
    for (size_t w = 0; w < COUNT(words); w++) {
        int cases = 0;
        for (size_t i = 0; i < count; i++)
            cases += strcmp(cells[i].fault->group, group) == 0 && strcmp(cells[i].got.applied, words[w]) == 0;
        add(to, " %d |", cases);
    }
}

static char *summary(const cell *cells, size_t count)
{
    text whole = new_text();
    add(&whole,
        "| what goes wrong | faults | a read ends with | a write says `applied`: yes | no | unknown |\n"
        "|---|---|---|---|---|---|\n");
    for (size_t i = 0, in_group = 0; i < fault_count; i++) {
        const char *group = faults[i].group;
        in_group++;
        if (i + 1 < fault_count && strcmp(faults[i + 1].group, group) == 0)
            continue;
        add(&whole, "| %s | %zu | ", group, in_group);
        add_codes(&whole, group, cells, count);
        add(&whole, " |");
        add_writes(&whole, group, cells, count);
        add(&whole, "\n");
        in_group = 0;
    }
    return whole.data;
}

bool summary_compare(const char *path, const cell *cells, size_t count, bool update)
{
    static const char from[] = "| what goes wrong |";
    char *readme = read_file(path), *wanted = summary(cells, count), *start = strstr(readme, from);
    const char *end = start == NULL ? NULL : strstr(start, "\n\n");
    if (end == NULL) {
        print_error("%s has no table of faults\n", path);
    } else if (update) {
        text whole = new_text();
        add(&whole, "%.*s%s%s", (int)(start - readme), readme, wanted, end + 1);
        write_file(path, whole.data);
        free(whole.data);
    }
    size_t length = strlen(wanted);
    bool same = end != NULL &&
                (update || (length == (size_t)(end + 1 - start) && strncmp(start, wanted, length) == 0));
    if (!same)
        print_error("the README's table should be:\n%s", wanted);
    free(readme);
    free(wanted);
    return same;
}
