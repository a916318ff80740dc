"""The manual's table of permissions names, for each of ThreatLocker's calls, the actions that make it."""
import json
import os
import re
import subprocess
import tempfile
import unittest
import urllib.request

import built

REQUEST = "0e000000-0000-4000-8000-000000001001"  # of the sandbox's fixtures, in a child organization
ORGANIZATION = "0a000000-0000-4000-8000-000000000042"
CHOICE = {"application": "new", "name": "Field tool", "hash_rule": True}
MORE = {  # what an action needs beside the request
    "prepare_prompt": CHOICE,
    "permit_request": CHOICE,
    "get_research": {"application_id": ORGANIZATION},
}
NOT_SHOWN_HERE = {
    ("resolve prompt", "ApprovalRequestGetPermitApplicationById"),  # wants an answered prompt
    ("resolve prompt", "ApprovalRequestPermitApplication"),
    ("list organizations", "OrganizationGetChildOrganizationsByParameters"),  # the second way
}


def documented():
    """{call: actions} of the manual."""
    with open(os.path.join(built.SOURCE, "plugin/app/manual_readme_content.md"), encoding="utf-8") as file:
        rows = re.findall(r"^\| ([^|]+) \| ([A-Z]\w+) \| ", file.read(), re.M)
    return {call: set(actions.split(", ")) for actions, call in rows if call.startswith(("Appl", "Appr", "Org"))}


class Sandbox:
    def __init__(self):
        self.process = subprocess.Popen([os.environ["TL_SANDBOX"], "--die-with-parent"],
                                        stdout=subprocess.PIPE, text=True)
        self.service = json.loads(self.process.stdout.readline())

    def calls(self):
        with urllib.request.urlopen(self.service["control"] + "/calls") as reply:
            return {call["path"].rsplit("/", 1)[-1] for call in json.load(reply)}

    def forget(self):
        urllib.request.urlopen(urllib.request.Request(self.service["control"] + "/calls", method="DELETE")).close()

    def run(self, action):
        known = dict(MORE.get(action["identifier"], {}), request_id=REQUEST, organization_id=ORGANIZATION)
        config = {"base_url": self.service["portal"], "api_token": self.service["token"]}
        with tempfile.TemporaryDirectory() as folder:
            request = {"identifier": action["identifier"], "folder": folder, "container_id": 1,
                       "parameters": {name: known[name] for name in known if name in action["parameters"]}}
            subprocess.run([built.PYTHON, "-B", os.path.join(built.HERE, "drive.py"), built.LIBRARY,
                            json.dumps({"config": config, "asset_id": "1"}), json.dumps(request)],
                           check=True, capture_output=True)

    def close(self):
        self.process.terminate()
        self.process.communicate()


class Manual(unittest.TestCase):
    def test_actions_make_the_calls_that_the_manual_says(self):
        with open(os.path.join(built.SOURCE, "manifests/threatlocker.json"), encoding="utf-8") as file:
            actions = json.load(file)["actions"]
        table, made = documented(), set()
        sandbox = Sandbox()
        self.addCleanup(sandbox.close)
        for action in actions:
            sandbox.forget()
            sandbox.run(action)
            made |= {(action["action"], call) for call in sandbox.calls() if call in table}
        said = {(action, call) for call, names in table.items() for action in names}
        self.assertEqual(made, said - NOT_SHOWN_HERE)


if __name__ == "__main__":
    unittest.main()
