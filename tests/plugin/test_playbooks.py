"""The sample playbooks: their files fit together and to the app, and only an answered prompt leads to an act."""
import copy
import json
import unittest

import view_data as data
from playbook_check import problems_of
from playbook_model import ACTIONS, ROOT, Playbook
from playbook_run import Rules, answered, failed, result

NAMES = ("threatlocker_approval", "threatlocker_ask_only")
FILES = {
    name: (
        (ROOT / "plugin" / "playbooks" / (name + ".py")).read_text(),
        json.loads((ROOT / "plugin" / "playbooks" / (name + ".json")).read_text()),
    )
    for name in NAMES
}
ASK = {"threatlocker_approval": "ask_threatlocker_approver", "threatlocker_ask_only": "ask_for_threatlocker_chain"}
SOURCE, DATA = FILES["threatlocker_approval"]

MESSAGE = "File: C:\\{odd}\\setup.exe\nPermit as: a new application\nthreatlocker-seal:v1:abc"
ARTIFACT = {"id": 7, "cef": {"approvalRequestId": data.REQUEST_ID, "organizationId": data.REQUEST["organizationId"]}}
PREPARED = {"message": MESSAGE, "choices": ["Permit", "Reject", "Ignore"], "request_id": data.REQUEST_ID}


def table(name, answer, **changes):
    return {
        "get_request_1": [result([data.REQUEST])],
        "match_applications_1": [result([])],
        "prepare_prompt_1": [result([PREPARED])],
        ASK[name]: [answer],
        "resolve_prompt_1": [result([{"outcome": "permitted"}], message="Permitted and verified")],
        **changes,
    }


def run(name="threatlocker_approval", answer=None, artifacts=(ARTIFACT,), keep=True, **changes):
    return Rules(table(name, answer or answered("Permit"), **changes), list(artifacts), keep).run(FILES[name][0])


def acted(rules):
    return [action for action, _ in rules.acts]


def prepared(rules):
    return next((parameters[0] for action, parameters in rules.acts if action == "prepare prompt"), None)


class Files(unittest.TestCase):
    def test_fit_together_and_to_the_app(self):
        for name in NAMES:
            with self.subTest(playbook=name):
                self.assertEqual(problems_of(*FILES[name]), [])

    def test_are_envelopes_that_soar_can_run(self):
        for name in NAMES:
            envelope = FILES[name][1]
            self.assertEqual(
                set(envelope),
                {"blockly", "blockly_xml", "category", "coa", "create_time", "draft_mode", "labels", "tags"},
            )
            self.assertEqual(
                set(envelope["coa"]),
                {"data", "input_spec", "output_spec", "playbook_type", "python_version", "schema", "version"},
            )
            self.assertFalse(envelope["draft_mode"])
            self.assertLessEqual({"description", "notes", "hash", "nodes", "edges"}, set(envelope["coa"]["data"]))

    def test_the_prompts_have_names_of_their_own(self):
        names = [block.name for name in NAMES for block in Playbook.load(name).blocks.values() if block.prompt]
        self.assertEqual(sorted(names), sorted(ASK.values()))

    def test_say_who_acts(self):
        for name, executor in (("threatlocker_approval", "playbook"), ("threatlocker_ask_only", "chain:night-shift")):
            self.assertEqual(prepared(run(name))["executor"], executor)

    def test_say_that_nobody_tried_them_on_a_live_soar(self):
        for name in NAMES:
            self.assertIn("never imported into a live SOAR", FILES[name][0])


def replaced(old, new, count=1):
    """A change of the Python; the text must be there, or the mutant would be none."""

    def change(source, envelope):
        assert source.count(old) >= 1, old
        return source.replace(old, new, count), envelope

    return change


def redrawn(function, change):
    """A change of one node's data in the JSON."""

    def apply(source, envelope):
        envelope = copy.deepcopy(envelope)
        change(
            next(
                node["data"]
                for node in envelope["coa"]["data"]["nodes"].values()
                if node["data"]["functionName"] == function
            )
        )
        return source, envelope

    return apply


def edge_to_nowhere(source, envelope):
    envelope = copy.deepcopy(envelope)
    envelope["coa"]["data"]["edges"][3]["targetNode"] = "99"
    return source, envelope


