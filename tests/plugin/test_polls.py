"""Polls, as a schedule and as a person make them: nothing is missed, nothing comes twice."""
import json
import os
import signal
import unittest

import platform_host
from sandboxed import Sandboxed, of, request_id

SCHEDULED = platform_host.SCHEDULED
# Open ones: pending (1), escalated (13) and escalated by the customer (17).
OPEN = {1, 13, 17}
JUNK = ["", "{", "null", "[1, 2]", '"text"', "7", '{"known": 7}', '{"known": {"a": []}}', '{"known": ["a", {}, -1]}',
        '{"version": 99, "known": ["' + "x" * 100000 + '"]}']


class Polls(Sandboxed):
    OPTIONS = ("--requests", "120")

    def open_requests(self):
        return {request["approvalRequestId"] for request in self.sandbox.call("GET", "state")["requests"]
                if request["statusId"] in OPEN and not request["approvalRequestId"].endswith("1099")}

    def polled(self, host=None):
        """The requests that have a container, each once."""
        identifiers = [container["source_data_identifier"] for container in (host or self.host).kept("containers")]
        self.assertEqual(len(set(identifiers)), len(identifiers))
        requests = [identifier.rsplit(":", 1)[1] for identifier in identifiers]
        self.assertEqual(len(set(requests)), len(requests))
        return set(requests)

    def container_of(self, number):
        found, = [container for container in self.host.kept("containers")
                  if container["source_data_identifier"].endswith(request_id(number))]
        return found

    def test_a_scheduled_poll_makes_a_container_of_each_open_request(self):
        self.succeed("on_poll", SCHEDULED)
        self.assertEqual(self.open_requests(), self.polled())
        self.assertGreater(len(self.polled()), 100)

    def test_what_a_container_holds(self):
        self.succeed("on_poll", SCHEDULED)
        container = self.container_of(1001)
        self.assertEqual(("events", 10), (container["label"], container["asset"]))
        artifact, = [each for each in self.host.kept("artifacts") if each["container_id"] == container["id"]]
        row = self.succeed("get_request", of(1001, 42)).data[0]
        cef = artifact["cef"]
        self.assertEqual((row["hostname"], row["username"], row["path"]),
                         (cef["deviceHostname"], cef["sourceUserName"], cef["filePath"]))
        self.assertEqual(row["threatLockerActionDto"]["sha256"], cef["fileHashSha256"])
        self.assertTrue(cef["filePath"].endswith(cef["fileName"]))
        self.assertEqual(["threatlocker approval request id"], artifact["cef_types"]["approvalRequestId"])
        self.assertTrue(artifact["source_data_identifier"])

    def test_a_second_poll_makes_only_what_is_new(self):
        self.succeed("on_poll", SCHEDULED)
        before = self.polled()
        self.sandbox.post("request", approvalRequestId=request_id(1009), set={"statusId": 1})
        saved = len(self.host.kept("artifacts"))
        self.succeed("on_poll", SCHEDULED)
        self.assertEqual({request_id(1009)}, self.polled() - before)
        self.assertEqual(saved + 1, len(self.host.kept("artifacts")))

    def test_a_poll_that_dies_misses_nothing(self):
        for dies_after in (1, 50, 60, 101):
            with self.subTest(dies_after):
                host = self.new_host()
                host.set(kill_after_containers=dies_after)
                died = host.start("on_poll", SCHEDULED).wait()
                self.assertEqual((-signal.SIGKILL, b"", b""), (died.returncode, died.stdout, died.stderr))
                self.assertEqual(dies_after, len(self.polled(host)))
                host.set()
                self.succeed("on_poll", SCHEDULED, host=host)
                self.assertEqual(self.open_requests(), self.polled(host))

    def test_a_container_that_is_not_saved_comes_again(self):
        self.host.set(refuse_containers=request_id(1004))
        self.fail_with("1 containers were not saved and come again", "on_poll", SCHEDULED)
        self.assertNotIn(request_id(1004), self.polled())
        self.host.set()
        self.succeed("on_poll", SCHEDULED)
        self.assertEqual(self.open_requests(), self.polled())

    def test_a_list_that_breaks_off_fails_but_what_came_is_kept(self):
        host = self.new_host(timeout=1)
        self.sandbox.post("fault", kind="status", status=500, match="GetByParameters", after=1, times=-1)
        self.fail_with("HTTP 500", "on_poll", SCHEDULED, host=host)
        self.assertTrue(self.polled(host))
        self.sandbox.call("DELETE", "fault")
        self.succeed("on_poll", SCHEDULED, host=host)
        self.assertEqual(self.open_requests(), self.polled(host))

    def test_a_lost_state_brings_duplicates_and_they_are_harmless(self):
        self.succeed("on_poll", SCHEDULED)
        before = self.polled()
        for duplicate_ok in (True, False):
            os.remove(self.host.state_path())
            self.host.set(duplicate_ok=duplicate_ok)
            self.succeed("on_poll", SCHEDULED)
            self.assertEqual(before, self.polled())

    def test_junk_in_place_of_the_state(self):
        for junk, made_of_it in [(junk, "raw") for junk in JUNK] + [("{", "reset"), ("{", "none")]:
            with self.subTest(junk=junk[:40], made_of_it=made_of_it):
                host = self.new_host(poll_search="MSP")
                host.set(junk_state=made_of_it)
                with open(host.state_path(), "w", encoding="utf-8") as file:
                    file.write(junk)
                self.succeed("on_poll", SCHEDULED, host=host)
                self.assertTrue(self.polled(host))
                self.assertTrue(host.state()["known"])

    def test_poll_now_makes_as_many_as_asked_for_and_moves_nothing(self):
        self.succeed("on_poll", dict(SCHEDULED, container_count=3, artifact_count=10))
        self.assertEqual(3, len(self.polled()))
        self.assertEqual({"app_version"}, set(self.host.state()))
        self.succeed("on_poll", SCHEDULED)
        self.assertEqual(self.open_requests(), self.polled())
        self.succeed("on_poll", dict(SCHEDULED, container_count=2))
        self.assertEqual(self.open_requests(), self.polled())

    def test_poll_now_of_chosen_requests(self):
        chosen = {request_id(1003), request_id(1008)}
        self.succeed("on_poll", dict(SCHEDULED, container_count=10, container_id=", ".join(sorted(chosen))))
        self.assertEqual(chosen, self.polled())

    def test_the_limit_of_one_poll(self):
        host = self.new_host(poll_limit=70.0)
        self.succeed("on_poll", SCHEDULED, host=host)
        self.assertEqual(70, len(self.polled(host)))
        self.succeed("on_poll", SCHEDULED, host=host)
        self.assertEqual(self.open_requests(), self.polled(host))

    def test_hostile_text_reaches_no_format_of_soar(self):
        self.sandbox.post("request", approvalRequestId=request_id(1001), set={
            "path": "C:\\{0}\\{evil!r}.exe", "reason": "{0.__class__}", "username": "{x}\r\nBcc: a", "hostname": "{"})
        self.succeed("on_poll", SCHEDULED)
        container = self.container_of(1001)
        self.assertNotRegex(container["name"], "[\r\n\u202e]")
        self.assertTrue(json.dumps(container))


if __name__ == "__main__":
    unittest.main()
