"""A library that cannot be used: one line that says what to do, no traceback, nothing called that is not known."""
import os
import platform
import shutil
import subprocess
import tempfile
import unittest

import platform_host
import test_shim

SOURCE = "int tl_plugin_abi(void); int tl_plugin_abi(void) { return 1; }\n"


def compile_text(path, text, *options):
    subprocess.run([os.environ.get("TL_CC", "cc"), "-shared", "-fPIC", "-x", "c", "-", "-x", "none", *options, "-o", path],
                   input=text.encode(), check=True)


def needs(library, function, soname, version=None):
    """A library that needs another one which this host does not have, or not in that version."""
    folder = os.path.dirname(library)
    options = ["-Wl,-soname," + soname]
    if version:
        script = os.path.join(folder, "versions")
        with open(script, "w", encoding="utf-8") as file:
            file.write("%s { global: *; };\n" % version)
        options.append("-Wl,--version-script=" + script)
    stub = os.path.join(folder, "stub.so")
    compile_text(stub, "void {0}(void); void {0}(void) {{}}\n".format(function), *options)
    compile_text(library, SOURCE + "void {0}(void); void use(void); void use(void) {{ {0}(); }}\n".format(function), stub)


def text_file(library):
    with open(library, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\necho not a library\n" * 20)


def cut_short(library):
    shutil.copy(os.environ["TL_PLUGIN"], library)
    os.truncate(library, 20)


def of_another_machine(library):
    compile_text(library, SOURCE)
    with open(library, "r+b") as file:
        file.seek(18)  # e_machine
        file.write((0xb7 if platform.machine() == "x86_64" else 0x3e).to_bytes(2, "little"))


def of_32_bits(library):
    compile_text(library, SOURCE)
    with open(library, "r+b") as file:
        file.seek(4)  # EI_CLASS
        file.write(b"\1")


def newer_glibc(library):
    needs(library, "tl_of_tomorrow", "libc.so.6", "GLIBC_9.99")


def no_libcurl(library):
    needs(library, "curl_of_nowhere", "libcurl.so.4.nowhere")


def another_interface(library):
    test_shim.compile_library(library, "-DSTAND_IN_ABI=2")


def older_one_of_this_interface(library):
    test_shim.compile_library(library, "-DSTAND_IN_ABI_ONLY")


def foreign(library):
    compile_text(library, "int foreign(void); int foreign(void) { return 1; }\n")


def a_folder(library):
    os.mkdir(library)


def absent(library):
    """Nothing is made."""


def writable_by_others(library):
    compile_text(library, SOURCE)
    os.chmod(library, 0o666)


def in_a_folder_writable_by_others(library):
    compile_text(library, SOURCE)
    os.chmod(os.path.dirname(library), 0o777)


def writable_by_a_foreign_group(library):
    compile_text(library, SOURCE)
    os.chown(library, -1, 12345)
    os.chmod(library, 0o664)


def of_another_owner(library):
    compile_text(library, SOURCE)
    os.chown(library, 12345, -1)


def in_an_app_writable_by_others(library):
    compile_text(library, SOURCE)
    os.chmod(os.path.dirname(os.path.dirname(os.path.dirname(library))), 0o777)


def below_a_folder_writable_by_others(library):
    compile_text(library, SOURCE)
    os.chmod(top_of(library), 0o777)


def below_a_folder_writable_by_a_foreign_group(library):
    compile_text(library, SOURCE)
    os.chown(top_of(library), -1, 12345)
    os.chmod(top_of(library), 0o770)


def in_a_folder_writable_by_a_foreign_group(library):
    compile_text(library, SOURCE)
    os.chown(os.path.dirname(library), -1, 12345)
    os.chmod(os.path.dirname(library), 0o775)


def in_a_folder_of_another_owner(library):
    compile_text(library, SOURCE)
    os.chown(os.path.dirname(library), 12345, -1)


def in_a_sticky_folder(library):
    """Its owner's own, but there anybody could put a library before it is there."""
    compile_text(library, SOURCE)
    os.chmod(os.path.dirname(library), 0o1777)


def top_of(library):
    """The folder that the test's app lies in."""
    for _ in range(4):
        library = os.path.dirname(library)
    return library


CANNOT = "The native library cannot be used: "
NOT_LOADED = "The native library is not loaded: others than this user can change "
MACHINE = platform.machine()
TABLE = [
    (text_file, CANNOT + "it is damaged or made for another machine than this " + MACHINE, "invalid ELF header"),
    (cut_short, CANNOT + "it is not the app's", "file too short"),
    (of_another_machine, CANNOT + "the app has none for this machine, " + MACHINE, platform_host.LIBRARY),
    (of_32_bits, CANNOT + "it is damaged or made for another machine than this " + MACHINE, "wrong ELF class"),
    (newer_glibc, CANNOT + "the C library of this host is too old, glibc 2.28 or newer is needed", "GLIBC_9.99"),
    (no_libcurl, CANNOT + "libcurl (libcurl.so.4) is missing on this host or does not fit", "libcurl.so.4.nowhere"),
    (another_interface, "has interface 2, the app needs 1: install the app again", platform_host.LIBRARY),
    (older_one_of_this_interface, CANNOT + "it is not the app's", "undefined symbol: tl_plugin_open"),
    (foreign, CANNOT + "it is not the app's", "undefined symbol: tl_plugin_abi"),
    (a_folder, CANNOT, platform_host.LIBRARY),
    (absent, CANNOT + "the app has none for this machine, " + MACHINE, platform_host.LIBRARY),
    (writable_by_others, NOT_LOADED, platform_host.LIBRARY),
    (in_a_folder_writable_by_others, NOT_LOADED, "linux_" + MACHINE),
    (in_a_sticky_folder, NOT_LOADED, "linux_" + MACHINE),
    (in_an_app_writable_by_others, NOT_LOADED, "threatlocker"),
    (below_a_folder_writable_by_others, NOT_LOADED, ""),
]
TABLE_OF_ROOT = [
    (in_a_folder_writable_by_a_foreign_group, NOT_LOADED, "linux_" + MACHINE),
    (in_a_folder_of_another_owner, NOT_LOADED, "linux_" + MACHINE),
    (below_a_folder_writable_by_a_foreign_group, NOT_LOADED, ""),
    (writable_by_a_foreign_group, NOT_LOADED, platform_host.LIBRARY),
    (of_another_owner, NOT_LOADED, platform_host.LIBRARY),
]


class Loading(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.app = platform_host.assemble(self.folder)
        self.library = os.path.join(platform_host.library_folder(self.app), platform_host.LIBRARY)
        self.host = platform_host.Host(self.app, {"api_token": "SECRET-OF-THE-ASSET"})
        self.addCleanup(self.host.remove)

    def test_one_line_says_what_is_wrong(self):
        for make, words, detail in TABLE + (TABLE_OF_ROOT if os.geteuid() == 0 else []):
            with self.subTest(make.__name__):
                shutil.rmtree(os.path.dirname(self.library))
                os.mkdir(os.path.dirname(self.library))
                for folder in (self.app, self.folder):
                    os.chown(folder, -1, os.getegid())
                    os.chmod(folder, 0o755)
                make(self.library)
                outcome = self.host.run("test_connectivity")
                self.assertEqual((b"", b""), (outcome.stdout, outcome.stderr))
                self.assertEqual([], self.host.kept("exceptions"))
                self.assertFalse(outcome.ok)
                self.assertIn(words, outcome.message)
                self.assertIn(detail, outcome.message)
                self.assertNotRegex(outcome.message, "[\n{}]|Traceback|SECRET")
                self.assertEqual(outcome.message, self.host.kept("kept_progress")[-1])

    def test_a_symbolic_link_is_judged_by_what_it_leads_to(self):
        elsewhere = os.path.join(self.folder, "elsewhere")
        os.mkdir(elsewhere)
        os.replace(self.library, os.path.join(elsewhere, "lib.so"))
        os.chmod(elsewhere, 0o777)
        os.symlink(os.path.join(elsewhere, "lib.so"), self.library)
        self.assertIn(NOT_LOADED + elsewhere, self.host.run("test_connectivity").message)

    def test_a_link_to_a_folder_is_judged_by_what_it_leads_to(self):
        elsewhere = os.path.join(self.folder, "elsewhere")
        os.rename(os.path.join(self.app, "lib"), elsewhere)
        os.symlink(elsewhere, os.path.join(self.app, "lib"))
        os.chmod(elsewhere, 0o777)
        self.assertIn(NOT_LOADED + elsewhere, self.host.run("test_connectivity").message)

    def test_below_a_sticky_folder_nobody_can_rename_what_is_ours(self):
        os.chmod(self.folder, 0o1777)
        self.assertNotIn("library", self.host.run("test_connectivity").message)

    def test_what_may_be_written_by_its_owner_and_his_group_is_loaded(self):
        os.chmod(self.library, 0o775)
        os.chmod(os.path.dirname(self.library), 0o775)
        self.assertNotIn("library", self.host.run("test_connectivity").message)


class FromTheWheel(unittest.TestCase):
    """Where native code may come as a wheel only: installed into the app's `dependencies`."""

    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.app = platform_host.assemble(self.folder)
        bare = os.path.join(platform_host.library_folder(self.app), platform_host.LIBRARY)
        self.package = os.path.join(self.app, "dependencies", "threatlocker_soar")
        os.makedirs(self.package)
        shutil.move(bare, os.path.join(self.package, platform_host.LIBRARY))
        shutil.rmtree(os.path.join(self.app, "lib"))
        with open(os.path.join(self.package, "__init__.py"), "w", encoding="utf-8"):
            pass
        self.host = platform_host.Host(self.app)
        self.addCleanup(self.host.remove)

    def message(self):
        return self.host.run("test_connectivity", config={"api_token": "x", "base_url": "nonsense"}).message

    def test_it_is_found_there(self):
        self.assertIn("base_url", self.message())

    def test_and_refused_as_elsewhere(self):
        os.chmod(self.package, 0o777)
        self.assertIn(NOT_LOADED, self.message())

    def test_a_wheel_without_library(self):
        os.remove(os.path.join(self.package, platform_host.LIBRARY))
        self.assertIn("the app has none for this machine", self.message())

    def test_a_bare_file_wins(self):
        os.makedirs(platform_host.library_folder(self.app))
        text_file(os.path.join(platform_host.library_folder(self.app), platform_host.LIBRARY))
        self.assertIn("invalid ELF header", self.message())


if __name__ == "__main__":
    unittest.main()