STATUS = '["ask_threatlocker_approver:action_result.status", "==", "success"]'
PERMIT = '["ask_threatlocker_approver:action_result.summary.responses.0", "==", "Permit"]'
DECIDES = (
    "    # check for 'if' condition 1\n    found_match_1 = phantom.decision(\n        container=container,\n"
    "        conditions=[\n            " + STATUS
)
PASSED = "(action=action, success=success, container=container, results=results, handle=handle)"

# what is wrong with it: (the change, a part of what must be said)
MUTANTS = {
    "a callback that does not exist": (replaced("callback=check_facts", "callback=check_fact"), "no such callback"),
    "a block that is not drawn": (replaced("def note_left(", "def note_lost("), "blocks of one file only"),
    "an edge that joins nothing": (edge_to_nowhere, "joins no nodes"),
    "another call than the edge": (replaced("note_not_prepared(action", "note_left(action"), "edges of one file only"),
    "another app": (redrawn("resolve_prompt_1", lambda node: node.update(connectorId="0")), "connectorId"),
    "another asset": (
        redrawn("resolve_prompt_1", lambda node: node.update(connectorConfigs=["other"])),
        "connectorConfigs",
    ),
    "an action of another type": (
        redrawn("resolve_prompt_1", lambda node: node.update(actionType="generic")),
        "actionType",
    ),
    "an action that the app has not": (
        replaced('act("match applications"', 'act("match files"'),
        "the app has no action",
    ),
    "a parameter that the action has not": (
        replaced('"prompt_name": "ask', '"prompt": "ask'),
        "has no parameter prompt",
    ),
    "a required parameter left out": (replaced('"executor": "playbook",', ""), "parameter executor is missing"),
    "a value that is not offered": (replaced('"scope": "computer"', '"scope": "planet"'), "scope cannot be planet"),
    "an output that the action has not": (replaced("data.*.requestKind", "data.*.kind", 9), "no output of its action"),
    "a field that no artifact has": (replaced("cef.approvalRequestId", "cef.requestId", 9), "no such field"),
    "a question that was not asked": (replaced("responses.0", "responses.1", 9), "no output of a prompt"),
    "another condition than the drawn one": (replaced('"==", "matching"', '"==", "existing"'), "condition 0 differs"),
    "other words than the drawn ones": (
        redrawn(
            "ask_threatlocker_approver", lambda node: node["responses"][0].update(responseOptions=["Permit", "Deny"])
        ),
        "the questions differ",
    ),
    "a text of its own around the sealed one": (
        replaced('"""{0}"""', '"""Please decide: {0}"""'),
        "the text is not the prepared one",
    ),
    "an unnamed custom code": (replaced("paths[0].replace", '("x" + paths[0]).replace'), "custom code differs"),
    "run data that nobody saves": (
        replaced('save_run_data(key="choose_application:name"', 'save_run_data(key="choose_application:title"'),
        "run data",
    ),
    "a note of another title": (replaced('title="ThreatLocker: nobody answered"', 'title="Done"'), "the titles differ"),
    "Python of a later time": (
        replaced("    user = None\n", "    match 1:\n        case _:\n            user = None\n"),
        "not Python 3.9",
    ),
    # and those that matter most
    "no look at the prompt at all": (
        replaced("callback=check_answered", "callback=resolve_prompt_1"),
        "without an accepted answer",
    ),
    "no look at the status": (replaced("callback=check_answered", "callback=check_answer"), "before it knows"),
    "the status compared by what it is not": (
        replaced(STATUS, STATUS.replace('"==", "success"', '"!=", "failed"')),
        "before it knows",
    ),
    "the status or the answer": (
        replaced(
            "        conditions=[\n            " + STATUS,
            '        logical_operator="or",\n        conditions=[\n            ' + STATUS + ",\n            " + PERMIT,
        ),
        "before it knows",
    ),
    "the answer before the status, in one condition": (
        replaced(STATUS, PERMIT + ",\n            " + STATUS),
        "before it knows",
    ),
    "the answer first, then the status": (
        lambda source, envelope: (
            source.replace("callback=check_answered", "callback=check_answer")
            .replace("check_answer" + PASSED, "RESOLVE")
            .replace("resolve_prompt_1" + PASSED, "check_answered" + PASSED)
            .replace("RESOLVE", "resolve_prompt_1" + PASSED),
            envelope,
        ),
        "before it knows",
    ),
    "an act without an answer": (
        replaced("note_not_answered" + PASSED, "resolve_prompt_1" + PASSED),
        "without an accepted answer",
    ),
    "an act on any answer": (
        replaced("note_not_understood" + PASSED, "resolve_prompt_1" + PASSED),
        "without an accepted answer",
    ),
    "an act on what is no rejection": (
        replaced(PERMIT, PERMIT.replace('"==", "Permit"', '"!=", "Reject"')),
        "without an accepted answer",
    ),
    "an act beside the condition": (
        replaced(DECIDES, "    resolve_prompt_1(container=container)\n" + DECIDES),
        "without an accepted answer",
    ),
    "an act where the condition does not hold": (
        replaced(
            "check_answer" + PASSED + "\n        return\n",
            "check_answer" + PASSED + "\n        return\n    else:\n        resolve_prompt_1" + PASSED + "\n",
        ),
        "without an accepted answer",
    ),
    "a condition turned round": (
        replaced("if found_match_1:\n        resolve_prompt_1", "if not found_match_1:\n        resolve_prompt_1"),
        "without an accepted answer",
    ),
    "a condition that always holds": (
        replaced(
            "    if found_match_1:\n        check_answer(",
            "    found_match_1 = True\n    if found_match_1:\n        check_answer(",
        ),
        "before it knows",
    ),
    "an act before anybody was asked": (
        replaced("callback=check_prepared", "callback=resolve_prompt_1"),
        "without an accepted answer",
    ),
    "a second act in a block": (
        replaced("    phantom.add_note(", '    phantom.act("permit request", parameters=[])\n    phantom.add_note('),
        "does more than one thing",
    ),
    "a call that nobody knows": (
        replaced("    phantom.add_note(", "    phantom.requests.post('/rest/container')\n    phantom.add_note("),
        "phantom.requests.post",
    ),
    "another write": (replaced('act("resolve prompt"', 'act("permit request"'), "by resolve prompt alone"),
    "an answer read where nobody answered": (
        replaced(
            'note_not_answered() called")\n',
            'note_not_answered() called")\n'
            '    phantom.collect2(container=container, datapath=["%s"])\n' % PERMIT.split('"')[1],
        ),
        "before it knows",
    ),
}


