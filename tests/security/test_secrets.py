"""No secret in any output: the whole product runs with secrets that cannot be mistaken, against a server that tries to
make it tell them, and all that comes out is searched."""
import concurrent.futures
import hashlib
import hmac
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

import certificates
import leaks
import secret_sandbox
import wire
from product import OWN, REQUEST, ROOT, clean_environment

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(ROOT, "tests", "plugin"))

import platform_host  # noqa: E402
import sandbox  # noqa: E402

SECRET_SANDBOX = os.path.join(HERE, "secret_sandbox.py")
SEAL_KEY = 'TLKseal"\\%/+=Secret{3}<eeee>'
PROXY_PASSWORD = "TLKproxy%40x%2FSecret-ffff"
URL_PASSWORD = "TLKurl-Secret-gggg"


def derived(key):
    """The key that seals are really made with."""
    return hmac.new(key.encode(), b"threatlocker prompt seal, version 1", hashlib.sha256).digest()


SECRETS = {
    "token": secret_sandbox.TOKEN.encode(),
    "SOAR token": secret_sandbox.SOAR_TOKEN.encode(),
    "SOAR password": secret_sandbox.SOAR_PASSWORD.encode(),
    "seal key": SEAL_KEY.encode(),
    "key derived from the seal key": derived(SEAL_KEY),
    "key derived from the token": derived(secret_sandbox.TOKEN),
    "proxy password": b"TLKproxy@x/Secret-ffff",
    "proxy password as given": PROXY_PASSWORD.encode(),
    "password in a URL": URL_PASSWORD.encode(),
    "signed URL": secret_sandbox.SIGNATURE.encode(),
    "external link": secret_sandbox.EXTERNAL.encode(),
}
# Promised to whoever asks for just this: files.h, soar.h and lua/threatlocker/types say so.
ALLOWED = [
    ("signed URL", "C tl_file_details ok"),
    ("signed URL", "Lua client:file_details ok"),
    ("external link", "C tl_soar_external_prompt ok"),
    ("external link", "C tl_soar_approval_summary ok"),  # secure_link
    ("external link", "Lua soar:external_prompt ok"),
]

STORAGE = "0e000000-0000-4000-8000-000000001006"
HASH = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
NEW = ["--new", "Field tool", "--hash", HASH]
COMMANDS = [  # every subcommand; {folder}, {prompt} are filled in
    ["list"], ["list", "--json"], ["show", REQUEST], ["show", REQUEST, "--json", "--details"], ["show", STORAGE], ["count"],
    ["count", "--json"], ["match", REQUEST], ["match", REQUEST, "--json"], ["applications", "--json"],
    ["applications", "--maintenance"], ["organizations", "--json"], ["groups", "--json"],
    ["research", "0f000000-0000-4000-8000-000000000101", "--json"], ["file", OWN], ["file", OWN, "--json"],
    ["file", OWN, "--output", "{folder}/file"], ["permit", REQUEST, *NEW, "--dry-run"],
    ["permit", REQUEST, *NEW, "--yes", "--json"], ["reject", "0e000000-0000-4000-8000-000000001002", "--yes"],
    ["ignore", "0e000000-0000-4000-8000-000000001008", "--yes", "--json"], ["own", OWN, "--yes"],
    ["authorize", "0e000000-0000-4000-8000-000000001012", "--yes"], ["review"],
    ["prompt", "0e000000-0000-4000-8000-000000001001", "--executor", "chain:night", *NEW, "--json"], ["prompts"],
    ["prompts", "--all", "--json"], ["prompts", "{prompt}"], ["prompts", "{prompt}", "--json"],
    ["chain", "--name", "night", "--ledger", "{folder}/ledger.db", "--once", "--events", "{folder}/events"],
    ["chain", "--ledger", "{folder}/ledger.db", "--history", "--json"], ["doctor"], ["doctor", "--json"],
    ["endpoints", "--json"], ["completion", "bash"], ["manual"], ["--help"], ["--version"], ["nonsense"],
]
WITHOUT_CALLS = {"endpoints", "completion", "manual", "--help", "--version", "nonsense"}
COMMAND_MODES = [{"mode": "forward"}, {"mode": "error", "form": "credentials", "status": 400},
                 {"mode": "helpful", "form": "credentials"}]
