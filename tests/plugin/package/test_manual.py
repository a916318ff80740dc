"""The manual's table of permissions names, for each of ThreatLocker's calls, the actions that make it."""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

import built

sys.path.insert(0, os.path.dirname(built.HERE))
import sandbox

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


def run(action, server):
    """Runs the action against the sandbox and returns ThreatLocker's calls that it made."""
    known = dict(MORE.get(action["identifier"], {}), request_id=REQUEST, organization_id=ORGANIZATION)
    config = {"base_url": server.portal, "api_token": server.token}
    server.call("DELETE", "calls")
    with tempfile.TemporaryDirectory() as folder:
        request = {"identifier": action["identifier"], "folder": folder, "container_id": 1,
                   "parameters": {name: known[name] for name in known if name in action["parameters"]}}
        subprocess.run([built.PYTHON, "-B", os.path.join(built.HERE, "drive.py"), built.LIBRARY,
                        json.dumps({"config": config, "asset_id": "1"}), json.dumps(request)],
                       check=True, capture_output=True)
    return {call["path"].rsplit("/", 1)[-1] for call in server.calls()}


class Manual(unittest.TestCase):
    def test_actions_make_the_calls_that_the_manual_says(self):
        with open(os.path.join(built.SOURCE, "manifests/threatlocker.json"), encoding="utf-8") as file:
            actions = json.load(file)["actions"]
        table, made = documented(), set()
        with sandbox.Sandbox() as server:
            for action in actions:
                made |= {(action["action"], call) for call in run(action, server) if call in table}
        said = {(action, call) for call, names in table.items() for action in names}
        self.assertEqual(made, said - NOT_SHOWN_HERE)


if __name__ == "__main__":
    unittest.main()
