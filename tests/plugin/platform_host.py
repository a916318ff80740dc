"""What runs the app in tests as Splunk SOAR does: an app folder, a folder of what the platform keeps, and processes."""
import base64
import glob
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.parse
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
MANIFEST = os.path.join(ROOT, "manifests", "threatlocker.json")
APP_FILES = os.path.join(ROOT, "plugin", "app")
LIBRARY = "libthreatlocker_soar.so"
SCHEDULED = {"start_time": 0, "end_time": 1700000000000, "container_count": 4294967295, "artifact_count": 4294967295}


def read_manifest():
    with open(MANIFEST, encoding="utf-8") as file:
        return json.load(file)


def library_folder(app):
    return os.path.join(app, "lib", "linux_" + platform.machine())


def unpack(archive, folder):
    """What the platform makes of a finished archive; a wheel's contents land where it has pip install them."""
    with tarfile.open(archive) as packed:
        packed.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    app = os.path.join(folder, "threatlocker")
    for wheel in glob.glob(os.path.join(app, "wheels", "*", "*.whl")):
        zipfile.ZipFile(wheel).extractall(os.path.join(app, "dependencies"))
    return app


def assemble(folder, library=None):
    """The app as it lies on a platform: returns its folder. TL_APP names an archive to take it from; else it is put
    together from the sources, and TL_PLUGIN names the library unless one is given."""
    if "TL_APP" in os.environ and library is None:
        return unpack(os.environ["TL_APP"], folder)
    app = os.path.join(folder, "threatlocker")
    shutil.copytree(APP_FILES, app, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(MANIFEST, app)
    os.makedirs(library_folder(app))
    shutil.copy(library or os.environ["TL_PLUGIN"], os.path.join(library_folder(app), LIBRARY))
    return app


def spellings(secret):
    """A secret, and what would still give it away; base64 at each of its three alignments."""
    raw = secret.encode()
    found = {secret, raw.hex(), urllib.parse.quote(secret, safe=""), json.dumps(secret)[1:-1]}
    for shift, begin in ((0, 0), (1, 2), (2, 3)):
        coded = base64.b64encode(bytes(shift) + raw).decode()
        found.add(coded[begin:(shift + len(raw)) * 8 // 6])
    return found


class Outcome:
    """What became of a run: of the process, and the connector's answer, None where it died before."""

    def __init__(self, returncode, stdout, stderr, answer):
        self.returncode, self.stdout, self.stderr = returncode, stdout, stderr
        self.answer = answer
        if answer is not None:
            self.ok, self.message = answer["status"] == "success", answer["message"]
            self.results = answer["result_data"]
            self.result = self.results[0] if self.results else None
            if self.result:
                self.message = self.result["message"]
                self.data, self.summary = self.result["data"], self.result["summary"]


class Run:
    """A run under way."""

    def __init__(self, host, identifier, parameters, container_id=0, config=None, environment=None):
        self._scratch = tempfile.mkdtemp(dir=host.folder)
        self._output = os.path.join(self._scratch, "output.json")
        given = os.path.join(self._scratch, "input.json")
        with open(given, "w", encoding="utf-8") as file:
            json.dump(host.input(identifier, parameters, container_id, config or {}, environment or {}), file)
        self._process = subprocess.Popen(
            [sys.executable, "-B", "-W", "error", os.path.join(HERE, "run_action.py"), host.app, given,
             self._output],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=host.folder,
            env=dict(host.environment, FAKE_SOAR=host.folder))

    def wait(self):
        stdout, stderr = self._process.communicate(timeout=120)
        answer = None
        if os.path.exists(self._output):
            with open(self._output, encoding="utf-8") as file:
                answer = json.load(file)
        shutil.rmtree(self._scratch)
        return Outcome(self._process.returncode, stdout, stderr, answer)


class Host:
    """One platform with the app installed and one asset; what it keeps is in self.folder (phantom/soar.py)."""

    def __init__(self, app, config=None):
        self.app, self.config = app, config or {}
        self.folder = tempfile.mkdtemp()
        os.mkdir(os.path.join(self.folder, "tmp"))
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.lower().endswith("_proxy") and not name.startswith(("PYTHON", "SSLKEYLOGFILE"))}

    def remove(self):
        shutil.rmtree(self.folder)

    def input(self, identifier, parameters, container_id, config, environment):
        """The JSON that SOAR hands to an app."""
        if isinstance(parameters, dict):
            parameters = [parameters]
        context = {"artifact_id": 42, "guid": "artifact_guid_123", "parent_action_run": []}
        return {
            "action": identifier.replace("_", " "), "identifier": identifier, "asset_id": "10",
            "container_id": container_id, "action_run_id": 1, "connector_run_id": 2, "debug_level": 3,
            "app_config": None, "user_session_token": None,
            "config": dict({"app_version": read_manifest()["app_version"], "appname": "-", "directory": "threatlocker",
                            "main_module": "threatlocker_connector.py", "ingest": {"container_label": "events"}},
                           **dict(self.config, **config)),
            "parameters": [dict(each, context=context) for each in parameters],
            "environment_variables": {name: {"type": "string", "value": value} for name, value in environment.items()},
        }

    def start(self, identifier, parameters=(), **options):
        return Run(self, identifier, parameters, **options)

    def run(self, identifier, parameters=(), **options):
        return self.start(identifier, parameters, **options).wait()

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def set(self, **settings):
        with open(self.path("settings.json"), "w", encoding="utf-8") as file:
            json.dump(settings, file)

    def press_cancel(self):
        with open(self.path("cancel"), "wb"):
            pass

    def kept(self, kind):
        """What came in: containers, artifacts, progress, kept_progress, debug, vault, exceptions."""
        if not os.path.exists(self.path(kind + ".jsonl")):
            return []
        with open(self.path(kind + ".jsonl"), encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def state_path(self):
        folder = self.path("state", read_manifest()["appid"])
        os.makedirs(folder, exist_ok=True)
        return os.path.join(folder, "10_state.json")

    def state(self):
        with open(self.state_path(), encoding="utf-8") as file:
            return json.load(file)

    def everything(self):
        """All text that the platform has kept, for a search after secrets."""
        texts = []
        for folder, _, names in os.walk(self.folder):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    texts.append(file.read().decode("utf-8", "replace"))
        return "\n".join(texts)
