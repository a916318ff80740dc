"""The app's archives: what is in them, and that the same sources give the same bytes."""
import json
import os
import re
import tempfile
import unittest

import built


class Archives(unittest.TestCase):
    def test_the_archives_are_the_app_twice_and_each_playbook(self):
        playbooks = {name[:-3] for name in os.listdir(os.path.join(built.SOURCE, "plugin/playbooks"))
                     if name.endswith(".py")}
        self.assertTrue(playbooks)
        self.assertEqual(set(built.made()), {built.BARE, built.WHEELED} | {
            "playbooks/{}.tgz".format(name) for name in playbooks})

    def test_the_same_sources_give_the_same_bytes(self):
        """In another place, at another time, for another user, in another time zone."""
        with tempfile.TemporaryDirectory() as parent:
            copy, out = built.copy_of_source(parent), os.path.join(parent, "out")
            for where, folders, names in os.walk(copy):
                for name in folders + names:
                    os.chmod(os.path.join(where, name), 0o700)
                    os.utime(os.path.join(where, name), (0, 1234567890))
            environment = dict(os.environ, TZ="Pacific/Kiritimati", LC_ALL="C", PYTHONHASHSEED="7")
            ran = built.make(out, copy, env=environment, cwd="/", umask=0o077)
            self.assertEqual(ran.returncode, 0, ran.stderr)
            self.assertEqual(built.files_below(out), built.made())

    def test_members_are_files_and_folders_of_one_folder_that_others_cannot_write(self):
        for name in (built.BARE, built.WHEELED):
            for member in built.members(built.made()[name]):
                with self.subTest(archive=name, member=member.name):
                    self.assertTrue(member.isfile() or member.isdir())
                    self.assertRegex(member.name, r"^threatlocker(/[\w.-]+)*$")
                    self.assertEqual(member.mode, 0o755 if member.isdir() else 0o644)
                    self.assertEqual((member.uid, member.gid, member.uname, member.gname), (0, 0, "", ""))
                    self.assertNotRegex(member.name, r"__pycache__|\.pyc$|\.pem$|\.yml$|/tests?/|/build/|/playbooks/")

    def test_the_manifest_is_the_only_json_at_the_top(self):
        for name in (built.BARE, built.WHEELED):
            at_top = [path for path in built.contents(built.made()[name]) if "/" not in path]
            self.assertEqual([path for path in at_top if path.endswith(".json")], ["threatlocker.json"])

    def test_a_playbook_archive_holds_python_and_json_at_its_root(self):
        for name, archive in built.made().items():
            if name.startswith("playbooks/"):
                stem = os.path.basename(name)[:-4]
                self.assertEqual([(member.name, member.mode) for member in built.members(archive)],
                                 [(stem + ".json", 0o660), (stem + ".py", 0o660)])
                for path, content in built.contents(archive, "").items():
                    with open(os.path.join(built.SOURCE, "plugin/playbooks", path), "rb") as file:
                        self.assertEqual(content, file.read())


