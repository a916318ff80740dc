"""Runs under stress: cancelled ones, several at once, and servers that give secrets away."""
import json
import os
import socket
import threading
import time
import unittest

import platform_host
from sandboxed import Sandboxed, of

WAYS = {"told when asked": {"call_handle_cancel": False}, "called": {"show_cancelled": False}}


class Cancelling(Sandboxed):
    OPTIONS = ("--requests", "20000", "--latency-ms", "200")

    def cancel_while_reading(self, identifier, parameters, **settings):
        self.host.set(**settings)
        self.sandbox.call("DELETE", "calls")
        run = self.host.start(identifier, parameters)
        while len(self.sandbox.calls("GetByParameters")) < 3:
            time.sleep(0.02)
        pressed = time.monotonic()
        self.host.press_cancel()
        outcome = self.take(run)
        self.assertLess(time.monotonic() - pressed, 1)
        self.assertFalse(outcome.ok)
        self.assertIn("cancelled", outcome.message.lower())
        os.remove(self.host.path("cancel"))
        return outcome

    def test_a_long_list_ends_within_a_second(self):
        for way, settings in WAYS.items():
            with self.subTest(way):
                self.cancel_while_reading("list_requests", {}, **settings)

    def test_a_poll_ends_within_a_second_and_the_next_one_goes_on(self):
        host = self.host = self.new_host(poll_limit=0)
        self.cancel_while_reading("on_poll", platform_host.SCHEDULED)
        saved = len(host.kept("containers"))
        self.succeed("on_poll", dict(platform_host.SCHEDULED, container_count=3))
        self.assertLessEqual(saved, len(host.kept("containers")))

    def test_progress_is_shown_meanwhile(self):
        self.cancel_while_reading("on_poll", platform_host.SCHEDULED)
        self.assertTrue(self.host.kept("progress"))


class AtOnce(Sandboxed):
    def test_eight_processes_of_one_asset(self):
        runs = [self.host.start("get_request", of(number, 42)) for number in (1001, 1002, 1004, 1009) for _ in range(2)]
        rows = [self.take(run).data[0]["approvalRequestId"][-4:] for run in runs]
        self.assertEqual(["1001", "1001", "1002", "1002", "1004", "1004", "1009", "1009"], rows)

    def test_several_parameter_dictionaries_are_one_run(self):
        outcome = self.succeed("get_request", [of(1001, 42), of(1002, 42), of(1003, 43)])
        self.assertEqual(3, len(outcome.results))
        self.assertEqual({"total_objects": 3, "total_objects_successful": 3}, outcome.answer["result_summary"])

    def test_one_that_fails_spoils_no_other(self):
        outcome = self.run_action("get_request", [of(1001, 42), of(1099, 99), of(1002, 42)])
        self.assertEqual(["success", "failed", "success"], [result["status"] for result in outcome.results])


class Proxies(Sandboxed):
    def test_the_asset_s_environment_names_the_proxy(self):
        with socket.create_server(("127.0.0.1", 0)) as proxy:
            asked = []
            threading.Thread(target=self.refuse_one, args=(proxy, asked), daemon=True).start()
            host = self.new_host(base_url="https://portal.invalid/portalapi", timeout=5)
            address = "http://127.0.0.1:{0}".format(proxy.getsockname()[1])
            self.run_action("count_requests", host=host, environment={"https_proxy": address})
            self.assertIn(b"CONNECT portal.invalid:443", asked[0])

    @staticmethod
    def refuse_one(proxy, asked):
        while True:
            try:
                connection, _ = proxy.accept()
            except OSError:
                return
            with connection:
                asked.append(connection.recv(4096))
                connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")


class Connectivity(Sandboxed):
    def test_its_last_line_says_what_became_of_it(self):
        self.succeed("test_connectivity")
        self.assertEqual("Test Connectivity Passed", self.host.kept("kept_progress")[-1])
        self.sandbox.post("switch", token="revoked")
        self.fail_with("", "test_connectivity")
        self.assertEqual("Test Connectivity Failed", self.host.kept("kept_progress")[-1])


class Secrets(Sandboxed):
    """check_traces looks at all that was told, after each test."""

    def test_a_server_that_echoes_the_token(self):
        for status in (400, 401, 417, 440, 500):
            for text in (self.sandbox.token, "Authorization: " + self.sandbox.token, '{"{0}": "%s"}' % self.sandbox.token):
                self.sandbox.post("fault", kind="status", status=status, match="GetById", times=-1,
                                  body=json.dumps({"Message": text, "LoggerId": text}))
                self.fail_with("", "get_request", of(1001, 42))
                self.sandbox.call("DELETE", "fault")

    def test_a_token_that_is_revoked(self):
        self.sandbox.post("switch", token="revoked", soar_token="revoked")
        for identifier, parameters in (("test_connectivity", {}), ("list_requests", {}), ("list_prompts", {}),
                                       ("on_poll", platform_host.SCHEDULED), ("get_file", of(1011, 10))):
            self.fail_with("", identifier, parameters)

    def test_an_asset_that_is_wrong(self):
        wrong = [dict(max_scope="all"), dict(timeout="soon"), dict(base_url="ftp://x"), dict(ca_file="/nowhere"),
                 dict(allow_modes="everything"), dict(seal_key="too short"), dict(api_token="line\r\nbreak: y"),
                 dict(poll_kinds="all"), dict(soar_url="https://name:password-in-it@soar.example.com"),
                 dict(base_url="https://name:password-in-it@portal.example.com/portalapi")]
        for config in wrong:
            with self.subTest(**config):
                host = self.new_host(**config)
                outcome = self.run_action("test_connectivity", host=host)
                self.assertFalse(outcome.ok)
                self.assertNotIn("password-in-it", outcome.message + host.everything())

    def test_parameters_that_are_wrong(self):
        wrong = [("get_request", {}), ("get_request", {"request_id": "../../etc"}), ("get_request", {"request_id": 7}),
                 ("list_requests", {"status": "all"}), ("list_requests", {"limit": "many"}),
                 ("list_requests", {"limit": -1}), ("list_requests", {"unknown": "x"}), ("get_prompt", {"approval_id": 1.5}),
                 ("permit_request", of(1001, 42, application="{0}")), ("no_such_action", {})]
        for identifier, parameters in wrong:
            with self.subTest(identifier, parameters=parameters):
                self.fail_with("", identifier, parameters)


if __name__ == "__main__":
    unittest.main()
