"""That a change of the interface is noticed, and what is none is not: each planted in a copy of the public headers.

    test_changes.py SOURCE CC...
"""
import os
import shutil
import sys
import tempfile
import unittest

import check
from headers import Unreadable

CLIENT, ERROR, PLUGIN = "src/threatlocker/client.h", "src/threatlocker/error.h", "plugin/threatlocker_soar.h"

CHANGES = {  # name: (file, text, replacement)
    "a member more": (CLIENT, "    tl_connection connection;\n", "    tl_connection connection;\n    int more;\n"),
    "a member less": (CLIENT, "    const char *organization_id;", "   "),
    "a member of another type": (CLIENT, "    int64_t timeout_ms;", "    int timeout_ms;"),
    "a member of another size": (ERROR, "logger_id[64]", "logger_id[65]"),
    "a member of another name": (ERROR, "int http_status;", "int status;"),
    "members in another order": (ERROR, "    tl_code code;\n    int http_status;", "    int http_status;\n    tl_code code;\n"),
    "a code between others": (ERROR, "    TL_TLS, ", "    TL_NEW,\n    TL_TLS, "),
    "a code of another value": (ERROR, "TL_OK = 0", "TL_OK = 1"),
    "another initializer": (ERROR, "TL_OK, 0, false", "TL_OK, 1, false"),
    "another parameter": (CLIENT, "void tl_client_free(tl_client *client)", "void tl_client_free(tl_client *client, int how)"),
    "a constant parameter": (CLIENT, "tl_client_cancel(tl_client *client)", "tl_client_cancel(const tl_client *client)"),
    "another result": (ERROR, "const char *tl_version", "char *tl_version"),
    "another callback": (CLIENT, "(void *data, const char *line)", "(void *data, const char *line, int level)"),
    "an open struct": (CLIENT, "typedef struct tl_client tl_client;", "typedef struct tl_client { int a; } tl_client;"),
    "another number of the plugin's interface": (PLUGIN, "TL_PLUGIN_ABI = 1", "TL_PLUGIN_ABI = 2"),
    "another parameter of the plugin": (PLUGIN, "void tl_plugin_free(char *text)", "void tl_plugin_free(void *text)"),
}
NO_CHANGES = {
    "a comment": (ERROR, "/* 0 when no HTTP reply was involved */", "/* another comment */"),
    "a parameter's name": (CLIENT, "void tl_client_free(tl_client *client)", "void tl_client_free(tl_client *it)"),
    "lines broken elsewhere": (CLIENT, "tl_client_new(tl_client **out, ", "tl_client_new(tl_client **out,\n    "),
}
REFUSED = {
    "a function that no list has": (CLIENT, "TL_API void tl_client_free", "TL_API void tl_more(void);\nTL_API void tl_client_free"),
    "a listed function that is gone": (CLIENT, "TL_API void tl_client_cancel(tl_client *client);", ""),
    "a bit-field": (ERROR, "int http_status;", "int http_status : 4;"),
    "a variable": (ERROR, "TL_API const char *tl_version", "TL_API extern int tl_debug;\nTL_API const char *tl_version"),
}


class Changes(unittest.TestCase):
    source, compiler = None, None

    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        for part in ("src/threatlocker", "plugin", "manifests"):
            shutil.copytree(os.path.join(self.source, part), os.path.join(self.folder, part))

    def library(self, changed_file):
        return check.library(self.folder, self.compiler,
                             "libthreatlocker_soar" if changed_file == PLUGIN else "libthreatlocker")

    def changed(self, change):
        """The text of a library's interface with one change, which is then taken back."""
        name, text, replacement = change
        path = os.path.join(self.folder, name)
        with open(path, encoding="utf-8") as file:
            original = file.read()
        self.assertEqual(original.count(text), 1, "{} has {!r} not once".format(name, text))
        try:
            with open(path, "w", encoding="utf-8") as file:
                file.write(original.replace(text, replacement))
            return self.library(name)
        finally:
            with open(path, "w", encoding="utf-8") as file:
                file.write(original)

    def test_what_is_a_change(self):
        before = {name: self.library(name) for name in (CLIENT, ERROR, PLUGIN)}
        for name, change in CHANGES.items():
            with self.subTest(name):
                self.assertNotEqual(before[change[0]], self.changed(change))

    def test_what_is_none(self):
        before = self.library(CLIENT)
        for name, change in NO_CHANGES.items():
            with self.subTest(name):
                self.assertEqual(before, self.changed(change))

    def test_what_cannot_be_told(self):
        for name, change in REFUSED.items():
            with self.subTest(name), self.assertRaises((check.Unlisted, Unreadable)):
                self.changed(change)

    def test_a_record_that_differs_or_is_missing_fails_until_it_is_written(self):
        record = os.path.join(self.folder, "record.txt")
        for before in (None, "struct tl_old\n"):
            if before:
                with open(record, "w", encoding="utf-8") as file:
                    file.write(before)
            with self.assertRaises(SystemExit) as stopped:
                check.compare("struct tl_new\n", record)
            self.assertIn("TL_UPDATE_ABI=1", str(stopped.exception))
        check.write("struct tl_new\n", record)
        check.compare("struct tl_new\n", record)


if __name__ == "__main__":
    Changes.source, Changes.compiler = sys.argv[1], sys.argv[2:]
    unittest.main(argv=sys.argv[:1])
