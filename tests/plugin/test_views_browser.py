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
WIDTHS = {"desk": 1100, "phone": 390}
PROBE = "<script>" + (HERE / "browser_probe.js").read_text() + "</script></body>"

ELEVATION = data.with_members(
    data.REQUEST,
    requestKind="elevation",
    statusId=13,
    path=data.LONG_PATH,
    hostname=data.HEBREW,
    username=data.REVERSED,
)
MATCHES = [data.BUILTIN, data.OWN, data.with_members(data.OWN, name="A" * 200, organizationName=data.HEBREW)]
REFUSED = {
    "outcome": "refused",
    "request_id": data.REQUEST_ID,
    "code": "invalid",
    "message": "scope organization exceeds the asset's limit: computer",
}
UNKNOWN = data.with_members(data.PERMITTED, outcome="unknown", verified=False, policy_id=None, message="no reply came")

# name: view, results, what must be seen
PAGES = {
    "request": (
        "get_request",
        [Result([data.REQUEST], "Request of WS-0042 read")],
        ["FieldServiceUpdater.exe", "Pending", "Front desk needs version 4.2", data.SHA256],
    ),
    "request-odd": ("get_request", [Result([ELEVATION])], ["Escalated", "elevation", "setup.exe", data.HEBREW]),
    "request-failed": (
        "get_request",
        [Result(status=False, message="not_found: no such request", param={"request_id": data.REQUEST_ID})],
        ["Failed", "no such request"],
    ),
    "matches": (
        "match_applications",
        [Result(MATCHES, "3 applications match", param={"request_id": data.REQUEST_ID})],
        ["3 matching applications", "Built-in", "Field Service App", data.OWN["applicationId"]],
    ),
    "matches-none": (
        "match_applications",
        [Result([], "No application matches")],
        ["No application matches this file"],
    ),
    "matches-hundred": (
        "match_applications",
        [Result([data.with_members(data.OWN, name="Application %d" % n) for n in range(100)])],
        ["100 matching applications", "Application 99"],
    ),
    "permit": (
        "permit_request",
        [Result([data.PERMITTED], "Permitted and verified")],
        ["Permitted", "Read back and verified", data.PERMITTED["policy_id"], "To undo:"],
    ),
    "permit-preview": (
        "permit_request",
        [Result([data.PREVIEW])],
        ["Dry run: nothing was sent", "toEntireOrganization"],
    ),
    "permit-failed": (
        "permit_request",
        [Result([REFUSED], "Refused: " + REFUSED["message"], False), Result([UNKNOWN], "Nobody knows", False)],
        ["Refused", "exceeds the asset's limit", "Outcome unknown", "before trying again"],
    ),
}


def frame(name, page, width):
    """A page in a frame of that width, because a window of Chromium cannot be as narrow as a phone."""
    return '<iframe name="%s" style="vertical-align:top;border:0;width:%dpx;height:100px" srcdoc="%s"></iframe>' % (
        name,
        width,
        html.escape(page.replace("</body>", PROBE)),
    )


def browse(frames, picture):
    """What the probe saw, by the names of the frames; a picture of all of them is written beside."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(
            '<!doctype html><meta charset="utf-8"><body style="margin:0">' + "".join(frames), encoding="utf-8"
        )
        command = [
            CHROMIUM,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--disable-background-networking",
            "--user-data-dir=" + folder + "/profile",
            "--window-size=2250,1800",
            "--virtual-time-budget=5000",
            "--screenshot=" + str(picture),
            "--dump-dom",
            source.as_uri(),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    found = re.findall(r'<script type="application/json" class="seen">(.*?)</script>', done.stdout, re.S)
    return {seen["name"]: seen for seen in map(json.loads, found)}


@unittest.skipUnless(os.environ.get("TL_LONG") == "1", "a browser is started in long runs only (TL_LONG=1)")
class Browser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if CHROMIUM is None:
            raise RuntimeError("chromium is not installed")
        folder = os.environ.get("TL_PICTURES")
        cls.pictures = Path(folder or cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.pictures.mkdir(parents=True, exist_ok=True)

    def test_can_be_read_in_both_themes_on_a_desk_and_on_a_phone(self):
        for theme in ("light", "dark"):
            for size, width in WIDTHS.items():
                frames = [
                    frame(name, render(view, *results, theme=theme), width)
                    for name, (view, results, _) in PAGES.items()
                ]
                pages = browse(frames, self.pictures / (theme + "-" + size + ".png"))
                self.assertEqual(set(pages), set(PAGES))
                for name, seen in pages.items():
                    with self.subTest(page=name, theme=theme, size=size):
                        for text in PAGES[name][2]:
                            self.assertIn(text, seen["text"])
                        self.assertEqual(seen["width"], width)
                        self.assertLessEqual(seen["needed"], width, "it does not fit")
                        self.assertGreaterEqual(seen["faintest"][0], 4.5, seen["faintest"])

    def test_hostile_text_runs_nothing_and_reaches_the_menu_as_it_came(self):
        attacks = dict(enumerate(data.ATTACKS + data.MORE_ATTACKS))
        frames = [
            frame(number, render("get_request", Result([data.filled(data.REQUEST, attack)], attack)), 500)
            for number, attack in attacks.items()
        ]
        pages = browse(frames, self.pictures / "hostile.png")
        for number, attack in attacks.items():
            with self.subTest(attack=attack):
                seen = pages[str(number)]
                self.assertFalse(seen["attacked"])
                self.assertTrue(seen["menus"])
                self.assertEqual({tuple(menu[1:]) for menu in seen["menus"]}, {(attack.replace("\ud800", "?"), 4711)})


if __name__ == "__main__":
    unittest.main()
