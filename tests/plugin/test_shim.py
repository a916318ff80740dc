"""The shim's own paths, with a library that answers what a test wrote down (stand_in.c)."""
import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest

import platform_host

DONE = {"status": "success", "message": "Done", "data": [], "summary": {}}
CONTAINER = {"name": "One", "label": "events", "source_data_identifier": "one", "artifacts": [
    {"name": "A", "label": "event", "cef": {"filePath": "C:\\one.exe"}, "source_data_identifier": "one:1"}]}


def compile_library(path, *options):
    subprocess.run([os.environ.get("TL_CC", "cc"), "-std=c11", "-D_DEFAULT_SOURCE", "-shared", "-fPIC",
                    "-I", os.path.join(platform_host.ROOT, "plugin"), *options,
                    os.path.join(platform_host.HERE, "stand_in.c"), "-o", path], check=True)


class WithStandIn(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.built = tempfile.mkdtemp()
        library = os.path.join(cls.built, "stand_in.so")
        compile_library(library)
        cls.app = platform_host.assemble(cls.built, library)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.built)

    def setUp(self):
        self.host = platform_host.Host(self.app)
        self.addCleanup(self.host.remove)
        self.folder = os.path.join(self.host.folder, "stand_in")
        os.mkdir(self.folder)
        self.host.config["stand_in"] = self.folder

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def reply(self, number, **members):
        self.write("reply.{0}".format(number), json.dumps(dict(DONE, **members)))

    def read(self, name):
        with open(os.path.join(self.folder, name), encoding="utf-8") as file:
            return file.read()

    def request(self, number):
        return json.loads(self.read("request.{0}".format(number)))

    def run_quietly(self, *arguments, **options):
        """Nothing may appear on the platform's standard output or error, whatever happens."""
        outcome = self.host.run(*arguments, **options)
        self.assertEqual((b"", b"", 0), (outcome.stdout, outcome.stderr, outcome.returncode))
        self.assertEqual([], self.host.kept("exceptions"))
        return outcome


class WhatIsHandedIn(WithStandIn):
    def test_the_asset(self):
        self.reply(1)
        self.run_quietly("get_request", config={"api_token": "a token"})
        asset = json.loads(self.read("asset"))
        self.assertEqual(("10", "events", "https://127.0.0.1/"),
                         (asset["asset_id"], asset["label"], asset["soar_url"]))
        self.assertEqual("a token", asset["config"]["api_token"])

    def test_an_asset_that_never_polls_has_no_label(self):
        for ingest in ({}, None):
            self.reply(1)
            self.run_quietly("get_request", config={"ingest": ingest})
            self.assertIsNone(json.loads(self.read("asset"))["label"])

    def test_the_request(self):
        self.reply(1)
        self.run_quietly("get_request", {"request_id": "r", "text": 'quoted " \\ \u202e \U0001f40d {0}', "limit": 3.0},
                         container_id=77)
        request = self.request(1)
        self.assertEqual(("get_request", 77, False), (request["identifier"], request["container_id"], request["poll_now"]))
        self.assertEqual('quoted " \\ \u202e \U0001f40d {0}', request["parameters"]["text"])
        self.assertNotIn("state", request)

    def test_each_parameter_dictionary_is_a_run_of_one_session(self):
        self.reply(1, message="first")
        self.reply(2, message="second", status="failed")
        self.reply(3, message="third")
        outcome = self.run_quietly("get_request", [{"request_id": name} for name in "abc"])
        self.assertEqual(["first", "second", "third"], [result["message"] for result in outcome.results])
        self.assertEqual(["success", "failed", "success"], [result["status"] for result in outcome.results])
        self.assertEqual("b", self.request(2)["parameters"]["request_id"])
        self.assertEqual("close\n", self.read("calls"))


class WhatIsHandedOut(WithStandIn):
    def test_status_message_data_summary(self):
        self.reply(1, data=[{"id": 9007199254740993}, {"text": "{0} \u202e"}], summary={"count": 2})
        outcome = self.run_quietly("get_request")
        self.assertTrue(outcome.ok)
        self.assertEqual("Done", outcome.message)
        self.assertEqual([{"id": 9007199254740993}, {"text": "{0} \u202e"}], outcome.data)
        self.assertEqual({"count": 2}, outcome.summary)

    def test_a_failed_action(self):
        self.reply(1, status="failed", message="The token is revoked")
        outcome = self.run_quietly("get_request")
        self.assertFalse(outcome.ok)
        self.assertEqual("The token is revoked", outcome.message)

    def test_only_the_word_success_succeeds(self):
        for word in ("Success", "ok", "", None, True):
            self.reply(1, status=word)
            self.assertFalse(self.run_quietly("get_request").ok, word)

    def test_a_line_that_stays(self):
        self.reply(1, progress="Read {0} of {nothing} {")
        self.run_quietly("get_request")
        self.assertEqual(["Read (0) of (nothing) ("], self.host.kept("kept_progress"))

    def test_a_line_while_it_runs(self):
        self.reply(1)
        self.write("block.1", "")
        self.write("progress", "Page {0} of\n{count} {!}")
        run = self.host.start("get_request")
        self.wait_for(lambda: self.host.kept("progress"))
        self.write("go", "")
        self.assertTrue(run.wait().ok)
        self.assertEqual(["Page (0) of (count) (!)"], self.host.kept("progress"))

    def wait_for(self, condition):
        end = time.monotonic() + 20
        while not condition():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)