ACTIONS = [
    ("test_connectivity", {}), ("count_requests", {}), ("list_requests", {"status": "pending"}),
    ("get_request", {"request_id": REQUEST}), ("get_permit_details", {"request_id": REQUEST}),
    ("match_applications", {"request_id": REQUEST}), ("get_file", {"request_id": OWN}), ("list_organizations", {}),
    ("prepare_prompt", {"request_id": REQUEST, "executor": "playbook", "application": "new", "name": "x", "hash_rule": True}),
    ("list_prompts", {}), ("get_prompt", {"approval_id": 1}), ("resolve_prompt", {"approval_id": 1}),
    ("permit_request", {"request_id": REQUEST, "application": "new", "name": "x", "hash_rule": True}),
    ("reject_request", {"request_id": REQUEST}), ("on_poll", platform_host.SCHEDULED),
]


def sections(data):
    """What a driver printed, in parts with a name each."""
    for part in data.split(b"\n\x1e"):
        name, _, body = part.partition(b"\n")
        yield name.decode("utf-8", "replace"), body


class Product:
    """Runs each face of it, and hands all that comes out to the search."""

    def __init__(self, search, folder):
        self.search, self.folder, self.arguments = search, folder, set()
        self._lock = threading.Lock()

    def look(self, output, data):
        with self._lock:
            self.search.look(output, data)

    def make_folder(self, name):
        path = os.path.join(self.folder, name)
        os.makedirs(path)
        return path

    def run(self, words, **environment):
        """Runs a program, and looks at its arguments, as anybody on the machine can, while it runs."""
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   cwd=ROOT, env=clean_environment(TL_SANDBOX=SECRET_SANDBOX, **environment))
        watcher = threading.Thread(target=self._watch, args=(process,))
        watcher.start()
        out, err = process.communicate(timeout=100)
        watcher.join()
        return process.returncode, out, err

    def _watch(self, process):
        while process.poll() is None:
            for pid in [process.pid] + self._children(process.pid):
                line = self._read("/proc/{0}/cmdline".format(pid))
                if line not in self.arguments:
                    self.arguments.add(line)
                    self.look("arguments of processes", line)
            try:
                process.wait(0.02)
            except subprocess.TimeoutExpired:
                pass

    def _children(self, pid):
        return [int(child) for child in self._read("/proc/{0}/task/{0}/children".format(pid)).split()]

    @staticmethod
    def _read(path):
        try:
            with open(path, "rb") as file:
                return file.read()
        except OSError:
            return b""

    def run_c(self, ways):
        folder = self.make_folder("C")
        code, out, err = self.run([os.environ["TL_EVERY_CALL"]], TMPDIR=folder, TL_SECRET_SEAL_KEY=SEAL_KEY,
                                  TL_SECRET_PROXIES=" ".join(ways.proxies), TL_SECRET_STRANGER=ways.stranger,
                                  TL_SECRET_OPEN_PROXY=ways.open_proxy, TL_SECRET_URL_PASSWORD=URL_PASSWORD)
        for name, body in sections(out):
            self.look("C " + name, body)
        self.look("C log", err)
        return code, out, err

    def run_lua(self):
        folder = self.make_folder("Lua")
        code, out, err = self.run([os.environ["TL_LUA"], os.path.join(HERE, "every_call.lua"), ROOT], TMPDIR=folder)
        for name, body in sections(out):
            self.look("Lua " + name, body)
        self.look("Lua standard error", err)
        return code, out, err

    def run_command(self, box, folder, mode):
        """Every subcommand, verbosely."""
        asked = box.post("prompt", approvalRequestId=REQUEST, message="nothing", external=True)
        variables = {"THREATLOCKER_API_KEY": box.token, "THREATLOCKER_BASE_URL": box.portal, "SOAR_URL": box.soar,
                     "SOAR_USER": box.soar_user, "SOAR_PASSWORD": box.soar_password}
        box.post("relay", **mode)
        for words in COMMANDS:
            words = [word.format(folder=folder, prompt=asked["approval"]) for word in words]
            if words[0] in WITHOUT_CALLS and mode["mode"] != "forward":
                continue
            verbose = [] if words[0] in WITHOUT_CALLS or "--history" in words else ["--verbose"]
            self._tell_command(words + verbose, variables)

    def _tell_command(self, words, variables):
        code, out, err = self.run([os.environ["TL_LUA"], "lua/bin/threatlocker", *words], **variables)
        name = "command {0} {1}".format(words[0], code)
        self.look(name + " output", out)
        self.look(name + " standard error", err)

    def run_command_on_blocked_ways(self, box, ways):
        away = {"THREATLOCKER_BASE_URL": "https://portal.example.com/portalapi", "SOAR_URL": "https://soar.example.com",
                "THREATLOCKER_API_KEY": box.token, "SOAR_TOKEN": box.soar_token}
        for proxy in ways.proxies[:2]:
            for words in (["doctor", "--verbose"], ["doctor", "--json"], ["count", "--verbose", "--retries", "0"]):
                self._tell_command(words, dict(away, https_proxy=proxy))
        self._tell_command(["doctor", "--verbose"], dict(away, THREATLOCKER_BASE_URL=ways.stranger, SOAR_URL=ways.stranger))
        self._tell_command(["count"], dict(away, THREATLOCKER_BASE_URL="https://u:{0}@portal.example.com/".format(URL_PASSWORD)))

    def run_plugin(self, box, ways, app, mode):
        box.post("relay", mode="forward")
        host = platform_host.Host(app, {
            "base_url": box.portal, "api_token": box.token, "soar_url": box.soar, "soar_token": box.soar_token,
            "seal_key": SEAL_KEY, "timeout": 5.0})
        box.post("relay", **mode)
        for identifier, parameters in ACTIONS:
            self._tell_action(host, identifier, parameters)
        away = {"base_url": "https://portal.example.com/portalapi"}
        if mode["mode"] == "forward":
            self._tell_action(host, "test_connectivity", {}, config=away, environment={"HTTPS_PROXY": ways.proxies[0]})
            self._tell_action(host, "count_requests", {}, config={"base_url": ways.stranger})
            self._tell_action(host, "count_requests", {}, config={"api_token": box.token + "\n"})
            self._tell_action(host, "count_requests", {}, config={"base_url": "https://u:" + URL_PASSWORD + "@x.example.com"})
        self.look("plugin platform", host.everything().encode())
        host.remove()

    def _tell_action(self, host, identifier, parameters, **options):
        outcome = host.run(identifier, parameters, container_id=42, **options)
        name = "plugin {0}".format(identifier)
        self.look(name + " output", outcome.stdout + outcome.stderr)
        self.look(name + " answer", repr(outcome.answer).encode() + json.dumps(outcome.answer).encode())


