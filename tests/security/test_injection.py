"""Whatever text gets into a call: exactly one request with exactly the headers that belong there and the text as it is,
or nothing at all and an error that names what is wrong."""
import base64
import concurrent.futures
import ctypes
import json
import os
import subprocess
import unittest
import urllib.parse

import product
import wire

ENDINGS = ["\r\nX-Injected: 1", "\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n", "\n", "\r", "\t", "\x01", "\x7f", "\u00e9",
           "\u65e5\u672c", "\u2028", "%0d%0aX-Injected:%201", "%00", " ", " b", "..", "/../../x", "?x=1", "#x", "@127.0.0.1:9",
           "&b=c", "=b", "/", "\\", '"', "'", ";", "{0}", ":", "x" * 9000]
ALWAYS = {"host", "user-agent", "accept", "accept-encoding"}
TOKEN = "the-token"


class Endpoint:
    """A server that refuses everything, so that each call is one request."""

    def __init__(self):
        self.server = wire.Server(lambda request: wire.reply(400, b'{"Message":"no"}'))
        self.url = "http://127.0.0.1:{0}".format(self.server.port)

    def take(self):
        requests, scraps = self.server.requests, self.server.scraps
        self.server.forget()
        return requests, scraps


def header(name):
    return lambda request: request.header(name)


def query(name):
    def read(request):
        pairs = urllib.parse.parse_qsl(urllib.parse.urlsplit(request.target).query, keep_blank_values=True,
                                       strict_parsing=True)
        return next((value for known, value in pairs if known == name), None)
    return read


def filtered(name):
    """SOAR wants JSON in its filters."""
    return lambda request: json.loads(query(name)(request))


def member(name):
    return lambda request: json.loads(request.body)[name]


def password_pair(request):
    return base64.b64decode(request.header("Authorization").split(" ")[1]).decode()


def anything(request):
    """For an address: where it leads to is up to who configures it."""
    return None


def last_part(request):
    return urllib.parse.unquote(request.target.rsplit("/", 1)[1])


PORTAL = {"token": TOKEN}
SOAR = {"token": TOKEN}
GUID = product.ORGANIZATION
FIELDS = [  # call, its other values, the field, what it begins with, where it must arrive (None = it must not), named as
    ("count", PORTAL, "token", TOKEN, header("Authorization"), "token"),
    ("count", PORTAL, "organization_id", GUID, None, "organization_id"),
    ("count", PORTAL, "organization", GUID, None, "organization_id"),
    ("get", PORTAL, "id", product.REQUEST, None, "must be a GUID"),
    ("research", PORTAL, "id", GUID, None, "must be a GUID"),
    ("list", PORTAL, "search", "a", member("searchText"), "search"),
    ("list", PORTAL, "order_by", "path", None, "order_by"),
    ("applications", PORTAL, "search", "a", query("searchText"), "search"),
    ("count", PORTAL, "base_url", "", anything, "base_url"),
    ("soar_version", {}, "token", TOKEN, header("ph-auth-token"), "token"),
    ("soar_version", {"password": "p"}, "user", "u", lambda request: password_pair(request)[:-2], "user"),
    ("soar_version", {"user": "u"}, "password", "p", lambda request: password_pair(request)[2:], "password"),
    ("soar_version", SOAR, "url", "", anything, "url"),
    ("soar_approvals", SOAR, "status", "pending", filtered("_filter_status"), "status"),
    ("soar_approvals", SOAR, "type", "manual", filtered("_filter_type"), "type"),
    ("soar_approvals", SOAR, "started_after", "2026-01-01T00:00:00Z", None, "time"),
    ("soar_containers", SOAR, "name", "a", filtered("_filter_name"), "name"),
    ("soar_containers", SOAR, "label", "a", filtered("_filter_label"), "label"),
    ("soar_containers", SOAR, "source_data_identifier", "a", filtered("_filter_source_data_identifier"), "source"),
    ("soar_external", SOAR, "id", "a" * 43, last_part, "token"),
]
PLAIN = ("NUL byte", "JSON at byte", "too long")  # what is wrong, where no field is at fault
AUTHORIZED = {"authorization", "ph-auth-token"}