class Contents(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files = built.contents(built.made()[built.BARE])
        cls.manifest = json.loads(cls.files["threatlocker.json"])

    def test_library_and_manifest_are_those_of_the_build(self):
        for path, source in (("lib/linux_x86_64/libthreatlocker_soar.so", built.LIBRARY),
                             ("threatlocker.json", os.path.join(built.SOURCE, "manifests/threatlocker.json"))):
            with open(source, "rb") as file:
                self.assertEqual(self.files[path], file.read())

    def test_every_file_of_the_app_folder_is_there(self):
        for path, content in built.files_below(os.path.join(built.SOURCE, "plugin/app")).items():
            if "__pycache__" not in path:
                self.assertEqual(self.files[path], content)

    def test_the_manifest_has_the_version_of_the_project(self):
        self.assertEqual(self.manifest["app_version"], built.VERSION)

    def test_the_readme_tells_all_that_the_manifest_and_the_manual_do(self):
        readme = self.files["README.md"].decode()
        self.assertIn(self.files["manual_readme_content.md"].decode().strip(), readme)
        for name in self.manifest["configuration"]:
            self.assertIn("| **{}** |".format(name), readme)
        sections = dict(re.findall(r"^## action: '(.*?)'\n(.*?)(?=^## |\Z)", readme, re.S | re.M))
        self.assertEqual(list(sections), [action["action"] for action in self.manifest["actions"]])
        for action in self.manifest["actions"]:
            section = sections[action["action"]]
            for name in action["parameters"]:
                self.assertIn("| **{}** |".format(name), section)
            for output in action["output"]:
                self.assertIn("| `{}` |".format(output["data_path"]), section)
            self.assertIn("(#action-{})".format(action["action"].replace(" ", "-")), readme)

    def test_no_table_of_the_readme_is_torn_by_its_contents(self):
        for line in self.files["README.md"].decode().splitlines():
            if line.startswith("| -"):
                columns = line.count("|")
            elif line.startswith("| **") or line.startswith("| `action_result"):
                self.assertEqual(len(re.findall(r"(?<!\\)\|", line)), columns, line)

    def test_the_notice_names_the_app_and_gives_the_licence_of_what_is_inside(self):
        notice = self.files["NOTICE"].decode()
        self.assertTrue(notice.startswith("Splunk SOAR App: {}\nMIT License, ".format(self.manifest["name"])))
        with open(built.CJSON_LICENSE, encoding="utf-8") as file:
            self.assertIn(file.read().strip(), notice)

    def test_release_notes_are_bullets(self):
        for name, head in (("unreleased", "**Unreleased**\n\n"), (built.VERSION, "")):
            self.assertRegex(self.files["release_notes/{}.md".format(name)].decode(),
                             "^" + re.escape(head) + r"(\* \S.*\n)+$")


class Refusals(unittest.TestCase):
    """What cannot become an app ends the run with one line, and nothing is written."""

    SPOILED = {
        "another JSON at the top": ("plugin/app/extra.json", "{}", "only JSON at the top"),
        "Python newer than 3.9": ("plugin/app/new.py", "match 1:\n    case _: pass\n", "new.py"),
        "no logo": ("plugin/app/logo_threatlocker.svg", None, "logo_threatlocker.svg is missing"),
        "no connector": ("plugin/app/threatlocker_connector.py", None, "threatlocker_connector.py is missing"),
        "no release notes": ("plugin/app/release_notes/unreleased.md", None, "unreleased.md is missing"),
        "a README by hand": ("plugin/app/README.md", "# Mine\n", "README.md is made here"),
        "half a playbook": ("plugin/playbooks/lonely.py", "pass\n", "lonely.py: a playbook's JSON is missing"),
        "a manifest that is no JSON": ("manifests/threatlocker.json", "{", "make_app.py"),
    }

    def refused(self, reason, copy, **options):
        out = os.path.join(copy, "out")
        ran = built.make(out, copy, **options)
        self.assertNotEqual(ran.returncode, 0)
        self.assertIn(reason, ran.stderr)
        self.assertEqual(len(ran.stderr.splitlines()), 1, ran.stderr)
        self.assertFalse(os.path.exists(out))

    def test_spoiled_sources_are_refused(self):
        for what, (path, content, reason) in self.SPOILED.items():
            with self.subTest(what), tempfile.TemporaryDirectory() as parent:
                copy = built.copy_of_source(parent)
                target = os.path.join(copy, path)
                if content is None:
                    os.unlink(target)
                else:
                    with open(target, "w", encoding="utf-8") as file:
                        file.write(content)
                self.refused(reason, copy)

    def test_another_version_than_the_manifests_is_refused(self):
        with tempfile.TemporaryDirectory() as parent:
            self.refused("the project's version is 9.9.9", built.copy_of_source(parent), version="9.9.9")


if __name__ == "__main__":
    unittest.main()
