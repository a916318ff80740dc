"""Test cases that run the real app against the sandbox."""
import json
import shutil
import tempfile
import unittest

import platform_host
import sandbox

SEAL_KEY = "a seal key of more than 16 characters"
HASH = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"


def request_id(number):
    return "0e000000-0000-4000-8000-{0:012d}".format(number)


def organization_id(number):
    return "0a000000-0000-4000-8000-{0:012d}".format(number)


def of(number, organization, **others):
    """The parameters that name a request, and more."""
    return dict({"request_id": request_id(number), "organization_id": organization_id(organization)}, **others)


class Sandboxed(unittest.TestCase):
    OPTIONS = ()

    @classmethod
    def setUpClass(cls):
        cls.built = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.built)
        cls.app = platform_host.assemble(cls.built)
        cls.sandbox = sandbox.Sandbox(*cls.OPTIONS)
        cls.addClassCleanup(cls.sandbox.stop)

    def setUp(self):
        self.sandbox.reset()
        self.outcomes = []
        self.host = self.new_host()

    def new_host(self, **config):
        given = {"base_url": self.sandbox.portal, "api_token": self.sandbox.token, "soar_url": self.sandbox.soar,
                 "soar_token": self.sandbox.soar_token, "seal_key": SEAL_KEY, "timeout": 20.0}
        host = platform_host.Host(self.app, dict(given, **config))
        self.addCleanup(host.remove)
        self.addCleanup(self.check_traces, host)
        return host

    def check_traces(self, host):
        """After each test: no secret anywhere, no brace in what SOAR formats, no exception."""
        told = host.everything() + json.dumps([outcome.answer for outcome in self.outcomes])
        for field in ("api_token", "soar_token", "seal_key"):
            for spelling in platform_host.spellings(host.config[field]):
                self.assertNotIn(spelling, told, field)
        for line in host.kept("progress") + host.kept("kept_progress"):
            self.assertNotRegex(line, "[{}\n]")
        self.assertEqual([], host.kept("exceptions"))

    def take(self, run):
        outcome = run.wait()
        self.outcomes.append(outcome)
        self.assertEqual((b"", b"", 0), (outcome.stdout, outcome.stderr, outcome.returncode))
        self.assertNotRegex(outcome.message, "[{}\n]")
        return outcome

    def run_action(self, identifier, parameters=(), host=None, **options):
        return self.take((host or self.host).start(identifier, parameters, **options))

    def succeed(self, identifier, parameters=(), **options):
        outcome = self.run_action(identifier, parameters, **options)
        self.assertTrue(outcome.ok, (identifier, parameters, outcome.message))
        return outcome

    def fail_with(self, part, identifier, parameters=(), **options):
        outcome = self.run_action(identifier, parameters, **options)
        self.assertFalse(outcome.ok, (identifier, parameters, outcome.message))
        self.assertIn(part, outcome.message)
        return outcome