class Mutants(unittest.TestCase):
    def test_are_all_found(self):
        for what, (change, said) in MUTANTS.items():
            with self.subTest(mutant=what):
                self.assertIn(said, "\n".join(problems_of(*change(SOURCE, DATA))))


class Approval(unittest.TestCase):
    def test_asks_with_the_prepared_text_as_it_is(self):
        rules = run()
        self.assertEqual(
            rules.prompts,
            [
                {
                    "name": "ask_threatlocker_approver",
                    "message": MESSAGE,
                    "role": "Administrator",
                    "choices": PREPARED["choices"],
                }
            ],
        )

    def test_resolves_what_was_answered_with_an_offered_word(self):
        for word in PREPARED["choices"]:
            with self.subTest(answer=word):
                rules = run(answer=answered(word))
                self.assertEqual(
                    rules.acts[-1],
                    ("resolve prompt", [{"prompt_name": "ask_threatlocker_approver", "request_id": data.REQUEST_ID}]),
                )
                self.assertEqual(acted(rules).count("resolve prompt"), 1)
                self.assertEqual(
                    rules.notes, [("ThreatLocker: what came of the answer", "```\nPermitted and verified\n```")]
                )

    def test_nothing_else_reaches_resolve_prompt(self):
        ends = {
            "expired": result(status="failed", message="Prompt timed out"),
            "expired, with an answer all the same": result(status="failed", responses=["Permit"]),
            "denied": result(status="failed", message="denied", responses=["Permit"], user="analyst"),
            "an unknown status": result(status="answered", responses=["Permit"]),
            "no status": result(status=None, responses=["Permit"]),
            "no answer": result(responses=[]),
            "an empty answer": answered(""),
            "a word that was not offered": answered("Approve"),
            "a word within others": answered("do not Permit"),
            "another case": answered("permit"),
            "an answer of another type": answered(True),
            "the word as a later answer": answered("", "Permit"),
        }
        for what, answer in ends.items():
            with self.subTest(prompt=what):
                rules = run(answer=answer)
                self.assertEqual(acted(rules), ["get request", "match applications", "prepare prompt"])
                self.assertEqual(len(rules.prompts), 1)
                self.assertEqual(len(rules.notes), 1)
        rules = run(**{"ask_threatlocker_approver": []})
        self.assertNotIn("resolve prompt", acted(rules))

    def test_asks_nobody_where_something_failed(self):
        for block in ("get_request_1", "match_applications_1", "prepare_prompt_1"):
            for results in ([failed("network: no way there")], []):
                with self.subTest(block=block, results=results):
                    rules = run(**{block: results})
                    self.assertEqual(rules.prompts, [])
                    self.assertNotIn("resolve prompt", acted(rules))
                    self.assertEqual([title for title, _ in rules.notes], ["ThreatLocker: nobody was asked"])

    def test_tells_why_it_could_not_be_resolved(self):
        rules = run(resolve_prompt_1=[failed("left: the `file` changed")])
        self.assertEqual(rules.notes, [("ThreatLocker: what came of the answer", "```\nleft: the 'file' changed\n```")])


