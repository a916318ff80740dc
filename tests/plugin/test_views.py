"""The views, rendered by Django: what people read, and what hostile data cannot do."""
import ast
import html.parser
import json
import re
import unittest
import xml.etree.ElementTree

import view_data as data
from views import APP, Container, Result, render, view

NAMES = ("get_request", "match_applications", "permit_request")
MANIFEST = json.loads((APP.parents[1] / "manifests" / "threatlocker.json").read_text())
ROWS = {
    "get_request": [data.REQUEST],
    "match_applications": [data.BUILTIN, data.OWN],
    "permit_request": [data.PERMITTED, data.PREVIEW],
}


class Page(html.parser.HTMLParser):
    """The text that people see, the elements with their attributes, and the calls behind SOAR's menus."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.words, self._open = [], [], []
        self.feed(page)
        self.close()
        self.text = re.sub(r"\s+", " ", "".join(self.words))
        self.menus = [attrs["onclick"] for _, attrs in self.elements if "onclick" in attrs]

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag):
        while self._open and self._open.pop() != tag:
            pass
        if tag in ("dt", "dd", "p", "td", "th", "span", "div", "summary", "pre"):
            self.words.append(" ")

    def handle_data(self, text):  # pylint: disable=arguments-renamed  # `data` is a module here
        if not self._open or self._open[-1] not in ("style", "script"):
            self.words.append(text)


MENU = re.compile(
    r"context_menu\(this, \[\{'contains': \['([a-z0-9 ]+)'\], 'value': '([^'\\\n]*(?:\\u[0-9A-F]{4}[^'\\\n]*)*)' \}\], "
    r"0, (\d+), null, false\);$"
)


def menus_of(page):
    """{contains: [value, ...]}; fails on a call of any other form."""
    found = {}
    for call in page.menus:
        match = MENU.match(call)
        if match is None:
            raise AssertionError("not the call that was meant: " + call)
        found.setdefault(match.group(1), []).append(json.loads('"' + match.group(2).replace('"', '\\"') + '"'))
    return found


def shape_of(page):
    """Its elements with the names of their attributes: what data must not be able to change."""
    return [(tag, sorted(attrs)) for tag, attrs in page.elements]


class Reads(unittest.TestCase):
    def assertReads(self, page, *texts):
        for text in texts:
            self.assertIn(text, page.text)


class GetRequest(Reads):
    def page(self, row, **result):
        return Page(render("get_request", Result([row], **result)))

    def test_shows_who_wants_what_where_and_why(self):
        page = self.page(data.REQUEST, message="Request read")
        self.assertReads(
            page,
            "FieldServiceUpdater.exe",
            "Pending",
            "application",
            "Request read",
            "Front desk needs version 4.2 of the scheduling tool.",
            "EXAMPLEDENTAL\\m.rivera",
            "WS-0042",
            "Example Dental Group",
            data.REQUEST["path"],
            "4.8 MB (4823552 bytes)",
            data.SHA256,
            data.HASH,
            "C:\\Windows\\explorer.exe",
            "C:\\Windows\\System32\\msiexec.exe",
            "Default Deny - Workstations",
            "2026-06-23 14:05:12Z",
            data.REQUEST_ID,
        )
        self.assertNotIn("Failed", page.text)

    def test_names_a_valid_signer_before_one_that_does_not_hold(self):
        self.assertReads(
            self.page(data.REQUEST), "CN=Example Field Service Ltd; CN=Old Example Signer (signature not valid)"
        )

    def test_says_that_nobody_signed(self):
        row = data.with_members(data.REQUEST, threatLockerActionDto={"certs": []})
        self.assertReads(self.page(row), "Signed by Nobody that is named")

    def test_leaves_out_what_is_not_there(self):
        page = self.page({"approvalRequestId": data.REQUEST_ID, "statusId": 1})
        for label in ("Ticket", "Decided by", "SHA-256", "None", "null"):
            self.assertNotIn(label, page.text)

    def test_knows_the_words_for_statuses(self):
        words = {1: "Pending", 4: "Approved", 10: "Rejected or ignored", 13: "Escalated", 99: "Status 99", None: ""}
        for number, word in words.items():
            with self.subTest(status=number):
                self.assertReads(self.page(data.with_members(data.REQUEST, statusId=number)), word)

    def test_opens_menus_for_what_other_actions_take(self):
        menus = menus_of(self.page(data.REQUEST))
        self.assertEqual(menus["sha256"], [data.SHA256])
        self.assertEqual(menus["host name"], ["WS-0042"])
        self.assertEqual(menus["user name"], ["EXAMPLEDENTAL\\m.rivera"])
        self.assertEqual(menus["file path"], [data.REQUEST["path"], "C:\\Windows\\explorer.exe"])
        self.assertEqual(menus["threatlocker approval request id"], [data.REQUEST_ID])
        self.assertEqual(menus["threatlocker organization id"], [data.REQUEST["organizationId"]])

    def test_shows_every_result_of_a_run(self):
        page = Page(
            render("get_request", Result([data.REQUEST]), Result([data.with_members(data.REQUEST, hostname="WS-0043")]))
        )
        self.assertReads(page, "WS-0042", "WS-0043")


class MatchApplications(Reads):
    def page(self, *rows, **result):
        return Page(render("match_applications", Result(rows, param={"request_id": data.REQUEST_ID}, **result)))

    def test_marks_what_is_built_in(self):
        page = self.page(data.BUILTIN, data.OWN)
        self.assertReads(
            page,
            "2 matching applications",
            "Example Field Service (Built-In)",
            "Built-in",
            "master",
            "Field Service App",
            "Example Dental Group",
            "for a whole organization only",
        )
        self.assertEqual(page.text.count(" Built-in "), 1)
        self.assertEqual(
            menus_of(page)["threatlocker application id"], [data.BUILTIN["applicationId"], data.OWN["applicationId"]]
        )

    def test_takes_what_it_knows_nothing_of_for_built_in(self):
        row = data.with_members(data.OWN, organizationName=None, isBuiltIn=None)
        self.assertReads(self.page(row), "Built-in", "nobody that is named")

    def test_says_nothing_of_built_ins_where_there_are_none(self):
        page = self.page(data.OWN)
        self.assertReads(page, "1 matching application ")
        self.assertNotIn("Built-in", page.text)

    def test_shows_ratings_where_research_has_some(self):
        self.assertReads(
            self.page(data.BUILTIN, data.OWN),
            "Application Owner Research Id",
            "business 7 · review 5 · concern 2 · Business Software",
            "nothing known",
        )
        self.assertNotIn("Research", self.page(data.OWN).text)

    def test_says_that_nothing_matches(self):
        self.assertReads(self.page(), "No application matches this file")

    def test_shows_a_hundred(self):
        rows = [data.with_members(data.OWN, name="Application %03d" % number) for number in range(100)]
        page = self.page(*rows)
        self.assertReads(page, "100 matching applications", *(row["name"] for row in rows))


class PermitRequest(Reads):
    def page(self, row, **result):
        return Page(render("permit_request", Result([row], **result)))

    def test_shows_what_was_made_and_where_to_undo_it(self):
        page = self.page(data.PERMITTED)
        self.assertReads(
            page,
            "Permitted",
            "Read back and verified",
            data.PERMITTED["policy_id"],
            data.PERMITTED["application_id"],
            "api.approver@example.com",
            "2026-06-23 14:20:00Z",
            "To undo: In the ThreatLocker portal, Application Control > Policies: delete this policy.",
        )
        menus = menus_of(page)
        self.assertEqual(menus["threatlocker policy id"], [data.PERMITTED["policy_id"]])
        self.assertEqual(menus["threatlocker application id"], [data.PERMITTED["application_id"]])

    def test_says_when_it_was_not_verified(self):
        self.assertReads(self.page(data.with_members(data.PERMITTED, verified=False)), "Not verified")

    def test_has_no_undo_without_a_permit(self):
        for outcome in ("already_actioned", "refused", "unknown", "preview"):
            with self.subTest(outcome=outcome):
                row = data.with_members(data.PERMITTED, outcome=outcome)
                self.assertNotIn("To undo", self.page(row, status=outcome == "preview").text)

    def test_says_what_was_decided_already(self):
        row = data.with_members(data.PERMITTED, outcome="already_actioned", verified=False)
        self.assertReads(self.page(row), "Was permitted already", "To undo")
        self.assertReads(self.page(row, status=False), "Failed", "Already decided")

    def test_shows_a_dry_run_with_its_body(self):
        self.assertReads(self.page(data.PREVIEW), "Dry run: nothing was sent", data.PREVIEW["body_json"])

    def test_warns_where_the_outcome_is_unknown(self):
        row = data.with_members(data.PERMITTED, outcome="unknown", message="no reply came", verified=False)
        self.assertReads(
            self.page(row, status=False),
            "Failed",
            "Outcome unknown",
            "no reply came",
            "look at the request in the ThreatLocker portal before trying again",
        )

    def test_says_why_it_was_refused(self):
        row = {"outcome": "refused", "message": "the ceiling allows scope computer", "code": "invalid"}
        self.assertReads(
            self.page(row, status=False, message="Refused: the ceiling"),
            "Failed",
            "Refused",
            "the ceiling allows scope computer",
        )


class AnyView(Reads):
    def test_shows_the_message_of_a_failure(self):
        for name in NAMES:
            with self.subTest(view=name):
                page = Page(
                    render(
                        name,
                        Result(
                            status=False,
                            message="permission: the token may not do this",
                            param={"request_id": data.REQUEST_ID},
                        ),
                    )
                )
                self.assertReads(page, "Failed", "permission: the token may not do this", data.REQUEST_ID)
                self.assertNotIn("No application matches", page.text)

    def test_has_a_word_for_a_run_without_results(self):
        for name in NAMES:
            self.assertReads(Page(render(name)), "This action has no result.")

    def test_opens_menus_in_the_container_that_it_is_shown_in(self):
        for container, number in ((Container, "4711"), ({"id": 4711}, "4711"), (4711, "4711"), (None, "0")):
            for name in NAMES:
                page = Page(render(name, Result(ROWS[name]), container=container))
                self.assertTrue(page.menus)
                self.assertEqual({MENU.match(call).group(3) for call in page.menus}, {number})

    def test_survives_data_of_any_shape(self):
        junk = [
            None,
            5,
            "text",
            [],
            {},
            [[]],
            {"threatLockerActionDto": "text", "path": ["a"], "statusId": {}},
            {"threatLockerActionDto": {"certs": "x", "installedBy": 7, "size": True}, "statusId": [1]},
            {"research": ["x"], "name": {"a": 1}, "outcome": ["permitted"], "policy_id": {}, "body_json": {}},
            {"threatLockerActionDto": {"certs": [1, {"subject": 5}], "size": float("nan")}, "statusId": float("nan")},
        ]
        for name in NAMES:
            for each in junk:
                with self.subTest(view=name, data=each):
                    render(name, Result([each], param=None))
            render(name, Result(junk))

    def test_text_from_servers_changes_no_markup(self):
        for name in NAMES:
            rows = ROWS[name]
            plain = Page(
                render(name, Result(data.filled(rows, "plain"), message="plain", param={"request_id": "plain"}))
            )
            for attack in data.ATTACKS + data.MORE_ATTACKS:
                with self.subTest(view=name, attack=attack):
                    source = render(
                        name, Result(data.filled(rows, attack), message=attack, param={"request_id": attack})
                    )
                    page = Page(source)
                    self.assertEqual(shape_of(page), shape_of(plain))
                    values = {value for values in menus_of(page).values() for value in values}
                    self.assertEqual(values, {attack.replace("\ud800", "?")})

    def test_the_strings_of_splunks_static_tests_are_harmless(self):
        successes = [
            "<script>alert('hi')",
            "<a href=javascript:alert(document.cookie)",
            "onerror=alert('1')",
            '"http://attacker/some.js"',
        ]
        for name in NAMES:
            for attack, success in zip(data.ATTACKS, successes):
                page = render(name, Result(data.filled(ROWS[name], attack), message=attack))
                self.assertNotIn(success, page)

    def test_shows_what_hides_or_reorders_text(self):
        page = Page(
            render("get_request", Result([data.with_members(data.REQUEST, path=data.REVERSED, hostname="WS\u200b-1")]))
        )
        self.assertReads(page, "invoice\ufffdfdp.exe", "WS\ufffd-1")
        self.assertNotIn("\u202e", page.text)

    def test_keeps_text_that_runs_right_to_left_whole_and_apart(self):
        source = render("get_request", Result([data.with_members(data.REQUEST, path=data.HEBREW)]))
        self.assertIn("<bdi>" + data.HEBREW + "</bdi>", source)

    def test_caps_long_texts_and_says_so(self):
        page = Page(render("get_request", Result([data.with_members(data.REQUEST, requestorReasonText="x" * 5000)])))
        self.assertIn("x" * view.MAX_TEXT + "…", page.text)
        self.assertNotIn("x" * (view.MAX_TEXT + 1), page.text)

    def test_shows_long_paths_whole(self):
        self.assertReads(
            Page(render("get_request", Result([data.with_members(data.REQUEST, path=data.LONG_PATH)]))), data.LONG_PATH
        )


def outputs_of(name):
    """The data that the manifest declares for the action of a view: {path below the row: contains}."""
    return {
        output["data_path"][len("action_result.data.*.") :]: output.get("contains", [])
        for action in MANIFEST["actions"]
        if action["identifier"] == name
        for output in action["output"]
        if output["data_path"].startswith("action_result.data.*.")
    }


def paths_of(value, path=""):
    if isinstance(value, dict):
        return {each for name, inner in value.items() for each in paths_of(inner, f"{path}.{name}" if path else name)}
    if isinstance(value, list):
        return {each for inner in value for each in paths_of(inner, path + ".*")}
    return {path}


class Manifest(unittest.TestCase):
    def test_declares_what_these_tests_show(self):
        for name, rows in ROWS.items():
            for row in rows:
                self.assertLessEqual(paths_of(row), set(outputs_of(name)), name)

    def test_declares_the_kinds_that_the_menus_name(self):
        for name, rows in ROWS.items():
            declared = {kind for contains in outputs_of(name).values() for kind in contains}
            menus = menus_of(Page(render(name, Result(data.filled(rows, "x")))))
            self.assertLessEqual(set(menus), declared, name)


class Templates(unittest.TestCase):
    def setUp(self):
        self.sources = {name: (APP / (name + ".html")).read_text() for name in NAMES}

    def test_the_manifest_names_each_view(self):
        named = {
            action["render"]["view"]
            for action in MANIFEST["actions"]
            if action.get("render", {}).get("type") == "custom"
        }
        self.assertEqual(named, {"threatlocker_view." + name for name in NAMES})

    def test_the_views_are_python_that_each_soar_runs(self):
        tree = ast.parse((APP / "threatlocker_view.py").read_text(), feature_version=(3, 9))
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        self.assertLessEqual(imported, {"re", "unicodedata"})

    def test_begin_as_soar_wants_it(self):
        for source in self.sources.values():
            self.assertTrue(
                source.startswith("{% extends 'widgets/widget_template.html' %}\n{% load custom_template %}\n")
            )

    def test_never_stop_escaping(self):
        for source in self.sources.values():
            self.assertIsNone(re.search(r"autoescape|\|\s*safe|mark_safe", source))

    def test_escape_for_scripts_what_stands_in_a_call(self):
        for source in self.sources.values():
            for call in re.findall(r'onclick="([^"]*)"', source):
                for variable in re.findall(r"{{(.*?)}}", call):
                    self.assertRegex(variable, r"\|escapejs $")

    def test_load_nothing_from_elsewhere(self):
        for source in self.sources.values():
            self.assertIsNone(re.search(r"https?:|//[a-z]|@import|<link|<script|<img|<iframe", source))

    def test_share_one_style(self):
        styles = {re.search(r"<style>.*</style>", source, re.S).group(0) for source in self.sources.values()}
        self.assertEqual(len(styles), 1)


class Logos(unittest.TestCase):
    def setUp(self):
        self.logos = [APP / MANIFEST["logo"], APP / MANIFEST["logo_dark"]]

    def test_are_vector_drawings_of_a_known_size(self):
        for logo in self.logos:
            root = xml.etree.ElementTree.fromstring(logo.read_bytes())
            self.assertEqual(root.tag, "{http://www.w3.org/2000/svg}svg")
            self.assertEqual(
                (root.get("width"), root.get("height"), root.get("viewBox")), ("128", "128", "0 0 128 128")
            )

    def test_hold_neither_entities_nor_scripts_nor_anything_from_elsewhere(self):
        for logo in self.logos:
            self.assertIsNone(re.search(r"<!|<script|href|url\(|\son[a-z]+=|@import", logo.read_text()))

    def test_differ_by_their_colours_alone(self):
        light, dark = (logo.read_text() for logo in self.logos)
        self.assertNotEqual(light, dark)
        self.assertEqual(*(re.sub(r"#[0-9a-f]{6}", "#", source) for source in (light, dark)))


if __name__ == "__main__":
    unittest.main()
