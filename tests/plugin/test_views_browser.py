"""The views in a headless Chromium, in both themes, on a desk and on a phone: what can be seen, and how well.

The pictures lie in the folder that TL_PICTURES names (default: a temporary one), for the eye."""
import html
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import view_data as data
from views import HERE, Result, render

CHROMIUM = shutil.which("chromium")
SIZES = {"desk": (1100, 900), "phone": (390, 1400)}
PROBE = "<script>" + (HERE / "browser_probe.js").read_text() + "</script></body>"

ELEVATION = data.with_members(data.REQUEST, requestKind="elevation", statusId=13, path=data.LONG_PATH, hostname=data.HEBREW,
                              username=data.REVERSED)
MATCHES = [data.BUILTIN, data.OWN, data.with_members(data.OWN, name="A" * 200, organizationName=data.HEBREW)]
REFUSED = {"outcome": "refused", "request_id": data.REQUEST_ID, "code": "invalid",
           "message": "scope organization exceeds the asset's limit: computer"}
UNKNOWN = data.with_members(data.PERMITTED, outcome="unknown", verified=False, policy_id=None, message="no reply came")

# name: view, results, what must be seen
PAGES = {
    "request": ("get_request", [Result([data.REQUEST], "Request of WS-0042 read")],
                ["FieldServiceUpdater.exe", "Pending", "Front desk needs version 4.2", data.SHA256]),
    "request-odd": ("get_request", [Result([ELEVATION])], ["Escalated", "elevation", "setup.exe", data.HEBREW]),
    "request-failed": ("get_request", [Result(status=False, message="not_found: no such request",
                                              param={"request_id": data.REQUEST_ID})], ["Failed", "no such request"]),
    "matches": ("match_applications", [Result(MATCHES, "3 applications match", param={"request_id": data.REQUEST_ID})],
                ["3 matching applications", "Built-in", "Field Service App", data.OWN["applicationId"]]),
    "matches-none": ("match_applications", [Result([], "No application matches")], ["No application matches this file"]),
    "matches-hundred": ("match_applications", [Result([data.with_members(data.OWN, name="Application %d" % n) for n in range(100)])],
                        ["100 matching applications", "Application 99"]),
    "permit": ("permit_request", [Result([data.PERMITTED], "Permitted and verified")],
               ["Permitted", "Read back and verified", data.PERMITTED["policy_id"], "To undo:"]),
    "permit-preview": ("permit_request", [Result([data.PREVIEW])], ["Dry run: nothing was sent", "toEntireOrganization"]),
    "permit-failed": ("permit_request", [Result([REFUSED], "Refused: " + REFUSED["message"], False),
                                         Result([UNKNOWN], "Nobody knows", False)],
                      ["Refused", "exceeds the asset's limit", "Outcome unknown", "before trying again"]),
}


def framed(page, size):
    """In a frame of that size, because a window of Chromium cannot be as narrow as a phone."""
    return ('<!doctype html><meta charset="utf-8"><body style="margin:0"><iframe style="border:0;width:%dpx;height:%dpx" srcdoc="%s">'
            "</iframe></body>" % (*size, html.escape(page.replace("</body>", PROBE))))


def browse(page, size, picture):
    """What the probe saw in this page; the picture is written beside."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(framed(page, size), encoding="utf-8")
        command = [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                   "--disable-background-networking", "--user-data-dir=" + folder + "/profile",
                   "--window-size=%d,%d" % size, "--virtual-time-budget=2000", "--screenshot=" + str(picture), "--dump-dom",
                   source.as_uri()]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    found = re.search(r'<script type="application/json" id="seen">(.*?)</script>', done.stdout, re.S)
    return json.loads(found.group(1))


@unittest.skipUnless(os.environ.get("TL_LONG") == "1", "a browser is started in long runs only (TL_LONG=1)")
class Browser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if CHROMIUM is None:
            raise RuntimeError("chromium is not installed")
        folder = os.environ.get("TL_PICTURES")
        cls.pictures = Path(folder or cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.pictures.mkdir(parents=True, exist_ok=True)

    def look(self, name, theme, size):
        view, results, _ = PAGES[name]
        picture = self.pictures / "-".join((name, theme, size))
        return browse(render(view, *results, theme=theme), SIZES[size], picture.with_suffix(".png"))

    def test_can_be_read_in_both_themes_on_a_desk_and_on_a_phone(self):
        for name, (_, _, texts) in PAGES.items():
            for theme in ("light", "dark"):
                for size in SIZES:
                    with self.subTest(page=name, theme=theme, size=size):
                        seen = self.look(name, theme, size)
                        for text in texts:
                            self.assertIn(text, seen["text"])
                        self.assertEqual(seen["width"], SIZES[size][0])
                        self.assertLessEqual(seen["needed"], seen["width"], "it does not fit")
                        self.assertGreaterEqual(seen["faintest"][0], 4.5, seen["faintest"])

    def test_hostile_text_runs_nothing_and_reaches_the_menu_as_it_came(self):
        for attack in data.ATTACKS + data.MORE_ATTACKS:
            with self.subTest(attack=attack):
                page = render("get_request", Result([data.filled(data.REQUEST, attack)], attack))
                seen = browse(page, SIZES["desk"], self.pictures / "hostile.png")
                self.assertFalse(seen["attacked"])
                self.assertTrue(seen["menus"])
                self.assertEqual({tuple(menu[1:]) for menu in seen["menus"]}, {(attack.replace("\ud800", "?"), 4711)})


if __name__ == "__main__":
    unittest.main()