class Ways:
    """Where a call ends before it comes to the service: proxies that refuse and tell why, a peer that nobody knows."""

    def __init__(self, folder):
        self._stranger = wire.Server(lambda request: wire.reply(200), certificates.server(folder))
        self.stranger = "https://127.0.0.1:{0}/portalapi".format(self._stranger.port)
        self.proxies, self.servers = [], []
        for status in (407, 403, 502):
            server = wire.Server(lambda request, status=status: wire.reply(
                status, request.head, [("Proxy-Authenticate", 'Basic realm="' + request.header("Proxy-Authorization") + '"')]
                if request.header("Proxy-Authorization") else ()))
            self.servers.append(server)
            self.proxies.append("http://proxyuser:{0}@127.0.0.1:{1}".format(PROXY_PASSWORD, server.port))
        self.proxies += ["http://proxyuser:{0}@127.0.0.1:9".format(PROXY_PASSWORD),
                         "http://proxyuser:{0}@no-such-host.invalid:3128".format(PROXY_PASSWORD),
                         "socks5h://proxyuser:{0}@127.0.0.1:9".format(PROXY_PASSWORD),
                         "proxyuser:{0}@127.0.0.1:9".format(PROXY_PASSWORD),
                         "http://proxyuser:{0}@127.0.0.1:99999999".format(PROXY_PASSWORD),
                         "gopher://proxyuser:{0}@127.0.0.1".format(PROXY_PASSWORD)]
        self._tunnel = socket.create_server(("127.0.0.1", 0))
        self.open_proxy = "http://proxyuser:{0}@127.0.0.1:{1}".format(PROXY_PASSWORD, self._tunnel.getsockname()[1])
        threading.Thread(target=self._open_tunnels, daemon=True).start()

    def _open_tunnels(self):
        while True:
            connection, _ = self._tunnel.accept()
            threading.Thread(target=self._open_tunnel, args=(connection,), daemon=True).start()

    def _open_tunnel(self, connection):
        while b"\r\n\r\n" not in connection.recv(65536):
            pass
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        beyond = socket.create_connection(("127.0.0.1", self._stranger.port))
        threading.Thread(target=self._pump, args=(beyond, connection), daemon=True).start()
        self._pump(connection, beyond)

    @staticmethod
    def _pump(source, sink):
        try:
            while True:
                data = source.recv(65536)
                if not data:
                    break
                sink.sendall(data)
        except OSError:
            pass
        sink.close()

    def prove_used(self):
        """The proxies were really asked, with the password: else nothing could have leaked."""
        return all(any(request.header("Proxy-Authorization") for request in server.requests) for server in self.servers)