class WhenItFails(WithStandIn):
    def test_a_session_that_does_not_open_says_why(self):
        self.write("refuse", "max_scope must be one of: computer {x}")
        outcome = self.run_quietly("test_connectivity")
        self.assertFalse(outcome.ok)
        self.assertEqual([], outcome.results)
        self.assertEqual("max_scope must be one of: computer (x)", outcome.message)
        self.assertEqual(["max_scope must be one of: computer (x)"], self.host.kept("kept_progress"))

    def test_a_run_without_reply(self):
        self.write("code.1", "2")
        outcome = self.run_quietly("get_request")
        self.assertFalse(outcome.ok)
        self.assertEqual("The native library failed (tl_plugin_run: 2)", outcome.message)

    def test_the_next_run_of_the_session_goes_on(self):
        self.write("code.1", "2")
        self.reply(2)
        outcome = self.run_quietly("get_request", [{"a": "1"}, {"a": "2"}])
        self.assertEqual(["failed", "success"], [result["status"] for result in outcome.results])
        self.assertEqual("close\n", self.read("calls"))


class Cancelling(WithStandIn):
    WAYS = {"told when asked": {"call_handle_cancel": False}, "called": {"show_cancelled": False}, "both": {}}

    def test_it_reaches_the_library_within_a_second(self):
        for way, settings in self.WAYS.items():
            with self.subTest(way):
                self.setUp()
                self.host.set(**settings)
                self.reply(1, status="failed", message="Cancelled")
                self.write("block.1", "")
                run = self.host.start("get_request")
                while not os.path.exists(os.path.join(self.folder, "request.1")):
                    time.sleep(0.01)
                pressed = time.monotonic()
                self.host.press_cancel()
                outcome = run.wait()
                self.assertLess(time.monotonic() - pressed, 1)
                self.assertEqual(("Cancelled", False), (outcome.message, outcome.ok))
                self.assertEqual("cancel\nclose\n", self.read("calls"))

    def test_an_exception_of_the_platform_does_not_leave_the_library_running(self):
        self.reply(1)
        self.write("block.1", "")
        self.host.set(base_url="https://127.0.0.1", show_cancelled="raise")
        outcome = self.host.run("get_request")
        self.assertEqual("cancel\n", self.read("calls")[:7])
        self.assertFalse(outcome.ok)