class Injection(unittest.TestCase):
    maxDiff = 4000

    def check(self, about, endpoint, said, place, text, named):
        """`said` holds "code" and message; `place` finds the text in the request."""
        requests, scraps = endpoint.take()
        self.assertEqual([], scraps, about)
        if not requests:
            self.assertRegex(said, r"\b(config|invalid|usage|network)\b", about)
            self.assertTrue(any(words in said for words in (named,) + PLAIN), about)
            return 0
        self.assertEqual(1, len(requests), (about, [request.head for request in requests]))
        self.assertIsNotNone(place, (about, requests[0].head))
        self.check_head(about, endpoint, requests[0])
        if place is not anything:
            self.assertEqual(text, place(requests[0]), about)
        return 1

    def check_head(self, about, endpoint, request):
        names = [name.lower() for name, _ in request.headers]
        self.assertEqual(len(set(names)), len(names), (about, request.head))
        extra = set(names) - ALWAYS - AUTHORIZED - {"managedorganizationid"}
        wanted = {"content-type", "content-length"} if request.method == "POST" else set()
        self.assertEqual(wanted, extra, (about, request.head))
        self.assertEqual(1, len(set(names) & AUTHORIZED), about)
        self.assertEqual("127.0.0.1:{0}".format(endpoint.server.port), request.header("Host"), about)
        self.assertRegex(request.line, r"^(GET|POST) /[!-~]* HTTP/1\.1$", about)
        self.assertNotIn(b"X-Injected: 1", request.head, about)

    def through_c(self, field):
        call, others, name, begin, place, named = field
        endpoint, sent = Endpoint(), 0
        values = dict(others, **({"url": endpoint.url} if call.startswith("soar_") else {"base_url": endpoint.url + "/portalapi"}))
        begin = begin or values[name]
        with product.Calls() as calls:
            for ending in [""] + ENDINGS:
                said = calls.call(call, dict(values, **{name: begin + ending}))
                sent += self.check((call, name, ending[:80], said), endpoint, said, place if ending else place or anything,
                                   begin + ending, named)
        endpoint.server.stop()
        return sent

    def test_c_options_and_arguments(self):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            sent = list(pool.map(self.through_c, FIELDS))
        for count, field in zip(sent, FIELDS):
            self.assertGreater(count, 0, field[:3])  # the good text does arrive
        print("through C: {0} texts in {1} places, {2} sent, the others refused".format(
            (len(ENDINGS) + 1) * len(FIELDS), len(FIELDS), sum(sent)))

    def test_the_instance_is_a_host_name_and_nothing_else(self):
        endpoint = Endpoint()
        for ending in ENDINGS:
            if ending == "x" * 9000:
                continue
            said = product.call_c("count", {"token": TOKEN, "instance": "g" + ending, "proxy": endpoint.url})
            self.assertTrue(said.startswith("config|0|no|instance"), (ending, said))
        self.assertEqual(([], []), endpoint.take())

    def test_a_proxy_gets_one_connect(self):
        endpoint, calls = Endpoint(), product.Calls()
        self.addCleanup(calls.__exit__)
        for ending in ENDINGS:
            for proxy in (endpoint.url + ending, endpoint.url.replace("//", "//u" + ending + ":p@")):
                said = calls.call("count", {"token": TOKEN, "base_url": "https://portal.example.com", "proxy": proxy,
                                          "timeout_ms": "3000"})
                requests, scraps = endpoint.take()
                self.assertTrue(said.startswith(("network|0|no|", "config|0|no|")), (proxy, said))
                self.assertEqual([], scraps, proxy)
                self.assertLessEqual(len(requests), 1, proxy)
                for request in requests:
                    self.assertEqual("CONNECT portal.example.com:443 HTTP/1.1", request.line)
                    names = {name.lower() for name, _ in request.headers} - {"proxy-authorization"}
                    self.assertEqual({"host", "user-agent", "proxy-connection"}, names, request.head)
                    self.assertNotIn(TOKEN.encode(), request.head)

    ENVIRONMENT = [  # variable, what it begins with, whose, where, named as
        ("THREATLOCKER_API_KEY", TOKEN, "client", header("Authorization"), "token"),
        ("THREATLOCKER_BASE_URL", "", "client", anything, "base_url"),
        ("THREATLOCKER_ORG_ID", GUID, "client", None, "organization_id"),
        ("SOAR_TOKEN", TOKEN, "soar", header("ph-auth-token"), "token"),
        ("SOAR_URL", "", "soar", anything, "url"),
    ]

    def through_the_environment(self, row):
        variable, begin, service, place, named = row
        endpoint, sent = Endpoint(), 0
        values = {"THREATLOCKER_API_KEY": TOKEN, "THREATLOCKER_BASE_URL": endpoint.url + "/portalapi", "SOAR_URL": endpoint.url,
                  "SOAR_TOKEN": TOKEN}
        script = ('local service, message, code = require "threatlocker".{0}()\n'
                  'if service then _, message, code = service:{1}() end print(code, message)').format(
                      service, "count" if service == "client" else "version")
        for ending in ENDINGS:
            text = (begin or values[variable]) + ending
            said = product.lua(script, **dict(values, **{variable: text}))
            sent += self.check((variable, text[:80], said), endpoint, said, place, text, named)
        return sent

    def test_environment_variables(self):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            sent = sum(pool.map(self.through_the_environment, self.ENVIRONMENT))
        print("through the environment: {0} texts, {1} sent, the others refused".format(
            len(ENDINGS) * len(self.ENVIRONMENT), sent))

    # Each line of standard input is a case and its ending in hexadecimal digits.
    LUA = r"""
local threatlocker = require "threatlocker"
local server, guid, request = arg[1], arg[2], arg[3]
local portal, soar = { base_url = server .. "/portalapi", token = "the-token", retries = 0 }, { url = server, token = "the-token", retries = 0 }
local function with(options, name, value)
  local copy = {}
  for key, old in pairs(options) do copy[key] = old end
  copy[name] = value
  return copy
end
local function on(make, options, call)
  local service, message, code = make(options)
  if not service then return nil, message, code end
  return call(service)
end
local function client(options, call) return on(threatlocker.client, options, call) end
local function soars(options, call) return on(threatlocker.soar, options, call) end
local cases = {
  token = function(ending) return client(with(portal, "token", "the-token" .. ending), function(it) return it:count() end) end,
  base_url = function(ending) return client(with(portal, "base_url", portal.base_url .. ending), function(it) return it:count() end) end,
  organization_id = function(ending) return client(with(portal, "organization_id", guid .. ending), function(it) return it:count() end) end,
  request = function(ending) return client(portal, function(it) return it:request(request .. ending) end) end,
  search = function(ending) return client(portal, function(it) return it:request_page { search = "a" .. ending } end) end,
  page_size = function(ending) return client(portal, function(it) return it:request_page { page_size = "7" .. ending } end) end,
  application = function(ending) return client(portal, function(it) return it:application(guid .. ending) end) end,
  applications = function(ending) return client(portal, function(it) return it:applications { search = "a" .. ending } end) end,
  soar_token = function(ending) return soars(with(soar, "token", "the-token" .. ending), function(it) return it:version() end) end,
  label = function(ending) return soars(soar, function(it) return it:containers { label = "a" .. ending, limit = 1 } end) end,
  approval = function(ending) return soars(soar, function(it) return it:approval("1" .. ending) end) end,
  external = function(ending) return soars(soar, function(it) return it:external_prompt(("a"):rep(43) .. ending) end) end,
}
for line in io.lines() do
  local name, digits = line:match "^(%S+) (%x*)$"
  local good, value, message, code = pcall(cases[name], (digits:gsub("%x%x", function(pair) return string.char(tonumber(pair, 16)) end)))
  local said = good and (value and "ok" or code .. "|" .. message) or "usage|" .. tostring(value)
  io.stdout:write((said:gsub("\n", " ")), "\n")
  io.stdout:flush()
end
"""

    LUA_PLACES = {
        "token": (header("Authorization"), TOKEN, "token"), "base_url": (anything, "", "base_url"),
        "organization_id": (None, GUID, "organization_id"), "request": (None, product.REQUEST, "GUID"),
        "search": (member("searchText"), "a", "search"), "page_size": (None, "7", "page_size"),
        "application": (None, GUID, "GUID"), "applications": (query("searchText"), "a", "search"),
        "soar_token": (header("ph-auth-token"), TOKEN, "token"), "label": (filtered("_filter_label"), "a", "label"),
        "approval": (None, "1", "approval"), "external": (last_part, "a" * 43, "token"),
    }

    def test_lua_options_and_arguments(self):
        endpoint, sent, count = Endpoint(), 0, 0
        program = subprocess.Popen([os.environ["TL_LUA"], "-e", self.LUA, os.devnull, endpoint.url, GUID, product.REQUEST],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=product.clean_environment())
        for name, (place, begin, named) in self.LUA_PLACES.items():
            for ending in ENDINGS + ["\0", "\0X-Injected: 1"]:
                program.stdin.write("{0} {1}\n".format(name, ending.encode().hex()).encode())
                program.stdin.flush()
                said = program.stdout.readline().decode()
                sent += self.check((name, ending[:80], said), endpoint, said, place, begin + ending, named)
                count += 1
        program.communicate()
        print("through Lua: {0} texts, {1} sent, the others refused".format(count, sent))

    PLUGIN_PLACES = {  # a field of the asset, or a parameter of an action
        "api_token": (None, header("Authorization"), TOKEN, "token"), "base_url": (None, anything, "", "base_url"),
        "organization_id": (None, None, GUID, "organization_id"),
        "request_id": ("get_request", None, product.REQUEST, "approvalRequestId"),
        "search": ("list_requests", member("searchText"), "a", "search"),
        "application_id": ("get_research", None, GUID, "applicationId"),
        "status": ("list_requests", None, "pending", "status"), "limit": ("list_requests", None, "7", "limit"),
    }

    def test_asset_and_parameters_of_the_plugin(self):
        endpoint, library, sent = Endpoint(), Plugin(), 0
        for name, (action, place, begin, named) in self.PLUGIN_PLACES.items():
            for ending in ENDINGS + ["\0", "\0X-Injected: 1"]:
                config = {"base_url": endpoint.url + "/portalapi", "api_token": TOKEN}
                text = (begin or config[name]) + ending
                said = (library.run(config, action, {name: text}) if action
                        else library.run(dict(config, **{name: text}), "count_requests", {}))
                arrives = text.strip(" \t\r\n")  # the plugin trims
                sent += self.check((name, text[:80], said), endpoint, said, anything if arrives == begin else place, arrives,
                                   named)
        print("through the plugin: {0} texts, {1} sent, the others refused".format(
            (len(ENDINGS) + 2) * len(self.PLUGIN_PLACES), sent))


class Plugin:
    """The native library of the SOAR app, as its shim loads it."""

    def __init__(self):
        self._library = ctypes.CDLL(os.environ["TL_PLUGIN"])
        for name in ("tl_plugin_close", "tl_plugin_free"):
            getattr(self._library, name).argtypes = [ctypes.c_void_p]

    def _text(self, out):
        text = ctypes.string_at(out.value).decode() if out else ""
        self._library.tl_plugin_free(out)
        return text

    def run(self, config, action, parameters):
        session, out, size = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_size_t()
        asset = json.dumps({"config": config, "asset_id": "1", "label": "events"}).encode()
        request = json.dumps({"identifier": action, "parameters": parameters, "container_id": 1, "folder": "/nowhere"}).encode()
        if self._library.tl_plugin_open(ctypes.byref(session), asset, ctypes.c_size_t(len(asset)), ctypes.byref(out)):
            return "config " + self._text(out)
        self._library.tl_plugin_run(session, request, ctypes.c_size_t(len(request)), ctypes.byref(out), ctypes.byref(size))
        self._library.tl_plugin_close(session)
        reply = json.loads(self._text(out))
        return "{0} invalid {1}".format(reply["status"], reply["message"])


if __name__ == "__main__":
    unittest.main()
