"""No SQL is made by formatting: what SQLite is given are literals of the source, and values are bound."""
import glob
import os
import re
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SQL = r'"\s*(SELECT|INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|PRAGMA|ATTACH|BEGIN)\b'
TAKES_SQL = {"sqlite3_exec": 1, "sqlite3_prepare": 1, "sqlite3_prepare_v2": 1, "sqlite3_prepare_v3": 1, "sqlite3_get_table": 1,
             "tl_ledger_run": 1, "read_number": 2}
WRAPPERS = {"tl_ledger_run", "read_number"}  # pass their own parameter `sql` on; their callers are looked at instead
FORMATS = r"\b(\w*printf|tl_buffer_format|tl_buffer_text|strcat|strncat|strcpy|stpcpy|memcpy)\s*\("


def without_comments(text):
    return re.sub(r"/\*.*?\*/", lambda match: "\n" * match.group().count("\n"), text, flags=re.S)


def arguments(text, start):
    """Of the call whose parenthesis opens before `start`."""
    depth, parts, at, in_text = 0, [""], start, False
    while at < len(text):
        here = text[at]
        if in_text:
            in_text = here != '"' or text[at - 1] == "\\"
        elif here == '"':
            in_text = True
        elif here in "([{":
            depth += 1
        elif here in ")]}":
            if depth == 0:
                return [part.strip() for part in parts]
            depth -= 1
        elif here == "," and depth == 0:
            parts.append("")
            at += 1
            continue
        parts[-1] += here
        at += 1
    return parts


def is_constant(argument, text, function):
    """A literal, a `static const char NAME[]`, or an element of such a table."""
    if re.fullmatch(r'(\s*("([^"\\]|\\.)*"|[A-Z_]+))+\s*', argument) and '"' in argument:
        return True
    name = re.match(r"\w+", argument)
    table = name and re.search(r"static const char (\*const )?{0}\[".format(name.group()), text)
    return bool(table) or (argument == "sql" and function in WRAPPERS)


def enclosing(text, at):
    """The function that a place is in."""
    heads = [match.group(1) for match in re.finditer(r"^[a-z_][\w \*]*?\b(\w+)\(", text[:at], re.M)]
    return heads[-1] if heads else ""


def findings(text):
    text = without_comments(text)
    for match in re.finditer(r"\bsqlite3_\w*printf\b", text):
        yield "SQL is formatted: " + match.group()
    for match in re.finditer(r"\b({0})\s*\(".format("|".join(TAKES_SQL)), text):
        name = match.group(1)
        if name == "read_number" and "sqlite3_" not in text:
            continue  # another function of that name
        given = arguments(text, match.end())
        if re.match(r"(tl_code |const |struct |sqlite3 \*|\w+ \*)", given[0]) or re.match(r"int64_t \*", given[0]):
            continue  # its own declaration
        if not is_constant(given[TAKES_SQL[name]], text, enclosing(text, match.start())):
            yield "{0} is given {1}".format(name, given[TAKES_SQL[name]])
    for match in re.finditer(FORMATS, text):
        if any(re.match(SQL, part) for part in arguments(text, match.end())):
            yield "SQL goes through {0}".format(match.group(1))


PLANTED = [
    'int f(void)\n{\n    char sql[90];\n    snprintf(sql, 90, "SELECT %s FROM x", name);\n}\n',
    'int f(void)\n{\n    tl_ledger_run(ledger, sql, "x", err);\n}\n',
    'int f(void)\n{\n    sqlite3_exec(db, text.data, NULL, NULL, NULL);\n}\n',
    'int f(void)\n{\n    sqlite3_prepare_v2(db, make(a, b), -1, &s, NULL);\n}\n',
    'int f(void)\n{\n    char *q = sqlite3_mprintf("%q", name);\n}\n',
    'int f(void)\n{\n    tl_buffer_text(&sql, "DELETE FROM x WHERE y = \'");\n}\n',
]


class Sql(unittest.TestCase):
    def test_each_planted_mistake_is_found(self):
        for text in PLANTED:
            self.assertTrue(list(findings(text)), text)

    def test_sql_is_never_formatted(self):
        looked_at = calls = 0
        for part in ("src", "lua", "plugin"):
            for path in glob.glob(os.path.join(ROOT, part, "**", "*.[ch]"), recursive=True):
                with open(path, encoding="utf-8") as file:
                    text = file.read()
                looked_at += 1
                calls += len(re.findall(r"\b({0})\s*\(".format("|".join(TAKES_SQL)), text))
                self.assertEqual([], list(findings(text)), path)
        self.assertGreater(calls, 15)
        print("files: {0}, places that take SQL: {1}, formatted: 0".format(looked_at, calls))


if __name__ == "__main__":
    unittest.main()
