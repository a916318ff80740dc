"""An app as it is packed, and the rules that its archive must keep (what Splunk's builder does and refuses)."""
import ast
import fnmatch
import functools
import json
import os
import re
import tarfile

OLDEST_PYTHON = (3, 9)

# What the builder leaves out of the archive: files of these names would be missing on SOAR.
EXCLUDED = """
    __pycache__ .bak* .cache .DS_Store* .egg-info .git .github .gitlab-ci.yml .gitignore .idea* .iml *.p12 *.pem
    .pre-commit-config.yaml *.pyc *.pydocker-compose.yml .pyproject .pytest_cache *.swp *.tgz .vscode *.yml build
    build_config build-scripts demos dont_install dont_post_rpm deprecated docker-compose.yml exclude_files.txt
    gl-*.csv Makefile playbooks polling_data.json *postman_collection*.json sample_*.json *sast-report.csv stubs test
    test.py test_json test_jsons* tests tests.py tox.ini venv whitesource*""".split()

FILE, FOLDER, OTHER = "file", "folder", "link or device"


class App:
    """`members` is [(name in the archive, FILE, FOLDER or OTHER, bytes of a file)] in their order there.

    `files` are {path below the top folder: bytes}, `trees` {path: syntax tree} of the Python among them that can be
    read; `manifest` is the object of the one JSON at the top, {} where there is none.
    """

    def __init__(self, members):
        self.members = members
        self.tops = {name.split("/")[0] for name, _, _ in members}
        self.files = {name.split("/", 1)[1]: content for name, kind, content in members
                      if kind == FILE and "/" in name}
        self.manifests = [path for path in self.files if "/" not in path and path.endswith(".json")
                          and "postman_collection" not in path]
        self.manifest = parsed(self.files[self.manifests[0]]) if len(self.manifests) == 1 else {}
        self.trees = {path: tree for path, tree in ((path, syntax_tree(path, self.files[path]))
                                                    for path in self.files if path.endswith(".py")) if tree}

    def text(self, path):
        return self.files.get(path, b"").decode("utf-8", "replace")

    def ending(self, suffix):
        return [path for path in sorted(self.files) if path.endswith(suffix)]


def parsed(content):
    try:
        value = json.loads(content)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


@functools.lru_cache(None)
def syntax_tree(path, content):
    try:
        return ast.parse(content, path, feature_version=OLDEST_PYTHON)
    except (SyntaxError, ValueError):
        return None


def load(path):
    return App(members_of_folder(path) if os.path.isdir(path) else members_of_archive(path))


def members_of_archive(path):
    """Nothing is written anywhere, whatever the names in the archive are."""
    with tarfile.open(path, "r:gz") as archive:
        return [(member.name, kind_of(member.isfile(), member.isdir()),
                 archive.extractfile(member).read() if member.isfile() else b"") for member in archive]


def members_of_folder(path):
    path = os.path.abspath(path)
    parent, found = os.path.dirname(path), []
    for where, folders, names in os.walk(path):
        for name in sorted(folders + names):
            full = os.path.join(where, name)
            is_link = os.path.islink(full)
            kind = kind_of(os.path.isfile(full) and not is_link, os.path.isdir(full) and not is_link)
            found.append((os.path.relpath(full, parent), kind, read(full) if kind == FILE else b""))
    return found


def kind_of(is_file, is_folder):
    return FILE if is_file else FOLDER if is_folder else OTHER


def read(path):
    with open(path, "rb") as file:
        return file.read()


# --- the rules ---


def one_top_folder(app):
    if len(app.tops) != 1:
        yield "not one folder at the top: {}".format(", ".join(sorted(app.tops)) or "nothing")
    yield from ("{} lies beside the app's folder".format(name) for name, kind, _ in app.members
                if "/" not in name and kind != FOLDER)


def folder_name(app):
    """That of the repository: lower case, no separators."""
    yield from ("the folder's name is {}".format(top) for top in app.tops if not re.fullmatch("[a-z0-9]+", top))


def member_names(app):
    yield from ("{} leaves the folder".format(name) for name, _, _ in app.members
                if name.startswith("/") or ".." in name.split("/"))


def no_links(app):
    yield from ("{} is a {}".format(name, kind) for name, kind, _ in app.members if kind == OTHER)


def no_excluded_names(app):
    for name, _, _ in app.members:
        for part in name.split("/")[1:]:
            if any(fnmatch.fnmatchcase(part, pattern) for pattern in EXCLUDED):
                yield "{}: the builder leaves out {}".format(name, part)


def one_manifest(app):
    if len(app.manifests) != 1:
        yield "not one JSON at the top: {}".format(", ".join(app.manifests) or "none")
    elif not app.manifest:
        yield "{} holds no JSON object".format(app.manifests[0])


def no_sdk_app(app):
    """A lock file of uv makes the validators take the app for one of the SDK, and skip most tests."""
    yield from (path for path in app.files if path.split("/")[-1] == "uv.lock")


def python_package(app):
    if "__init__.py" not in app.files:
        yield "__init__.py is missing"


def python_compiles(app):
    yield from ("{} is no Python {}.{}".format(path, *OLDEST_PYTHON) for path in app.ending(".py")
                if path not in app.trees)


RULES = {rule.__name__: rule for rule in (
    one_top_folder, folder_name, member_names, no_links, no_excluded_names, one_manifest, no_sdk_app, python_package,
    python_compiles)}