class Secrets(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def test_each_form_of_each_secret_would_be_found(self):
        for name, secret in SECRETS.items():
            for form, needle in leaks.forms(secret).items():
                search = leaks.Search(SECRETS, ALLOWED)
                search.look("planted", b"x" * 5000 + needle + b"y" * 5000)
                self.assertTrue(any(line.startswith("{0} as ".format(name)) for line in search.found), (name, form))

    def test_a_program_that_leaks_is_caught(self):
        """Through each way that outputs take: standard output and error, arguments, files' names and contents."""
        leaks_of = {
            "output": 'printf %s "$SECRET" | base64 -w0', "standard error": 'printf %s "$SECRET" >&2',
            "arguments": "", "file": 'printf %s "$SECRET" > "$FOLDER/x"',
            "file name": ': > "$FOLDER/$(printf %s "$SECRET" | base64 -w0 | tr / _)"'}
        for where, script in leaks_of.items():
            search = leaks.Search(SECRETS, ALLOWED)
            product = Product(search, self.folder)
            folder = product.make_folder(where)
            words = ["sh", "-c", script] if where != "arguments" else ["sh", "-c", "sleep 0.3", SECRETS["token"]]
            _, out, err = product.run(words, SECRET=secret_sandbox.TOKEN, FOLDER=folder)
            search.look("output", out)
            search.look("standard error", err)
            search.look_into("file", folder)
            self.assertTrue([line for line in search.found if where in line], (where, search.found))

    def test_no_secret_in_any_output(self):
        search = leaks.Search(SECRETS, ALLOWED)
        product, ways = Product(search, self.folder), Ways(self.folder)
        app = platform_host.assemble(self.folder)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            drivers = [pool.submit(product.run_c, ways), pool.submit(product.run_lua)]
            parts = [pool.submit(self.run_with_box, product.run_command, product.make_folder(str(number)), mode)
                     for number, mode in enumerate(COMMAND_MODES)]
            parts += [pool.submit(self.run_with_box, product.run_plugin, ways, app, mode) for mode in COMMAND_MODES]
            parts.append(pool.submit(self.run_with_box, product.run_command_on_blocked_ways, ways))
            results = [driver.result() for driver in drivers]
            for part in parts:
                part.result()
        for code, out, err in results:
            self.assertEqual(0, code, err[-3000:].decode("utf-8", "replace"))
            self.assertGreater(len(out), 100000)
        shutil.rmtree(app)
        search.look_into("file", self.folder)
        print("outputs searched: {0}, bytes searched: {1}, secrets searched for: {2}, found: {3}".format(
            search.outputs, search.bytes, len(SECRETS), len(search.found)))
        self.assertEqual([], search.found[:20])
        self.assertTrue(ways.prove_used())
        self.assertEqual(set(ALLOWED), search.permitted)  # an exception that nothing needs is none

    @staticmethod
    def run_with_box(run, *arguments):
        with sandbox.Sandbox(program=SECRET_SANDBOX) as box:
            run(box, *arguments)


if __name__ == "__main__":
    unittest.main()
