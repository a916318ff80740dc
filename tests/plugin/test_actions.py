"""Every action of the manifest through the real shim and the real library against the sandbox, as SOAR runs it."""
import json
import os
import unittest

import platform_host
from sandboxed import HASH, Sandboxed, of, request_id

NEW = {"application": "new", "name": "Field tool", "hash_rule": True}
WRITES = [
    ("permit_request", of(1001, 42, **NEW), "permit", "RequestPermitApplication"),
    ("reject_request", of(1004, 42, reason="No {0} licence"), "reject", "UpdateForReject"),
    ("ignore_request", of(1008, 44), "ignore", "UpdateForIgnore"),
    ("take_ownership", of(1002, 42), "ownership", "UpdateForTakeOwnership"),
    ("authorize_request", of(1012, 43), "authorize", "AuthorizeForPermit"),
    ("permit_storage_request", of(1006, 42, policy="new", name="Sticks"), "storage", "PermitStorageApproval"),
]


def leaves(value, path):
    """Yields (data path, type) of all that a value holds."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, "{0}.{1}".format(path, name))
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, path + ".*")
    else:
        yield path, ("boolean" if isinstance(value, bool) else "numeric" if isinstance(value, (int, float)) else
                     "string" if isinstance(value, str) else type(value).__name__)


class Outputs(Sandboxed):
    def setUp(self):
        super().setUp()
        self.seen = {action["identifier"]: set() for action in platform_host.read_manifest()["actions"]}

    def take(self, run):
        outcome = super().take(run)
        seen = self.seen[outcome.answer["identifier"]]
        for result in outcome.results:
            seen.update(leaves({"data": result["data"], "summary": result["summary"], "parameter": result["parameter"],
                                "status": result["status"], "message": result["message"]}, "action_result"))
            self.assertIn(result["status"], ("success", "failed"))
        summary = outcome.answer["result_summary"]
        seen.update(leaves({name: summary[name] for name in ("total_objects", "total_objects_successful")}, "summary"))
        return outcome

    def read_everything(self):
        self.succeed("test_connectivity")
        self.succeed("count_requests", {"organization_id": self.sandbox.organization_id, "children": True})
        self.succeed("list_requests", {"status": "pending", "search": "", "organization_id": "", "children": True,
                                       "limit": 0.0})
        self.succeed("list_requests", {"status": "approved"})
        for number in (1001, 1004, 1009):
            self.succeed("get_request", of(number, 42))
        self.succeed("get_permit_details", of(1001, 42))
        self.succeed("match_applications", of(1001, 42))
        organization = of(0, 42)["organization_id"]
        self.succeed("list_applications", {"search": "", "os": "windows", "organization_id": organization})
        self.succeed("list_maintenance_applications", {"os": "windows", "organization_id": organization})
        self.succeed("get_research", {"application_id": "0f000000-0000-4000-8000-000000000101"})
        self.succeed("list_organizations", {"search": ""})
        self.succeed("list_computer_groups", {"os": "all", "organization_id": organization})
        self.succeed("get_storage_request", of(1006, 42))
        self.succeed("get_file", of(1011, 10, max_bytes="1000000"), container_id=42)
        self.succeed("on_poll", platform_host.SCHEDULED)

    def work_prompts(self):
        every_choice = of(1003, 43, executor="playbook", application="new", application_id="", name="Field tool",
                          scope="computer", group_id="", hash_rule=True, rules="", rules_only=False, mode="manual",
                          elevate="", elevate_hours="", expires_hours=48.0, ticket="INC-1", comments="c", response="r",
                          notify=False, choices="")
        prepared = self.succeed("prepare_prompt", every_choice)
        asked = self.sandbox.post("prompt", approvalRequestId=request_id(1003), message=prepared.data[0]["message"],
                                  name="ask_approver")
        self.sandbox.post("answer", approval=asked["approval"], responses=["Permit", ""], by="analyst")
        self.refuse_once("RequestPermitApplication")
        self.fail_with("Refused", "resolve_prompt", {"approval_id": asked["approval"], "container_id": asked["container"],
                                                     "prompt_name": "ask_approver", "request_id": request_id(1003)})
        labelled = [{"label": "Here", "choice": {"application": "new", "name": "Field tool", "rules": [{"hash": HASH}]}}]
        prepared = self.succeed("prepare_prompt", of(1003, 43, choices=json.dumps(labelled)))
        self.assertEqual("Here", prepared.data[0]["choices"][0])
        asked = self.sandbox.post("prompt", approvalRequestId=request_id(1003), message=prepared.data[0]["message"],
                                  response_types=[{"prompt": "Decision", "options": {
                                      "type": "list", "choices": ["Here", "Reject", "Ignore"]}}])
        self.sandbox.post("answer", approval=asked["approval"], responses=["Here"], by="analyst")
        resolved = self.succeed("resolve_prompt", {"approval_id": float(asked["approval"])})
        self.assertEqual(("permitted", "Here"), (resolved.summary["outcome"], resolved.data[0]["label"]))
        self.succeed("get_prompt", {"approval_id": str(asked["approval"])})
        self.succeed("list_prompts", {"status": "any", "container_id": "", "limit": 0})

    def refuse_once(self, endpoint):
        self.sandbox.post("fault", kind="status", status=417, match=endpoint, body=json.dumps(
            {"Message": "No {0}", "LoggerId": "09000000-0000-4000-8aaa-000000000077"}))

    def write_everything(self):
        optional = {"permit_request": dict(application_id="", group_id="", rules="", rules_only=False, mode="manual",
                                           elevate="", elevate_hours="", expires_hours="", ticket="", comments="",
                                           response="", notify=False, scope="computer"),
                    "reject_request": dict(subject="", notify=False), "ignore_request": dict(reason="", subject="", notify=False),
                    "authorize_request": dict(message=""),
                    "permit_storage_request": dict(policy_id="", scope="computer", group_id="", all_devices=False,
                                                   all_paths=False, expires_hours="", ticket="", comments="",
                                                   response="", notify=False)}
        for identifier, parameters, _, endpoint in WRITES:
            dry = dict(optional.get(identifier, {}), **parameters, dry_run=True)
            preview = self.succeed(identifier, dry)
            self.assertEqual("preview", preview.summary["outcome"])
            json.loads(preview.data[0]["body_json"])
            self.refuse_once(endpoint)
            self.fail_with("Refused", identifier, parameters)
            self.succeed(identifier, parameters)

    def test_each_declared_output_occurs_and_no_other(self):
        self.read_everything()
        self.work_prompts()
        self.write_everything()
        wrong = []
        for action in platform_host.read_manifest()["actions"]:
            if action["identifier"] in ("test_connectivity", "on_poll"):
                # Theirs are not shown anywhere; a poll's parameters are SOAR's.
                self.seen[action["identifier"]] = set()
            declared = {(output["data_path"], output["data_type"]) for output in action["output"]}
            seen = {(path, kind if "parameter" not in path else dict(declared).get(path, "undeclared"))
                    for path, kind in self.seen[action["identifier"]]}
            wrong += [(action["identifier"], "never seen", each) for each in sorted(declared - seen)]
            wrong += [(action["identifier"], "undeclared", each) for each in sorted(seen - declared)]
        self.assertEqual([], wrong)


class Writes(Sandboxed):
    def times(self, parameters, write):
        return self.sandbox.request(parameters["request_id"])["writes"][write]

    def test_a_dry_run_sends_nothing_and_a_second_write_says_that_it_is_done(self):
        for identifier, parameters, write, _ in WRITES:
            with self.subTest(identifier):
                self.succeed(identifier, dict(parameters, dry_run=True))
                self.assertEqual(0, self.times(parameters, write))
                self.assertTrue(self.succeed(identifier, parameters).summary["verified"])
                self.assertEqual(1, self.times(parameters, write))
                if identifier not in ("take_ownership", "authorize_request"):
                    again = self.succeed(identifier, parameters)
                    self.assertEqual("already_actioned", again.summary["outcome"])
                    self.assertEqual(1, self.times(parameters, write))

    def test_a_lost_reply_is_settled_by_reading_back(self):
        self.sandbox.post("fault", kind="drop_after_apply", match="RequestPermitApplication")
        self.assertEqual("permitted", self.succeed("permit_request", WRITES[0][1]).summary["outcome"])
        self.assertEqual(1, self.times(WRITES[0][1], "permit"))

    def test_writes_of_two_requests_at_once(self):
        permit, reject = WRITES[0][1], WRITES[1][1]
        runs = [self.host.start("permit_request", permit), self.host.start("reject_request", reject)]
        outcomes = [self.take(run) for run in runs]
        self.assertEqual(["permitted", "rejected"], [outcome.summary["outcome"] for outcome in outcomes])
        self.assertEqual((1, 1), (self.times(permit, "permit"), self.times(reject, "reject")))

    def test_the_same_permit_from_two_processes_is_applied_once(self):
        """SOAR locks on the request; without that, the server lets one of two pass."""
        self.sandbox.post("fault", kind="delay", match="GetPermitApplicationById", ms=300, times=2)
        permit = WRITES[0][1]
        outcomes = [self.take(run) for run in [self.host.start("permit_request", permit) for _ in range(2)]]
        self.assertIn("permitted", [outcome.summary["outcome"] for outcome in outcomes])
        self.assertEqual(1, self.times(permit, "permit"))


class Vault(Sandboxed):
    def test_a_downloaded_file_is_in_the_vault_and_nowhere_else(self):
        outcome = self.succeed("get_file", of(1011, 10), container_id=42)
        kept, = self.host.kept("vault")
        self.assertEqual((42, kept["vault_id"]), (kept["container"], outcome.data[0]["vault_id"]))
        with open(self.host.path("vault", kept["vault_id"]), "rb") as file:
            self.assertEqual(outcome.data[0]["bytes"], len(file.read()))
        self.assertEqual([], self.leftovers())

    def leftovers(self):
        return os.listdir(self.host.path("tmp"))

    def test_what_goes_wrong_leaves_nothing(self):
        cases = [
            ("larger than allowed", dict(max_bytes=1), {}, None),
            ("vault is full", {}, {"vault_refuses": "the vault is full {x}"}, None),
            ("", {}, {}, dict(kind="truncate", match="_files", times=-1)),
        ]
        for part, parameters, settings, fault in cases:
            with self.subTest(part):
                self.sandbox.reset()
                self.host.set(**settings)
                if fault:
                    self.sandbox.post("fault", **fault)
                self.fail_with(part, "get_file", of(1011, 10, **parameters), container_id=42)
                self.assertEqual([], self.leftovers())
                self.assertEqual([], self.host.kept("vault"))


if __name__ == "__main__":
    unittest.main()