class Choice(unittest.TestCase):
    """What a yes would permit; the same in both playbooks."""

    def chosen(self, matches, rows=(data.REQUEST,), **options):
        found = []
        for name in NAMES:
            for keep in (True, False):
                rules = run(
                    name, get_request_1=[result(rows)], match_applications_1=[result(matches)], keep=keep, **options
                )
                found.append(
                    (prepared(rules), [content for title, content in rules.notes if "nobody was asked" in title])
                )
        for choice, notes in found:
            self.assertEqual(bool(choice), not notes)
        choices = [{**choice, "executor": ""} if choice else notes[0] for choice, notes in found]
        self.assertTrue(all(choice == choices[0] for choice in choices), choices)
        return choices[0]

    def test_is_the_one_application_of_the_organizations_own(self):
        for matches in ([data.OWN], [data.BUILTIN, data.OWN], [data.OWN, data.OWN]):
            choice = self.chosen(matches)
            self.assertEqual(
                (choice["application"], choice["application_id"], choice["scope"], choice["hash_rule"]),
                ("matching", data.OWN["applicationId"], "computer", False),
            )

    def test_is_a_new_one_for_this_file_where_none_matches(self):
        choice = self.chosen([])
        self.assertEqual(
            (choice["application"], choice["name"], choice["scope"], choice["hash_rule"]),
            ("new", "FieldServiceUpdater.exe", "computer", True),
        )
        unix = self.chosen([], [data.with_members(data.REQUEST, path="/opt/example/updater")])
        self.assertEqual(unix["name"], "updater")

    def test_is_left_to_a_person_where_it_is_not_clear(self):
        other = data.with_members(data.OWN, applicationId="0f000000-0000-4000-8000-000000000203")
        second = data.with_members(data.REQUEST, approvalRequestId="0e000000-0000-4000-8000-000000001002")
        for matches, rows, why in (
            ([data.OWN, other], [data.REQUEST], "Several applications"),
            ([data.BUILTIN], [data.REQUEST], "Only built-in"),
            ([data.with_members(data.OWN, isBuiltIn=None)], [data.REQUEST], "Only built-in"),
            ([], [data.REQUEST, second], "exactly one request"),
            ([], [], "exactly one request"),
            ([], [data.with_members(data.REQUEST, requestKind="elevation")], "exactly one request"),
            ([], [data.with_members(data.REQUEST, path=None)], "exactly one request"),
        ):
            with self.subTest(why=why):
                self.assertIn(why, self.chosen(matches, rows))


class AskOnly(unittest.TestCase):
    def test_acts_on_no_answer(self):
        for answer in (answered("Permit"), answered("Reject"), failed("timed out"), answered()):
            rules = run("threatlocker_ask_only", answer)
            self.assertEqual(acted(rules), ["get request", "match applications", "prepare prompt"])
            self.assertEqual(len(rules.prompts), 1)
            title = rules.notes[0][0]
            self.assertEqual(
                title,
                "ThreatLocker: the chain acts now"
                if answer["status"] == "success"
                else "ThreatLocker: nobody answered",
            )

    def test_writes_nothing_at_all(self):
        blocks = Playbook.load("threatlocker_ask_only").blocks.values()
        for action in (block.act["0"].value for block in blocks if block.act):
            self.assertTrue(ACTIONS[action]["read_only"], action)


if __name__ == "__main__":
    unittest.main()
