"""Every file that the product makes can be read and written by its owner only, whatever the umask says, and none takes
the place of what is there."""
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import unittest

import product

sys.path.append(os.path.join(product.ROOT, "tests", "plugin"))

import platform_host  # noqa: E402
import sandbox  # noqa: E402

CHAIN = r"""
local threatlocker = require "threatlocker"
local client, soar = threatlocker.client(), threatlocker.soar()
local chain = assert(threatlocker.chain { name = "x", client = client, soar = soar, ledger = arg[1], events = arg[2] })
assert(chain:step())
print "ready" io.stdout:flush() io.read()
"""


def modes(folder):
    """name -> mode of all below a folder."""
    found = {}
    for path, names, files in os.walk(folder):
        for name in names + files:
            try:
                found[name] = stat.S_IMODE(os.lstat(os.path.join(path, name)).st_mode)
            except FileNotFoundError:
                pass  # renamed meanwhile
    return found


class Files(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sandbox = sandbox.Sandbox()
        cls.addClassCleanup(cls.sandbox.stop)
        cls.variables = {"THREATLOCKER_API_KEY": cls.sandbox.token, "THREATLOCKER_BASE_URL": cls.sandbox.portal,
                         "SOAR_TOKEN": cls.sandbox.soar_token, "SOAR_URL": cls.sandbox.soar}

    def setUp(self):
        self.sandbox.reset()
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.path = os.path.join(self.folder, "file")

    def start(self, words):
        return subprocess.Popen(["sh", "-c", 'umask 000; exec "$@"', "sh", *words], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=product.ROOT,
                                env=product.clean_environment(**self.variables))

    def command(self, *words):
        return self.start([os.environ["TL_LUA"], "lua/bin/threatlocker", *words])

    def test_the_ledger_and_what_sqlite_puts_beside_it(self):
        ledger, events = os.path.join(self.folder, "ledger"), os.path.join(self.folder, "events")
        process = self.start([os.environ["TL_LUA"], "-e", CHAIN, os.devnull, ledger, events])
        self.assertEqual(b"ready\n", process.stdout.readline())
        found = modes(self.folder)
        process.communicate()
        self.assertLessEqual({"ledger", "ledger-wal", "events"}, set(found))
        self.assertEqual({0o600}, set(found.values()), found)

    def test_a_download_while_it_comes_and_when_it_is_there(self):
        self.sandbox.post("fault", kind="slow", match="_files", ms=40, chunk=4, times=1)
        process = self.command("file", product.OWN, "--output", self.path)
        seen = {}
        while process.poll() is None:
            seen.update(modes(self.folder))
            time.sleep(0.005)
        process.communicate()
        seen.update(modes(self.folder))
        self.assertTrue([name for name in seen if name.startswith("file.part-")], seen)
        self.assertIn("file", seen)
        self.assertEqual({0o600}, set(seen.values()), seen)

    def test_what_redirects_into_a_file_is_the_shells_but_the_events_are_ours(self):
        process = self.command("chain", "--name", "x", "--ledger", self.path, "--once", "--events", self.path + ".events")
        process.communicate()
        self.assertEqual(0, process.returncode)
        self.assertEqual({0o600}, set(modes(self.folder).values()))

    def test_a_certificate_that_a_person_trusts(self):
        script = 'print(require "threatlocker.core".create_file(arg[1], "x"))'
        process = self.start([os.environ["TL_LUA"], "-e", script, os.devnull, self.path])
        self.assertEqual(b"true\n", process.communicate()[0])
        self.assertEqual({"file": 0o600}, modes(self.folder))
        process = self.start([os.environ["TL_LUA"], "-e", script, os.devnull, self.path])
        self.assertIn(b"File exists", process.communicate()[0])

    def test_nothing_is_made_through_a_link(self):
        victim = os.path.join(self.folder, "victim")
        for make in (os.symlink, os.link):
            for words in (["file", product.OWN, "--output", self.path],
                          ["chain", "--name", "x", "--ledger", self.path, "--once"]):
                if make is os.link and words[0] == "chain":
                    continue  # a file of ours under a second name
                with open(victim, "w", encoding="utf-8") as file:
                    file.write("mine")
                make(victim, self.path)
                process = self.command(*words)
                process.communicate()
                self.assertEqual(1, process.returncode, words)
                with open(victim, encoding="utf-8") as file:
                    self.assertEqual("mine", file.read())
                os.remove(self.path)
            os.symlink(os.path.join(self.folder, "absent"), self.path)
            process = self.command("file", product.OWN, "--output", self.path)
            process.communicate()
            self.assertFalse(os.path.exists(os.path.join(self.folder, "absent")))
            os.remove(self.path)

    def test_what_the_plugin_puts_into_the_vault(self):
        host = platform_host.Host(platform_host.assemble(self.folder), {
            "base_url": self.sandbox.portal, "api_token": self.sandbox.token})
        self.addCleanup(host.remove)
        before = os.umask(0)
        try:
            outcome = host.run("get_file", {"request_id": product.OWN}, container_id=42)
        finally:
            os.umask(before)
        self.assertTrue(outcome.ok, outcome.message)
        self.assertEqual({0o600}, set(modes(host.path("vault")).values()))
        self.assertEqual([], os.listdir(host.path("tmp")))


if __name__ == "__main__":
    unittest.main()
