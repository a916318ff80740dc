"""The app's archives, as they are handed out, keep every rule of validate_app.py."""
import os
import subprocess
import tempfile
import unittest

import built

VALIDATE = os.path.join(os.path.dirname(built.HERE), "validate_app.py")


class Validated(unittest.TestCase):
    def validate(self, archive):
        with tempfile.NamedTemporaryFile(suffix=".tgz") as file:
            file.write(archive)
            file.flush()
            return subprocess.run([built.PYTHON, "-B", VALIDATE, file.name], capture_output=True, text=True,
                                  check=False)

    def test_both_apps_have_no_finding(self):
        for name in (built.BARE, built.WHEELED):
            ran = self.validate(built.made()[name])
            self.assertEqual((ran.returncode, ran.stdout, ran.stderr), (0, "", ""), name)

    def test_another_archive_has_findings(self):
        for name, archive in built.made().items():
            if name.startswith("playbooks/"):
                ran = self.validate(archive)
                self.assertEqual((ran.returncode, ran.stderr), (1, ""), name)
                self.assertIn("one_top_folder: ", ran.stdout)


if __name__ == "__main__":
    unittest.main()