class Containers(WithStandIn):
    def poll(self, **parameters):
        return self.run_quietly("on_poll", dict(platform_host.SCHEDULED, **parameters))

    def test_a_container_with_its_artifacts(self):
        self.reply(1, containers=[CONTAINER])
        self.assertTrue(self.poll().ok)
        container, = self.host.kept("containers")
        artifact, = self.host.kept("artifacts")
        self.assertEqual(("One", "one", 10), (container["name"], container["source_data_identifier"], container["asset"]))
        self.assertEqual(("A", container["id"]), (artifact["name"], artifact["container_id"]))

    def test_the_state_goes_round(self):
        self.reply(1, state={"known": ["a"]})
        self.poll()
        self.assertEqual(["a"], self.host.state()["known"])
        self.reply(1, state={"known": ["b"]})
        self.poll()
        self.assertEqual(["a"], self.request(1)["state"]["known"])
        self.assertEqual(["b"], self.host.state()["known"])
        self.assertFalse(self.request(1)["poll_now"])

    def test_poll_now_is_told_and_moves_no_state(self):
        self.reply(1, state={"known": ["a"]}, more=True)
        self.reply(2)
        self.assertTrue(self.poll(container_count=5).ok)
        self.assertTrue(self.request(1)["poll_now"])
        self.assertEqual({"known": ["a"]}, self.request(2)["state"])
        self.assertNotIn("known", self.host.state())

    def test_portions(self):
        for number in (1, 2, 3):
            self.reply(number, containers=[dict(CONTAINER, source_data_identifier=str(number))],
                       state={"portion": number}, more=number < 3, summary={"containers": number})
        outcome = self.poll()
        self.assertTrue(outcome.ok)
        self.assertEqual(["1", "2", "3"], [each["source_data_identifier"] for each in self.host.kept("containers")])
        self.assertEqual([1, 2], [self.request(number)["state"]["portion"] for number in (2, 3)])
        self.assertEqual(3, self.host.state()["portion"])
        self.assertEqual({"containers": 3}, outcome.summary)

    def test_a_portion_that_fails_ends_the_poll_but_what_came_is_kept(self):
        self.reply(1, containers=[CONTAINER], state={"portion": 1}, status="failed", message="Page 2 was lost")
        outcome = self.poll()
        self.assertEqual((False, "Page 2 was lost"), (outcome.ok, outcome.message))
        self.assertEqual(1, len(self.host.kept("containers")))
        self.assertEqual(1, self.host.state()["portion"])

    def test_a_container_that_is_not_saved_fails_the_poll_and_keeps_the_state(self):
        others = [dict(CONTAINER, source_data_identifier=name) for name in ("two", "three")]
        self.reply(1, containers=[others[0], CONTAINER, others[1]], state={"portion": 1}, more=True)
        self.host.set(refuse_containers="one")
        outcome = self.poll()
        self.assertEqual("1 containers were not saved and come again: Could not save the container (0)", outcome.message)
        self.assertFalse(outcome.ok)
        self.assertEqual(["two", "three"], [each["source_data_identifier"] for each in self.host.kept("containers")])
        self.assertNotIn("portion", self.host.state())
        self.assertFalse(os.path.exists(os.path.join(self.folder, "request.2")))

    def test_a_duplicate_of_ours_is_as_good(self):
        for told in (True, False):
            with self.subTest(ok=told):
                self.setUp()
                self.host.set(duplicate_ok=told)
                self.reply(1, containers=[CONTAINER], state={"portion": 1})
                self.assertTrue(self.poll().ok)
                self.assertTrue(self.poll().ok)
                self.assertEqual(1, len(self.host.kept("containers")))

    def test_a_duplicate_of_somebody_else_is_not(self):
        for foreign in ({"asset": 11}, {"label": "mail"}):
            with self.subTest(**foreign):
                self.setUp()
                kept = dict({"id": 100, "asset": 10, "label": "events", "source_data_identifier": "one"}, **foreign)
                with open(self.host.path("containers.jsonl"), "w", encoding="utf-8") as file:
                    file.write(json.dumps(kept) + "\n")
                self.reply(1, containers=[CONTAINER], state={"portion": 1})
                outcome = self.poll()
                self.assertFalse(outcome.ok)
                self.assertIn("container 100 has its identifier, but another asset or label", outcome.message)
                self.assertNotIn("portion", self.host.state())

    def test_junk_where_the_state_should_be(self):
        for junk in ("", "{", "null", "[1, 2]", '"text"', "7", "\x00\x01", '{"known": 1e999}'):
            for made_of_it in ("reset", "none", "raw"):
                with self.subTest(junk=junk, made_of_it=made_of_it):
                    self.host.set(junk_state=made_of_it)
                    with open(self.host.state_path(), "w", encoding="utf-8") as file:
                        file.write(junk)
                    self.reply(1, state={"portion": 1})
                    self.assertTrue(self.poll().ok)
                    self.assertEqual(1, self.host.state()["portion"])


class Files(WithStandIn):
    def get_file(self):
        """The library puts the file where it was told to; here that is only known once it runs."""
        self.write("block.1", "")
        run = self.host.start("get_file", {"request_id": "r"}, container_id=7)
        while not os.path.exists(os.path.join(self.folder, "request.1")) or not self.read("request.1"):
            time.sleep(0.01)
        handle, path = tempfile.mkstemp(dir=self.request(1)["folder"])
        os.write(handle, b"content")
        os.close(handle)
        self.temporary = path
        self.reply(1, data=[{"name": "tool.exe"}], file={"path": path, "name": "tool.exe", "container_id": 7})
        self.write("go", "")
        return run.wait()

    def test_it_goes_into_the_vault(self):
        outcome = self.get_file()
        kept, = self.host.kept("vault")
        self.assertEqual((7, "tool.exe"), (kept["container"], kept["name"]))
        self.assertEqual([{"name": "tool.exe", "vault_id": kept["vault_id"]}], outcome.data)
        self.assertTrue(kept["location"].startswith(self.host.path("tmp")))
        self.assertFalse(os.path.exists(self.temporary))

    def test_a_vault_that_refuses_fails_the_action_and_nothing_stays(self):
        self.host.set(vault_refuses="The vault is full {0}")
        outcome = self.get_file()
        self.assertEqual((False, "The file could not be put into the vault: The vault is full (0)"),
                         (outcome.ok, outcome.message))
        self.assertEqual([], outcome.data)
        self.assertFalse(os.path.exists(self.temporary))

    def test_without_a_vault_folder_the_system_s_serves(self):
        os.rmdir(self.host.path("tmp"))
        self.assertTrue(self.get_file().ok)
        self.assertFalse(os.path.exists(self.temporary))


if __name__ == "__main__":
    unittest.main()
