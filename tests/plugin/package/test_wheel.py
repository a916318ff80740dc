"""The app whose library is in a wheel: the wheel is right, and pip installs it."""
import base64
import csv
import hashlib
import io
import json
import os
import subprocess
import tempfile
import unittest
import zipfile

import built


class Wheel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bare = built.contents(built.made()[built.BARE])
        cls.app = built.contents(built.made()[built.WHEELED])
        cls.bytes = cls.app["wheels/py3/" + built.WHEEL]
        cls.zip = zipfile.ZipFile(io.BytesIO(cls.bytes))
        cls.info = "threatlocker_soar-{}.dist-info/".format(built.VERSION)

    def test_the_apps_differ_in_where_the_library_is_and_in_what_the_manifest_says_of_it(self):
        library = {"lib/linux_x86_64/libthreatlocker_soar.so"}
        self.assertEqual(set(self.bare) - library, set(self.app) - {"wheels/py3/" + built.WHEEL})
        manifests = [json.loads(files["threatlocker.json"]) for files in (self.bare, self.app)]
        dependency = {"wheel": [{"module": "threatlocker_soar", "input_file": "wheels/py3/" + built.WHEEL}]}
        manifests[0].update(pip39_dependencies=dependency, pip313_dependencies=dependency)
        self.assertEqual(manifests[0], manifests[1])
        for path in set(self.bare) - library - {"threatlocker.json"}:
            self.assertEqual(self.bare[path], self.app[path])

    def test_the_record_lists_every_file_with_its_hash_and_size(self):
        rows = list(csv.reader(io.StringIO(self.zip.read(self.info + "RECORD").decode())))
        self.assertEqual([row[0] for row in rows], self.zip.namelist())
        for name, digest, size in rows:
            if name == self.info + "RECORD":
                self.assertEqual((digest, size), ("", ""))
            else:
                content = self.zip.read(name)
                expected = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
                self.assertEqual((digest, size), ("sha256=" + expected, str(len(content))))

    def test_the_tag_inside_is_the_one_of_the_file_name(self):
        lines = self.zip.read(self.info + "WHEEL").decode().splitlines()
        self.assertIn("Tag: py3-none-manylinux_2_28_x86_64", lines)
        self.assertIn("Root-Is-Purelib: false", lines)

    def test_the_library_is_the_one_of_the_build(self):
        with open(built.LIBRARY, "rb") as file:
            self.assertEqual(self.zip.read("threatlocker_soar/libthreatlocker_soar.so"), file.read())

    def test_pip_installs_it_and_the_library_loads_from_there(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, built.WHEEL)
            with open(path, "wb") as file:
                file.write(self.bytes)
            site = os.path.join(folder, "site")
            environment = dict(os.environ, HOME=folder, PIP_DISABLE_PIP_VERSION_CHECK="1", PYTHONPATH=site)
            installed = subprocess.run([built.PYTHON, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps",
                                        "--target", site, path], env=environment, capture_output=True, text=True,
                                       check=False)
            self.assertEqual(installed.returncode, 0, installed.stderr)
            found = subprocess.run(
                [built.PYTHON, "-B", "-c", "import threatlocker_soar; print(threatlocker_soar.__path__[0])"],
                env=environment, capture_output=True, text=True, check=True).stdout.strip()
            self.assertTrue(found.startswith(folder))
            said = subprocess.run(
                [built.PYTHON, "-B", os.path.join(built.HERE, "drive.py"), found + "/libthreatlocker_soar.so"],
                capture_output=True, text=True, check=True).stdout
            self.assertEqual(said, "interface 1 version {}\n".format(built.VERSION))


if __name__ == "__main__":
    unittest.main()
