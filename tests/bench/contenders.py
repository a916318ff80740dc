"""Who takes part: each as a command, and how to read three members of every row from what it prints."""
import collections
import json
import os
import re
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "plugin"))
import platform_host  # noqa: E402

PYTHON = "/usr/bin/python3"
TOKEN = "0123456789abcdef0123456789abcdef"
PAGE = 100
MEMBERS = ("approvalRequestId", "hostname", "path")

# `scripting`: what our own faces are compared with. `lines` makes three members a row of the output.
Contender = collections.namedtuple("Contender", "name command lines scripting")


def of_rows(rows):
    return "".join("\t".join(row[name] for name in MEMBERS) + "\n" for row in rows).encode()


def of_arrays(output):
    """Of JSON arrays, one after the other."""
    decoder, text, at, rows = json.JSONDecoder(), output.decode(), 0, []
    while at < len(text):
        found, at = decoder.raw_decode(text, at)
        rows.extend(found)
    return of_rows(rows)


def of_json_lines(output):
    return of_rows(map(json.loads, output.splitlines()))


def of_table(output):
    """Of columns with two spaces or more between them, below their titles."""
    return re.sub(rb" {2,}", b"\t", output[output.index(b"\n") + 1:])


def of_action(output):
    answer = json.loads(output)
    return of_rows(answer["result_data"][0]["data"])


def same(output):
    return output


class Stage:
    """What the contenders need around them: built programs, a scratch folder, an installed app for the shim."""

    def __init__(self, build, scratch, server):
        self.build, self.scratch, self.server = build, scratch, server
        self.app = platform_host.assemble(scratch, os.path.join(build, "plugin", platform_host.LIBRARY))
        # Copies, so that Python can keep their bytecode, as SOAR has that of an installed app.
        self.platform = os.path.join(scratch, "platform")
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(os.path.join(ROOT, "tests", "plugin", "phantom"), os.path.join(self.platform, "phantom"), ignore=ignored)
        shutil.copy(os.path.join(ROOT, "tests", "plugin", "run_action.py"), self.platform)
        self.connector = os.path.join(scratch, "connector")
        shutil.copytree(os.path.join(HERE, "contenders", "soar_app"), self.connector, ignore=ignored)

    def program(self, name):
        return os.path.join(self.build, "tests", "bench", "bench_" + name)

    def url(self, rows, latency_ms):
        return "{0}/{1}/{2}/portalapi".format(self.server, rows, latency_ms)

    def environment(self, rows, latency_ms):
        lua = os.path.join(self.build, "lua")
        kept = {name: value for name, value in os.environ.items()
                if not name.lower().endswith("_proxy") and not name.startswith(("PYTHON", "LUA_", "THREATLOCKER"))}
        return dict(kept, THREATLOCKER_BASE_URL=self.url(rows, latency_ms), THREATLOCKER_API_KEY=TOKEN,
                    LUA_PATH_5_4="{0}/?.lua;{0}/?/init.lua;;".format(lua), LUA_CPATH_5_4="{0}/?.so;;".format(lua),
                    FAKE_SOAR=self.scratch)

    def curl_config(self, rows, latency_ms):
        """All pages in one process, on one connection."""
        path = os.path.join(self.scratch, "curl-{0}-{1}".format(rows, latency_ms))
        body = {"statusId": 1, "pageSize": PAGE, "orderBy": "datetime", "isAscending": True, "showChildOrganizations": True}
        with open(path, "w", encoding="utf-8") as file:
            for number in range(1, -(-rows // PAGE) + 1):
                file.write("{0}url = {1}/ApprovalRequest/ApprovalRequestGetByParameters\nsilent\nfail\n"
                           "header = \"Content-Type: application/json\"\nheader = \"Authorization: {2}\"\n"
                           "data = {3}\n".format("" if number == 1 else "next\n", self.url(rows, latency_ms), TOKEN,
                                                 json.dumps(json.dumps(dict(body, pageNumber=number)))))
        return path

    def action_input(self, rows, latency_ms):
        """The JSON that SOAR hands to an app for its action `list requests`."""
        path = os.path.join(self.scratch, "action-{0}-{1}.json".format(rows, latency_ms))
        host = platform_host.Host(self.app, {"base_url": self.url(rows, latency_ms), "api_token": TOKEN})
        with open(path, "w", encoding="utf-8") as file:
            json.dump(host.input("list_requests", {"status": "pending", "children": True}, 0, {}, {}), file)
        host.remove()
        return path


def program(name, *arguments):
    return lambda stage, rows, latency_ms: [stage.program(name), *arguments]


def script(interpreter, name, *arguments):
    return lambda stage, rows, latency_ms: [interpreter, os.path.join(HERE, "contenders", name), *arguments]


def command(*arguments):
    return lambda stage, rows, latency_ms: ["lua5.4", os.path.join(ROOT, "lua", "bin", "threatlocker"), "list", *arguments]


def curl(stage, rows, latency_ms):
    return ["curl", "-K", stage.curl_config(rows, latency_ms)]


def curl_and_jq(stage, rows, latency_ms):
    return ["sh", "-c", 'curl -K "$1" | jq -r "$2"', "sh", stage.curl_config(rows, latency_ms),
            '.[] | "\\(.approvalRequestId)\\t\\(.hostname)\\t\\(.path)"']


def action_of(app):
    """An app's action in a process of its own, as SOAR's spawn does; its outcome is printed."""
    def make(stage, rows, latency_ms):
        return [PYTHON, os.path.join(stage.platform, "run_action.py"), app(stage),
                stage.action_input(rows, latency_ms), "/dev/stdout"]
    return make


ALL = [Contender(*each) for each in (
    ("naive C", program("naive"), same, False),
    ("our C", program("ours", "0"), same, False),
    ("our C, concurrency 8", program("ours", "8"), same, False),
    ("our C, page by page", program("ours", "pages"), same, False),
    ("our Lua, three fields", script("lua5.4", "ours.lua", "fields"), same, False),
    ("our Lua, full rows", script("lua5.4", "ours.lua", "rows"), same, False),
    ("our Lua, concurrency 8", script("lua5.4", "ours.lua", "fields", "8"), same, False),
    ("our command", command("--columns", "request,computer,path"), of_table, False),
    ("our command, --json", command("--json"), of_json_lines, False),
    ("our SOAR shim", action_of(lambda stage: stage.app), of_action, False),
    ("SOAR connector, requests", action_of(lambda stage: stage.connector), of_action, True),
    ("curl, no parsing", curl, of_arrays, False),
    ("curl | jq", curl_and_jq, same, True),
    ("Python requests", script(PYTHON, "python_requests.py"), same, True),
    ("Python httpx", script(PYTHON, "python_httpx.py"), same, True),
    ("LuaSocket + lua-cjson", script("lua5.4", "luasocket.lua"), same, True),
)]
BY_NAME = {contender.name: contender for contender in ALL}
NAIVE = "naive C"


def missing():
    return [name for name in ("curl", "jq", "lua5.4") if shutil.which(name) is None]
